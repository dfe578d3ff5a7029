"""Words as one sign each, so that a grammar of words is a set of small regular expressions.

Words with the same features get the same private character. A list of words becomes a string of the same
length, and `{verb}` in a pattern stands for all characters whose words have the feature `verb`. What a word
can have is bounded, so all signs are known, and all patterns compiled, before the first text is read.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from itertools import chain, combinations, groupby, product
from typing import Final

from zhreport.clause.grammar import Grammar
from zhreport.errors import UsageError
from zhreport.words.compiling import Pattern, compiled
from zhreport.words.lexicon import WORD_CLASSES, Lexicon
from zhreport.words.tokens import words_of_speech

__all__ = ["Tagger"]

#: Private characters: those that `re` looks up in a table, then a plane of others.
_PRIVATE: Final = (range(0xE000, 0xF900), range(0xF0000, 0xFFFFE))
_MOST_WORDS: Final = 65536
_KINDS: Final = (*WORD_CLASSES, "noun")
_NOTE: Final = "note"
_NAMES: Final = "names"  # a note in brackets that names more of the same

Features = frozenset[str]


class _Signs(dict[str, str]):
    """Word → sign, found out once for each of a bounded number of words: a look-up costs less than a call."""

    def __init__(self, find: Callable[[str], str]) -> None:
        super().__init__()
        self._find = find

    def __missing__(self, word: str) -> str:
        if len(self) >= _MOST_WORDS:
            self.clear()
        sign = self[word] = self._find(word)
        return sign


class Tagger:
    """Gives words their signs, and grammars their patterns.

    Args:
        lexicon: word classes and word sets.
        grammar: other features.
        names: does a note in brackets, without them, name more of the same?

    Attributes:
        sign: gives the sign of a word.
        moved: gives the sign of the same words in another class.
        features_of: sign → the features of its words.

    Raises:
        UsageError: the lexicon has no set that the grammar asks for.
    """

    def __init__(self, lexicon: Lexicon, grammar: Grammar, names: Callable[[str], bool]) -> None:
        self._classes, self._grammar, self._names = lexicon.words, grammar, names
        self._lists = _listed(lexicon, grammar)
        self._speech = {name: words_of_speech(parts) for name, parts in grammar.speech.items()}
        looks = {name: shape.looks for name, shape in grammar.shapes.items()}
        self._shapes = {name: compiled(one).fullmatch for name, one in looks.items()}
        self._marks = {name: compiled(one).fullmatch for name, one in grammar.marks.items()}
        self._shaped = compiled("|".join((*looks.values(), *grammar.marks.values()))).fullmatch
        self._closed = {
            kind: frozenset((kind, *(name for name, kinds in grammar.groups.items() if kind in kinds)))
            for kind in _KINDS
        }
        own = {*map(self.features, (*self._classes, *self._lists)), *self._unlisted()}
        given = {rule.gives for rule in grammar.rules if rule.level in ("context", "phrase")}
        known = own.union(self._moved(found, kind) for found in own for kind in given)
        ordered = sorted(known, key=lambda found: (_kind(found), sorted(found)))
        self._signs = dict(zip(ordered, map(chr, chain(*_PRIVATE)), strict=False))
        self._having: dict[str, set[str]] = {}
        for found, sign in self._signs.items():
            for name in found:
                self._having.setdefault(name, set()).add(sign)
        self.features_of = {sign: found for found, sign in self._signs.items()}
        self._kinds = {sign: _kind(found) for found, sign in self._signs.items()}
        self.moved: Callable[[str, str], str] = lru_cache(maxsize=None)(self._sign_moved)
        self._written: Callable[[str, str], str] = lru_cache(maxsize=None)(self._class)
        self.sign: Callable[[str], str] = _Signs(self._sign).__getitem__

    def features(self, word: str) -> Features:
        """The features of a word."""
        found: Iterable[str] = self._lists.get(word, ())
        kind, fitting, marks = self._classes.get(word, ""), [], []
        if self._shaped(word):  # most words by far look like nothing
            fitting = [name for name, fits in self._shapes.items() if fits(word)]
            marks = [name for name, fits in self._marks.items() if fits(word)]
        if not (found or kind):  # what a word looks like first says what else counts
            also = (fitting[0], *self._grammar.shapes[fitting[0]].also) if fitting else ()
            fitting = [name for name in fitting if name in also]
            found = () if fitting else self._spoken(word)
        more = (_NAMES,) if _NOTE in fitting and self._names(word[1:-1]) else ()
        return self._closed[kind or self._kind_of(fitting)].union(found, fitting, marks, more)

    def _spoken(self, word: str) -> tuple[str, ...]:
        """The features that the part of speech gives a word."""
        return tuple([name for name, words in self._speech.items() if word in words])

    def _kind_of(self, fitting: Iterable[str]) -> str:
        """The class that the first of some shapes gives that gives any."""
        shapes = self._grammar.shapes
        return next((shapes[name].kind for name in fitting if name in shapes and shapes[name].kind), "noun")

    def _unlisted(self) -> Iterator[Features]:
        """What words may have that no list knows: parts of speech or a shape, and marks."""
        bodies = [*_subsets(self._speech)]
        for name, shape in self._grammar.shapes.items():
            more = (*shape.also, *((_NAMES,) if name == _NOTE else ()))
            bodies += [(name, *also) for also in _subsets(more)]
        for body, marks in product(bodies, [*_subsets(self._marks)]):
            yield self._closed[self._kind_of(body)].union(body, marks)

    def _moved(self, found: Features, kind: str) -> Features:
        return self._closed[kind].union(found.difference(_KINDS, self._grammar.groups))

    def _sign(self, word: str) -> str:
        return self._signs[self.features(word)]

    def tags(self, words: Sequence[str]) -> str:
        """One sign for each word."""
        return "".join(map(self.sign, words))

    def kind(self, sign: str) -> str:
        """The class of the words of a sign."""
        return self._kinds[sign]

    def has(self, sign: str, feature: str) -> bool:
        """Have the words of a sign a feature?"""
        return feature in self.features_of[sign]

    def _sign_moved(self, sign: str, kind: str) -> str:
        """The sign of the same words in another class."""
        return self._signs[self._moved(self.features_of[sign], kind)]

    def source(self, pattern: str, name: str = "") -> str:
        """The source of a regular expression over signs for a pattern, see `Grammar.source`."""
        return self._grammar.source(pattern, lambda found: self._written(found[1], found[2]), name)

    def pattern(self, pattern: str) -> Pattern:
        """A pattern of the grammar over signs."""
        return compiled(self.source(pattern))

    def _class(self, negated: str, features: str) -> str:
        """The signs with some features as a class of characters."""
        found: set[str] = set()
        for alternative in features.split("|"):
            these: AbstractSet[str] = self.features_of.keys()
            for name in alternative.strip().split("&"):
                having = self._having.get(name.lstrip("!"), set())
                these = these - having if name[0] == "!" else these & having
            found |= these
        if not found:
            return "." if negated else "(?!)"
        return f"[{negated}{_ranges(sorted(found))}]"


def _listed(lexicon: Lexicon, grammar: Grammar) -> dict[str, set[str]]:
    """Word → the features that the lists of a grammar give it."""
    found: dict[str, set[str]] = {}
    for feature, name in grammar.sets.items():
        if name not in lexicon.sets:
            raise UsageError(f"grammar: [sets] {feature}: no word set is called {name!r}")
    of_sets = ((feature, lexicon.sets[name]) for feature, name in grammar.sets.items())
    for feature, words in chain(grammar.words.items(), of_sets):
        for word in words:
            found.setdefault(word, set()).add(feature)
    return found


def _kind(found: Features) -> str:
    """The class among the features of a word."""
    return next(kind for kind in _KINDS if kind in found)


def _subsets(names: Iterable[str]) -> Iterator[tuple[str, ...]]:
    names = tuple(names)
    return chain.from_iterable(combinations(names, size) for size in range(len(names) + 1))


def _ranges(signs: list[str]) -> str:
    """Signs in order as the inside of a class of characters, neighbours together."""
    runs = [list(run) for _, run in groupby(enumerate(signs), lambda placed: ord(placed[1]) - placed[0])]
    return "".join(f"{run[0][1]}-{run[-1][1]}" for run in runs)
