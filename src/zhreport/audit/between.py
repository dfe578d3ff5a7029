"""Checks of the figures of reports against those of other reports, by region, year and indicator."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Final

from zhreport.audit.figures import Figure, difference, exact
from zhreport.audit.findings import SPOKEN, Finding, Place
from zhreport.audit.interval import Interval, shown
from zhreport.audit.knowledge import Knowledge, knowledge
from zhreport.panel import PanelDocument, PanelRow
from zhreport.panel.statements import Statement
from zhreport.rules import rule

__all__ = ["BETWEEN", "Cell", "Reports", "Said", "cell_of"]

#: Region, year, indicator, measure, status, scope and unit.
Cell = tuple[str, int, str, str, str, str, str]
_RANKS: Final = ("rank", "growth_rank")
_VALUES: Final = 50  # values of a cell that others are held against


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a report says of a cell.

    Attributes:
        statement: of the panel.
        figure: the claim that it was made of, its number in the unit of the cell.
        report: the report, without claims and text.
        real: a growth without the change of prices, or a mean over years.
        guest: the report is that of another place, such as the province of a city.
        follows: of a rank, what kind of figure of its indicator stands right before it in its sentence.
    """

    statement: Statement
    figure: Figure
    report: PanelDocument
    real: bool = False
    guest: bool = False
    follows: str = ""

    @property
    def row(self) -> PanelRow:
        """The row of the panel."""
        return self.statement.row


def cell_of(row: PanelRow) -> Cell:
    """The cell of a row; a place without a name is like no other."""
    region = row.region_code or row.region or f"{row.file} {row.doc}"
    return region, row.year, row.indicator, row.measure, row.status, row.scope, row.unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Reports:
    """What all reports say.

    Attributes:
        cells: what is said of each cell, in the order of the reports; second targets (力争7%) are left out.
        documents: the reports, without claims and text.
        spoken: indicators that a report speaks of with a figure, by its file and name.
        known: what figures belong together.
    """

    cells: Mapping[Cell, Sequence[Said]]
    documents: Sequence[PanelDocument]
    spoken: Mapping[tuple[str, str], AbstractSet[str]]
    known: Knowledge = field(default_factory=knowledge)

    def at(
        self, cell: Cell, *, year: int | None = None, measure: str = "", status: str = "", unit: str = ""
    ) -> Sequence[Said]:
        """What is said of a cell that differs from another in year, measure, status or unit."""
        region, own_year, indicator, own_measure, own_status, scope, own_unit = cell
        return self.cells.get(
            (
                region,
                year or own_year,
                indicator,
                measure or own_measure,
                status or own_status,
                scope,
                unit or own_unit,
            ),
            (),
        )


def _first(said: Sequence[Said]) -> Said | None:
    """The first that the reports of the place itself say."""
    return next((one for one in said if not one.guest), None)


def _same(one: Said, other: Said) -> bool:
    """Are both said in one report?"""
    return (one.row.file, one.row.doc) == (other.row.file, other.row.doc)


def _agree(one: Said, other: Said) -> bool:
    """Can both be true, by their digits or by their bounds?"""
    a, b = one.figure, other.figure
    if a.number is None or b.number is None:
        return one.statement.agrees(other.statement)
    return a.interval.meets(b.interval)


def _against(check: str, one: Said, other: Said) -> Finding:
    """A statement against another one about the same cell that it does not agree with."""
    arithmetic = f"stated {one.row.text} and {other.row.text}"
    figures = (one.figure, other.figure)
    if one.figure.number is not None and other.figure.number is not None:
        made = difference(
            check, one.report, figures, other.figure.interval, arithmetic, stated=one.figure.interval
        )
        if made is not None:
            return replace(made, unit=one.row.unit, year=one.row.year)
    made = _bare(check, "differs", one, arithmetic, (one.figure.place, other.figure.place))
    if one.row.value is None or other.row.value is None:
        return made
    return replace(
        made, expected=other.row.value, difference=exact(Fraction(one.row.value) - Fraction(other.row.value))
    )


