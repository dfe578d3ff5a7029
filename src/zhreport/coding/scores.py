"""Scores of blind coding: precision and recall of our records, and how much the coders agree."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from zhreport.coding.agreement import written
from zhreport.coding.blind import BlindCoding
from zhreport.coding.cells import CELL
from zhreport.coding.passages import Passage, Span
from zhreport.coding.statistics import ONE_SIDED, Coefficient, gwet_ac1, nominal_alpha, wilson

__all__ = ["BlindScores", "Difference", "Scored", "Share", "blind_scores"]

_Same = Callable[[Span, Span], bool]
_BEGINNING: Final = 120  # characters of a passage


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A share.

    Attributes:
        hits, of: so many of so many.
        value: the share, None of none.
        low, high: its 95 % interval (Wilson), None likewise.
    """

    hits: int
    of: int
    value: float | None
    low: float | None
    high: float | None

    def text(self) -> str:
        """As a line shows it."""
        if self.value is None:
            return "– (0 of 0)"
        return f"{self.value:.3f} [{self.low:.3f}–{self.high:.3f}] ({self.hits} of {self.of})"


def _share(hits: int, of: int) -> Share:
    low, high = wilson(hits / of, of) if of else (None, None)
    return Share(hits=hits, of=of, value=hits / of if of else None, low=low, high=high)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """Records of one side held against those of the other.

    Attributes:
        against: a coder, or `all coders`: what they agree on, the rest counting neither way.
        how: `exact` (the same place and kind), or `overlap` (they share a character). Of cells `exact`
            (number, unit and relation), `value` (number and unit), or `stated` (any figure).
        precision: of our records, those that the coder has.
        recall: of the coder's records, those that we have.
    """

    against: str
    how: str
    precision: Share
    recall: Share


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A record that not everybody found.

    Attributes:
        id, doc: of the passage.
        start, end: in the passage.
        text, kind: of the record.
        found: who found it just so: coders, and `zhreport`.
        missed: who did not.
        sentence: around it, the record in 【】.
    """

    id: str
    doc: str
    start: int
    end: int
    text: str
    kind: str
    found: tuple[str, ...]
    missed: tuple[str, ...]
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BlindScores:
    """What blind coding says.

    Attributes:
        records: what was looked for.
        coders: who coded.
        passages, population: how many were coded, and drawn from.
        scores: against each coder and all of them, exact and by overlap.
        between: of two coders or more, the first held against each other one.
        units: sentences (of themes and cells: passages) that alpha and AC1 count.
        agreed: share of these on which all coders agree, None of one coder.
        alpha, ac1: agreement of the coders on which kinds a sentence has, or which figures a cell; None where
            it is not defined.
        differences: what not everybody found.
    """

    records: str
    coders: tuple[str, ...]
    passages: int
    population: int
    scores: tuple[Scored, ...]
    between: tuple[Scored, ...]
    units: int
    agreed: float | None
    alpha: Coefficient | None
    ac1: Coefficient | None
    differences: tuple[Difference, ...]

    def text(self) -> str:
        """All of it to read."""
        unit = "cells" if self.records == "panel" else "passages"
        lines = [
            f"{self.passages} of {self.population} {unit}, {self.records} found by " + ", ".join(self.coders),
            "",
        ]
        for s in self.scores:
            lines.append(f"zhreport against {s.against}, {s.how}")
            lines.append(f"    precision {s.precision.text()}")
            lines.append(f"    recall    {s.recall.text()}")
        for s in self.between:
            lines.append(f"{self.coders[0]} against {s.against}, {s.how}")
            lines.append(f"    has also  {s.recall.text()}, is also had {s.precision.text()}")
        if len(self.coders) > 1:
            counted = unit if self.records in ("themes", "panel") else "sentences"
            what = "figures" if self.records == "panel" else "kinds"
            lines += [
                "",
                f"coders on the {what} in {self.units} {counted}",
                f"agreed{'–' if self.agreed is None else f'{self.agreed:8.3f}'}",
                f"alpha{written(self.alpha)}",
                f"AC1  {written(self.ac1)}",
                ONE_SIDED,
            ]
        lines += ["", f"{len(self.differences)} differences"]
        for d in self.differences:
            lines.append(
                f"{d.id} {d.doc}  {d.kind} {d.text!r}: {', '.join(d.found)}; not {', '.join(d.missed)}"
            )
            lines.append(f"    {d.sentence}")
        return "\n".join(lines) + "\n"


def blind_scores(coding: BlindCoding) -> BlindScores:
    """Precision and recall of our records against what coders found without seeing them.

    What a coder marked as not sure, and what not all coders found, is neither right nor wrong, neither missed
    nor found, in the scores against it or against all of them. Intervals are Wilson's, those of alpha and AC1
    from the jackknife; they take records and sentences for independent of each other.

    Args:
        coding: from `read_blind`.
    """
    sample, coders = coding.sample, coding.coders
    ways = _WAYS[sample.records]
    scores, between = [], []
    for how, same in ways:
        sides = {coder: coding.found[coder] for coder in coders}
        if len(coders) > 1:
            sides["all coders"] = {p.id: _agreed(p, coding, same) for p in sample.passages}
        ours = {p.id: p.records for p in sample.passages}
        scores += [_scored(ours, theirs, name, how, same) for name, theirs in sides.items()]
        first = coding.found[coders[0]]
        between += [_scored(first, coding.found[name], name, how, same) for name in coders[1:]]
    units = [unit for p in sample.passages for unit in _units(p, coding)]
    return BlindScores(
        records=sample.records,
        coders=coders,
        passages=len(sample.passages),
        population=sample.population,
        scores=tuple(scores),
        between=tuple(between),
        units=len(units),
        agreed=sum(len(set(unit)) == 1 for unit in units) / len(units) if len(coders) > 1 and units else None,
        alpha=nominal_alpha(units) if len(coders) > 1 else None,
        ac1=gwet_ac1(units) if len(coders) > 1 else None,
        differences=tuple(d for p in sample.passages for d in _differences(p, coding)),
    )


def _key(span: Span) -> tuple[int, int, str, str]:
    return span.start, span.end, span.kind, span.text


def _exact(one: Span, other: Span) -> bool:
    return _key(one) == _key(other)


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _value(one: Span, other: Span) -> bool:
    return one.text == other.text


#: How records are held against each other, the strictest first.
_WAYS: Final[Mapping[str, tuple[tuple[str, _Same], ...]]] = {
    "claims": (("exact", _exact), ("overlap", _overlap)),
    "campaigns": (("exact", _exact), ("overlap", _overlap)),
    "themes": (("exact", _exact),),
    "panel": (("exact", _exact), ("value", _value), ("stated", _overlap)),
}


def _has(spans: Iterable[Span], one: Span, same: _Same) -> bool:
    return any(same(one, other) for other in spans)


def _agreed(passage: Passage, coding: BlindCoding, same: _Same) -> tuple[Span, ...]:
    """What coders found, those on which not all agree marked as not sure."""
    sides = [coding.found[coder][passage.id] for coder in coding.coders]
    everything = {_key(s): s for side in sides for s in side}.values()
    kept: list[Span] = []
    for span in everything:
        sure = span.sure and all(_has(side, span, same) for side in sides)
        if not (sure and _has((one for one in kept if one.sure), span, same)):  # else it is one of these
            kept.append(replace(span, sure=sure))
    return tuple(kept)


def _scored(
    ours: dict[str, tuple[Span, ...]], theirs: dict[str, tuple[Span, ...]], name: str, how: str, same: _Same
) -> Scored:
    right = judged = found = wanted = 0
    for key, own in ours.items():
        sure = [span for span in theirs[key] if span.sure]
        unsure = [span for span in theirs[key] if not span.sure]
        for span in (span for span in own if span.sure):
            if _has(sure, span, same):
                right += 1
                judged += 1
            elif not _has(unsure, span, _overlap):
                judged += 1
        found += sum(_has(own, span, same) for span in sure)
        wanted += len(sure)
    return Scored(against=name, how=how, precision=_share(right, judged), recall=_share(found, wanted))


def _units(passage: Passage, coding: BlindCoding) -> Iterable[Sequence[str]]:
    """What each coder says of each sentence: the kinds that begin in it; of each cell: the figures."""
    for start, end in passage.sentences if coding.sample.records != "themes" else [(0, len(passage.text))]:
        yield [
            " ".join(
                sorted({_said(s, passage) for s in coding.found[coder][passage.id] if start <= s.start < end})
            )
            or "-"
            for coder in coding.coders
        ]


def _said(span: Span, passage: Passage) -> str:
    return f"{span.text} {span.kind}" if passage.cell else span.kind


def _differences(passage: Passage, coding: BlindCoding) -> Iterable[Difference]:
    sides = {coder: coding.found[coder][passage.id] for coder in coding.coders} | {
        "zhreport": passage.records
    }
    spans = {_key(s): s for side in sides.values() for s in side}
    for _, span in sorted(spans.items()):
        found = tuple(name for name, side in sides.items() if _has(side, span, _exact))
        if len(found) == len(sides):
            continue
        yield Difference(
            id=passage.id,
            doc=passage.doc,
            start=span.start,
            end=span.end,
            text=span.text,
            kind=span.kind,
            found=found,
            missed=tuple(name for name in sides if name not in found),
            sentence=" ".join(_sentence(span, passage).split()),
        )


def _sentence(span: Span, passage: Passage) -> str:
    """What stands around a record; of a cell, what it is and the sentence that says it."""
    if passage.cell:
        return f"{' '.join(passage.cell[name] for name in CELL)}: {span.sentence}"
    if not span.text:
        return passage.text[:_BEGINNING]
    start, end = next((s for s in passage.sentences if s[0] <= span.start < s[1]), (0, len(passage.text)))
    return f"{passage.text[start : span.start]}【{span.text}】{passage.text[span.end : max(end, span.end)]}"
