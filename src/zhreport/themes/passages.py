"""Passages: what the theme model reads of a paragraph, and the features it counts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, filterfalse, islice, pairwise
from typing import Final, NamedTuple

import regex

from zhreport.document import Document, Paragraph
from zhreport.reading.paragraphs import closed
from zhreport.words.compiling import compiled
from zhreport.words.folding import fold
from zhreport.words.tokens import Tokenizer

__all__ = [
    "BLOCKS", "LONGEST", "OPENING", "STOPS", "Laid", "Passage", "Span", "Stretches", "features", "item_of",
    "opening_of", "part_of", "passages", "plain", "stretches", "with_pairs", "words_of",
]  # fmt: skip

#: The blocks of features and their weights: words of the text, pairs of characters, words of the opening
#: sentence, of the heading above and of the paragraphs before and after. `docs/themes.md` says what each
#: of them brings.
BLOCKS: Final = {
    "words": 1.0,
    "characters": 1.0,
    "opening": 0.5,
    "heading": 0.5,
    "before": 0.5,
    "after": 0.5,
}

_NUMBER: Final = regex.compile(r"[0-9][0-9.,%]*+")
_DIGITS: Final = frozenset("0123456789")
_ITEM: Final = compiled(r"[（(]?(?:[一二三四五六七八九十]{1,3}|#)[）)、.]")
_IN_ITEM: Final = 4  # words that the number of an item has at most
#: The signs that an opening ends at, and the characters that it has at most.
STOPS: Final = frozenset("。；！？")
OPENING: Final = 60
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


#: Start and end in a text, half open.
Span = tuple[int, int]


class Stretches(NamedTuple):
    """A passage by the places of its texts in a larger one, see `Laid`; an empty text is (0, 0)."""

    text: Span
    heading: Span = (0, 0)
    before: Span = (0, 0)
    after: Span = (0, 0)


class Laid:
    r"""A text, and others laid behind it line by line, each once: all are cut into words together.

    >>> laid = Laid("植树5次。")
    >>> laid.add("生态"), laid.add(""), laid.add("生态"), laid.whole
    ((6, 8), (0, 0), (6, 8), '植树5次。\n生态')
    """

    def __init__(self, text: str = "") -> None:
        self.pieces = [text]
        self._size = len(text)
        self._known: dict[str, Span] = {"": (0, 0)}

    def add(self, text: str) -> Span:
        """Where a text stands; it is laid behind the others if it is new."""
        if text not in self._known:
            self.pieces += ("\n", text)
            start, self._size = self._size + 1, self._size + 1 + len(text)
            self._known[text] = start, self._size
        return self._known[text]

    @property
    def whole(self) -> str:
        """All of them."""
        return "".join(self.pieces)

    def passages(self, rows: Iterable[Stretches]) -> list[Passage]:
        """Passages by their places, with their texts."""
        whole = self.whole
        return [Passage(*(whole[start:end] for start, end in row)) for row in rows]


def stretches(document: Document) -> tuple[Laid, list[Stretches]]:
    """The passages of a document, one for each of its paragraphs, by their places."""
    laid = Laid(document.folded)
    texts = [_text(document, p, laid) for p in document.paragraphs]
    beside = [(0, 0), *texts, (0, 0)]
    above = [p.section[-1] if p.section else "" for p in document.paragraphs]
    headings = {heading: laid.add(fold(heading)) for heading in dict.fromkeys(above)}
    rows = zip(texts, map(headings.__getitem__, above), beside, beside[2:], strict=False)
    return laid, [Stretches(*row) for row in rows]


def _text(document: Document, paragraph: Paragraph, laid: Laid) -> Span:
    start, end = paragraph.start, min(paragraph.end, paragraph.start + LONGEST)
    if not paragraph.heading:
        return start, end
    said = document.folded[start:end]
    shown = closed(said)
    return (start, end) if shown == said else laid.add(shown)


def passages(document: Document) -> list[Passage]:
    """The passages of a document, one for each of its paragraphs."""
    laid, rows = stretches(document)
    return laid.passages(rows)


def part_of(document: Document, paragraph: Paragraph, whole: Stretches, start: int, end: int) -> Stretches:
    """A part of a paragraph as a passage: what stands beside it in the paragraph is beside it.

    Args:
        document: the document.
        paragraph: one of its paragraphs.
        whole: the passage of that paragraph.
        start: of the part in the document.
        end: of it.
    """
    before = _stripped(document.folded, max(paragraph.start, start - BESIDE), start)
    after = _stripped(document.folded, end, min(paragraph.end, end + BESIDE))
    return Stretches(
        (start, min(end, start + LONGEST)), whole.heading, before or whole.before, after or whole.after
    )


def _stripped(text: str, start: int, end: int) -> Span | None:
    """A stretch without the white space around it, None if nothing is left."""
    said = text[start:end]
    shown = said.strip()
    first = start + len(said) - len(said.lstrip())
    return (first, first + len(shown)) if shown else None


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
    first = [plain(word) for word in islice(seen, _IN_ITEM)]
    skipped = item_of(first)
    found: list[str] = []
    size = 0
    for word in chain(first, seen):
        if word[0] in _DIGITS:
            word = plain(word)
        size += len(word)
        if size <= skipped:
            continue
        if word in STOPS or size > OPENING:
            break
        found.append(word)
    return found


def item_of(words: Iterable[str]) -> int:
    """How many characters the number has that a text begins with; of its words a few are enough.

    >>> item_of(["（", "二", "）", "稳"]), item_of(["一", "年", "来"])
    (3, 0)
    """
    item = _ITEM.match("".join(map(plain, islice(words, _IN_ITEM))))
    return item.end() if item else 0


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
