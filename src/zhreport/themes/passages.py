"""Passages: what the theme model reads of a paragraph, and the features it counts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import regex

from zhreport.document import Document
from zhreport.folding import fold
from zhreport.tokens import Tokenizer

__all__ = ["BLOCKS", "Passage", "features", "passages"]

#: The blocks of features and their weights: words of the text, pairs of characters, words of the opening
#: sentence and of the heading above it. `docs/themes.md` says what each of them brings.
BLOCKS: Final = {"words": 1.0, "characters": 1.0, "opening": 0.5, "heading": 0.5}

_NUMBER: Final = regex.compile(r"[0-9][0-9.,%]*+")
_ITEM: Final = regex.compile(r"[ （(]*+[一二三四五六七八九十0-9]{1,3}[）)、.][ ]*+")
_SENTENCE: Final = regex.compile(r"[^。；！？]{0,60}+")
_LONGEST: Final = 20_000  # characters of a paragraph that are read; no real one is as long


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph as the model reads it.

    Attributes:
        text: the paragraph; width and punctuation are folded by the model.
        heading: the heading it stands under, "" if there is none.
    """

    text: str
    heading: str = ""


def passages(document: Document) -> list[Passage]:
    """The passages of a document, one for each of its paragraphs."""
    return [
        Passage(document.folded[p.start : p.end], fold(p.section[-1]) if p.section else "")
        for p in document.paragraphs
    ]


def _words(text: str, tokenizer: Tokenizer) -> list[str]:
    """Words, all numbers alike, without white space."""
    return ["#" if _NUMBER.fullmatch(w) else w for w in tokenizer.words(text) if not w.isspace()]


def _with_pairs(words: Sequence[str]) -> list[str]:
    return [*words, *(f"{a} {b}" for a, b in pairwise(words))]


def _opening(text: str) -> str:
    """The first sentence without its number: in reports it says what the paragraph is about."""
    item = _ITEM.match(text)
    found = _SENTENCE.match(text, item.end() if item else 0)
    return found.group() if found else ""


def features(passage: Passage, tokenizer: Tokenizer) -> dict[str, Iterable[str]]:
    """The features of a passage by block, each as often as it occurs.

    >>> class Letters:
    ...     name = "letters"
    ...     def words(self, text): return list(text)
    >>> found = features(Passage("植树5次。", "生态"), Letters())
    >>> {block: list(names) for block, names in found.items()}["opening"]
    ['植', '树', '#', '次', '植 树', '树 #', '# 次']
    """
    text = fold(passage.text[:_LONGEST])
    return {
        "words": _words(text, tokenizer),
        "characters": [text[i : i + 2] for i in range(len(text) - 1)],
        "opening": _with_pairs(_words(_opening(text), tokenizer)),
        "heading": _with_pairs(_words(fold(passage.heading), tokenizer)),
    }
