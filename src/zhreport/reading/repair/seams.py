"""Which beginning goes on where a text breaks off, by two small networks.

One reads the last characters before a place, the other the first ones behind it. The product of their vectors
is how much likelier both belong together than any others of the text, as log odds up to a constant. They
learn to tell the two sides of a place from those of other places of the same report (van den Oord, Li and
Vinyals 2018, Representation learning with contrastive predictive coding).
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Final

from zhreport.reading.repair.counts import BORDER, FACTOR, import_numpy

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["BUCKETS", "GRAMS", "WINDOW", "Seams", "Tower", "before", "behind"]

#: Characters that are read on each side.
WINDOW: Final = 16
#: n-grams that are read as one: the place of the first character, counted from the seam, and their length.
GRAMS: Final = ((0, 2), (1, 2), (2, 2), (3, 2), (0, 3))
_BITS: Final = 13
#: n-grams share so many rows, by hash.
BUCKETS: Final = 1 << _BITS


def before(codes: "NDArray[Any]", at: "NDArray[Any]") -> "NDArray[Any]":
    """The characters before places, the nearest first; borders where the paragraph has begun.

    Args:
        codes: of a text whose paragraphs stand between borders.
        at: the places.

    Returns:
        Of the shape (places, WINDOW).
    """
    return _side(codes, at[:, None] - 1 - import_numpy().arange(WINDOW))


def behind(codes: "NDArray[Any]", at: "NDArray[Any]") -> "NDArray[Any]":
    """The characters behind places, the nearest first; borders where the paragraph has ended. As `before`."""
    return _side(codes, at[:, None] + import_numpy().arange(WINDOW))


def _side(codes: "NDArray[Any]", places: "NDArray[Any]") -> "NDArray[Any]":
    np = import_numpy()
    found: NDArray[Any] = codes[np.clip(places, 0, len(codes) - 1)]
    over = (places < 0) | (places >= len(codes)) | (found == BORDER)
    found[np.logical_or.accumulate(over, axis=1)] = BORDER
    return found


@dataclass(slots=True, kw_only=True)
class Tower:
    """One side: characters and n-grams as vectors, a hidden layer, and the vector of the side.

    Attributes:
        characters: of the shape (known characters + 1, size); the first row is that of unknown ones.
        grams: of the shape (BUCKETS, size).
        hidden, hidden_bias: the hidden layer.
        out, out_bias: the vector of the side.
    """

    characters: "NDArray[Any]"
    grams: "NDArray[Any]"
    hidden: "NDArray[Any]"
    hidden_bias: "NDArray[Any]"
    out: "NDArray[Any]"
    out_bias: "NDArray[Any]"

    def forward(
        self, ids: "NDArray[Any]", grams: "NDArray[Any]"
    ) -> "tuple[NDArray[Any], NDArray[Any], NDArray[Any]]":
        """Input, hidden layer and vectors of places, from the rows of their characters and n-grams."""
        np = import_numpy()
        rows = len(ids)
        x = np.hstack([self.characters[ids].reshape(rows, -1), self.grams[grams].reshape(rows, -1)])
        hidden = np.maximum(x @ self.hidden + self.hidden_bias, 0.0)
        return x, hidden, hidden @ self.out + self.out_bias


class Seams:
    """Both sides.

    Args:
        known: codes of characters, rising.
        tail: reads what stands before a place.
        head: reads what stands behind it.
    """

    def __init__(self, known: "NDArray[Any]", tail: Tower, head: Tower) -> None:
        self.known = known
        self.tail = tail
        self.head = head

    def rows(self, codes: "NDArray[Any]") -> "tuple[NDArray[Any], NDArray[Any]]":
        """The rows of characters and of n-grams for the characters of places."""
        np = import_numpy()
        at = np.searchsorted(self.known, codes)
        at[at == len(self.known)] = 0
        ids = np.where(self.known[at] == codes, at + 1, 0)
        mixed = ids.astype(np.uint64) + np.uint64(1)
        factor = np.uint64(FACTOR)
        grams = []
        for first, length in GRAMS:
            hashes = np.zeros(len(ids), dtype=np.uint64)
            for place in range(first, first + length):
                hashes = (hashes + mixed[:, place]) * factor
            grams.append((hashes >> np.uint64(64 - _BITS)).astype(np.int64))
        return ids, np.stack(grams, axis=1)

    def scores(self, codes: "NDArray[Any]", ends: "NDArray[Any]", starts: "NDArray[Any]") -> "NDArray[Any]":
        """How well what stands behind each start goes with what stands before each end.

        Args:
            codes: of the text.
            ends: places behind the tails.
            starts: places of the heads.

        Returns:
            Of the shape (ends, starts).
        """
        tails = self.tail.forward(*self.rows(before(codes, ends)))[2]
        heads = self.head.forward(*self.rows(behind(codes, starts)))[2]
        found: NDArray[Any] = (tails @ heads.T).astype(import_numpy().float64)
        return found

    # -- files

    def arrays(self) -> "dict[str, NDArray[Any]]":
        """What a file holds, by name."""
        found = {"known": self.known}
        for side, tower in (("tail", self.tail), ("head", self.head)):
            for field in fields(Tower):
                found[f"{side}_{field.name}"] = getattr(tower, field.name).astype("<f2")
        return found

    @classmethod
    def from_arrays(cls, arrays: "Mapping[str, NDArray[Any]]") -> "Seams":
        """From what `arrays` gave.

        Raises:
            KeyError: an array is missing.
            ValueError: their shapes do not fit.
        """
        towers = [
            Tower(**{f.name: arrays[f"{side}_{f.name}"].astype("<f4") for f in fields(Tower)})
            for side in ("tail", "head")
        ]
        seams = cls(arrays["known"], *towers)
        for tower in towers:
            size = tower.characters.shape[-1]
            shapes = {
                "characters": (len(seams.known) + 1, size),
                "grams": (BUCKETS, size),
                "hidden": ((WINDOW + len(GRAMS)) * size, len(tower.hidden_bias)),
                "out": (len(tower.hidden_bias), len(towers[0].out_bias)),
            }
            for name, shape in shapes.items():
                if getattr(tower, name).shape != shape:
                    raise ValueError(f"array {name} has the shape {getattr(tower, name).shape}, not {shape}")
        return seams
