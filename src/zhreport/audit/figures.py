"""The figures of a report as the checks compare them."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

import regex

from zhreport.audit.findings import Finding, Place
from zhreport.audit.interval import Interval, Number, as_written, decimals_of
from zhreport.document import Document
from zhreport.panel import Catalogue, PanelDocument
from zhreport.panel.statements import Sentences, Statement

__all__ = ["Figure", "Places", "Sheet", "difference", "exact", "number_of", "number_said"]

#: Relations of a number that stands for itself; a bound (超, 以上) or a range is compared with nothing.
_NUMBERS: Final = frozenset(("eq", "approx"))
_COUNTED: Final = frozenset(("count", "rank", "household", "person"))
_PLACES: Final = 9
_STOP: Final = regex.compile(r"[0-9，。；\n]")
_AROUND: Final = 12
_OF, _WEIGHT = "占", "比重"  # 工业增加值占GDP比重, in the spelling of the catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One claim of a report.

    Attributes:
        claim: its row, as in `Report.to_dicts("claims")`.
        number: its value, of a fall negative; None for a bound or a range.
        key: its indicator: the id in the catalogue, else the wording without what the report calls its place.
        sentence: the number of its sentence.
        place: where it stands.
    """

    claim: Mapping[str, Any]
    number: Number | None
    key: str
    sentence: int
    place: Place

    @property
    def interval(self) -> Interval:
        """The bounds of its value; only of one that has a number."""
        assert self.number is not None  # noqa: S101 - the checks ask for it where there is one
        return self.number.interval

    @property
    def written(self) -> str:
        """Its digits, with the sign of its value, and its unit as written."""
        text = str(self.claim["text"])
        return f"-{text}" if self.interval.value < 0 and not text.startswith("-") else text

    @property
    def about(self) -> tuple[str, str, str]:
        """Its period, its status and its unit: what figures must share to be compared."""
        return self.claim["period"], self.claim["status"], self.claim["unit"]


def number_of(claim: Mapping[str, Any]) -> Number | None:
    """The number of a claim as written, of a fall negative; None for a bound or a range."""
    given = claim["value"]
    if claim["relation"] not in _NUMBERS or given is None or given == "":
        return None
    value = given if isinstance(given, Decimal) else Decimal(str(given))
    if not value.is_finite():
        return None
    if claim["kind"] == "change" and claim["direction"] == "down":
        value = -value
    about, counted = claim["relation"] == "approx", claim["dimension"] in _COUNTED
    return as_written(value, claim["text"], about=about, counted=counted)


def number_said(statement: Statement, claim: Mapping[str, Any]) -> Number | None:
    """The number of a statement in the unit of its cell; None for a bound or a range.

    Args:
        statement: of the panel.
        claim: that it was made of.
    """
    row, low, high = statement.row, statement.low, statement.high
    if row.relation not in _NUMBERS or row.value is None or low is None or high is None:
        return None
    decimals = decimals_of(row.text)
    scale = Fraction(statement.step) * 10**decimals
    if claim["dimension"] in _COUNTED and scale == 1:
        low = high = row.value
    return Number(Interval(Fraction(low), Fraction(row.value), Fraction(high)), scale, decimals)


class Places:
    """Where the claims of a report stand."""

    def __init__(self, report: PanelDocument, document: Document) -> None:
        self._report, self._document = report, document
        self.sentences = Sentences(document)
        as_read = document.as_read if document.sha256 == report.sha256 else ""
        self._lines = [at for at, sign in enumerate(as_read) if sign == "\n"] if as_read else None

    def of(self, claim: Mapping[str, Any]) -> Place:
        """The place of a claim."""
        line = None if self._lines is None else bisect_right(self._lines, claim["start"] - 1) + 1
        return Place(
            file=self._report.file,
            doc=self._report.name,
            report_year=self._report.year,
            line=line,
            start=claim["start"],
            end=claim["end"],
            clean_start=claim["clean_start"],
            clean_end=claim["clean_end"],
            text=claim["text"],
            sentence=self.sentences.around(claim["clean_start"]),
            measured=claim["indicator"],
            indicator_rule=claim["indicator_rule"] or "",
            crosses_join=bool(claim["crosses_join"]),
        )


