"""Counts of character n-grams, by hash, and the probability of a character after others.

Only hashes and counts are kept, so that a file of them holds no text.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from string import ascii_letters, digits
from typing import TYPE_CHECKING, Any, Final

from zhreport.model_files import import_numpy

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["BORDER", "FACTOR", "ORDER", "Counts", "encode", "import_numpy", "log_probabilities", "spans"]

#: The longest n-gram.
ORDER: Final = 5
#: Code of the border between two paragraphs.
BORDER: Final = 10
# Digits are alike, and so are Latin letters: 1,862.4 is as good a number as 2,795.3.
_ALIKE: Final = tuple(
    ord("0") if chr(code) in digits else ord("A") if chr(code) in ascii_letters else code
    for code in range(128)
)
#: Of hashes: odd; the golden ratio, as in Knuth's multiplicative hashing.
FACTOR: Final = 0x9E3779B97F4A7C15
_KEY: Final = 32  # bits of a key
_CHARACTERS: Final = 8000  # in use, for the probability of one never seen
_PRIOR: Final = (0.0, 0.0, 20.0, 6.0, 3.0, 2.0)  # weight of the shorter n-gram, by order


def encode(text: str) -> "NDArray[Any]":
    """The code of every character, digits and Latin letters put together."""
    np = import_numpy()
    codes: NDArray[Any] = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4").astype(np.uint64)
    plain = codes < len(_ALIKE)
    codes[plain] = np.array(_ALIKE, dtype=np.uint64)[codes[plain].astype(np.int64)]
    return codes


def _key(hashes: "NDArray[Any]", order: int) -> "NDArray[Any]":
    np = import_numpy()
    mixed = (hashes + np.uint64(order)) * np.uint64(FACTOR)
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    keys: NDArray[Any] = (mixed >> np.uint64(32)).astype(np.uint32)
    return keys


class Counts:
    """How often each n-gram of one to `ORDER` characters occurs.

    Args:
        keys: hashes of n-grams, uint32, rising.
        values: their counts, float64.
        total: characters counted.
    """

    def __init__(self, keys: "NDArray[Any]", values: "NDArray[Any]", total: float) -> None:
        self.keys = keys
        self.values = values
        self.total = total

    @classmethod
    def of(cls, texts: Sequence[str], *, least: Sequence[int] = (1,) * (ORDER + 1)) -> "Counts":
        """Count texts whose paragraphs stand between line breaks.

        Args:
            texts: each begins and ends with a line break.
            least: by order, n-grams seen less often are left out.
        """
        np = import_numpy()
        codes = encode("".join(texts))
        inner = codes == BORDER
        hashes = codes.copy()
        kept = np.ones(len(codes), dtype=bool)  # no border inside the n-gram that ends here
        found, values = [], []
        for order in range(1, ORDER + 1):
            if order > 1:
                hashes = hashes[:-1] * np.uint64(FACTOR) + codes[order - 1 :]
                kept = kept[:-1]
                if order > 2:
                    kept = kept & ~inner[order - 2 : -1]
            keys, counts = np.unique(_key(hashes[kept], order), return_counts=True)
            often = counts >= least[order]
            found.append(keys[often])
            values.append(counts[often])
        return cls.merged(np.concatenate(found), np.concatenate(values).astype(np.float64), float(len(codes)))

    @classmethod
    def merged(cls, keys: "NDArray[Any]", values: "NDArray[Any]", total: float) -> "Counts":
        """Counts from keys in any order; of two n-grams with the same key the more frequent one counts."""
        np = import_numpy()
        order_of = np.argsort(keys, kind="stable")
        keys, values = keys[order_of], values[order_of]
        first = np.flatnonzero(np.diff(keys, prepend=keys[:1] - np.uint32(1)) != 0)
        return cls(keys[first], np.maximum.reduceat(values, first), total)

    def get_all(
        self, columns: "Sequence[NDArray[Any]]", first: int = 0
    ) -> "dict[tuple[int, int], NDArray[Any]]":
        """The counts of the n-grams of sequences that `log_probabilities` needs from place `first`."""
        keys = spans(columns, max(0, first - 1))
        return {place: self.get(found) for place, found in keys.items()}

    def get(self, keys: "NDArray[Any]") -> "NDArray[Any]":
        """The counts of n-grams by their keys, of any shape.

        Hashes are spread evenly: where the first bits of one say, or a place or two behind, it is found
        faster than by a binary search.
        """
        np = import_numpy()
        last = len(self.keys) - 1
        asked = keys.ravel()
        at = np.minimum(self._begins.take(asked >> self._rest), last)
        left = np.flatnonzero(self.keys.take(at) < asked)
        while len(left := left[at[left] < last]):
            at[left] += 1
            left = left[self.keys.take(at[left]) < asked[left]]
        counts: NDArray[Any] = np.where(self.keys.take(at) == asked, self.values.take(at), 0.0)
        return counts.reshape(keys.shape)

    @cached_property
    def _begins(self) -> "NDArray[Any]":
        """How many keys stand before those that begin with some bits, for all that these may be."""
        np = import_numpy()
        size = 1 << (_KEY - int(self._rest))
        counted = np.bincount(self.keys >> self._rest, minlength=size).cumsum()
        begins: NDArray[Any] = np.append(0, counted[:-1]).astype("int32")
        return begins

    @cached_property
    def _rest(self) -> Any:  # noqa: ANN401 - an integer of numpy
        """How many bits of a key are left behind its first ones: one key or two have these in common."""
        return import_numpy().uint32(_KEY + 1 - len(self.keys).bit_length())


def spans(columns: "Sequence[NDArray[Any]]", least: int = 0) -> "dict[tuple[int, int], NDArray[Any]]":
    """The keys of all n-grams of sequences, by place of the last character and order.

    Args:
        columns: the codes of each place; what is the same for many sequences need not be repeated, as the
            shapes are broadcast.
        least: those whose last character stands before this place are left out.
    """
    keys = {}
    hashes = list(columns)
    for order in range(1, ORDER + 1):
        if order > 1:
            hashes = [
                hashes[i] * import_numpy().uint64(FACTOR) + columns[i + order - 1]
                for i in range(len(columns) - order + 1)
            ]
        for last, found in enumerate(hashes, start=order - 1):
            if last >= least:
                keys[last, order] = _key(found, order)
    return keys


def log_probabilities(
    counts: "Mapping[tuple[int, int], NDArray[Any]]", total: float, first: int, length: int
) -> "list[NDArray[Any]]":
    """The log probability of each character after those before it, for places from `first` to `length`.

    Counts of each order are smoothed by the probability of the next lower one (Dirichlet prior, MacKay and
    Peto 1995).

    Args:
        counts: by place and order as `spans` gives them; nothing before the first place is known.
        total: characters counted.
        first: the first place that is asked for.
        length: of the sequences.
    """
    np = import_numpy()
    out = []
    for last in range(first, length):
        p = (counts[last, 1] + 0.5) / (total + 0.5 * _CHARACTERS)
        for order in range(2, min(ORDER, last + 1) + 1):
            prior, found = _PRIOR[order], counts[last, order]
            p = (found + prior * p) / (np.maximum(counts[last - 1, order - 1], found) + prior)
        out.append(np.log(p))
    return out
