"""Statements: what a claim says of a cell of the panel, and when two of them agree."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

import regex

from zhreport.document import Document
from zhreport.panel.indicators import Catalogue, Indicator, Match
from zhreport.panel.rows import PanelDocument, PanelRow
from zhreport.words.folding import fold
from zhreport.words.lexicon import default_lexicon

__all__ = ["TURNED", "Sentences", "Statement", "in_unit", "measure_of", "statements_of"]

_YEAR: Final = regex.compile(r"[0-9]{4}")
_DIGITS: Final = regex.compile(r"[0-9]+(?:\.[0-9]+)?")
_CLAUSE: Final = regex.compile(r"[，。；：（）！？\n]")
_PART: Final = regex.compile(r"[，。；：（）！？\n、]")
_SENTENCE: Final = regex.compile(r"[。！？\n]")
_BEFORE: Final = 60  # characters of the clause before a figure that are looked at
# Compared with another time than the year before: 比2019年, 较“十三五”末, 比五年前.
_BASE: Final = regex.compile(
    r"(?:比|较|与|是)(?:(?P<year>[0-9]{4})年|“?[一二三四五六七八九十]{1,2}五”?|[0-9一二三四五六七八九十]{1,3}年前)"
)
# The same for all that follows in the sentence.
_SINCE: Final = regex.compile(r"[与同和比较](?P<year>[0-9]{4})年相比[，、]")
_DATE_END: Final = regex.compile(r"(?:[0-9]{4}年|[0-9]{1,2}[—-][0-9]{1,2}月(?:份)?)$")
_RELATIVE: Final = frozenset(("percent", "permille", "multiple", "doubling"))
TURNED: Final = {"gt": "lt", "ge": "le", "lt": "gt", "le": "ge"}
_INDEX: Final = 100  # of the year before
_ABOUT: Final = Decimal("0.05")  # 约 and 左右: five per cent of the value
_FACTOR_DIGITS: Final = 6  # 亩 in square kilometres is a rounded factor; ratios are exact to six digits


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A row, and the bounds of what its value can be as it is written.

    Attributes:
        row: the row.
        low, high: the bounds; None where there is none.
        step: one unit of the last digit that is written.
        adjusted: it is on a basis of its own (同口径, 剔除一次性因素后).
    """

    row: PanelRow
    low: Decimal | None
    high: Decimal | None
    step: Decimal
    adjusted: bool = False

    @property
    def bound(self) -> Decimal | None:
        """The value where only one side of it is bounded (以上, 突破), else None."""
        return self.row.value if (self.low is None) != (self.high is None) else None

    def agrees(self, other: "Statement") -> bool:
        """Can both be true? Of two bounds on the same side only equal ones say the same."""
        a, b = self.bound, other.bound
        if a is not None and b is not None and (self.low is None) == (other.low is None):
            return abs(a - b) <= max(self.step, other.step) / 2
        if self.high is not None and other.low is not None and self.high < other.low:
            return False
        return self.low is None or other.high is None or other.high >= self.low


class Sentences:
    """The sentences of a document, found by position.

    Attributes:
        spans: start and end of each.
    """

    def __init__(self, document: Document) -> None:
        self._text = document.text
        self.spans = [span for paragraph in document.paragraphs for span in document.sentences(paragraph)]
        self._starts = [start for start, _ in self.spans]

    def index(self, position: int) -> int:
        """The number of the sentence at a position."""
        return bisect_right(self._starts, position) - 1

    def around(self, position: int) -> str:
        """The sentence at a position."""
        start, end = self.spans[self.index(position)]
        return self._text[start:end].strip()


def statements_of(document: PanelDocument, book: Catalogue) -> tuple[list[Statement], list[tuple[str, int]]]:
    """The statements of a report, and indicator and place in the cleaned text of every claim recognised."""
    own = book.own_names(document.region, document.level)
    sentences = Sentences(document.document) if document.document is not None else None
    found: list[Statement] = []
    read: list[tuple[str, int]] = []
    before: tuple[tuple[object, ...], str] | None = None  # the target right before, and its tone
    for claim in document.claims:
        last, before = before, None
        for match in _matches(claim, own, book):
            read.append((match.indicator.id, claim["clean_start"]))
            measure = measure_of(claim, match, book)
            place = claim.get("place") or ""
            about = (match.indicator.id, measure, place, claim["period"], claim["paragraph"])
            if claim["status"] == "target":
                before = (about, claim["tone"])
            if not measure or not _YEAR.fullmatch(claim["period"]):
                continue
            if document.document is not None and sentences is not None:
                if _of_other_span(document.document, claim, match, measure, book):
                    continue
                if not place and _of_other_place(document.document, sentences, claim, own, book):
                    continue
            if place and measure.endswith("rank"):
                continue  # its scope says among whom, and could not say whose
            statement = _statement(document, claim, match, measure, book)
            striving = claim["rule"] == "goes_on" or (claim["tone"] == "soft" and last and last[1] != "soft")
            row = replace(
                statement.row,
                tone="stretch" if before and last and last[0] == about and striving else claim["tone"],
                sentence=sentences.around(claim["clean_start"]) if sentences else "",
                scope=_scope(document.document, claim, book) if measure.endswith("rank") else place,
            )
            if not row.scope and measure.endswith("rank") and found and _goes_on(found[-1].row, row):
                row = replace(row, scope=found[-1].row.scope)
            clause = _before(document.document, claim, _CLAUSE) if document.document is not None else ""
            adjusted = any(word in clause for word in book.before["adjusted"])
            found.append(replace(statement, row=row, adjusted=adjusted))
    return found, read


