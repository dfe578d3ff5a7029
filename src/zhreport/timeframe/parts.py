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

from zhreport.reading.paragraphs import Paragraph
from zhreport.timeframe.headings import Heading, scope_of
from zhreport.timeframe.openings import OPENING_YEAR, Opening, look_ahead, look_back
from zhreport.timeframe.scopes import PLAN_TIME, Scope, plan_span
from zhreport.timeframe.time_words import (
    MODALS,
    alternation,
    class_pattern,
    members,
    time_pattern,
    time_words,
    word_at,
)
from zhreport.timeframe.years import Year, years_in
from zhreport.words.numerals import TENS

__all__ = ["Timeframe", "timeframe"]


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
        if self.year.two_parts and len(modes := self._lengths()) and self.starts[-1] > 0:
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
_NUMBER: Final = time_pattern("time.section_number")
_HEAD_END: Final = re.compile(r"[，。；：！、？\n]")
_LONGEST_HEAD: Final = 40
_REACH: Final = 60  # characters of a sentence that an announcement stands in
_LEAD: Final = re.compile(rf"[—\s]*(?:{alternation('kind.assembly')}[！：，\s]*)?")


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
        number = bisect_right(self.heading_starts, at)
        line = self.heading_starts[number] if number < len(self.heading_starts) else len(self.folded)
        match = (_SENTENCE_END if every else _turning()).search(self.folded, at, line)
        return match.end() if match else line

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
        scope = scope_of(Heading(text, self.part, self.year))
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
        opening = Opening(self.folded, start, stop, first, self.part, self.year)
        return look_ahead(opening) or look_back(opening)


def _whole(year: Year) -> Scope:
    """What a document says as a whole, before any part of it does."""
    if year.kind == "summary" and year.why and year.speaks == year.planned != year.reviewed:
        return Scope(mode="plan", first=year.planned, last=year.planned, why=year.why)  # 2024年工作要点
    looks_back = year.kind in ("bulletin", "plan") or (year.kind == "summary" and year.why)
    return Scope(mode="review" if looks_back else "", first=year.reviewed, last=year.reviewed, why=year.why)


_OPENINGS: Final = ("opening.year", "opening.years", "opening.ahead", "opening.ahead_years")
#: first signs of a year or of the name of a plan
_DATE_SIGNS: Final = frozenset(f"12“{TENS}")
_BETWEEN_HEADS: Final = 16


# begins with one sign, for a repeated one is not searched for fast: the last of many, each of which would be
# tried again where a search fails
_SENTENCE_END: Final = re.compile(r"[。！；\n](?![。！；\n])[”’」）]?+\s*+")


@cache
def _turning() -> "re.Pattern[str]":
    """The end of a sentence before what may be a heading or the opening of a part: before few sentences."""
    opens = (
        alternation(*_OPENINGS, "opening.lead", "kind.assembly"),
        *(p.pattern for p in (OPENING_YEAR, PLAN_TIME, _NUMBER)),
    )
    named = re.compile(r"\(\?P<\w+>")
    begins = "|".join(["—", *(named.sub("(?:", source) for source in opens)])
    signs = {word[0] for name in (*_OPENINGS, "opening.lead", "kind.assembly") for word in members()[name]}
    first = f"—第（12“{TENS}{re.escape(''.join(sorted(signs)))}"
    return re.compile(rf"{_SENTENCE_END.pattern}(?=[{first}])(?={begins})")


def _title_end(folded: str, paragraphs: Sequence[Paragraph]) -> int:
    """Where the head of a document ends: its title lines set nothing."""
    for p in paragraphs:
        if not p.heading or _NUMBER.match(folded, p.start):
            return p.start
    return 0
