"""What the article shows: its claims and its figure of all leads."""
