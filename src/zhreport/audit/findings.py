"""Findings: figures that do not agree, with the arithmetic that says so, and their table."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, NamedTuple

from zhreport.tables import Column, Rows, Table

__all__ = ["CERTAINTIES", "FINDINGS", "OUTCOMES", "SPOKEN", "Audit", "Finding", "Mark", "Place"]

#: How sure it is that the report says so, and not our reading of it; in the order of the table.
CERTAINTIES: Final = ("sure", "likely", "check extraction")
#: `differs`: two figures that should agree do not. Of a target: `missed`, `reached`, or `not_mentioned` where
#: the next report has no figure for it.
OUTCOMES: Final = ("differs", "missed", "not_mentioned", "reached")
#: Stands for `Place.indicator_rule` where a report has figures of an indicator, but none that was looked for.
SPOKEN: Final = "spoken_of"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a figure of a finding stands.

    Attributes:
        file, doc, report_year: the report, as in every table.
        line: its line in the text as read, from 1; None where that text is not at hand (in a store).
        start, end: in the text as read; None where a report has no such figure.
        clean_start, clean_end: in the cleaned text.
        text: the figure as written.
        sentence: the sentence around it.
        measured: what it measures, as we read it.
        indicator_rule: where that was found, see `Claim.indicator_rule`.
        crosses_join: its sentence was put together from two places by repair.
    """

    file: str
    doc: str
    report_year: int | None
    line: int | None = None
    start: int | None = None
    end: int | None = None
    clean_start: int | None = None
    clean_end: int | None = None
    text: str = ""
    sentence: str = ""
    measured: str = ""
    indicator_rule: str = ""
    crosses_join: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Figures that do not agree, or a target beside its result.

    Attributes:
        check: the rule that compared them.
        outcome: one of `OUTCOMES`.
        certainty: one of `CERTAINTIES`.
        certainty_rule: the rule that decided it.
        region, region_code, level: of the report that says the first figure.
        year: the year that the figures are about, None if unknown.
        indicator: what they are about: the id of an indicator of the panel, else a wording.
        arithmetic: in words: `812.5 × (1 + 6.5%) = 865.3, stated 871.2`.
        stated: the first figure, the scale multiplied out.
        expected: what the others say that it should be, rounded to nine places.
        difference: `stated` less `expected`.
        tolerance: how large the difference may be, by the digits written.
        unit: of these four.
        places: the figures: the first is the one judged, the second the one that it is held against.
    """

    check: str
    outcome: str
    certainty: str = ""
    certainty_rule: str = ""
    region: str
    region_code: str
    level: str
    year: int | None
    indicator: str
    arithmetic: str
    stated: Decimal | None
    expected: Decimal | None
    difference: Decimal | None
    tolerance: Decimal | None
    unit: str
    places: tuple[Place, ...]


class Mark(NamedTuple):
    """A figure of a finding in one report, for pages that mark it.

    Attributes:
        start, end: in the cleaned text, `Document.text`.
        finding: its number in the audit, from 0.
        title: the check, how sure it is and the arithmetic.
    """

    start: int
    end: int
    finding: int
    title: str


_PLACE: Final = (
    ("file", "text", "the report that says {}"),
    ("doc", "text", "name of the report that says {}"),
    ("report_year", "int", "year of the report that says {}, null if unknown"),
    ("line", "int", "line of {} in the text as read, from 1; null where that text is not at hand"),
    ("start", "int", "where {} begins in the text as read"),
    ("end", "int", "where {} ends in the text as read (exclusive)"),
    ("clean_start", "int", "where {} begins in the cleaned text"),
    ("clean_end", "int", "where {} ends in the cleaned text (exclusive)"),
    ("measured", "text", "what {} measures, as we read it"),
    ("text", "text", "{} as written"),
    ("sentence", "text", "the sentence of {}"),
)
#: The columns of the findings, in the order of every table.
FINDINGS: Final = (
    Column("check", "text", "the rule that compared the figures"),
    Column("outcome", "text", "differs; of a target missed, not_mentioned or reached"),
    Column("certainty", "text", "sure, likely or check extraction"),
    Column("certainty_rule", "text", "the rule that decided how sure it is"),
    Column("region", "text", "the place of the report that says the first figure"),
    Column("region_code", "text", "its six digits (GB/T 2260), empty if unknown"),
    Column("level", "text", "central, province, prefecture or county, empty if unknown"),
    Column("year", "int", "the year that the figures are about, null if unknown"),
    Column("indicator", "text", "what they are about: the id of an indicator of the panel, else a wording"),
    Column("arithmetic", "text", "what was computed, in words"),
    Column("stated", "number", "the first figure, the scale multiplied out; null for a bound or range"),
    Column("expected", "number", "what the other figures say that it should be, rounded to nine places"),
    Column("difference", "number", "stated less expected"),
    Column("tolerance", "number", "how large the difference may be, by the digits written"),
    Column("unit", "text", "of stated, expected, difference and tolerance"),
    *(Column(name, type_, meaning.format("the first figure")) for name, type_, meaning in _PLACE),
    *(Column(f"other_{name}", type_, meaning.format("the second figure")) for name, type_, meaning in _PLACE),
    Column("figures", "spans", "all figures compared: the file as part, and places in the text as read"),
)


class Audit(Rows[Finding]):
    """The findings, the surest first, and the tables that are made of them.

    Args:
        rows: the findings, in their order.
    """

    def __repr__(self) -> str:
        return f"Audit({len(self)} findings, {sum(f.outcome == 'differs' for f in self)} differences)"

    def table(self) -> Table:
        """One row for each finding."""
        values: dict[str, list[Any]] = {
            column.name: [getattr(f, column.name) for f in self]
            for column in FINDINGS
            if column.name in Finding.__dataclass_fields__
        }
        for at, before in enumerate(("", "other_")):
            places = [f.places[at] if at < len(f.places) else None for f in self]
            for name, type_, _ in _PLACE:
                missing = "" if type_ == "text" else None
                values[before + name] = [missing if p is None else getattr(p, name) for p in places]
        values["figures"] = [
            [
                {"part": p.file or p.doc, "start": p.start, "end": p.end}
                for p in f.places
                if p.start is not None
            ]
            for f in self
        ]
        return Table("findings", FINDINGS, {column.name: values[column.name] for column in FINDINGS})

    def marks(self, file: str, doc: str) -> list[Mark]:
        """The figures of one report that findings speak of, in the order of its text.

        Args:
            file: `Document.file` of the report.
            doc: its `Document.name`.
        """
        found = {
            Mark(p.clean_start, p.clean_end, number, f"{f.check}, {f.certainty}: {f.arithmetic}")
            for number, f in enumerate(self)
            if f.outcome != "reached"
            for p in f.places
            if (p.file, p.doc) == (file, doc) and p.clean_start is not None and p.clean_end is not None
        }
        return sorted(found)