def _matches(claim: Mapping[str, Any], own: tuple[str, ...], book: Catalogue) -> list[Match]:
    """The indicator of a claim; of a joint name every one if the figure holds for each and is no sum."""
    verb = claim["action"] if claim["action"] in book.verbs["new"] else ""
    place = claim.get("place")  # null in a store from before there was the column
    named = (place, *own) if place else own
    match = book.match(claim["indicator"], named, verb=verb)
    if match is not None:
        return [match]
    each = claim["dimension"] in _RELATIVE or claim["kind"] == "rank"
    return book.members(claim["indicator"], named) if each else []


def measure_of(claim: Mapping[str, Any], match: Match, book: Catalogue) -> str:
    """What a claim says of its indicator, "" if that makes no sense."""
    one, kind, dimension, verb = match.indicator, claim["kind"], claim["dimension"], claim["action"]
    measure = ""
    if kind == "rank":
        measure = "growth_rank" if match.tail else "rank"
    elif match.tail:
        if kind in ("level", "change") and dimension in _RELATIVE:
            measure = "growth"
    elif kind == "level" and one.index and dimension in ("", "percent"):
        measure = "growth"
    elif kind in ("level", "share"):
        words = default_lexicon().words
        reached = not verb or verb in book.verbs["reached"] or words.get(verb) == "level"
        if dimension in one.dimensions and (reached or not one.stock):
            measure = "share" if "share" in one.measures else "level"
    elif kind == "change" and verb not in book.verbs["compared"]:
        if dimension in _RELATIVE and "growth" in one.measures:
            measure = "growth"
        elif verb and _difference(dimension, one):
            measure = "change"
    return measure if measure in one.measures else ""


def _difference(dimension: str, one: Indicator) -> bool:
    """Is the dimension that of a difference of the indicator: its own, of percentages the points?"""
    if "percent" in one.dimensions:
        return dimension == "percentage_point"
    return dimension in one.dimensions


def _before(document: Document, claim: Mapping[str, Any], stop: "regex.Pattern[str]") -> str:
    return stop.split(document.folded[max(0, claim["clean_start"] - _BEFORE) : claim["clean_start"]])[-1]


def _of_other_span(
    document: Document, claim: Mapping[str, Any], match: Match, measure: str, book: Catalogue
) -> bool:
    """Is the figure a sum or mean over years, or a change since another time than the year before?"""
    clause, words = _before(document, claim, _CLAUSE), book.before
    if measure in ("growth", "change"):
        year = str(int(claim["period"]) - 1)
        bases = [*_BASE.finditer(clause), *_SINCE.finditer(_before(document, claim, _SENTENCE))]
        return any(base["year"] != year for base in bases) or any(word in clause for word in words["average"])
    return (
        measure == "level"
        and not match.indicator.stock
        and any(word in clause for word in words["cumulative"])
        and not any(word in clause for word in words["year"])
    )


def _of_other_place(
    document: Document,
    sentences: Sentences,
    claim: Mapping[str, Any],
    own: tuple[str, ...],
    book: Catalogue,
) -> bool:
    """Is the indicator that of a part of the place (高新区完成进出口额30亿元, 增长8%)?"""
    folded = document.folded
    start = sentences.spans[sentences.index(claim["clean_start"])][0]
    at = folded.rfind(claim["indicator"][:2], start, claim["clean_start"])
    if at < 0:
        return False
    whose = _PART.split(folded[max(start, at - _BEFORE) : at])[-1]
    before = ""
    while before != whose:
        before, whose = whose, _DATE_END.sub("", whose.strip())
        whose = next(
            (whose.removesuffix(word) for word in book.before["light"] if whose.endswith(word)), whose
        )
    return whose.endswith(book.before["other"]) and not whose.endswith(own)


def _scope(document: Document | None, claim: Mapping[str, Any], book: Catalogue) -> str:
    """Among whom a rank is: what stands right before its number (居全省第3位)."""
    if document is None:
        return ""
    scope = _before(document, claim, _PART)
    for word in (claim["action"], claim["indicator"], *book.before["scope"]):
        if word:
            scope = scope.rpartition(word)[2]
    return scope.strip()


