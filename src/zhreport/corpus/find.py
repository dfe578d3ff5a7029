"""Figures by what is measured, in the words of whoever asks.

Claims are ranked by how like their indicators are to the question: by the canonical indicator where both have
one, else by the characters and pairs of characters that they share, weighted by how rare these are among all
indicators of the corpus (inverse document frequency, Spärck Jones 1972); the words around a figure count for
less. No model from outside is used.
"""

import math
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from heapq import nlargest
from importlib import resources
from typing import Any, Final, Protocol

import regex

from zhreport.panel import Catalogue, default_catalogue
from zhreport.reading.paragraphs import sentences
from zhreport.words.folding import fold

__all__ = ["Answer", "find"]

_YEAR: Final = regex.compile(r"((?:19|20)[0-9]{2})年?")
_SIGNS: Final = regex.compile(r"[\p{P}\p{S}\s]")
_SUFFIX: Final = regex.compile(r"(?:自治[区州县旗]|[省市区县州盟旗])$")
_LIKELY: Final = 400  # so many indicators are looked at closely
_AROUND: Final = 60  # characters before a figure
#: What speaks for a claim beside its indicator.
_CANONICAL, _CONTEXT, _KIND, _STATUS, _PERIOD, _REPORT = 1.2, 0.45, 0.12, 0.20, 0.25, 0.05


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


class _Source(Protocol):
    """What is needed of a corpus."""

    def documents(self) -> Iterable[Mapping[str, Any]]: ...
    def rows(self, kind: str, /, **fields: Any) -> Iterable[Mapping[str, Any]]: ...  # noqa: ANN401
    def values(self, kind: str, name: str) -> list[str]: ...
    def filter(self, **variables: Any) -> "_Source": ...  # noqa: ANN401


@dataclass(frozen=True, slots=True)
class _Question:
    """A question as it is compared: what is measured, and what else it says."""

    core: str
    years: frozenset[str]
    kind: str
    status: str
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


def _understood(question: str, places: Iterable[str], book: Catalogue) -> _Question:
    text = fold(question)
    years = frozenset(_YEAR.findall(text))
    text = _YEAR.sub("", text)
    said = {
        section: next((key for key, words in _words()[section].items() if any(w in text for w in words)), "")
        for section in ("kind", "status")
    }
    for word in (*places, *_words()["left_out"]["words"], *_words()["status"]["target"]):
        text = text.replace(word, "")
    text = _SIGNS.sub("", text) or _SIGNS.sub("", fold(question))
    match = book.match(text)
    if match is None:
        shorter = text
        for word in _words()["kind"]["change"]:
            shorter = shorter.replace(word, "")
        match = book.match(shorter)
    return _Question(text, years, said["kind"], said["status"], match.indicator.id if match else "")


def _grams(text: str) -> Counter[str]:
    return Counter(text) + Counter(text[i : i + 2] for i in range(len(text) - 1))


class _Likeness:
    """How much two wordings have in common, by the rarity of what they share.

    Args:
        wordings: those of the corpus, which say what is rare.
    """

    def __init__(self, wordings: Sequence[str]) -> None:
        seen = Counter(gram for wording in wordings for gram in set(_grams(wording)))
        self._weight: Callable[[str], float] = lambda gram: (
            (2.0 if len(gram) > 1 else 1.0) * math.log(1 + len(wordings) / (1 + seen[gram]))
        )

    def _of(self, grams: Mapping[str, int]) -> float:
        return sum(n * self._weight(gram) for gram, n in grams.items())

    def both(self, a: str, b: str) -> float:
        """Twice what is shared by all there is, 0 to 1."""
        first, second = _grams(a), _grams(b)
        total = self._of(first) + self._of(second)
        return 2 * self._of(first & second) / total if total else 0.0

    def covered(self, a: str, b: str) -> float:
        """The share of the first that the second has too, 0 to 1."""
        first = _grams(a)
        total = self._of(first)
        return self._of(first & _grams(b)) / total if total else 0.0


