"""Checks of the figures of one report against each other.

A check looks at the figures of a report and yields what does not agree within the digits written.
"""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Final

from zhreport.audit.figures import Figure, difference, follows
from zhreport.audit.findings import Finding
from zhreport.audit.interval import Interval, joined, shown
from zhreport.audit.knowledge import Whole
from zhreport.audit.lists import MOST, SLIP, adds, begun, is_level, list_before, lists, slip
from zhreport.audit.lookup import Lookup
from zhreport.rules import rule

__all__ = ["INSIDE"]

_HUNDRED: Final = Interval.exact(100)
#: A structure adds up to 100; three numbers with a colon between them that add up to less are a ratio.
_RATIO: Final = 50


def _differs(
    check: str, report: Lookup, figures: Sequence[Figure], expected: Interval, arithmetic: str
) -> Iterator[Finding]:
    """The finding, if it is one; arguments as for `difference`."""
    found = difference(check, report.sheet.report, figures, expected, arithmetic)
    if found is not None:
        yield found


def _sum(parts: Sequence[Figure], like: Figure) -> str:
    """`60 + 40 = 100亿元` in the digits of a figure."""
    number = like.number or parts[0].number
    assert number is not None  # parts have one
    total = joined(part.interval for part in parts)
    return f"{' + '.join(part.written for part in parts)} = {shown(total.value, number)}{like.tail}"


@rule
def parts_of_whole(report: Lookup) -> Iterator[Finding]:
    """Parts that make up a whole by definition add up to it.

    >>> found(parts_of_whole, "进出口总额120.5亿元，其中出口80.2亿元、进口42.3亿元。")
    ['80.2亿元 + 42.3亿元 = 122.5亿元, stated 120.5亿元']
    >>> found(parts_of_whole, "进出口总额120.5亿元，其中出口80.2亿元、进口40.3亿元。")
    []
    """
    for whole in report.known.wholes:
        tried: dict[
            tuple[int, ...], Figure
        ] = {}  # of totals with the same parts the first, or one that agrees
        agreed: set[tuple[int, ...]] = set()
        for total in report.levels(whole.total):
            parts = _parts(report, whole, total)
            places = tuple(part.claim["clean_start"] for part in parts)
            if not parts or places in agreed:
                continue
            tried.setdefault(places, total)
            if _made(whole, parts)[0].meets(total.interval):
                agreed.add(places)
        for places, total in tried.items():
            if places not in agreed:
                parts = _parts(report, whole, total)
                added, arithmetic = _made(whole, parts, total)
                yield from _differs("parts_of_whole", report, [total, *parts], added, arithmetic)


def _parts(report: Lookup, whole: Whole, total: Figure) -> list[Figure]:
    """The parts of a whole that stand nearest to its total; none unless all are there."""
    if any(report.nearest(part, total, unit=total.about[3]) is not None for part in whole.without):
        return []
    parts = [report.nearest(part, total, unit=total.about[3]) for part in (*whole.parts, *whole.minus)]
    return [] if None in parts else [part for part in parts if part is not None]


def _made(whole: Whole, parts: Sequence[Figure], like: Figure | None = None) -> tuple[Interval, str]:
    """What the parts of a whole make, and in words."""
    count = len(whole.parts)
    added = joined(part.interval for part in parts[:count]) - joined(one.interval for one in parts[count:])
    if like is None or like.number is None:
        return added, ""
    words = " + ".join(part.written for part in parts[:count])
    words += "".join(f" - {part.written}" for part in parts[count:])
    return added, f"{words} = {shown(added.value, like.number)}{like.tail}"


@rule
def parts_over_total(report: Lookup) -> Iterator[Finding]:
    """What is among a total is not more than it.

    >>> found(parts_over_total, "全年新建学校32所，其中小学20所、幼儿园14所。")
    ['20所 + 14所 = 34所, stated 32所']
    >>> found(parts_over_total, "全年新建学校32所，其中小学18所、幼儿园12所。")
    []
    """
    for total, parts in lists(report):
        added = joined(part.interval for part in parts)
        excess = added.value - total.interval.value
        # one that is smaller than the excess may be no part of it
        if excess > 0 and len(parts) > 1 and all(part.interval.value > excess for part in parts):
            if adds(report, total) and slip(total, parts):
                yield from _differs("parts_over_total", report, [total, *parts], added, _sum(parts, total))


