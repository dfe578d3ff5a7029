"""Checks of the figures of one report against each other.

A check looks at the figures of a report and yields what does not agree within the digits written.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import combinations, pairwise
from typing import Final

import regex

from zhreport.audit.figures import Figure, Sheet, difference, follows
from zhreport.audit.findings import Finding
from zhreport.audit.interval import Interval, joined, shown
from zhreport.audit.knowledge import Knowledge, Whole, knowledge
from zhreport.rules import rule
from zhreport.words.folding import fold

__all__ = ["INSIDE", "Report"]

_HUNDRED: Final = Interval.exact(100)
#: How many paragraphs figures may be apart that are parts of one whole.
_NEAR: Final = 2
#: A structure adds up to 100; three numbers with a colon between them that add up to less are a ratio.
_RATIO: Final = 50
#: Parts that miss their total by more were never meant to be all of it.
_SLIP: Final = Fraction(1, 10)
_DIGITS: Final = regex.compile(r"第?[0-9][0-9., ]*")
#: Up to so many parts every choice of them is tried.
_CHOICES: Final = 8


class Report:
    """The figures of a report, found by indicator.

    Attributes:
        sheet: the figures.
        known: what figures belong together.
    """

    def __init__(self, sheet: Sheet, known: Knowledge | None = None) -> None:
        self.sheet, self.known = sheet, known or knowledge()
        self._levels: dict[str, list[Figure]] = {}
        self._shares: dict[str, list[Figure]] = {}
        for figure in sheet.figures:
            if figure.number is None or figure.total:
                continue
            kinds = {"level": self._levels, "share": self._shares}
            found = kinds.get(figure.claim["kind"])
            if found is not None:
                for name in {figure.key, figure.wording}:
                    found.setdefault(name, []).append(figure)

    def levels(self, name: str) -> Sequence[Figure]:
        """The levels of an indicator, in the order of the text, by its id or as the audit's data call it."""
        return self._levels.get(self.sheet.name(name), ())

    def shares(self, name: str) -> Sequence[Figure]:
        """The shares of an indicator, likewise."""
        return self._shares.get(self.sheet.name(name), ())

    def nearest(self, key: str, to: Figure, *, unit: str | None = None) -> Figure | None:
        """The level of an indicator that stands nearest to a figure, of the same period and status.

        Args:
            key: the indicator, by id or wording.
            to: the figure.
            unit: the unit that it must have; that of the figure if not given.
        """
        about = (*to.about[:3], to.about[3] if unit is None else unit)
        found = [one for one in self.levels(key) if one.about == about and one is not to]
        at = bisect_left([one.claim["clean_start"] for one in found], to.claim["clean_start"])
        near = [
            one for one in found[max(0, at - 1) : at + 1] if abs(_paragraph(one) - _paragraph(to)) <= _NEAR
        ]
        return min(
            near, key=lambda one: abs(one.claim["clean_start"] - to.claim["clean_start"]), default=None
        )

    def says(self, what: str, text: str) -> bool:
        """Does a text have a word of `knowledge().words`?"""
        return any(word in text for word in self.known.words[what])

    def contexts(self) -> dict[int, str]:
        """Of parts of a total that is no whole of theirs by definition, that total, by the place of the part.

        其中出口5亿元 behind 对东盟进出口总额 are not the exports of the place.
        """
        own = {
            (self.sheet.key(whole.total), self.sheet.key(part))
            for whole in self.known.wholes
            for part in whole.parts
        }
        found: dict[int, str] = {}
        for total, parts in _lists(self):
            keys = {part.key for part in parts if (total.key, part.key) not in own}
            inside = self.sheet.behind(parts[0])
            found |= {one.claim["clean_start"]: total.key for one in inside if one.key in keys}
        return found

    def real(self, growth: Figure) -> bool:
        """Is a growth one without the change of prices, or a mean over years?

        What says so stands between the last level before it and the figure, or in brackets behind it.
        """
        said = self.sheet.since_level(growth)
        return self.says("real", said) or self.says("yearly", said)

    def differs(
        self, check: str, figures: Sequence[Figure], expected: Interval, arithmetic: str
    ) -> Iterator[Finding]:
        """The finding, if it is one; arguments as for `difference`."""
        found = difference(check, self.sheet.report, figures, expected, arithmetic)
        if found is not None:
            yield found


