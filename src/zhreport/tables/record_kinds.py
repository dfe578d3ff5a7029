"""The columns of each kind of record.

A column is one line of `CLAIMS`, `CAMPAIGNS`, `PARAGRAPHS` or `DOCUMENTS`; everything that makes tables reads
these lines. The documentation is made from them too.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from operator import attrgetter
from typing import Any, Final, Protocol

from zhreport.errors import UsageError

__all__ = [
    "COLUMNS",
    "HEAD",
    "KINDS",
    "NESTED",
    "Column",
    "Tabular",
    "check_kind",
    "columns",
    "head",
    "metadata_names",
    "valid",
]

#: The kinds of records, a table each.
KINDS: Final = ("claims", "campaigns", "paragraphs", "documents")


class Tabular(Protocol):
    """What tables need of a `Report`."""

    @property
    def document(self) -> Any: ...  # noqa: ANN401, D102 - the columns say which attributes
    @property
    def claims(self) -> Sequence[Any]: ...  # noqa: D102
    @property
    def campaigns(self) -> Sequence[Any]: ...  # noqa: D102
    @property
    def paragraphs(self) -> Sequence[Any]: ...  # noqa: D102


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One column of a table; each is equal to itself only.

    Attributes:
        name: of the column, and of the record's attribute unless `of` is given.
        type: `int`, `float`, `bool`, `text`, `number` (exact decimal), `texts` (list), or a list of records,
            `themes`, `spans` or `passages`.
        meaning: goes into the schema and the documentation.
        of: makes the value from the report and the record.
        whole: makes the value from the report, where all its records have the same.
    """

    name: str
    type: str
    meaning: str
    of: Callable[[Tabular, Any], Any] | None = None
    whole: Callable[[Tabular], Any] | None = None


#: The types that are lists of records: the fields of one record.
NESTED: Final[dict[str, dict[str, str]]] = {
    "themes": {"theme": "text", "probability": "float"},
    "spans": {"part": "text", "start": "int", "end": "int"},
    "passages": {"start": "int", "end": "int", "theme": "text", "probability": "float"},
}


def digits(number: Decimal) -> str:
    """All digits of a number, without exponent and trailing zeros.

    >>> digits(Decimal("8.250E+4")), digits(Decimal("0.50")), digits(Decimal(10) ** 30)
    ('82500', '0.5', '1000000000000000000000000000000')
    """
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _exact(_: Tabular, claim: Any) -> str:  # noqa: ANN401
    return "/".join(digits(n) for n in (claim.value, claim.low, claim.high) if n is not None)


def _text(report: Tabular, paragraph: Any) -> Any:  # noqa: ANN401
    return report.document.text[paragraph.start : paragraph.end]


@dataclass(frozen=True, slots=True)
class _Passage:
    start: int
    end: int
    theme: str
    probability: float | None


def _passages(report: Tabular, paragraph: Any) -> list[_Passage]:  # noqa: ANN401
    found = []
    for passage in paragraph.passages:
        main = passage.themes[0] if passage.themes else None
        place = report.document.place_as_read(passage.start, passage.end)
        found.append(_Passage(*place, *(("", None) if main is None else (main.theme, main.probability))))
    return found


def _hash(_: Tabular, document: Any) -> str:  # noqa: ANN401
    return str(document.sha256)


def _count(report: Tabular, campaign: Any) -> tuple[int | None, int | None]:  # noqa: ANN401
    if campaign.count_start is None:
        return None, None
    start, end = report.document.place_as_read(campaign.count_start, campaign.count_end)
    return start, end


def _stated(name: str, meaning: str) -> Column:
    """A piece of metadata."""
    return Column(
        name, "text", f"{meaning}, empty if unknown", whole=lambda r: getattr(r.document.metadata, name).value
    )


def _origin(name: str) -> Column:
    """Where a piece of metadata was found."""
    return Column(
        f"{name}_origin",
        "text",
        "table, text, file, file name or unknown; opening for a region that news speak of",
        whole=lambda r: getattr(r.document.metadata, name).origin,
    )


