"""A new article: what `juchi new` writes, from the skeleton beside."""
