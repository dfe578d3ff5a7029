"""The vocabulary: units and words, read from data files and checked when read.

A `Lexicon` is a value: extending it gives a new one, and nothing in the process changes.
"""

import csv
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from functools import cache
from importlib import resources
from itertools import product
from pathlib import Path
from typing import Final

import regex

from zhreport.errors import DataFileError, InputError, UsageError
from zhreport.words.compiling import Pattern, compiled
from zhreport.words.numerals import DIGITS, HAN_NUMERAL, SCALE_SIGNS, TENS

__all__ = [
    "CAMPAIGN_KINDS",
    "WORD_CLASSES",
    "Lexicon",
    "Unit",
    "default_lexicon",
    "package_entries",
    "package_pattern",
    "package_sets",
    "package_template",
    "read_sections",
    "read_units",
    "read_words",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One measure word.

    Attributes:
        surface: the word as written, width folded (`万吨` is the scale 万 and the unit `吨`).
        dimension: what it measures (`count`, `money`, `length`, `percent`…).
        canonical: the unit that it converts to, the same for all units of a kind.
        factor: how many canonical units one of it is; 0 if there is no conversion.

    Raises:
        UsageError: a blank surface or dimension, a half surrogate in one of the words, or a factor that is
            not a `Decimal` or neither 0 nor from 1E-30 to 1E+30; the message names the unit.
    """

    surface: str
    dimension: str
    canonical: str
    factor: Decimal

    def __post_init__(self) -> None:
        _checked(self.surface, f"surface of {self}")
        _checked(self.dimension, f"dimension of {self}")
        if self.canonical:
            _checked(self.canonical, f"canonical of {self}")
        factor: object = self.factor
        if not (isinstance(factor, Decimal) and factor.is_finite()) or not (
            factor == 0 or _SMALLEST <= factor <= _LARGEST
        ):
            raise UsageError(f"factor of {self}: must be a Decimal, 0 or from {_SMALLEST} to {_LARGEST}")


#: A factor outside of these is a mistake, and a figure times it could not be written out any more.
_SMALLEST: Final = Decimal("1E-30")
_LARGEST: Final = Decimal("1E+30")
_HALF: Final = regex.compile("[\ud800-\udfff]")


def _checked(word: object, place: str) -> str:
    """A word that a vocabulary may hold.

    Raises:
        UsageError: it is no string, blank, or has a half surrogate, which no encoding can write.
    """
    if not isinstance(word, str) or not word.strip() or _HALF.search(word):
        raise UsageError(f"{place}: {word!r} is not a word; give a string that is not blank")
    return word


class Patterns(dict[str, Pattern]):
    """Template, or name of one in `data/patterns.toml` → pattern, compiled when first asked for.

    A look-up costs less than a call.
    """

    def __init__(self, sets: Mapping[str, Iterable[str]]) -> None:
        super().__init__()
        self._sets = sets

    def __missing__(self, name: str) -> Pattern:
        template = package_template(name) if name in _templates() else name
        return self.setdefault(name, compiled(_filled(template, self._sets)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """Units and words by class.

    Attributes:
        units: surface → unit.
        words: word → its one class (`up`, `down`, `level`, `rank`, `act`, `weak`, `adverbs`, `time`…).
        sets: named word sets: the classes, the marks (`predicates`, `attributes`…) and, as `section.key`,
            those of the other files (`formulations.words`, `heads.action`…).
        duals: word for two things → the two words.
        in_word: measure word → characters before which it begins another word, and behind blanks the words
            before which it does not.
        extra_words: a caller's own words for the tokenizer.
        patterns: template, see `source`, or the name of one of the package → its pattern, compiled when first
            asked for.
    """

    units: Mapping[str, Unit]
    words: Mapping[str, str]
    sets: Mapping[str, frozenset[str]]
    duals: Mapping[str, tuple[str, ...]]
    in_word: Mapping[str, str]
    extra_words: tuple[str, ...] = field(default=())
    patterns: "Patterns" = field(init=False, repr=False, compare=False)
    _listed: dict[str, tuple[str, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "patterns", Patterns(self.sets))

    def source(self, template: str) -> str:
        """The source of a pattern, in which `{name}` stands for the words of a set, the longest first.

        Raises:
            KeyError: no set has the name.

        >>> default_lexicon().source("的?{share_heads}$")
        '的?(?:所占比重|份额|占比|比重)$'
        """
        return _filled(template, self.sets)

    def listed(self, name: str) -> tuple[str, ...]:
        """The words of a set as `str.startswith` and `str.endswith` take them, sorted."""
        if name not in self._listed:
            self._listed[name] = tuple(sorted(self.sets[name]))
        return self._listed[name]

    def extended(
        self,
        *,
        units: Iterable[Unit] = (),
        words: Mapping[str, str] | None = None,
        tokens: Iterable[str] = (),
        sets: Mapping[str, Iterable[str]] | None = None,
    ) -> "Lexicon":
        """A new lexicon with more units, classed words, words for the tokenizer, and members of word sets.

        Args:
            units: more units, or others of the same surface.
            words: word → class; "" for a word that is to have none. It goes before the class in this lexicon.
            tokens: words that the tokenizer does not cut.
            sets: name of a word set → more members (`{"heads.action": ["百日会战"]}`), see `read_words`.
                Those of a class (`{"act": ["揭榜"]}`) get it as from `words`.

        Raises:
            UsageError: a set or a class that does not exist, one string in place of several words, a word
                that is blank or no string, or one that is given two classes; names the entry.

        >>> mine = default_lexicon().extended(
        ...     units=[Unit(surface="塔", dimension="count", canonical="", factor=Decimal(1))])
        >>> "塔" in mine.units, "塔" in default_lexicon().units
        (True, False)
        """
        more = {name: _members(found, f"word set {name!r}") for name, found in (sets or {}).items()}
        if unknown := sorted(more.keys() - self.sets.keys()):
            raise UsageError(f"unknown word set {unknown[0]!r}; there are {', '.join(sorted(self.sets))}")
        for word in _members(words or (), "words"):
            if words and words[word] not in ("", *_CLASSES):
                raise UsageError(
                    f"words: {word!r} has the class {words[word]!r}; there are {', '.join(_CLASSES)}"
                )
        own = [(word, name) for name in _CLASSES for word in more.get(name, ())]
        classed = dict(words or {})
        for word, name in own:
            if classed.setdefault(word, name) != name:
                raise UsageError(_two_classes(word, classed[word], name))
        _check_kinds(self.sets, more)
        after = {name: known.union(more.get(name, ())) for name, known in self.sets.items()}
        for name in _CLASSES if classed else ():
            after[name] = (after[name] - classed.keys()) | {word for word in classed if classed[word] == name}
        return replace(
            self,
            sets=after,
            units={**self.units, **{unit.surface: unit for unit in units}},
            words={**self.words, **{word: name if name != _TERMS else "" for word, name in classed.items()}},
            extra_words=(*self.extra_words, *_members(tokens, "tokens")),
        )

    def tokenizer_words(self) -> tuple[str, ...]:
        """The words that a tokenizer keeps in one piece, sorted."""
        own = {word for word in self.words if len(word) > 1}
        for name in ("attributes", "share_heads", "growth_heads", "fall_heads", _TERMS):
            own |= {word for word in self.sets.get(name, ()) if len(word) > 1}
        return tuple(sorted(own.union(self.extra_words)))


def _check_kinds(sets: Mapping[str, frozenset[str]], more: Mapping[str, Iterable[str]]) -> None:
    """A head of campaigns tells one kind.

    Raises:
        UsageError: one of `more` stands in a list of another kind too; names it and both kinds.
    """
    for name, other in product(_HEAD_LISTS.keys() & more.keys(), _HEAD_LISTS.keys() & sets.keys()):
        both = set(more[name]) & sets[other].union(more.get(other, ()))
        if both and _HEAD_LISTS[other] != _HEAD_LISTS[name]:
            raise UsageError(_two_kinds(min(both), _HEAD_LISTS[other], _HEAD_LISTS[name]))


def _members(words: Iterable[str], place: str) -> tuple[str, ...]:
    """Several words, each checked."""
    if isinstance(words, str):
        raise UsageError(f"{place}: {words!r} is a single string; give a list of words")
    return tuple(_checked(word, place) for word in words)


def read_units(path: Path) -> tuple[Unit, ...]:
    """Read a units table: CSV in UTF-8 with the columns unit, dimension, canonical, factor.

    Raises:
        DataFileError: a row is incomplete, its factor is no number in bounds, or a unit stands twice;
            names file and line.
        InputError: the file cannot be read.
    """
    return tuple(_units(_text(path, "units"), str(path)))


def _units(text: str, name: str) -> list[Unit]:
    lines = [
        (number, line)
        for number, line in enumerate(text.splitlines(), start=1)
        if line and not line.startswith("#")
    ]
    try:
        found = list(csv.DictReader(line for _, line in lines))
    except csv.Error as error:
        raise DataFileError(f"{name}: not a CSV table ({error})") from error
    units: list[Unit] = []
    places: dict[str, int] = {}
    for (number, line), row in zip(lines[1:], found, strict=False):
        try:
            unit = Unit(
                surface=row["unit"],
                dimension=row["dimension"],
                canonical=row["canonical"],
                factor=Decimal(row["factor"]),
            )
        except UsageError as error:
            raise DataFileError(f"{name}, line {number}: {error}") from error
        except (KeyError, TypeError, InvalidOperation) as error:
            raise DataFileError(f"{name}, line {number} ({line}) is not complete") from error
        if (first := places.setdefault(unit.surface, number)) != number:
            raise DataFileError(f"{name}, line {number}: the unit {unit.surface} stands in line {first} too")
        units.append(unit)
    return units


def read_sections(text: str, name: str) -> Iterator[tuple[str, str, str]]:
    """Section, key and words of every entry of a vocabulary file."""
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise DataFileError(f"{name}: {error}") from error
    for section, entries in data.items():
        if not isinstance(entries, dict):
            raise DataFileError(f"{name}: {section} stands outside a [section]")
        for key, value in entries.items():
            if not isinstance(value, str):
                raise DataFileError(f"{name}: [{section}] {key} is not a string of words")
            yield section, key, value


def read_words(path: Path) -> dict[str, frozenset[str]]:
    """Read word sets from a TOML file of the form of the package's own `campaigns.toml` or `words.toml`.

    Returns:
        Set name (`section.key`; of `[classes]` and `[marks]` the key alone) → words, as
        `Lexicon.extended(sets=...)` takes it.

    Raises:
        DataFileError: the file is no TOML, an entry is not a string of words, or a word has two classes;
            names file and entry, and the lines of a word with two classes.
        InputError: the file cannot be read.
    """
    return _sets(_text(path, "vocabulary"), str(path))


def _sets(text: str, name: str) -> dict[str, frozenset[str]]:
    """The word sets of a vocabulary file; a word stands in one list of `[classes]`."""
    found: dict[str, frozenset[str]] = {}
    classes: dict[str, tuple[str, str]] = {}
    heads: dict[str, tuple[str, str]] = {}
    for section, key, value in read_sections(text, name):
        found[key if section in _PLAIN else f"{section}.{key}"] = frozenset(value.split())
        if section != _CLASS_SECTION and f"{section}.{key}" not in _HEAD_LISTS:
            continue
        seen = classes if section == _CLASS_SECTION else heads
        for word in value.split():
            first = seen.setdefault(word, (section, key))
            if first[1] != key:
                places = [_line(text, *listed, word) for listed in (first, (section, key))]
                wrong = _two_classes if section == _CLASS_SECTION else _two_kinds
                raise DataFileError(
                    f"{name}, lines {places[0]} and {places[1]}: {wrong(word, first[1], key)}"
                )
    return found


def _two_classes(word: str, first: str, second: str) -> str:
    return f"{word!r} has the classes {first!r} and {second!r}; a word has one: take it out of one of them"


def _two_kinds(word: str, first: str, second: str) -> str:
    return f"the head {word!r} has the kinds {first!r} and {second!r}; take it out of one of them"


def _line(text: str, section_name: str, key: str, word: str) -> int:
    """The number of the line of a vocabulary file where a word stands in a list."""
    section = listed = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if head := regex.match(r"\[(\w+)\]", line):
            section = head[1]
        elif head := regex.match(r"(\w+)\s*=", line):
            listed = head[1]
        words = regex.split(r"[\s\"'=]+", line.partition("#")[0])
        if section == section_name and listed == key and word in words[bool(head) :]:
            return number
    return 0


def _text(path: Path, kind: str) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:  # no name has a null character
        raise InputError(f"{path}: the {kind} cannot be read ({error}); save it as UTF-8") from error


#: A word that is one thing by name; for what stands around it, it has no class.
_TERMS: Final = "terms"
#: The classes of words, first verbs, then what is passed over, then what is neither; others are nouns.
WORD_CLASSES: Final = (
    *("up", "down", "level", "rank", "act", "weak"),
    *("adverbs", "manner", "time", "place", "pronouns", "prepositions", "conjunctions"),
)
_CLASSES: Final = (*WORD_CLASSES, _TERMS)
_CLASS_SECTION: Final = "classes"
#: The kinds of campaign, as the guidelines define them.
CAMPAIGN_KINDS: Final = ("action", "activity", "project", "contest", "forum", "honour")
#: The lists of heads of campaigns → the kind that they tell.
_HEAD_LISTS: Final = {
    f"{section}.{kind}": kind
    for section in ("heads", "weak_heads", "quoted_heads")
    for kind in CAMPAIGN_KINDS
}
#: Sections whose sets are called by their keys alone.
_PLAIN: Final = (_CLASS_SECTION, "marks")
_NAME_IN: Final = regex.compile(r"\{([a-z_]+(?:\.[a-z_]+)?)\}")
_TEMPLATE_IN: Final = regex.compile(r"<([a-z_]+\.[a-z_]+)>")
_FILES: Final = tuple(
    f"{name}.toml" for name in ("words", "measures", "not_claims", "claims", "campaigns", "furniture")
)


def _filled(template: str, sets: Mapping[str, Iterable[str]]) -> str:
    """A template with the words of its sets.

    Raises:
        UsageError: no word set has a name that stands in it.
    """
    if unknown := [name for name in _NAME_IN.findall(template) if name not in sets]:
        raise UsageError(f"no word set is called {unknown[0]!r}, as in the pattern {template!r}")
    return _NAME_IN.sub(lambda match: _alternation(sets[match[1]]), template)


@cache
def _templates() -> Mapping[str, str]:
    """The templates of `data/patterns.toml` by section and key, and the Han numerals."""
    text = resources.files("zhreport.data").joinpath("patterns.toml").read_text(encoding="utf-8")
    found = {f"{section}.{key}": value for section, key, value in read_sections(text, "patterns.toml")}
    numerals = {"digits": DIGITS, "tens": TENS, "scales": SCALE_SIGNS, "signs": HAN_NUMERAL}
    return found | {f"numerals.{name}": signs for name, signs in numerals.items()}


@cache
def package_template(name: str) -> str:
    """A template of `data/patterns.toml`, with those that stand in it.

    Raises:
        DataFileError: no template has a name that stands in it.

    >>> package_template("numbers.han_digits")
    '一二三四五六七八九两'
    """

    def whole(template: str) -> str:
        return _TEMPLATE_IN.sub(lambda found: whole(known(found[1])), template)

    def known(part: str) -> str:
        if part not in _templates():
            raise DataFileError(f"patterns.toml: [{name}] no pattern is called {part!r}")
        return _templates()[part]

    return whole(known(name))


def package_entries(section: str) -> dict[str, str]:
    """A section of `data/patterns.toml`, in its order.

    >>> package_entries("money")["$"]
    '美元'
    """
    start = f"{section}."
    return {n.removeprefix(start): value for n, value in _templates().items() if n.startswith(start)}


@cache
def package_sets(name: str) -> Mapping[str, frozenset[str]]:
    """The word sets of a file of the package that no caller extends."""
    text = resources.files("zhreport.data").joinpath(name).read_text(encoding="utf-8")
    return _sets(text, name)


@cache
def package_pattern(name: str, template: str) -> Pattern:
    """The pattern of a template as in `Lexicon.source`, from a file of the package that no caller extends.

    >>> package_pattern("paragraphs.toml", "{headings.parts}").search("二、工作回顾").group()
    '回顾'
    """
    return compiled(_filled(template, package_sets(name)))


def _alternation(words: Iterable[str]) -> str:
    """The source of a pattern for one of some words, the longest first; none for no word."""
    longer = [regex.escape(word) for word in sorted(words, key=lambda w: (-len(w), w)) if len(word) > 1]
    signs = "".join(regex.escape(word) for word in sorted(words) if len(word) == 1)
    return f"(?:{'|'.join([*longer, *([f'[{signs}]'] if signs else [])]) or '(?!)'})"


@cache
def default_lexicon() -> Lexicon:
    """The vocabulary that comes with the package; read once.

    Raises:
        DataFileError: a data file is damaged.
    """
    sets: dict[str, frozenset[str]] = {}
    duals: dict[str, tuple[str, ...]] = {}
    in_word: dict[str, str] = {}
    for name in _FILES:
        text = resources.files("zhreport.data").joinpath(name).read_text(encoding="utf-8")
        sets.update(_sets(text, name))
        for section, key, value in read_sections(text, name):
            if section == "dual":
                duals[key] = tuple(value.split())
            elif section == "in_word":
                in_word[key] = value
            else:
                continue
            del sets[f"{section}.{key}"]  # no set: the order counts, or the characters do
    text = resources.files("zhreport.data").joinpath("units.csv").read_text(encoding="utf-8")
    return Lexicon(
        units={unit.surface: unit for unit in _units(text, "units.csv")},
        words={word: name for name in WORD_CLASSES for word in sets[name]},
        sets=sets,
        duals=duals,
        in_word=in_word,
    )
