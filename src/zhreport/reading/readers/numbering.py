"""Automatic numbering of Word paragraphs: the `一、` that Word shows and does not store as text."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import regex

__all__ = ["Numbering"]

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DIGITS: Final = "零一二三四五六七八九"
_PLACEHOLDER: Final = regex.compile(r"%([1-9])")
_LEVELS: Final = 9
_LARGEST: Final = 999  # number that is written in another way than by digits


def _han(n: int) -> str:
    """Chinese numeral of a number up to 999, without the 一 of 一十 at its head."""
    if n < 10:
        return _DIGITS[n]
    if n < 100:
        tens, ones = divmod(n, 10)
        return (_DIGITS[tens] if tens > 1 else "") + "十" + (_DIGITS[ones] if ones else "")
    hundreds, rest = divmod(n, 100)
    if not rest:
        return _DIGITS[hundreds] + "百"
    return _DIGITS[hundreds] + "百" + ("零" if rest < 10 else "一" if rest < 20 else "") + _han(rest)


def _letters(n: int) -> str:
    return chr(ord("a") + (n - 1) % 26) * ((n - 1) // 26 + 1)


def _roman(n: int) -> str:
    text = ""
    for value, sign in zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        "m cm d cd c xc l xl x ix v iv i".split(),
        strict=True,
    ):
        count, n = divmod(n, value)
        text += sign * count
    return text


def _circled(n: int) -> str:
    return chr(0x245F + n) if 1 <= n <= 20 else str(n)


#: Values of ST_NumberFormat (ISO/IEC 29500-1, 17.18.59); others count in digits.
_FORMATS: Final[dict[str, Callable[[int], str]]] = {
    **dict.fromkeys(
        "chineseCounting chineseCountingThousand japaneseCounting taiwaneseCounting "
        "taiwaneseCountingThousand ideographDigital taiwaneseDigital japaneseDigitalTenThousand".split(),
        _han,
    ),
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "decimalEnclosedParen": lambda n: f"({n})",
    "decimalEnclosedFullstop": lambda n: f"{n}.",
    "decimalZero": lambda n: f"{n:02d}",
    "lowerLetter": _letters,
    "upperLetter": lambda n: _letters(n).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda n: _roman(n).upper(),
    "ideographTraditional": lambda n: "甲乙丙丁戊己庚辛壬癸"[(n - 1) % 10],
    "none": lambda _: "",
    "bullet": lambda _: "",
}


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    format: str
    text: str
    legal: bool


class Numbering:
    """The counters of a document's lists.

    Args:
        numbering: the root of its numbering part, None without one.
        styles: the root of its style part, None without one; a heading's number often comes with its style.
    """

    def __init__(self, numbering: Any, styles: Any) -> None:  # noqa: ANN401 - XML elements
        self._abstract: dict[str, dict[int, _Level]] = {}
        self._numbers: dict[str, tuple[str, dict[int, _Level], dict[int, int]]] = {}
        self._counts: dict[str, list[int | None]] = {}
        self._started: set[tuple[str, int]] = set()
        self._styles: dict[str, tuple[str, str, str]] = {}
        self._default = ""
        for style in styles.iter(f"{_W}style") if styles is not None else ():
            number, level = _number(style.find(f"{_W}pPr"))
            identity = style.get(f"{_W}styleId", "")
            self._styles[identity] = (number, level, _value(style.find(f"{_W}basedOn")))
            if style.get(f"{_W}type") == "paragraph" and style.get(f"{_W}default") in ("1", "true", "on"):
                self._default = identity
        if numbering is None:
            return
        for abstract in numbering.iter(f"{_W}abstractNum"):
            levels = {_int(e.get(f"{_W}ilvl")): _level(e) for e in abstract.iter(f"{_W}lvl")}
            self._abstract[abstract.get(f"{_W}abstractNumId", "")] = levels
        for number in numbering.iter(f"{_W}num"):
            starts, levels = {}, {}
            for override in number.iter(f"{_W}lvlOverride"):
                at = _int(override.get(f"{_W}ilvl"))
                start, level_element = override.find(f"{_W}startOverride"), override.find(f"{_W}lvl")
                if start is not None:
                    starts[at] = _int(_value(start))
                if level_element is not None:
                    levels[at] = _level(level_element)
            identity = number.get(f"{_W}numId", "")
            self._numbers[identity] = (_value(number.find(f"{_W}abstractNumId")), levels, starts)

    def label(self, paragraph: Any) -> str:  # noqa: ANN401
        """The number of the next paragraph of the document, "" for one without; call it for each in order."""
        properties = paragraph.find(f"{_W}pPr")
        number, level = _number(properties)
        style = _value(properties.find(f"{_W}pStyle")) if properties is not None else ""
        style = style or self._default
        seen: set[str] = set()
        while style in self._styles and style not in seen and not (number and level):
            seen.add(style)
            of_style, at_level, base = self._styles[style]
            number, level, style = number or of_style, level or at_level, base
        if number not in self._numbers:  # "0" takes a style's number away
            return ""
        return self._count(number, min(_int(level), _LEVELS - 1))

    def _count(self, number: str, at: int) -> str:
        abstract, own, starts = self._numbers[number]
        levels = {**self._abstract.get(abstract, {}), **own}
        if at not in levels:
            return ""
        counts = self._counts.setdefault(abstract, [None] * _LEVELS)
        if at in starts and (number, at) not in self._started:
            counts[at] = starts[at]
        else:
            current = counts[at]
            counts[at] = levels[at].start if current is None else current + 1
        self._started.add((number, at))
        counts[at + 1 :] = [None] * (_LEVELS - at - 1)

        def shown(match: regex.Match[str]) -> str:
            other = int(match[1]) - 1
            if other not in levels:
                return ""
            count = counts[other]
            written = "decimal" if levels[at].legal else levels[other].format
            number = levels[other].start if count is None else count
            return (_FORMATS.get(written, str) if number <= _LARGEST else str)(number)

        return "" if levels[at].format == "bullet" else _PLACEHOLDER.sub(shown, levels[at].text)


def _level(element: Any) -> _Level:  # noqa: ANN401
    start, legal = element.find(f"{_W}start"), element.find(f"{_W}isLgl")
    return _Level(
        start=_int(_value(start)) if start is not None else 0,
        format=_value(element.find(f"{_W}numFmt")) or "decimal",
        text=_value(element.find(f"{_W}lvlText")),
        legal=legal is not None and _value(legal) not in ("0", "false", "off"),
    )


def _number(properties: Any) -> tuple[str, str]:  # noqa: ANN401
    """Identity of the list and the level that paragraph properties name, each "" without."""
    found = properties.find(f"{_W}numPr") if properties is not None else None
    if found is None:
        return "", ""
    return _value(found.find(f"{_W}numId")), _value(found.find(f"{_W}ilvl"))


def _value(element: Any) -> str:  # noqa: ANN401
    return "" if element is None else (element.get(f"{_W}val") or "")


def _int(text: str | None) -> int:
    return int(text[:9]) if text and text.isascii() and text.isdigit() else 0
