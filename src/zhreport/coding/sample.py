"""Sampling: claims drawn by a hash, so that neither the order of the reports nor the machine matters."""

import heapq
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from zhreport.claims import Claim
from zhreport.errors import UsageError
from zhreport.report import Report
from zhreport.tables import head

__all__ = ["Sample", "Sampled", "Sampler", "Stratum", "sample_claims"]

_BEFORE, _AFTER = 240, 120  # code points of the sentence that are shown around a quantity
_SYMBOLS: Final = {"approx": "≈ ", "gt": "> ", "ge": "≥ ", "lt": "< ", "le": "≤ "}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampled:
    """A claim of the sample with what a coder needs to judge it.

    Attributes:
        id: twelve hexadecimal digits, the same whenever the same claim of the same text is drawn.
        stratum: name of its stratum.
        whence: where the report is from: the columns that every table begins with, `file`, `doc`, `year`….
        start, end: where the quantity stands in the text as read, as in every other output.
        section: the headings above its paragraph.
        before, after: the sentence around the quantity, cut with … where it is long.
        claim: the claim.
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
    claim: Claim
    cells: Mapping[str, int | str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stratum:
    """A part of all claims.

    Attributes:
        name: kind and status (`change target`), or `all`.
        population: claims in it.
        sampled: claims of it in the sample.
    """

    name: str
    population: int
    sampled: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Claims drawn at random.

    Attributes:
        seed: what they were drawn with.
        claims: in the order of document and place.
        strata: what they were drawn from, by name.
    """

    seed: int
    claims: tuple[Sampled, ...]
    strata: tuple[Stratum, ...]


def sample_claims(reports: Iterable[Report], n: int, *, seed: int = 0, stratify: bool = True) -> Sample:
    """Draw claims at random, without replacement; the same claims, `n` and seed give the same sample.

    With strata (kind and status) the sample has every stratum in proportion, but at least one claim of each
    if `n` allows; `agreement` weights for that. A report that comes twice, text and name alike, counts once.
    Of each stratum at most `n` claims are held in memory.

    Args:
        reports: in any order, which does not matter.
        n: how many claims; all of them if there are no more.
        seed: another seed, another sample.
        stratify: draw by kind and status; if not, from all claims alike.

    Raises:
        UsageError: `n` is less than 1, or the reports have no claims.
    """
    sampler = Sampler(n, seed=seed, stratify=stratify)
    for report in reports:
        sampler.add(report)
    return sampler.sample()


class Sampler:
    """Draws as `sample_claims`, report by report; a report at which something is raised is left out whole.

    Raises:
        UsageError: `n` is less than 1.
    """

    def __init__(self, n: int, *, seed: int = 0, stratify: bool = True) -> None:
        if n < 1:
            raise UsageError(f"a sample of {n} claims: draw at least 1")
        self._n, self._seed, self._stratify = n, seed, stratify
        self._population: Counter[str] = Counter()
        self._drawn: dict[str, list[tuple[int, str, Sampled]]] = {}
        self._seen: set[str] = set()

    def add(self, report: Report) -> None:
        """Draw from the claims of a report."""
        document = report.document
        digest = sha256(f"{document.name}\0{document.text}".encode("utf-8", "surrogatepass")).hexdigest()
        if digest in self._seen:
            return
        population: Counter[str] = Counter()
        found: list[tuple[str, tuple[int, str, Sampled]]] = []
        for claim in report.claims:
            stratum = f"{claim.kind} {claim.status}" if self._stratify else "all"
            population[stratum] += 1
            key = sha256(f"{digest} {claim.start} {claim.end}".encode()).hexdigest()[:12]
            chance = -int.from_bytes(sha256(f"{self._seed} {key}".encode()).digest())
            if self._may_be_drawn(stratum, chance):
                found.append((stratum, (chance, key, _sampled(key, stratum, claim, report))))
        self._seen.add(digest)
        self._population += population
        for stratum, item in found:
            heap = self._drawn.setdefault(stratum, [])
            if len(heap) < self._n:
                heapq.heappush(heap, item)
            elif item[0] > heap[0][0]:
                heapq.heapreplace(heap, item)

    def _may_be_drawn(self, stratum: str, chance: int) -> bool:
        heap = self._drawn.get(stratum, [])
        return len(heap) < self._n or chance > heap[0][0]

    def sample(self) -> Sample:
        """What was drawn.

        Raises:
            UsageError: the reports have no claims.
        """
        if not self._population:
            raise UsageError("the reports have no claims to draw from")
        sizes = _allocate(self._population, self._n)
        chosen = [
            item[2]
            for name, heap in self._drawn.items()
            for item in sorted(heap, key=lambda item: (-item[0], item[1]))[: sizes[name]]
        ]
        return Sample(
            seed=self._seed,
            claims=tuple(sorted(chosen, key=lambda s: (s.whence["doc"], s.claim.start, s.id))),
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


def _sampled(key: str, stratum: str, claim: Claim, report: Report) -> Sampled:
    document = report.document
    paragraph = report.paragraphs[claim.paragraph]
    first, last = document.place_as_read(claim.start, claim.end)
    start, end = next(
        (span for span in document.sentences(paragraph) if span[0] <= claim.start and claim.end <= span[1]),
        (paragraph.start, paragraph.end),
    )
    left, right = max(start, claim.start - _BEFORE), min(end, claim.end + _AFTER)
    before = ("…" if left > start else "") + document.text[left : claim.start]
    after = document.text[claim.end : right] + ("…" if right < end else "")
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
        claim=claim,
        cells={
            **whence,
            "id": key,
            "start": first,
            "end": last,
            "clean_start": claim.start,
            "clean_end": claim.end,
            "section": " / ".join(paragraph.section),
            "sentence": f"{before}【{claim.text}】{after}",
            "stratum": stratum,
            **_fields(claim),
        },
    )


def _fields(claim: Claim) -> dict[str, str]:
    """What the coders see of each field."""
    if claim.value is None:
        value = f"{claim.low:,f} – {claim.high:,f}"
    else:
        value = _SYMBOLS.get(claim.relation, "") + f"{claim.value:,f}"
    return {
        "span": claim.text,
        "value": value,
        "unit": claim.unit,
        "indicator": claim.indicator,
        "kind": f"{claim.kind} {claim.direction}".strip(),
        "status": claim.status,
        "period": claim.period,
    }
