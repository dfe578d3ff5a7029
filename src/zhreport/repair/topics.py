"""What a stretch of a report speaks of, from its pairs of characters (latent semantic analysis)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from zhreport.repair.counts import import_numpy

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["SLOTS", "Stretches", "Topics", "slots"]

#: Pairs of characters are counted in so many slots, by hash.
SLOTS: Final = 1 << 13


def slots(codes: "NDArray[Any]") -> "NDArray[Any]":
    """The slots of the pairs of characters of a stretch, each once."""
    np = import_numpy()
    hashes = (codes[:-1] * np.uint64(28703) + codes[1:]) * np.uint64(0x9E3779B97F4A7C15)
    found: NDArray[Any] = np.unique((hashes >> np.uint64(64 - 13)).astype(np.int64))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretches:
    """What stretches of a text are like.

    Attributes:
        pairs: rarer pairs of characters weigh more; of length 1, of the shape (stretches, SLOTS).
        vectors: topics, of length 1, of the shape (stretches, topics).
        places: where in a report they would stand, 0 to 1.
    """

    pairs: "NDArray[Any]"
    vectors: "NDArray[Any]"
    places: "NDArray[Any]"


class Topics:
    """Topics of stretches of a text.

    Deerwester et al. 1990, Indexing by latent semantic analysis.

    Args:
        idf: inverse document frequency of each slot.
        components: of the shape (topics, SLOTS).
        place: weights of the topics for the place in the report, and a constant.
    """

    def __init__(self, idf: "NDArray[Any]", components: "NDArray[Any]", place: "NDArray[Any]") -> None:
        self.idf = idf
        self.components = components
        self.place = place

    def of(self, stretches: "Sequence[NDArray[Any]]") -> Stretches:
        """What stretches, given as codes, are like."""
        np = import_numpy()
        pairs = np.zeros((len(stretches), SLOTS))
        for row, codes in zip(pairs, stretches, strict=True):
            found = slots(codes)
            row[found] = self.idf[found]
        pairs = _unit(pairs)
        vectors = pairs @ self.components.T
        return Stretches(
            pairs=pairs, vectors=_unit(vectors), places=vectors @ self.place[:-1] + self.place[-1]
        )


def _unit(rows: "NDArray[Any]") -> "NDArray[Any]":
    np = import_numpy()
    unit: NDArray[Any] = rows / np.maximum(np.sqrt((rows * rows).sum(axis=1, keepdims=True)), 1e-9)
    return unit
