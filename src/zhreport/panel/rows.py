"""What the panel reads and what it gives."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final, Protocol, runtime_checkable

from zhreport.document import Document, make_document
from zhreport.errors import FaultError, at_document
from zhreport.report import Report
from zhreport.tables import Column, digits

__all__ = [
    "KEY",
    "PANEL",
    "PANEL_FIELDS",
    "STATES",
    "Archive",
    "PanelDocument",
    "PanelRow",
    "document_of",
    "documents_of_rows",
]

#: `found`; `conflict`: another statement about the same cell says something else; of a complete panel also
#: `not_found`: the report has a sentence in which a number stands behind a wording of the indicator, but no
#: claim about it was recognised there; `not_stated`: it has none.
STATES: Final = ("found", "conflict", "not_found", "not_stated")


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelDocument:
    """A report as the panel reads it.

    Attributes:
        name: of the document, another one for each.
        file: where it is from, see `Document.file`.
        source: what messages call it, `file` if not given.
        sha256: of the text as read; of reports with the same one the panel counts one. "" if unknown.
        region, region_code: its place; a code, where there is one, tells places of one name apart.
        level: `central`, `province`, `prefecture`, `county`, or "" if unknown.
        date, genre: of the report, "" if unknown.
        year: of the report, None if unknown.
        reviewed: the year that it looks back on, None if unknown.
        claims: rows with the columns of `Report.to_dicts("claims")`, in the order of the text.
        document: the text, for what only the words around a claim tell (sentences, among whom a rank is,
            sums over years) and for a complete panel; None without.
    """

    name: str
    file: str = ""
    source: str = ""
    sha256: str = ""
    region: str
    region_code: str = ""
    level: str = ""
    date: str = ""
    genre: str = ""
    year: int | None = None
    reviewed: int | None = None
    claims: Sequence[Mapping[str, Any]] = ()
    document: Document | None = field(default=None, repr=False)


@runtime_checkable
class Archive(Protocol):
    """Reports that are kept elsewhere and read some at a time, such as those of a corpus."""

    def headings(self) -> Sequence[PanelDocument]:
        """The reports without claims and text, each text once, in the order of `zhreport.panel.in_order`."""
        ...

    def reports(self, failed: Callable[[FaultError], None] | None = None) -> Iterator[PanelDocument]:
        """The same reports with claims and text.

        Args:
            failed: called with a fault of this library at one report, which is then left out.

        Raises:
            FaultError: such a fault, if `failed` is not given.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelRow:
    """One cell of the panel as one report states it.

    Attributes:
        region, region_code, level: of the report; a place without a name is called like its report.
        year: the year that the value is about.
        indicator: its id in the catalogue.
        name: its full name.
        measure: `level`, `share`, `growth` (per cent, negative where it falls), `change` (in the unit of the
            indicator or in percentage points, likewise), `rank`, `growth_rank`.
        value, low, high: exact; a range has `low` and `high`.
        relation: as of a claim; of a fall turned like its sign (a fall by more than 3 is `lt` -3).
        unit: the indicator's own where the unit as written converts to it (亿斤 to 吨), else as written.
        status: `actual` or `target`.
        tone: `hard`, `soft` or "" as of a claim; `stretch` for the second target of 增长6%、力争7%.
        scope: whose figure it is, where it is another place's (浦东新区, 全国); of a rank, which is always
            the region's own, among whom (全国, 全省), where the text is at hand.
        state: one of `STATES`.
        text: the quantity as written.
        file, doc, date, genre, report_year: the report that says it, its date, genre and year.
        start, end: where it stands in the text of that report as read, as in every other table.
        clean_start, clean_end: where it stands in the cleaned text.
        sentence: the sentence around it, where the text is at hand.
        target_value, target_low, target_high, target_relation, target_tone, target_file, target_doc,
            target_start, target_end: beside an actual value the target of the report of that year, if it is
            among the documents.
        target_state: of that target; `conflict` where the report has several, and then it is the first.
    """

    region: str
    region_code: str
    level: str
    year: int
    indicator: str
    name: str
    measure: str
    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    relation: str = ""
    unit: str = ""
    status: str
    tone: str = ""
    scope: str = ""
    state: str
    text: str = ""
    file: str = ""
    doc: str
    date: str = ""
    genre: str = ""
    report_year: int | None = None
    start: int | None = None
    end: int | None = None
    clean_start: int | None = None
    clean_end: int | None = None
    sentence: str = ""
    target_value: Decimal | None = None
    target_low: Decimal | None = None
    target_high: Decimal | None = None
    target_relation: str = ""
    target_tone: str = ""
    target_state: str = ""
    target_file: str = ""
    target_doc: str = ""
    target_start: int | None = None
    target_end: int | None = None

    @property
    def value_exact(self) -> str:
        """The number in all digits, a range as low/high."""
        return "/".join(digits(n) for n in (self.value, self.low, self.high) if n is not None)

    @property
    def source(self) -> str:
        """The file and the place in it, `file:start`; of what was not found the file alone."""
        report = self.file or self.doc
        return report if self.start is None else f"{report}:{self.start}"


