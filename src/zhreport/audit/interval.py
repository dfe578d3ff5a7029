"""Numbers as they are written: between which bounds the value lies that a report has rounded.

865.3 stands for anything from 865.25 to 865.35. Sums, products and quotients of such numbers lie between
bounds too, and two numbers agree if their bounds meet. All of it is exact: fractions, no floating point.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import regex

__all__ = ["Interval", "Number", "as_written", "decimals_of", "joined", "shown"]

_WRITTEN = regex.compile(r"[0-9]+(?:\.[0-9]+)?")
#: 约 and 左右: five per cent of the value.
_ABOUT = Fraction(1, 20)


@dataclass(frozen=True, slots=True)
class Interval:
    """Bounds of a number and its most likely value.

    Attributes:
        low, value, high: in this order; equal for a number that is exact.

    >>> total = as_written(Decimal("60"), "60").interval + as_written(Decimal("40"), "40").interval
    >>> str(total.low), str(total.value), str(total.high)
    ('99', '100', '101')
    """

    low: Fraction
    value: Fraction
    high: Fraction

    def __add__(self, other: "Interval") -> "Interval":
        return Interval(self.low + other.low, self.value + other.value, self.high + other.high)

    def __sub__(self, other: "Interval") -> "Interval":
        return Interval(self.low - other.high, self.value - other.value, self.high - other.low)

    def __mul__(self, other: "Interval") -> "Interval":
        corners = [a * b for a in (self.low, self.high) for b in (other.low, other.high)]
        return Interval(min(corners), self.value * other.value, max(corners))

    def over(self, other: "Interval") -> "Interval | None":
        """The quotient; None where the divisor may be zero."""
        if other.low <= 0 <= other.high:
            return None
        return self * Interval(1 / other.high, 1 / other.value, 1 / other.low)

    def meets(self, other: "Interval") -> bool:
        """Can both be the same number? The upper bound of one that was rounded is none of its values.

        >>> a, b = (as_written(Decimal(text), text).interval for text in ("7.5", "7.6"))
        >>> a.meets(b), a.meets(Interval.exact(Fraction(151, 20)))
        (False, True)
        """
        low, high = max(self.low, other.low), min(self.high, other.high)
        return low < high or (low == high and (self.low == self.high or other.low == other.high))

    def tolerance(self, other: "Interval") -> Fraction:
        """How far the value of the other one may be from this one's, on its side, before they do not meet."""
        if other.value >= self.value:
            return (self.high - self.value) + (other.value - other.low)
        return (self.value - self.low) + (other.high - other.value)

    @classmethod
    def exact(cls, number: int | Fraction) -> "Interval":
        """A number without rounding."""
        return cls(Fraction(number), Fraction(number), Fraction(number))


def joined(numbers: Iterable[Interval]) -> Interval:
    """The sum of some."""
    total = Interval.exact(0)
    for number in numbers:
        total += number
    return total


@dataclass(frozen=True, slots=True)
class Number:
    """A number of a report.

    Attributes:
        interval: its bounds, the scale multiplied out.
        scale: by what the digits are multiplied (100,000,000 in 862.4亿元).
        decimals: how many digits stand behind the point.
    """

    interval: Interval
    scale: Fraction
    decimals: int

    @property
    def step(self) -> Fraction:
        """One unit of the last digit that is written."""
        return self.scale / Fraction(10**self.decimals)


def _digits(text: str) -> str:
    found = _WRITTEN.search(text.replace(",", "").replace(" ", ""))
    return found.group() if found else ""


def decimals_of(text: str) -> int:
    """How many digits stand behind the point of a number as written, folded."""
    return len(_digits(text).partition(".")[2])


def as_written(value: Decimal, text: str, *, about: bool = False, counted: bool = False) -> Number:
    """The number that a text has in its digits.

    Args:
        value: the scale multiplied out; its sign may be another one than that of the text.
        text: as written, folded.
        about: 约 or 左右.
        counted: whole things; a number without a scale is exact.

    >>> number = as_written(Decimal("86240000000"), "862.4亿元")
    >>> str(number.interval.low), str(number.step)
    ('86235000000', '10000000')
    >>> as_written(Decimal(12), "12所", counted=True).interval.high
    Fraction(12, 1)
    """
    number, digits = Fraction(value), _digits(text)
    if digits and Fraction(digits):
        decimals = decimals_of(text)
        scale = abs(number) / Fraction(digits)
    else:  # 百分之七点五: as exact as its value
        exponent = value.normalize().as_tuple().exponent
        decimals = max(0, -exponent) if isinstance(exponent, int) else 0
        scale = Fraction(1)
    half = scale / 10**decimals / 2
    if counted and scale == 1 and not decimals:
        half = Fraction(0)
    if about:
        half = max(half, abs(number) * _ABOUT)
    return Number(Interval(number - half, number, number + half), scale, decimals)


def shown(number: Fraction, like: Number, more: int = 0) -> str:
    """A number in the digits of another one: 86240000000 like 12.5亿元 is 862.4.

    Args:
        number: the scale multiplied out.
        like: gives scale and digits behind the point.
        more: digits beside those.

    >>> shown(Fraction(86244000000), as_written(Decimal("1250000000"), "12.5亿元"))
    '862.4'
    """
    places = like.decimals + more
    scaled = number / like.scale * 10**places
    whole = (abs(scaled.numerator) * 2 + scaled.denominator) // (scaled.denominator * 2)  # half up
    digits = str(whole).rjust(places + 1, "0")
    text = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return f"-{text}" if scaled < 0 and whole else text
