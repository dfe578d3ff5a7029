"""Tagging: the themes of the paragraphs of a document; a long paragraph is cut where its theme changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from zhreport.document import Document
from zhreport.model_files import import_numpy
from zhreport.reading.paragraphs import is_furniture
from zhreport.themes.model import Theme, ThemeModel
from zhreport.themes.passages import Span, Stretches, part_of, stretches
from zhreport.words.tokens import Tokenizer

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Tagged", "ThemedPassage", "tag"]

#: Characters from which a paragraph may have several subjects; press texts are often one line.
_LONG: Final = 450
#: Characters of the shortest passage.
_SHORTEST: Final = 100
#: What a change of the theme costs: as much as so many characters whose score is less by one.
#: With less, texts are cut between passages of one theme; with more, a passage gets the theme around it.
_CHANGE: Final = 100.0
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
    laid, whole = stretches(document)
    long = [p for p in document.paragraphs if not p.heading and p.end - p.start > _LONG]
    sentences = [document.sentences(p) for p in long]
    # by their own words alone: what stands beside each sentence would be counted for every sentence again
    alone = [
        Stretches(span, whole[p.index].heading)
        for p, own in zip(long, sentences, strict=True)
        for span in own
    ]
    scorer = model.scorer(laid, tokenizer)
    scores = scorer([*whole, *alone])
    runs = _cut(sentences, scores[len(whole) :])
    cut = {p.index: own for p, own in zip(long, runs, strict=True) if len(own) > 1}
    shown = [p for p in document.paragraphs if not is_furniture(document.folded[p.start : p.end])]
    kept = [p.index for p in shown if p.index not in cut]
    tagged = [Tagged()] * len(whole)
    for i, themes in zip(kept, model.themes_of(scores[kept]), strict=True):
        tagged[i] = Tagged(themes)
    if not cut:
        return tagged
    read = [(i, *span) for i, spans in cut.items() for span in spans]
    parts = [part_of(document, document.paragraphs[i], whole[i], *span) for i, *span in read]
    cuts = zip(read, model.themes_of(scorer(parts)), strict=True)
    for i, own in groupby(cuts, key=lambda item: item[0][0]):
        tagged[i] = _joined([ThemedPassage(start=a, end=b, themes=themes) for (_, a, b), themes in own])
    return tagged


def _cut(sentences: Sequence[Sequence[Span]], scores: "NDArray[Any]") -> list[list[Span]]:
    """The runs of sentences of each paragraph that have one theme.

    Args:
        sentences: of each paragraph.
        scores: of the shape (sentences of all paragraphs, themes).
    """
    np = import_numpy()
    sizes = np.array([end - start for own in sentences for start, end in own], dtype=float)
    gain = np.clip(scores, -1.5, 1.0) * sizes[:, None]
    runs, at = [], 0
    for own in sentences:
        of = gain[at : at + len(own)]
        at += len(own)
        changes = of.max(axis=1).sum() - _CHANGE >= of.sum(axis=0).max()  # no sequence can gain more
        runs.append(_runs(own, of) if changes else [(own[0][0], own[-1][1])])
    return runs


def _runs(sentences: Sequence[Span], gain: "NDArray[Any]") -> list[Span]:
    """Sentences put together by the best sequence of themes, in which each change costs (Viterbi 1967).

    Args:
        sentences: start and end of each.
        gain: what each theme is worth in each, of the shape (sentences, themes).
    """
    np = import_numpy()
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


def _long_enough(runs: list[Span]) -> list[Span]:
    """The runs, those that are too short put to the one before, or to the one behind if there is none."""
    found: list[Span] = []
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
