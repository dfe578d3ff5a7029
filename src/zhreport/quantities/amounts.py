"""Amounts: a numeral with its sign, scale, unit and the other end of its range."""

from decimal import Decimal
from typing import Final, NamedTuple

from zhreport.quantities.found import Quantity
from zhreport.quantities.numbers import SMALL_AND_LARGE, Number, Numbers
from zhreport.quantities.relations import Relations
from zhreport.quantities.units import Units
from zhreport.words.compiling import compiled
from zhreport.words.lexicon import Lexicon, Unit, package_entries, package_template
from zhreport.words.numerals import parse_numeral

__all__ = ["Amounts"]

_ONE: Final = Decimal(1)
_HALF: Final = Decimal("0.5")
_PERCENT: Final = frozenset(("percent", "permille", "percentage_point", "temperature"))
_BELOW_ZERO: Final = "零下"
_SIGNS: Final = frozenset(package_template("numbers.sign_ends"))
_FROM: Final = frozenset(package_template("numbers.from"))
_POINTS: Final = frozenset("·。")
_FINANCIAL: Final = frozenset(package_template("numbers.financial"))
_LARGE: Final = package_template("numbers.large")
_HUNDREDS: Final = package_template("numbers.hundreds")
RANGE_SIGN: Final = frozenset(package_template("numbers.range_signs"))
_BETWEEN, _RANGE, _SMALLER_NUMBER, _TENTHS = (
    compiled(package_template(f"numbers.{name}")) for name in ("between", "range", "smaller", "tenths")
)
_NO_UNIT: Final = Unit(surface="-", dimension="-", canonical="", factor=_ONE)
# What the sign before a figure says of its unit
_PRICED: Final = package_entries("money")
# What is written in two units counts in the smaller one: 1年3个月
_SMALLER: Final = {name: entry.split() for name, entry in package_entries("smaller").items()}
_COINS: Final = {name: entry.split() for name, entry in package_entries("coins").items()}


class _Draft(NamedTuple):
    """An amount whose numeral, sign, unit and range are known.

    Attributes:
        start: where its numeral begins.
        lead: how long the sign before that is, of the number or of money.
        number: its numeral.
        value: None for a range.
        low, high: the ends of a range, else None.
        unit: `_NO_UNIT` if it has none.
        end: where that, or the numeral, ends.
        fuzzy: 多, 余, 几 or + stands in it.
    """

    start: int
    lead: int
    number: Number
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    unit: Unit
    end: int
    fuzzy: bool


