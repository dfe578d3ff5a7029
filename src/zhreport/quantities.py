"""Quantities: one scan of the text for number, scale, unit and relation, and for dates.

The scan knows nothing of sentences. It finds every number that has the form of a quantity, with the
words around it that say "about" or "more than"; whether it is a claim is decided later.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import regex

from zhreport.lexicon import Lexicon, Unit
from zhreport.numerals import HAN_NUMERAL, adjacent_digits, parse_numeral

__all__ = ["DateMention", "Quantity", "Scan", "Scanner"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A number with its unit.

    Attributes:
        start, end: the core (numeral, scale, fuzzy suffix, unit), half-open code points.
        outer_start, outer_end: the core with the relation words around it.
        value: the exact value with the scale multiplied out; None for a range.
        low, high: the ends of a range, else None.
        unit: the measure word as written, width folded, without scale; "" if there is none.
        dimension: of the unit; "" if there is none, `rank` for `第3位`, `fraction` for `三分之一`.
        relation: `eq`, `approx`, `gt`, `ge`, `lt`, `le` or `range`.
        form: how the numeral is written: `arabic`, `han`, `scale` (only 百千万亿), `ordinal`,
            `front` (`前三名`), `fraction`, `parts` (one part of `12:43:45`).
        note: the word after the core that the relation came from (`以上`), else "".
        scale: what 百, 千, 万 or 亿 after Arabic digits multiplied the figure by.
    """

    start: int
    end: int
    outer_start: int
    outer_end: int
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    unit: str
    dimension: str
    relation: str
    form: str
    note: str = ""
    scale: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class DateMention:
    """A calendar expression: `2023年6月`, `一九八五年`, `1—4月`, `2019—2022年`.

    Attributes:
        start, end: half-open code points.
        year: four digits, None if only months are given.
        last_year: the last year of a span of years, else None.
        month, last_month: 1–12 or None.
    """

    start: int
    end: int
    year: int | None
    last_year: int | None = None
    month: int | None = None
    last_month: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """What one scan found, both in the order of the text."""

    quantities: tuple[Quantity, ...]
    dates: tuple[DateMention, ...]


_H = HAN_NUMERAL
_YEAR = r"(?:1[89]|20)[0-9]{2}|[一二][〇零○一二三四五六七八九]{3}"
_MONTH = r"1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九]"
_TO = "—{1,2}|-|~|至|到"
_ARABIC = r"[0-9]{1,3}(?:,[0-9]{3})++(?:\.[0-9]{1,8}+)?+|[0-9]{1,16}+(?:\.[0-9]{1,8}+)?+"
# Old scans put spaces between the digits of one number: 7 4 7 7 2
_SPACED = (
    r"[0-9](?:[ ][0-9]){1,14}+(?:[ ]?\.[ ]?[0-9](?:[ ][0-9])*)?(?![0-9])"
    r"|[0-9][ ]?\.[ ][0-9](?![0-9])|[0-9][ ]\.[0-9](?![0-9])"
)
_HAN = rf"[{_H}]{{1,40}}+(?:点[〇零一二三四五六七八九]{{1,8}}+[百千万亿]{{0,3}})?+"

