"""Sampling: records drawn by a hash, so that neither the order of the reports nor the machine matters."""

import heapq
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from hashlib import sha256
from typing import Any, Final

from zhreport.document import Document, Paragraph
from zhreport.errors import UsageError
from zhreport.panel import panel
from zhreport.report import Report, TaggedParagraph
from zhreport.tables import head

__all__ = ["JUDGED", "NOUNS", "Sample", "Sampled", "Sampler", "Stratum", "sample_records"]

#: The records that coders can judge, and what they judge of each; the first says whether it is one at all.
JUDGED: Final[Mapping[str, tuple[str, ...]]] = {
    "claims": ("span", "value", "unit", "indicator", "kind", "status", "period"),
    "campaigns": ("span", "kind", "action", "organizer", "period"),
    "themes": ("theme", "others"),
    "panel": ("indicator", "region", "year", "status", "value", "unit", "relation"),
}
#: What messages call so many of them.
NOUNS: Final[Mapping[str, str]] = {
    "claims": "claims",
    "campaigns": "campaigns",
    "themes": "paragraphs",
    "panel": "cells",
}
_BEFORE, _AFTER = 240, 120  # code points of the sentence that are shown around a record
_SYMBOLS: Final = {"approx": "≈ ", "gt": "> ", "ge": "≥ ", "lt": "< ", "le": "≤ "}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampled:
    """A record of the sample with what a coder needs to judge it.

    Attributes:
        id: twelve hexadecimal digits, the same whenever the same record of the same text is drawn.
        stratum: name of its stratum.
        whence: where the report is from: the columns that every table begins with, `file`, `doc`, `year`….
        start, end: where it stands in the text as read, as in every other output.
        section: the headings above its paragraph.
        before, after: the sentence around it, cut with … where it is long; "" of a paragraph.
        record: the claim, campaign, paragraph or row of the panel.
        cells: what a sheet shows of all this, by column.
    """

    id: str
    stratum: str
    whence: Mapping[str, Any]
    start: int
    end: int
    section: tuple[str, ...]
    before: str
    after: str
    record: Any
    cells: Mapping[str, int | str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stratum:
    """A part of all records.

    Attributes:
        name: such as kind and status of claims (`change target`), or `all`.
        population: records in it.
        sampled: records of it in the sample.
    """

    name: str
    population: int
    sampled: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Records drawn at random.

    Attributes:
        records: what they are: a key of `JUDGED`.
        seed: what they were drawn with.
        items: in the order of document and place.
        strata: what they were drawn from, by name.
    """

    records: str
    seed: int
    items: tuple[Sampled, ...]
    strata: tuple[Stratum, ...]


def sample_records(
    reports: Iterable[Report], n: int, *, records: str = "claims", seed: int = 0, stratify: bool = True
) -> Sample:
    """Draw records at random, without replacement; the same records, `n` and seed give the same sample.

    With strata (kind and status of claims, kind of campaigns, main theme of paragraphs, measure and status of
    cells of the panel) the sample has every stratum in proportion, but at least one record of each if `n`
    allows; `agreement` weights for that. A report that comes twice, text and name alike, counts once. Of each
    stratum at most `n` records are held in memory.

    Args:
        reports: in any order, which does not matter.
        n: how many; all of them if there are no more.
        records: `claims`, `campaigns`, `themes` (paragraphs that have one), or `panel` (what each report
            gives for cells of the panel).
        seed: another seed, another sample.
        stratify: draw by strata; if not, from all records alike.

    Raises:
        UsageError: `n` is less than 1, other `records`, or the reports have none.
    """
    sampler = Sampler(n, records=records, seed=seed, stratify=stratify)
    for report in reports:
        sampler.add(report)
    return sampler.sample()


@dataclass(frozen=True, slots=True)
class _Item:
    """A record that may be drawn: its stratum, what tells it apart in its text, and what makes it whole."""

    stratum: str
    own: str
    make: Callable[[str, str], Sampled]


class Sampler:
    """Draws as `sample_records`, report by report; a report at which something is raised is left out whole.

    Raises:
        UsageError: `n` is less than 1, or other `records`.
    """

    def __init__(self, n: int, *, records: str = "claims", seed: int = 0, stratify: bool = True) -> None:
        if n < 1 or records not in JUDGED:
            raise UsageError(f"a sample of {n} {records}: draw at least 1, of {', '.join(JUDGED)}")
        self._n, self._seed, self._stratify, self._records = n, seed, stratify, records
        self._population: Counter[str] = Counter()
        self._drawn: dict[str, list[tuple[int, str, Sampled]]] = {}
        self._seen: set[str] = set()

    def add(self, report: Report) -> None:
        """Draw from the records of a report."""
        document = report.document
        digest = sha256(f"{document.name}\0{document.text}".encode("utf-8", "surrogatepass")).hexdigest()
        if digest in self._seen:
            return
        population: Counter[str] = Counter()
        found: list[tuple[str, tuple[int, str, Sampled]]] = []
        for item in _ITEMS[self._records](report):
            stratum = item.stratum if self._stratify else "all"
            population[stratum] += 1
            key = sha256(f"{digest} {item.own}".encode()).hexdigest()[:12]
            chance = -int.from_bytes(sha256(f"{self._seed} {key}".encode()).digest())
            if self._may_be_drawn(stratum, chance):
                found.append((stratum, (chance, key, item.make(key, stratum))))
        self._seen.add(digest)
        self._population += population
        for stratum, one in found:
            heap = self._drawn.setdefault(stratum, [])
            if len(heap) < self._n:
                heapq.heappush(heap, one)
            elif one[0] > heap[0][0]:
                heapq.heapreplace(heap, one)

    def _may_be_drawn(self, stratum: str, chance: int) -> bool:
        heap = self._drawn.get(stratum, [])
        return len(heap) < self._n or chance > heap[0][0]

    def sample(self) -> Sample:
        """What was drawn.

        Raises:
            UsageError: the reports have no such records.
        """
        if not self._population:
            raise UsageError(f"the reports have no {NOUNS[self._records]} to draw from")
        sizes = _allocate(self._population, self._n)
        chosen = [
            item[2]
            for name, heap in self._drawn.items()
            for item in sorted(heap, key=lambda item: (-item[0], item[1]))[: sizes[name]]
        ]
        return Sample(
            records=self._records,
            seed=self._seed,
            items=tuple(sorted(chosen, key=lambda s: (s.whence["doc"], s.cells["clean_start"], s.id))),
            strata=tuple(
                Stratum(name=name, population=self._population[name], sampled=sizes[name])
                for name in sorted(self._population)
            ),
        )


def _allocate(population: Counter[str], n: int) -> dict[str, int]:
    """How many to draw from each stratum: in proportion by largest remainders, but one at least.

    >>> _allocate(Counter(a=90, b=9, c=1), 10)
    {'a': 8, 'b': 1, 'c': 1}
    """
    n = min(n, population.total())
    names = sorted(population, key=lambda name: (-population[name], name))
    share = {name: population[name] * n / population.total() for name in names}
    sizes = {name: max(int(share[name]), 1 if len(names) <= n else 0) for name in names}
    while (off := n - sum(sizes.values())) != 0:
        step = 1 if off > 0 else -1
        able = [m for m in names if (sizes[m] < population[m] if step > 0 else sizes[m] > 1)]
        best = max(able, key=lambda m: step * (share[m] - sizes[m]))
        sizes[best] += step
    return sizes


def _claims(report: Report) -> Iterator[_Item]:
    for claim in report.claims:
        make = partial(_sampled, report, claim, report.paragraphs[claim.paragraph], claim.start, claim.end)
        yield _Item(
            f"{claim.kind} {claim.status}",
            f"{claim.start} {claim.end}",
            partial(make, {
                "span": claim.text,
                "value": _SYMBOLS.get(claim.relation, "") + _number(claim.value, claim.low, claim.high),
                "unit": claim.unit,
                "indicator": claim.indicator,
                "kind": f"{claim.kind} {claim.direction}".strip(),
                "status": claim.status,
                "period": claim.period,
            }),
        )  # fmt: skip


def _campaigns(report: Report) -> Iterator[_Item]:
    for one in report.campaigns:
        make = partial(_sampled, report, one, report.paragraphs[one.paragraph], one.start, one.end)
        shown = {name: str(getattr(one, name)) for name in JUDGED["campaigns"][1:]}
        yield _Item(one.kind, f"{one.start} {one.end}", partial(make, {"span": one.name, **shown}))


def _themes(report: Report) -> Iterator[_Item]:
    for one in report.paragraphs:
        if one.heading or not one.themes:
            continue
        main, *others = (theme.theme for theme in one.themes)
        shown = {"theme": main, "others": ", ".join(others)}
        make = partial(_sampled, report, one, one, one.start, one.end, shown)
        yield _Item(main, f"{one.start} {one.end}", make)


def _cells(report: Report) -> Iterator[_Item]:
    for row in panel([report]):
        start, end = row.clean_start, row.clean_end
        if start is None or end is None:
            continue
        paragraph = next(p for p in report.paragraphs if p.start <= start < p.end)
        among = f", {row.scope}" if row.scope else ""
        yield _Item(
            f"{row.measure} {row.status}",
            f"{start} {end} {row.indicator} {row.measure}",
            partial(_sampled, report, row, paragraph, start, end, {
                "indicator": f"{row.name} ({row.measure}{among})",
                "region": row.region,
                "year": row.year,
                "status": row.status,
                "value": _number(row.value, row.low, row.high),
                "unit": row.unit,
                "relation": row.relation,
            }),
        )  # fmt: skip


_ITEMS: Final[Mapping[str, Callable[[Report], Iterator[_Item]]]] = {
    "claims": _claims,
    "campaigns": _campaigns,
    "themes": _themes,
    "panel": _cells,
}


def _sampled(
    report: Report,
    record: Any,  # noqa: ANN401
    paragraph: Paragraph,
    begin: int,
    stop: int,
    shown: Mapping[str, int | str],
    key: str,
    stratum: str,
) -> Sampled:
    """A record with its place and what the coders see of each field."""
    document = report.document
    first, last = document.place_as_read(begin, stop)
    before, after = "", ""
    sentence = text = document.text[begin:stop]
    if not isinstance(record, TaggedParagraph):
        before, after = _around(document, paragraph, begin, stop)
        sentence = f"{before}【{text}】{after}"
    whence = head(report)
    return Sampled(
        id=key,
        stratum=stratum,
        whence=whence,
        start=first,
        end=last,
        section=paragraph.section,
        before=before,
        after=after,
        record=record,
        cells={
            **whence,
            "id": key,
            "report_year": whence["year"],
            "start": first,
            "end": last,
            "clean_start": begin,
            "clean_end": stop,
            "section": " / ".join(paragraph.section),
            "sentence": sentence,
            "stratum": stratum,
            **shown,
        },
    )


def _around(document: Document, paragraph: Paragraph, begin: int, stop: int) -> tuple[str, str]:
    """The sentence before and behind a record, cut with … where it is long."""
    start, end = next(
        (span for span in document.sentences(paragraph) if span[0] <= begin and stop <= span[1]),
        (paragraph.start, paragraph.end),
    )
    left, right = max(start, begin - _BEFORE), min(end, stop + _AFTER)
    before = ("…" if left > start else "") + document.text[left:begin]
    return before, document.text[stop:right] + ("…" if right < end else "")


def _number(value: Decimal | None, low: Decimal | None, high: Decimal | None) -> str:
    return f"{low:,f} – {high:,f}" if value is None else f"{value:,f}"
