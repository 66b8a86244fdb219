"""A rebuild elsewhere, compared byte by byte."""
