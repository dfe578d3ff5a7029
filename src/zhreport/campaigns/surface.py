"""The surface of a text: heads, quotation marks and titles found once, and what every reader asks of it."""

import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import Final, NamedTuple

import regex

from zhreport.campaigns.vocabulary import Vocabulary
from zhreport.words.tokens import Tokenizer

__all__ = [
    "CLAUSE_END",
    "CLOSE",
    "OPEN",
    "Candidate",
    "Head",
    "Surface",
]

# Balanced marks first; then an opening mark that stands for the closing one, and the reverse.
_QUOTED: Final = re.compile(
    r"“(?P<a>[^“”\n。；]{1,40})”|「(?P<b>[^「」\n。；]{1,40})」|『(?P<c>[^『』\n。；]{1,40})』"
    r"|‘(?P<d>[^‘’\n。；]{1,40})’|\"(?P<e>[^\"\n。；]{1,40})\"|〝(?P<f>[^〝〞\n。；]{1,40})〞"
    r"|“(?P<g>[^“”\n。；，、]{1,24})“(?![^“”\n]{1,24}”)|”(?P<h>[^“”\n。；，、]{1,24})”"
    r"|(?<![。！？，：])”(?P<j>[\u4e00-\u9fff]{2,12})“(?=[\u4e00-\u9fff])"
    r"|'(?P<i>[^'\n。；，、]{1,30})'"
)
_PAIR: Final = re.compile(r"“(?:([^“”\n。；]{1,40})|[^“”]*)”")
_OTHER_MARKS: Final = "「『‘\"〝'"
_NOTE_SIGNS: Final = frozenset("（[【")
_NOTE: Final = re.compile(r"（[0-9]{1,3}）|\[[0-9]{1,3}\]|【[0-9]{1,3}】")
_NOTE_ENDS: Final = "）]】"
_NOTE_BEFORE: Final = regex.compile(r"(?r)(?:（[0-9]{1,3}）|\[[0-9]{1,3}\]|【[0-9]{1,3}】)")
_SHORT_NOTE: Final = regex.compile(r"(?r)[\u4e00-\u9fff]（[\u4e00-\u9fff]{1,6}）")
_SOFT: Final = re.compile(r"[，。；：！？、\n《》“”‘’「」『』\"…（）【】—]|(?<![A-Za-z0-9])\s(?![A-Za-z0-9])")
CLAUSE_END: Final = re.compile(r"[，。；：！？\n]")
OPEN: Final = '“‘「『"'
CLOSE: Final = '”’」』"'
_LOOK_LEFT: Final = 44  # characters: no name is longer
_CLAUSE: Final = 100


_LISTING: Final = frozenset('、“”‘’「」『』"）)】》《—')
_OPEN_MARKS: Final = "“‘「『\"〝'”"


@dataclass(slots=True)
class Candidate:
    """A possible name and what stands around it.

    Attributes:
        text: the folded text.
        start, end: of the name, half-open code points; `name` stands there.
        kind: as the head or the verb says.
        head_start, head_end: of the head noun with the words that only say what sort of effort it is;
            both equal `end` where there is none; `head` stands there.
        form: how it was found: `head_in_quotes`, `quoted_before_head`, `quoted_title`, `quoted_object`,
            `phrase`, `list_item`, `title` or `known_title`.
        verb, verb_start: the word that governs it and its place, "" and -1 if none.
        surface: where it was found.
        strong: its head names an effort wherever it stands.
    """

    text: str
    start: int
    end: int
    name: str
    kind: str
    head_start: int
    head_end: int
    head: str
    form: str
    verb: str
    verb_start: int
    surface: "Surface"
    strong: bool = False
    _clause_start: int = -1
    _words: list[str] | None = None

    @property
    def clause_start(self) -> int:
        """Where its clause begins; looked for when first asked for."""
        if self._clause_start < 0:
            self._clause_start = self.surface.clause_start(self.start)
        return self._clause_start

    @property
    def words(self) -> list[str]:
        """The words of the name before the head; cut when first asked for."""
        if self._words is None:
            self._words = self.surface.words(self.start, self.head_start)
        return self._words

    @property
    def quoted(self) -> bool:
        """Does the name stand in quotation marks?"""
        if self.form == "phrase":
            return False
        before = self.text[max(0, self.start - 40) : self.start].rstrip("、 \u3000")[-1:]
        return before != "" and before in _OPEN_MARKS


