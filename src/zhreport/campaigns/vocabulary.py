"""The words of campaigns, compiled once for an extractor."""

import re
from collections.abc import Collection, Iterable, Iterator
from typing import Final

import regex

from zhreport.lexicon import Lexicon
from zhreport.numeric import import_numpy

__all__ = ["KINDS", "Vocabulary"]

#: The kinds of campaign, as the guidelines define them.
KINDS: Final = ("action", "activity", "project", "contest", "forum", "honour")


def _longest_first(words: Iterable[str]) -> str:
    return "|".join(regex.escape(word) for word in sorted(words, key=lambda w: (-len(w), w)))


def _longest_end(word: str, group: Collection[str]) -> str:
    ends = (word[at:] for at in range(len(word)))
    return next((end for end in ends if end in group), "")


class Suffixes:
    """Tells which of many words a text ends with."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = frozenset(words)
        lengths: dict[str, set[int]] = {}
        for word in self._words:
            lengths.setdefault(word[-1], set()).add(len(word))
        self._lengths = {last: tuple(sorted(found, reverse=True)) for last, found in lengths.items()}

    def longest(self, text: str, start: int, end: int) -> str:
        """The longest word that ends at `end` and does not begin before `start`, "" if none does."""
        if start < end:
            for length in self._lengths.get(text[end - 1], ()):
                if end - length >= start and text[end - length : end] in self._words:
                    return text[end - length : end]
        return ""


class BigramIndex:
    """Finds where one of many words may end: where its last two characters stand.

    One pass of numpy over the code points, whatever the number of words; the few hits are then read by a
    pattern. A plain alternation of 250 heads costs a hundred times as much.
    """

    def __init__(self, words: Iterable[str]) -> None:
        np = import_numpy()
        self._np = np
        self._words = frozenset(words)
        long = [word for word in self._words if len(word) > 1]
        single = self._words.difference(long, ("",))
        pairs = sorted({(ord(word[-2]), ord(word[-1])) for word in long})
        self._pairs = np.array([first << 32 | second for first, second in pairs], dtype=np.uint64)
        lengths: dict[str, set[int]] = {}
        for word in long:
            lengths.setdefault(word[-2:], {1} if word[-1] in single else set()).add(len(word))
        self._lengths = {pair: tuple(sorted(found, reverse=True)) for pair, found in lengths.items()}
        self._first, self._second = np.zeros((2, 0x110000), dtype=bool)
        self._first[[first for first, _ in pairs]] = True
        self._second[[second for _, second in pairs]] = True
        self._single = [ord(word) for word in single]

    def find(self, text: str) -> Iterator[tuple[int, str]]:
        """Each place where words end, in order, with the longest of them."""
        words, lengths = self._words, self._lengths
        for end in self._ends(text):
            for length in lengths.get(text[end - 2 : end], (1,)):
                word = text[end - length : end] if length <= end else ""
                if word in words:
                    yield end, word
                    break

    def _ends(self, text: str) -> list[int]:
        """Places behind the bigrams and the words of one sign, in order."""
        np = self._np
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        places = np.flatnonzero(np.take(self._first, codes[:-1]) & np.take(self._second, codes[1:])) + 1
        found = codes[places - 1].astype(np.uint64) << np.uint64(32) | codes[places]
        at = np.searchsorted(self._pairs, found)
        at[at == len(self._pairs)] = 0
        hit = np.zeros(len(codes), dtype=bool)
        hit[places] = self._pairs[at] == found
        for code in self._single:
            hit |= codes == code
        ends: list[int] = (np.flatnonzero(hit) + 1).tolist()
        return ends


class Vocabulary:
    """Heads, governing verbs and stop words as patterns and sets.

    Attributes:
        kinds: head noun → kind, all heads.
        strong: heads that name an effort wherever they stand.
        index: finds heads that stand without quotation marks, words of winning and seeking a title, and
            verbs of holding an event; `roles` gives the longest of each that a word of it ends with, or "".
        last_two: the last signs of all heads.
        known_titles: titles known by name.
        quoted_only: heads that count right behind a quoted name only.
        all_heads, title_heads: tell with which head a text ends.
        making: verbs after which a weak head is enough; `governing`: all verbs that may govern a name.
        hard, soft: words that begin a name; a soft one may be a part of it.
        after: head → pattern of what makes another word of it.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        sets = lexicon.sets
        self.kinds: dict[str, str] = {}
        for section in ("quoted_heads", "weak_heads", "heads"):  # the last one wins
            for kind in KINDS:
                self.kinds.update(dict.fromkeys(sets.get(f"{section}.{kind}", ()), kind))
        quoted_only = {w for kind in KINDS for w in sets.get(f"quoted_heads.{kind}", ())}
        self.strong = frozenset(w for kind in KINDS for w in sets.get(f"heads.{kind}", ()))
        self.list_kinds = {w: kind for kind in KINDS for w in sets.get(f"list_heads.{kind}", ())}
        self.list_head = regex.compile(rf"(?r)(?:{_longest_first(self.list_kinds)})")
        free = self.kinds.keys() - (quoted_only - self.strong)
        self.win, self.seek = sets["launch.win"], sets["launch.seek"]
        self.known: dict[str, str] = {
            name: kind
            for kind in ("action", "project", "activity")
            for name in sets.get(f"parts.known_{kind}", ())
        }
        groups = free, self.win | self.seek, sets["launch.held"]
        words = frozenset().union(*groups)
        self.index = BigramIndex(words)
        self.roles = {word: tuple(_longest_end(word, group) for group in groups) for word in words}
        self.last_two = frozenset(word[-2:] for word in self.kinds)
        self.known_titles = re.compile(_longest_first(sets["titles.known"]))
        self.only_quoted = quoted_only
        self.quoted_only = re.compile(
            rf"(?:等?(?:系列|主题|专项|重点)?)(?P<head>{_longest_first(quoted_only)})"
        )
        self.quoted_only_signs = frozenset(word[0] for word in quoted_only) | set("等系主专重")
        self.all_heads = Suffixes(self.kinds)
        strong = re.compile(_longest_first(self.strong | {"行动", "工程", "计划", "活动", "试点"}))
        self.head_in = strong.search
        self.making = sets["launch.making"]
        self.soft = sets["launch.soft"]
        self.hard = sets["edges.words"] | (sets["launch.strong"] | self.making) - self.soft
        self.governing = sets["launch.strong"] | self.making | self.soft
        self.never = sets["launch.never"]
        self.nominal = sets["launch.nominal"]
        self.takes_part = sets["titles.takes_part"]
        self.firm = sets["launch.firm"]
        self.leading = sets["edges.leading"]
        self.adverbs = self.leading | {"统筹", "组队"}
        self.verb_before = regex.compile(rf"(?r)(?:{_longest_first(self.making)})")
        # words of an adverb and a verb that the tokenizer keeps in one piece: 深入推进
        for word in lexicon.tokenizer_words():
            ends = len(word) > 2 and word[-2:] in self.firm | self.never
            if ends or (len(word) == 4 and word[:2] in self.leading | self.governing | {"统筹"}):
                if ends:
                    self.firm |= {word} if word[-2:] in self.firm else set()
                for group in ("making", "soft", "hard", "governing"):
                    if word[-2:] in getattr(self, group):
                        setattr(self, group, getattr(self, group) | {word})
        self.edges = self.hard | self.soft
        self.stops = self.edges | {"和", "与", "及", "以及", "或", "的", "等", "了", "为", "是"}
        self.generic = sets["parts.generic"]
        self.plain = self.generic | sets["parts.plain"]
        self.complete = sets["parts.complete"]
        self.with_level = sets["parts.with_level"]
        self.level_words = sets["titles.levels"]
        self.formulations = sets["not_campaigns.formulations"]
        self.title_heads = Suffixes(sets["titles.heads"])
        self.firm_win = sets["launch.firm_win"]
        self.title_marks = re.compile(_longest_first(sets["titles.marks"]))
        self.levels = re.compile(_longest_first(sets["titles.levels"]))
        self.firm_in = re.compile(_longest_first(sets["launch.firm"]))
        self.firm_before = regex.compile(rf"(?r)(?:{_longest_first(sets['launch.firm'])})")
        self.after = {
            name.removeprefix("other_word."): re.compile(_longest_first(words))
            for name, words in sets.items()
            if name.startswith("other_word.") and words
        }
        self._other_words: dict[str, re.Pattern[str] | None] = {}
        fought = _longest_first(sets["not_campaigns.fought"])
        fought = rf"(?:{fought})[\u4e00-\u9fff]{{0,2}}(?:活动|论坛|计划|斗争)"
        self.everyday = re.compile(f"{fought}|{_longest_first(sets['not_campaigns.everyday'])}")
        self.title_parts = re.compile(_longest_first(sets["not_campaigns.title_parts"]))
        self.things = re.compile(_longest_first(sets["not_campaigns.things"]))
        self.works = sets["not_campaigns.works"]
        self.works_within = re.compile(_longest_first(sets["not_campaigns.works_within"]))
        self.works_at_end = regex.compile(rf"(?r)(?:{_longest_first(self.works)})")
        self.build = sets["launch.build"]
        self.places = sets["edges.places"]
        # what `trim` may drop from the front of a name
        self.droppable = self.leading | self.places | {"系列", "各类", "等", "和", "与", "及"}
        self.organiser_signs = frozenset(word[-1] for word in sets["edges.organisers"])
        self.organiser = regex.compile(rf"(?r)(?:{_longest_first(sets['edges.organisers'])})")

    def other_word(self, head: str) -> "re.Pattern[str] | None":
        """What makes another word of a head, which may be two heads in one."""
        if head not in self._other_words:
            ends = (head[-size:] for size in (4, 3, 2, 1) if head[-size:] in self.after)
            self._other_words[head] = self.after.get(next(ends, ""))
        return self._other_words[head]

    def is_firm(self, word: str) -> bool:
        """开展 and its like, also behind an adverb in one word: 广泛开展."""
        return word in self.firm or (len(word) > 2 and word[-2:] in self.firm)
