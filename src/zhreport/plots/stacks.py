"""Themes and campaigns over the years, as stacked bars."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zhreport.campaigns import KINDS
from zhreport.errors import UsageError
from zhreport.labels import label
from zhreport.plots.canvas import COLOURS, GREY, canvas, colours, finish
from zhreport.plots.sources import get, items, year_of
from zhreport.report import Report

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["campaigns_by_year", "plot_campaigns", "plot_themes", "theme_shares"]


def theme_shares(
    reports: Any,  # noqa: ANN401
    *,
    by: str = "paragraphs",
) -> dict[int, dict[str, float]]:
    """Year → main theme → its share of the running paragraphs that have a theme, the years in order.

    Headings, paragraphs without a theme and reports without a year are left out.

    Args:
        reports: any number for a year; their paragraphs are put together. Reports, a corpus, or a table of
            paragraphs: a data frame of pandas or polars, an Arrow table, or rows.
        by: count `paragraphs` or their `characters`.

    Raises:
        UsageError: another `by`.
    """
    if by not in ("paragraphs", "characters"):
        raise UsageError(f"shares by {by!r}: use paragraphs or characters")
    counts: dict[int, Counter[str]] = {}
    for year, theme, size in _themed(reports):
        counts.setdefault(year, Counter())[theme] += 1 if by == "paragraphs" else size
    return {
        year: {theme: count / counts[year].total() for theme, count in sorted(counts[year].items())}
        for year in sorted(counts)
    }


def _themed(source: Any) -> Iterator[tuple[int, str, int]]:  # noqa: ANN401
    """Year, main theme and characters of each running paragraph that has a theme."""
    for item in items(source, "paragraphs"):
        if isinstance(item, Report):
            year = item.document.year.value
            for p in item.paragraphs if year is not None else ():
                if p.themes and not p.heading:
                    yield year, p.themes[0].theme, p.end - p.start  # type: ignore[misc]
            continue
        own, theme = year_of(item), get(item, "theme")
        if own is not None and theme is not None and not get(item, "heading"):
            start, end = get(item, "clean_start"), get(item, "clean_end")
            yield own, str(theme), int(end) - int(start) if end is not None and start is not None else 0


def plot_themes(
    reports: Any,  # noqa: ANN401
    *,
    by: str = "paragraphs",
    most: int = 8,
    title: str = "",
    ax: "Axes | None" = None,
    font: str | Path | None = None,
    language: str = "zh",
) -> "Axes":
    """Draw the shares of the main themes of each year as stacked bars, the largest theme at the bottom.

    Args:
        reports: with themes; see `theme_shares` for what is counted.
        by: count `paragraphs` or their `characters`.
        most: how many themes have a colour of their own (1 to 9); the others are put together.
        title: none if not given.
        ax: where to draw; a new figure if not given.
        font: a font file or family, see `find_font`.
        language: of the labels, `zh` or `en`.

    Raises:
        UsageError: no report has a year and themes, or `most` is out of range.
        InputError: no font has the characters of the labels.
        MissingExtraError: matplotlib is not installed.
    """
    if not 1 <= most <= len(COLOURS):
        raise UsageError(f"{most} themes: use 1 to {len(COLOURS)}, which can be told apart")
    shares = theme_shares(reports, by=by)
    if not shares:
        raise UsageError("no themes to draw: the reports need a year and an analyzer with themes")
    total: Counter[str] = Counter()
    for row in shares.values():
        total.update(row)
    ranked = sorted(total, key=lambda theme: (-total[theme], theme))
    shown = ranked[:most]
    layers = [
        (label(language, "themes", theme), {year: 100 * row.get(theme, 0.0) for year, row in shares.items()})
        for theme in shown
    ]
    if len(ranked) > most:
        rest = {y: 100 * sum(v for t, v in row.items() if t not in shown) for y, row in shares.items()}
        layers.append((label(language, "words", "other"), rest))
    ylabel = label(language, "words", f"share_of_{by}")
    ax = _stacked(canvas(ax), layers, list(shares), title, ylabel, font, rest=len(ranked) > most)
    ax.set_ylim(0, 100)
    return ax


def campaigns_by_year(
    reports: Any,  # noqa: ANN401
    *,
    count: str = "campaigns",
    per_report: bool = False,
) -> dict[int, dict[str, float]]:
    """Year → kind → number of campaigns, the years and kinds in order.

    Args:
        reports: any number for a year; those without a year are left out, those without campaigns count.
            Reports, a corpus, or a table of campaigns: a data frame of pandas or polars, an Arrow table, or
            rows; a table does not know the reports without campaigns.
        count: `campaigns`, each once a report, or their `mentions`.
        per_report: divide by the number of reports of the year.

    Raises:
        UsageError: another `count`.
    """
    if count not in ("campaigns", "mentions"):
        raise UsageError(f"count {count!r}: use campaigns or mentions")
    counts: dict[int, Counter[str]] = {}
    number: Counter[int] = Counter()
    for year, kinds in _counted(reports):
        number[year] += 1
        own = counts.setdefault(year, Counter())
        for kind, mentions in kinds:
            own[kind] += 1 if count == "campaigns" else mentions
    return {
        year: {kind: counts[year][kind] / (number[year] if per_report else 1) for kind in KINDS}
        for year in sorted(counts)
    }


def _counted(source: Any) -> Iterator[tuple[int, list[tuple[str, int]]]]:  # noqa: ANN401
    """For each report its year, and the kind and mentions of each of its campaigns."""
    rows: dict[tuple[str, str], tuple[int, dict[str, tuple[str, int]]]] = {}
    if callable(getattr(source, "documents", None)):  # a corpus knows those without campaigns
        for row in source.documents():
            if (year := year_of(row)) is not None:
                rows[_report(row)] = (year, {})
    for item in items(source, "campaigns"):
        if isinstance(item, Report):
            if (year := item.document.year.value) is not None:
                yield year, [(row["kind"], row["mentions"]) for row in item.campaign_counts()]
        elif (year := year_of(item)) is not None:
            _, own = rows.setdefault(_report(item), (year, {}))
            key = str(get(item, "campaign_id") or get(item, "name"))
            own[key] = (own[key][0] if key in own else str(get(item, "kind")), own.get(key, ("", 0))[1] + 1)
    for year, own in rows.values():
        yield year, list(own.values())


def _report(row: Any) -> tuple[str, str]:  # noqa: ANN401
    return str(get(row, "file") or ""), str(get(row, "doc") or "")


def plot_campaigns(
    reports: Any,  # noqa: ANN401
    *,
    count: str = "campaigns",
    per_report: bool = False,
    title: str = "",
    ax: "Axes | None" = None,
    font: str | Path | None = None,
    language: str = "zh",
) -> "Axes":
    """Draw the number of campaigns and honours of each year by kind, as stacked bars.

    Args:
        reports: see `campaigns_by_year` for what is counted.
        count: `campaigns`, each once a report, or their `mentions`.
        per_report: draw the mean of the reports of a year instead of the sum, for years with more and
            less reports.
        title: none if not given.
        ax: where to draw; a new figure if not given.
        font: a font file or family, see `find_font`.
        language: of the labels, `zh` or `en`.

    Raises:
        UsageError: no report has a year and campaigns.
        InputError: no font has the characters of the labels.
        MissingExtraError: matplotlib is not installed.
    """
    years = campaigns_by_year(reports, count=count, per_report=per_report)
    kinds = [kind for kind in KINDS if any(row[kind] for row in years.values())]
    if not kinds:
        raise UsageError("no campaigns to draw: the reports need a year and campaigns")
    layers = [
        (label(language, "campaigns", kind), {year: row[kind] for year, row in years.items()})
        for kind in kinds
    ]
    ylabel = label(language, "words", count + ("_per_report" if per_report else ""))
    return _stacked(canvas(ax), layers, list(years), title, ylabel, font)


def _stacked(
    ax: "Axes",
    layers: Sequence[tuple[str, Mapping[int, float]]],
    years: list[int],
    title: str,
    ylabel: str,
    font: str | Path | None,
    *,
    rest: bool = False,
) -> "Axes":
    """Stacked bars, the first layer at the bottom, the legend in their order; `rest`: the last is grey."""
    base = dict.fromkeys(years, 0.0)
    entries, palette = [], colours(ax)
    for number, (name, values) in enumerate(layers):
        colour = GREY if rest and number == len(layers) - 1 else palette[number]
        heights = [values[year] for year in years]
        bars = ax.bar(
            years, heights, width=0.85, bottom=[base[y] for y in years], color=colour, edgecolor="white",
            linewidth=0.5,
        )  # fmt: skip
        entries.append((bars, name))
        for year in years:
            base[year] += values[year]
    finish(ax, years, title, ylabel, entries[::-1], font)
    return ax