class Sheet:
    """The figures of one report.

    Args:
        report: with its text.
        document: its text.
        book: the indicators.

    Attributes:
        report: the report.
        figures: in the order of the text.
        sentences: the figures of each sentence that has some, likewise.
    """

    def __init__(self, report: PanelDocument, document: Document, book: Catalogue) -> None:
        self.report, self._folded = report, document.folded
        self._book, self._own = book, book.own_names(report.region, report.level)
        self._keys: dict[str, str] = {}
        places = Places(report, document)
        self.figures = [
            Figure(
                claim=claim,
                number=number_of(claim),
                key=self.key(claim["indicator"]),
                sentence=places.sentences.index(claim["clean_start"]),
                place=places.of(claim),
            )
            for claim in report.claims
        ]
        found: dict[int, list[Figure]] = {}
        for figure in self.figures:
            found.setdefault(figure.sentence, []).append(figure)
        self.sentences: Sequence[Sequence[Figure]] = list(found.values())

    def key(self, indicator: str) -> str:
        """What an indicator is called when indicators are compared."""
        if indicator in self._book.indicators:
            return indicator
        if indicator not in self._keys:
            match = self._book.match(indicator, self._own)
            if match is not None and not match.tail:
                self._keys[indicator] = match.indicator.id
            else:
                self._keys[indicator] = _bare(self._book.normalise(indicator), (*self._own, *self._book.lead))
        return self._keys[indicator]

    def share_of(self, indicator: str) -> tuple[str, str] | None:
        """The keys of the part and the whole of a share (工业增加值占地区生产总值比重), None without a whole."""
        part, sign, whole = self._book.normalise(indicator).partition(_OF)
        whole = whole.removesuffix(_WEIGHT)
        return (self.key(part), self.key(whole)) if part and sign and whole else None

    def around(self, figure: Figure) -> str:
        """The words right before and behind a figure: 实际增长5%（按可比价计算）."""
        start, end = figure.claim["clean_start"], figure.claim["clean_end"]
        before = _STOP.split(self._folded[max(0, start - _AROUND) : start])[-1]
        return before + self._folded[end : end + _AROUND]

    def between(self, first: Figure, second: Figure) -> str:
        """The text from the end of one figure to the beginning of another."""
        return self._folded[first.claim["clean_end"] : second.claim["clean_start"]]


def _bare(text: str, lead: Iterable[str]) -> str:
    while True:
        shorter = next((text[len(word) :] for word in lead if text.startswith(word) and text != word), text)
        if shorter == text:
            return text
        text = shorter


def exact(number: Fraction) -> Decimal:
    """A fraction as a decimal, rounded half up to nine places and without zeros at its end.

    >>> exact(Fraction(2, 3)), exact(Fraction(500))
    (Decimal('0.666666667'), Decimal('500'))
    """
    scaled = abs(number) * 10**_PLACES
    whole = (scaled.numerator * 2 + scaled.denominator) // (scaled.denominator * 2)
    digits = f"{whole // 10**_PLACES}.{whole % 10**_PLACES:0{_PLACES}d}".rstrip("0").rstrip(".")
    return Decimal(f"-{digits}" if number < 0 and whole else digits)


def difference(
    check: str,
    report: PanelDocument,
    figures: Sequence[Figure],
    expected: Interval,
    arithmetic: str,
    *,
    stated: Interval | None = None,
) -> Finding | None:
    """A figure that is not what others say; None where the digits written allow it.

    Args:
        check: the rule.
        report: that says the first figure.
        figures: first the one that is judged, then those that `expected` was made of, the most telling first.
        expected: what the first should be.
        arithmetic: in words, without what is stated.
        stated: what is held against it, if that is not the first figure.
    """
    judged = figures[0]
    if stated is None:
        stated, arithmetic = judged.interval, f"{arithmetic}, stated {judged.written}"
    if expected.meets(stated):
        return None
    period = judged.claim["period"][:4]
    return Finding(
        check=check,
        outcome="differs",
        region=report.region,
        region_code=report.region_code,
        level=report.level,
        year=int(period) if period.isdecimal() else None,
        indicator=judged.key,
        arithmetic=arithmetic,
        stated=exact(stated.value),
        expected=exact(expected.value),
        difference=exact(stated.value - expected.value),
        tolerance=exact(expected.tolerance(stated)),
        unit=judged.claim["unit"],
        places=tuple(figure.place for figure in figures),
    )
