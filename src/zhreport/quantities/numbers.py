"""Numbers: a numeral as it stands in the text, with its scale and what makes it vague."""

from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple

from zhreport.quantities.units import Units
from zhreport.words.compiling import compiled
from zhreport.words.lexicon import Lexicon, package_template
from zhreport.words.numerals import SCALE_SIGNS, adjacent_digits, parse_numeral

__all__ = ["SMALL_AND_LARGE", "Number", "Numbers"]

#: Han characters that multiply.
SMALL_AND_LARGE: Final = SCALE_SIGNS
_ONE: Final = Decimal(1)
_GOES_ON: Final = frozenset(package_template("numbers.goes_on_with"))
_UNIT_BEGINS: Final = frozenset(package_template("numbers.begins_unit"))
_VAGUE: Final = package_template("numbers.vague")
_SMALL_SCALES: Final = package_template("numbers.small_scales")
_DATED: Final = frozenset("年月")
_BEFORE_PAUSED, _PAUSED, _ON_FIGURE, _ON_HAN = (
    compiled(package_template(f"numbers.{name}"))
    for name in ("before_paused", "paused", "on_figure", "on_han")
)


class Number(NamedTuple):
    """A numeral as it stands in the text.

    Attributes:
        value: what it says; the lower end where two digits stand side by side.
        high: the upper end then, else None.
        stop: where it ends, with scale and fuzzy suffix; negative for what is no numeral.
        fuzzy: 多, 余, 几 or + stands in it.
        scale: what 百, 千, 万 or 亿 after plain Arabic digits multiplied the figure by.
        text: the numeral without fuzzy suffix.
        bare: where it ends without a fuzzy suffix that needs a unit (来, 几, +).
    """

    value: Decimal
    high: Decimal | None
    stop: int
    fuzzy: bool
    scale: Decimal
    text: str
    bare: int