def _bare(check: str, outcome: str, said: Said, arithmetic: str, places: tuple[Place, ...]) -> Finding:
    """A finding without a difference: of bounds, ranges and what is not mentioned."""
    return Finding(
        check=check,
        outcome=outcome,
        region=said.report.region,
        region_code=said.report.region_code,
        level=said.report.level,
        year=said.row.year,
        indicator=said.row.indicator,
        arithmetic=arithmetic,
        stated=said.row.value,
        expected=None,
        difference=None,
        tolerance=None,
        unit=said.row.unit,
        places=places,
    )


def _comparable(one: Said, other: Said) -> bool:
    """Are two statements about the same, beyond their cell?

    One of them may be a growth without the change of prices, or the rank of a growth. In one report, two in
    one sentence go from one to the other, and another wording is another thing (地方财政收入).
    """
    if _same(one, other) and (
        one.figure.sentence == other.figure.sentence or one.figure.wording != other.figure.wording
    ):
        return False
    return (one.real, one.follows) == (other.real, other.follows)


def _pairs(reports: Reports) -> Iterator[tuple[Said, Said]]:
    """Each statement with the first one before it about the same cell that it does not agree with."""
    for said in reports.cells.values():
        values: list[Said] = []
        for one in said:
            alike = [old for old in values if _comparable(one, old)]
            other = next((old for old in alike if not _agree(one, old)), None)
            if other is not None:
                yield one, other
            if (other is not None or not alike) and len(values) < _VALUES:
                values.append(one)


@rule
def two_values(reports: Reports) -> Iterator[Finding]:
    """A report gives an indicator one value for a year.

    >>> found(two_values, "全年粮食产量80.5万吨。农业方面，粮食产量85.0万吨。")
    ['stated 85.0万吨 and 80.5万吨']
    >>> found(two_values, "全年粮食产量80.5万吨。农业方面，粮食产量超过80万吨。")
    []
    """
    yield from _twice(reports, "two_values", ranks=False)


@rule
def two_ranks(reports: Reports) -> Iterator[Finding]:
    """A report gives an indicator one place among the same others.

    >>> found(two_ranks, "上年地区生产总值增速居全省第2位。上年地区生产总值增速居全省第3位。")
    ['stated 第3位 and 第2位']
    >>> found(two_ranks, "上年地区生产总值增速居全省第2位。上年地区生产总值增速居全国第30位。")
    []
    """
    yield from _twice(reports, "two_ranks", ranks=True)


def _twice(reports: Reports, check: str, *, ranks: bool) -> Iterator[Finding]:
    for one, other in _pairs(reports):
        if _same(one, other) and (one.row.measure in _RANKS) is ranks:
            yield _against(check, one, other)


@rule
def result_restated(reports: Reports) -> Iterator[Finding]:
    """What a report says of an earlier year is what the report of that time said, or another of its time.

    >>> last, now = "上年粮食产量80.5万吨。", "粮食产量由2023年的{}万吨增加到2024年的90.0万吨。"
    >>> found(result_restated, last, now.format("85.5"))
    ['stated 85.5万吨 and 80.5万吨']
    >>> found(result_restated, last, now.format("80.5"))
    []
    """
    for one, other in _pairs(reports):
        if not _same(one, other) and one.row.status == "actual" and not (one.guest or other.guest):
            yield _against("result_restated", one, other)


@rule
def place_in_report(reports: Reports) -> Iterator[Finding]:
    """What the report of a province says of a city is what the city says.

    >>> city = ("云岭市", "上年地区生产总值1862.4亿元。")
    >>> found(place_in_report, city, ("青川省", "上年云岭市地区生产总值1892.4亿元。"))
    ['stated 1862.4亿元 and 1892.4亿元']
    >>> found(place_in_report, city, ("青川省", "上年云岭市地区生产总值超过1800亿元。"))
    []
    """
    for one, other in _pairs(reports):
        if one.guest != other.guest and one.row.status == "actual":
            yield _against("place_in_report", *((other, one) if one.guest else (one, other)))


