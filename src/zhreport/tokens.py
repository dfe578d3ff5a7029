"""Tokens with offsets, behind one protocol for jieba and rjieba.

The tokenizers are this library's own instances: the module-level jieba of the caller's process, its
dictionary and its cache file in the temporary folder are never touched.
"""

import logging
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import util
from math import log
from typing import Final, Protocol

from zhreport.errors import MissingExtraError, UsageError

__all__ = ["JiebaTokenizer", "RjiebaTokenizer", "Token", "Tokenizer", "make_tokenizer", "tokenize"]

# jieba cuts such a block by its dictionary, and what lies between two blocks by rules of its own
_BLOCKS: Final = re.compile(r"[\u4e00-\u9fd5a-zA-Z0-9+#&._%\-]+|[^\u4e00-\u9fd5a-zA-Z0-9+#&._%\-]+")
_HAN: Final = re.compile(r"[\u4e00-\u9fd5]*")
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
    """

    name = "jieba"

    def __init__(self, words: Iterable[str] = (), *, hmm: bool = False) -> None:
        level = logging.getLogger("jieba").level
        import jieba  # noqa: PLC0415 - loading it costs 0.2 s that many callers do not need

        logging.getLogger("jieba").setLevel(level or logging.WARNING)
        self._hmm = hmm
        self._tokenizer = jieba.Tokenizer()
        # Not initialize(): it writes a cache file into the folder for temporary files.
        freq, total = self._tokenizer.gen_pfdict(self._tokenizer.get_dict_file())
        self._tokenizer.FREQ, self._tokenizer.total = freq, total
        self._tokenizer.initialized = True
        for word in words:
            # add_word counts a known word twice in the total; rjieba does not, and they must agree
            self._tokenizer.total -= freq.get(word, 0)
            self._tokenizer.add_word(word, _FREQUENCY)

    def words(self, text: str) -> list[str]:
        """The words of `text`."""
        if self._hmm:
            return list(self._tokenizer.lcut(text, HMM=True))
        if _HAN.fullmatch(text):
            return self._most_probable(text)
        words: list[str] = []
        for block in _BLOCKS.findall(text):
            if len(block) == 1:
                words.append(block)
            elif _HAN.fullmatch(block):
                words += self._most_probable(block)
            else:
                words += self._tokenizer.lcut(block, HMM=False)
        return words

    def _most_probable(self, text: str) -> list[str]:
        """The most probable path through the words of the dictionary, right to left, as jieba defines it.

        The same words as `lcut` in two fifths of its time: blocks of Chinese characters, and the many short
        segments that are asked for here, need no splitting, no graph and no generators.
        """
        frequency = self._tokenizer.FREQ.get
        size, total = len(text), log(self._tokenizer.total)
        best = [0.0] * (size + 1)  # log probability of the text from here on
        step = [0] * size  # where the word that begins here ends
        for start in range(size - 1, -1, -1):
            end = start + 1
            known = frequency(text[start:end])
            # in this order of adding, and the longer word of two alike, so that ties fall as in jieba
            highest, to = log(known or 1) - total + best[end], end
            while known is not None and end < size:
                end += 1
                known = frequency(text[start:end])  # 0 for the beginning of a longer word
                if known:
                    value = log(known) - total + best[end]
                    if value >= highest:
                        highest, to = value, end
            best[start], step[start] = highest, to
        words: list[str] = []
        at = 0
        while at < size:
            words.append(text[at : step[at]])
            at = step[at]
        return words


class RjiebaTokenizer:
    """jieba's algorithm in Rust; the same tokens, some twenty times faster.

    Args:
        words: domain words to keep in one piece.
        hmm: guess words that the dictionary does not have.

    Raises:
        MissingExtraError: rjieba is not installed.
    """

    name = "rjieba"

    def __init__(self, words: Iterable[str] = (), *, hmm: bool = False) -> None:
        try:
            import rjieba  # noqa: PLC0415 - an optional extra
        except ImportError as error:
            raise MissingExtraError(
                "the tokenizer rjieba is not installed: pip install 'zhreport[fast]'"
            ) from error
        self._hmm = hmm
        self._tokenizer = rjieba.Jieba()
        for word in words:
            self._tokenizer.add_word(word, _FREQUENCY, None)

    def words(self, text: str) -> list[str]:
        """The words of `text`."""
        try:
            return self._tokenizer.cut(text, self._hmm)
        except UnicodeEncodeError:  # half surrogates, which UTF-8 cannot hold, are signs for it like others
            valid = "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in text)
            words, at = [], 0
            for word in self._tokenizer.cut(valid, self._hmm):
                words.append(text[at : at + len(word)])
                at += len(word)
            return words


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
