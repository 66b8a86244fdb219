"""What the article shows: its claim."""
