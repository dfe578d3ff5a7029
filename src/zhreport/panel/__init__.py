"""A panel of region, year and indicator from the claims of many reports, with every disagreement kept.

Of a claim about a whole year the panel takes what its indicator allows: level or share, growth, change, rank.
A cell is a region, a year, an indicator, a measure, and actual or target. What a report says of a cell more
than once and in agreement is one row, its most exact statement; statements that do not agree within their
rounding, in one report or in two, are all kept and marked.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from zhreport.errors import FaultError, UsageError, at_document
from zhreport.panel.cells import by_cell, joined, judged, missing, with_targets
from zhreport.panel.indicators import MEASURES, Catalogue, Indicator, Match, default_catalogue, read_catalogue
from zhreport.panel.rows import (
    KEY,
    PANEL,
    PANEL_FIELDS,
    STATES,
    Archive,
    PanelDocument,
    PanelRow,
    document_of,
    documents_of_rows,
)
from zhreport.panel.statements import Statement, measure_of, statements_of
from zhreport.panel.table import Panel, list_indicators
from zhreport.report import Report

__all__ = [
    "KEY",
    "MEASURES",
    "PANEL",
    "PANEL_FIELDS",
    "STATES",
    "Archive",
    "Catalogue",
    "Indicator",
    "Match",
    "Panel",
    "PanelDocument",
    "PanelRow",
    "default_catalogue",
    "document_of",
    "documents_of_rows",
    "headed",
    "in_order",
    "list_indicators",
    "measure_of",
    "panel",
    "read_catalogue",
]


def panel(
    documents: Iterable[PanelDocument | Report] | Archive,
    *,
    catalogue: Catalogue | None = None,
    indicators: Iterable[str] | None = None,
    complete: bool = False,
    failed: Callable[[FaultError], None] | None = None,
) -> Panel:
    """The panel of some reports, ordered by region, year, indicator, measure, status and place.

    Args:
        documents: the reports, from `analyze` or as `document_of` gives them with a region of your own, or a
            corpus, whose reports are read some at a time; their order does not matter, and of those with the
            same text one counts.
        catalogue: the indicators; the package's own by default, see also `read_catalogue`.
        indicators: only these, by id, name or wording.
        complete: also a row, `not_stated` or `not_found`, for every indicator that a report does not give as
            level or share, or as growth, of the year it looks back on (actual) and of its own (target); of
            reports whose text is at hand.
        failed: called with a fault of this library at one report, whose rows are then left out.

    Raises:
        FaultError: such a fault, if `failed` is not given.
        DataFileError: the data file of the package is damaged.
        UsageError: an unknown indicator.

    >>> from zhreport import analyze
    >>> report = analyze("上年全市地区生产总值增长5.8%。今年力争GDP增长6%左右。", year=2025)
    >>> for row in panel([report]):
    ...     print(row.year, row.indicator, row.measure, row.value, row.relation, row.status, row.state)
    2024 gdp growth 5.8 eq actual found
    2025 gdp growth 6 approx target found
    """
    book = catalogue or default_catalogue()
    wanted = _chosen(book, indicators)
    kept: list[Statement] = []
    absent: list[PanelRow] = []
    for document in headed(documents, failed)[1]:
        try:
            with at_document(document.source or document.file or document.name):
                own, lacking = _statements(document, book, wanted, complete=complete)
        except FaultError as fault:
            if failed is None:
                raise
            failed(fault)
            continue
        kept += own
        absent += lacking
    rows = with_targets([row for group in by_cell(kept) for row in judged(group)])
    place = {key: i for i, key in enumerate(book.indicators)}
    return Panel(sorted(rows + absent, key=lambda row: _order(row, place)), book)


def headed(
    documents: Iterable[PanelDocument | Report] | Archive, failed: Callable[[FaultError], None] | None
) -> tuple[Sequence[PanelDocument], Iterable[PanelDocument]]:
    """What is known of each report before it is read, and the reports, both in the order of `in_order`.

    Arguments as of `panel`.
    """
    if isinstance(documents, Archive):
        return documents.headings(), documents.reports(failed)
    known = in_order(document_of(d) if isinstance(d, Report) else d for d in documents)
    return known, known


def in_order(documents: Iterable[PanelDocument]) -> list[PanelDocument]:
    """The reports in an order of their own; of one text the one with a code and a year, else the first."""

    def order(d: PanelDocument) -> tuple[str, str, int, str, str]:
        return d.region_code, d.region, d.year or 0, d.name, d.file

    best: dict[str, PanelDocument] = {}
    for number, d in enumerate(sorted(documents, key=lambda d: (not d.region_code, not d.year, order(d)))):
        best.setdefault(d.sha256 or str(number), d)
    return sorted(best.values(), key=order)


def _statements(
    document: PanelDocument, book: Catalogue, wanted: Mapping[str, Indicator], *, complete: bool
) -> tuple[list[Statement], list[PanelRow]]:
    """What one report states, and rows for what it does not state."""
    stated, read = statements_of(document, book)
    own = [s for group in by_cell(s for s in stated if s.row.indicator in wanted) for s in joined(group)]
    if not complete or document.document is None:
        return own, []
    return own, missing(document, document.document, [s.row for s in own], read, wanted, book)


def _chosen(book: Catalogue, indicators: Iterable[str] | None) -> dict[str, Indicator]:
    if indicators is None:
        return dict(book.indicators)
    found = {}
    for asked in indicators:
        match = book.match(asked)
        one = book.indicators.get(asked) or (match.indicator if match else None)
        if one is None:
            near = get_close_matches(
                asked, [*book.indicators, *(i.name for i in book.indicators.values())], 3
            )
            meant = f"did you mean {' or '.join(near)}?" if near else "`zhreport indicators` lists them"
            raise UsageError(f"no indicator is called {asked!r}; {meant}")
        found[one.id] = one
    return found


def _order(row: PanelRow, place: Mapping[str, int]) -> tuple[Any, ...]:
    cell = (row.region_code, row.region, row.year, place[row.indicator], MEASURES.index(row.measure))
    source = (row.report_year or 0, row.doc, row.file, row.clean_start or 0)
    return (*cell, row.status, row.tone == "stretch", row.scope, *source)