class Numbers:
    """Reads a number where its digits begin.

    Args:
        lexicon: words that begin like a fuzzy suffix.
        units: those that begin like a numeral (千瓦, 两).
    """

    def __init__(self, lexicon: Lexicon, units: Units) -> None:
        self._units = units
        self._fuzz = lexicon.patterns["numbers.fuzz"]
        self._classes = lexicon.sets["paused.classes"]

    def read(self, text: str, start: int, end: int, numeral: str) -> Number:
        """The number whose first run of digits stands there; its `stop` is negative if it is none."""
        if numeral[0] <= "9":
            return self._figure(text, end, numeral)
        return self._paused(text, start, end, numeral) or self._han(text, end, numeral)

    def plain(self, text: str, end: int, numeral: str) -> Number:
        """The same, without one that goes on behind a pause."""
        return self._figure(text, end, numeral) if numeral[0] <= "9" else self._han(text, end, numeral)

    def _figure(self, text: str, end: int, numeral: str) -> Number:
        """A numeral that begins with Arabic digits, the first of which end there."""
        if text[end : end + 1] not in _GOES_ON:
            return Number(_decimal(numeral), None, end, False, _ONE, numeral, end)
        on = _ON_FIGURE.match(text, end)
        if on is None:
            return self._fuzzy(text, numeral, _decimal(numeral), None, end, _ONE)
        rest = self._without_next(text, numeral, on.group(), on.end())
        stop = end + len(rest)
        value = _parsed(numeral + rest)
        if value is None:
            fuzz = self._fuzz.match(text, stop)
            if fuzz is not None and fuzz["scale"] and _parsed(numeral + rest + fuzz["scale"]):
                return self._fuzzy(text, numeral + rest, _ONE, None, stop, _ONE)  # 3亿5600多 | 万
            whole, rest = stop, rest[: len(rest) - len(rest.lstrip(SMALL_AND_LARGE + " "))]  # 40万 | 60岁
            value = _parsed(numeral + rest)
            if value is None:
                return _none_until(whole)
            stop = end + len(rest)
        scales = rest.strip()
        only_scales = scales and not scales.strip(SMALL_AND_LARGE)
        scale = parse_numeral(scales) if only_scales else _ONE
        return self._fuzzy(text, numeral + rest, value, None, stop, scale)

    def _without_next(self, text: str, numeral: str, rest: str, stop: int) -> str:
        """What goes on a figure, without a sign that begins the unit (12万 | 千瓦) or a year (2万 | 9年)."""
        if rest[-1] in _UNIT_BEGINS and self._begins_unit(text, stop):
            shorter = _parsed(numeral + rest[:-1])
            if shorter is not None and not (rest.strip(SMALL_AND_LARGE + " ") and _parsed(numeral + rest)):
                rest, stop = rest[:-1], stop - 1
        if text[stop : stop + 1] in _DATED and rest[-1:] <= "9":
            rest = rest.rstrip("0123456789")
        return rest

    def _begins_unit(self, text: str, stop: int) -> bool:
        """Does the last sign before a place begin a unit: 300多万千 | 瓦?"""
        begun = self._units.at(text, stop - 1)
        return begun is not None and begun[1] > stop

    def _paused(self, text: str, start: int, end: int, numeral: str) -> Number | None:
        """Two neighbouring digits with a pause between them: 四、五十亿元; not where it begins a line."""
        if text[end : end + 1] != "、" or not _BEFORE_PAUSED.match(text, start):
            return None
        paused = _PAUSED.match(text, end)
        unit = self._units.at(text, paused.end()) if paused is not None else None
        if paused is None or unit is None:
            return None
        if unit[0].surface in self._classes and not (
            unit[0].dimension == "times" and self._units.ends_phrase(text, unit[1])  # 检查七、八次
        ):
            return None
        if numeral[-1] == "一" and not paused[1][1:]:
            return None
        joined = numeral + paused[1]
        pair = adjacent_digits(joined)
        if pair is None:
            return None
        return Number(pair[0], pair[1], paused.end(), False, _ONE, joined, paused.end())

    def _han(self, text: str, end: int, numeral: str) -> Number:
        """A numeral that begins with Han digits, the first of which end there."""
        stop = end
        following = text[end : end + 1]
        if following.isdecimal() and numeral[-1] in _GOES_ON and numeral.strip(SMALL_AND_LARGE):
            on = _ON_HAN.match(text, end)
            if on is not None and _parsed(numeral + on.group()) is not None:
                numeral, stop = numeral + on.group(), on.end()
                following = text[stop : stop + 1]
        value, high = _value(numeral)
        if value is None or (numeral[-1] == "两" and len(numeral) > 1 and self._units.at(text, stop - 1)):
            if numeral[-1] not in _UNIT_BEGINS or self._units.at(text, stop - 1) is None:
                return _none_until(stop)
            numeral, stop = numeral[:-1], stop - 1  # 五千 | 千瓦, 三百 | 两
            value, high = _value(numeral)
            if value is None:
                return _none_until(stop)
        if following not in _GOES_ON:
            return Number(value, high, stop, False, _ONE, numeral, stop)
        return self._fuzzy(text, numeral, value, high, stop, _ONE)

    def _fuzzy(
        self, text: str, numeral: str, value: Decimal, high: Decimal | None, stop: int, scale: Decimal
    ) -> Number:
        """The numeral with the 多, 余, 几, 来 or + behind it, and the scale behind that."""
        fuzz = self._fuzz.match(text, stop)
        if fuzz is None:
            return Number(value, high, stop, False, scale, numeral, stop)
        word, scales = fuzz["word"], fuzz["scale"]
        end = fuzz.end("word")
        if word == "几" and scales[:1] and scales[0] in _SMALL_SCALES:  # 一百几十: vague
            return _none_until(fuzz.end())
        if word == "+" and scale == 1 and self._units.at(text, end) is None:
            return Number(value, high, stop, False, scale, numeral, stop)
        if not scales:
            needs_unit = word in _VAGUE and scale == 1
            return Number(value, high, end, True, scale, numeral, stop if needs_unit else end)
        if scales[-1] in _UNIT_BEGINS and self._begins_unit(text, fuzz.end()):
            scales = scales[:-1]
        larger = _parsed(numeral + scales)
        if larger is None:
            return _none_until(fuzz.end())
        end += len(scales)
        factor = parse_numeral(scales) if scales else _ONE
        if high is not None:
            larger, high = value * factor, high * factor
        return Number(larger, high, end, True, scale * factor, numeral + scales, end)


def _decimal(numeral: str) -> Decimal:
    """The value of Arabic digits, which may be grouped."""
    try:
        return Decimal(numeral)
    except ArithmeticError:
        return parse_numeral(numeral.replace(",", "").replace(" ", ""))


@lru_cache(maxsize=2048)
def _parsed(numeral: str) -> Decimal | None:
    try:
        return parse_numeral(numeral)
    except ValueError:
        return None


@lru_cache(maxsize=2048)
def _value(numeral: str) -> tuple[Decimal | None, Decimal | None]:
    """The value of a Han numeral, None if it is none; of two digits side by side both ends."""
    return adjacent_digits(numeral) or (_parsed(numeral), None)


def _none_until(stop: int) -> Number:
    """What the grammar cannot read from end to end; nothing of it is an amount."""
    return Number(_ONE, None, -stop, False, _ONE, "", 0)
