"""Node, and what npm brings: fonts, MathJax and Temml, once for each machine."""
