"""Tests of this article: its science, its figures, tables and claims."""
