"""The figures of a report as the checks compare them."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any, Final

import regex

from zhreport.audit.findings import Finding, Place
from zhreport.audit.interval import Interval, Number, as_written, decimals_of
from zhreport.audit.knowledge import Knowledge
from zhreport.document import Document
from zhreport.panel import Catalogue, PanelDocument
from zhreport.panel.statements import Sentences, Statement
from zhreport.words.folding import fold

__all__ = ["Figure", "Places", "Sheet", "difference", "exact", "follows", "number_of", "number_said"]

#: Relations of a number that stands for itself; a bound (超, 以上) or a range is compared with nothing.
_NUMBERS: Final = frozenset(("eq", "approx"))
_COUNTED: Final = frozenset(("count", "rank", "household", "person"))
_PLACES: Final = 9
_MARK: Final = regex.compile(r"[，。；：、0-9\n]")
_CLAUSE: Final = 30  # characters of it that are looked at
_BEHIND: Final = 12  # characters: 增长5%（按可比价计算）
_OPENING: Final = 300  # characters
_DIGITS: Final = regex.compile(r"\D?[0-9][0-9., ]*")
_MOST: Final = 40  # figures of a sentence that are looked at on either side of one
_STRUCTURE: Final = "structure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One claim of a report.

    Attributes:
        claim: its row, as in `Report.to_dicts("claims")`.
        number: its value, of a fall negative; None for a bound or a range.
        key: its indicator: the id in the catalogue, else its wording.
        wording: how the indicator is written, see `Sheet.wording`.
        sentence: the number of its sentence.
        place: where it stands.
        scope: the part of the place that it is of (市本级, 开发区), "" for the place of the report.
        total: is it a sum of more than its indicator says (一般公共预算收入总计), or approved and no result?
    """

    claim: Mapping[str, Any]
    number: Number | None
    key: str
    wording: str
    sentence: int
    place: Place
    scope: str = ""
    total: bool = False

    @property
    def interval(self) -> Interval:
        """The bounds of its value; only of one that has a number."""
        assert self.number is not None  # the checks ask for it where there is one
        return self.number.interval

    @property
    def written(self) -> str:
        """Its digits, with the sign of its value, and its unit as written."""
        text = str(self.claim["text"])
        return f"-{text}" if self.interval.value < 0 and not text.startswith("-") else text

    @property
    def tail(self) -> str:
        """What stands behind its digits: 亿元."""
        text = fold(str(self.claim["text"]))
        digits = _DIGITS.match(text)
        return text[digits.end() :] if digits else str(self.claim["unit"])

    @property
    def measured(self) -> tuple[str, str, str]:
        """Its period, status and unit: what a total and its parts share."""
        return self.claim["period"], self.claim["status"], self.claim["unit"]

    @property
    def about(self) -> tuple[str, str, str, str]:
        """Its period, status, place and unit: what figures must share to be compared."""
        whose = f"{self.claim.get('place') or ''} {self.scope}"
        return self.claim["period"], self.claim["status"], whose, self.claim["unit"]


def number_of(claim: Mapping[str, Any], written: str) -> Number | None:
    """The number of a claim, of a fall negative; None for a bound or a range.

    Args:
        claim: its row.
        written: how it is written, folded.
    """
    given = claim["value"]
    if claim["relation"] not in _NUMBERS or given is None or given == "":
        return None
    value = given if isinstance(given, Decimal) else Decimal(str(given))
    if not value.is_finite():
        return None
    if claim["kind"] == "change" and claim["direction"] == "down":
        value = -value
    about, counted = claim["relation"] == "approx", claim["dimension"] in _COUNTED
    return as_written(value, written, about=about, counted=counted)


def number_said(statement: Statement, claim: Mapping[str, Any]) -> Number | None:
    """The number of a statement in the unit of its cell; None for a bound or a range.

    Args:
        statement: of the panel.
        claim: that it was made of.
    """
    row, low, high = statement.row, statement.low, statement.high
    if row.relation not in _NUMBERS or row.value is None or low is None or high is None:
        return None
    decimals = decimals_of(fold(row.text))
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


