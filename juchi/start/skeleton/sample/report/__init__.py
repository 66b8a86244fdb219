"""What the article shows: its claims and figures."""
