"""An indicator over the years, its targets beside its results."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain, pairwise
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, Final

import regex

from zhreport.errors import UsageError
from zhreport.labels import label
from zhreport.panel import default_catalogue
from zhreport.plots.canvas import COLOURS, GREY, canvas, colours, finish
from zhreport.plots.sources import get, items, year_of
from zhreport.report import Report

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D

__all__ = ["plot_indicator"]

_PERIOD: Final = regex.compile(r"([0-9]{4})(?:/([0-9]{4}))?")
_SCALES: Final = ((Decimal(10**12), "万亿"), (Decimal(10**8), "亿"), (Decimal(10**4), "万"))


@dataclass(frozen=True, slots=True)
class _Point:
    """A value of one year, or of the years from `first` to `last`."""

    series: str
    first: int
    last: int
    measure: str
    unit: str
    low: Decimal
    high: Decimal
    relation: str
    target: bool

    @property
    def middle(self) -> Decimal:
        return (self.low + self.high) / 2


def _of_report(report: Report, wanted: Callable[[Any], bool], series: str) -> Iterator[_Point]:
    year = report.document.year
    for claim in report.claims:
        if wanted(claim):
            yield from _of_claim(claim, year.value, year.reviewed, series)


def _of_claim(claim: Any, year: int | None, reviewed: int | None, series: str) -> Iterator[_Point]:  # noqa: ANN401
    """The point of a claim, or of a row with its fields."""
    target = get(claim, "status") == "target"
    period = str(get(claim, "period") or "")
    own = year if target else reviewed
    if match := _PERIOD.fullmatch(period):
        first, last = int(match[1]), int(match[2] or match[1])
    elif period or own is None:
        return  # part of a year, or nothing says which year
    else:
        first = last = own
    ends = [
        Decimal(str(x)) for x in (get(claim, "value"), get(claim, "low"), get(claim, "high")) if x is not None
    ]
    if not ends:
        return
    sign = -1 if get(claim, "direction") == "down" else 1
    low, high = sorted((sign * min(ends), sign * max(ends)))
    relation = str(get(claim, "relation") or "eq")
    yield _Point(
        series,
        first,
        last,
        str(get(claim, "kind") or ""),
        str(get(claim, "unit") or ""),
        low,
        high,
        _turned(relation) if sign < 0 else relation,
        target,
    )


def _turned(relation: str) -> str:
    """The relation of a negated value: down by at least 3 % is a change of at most -3 %."""
    return {"gt": "lt", "ge": "le", "lt": "gt", "le": "ge"}.get(relation, relation)


def _of_row(row: Any, series: str) -> Iterator[_Point]:  # noqa: ANN401 - a dict or an object
    if get(row, "measure") is None and get(row, "kind") is not None:  # of a table of claims
        year, reviewed = year_of(row), get(row, "year_reviewed")
        yield from _of_claim(row, year, None if reviewed is None else int(reviewed), series)
        return
    ends = [Decimal(str(x)) for x in (get(row, "value"), get(row, "low"), get(row, "high")) if x is not None]
    year = year_of(row)
    if not ends or year is None:
        return
    yield _Point(
        series or str(get(row, "region") or ""),
        year,
        year,
        str(get(row, "measure") or ""),
        str(get(row, "unit") or ""),
        min(ends),
        max(ends),
        str(get(row, "relation") or "eq"),
        get(row, "status") == "target",
    )


def plot_indicator(
    records: Any,  # noqa: ANN401 - whatever holds reports or rows
    indicator: str | Callable[[Any], bool],
    *,
    measure: str = "",
    unit: str = "",
    series: Callable[[Any], str] | None = None,
    spans: bool = False,
    title: str = "",
    ax: "Axes | None" = None,
    font: str | Path | None = None,
    language: str = "zh",
) -> "Axes":
    """Draw an indicator over the years: results as a line with dots, targets as bars across their years.

    A target range is a band; ▲ on a target says at least (以上, 不低于), ▼ at most; a broken bar says about
    (左右). A decrease is negative. The line is broken where a year is missing, and goes through the median
    where statements differ, which small dots show. Claims about part of a year are left out.

    Args:
        records: reports, a corpus, a panel, or a table of claims or of a panel: a data frame of pandas or
            polars, an Arrow table, or rows (dicts or objects). Of the table of a panel `region`, `year`,
            `indicator`, `measure`, `value`, `low`, `high`, `relation` and `status` are read, of claims
            `kind`, `direction` and `period` too; claims without a period are left out where nothing says
            which year their report reviews.
        indicator: the name of the indicator (of a row also its `name`), or a function that says which claims
            or rows to draw.
        measure: of claims the kind (`level`, `change`…), of rows their `measure`; the most frequent if not
            given.
        unit: the unit; the most frequent one of the measure if not given.
        series: names the line that a report or a row belongs to; by default all reports are one line, and
            rows are one line for each region.
        spans: draw also what is said of several years (means and sums of a plan, mostly), across them.
        title: the name of the indicator if not given.
        ax: where to draw; a new figure if not given.
        font: a font file or family, see `find_font`.
        language: of the labels, `zh` or `en`.

    Raises:
        UsageError: nothing to draw, or more than nine lines.
        InputError: no font has the characters of the labels.
        MissingExtraError: matplotlib is not installed.
    """
    label(language, "words", "")
    points = [p for p in _points(records, indicator, series) if spans or p.first == p.last]
    if measure:
        points = [p for p in points if p.measure == measure]
    if not points:
        name = indicator if isinstance(indicator, str) else "this choice"
        raise UsageError(
            f"no yearly {measure or 'values'} of {name} in these records; look at their indicators"
        )
    measure = measure or Counter(p.measure for p in points).most_common(1)[0][0]
    points = [p for p in points if p.measure == measure]
    unit = unit or Counter(p.unit for p in points).most_common(1)[0][0]
    points = [p for p in points if p.unit == unit]
    if not points:
        raise UsageError(f"no {measure} in {unit} among these records")
    names = list(dict.fromkeys(p.series for p in points))
    if len(names) > len(COLOURS):
        raise UsageError(f"{len(names)} lines are too many to tell apart: choose at most {len(COLOURS)}")
    ax = canvas(ax)
    largest = max(max(abs(p.low), abs(p.high)) for p in points)
    scale, prefix = next(((s, word) for s, word in _SCALES if largest >= s), (Decimal(1), ""))
    several, palette = len(names) > 1, colours(ax)
    entries: list[tuple[Any, str]] = []
    seen: set[str] = set()
    for number, name in enumerate(names):
        own = [p for p in points if p.series == name]
        targets = [p for p in own if p.target]
        seen |= _draw_targets(targets, ax, scale, palette[number if several else 1])
        line = _draw_results([p for p in own if not p.target], ax, scale, palette[number])
        if several or len(targets) < len(own):
            entries.append((line, name if several else label(language, "words", "actual")))
    entries += [
        (_key(kind, GREY if several else palette[1]), label(language, "words", kind))
        for kind in _TARGETS
        if kind in seen
    ]
    if measure in ("rank", "growth_rank"):
        ax.yaxis.set_inverted(True)
    in_unit = prefix + unit
    what = label(language, "kinds", measure)
    ylabel = f"{what}（{in_unit}）" if language == "zh" else f"{what} ({in_unit})"
    title = title or (_named(indicator, language) if isinstance(indicator, str) else "")
    years = chain.from_iterable((p.first, p.last) for p in points)
    finish(ax, years, title, ylabel if in_unit else what, entries, font)
    return ax


_TARGETS: Final = ("target", "at_least", "at_most", "about", "range")
_KINDS: Final = {"ge": "at_least", "gt": "at_least", "le": "at_most", "lt": "at_most", "approx": "about"}
_MARKS: Final = {"at_least": "^", "at_most": "v"}
_DASHES: Final[tuple[float, tuple[float, ...]]] = (0, (1.5, 0.8))
_BAR: Final[dict[str, Any]] = {"linewidth": 3, "solid_capstyle": "butt"}


def _points(
    records: Any,  # noqa: ANN401
    indicator: str | Callable[[Any], bool],
    series: Callable[[Any], str] | None,
) -> Iterator[_Point]:
    def wanted(record: Any) -> bool:  # noqa: ANN401
        if callable(indicator):
            return indicator(record)
        row = record if isinstance(record, Mapping) else None
        names = [row.get(n) if row is not None else getattr(record, n, None) for n in ("indicator", "name")]
        return indicator in names

    for record in items(records, "claims"):
        name = series(record) if series else ""
        if isinstance(record, Report):
            yield from _of_report(record, wanted, name)
        elif wanted(record):
            yield from _of_row(record, name)


def _named(indicator: str, language: str) -> str:
    """The name of an indicator that is given by its id, else what is given."""
    known = default_catalogue().indicators.get(indicator)
    return indicator if known is None else known.name if language == "zh" else known.english


def _draw_results(points: list[_Point], ax: "Axes", scale: Decimal, colour: str) -> "Line2D":
    """Dots for all results and a line through the median of each year; returns the line."""
    by_year: dict[int, set[Decimal]] = {}
    for p in points:
        if p.first == p.last:
            by_year.setdefault(p.first, set()).add(p.middle / scale)
        else:
            ax.hlines(float(p.middle / scale), p.first - 0.35, p.last + 0.35, colors=colour, linewidth=1.5)
    years = sorted(by_year)
    xs: list[float] = []
    ys: list[float] = []
    for before, year in pairwise([None, *years]):
        assert year is not None
        if before is not None and year - before > 1:
            xs.append(before + 0.5)
            ys.append(float("nan"))
        xs.append(year)
        ys.append(float(median(by_year[year])))
    (line,) = ax.plot(xs, ys, "-o", color=colour, linewidth=1.8, markersize=5, zorder=3)
    spread = [(year, float(v)) for year in years if len(by_year[year]) > 1 for v in sorted(by_year[year])]
    if spread:
        ax.plot(*zip(*spread, strict=True), "o", color=colour, markersize=3, alpha=0.5, zorder=2.5)
    return line


def _draw_targets(points: list[_Point], ax: "Axes", scale: Decimal, colour: str) -> set[str]:
    """A bar across the years of each target, a band for a range; returns which of `_TARGETS` there are."""
    seen = set()
    for p in dict.fromkeys(points):
        low, high = float(p.low / scale), float(p.high / scale)
        left, right = p.first - 0.35, p.last + 0.35
        if low != high:
            kind = "range"
            (band,) = ax.bar(
                left, high - low, width=right - left, bottom=low, align="edge",
                color=colour, alpha=0.3, edgecolor=colour,
            )  # fmt: skip
            band.sticky_edges.y.clear()  # leave room below it as below the other marks
        else:
            kind = _KINDS.get(p.relation, "target")
            style = _DASHES if kind == "about" else "solid"
            ax.plot([left, right], [low, low], color=colour, linestyle=style, zorder=2, **_BAR)
            if kind in _MARKS:
                ax.plot([(left + right) / 2], [low], _MARKS[kind], color=colour, markersize=8, zorder=2)
        seen.add(kind)
    return seen


def _key(kind: str, colour: str) -> "Artist":
    """What stands in the legend for a kind of target."""
    from matplotlib.lines import Line2D  # noqa: PLC0415 - an optional extra
    from matplotlib.patches import Patch  # noqa: PLC0415

    if kind == "range":
        return Patch(facecolor=colour, edgecolor=colour, alpha=0.3)
    line = Line2D([], [], color=colour, marker=_MARKS.get(kind, ""), markersize=8, **_BAR)
    line.set_linestyle(_DASHES if kind == "about" else "solid")
    return line
