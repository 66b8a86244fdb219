"""A second, independent way to the article's numbers: written from the formulas, with numpy alone.

It shares no code with `experiments`, which it checks: another implementation of the same
definitions, by other methods where there are any. ``python -m reference`` recomputes the facts and
says which of them disagree by more than their tolerance.
"""
