"""Tagging: the themes of the paragraphs of a document; a long paragraph is cut where its theme changes."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby
from typing import TYPE_CHECKING, Any, Final

from zhreport.document import Document
from zhreport.model_files import import_numpy
from zhreport.reading.paragraphs import is_furniture
from zhreport.themes.model import Theme, ThemeModel
from zhreport.themes.passages import Passage, part_of, passages
from zhreport.words.tokens import Tokenizer

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Tagged", "ThemedPassage", "tag"]

#: Characters from which a paragraph may have several subjects; press texts are often one line.
_LONG: Final = 450
#: Characters of the shortest passage.
_SHORTEST: Final = 100
#: What a change of the theme costs: as much as so many characters whose score is less by one.
_CHANGE: Final = 150.0
_MOST: Final = 3  # themes of a paragraph


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemedPassage:
    """A part of a long paragraph with a theme of its own.

    Attributes:
        start, end: half-open code points of the text.
        themes: one to three, the main one first; empty where the model is not sure enough.
    """

    start: int
    end: int
    themes: tuple[Theme, ...]


@dataclass(frozen=True, slots=True)
class Tagged:
    """The themes of a paragraph.

    Attributes:
        themes: of a paragraph that is cut those of its passages, what most of the text is about first.
        passages: what it is cut into; empty for a paragraph with one theme.
    """

    themes: tuple[Theme, ...] = ()
    passages: tuple[ThemedPassage, ...] = ()


def tag(document: Document, model: ThemeModel, tokenizer: Tokenizer) -> list[Tagged]:
    """The themes of each paragraph of a document; lines that a page puts around a text have none."""
    if getattr(tokenizer, "cuts_at_signs", False):
        tokenizer = _Remembering(tokenizer)
    whole = passages(document)
    cut = dict(_cut(document, whole, model, tokenizer))
    read = [(i, *run) for i, runs in cut.items() for run in runs]
    kept = [i for i, passage in enumerate(whole) if i not in cut and not is_furniture(passage.text)]
    parts = [part_of(document, document.paragraphs[i], whole[i], *run) for i, *run in read]
    found = model.predict([*(whole[i] for i in kept), *parts], tokenizer)
    tagged = [Tagged()] * len(whole)
    for i, themes in zip(kept, found, strict=False):
        tagged[i] = Tagged(themes)
    cuts = zip(read, found[len(kept) :], strict=True)
    for i, own in groupby(cuts, key=lambda item: item[0][0]):
        tagged[i] = _joined([ThemedPassage(start=a, end=b, themes=themes) for (_, a, b), themes in own])
    return tagged


class _Remembering(dict[str, list[str]]):
    """A tokenizer that cuts each clause of a document once: what stands beside one sentence is in another."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        super().__init__()
        self.name, self._words = tokenizer.name, tokenizer.words

    def __missing__(self, clause: str) -> list[str]:
        return self.setdefault(clause, self._words(clause))

    def words(self, text: str) -> list[str]:
        """The words of a text."""
        return list(chain.from_iterable(map(self.__getitem__, _CLAUSES(text))))


_CLAUSES: Final = re.compile(r"[^，。；：、！？]*[，。；：、！？]|[^，。；：、！？]+").findall


def _cut(
    document: Document, whole: Sequence[Passage], model: ThemeModel, tokenizer: Tokenizer
) -> Iterator[tuple[int, list[tuple[int, int]]]]:
    """The number of each paragraph with several themes, and the runs of its sentences that have one."""
    long = [p for p in document.paragraphs if not p.heading and p.end - p.start > _LONG]
    sentences = {p.index: document.sentences(p) for p in long}
    # by their own words alone: what stands beside each sentence would be counted for every sentence again
    read = [
        Passage(document.folded[start:end], whole[p.index].heading)
        for p in long
        for start, end in sentences[p.index]
    ]
    scores = model.scores(read, tokenizer)
    at = 0
    for p in long:
        own = sentences[p.index]
        runs = _runs(own, scores[at : at + len(own)])
        at += len(own)
        if len(runs) > 1:
            yield p.index, runs


def _runs(sentences: Sequence[tuple[int, int]], scores: "NDArray[Any]") -> list[tuple[int, int]]:
    """Sentences put together by the best sequence of themes, in which each change costs (Viterbi 1967).

    Args:
        sentences: start and end of each.
        scores: of the shape (sentences, themes).
    """
    np = import_numpy()
    sizes = np.array([end - start for start, end in sentences], dtype=float)
    gain = np.clip(scores, -1.5, 1.0) * sizes[:, None]
    best = gain[0]
    came = []
    for row in gain[1:]:
        first = int(best.argmax())
        stays = best >= best[first] - _CHANGE
        came.append(np.where(stays, np.arange(len(best)), first))
        best = np.where(stays, best, best[first] - _CHANGE) + row
    path = [int(best.argmax())]
    for back in reversed(came):
        path.append(int(back[path[-1]]))
    path.reverse()
    runs = [[*group] for _, group in groupby(range(len(path)), key=path.__getitem__)]
    return _long_enough([(sentences[run[0]][0], sentences[run[-1]][1]) for run in runs])


def _long_enough(runs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The runs, those that are too short put to the one before, or to the one behind if there is none."""
    found: list[tuple[int, int]] = []
    for start, end in runs:
        if found and (end - start < _SHORTEST or found[-1][1] - found[-1][0] < _SHORTEST):
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


def _joined(found: list[ThemedPassage]) -> Tagged:
    """Passages, neighbours with one main theme put together, and what they say of the paragraph."""
    passages: list[ThemedPassage] = []
    for passage in found:
        if passages and _main(passages[-1]) == _main(passage):
            first = passages.pop()
            longer = max(first, passage, key=lambda p: p.end - p.start)
            passage = ThemedPassage(start=first.start, end=passage.end, themes=longer.themes)
        passages.append(passage)
    sizes: dict[str, int] = {}
    surest: dict[str, float] = {}
    for passage in passages:
        for theme in passage.themes[:1]:
            sizes[theme.theme] = sizes.get(theme.theme, 0) + passage.end - passage.start
            surest[theme.theme] = max(surest.get(theme.theme, 0.0), theme.probability)
    if len(passages) == 1:
        return Tagged(passages[0].themes)
    order = sorted(sizes, key=lambda name: -sizes[name])[:_MOST]
    themes = tuple(Theme(theme=n, probability=surest[n], main=True) for n in order)
    return Tagged(themes, tuple(passages))


def _main(passage: ThemedPassage) -> str:
    return passage.themes[0].theme if passage.themes else ""
