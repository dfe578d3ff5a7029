"""Breaks of a text, the joins that mend them, and the order of the paragraphs after that."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from zhreport.reading.repair.counts import import_numpy
from zhreport.reading.repair.features import PAIR_FEATURES, Lines
from zhreport.reading.repair.trained import ContinuityModel, default_model, logistic

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Break", "Join", "find_breaks", "joined_order", "propose_joins"]

_IMPOSSIBLE: Final = -30.0
_BREAK: Final = 0.5  # the least score of a break that is reported
_SURE: Final = 0.9  # the least score of a break behind which nothing is moved along
_QUIET: Final = (1.0, -1.0)  # log odds: a text without any likelier tail, or head, has nothing to join
# The least score of a join that is beyond doubt: some two in a hundred are wrong in shuffled reports.
CERTAIN: Final = 0.78
_ALONE: Final = (
    0.9  # the least score of a certain join that is the only one, or the only one of paragraphs apart
)
_LEAST: Final = 0.1  # the least probability of a join that is proposed


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """A place where the text breaks off, or begins in the middle of a sentence.

    Attributes:
        paragraph: index of the paragraph.
        side: `tail` (it ends in mid-sentence) or `head` (it begins in mid-sentence).
        at: code point of the text: the end or the start of the paragraph.
        score: how sure, 0 to 1.
    """

    paragraph: int
    side: str
    at: int
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Join:
    """The paragraph `head` goes on where the paragraph `tail` breaks off.

    Attributes:
        tail, head: indices of the paragraphs.
        score: the probability that this is so.
        certain: beyond doubt.
    """

    tail: int
    head: int
    score: float
    certain: bool


def find_breaks(
    text: str,
    paragraphs: Sequence[tuple[int, int]],
    model: ContinuityModel | None = None,
    folded: str | None = None,
) -> tuple[Break, ...]:
    r"""The places where paragraphs end or begin in mid-sentence, in the order of the text.

    Args:
        text: the text as read.
        paragraphs: half-open code points of each paragraph, in order, without the white space around it.
        model: the one of the package by default.
        folded: the folded text, if it is at hand.

    >>> text = "全市粮食产量稳步增长，农村居民人均可支配收\n入增长7.5%，城乡差距继续缩小。"
    >>> [(b.paragraph, b.side, b.at) for b in find_breaks(text, [(0, 21), (22, 38)])]
    [(0, 'tail', 21), (1, 'head', 22)]
    """
    if not paragraphs:
        return ()
    return tuple(_breaks(paragraphs, *(model or default_model()).breaks(Lines(text, paragraphs, folded))))


def _breaks(paragraphs: Sequence[tuple[int, int]], tail: "NDArray[Any]", head: "NDArray[Any]") -> list[Break]:
    found = []
    tails, heads = logistic(tail).tolist(), logistic(head).tolist()
    for i, (start, end) in enumerate(paragraphs):
        for side, at, score in (("head", start, heads[i]), ("tail", end, tails[i])):
            if score >= _BREAK:
                found.append(Break(paragraph=i, side=side, at=at, score=round(score, 4)))
    return found


def propose_joins(
    text: str,
    paragraphs: Sequence[tuple[int, int]],
    model: ContinuityModel | None = None,
    folded: str | None = None,
) -> tuple[Join, ...]:
    r"""Which paragraph goes on where another one breaks off: tails and heads at most once, no circles.

    Args:
        text: the text as read.
        paragraphs: half-open code points of each paragraph, in order, without the white space around it.
        model: the one of the package by default.
        folded: the folded text, if it is at hand.

    Returns:
        Joins in the order of their tails; a break without a likely counterpart is left alone.

    >>> text = "全市粮食产量稳步增长，农村居民人均可支配收\n入增长7.5%，城乡差距继续缩小。"
    >>> [(join.tail, join.head) for join in propose_joins(text, [(0, 21), (22, 38)])]
    [(0, 1)]
    """
    if len(paragraphs) < 2:
        return ()
    model = model or default_model()
    lines = Lines(text, paragraphs, folded)
    tail, head = model.breaks(lines, quick=True)
    if tail.max() < _QUIET[0] or head.max() < _QUIET[1]:
        return ()
    tails, heads = model.candidates(tail, head)
    if not len(tails) or not len(heads):
        return ()
    pairs = lines.pairs(tails, heads, tail, head, model.counts, model.topics, model.seams)
    import_numpy().putmask(scores := model.scores(pairs), lines.impossible(tails, heads), _IMPOSSIBLE)
    probabilities = model.probabilities(scores, tail[tails], head[heads])
    chosen = _assign(probabilities)
    # A heading, or the next line of a sound text, is glued on only where the seam itself shows it.
    word = pairs[:, :, PAIR_FEATURES.index("word_across")] > 0
    apart = heads[None] != tails[:, None] + 1
    seam = word | ((apart | (head[heads] > 0)) & ~lines.like_headings(tails)[:, None])
    joins = [
        Join(
            tail=int(tails[i]),
            head=int(heads[j]),
            score=round(float(probabilities[i, j]), 4),
            certain=bool(seam[i, j] and probabilities[i, j] >= CERTAIN),
        )
        for i, j in chosen
    ]
    # where order is lost it is lost in more places than one
    certain = [join for join in joins if join.certain]
    apart = [join for join in certain if join.head != join.tail + 1]
    alone = next((found[0] for found in (apart, certain) if len(found) == 1), None)
    if alone is not None and alone.score < _ALONE:
        joins[joins.index(alone)] = replace(alone, certain=False)
    return tuple(_without_circles(joins, len(paragraphs)))


def _assign(probabilities: "NDArray[Any]") -> list[tuple[int, int]]:
    """The likeliest set of pairs in which no row and no column stands twice."""
    np = import_numpy()
    held = np.clip(probabilities, 1e-9, 1 - 1e-9)
    gain = np.maximum(np.log(held / (1 - held)) - np.log(_LEAST / (1 - _LEAST)), 0.0)
    rows, columns = gain.nonzero()
    if len(np.unique(rows)) < len(rows) or len(np.unique(columns)) < len(columns):
        from scipy.optimize import linear_sum_assignment  # noqa: PLC0415 - slow to load, and few texts need it

        rows, columns = linear_sum_assignment(-gain)
    return [(i, j) for i, j in zip(rows.tolist(), columns.tolist(), strict=True) if gain[i, j] > 0]


def _without_circles(joins: Sequence[Join], count: int) -> list[Join]:
    """Joins without the weakest of each circle: a sentence cannot go on where it began."""
    root = list(range(count))

    def find(i: int) -> int:
        while root[i] != i:
            i = root[i]
        return i

    kept = []
    for join in sorted(joins, key=lambda join: (-join.score, join.tail)):
        tail, head = find(join.tail), find(join.head)
        if tail != head:
            root[head] = tail
            kept.append(join)
    return sorted(kept, key=lambda join: join.tail)


def joined_order(
    count: int, joins: Sequence[Join], breaks: Sequence[Break] = (), headings: Collection[int] = ()
) -> list[list[int]]:
    """The order in which paragraphs are to be read, those that become one paragraph put together.

    A head is moved behind its tail together with the paragraphs that follow it, up to the next break; all
    else stays in the order of the text. Where that leads in a circle, a column ended with a whole paragraph,
    and a new one is taken to begin at a heading.

    Args:
        count: paragraphs of the text.
        joins: those to be carried out, as `propose_joins` gives them.
        breaks: further ends of pieces, as `find_breaks` gives them; those in doubt are passed over.
        headings: the paragraphs that are headings.

    Returns:
        Every paragraph once: each paragraph of the mended text as the indices of what it is made of.

    >>> joins = [Join(tail=1, head=3, score=1.0, certain=True)]
    >>> joined_order(6, joins, [Break(paragraph=4, side="tail", at=0, score=1.0)])
    [[0], [1, 3], [4], [2], [5]]
    >>> joined_order(4, [Join(tail=3, head=0, score=1.0, certain=True)], headings=[2])
    [[2], [3, 0], [1]]
    """
    behind = {join.tail: join.head for join in _without_circles(joins, count)}
    heads = set(behind.values())
    cuts = {0, count} | heads | {tail + 1 for tail in behind}
    cuts |= {b.paragraph + (b.side == "tail") for b in breaks if b.score >= _SURE}
    while True:
        pieces = {a: range(a, b) for a, b in pairwise(sorted(cuts))}
        order: list[list[int]] = []
        for start in sorted(pieces.keys() - heads):
            piece = pieces.pop(start)
            order += [[i] for i in piece]
            while piece[-1] in behind:
                piece = pieces.pop(behind[piece[-1]])
                order[-1].append(piece[0])
                order += [[i] for i in piece[1:]]
        if not pieces:
            return order
        # what is left leads in a circle, and not all of it are single paragraphs
        inside = [i for piece in pieces.values() for i in piece[1:]]
        cuts.add(max((i for i in inside if i in headings), default=inside[0]))