def _paragraph(figure: Figure) -> int:
    return int(figure.claim["paragraph"])


def _sum(parts: Sequence[Figure], like: Figure) -> str:
    """`60 + 40 = 100亿元` in the digits of a figure."""
    number = like.number or parts[0].number
    assert number is not None  # parts have one
    total = joined(part.interval for part in parts)
    return f"{' + '.join(part.written for part in parts)} = {shown(total.value, number)}{_tail(like)}"


def _tail(figure: Figure) -> str:
    """What stands behind the digits of a figure: 亿元."""
    text = fold(str(figure.claim["text"]))
    digits = _DIGITS.match(text)
    return text[digits.end() :] if digits else str(figure.claim["unit"])


@rule
def parts_of_whole(report: Report) -> Iterator[Finding]:
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
                yield from report.differs("parts_of_whole", [total, *parts], added, arithmetic)


def _parts(report: Report, whole: Whole, total: Figure) -> list[Figure]:
    """The parts of a whole that stand nearest to its total; none unless all are there."""
    if any(report.nearest(part, total) is not None for part in whole.without):
        return []
    parts = [report.nearest(part, total) for part in (*whole.parts, *whole.minus)]
    return [] if None in parts else [part for part in parts if part is not None]


def _made(whole: Whole, parts: Sequence[Figure], like: Figure | None = None) -> tuple[Interval, str]:
    """What the parts of a whole make, and in words."""
    count = len(whole.parts)
    added = joined(part.interval for part in parts[:count]) - joined(one.interval for one in parts[count:])
    if like is None or like.number is None:
        return added, ""
    words = " + ".join(part.written for part in parts[:count])
    words += "".join(f" - {part.written}" for part in parts[count:])
    return added, f"{words} = {shown(added.value, like.number)}{_tail(like)}"


def _lists(report: Report) -> Iterator[tuple[Figure, list[Figure]]]:
    """Totals, each with the parts that 其中 says are among them."""
    before: Sequence[Figure] = ()
    for sentence in report.sheet.sentences:
        joins = before and _paragraph(before[-1]) == _paragraph(sentence[0])
        figures = [*(before if joins else ()), *sentence]
        first, before = len(figures) - len(sentence), sentence
        for at in range(max(1, first), len(figures)):
            said = report.sheet.between(figures[at - 1], figures[at])
            if not report.says("among", said):
                continue
            total = next((one for one in reversed(figures[:at]) if _level(one)), None)
            parts = _run(report, figures[at - 1 :], ends="" if at == first else "；")
            if total is not None and parts and parts[0].measured == total.measured:
                yield total, parts


def _level(figure: Figure) -> bool:
    return figure.claim["kind"] == "level" and figure.number is not None


def _run(report: Report, figures: Sequence[Figure], *, ends: str) -> list[Figure]:
    """The levels of a list: to its end, to the next list in it, and without what is in brackets.

    Args:
        report: that they are from.
        figures: the one before the list and those from its first on.
        ends: a mark that ends the list, if there is one.
    """
    parts: list[Figure] = []
    depth = 0
    for number, (last, figure) in enumerate(pairwise(figures)):
        said = report.sheet.between(last, figure)
        if number == 0:  # what stands before 其中 is no part of the list
            said = said[max(said.rfind(word) for word in report.known.words["among"]) :]
        elif report.says("among", said) or report.says("again", said) or (ends and ends in said):
            break
        depth += said.count("（") - said.count("）")
        if depth < 0:
            break
        if depth or figure.claim["kind"] != "level":
            continue
        if not _level(figure) or (parts and (figure.measured != parts[0].measured or figure.key == parts[-1].key)):
            break
        parts.append(figure)
    return parts


