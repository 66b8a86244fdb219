"""From results to pages: facts, claims, figures, tables, bibliography, HTML and PDF. Never torch."""