def _goes_on(before: PanelRow, row: PanelRow) -> bool:
    """Does a rank go on from another in its sentence: 从全国第12位上升到第9位?"""
    return (before.indicator, before.measure, before.sentence) == (row.indicator, row.measure, row.sentence)


def _statement(
    document: PanelDocument, claim: Mapping[str, Any], match: Match, measure: str, book: Catalogue
) -> Statement:
    one, unit, factor = match.indicator, claim["unit"], Decimal(1)
    if measure in ("level", "change"):
        unit, factor = in_unit(unit, one.unit)
    value, low, high = (_number(claim[name], factor) for name in ("value", "low", "high"))
    if measure == "growth" and _is_index(claim, match):
        value, low, high = (None if v is None else v - _INDEX for v in (value, low, high))
        unit = "%"
    step = _step([v for v in (value, low, high) if v is not None], claim["text"])
    relation = claim["relation"]
    if (claim["direction"] == "down" or match.tail == "fall") and measure in ("growth", "change"):
        value, low, high = _negative(value), _negative(high), _negative(low)
        relation = TURNED.get(relation, relation)
    row = PanelRow(
        region=document.region,
        region_code=document.region_code,
        level=document.level,
        year=int(claim["period"]),
        indicator=one.id,
        name=one.central if document.level == "central" and one.central else one.name,
        measure=measure,
        value=_plain(value),
        low=_plain(low),
        high=_plain(high),
        relation=relation,
        unit=unit,
        status=claim["status"],
        state="found",
        text=claim["text"],
        file=document.file,
        doc=document.name,
        date=document.date,
        genre=document.genre,
        report_year=document.year,
        start=claim["start"],
        end=claim["end"],
        clean_start=claim["clean_start"],
        clean_end=claim["clean_end"],
    )
    least, most = (low, high) if value is None else (value, value)
    width = step / 2
    if relation == "approx" and value is not None:
        width = max(width, abs(value) * _ABOUT)
    below, above = (
        relation in ("lt", "le"),
        relation in ("gt", "ge") or claim["action"] in book.verbs["passed"],
    )
    if below or above:
        width = Decimal(0)  # 以上 and 突破 name a bound, not a rounded value
    return Statement(
        row=row,
        low=None if least is None or below else least - width,
        high=None if most is None or above else most + width,
        step=step,
    )


def _is_index(claim: Mapping[str, Any], match: Match) -> bool:
    """Is the year before 100? 居民消费价格指数控制在2%以内 is a growth, whatever it is called."""
    number = _number(claim["value"] if claim["value"] is not None else claim["low"], Decimal(1))
    stated = claim["kind"] == "level" and not match.tail and match.indicator.index
    return stated and number is not None and (claim["dimension"] != "percent" or number > _INDEX / 2)


def _number(value: object, factor: Decimal) -> Decimal | None:
    """A number of a stored row times a factor: exact types as they are, floats by their shortest digits."""
    if value is None or value == "":
        return None
    number = value if isinstance(value, Decimal) else Decimal(str(value))
    return number * factor if number.is_finite() else None


def _negative(value: Decimal | None) -> Decimal | None:
    return None if value is None else -value


def _plain(value: Decimal | None) -> Decimal | None:
    """A number without exponent or trailing zeros."""
    if value is None:
        return None
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def _step(values: list[Decimal], text: str) -> Decimal:
    """One unit of the last digit that is written: 0.1亿 of 1036.8亿元; of a range the larger."""
    digits = _DIGITS.findall(fold(text).replace(",", "").replace(" ", ""))
    steps = [Decimal(0)]
    for i, value in enumerate(values):
        written = digits[i] if i < len(digits) else ""
        if written and Decimal(written):
            steps.append((abs(value) / Decimal(written)).scaleb(-len(written.partition(".")[2])))
        else:  # 百分之七点五
            exponent = value.normalize().as_tuple().exponent
            steps.append(Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0))
    return max(steps)


def in_unit(unit: str, wanted: str) -> tuple[str, Decimal]:
    """The unit that a value is given in where another is wanted, and by what it is multiplied for that."""
    units = default_lexicon().units
    a, b = units.get(unit), units.get(wanted)
    if unit == wanted or "/" in unit or a is None or b is None or not (a.factor and b.factor):
        return unit, Decimal(1)
    if (a.dimension, a.canonical) != (b.dimension, b.canonical) or not a.canonical:
        return unit, Decimal(1)
    ratio = a.factor / b.factor
    return wanted, ratio.quantize(Decimal(1).scaleb(ratio.adjusted() + 1 - _FACTOR_DIGITS)).normalize()
