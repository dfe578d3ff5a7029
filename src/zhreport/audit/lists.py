"""Lists in sentences: a total and what is among it, figures and their sum."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations, pairwise
from typing import Final

from zhreport.audit.figures import Figure
from zhreport.audit.interval import joined
from zhreport.audit.lookup import Lookup

__all__ = ["MOST", "SLIP", "adds", "begun", "contexts", "is_level", "list_before", "lists", "slip"]

#: Parts that miss their total by more were never meant to be all of it.
SLIP: Final = Fraction(1, 10)
#: Up to so many parts every choice of them is tried.
_CHOICES: Final = 8
#: Figures of a list.
MOST: Final = 40


def contexts(report: Lookup) -> dict[int, str]:
    """Of parts of a total that is no whole of theirs by definition, that total, by the place of the part.

    其中出口5亿元 behind 对东盟进出口总额 are not the exports of the place.
    """
    sheet = report.sheet
    own = {(sheet.key(whole.total), sheet.key(part)) for whole in report.known.wholes for part in whole.parts}
    found: dict[int, str] = {}
    for total, parts in lists(report):
        keys = {part.key for part in parts if (total.key, part.key) not in own}
        inside = sheet.behind(parts[0])
        found |= {one.claim["clean_start"]: total.key for one in inside if one.key in keys}
    return found


def lists(report: Lookup) -> Iterator[tuple[Figure, list[Figure]]]:
    """Totals, each with the parts that 其中 says are among them."""
    before: Sequence[Figure] = ()
    for sentence in report.sheet.sentences:
        joins = before and before[-1].claim["paragraph"] == sentence[0].claim["paragraph"]
        figures = [*(before if joins else ()), *sentence]
        first, before = len(figures) - len(sentence), sentence
        for at in range(max(1, first), len(figures)):
            said = report.sheet.between(figures[at - 1], figures[at])
            if not report.says("among", said):
                continue
            total = next((one for one in reversed(figures[max(0, at - MOST) : at]) if is_level(one)), None)
            parts = _run(report, figures[at - 1 : at + MOST], ends="" if at == first else "；")
            if total is not None and parts and parts[0].measured == total.measured:
                yield total, parts


def is_level(figure: Figure) -> bool:
    """Is a figure a level with a number?"""
    return figure.claim["kind"] == "level" and figure.number is not None


def _run(report: Lookup, figures: Sequence[Figure], *, ends: str) -> list[Figure]:
    """The levels of a list: to its end, to the next list in it, and without what is in brackets.

    Args:
        report: that they are from.
        figures: the one before the list and those from its first on.
        ends: a mark that ends the list, if there is one.
    """
    parts: list[Figure] = []
    depth = 0
    for number, (last, figure) in enumerate(pairwise(figures)):
        said = report.sheet.between(last, figure)
        if number == 0:  # what stands before 其中 is no part of the list
            said = said[max(said.rfind(word) for word in report.known.words["among"]) :]
        elif report.says("among", said) or report.says("again", said) or (ends and ends in said):
            break
        depth += said.count("（") - said.count("）")
        if depth < 0:
            break
        if depth or figure.claim["kind"] != "level":
            continue
        if not is_level(figure) or (
            parts and (figure.measured != parts[0].measured or figure.key == parts[-1].key)
        ):
            break
        parts.append(figure)
    return parts


def slip(total: Figure, parts: Sequence[Figure]) -> bool:
    """Do parts miss their total narrowly, and no choice of them makes it up?

    What is far from a total was never meant to be it; and where some of the parts make it up, the others are
    parts of these or of something else.
    """
    added = joined(part.interval for part in parts)
    if abs(added.value - total.interval.value) > SLIP * abs(total.interval.value):
        return False
    chosen = [parts[:end] for end in range(1, len(parts))]
    if len(parts) <= _CHOICES:
        chosen = [some for size in range(1, len(parts) + 1) for some in map(list, combinations(parts, size))]
    return not any(joined(one.interval for one in some).meets(total.interval) for some in chosen)


def adds(report: Lookup, figure: Figure) -> bool:
    """Is an indicator one whose parts add up: no mean, price or rate?"""
    return not report.says("mean", figure.claim["indicator"])


def begun(report: Lookup, parts: Sequence[Figure], total: Figure) -> bool:
    """Does a list go on from a figure before it (加上…), so that the parts are not all there are?"""
    first = parts[0]
    if report.says("again", report.sheet.opening(first)):
        return True
    added = joined(part.interval for part in parts)
    earlier = report.sheet.ahead(first)
    return any(is_level(one) and (added + one.interval).meets(total.interval) for one in earlier)


def list_before(report: Lookup, figures: Sequence[Figure]) -> list[Figure]:
    """The levels of a list that a sum stands behind, back to its beginning, without what is in brackets."""
    parts: list[Figure] = []
    total, depth = figures[-1], 0
    for one, after in zip(reversed(figures[:-1]), reversed(figures[1:]), strict=True):
        said = report.sheet.between(one, after)
        depth += said.count("）") - said.count("（")
        if "；" in said or depth < 0:
            break
        if depth or one.claim["kind"] != "level":
            continue
        if not is_level(one) or one.measured != total.measured:
            break
        parts.insert(0, one)
    return parts