class Head(NamedTuple):
    """One or more heads without a gap; the last one says the kind."""

    start: int
    end: int
    last: str
    strong: bool


def _quotes(text: str) -> list[tuple[int, int]]:
    """The insides of quotation marks.

    Most reports have one sort of marks, each opened and closed in turn, and then need no look for others.
    """
    if not any(mark in text for mark in _OTHER_MARKS):
        pairs = list(_PAIR.finditer(text))
        if len(pairs) == text.count("“") == text.count("”"):
            return [pair.span(1) for pair in pairs if pair.lastindex]
    return [quoted.span(quoted.lastindex or 0) for quoted in _QUOTED.finditer(text)]


class Surface:
    """A folded text with what one scan found; the readers look at it.

    Args:
        folded: the text.
        vocabulary: heads, verbs and stop words.
        tokenizer: cuts the words before a head.
    """

    def __init__(self, folded: str, vocabulary: Vocabulary, tokenizer: Tokenizer) -> None:
        self.text = folded
        # To look to the left: `re` searches forwards only, and to search backwards with `regex` costs thrice.
        self._mirror, self._size = folded[::-1], len(folded)
        self.v = vocabulary
        self.tokenizer = tokenizer
        self.held: list[tuple[int, int]] = []
        self.quotes: list[tuple[int, int]]  # inside the marks
        self._scan()
        self.taken: set[int] = set()  # heads that belong to a quoted name
        self._asked: tuple[int, tuple[int, str]] = (-1, (0, ""))  # the last segment
        self.objects: set[int] = set()  # ends of quoted words that say what is dealt with
        self.closing = {end: start for start, end in self.quotes}

    def _scan(self) -> None:
        text, v = self.text, self.v
        self.quotes = _quotes(text)
        self.heads: list[Head] = []
        titles: list[tuple[int, int]] = []
        ends, self.of_a_place = v.index.ends(text)
        for end, (head, title, held) in v.index.find(text, ends):
            if head:
                self._add_head(end - len(head), end, head)
            if title and not (title == "获" and v.not_won(text, end)):
                first = end - len(title)
                if not titles or first >= titles[-1][1]:
                    titles.append((first, end))
                elif first <= titles[-1][0]:  # 创建 in 创建为
                    titles[-1] = first, end
            if held:
                self.held.append((end - len(held), end))
        self.titles = titles
        self.head_starts = [head.start for head in self.heads]
        self.title_starts = [start for start, _ in titles]
        self.title_ends = [end for _, end in titles]

    def _add_head(self, first: int, end: int, word: str) -> None:
        """Keep a head; one with the head before it where they touch: 专项整治 + 行动, 三年行动 + 行动计划."""
        firm = word in self.v.strong
        if self.heads and first <= self.heads[-1].end:
            stage = first == self.heads[-1].end and word in self.v.sets["events.stages"]
            if stage and self.v.kinds[self.heads[-1].last] == "contest":
                return  # 青年创新大赛 | 总决赛
            before = self.heads.pop()
            if before.end - first != 1:  # 重大赛事
                first, firm = min(before.start, first), firm or before.strong
        self.heads.append(Head(first, end, word, firm))

    def clause_start(self, at: int) -> int:
        """Where the clause of a place begins."""
        begin = at - _CLAUSE if at > _CLAUSE else 0
        found = CLAUSE_END.search(self._mirror, self._size - at, self._size - begin)
        return self._size - found.start() if found else begin

    def listing_start(self, segment: int, sign: str) -> int:
        """Where the clause of a segment begins: behind a sign that does not list, where the segment does."""
        return self.clause_start(segment) if sign in _LISTING else segment

    def skip_note(self, at: int) -> int:
        """The place behind a footnote's number (`（12）`), or the same place."""
        if self.text[at : at + 1] not in _NOTE_SIGNS:
            return at
        note = _NOTE.match(self.text, at, at + 5)
        return note.end() if note else at

    def verb_before(self, start: int, at: int) -> tuple[str, int]:
        """The last making verb of the clause before a place."""
        return self._word_before(self.v.making_mirrored, start, at)

    def governor_before(self, start: int, at: int) -> tuple[str, int]:
        """The last word before a place that may govern a name."""
        return self._word_before(self.v.governing_mirrored, start, at)

    def firm_before(self, start: int, at: int) -> tuple[str, int]:
        """The last verb such as 开展 before a place."""
        return self._word_before(self.v.firm_mirrored, start, at)

    def _word_before(self, mirrored: re.Pattern[str], start: int, at: int) -> tuple[str, int]:
        found = mirrored.search(self._mirror, self._size - at, self._size - start)
        if found is None:
            return "", -1
        place = self._size - found.end()
        return self.text[place : self._size - found.start()], place

    def make(
        self,
        start: int,
        end: int,
        kind: str,
        form: str,
        *,
        head: tuple[int, int] | None = None,
        verb: tuple[str, int] = ("", -1),
        strong: bool = False,
        clause: int = -1,
        words: list[str] | None = None,
    ) -> Candidate:
        """A candidate; `head` and `verb` with their places, where its clause begins and `words`, if known."""
        text = self.text
        head_start, head_end = head or (end, end)
        if len(verb[0]) == 4 and verb[0][:2] in self.v.adverbs:
            verb = verb[0][2:], verb[1] + 2  # 扎实推进
        # By position: some twenty thousand of them are made for a hundred reports.
        return Candidate(
            text, start, end, text[start:end], kind, head_start, head_end, text[head_start:head_end], form,
            *verb, self, strong, clause, words,
        )  # fmt: skip

    def verb_of(self, clause: int, at: int) -> tuple[str, int]:
        """The making verb of a clause before a place, or of the clause before if a name ends that one."""
        verb = self.verb_before(clause, at)
        if not verb[0] and clause > 1 and self.text[clause - 1] == "，":
            begin = self.clause_start(clause - 1)
            if self.v.all_heads.longest(self.text, begin, clause - 1):
                return self.verb_before(begin, clause - 1)
        return verb

    def words(self, start: int, end: int) -> list[str]:
        """Words; a quoted name is one word."""
        text = self.text
        if start == end:
            return []
        index = bisect_left(self.quotes, (start, 0))
        if index == len(self.quotes) or self.quotes[index][0] > end:
            return self.tokenizer.words(text[start:end])
        words: list[str] = []
        at = start
        for match in _QUOTED.finditer(text, start, end):
            words += [*self.tokenizer.words(text[at : match.start()]), match.group()]
            at = match.end()
        return words + self.tokenizer.words(text[at:end])

    def segment(self, at: int) -> tuple[int, str]:
        """Where the segment before a place begins, and the sign before it; kept for who asks next."""
        if self._asked[0] != at:
            self._asked = at, self._segment(at)
        return self._asked[1]

    def _segment(self, at: int) -> tuple[int, str]:
        """Where the segment before a place begins, and the sign before it.

        Quoted words that only describe, notes and single dashes are no edge.
        """
        text = self.text
        begin = max(0, at - _LOOK_LEFT)
        look = at
        while match := _SOFT.search(self._mirror, self._size - look, self._size - begin):
            place = self._size - match.end()
            sign = match.group()
            if sign in _NOTE_ENDS:
                note = _NOTE_BEFORE.match(text, begin, place + 1)
                note = note or _SHORT_NOTE.match(text, begin, place + 1)  # 中国（云岭）论坛
                if note is not None:
                    look = note.start()
                    continue
            if sign == "—" and not text.startswith("—", place + 1) and not text.endswith("—", begin, place):
                look = place  # 中国—东盟博览会
                continue
            if sign in CLOSE and place in self.closing:
                start = self.closing[place]
                if place in self.objects or text[start:place] in self.v.formulations:
                    look = start - 1
                    continue
            return place + 1, sign
        return begin, ""