class Amounts:
    """Reads an amount where a numeral begins.

    Args:
        lexicon: units and relation words.
        units: its units.
    """

    def __init__(self, lexicon: Lexicon, units: Units) -> None:
        self._units = units
        self._numbers = Numbers(lexicon, units)
        self._relations = Relations(lexicon)
        self._citizens = lexicon.sets["people.counted"]
        self._degrees = lexicon.sets["minus.degrees"]
        self._compound = {"成", *_COINS, *_SMALLER, *self._degrees}
        patterns = lexicon.patterns
        self._minus, self._minus_of_amount = patterns["numbers.minus"], patterns["numbers.minus_of_amount"]
        self._negative, self._rises_in = patterns["numbers.negative"], patterns["numbers.rises_in"]
        self._coins = {name: patterns[behind] for name, (_, behind) in _COINS.items()}

    def read(self, text: str, start: int, end: int, numeral: str, floor: int) -> tuple[Quantity | None, int]:
        """The amount whose numeral begins at a place.

        Args:
            text: folded.
            start: where the numeral begins.
            end: where its first run of digits ends.
            numeral: that run.
            floor: where the quantity before it ends.

        Returns:
            The amount, None if it is none; and where the numeral ends whether it is one or not: what is
            glued to a numeral is no amount of its own.
        """
        if len(numeral) == 1 and numeral in _FINANCIAL:  # 陆家嘴
            return None, end
        number = self._numbers.read(text, start, end, numeral)
        if number.stop < 0:
            return None, -number.stop
        draft = self._draft(text, start, number, floor)
        if draft is not None:
            found = self._made(text, draft)
            return found, found.end
        # 突破千万5家: a scale alone is no numeral that goes on
        return None, number.stop if number.text.strip(SMALL_AND_LARGE) else start

    def _draft(self, text: str, start: int, number: Number, floor: int) -> _Draft | None:
        value, high, fuzzy = number.value, number.high, number.fuzzy
        low = None if high is None else value
        before = text[start - 1 : start]
        priced = before in _PRICED
        unit, end, half = self._unit_behind(text, number, priced=priced)
        if unit is None:
            if not _POINTS.isdisjoint(number.text):
                return None  # 3·15
            fuzzy = fuzzy and end == number.stop
        elif half:
            value += _HALF
        sign = self._sign(text, start, unit, floor) if before in _SIGNS else 0
        if sign:
            value = -value
        if text[end : end + 1] in RANGE_SIGN and (
            ended := self._range(text, start, end, value, number, unit)
        ):
            low, high, unit, end = ended
            fuzzy = False
        if unit is None and not self._counts(text, end, number, vague=fuzzy and low is None):
            return None
        single = value if low is None else None
        return _Draft(start, sign or int(priced), number, single, low, high, unit or _NO_UNIT, end, fuzzy)

    def _unit_behind(self, text: str, number: Number, *, priced: bool) -> tuple[Unit | None, int, bool]:
        """The unit of a number, where it, or the number, ends, and whether 半 adds a half of it."""
        stop = number.stop
        found = self._units.at(text, stop)
        if found is None and number.text[0] <= "9":
            if text[stop : stop + 1] == " ":
                found = self._units.at(text, stop + 1)
            elif text[stop : stop + 1] == "/":
                found = self._units.bare_rate(text, stop, priced=priced)  # 12.3/10万
        if found is None:
            return None, number.bare, False
        unit, end = found
        if text[end : end + 1] == "半" and (half := self._units.half(text, unit, end)):
            return *half, True
        return unit, end, False

    def _counts(self, text: str, end: int, number: Number, *, vague: bool) -> bool:
        """Does a number without a unit count something?"""
        return vague or number.text[0] <= "9" or self.counts_people(text, end, number.text)

    def counts_people(self, text: str, at: int, numeral: str) -> bool:
        """Is a Han numeral a number of people without a measure word: 十四亿中国人民?"""
        return (
            numeral[-1] in "万亿"
            and bool(numeral.strip(SMALL_AND_LARGE))
            and (
                text[at : at + 2] in self._citizens
                or (numeral[-1] == "亿" and text[at : at + 1] in "，。；、以")
            )
        )

    def _made(self, text: str, draft: _Draft) -> Quantity:
        """The record of an amount."""
        start, lead, number, value, low, high, unit, stop, fuzzy = draft
        form = "arabic" if number.text[0] <= "9" else _form_of_han(number.text)
        name = dimension = ""
        if unit is not _NO_UNIT:
            name, dimension, stop, more = self._units.with_tail(text, unit, stop)
            fuzzy = fuzzy or more
            if name in self._compound:
                name, dimension, value, low, high, stop = self._compounded(text, draft, name, dimension, stop)
        elif lead and text[start - 1] in _PRICED:
            name, dimension = _PRICED.get(text[start - 3 : start]) or _PRICED[text[start - 1]], "money"
        relation, outer_start, outer_end, note = self.related(
            text, start - lead, stop, dimension, form, fuzzy=fuzzy
        )
        if low is not None:
            relation = "range"
            if text.startswith("之间", outer_end):  # 在2000元至3000元之间
                outer_end += 2
                outer_start -= self._rises_in.match(text, outer_start) is not None
        elif name in _COINS and text[outer_end : outer_end + 1] == "钱":
            outer_end += 1
        return Quantity(
            start,
            stop,
            outer_start,
            outer_end,
            value,
            low,
            high,
            name,
            dimension,
            relation,
            form,
            note,
            number.scale,
        )

    def _compounded(
        self, text: str, draft: _Draft, name: str, dimension: str, stop: int
    ) -> tuple[str, str, Decimal | None, Decimal | None, Decimal | None, int]:
        """Unit, dimension, value, ends and place of what is said with more than one unit, or otherwise."""
        value, low, high = draft.value, draft.low, draft.high
        if name == "成":
            value, low, high, stop = _of_tenths(text, value, low, high, stop)
            return "%", dimension, value, low, high, stop
        if name in self._degrees and draft.lead == len(_BELOW_ZERO):
            return name, "temperature", value, low, high, stop
        if value is not None and name in _COINS:
            name, dimension, value, stop = self._with_coins(text, name, dimension, value, stop)
        elif value is not None and name in _SMALLER:
            name, value, stop = _with_smaller(text, name, value, stop)
        return name, dimension, value, low, high, stop

    def related(
        self, text: str, start: int, end: int, dimension: str, form: str, *, fuzzy: bool
    ) -> tuple[str, int, int, str]:
        """Relation, outer start, outer end and note; most cores have no relation word beside them."""
        relations = self._relations
        following = text[end : end + 1]
        if (
            following in relations.after_first
            or following == " "
            or text[start - 1 : start] in relations.before_last
        ):
            return relations.read(text, start, end, dimension, form, fuzzy=fuzzy)
        return "gt" if fuzzy else "eq", start, end, ""

    def _sign(self, text: str, start: int, unit: Unit | None, floor: int) -> int:
        """How long the sign before a numeral is: -, 负 or 零下; 0 if there is none."""
        before = text[start - 1 : start]
        dimension = unit.dimension if unit is not None else ""
        if before == "下":
            if not text.startswith(_BELOW_ZERO, start - 2):
                return 0
            # 零下5至零下10摄氏度: the first end of a range has no unit of its own
            cold = unit is None or dimension == "temperature" or unit.surface in self._degrees
            return len(_BELOW_ZERO) if cold else 0
        if before == "负":
            return 1 if self._negative.match(text, start) else 0
        if start - 1 == floor:
            return 0  # a dash behind a quantity
        return (
            1 if (self._minus if dimension in _PERCENT else self._minus_of_amount).match(text, start) else 0
        )

    def _range(
        self, text: str, start: int, at: int, value: Decimal, number: Number, unit: Unit | None
    ) -> tuple[Decimal, Decimal, Unit | None, int] | None:
        """Both ends of a range whose first end stands before a place, its unit and where it ends."""
        if number.high is not None or text[start - 1 : start] in _FROM:
            return None
        between = text[at] in "与和"
        found = (_BETWEEN if between else _RANGE).match(text, at)
        if found is None or (found["num"][0] <= "9") != (number.text[0] <= "9"):
            return None
        other = self._numbers.plain(text, found.end("num"), found["num"])
        if other.stop < 0 or other.high is not None:
            return None
        second, stop = self._units.at(text, other.stop) or (None, other.stop)
        if unit is not None and (second is None or second.surface != unit.surface):
            return None
        if between and not text.startswith("之间", stop):
            return None
        low, high = _ends(value, number, other, alone=unit is None, negative=found["sign"] is not None)
        return (low, high, second, stop) if low < high else None

    def _with_coins(
        self, text: str, name: str, dimension: str, value: Decimal, stop: int
    ) -> tuple[str, str, Decimal, int]:
        """An amount of money with its smaller parts: 2元8角5分, 三角五分."""
        parts = self._coins[name].match(text, stop) if name in self._coins else None
        if parts is None:
            return name, dimension, value, stop
        value *= Decimal(_COINS[name][0])
        found = parts.groupdict()
        for group, part in _PART_OF.items():
            digit = found.get(group)
            if digit:
                value += parse_numeral(digit) * part
        return next(iter(_COINS)), "money", value, parts.end()


