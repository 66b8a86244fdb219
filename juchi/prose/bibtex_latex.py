r"""LaTeX in the fields of BibTeX: made fit for Pandoc, and told where Pandoc would drop it.

Pandoc sets what is emphasised in small letters, ``\textit{E. coli}``, loses which words of a title
keep their case in styles that raise capitals, and drops commands that it does not know with all
that they hold.
"""

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping

from juchi.core.pandoc import run_pandoc

__all__ = ["BRACE", "commands", "dropped", "fitted", "formula_signs", "kept_case", "unenclosed"]

# What keeps its case stands between these while Pandoc reads it, and in a span behind.
_OPEN, _CLOSE = "\ue010", "\ue011"
_SPAN = ('<span class="nocase">', "</span>")

BRACE = re.compile(r"(?<!\\)[{}]")
_GROUP = r"\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}"
_PIECE = re.compile(
    rf"(?P<math>\w*(?:\$[^$]*\$\w*)+)"
    r"|(?P<tagged>\w*<(?P<tag>sub|sup)>[^<{}]*</(?P=tag)>\w*)"
    rf"|\\(?P<emphasis>emph|textit|textsl|mkbibemph)\s*(?P<emphasised>{_GROUP})"
    rf"|(?P<command>\\(?:[A-Za-z]+\*?\s*|[^A-Za-z])(?:{_GROUP})*)"
    rf"|(?P<group>{_GROUP})"
    # `ggplot2` and `iPhone`, also at the beginning.
    r"|(?P<mixed>\b[a-z]+(?:[A-Z_]|\d+\b)\w*)"
    # `E. coli`, and what follows another stop in small letters, as in `Proc. of`.
    r"|(?P<degrees>°[CFK]\b)"
    r"|(?P<genus>\b[A-Z]\.[\s~][a-z]\w+)"
    r"|(?<=\.[\s~])(?P<word>[a-z]\w*)"
)
_SWITCH = re.compile(r"\{\s*\\(it|em|sl|itshape|sc|scshape)\b\s*(.*)\}", re.DOTALL)
_SWITCHED = {"sc": "textsc", "scshape": "textsc"}
# A word in small letters, which a style with capitals in titles would raise.
_SMALL = re.compile(r"(?:^|[\s~(/-])[a-z]")

