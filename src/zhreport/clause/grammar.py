"""The clause grammar as data: rules over features of words, from `clause.toml` and from a caller's own file.

A rule is an object that says why it is there and shows a clause that it decides and one that it leaves alone;
without them it is refused. Levels and patterns are described at the head of `data/clause.toml`.
"""

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from itertools import count
from pathlib import Path
from typing import Any, Final

import regex

from zhreport.errors import InputError, UsageError
from zhreport.words.compiling import compiled
from zhreport.words.lexicon import WORD_CLASSES

__all__ = ["CONDITIONS", "LEVELS", "Grammar", "Rule", "Shape", "default_grammar"]

#: The levels in the order of reading, each with what its rules give: "" for nothing.
LEVELS: Final[Mapping[str, tuple[str, ...]]] = {
    "context": ("noun", *WORD_CLASSES),
    "verb": ("", *WORD_CLASSES),
    "tail": ("over", "rank"),
    "base": ("",),
    "phrase": ("noun", *WORD_CLASSES),
    "front": ("",),
    "inner": ("", "act"),
    "list": ("",),
    "opening": ("noun", "nothing", "again"),
    "stop": ("in", "out", "again"),
    "said": ("", "act"),
}
#: What a rule may ask of the reading so far.
CONDITIONS: Final = ("", "verb", "no_verb", "moves", "open", "pivot", "counted", "linked", "unlinked")
#: The parts that the patterns of a level must name.
_ROLES: Final = {"tail": ("verb",), "inner": ("head", "subject"), "said": ("verb",)}

