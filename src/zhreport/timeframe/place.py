"""Places: a figure or a name in its sentence, as far as time needs to know it."""

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Final

from zhreport.quantities import DateMention
from zhreport.timeframe.scopes import NAMED_PLAN, Scope
from zhreport.timeframe.time_words import (
    TimeWord,
    TimeWords,
    alternation,
    class_pattern,
    members,
    time_pattern,
    time_words,
)
from zhreport.timeframe.years import Year
from zhreport.words.tokens import words_of_speech

__all__ = ["BASED", "Expression", "Place", "Surroundings", "find_expressions"]


#: Behind a time it is where something began, and dates nothing: 在去年的基础上.
BASED: Final = class_pattern("base.began")


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression of time: a calendar expression or a word.

    Attributes:
        start, end: half-open code points of the folded text.
        date: of a calendar expression, else None.
        classes: of a word, else empty.
        compared: is it what something is compared with (`比1955年`), unless a figure stands right behind it?
        alone: does it date its own clause alone, for it says when something will be (`将于今年9月`), began
            (`1996年成立`) or was told (`8月8日，记者获悉`)?
        origin: did something begin or happen then (`从今年4月中旬`, `成立于1996年`)?
    """

    start: int
    end: int
    date: DateMention | None
    classes: frozenset[str] = frozenset()
    compared: bool = False
    alone: bool = False
    origin: bool = False


@dataclass(slots=True, kw_only=True)
class Surroundings:
    """The sentence of a place.

    Attributes:
        folded: the document's folded text.
        start, end: of the sentence in it.
        dates: the calendar expressions in the sentence.
        scope: of the part that the sentence stands in.
        year: of the document.
        classes: word → its class, the caller's words among them.
        before: the calendar expressions before the sentence in its paragraph.
        paragraph_start: where the paragraph begins.
        words: the words of time of the sentence.
        expressions: the expressions of time in it, in order; bases of comparison are none.
    """

    folded: str
    start: int
    end: int
    dates: Sequence[DateMention]
    scope: Scope
    year: Year
    classes: Mapping[str, str]
    before: Sequence[DateMention] = ()
    paragraph_start: int = 0
    words: TimeWords = field(init=False, repr=False)
    expressions: list[Expression] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.words = time_words(self.folded, self.start, self.end)
        self.expressions = find_expressions(self, self.start, self.end, self.dates)


@dataclass(slots=True, kw_only=True)
class Place:
    """A figure in its sentence.

    Attributes:
        sentence: its surroundings.
        start, end: of the figure with the words of relation around it.
        core: where the figure itself begins.
        clause_start: where its segment of the sentence begins, or that of the first of its list.
        verb: the verb that governs it, "" if there is none.
        kind: `level`, `change`, `share`, `rank`, `ratio`; "" for a name.
        relation: of the figure.
        is_base: it is the start of a change (`由25元`).
        asks_stock: tells whether it states what was reached, not what was added; asked for spans of years.
        streak: the years of a figure such as `连续3年`, else 0.
        run: its number in a row of figures under one verb, and the length of the row.
        status: once it is decided.
        reach: where the words that can govern it begin at the earliest.
        words_before: the words of time that can govern it, the nearest last.
        expressions: the expressions of time before it that can govern it, the nearest last.
    """

    sentence: Surroundings
    start: int
    end: int
    core: int
    clause_start: int
    verb: str = ""
    kind: str = ""
    relation: str = "eq"
    is_base: bool = False
    asks_stock: Callable[[], bool] = bool
    streak: int = 0
    run: tuple[int, int] = (0, 1)
    status: str = "actual"
    reach: int = field(init=False, repr=False)
    words_before: list[TimeWord] = field(init=False, repr=False)
    expressions: list[Expression] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.reach = max(self.sentence.start, self.start - _REACH)
        self.words_before = self.sentence.words.between(self.reach, self.start)
        self.expressions = _governing(self)

    @property
    def clause(self) -> str:
        """Its segment of the sentence, up to the figure."""
        return self.sentence.folded[self.clause_start : self.start]

    @property
    def is_stock(self) -> bool:
        """Does it state what was reached, not what was added?"""
        return self.asks_stock()


_OF_NAME: Final = re.compile(rf"(?!{alternation('base.behind_not')}){alternation('base.behind')}")


def _in_title(folded: str, start: int, at: int) -> bool:
    start = max(start, at - _LONGEST_TITLE)
    return folded.rfind("《", start, at) > folded.rfind("》", start, at)


def find_expressions(
    sentence: Surroundings, start: int, end: int, dates: Sequence[DateMention]
) -> list[Expression]:
    """The expressions of time between two places of the text, in order.

    Args:
        sentence: gives the text.
        start: the first place.
        end: the second.
        dates: the calendar expressions between them.
    """
    folded = sentence.folded
    own = (start, end) == (sentence.start, sentence.end)
    words = sentence.words if own else time_words(folded, start, end)
    found = [
        Expression(word.start, word.end, None, word.classes)
        for word in words
        if _says_when(folded, word) and not _in_title(folded, start, word.start)
    ]
    if dates:
        found += [
            Expression(date.start, date.end, date)
            for date in _spans(folded, dates)
            if _OF_NAME.match(folded, date.end) is None and _DATELINE.match(folded, date.end - 1) is None
        ]
        found = [_same_months(folded, item) for item in found]
    if folded.find("五", start, end) >= 0:
        found.extend(
            Expression(match.start(), match.end(), None, _PLAN)
            for match in NAMED_PLAN.finditer(folded, start, end)
            if not _in_title(folded, start, match.start())
        )
    return _related(folded, start, sorted(found, key=lambda item: item.start))


def _related(folded: str, start: int, found: list[Expression]) -> list[Expression]:
    """Expressions in order, each with what the words before it say it is to the sentence."""
    ends: dict[int, Expression] = {}  # what goes on behind another is of its kind: 比“十三五”末2020年
    for number, item in enumerate(found):
        before = None if "since.to_now" in item.classes else ends.get(item.start)
        compared, alone, origin = _relation(folded, start, item, before)
        if compared or alone or origin:
            found[number] = ends[item.end] = replace(item, compared=compared, alone=alone, origin=origin)
    return found


def _relation(
    folded: str, start: int, item: Expression, before: Expression | None
) -> tuple[bool, bool, bool]:
    """Is something compared with a time, does it date its own clause alone, or did something begin then?"""
    looked_at = _LOOKED_AT.match(folded, item.end) is not None
    if before is not None:
        origin = before.origin and folded[item.end : item.end + 1] != "的"
        return before.compared, before.alone, origin and not looked_at
    lead = folded[max(start, item.start - 4) : item.start]
    compared = _COMPARED.search(lead) is not None
    origin = lead[-1:] in _ORIGINS or lead[-1:] == "于" and lead[-3:-1] in words_of_speech("v")
    alone = not compared and (_TO_COME.search(lead) is not None or _is_aside(folded, item))
    return compared, alone, origin and not looked_at


def _same_months(folded: str, item: Expression) -> Expression:
    """2022年同期 is a word, as 去年同期 is."""
    if item.date is None or not folded.startswith("同期", item.end):
        return item
    return Expression(item.start, item.end + 2, None, _SAME)


def _is_aside(folded: str, item: Expression) -> bool:
    """Does a time say when something began or was told, or whose the rest of an account is?"""
    if "time.same" in item.classes or "time.last" in item.classes:
        return _LEFT.match(folded, item.end) is not None
    if item.date is None:
        return False
    return _ORIGIN.match(folded, item.end) is not None or (
        folded[item.end - 1] == "日" and _TOLD.match(folded, item.end) is not None
    )


def _spans(folded: str, dates: Sequence[DateMention]) -> list[DateMention]:
    """The dates, with two that are the ends of one span in one: 2023年11月至2024年2月."""
    found: list[DateMention] = []
    for date in dates:
        last = found[-1] if found else None
        if last and last.year and last.month and date.year and date.month and not last.last_year:
            if folded[last.end : date.start] in _TO:
                found[-1] = replace(
                    last, end=date.end, last_year=date.year, last_month=date.last_month or date.month
                )
                continue
        found.append(date)
    return found


_TO: Final = frozenset(("—", "-", "～", "~", "——")) | members()["base.to"]


def _says_when(folded: str, word: TimeWord) -> bool:
    """Is a word an expression of time? 以来 is one before a pause or a sum, not in 建市以来最好."""
    if "since.to_now" in word.classes:
        return folded[word.end : word.end + 1] in _AFTER_SINCE
    return _of_time(word.classes)


@cache
def _of_time(classes: frozenset[str]) -> bool:
    return any(name.startswith("time.") for name in classes)


_AFTER_SINCE: Final = frozenset("，、") | members()["since.goes_on"]
_ORIGINS: Final = members()["base.origins"]
_PLAN: Final = frozenset(("time.plan",))
_SAME: Final = frozenset(("time.same",))
_COMPARED: Final = re.compile(rf"{alternation('base.before')}“?$")
_TO_COME: Final = re.compile(rf"{alternation('base.to_come')}$")
_LEFT: Final = time_pattern("time.left_over")
_ORIGIN: Final = time_pattern("time.origin")
_LOOKED_AT: Final = re.compile("来?看")  # 从三季度看
_DATELINE: Final = time_pattern("time.dateline")
_TOLD: Final = time_pattern("time.told")
_LONGEST_TITLE: Final = 80
_REACH: Final = 300  # characters: no word further to the left governs a figure
_BESIDE: Final = 1  # a sign between a time and its figure: 比2020年的80亿元
_NEAREST: Final = 12  # expressions of time: bounds the work on hostile sentences
_PAUSE: Final = re.compile(r"[，；]")


def _governing(place: Place) -> list[Expression]:
    times = place.sentence.expressions
    if not times:
        return times
    folded, at = place.sentence.folded, place.start
    last = bisect_right(times, at, key=lambda item: item.end)
    kept = []
    for item in times[max(0, last - _NEAREST) : last]:
        if BASED.search(folded, item.end, at) or (
            item.compared and (at - item.end > _BESIDE or place.kind != "level")
        ):
            continue
        if item.alone and item.start < place.clause_start:
            continue  # 将于9月投用，占地3公顷
        if item.origin and not place.is_base and not (item.date and item.date.last_year is not None):
            continue
        if "time.streak" in item.classes and _PAUSE.search(folded, item.end, at):
            continue
        kept.append(item)
    return kept