_DATE: Final = rf"""
    (?P<y>{_YEAR}|(?:1[ ]?9|2[ ]?0)[ ]?[0-9][ ]?[0-9])[ ]?
        (?:年?(?:{_TO})(?P<y2>{_YEAR}|[0-9]{{2}}(?=年)))?年(?!级)
        (?:(?P<m>{_MONTH})(?:月份?)?(?:(?:{_TO})(?P<m2>{_MONTH}))?月[份底末初]?(?:[0-9]{{1,2}}日|[{_H}]{{1,3}}日)?)?
  | (?P<m3>{_MONTH})(?:月份?)?(?:(?:{_TO})(?P<m4>{_MONTH}))?月(?!台|亮|球)[份底末初]?
        (?:(?:[0-9]{{1,2}}|[{_H}]{{1,3}})日)?(?:(?:{_TO})[0-9]{{1,2}}日)?
"""
_NUMBER: Final = rf"""
    (?P<frac>(?P<den>[{_H}0-9]{{1,6}}+)分之(?P<numer>{_ARABIC}|{_HAN}))
  | (?P<ord>第(?P<ordn>[0-9]{{1,6}}+|[{_H}]{{1,6}}+))
  | (?P<front>(?<![提目以之从年日月])前(?P<frontn>[0-9]{{1,4}}+|[{_H}]{{1,4}}+))
  | (?P<parts>(?<![0-9:：.])[0-9]{{1,3}}(?:\.[0-9]{{1,2}})?
        (?:[：:][0-9]{{1,3}}(?:\.[0-9]{{1,2}})?){{2}}(?![0-9:：.]))
  | (?P<num>(?<![0-9.A-Za-z])(?:{_SPACED}|{_ARABIC})|(?<![0-9]){_HAN})
"""
_PATTERN: Final = regex.compile(rf"{_DATE}|{_NUMBER}", regex.VERBOSE)
# The scan proper: runs of digits. Most Han runs count nothing (统一, 万众, 一批) and are passed over by
# their neighbours before the grammar is asked.
# For a bare character class re is three times as fast as regex.
_RUN: Final = re.compile(rf"[0-9]++(?:\.[0-9]++)?+|[{_H}]++")
_SPELLED: Final = frozenset("多余几来点分年月 ")
_AFTER_ONE: Final = frozenset("点番倍分成月")
# After Arabic digits: what may make them more than a plain number.
_MORE: Final = frozenset(".,:：年月日/ —-~至到分")
_FINANCIAL: Final = frozenset("壹贰叁肆伍陆柒捌玖拾佰仟")
_SCALE_OR_FUZZ: Final = frozenset("多余几来十百千万亿 ")
_RANGE_SIGN: Final = frozenset("—-~至到")
_AFTER_NUMBER: Final = regex.compile(
    r"[ ]?(?P<f1>[多余几来])?(?P<scale>[十百千万亿]{0,4})(?P<f2>[多余](?P<s2>亿)?)?[ ]?"
)
_RANGE: Final = regex.compile(rf"(?:{_TO})(?P<num>{_ARABIC}|{_HAN})", regex.VERBOSE)
_VARIANT: Final = regex.compile(r"（(.{1,2})）")
_RANGE_PARTS: Final = regex.compile(rf"(?:{_TO})[百千]分之(?P<num>{_ARABIC}|{_HAN})")
# A measure word that begins another word is none: 10部委, 3单位, 两件套
_UNIT_IN_WORD: Final = {
    "个": "体人性",
    "部": "委门分长署",
    "件": "套",
    "名": "单",
    "单": "位",
    "组": "织",
    "处": "理",
    "所": "有",
    "户": "籍",
    "位": "于居列",
    "家": "庭",
    "年": "级度代",
    "条": "例",
    "次": "产",
    "起": "来",
    "口": "之",
    "层": "次",
    "节": "气",
    "轮": "驱车",
    "篇": "大文",
    "首": "届个批次",
    "场": "馆",
    "元": "化素",
    "分": "之钟别为",
    "类": "似",
    "道": "路",
    "人": "民大均工才口",
}
_PART: Final = regex.compile(r"[0-9.]+")
_UNIT_FUZZ: Final = regex.compile(r"[多余](?![少年种元个出于])")
_PER: Final = regex.compile(
    r"/(?:年|月|日|天|小时|时|人|亩|公顷|平方公里|平方米|立方米|吨|公里|万元|户|次|件|百户|秒|分钟)"
)

