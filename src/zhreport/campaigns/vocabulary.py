"""The words of campaigns, compiled once for an extractor."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from string import ascii_letters, digits
from typing import Final, Generic, Literal, TypeVar

import regex

from zhreport.errors import UsageError
from zhreport.model_files import import_numpy
from zhreport.words.lexicon import Lexicon
from zhreport.words.tokens import words_of_speech

__all__ = ["KINDS", "Vocabulary"]

T = TypeVar("T")

#: The kinds of campaign, as the guidelines define them.
KINDS: Final = ("action", "activity", "project", "contest", "forum", "honour")


def _longest_first(words: Iterable[str]) -> str:
    return "|".join(regex.escape(word) for word in sorted(words, key=lambda w: (-len(w), w)))


def _mirrored(words: Iterable[str]) -> re.Pattern[str]:
    """Finds words in a text that is read backwards."""
    return re.compile(_longest_first(word[::-1] for word in words))


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
        return self.setdefault(template, self._lexicon.patterns[f"(?r){template}"])


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
        quoted_only: heads that count right behind a quoted name only.
        all_heads, title_heads: tell with which head a text ends.
        making_mirrored, firm_mirrored, governing_mirrored: find verbs of making, those like 开展, and all that
            may govern a name, in a text read backwards.
        making: verbs after which a weak head is enough; `governing`: all verbs that may govern a name.
        hard, soft: words that begin a name; a soft one may be a part of it.
        after: head → pattern of what makes another word of it; `after_signs`: the first signs of all these.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self.sets = sets = lexicon.sets
        self.listed = lexicon.listed
        self.forwards, self.backwards = _Forwards(lexicon), _Backwards(lexicon)
        self.joins = sets["joins.words"]
        self.event_kinds = {w: kind for kind in KINDS for w in sets.get(f"event_ends.{kind}", ())}
        self.event_ends = Suffixes(self.event_kinds)
        self.no_events = sets["events.no_ends"]
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
        self.caught = sets["launch.caught"]
        self.known: dict[str, str] = {
            name: kind
            for kind in ("action", "project", "activity")
            for name in sets.get(f"parts.known_{kind}", ())
        }
        groups = free, self.win | self.seek, sets["launch.held"]
        words = frozenset().union(*groups)
        self.index = BigramIndex(
            {word: tuple(_longest_end(word, group) for group in groups) for word in words},
            {_first_two(beginning) for beginning in sets["titles.of_a_place"]},
        )
        self.last_two = frozenset(word[-2:] for word in self.kinds)
        self.known_titles = re.compile(_longest_first(sets["titles.known"]))
        self.only_quoted = quoted_only
        self.same_ending = sets["not_campaigns.same_ending"]
        self.quoted_only = re.compile(
            lexicon.source(f"(?:等?{{quoted.sorts}}?)(?P<head>{_longest_first(quoted_only)})")
        )
        self.quoted_only_signs = frozenset(word[0] for word in quoted_only) | _first_signs(
            sets["quoted.sorts"] | {"等"}
        )
        self.all_heads = Suffixes(self.kinds)
        strong = re.compile(_longest_first(self.strong | sets["heads_within.words"]))
        self.head_in = strong.search
        self.making = sets["launch.making"]
        self.soft = sets["launch.soft"]
        self.hard = sets["edges.words"] | (sets["launch.strong"] | self.making) - self.soft
        self.governing = sets["launch.strong"] | self.making | self.soft
        self.never = sets["launch.never"]
        self.nominal = sets["launch.nominal"]
        self.deeds = sets["parts.deeds"]
        self.opening = sets["launch.opening"]
        self.takes_part = sets["titles.takes_part"]
        self.firm = sets["launch.firm"]
        self.leading = sets["edges.leading"]
        self.adverbs = self.leading | sets["launch.adverbs"]
        self.making_mirrored = _mirrored(self.making)
        self.governing_mirrored = _mirrored(self.governing)
        # words of an adverb and a verb that the tokenizer keeps in one piece: 深入推进
        for word in lexicon.tokenizer_words():
            ends = len(word) > 2 and word[-2:] in self.firm | self.never
            if ends or (len(word) == 4 and word[:2] in self.adverbs | self.governing):
                if ends:
                    self.firm |= {word} if word[-2:] in self.firm else set()
                for group in ("making", "soft", "hard", "governing"):
                    if word[-2:] in getattr(self, group):
                        setattr(self, group, getattr(self, group) | {word})
        self.edges = self.hard | self.soft
        grammar = words_of_speech("prcuy") - self.leading - self.edges - self.joins - sets["edges.inside"]
        done = {word for word in words_of_speech("v") if len(word) > 1 and word[-1] in "到得着过好"}
        self.always: frozenset[str] = grammar | sets["edges.always"] | done | (self.win - self.soft)
        self.clause_words = {word for word in self.hard | self.firm | grammar if len(word) > 1}
        self.pronouns = grammar
        self.predicates = words_of_speech("vdtf") | grammar | self.edges | self.joins | sets["edges.always"]
        self.stops = self.edges | self.joins | self.always
        self.generic = sets["parts.generic"]
        self.plain = self.generic | sets["parts.plain"]
        self.plain_signs = frozenset().union(*self.plain)
        self.complete = sets["parts.complete"]
        self.with_level = sets["parts.with_level"]
        self.level_words = sets["titles.levels"]
        self.formulations = sets["not_campaigns.formulations"]
        self.title_heads = Suffixes(sets["titles.heads"])
        self.firm_win = sets["launch.firm_win"]
        self.title_marks = re.compile(_longest_first(sets["titles.marks"]))
        self.levels = re.compile(_longest_first(sets["titles.levels"]))
        self.firm_mirrored = _mirrored(sets["launch.firm"])
        self.after = {
            name.removeprefix("other_word."): re.compile(_longest_first(words))
            for name, words in sets.items()
            if name.startswith("other_word.") and words
        }
        # most heads are followed by a sign with which no such word begins
        self.after_signs = frozenset(
            word[0] for name, words in sets.items() if name.startswith("other_word.") for word in words
        )
        self._other_words: dict[str, re.Pattern[str] | None] = {}
        fought = _longest_first(sets["not_campaigns.fought"])
        fought = rf"(?:{fought})[\u4e00-\u9fff]{{0,2}}{lexicon.source('{not_campaigns.fought_heads}')}"
        self.everyday = re.compile(f"{fought}|{_longest_first(sets['not_campaigns.everyday'])}")
        self.title_parts = re.compile(_longest_first(sets["not_campaigns.title_parts"]))
        self.things = re.compile(_longest_first(sets["not_campaigns.things"]))
        self.works = sets["not_campaigns.works"]
        self.works_within = re.compile(_longest_first(sets["not_campaigns.works_within"]))
        self.works_at_end = regex.compile(rf"(?r)(?:{_longest_first(self.works)})")
        self.build = sets["launch.build"]
        self.places = sets["edges.places"]
        # what `trim` may drop from the front of a name
        self.droppable = self.leading | self.places | sets["edges.leading_behind_firm"]
        self.honour_signs = _first_signs(sets["honoured.ranks"] | {"年度"})
        self.object_signs = _first_signs(sets["quoted.objects"])
        self.may_follow = self.object_signs | frozenset("和与及") | _first_signs(sets["quoted.titles"])
        # with these begins what is no word: figures, letters, brackets
        self.empty_signs = sets["parts.numerals"] | frozenset(ascii_letters + digits + "（）、.")
        self.intricate_signs = self.empty_signs | frozenset().union(*self.joins)
        self.droppable_beginnings = frozenset(
            word[:2] for word in self.droppable | self.pronouns if len(word) > 1
        )
        self.organiser_signs = re.compile(
            _longest_first({word[-1] for word in sets["edges.organisers"]})
        ).search
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