_PART_OF: Final = {
    "jiao": Decimal("0.1"),
    "fen": Decimal("0.01"),
    "cent": Decimal("0.01"),
    "li": Decimal("0.001"),
}


def _form_of_han(numeral: str) -> str:
    """`scale` for 百, 千万; 十 is a number of its own."""
    return "scale" if numeral[0] != "十" and not numeral.strip(SMALL_AND_LARGE) else "han"


def _with_smaller(text: str, name: str, value: Decimal, stop: int) -> tuple[str, Decimal, int]:
    """A time in two units: 1年3个月, 两小时二十分钟."""
    size, unit = int(_SMALLER[name][0]), _SMALLER[name][1]
    more = _SMALLER_NUMBER.match(text, stop)
    if more is None or not text.startswith(unit, more.end()):
        return name, value, stop
    added = parse_numeral(more["num"])
    return (unit, value * size + added, more.end() + len(unit)) if added < size else (name, value, stop)


def _of_tenths(
    text: str, value: Decimal | None, low: Decimal | None, high: Decimal | None, stop: int
) -> tuple[Decimal | None, Decimal | None, Decimal | None, int]:
    """Percentages of what is written in tenths: 四成, 七成六."""
    tenths = _TENTHS.match(text, stop)
    if tenths is not None and value is not None:
        value, stop = value + parse_numeral(tenths.group()) / 10, tenths.end()
    value, low, high = (number if number is None else number * 10 for number in (value, low, high))
    return value, low, high, stop


def _ends(
    low: Decimal, number: Number, other: Number, *, alone: bool, negative: bool
) -> tuple[Decimal, Decimal]:
    """Both ends of a range; a first one that stands alone has part of the second, if it stays the lower."""
    high = -other.value if negative else other.value
    if alone and (shared := low * _shared(number, other)) < high:
        low = shared
    return (high, low) if high < low < 0 else (low, high)  # 零下5至零下10摄氏度


def _shared(number: Number, other: Number) -> Decimal:
    """By how much the first end of a range is multiplied: 两到 | 三万, 三到 | 五百, 3 — | 5千万."""
    if number.text[-1] in _LARGE:
        return _ONE
    if number.text[0] <= "9":
        if number.scale == 1:
            return other.scale
        return Decimal(10**8 if other.scale % 10**8 == 0 else 10**4 if other.scale % 10**4 == 0 else 1)
    figure = other.text.rstrip(_LARGE)
    factor = parse_numeral(other.text[len(figure) :]) if len(figure) < len(other.text) else _ONE
    if (
        len(number.text) == 1
        and len(figure) == 2
        and figure[1] in _HUNDREDS
        and figure[0] not in SMALL_AND_LARGE
    ):
        if number.value < parse_numeral(figure[0]):
            factor *= parse_numeral(figure[1])
    return factor