#: What every table begins with: where a row comes from.
HEAD: Final = (
    Column(
        "file",
        "text",
        "path as seen from the folder that was given, with /; for a row of a table, # and its number follow",
        whole=lambda r: r.document.file,
    ),
    Column(
        "doc",
        "text",
        "name of the document: its file name without its ending, with as much of the path as tells it apart",
        whole=lambda r: r.document.name,
    ),
    Column(
        "region",
        "text",
        "the place that the report is of, in full, empty if unknown",
        whole=lambda r: r.document.metadata.region.name,
    ),
    Column(
        "region_code",
        "text",
        "its six digits (GB/T 2260), empty if unknown",
        whole=lambda r: r.document.metadata.region.code,
    ),
    Column(
        "level",
        "text",
        "central, province, prefecture or county, empty if unknown",
        whole=lambda r: r.document.metadata.region.level,
    ),
    _stated("date", "date of delivery or publication, ISO, as exact as stated"),
    _stated("genre", "政府工作报告, 统计公报, 工作总结…"),
    Column("year", "int", "year of the report, null if unknown", whole=lambda r: r.document.year.value),
    Column(
        "year_origin",
        "text",
        "where the year was found: argument, metadata, text, file name or unknown",
        whole=lambda r: r.document.year.origin,
    ),
)
_SPAN: Final = (
    Column(
        "start",
        "int",
        "where it begins in the text as read, in code points from 0",
        lambda r, x: r.document.place_as_read(x.start, x.end)[0],
    ),
    Column(
        "end", "int", "where it ends (exclusive)", lambda r, x: r.document.place_as_read(x.start, x.end)[1]
    ),
)
_CLEAN: Final = (
    Column("clean_start", "int", "where it begins in the cleaned text", lambda _, x: x.start),
    Column("clean_end", "int", "where it ends in the cleaned text (exclusive)", lambda _, x: x.end),
)
_SOURCE: Final = (
    *_CLEAN,
    Column(
        "source_spans",
        "spans",
        "its pieces in the source: page or element, and code points in it",
        lambda r, x: r.document.source_spans(x.start, x.end),
    ),
    Column("crosses_join", "bool", "its sentence was put together from two places"),
)
_PLACE: Final = (
    Column("paragraph", "int", "index of its paragraph"),
    Column("rule", "text", "the rule that decided"),
)
_THEME: Final = Column("theme", "text", "main theme of its paragraph, empty if there is none")
_ACTION: Final = Column("action", "text", "governing verb as written, empty if there is none")
_PERIOD: Final = Column("period", "text", "ISO style: 2023, 2023-06, 2019/2023; empty if unknown")

CLAIMS: Final = (
    *HEAD,
    *_SPAN,
    Column("text", "text", "core of the quantity as written"),
    Column("value", "number", "the number, the scale multiplied out; null for a range"),
    Column("low", "number", "lower end of a range, else null"),
    Column("high", "number", "upper end of a range, else null"),
    Column(
        "value_exact", "text", "the number in all digits, a range as low/high, exact in every format", _exact
    ),
    Column("unit", "text", "measure word without scale, empty if there is none"),
    Column("dimension", "text", "what the unit measures"),
    Column("relation", "text", "eq, approx, gt, ge, lt, le or range"),
    Column("kind", "text", "level, change, share, rank or ratio"),
    Column("direction", "text", "up or down for a change, else empty"),
    Column("indicator", "text", "what is measured or counted"),
    Column("place", "text", "whose figure it is where that is not the report's own place, else empty"),
    Column("place_code", "text", "six digits of that place (GB/T 2260), empty if there is none"),
    _ACTION,
    Column("status", "text", "actual or target"),
    Column("tone", "text", "of a target: hard, soft or empty"),
    _PERIOD,
    *_PLACE,
    Column("indicator_rule", "text", "the source of the indicator, empty if there is none"),
    Column("action_rule", "text", "the source of the action, empty if there is none"),
    Column("place_rule", "text", "the rule that decided the place, empty where none is named"),
    Column("status_rule", "text", "the rule that decided the status"),
    Column("period_rule", "text", "the rule that decided the period"),
    _THEME,
    *_SOURCE,
)
CAMPAIGNS: Final = (
    *HEAD,
    *_SPAN,
    Column("name", "text", "shortest distinguishing name as written"),
    Column("kind", "text", "action, activity, project, contest, forum or honour"),
    Column("campaign_id", "int", "the same for all mentions of a campaign in the document"),
    Column("head", "text", "head noun as written, empty if there is none"),
    Column("quoted", "bool", "the name stands in quotation marks"),
    Column("edition", "text", "ordinal or year as written, empty if none is given"),
    Column("count", "text", "quantity that it governs as written, empty if there is none"),
    Column(
        "count_start", "int", "where the quantity begins, null if there is none", lambda r, c: _count(r, c)[0]
    ),
    Column(
        "count_end", "int", "where the quantity ends, null if there is none", lambda r, c: _count(r, c)[1]
    ),
    _ACTION,
    Column("organizer", "text", "who does it or won it, empty if not named"),
    _PERIOD,
    *_PLACE,
    _THEME,
    *_SOURCE,
)
PARAGRAPHS: Final = (
    *HEAD,
    *_SPAN,
    Column("index", "int", "its number in the document, from 0"),
    Column("heading", "int", "level of a heading line, 0 for running text"),
    Column("section", "texts", "headings above it, the outermost first"),
    Column(
        "theme",
        "text",
        "main theme, empty if there is none",
        lambda _, p: p.themes[0].theme if p.themes else "",
    ),
    Column("themes", "themes", "all themes with their probabilities, the main one first"),
    Column("text", "text", "the paragraph, cleaned", _text),
    *_CLEAN,
    Column("mains", "texts", "main theme, and others that have about as much weight or lead in a passage"),
    Column("passages", "passages", "of a long paragraph the parts with main themes of their own", _passages),
)
DOCUMENTS: Final = (
    *HEAD,
    Column(
        "year_reviewed", "int", "year that it looks back on, null if unknown", lambda _, d: d.year.reviewed
    ),
    Column(
        "year_conflict",
        "text",
        "year of the caller or the metadata that the title contradicts, and what it says; else empty",
        lambda _, d: d.year.conflict,
    ),
    Column("region_conflict", "text", "region in the text and which other one in the metadata; else empty"),
    Column("characters", "int", "length of the text in code points", lambda _, d: len(d.text)),
    Column("sha256", "text", "SHA-256 of the text as read, in UTF-8", _hash),
    _stated("title", "title as stated"),
    _origin("title"),
    _origin("date"),
    _stated("speaker", "who gives the report"),
    _origin("speaker"),
    _stated("body", "the body that issues it"),
    _origin("body"),
    _origin("genre"),
    _origin("region"),
    Column("encoding", "text", "of the bytes it was read from"),
    Column("format", "text", "text, html, docx, pdf…"),
    Column("cleaned", "texts", "the steps of cleaning that changed it"),
    Column("joints", "int", "how many paragraphs repair put together", lambda _, d: len(d.joints)),
    Column("source", "text", "path it was read from"),
)
COLUMNS: Final[dict[str, tuple[Column, ...]]] = {
    "claims": CLAIMS,
    "campaigns": CAMPAIGNS,
    "paragraphs": PARAGRAPHS,
    "documents": DOCUMENTS,
}


