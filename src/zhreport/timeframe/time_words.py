"""The words that say when, found in one pass over a text; the words stand in `data/time.toml`."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final, NamedTuple

from zhreport.errors import DataFileError
from zhreport.words.compiling import Pattern, compiled
from zhreport.words.lexicon import package_template, read_sections
from zhreport.words.numerals import DIGITS, TENS, parse_numeral

__all__ = [
    "MODALS",
    "TimeWord",
    "TimeWords",
    "alternation",
    "class_pattern",
    "count_of",
    "members",
    "time_pattern",
    "time_words",
    "word_at",
]

_COUNTS: Final = f"{DIGITS}两"
_NUMBER: Final = f"(?:[0-9]{{1,2}}|十[{DIGITS}]?|[{_COUNTS}])"
# behind the first character of a number: none before it, and the rest of it
_NO_NUMBER_BEFORE: Final = f"(?<![0-9A-Za-z.〇○零百第{TENS}].)"
_REST_OF_NUMBER: Final = f"(?:(?<=[0-9])[0-9]?|(?<=十)[{DIGITS}]?|(?<=[{_COUNTS}]))"
_BIN: Final = 24  # first characters
_GAP: Final = r"[^，。；：！？、\n]{0,12}?"


#: The classes of words that speak of what is to come.
MODALS: Final = frozenset(("modal.plan", "modal.duty", "modal.effort"))


class TimeWord(NamedTuple):
    """A word that says when.

    Attributes:
        start, end: half-open code points of the folded text.
        text: the word as written.
        classes: of `data/time.toml`, as `section.key`.
    """

    start: int
    end: int
    text: str
    classes: frozenset[str]


class TimeWords:
    """The words of time of a stretch of text, in order."""

    def __init__(self, found: list[TimeWord]) -> None:
        self._words = found
        self._starts = [word.start for word in found]

    def __iter__(self) -> Iterator[TimeWord]:
        return iter(self._words)

    def between(self, start: int, end: int) -> list[TimeWord]:
        """The words that begin at `start` or later and end at `end` or earlier."""
        if not self._words:
            return []
        low, high = bisect_left(self._starts, start), bisect_left(self._starts, end)
        found = self._words[low:high]
        while found and found[-1].end > end:
            found.pop()
        return found

    def first(self, name: str, start: int, end: int) -> TimeWord | None:
        """The first word of a class between two places."""
        for word in self.between(start, end):
            if name in word.classes:
                return word
        return None

    def last(self, name: str, start: int, end: int) -> TimeWord | None:
        """The last word of a class between two places."""
        for word in reversed(self.between(start, end)):
            if name in word.classes:
                return word
        return None


@dataclass(frozen=True, slots=True)
class _Lexer:
    """Finds words; `plain` gives their classes, `others` those of words with numbers or gaps in them."""

    pattern: "re.Pattern[str]"
    plain: dict[str, frozenset[str]]
    others: tuple[tuple["re.Pattern[str]", frozenset[str]], ...]

    def find(self, text: str, start: int, end: int) -> list[TimeWord]:
        words = (self.word(match) for match in self.pattern.finditer(text, start, end))
        return [word for word in words if word is not None]

    def word(self, match: "re.Match[str]") -> TimeWord | None:
        """What was found, None for a word that only hides others."""
        word = match.group()
        classes = self.plain.get(word)
        if classes is None:  # with a number of two digits at most: there are not many
            classes = next(found for pattern, found in self.others if pattern.fullmatch(word))
            self.plain[word] = classes
        return TimeWord(match.start(), match.end(), word, classes) if classes else None


def _source(word: str) -> str:
    """A word of the data file as a pattern."""
    return re.escape(word).replace(r"\#", _NUMBER).replace("#", _NUMBER).replace("…", _GAP)


def _grouped(words: Iterable[str]) -> str:
    """What may stand behind the first character of words, the longest first, in bins of first characters.

    Most places fit none of them: a look at the first character passes over a bin at once.
    """
    groups: dict[str, list[str]] = {}
    for word in sorted(words, key=_longest_first):
        groups.setdefault(word[0], []).append(_source(word[1:]))
    firsts = sorted(groups)
    bins = [firsts[at : at + _BIN] for at in range(0, len(firsts), _BIN)]
    return "|".join(
        f"(?<=[{re.escape(''.join(some))}])(?:"
        + "|".join(f"(?<={re.escape(first)})(?:{'|'.join(groups[first])})" for first in some)
        + ")"
        for some in bins
    )


@cache
def members() -> dict[str, frozenset[str]]:
    """The classes of `data/time.toml` (`section.key`) and their words.

    Raises:
        DataFileError: the file is damaged, or a word begins with a gap.
    """
    text = resources.files("zhreport.data").joinpath("time.toml").read_text(encoding="utf-8")
    found = {f"{section}.{key}": value for section, key, value in read_sections(text, "time.toml")}
    sets = {name: frozenset(value.split()) for name, value in found.items()}
    for name, words in sets.items():
        if bad := next((word for word in words if word[0] == "…"), ""):
            raise DataFileError(f"time.toml: [{name}] {bad!r} begins with a gap")
    return sets


#: Classes that are not looked for in running text, but where something asks for them.
_APART: Final = (
    *("kind.", "title.", "base.", "reached.", "stock.", "five_years."),
    *("opening.announces", "opening.intends", "opening.lead"),
    *("section.heads", "section.captions", "section.numbered", "since.goes_on", "disposal.leads"),
)


@cache
def _lexer() -> _Lexer:
    classes: dict[str, set[str]] = {}
    for name, words in members().items():
        if name.startswith(_APART):
            continue
        for word in words:
            if "…" in word:
                continue  # a gap would swallow other words; these are looked for by `class_pattern`
            found = classes.setdefault(word, set())
            if name != "hidden.words":
                found.add(name)
    numbered = [word for word in classes if word[0] == "#"]
    others = [word for word in classes if word[0] != "#"]
    counted = "|".join(_source(word[1:]) for word in sorted(numbered, key=_longest_first))
    first, second = _beginnings(others)
    # 五年累计 before 五年
    pattern = f"{first}(?={second})(?:{_NO_NUMBER_BEFORE}{_REST_OF_NUMBER}(?:{counted})|{_grouped(others)})"
    others_of = [
        (re.compile(_source(word)), frozenset(found))
        for word, found in sorted(classes.items(), key=lambda item: _longest_first(item[0]))
        if "#" in word
    ]
    plain = {
        word: frozenset(found).union(*(more for numbered, more in others_of if numbered.fullmatch(word)))
        for word, found in classes.items()
        if "#" not in word
    }
    return _Lexer(pattern=re.compile(pattern), plain=plain, others=tuple(others_of))


def time_words(folded: str, start: int = 0, end: int | None = None) -> TimeWords:
    """The words of time of a folded text between two places.

    >>> [(w.text, sorted(w.classes)) for w in time_words("主要目标是力争")][-1]
    ('力争', ['modal.plan', 'tone.governs', 'tone.soft'])
    >>> [w.text for w in time_words("近三年的重要项目，要案")]
    ['近三年']
    """
    return TimeWords(_lexer().find(folded, start, len(folded) if end is None else end))


def word_at(folded: str, place: int) -> TimeWord | None:
    """The word of time that begins at a place of a folded text.

    >>> word_at("去年增产", 0).text, word_at("去年增产", 1)
    ('去年', None)
    """
    match = _lexer().pattern.match(folded, place)
    return _lexer().word(match) if match else None


def count_of(text: str) -> int:
    """The number up to 99 in a word of time; 0 if it has none.

    >>> count_of("近三年"), count_of("前11个月"), count_of("十五年来"), count_of("去年")
    (3, 11, 15, 0)
    """
    match = re.search(_NUMBER, text)
    if match is None:
        return 0
    said = match.group()
    return int(parse_numeral(said))


def time_pattern(name: str) -> Pattern:
    """A pattern of `data/patterns.toml`, in which `{name}` stands for the words of a class.

    >>> time_pattern("time.plan_year").search("2024年工作安排")["y"]
    '2024'
    """
    return compiled(_CLASS_IN.sub(lambda found: alternation(*found[1].split("|")), package_template(name)))


_CLASS_IN: Final = re.compile(r"\{([a-z_]+\.[a-z_.|]+)\}")


@cache
def class_pattern(name: str) -> "re.Pattern[str]":
    """The words of a class as one pattern, the longest first; for short texts such as titles.

    >>> class_pattern("title.half").search("2023年前三季度情况报告").group()
    '前三季度'
    """
    return re.compile(alternation(name))


def alternation(*names: str) -> str:
    """The words of classes as the source of a pattern, the longest first.

    >>> alternation("stock.every_year")
    '(?:平均每年|年均|每年)'
    """
    words = {word for name in names for word in members()[name]}
    return f"(?:{'|'.join(_source(word) for word in sorted(words, key=_longest_first))})"


def _beginnings(words: list[str]) -> tuple[str, str]:
    """The first sign of a word, and what may stand behind it: tests that most places of a text do not pass.

    A pattern that begins with a class of characters is looked for some times faster than another.
    """

    def some(signs: Iterable[str]) -> str:
        return f"[{re.escape(''.join(sorted(set(signs))))}]"

    longer = [word for word in words if len(word) > 1]
    counted = [word for word in longer if word[1] == "#"]
    pairs = f"(?<={some(word[0] for word in longer)}){some(word[1] for word in longer if word[1] != '#')}"
    numbers = f"0-9十{_COUNTS}"
    singles = some(word for word in words if len(word) == 1)
    before_numbers = some(word[0] for word in counted)
    behind_numbers = f"[0-9年个季{TENS}]"
    first = f"[{numbers}{re.escape(''.join(sorted({word[0] for word in words})))}]"
    second = f"{pairs}|(?<={before_numbers})[{numbers}]|(?<={singles})|(?<=[{numbers}]){behind_numbers}"
    return first, second


def _longest_first(word: str) -> tuple[int, str]:
    return -len(word), word
