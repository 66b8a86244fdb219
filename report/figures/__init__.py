"""The figures of the article: one module each, with ``draw(drawing) -> Figure``.

All of them have the colours of `report.palette`.
"""

# The generator finds the colours by name. Imported here, they count as code of every figure: a
# colour that changes draws them again.
from report import palette as palette
