"""Agreement: precision with confidence intervals, alpha and AC1 from filled-in sheets."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean

from zhreport.coding.answers import Coded, Coding
from zhreport.coding.sample import JUDGED, NOUNS
from zhreport.coding.statistics import ONE_SIDED, Coefficient, gwet_ac1, nominal_alpha, wilson

__all__ = ["Agreement", "Disagreement", "FieldScore", "agreement", "written"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldScore:
    """How right a field is, and how much the coders agree on that.

    Attributes:
        field: one of `JUDGED`, or `record`: all of them.
        items: records that at least one coder judged. Fields but the first one and record are judged where
            the first one is right.
        precision: share of right ones, weighted by stratum; where coders differ, the mean of their
            judgements counts. None if nothing was judged.
        low, high: its 95 % interval (Wilson), None likewise.
        by_coder: coder → precision, None where it judged nothing.
        both: records that two or more coders judged.
        agreed: share of these on which all of them agree, None if there are none.
        alpha: Krippendorff's alpha, None where it is not defined (one coder, or only one value in use).
        ac1: Gwet's AC1, None where it is not defined (one coder).
    """

    field: str
    items: int
    precision: float | None
    low: float | None
    high: float | None
    by_coder: dict[str, float | None]
    both: int
    agreed: float | None
    alpha: Coefficient | None
    ac1: Coefficient | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """A field of a record on which coders differ.

    Attributes:
        id, doc, sentence: of the record, which stands in 【】.
        field: the field.
        shown: what the coders saw of it.
        judgements: coder → right or not; those who did not judge it are left out.
        comments: coder → comment, where there is one.
    """

    id: str
    doc: str
    sentence: str
    field: str
    shown: str
    judgements: dict[str, bool]
    comments: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """What the coding of a sample says.

    Attributes:
        records: what was judged: a key of `JUDGED`.
        coders: who coded.
        items: how many are in the sample.
        population: how many it was drawn from.
        fields: a score for each field, and for the record.
        disagreements: by record and field.
        notes: what to know about the figures.
    """

    records: str
    coders: tuple[str, ...]
    items: int
    population: int
    fields: tuple[FieldScore, ...]
    disagreements: tuple[Disagreement, ...]
    notes: tuple[str, ...]

    def text(self) -> str:
        """All of it to read, a line for each field, note and disagreement."""
        head = (
            f"{'field':10}{'judged':>7}{'precision':>11}{'95 % interval':>16}{'agreed':>8}"
            f"{'alpha':>9}{'95 % interval':>16}{'AC1':>9}{'95 % interval':>16}"
        )
        drawn = f"{self.items} of {self.population} {NOUNS[self.records]}"
        lines = [f"{drawn}, coded by {', '.join(self.coders)}", "", head]
        for f in self.fields:
            interval = "–" if f.low is None else f"{_number(f.low)}–{_number(f.high)}"
            lines.append(
                f"{f.field:10}{f.items:>7}{_number(f.precision):>11}{interval:>16}{_number(f.agreed):>8}"
                f"{written(f.alpha)}{written(f.ac1)}"
            )
            if len(self.coders) > 1:
                each = "  ".join(f"{coder}: {_number(p)}" for coder, p in f.by_coder.items())
                lines.append(f"{'':10}{each}")
        lines += ["", *self.notes, "", f"{len(self.disagreements)} disagreements"]
        for d in self.disagreements:
            votes = ", ".join(
                f"{coder}: {'1' if right else '0'}"
                + (f" ({d.comments[coder]})" if coder in d.comments else "")
                for coder, right in d.judgements.items()
            )
            lines.append(f"{d.id} {d.doc}  {d.field} {d.shown!r}: {votes}")
            lines.append(f"    {d.sentence}")
        return "\n".join(lines) + "\n"


def written(found: Coefficient | None) -> str:
    """A coefficient with its interval, in 25 columns."""
    if found is None:
        return f"{'–':>9}{'–':>16}"
    return f"{found.value:>9.3f}{f'{found.low:.3f}–{found.high:.3f}':>16}"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def agreement(coding: Coding) -> Agreement:
    """Precision by field with 95 % intervals, Krippendorff's alpha, Gwet's AC1, and the disagreements.

    A record stands for population / sampled ones of its stratum. The interval is Wilson's with the effective
    sample size (Σw)² / Σw² of these weights (Kish 1965, Survey Sampling), and takes the population for
    infinite; a note gives the factor by which it is narrower for the sampled reports alone.

    Args:
        coding: from `read_sheets`.
    """
    fields = JUDGED[coding.records]
    weights = {s.name: s.population / s.sampled for s in coding.strata if s.sampled}
    population = sum(s.population for s in coding.strata)
    scores = tuple(_score(field, coding, weights) for field in (*fields, "record"))
    differing = []
    for item in coding.items:
        for field in fields:
            given = {coder: _judgement(item, coder, field, fields) for coder in item.judgements}
            votes = {coder: right for coder, right in given.items() if right is not None}
            if len(set(votes.values())) > 1:
                differing.append(
                    Disagreement(
                        id=item.id,
                        doc=item.doc,
                        sentence=item.sentence,
                        field=field,
                        shown=item.shown[field],
                        judgements=votes,
                        comments=item.comments,
                    )
                )
    return Agreement(
        records=coding.records,
        coders=coding.coders,
        items=len(coding.items),
        population=population,
        fields=scores,
        disagreements=tuple(differing),
        notes=tuple(_notes(coding, population, scores)),
    )


def _judgement(item: Coded, coder: str, field: str, fields: Sequence[str]) -> bool | None:
    """What a coder says of a field, or of the record: wrong if a field is, right if all are."""
    given = item.judgements[coder]
    if field != "record":
        return given[field] if field == fields[0] or given[fields[0]] else None
    if False in given.values():
        return False
    return None if None in given.values() else True


def _score(field: str, coding: Coding, weights: dict[str, float]) -> FieldScore:
    fields = JUDGED[coding.records]
    votes = [[_judgement(item, coder, field, fields) for coder in coding.coders] for item in coding.items]
    weight = [weights.get(item.stratum, 1.0) for item in coding.items]
    means = [
        fmean(v for v in row if v is not None) if any(v is not None for v in row) else None for row in votes
    ]
    precision, size = _weighted(means, weight)
    low, high = (None, None) if precision is None else wilson(precision, size)
    paired = [{v for v in row if v is not None} for row in votes if sum(v is not None for v in row) > 1]
    return FieldScore(
        field=field,
        items=sum(mean is not None for mean in means),
        precision=precision,
        low=low,
        high=high,
        by_coder={
            coder: _weighted([row[i] for row in votes], weight)[0] for i, coder in enumerate(coding.coders)
        },
        both=len(paired),
        agreed=fmean(len(values) == 1 for values in paired) if paired else None,
        alpha=nominal_alpha(votes),
        ac1=gwet_ac1(votes, (True, False)),
    )


def _weighted(values: Sequence[float | None], weights: Sequence[float]) -> tuple[float | None, float]:
    """The weighted mean of the values that are there, and their effective number."""
    there = [(float(v), w) for v, w in zip(values, weights, strict=True) if v is not None]
    if not there:
        return None, 0.0
    total = sum(w for _, w in there)
    return sum(v * w for v, w in there) / total, total * total / sum(w * w for _, w in there)


def _notes(coding: Coding, population: int, scores: Sequence[FieldScore]) -> Iterable[str]:
    n, noun = len(coding.items), NOUNS[coding.records]
    if n >= population:
        yield (
            f"All {noun} of the reports were coded: for these reports the precision is exact; the intervals "
            "are for reports like them."
        )
    else:
        factor = sqrt((population - n) / (population - 1))
        yield (
            f"The sample is {n / population:.1%} of the {noun}. The intervals are for reports like these; "
            f"for these reports alone they are narrower by the factor {factor:.2f} (finite population)."
        )
    yield (
        f"Precision says how right the {noun} are that were found; what was missed (recall) is not in it: "
        "for that, let coders find them without ours (zhreport sheet --blind)."
    )
    if len(coding.coders) < 2:
        yield "One coder: agreement and alpha need a second one."
    elif any(s.both for s in scores):
        yield ONE_SIDED
        if any(s.both and s.alpha is None for s in scores):
            yield "Alpha is not defined where all judgements are the same."
