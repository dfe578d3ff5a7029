"""Openings: what the first words of a sentence say of the part it stands in."""

from dataclasses import dataclass
from typing import Final

from zhreport.timeframe.scopes import PLAN_TIME, Scope, is_before, plan_span
from zhreport.timeframe.time_words import TimeWord, class_pattern, time_pattern
from zhreport.timeframe.years import Year
from zhreport.words.lexicon import package_template
from zhreport.words.numerals import parse_numeral

__all__ = ["OPENING_YEAR", "Opening", "look_ahead", "look_back"]

OPENING_YEAR: Final = time_pattern("time.opening_year")
_AFTER_YEAR: Final = frozenset(package_template("time.after_year"))

#: First and last year, and whether an announcement over them turns the part.
Span = tuple[int, int, bool]


@dataclass(frozen=True, slots=True)
class Opening:
    """The first words of a sentence.

    Attributes:
        folded: the document's folded text.
        start, stop: from where to where they stand in it.
        first: the word of time that they begin with.
        part: what the part before them says.
        year: of the document.
    """

    folded: str
    start: int
    stop: int
    first: TimeWord | None
    part: Scope
    year: Year

    def is_of(self, name: str) -> bool:
        """Do they begin with a word of a class of the section `opening` in `data/time.toml`?"""
        return self.first is not None and f"opening.{name}" in self.first.classes

    @property
    def named_year(self) -> int | None:
        """The year that they begin with."""
        match = OPENING_YEAR.match(self.folded, self.start)
        return int(parse_numeral(match["y"])) if match else None

    @property
    def named_plan(self) -> tuple[int, int] | None:
        """The years of the five-year plan whose name they begin with."""
        match = PLAN_TIME.match(self.folded, self.start)
        return plan_span(match.group()) if match else None


def look_ahead(opening: Opening) -> Scope | None:
    """今年工作的总体要求, 2024年我们将, 今后五年的主要目标."""
    span = _years_ahead(opening)
    if span is None:
        return None
    announces = class_pattern("opening.announces").search(opening.folded, opening.start, opening.stop)
    said = announces or class_pattern("opening.intends").search(opening.folded, opening.start, opening.stop)
    if said is None:
        return None
    first, last, turns = span
    rule = "announcement" if announces and turns else "look_ahead"
    return Scope(
        mode="plan", first=first, last=last, why=opening.folded[opening.start : said.end()], rule=rule
    )


def _years_ahead(opening: Opening) -> Span | None:
    """The years to come that a sentence begins with."""
    year = opening.year
    assert year.speaks is not None
    reviewed = year.reviewed if year.reviewed is not None else year.speaks
    planned = year.planned if year.planned != reviewed else year.speaks
    if opening.is_of("ahead"):
        ahead = planned
    elif opening.is_of("ahead_years") and planned is not None:
        return planned, planned + 4, False
    else:
        ahead = opening.named_year
        if ahead is None:
            span = opening.named_plan
            return (*span, False) if span is not None and span[1] > year.speaks else None
    if ahead is None or ahead < reviewed or (ahead == reviewed and year.planned != reviewed):
        return None
    return ahead, ahead, True


def look_back(opening: Opening) -> Scope | None:
    """过去一年, 五年来, “十四五”时期, 2023年."""
    reviewed = _reviewed(opening)
    if reviewed is None:
        return None
    in_plan = opening.part.mode == "plan"
    if opening.is_of("years") or opening.is_of("year"):
        assert opening.first is not None
        if in_plan and opening.folded[opening.first.end : opening.first.end + 1] != "，":
            return None
        first = reviewed - 4 if opening.is_of("years") else reviewed
        return _review(first, reviewed, opening.first.text)
    if in_plan:
        return None
    if match := PLAN_TIME.match(opening.folded, opening.start):
        span = opening.named_plan
        if span is None or span[0] >= (opening.year.speaks or reviewed):
            return None
        return _review(span[0], min(span[1], reviewed), match.group())
    match = OPENING_YEAR.match(opening.folded, opening.start)
    if match is None or opening.named_year != reviewed or reviewed == opening.year.planned:
        return None
    follows = opening.folded[match.end() : match.end() + 1]
    return _review(reviewed, reviewed, match.group()) if follows in _AFTER_YEAR else None


def _reviewed(opening: Opening) -> int | None:
    """The last year that a look back is about: of the heading above it, else under review."""
    reviewed, part = opening.year.reviewed, opening.part
    if reviewed is None:
        return None
    if part.mode == "review" and part.rule == "heading" and part.last is not None:
        return part.last
    return reviewed - (opening.first is not None and is_before(opening.first.text, opening.year))


def _review(first: int, last: int, why: str) -> Scope:
    return Scope(mode="review", first=first, last=last, why=why, rule="look_back")
