"""What a stretch of a report speaks of, from its pairs of characters (latent semantic analysis)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from zhreport.reading.repair.counts import FACTOR, import_numpy

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["SLOTS", "Continuation", "Stretches", "Topics", "slots"]

_BITS: Final = 13
#: Pairs of characters are counted in so many slots, by hash.
SLOTS: Final = 1 << _BITS


def slots(codes: "NDArray[Any]") -> "NDArray[Any]":
    """The slots of the pairs of characters of a stretch, each once."""
    np = import_numpy()
    hashes = (codes[:-1] * np.uint64(28703) + codes[1:]) * np.uint64(FACTOR)
    found = (hashes >> np.uint64(64 - _BITS)).astype(np.int64)
    found.sort()
    first = np.ones(len(found), dtype=bool)
    np.not_equal(found[1:], found[:-1], out=first[1:])
    once: NDArray[Any] = found[first]
    return once


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretches:
    """What stretches of a text are like.

    Attributes:
        pairs: the slots of each stretch and their weights, of length 1; rarer pairs of characters weigh more.
        vectors: topics, of length 1, of the shape (stretches, topics).
        places: where in a report they would stand, 0 to 1.
    """

    pairs: "list[tuple[NDArray[Any], NDArray[Any]]]"
    vectors: "NDArray[Any]"
    places: "NDArray[Any]"

    def shared(self, others: "Stretches") -> "NDArray[Any]":
        """The cosines of the pairs of characters, of the shape (stretches, others)."""
        np = import_numpy()
        cosines: NDArray[Any] = np.zeros((len(self.pairs), len(others.pairs)))
        some = [at for at, (filled, _) in enumerate(others.pairs) if len(filled)]
        if not some:
            return cosines
        slot, weight = (np.concatenate([others.pairs[at][which] for at in some]) for which in (0, 1))
        ends = np.cumsum([len(others.pairs[at][0]) for at in some])
        begins = np.append(0, ends[:-1])
        row = np.zeros(SLOTS)
        for line, (filled, weights) in zip(cosines, self.pairs, strict=True):
            row[filled] = weights
            line[some] = np.add.reduceat(row.take(slot) * weight, begins)
            row[filled] = 0.0
        return cosines


@dataclass(frozen=True, slots=True, kw_only=True)
class Continuation:
    """What a stretch speaks of after another one: a linear model of the topics with normal errors.

    Attributes:
        before: the mean topics before a cut.
        behind: those behind it.
        weights: topics behind from those before, of the shape (topics, topics).
        sharp: the inverse covariance of what the weights leave open.
        alone: the inverse covariance of the topics behind.
    """

    before: "NDArray[Any]"
    behind: "NDArray[Any]"
    weights: "NDArray[Any]"
    sharp: "NDArray[Any]"
    alone: "NDArray[Any]"

    @classmethod
    def fit(cls, before: "NDArray[Any]", behind: "NDArray[Any]") -> "Continuation":
        """Learn from the topics on both sides of cuts, each of the shape (cuts, topics)."""
        np = import_numpy()
        size, unit = len(before), np.eye(before.shape[1])
        means = before.mean(axis=0), behind.mean(axis=0)
        x, y = before - means[0], behind - means[1]
        weights = np.linalg.solve(x.T @ x + 1e-4 * size * unit, x.T @ y)
        rest = y - x @ weights
        return cls(
            before=means[0],
            behind=means[1],
            weights=weights,
            sharp=np.linalg.inv(rest.T @ rest / size + 1e-5 * unit),
            alone=np.linalg.inv(y.T @ y / size + 1e-5 * unit),
        )

    def log_odds(self, before: "NDArray[Any]", behind: "NDArray[Any]") -> "NDArray[Any]":
        """How much likelier each stretch is behind each other one than anywhere, up to a constant.

        Args:
            before: of the shape (tails, topics).
            behind: of the shape (heads, topics).

        Returns:
            Of the shape (tails, heads).
        """
        expected, found = (before - self.before) @ self.weights, behind - self.behind
        pulled = expected @ self.sharp
        by_head = ((found @ (self.alone - self.sharp)) * found).sum(axis=1)
        odds: NDArray[Any] = pulled @ found.T + (by_head - (pulled * expected).sum(axis=1)[:, None]) / 2
        return odds


class Topics:
    """Topics of stretches of a text.

    Deerwester et al. 1990, Indexing by latent semantic analysis.

    Args:
        idf: inverse document frequency of each slot.
        components: of the shape (topics, SLOTS).
        place: weights of the topics for the place in the report, and a constant.
        continuation: what follows a stretch; None while it is learnt.
    """

    def __init__(
        self,
        idf: "NDArray[Any]",
        components: "NDArray[Any]",
        place: "NDArray[Any]",
        continuation: Continuation | None = None,
    ) -> None:
        np = import_numpy()
        self.idf = idf
        self.components = components
        self._columns = np.ascontiguousarray(components.T)
        self.place = place
        self.continuation = continuation

    def goes_on(self, before: Stretches, behind: Stretches) -> "NDArray[Any]":
        """The log odds of `Continuation`, of the shape (before, behind)."""
        if self.continuation is None:
            raise ValueError("topics without a continuation")
        return self.continuation.log_odds(before.vectors, behind.vectors)

    def of(self, stretches: "Sequence[NDArray[Any]]") -> Stretches:
        """What stretches, given as codes, are like."""
        np = import_numpy()
        found = [slots(codes) for codes in stretches]
        pairs = []
        vectors = np.zeros((len(found), len(self.components)))
        # few of the slots are filled: no product of whole rows, nor threads for it
        for row, filled in zip(vectors, found, strict=True):
            weights = self.idf[filled]
            weights = weights / max(float(np.sqrt((weights * weights).sum())), 1e-9)
            pairs.append((filled, weights))
            row[:] = self._columns[filled].T @ weights
        return Stretches(
            pairs=pairs, vectors=_unit(vectors), places=vectors @ self.place[:-1] + self.place[-1]
        )


def _unit(rows: "NDArray[Any]") -> "NDArray[Any]":
    np = import_numpy()
    unit: NDArray[Any] = rows / np.maximum(np.sqrt((rows * rows).sum(axis=1, keepdims=True)), 1e-9)
    return unit