_BOX = re.compile(r"\\[mh]box\s*(?=\{)|\\protect\b\s*")
_UNDERLINED = re.compile(r"\\(?:underline|uline)\b")
_DOTLESS = re.compile(
    r"(\\(?:[`'^\"~=.]|[uvHcdbkr]\b\s*))(?:\{\s*\\([ij])\s*\}|\\([ij])(?![A-Za-z])\s*(?:\{\})?)"
)
# Letters and signs that Pandoc does not know.
_LETTERS = {
    **{"th": "þ", "TH": "Þ", "dh": "ð", "DH": "Ð", "dj": "đ", "DJ": "Đ", "ng": "ŋ", "NG": "Ŋ"},
    **{"texttrademark": "™", "texttimes": "×", "textpm": "±", "textbar": "|", "textminus": "−"},
    **{"textdegree": "°", "textemdash": "—", "textendash": "–"},
}
_LETTER = re.compile(rf"\\({'|'.join(_LETTERS)})(?![A-Za-z])(?:\{{\}}|\s+)?")
# The journals for which the Astrophysics Data System writes a command of AASTeX, alone in a field.
_JOURNALS = {
    **{"aj": "The Astronomical Journal", "apj": "The Astrophysical Journal"},
    **dict.fromkeys(("apjl", "apjlett"), "The Astrophysical Journal Letters"),
    **dict.fromkeys(("apjs", "apjsupp"), "The Astrophysical Journal Supplement Series"),
    **{"aap": "Astronomy and Astrophysics", "aapr": "The Astronomy and Astrophysics Review"},
    **{"aaps": "Astronomy and Astrophysics Supplement Series", "icarus": "Icarus"},
    **{"araa": "Annual Review of Astronomy and Astrophysics", "nat": "Nature"},
    **{"apss": "Astrophysics and Space Science", "ssr": "Space Science Reviews"},
    **{"baas": "Bulletin of the American Astronomical Society", "na": "New Astronomy"},
    **{"jcap": "Journal of Cosmology and Astroparticle Physics", "nar": "New Astronomy Reviews"},
    **{"jgr": "Journal of Geophysical Research", "grl": "Geophysical Research Letters"},
    **{"mnras": "Monthly Notices of the Royal Astronomical Society", "ao": "Applied Optics"},
    **{f"pr{letter}": f"Physical Review {letter.upper()}" for letter in "abcde"},
    **{"prl": "Physical Review Letters", "physrep": "Physics Reports", "procspie": "Proc. SPIE"},
    **{"pasp": "Publications of the Astronomical Society of the Pacific"},
    **{"pasj": "Publications of the Astronomical Society of Japan"},
    **{"pasa": "Publications of the Astronomical Society of Australia"},
    **{"planss": "Planetary and Space Science", "psj": "The Planetary Science Journal"},
    **{"solphys": "Solar Physics", "gca": "Geochimica et Cosmochimica Acta"},
}
_JOURNAL = re.compile(rf"(?<=[{{\"])\s*\\({'|'.join(_JOURNALS)})\s*(?=[}}\"])")
# Words between straight quotation marks, of which LaTeX takes the first one for an apostrophe.
_SINGLE = re.compile(r"(?<![\w\\}`'])'([^\W\d][^'`\\{}]*?(?:\w'\w[^'`\\{}]*?)*)'(?![\w'])")
# Behind a percent sign LaTeX would read nothing; and characters as HTML has them.
_PERCENT = re.compile(r"(?<!\\)%")
_ENTITY = re.compile(r"(?<!\\)&(?:amp|lt|gt|quot|apos|nbsp|#\d+|#x[0-9A-Fa-f]+);")
_ENSURED = re.compile(r"\\ensuremath\s*\{([^{}$]*)\}")
_CHEMICAL = re.compile(r"\\ce\s*\{((?:[A-Za-z0-9()\[\]^+.-]|\{[\w+-]*\})+)\}")
_RAISED = re.compile(r"\^(?:\{([\w+-]+)\}|(\d*[+-]))|(?<=[A-Za-z\d)\]])([+-]+)(?=$|[^\w(\[])")
_LOWERED = re.compile(r"(?<=[A-Za-z)\]])_?\{?(\d+)\}?")

_COMMAND = re.compile(r"\\([A-Za-z]+)")
_NO_COMMANDS = re.compile(
    r"\$[^$]*\$|\\(?:SI|si|num|qty|unit|url|nolinkurl|path)\s*(?:\{[^{}]*\})+"
)
# What Pandoc knows for certain, and what says nothing: `\noopsort` has a year for the sorting.
_KNOWN = re.compile(
    r"emph|text(?:it|bf|sl|sc|tt|subscript|superscript|endash|emdash)|it|em|bf|sl|tt|rm|sc|url|href"
    r"|ss|ae|AE|oe|OE|aa|AA|[oOlLijuvHcdbkrt]|l?dots|relax|noopsort|newblock|allowbreak|linebreak"
    r"|nobreak|nobreakdash|xspace"
)
# What Pandoc knows, but prints at another place, or nowhere.
_ELSEWHERE = re.compile(r"\w*cite\w*|footnote|includegraphics|label|\w*ref")
_LINE = re.compile(r"\(line (\d+)")


# --- before Pandoc ---


def unenclosed(value: str) -> str:
    """Return the value of a field without what encloses it."""
    return value.strip('{"} \n')


