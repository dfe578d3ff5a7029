"""Parts: for every place of a report, whether it looks back or plans there, and over which years.

What decides are headings, the first words of sentences, and nothing of the layout: a heading is found
on a line of its own and inside running text alike, so a report pasted on one line reads as before.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from zhreport.numerals import parse_numeral
from zhreport.paragraphs import Paragraph
from zhreport.timeframe.words import (
    MODALS,
    TimeWord,
    alternation,
    class_pattern,
    members,
    time_words,
    word_at,
)
from zhreport.timeframe.years import Year, years_in

__all__ = ["PLAN_SPANS", "Scope", "Timeframe", "plan_span", "timeframe"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a part of the report says by default.

    Attributes:
        mode: `review`, `plan` or "" where the report gives no sign.
        first, last: the years that flows and changes belong to; None if unknown.
        why: the words or heading that decided.
        rule: what they are: `heading`, `announcement`, `look_back`, `look_ahead` or `document`.
    """

    mode: str
    first: int | None
    last: int | None
    why: str
    rule: str = "document"


#: First and last year of the five-year plans, by number.
PLAN_SPANS: Final[dict[int, tuple[int, int]]] = {
    1: (1953, 1957),
    2: (1958, 1962),
    3: (1966, 1970),
    4: (1971, 1975),
    **{n: (1976 + 5 * (n - 5), 1980 + 5 * (n - 5)) for n in range(5, 21)},
}
_PLAN_NAME: Final = re.compile(
    r"([一二三四五六七八九]|十[一二三四五六七]?)五(?=[”’」]|时期|期间|规划|计划|末|收官|以来|开局|[^\u4e00-\u9fff])"
    r"|第([一二三四五六七八九十]{1,3})个五年(?:计划|规划)"
)


def plan_span(text: str) -> tuple[int, int] | None:
    """Years of the first five-year plan named in a text.

    >>> plan_span("“十四五”时期"), plan_span("第七个五年计划"), plan_span("五年")
    ((2021, 2025), (1986, 1990), None)
    """
    match = _PLAN_NAME.search(text)
    if match is None:
        return None
    return PLAN_SPANS.get(int(parse_numeral(match[1] or match[2])))


@dataclass(frozen=True, slots=True)
class Timeframe:
    """The time of a document: its years, its words of time, and the parts it falls into.

    Attributes:
        year: the years of the document.
        starts, scopes: where each part begins, and what it says.
        length: characters of the text.
    """

    year: Year
    starts: tuple[int, ...]
    scopes: tuple[Scope, ...]
    length: int

    def scope_at(self, place: int) -> Scope:
        """The part that a place stands in."""
        return self.scopes[max(0, bisect_right(self.starts, place) - 1)]

    @property
    def warning(self) -> str:
        """What is unusual, else "": a title against the metadata, or one part for nearly everything."""
        if self.year.conflict:
            return self.year.conflict
        if self.year.kind in ("government", "plan") and len(modes := self._lengths()) and self.starts[-1] > 0:
            mode, share = max(modes.items(), key=lambda item: item[1])
            if share > _NEARLY_ALL:
                part = mode or "neither review nor plan"
                return f"{share:.0%} of the text is read as {part}; a report of this kind has both"
        return ""

    def _lengths(self) -> dict[str, float]:
        """The share of the text that each mode covers; empty for a short text."""
        end = self.length
        if end < _SHORTEST_REPORT:
            return {}
        found: dict[str, float] = {}
        for start, stop, scope in zip(self.starts, (*self.starts[1:], end), self.scopes, strict=True):
            found[scope.mode] = found.get(scope.mode, 0) + max(0, stop - start) / end
        return found


_NEARLY_ALL: Final = 0.97
_SHORTEST_REPORT: Final = 3000  # characters: an extract may have one part
_NUMBER: Final = re.compile(
    r"(?P<one>第[一二三四五六七八九十]{1,3}(?:部分|章|编)[、：\s]*|[一二三四五六七八九十]{1,3}、)|（[一二三四五六七八九十]{1,3}）"
)
_HEAD_END: Final = re.compile(r"[，。；：！、？\n]")
_LONGEST_HEAD: Final = 40
_REACH: Final = 60  # characters of a sentence that an announcement stands in
_LEAD: Final = re.compile(r"[—\s]*(?:各位代表[！：，\s]*)?")
_OPENING_YEAR: Final = re.compile(r"(?P<y>(?:19|20)[0-9]{2}|[一二][〇零○一二三四五六七八九]{3})年")
_AFTER_YEAR: Final = frozenset("，是以全我")
_NAMED_PLAN: Final = re.compile(r"“?[一二三四五六七八九十]{1,2}五”?(?:时期|期间|以来)")