@rule
def level_and_growth(reports: Reports) -> Iterator[Finding]:
    """The level of a year is that of the year before and the growth between them.

    >>> last, now = "上年一般公共预算收入100.0亿元。", "上年一般公共预算收入110.0亿元，增长{}%。"
    >>> found(level_and_growth, last, now.format("6.0"))
    ['100.0亿元 × (1 + 6.0%) = 106.0亿元, stated 110.0亿元']
    >>> found(level_and_growth, last, now.format("10.0"))
    []
    """
    for cell, said in reports.cells.items():
        if cell[3] != "level" or cell[4] != "actual" or reports.known.at_constant_prices(cell[2]):
            continue
        growths = reports.at(cell, measure="growth", unit="%")
        for level in (one for one in said if not one.guest):
            grown = next((one for one in growths if _same(one, level) and not one.real), None)
            before = _first(reports.at(cell, year=cell[1] - 1))
            if grown is None or before is None:
                continue
            found = _grown(level, before, grown)
            if found is not None:
                yield found
                break


def _grown(level: Said, before: Said, growth: Said) -> Finding | None:
    number = level.figure.number
    if number is None or before.figure.number is None or growth.figure.number is None:
        return None
    factor = growth.figure.interval * Interval.exact(Fraction(1, 100)) + Interval.exact(1)
    expected = before.figure.interval * factor
    digits = shown(expected.value, number)
    arithmetic = f"{before.row.text} × (1 + {growth.figure.written}) = {digits}{level.figure.tail}"
    figures = (level.figure, before.figure, growth.figure)
    made = difference("level_and_growth", level.report, figures, expected, arithmetic)
    return None if made is None else replace(made, unit=level.row.unit, year=level.row.year)


@rule
def target_and_result(reports: Reports) -> Iterator[Finding]:
    """What the report of a year aims at is held against what the next one says of that year.

    >>> last, now = "今年力争地区生产总值增长7%以上。", "上年地区生产总值增长{}%。"
    >>> found(target_and_result, last, now.format("6.1"))
    ['missed: aimed at 7%, ge; result 6.1%']
    >>> found(target_and_result, last, "上年粮食产量85万吨。")
    ['not_mentioned: aimed at 7%, ge']
    >>> found(target_and_result, last)
    []
    """
    following = {
        (document.region_code or document.region, document.year): document
        for document in reversed(reports.documents)
        if document.year is not None
    }
    for cell, said in reports.cells.items():
        target = next((one for one in said if one.row.report_year == cell[1] and not one.guest), None)
        if cell[4] != "target" or target is None:
            continue
        report = following.get((cell[0], cell[1] + 1))
        results = [one for one in reports.at(cell, status="actual") if not _same(one, target)]
        result = _first(results)
        if result is not None:
            yield _aimed(reports, target, result)
        elif report is not None and report.genre == target.report.genre:
            spoken = cell[2] in reports.spoken[report.file, report.name]
            rule_ = SPOKEN if spoken else ""
            lacking = Place(file=report.file, doc=report.name, report_year=report.year, indicator_rule=rule_)
            aim = f"aimed at {target.row.text}, {target.row.relation}"
            places = (target.figure.place, lacking)
            yield _bare("target_and_result", "not_mentioned", target, f"not_mentioned: {aim}", places)


def _reached(reports: Reports, target: Said, result: Said) -> bool:
    """Is a result at the target or beyond it, on the side that is aimed at?"""
    aim, made = target.statement, result.statement
    low = aim.row.indicator in reports.known.lower and aim.row.relation not in ("gt", "ge")
    if low or aim.row.relation in ("lt", "le"):
        return aim.high is None or made.low is None or made.low <= aim.high
    return aim.low is None or made.high is None or made.high >= aim.low


def _aimed(reports: Reports, target: Said, result: Said) -> Finding:
    """A target beside its result."""
    outcome = "reached" if _reached(reports, target, result) else "missed"
    arithmetic = f"{outcome}: aimed at {target.row.text}, {target.row.relation}; result {result.row.text}"
    places = (target.figure.place, result.figure.place)
    return _bare("target_and_result", outcome, target, arithmetic, places)


#: The checks of what all reports say, in their order.
BETWEEN: Final[tuple[Callable[[Reports], Iterator[Finding]], ...]] = (
    two_values,
    two_ranks,
    result_restated,
    place_in_report,
    level_and_growth,
    target_and_result,
)
