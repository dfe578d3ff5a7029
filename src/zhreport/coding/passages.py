"""Passages that coders read without seeing what we found in them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from zhreport.campaigns import KINDS as CAMPAIGN_KINDS
from zhreport.errors import UsageError
from zhreport.report import Report
from zhreport.tables import head

__all__ = ["BLIND", "Passage", "Passages", "Span", "sample_passages"]

#: What people can be asked to find: the kinds that they tell apart (of a cell of the panel the
#: relations of its figure), empty where the themes of a model say it.
BLIND: Final[dict[str, tuple[str, ...]]] = {
    "claims": ("level", "change", "share", "rank", "ratio"),
    "campaigns": CAMPAIGN_KINDS,
    "themes": (),
    "panel": ("eq", "approx", "gt", "ge", "lt", "le", "range"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A record in a passage, as we or a coder found it.

    Attributes:
        start, end: in the passage; of a theme all of it, of a cell 0 and 1.
        text: what stands there, "" for a theme; of a cell its number and unit, see `zhreport.coding.cells`.
        kind: one of `BLIND`, or the theme.
        sure: False where it may count or not.
        sentence: of a cell, where the report says it; "" if the coder did not copy it.
    """

    start: int
    end: int
    text: str
    kind: str
    sure: bool = True
    sentence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A paragraph that coders read, or a cell of the panel that they look for in a report.

    Attributes:
        id: twelve hexadecimal digits, the same whenever the same one of the same text is drawn.
        doc, year, section: of its report.
        text: the paragraph; "" of a cell.
        sentences: start and end of its sentences in it.
        records: what we found in it.
        cell: of the panel: region, year, indicator, measure, status, and the unit of the indicator.
    """

    id: str
    doc: str
    year: int | None
    section: str
    text: str
    sentences: tuple[tuple[int, int], ...]
    records: tuple[Span, ...]
    cell: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Passages:
    """Paragraphs, or cells of the panel, drawn at random.

    Attributes:
        records: what coders look for in them: one of `BLIND`.
        kinds: the kinds, or themes, that they tell apart.
        population: how many they were drawn from.
        passages: in the order of document and place.
        texts: of cells, the paragraphs of each report that coders look in.
    """

    records: str
    kinds: tuple[str, ...]
    population: int
    passages: tuple[Passage, ...]
    texts: dict[str, tuple[str, ...]] = field(default_factory=dict)


def sample_passages(reports: Iterable[Report], n: int, *, records: str, seed: int = 0) -> Passages:
    """Draw running paragraphs at random; the same texts, `n` and seed give the same ones.

    Args:
        reports: in any order, which does not matter; of those with the same text and name one counts.
        n: how many; all of them if there are no more.
        records: what coders will look for: `claims`, `campaigns` or `themes`.
        seed: another seed, another sample.

    Raises:
        UsageError: `n` is less than 1, other `records`, or the reports have no paragraphs.
    """
    found = tuple(name for name in BLIND if name != "panel")
    if n < 1 or records not in found:
        raise UsageError(f"{n} passages for {records}: draw at least 1, for {', '.join(found)}")
    drawn: dict[str, tuple[bytes, str, int, Passage]] = {}
    themes: set[str] = set()
    for report in reports:
        for at, passage in enumerate(_passages(report, records)):
            chance = sha256(f"{seed} {passage.id}".encode()).digest()
            drawn[passage.id] = (chance, passage.doc, at, passage)
            themes.update(record.kind for record in passage.records)
    if not drawn:
        raise UsageError("the reports have no paragraphs to draw from")
    chosen = sorted(sorted(drawn.values(), key=lambda item: item[0])[:n], key=lambda item: item[1:3])
    return Passages(
        records=records,
        kinds=BLIND[records] or tuple(sorted(themes)),
        population=len(drawn),
        passages=tuple(item[3] for item in chosen),
    )


def _passages(report: Report, records: str) -> Iterator[Passage]:
    document = report.document
    digest = sha256(f"{document.name}\0{document.text}".encode("utf-8", "surrogatepass")).hexdigest()
    whence = head(report)
    for p in report.paragraphs:
        text = document.text[p.start : p.end]
        if p.heading or not text.strip():
            continue
        found = report.claims if records == "claims" else report.campaigns
        spans = [
            Span(
                start=r.start - p.start, end=r.end - p.start, text=document.text[r.start : r.end], kind=r.kind
            )
            for r in (found if records != "themes" else ())
            if r.paragraph == p.index
        ]
        if records == "themes":
            spans = [Span(start=0, end=len(text), text="", kind=t.theme) for t in p.themes[:1]]
        yield Passage(
            id=sha256(f"{digest} {p.start} {p.end}".encode()).hexdigest()[:12],
            doc=str(whence["doc"]),
            year=document.year.value,
            section=" / ".join(p.section),
            text=text,
            sentences=tuple((s - p.start, e - p.start) for s, e in document.sentences(p)),
            records=tuple(spans),
        )