@rule
def sum_of_list(report: Lookup) -> Iterator[Finding]:
    """A sum behind a list is that of the list.

    >>> text = "小麦产量10.0万吨，玉米产量20.0万吨，大豆产量5.0万吨，合计{}万吨。"
    >>> found(sum_of_list, text.format("36.0"))
    ['10.0万吨 + 20.0万吨 + 5.0万吨 = 35.0万吨, stated 36.0万吨']
    >>> found(sum_of_list, text.format("35.0"))
    []
    """
    for sentence in report.sheet.sentences:
        for at in range(2, len(sentence)):
            total = sentence[at]
            if not is_level(total) or not report.says("total", report.sheet.between(sentence[at - 1], total)):
                continue
            parts = list_before(report, sentence[max(0, at - MOST) : at + 1])
            if len(parts) > 1 and slip(total, parts) and not begun(report, parts, total):
                added = joined(part.interval for part in parts)
                yield from _differs("sum_of_list", report, [total, *parts], added, _sum(parts, total))


def _quotient(part: Figure, whole: Figure, rate: Figure, per: int) -> tuple[Interval | None, str]:
    """A part divided by a whole in the digits of a rate, and in words."""
    ratio = part.interval.over(whole.interval)
    if ratio is None or rate.number is None:
        return None, ""
    made = ratio * Interval.exact(per)
    return made, f"{part.written} ÷ {whole.written} = {shown(made.value, rate.number, 1)}{rate.tail}"


@rule
def share_of_whole(report: Lookup) -> Iterator[Finding]:
    """A share is its part divided by the whole.

    >>> text = "地区生产总值1862.4亿元。工业增加值812.5亿元，占地区生产总值的{}%。"
    >>> found(share_of_whole, text.format("46.6"))
    ['812.5亿元 ÷ 1862.4亿元 = 43.63%, stated 46.6%']
    >>> found(share_of_whole, text.format("43.6"))
    []
    """
    for share in report.sheet.figures:
        if share.claim["kind"] != "share" or share.number is None or share.claim["dimension"] != "percent":
            continue
        named = report.sheet.share_of(share.claim["indicator"])
        if named is None or named[0] == named[1]:
            continue
        yield from _divided(report, "share_of_whole", share, *named, 100)


@rule
def ratio_of_figures(report: Lookup) -> Iterator[Finding]:
    """A rate that is one figure divided by another by definition.

    >>> text = "年末常住人口200万人，其中城镇常住人口124万人；常住人口城镇化率{}%。"
    >>> found(ratio_of_figures, text.format("64.0"))
    ['124万人 ÷ 200万人 = 62.00%, stated 64.0%']
    >>> found(ratio_of_figures, text.format("62.0"))
    []
    """
    for ratio in report.known.ratios:
        for rate in (*report.levels(ratio.rate), *report.shares(ratio.rate)):
            yield from _divided(report, "ratio_of_figures", rate, ratio.part, ratio.whole, ratio.per)


def _divided(report: Lookup, check: str, rate: Figure, part: str, whole: str, per: int) -> Iterator[Finding]:
    """The finding of a rate that no part and whole near it make; of those that stand nearest."""
    found: list[Finding] = []
    for one in report.near(part, rate, unit=""):
        for total in report.near(whole, rate, unit=one.about[3]):
            expected, arithmetic = _quotient(one, total, rate, per)
            if expected is None:
                continue
            made = list(_differs(check, report, [rate, one, total], expected, arithmetic))
            if not made:
                return
            found += made
    yield from found[:1]


@rule
def structure_of_hundred(report: Lookup) -> Iterator[Finding]:
    """The parts of a structure add up to 100, and shares of one thing to no more.

    >>> found(structure_of_hundred, "三次产业结构为10.7∶43.0∶48.3。")
    ['10.7 + 43.0 + 48.3 = 102.0, not 100']
    >>> found(structure_of_hundred, "三次产业结构为10.7∶43.0∶46.3。")
    []
    """
    for sentence in report.sheet.sentences:
        for parts, complete in (*_structures(sentence), *_shares(sentence)):
            added = joined(part.interval for part in parts)
            over = _HUNDRED.value < added.value <= _HUNDRED.value * (1 + SLIP)
            if added.value <= _RATIO or not (complete or over):
                continue
            found = difference(
                "structure_of_hundred",
                report.sheet.report,
                parts,
                _HUNDRED,
                f"{_sum(parts, parts[0])}, not 100",
                stated=added,
            )
            if found is not None:
                yield found


def _structures(sentence: Sequence[Figure]) -> Iterator[tuple[list[Figure], bool]]:
    """Shares with a colon between them."""
    parts: list[Figure] = []
    for figure in (*sentence, None):
        if figure is not None and parts and follows(parts[-1].claim, figure.claim):
            parts.append(figure)
            continue
        if len(parts) > 1 and all(part.number is not None for part in parts):
            yield parts, True
        parts = [] if figure is None else [figure]


