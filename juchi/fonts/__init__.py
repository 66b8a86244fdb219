"""Fonts, cut to the letters that are used."""
