"""Tests of the generator; none of them needs torch."""
