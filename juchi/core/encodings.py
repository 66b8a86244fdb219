"""In which encoding a file may be that is no UTF-8, and how it becomes UTF-8."""

from __future__ import annotations

import re
from pathlib import Path

from juchi.core.errors import UserError

__all__ = ["encoding_hint", "likely_encoding", "not_utf8"]

_UTF_16 = {b"\xff\xfe": "UTF-16LE", b"\xfe\xff": "UTF-16BE"}
# Han, and the signs and letters as wide as these.
_CHINESE = re.compile("[\u3000-\u303f\u3400-\u9fff\U00020000-\U0003ffff\uff00-\uffef·“”‘’…—×°±－]+")
_FOREIGN = re.compile(rb"[\x80-\xff]+")
_LATIN = re.compile(r"[À-ÿ“”‘’–—…€°±µ²³]+")


def likely_encoding(contents: bytes) -> str | None:
    """Return the name of the encoding that a file seems to have; None for one in UTF-8, or unknown.

    Examples
    --------
    >>> likely_encoding("城市,1".encode("gbk")), likely_encoding("Köln".encode("cp1252"))
    ('GBK', 'WINDOWS-1252')
    """
    if contents[:2] in _UTF_16 or b"\0" in contents[:4096]:
        return "UTF-16" if contents[:2] in _UTF_16 else "UTF-16LE"
    for codec, name, signs in (
        ("gbk", "GBK", _CHINESE),
        ("gb18030", "GB18030", _CHINESE),
        ("cp1252", "WINDOWS-1252", _LATIN),
    ):
        if _is_in(contents, codec, signs):
            return name
    return None


def _is_in(contents: bytes, codec: str, signs: re.Pattern[str]) -> bool:
    try:
        text = contents.decode(codec)
    except UnicodeDecodeError:
        return False
    foreign = "".join(sign for sign in text if not sign.isascii())
    # A letter with an accent and the one behind it would be a Chinese character in GBK.
    runs = [len(run) > 1 for run in _FOREIGN.findall(contents)]
    paired = codec == "cp1252" or 2 * sum(runs) >= len(runs)
    return bool(signs.fullmatch(foreign)) and paired


def encoding_hint(contents: bytes, name: str) -> str:
    """Return what to do with a file, called `name`, that is no UTF-8."""
    found = likely_encoding(contents)
    is_table = name.endswith((".csv", ".tsv", ".txt"))
    if found is None:
        return "save it as UTF-8" + '; in R: write.csv(…, fileEncoding = "UTF-8")' * is_table
    kept = "the spreadsheet as “CSV UTF-8”" if is_table else "your editor as UTF-8"
    ending = name.rpartition(".")[2]
    return (
        f"it is likely to be in {found}: iconv -f {found} -t UTF-8 {name} > new.{ending}, or save "
        f"it in {kept}"
    )


def not_utf8(path: Path, error: UnicodeDecodeError, expected: str) -> UserError:
    """Return the message for a file that was read as UTF-8 and is none, with the line."""
    contents = bytes(error.object)
    line = contents.count(b"\n", 0, error.start) + 1
    return UserError(
        where=f"{path}:{line}",
        found=f"the byte 0x{contents[error.start]:02x}, which is no UTF-8",
        expected=expected,
        hint=encoding_hint(contents, str(path)),
    )
