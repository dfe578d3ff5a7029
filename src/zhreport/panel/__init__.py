"""A panel of region, year and indicator from the claims of many reports, with every disagreement kept.

Of a claim about a whole year the panel takes what its indicator allows: level or share, growth, change, rank.
A cell is a region, a year, an indicator, a measure, and actual or target. What a report says of a cell more
than once and in agreement is one row, its most exact statement; statements that do not agree within their
rounding, in one report or in two, are all kept and marked.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from zhreport.errors import FaultError, UsageError, at_document
from zhreport.panel.cells import by_cell, joined, judged, missing, with_targets
from zhreport.panel.indicators import MEASURES, Catalogue, Indicator, default_catalogue, read_catalogue
from zhreport.panel.rows import (
    PANEL_FIELDS,
    STATES,
    PanelDocument,
    PanelRow,
    document_of,
    documents_of_rows,
)
from zhreport.panel.statements import Statement, statements_of

__all__ = [
    "MEASURES",
    "PANEL_FIELDS",
    "STATES",
    "Catalogue",
    "Indicator",
    "PanelDocument",
    "PanelRow",
    "default_catalogue",
    "document_of",
    "documents_of_rows",
    "panel",
    "read_catalogue",
]


def panel(
    documents: Iterable[PanelDocument],
    *,
    catalogue: Catalogue | None = None,
    indicators: Iterable[str] | None = None,
    complete: bool = False,
    failed: Callable[[FaultError], None] | None = None,
) -> list[PanelRow]:
    """The panel of some reports, ordered by region, year, indicator, measure, status and place.

    Args:
        documents: the reports; their order does not matter, and of those with the same text one counts.
        catalogue: the indicators; the package's own by default.
        indicators: only these ids.
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
    >>> for row in panel([document_of(report, region="云岭市", level="prefecture")]):
    ...     print(row.year, row.indicator, row.measure, row.value, row.relation, row.status, row.state)
    2024 gdp growth 5.8 eq actual found
    2025 gdp growth 6 approx target found
    """
    book = catalogue or default_catalogue()
    wanted = _chosen(book, indicators)
    kept: list[Statement] = []
    absent: list[PanelRow] = []
    for document in _once(documents):
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
    return sorted(rows + absent, key=lambda row: _order(row, place))


def _once(documents: Iterable[PanelDocument]) -> list[PanelDocument]:
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
    asked = list(indicators)
    if unknown := [key for key in asked if key not in book.indicators]:
        raise UsageError(f"no indicator is called {unknown[0]!r}; see zhreport/data/indicators.toml")
    return {key: book.indicators[key] for key in asked}


def _order(row: PanelRow, place: Mapping[str, int]) -> tuple[Any, ...]:
    cell = (row.region_code, row.region, row.year, place[row.indicator], MEASURES.index(row.measure))
    source = (row.report_year or 0, row.doc, row.file, row.clean_start or 0)
    return (*cell, row.status, row.tone == "stretch", row.scope, *source)
