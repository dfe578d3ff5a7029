"""Words as one sign each, so that a grammar of words is a set of small regular expressions.

Words with the same features get the same private character. A list of words becomes a string of the same
length, and `{verb}` in a pattern stands for all characters whose words have the feature `verb`. What a word
can have is bounded, so all signs are known, and all patterns compiled, before the first text is read.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import chain, combinations
from typing import Final

from zhreport.clause.grammar import Grammar, Shape
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
        self._lists: dict[str, set[str]] = {}
        for feature, words in grammar.words.items():
            self._list(feature, words)
        for feature, name in grammar.sets.items():
            if name not in lexicon.sets:
                raise UsageError(f"grammar: [sets] {feature}: no word set is called {name!r}")
            self._list(feature, lexicon.sets[name])
        self._speech = {name: words_of_speech(parts) for name, parts in grammar.speech.items()}
        self._shapes = {n: compiled(shape.looks).fullmatch for n, shape in grammar.shapes.items()}
        self._marks = {n: compiled(looks).fullmatch for n, looks in grammar.marks.items()}
        looks = {name: shape.looks for name, shape in grammar.shapes.items()}
        self._shape, self._shaped = _first_of(looks), _first_of({**looks, **grammar.marks})
        self._groups = _with_groups(grammar)
        listed = {word: self.features(word) for word in (*self._classes, *self._lists)}
        known = sorted(self._all(listed.values()), key=lambda found: (self._kind(found), sorted(found)))
        self._signs = dict(zip(known, map(chr, chain(*_PRIVATE)), strict=False))
        self._plain = {
            found: self._signs[self._closed(found, "noun")] for found in _subsets(tuple(grammar.speech))
        }
        self._listed = {word: self._signs[found] for word, found in listed.items()}
        self._having: dict[str, set[str]] = {}
        for found, sign in self._signs.items():
            for name in found:
                self._having.setdefault(name, set()).add(sign)
        self.features_of = {sign: found for found, sign in self._signs.items()}
        self._kinds = {sign: self._kind(found) for found, sign in self._signs.items()}
        self.moved: Callable[[str, str], str] = lru_cache(maxsize=None)(self._sign_moved)
        self._written: Callable[[str, str], str] = lru_cache(maxsize=None)(self._class)
        self.sign: Callable[[str], str] = _Signs(self._sign).__getitem__

    def _list(self, feature: str, words: Iterable[str]) -> None:
        for word in words:
            self._lists.setdefault(word, set()).add(feature)

    def features(self, word: str) -> Features:
        """The features of a word."""
        found: Iterable[str] = self._lists.get(word, ())
        shapes, kind = self._grammar.shapes, self._classes.get(word, "")
        if not self._shaped(word):  # most words by far look like nothing
            return self._closed(found if found or kind else self._spoken(word), kind or "noun")
        if found or kind:
            fitting = [name for name, fits in self._shapes.items() if fits(word)]
        elif own := self._shape(word):
            fitting = [own, *(name for name in shapes[own].also if self._shapes[name](word))]
        else:
            fitting, found = [], self._spoken(word)
        kind = kind or next((shapes[name].kind for name in fitting if shapes[name].kind), "noun")
        marks = [name for name, fits in self._marks.items() if fits(word)]
        more = (_NAMES,) if _NOTE in fitting and self._names(word[1:-1]) else ()
        return self._closed(chain(found, fitting, marks, more), kind)

    def _spoken(self, word: str) -> tuple[str, ...]:
        """The features that the part of speech gives a word."""
        return tuple([name for name, words in self._speech.items() if word in words])

    def _closed(self, found: Iterable[str], kind: str) -> Features:
        return self._groups[kind].union(found)

    def _all(self, listed: Iterable[Features]) -> set[Features]:
        """Every set of features that a word may have, in every class that a rule may give it."""
        given = {rule.gives for rule in self._grammar.rules if rule.level in ("context", "phrase")}
        own = {*listed, *self._unlisted()}
        return own.union(self._moved(found, kind) for found in own for kind in given)

    def _unlisted(self) -> Iterable[Features]:
        """What words may have that no list knows: a shape with what goes with it, and any marks."""
        marks = [set(chosen) for chosen in _subsets(tuple(self._marks))]
        for spoken in _subsets(tuple(self._grammar.speech)):
            yield from (self._closed({*chosen, *spoken}, "noun") for chosen in marks)
        for name, shape in self._grammar.shapes.items():
            for also in _subsets((*shape.also, *((_NAMES,) if name == _NOTE else ()))):
                kind = self._kind_of_shapes((shape, *(self._grammar.shapes[a] for a in also if a != _NAMES)))
                yield from (self._closed({name, *also, *chosen}, kind) for chosen in marks)

    @staticmethod
    def _kind_of_shapes(shapes: Iterable[Shape]) -> str:
        return next((shape.kind for shape in shapes if shape.kind), "noun")

    @staticmethod
    def _kind(found: Features) -> str:
        return next(kind for kind in _KINDS if kind in found)

    def _moved(self, found: Features, kind: str) -> Features:
        return self._closed(found.difference(_KINDS, self._grammar.groups), kind)

    def _sign(self, word: str) -> str:
        if (listed := self._listed.get(word)) is not None:
            return listed
        if not self._shaped(word):
            return self._plain[self._spoken(word)]  # most words by far
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
            names = alternative.strip().split("&")
            first = names.pop(0) if names[0][0] != "!" else ""
            these = self._having.get(first, set()) if first else set(self._kinds)
            for name in names:
                having = self._having.get(name.lstrip("!"), set())
                these = these - having if name[0] == "!" else these & having
            found |= these
        if not found:
            return "." if negated else "(?!)"
        return f"[{negated}{_ranges(sorted(found))}]"


def _with_groups(grammar: Grammar) -> dict[str, Features]:
    """Each class with the features that classes share."""
    return {
        kind: frozenset((kind, *(name for name, kinds in grammar.groups.items() if kind in kinds)))
        for kind in _KINDS
    }


def _first_of(looks: Mapping[str, str]) -> Callable[[str], str | None]:
    """What tells the name of the first expression that a whole word fits."""
    fits = compiled("|".join(f"(?P<{name}>{one})" for name, one in looks.items())).fullmatch

    def name(word: str) -> str | None:
        found = fits(word)
        return found.lastgroup if found else None

    return name


def _subsets(names: tuple[str, ...]) -> Iterable[tuple[str, ...]]:
    return chain.from_iterable(combinations(names, size) for size in range(len(names) + 1))


def _ranges(signs: list[str]) -> str:
    """Signs as the inside of a class of characters, neighbours together."""
    runs: list[list[str]] = []
    for sign in signs:
        if runs and ord(sign) == ord(runs[-1][1]) + 1:
            runs[-1][1] = sign
        else:
            runs.append([sign, sign])
    return "".join(first if first == last else f"{first}-{last}" for first, last in runs)