def is_before(word: str, year: Year) -> bool:
    """Does 过去一年 end before the own year, in a document that does not review the year before anyway?"""
    return word.startswith("过去") and year.kind == "other" and year.reviewed == year.speaks


def timeframe(folded: str, paragraphs: Sequence[Paragraph], year: Year) -> Timeframe:
    r"""The timeframe of a document.

    Args:
        folded: its folded text.
        paragraphs: of the text.
        year: its years, as `find_year` gives them.

    >>> from zhreport.document import make_document
    >>> d = make_document("一、2023年工作回顾\n增产。\n二、2024年重点工作\n再增产。", year=2024)
    >>> [(s.mode, s.first) for s in d.timeframe.scopes if s.mode]
    [('review', 2023), ('plan', 2024)]
    >>> d = make_document("一、2023年工作回顾全县增产。二、2024年重点工作再增产。", year=2024)
    >>> d.timeframe.scope_at(d.text.index("再")).mode
    'plan'
    """
    reader = _Reader(folded, paragraphs, year)
    found = list(reader.read())
    starts, scopes = tuple(place for place, _ in found), tuple(scope for _, scope in found)
    return Timeframe(year, starts, scopes, len(folded))


class _Reader:
    """Reads a text from its beginning to its end and tells where a part begins."""

    def __init__(self, folded: str, paragraphs: Sequence[Paragraph], year: Year) -> None:
        self.folded = folded
        self.year = year
        self.headings = {p.start: p for p in paragraphs if p.heading}
        self.heading_starts = sorted(self.headings)
        self.paragraph_starts = [p.start for p in paragraphs]
        self.title_end = _title_end(folded, paragraphs)
        self.part = _whole(year)
        self.level = 9  # of the heading that set the part
        self.headed = Scope(mode="", first=None, last=None, why="")  # what that heading said

    def read(self) -> Iterator[tuple[int, Scope]]:
        """Where what holds from there begins, and the scope."""
        current = self.part
        aside: Scope | None = None  # holds for some sentences only
        yield 0, current
        at, end = len(self.folded) - len(self.folded.lstrip()), len(self.folded)
        while at < end:
            heading, rest = self._heading(at)
            if heading is not None:
                self.part = self.headed = heading
                aside = None
            opening = self._opening(rest) if self.folded[rest : rest + 1] != "\n" else None
            if opening is not None:
                if self._turns(opening):
                    self.part, aside = opening, None
                else:
                    aside = opening
            elif aside is not None and self._ends(aside, at):
                aside = None
            if (new := aside or self.part) is not current:
                current = new
                yield at, current
            at = self._next(at, every=aside is not None)

    def _next(self, at: int, *, every: bool) -> int:
        """Where the next sentence or line begins; if not `every` one, the next that may turn the part."""
        match = (_SENTENCE_END if every else _turning()).search(self.folded, at)
        start = match.end() if match else len(self.folded)
        number = bisect_right(self.heading_starts, at)
        return min([start, *self.heading_starts[number : number + 1]])

    def _turns(self, opening: Scope) -> bool:
        """Does what the first words of a sentence say become the part, or is it said aside?"""
        chaptered = self.year.kind not in ("press", "other")
        if opening.rule == "look_back":
            if self.headed.mode == "review" and opening.first != opening.last:
                # 五年来 in a chapter on one year is said aside
                return (
                    plan_span(self.headed.why) is not None
                    or "年来" in self.headed.why
                    or "五年" in self.headed.why
                )
            return self.part.mode != "plan"
        if opening.rule == "announcement":
            return chaptered or self.part.rule == "heading"
        return chaptered and self.headed.mode != "review" and self.part.rule != "heading"

    def _ends(self, aside: Scope, at: int) -> bool:
        """Does a look back or ahead end before the sentence at a place?"""
        if self._number(at) or at in self.headings:
            return True
        if aside.mode == self.part.mode:
            return False
        i = bisect_right(self.paragraph_starts, at) - 1
        if i >= 0 and self.paragraph_starts[i] == at:
            return True
        words = time_words(self.folded, at, self._stop(at, 300, "。！\n"))
        coming = not all(MODALS.isdisjoint(word.classes) for word in words)
        return coming if aside.mode == "review" else not coming

    # -- headings

    def _number(self, at: int) -> "re.Match[str] | None":
        return _NUMBER.match(self.folded, at)

    def _stop(self, at: int, reach: int, signs: str) -> int:
        ends = (self.folded.find(sign, at, at + reach) for sign in signs)
        return min((end for end in ends if end >= 0), default=min(len(self.folded), at + reach))

    def _heading(self, at: int) -> tuple[Scope | None, int]:
        """The scope that a heading at a place sets, and where the sentence behind it begins."""
        line = self.headings.get(at)
        if line is not None and class_pattern("section.captions").match(self.folded, at):
            return None, at
        number = self._number(at)
        if line is not None:
            level, end, text = line.heading, line.end, self.folded[at : line.end]
            if at < self.title_end and not number:
                return None, at
        elif number is not None and number["one"]:
            level, end = 1, self._inline_end(number.end())
            text = self.folded[at:end]
        else:
            return None, at
        if level > self.level and not (level < 4 and years_in(text)):
            return None, at
        scope = _heading_scope(text, at, list(time_words(self.folded, at, end)), self.part, self.year)
        if scope is None:
            return None, at
        self.level = min(self.level, level)
        return scope, end

    def _inline_end(self, at: int) -> int:
        """Where a heading inside running text ends: at its sign, or behind the words that end headings."""
        match = _HEAD_END.search(self.folded, at, at + _LONGEST_HEAD)
        stop = match.start() if match else min(len(self.folded), at + _LONGEST_HEAD)
        heads = [m.end() for m in class_pattern("section.heads").finditer(self.folded, at, stop)]
        if not heads:
            return stop
        end = heads[0]
        for following in heads[1:]:  # 目标任务, 工作回顾和2024年工作安排
            if following - end > _BETWEEN_HEADS:
                break
            end = following
        return end

    # -- first words

    def _opening(self, at: int) -> Scope | None:
        """The scope that the first words of a sentence set."""
        if self.year.speaks is None:
            return None
        start = _LEAD.match(self.folded, at).end()  # type: ignore[union-attr] # it may be empty
        first = word_at(self.folded, start)
        if first is None or not any(name in first.classes for name in _OPENINGS):
            if lead := class_pattern("opening.lead").match(self.folded, start):
                start = lead.end()
                first = word_at(self.folded, start)
        if first is None and self.folded[start : start + 1] not in _DATE_SIGNS:
            return None
        stop = self._stop(start, _REACH + 12, "。！\n")
        return self._ahead(start, stop, first) or self._back(start, first)

    def _ahead(self, start: int, stop: int, first: TimeWord | None) -> Scope | None:
        """今年工作的总体要求, 2024年我们将, 今后五年的主要目标."""
        assert self.year.speaks is not None
        reviewed = self.year.reviewed if self.year.reviewed is not None else self.year.speaks
        planned = self.year.planned if self.year.planned != reviewed else self.year.speaks
        span: tuple[int, int] | None = None
        ahead: int | None = None
        if first is not None and "opening.ahead" in first.classes:
            ahead = planned
        elif first is not None and "opening.ahead_years" in first.classes and planned is not None:
            span = planned, planned + 4
        elif match := _OPENING_YEAR.match(self.folded, start):
            ahead = int(parse_numeral(match["y"]))
        elif match := _NAMED_PLAN.match(self.folded, start):
            span = plan_span(match.group())
            span = span if span is not None and span[1] > self.year.speaks else None
        if span is None and (
            ahead is None or ahead < reviewed or (ahead == reviewed and self.year.planned != reviewed)
        ):
            return None
        announces = class_pattern("opening.announces").search(self.folded, start, stop)
        said = announces or class_pattern("opening.intends").search(self.folded, start, stop)
        if said is None:
            return None
        rule = "announcement" if announces and span is None else "look_ahead"
        first_year, last_year = span or (ahead, ahead)
        why = self.folded[start : said.end()]
        return Scope(mode="plan", first=first_year, last=last_year, why=why, rule=rule)

    def _back(self, start: int, first: TimeWord | None) -> Scope | None:
        """过去一年, 五年来, “十四五”时期, 2023年."""
        reviewed = self.year.reviewed
        if reviewed is None:
            return None
        ahead_only = self.part.mode == "plan"
        if self.part.mode == "review" and self.part.rule == "heading" and self.part.last is not None:
            reviewed = self.part.last
        elif first is not None and is_before(first.text, self.year):
            reviewed -= 1
        if first is not None and "opening.years" in first.classes:
            scope = Scope(mode="review", first=reviewed - 4, last=reviewed, why=first.text, rule="look_back")
        elif first is not None and "opening.year" in first.classes:
            scope = Scope(mode="review", first=reviewed, last=reviewed, why=first.text, rule="look_back")
        elif match := _NAMED_PLAN.match(self.folded, start):
            span = plan_span(match.group())
            if span is None or span[0] >= (self.year.speaks or reviewed) or ahead_only:
                return None
            return Scope(
                mode="review", first=span[0], last=min(span[1], reviewed), why=match.group(), rule="look_back"
            )
        elif (match := _OPENING_YEAR.match(self.folded, start)) and int(
            parse_numeral(match["y"])
        ) == reviewed:
            if (
                self.folded[match.end() : match.end() + 1] not in _AFTER_YEAR
                or ahead_only
                or reviewed == self.year.planned
            ):
                return None
            return Scope(mode="review", first=reviewed, last=reviewed, why=match.group(), rule="look_back")
        else:
            return None
        if ahead_only and first is not None and self.folded[first.end : first.end + 1] != "，":
            return None
        return scope