def fitted(value: str, *, title: bool) -> str:
    """Return the value of a field, with its braces, as Pandoc reads it right."""
    value = _PERCENT.sub(r"\\%", _ENTITY.sub(_character, value))
    value = _UNDERLINED.sub(r"\\emph", _BOX.sub("", value))
    value = _DOTLESS.sub(lambda match: f"{match[1]}{{{match[2] or match[3]}}}", value)
    value = _LETTER.sub(lambda match: _LETTERS[match[1]], value)
    value = _JOURNAL.sub(lambda match: _JOURNALS[match[1]], value)
    value = _ENSURED.sub(r"$\1$", value)
    value = _CHEMICAL.sub(lambda match: f"{{{_chemical(match[1])}}}", value)
    inner = re.fullmatch(r"\s*(?:\{(.*)\}|\"(.*)\")\s*", value, re.DOTALL)
    if not title or inner is None or not _is_balanced(inner[1] or inner[2] or ""):
        return value
    start, end = inner.span(1 if inner[1] is not None else 2)
    value = value[:start] + _SINGLE.sub(r"`\1'", value[start:end]) + value[end:]
    return value[:start] + _PIECE.sub(_kept, value[start:end]) + value[end:]


def _character(match: re.Match[str]) -> str:
    sign = html.unescape(match[0])
    return f"\\{sign}" if sign in "&%$#_{}" else sign.replace("\xa0", "~")


def _is_balanced(text: str) -> bool:
    depth = 0
    for sign in BRACE.findall(text):
        depth += 1 if sign == "{" else -1
        if depth < 0:
            return False
    return depth == 0


def _kept(match: re.Match[str]) -> str:
    """Return a piece of a title so that its letters stay what they are."""
    if match["emphasis"]:
        return _emphasised("textit", match["emphasised"][1:-1])
    if switch := _SWITCH.fullmatch(match["group"] or ""):
        return _emphasised(_SWITCHED.get(switch[1], "textit"), switch[2])
    if match["group"]:
        return f"{{{_marked(match[0][1:-1])}}}" if _is_words(match) else match[0]
    if match["math"]:  # and the letters of `$^{13}$C`
        bare = match[0].startswith("$") and match[0].endswith("$")
        return match[0] if bare else f"{{{match[0]}}}"
    if match["genus"]:
        return f"{{{_marked(match[0])}}}"
    kept = match["word"] or match["tagged"] or match["mixed"] or match["degrees"]
    return f"{{{match[0]}}}" if kept else match[0]


def _is_words(group: re.Match[str]) -> bool:
    """Tell whether a group is whole words, as ``{V}alue`` is not."""
    around = group.string[: group.start()][-1:] + group.string[group.end() :][:1]
    return not re.search(r"[\w{}\\$]", around)


def _emphasised(command: str, text: str) -> str:
    return f"{{\\{command}{{{_marked(text)}}}}}"


def _marked(text: str) -> str:
    return f"{_OPEN}{text}{_CLOSE}" if _SMALL.search(text) and "\\" not in text else text


def _chemical(formula: str) -> str:
    """Return a sum formula with its numbers lowered and its charge raised."""
    raised = _RAISED.sub(
        lambda match: rf"\textsuperscript{{{match[1] or match[2] or match[3]}}}", formula
    )
    parts = re.split(r"(\\textsuperscript\{[^{}]*\})", raised)
    return "".join(
        part if part.startswith("\\") else _LOWERED.sub(r"\\textsubscript{\1}", part)
        for part in parts
    )


# --- behind Pandoc ---


def kept_case(text: str) -> str:
    """Return a text of CSL-JSON in which spans are around what keeps its case."""
    return text.replace(_OPEN, _SPAN[0]).replace(_CLOSE, _SPAN[1])