def check_kind(kind: str) -> str:
    """The kind itself.

    Raises:
        UsageError: it is none of `KINDS`.
    """
    if kind not in COLUMNS:
        raise UsageError(f"unknown records {kind!r}: use {', '.join(KINDS[:-1])} or {KINDS[-1]}")
    return kind


def head(report: Tabular) -> dict[str, Any]:
    """Where the records of a report come from: the columns that every table begins with."""
    return {column.name: column.whole(report) for column in HEAD if column.whole is not None}


def records_of(report: Tabular, kind: str) -> Sequence[Any]:
    """The records of a kind, in the order of the text; the document is the only one of its kind."""
    return (report.document,) if kind == "documents" else getattr(report, check_kind(kind))


def _plain(value: Any, type_: str) -> Any:  # noqa: ANN401
    """A list of records as a list of dicts, other sequences as lists; the rest as it is."""
    if type_ in NESTED and value is not None:
        return [{name: getattr(part, name) for name in NESTED[type_]} for part in value]
    return list(value) if type_ == "texts" and value is not None else value


def valid(value: Any) -> Any:  # noqa: ANN401
    """The value with half surrogates in its texts, which UTF-8 cannot hold, replaced by `?`."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, list):
        return list(map(valid, value))
    return {name: valid(part) for name, part in value.items()} if isinstance(value, dict) else value


def columns(report: Tabular, kind: str) -> dict[str, list[Any]]:
    """The records of a report by column, as plain Python values; numbers are exact (`Decimal`).

    Lists of records (themes, spans) become lists of dicts; half surrogates, which UTF-8
    cannot hold, become `?`.

    Raises:
        UsageError: an unknown kind.
    """
    records = records_of(report, kind)
    document = report.document
    # a record has nothing but what is in the text; a document has what files and tables say of it too
    whole = kind != "documents" and valid(document.text) == document.text
    found: dict[str, list[Any]] = {}
    for column in COLUMNS[kind]:
        if column.whole is not None:
            found[column.name] = [valid(column.whole(report))] * len(records)
            continue
        if column.of is None:
            values = list(map(attrgetter(column.name), records))
        else:
            values = [column.of(report, record) for record in records]
        if column.type == "texts" or column.type in NESTED:
            values = [_plain(value, column.type) for value in values]
        found[column.name] = values if whole else valid(values)
    return found


def metadata_names(names: Iterable[str]) -> dict[str, str]:
    """What the columns of a metadata table are called in the tables: `file` and `year` are left out.

    A name that one of our columns has, in any case of its letters, gets `meta_` before it, since the two
    would be one column in a database; so does a blank one, which a database refuses.

    >>> metadata_names(["file", "year", "省份", "Unit", "unit"])
    {'省份': '省份', 'Unit': 'meta_Unit', 'unit': 'meta_unit_2'}
    """
    taken = {column.name for own in COLUMNS.values() for column in own}
    found: dict[str, str] = {}
    for name in names:
        if name in ("file", "year") or name in found:
            continue
        own = valid(name).replace("\0", "\ufffd")
        base = own if own.strip() and own.casefold() not in taken else f"meta_{own}"
        new, number = base, 1
        while new.casefold() in taken:
            number += 1
            new = f"{base}_{number}"
        taken.add(new.casefold())
        found[name] = new
    return found
