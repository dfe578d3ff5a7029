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
from pathlib import Path

from zhreport.errors import DataFileError, InputError, UsageError

__all__ = ["Lexicon", "Unit", "default_lexicon", "read_sections", "read_units", "read_words"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One measure word.

    Attributes:
        surface: the word as written, width folded (`万吨` is the scale 万 and the unit `吨`).
        dimension: what it measures (`count`, `money`, `length`, `percent`…).
        canonical: the unit it converts to, the same for all units of a kind.
        factor: canonical units in one of it; 0 where there is no conversion.
    """

    surface: str
    dimension: str
    canonical: str
    factor: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """Units and words by class.

    Attributes:
        units: surface → unit.
        words: word → class (`up`, `down`, `level`, `rank`, `act`, `weak`, `adverbs`, `time`…).
        sets: named word sets (`predicates`, `attributes`, `formulations`…).
        duals: word for two things → the two words.
        in_word: measure word → characters after which it is the beginning of another word.
        extra_words: a caller's own words for the tokenizer.
    """

    units: Mapping[str, Unit]
    words: Mapping[str, str]
    sets: Mapping[str, frozenset[str]]
    duals: Mapping[str, tuple[str, ...]]
    in_word: Mapping[str, str]
    extra_words: tuple[str, ...] = field(default=())

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
            words: word → class.
            tokens: words that the tokenizer keeps in one piece.
            sets: name of a word set → more members (`{"heads.action": ["百日会战"]}`), see `read_words`.

        Raises:
            UsageError: a set that does not exist.

        >>> mine = default_lexicon().extended(
        ...     units=[Unit(surface="塔", dimension="count", canonical="", factor=Decimal(1))])
        >>> "塔" in mine.units, "塔" in default_lexicon().units
        (True, False)
        """
        more = dict(sets or {})
        if unknown := sorted(more.keys() - self.sets.keys()):
            raise UsageError(
                f"no word set is called {unknown[0]!r}; there are {', '.join(sorted(self.sets))}"
            )
        return replace(
            self,
            sets={**self.sets, **{name: self.sets[name] | frozenset(found) for name, found in more.items()}},
            units={**self.units, **{unit.surface: unit for unit in units}},
            words={**self.words, **(words or {})},
            extra_words=(*self.extra_words, *tokens),
        )

    def tokenizer_words(self) -> tuple[str, ...]:
        """The words that a tokenizer keeps in one piece, sorted."""
        own = {word for word in self.words if len(word) > 1}
        for name in ("attributes", "share_heads", "growth_heads", "fall_heads", "terms"):
            own |= {word for word in self.sets.get(name, ()) if len(word) > 1}
        return tuple(sorted(own.union(self.extra_words)))


def read_units(path: Path) -> tuple[Unit, ...]:
    """Read a units table: CSV with the columns unit, dimension, canonical, factor.

    Raises:
        DataFileError: a row is incomplete or its factor is no number; names file and row.
    """
    return tuple(_units(path.read_text(encoding="utf-8"), str(path)))


def _units(text: str, name: str) -> list[Unit]:
    rows = (line for line in text.splitlines() if line and not line.startswith("#"))
    units = []
    for number, row in enumerate(csv.DictReader(rows), start=1):
        try:
            unit = Unit(
                surface=row["unit"],
                dimension=row["dimension"],
                canonical=row["canonical"],
                factor=Decimal(row["factor"]),
            )
        except (KeyError, TypeError, InvalidOperation) as error:
            raise DataFileError(f"{name}: unit row {number} ({row}) is not complete") from error
        if not unit.surface or not unit.dimension:
            raise DataFileError(f"{name}: unit row {number} ({row}) needs a unit and a dimension")
        units.append(unit)
    return units


def read_sections(text: str, name: str) -> Iterator[tuple[str, str, str]]:
    """Section, key and words of every entry of a vocabulary file."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DataFileError(f"{name}: {error}") from error
    for section, entries in data.items():
        if not isinstance(entries, dict):
            raise DataFileError(f"{name}: {section} stands outside a [section]")
        for key, value in entries.items():
            if not isinstance(value, str):
                raise DataFileError(f"{name}: [{section}] {key} is not a string of words")
            yield section, key, value


def read_words(path: Path) -> dict[str, frozenset[str]]:
    """Read word sets from a TOML file of the form of the package's own `campaigns.toml`.

    Returns:
        Set name (`section.key`) → words, as `Lexicon.extended(sets=...)` takes it.

    Raises:
        DataFileError: the file is no TOML, or an entry is not a string of words; names file and entry.
        InputError: the file cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: the vocabulary cannot be read ({error})") from error
    return {f"{section}.{key}": frozenset(value.split()) for section, key, value in read_sections(text, str(path))}


_CLASSES = {
    "verbs": ("up", "down", "level", "rank", "weak", "act"),
    "skip": ("adverbs", "manner", "time", "place", "pronouns", "prepositions", "conjunctions"),
}


@cache
def default_lexicon() -> Lexicon:
    """The vocabulary that comes with the package; read once.

    Raises:
        DataFileError: a data file is damaged.
    """
    words: dict[str, str] = {}
    sets: dict[str, frozenset[str]] = {}
    duals: dict[str, tuple[str, ...]] = {}
    in_word: dict[str, str] = {}
    for name in ("words.toml", "not_claims.toml", "measures.toml", "campaigns.toml", "furniture.toml"):
        text = resources.files("zhreport.data").joinpath(name).read_text(encoding="utf-8")
        for section, key, value in read_sections(text, name):
            if section == "dual":
                duals[key] = tuple(value.split())
            elif section == "in_word":
                in_word[key] = value
            else:
                set_name = key if name == "words.toml" else f"{section}.{key}"
                sets[set_name] = frozenset(value.split())
    for classes in _CLASSES.values():
        for name in classes:  # the first class that lists a word keeps it
            for word in sets[name]:
                words.setdefault(word, name)
    for word in sets["terms"]:  # a compound is no verb, whatever its parts are
        words.pop(word, None)
    text = resources.files("zhreport.data").joinpath("units.csv").read_text(encoding="utf-8")
    return Lexicon(
        units={unit.surface: unit for unit in _units(text, "units.csv")},
        words=words,
        sets=sets,
        duals=duals,
        in_word=in_word,
    )