def _shares(sentence: Sequence[Figure]) -> Iterator[tuple[list[Figure], bool]]:
    """Shares in a list with 分别, and whether they are all there are."""
    parts: list[Figure] = []
    for figure in (*sentence, None):
        listed = (
            figure is not None
            and figure.claim["kind"] == "share"
            and figure.claim["indicator_rule"] == "list_member"
            and figure.number is not None
            and (not parts or figure.about == parts[0].about)
        )
        if listed and figure is not None:
            parts.append(figure)
        elif parts:
            yield parts, False
            parts = []


@rule
def change_and_growth(report: Lookup) -> Iterator[Finding]:
    """A level, what was added to it and its growth: 80 that grew by 5 grew by 6.7 %.

    >>> found(change_and_growth, "粮食产量80.0万吨，比上年增加5.0万吨，增长8.7%。")
    ['5.0万吨 ÷ (80.0万吨 - 5.0万吨) = 6.67%, stated 8.7%']
    >>> found(change_and_growth, "粮食产量80.0万吨，比上年增加5.0万吨，增长6.7%。")
    []
    """
    for sentence in report.sheet.sentences:
        for level, added, growth in _grown(report, sentence):
            before = level.interval - added.interval
            ratio = added.interval.over(before)
            if ratio is None or growth.number is None:
                continue
            # the same number is in part and whole, so the bounds of the quotient are taken at the corners
            expected = _corners(level.interval, added.interval)
            made = shown(expected.value, growth.number, 1)
            arithmetic = f"{added.written} ÷ ({level.written} - {added.written}) = {made}{growth.tail}"
            yield from _differs("change_and_growth", report, [growth, level, added], expected, arithmetic)


def _corners(level: Interval, added: Interval) -> Interval:
    """The growth in per cent of what came to a level by an addition."""

    def growth(whole: Fraction, more: Fraction) -> Fraction:
        return more / (whole - more) * 100

    corners = [growth(a, b) for a in (level.low, level.high) for b in (added.low, added.high)]
    return Interval(min(corners), growth(level.value, added.value), max(corners))


def _grown(report: Lookup, sentence: Sequence[Figure]) -> Iterator[tuple[Figure, Figure, Figure]]:
    """Level, change and growth of one indicator that follow each other, compared with one time."""
    for level, one, two in zip(sentence, sentence[1:], sentence[2:], strict=False):
        if not is_level(level) or level.key != one.key or one.key != two.key:
            continue
        if {one.claim["kind"], two.claim["kind"]} != {"change"} or None in (one.number, two.number):
            continue
        if len({figure.about[:3] for figure in (level, one, two)}) > 1:
            continue
        added, growth = (one, two) if one.about[3] == level.about[3] else (two, one)
        if added.about[3] != level.about[3] or growth.claim["dimension"] != "percent":
            continue
        if report.sheet.between(level, one).startswith("）"):  # the change is of the total
            continue
        said = report.sheet.between(one, two)
        if report.known.at_constant_prices(level.key) or report.says("compared", said):
            continue
        if not report.real(growth):
            yield level, added, growth


@rule
def start_and_growth(report: Lookup) -> Iterator[Finding]:
    """From one level to another: the growth is their quotient.

    >>> text = "一般公共预算收入由2023年的100.0亿元增加到2024年的112.0亿元，增长{}%。"
    >>> found(start_and_growth, text.format("15.0"))
    ['112.0亿元 ÷ 100.0亿元 - 1 = 12.00%, stated 15.0%']
    >>> found(start_and_growth, text.format("12.0"))
    []
    """
    for sentence in report.sheet.sentences:
        for start, end, growth in zip(sentence, sentence[1:], sentence[2:], strict=False):
            if start.claim["rule"] != "start_value" or not is_level(start) or not is_level(end):
                continue
            if not start.key == end.key == growth.key or start.about[1:] != end.about[1:]:
                continue
            if growth.claim["kind"] != "change" or growth.claim["dimension"] != "percent":
                continue
            ratio = end.interval.over(start.interval)
            if ratio is None or growth.number is None or report.real(growth):
                continue
            expected = (ratio - Interval.exact(1)) * _HUNDRED
            made = f"{shown(expected.value, growth.number, 1)}{growth.tail}"
            arithmetic = f"{end.written} ÷ {start.written} - 1 = {made}"
            yield from _differs("start_and_growth", report, [growth, end, start], expected, arithmetic)


#: The checks of one report, in their order.
INSIDE: Final[tuple[Callable[[Lookup], Iterator[Finding]], ...]] = (
    parts_of_whole,
    parts_over_total,
    sum_of_list,
    share_of_whole,
    ratio_of_figures,
    structure_of_hundred,
    change_and_growth,
    start_and_growth,
)