def _slip(total: Figure, parts: Sequence[Figure]) -> bool:
    """Do parts miss their total narrowly, and no choice of them makes it up?

    What is far from a total was never meant to be it; and where some of the parts make it up, the others are
    parts of these or of something else.
    """
    added = joined(part.interval for part in parts)
    if abs(added.value - total.interval.value) > _SLIP * abs(total.interval.value):
        return False
    chosen = [parts[:end] for end in range(1, len(parts))]
    if len(parts) <= _CHOICES:
        chosen = [some for size in range(1, len(parts) + 1) for some in map(list, combinations(parts, size))]
    return not any(joined(one.interval for one in some).meets(total.interval) for some in chosen)


def _adds(report: Report, figure: Figure) -> bool:
    """Is an indicator one whose parts add up: no mean, price or rate?"""
    return not report.says("mean", figure.claim["indicator"])


@rule
def parts_over_total(report: Report) -> Iterator[Finding]:
    """What is among a total is not more than it.

    >>> found(parts_over_total, "全年新建学校32所，其中小学20所、幼儿园14所。")
    ['20所 + 14所 = 34所, stated 32所']
    >>> found(parts_over_total, "全年新建学校32所，其中小学18所、幼儿园12所。")
    []
    """
    for total, parts in _lists(report):
        added = joined(part.interval for part in parts)
        excess = added.value - total.interval.value
        # one that is smaller than the excess may be no part of it
        if excess > 0 and len(parts) > 1 and all(part.interval.value > excess for part in parts):
            if _adds(report, total) and _slip(total, parts):
                yield from report.differs("parts_over_total", [total, *parts], added, _sum(parts, total))


@rule
def sum_of_list(report: Report) -> Iterator[Finding]:
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
            if not _level(total) or not report.says("total", report.sheet.between(sentence[at - 1], total)):
                continue
            parts = _before(report, sentence[: at + 1])
            if len(parts) > 1 and _slip(total, parts) and not _begun(report, sentence, parts, total):
                added = joined(part.interval for part in parts)
                yield from report.differs("sum_of_list", [total, *parts], added, _sum(parts, total))


def _begun(report: Report, sentence: Sequence[Figure], parts: Sequence[Figure], total: Figure) -> bool:
    """Does a list go on from a figure before it (加上…), so that the parts are not all there are?"""
    first = parts[0]
    if report.says("again", report.sheet.opening(first)):
        return True
    added = joined(part.interval for part in parts)
    earlier = sentence[: sentence.index(first)]
    return any(_level(one) and (added + one.interval).meets(total.interval) for one in earlier)


def _before(report: Report, figures: Sequence[Figure]) -> list[Figure]:
    """The levels of a list that a sum stands behind, back to its beginning, without what is in brackets."""
    parts: list[Figure] = []
    total, depth = figures[-1], 0
    for one, after in zip(reversed(figures[:-1]), reversed(figures[1:]), strict=True):
        said = report.sheet.between(one, after)
        depth += said.count("）") - said.count("（")
        if "；" in said or depth < 0:
            break
        if depth or one.claim["kind"] != "level":
            continue
        if not _level(one) or one.measured != total.measured:
            break
        parts.insert(0, one)
    return parts


def _quotient(part: Figure, whole: Figure, rate: Figure, per: int) -> tuple[Interval | None, str]:
    """A part divided by a whole in the digits of a rate, and in words."""
    ratio = part.interval.over(whole.interval)
    if ratio is None or rate.number is None:
        return None, ""
    made = ratio * Interval.exact(per)
    return made, f"{part.written} ÷ {whole.written} = {shown(made.value, rate.number, 1)}{_tail(rate)}"


@rule
def share_of_whole(report: Report) -> Iterator[Finding]:
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
def ratio_of_figures(report: Report) -> Iterator[Finding]:
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


def _divided(report: Report, check: str, rate: Figure, part: str, whole: str, per: int) -> Iterator[Finding]:
    for one in report.levels(part):
        if one.about[:3] != rate.about[:3] or abs(_paragraph(one) - _paragraph(rate)) > _NEAR:
            continue
        total = report.nearest(whole, rate, unit=one.about[3])
        if total is not None:
            expected, arithmetic = _quotient(one, total, rate, per)
            if expected is not None:
                yield from report.differs(check, [rate, one, total], expected, arithmetic)
            return


