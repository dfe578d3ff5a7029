"""Labelling: paragraphs for people to give themes to, drawn where the model is unsure."""

import heapq
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from math import log
from pathlib import Path
from typing import Any, Final

from zhreport.coding.sheets import COMMENT, Book, check_sheet, write_books
from zhreport.document import Document
from zhreport.errors import UsageError
from zhreport.reading.paragraphs import is_furniture
from zhreport.report import Report, TaggedParagraph
from zhreport.tables import head
from zhreport.themes import Theme

__all__ = ["Unlabelled", "sample_unsure", "write_labelling"]

#: Columns and their widths; the last ones are for the coders.
_COLUMNS: Final = {
    "id": 14, "doc": 20, "heading": 24, "before": 40, "text": 90, "after": 40, "themes": 30, COMMENT: 30,
}  # fmt: skip
_ANSWERS: Final = ("themes", COMMENT)
_BESIDE: Final = 300  # characters of the neighbouring paragraphs that are shown
_FEWEST: Final = 20  # characters of a paragraph: shorter ones say too little
_LEAST: Final = 0.01  # chance of a paragraph whose theme is sure


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlabelled:
    """A paragraph, or a passage of a long one, that is to be labelled.

    Attributes:
        id: twelve hexadecimal digits, the same whenever the same passage of the same text is drawn.
        doc: its document.
        heading: above it, "" if there is none.
        before, after: the text beside it.
        text: the passage.
    """

    id: str
    doc: str
    heading: str
    before: str
    text: str
    after: str


def sample_unsure(reports: Iterable[Report], n: int, *, seed: int = 0) -> list[Unlabelled]:
    """Draw running paragraphs, the likelier the less sure their main theme is.

    The chance of each is in proportion to 1 - probability of its main theme (Efraimidis and Spirakis 2006).
    The same texts, `n`, seed and theme model give the same ones, in whatever order the reports come.

    Args:
        reports: with themes; of texts that come twice one counts.
        n: how many; all of them if there are no more.
        seed: another seed, another sample.

    Raises:
        UsageError: `n` is less than 1, or the reports have no paragraphs.
    """
    if n < 1:
        raise UsageError(f"a sample of {n} paragraphs: draw at least 1")
    drawn: dict[str, tuple[float, Unlabelled]] = {}
    for report in reports:
        drawn |= {item.id: (_chance(seed, item.id, unsure), item) for item, unsure in _items(report)}
        drawn = {
            item.id: (chance, item) for chance, item in heapq.nlargest(n, drawn.values(), key=_by_chance)
        }
    if not drawn:
        raise UsageError("the reports have no paragraphs to draw from")
    return [item for _, item in sorted(drawn.values(), key=_by_chance, reverse=True)]


def _by_chance(drawn: tuple[float, Unlabelled]) -> tuple[float, str]:
    return drawn[0], drawn[1].id


def _chance(seed: int, key: str, weight: float) -> float:
    """The logarithm of a number that is the likelier to be among the highest the greater the weight."""
    number = int.from_bytes(sha256(f"{seed} {key}".encode()).digest()[:8], "big")
    return log((number + 1) / 2**64) / max(weight, _LEAST)


def _items(report: Report) -> Iterator[tuple[Unlabelled, float]]:
    """The running passages of a report, each with how unsure its main theme is."""
    document = report.document
    digest = sha256(document.text.encode("utf-8", "surrogatepass")).hexdigest()
    doc = str(head(report)["doc"])
    for p in report.paragraphs:
        if p.heading or is_furniture(document.folded[p.start : p.end]):
            continue
        for start, end, themes in _parts(p):
            if end - start >= _FEWEST:
                item = Unlabelled(
                    id=sha256(f"{digest} {start} {end}".encode()).hexdigest()[:12],
                    doc=doc,
                    heading=p.section[-1] if p.section else "",
                    before=_beside(document, p, start, -1),
                    text=document.text[start:end],
                    after=_beside(document, p, end, 1),
                )
                yield item, 1 - themes[0].probability if themes else 1.0


def _parts(paragraph: TaggedParagraph) -> list[tuple[int, int, tuple[Theme, ...]]]:
    if paragraph.passages:
        return [(p.start, p.end, p.themes) for p in paragraph.passages]
    return [(paragraph.start, paragraph.end, paragraph.themes)]


def _beside(document: Document, paragraph: TaggedParagraph, place: int, step: int) -> str:
    """The text before or behind a place of a paragraph: in it, or in the next paragraph."""
    inside = (paragraph.start, place) if step < 0 else (place, paragraph.end)
    other = paragraph.index + step
    if inside[0] == inside[1] and 0 <= other < len(document.paragraphs):
        inside = (document.paragraphs[other].start, document.paragraphs[other].end)
    text = document.text[slice(*inside)]
    return (text[-_BESIDE:] if step < 0 else text[:_BESIDE]).strip()


def write_labelling(
    path: str | Path,
    sample: Sequence[Unlabelled],
    *,
    themes: Sequence[str],
    coders: Sequence[str] = ("coder 1",),
    separate: bool = False,
) -> list[Path]:
    """Write passages as an .xlsx workbook with a column for their themes; `zhreport train` reads it.

    It does not show what the model found.

    Args:
        path: of the workbook, ending in .xlsx; replaced if it exists.
        sample: from `sample_unsure`.
        themes: the names to choose from.
        coders: names of the sheets.
        separate: a workbook for each coder instead.

    Returns:
        The files written.

    Raises:
        UsageError: another ending, or names that cannot name sheets.
        InputError: a file cannot be written.
        MissingExtraError: XlsxWriter is not installed.
    """
    files = check_sheet(Path(path), coders, separate=separate)
    return write_books(files, "labelling", themes, partial(_fill, sample))


def _fill(sample: Sequence[Unlabelled], made: Book, sheet: Any) -> None:  # noqa: ANN401
    shown = [name for name in _COLUMNS if name not in _ANSWERS]
    empty = [None] * len(_ANSWERS)
    cells = ([*(getattr(item, name) for name in shown), *empty] for item in sample)
    made.fill(sheet, _COLUMNS, _ANSWERS, cells)