def find(source: _Source, question: str, *, most: int, catalogue: Catalogue | None = None) -> list[Answer]:
    """See `Corpus.find`."""
    book = catalogue or default_catalogue()
    regions = {row["region"] for row in source.documents() if row["region"]}
    named = {region for region in regions if region in question or _SUFFIX.sub("", region) in question}
    if named:
        source = source.filter(region=sorted(named))
    names = sorted({n for region in named for n in (region, _SUFFIX.sub("", region))}, key=lambda n: -len(n))
    asked = _understood(question, names, book)
    wordings = source.values("claims", "indicator")
    ranking = _Ranking(asked, book, wordings, _Texts(source))
    close = nlargest(_LIKELY, wordings, key=lambda wording: (ranking.near(wording), wording))
    claims = list(source.rows("claims", indicator=sorted(close)))
    scored = ((ranking.score(claim), -at) for at, claim in enumerate(claims))
    return [
        Answer(score, claims[-at], ranking.texts.sentence(claims[-at]))
        for score, at in nlargest(most, scored)
    ]


class _Ranking:
    """How like claims are to a question.

    Args:
        asked: the question.
        book: canonical names of indicators.
        wordings: the indicators of the corpus.
        texts: the words around its claims.
    """

    def __init__(self, asked: _Question, book: Catalogue, wordings: Sequence[str], texts: "_Texts") -> None:
        self._asked, self._book, self._own, self.texts = asked, book, book.own_names(), texts
        self._likeness = _Likeness(wordings)
        self._known: dict[tuple[str, str], float] = {}

    def near(self, indicator: str, verb: str = "") -> float:
        """How like an indicator is to what is asked for; with its verb if that is more (新增 | 城镇就业)."""
        key = indicator, verb
        if key not in self._known:
            found = self._likeness.both(self._asked.core, verb + indicator)
            if self._asked.indicator:
                match = self._book.match(indicator, self._own, verb=verb)
                if match is not None and match.indicator.id == self._asked.indicator:
                    found = _CANONICAL + found / 10  # however it is worded
            self._known[key] = max(found, self.near(indicator)) if verb else found
        return self._known[key]

    def score(self, claim: Mapping[str, Any]) -> float:
        """How like a claim is to the question."""
        asked, indicator = self._asked, claim["indicator"]
        score: float = self.near(indicator, claim["action"])
        # of the indicator that was asked for, other words (GDP, 地区生产总值) say no less
        known = score >= _CANONICAL
        context = 1.0 if known else self._likeness.covered(asked.core, indicator + self.texts.before(claim))
        score += _CONTEXT * context
        score += _KIND * (claim["kind"] == (asked.kind or "level"))
        score += _STATUS * (claim["status"] == (asked.status or "actual"))
        if asked.years:
            score += _PERIOD * any(claim["period"].startswith(year) for year in asked.years)
            score += _REPORT * (str(claim["year"]) in asked.years)
        return score


class _Texts:
    """The words around claims, from their paragraphs; each document's are read once."""

    def __init__(self, source: _Source) -> None:
        self._source = source
        self._of: dict[str, dict[int, tuple[int, str]]] = {}

    def _paragraph(self, claim: Mapping[str, Any]) -> tuple[int, str]:
        file = claim["file"]
        if file not in self._of:
            self._of[file] = {
                row["index"]: (row["clean_start"], row["text"])
                for row in self._source.filter(file=file).rows("paragraphs")
            }
        return self._of[file][claim["paragraph"]]

    def before(self, claim: Mapping[str, Any]) -> str:
        """What stands before the figure in its sentence."""
        start, text = self._paragraph(claim)
        at = claim["clean_start"] - start
        return text[max(0, at - _AROUND) : at].rpartition("。")[2]

    def sentence(self, claim: Mapping[str, Any]) -> str:
        """Its sentence."""
        start, text = self._paragraph(claim)
        at = claim["clean_start"] - start
        return next((text[a:b].strip() for a, b in sentences(text, 0, len(text)) if a <= at < b), text)
