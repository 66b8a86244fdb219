"""``python -m juchi``: the command, by the generator that Python finds first."""

from juchi.cli import main

if __name__ == "__main__":
    main()