def _whole(year: Year) -> Scope:
    """What a document says as a whole, before any part of it does."""
    if year.kind == "summary" and year.why and year.speaks == year.planned != year.reviewed:
        return Scope(mode="plan", first=year.planned, last=year.planned, why=year.why)  # 2024年工作要点
    looks_back = year.kind in ("bulletin", "plan") or (year.kind == "summary" and year.why)
    return Scope(mode="review" if looks_back else "", first=year.reviewed, last=year.reviewed, why=year.why)


_OPENINGS: Final = ("opening.year", "opening.years", "opening.ahead", "opening.ahead_years")
#: first signs of a year or of the name of a plan
_DATE_SIGNS: Final = frozenset("12“一二三四五六七八九十")
_BETWEEN_HEADS: Final = 16


_SENTENCE_END: Final = re.compile(r"[。！；\n]++[”’」）]?+\s*+")


@cache
def _turning() -> "re.Pattern[str]":
    """The end of a sentence before what may be a heading or the opening of a part: before few sentences."""
    opens = (
        alternation(*_OPENINGS, "opening.lead"),
        *(p.pattern for p in (_OPENING_YEAR, _NAMED_PLAN, _NUMBER)),
    )
    named = re.compile(r"\(\?P<\w+>")
    begins = "|".join(["—", "各位代表", *(named.sub("(?:", source) for source in opens)])
    signs = "".join(sorted({word[0] for name in (*_OPENINGS, "opening.lead") for word in members()[name]}))
    return re.compile(rf"{_SENTENCE_END.pattern}(?=[—各第（12“一二三四五六七八九十{signs}])(?={begins})")


