"""Cells: the statements about one thing side by side, and what is missing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from zhreport.document import Document
from zhreport.panel.indicators import Catalogue, Indicator
from zhreport.panel.rows import PanelDocument, PanelRow
from zhreport.panel.statements import Sentences, Statement

__all__ = ["by_cell", "joined", "judged", "missing", "with_targets"]

_EXACT: Final = {"eq": 0, "range": 1, "approx": 2}


def _region(row: PanelRow) -> str:
    return (
        row.region_code or row.region or f"doc {row.file} {row.doc}"
    )  # a place without a name is like no other


def by_cell(statements: Iterable[Statement]) -> list[list[Statement]]:
    """The statements by cell; those in units that cannot be compared are cells of their own."""
    found: dict[tuple[object, ...], list[Statement]] = {}
    for s in statements:
        row = s.row
        about = (_region(row), row.year, row.indicator, row.measure, row.status)
        found.setdefault((*about, row.tone == "stretch", row.scope, row.unit), []).append(s)
    return list(found.values())


def _agreed(group: Sequence[Statement]) -> bool:
    return all(a.agrees(b) for i, a in enumerate(group) for b in group[:i])


def joined(group: list[Statement]) -> list[Statement]:
    """The statements of one report about a cell: the most exact one if they agree, else each value once.

    Those on a basis of their own (同口径) count where there is no other.
    """
    group = [s for s in group if not s.adjusted] or group
    if _agreed(group):
        return [
            min(
                group,
                key=lambda s: (s.bound is not None, _EXACT.get(s.row.relation, 3), s.step, s.row.clean_start),
            )
        ]
    values: dict[tuple[object, ...], Statement] = {}
    for s in group:
        values.setdefault((s.row.value, s.row.low, s.row.high, s.row.relation), s)
    return list(values.values())


def judged(group: list[Statement]) -> list[PanelRow]:
    """The rows of a cell, `conflict` where two of them do not agree."""
    state = "found" if _agreed(group) else "conflict"
    return [replace(s.row, state=state) for s in group]


def with_targets(rows: list[PanelRow]) -> list[PanelRow]:
    """The rows of all reports, the actual ones with the target that the report of their year set."""
    targets: dict[tuple[object, ...], PanelRow] = {}
    for row in sorted(rows, key=lambda r: (r.doc, r.file, r.clean_start or 0)):
        if row.status == "target" and row.tone != "stretch" and row.report_year == row.year:
            targets.setdefault(_aimed(row), row)
    found = []
    for row in rows:
        target = targets.get(_aimed(row)) if row.status == "actual" else None
        if target is not None:
            row = replace(
                row,
                target_value=target.value,
                target_low=target.low,
                target_high=target.high,
                target_relation=target.relation,
                target_tone=target.tone,
                target_state=target.state,
                target_file=target.file,
                target_doc=target.doc,
                target_start=target.start,
                target_end=target.end,
            )
        found.append(row)
    return found


def _aimed(row: PanelRow) -> tuple[object, ...]:
    return (_region(row), row.year, row.indicator, row.measure, row.scope, row.unit)


def missing(
    report: PanelDocument,
    document: Document,
    rows: Iterable[PanelRow],
    read: Iterable[tuple[str, int]],
    wanted: Mapping[str, Indicator],
    book: Catalogue,
) -> list[PanelRow]:
    """A row for every main cell of a report that it does not fill.

    Args:
        report: the report.
        document: its text.
        rows: those of the report.
        read: indicator and place in the cleaned text of every claim that was recognised.
        wanted: the indicators by id.
        book: the catalogue.
    """
    sentences = Sentences(document)
    done = {(key, sentences.index(start)) for key, start in read}
    unread: set[str] = set()
    own = book.own_names(report.region, report.level)
    for i, (start, end) in enumerate(sentences.spans):
        unread |= {k for k in book.mentioned(document.folded[start:end], own) if (k, i) not in done}
    filled = {(row.year, row.status, row.indicator, row.measure) for row in rows if not row.scope}
    found = []
    for year, status in ((report.reviewed, "actual"), (report.year, "target")):
        if year is None:
            continue
        found += [
            PanelRow(
                region=report.region,
                region_code=report.region_code,
                level=report.level,
                year=year,
                indicator=one.id,
                name=one.central if report.level == "central" and one.central else one.name,
                measure=measure,
                status=status,
                state="not_found" if one.id in unread else "not_stated",
                file=report.file,
                doc=report.name,
                date=report.date,
                genre=report.genre,
                report_year=report.year,
            )
            for one in wanted.values()
            for measure in ("level", "share", "growth")
            if measure in one.measures and (year, status, one.id, measure) not in filled
        ]
    return found
