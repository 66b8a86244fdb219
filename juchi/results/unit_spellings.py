"""How authors type units: signs of other keyboards are read, words of other languages named."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["hint_for", "in_plain_signs"]

# Signs that look like others; those of one width with Chinese ones see `_COMPATIBLE`.
_SIGNS = str.maketrans({"º": "°", "˚": "°", "∙": "·", "•": "·", "･": "·", "×": "·"})
# ℃, ℉, the signs of ohm, kelvin and angstrom, full-width signs, and squares such as ㎡ and ㎏.
_COMPATIBLE = re.compile("[\u2103\u2109\u2126\u212a\u212b\uff01-\uff5e\u3371-\u33ff]")
_TEMPERATURE = re.compile(r"(?:°|\bdeg(?:rees?)?\b)\s*([CF])\b")
_BRACES = re.compile(r"(\^|\*\*)\{([-−+]?\d+)\}")
# A dash is no minus to a keyboard, but it is one before a power.
_DASH = re.compile(r"(?<=[^\W\d_])–(?=\d)")

_CHINESE = {
    **{"米": "m", "公里": "km", "千米": "km", "厘米": "cm", "毫米": "mm", "微米": "µm"},
    **{"纳米": "nm", "平方米": "m^2", "平方公里": "km^2", "公顷": "ha", "立方米": "m^3"},
    **{"克": "g", "千克": "kg", "公斤": "kg", "毫克": "mg", "微克": "µg", "吨": "t"},
    **{"秒": "s", "毫秒": "ms", "分": "min", "分钟": "min", "小时": "h", "时": "h"},
    **{"天": "d", "日": "d", "周": "week", "月": "month", "年": "a", "升": "L", "毫升": "mL"},
    **{"度": "°", "摄氏度": "°C", "开": "K", "开尔文": "K", "牛": "N", "牛顿": "N"},
    **{"帕": "Pa", "帕斯卡": "Pa", "千帕": "kPa", "焦": "J", "焦耳": "J", "瓦": "W"},
    **{"千瓦": "kW", "千瓦时": "kWh", "伏": "V", "伏特": "V", "安": "A", "安培": "A"},
    **{"欧": "Ω", "欧姆": "Ω", "赫": "Hz", "赫兹": "Hz", "摩尔": "mol", "百分比": "%"},
}
_POINTS = (
    "a difference of shares in percentage points has no unit: write `style: points` instead of it"
)
_HINTS = {
    "pp": _POINTS,
    "p.p.": _POINTS,
    "百分点": _POINTS,
    "个百分点": _POINTS,
    "Ohm": "write 'ohm' or 'Ω'",
    "KB": "write 'kB'",
}


def in_plain_signs(text: str) -> str:
    """Return a unit in the signs that units are read in.

    Examples
    --------
    >>> in_plain_signs("㎏／㎡"), in_plain_signs("deg C"), in_plain_signs("kg m^{-3}")
    ('kg/m2', '°C', 'kg m^-3')
    """
    plain = _COMPATIBLE.sub(lambda sign: unicodedata.normalize("NFKC", sign[0]), text)
    plain = _TEMPERATURE.sub(r"°\1", plain.translate(_SIGNS))
    return _DASH.sub("-", _BRACES.sub(r"\1\2", plain))


def hint_for(word: str) -> str | None:
    """Return the right spelling of what no unit is called, as a hint; None if it is not known."""
    return f"write {_CHINESE[word]!r}" if word in _CHINESE else _HINTS.get(word)
