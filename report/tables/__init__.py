"""The tables of this article: one module each, by the names in `config/article.yaml`."""
