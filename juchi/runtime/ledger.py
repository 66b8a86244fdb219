"""The ledger of a build: the checksum of each file that a rule made, and of all it was made from.

Snakemake goes by the ages of files and by what it noted of their rules. Neither tells of a file
that something else than its rule has written: an editor, a copy, a job of which nobody knows.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from juchi.core.atomic import write_text
from juchi.core.checksums import Checksums, Content, differing
from juchi.core.errors import UserError
from juchi.core.records import remake

__all__ = ["Ledger", "changed", "checksum_of"]

# So many jobs are noted more than once before the ledger is written again.
_SUPERSEDED = 500


class Ledger:
    """Notes what jobs have made, and tells what has become another file since.

    Each job is a line, written when it has ended well; of the lines for a path the last one holds.

    Parameters
    ----------
    path
        The ledger's file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        # What each path holds, and the checksum of what it was made from.
        self._contents: dict[str, Content] = {}
        self._origins: dict[str, str] = {}
        self._lines = 0
        self.now = Checksums()
        self._read()

    @property
    def is_empty(self) -> bool:
        """Whether nothing has been noted, as where the ledger was deleted."""
        return not self._contents

    @property
    def paths(self) -> list[str]:
        """All paths of which something was noted."""
        return list(self._contents)

    def origin(self, path: str) -> str | None:
        """Return the checksum of all that a path was made from: see `checksum_of`."""
        return self._origins.get(path)

    def noted(self, path: str) -> Content | None:
        """Return what was noted of a path, which may be that of a file in a folder made as one."""
        if path in self._contents:
            return self._contents[path]
        for folder in map(str, Path(path).parents):
            content = self._contents.get(folder)
            if isinstance(content, Mapping):
                return content.get(path.removeprefix(f"{folder}/"))
        return None

    def others(self, path: str) -> list[str]:
        """Return the files under a path that are not as they were made.

        None where the path is not there: that tells itself.
        """
        there, noted = self.now.content_of(path), self.noted(path)
        if there is None:
            return []
        return [path] if noted is None else differing(path, there, noted)

    def require(self, paths: Iterable[str], when: str) -> None:
        """Refuse a file that is not as it was made.

        Raises
        ------
        UserError
            That names the first such file, and when it was found.
        """
        for path in paths:
            for name in self.others(path):
                raise changed(name, when)

    def note(self, paths: Iterable[str], origin: str) -> None:
        """Note what a job has made, as it is now."""
        outputs = {path: self.now.content_of(path) for path in paths}
        line = _line(outputs, origin)
        if self._lines > len(self._contents) + _SUPERSEDED:
            self._rewrite()
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a", encoding="utf-8") as file:
            # A line that a killed build has left unfinished ends here.
            file.write(f"\n{line}\n")
        self._take(line)

    def _read(self) -> None:
        try:
            lines = self._path.read_text("utf-8").split("\n")
        except (OSError, ValueError):
            return
        for line in lines:
            self._take(line)

    def _take(self, line: str) -> None:
        """Take up a line; one that is not whole is no note."""
        try:
            job = json.loads(line)
            outputs, origin = dict(job["outputs"]), str(job["origin"])
        except (ValueError, TypeError, KeyError):
            return
        self._contents.update(outputs)
        self._origins.update(dict.fromkeys(outputs, origin))
        self._lines += 1

    def _rewrite(self) -> None:
        """Write the ledger without the lines that no longer hold."""
        lines = [
            _line({path: content}, self._origins[path]) for path, content in self._contents.items()
        ]
        write_text(self._path, "\n".join(lines) + "\n")
        self._lines = len(lines)


def _line(outputs: Mapping[str, Content | None], origin: str) -> str:
    return json.dumps({"origin": origin, "outputs": outputs})


def changed(name: str, when: str) -> UserError:
    """Return what to tell of a file that something else than its rule has written."""
    return UserError(
        where=name,
        found=f"another file than its rule made, {when}",
        expected="what the rule made: nothing else may write there",
        hint=remake(Path(name)),
    )


def checksum_of(parts: Iterable[str], contents: Mapping[str, Content | None]) -> str:
    """Return one checksum of some texts and of what some paths held."""
    text = json.dumps([list(parts), sorted(contents.items())], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