@rule
def structure_of_hundred(report: Report) -> Iterator[Finding]:
    """The parts of a structure add up to 100, and shares of one thing to no more.

    >>> found(structure_of_hundred, "三次产业结构为10.7∶43.0∶48.3。")
    ['10.7 + 43.0 + 48.3 = 102.0, not 100']
    >>> found(structure_of_hundred, "三次产业结构为10.7∶43.0∶46.3。")
    []
    """
    for sentence in report.sheet.sentences:
        for parts, complete in (*_structures(sentence), *_shares(sentence)):
            added = joined(part.interval for part in parts)
            over = _HUNDRED.value < added.value <= _HUNDRED.value * (1 + _SLIP)
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
def change_and_growth(report: Report) -> Iterator[Finding]:
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
            arithmetic = f"{added.written} ÷ ({level.written} - {added.written}) = {made}{_tail(growth)}"
            yield from report.differs("change_and_growth", [growth, level, added], expected, arithmetic)


def _corners(level: Interval, added: Interval) -> Interval:
    """The growth in per cent of what came to a level by an addition."""

    def growth(whole: Fraction, more: Fraction) -> Fraction:
        return more / (whole - more) * 100

    corners = [growth(a, b) for a in (level.low, level.high) for b in (added.low, added.high)]
    return Interval(min(corners), growth(level.value, added.value), max(corners))


def _grown(report: Report, sentence: Sequence[Figure]) -> Iterator[tuple[Figure, Figure, Figure]]:
    """Level, change and growth of one indicator that follow each other, compared with one time."""
    for level, one, two in zip(sentence, sentence[1:], sentence[2:], strict=False):
        if not _level(level) or level.key != one.key or one.key != two.key:
            continue
        if {one.claim["kind"], two.claim["kind"]} != {"change"} or None in (one.number, two.number):
            continue
        if len({figure.about[:3] for figure in (level, one, two)}) > 1:
            continue
        added, growth = (one, two) if one.about[3] == level.about[3] else (two, one)
        if added.about[3] != level.about[3] or growth.claim["dimension"] != "percent":
            continue
        said = report.sheet.between(one, two)
        if report.known.at_constant_prices(level.key) or report.says("compared", said):
            continue
        if not report.real(growth):
            yield level, added, growth


@rule
def start_and_growth(report: Report) -> Iterator[Finding]:
    """From one level to another: the growth is their quotient.

    >>> text = "一般公共预算收入由2023年的100.0亿元增加到2024年的112.0亿元，增长{}%。"
    >>> found(start_and_growth, text.format("15.0"))
    ['112.0亿元 ÷ 100.0亿元 - 1 = 12.00%, stated 15.0%']
    >>> found(start_and_growth, text.format("12.0"))
    []
    """
    for sentence in report.sheet.sentences:
        for start, end, growth in zip(sentence, sentence[1:], sentence[2:], strict=False):
            if start.claim["rule"] != "start_value" or not _level(start) or not _level(end):
                continue
            if not start.key == end.key == growth.key or start.about[1:] != end.about[1:]:
                continue
            if growth.claim["kind"] != "change" or growth.claim["dimension"] != "percent":
                continue
            ratio = end.interval.over(start.interval)
            if ratio is None or growth.number is None or report.real(growth):
                continue
            expected = (ratio - Interval.exact(1)) * _HUNDRED
            made = f"{shown(expected.value, growth.number, 1)}{_tail(growth)}"
            arithmetic = f"{end.written} ÷ {start.written} - 1 = {made}"
            yield from report.differs("start_and_growth", [growth, end, start], expected, arithmetic)


#: The checks of one report, in their order.
INSIDE: Final[tuple[Callable[[Report], Iterator[Finding]], ...]] = (
    parts_of_whole,
    parts_over_total,
    sum_of_list,
    share_of_whole,
    ratio_of_figures,
    structure_of_hundred,
    change_and_growth,
    start_and_growth,
)
