"""Numerals: Arabic, Han, financial and mixed writing to exact decimals.

One grammar for all of them. A numeral is a sum of terms, each a figure before its scale, from the largest
scale down; a figure is written in Arabic digits or in Han ones (`12亿四千万`, `3万4000`, `1千零20`). What the
grammar cannot read from end to end is no numeral: `百八十` and `五千千` are none.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final

__all__ = [
    "DIGITS",
    "HAN_DIGITS",
    "HAN_NUMERAL",
    "SCALES",
    "SCALE_SIGNS",
    "TENS",
    "adjacent_digits",
    "parse_numeral",
]

#: For the character class of a regular expression: one to nine, up to ten, and the scales.
DIGITS: Final = "一二三四五六七八九"
TENS: Final = f"{DIGITS}十"
SCALE_SIGNS: Final = "十百千万亿"

_MYRIAD: Final = 10**4
_ZEROS: Final = "零〇"
_FINANCIAL: Final = "壹贰叁肆伍陆柒捌玖"
HAN_DIGITS: Final[dict[str, int]] = {
    **dict.fromkeys(_ZEROS, 0),
    **{c: i for digits in (DIGITS, _FINANCIAL) for i, c in enumerate(digits, start=1)},
    **dict(zip("两貳參陸", (2, 2, 3, 6), strict=True)),
}
SCALES: Final[dict[str, int]] = {
    **dict(zip(SCALE_SIGNS, (10, 100, 1000, _MYRIAD, 10**8), strict=True)),
    **dict(zip("拾佰仟萬億兆", (10, 100, 1000, _MYRIAD, 10**8, 10**12), strict=True)),
}
#: All characters of a Han numeral, for a regular expression's character class.
HAN_NUMERAL: Final = "".join(sign for sign in (*HAN_DIGITS, *SCALES) if sign not in "貳參陸兆")

_LONGEST = 40  # no numeral is longer; bounds the work on hostile input
_TOKEN: Final = re.compile(
    r"(?P<arabic>[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?)"
    rf"|(?P<han>[{''.join(HAN_DIGITS)}]+)|(?P<scale>[{''.join(SCALES)}])"
)
_DECIMAL: Final = "点·"
_POINTS: Final = str.maketrans("·。", "..")
#: The scales that a figure may stand before without a term between them, and of them the large ones.
_MULTIPLY: Final = "".join(sign for sign in SCALES if sign != "兆")
_LARGE: Final = "".join(sign for sign in _MULTIPLY if SCALES[sign] >= _MYRIAD)
_BEHIND_FRACTION: Final = "".join(sign for sign in _MULTIPLY if SCALES[sign] > 10)
_COUPLE: Final = "两"  # also a weight
# How many digits may stand behind a scale without one of their own: 3万4000, 6万500, 2亿1234567
_REST_OF: Final = {10: (1,), 100: (2,), 1000: (3,), 10**4: (3, 4), 10**8: (5, 6, 7, 8)}


@dataclass(slots=True)
class _Reading:
    """What was read of a numeral so far.

    Attributes:
        total: the terms that a large scale (万, 亿) has closed.
        section: the terms below a large scale (千, 百, 十).
        figure: the figure that waits for its scale, None if none does.
        digits: in how many Arabic digits it is written, 0 for Han.
        last: the last scale, 1 if there was none.
        lowest, highest: of the large scales.
        zero: 零 stands before the figure.
    """

    total: Decimal = Decimal(0)
    section: Decimal = Decimal(0)
    figure: Decimal | None = None
    digits: int = 0
    last: int = 1
    lowest: int = 0
    highest: int = 0
    zero: bool = False

    def take(self, figure: Decimal, digits: int) -> None:
        """A figure: one Han digit, or Arabic digits."""
        if self.figure is not None:
            raise ValueError("two figures without a scale between them")
        self.figure, self.digits = figure, digits

    def small(self, scale: int, *, at_start: bool, only_large: bool) -> None:
        """十, 百 or 千; without a figure 十 is one ten, 百 and 千 only in 百万, 千亿."""
        figure = self.figure
        if figure is None:
            if not (scale == 10 or (at_start and only_large)):
                raise ValueError("a scale without a figure")
            figure = Decimal(1)
        if self.section and not scale < self.last:
            raise ValueError("scales do not fall")
        if self.section and figure * scale >= self.last:
            raise ValueError("a figure too large for its place")
        self.section += figure * scale
        self.figure, self.last, self.zero = None, scale, False

    def large(self, scale: int, *, at_start: bool) -> None:
        """万 or 亿: multiplies what stands since the last of them, a larger one all before it."""
        lowest = scale
        if self.figure is None and not self.section:
            if at_start:
                self.total = Decimal(scale)
            elif self.last >= _MYRIAD and scale >= self.last:
                self.total *= scale  # 三万亿, 六万万
                lowest = scale * self.last
            else:
                raise ValueError("a scale without a figure")
        else:
            section = self.closed_section() if self.section else self.figure or Decimal(0)
            if not self.total:
                self.total = section * scale
            elif scale > self.highest and section < self.highest:
                self.total = (self.total + section) * scale  # 一万六千亿
            elif scale < self.lowest and section * scale < self.lowest:
                self.total += section * scale
            else:
                raise ValueError("scales do not fall")
        self.section, self.figure, self.last, self.zero = Decimal(0), None, scale, False
        self.lowest, self.highest = lowest, max(scale, self.highest)

    def closed_section(self) -> Decimal:
        """The section with the figure at its end, which has no scale of its own."""
        if self.figure is None:
            return self.section
        figure, last = self.figure, self.last
        if last == 1 or (self.zero and figure < last):
            return self.section + figure
        if self.zero:
            raise ValueError("a figure too large for its place")
        whole = figure == figure.to_integral_value()
        if last >= 100 and whole and figure < 10 and self.digits < 2:
            return self.section + figure * last // 10  # 一万二, 7千3
        if not self.digits or self.digits in _REST_OF.get(last, ()):
            return self.section + figure
        raise ValueError("a figure that does not fill its place")


def _read(text: str) -> Decimal:
    """The value of a numeral in Han digits, or in both, without a decimal 点."""
    reading, at = _Reading(), 0
    only_large = not text[1:].strip(_LARGE)
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None:
            raise ValueError("no numeral")
        run, start, at = token.group(), at, token.end()
        if token["scale"] is not None:
            scale = SCALES[run]
            if scale < _MYRIAD:
                reading.small(scale, at_start=not start, only_large=only_large)
            else:
                reading.large(scale, at_start=not start)
        elif token["arabic"] is not None:
            figure = Decimal(run.replace(",", ""))
            reading.take(figure, len(run.partition(".")[0].replace(",", "")))
        else:
            digits = run.lstrip(_ZEROS)
            reading.zero = reading.zero or len(digits) < len(run)
            if len(digits) > 1 and (start or _COUPLE in digits):
                raise ValueError("digits by position after a scale")
            if at == len(text) and start and digits in ("", _COUPLE):
                raise ValueError("a numeral does not end so")  # 三百两: a weight
            if digits or at == len(text):
                reading.take(_by_position(digits or _ZEROS[0]), 0)
    return reading.total + reading.closed_section()


def _by_position(digits: str) -> Decimal:
    return Decimal(int("".join(str(HAN_DIGITS[c]) for c in digits)))


@lru_cache(maxsize=2048)
def parse_numeral(text: str) -> Decimal:
    """The value of one numeral, written in Arabic or Han digits or in both.

    Args:
        text: a numeral without its unit, width folded.

    Returns:
        The exact value.

    Raises:
        ValueError: `text` is not a numeral from end to end, or longer than 40 characters.

    >>> parse_numeral("1,234.5"), parse_numeral("一千二百三十四万"), parse_numeral("3千万")
    (Decimal('1234.5'), Decimal('12340000'), Decimal('30000000'))
    >>> parse_numeral("四点三"), parse_numeral("二〇二三"), parse_numeral("叁佰伍拾")
    (Decimal('4.3'), Decimal('2023'), Decimal('350'))
    >>> parse_numeral("3万4000"), parse_numeral("12亿四千万"), parse_numeral("三二一·五万")
    (Decimal('34000'), Decimal('1240000000'), Decimal('3215000.0'))
    >>> parse_numeral("百八十")
    Traceback (most recent call last):
    ...
    ValueError: not a numeral: '百八十'
    """
    if not text or len(text) > _LONGEST:
        raise ValueError(f"not a numeral: {text[:_LONGEST]!r}")
    try:
        written = text.replace(" ", "")
        head = written.rstrip(_MULTIPLY)
        plain = head.replace(",", "").translate(_POINTS)
        if plain and plain.replace(".", "", 1).replace("-", "", 1).isdecimal():
            return _scaled(Decimal(plain), written[len(head) :])
        for point in _DECIMAL:
            if point in written:
                whole, _, fraction = written.partition(point)
                tail = fraction.rstrip(_BEHIND_FRACTION)
                digits = "".join(str(HAN_DIGITS.get(c, c)) for c in tail)
                return _scaled(Decimal(f"{_read(whole) if whole else 0}.{digits}"), fraction[len(tail) :])
        return _read(written)
    except (KeyError, ArithmeticError, ValueError) as error:
        raise ValueError(f"not a numeral: {text!r}") from error


def _scaled(value: Decimal, scales: str) -> Decimal:
    """A figure times the scales behind it: 千万, 百亿, 万亿, but not 万千."""
    last = 0
    for c in scales:
        scale = SCALES[c]
        if scale < last or (last and scale < _MYRIAD):
            raise ValueError("scales do not rise")
        value, last = value * scale, scale
    return value


_PAIR: Final = re.compile(rf"[{''.join(HAN_DIGITS)}]{{2,}}")
#: Two digits that are no neighbours and yet mean "between": 三五个, 三两家.
_BETWEEN: Final = {"三五": "", "三两": "两三"}


@lru_cache(maxsize=2048)
def adjacent_digits(text: str) -> tuple[Decimal, Decimal] | None:
    """Low and high of an approximate numeral with two digits side by side, else None.

    >>> adjacent_digits("两三"), adjacent_digits("五六百"), adjacent_digits("二十三四")
    ((Decimal('2'), Decimal('3')), (Decimal('500'), Decimal('600')), (Decimal('23'), Decimal('24')))
    >>> adjacent_digits("三五百"), adjacent_digits("三两")
    ((Decimal('300'), Decimal('500')), (Decimal('2'), Decimal('3')))
    >>> adjacent_digits("二〇二三") is None
    True
    """
    if not set(_DECIMAL).isdisjoint(text):
        return None
    pairs = [pair for pair in _PAIR.finditer(text) if pair.group().strip(_ZEROS)]
    if len(pairs) != 1:
        return None
    pair = pairs[0].group().lstrip(_ZEROS)
    if len(pair) != 2 or pair[1] in _ZEROS:
        return None
    if pair not in _BETWEEN and HAN_DIGITS[pair[1]] != HAN_DIGITS[pair[0]] + 1:
        return None
    pair = _BETWEEN.get(pair) or pair
    before, after = text[: pairs[0].end() - 2], text[pairs[0].end() :]
    try:
        return parse_numeral(before + pair[0] + after), parse_numeral(before + pair[1] + after)
    except ValueError:
        return None
