"""What the programs that a build starts inherit from the environment of whoever starts it.

What is built must depend on the files of the project alone, and not on what an editor, a hook of
Git, a shell or another project has left in the environment.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

__all__ = ["for_git"]


def for_git(inherited: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment in which Git is asked about the project.

    None of Git's own variables is passed on: a hook of another repository sets ``GIT_DIR`` and
    ``GIT_INDEX_FILE``, and ``GIT_CONFIG_COUNT`` carries settings. What Git says is in English.

    Parameters
    ----------
    inherited
        The environment of this process, unless another one is given.
    """
    inherited = os.environ if inherited is None else inherited
    kept = {name: value for name, value in inherited.items() if not name.startswith("GIT_")}
    return {**kept, "LC_ALL": "C"}
