"""Tokens with offsets, behind one protocol for jieba and rjieba.

The tokenizers are this library's own instances: the module-level jieba of the caller's process, its
dictionary and its cache file in the temporary folder are never touched.
"""

import logging
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module, util
from importlib.machinery import PathFinder
from math import log
from pathlib import Path
from string import ascii_letters, digits
from typing import TYPE_CHECKING, Any, Final, Protocol

from zhreport.errors import InputError, MissingExtraError, UsageError
from zhreport.model_files import import_numpy

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "JiebaTokenizer",
    "RjiebaTokenizer",
    "Token",
    "Tokenizer",
    "atoms",
    "dictionary_bytes",
    "dictionary_lines",
    "make_tokenizer",
    "read_dictionary",
    "tokenize",
    "words_of_speech",
]

# jieba cuts such a block by its dictionary; of what lies between two blocks each sign is a word
_BLOCKS: Final = re.compile(r"[\u4e00-\u9fd5a-zA-Z0-9+#&._%\-]+|\r\n|.", re.DOTALL)
_HAN: Final = re.compile(r"[\u4e00-\u9fd5]*")
_LETTERS: Final = frozenset(ascii_letters + digits)
#: The frequency of a domain word: high enough to win against its parts.
_FREQUENCY = 20_000


class Tokenizer(Protocol):
    """Cuts a text into words.

    Attributes:
        name: goes into the provenance of records.
    """

    name: str

    def words(self, text: str) -> list[str]:
        """The words of `text` in order; joined they give `text`."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """One word at its place: half-open code points."""

    start: int
    end: int
    text: str


class JiebaTokenizer:
    """jieba with its own dictionary in memory, without the hidden Markov model by default.

    Args:
        words: domain words to keep in one piece.
        hmm: guess words that the dictionary does not have.

    Attributes:
        cuts_at_signs: what stands on both sides of a sign such as ， is cut alike with and without the other.
    """

    name = "jieba"
    cuts_at_signs = True

    def __init__(self, words: Iterable[str] = (), *, hmm: bool = False) -> None:
        own = dict.fromkeys(words, _FREQUENCY)
        self._hmm = _hidden_markov_model(own) if hmm else None
        self._never, likely = (0.0, {}) if hmm else _likelihoods(own)
        self._likely = _Asked(likely)

    def words(self, text: str) -> list[str]:
        """The words of `text`."""
        if self._hmm is not None:
            return list(self._hmm.lcut(text, HMM=True))
        if _HAN.fullmatch(text):
            return self._most_probable(text)
        words: list[str] = []
        for block in _BLOCKS.findall(text):
            if len(block) == 1:
                words.append(block)
            elif _HAN.fullmatch(block):
                words += self._most_probable(block)
            else:
                words += _with_letters_joined(self._most_probable(block))
        return words

    def _most_probable(self, text: str) -> list[str]:
        """The most probable path through the words of the dictionary, right to left, as jieba defines it.

        The same words as `lcut` in a third of its time: the many short segments that are asked for here
        need no graph, no generators and no logarithms.
        """
        likely, never, size = self._likely.__getitem__, self._never, len(text)
        best = [0.0] * (size + 1)  # log probability of the text from here on
        step = [0] * size  # where the word that begins here ends
        for start in range(size - 1, -1, -1):
            end = start + 1
            value = likely(text[start])
            # in this order of adding, and the longer word of two alike, so that ties fall as in jieba
            highest, to = (value or never) + best[end], end
            while value is not None and end < size:
                end += 1
                value = likely(text[start:end])  # 0 for the beginning of a longer word
                if value:
                    value += best[end]
                    if value >= highest:
                        highest, to = value, end
            best[start], step[start] = highest, to
        words: list[str] = []
        at = 0
        while at < size:
            words.append(text[at : step[at]])
            at = step[at]
        return words


class _Asked(dict[str, float | None]):
    """What was asked of a large dictionary: small enough to stay near the processor, where that one is not.

    Reports use few of its words again and again; None stands for what it does not have.
    """

    def __init__(self, whole: Mapping[str, float]) -> None:
        self._whole = whole

    def __missing__(self, word: str) -> float | None:
        if len(self) > _MOST_ASKED:
            self.clear()
        value = self[word] = self._whole.get(word)
        return value


_MOST_ASKED: Final = 100_000


def read_dictionary() -> tuple[list[str], list[int]]:
    """The words of jieba's dictionary and how often they occur.

    Lines hold word, frequency and part of speech; to read them here takes a third of the time that jieba
    takes, and does without importing it.

    Raises:
        InputError: jieba is not installed as it should be.
    """
    fields = dictionary_bytes().split()
    return b"\n".join(fields[::3]).decode().split("\n"), list(map(int, fields[1::3]))


@cache
def words_of_speech(parts: str) -> frozenset[str]:
    """The words of jieba's dictionary that are of one of these parts of speech.

    Args:
        parts: a letter for each as jieba writes them, of those in `PARTS`: `p` for prepositions, `r` for
            pronouns, `v` for verbs; `V` for verbs that are nouns as well, its `vn`.

    Raises:
        InputError: jieba is not installed as it should be.
    """
    return frozenset().union(*(_by_speech()[part] for part in parts))


#: The parts of speech that can be asked for; nouns and names, most of the dictionary, are not kept.
PARTS: Final = "acdfprtuvVy"


@cache
def _by_speech() -> dict[str, frozenset[str]]:
    """The words of each part of speech; only their lines, of 349,000 in the dictionary, are looked into."""
    data = dictionary_bytes()
    codes = import_numpy().frombuffer(data, "uint8")
    starts, behind, speech, ends = dictionary_lines(codes)
    found = {}
    for part in PARTS:
        sign = "vn" if part == "V" else part
        of = (ends - speech == len(sign)).nonzero()[0]
        for at, letter in enumerate(sign):
            of = of[codes[speech[of] + at] == ord(letter)]
        words = [data[a:b] for a, b in zip(starts[of].tolist(), behind[of].tolist(), strict=True)]
        found[part] = frozenset(b"\n".join(words).decode().split("\n"))
    return found


def dictionary_bytes() -> bytes:
    """The dictionary of jieba: a word, how often it occurs and its part of speech in each line, in UTF-8.

    Raises:
        InputError: jieba is not installed as it should be.
    """
    spec = util.find_spec("jieba")
    if spec is None or spec.origin is None:
        raise InputError("jieba is not installed as it should be: pip install jieba")
    return Path(spec.origin).with_name("dict.txt").read_bytes()


def dictionary_lines(codes: "NDArray[Any]") -> "tuple[NDArray[Any], ...]":
    """Where in the dictionary words begin and end, and where their parts of speech begin and end.

    Args:
        codes: of its bytes, or of its characters.
    """
    np = import_numpy()
    ends, spaces = (np.flatnonzero(codes == ord(sign)) for sign in "\n ")
    return np.append(0, ends[:-1] + 1), spaces[::2], spaces[1::2] + 1, ends


def _likelihoods(own: Mapping[str, int]) -> tuple[float, dict[str, float]]:
    """The log probability of an unknown character, and that of every word; 0 for what only begins words.

    Args:
        own: word → frequency, beside those of jieba's dictionary or instead of them.
    """
    known, often = read_dictionary()
    counts = dict(zip(known, often, strict=True))
    total = log(sum(often) + sum(count - counts.get(word, 0) for word, count in own.items()))
    counts |= own
    logs = {count: log(count or 1) - total for count in set(counts.values())}
    likely = dict(zip(counts, map(logs.__getitem__, counts.values()), strict=True))
    for word in counts:
        for end in range(1, len(word)):
            likely.setdefault(word[:end], 0.0)
    return -total, likely


def _hidden_markov_model(words: Iterable[str]) -> Any:  # noqa: ANN401 - jieba has no types
    """A tokenizer of jieba, with its dictionary in memory."""
    level = logging.getLogger("jieba").level
    import jieba  # noqa: PLC0415 - few callers need it

    logging.getLogger("jieba").setLevel(level or logging.WARNING)
    tokenizer = jieba.Tokenizer()
    # Not initialize(): it writes a cache file into the folder for temporary files.
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    for word in words:
        # add_word counts a known word twice in the total; rjieba does not, and they must agree
        tokenizer.total -= tokenizer.FREQ.get(word, 0)
        tokenizer.add_word(word, _FREQUENCY)
    return tokenizer


def _with_letters_joined(words: list[str]) -> list[str]:
    """Words in which Latin letters and figures that stand beside each other are one, as in jieba."""
    joined: list[str] = []
    goes_on = False
    for word in words:
        letter = word in _LETTERS
        if letter and goes_on:
            joined[-1] += word
        else:
            joined.append(word)
        goes_on = letter
    return joined


class RjiebaTokenizer:
    """jieba's algorithm in Rust; the same tokens, some twenty times faster.

    Args:
        words: domain words to keep in one piece.
        hmm: guess words that the dictionary does not have.

    Attributes:
        cuts_at_signs: as of `JiebaTokenizer`.

    Raises:
        MissingExtraError: rjieba is not installed.
    """

    name = "rjieba"
    cuts_at_signs = True

    def __init__(self, words: Iterable[str] = (), *, hmm: bool = False) -> None:
        try:
            made = _rjieba().Jieba()
        except ImportError as error:
            raise MissingExtraError(
                "the tokenizer rjieba is not installed: pip install 'zhreport[fast]'"
            ) from error
        self._hmm = hmm
        self._tokenizer: Any = made
        for word in words:
            self._tokenizer.add_word(word, _FREQUENCY, None)

    def words(self, text: str) -> list[str]:
        """The words of `text`."""
        try:
            found: list[str] = self._tokenizer.cut(text, self._hmm)
        except UnicodeEncodeError:  # half surrogates, which UTF-8 cannot hold, are signs for it like others
            valid = "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in text)
            words, at = [], 0
            for word in self._tokenizer.cut(valid, self._hmm):
                words.append(text[at : at + len(word)])
                at += len(word)
            return words
        return found


def _rjieba() -> Any:  # noqa: ANN401 - it has no types
    """The compiled part of rjieba; its package makes a tokenizer for the module when it is imported.

    That would read the dictionary a second time, which takes a tenth of a second and much memory.

    Raises:
        ImportError: rjieba is not installed.
    """
    package, name = util.find_spec("rjieba"), "rjieba.rjieba"
    spec = PathFinder.find_spec(name, package.submodule_search_locations) if package else None
    if spec is None or spec.loader is None:
        return import_module("rjieba")
    if name not in sys.modules:  # where the package itself finds it
        sys.modules[name] = util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


def make_tokenizer(name: str = "auto", words: Iterable[str] = (), *, hmm: bool = False) -> Tokenizer:
    """A tokenizer by name: `jieba`, `rjieba`, or `auto` for rjieba where it is installed.

    Raises:
        UsageError: an unknown name.
        MissingExtraError: rjieba asked for and not installed.
    """
    if name == "auto":
        name = "rjieba" if util.find_spec("rjieba") else "jieba"
    if name == "jieba":
        return JiebaTokenizer(words, hmm=hmm)
    if name == "rjieba":
        return RjiebaTokenizer(words, hmm=hmm)
    raise UsageError(f"unknown tokenizer {name!r}: use auto, jieba or rjieba")


_CODE: Final = re.compile(
    r"(?<![A-Za-z0-9])[A-Za-z0-9]{0,12}(?:[0-9][A-Za-z]|[A-Za-z][0-9])[A-Za-z0-9]{0,24}(?:[.-][A-Za-z0-9]{1,8}){0,3}"
)


def atoms(
    text: str, amounts: Iterable[tuple[int, int]], numbers: Iterable[tuple[int, int]]
) -> list[tuple[int, int]]:
    """What a tokenizer must not cut: amounts, codes, and the numbers that are no part of either.

    Args:
        text: width folded.
        amounts: half-open spans of numbers with a unit, not overlapping.
        numbers: of bare numbers, not overlapping each other or an amount.

    >>> atoms("5G基站1271个，IPv6，60km", [(4, 9), (15, 19)], [(0, 1)])
    [(0, 2), (4, 9), (10, 14), (15, 19)]
    """
    taken = sorted(amounts)
    for found in (map(re.Match.span, _CODE.finditer(text)), numbers):
        free = []
        at = 0
        for start, end in found:
            while at < len(taken) and taken[at][1] <= start:
                at += 1
            if at == len(taken) or end <= taken[at][0]:
                free.append((start, end))
        taken = sorted([*taken, *free])
    return taken


def tokenize(text: str, tokenizer: Tokenizer, atoms: Sequence[tuple[int, int]] = ()) -> list[Token]:
    """Cut a text into tokens with offsets, keeping each atom (a number, a quantity) whole.

    Args:
        text: any text.
        tokenizer: the words come from it.
        atoms: half-open spans in order, not overlapping.

    Returns:
        Tokens that cover the text without a gap.

    >>> class Letters:
    ...     name = "letters"
    ...     def words(self, text): return list(text)
    >>> [t.text for t in tokenize("增1,234.5亿元", Letters(), [(1, 9)])]
    ['增', '1,234.5亿', '元']
    """
    tokens: list[Token] = []
    at = 0
    for start, end in [*atoms, (len(text), len(text))]:
        for word in tokenizer.words(text[at:start]) if at < start else ():
            tokens.append(Token(start=at, end=at + len(word), text=word))
            at += len(word)
        if start < end:
            tokens.append(Token(start=start, end=end, text=text[start:end]))
        at = end
    return tokens
