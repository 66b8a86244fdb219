"""How long things take; measured apart from the tests, which assert no times."""
