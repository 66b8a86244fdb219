"""What a sentence may rest on, by name."""

__all__ = ["BARE", "KINDS"]

# The firmest first: a sentence counts under the first that it has.
KINDS = ("claim", "fact", "literature", "definition", "reasoning")
BARE = "bare"