_FEATURE: Final = regex.compile(r"\{(\^?)([a-z_!][a-z_0-9|&! ]*)\}")
_PIECE: Final = regex.compile(r"(?<!\?P)<([a-z_]+)>")
_ROLE: Final = regex.compile(r"\((verb|head|subject):")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One pattern of a level.

    Attributes:
        level: one of `LEVELS`.
        name: what `explain` calls it.
        pattern: over features of words; `data/clause.toml` says how it is written.
        why: what it is there for, in a sentence.
        hit: a clause that it decides (`clause`), with fields of the reading beside it.
        miss: a clause that it leaves alone.
        gives: the class, or the answer of the level; "" if the words that it finds say it.
        when: what must be known already, one of `CONDITIONS`.
        before: the rule of its level that it goes before; "" for the first place.
        source: the file it was read from, for messages.

    Raises:
        UsageError: something is missing or unknown; names file and rule.
    """

    level: str
    name: str
    pattern: str
    why: str
    hit: Mapping[str, str | bool]
    miss: str
    gives: str = ""
    when: str = ""
    before: str = ""
    source: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        for fault in self._faults():
            raise UsageError(f"{self.place}: {fault}")

    def _faults(self) -> Iterator[str]:
        """What is wrong with it; each is looked for when those before it are not there."""
        if not regex.fullmatch(r"[a-z][a-z_0-9]*", self.name):
            yield "a name is of small letters, digits and _"
        if self.level not in LEVELS:
            yield f"no level is called {self.level!r}; there are {', '.join(LEVELS)}"
        if self.when not in CONDITIONS:
            yield f"nothing is known as when = {self.when!r}; there are {', '.join(CONDITIONS[1:])}"
        if self.gives not in LEVELS[self.level]:
            known = ", ".join(filter(None, LEVELS[self.level])) or "nothing"
            yield f"on this level a rule gives {known}, not {self.gives!r}"
        if not self.why.strip():
            yield "say why it is there, in a sentence (why)"
        if not (isinstance(self.hit, Mapping) and self.hit.get("clause")) or len(self.hit) == 1:
            example = "hit = { clause = …, noun = … }"
            yield f"show what it decides, a clause and a field of its reading: {example}"
        if not isinstance(self.miss, str) or not self.miss.strip():
            yield "show a clause that it leaves alone (miss)"
        for role in _ROLES.get(self.level, ()):
            if f"({role}:" not in self.pattern:
                yield f"on this level the pattern has a part ({role}: …)"

    @property
    def place(self) -> str:
        """File and rule, for messages."""
        return f"{self.source or 'grammar'}: rule {self.name!r}"


@dataclass(frozen=True, slots=True)
class Shape:
    """What words look like: a regular expression of whole words, shapes that may be added, and a class."""

    looks: str
    also: tuple[str, ...] = ()
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grammar:
    """Features of words and the rules over them.

    Attributes:
        words: feature → words that have it.
        sets: feature → the word set of the lexicon whose members have it.
        groups: feature → classes that share it.
        speech: feature → parts of speech of jieba's dictionary, a letter for each, whose words have it if no
            class, list or shape knows them.
        shapes, marks: feature → what its words look like.
        texts: regular expressions of characters.
        pieces: parts of patterns.
        rules: in order; the first of its level that fits decides.
        features: all names of features.

    Raises:
        UsageError: a name is taken or unknown, or a pattern is none; names file and entry.
    """

    words: Mapping[str, frozenset[str]]
    sets: Mapping[str, str]
    groups: Mapping[str, tuple[str, ...]]
    speech: Mapping[str, str]
    shapes: Mapping[str, Shape]
    marks: Mapping[str, str]
    texts: Mapping[str, str]
    pieces: Mapping[str, str]
    rules: tuple[Rule, ...]
    features: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        of_words = {*self.words, *self.sets, *self.groups, *self.speech, *self.shapes, *self.marks}
        object.__setattr__(self, "features", frozenset(of_words.union(WORD_CLASSES, ("noun", "names"))))
        names = set()
        for rule in self.rules:
            if rule.name in names:
                raise UsageError(f"{rule.place}: there is a rule of this name already")
            names.add(rule.name)
            source = self.source(rule.pattern, lambda _: ".", place=rule.place)
            try:
                compiled(source)
            except regex.error as error:
                raise UsageError(f"{rule.place}: no pattern ({error})") from error

    def source(
        self, pattern: str, sign: Callable[["regex.Match[str]"], str], name: str = "", place: str = "grammar"
    ) -> str:
        """The source of a regular expression for a pattern; its parts (verb: …) are groups verb_1_NAME….

        Args:
            pattern: as rules have it.
            sign: what stands for a word with some features, by a match of its braces.
            name: of the rule; ends the names of groups.
            place: what messages call it.

        Raises:
            UsageError: a piece or feature is unknown.
        """
        text = pattern
        for _ in range(9):  # pieces in pieces
            if (piece := _PIECE.search(text)) is None:
                break
            if piece[1] not in self.pieces:
                raise UsageError(
                    f"{place}: no piece is called {piece[1]!r}; there are {', '.join(self.pieces)}"
                )
            text = text.replace(piece[0], f"(?:{self.pieces[piece[1]]})")
        else:
            raise UsageError(f"{place}: pieces that hold themselves")
        for found in _FEATURE.finditer(text):
            for feature in map(str.strip, found[2].replace("&", "|").split("|")):
                if feature.removeprefix("!") not in self.features:
                    raise UsageError(f"{place}: no feature is called {feature!r}; make it in [words]")
        number = count(1)
        return _ROLE.sub(lambda role: f"(?P<{role[1]}_{next(number)}_{name}>", _FEATURE.sub(sign, text))

    def of_level(self, level: str) -> tuple[Rule, ...]:
        """The rules of a level."""
        return tuple(rule for rule in self.rules if rule.level == level)

    def without(self, *names: str) -> "Grammar":
        """The grammar without some rules.

        Raises:
            UsageError: no rule is called so.
        """
        if unknown := sorted(set(names) - {rule.name for rule in self.rules}):
            raise UsageError(f"grammar: no rule is called {unknown[0]!r}")
        return replace(self, rules=tuple(rule for rule in self.rules if rule.name not in names))

    def extended(
        self, *, rules: Iterable[Rule] = (), words: Mapping[str, Iterable[str]] | None = None
    ) -> "Grammar":
        """The grammar with more rules and words.

        Args:
            rules: each goes first on its level, or before the rule that it names.
            words: feature → words that have it, of a feature that exists or a new one.

        Raises:
            UsageError: as for the class, or a rule goes before one that its level does not have.

        >>> mine = default_grammar().extended(words={"each": ["各分别"]})
        >>> "各分别" in mine.words["each"], "各分别" in default_grammar().words["each"]
        (True, False)
        """
        more = {"words": {name: frozenset(found) for name, found in (words or {}).items()}}
        return _joined(self, more, rules)

    def with_file(self, path: Path) -> "Grammar":
        """The grammar with what stands in a file of the form of `data/clause.toml`.

        Raises:
            InputError: the file cannot be read.
            UsageError: an entry is wrong; names file and entry.
        """
        try:
            text = path.read_text(encoding="utf-8-sig")
        except (OSError, ValueError) as error:
            raise InputError(f"{path}: the grammar cannot be read ({error}); save it as UTF-8") from error
        return _with_text(self, text, str(path))


#: The sections of a file beside its rules.
_SECTIONS: Final = ("words", "sets", "groups", "speech", "shapes", "marks", "texts", "pieces")


def _joined(
    grammar: Grammar, more: Mapping[str, Mapping[str, Any]], rules: Iterable[Rule], source: str = "grammar"
) -> Grammar:
    """A grammar with more in its sections, where words join and other names are new, and more rules."""
    own = grammar.features - set(grammar.words)
    merged: dict[str, dict[str, Any]] = {}
    for section in _SECTIONS:
        before, found = getattr(grammar, section), more.get(section, {})
        if section in ("words", "shapes", "marks") and (taken := sorted(own.intersection(found))):
            raise UsageError(f"{source}: [{section}] {taken[0]} is a feature of another kind already")
        if section != "words" and (taken := sorted(set(before).intersection(found))):
            raise UsageError(f"{source}: [{section}] {taken[0]} exists already; give it another name")
        merged[section] = {**before, **found}
    for name, words in grammar.words.items():
        merged["words"][name] |= words
    return Grammar(rules=_placed(grammar.rules, tuple(rules)), **merged)


def _placed(rules: tuple[Rule, ...], more: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """Rules with more of them, each before those there are or before the one that it names."""
    found = [*(rule for rule in more if not rule.before), *rules]
    for rule in more:
        if rule.before:
            level = {other.name: at for at, other in enumerate(found) if other.level == rule.level}
            if rule.before not in level:
                known = ", ".join(level)
                raise UsageError(
                    f"{rule.place}: before = {rule.before!r}, but on its level there are {known}"
                )
            found.insert(level[rule.before], rule)
    return tuple(found)


def _with_text(grammar: Grammar, text: str, source: str) -> Grammar:
    """A grammar with what stands in a file.

    Raises:
        UsageError: it is no TOML, or an entry is wrong.
    """
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UsageError(f"{source}: {error}") from error
    known = (*_SECTIONS, "rule")
    if unknown := sorted(set(data) - set(known)):
        raise UsageError(f"{source}: [{unknown[0]}] is no section; there are {', '.join(known)}")
    more = {section: dict(_entries(data, section, source)) for section in _SECTIONS}
    return _joined(grammar, more, _rules(data, source), source)


def _entries(data: Mapping[str, Any], section: str, source: str) -> Iterator[tuple[str, Any]]:
    """The entries of a section as a grammar has them."""
    entries = data.get(section, {})
    if not isinstance(entries, dict):
        raise UsageError(f"{source}: {section} is no [section]")
    for name, value in entries.items():
        place = f"{source}: [{section}] {name}"
        if section == "shapes":
            yield name, _shape(value, place)
        elif not isinstance(value, str):
            raise UsageError(f"{place} is no string")
        elif section in ("marks", "texts"):
            yield name, _expression(value, place)
        elif section in _READ:
            yield name, _READ[section](value.split())
        else:
            yield name, value


#: What a grammar makes of the words of an entry.
_READ: Final[Mapping[str, Callable[[list[str]], Any]]] = {
    "words": frozenset,
    "groups": tuple,
    "speech": "".join,
}


def _shape(value: object, place: str) -> Shape:
    given = {"looks": value} if isinstance(value, str) else value
    if not isinstance(given, dict) or not {"looks"} <= set(given) <= {"looks", "also", "class"}:
        raise UsageError(f"{place} is no regular expression, and no {{ looks = …, also = …, class = … }}")
    looks = _expression(given["looks"], place)
    return Shape(looks, tuple(given.get("also", "").split()), given.get("class", ""))


def _expression(looks: str, place: str) -> str:
    try:
        compiled(looks)
    except (regex.error, TypeError) as error:
        raise UsageError(f"{place}: no regular expression ({error})") from error
    return looks


def _rules(data: Mapping[str, Any], source: str) -> Iterator[Rule]:
    needed = {"level", "name", "pattern", "why", "hit", "miss"}
    own = {*needed, "gives", "when", "before"}
    for number, entry in enumerate(data.get("rule", ()), start=1):
        if not isinstance(entry, dict):
            raise UsageError(f"{source}: rule {number}: write it as a [[rule]] with its fields")
        place = f"{source}: rule {entry.get('name', f'number {number}')!r}"
        if unknown := sorted(set(entry) - own):
            raise UsageError(f"{place}: {unknown[0]} is no field; there are {', '.join(sorted(own))}")
        if missing := sorted(needed - set(entry)):
            raise UsageError(f"{place} has no {missing[0]}")
        yield Rule(**entry, source=source)


@cache
def default_grammar() -> Grammar:
    """The grammar that comes with the package; read once.

    Raises:
        UsageError: the data file is damaged.
    """
    text = resources.files("zhreport.data").joinpath("clause.toml").read_text(encoding="utf-8")
    nothing: dict[str, Any] = {section: {} for section in _SECTIONS}
    return _with_text(Grammar(**nothing, rules=()), text, "clause.toml")