def _title_end(folded: str, paragraphs: Sequence[Paragraph]) -> int:
    """Where the head of a document ends: its title lines set nothing."""
    for p in paragraphs:
        if not p.heading or _NUMBER.match(folded, p.start):
            return p.start
    return 0


_LAST_SIGNS: Final = 1  # characters behind the last word of a heading


def _heading_scope(
    heading: str, start: int, words: list[TimeWord], current: Scope, year: Year
) -> Scope | None:
    """The scope that a heading sets for what follows; None if it sets none."""
    own, reviewed, planned = year.speaks, year.reviewed, year.planned
    plans = [w for w in words if "section.plan" in w.classes]
    reviews = [w for w in words if "section.review" in w.classes]
    years, span = years_in(heading), plan_span(heading)
    of_years = any("section.long" in w.classes for w in words)
    of_year = any("section.current" in w.classes for w in words)
    budget = any("section.budget" in w.classes for w in words)

    def scope(mode: str, first: int | None, last: int | None) -> Scope:
        return Scope(mode=mode, first=first, last=last, why=heading, rule="heading")

    def plan() -> Scope:
        if years and not (span and span[1] >= max(years)):
            return scope("plan", max(years), max(years))
        if span and own is not None and span[1] >= own and not of_year:
            return scope("plan", *span)
        if of_years and planned is not None and not of_year:
            return scope("plan", planned, planned + 4)
        return scope("plan", planned, planned)

    def review() -> Scope:
        last = max(years) if years else reviewed
        if years and span is None and of_years and last is not None:
            return scope("review", last - 4, last)
        if years:
            return scope("review", span[0] if span and len(years) > 1 else min(years), last)
        if span and reviewed is not None:
            return scope("review", span[0], min(span[1], reviewed))
        if of_years and reviewed is not None:
            return scope("review", reviewed - 4, reviewed)
        return scope("review", reviewed, reviewed)

    ends_in_plan = bool(plans) and plans[-1].end >= start + len(heading) - _LAST_SIGNS
    if years and own is not None:
        coming = [y for y in years if y > (reviewed or own) or (plans and y == own == planned)]
        if coming and reviews and (plans or budget) and min(years) <= (reviewed or 0):
            return scope("review", reviewed, reviewed)  # 回顾 and 安排 in one heading: what comes first
        if coming and (plans or budget or (not reviews and "工作" in heading)):
            return plan()
        if plans and not reviews and not coming and max(years) < own and current.mode == "plan":
            return None
        if reviews or not coming and (plans or "工作" in heading or budget):
            return review()
        return None
    if (
        plans
        and any("section.past" in w.classes for w in words)
        and not any(w.text == "总结" for w in reviews)
    ):
        return scope("", reviewed, reviewed)  # 成就和任务 in one heading: the sentences decide
    if plans and (not reviews or ends_in_plan):
        return plan()
    if reviews:
        return review()
    if budget and "草案" in heading:
        return plan()
    return None
