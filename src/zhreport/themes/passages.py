"""Passages: what the theme model reads of a paragraph, and the features it counts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, filterfalse, islice, pairwise
from typing import Final

import regex

from zhreport.document import Document, Paragraph
from zhreport.reading.paragraphs import closed
from zhreport.words.compiling import compiled
from zhreport.words.folding import fold
from zhreport.words.tokens import Tokenizer

__all__ = [
    "BLOCKS", "LONGEST", "Passage", "features", "opening_of", "part_of", "passages", "plain", "with_pairs",
    "words_of",
]  # fmt: skip

#: The blocks of features and their weights: words of the text, pairs of characters, words of the opening
#: sentence, of the heading above and of the paragraphs before and after. `docs/themes.md` says what each
#: of them brings.
BLOCKS: Final = {
    "words": 1.0,
    "characters": 1.0,
    "opening": 0.5,
    "heading": 0.5,
    "before": 0.3,
    "after": 0.3,
}

_NUMBER: Final = regex.compile(r"[0-9][0-9.,%]*+")
_DIGITS: Final = frozenset("0123456789")
_ITEM: Final = compiled(r"[（(]?(?:[一二三四五六七八九十]{1,3}|#)[）)、.]")
_STOPS: Final = frozenset("。；！？")
_OPENING: Final = 60  # characters
#: Characters of a paragraph that are read; no real one is as long.
LONGEST: Final = 20_000
#: Characters that are read beside a part of a paragraph.
BESIDE: Final = 300


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph as the model reads it; all texts with width and punctuation folded, see `fold`.

    Attributes:
        text: the paragraph.
        heading: the heading it stands under, "" if there is none.
        before, after: the paragraphs beside it, "" if there are none.
    """

    text: str
    heading: str = ""
    before: str = ""
    after: str = ""


def passages(document: Document) -> list[Passage]:
    """The passages of a document, one for each of its paragraphs."""
    texts = [_text(document, p) for p in document.paragraphs]
    beside = ["", *texts, ""]
    return [
        Passage(text, fold(p.section[-1]) if p.section else "", beside[i], beside[i + 2])
        for i, (p, text) in enumerate(zip(document.paragraphs, texts, strict=True))
    ]


def _text(document: Document, paragraph: Paragraph) -> str:
    text = document.folded[paragraph.start : min(paragraph.end, paragraph.start + LONGEST)]
    return closed(text) if paragraph.heading else text


def part_of(document: Document, paragraph: Paragraph, whole: Passage, start: int, end: int) -> Passage:
    """A part of a paragraph as a passage: what stands beside it in the paragraph is beside it.

    Args:
        document: the document.
        paragraph: one of its paragraphs.
        whole: the passage of that paragraph.
        start: of the part in the document.
        end: of it.
    """
    before = document.folded[max(paragraph.start, start - BESIDE) : start].strip()
    after = document.folded[end : min(paragraph.end, end + BESIDE)].strip()
    text = document.folded[start : min(end, start + LONGEST)]
    return Passage(text, whole.heading, before or whole.before, after or whole.after)


def words_of(text: str, tokenizer: Tokenizer) -> list[str]:
    """Words, all numbers alike, without white space."""
    return [plain(word) for word in tokenizer.words(text[:LONGEST]) if not word.isspace()]


def plain(word: str) -> str:
    """The word, `#` for a number."""
    return word if word[0] not in _DIGITS or not _NUMBER.fullmatch(word) else "#"


def with_pairs(words: Sequence[str]) -> list[str]:
    """Words and pairs of neighbours."""
    return [*words, *(f"{a} {b}" for a, b in pairwise(words))]


def opening_of(words: Iterable[str]) -> list[str]:
    """The words of the first sentence without its number: in reports it says what the paragraph is about.

    Args:
        words: as a tokenizer gives them, or as `words_of` has them; no more are taken than it needs.

    >>> opening_of(["（", "二", "）", "稳", "就业", "。", "新增", "岗位"])
    ['稳', '就业']
    """
    seen = filterfalse(str.isspace, words)
    first = [plain(word) for word in islice(seen, 4)]
    item = _ITEM.match("".join(first))
    skipped = item.end() if item else 0
    found: list[str] = []
    size = 0
    for word in chain(first, seen):
        if word[0] in _DIGITS:
            word = plain(word)
        size += len(word)
        if size <= skipped:
            continue
        if word in _STOPS or size > _OPENING:
            break
        found.append(word)
    return found


def features(found: Sequence[Passage], tokenizer: Tokenizer) -> list[dict[str, list[str]]]:
    """The features of passages by block, each as often as it occurs.

    >>> class Letters:
    ...     name = "letters"
    ...     def words(self, text): return list(text)
    >>> features([Passage("植树5次。", "生态")], Letters())[0]["opening"]
    ['植', '树', '#', '次', '植 树', '树 #', '# 次']
    """
    known: dict[str, list[str]] = {}  # a paragraph is also the neighbour of two others

    def words(text: str) -> list[str]:
        if text not in known:
            known[text] = words_of(text, tokenizer)
        return known[text]

    return [
        {
            "words": words(passage.text),
            "characters": [a + b for a, b in pairwise(passage.text[:LONGEST])],
            "opening": with_pairs(opening_of(words(passage.text))),
            "heading": with_pairs(words(passage.heading)),
            "before": words(passage.before),
            "after": words(passage.after),
        }
        for passage in found
    ]