class Scopes:
    """Whose figures a report gives, place by place: its own, or those of a part of its place.

    A part that opens a clause (市本级完成…) holds to the end of the paragraph or to the next one that does; a
    heading that names one holds where the paragraph has none before the figure.
    """

    def __init__(self, document: Document, own: Iterable[str], known: Knowledge) -> None:
        own = frozenset(own)
        words = sorted({*own, *known.words["scope"]}, key=lambda word: (-len(word), word))
        pattern = _openings(tuple(words), known.words["among"])
        self._paragraphs = document.paragraphs
        found = [(m.start(), m["word"]) for m in pattern.finditer(document.folded)]
        self._starts = [start for start, _ in found]
        self._words = ["" if word in own else word for _, word in found]
        self._sections: dict[tuple[str, ...], str] = {}
        self._parts = known.words["scope"]

    def of(self, claim: Mapping[str, Any]) -> str:
        """The scope of a claim; a word that is part of its indicator is no other one."""
        scope = self._before(claim)
        return "" if scope in claim["indicator"] else scope

    def _before(self, claim: Mapping[str, Any]) -> str:
        paragraph = self._paragraphs[claim["paragraph"]]
        at = bisect_right(self._starts, claim["clean_start"]) - 1
        if at >= 0 and self._starts[at] >= paragraph.start:
            return self._words[at]
        section = paragraph.section
        if section not in self._sections:
            named = [word for heading in section for word in self._parts if word in heading]
            self._sections[section] = named[-1] if named else ""
        return self._sections[section]


@lru_cache(maxsize=256)
def _openings(words: tuple[str, ...], among: tuple[str, ...]) -> "regex.Pattern[str]":
    """Words at the beginning of a clause or a list, with the name of the part before them; not 区域间."""
    any_word, lists = ("|".join(map(regex.escape, some)) for some in (words, among))
    begin = rf"(?:^|(?<=[，。；：、（）\s0-9.]|{lists}))[\u4e00-\u9fff]{{0,8}}?"
    return regex.compile(rf"{begin}(?P<word>{any_word})(?!间)", regex.MULTILINE)


