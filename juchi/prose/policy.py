"""What a published page may load and run: the Content-Security-Policy of every page."""

from __future__ import annotations

__all__ = ["PAGE_POLICY"]

# Its own files alone; no script stands in a page. Formulas bring their gaps as style attributes.
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
    "base-uri 'none'; form-action 'none'"
)
