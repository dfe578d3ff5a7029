"""Figures by what is measured, in the words of whoever asks.

Claims are ranked by how like their indicators are to the question: by the canonical indicator where both have
one, else by the characters and pairs of characters that they share, weighted by how rare these are among all
indicators of the corpus (inverse document frequency, Spärck Jones 1972). What the question says of the kind
of figure, its year, its place and whether it is planned counts too; the words around a figure, and the
heading above it, count for less. No model from outside is used.
"""

import math
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from heapq import nlargest
from importlib import resources
from itertools import chain
from typing import Any, Final, Protocol

import regex

from zhreport.panel import Catalogue, Match, default_catalogue, measure_of
from zhreport.reading.paragraphs import sentences
from zhreport.words.folding import fold

__all__ = ["Answer", "Wordings", "find"]

_YEAR: Final = regex.compile(r"((?:19|20)[0-9]{2})年?")
_SIGNS: Final = regex.compile(r"[\p{P}\p{S}\s]")
_SUFFIX: Final = regex.compile(r"(?:自治[区州县旗]|[省市区县州盟旗])$")
_UNIT: Final = regex.compile(r"(?:多少|几)([\p{Han}%]{1,3})")
_LIKELY: Final = 400  # so many indicators are looked at closely
_CLOSE: Final = 120  # so many claims are looked at with the words around them
_AROUND: Final = 60  # characters before a figure
_ALIKE: Final = 0.85  # a question that is so like a wording asks for its indicator
#: What speaks for a claim beside its indicator.
_CANONICAL, _CONTEXT, _KIND, _STATUS, _PERIOD, _REPORT = 1.2, 0.45, 0.25, 0.25, 0.7, 0.1
_PLACE, _MEASURED, _NEW, _EXACT = 0.4, 0.1, 0.15, 0.03
#: What is asked for by a word of the question → the measures of a canonical indicator that say it.
_MEASURES: Final = {
    "": ("level", "share"),
    "change": ("growth", "change"),
    "share": ("share", "level"),
    "rank": ("rank", "growth_rank"),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """A figure that may be the one asked for.

    Attributes:
        score: how like it is to the question; only the order of answers to one question has a meaning.
        claim: its row, with the columns of the claims.
        sentence: the sentence that it stands in.
    """

    score: float
    claim: Mapping[str, Any]
    sentence: str


class Wordings:
    """The indicators of a corpus as they are worded, and how like a text is to each; made once for a corpus.

    Args:
        wordings: each once.
    """

    def __init__(self, wordings: Sequence[str]) -> None:
        self.all = tuple(wordings)
        self._places: defaultdict[str, list[int]] = defaultdict(list)
        for number, wording in enumerate(self.all):
            for gram in _grams(wording):
                self._places[gram].append(number)
        self._sizes = [self.weight(_grams(wording)) for wording in self.all]
        self._matches: dict[tuple[str, str, int], Match | None] = {}

    def weight(self, grams: Iterable[str]) -> float:
        """How much some grams say: the rarer the more, a pair twice as much as a character."""
        return sum(
            (2.0 if len(gram) > 1 else 1.0)
            * math.log(1 + len(self.all) / (1 + len(self._places.get(gram, ()))))
            for gram in sorted(grams)  # a sum depends on the order
        )

    def likeness(self, text: str) -> dict[str, float]:
        """The wordings that share something with a text: twice what is shared by all there is, 0 to 1."""
        grams = _grams(text)
        own = self.weight(grams)
        shared: defaultdict[int, float] = defaultdict(float)
        for gram in sorted(grams):
            weight = self.weight((gram,))
            for number in self._places.get(gram, ()):
                shared[number] += weight
        return {self.all[n]: 2 * value / (own + self._sizes[n]) for n, value in shared.items()}

    def both(self, a: str, b: str) -> float:
        """The same of two texts."""
        first, second = _grams(a), _grams(b)
        total = self.weight(first) + self.weight(second)
        return 2 * self.weight(first & second) / total if total else 0.0

    def covered(self, a: str, b: str) -> float:
        """The share of the first text that the second has too, 0 to 1."""
        first = _grams(a)
        total = self.weight(first)
        return self.weight(first & _grams(b)) / total if total else 0.0

    def match(self, book: Catalogue, indicator: str, verb: str = "") -> Match | None:
        """The canonical indicator of a wording, looked for once."""
        key = indicator, verb, id(book)
        if key not in self._matches:
            self._matches[key] = book.match(indicator, book.own_names(), verb=verb)
        return self._matches[key]


class _Source(Protocol):
    """What is needed of a corpus."""

    @property
    def wordings(self) -> Wordings: ...
    def documents(self) -> Iterable[Mapping[str, Any]]: ...
    def rows(self, kind: str, /, **fields: Any) -> Iterable[Mapping[str, Any]]: ...  # noqa: ANN401
    def values(self, kind: str, name: str) -> list[str]: ...
    def filter(self, **variables: Any) -> "_Source": ...  # noqa: ANN401


@dataclass(frozen=True, slots=True)
class _Question:
    """A question as it is compared: what is measured, and what else it says."""

    text: str
    core: str
    years: frozenset[str]
    relative: frozenset[int]
    kind: str
    status: str
    unit: str
    indicator: str


@cache
def _words() -> dict[str, dict[str, tuple[str, ...]]]:
    data = tomllib.loads(resources.files("zhreport.data").joinpath("find.toml").read_text(encoding="utf-8"))
    return {
        section: {
            key: tuple(sorted(words.split(), key=lambda w: (-len(w), w))) for key, words in entries.items()
        }
        for section, entries in data.items()
    }


@cache
def _same() -> "tuple[regex.Pattern[str], dict[str, str]]":
    """What askers call an indicator, and what reports call it."""
    spelled = {word: name for name, words in _words()["same"].items() for word in words}
    known = sorted((*spelled, *_words()["same"]), key=lambda word: (-len(word), word))
    return regex.compile("|".join(map(regex.escape, known))), spelled


def _understood(question: str, places: Iterable[str], book: Catalogue, wordings: Wordings) -> _Question:
    whole = fold(question)
    text = _YEAR.sub("", whole)
    said = {
        section: next((key for key, words in _words()[section].items() if any(w in text for w in words)), "")
        for section in ("kind", "status")
    }
    unit = _UNIT.search(text)
    pattern, spelled = _same()
    text = pattern.sub(lambda found: spelled.get(found.group(), found.group()), text)
    text = book.normalise(text)
    empty = (*places, *_words()["left_out"]["words"], *_words()["status"]["target"])
    bare = _without(text, (*_words()["kind"]["change"], *_words()["kind"]["rank"]), empty)
    text = _without(text, (), empty) or _SIGNS.sub("", whole)
    match = book.match(text) or book.match(bare)
    core = bare if said["kind"] == "change" and bare else text
    return _Question(
        text=whole,
        core=core,
        years=frozenset(_YEAR.findall(whole)),
        relative=frozenset(
            int(distance)
            for distance, words in _words()["relative"].items()
            if any(word in whole for word in words)
        ),
        kind=said["kind"],
        status=said["status"] or "actual",
        unit=unit[1] if unit else "",
        indicator=match.indicator.id if match else _nearest(bare, book, wordings),
    )


def _without(text: str, *words: Iterable[str]) -> str:
    """A text without some words, one list after the other, and without signs."""
    for word in chain.from_iterable(words):
        text = text.replace(word, "")
    return _SIGNS.sub("", text)


def _nearest(text: str, book: Catalogue, wordings: Wordings) -> str:
    """The indicator that has the wording most like a text, "" if none is like enough."""
    best = max(
        ((wordings.both(text, word), one.id) for one in book.indicators.values() for word in one.wordings),
        default=(0.0, ""),
    )
    return best[1] if best[0] >= _ALIKE else ""


def _grams(text: str) -> set[str]:
    """The characters and their pairs of a text, in the spelling of the catalogue and without signs."""
    text = _SIGNS.sub("", default_catalogue().normalise(text))
    return {*text, *(text[i : i + 2] for i in range(len(text) - 1))}


def find(source: _Source, question: str, *, most: int, catalogue: Catalogue | None = None) -> list[Answer]:
    """See `Corpus.find`."""
    book, wordings = catalogue or default_catalogue(), source.wordings
    source, names = _where(source, question)
    asked = _understood(question, names, book, wordings)
    ranking = _Ranking(asked, book, wordings)
    own = source.values("claims", "indicator")
    close = nlargest(_LIKELY, own, key=lambda wording: (ranking.near(wording), wording))
    claims = list(iter(source.rows("claims", indicator=sorted(close))))
    likely = nlargest(_CLOSE, ((ranking.score(claim), -at) for at, claim in enumerate(claims)))
    texts = _Texts(source, [claims[-at] for _, at in likely])
    scored = ((score + ranking.context(claims[-at], texts), at) for score, at in likely)
    return [Answer(score, claims[-at], texts.sentence(claims[-at])) for score, at in nlargest(most, scored)]


def _where(source: _Source, question: str) -> tuple[_Source, list[str]]:
    """The documents of the places that a question names, and these names, the longest first."""
    central: set[str] = set()
    regions: set[str] = set()
    for row in source.documents():
        if row["region"]:
            (central if row["level"] == "central" else regions).add(row["region"])
    named = {region for region in regions if region in question or _SUFFIX.sub("", region) in question}
    names = {name for region in named for name in (region, _SUFFIX.sub("", region))}
    if not named and central and any(word in question for word in _words()["place"]["country"]):
        named = central
    if named:
        source = source.filter(region=sorted(named))
    return source, sorted(names, key=lambda name: (-len(name), name))


class _Ranking:
    """How like claims are to a question.

    Args:
        asked: the question.
        book: canonical names of indicators.
        wordings: the indicators of the corpus.
    """

    def __init__(self, asked: _Question, book: Catalogue, wordings: Wordings) -> None:
        self._asked, self._book, self._wordings = asked, book, wordings
        self._likeness = wordings.likeness(asked.core)
        self._known: dict[tuple[str, str], float] = {}

    def near(self, indicator: str, verb: str = "") -> float:
        """How like an indicator is to what is asked for; with its verb if that is more (新增 | 城镇就业)."""
        key = indicator, verb
        if key not in self._known:
            found = (
                self._wordings.both(self._asked.core, verb + indicator)
                if verb
                else self._likeness.get(indicator, 0.0)
            )
            if self._canonical(indicator, verb):
                found = _CANONICAL + found / 10  # however it is worded
            self._known[key] = max(found, self.near(indicator)) if verb else found
        return self._known[key]

    def _canonical(self, indicator: str, verb: str) -> bool:
        """Is a claim about the canonical indicator that is asked for?"""
        if not self._asked.indicator:
            return False
        match = self._wordings.match(self._book, indicator, verb)
        return match is not None and match.indicator.id == self._asked.indicator

    def score(self, claim: Mapping[str, Any]) -> float:
        """How like a claim is to the question, by itself."""
        asked = self._asked
        score: float = self.near(claim["indicator"], claim["action"])
        score += _KIND * self._says(claim)
        score += _STATUS * (claim["status"] == asked.status)
        score += _EXACT * (claim["relation"] in ("eq", "range"))
        score += _MEASURED * bool(asked.unit and claim["unit"] and asked.unit.startswith(claim["unit"]))
        if place := claim.get("place"):
            score += _PLACE if place in asked.text else -_PLACE
        if claim["action"].startswith(_words()["new"]["verbs"]) and not any(
            sign in asked.text for sign in _words()["new"]["signs"]
        ):
            score -= _NEW  # what came to it is not how much there is
        score += _REPORT * (str(claim["year"]) in asked.years)
        years = asked.years or {str(claim["year"] + distance) for distance in asked.relative if claim["year"]}
        return score + _PERIOD * any(claim["period"].startswith(year) for year in years)

    def _says(self, claim: Mapping[str, Any]) -> bool:
        """Is it the kind of figure that is asked for: a growth, a rank, else a level?"""
        match = self._wordings.match(self._book, claim["indicator"], claim["action"])
        if match is not None and match.indicator.id == self._asked.indicator:
            return measure_of(claim, match, self._book) in _MEASURES[self._asked.kind]
        return bool(claim["kind"] == (self._asked.kind or "level"))

    def context(self, claim: Mapping[str, Any], texts: "_Texts") -> float:
        """What the words around a claim say for it."""
        # of the indicator that was asked for, other words (GDP, 地区生产总值) say no less
        known = self.near(claim["indicator"], claim["action"]) >= _CANONICAL
        words = claim["indicator"] + texts.before(claim)
        return _CONTEXT * (1.0 if known else self._wordings.covered(self._asked.core, words))


class _Texts:
    """The words around some claims, from their paragraphs.

    Args:
        source: the corpus.
        claims: of it.
    """

    def __init__(self, source: _Source, claims: Iterable[Mapping[str, Any]]) -> None:
        wanted = {(claim["file"], claim["paragraph"]) for claim in claims}
        files, numbers = sorted({file for file, _ in wanted}), sorted({number for _, number in wanted})
        rows = source.filter(file=files).rows("paragraphs", index=numbers)
        self._of = {(row["file"], row["index"]): row for row in rows if (row["file"], row["index"]) in wanted}

    def _place(self, claim: Mapping[str, Any]) -> tuple[Mapping[str, Any], int]:
        row = self._of[claim["file"], claim["paragraph"]]
        return row, claim["clean_start"] - row["clean_start"]

    def before(self, claim: Mapping[str, Any]) -> str:
        """The heading above it, and what stands before the figure in its sentence."""
        row, at = self._place(claim)
        heading = row["section"][-1] if row["section"] else ""
        return str(heading + row["text"][max(0, at - _AROUND) : at].rpartition("。")[2])

    def sentence(self, claim: Mapping[str, Any]) -> str:
        """Its sentence."""
        row, at = self._place(claim)
        text: str = row["text"]
        return next((text[a:b].strip() for a, b in sentences(text, 0, len(text)) if a <= at < b), text)