_TARGET: Final = "of the target that the report of that year set, if it is among the reports"
#: The columns of a panel, in the order of every table.
PANEL: Final = (
    Column("region", "text", "the place of the report; one without a name is called like its report"),
    Column("region_code", "text", "its six digits (GB/T 2260), empty if unknown"),
    Column("level", "text", "central, province, prefecture or county, empty if unknown"),
    Column("year", "int", "the year that the value is about"),
    Column("indicator", "text", "its id in the catalogue"),
    Column("name", "text", "its full name"),
    Column("measure", "text", "level, share, growth, change, rank or growth_rank"),
    Column("value", "number", "the number; of a growth or change negative where it falls; null for a range"),
    Column("low", "number", "lower end of a range, else null"),
    Column("high", "number", "upper end of a range, else null"),
    Column("value_exact", "text", "the number in all digits, a range as low/high, exact in every format"),
    Column("relation", "text", "eq, approx, gt, ge, lt, le or range; empty where nothing was found"),
    Column("unit", "text", "the indicator's own where the unit as written converts to it, else as written"),
    Column("status", "text", "actual or target"),
    Column("tone", "text", "of a target: hard, soft or empty; stretch for the second of two"),
    Column("scope", "text", "whose figure, where another place's; of a rank, among whom; else empty"),
    Column("state", "text", "found, conflict, not_found or not_stated"),
    Column("source", "text", "file and start of the statement; the file alone of what was not found"),
    Column("text", "text", "the quantity as written"),
    Column("file", "text", "the report that says it, as in every table"),
    Column("doc", "text", "its name, as in every table"),
    Column("date", "text", "its date, ISO, as exact as stated, empty if unknown"),
    Column("genre", "text", "its genre, empty if unknown"),
    Column("report_year", "int", "its year, null if unknown"),
    Column("start", "int", "where it begins in the text as read, null where nothing was found"),
    Column("end", "int", "where it ends (exclusive), null where nothing was found"),
    Column("clean_start", "int", "where it begins in the cleaned text, null where nothing was found"),
    Column("clean_end", "int", "where it ends in the cleaned text, null where nothing was found"),
    Column("sentence", "text", "the sentence around it, where the text is at hand"),
    Column("target_value", "number", f"value {_TARGET}"),
    Column("target_low", "number", f"lower end {_TARGET}"),
    Column("target_high", "number", f"upper end {_TARGET}"),
    Column("target_relation", "text", f"relation {_TARGET}"),
    Column("target_tone", "text", f"tone {_TARGET}"),
    Column("target_state", "text", f"state {_TARGET}; of a conflict the first statement is here"),
    Column("target_file", "text", f"file {_TARGET}"),
    Column("target_doc", "text", f"name of the report {_TARGET}"),
    Column("target_start", "int", f"start {_TARGET}"),
    Column("target_end", "int", f"end {_TARGET}"),
)
PANEL_FIELDS: Final = tuple(column.name for column in PANEL)
#: No two rows of a panel agree in all of these.
KEY: Final = ("region", "region_code", "year", "indicator", "measure", "status", "scope", "source")


def document_of(
    report: Report, *, region: str | None = None, region_code: str = "", level: str = ""
) -> PanelDocument:
    """A report for the panel.

    Args:
        report: from `analyze`.
        region: its place; if not given, that of its metadata with code and level, or else its name.
        region_code: a code of the place.
        level: `central`, `province`, `prefecture` or `county`.
    """
    document = report.document
    if region is None:
        own = document.metadata.region
        region, region_code, level = own.name or document.name, own.code, own.level
    return PanelDocument(
        name=document.name,
        file=document.file,
        sha256=document.sha256,
        region=region,
        region_code=region_code,
        level=level,
        date=document.metadata.date.value,
        genre=document.metadata.genre.value,
        year=document.year.value,
        reviewed=document.year.reviewed,
        claims=report.to_dicts("claims"),
        document=document,
    )


def documents_of_rows(
    documents: Iterable[Mapping[str, Any]],
    claims: Iterable[Mapping[str, Any]],
    paragraphs: Iterable[Mapping[str, Any]] = (),
    *,
    failed: Callable[[FaultError], None] | None = None,
) -> list[PanelDocument]:
    """Stored reports for the panel; rows belong to the report of the same `file`, the key in a store.

    Args:
        documents: a row for each report: `file`, `doc`, `year`, `year_reviewed`, `region`, `region_code` and
            `level`, perhaps `date` and `genre`; a place without a name is called like its report.
        claims: the columns of `Report.to_dicts("claims")` and `file`, in any order.
        paragraphs: `file`, `clean_start` and `text` in the order of the texts, which are put together from
            them.
        failed: called with a fault of this library at one report, which is then left out.

    Raises:
        FaultError: such a fault, if `failed` is not given.
    """
    texts: dict[str, str] = {}
    for row in paragraphs:
        before = texts.get(row["file"], "")
        texts[row["file"]] = before + "\n" * (row["clean_start"] - len(before)) + row["text"]
    of_file: dict[str, list[Mapping[str, Any]]] = {}
    for row in claims:
        of_file.setdefault(row["file"], []).append(row)
    found = []
    for row in documents:
        try:
            with at_document(row["file"]):
                found.append(_of_row(row, of_file.get(row["file"], []), texts.get(row["file"])))
        except FaultError as fault:
            if failed is None:
                raise
            failed(fault)
    return found


def _of_row(row: Mapping[str, Any], claims: list[Mapping[str, Any]], text: str | None) -> PanelDocument:
    name, year = row["doc"], row["year"]
    return PanelDocument(
        name=name,
        file=row["file"],
        sha256=row.get("sha256") or "",
        region=row["region"] or name,
        region_code=row["region_code"] or "",
        level=row["level"] or "",
        date=row.get("date") or "",
        genre=row.get("genre") or "",
        year=year,
        reviewed=row["year_reviewed"],
        claims=sorted(claims, key=lambda claim: int(claim["clean_start"])),
        document=None if text is None else make_document(text, name=name, year=year),
    )
