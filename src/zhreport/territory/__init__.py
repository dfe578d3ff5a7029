"""Territory: whose figure a claim is, where it is not that of the report's own place.

A figure belongs to the place that its clause begins with (`全国粮食产量增长2%`, `浦东新区增长5%`), and so do
those that go on from it in a list, until the report's own place is named (`我市`, `全市`) or the list ends.
Among whom a place ranks (`居全省第3位`), with whom it is compared (`高于全国`), of what it is a share
(`占全国的3%`) and where something is done (`在上海设立`) say nothing of that: the figure is the report's own.
What a public body does or says is of its place; what a company or a person does is of none. In a list
of places with 分别 each has its own figure; a paragraph of a budget is of the place that it begins with.
Places are known by the tables of regions; where these are not installed, only 全国, 全省 and the like,
regions across provinces, zones and towns are seen.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Final, NamedTuple

from zhreport.claims import Claim
from zhreport.document import Document
from zhreport.territory.clauses import OWNERS, Clause, Figure, clauses_of, place_before
from zhreport.territory.names import Named, Names

__all__ = ["OWNERS", "Clause", "Named", "Names", "Owned", "clauses", "placed", "whose"]


class Owned(NamedTuple):
    """Whose a figure is.

    Attributes:
        place: as written, "" for the report's own place.
        code: its six digits (GB/T 2260), "" if there is none or it is not clear which.
        rule: the rule that decided, "" where nothing speaks of another place.
    """

    place: str = ""
    code: str = ""
    rule: str = ""


_NOBODY: Final = Owned()
_BUDGET: Final = "预算报告"  # of which a paragraph is the budget of one place
_FAR: Final = 400  # characters before a sentence in which 该县 looks for its name


def placed(document: Document, claims: Sequence[Claim]) -> tuple[Claim, ...]:
    """The claims of a document with the place that each is of.

    Args:
        document: the report.
        claims: of it, in its order.
    """
    return tuple(
        replace(claim, place=owned.place, place_code=owned.code, place_rule=owned.rule)
        if owned.rule
        else claim
        for claim, owned in zip(claims, whose(document, claims), strict=True)
    )


def whose(document: Document, claims: Sequence[Claim]) -> list[Owned]:
    """Whose each of the claims of a document is; arguments as for `placed`."""
    found: dict[int, Owned] = {}
    for clause, rule, start in clauses(document, claims):
        for figure in clause.figures:
            held = clause.dealt.get(figure.start, clause.holder)
            decided = rule or (place_before.__name__ if figure.start in clause.dealt else "")
            own = Owned("", "", decided) if held.own else Owned(held.text, held.code, decided)
            found[start + figure.start] = own if decided else _NOBODY
    return [found.get(claim.start, _NOBODY) for claim in claims]


def clauses(document: Document, claims: Iterable[Claim]) -> Iterator[tuple[Clause, str, int]]:
    """The clauses of sentences with claims, the rule that decided, and where the sentence begins."""
    if not claims:
        return
    metadata = document.metadata
    names = Names(
        metadata.region,
        document.year.value,
        document.folded,
        news=not (metadata.genre.value or metadata.body.value),
    )
    for index, of_paragraph in groupby(claims, key=lambda claim: claim.paragraph):
        mine = list(of_paragraph)
        at, opens = 0, metadata.genre.value == _BUDGET
        names.opened = None
        for start, end in document.sentences(document.paragraphs[index]):
            figures = []
            while at < len(mine) and mine[at].start < end:
                claim = mine[at]
                figures.append(
                    Figure(claim.start - start, claim.end - start, claim.kind, claim.dimension, claim.action)
                )
                at += 1
            if figures:
                text = document.folded[start:end]
                names.told = document.folded[max(start - _FAR, 0) : start]
                found = clauses_of(text, figures, names)
                yield from ((clause, rule, start) for clause, rule in found)
                if opens:
                    names.opened = _opener([clause for clause, _ in found])
                elif any(clause.named is not None for clause, _ in found):
                    names.opened = None
            opens = False


def _opener(clauses: Sequence[Clause]) -> Named | None:
    """The place that the first sentence of a paragraph begins with, if its first figure is that place's."""
    named = clauses[0].named
    first = next(clause for clause in clauses if clause.figures)
    if named is None or named.own or named.wide or not named.sure:
        return None
    return named if first.holder == named else None
