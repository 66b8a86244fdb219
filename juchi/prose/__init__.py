"""The words of the article: calls, Markdown, numbers, references."""
