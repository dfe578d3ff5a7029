"""Amounts: a numeral with its sign, scale, unit and the other end of its range."""

from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple

import regex

from zhreport.quantities.found import Quantity
from zhreport.quantities.patterns import (
    BETWEEN,
    FEN,
    FINANCIAL,
    FUZZ,
    ON_FIGURE,
    ON_HAN,
    PARTS,
    PAUSED,
    RANGE,
    RANGE_SIGN,
)
from zhreport.quantities.relations import Relations
from zhreport.quantities.units import Units
from zhreport.words.lexicon import Lexicon, Unit
from zhreport.words.numerals import adjacent_digits, parse_numeral

__all__ = ["Amounts", "counts_people"]

_ONE: Final = Decimal(1)
_HALF: Final = Decimal("0.5")
_SCALES: Final = "十百千万亿"
_GOES_ON: Final = frozenset("十百千万亿零多余几来+ ")
_UNIT_BEGINS: Final = frozenset("千百两")
_PERCENT: Final = frozenset(("percent", "permille", "percentage_point"))
# no hyphen of a code or of a range: 增长-3.8%, but not A-3, 6%-8% and 6%左右-8%
_MINUS: Final = regex.compile(r"(?<=[^A-Za-z0-9%右上下内外多余-]-)|(?<=\A-)|(?<=[A-Z]{2,5}-)")
# before other units a dash is more often a dash: it is a minus where a value is said
_MINUS_OF_AMOUNT: Final = regex.compile(r"(?<=[为达至到是长比率额量数值口余益润温度：（]-)")
# 减负, 税负, 担负: the end of a word
_NEGATIVE: Final = regex.compile(r"(?<=(?<![减担背肩自抱胜欠辜税债正增降轻重])负)")
_SIGNS: Final = frozenset("-负下")
_DEGREES: Final = frozenset(("℃", "摄氏度", "度", "°C"))
_RISES_IN: Final = regex.compile(r"(?<=(?:增长|增收|上涨|下降|增幅|涨幅|降幅)在)")
_COINS: Final = frozenset("元块角分")
# 七成六
_TENTHS: Final = regex.compile(r"[一二三四五六七八九](?![\p{Han}0-9]|$)|[一二三四五六七八九](?=[以左的]|$)")
_NO_UNIT: Final = Unit(surface="-", dimension="-", canonical="", factor=_ONE)
_BEFORE_PAUSED: Final = regex.compile(r"(?<=(?![第和与])\p{Han})")
# 二、三类地区: these number classes
_CLASSES: Final = frozenset("期类级轮批届层组次")
_PRICED: Final = frozenset("￥¥$€£")