class Sheet:
    """The figures of one report.

    Args:
        report: with its text.
        document: its text.
        book: the indicators.
        known: the words for parts of a place and for totals.

    Attributes:
        report: the report.
        figures: in the order of the text.
        sentences: the figures of each sentence that has some, likewise.
    """

    def __init__(self, report: PanelDocument, document: Document, book: Catalogue, known: Knowledge) -> None:
        self.report, self._folded = report, document.folded
        scopes = Scopes(document, book.own_names(report.region, report.level), known)
        self._book, self._own = book, book.own_names(report.region, report.level)
        self._known, self._paragraphs = known, document.paragraphs
        self._keys: dict[str, str] = {}
        self._wordings: dict[str, str] = {}
        places = Places(report, document)
        self._places, self._starts = places.sentences, places.sentences.spans
        self.figures = [
            Figure(
                claim=claim,
                number=number_of(claim, self._folded[claim["clean_start"] : claim["clean_end"]]),
                key=self.key(claim["indicator"]),
                wording=self.wording(claim["indicator"]),
                sentence=places.sentences.index(claim["clean_start"]),
                place=places.of(claim),
                scope=scopes.of(claim),
                total=self._of_more(claim),
            )
            for claim in _one_period(report.claims)
        ]
        self._of_sentence: dict[int, list[Figure]] = {}
        self._number: dict[int, int] = {}  # by its place, which one of its sentence a figure is
        for figure in self.figures:
            own = self._of_sentence.setdefault(figure.sentence, [])
            self._number[figure.claim["clean_start"]] = len(own)
            own.append(figure)
        self.sentences: Sequence[Sequence[Figure]] = list(self._of_sentence.values())

    def _of_more(self, claim: Mapping[str, Any]) -> bool:
        """Is a figure a sum of more than its indicator says, or approved, as a list may say at its head?"""
        clause, words = self._clause(claim), self._known.words
        if any(word in clause for word in (*words["total"], *words["approved"])):
            return True
        start = claim["clean_start"]
        first = self._starts[self._places.index(start)][0]
        opening = self._folded[max(first, start - _OPENING) : start]
        listed = (opening.rpartition(f"{word}的")[1:] for word in words["approved"])
        return any(sign and not any(word in after for word in words["done"]) for sign, after in listed)

    def wording(self, indicator: str) -> str:
        """How an indicator is written, in the spelling of the catalogue, without what the place is called."""
        if indicator not in self._wordings:
            bare = _bare(self._book.normalise(indicator), (*self._own, *self._book.lead))
            self._wordings[indicator] = self._known.same.get(bare, bare)
        return self._wordings[indicator]

    def key(self, indicator: str) -> str:
        """What an indicator is called when indicators are compared; an id of the catalogue is one itself."""
        if indicator in self._book.indicators:
            return indicator
        if indicator not in self._keys:
            match = self._book.match(indicator, self._own)
            known = match is not None and not match.tail
            self._keys[indicator] = match.indicator.id if match and known else self.wording(indicator)
        return self._keys[indicator]

    def name(self, named: str) -> str:
        """What the data of the audit calls an indicator: an id stands for all its wordings, else for one."""
        return named if named in self._book.indicators else self.wording(named)

    def share_of(self, indicator: str) -> tuple[str, str] | None:
        """The keys of part and whole of a share (工业增加值占地区生产总值比重), None without a whole."""
        of, weight = self._known.words["share"]
        part, sign, whole = self._book.normalise(indicator).partition(of)
        whole = whole.removesuffix(weight)
        return (self.key(part), self.key(whole)) if part and sign and whole else None

    def _near(self, figure: Figure) -> tuple[Sequence["Figure"], Sequence["Figure"]]:
        """The figures before one in its sentence, and it with those behind it; not more than some of each."""
        found, at = self._of_sentence[figure.sentence], self._number[figure.claim["clean_start"]]
        return found[max(0, at - _MOST) : at], found[at : at + _MOST]

    def _clause(self, claim: Mapping[str, Any]) -> str:
        """The words before a claim, back to the last mark or figure."""
        start = claim["clean_start"]
        return _MARK.split(self._folded[max(0, start - _CLAUSE) : start])[-1]

    def spoken(self) -> set[str]:
        """Indicators of the catalogue that a sentence speaks of with a number, if it sets no target."""
        planned = {figure.sentence for figure in self.figures if figure.claim["status"] == "target"}
        found = {figure.key for figure in self.figures if figure.claim["status"] == "actual"}
        for number, (start, end) in enumerate(self._starts):
            if number not in planned:
                found |= self._book.mentioned(self._folded[start:end], self._own)
        return found

    def ahead(self, figure: Figure) -> Sequence[Figure]:
        """The figures before one in its sentence."""
        return self._near(figure)[0]

    def behind(self, figure: Figure) -> Sequence[Figure]:
        """A figure and those behind it in its sentence."""
        return self._near(figure)[1]

    def since_level(self, figure: Figure) -> str:
        """The words between a figure and the last level before it in its sentence, and in brackets behind."""
        start, end = figure.claim["clean_start"], figure.claim["clean_end"]
        levels = [one for one in self._near(figure)[0] if one.claim["kind"] == "level"]
        said = self._folded[levels[-1].claim["clean_end"] : start] if levels else self.opening(figure)
        behind = self._folded[end : end + _BEHIND]
        return said + (behind if behind.startswith("（") else "")

    def leads(self, figure: Figure) -> bool:
        """Is a figure the first of its kind about its indicator in its sentence?"""
        own = (figure.key, figure.claim["kind"], figure.about)
        return all((one.key, one.claim["kind"], one.about) != own for one in self._near(figure)[0])

    def kind_before(self, figure: Figure) -> str:
        """The kind of the figure right before one in its sentence, "" unless it is of the same indicator."""
        before = self._near(figure)[0][-1:]
        return str(before[0].claim["kind"]) if before and before[0].key == figure.key else ""

    def opening(self, figure: Figure) -> str:
        """The words before a figure, back to the beginning of its sentence."""
        start = figure.claim["clean_start"]
        return self._folded[max(self._starts[figure.sentence][0], start - _OPENING) : start]

    def paragraph_before(self, figure: Figure) -> str:
        """The words before a figure, back to the beginning of its paragraph."""
        start = figure.claim["clean_start"]
        begin = self._paragraphs[figure.claim["paragraph"]].start
        return self._folded[max(begin, start - _OPENING) : start]

    def between(self, first: Figure, second: Figure) -> str:
        """The text from the end of one figure to the beginning of another."""
        return self._folded[first.claim["clean_end"] : second.claim["clean_start"]]


def _one_period(claims: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """The claims; the numbers of one structure (10:40:50) all of the period of the first."""
    before: Mapping[str, Any] | None = None
    for claim in claims:
        if before is not None and follows(before, claim):
            claim = {**claim, "period": before["period"]}
        yield claim
        before = claim


def follows(before: Mapping[str, Any], claim: Mapping[str, Any]) -> bool:
    """Are two claims parts of one structure, with nothing but a colon between them?"""
    if not before["rule"] == claim["rule"] == _STRUCTURE:
        return False
    return int(claim["clean_start"]) - int(before["clean_end"]) == 1


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