_BEFORE: Final = [
    ("approx", "大约 大概 约为 约占 约有 接近于 接近 将近 约 近"),
    ("ge", "不低于 不少于 不小于 至少 最低 不下 不止于"),
    ("le", "不超过 不高于 不多于 不大于 至多 最多 控制在 未超过 不突破 低于或等于"),
    ("lt", "不足 不到 低于 少于 小于 未到"),
    ("gt", "超过了 突破了 超过 突破 高于 多于 大于 超出 不止 逾 超 过 破 越过 跨越 跨过 跃过 迈过"),
]
_AFTER: Final = [
    ("ge", "及以上 或以上 以上 及其以上"),
    ("le", "及以下 以内 之内 以下 内"),
    ("approx", "左右 上下 前后"),
]
_RELATION_BEFORE: Final = {w: name for name, words in _BEFORE for w in words.split()}
_RELATION_AFTER: Final = {w: name for name, words in _AFTER for w in words.split()}
# 通过, 经过, 超过… end in a relation word that is none
_NOT_RELATION: Final = regex.compile(
    r"(?:通|经|透|难|不|超|跨|越|度|路|渡|来|去|翻|看|提|最|附|靠|邻|远|节|制|合|公|大|特|条|签|契|预|打|突|爆|攻|查|侦|识)$"
)
_FALSE_SCALE: Final = frozenset("十百千万亿")
_BEFORE_LAST: Final = frozenset(word[-1] for word in _RELATION_BEFORE)
_AFTER_FIRST: Final = frozenset(word[0] for word in _RELATION_AFTER)