_SIGNS = {
    **{"times": "×", "pm": "±", "sim": "∼", "approx": "≈", "le": "≤", "leq": "≤", "ge": "≥"},
    **{"geq": "≥", "to": "→", "rightarrow": "→", "infty": "∞", "cdot": "·", "ldots": "…"},
    **{"dots": "…", "circ": "°", "ell": "ℓ", "prime": "′", "ast": "*", "star": "⋆", "neq": "≠"},
    **{",": "\N{THIN SPACE}", " ": " ", ";": " ", "!": "", "%": "%", "&": "&", "{": "{", "}": "}"},
}
_ATOM = re.compile(
    r"(?P<script>[_^])\s*(?:\{(?P<group>(?:[^{}]|\{[^{}]*\})*)\}|(?P<one>\\[A-Za-z]+|[^\s{}\\]))"
    r"|\\(?:mathrm|mathsf|mathit|mathbf|text|textrm|rm)\s*\{(?P<upright>[^{}\\$]*)\}"
    r"|\\(?P<command>[A-Za-z]+\s*|[,; !%&{}])"
    r"|(?P<letters>[A-Za-z])|(?P<rest>[\d\s+=<>.,:;()\[\]|/*!'-]+)|(?P<brace>\{(?P<inner>[^{}]*)\})"
)


def formula_signs(tex: str) -> str | None:
    """Return a formula as CSL-JSON has it: letters and signs, raised and lowered; None if it can't.

    Examples
    --------
    >>> formula_signs("x^2")
    '<span class="nocase"><i>x</i><sup>2</sup></span>'
    """
    signs = _formula(tex)
    base = re.sub(r"<su.*?</su[bp]>|</?i>", "", signs or "")
    has_letter = re.search(r"[^\W\d_]", base)
    return f"{_SPAN[0]}{signs}{_SPAN[1]}" if has_letter else signs


def _formula(tex: str) -> str | None:
    parts, at = [], 0
    while at < len(tex):
        match = _ATOM.match(tex, at)
        sign = _sign(match) if match else None
        if match is None or sign is None:
            return None
        parts.append(sign)
        at = match.end()
    return "".join(parts)


def _sign(match: re.Match[str]) -> str | None:
    if match["script"]:
        inner = _formula(match["group"] if match["group"] is not None else match["one"])
        tag = "sub" if match["script"] == "_" else "sup"
        return inner if inner in (None, "°", "′") else f"<{tag}>{inner}</{tag}>"
    if match["command"]:
        name = match["command"].strip() or " "
        return _SIGNS.get(name) or _greek(name)
    if match["brace"]:
        return _formula(match["inner"])
    if match["letters"]:
        return f"<i>{match['letters']}</i>"
    if match["upright"] is None:
        return match["rest"].replace("-", "−").replace("'", "′")
    return re.sub(r"-(?=\d|$)", "−", match["upright"])


def _greek(name: str) -> str | None:
    case = "CAPITAL" if name[0].isupper() else "SMALL"
    try:
        return unicodedata.lookup(f"GREEK {case} LETTER {name.removeprefix('var').upper()}")
    except KeyError:
        return None


# --- what Pandoc drops ---


def commands(value: str) -> Iterator[str]:
    """Yield the commands in the value of a field that it may be doubted whether Pandoc knows."""
    for name in _COMMAND.findall(_NO_COMMANDS.sub("", value)):
        if not _KNOWN.fullmatch(name):
            yield name


def dropped(names: Iterable[str]) -> set[str]:
    """Return which of some commands Pandoc drops."""
    lost = {name for name in names if _ELSEWHERE.fullmatch(name)}
    asked = sorted(set(names) - lost)
    while asked:
        # A line each: one that cannot be read is told by its line.
        run = run_pandoc(
            ["-f", "latex+raw_tex", "-t", "json"],
            "\n\n".join(rf"x \{name}{{y}}{{z}}" for name in asked),
        )
        failed = _LINE.search(run.stderr) if run.returncode else None
        if failed is None:
            blocks = json.loads(run.stdout)["blocks"] if run.returncode == 0 else []
            lost.update(_lost(blocks))
            break
        lost.add(asked.pop(min(len(asked), (int(failed[1]) + 1) // 2) - 1))
    return lost


def _lost(value: object) -> Iterator[str]:
    """Yield the commands in Pandoc's tree that its writers leave out."""
    if isinstance(value, Mapping):
        if value.get("t") in ("RawInline", "RawBlock"):
            yield from _COMMAND.findall(value["c"][1])
        else:
            yield from _lost(value.get("c"))
    elif isinstance(value, list):
        for each in value:
            yield from _lost(each)