class Number(NamedTuple):
    """A numeral as it stands in the text.

    Attributes:
        value: what it says; the lower end where two digits stand side by side.
        high: the upper end then, else None.
        stop: where it ends, with scale and fuzzy suffix.
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


class Amounts:
    """Reads an amount where a numeral begins.

    Args:
        lexicon: units and relation words.
        units: its units.
    """

    def __init__(self, lexicon: Lexicon, units: Units) -> None:
        self._units = units
        self._relations = Relations(lexicon)

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
        arabic = numeral[0] <= "9"
        if len(numeral) == 1 and numeral in FINANCIAL:  # 陆家嘴
            return None, end
        if arabic:
            number = self._figure(text, end, numeral)
        else:
            number = self._paused(text, start, end, numeral) or self._han(text, end, numeral)
        if number.stop < 0:
            return None, -number.stop
        found = self._amount(text, start, number, arabic, floor)
        if found is not None:
            return found, found.end
        # 突破千万5家: a scale alone is no numeral that goes on
        return None, number.stop if number.text.strip(_SCALES) else start

    def _figure(self, text: str, end: int, numeral: str) -> Number:
        """A numeral that begins with Arabic digits."""
        if text[end : end + 1] not in _GOES_ON:
            return Number(_decimal(numeral), None, end, False, _ONE, numeral, end)
        on = ON_FIGURE.match(text, end)
        if on is None:
            return self._fuzzy(text, numeral, _decimal(numeral), None, end, _ONE)
        rest, stop = on.group(), on.end()
        if rest[-1] in _UNIT_BEGINS and (begun := self._units.at(text, stop - 1)) and begun[1] > stop:
            shorter = _parsed(numeral + rest[:-1])
            if shorter is not None and not (rest.strip(_SCALES + " ") and _parsed(numeral + rest)):
                rest, stop = rest[:-1], stop - 1  # 12万 | 千瓦
        if text[stop : stop + 1] in ("年", "月") and rest[-1] <= "9":
            rest = rest.rstrip("0123456789")  # 2万 | 2023年
            stop = end + len(rest)
        value = _parsed(numeral + rest) if rest else _decimal(numeral)
        if value is None:
            fuzz = FUZZ.match(text, stop)
            if fuzz is not None and fuzz["scale"] and _parsed(numeral + rest + fuzz["scale"]):
                return self._fuzzy(text, numeral + rest, _ONE, None, stop, _ONE)  # 3亿5600多 | 万
            whole, rest = stop, rest[: len(rest) - len(rest.lstrip(_SCALES + " "))]  # 40万 | 60岁
            value = _parsed(numeral + rest)
            if value is None:
                return _none_until(whole)
            stop = end + len(rest)
        scales = rest.strip()
        scale = parse_numeral(scales) if scales and not scales.strip(_SCALES) and scales != "零" else _ONE
        return self._fuzzy(text, numeral + rest, value, None, stop, scale)

    def _paused(self, text: str, start: int, end: int, numeral: str) -> Number | None:
        """Two neighbouring digits with a pause between them: 四、五十亿元; not where it begins a line."""
        if text[end : end + 1] != "、" or not _BEFORE_PAUSED.match(text, start):
            return None
        paused = PAUSED.match(text, end)
        unit = self._units.at(text, paused.end()) if paused is not None else None
        if paused is None or unit is None or unit[0].surface in _CLASSES:
            return None
        if numeral[-1] == "一" and not paused[1][1:]:
            return None
        joined = numeral + paused[1]
        pair = adjacent_digits(joined)
        if pair is None:
            return None
        return Number(pair[0], pair[1], paused.end(), False, _ONE, joined, paused.end())

    def _han(self, text: str, end: int, numeral: str) -> Number:
        """A numeral that begins with Han digits."""
        stop = end
        following = text[end : end + 1]
        if following.isdecimal() and numeral[-1] in "十百千万亿零" and numeral.strip(_SCALES):
            on = ON_HAN.match(text, end)
            if on is not None and _parsed(numeral + on.group()) is not None:
                numeral, stop = numeral + on.group(), on.end()
                following = text[stop : stop + 1]
        pair = adjacent_digits(numeral)
        value = pair[0] if pair else _parsed(numeral)
        if value is None or (numeral[-1] == "两" and len(numeral) > 1 and self._units.at(text, stop - 1)):
            if numeral[-1] not in _UNIT_BEGINS or self._units.at(text, stop - 1) is None:
                return _none_until(stop)
            numeral, stop = numeral[:-1], stop - 1  # 五千 | 千瓦, 三百 | 两
            pair = adjacent_digits(numeral)
            value = pair[0] if pair else _parsed(numeral)
            if value is None:
                return _none_until(stop)
        high = pair[1] if pair else None
        if following not in _GOES_ON:
            return Number(value, high, stop, False, _ONE, numeral, stop)
        return self._fuzzy(text, numeral, value, high, stop, _ONE)

    def _fuzzy(
        self, text: str, numeral: str, value: Decimal, high: Decimal | None, stop: int, scale: Decimal
    ) -> Number:
        """The numeral with the 多, 余, 几, 来 or + behind it, and the scale behind that."""
        fuzz = FUZZ.match(text, stop)
        if fuzz is None:
            return Number(value, high, stop, False, scale, numeral, stop)
        word, scales = fuzz["word"], fuzz["scale"]
        end = fuzz.end("word")
        if word == "几" and scales[:1] and scales[0] in "十百千":  # 一百几十: vague
            return _none_until(fuzz.end())
        if word == "+" and scale == 1 and self._units.at(text, end) is None:
            return Number(value, high, stop, False, scale, numeral, stop)
        if scales:
            if self._begins_unit(text, fuzz.end(), scales):
                scales = scales[:-1]
            larger = _parsed(numeral + scales)
            if larger is None:
                return _none_until(fuzz.end())
            factor = parse_numeral(scales) if scales else _ONE
            high = high * factor if high is not None else None
            value, scale, end = larger if high is None else value * factor, scale * factor, end + len(scales)
            return Number(value, high, end, True, scale, numeral + scales, end)
        return Number(value, high, end, True, scale, numeral, stop if word in "几来+" and scale == 1 else end)

    def _begins_unit(self, text: str, stop: int, scales: str) -> bool:
        """Does the last scale begin a unit: 300多万 | 千瓦?"""
        if scales[-1] not in _UNIT_BEGINS:
            return False
        begun = self._units.at(text, stop - 1)
        return begun is not None and begun[1] > stop

    def _amount(self, text: str, start: int, number: Number, arabic: bool, floor: int) -> Quantity | None:
        units, stop, fuzzy = self._units, number.stop, number.fuzzy
        value, high = number.value, number.high
        low = None if high is None else value
        priced = text[start - 1 : start] in _PRICED
        unit = units.at(text, stop)
        if unit is None and arabic:
            if text[stop : stop + 1] == " ":
                unit = units.at(text, stop + 1)
            elif text[stop : stop + 1] == "/":
                unit = units.bare_rate(text, stop, priced=priced)
        if unit is None and any(point in number.text for point in "·。"):
            return None  # 3·15
        if unit is None and number.bare < stop:
            fuzzy, stop = False, number.bare
        elif unit is not None and text[unit[1] : unit[1] + 1] == "半" and (half := units.half(text, *unit)):
            unit, value = half, value + _HALF
        at_end = unit[1] if unit else stop
        before = text[start - 1 : start]
        sign = self._sign(text, start, unit, floor) if before in _SIGNS else 0
        if sign:
            value = -value
        if high is None and text[at_end : at_end + 1] in RANGE_SIGN and before not in ("由", "从"):
            ended = self._range(text, at_end, value, number, unit)
            if ended is not None:
                low, high, unit, at_end = ended
                fuzzy = False
        if unit is None and not arabic and (low is not None or not fuzzy):
            if not counts_people(text, at_end, number.text):
                return None
        ends = (None, low, high) if low is not None else (value, None, None)
        lead = sign or int(priced)
        return self._made(text, (start, lead), number, ends, unit or (_NO_UNIT, at_end), fuzzy=fuzzy)

    def _made(
        self,
        text: str,
        place: tuple[int, int],
        number: Number,
        ends: tuple[Decimal | None, Decimal | None, Decimal | None],
        unit: tuple[Unit, int],
        *,
        fuzzy: bool,
    ) -> Quantity:
        """The record of an amount whose numeral, unit and range are known."""
        start, lead = place
        value, low, high = ends
        form = "arabic" if number.text[0] <= "9" else "han"
        if form == "han" and number.text[0] != "十" and not number.text.strip(_SCALES):
            form = "scale"
        stop = unit[1]
        name = dimension = ""
        if unit[0] is not _NO_UNIT:
            name, dimension, stop, more = self._units.with_tail(text, *unit)
            fuzzy = fuzzy or more
        elif lead and text[start - 1] in _PRICED:
            name, dimension = "元", "money"
        if name == "成":
            tenths = _TENTHS.match(text, stop)
            if tenths is not None and value is not None:
                value, stop = value + parse_numeral(tenths.group()) / 10, tenths.end()
            name = "%"
            value, low, high = (n * 10 if n is not None else None for n in (value, low, high))
        elif value is not None and name in _COINS:
            name, value, stop = _with_coins(text, name, value, stop)
        relation, outer_start, outer_end, note = self.related(
            text, start - lead, stop, dimension, form, fuzzy=fuzzy
        )
        if low is not None:
            relation = "range"
            if text.startswith("之间", outer_end):  # 在2000元至3000元之间
                outer_end += 2
                outer_start -= _RISES_IN.match(text, outer_start) is not None
        elif name in _COINS and text[outer_end : outer_end + 1] == "钱":
            outer_end += 1
        return Quantity(
            start=start,
            end=stop,
            outer_start=outer_start,
            outer_end=outer_end,
            value=value,
            low=low,
            high=high,
            unit=name,
            dimension=dimension,
            relation=relation,
            form=form,
            note=note,
            scale=number.scale,
        )

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

    def _sign(self, text: str, start: int, unit: tuple[Unit, int] | None, floor: int) -> int:
        """How long the sign before a numeral is: -, 负 or 零下; 0 if there is none."""
        before = text[start - 1 : start]
        if before == "下":
            cold = unit is not None and unit[0].surface in _DEGREES and text.startswith("零下", start - 2)
            return 2 if cold else 0
        if before == "负":
            return 1 if _NEGATIVE.match(text, start) else 0
        if start - 1 == floor:
            return 0  # a dash behind a quantity
        percent = unit is not None and unit[0].dimension in _PERCENT
        return 1 if (_MINUS if percent else _MINUS_OF_AMOUNT).match(text, start) else 0

    def _range(
        self, text: str, at: int, value: Decimal, number: Number, unit: tuple[Unit, int] | None
    ) -> tuple[Decimal, Decimal, tuple[Unit, int] | None, int] | None:
        """Both ends of a range whose first end stands before a place, its unit and where it ends."""
        between = text[at] in "与和"
        span = (BETWEEN if between else RANGE).match(text, at)
        arabic = number.text[0] <= "9"
        if span is None or span["num"][0].isascii() != arabic:
            return None
        end, numeral = span.end("num"), span["num"]
        other = self._figure(text, end, numeral) if arabic else self._han(text, end, numeral)
        if other.stop < 0 or other.high is not None:
            return None
        second = self._units.at(text, other.stop)
        if unit is not None and (second is None or second[0].surface != unit[0].surface):
            return None
        stop = second[1] if second else other.stop
        if between and not text.startswith("之间", stop):
            return None
        high = -other.value if span["sign"] else other.value
        shared = _shared(number, other) if unit is None else _ONE
        low = value * shared if value * shared < high else value
        return (low, high, second, stop) if low < high else None


def _decimal(numeral: str) -> Decimal:
    """The value of Arabic digits, which may be grouped."""
    try:
        return Decimal(numeral)
    except ArithmeticError:
        return parse_numeral(numeral)


@lru_cache(maxsize=2048)
def _parsed(numeral: str) -> Decimal | None:
    try:
        return parse_numeral(numeral)
    except ValueError:
        return None


def _none_until(stop: int) -> Number:
    """What the grammar cannot read from end to end; nothing of it is an amount."""
    return Number(_ONE, None, -stop, False, _ONE, "", 0)


def _shared(number: Number, other: Number) -> Decimal:
    """By how much the first end of a range is multiplied: 两到 | 三万, 三到 | 五百, 3 — | 5千万."""
    if number.text[-1] in "万亿萬億":
        return _ONE
    if number.text[0] <= "9":
        if number.scale == 1:
            return other.scale
        return Decimal(10**8 if other.scale % 10**8 == 0 else 10**4 if other.scale % 10**4 == 0 else 1)
    figure = other.text.rstrip("万亿萬億")
    factor = parse_numeral(other.text[len(figure) :]) if len(figure) < len(other.text) else _ONE
    if len(number.text) == 1 and len(figure) == 2 and figure[1] in "百千佰仟" and figure[0] not in _SCALES:
        if number.value < parse_numeral(figure[0]):
            factor *= parse_numeral(figure[1])
    return factor


def _with_coins(text: str, name: str, value: Decimal, stop: int) -> tuple[str, Decimal, int]:
    """An amount of money with its smaller parts: 2元8角5分, 三角五分."""
    parts = (PARTS if name in ("元", "块") else FEN).match(text, stop) if name != "分" else None
    if parts is None:
        return name, value, stop
    if name == "角":
        value /= 10
    for group, part in (("jiao", "0.1"), ("fen", "0.01"), ("cent", "0.01"), ("li", "0.001")):
        digit = parts.groupdict().get(group)
        value += parse_numeral(digit) * Decimal(part) if digit else 0
    return "元", value, parts.end()


_CITIZENS: Final = frozenset(
    "人民 中国 农民 人口 同胞 城市 城镇 农村 贫困 职工 劳动 青壮 居民 群众 学生 儿童 农户 军队 干部".split()
)


def counts_people(text: str, at: int, numeral: str) -> bool:
    """Is a Han numeral a number of people without a measure word: 十四亿中国人民?"""
    return (
        numeral[-1] in "万亿"
        and bool(numeral.strip(_SCALES))
        and (text[at : at + 2] in _CITIZENS or (numeral[-1] == "亿" and text[at : at + 1] in "，。；、以"))
    )
