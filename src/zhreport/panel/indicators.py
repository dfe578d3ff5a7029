"""Indicators: which of the common ones a claim speaks of, whatever wording the report chose."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Final

import regex

from zhreport.errors import DataFileError, InputError
from zhreport.words.folding import fold

__all__ = [
    "LEVELS",
    "MEASURES",
    "Catalogue",
    "Indicator",
    "Match",
    "default_catalogue",
    "read_catalogue",
]

#: What is taken of an indicator; `growth_rank` is the place of the growth, `change` a difference in the
#: indicator's own unit or in percentage points.
MEASURES: Final = ("level", "share", "growth", "change", "rank", "growth_rank")
#: Levels of government; a level decides what a report calls its own place.
LEVELS: Final = ("central", "province", "prefecture", "county")

_NOTE: Final = regex.compile(r"\[[0-9]{1,3}\]|（[A-Za-z]{2,5}）|[①-⑳]|[“”‘’「」\"\s]")
_SUFFIX: Final = regex.compile(
    r"(?:(?:壮族|回族|维吾尔|维吾尔族)?自治区|特别行政区|自治[州县旗]|地区|[省市州盟县区旗])$"
)
_VERBS: Final = ("compared", "reached", "passed", "new")
_BEFORE: Final = ("cumulative", "year", "average", "light", "other", "scope", "adjusted")
_OF: Final = ("占", "与")
_AND: Final = regex.compile(r"[、和与及]")
_CLAUSE: Final = regex.compile(r"[，。；：！？\n]")
_NUMERIC: Final = regex.compile(r"[0-9]|百分之")


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """One canonical indicator.

    Attributes:
        id: its name in ASCII.
        name: its full name.
        english: the name in English.
        dimensions: what its level measures (`money`, `percent`…); "" stands for a bare number.
        unit: levels and changes are converted to it; "" leaves them as written.
        measures: those of `MEASURES` that make sense.
        wordings: how reports call it, in the spelling of the catalogue, the name included.
        stock: a number that is only added is not its level.
        index: its level counts the year before as 100: 102.3 is a growth of 2.3 %.
        central: what it is called in a report of the whole country; "" if the same.
    """

    id: str
    name: str
    english: str
    dimensions: frozenset[str]
    unit: str
    measures: frozenset[str]
    wordings: tuple[str, ...]
    stock: bool = False
    index: bool = False
    central: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """An indicator that was recognised.

    Attributes:
        indicator: which one.
        tail: `growth` or `fall` where the wording ended in such a word (地区生产总值增速), else "".
    """

    indicator: Indicator
    tail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """The indicators and how they are recognised: by the whole normalised wording, never by a part of it.

    Attributes:
        indicators: by id, in the order of the file.
        spelling: variants of words → the spelling that is compared.
        own: level → what a report of that level calls its own place.
        lead: words left out at the beginning.
        tails: words at the end → `growth`, `fall` or "" (nothing).
        verbs: what a verb says of the figure (`compared`, `reached`, `passed`, `new`) → the verbs.
        before: what a word in the clause says of it (`cumulative`, `average`, `other`…) → the words.
    """

    indicators: Mapping[str, Indicator]
    spelling: Mapping[str, str]
    own: Mapping[str, tuple[str, ...]]
    lead: tuple[str, ...]
    tails: Mapping[str, str]
    verbs: Mapping[str, frozenset[str]]
    before: Mapping[str, tuple[str, ...]]
    _index: Mapping[str, Indicator] = field(repr=False)
    _by_start: Mapping[str, tuple[str, ...]] = field(repr=False)
    _spelled: regex.Pattern[str] = field(repr=False)

    def normalise(self, text: str) -> str:
        """A wording in the spelling that is compared: width folded, no notes, no quotation marks.

        >>> default_catalogue().normalise("规模以上工业增加值[3]占地区生产总值的比重")
        '规上工业增加值占GDP比重'
        """
        plain = _NOTE.sub("", fold(text))
        return self._spelled.sub(lambda m: self.spelling[m.group()], plain)

    def own_names(self, region: str = "", level: str = "") -> tuple[str, ...]:
        """What a report calls its own place, the longest first.

        Args:
            region: its name; also known without 省, 市, 县….
            level: one of `LEVELS`; every word is taken if unknown.
        """
        if level in self.own:
            words = set(self.own[level])
        else:
            words = {word for known, found in self.own.items() if known != "central" for word in found}
        if region:
            words.add(region)
            short = _SUFFIX.sub("", region)
            if len(short) > 1:
                words.add(short)
        return _longest(words)

    def match(self, text: str, own: Iterable[str] = (), *, verb: str = "") -> Match | None:
        """The indicator that a claim speaks of, or None.

        The claim's indicator as a whole must be a wording; only the report's own place, time and caution
        (全市, 全年, 预计) may stand before it, and a word for its growth or its total behind it.

        Args:
            text: the claim's indicator.
            own: `own_names` of the report.
            verb: the claim's verb: 新增 is part of some wordings.

        >>> found = default_catalogue().match("全市生产总值增速", own=("全市",))
        >>> found.indicator.id, found.tail
        ('gdp', 'growth')
        >>> default_catalogue().match("山区五县生产总值") is None
        True
        """
        plain = self.normalise(text)
        if verb and (found := self._index.get(self.normalise(verb + text))):
            return Match(indicator=found, tail="")
        lead = (*own, *self.lead)
        for link in _OF:  # 占全市GDP比重
            head, sign, rest = plain.partition(link)
            if sign:
                plain = head + sign + _without(rest, own)
        while True:
            match = self._whole(plain)
            if match is not None:
                return match
            shorter = _without(plain, lead)
            if shorter == plain:
                return None
            plain = shorter

    def members(self, text: str, own: Iterable[str] = ()) -> list[Match]:
        """The indicators in a joint name that is none itself (A、B均增长8%)."""
        found = [self.match(part, own) for part in _AND.split(text)]
        return [match for match in found if match is not None] if len(found) > 1 else []

    def _whole(self, plain: str) -> Match | None:
        if found := self._index.get(plain):
            return Match(indicator=found, tail="")
        for word, meaning in self.tails.items():
            if plain.endswith(word) and len(plain) > len(word):
                inner = self._whole(plain.removesuffix(word))
                if inner is not None and not inner.tail:
                    return Match(indicator=inner.indicator, tail=meaning)
        return None

    def mentioned(self, sentence: str, own: Iterable[str] = ()) -> set[str]:
        """Ids of the indicators that a sentence speaks of with a figure.

        Such a wording begins a clause or a member of a list, after the own place, time and light verbs at
        most, and a number stands behind it in the clause.

        Args:
            sentence: any text.
            own: `own_names` of the report.

        >>> sorted(default_catalogue().mentioned("预计GDP、人均GDP均增长3%，带动税收，PM2.5浓度下降"))
        ['gdp', 'gdp_per_capita']
        """
        lead = (*own, *self.lead, *self.before["light"])
        found: set[str] = set()
        for clause in _CLAUSE.split(self.normalise(sentence)):
            rest = clause
            for part in clause.split("、"):
                bare, before = part, ""
                while before != bare and not self._opens(bare):
                    before, bare = bare, _without(bare, lead)
                wording = self._opens(bare)
                if wording and _NUMERIC.search(rest.partition(bare)[2] + bare[len(wording) :]):
                    found.add(self._index[wording].id)
                rest = rest[len(part) + 1 :]
        return found

    def _opens(self, text: str) -> str:
        """The longest wording that a text begins with."""
        return next((word for word in self._by_start.get(text[:2], ()) if text.startswith(word)), "")


def _longest(words: Iterable[str]) -> tuple[str, ...]:
    """The words, the longest first."""
    return tuple(sorted(words, key=lambda word: (-len(word), word)))


def _without(text: str, words: Iterable[str]) -> str:
    """A text without the first of the words that it begins with and does not end with."""
    return next((text[len(word) :] for word in words if text.startswith(word) and text != word), text)


def _words(data: Mapping[str, Any], section: str, key: str, name: str) -> tuple[str, ...]:
    value = data.get(section, {}).get(key)
    if not isinstance(value, str) or not value.split():
        raise DataFileError(f"{name}: [{section}] {key} must be a string of words")
    return tuple(value.split())


def _sections(text: str, name: str) -> dict[str, dict[str, Any]]:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DataFileError(f"{name}: {error}") from error
    for key, section in data.items():
        if not isinstance(section, dict):
            raise DataFileError(f"{name}: {key} must be a table, [{key}]")
    return data


def _catalogue(data: Mapping[str, Mapping[str, Any]], name: str) -> Catalogue:
    spelling = {v: k for k in data.get("spelling", {}) for v in _words(data, "spelling", k, name)}
    tails = {
        word: "" if key == "whole" else key
        for key in ("growth", "fall", "whole")
        for word in _words(data, "tail", key, name)
    }
    longest = _longest(spelling)
    blank = Catalogue(
        indicators={},
        spelling=spelling,
        own={level: _words(data, "own", level, name) for level in LEVELS},
        lead=_longest(_words(data, "lead", "words", name)),
        tails={word: tails[word] for word in _longest(tails)},
        verbs={key: frozenset(_words(data, "verbs", key, name)) for key in _VERBS},
        before={key: _longest(_words(data, "before", key, name)) for key in _BEFORE},
        _index={},
        _by_start={},
        _spelled=regex.compile("|".join(map(regex.escape, longest)) or r"(?!)"),
    )
    return _filled(blank, data.get("indicators", {}), name)


def _filled(blank: Catalogue, entries: Mapping[str, Any], name: str) -> Catalogue:
    """The catalogue with its indicators.

    Raises:
        DataFileError: an entry is incomplete, or two indicators share a wording.
    """
    indicators: dict[str, Indicator] = {}
    index: dict[str, Indicator] = {}
    for key, entry in entries.items():
        try:
            measures = frozenset(entry["measures"].split())
            own_name, dimensions = entry["name"], frozenset(entry["dimension"].split())
            spelled = [blank.normalise(word) for word in (own_name, *entry.get("wordings", "").split())]
            new = Indicator(
                id=key,
                name=own_name,
                english=entry["english"],
                dimensions=dimensions - {"none"} | ({""} if "none" in dimensions else frozenset()),
                unit=entry.get("unit", ""),
                measures=measures,
                wordings=tuple(dict.fromkeys(spelled)),
                stock=bool(entry.get("stock", False)),
                index=bool(entry.get("index", False)),
                central=str(entry.get("central", "")),
            )
        except (KeyError, AttributeError, TypeError) as error:
            raise DataFileError(
                f"{name}: [indicators.{key}] needs name, english, dimension and measures"
            ) from error
        if not key.isascii() or "" in spelled or not dimensions or not measures or measures - set(MEASURES):
            raise DataFileError(
                f"{name}: [indicators.{key}] needs an id in ASCII, a name, a dimension and measures out of "
                f"{', '.join(MEASURES)}"
            )
        for wording in new.wordings:
            if wording in index:
                raise DataFileError(
                    f"{name}: [indicators.{key}] {wording} is a wording of {index[wording].id} too"
                )
            index[wording] = new
        indicators[key] = new
    by_start: dict[str, tuple[str, ...]] = {}
    for wording in _longest(index):
        by_start[wording[:2]] = (*by_start.get(wording[:2], ()), wording)
    return replace(blank, indicators=indicators, _index=index, _by_start=by_start)


def read_catalogue(path: Path) -> Catalogue:
    """Read indicators of one's own, a TOML file of the form of `data/indicators.toml`.

    They stand beside those of the package, or in the place of one that has the same id; words of other
    sections take the place of the package's. A file that has all sections is a catalogue of its own.

    Raises:
        InputError: the file cannot be read.
        DataFileError: an entry is not complete; names file and entry.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise InputError(f"{path}: the indicators cannot be read ({why})") from error
    own, ours = _sections(text, str(path)), _own_sections()
    if not own.keys() >= ours.keys():
        own = {key: {**section, **own.get(key, {})} for key, section in ours.items()} | {
            key: section for key, section in own.items() if key not in ours
        }
    return _catalogue(own, str(path))


@cache
def default_catalogue() -> Catalogue:
    """The indicators that come with the package; read once.

    Raises:
        DataFileError: the data file is damaged.
    """
    return _catalogue(_own_sections(), "indicators.toml")


def _own_sections() -> dict[str, dict[str, Any]]:
    text = resources.files("zhreport.data").joinpath("indicators.toml").read_text(encoding="utf-8")
    return _sections(text, "indicators.toml")
