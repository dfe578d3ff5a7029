"""The words of campaigns, compiled once for an extractor."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from string import ascii_letters, digits
from typing import Final, Generic, Literal, TypeVar

import regex

from zhreport.errors import UsageError
from zhreport.model_files import import_numpy
from zhreport.words.lexicon import CAMPAIGN_KINDS, Lexicon
from zhreport.words.tokens import words_of_speech

__all__ = ["KINDS", "Vocabulary"]

T = TypeVar("T")

KINDS: Final = CAMPAIGN_KINDS
_KEPT: Final = 20_000  # words of which it is known whether a name ends at them
_HEAD, _BEHIND = 4, 4  # characters of a compound before and behind the end of a head


def _longest_first(words: Iterable[str]) -> str:
    return "|".join(regex.escape(word) for word in sorted(words, key=lambda w: (-len(w), w)))


def _mirrored(words: Iterable[str]) -> re.Pattern[str]:
    """Finds words in a text that is read backwards."""
    return re.compile(_longest_first(word[::-1] for word in words))


def _any(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile(_longest_first(words))


def _at_end(words: Iterable[str]) -> regex.Pattern[str]:
    """Finds a word at the end of what is looked at."""
    return regex.compile(rf"(?r)(?:{_longest_first(words)})")


def _longest_end(word: str, group: Collection[str]) -> str:
    ends = (word[at:] for at in range(len(word)))
    return next((end for end in ends if end in group), "")


def _first_signs(words: Iterable[str]) -> frozenset[str]:
    return frozenset(word[0] for word in words)


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


def _first_two(beginning: str) -> str:
    if len(beginning) < 2:
        raise UsageError(f"titles.of_a_place: {beginning!r} is too short; give a word of two signs or more")
    return beginning[:2]


class BigramIndex(Generic[T]):
    """Finds where one of many words may end: where its last two characters stand.

    One pass of numpy over the code points, whatever the number of words; the few hits are then looked up.
    A plain alternation of 250 heads costs a hundred times as much.

    Args:
        words: word → what is told of it.
        marks: other pairs of signs, found in the same pass.
    """

    def __init__(self, words: Mapping[str, T], marks: Collection[str] = ()) -> None:
        np = import_numpy()
        self._np = np
        # every ending of a word → what is told of the longest word that it ends with itself
        self._endings: dict[str, T | Literal[False]] = {}
        for word in words:
            for start in range(len(word)):
                ending = word[start:]
                known = next((ending[at:] for at in range(len(ending)) if ending[at:] in words), None)
                self._endings[ending] = False if known is None else words[known]
        single = [ord(word) for word in words if len(word) == 1]
        pairs = {(ord(word[-2]), ord(word[-1])) for word in words if len(word) > 1}
        marked = {(ord(mark[0]), ord(mark[1])) for mark in marks}
        signs = [sorted(set(side)) for side in zip(*pairs, *marked, strict=True)] or [[], []]
        signs[1] = sorted({*signs[1], *single})
        # number of a sign among those that stand first, or second, in a pair; 0 for all others
        self._numbers = np.zeros((2, 0x110000), dtype=np.uint16)
        for numbers, found in zip(self._numbers, signs, strict=True):
            numbers[found] = np.arange(1, len(found) + 1)
        self._last = self._numbers[1] > 0
        # whether two signs end a word, and whether they are a mark
        self._pairs = np.zeros((2, *(len(found) + 1 for found in signs)), dtype=bool)
        for which, group in enumerate((pairs, marked)):
            for first, second in group:
                self._pairs[which, self._numbers[0, first], self._numbers[1, second]] = True
        self._pairs[0, :, self._numbers[1, single]] = True

    def ends(self, text: str) -> tuple[list[int], list[int]]:
        """The places behind what may be the end of a word, and behind marks, each in order."""
        np = self._np
        codes = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), dtype=np.uint16)
        if len(codes) > len(text):  # signs beyond the first plane take two
            codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        # one sign in ten ends a word; the sign before the first of the text is the last, which does no harm
        places = np.flatnonzero(self._last.take(codes))
        first, second = self._numbers[0, codes[places - 1]], self._numbers[1, codes[places]]
        words, marks = (places[pairs[first, second]] + 1 for pairs in self._pairs)
        return words.tolist(), marks.tolist()

    def find(self, text: str, ends: Iterable[int]) -> Iterator[tuple[int, T]]:
        """Each of the places where words end, with what is told of the longest of them."""
        told = self._endings.get
        for end in ends:
            found = told(text[end - 2 if end > 1 else 0 : end])
            if found is None:
                found = told(text[end - 1])
            else:
                size = 3
                while size <= end and (longer := told(text[end - size : end])) is not None:
                    found = longer
                    size += 1
            if found:
                yield end, found


class _Forwards(dict[str, re.Pattern[str]]):
    """Template → pattern, compiled when first asked for; a look-up costs less than a call."""

    def __init__(self, lexicon: Lexicon) -> None:
        super().__init__()
        self._lexicon = lexicon

    def __missing__(self, template: str) -> re.Pattern[str]:
        return self.setdefault(template, re.compile(self._lexicon.source(template)))


class _Backwards(dict[str, regex.Pattern[str]]):
    """The same for patterns that read a text from its end."""

    def __init__(self, lexicon: Lexicon) -> None:
        super().__init__()
        self._lexicon = lexicon

    def __missing__(self, template: str) -> regex.Pattern[str]:
        return self.setdefault(template, regex.compile(self._lexicon.source(f"(?r){template}")))


class Vocabulary:
    """Heads, governing verbs and stop words as patterns and sets.

    Attributes:
        sets: the word sets of the lexicon.
        forwards, backwards: the pattern of a template, in which `{name}` stands for the words of a set;
            those of `backwards` read from the end.
        joins: 和 and its like.
        event_kinds: end of the name of an event → kind; `event_ends` finds them, `no_events` end alike.
        kinds: head noun → kind, all heads.
        strong: heads that name an effort wherever they stand.
        index: finds heads that stand without quotation marks, words of winning and seeking a title, and
            verbs of holding an event; tells the longest of each that a word of it ends with, or "".
        last_two: the last signs of all heads.
        known_titles: titles known by name.
        free: heads that stand without quotation marks.
        quoted_only: heads that count right behind a quoted name only.
        all_heads, free_heads, title_heads: tell with which head a text ends.
        making_mirrored, firm_mirrored, governing_mirrored: find these in a text that is read backwards.
        making: verbs after which a weak head is enough; `governing`: all verbs that may govern a name.
        hard, soft: words that begin a name; a soft one may be a part of it.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self.sets, self.listed = lexicon.sets, lexicon.listed
        self.forwards, self.backwards = _Forwards(lexicon), _Backwards(lexicon)
        self._read_heads()
        self._read_verbs(lexicon)
        self._read_edges()
        self._read_titles()
        self._read_rejections()
        self._read_signs()
        self.may_end = lru_cache(_KEPT)(self._may_end)
        groups = self.free, self.win | self.sets["launch.seek"], self.sets["launch.held"]
        self.index = BigramIndex(
            {
                word: tuple(_longest_end(word, group) for group in groups)
                for word in frozenset().union(*groups)
            },
            {_first_two(beginning) for beginning in self.sets["titles.of_a_place"]},
        )

    def _by_kind(self, *sections: str) -> dict[str, str]:
        """The words of sections with their kind; the last section wins."""
        found = ((kind, self.sets.get(f"{section}.{kind}", ())) for section in sections for kind in KINDS)
        return {word: kind for kind, words in found for word in words}

    def _read_heads(self) -> None:
        sets = self.sets
        # what says what is done makes a head that names an effort: 提升行动, 提升年
        ends = self._by_kind("deed_heads").items()
        self.done = {f"{deed}{end}": kind for deed in sets["parts.deeds"] for end, kind in ends}
        self.kinds = self._by_kind("quoted_heads", "weak_heads") | self.done | self._by_kind("heads")
        self.strong = frozenset(self._by_kind("heads")) | self.done.keys()
        self.only_quoted = frozenset(self._by_kind("quoted_heads"))
        self.free = self.kinds.keys() - (self.only_quoted - self.strong)
        self.list_kinds = self._by_kind("list_heads")
        self.list_head = _at_end(self.list_kinds)
        self.known = self._by_kind("known")
        self.event_kinds = self._by_kind("event_ends")
        self.event_signs = frozenset(word[-1] for word in self.event_kinds)
        self.event_ends, self.all_heads = Suffixes(self.event_kinds), Suffixes(self.kinds)
        self.free_heads = Suffixes(self.free)
        self.last_two = frozenset(word[-2:] for word in self.kinds)
        self.quoted_only = self.forwards[
            f"(?:等?{{quoted.sorts}}?)(?P<head>{_longest_first(self.only_quoted)})"
        ]
        self.quoted_only_signs = _first_signs(self.only_quoted | sets["quoted.sorts"] | {"等"})
        self.head_in = _any(self.strong | sets["heads_within.words"]).search
        self.compounds = _any(sets["not_campaigns.compounds"])

    def _read_verbs(self, lexicon: Lexicon) -> None:
        sets = self.sets
        self.soft, self.firm = sets["launch.soft"] | sets["launch.nominal"], sets["launch.firm"]
        self.making = sets["launch.making"] | sets["launch.held"] | self.firm
        self.never, self.nominal = sets["launch.never"], sets["launch.nominal"]
        self.deeds = sets["parts.deeds"]
        self.opening = sets["launch.opening"] | (self.nominal & self.deeds)
        self.firm_win = sets["launch.firm_win"]
        self.win = sets["launch.win"] | self.firm_win - sets["launch.seek"]
        self._gained = {word for word in words_of_speech("v") if word[0] == "获"} - self.win
        self.hard = sets["edges.words"] | (sets["launch.strong"] | self.making) - self.soft
        self.governing = sets["launch.strong"] | self.making | self.soft
        self.leading = sets["edges.leading"] | sets["edges.leading_behind_firm"]
        self.adverbs = self.leading | sets["launch.adverbs"]
        self.making_mirrored, self.governing_mirrored = _mirrored(self.making), _mirrored(self.governing)
        self.firm_mirrored = _mirrored(self.firm)
        # words of an adverb and a verb that the tokenizer keeps in one piece: 深入推进
        for word in lexicon.tokenizer_words():
            ends = len(word) > 2 and word[-2:] in self.firm | self.never
            if ends or (len(word) == 4 and word[:2] in self.adverbs | self.governing):
                for group in ("firm", "making", "soft", "hard", "governing")[0 if ends else 1 :]:
                    if word[-2:] in getattr(self, group):
                        setattr(self, group, getattr(self, group) | {word})

    def _read_edges(self) -> None:
        sets, self.joins = self.sets, self.sets["joins.words"]
        self.edges = self.hard | self.soft
        grammar = words_of_speech("prcuy") - self.leading - self.edges - self.joins - sets["edges.inside"]
        self.hard |= grammar
        ends = tuple(sets["edges.results"])
        done = {word for word in words_of_speech("v") if len(word) > 1 and word.endswith(ends)}
        self.always: frozenset[str] = grammar | sets["edges.always"] | done | (self.win - self.soft)
        self.clause_words = {word for word in self.hard | self.firm | grammar if len(word) > 1}
        self.pronouns = grammar
        self.spoken_adverbs = words_of_speech("d")
        self.predicates = words_of_speech("vdtf") | grammar | self.edges | self.joins | sets["edges.always"]
        self.stops = self.edges | self.joins | self.always
        self.places = sets["edges.places"]
        # what `trim` may drop from the front of a name
        self.droppable = self.leading | self.places
        self.droppable_beginnings = {w[:2] for w in self.droppable | self.pronouns if len(w) > 1}
        self.organiser_signs = _any({word[-1] for word in sets["edges.organisers"]}).search
        self.organiser = _at_end(sets["edges.organisers"])

    def _read_titles(self) -> None:
        self.title_heads = Suffixes(self.sets["titles.heads"])
        self.level_words = self.sets["titles.levels"]
        #: What has a title ends so: a water, a place.
        self.title_holders = {word[-1] for word in self.sets["works.waters"] | self.sets["places.kinds"]}
        self.title_marks, self.levels = _any(self.sets["titles.marks"]), _any(self.level_words)
        self.known_titles, self.title_parts = _any(self.sets["titles.known"]), _any(self.sets["titles.parts"])

    def _read_rejections(self) -> None:
        sets = self.sets
        self.generic = sets["parts.generic"]
        self.plain = self.generic | sets["parts.plain"]
        self.complete, self.with_level = sets["parts.complete"], sets["parts.with_level"]
        self.formulations = sets["not_campaigns.formulations"]
        fought = "{not_campaigns.fought}[\u4e00-\u9fff]{0,2}{not_campaigns.fought_heads}"
        self.everyday = self.forwards[f"{fought}|{{not_campaigns.everyday}}"]
        self.works = sets["not_campaigns.works"] | sets["not_campaigns.works_within"]
        self.works_within = _any(sets["not_campaigns.works_within"])
        self.works_at_end = _at_end(self.works)

    def _read_signs(self) -> None:
        """First signs of words: most places need no look further."""
        sets = self.sets
        self.plain_signs = frozenset().union(*self.plain)
        self.object_signs = _first_signs(sets["quoted.objects"])
        self.may_follow = self.object_signs | frozenset("和与及等")
        self.may_follow |= _first_signs(sets["quoted.titles"] | sets["launch.seek"])
        # with these begins what is no word: figures, letters, brackets
        self.empty_signs = sets["parts.numerals"] | frozenset(ascii_letters + digits + "（）、.")
        self.intricate_signs = self.empty_signs | frozenset().union(*self.joins)

    def other_word(self, text: str, end: int) -> bool:
        """Is the head that ends at a place a part of another word: 工程师, 节能?"""
        return any(
            end < m.end()
            for m in self.compounds.finditer(text, max(0, end - _HEAD), end + _BEHIND)
            if m.start() < end
        )

    def not_won(self, text: str, end: int) -> bool:
        """Is the 获 before a place a part of another verb: 破获, 获取?"""
        caught = text[end - 2 : end - 1] in self.sets["launch.caught"]
        return caught or text[end - 1 : end + 1] in self._gained

    def _may_end(self, word: str) -> bool:
        """May a name end (to the left) at a word?"""
        return word in self.stops or self.behind_adverb(word) or (len(word) > 2 and word[-2:] in self.firm)

    def behind_adverb(self, word: str) -> bool:
        """Does a word hold an adverb and one that ends a name: 非常感谢, 分别是?"""
        return word[:2] in self.spoken_adverbs and word[2:] in self.hard

    def is_firm(self, word: str) -> bool:
        """开展 and its like, also behind an adverb in one word: 广泛开展."""
        return word in self.firm or (len(word) > 2 and word[-2:] in self.firm)