class Scanner:
    """Finds quantities and dates in folded text; holds only its unit table.

    Args:
        lexicon: where the units come from.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        by_first: dict[str, list[Unit]] = {}
        for unit in sorted(lexicon.units.values(), key=lambda u: -len(u.surface)):
            by_first.setdefault(unit.surface[0], []).append(unit)
        self._units = by_first
        self._surfaces = frozenset(lexicon.units)

    def _unit_at(self, text: str, at: int) -> tuple[Unit, int] | None:
        """The longest unit that begins at a place, and where it ends."""
        for unit in self._units.get(text[at : at + 1], ()):
            surface = unit.surface
            if not text.startswith(surface, at):
                continue
            end = at + len(surface)
            following = text[end : end + 1]
            if following and following in _UNIT_IN_WORD.get(surface, ""):
                return None
            if (
                surface[-1].isascii()
                and surface[-1].isalpha()
                and following.isascii()
                and following.isalpha()
            ):
                continue
            return unit, end
        return None

    def scan(self, text: str) -> Scan:
        """Scan width-folded text once.

        Args:
            text: the output of `fold`.

        Returns:
            Quantities and dates with offsets into `text`, in its order, not overlapping.

        >>> from zhreport.lexicon import default_lexicon
        >>> found = Scanner(default_lexicon()).scan("2023年产值超过3000亿元，增长5%左右")
        >>> [(q.value, q.unit, q.relation) for q in found.quantities]
        [(Decimal('300000000000'), '元', 'gt'), (Decimal('5'), '%', 'approx')]
        >>> [d.year for d in found.dates]
        [2023]
        """
        quantities: list[Quantity] = []
        dates: list[DateMention] = []
        at = 0
        first = self._units
        for run in _RUN.finditer(text):
            start, end = run.span()
            if start < at:
                continue
            before = text[start - 1] if start else ""
            ordinal = before in {"第", "前"}
            if text[start] > "9" and not ordinal:
                after = text[end : end + 1]
                if end - start == 1 and text[start] == "一" and after not in _AFTER_ONE:
                    continue
                if (
                    after not in first
                    and after not in _SPELLED
                    and after not in _RANGE_SIGN
                    and not (text[end - 1] in "万亿" and _people(text, end, run.group()))
                ):
                    continue
            elif not ordinal and text[end : end + 1] not in _MORE and end - start <= 16:
                if before and (before in ".0123456789:：" or (before.isascii() and before.isalpha())):
                    continue
                found = self._plain(text, start, end, run.group())
                at = end
                if found is not None:
                    quantities.append(found)
                    at = max(at, found.end)
                continue
            match = _PATTERN.match(text, start - ordinal) or (
                _PATTERN.match(text, start) if ordinal else None
            )
            if match is None:
                continue
            at = match.end()
            if match["y"] is not None or match["m3"] is not None:
                dates.append(_date(match))
                continue
            if match["parts"] is not None:
                quantities.extend(_parts(match))
                continue
            found = self._quantity(text, match)
            if found is not None:
                quantities.append(found)
                at = max(at, found.end)
        return Scan(quantities=tuple(quantities), dates=tuple(dates))

    def _quantity(self, text: str, match: "regex.Match[str]") -> Quantity | None:
        start = match.start()
        if match["num"] is not None:
            return self._plain(text, start, match.end(), match["num"])
        if match["frac"] is not None:
            return self._fraction(text, match)
        number = match["ordn"] or match["frontn"]
        try:
            value = parse_numeral(number)
        except ValueError:
            return None
        end = match.end()
        unit = self._unit_at(text, end)
        name, dimension = "", "rank"
        if unit is not None and unit[0].surface in ("位", "名"):
            name, end = unit[0].surface, unit[1]
        elif unit is not None or match["frontn"] is not None:
            if unit is None:  # 居全国前三
                if text[end : end + 1].strip("，。；、）！\n"):
                    return None
            else:
                name, end, dimension = unit[0].surface, unit[1], unit[0].dimension
        return Quantity(
            start=start,
            end=end,
            outer_start=start,
            outer_end=end,
            value=value,
            low=None,
            high=None,
            unit=name,
            dimension=dimension,
            relation="le" if match["frontn"] else "eq",
            form="front" if match["frontn"] else "ordinal",
        )

    def _fraction(self, text: str, match: "regex.Match[str]") -> Quantity | None:
        parts = {"百": "%", "千": "‰", "万": "‱"}
        try:
            top = parse_numeral(match["numer"])
            if match["den"] in parts:
                value, unit, dimension = top, parts[match["den"]], "percent"
            else:
                value = (top / parse_numeral(match["den"])).quantize(Decimal("0.000001"))
                unit, dimension = "", "fraction"
        except (ValueError, ArithmeticError):
            return None
        end = match.end()
        low = high = None
        if unit and (again := _RANGE_PARTS.match(text, end) or _RANGE.match(text, end)):
            try:
                low, high, end = value, parse_numeral(again["num"]), again.end()
            except ValueError:
                low = high = None
        fuzzy = bool(unit) and text[end : end + 1] in ("多", "几")
        end += fuzzy
        return _finish(
            text,
            start=match.start(),
            end=end,
            value=value,
            low=low,
            high=high,
            unit=unit,
            dimension=dimension,
            fuzzy=fuzzy,
            form="fraction" if not unit else "han",
        )

    def _plain(self, text: str, start: int, end: int, numeral: str) -> Quantity | None:
        arabic = numeral[0] <= "9"
        if len(numeral) == 1 and numeral in _FINANCIAL:  # 陆家嘴
            return None
        scale, fuzzy, stop = "", False, end
        if text[end : end + 1] in _SCALE_OR_FUZZ:
            after = _AFTER_NUMBER.match(text, end)
            assert after is not None  # it matches the empty string
            fuzzy = bool(after["f1"] or (arabic and after["f2"]))
            if arabic or fuzzy:  # 三百多万
                scale = after["scale"]
            if scale or after["f1"]:
                stop = after.end("scale")
            if scale and after["f2"]:
                fuzzy, stop = True, after.end("f2")
                scale += after["s2"] or ""  # 4万多亿元
        # 万千瓦 is the scale 万 and the unit 千瓦, 百米 likewise
        if (
            stop > start + 1
            and text[stop - 1] in "千百"
            and (arabic or text[stop - 2] in "十百万亿")
            and (begun := self._unit_at(text, stop - 1))
            and begun[1] > stop
        ):
            stop -= 1
            if scale:
                scale = scale[:-1]
            else:
                numeral = numeral[:-1]
        bare_end = stop
        unit = self._unit_at(text, stop) or (
            self._unit_at(text, stop + 1) if text[stop : stop + 1] == " " and arabic else None
        )
        if unit is None and fuzzy and not scale and text[end] in "来几":
            fuzzy, bare_end = False, end
        low = high = None
        try:
            if arabic and not scale and "," not in numeral and " " not in numeral:
                value = Decimal(numeral)
            else:
                value = parse_numeral(numeral.replace(" ", "") + scale)
            if not arabic and (pair := adjacent_digits(numeral)):
                low, high = (n * (parse_numeral(scale) if scale else 1) for n in pair)
        except (ValueError, ArithmeticError):
            return None
        first_stop = unit[1] if unit else bare_end
        span = _RANGE.match(text, first_stop) if text[first_stop : first_stop + 1] in _RANGE_SIGN else None
        if span is not None and (span["num"][0].isascii() == arabic) and not _from(text, start):
            ended = self._range(text, span, value, bool(scale), unit)
            if ended is not None:
                low, high, unit, first_stop, fuzzy = ended
        if unit is None and not arabic:
            if not (scale or fuzzy) or low is not None:
                if not _people(text, first_stop, numeral):
                    return None
            elif not fuzzy:
                return None
        form = "arabic" if arabic else "han"
        if not arabic and not any(c not in _FALSE_SCALE for c in numeral) and numeral[0] != "十":
            form = "scale"
        stop = first_stop
        name = dimension = ""
        if unit is not None:
            name, dimension = unit[0].surface, unit[0].dimension
            following = text[stop : stop + 1]
            if following == "（" and (variant := _VARIANT.match(text, stop)) and variant[1] in self._surfaces:
                name, stop = name + variant.group(), variant.end()  # 套（间）
            elif following == "/":
                if per := _PER.match(text, stop):
                    name, stop, dimension = name + per.group(), per.end(), "rate"
            elif following in ("多", "余") and dimension != "count" and _UNIT_FUZZ.match(text, stop):
                fuzzy, stop = True, stop + 1
        if name == "成":
            if not _tenths(text, stop):
                return None
            name, value = "%", value * 10
            low, high = (n * 10 if n is not None else None for n in (low, high))
        if (
            text[start - 1 : start] == "-"
            and arabic
            and name == "%"
            and not text[start - 2 : start - 1].isalnum()
        ):
            value = -value
        return _finish(
            text,
            start=start,
            end=stop,
            value=value,
            low=low,
            high=high,
            unit=name,
            dimension=dimension,
            fuzzy=fuzzy,
            form=form,
            scale=parse_numeral(scale) if scale else Decimal(1),
        )

    def _range(
        self,
        text: str,
        span: "regex.Match[str]",
        value: Decimal,
        scaled: bool,
        unit: tuple[Unit, int] | None,
    ) -> tuple[Decimal, Decimal, tuple[Unit, int] | None, int, bool] | None:
        after = _AFTER_NUMBER.match(text, span.end())
        assert after is not None
        arabic = span["num"][0].isascii()
        scale = after["scale"] if arabic else ""
        stop = after.end("scale") if scale else span.end()
        second = self._unit_at(text, stop)
        if unit is not None and (second is None or second[0].surface != unit[0].surface):
            return None
        try:
            high = parse_numeral(span["num"] + scale)
            shared = parse_numeral(scale) if scale and not scaled and unit is None else Decimal(1)
        except ValueError:
            return None
        low = value * shared
        if low >= high:
            return None
        return low, high, second, second[1] if second else stop, False


_PEOPLE: Final = frozenset(
    "人民 中国 农民 人口 同胞 城市 城镇 农村 贫困 职工 劳动 青壮 居民 群众 学生 儿童 农户 军队 干部".split()
)


def _from(text: str, start: int) -> bool:
    """Does 由 or 从 stand before the number, so that 到 joins two amounts and not a range?"""
    return text[max(0, start - 1) : start] in ("由", "从")


def _people(text: str, at: int, numeral: str) -> bool:
    """A Han number of people without a measure word: 十四亿中国人民."""
    return (
        numeral[-1] in "万亿"
        and any(c not in _FALSE_SCALE for c in numeral)
        and (text[at : at + 2] in _PEOPLE or (numeral[-1] == "亿" and text[at : at + 1] in "，。；、以"))
    )


def _tenths(text: str, at: int) -> bool:
    return text[at : at + 1] not in (
        "效",
        "果",
        "绩",
        "本",
        "立",
        "都",
        "为",
        "员",
        "熟",
        "长",
        "功",
        "交",
        "品",
        "渝",
        "德",
        "资",
        "不",
        "分",
    )


def _date(match: "regex.Match[str]") -> DateMention:
    def number(name: str) -> int | None:
        text = match[name]
        return int(parse_numeral(text.replace(" ", ""))) if text else None

    year, last = number("y"), number("y2")
    if last is not None and last < 100 and year is not None:
        last += year // 100 * 100
    return DateMention(
        start=match.start(),
        end=match.end(),
        year=year,
        last_year=last,
        month=number("m") or number("m3"),
        last_month=number("m2") or number("m4"),
    )


def _parts(match: "regex.Match[str]") -> tuple[Quantity, ...]:
    """`12:43.5:44.5`: the parts of a whole, each a quantity of its own."""
    return tuple(
        Quantity(
            start=part.start() + match.start(),
            end=part.end() + match.start(),
            outer_start=part.start() + match.start(),
            outer_end=part.end() + match.start(),
            value=parse_numeral(part.group()),
            low=None,
            high=None,
            unit="",
            dimension="",
            relation="eq",
            form="parts",
        )
        for part in _PART.finditer(match.group())
    )


def _finish(
    text: str,
    *,
    start: int,
    end: int,
    value: Decimal,
    low: Decimal | None,
    high: Decimal | None,
    unit: str,
    dimension: str,
    fuzzy: bool,
    form: str,
    scale: Decimal = Decimal(1),
) -> Quantity:
    """Read the relation words on both sides and build the record."""
    relation = "gt" if fuzzy else "eq"
    outer_start, outer_end = start, end
    note = ""
    for length in (4, 3, 2, 1) if text[end : end + 1] in _AFTER_FIRST else ():
        word = text[end : end + length]
        if word in _RELATION_AFTER and len(word) == length:
            if word == "内" and dimension not in ("time",):
                continue
            relation, outer_end, note = _RELATION_AFTER[word], end + length, word
            break
    for length in (4, 3, 2, 1) if text[start - 1 : start] in _BEFORE_LAST else ():
        word = text[max(0, start - length) : start]
        if len(word) == length and word in _RELATION_BEFORE:
            if word in ("跨过", "跨越", "越过", "迈过", "跃过") and dimension == "count":
                break
            if word == "过" and form != "scale" and dimension not in ("money", "percent"):
                break
            if length == 1 and _NOT_RELATION.search(text, max(0, start - 2), start - 1):
                break
            if word == "控制在" and note not in ("以内", "之内", "以下"):
                break
            if note not in ("以上", "及以上") or _RELATION_BEFORE[word] != "approx":
                relation = _RELATION_BEFORE[word]
            outer_start = start - length
            break
    if low is not None:
        relation = "range"
    return Quantity(
        start=start,
        end=end,
        outer_start=outer_start,
        outer_end=outer_end,
        value=None if low is not None else value,
        low=low,
        high=high,
        unit=unit,
        dimension=dimension,
        relation=relation,
        form=form,
        note=note,
        scale=scale,
    )
