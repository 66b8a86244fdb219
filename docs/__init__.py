"""Documents, and the code that makes their pictures."""
