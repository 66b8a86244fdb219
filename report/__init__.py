"""From results to pages: facts, claims, figures, tables, references, HTML, PDF. Never torch."""
