"""The colours of what is shown."""

COLOURS = {
    "drunk": {"light": "#c04a00", "dark": "#ff9a52"},
    "lazy": {"light": "#0072b2", "dark": "#6cc0f5"},
    "long": {"light": "#2f9e77", "dark": "#6fdcb4"},
}
