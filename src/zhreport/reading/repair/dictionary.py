"""Words across a break: the dictionary of jieba says that 收 and 入 belong together.

349,000 words with their frequencies are known, far more than the reports that a model was trained on have.
"""

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from zhreport.reading.repair.counts import ORDER, Counts, import_numpy, spans
from zhreport.words.tokens import dictionary_bytes, dictionary_lines

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["dictionary", "word_across"]

_NEVER: Final = -99.0  # log probability


@cache
def dictionary() -> Counts:
    """The words of at most `ORDER` Chinese characters, by hash, with their frequencies; read once."""
    np = import_numpy()
    codes = np.frombuffer(dictionary_bytes().decode().encode("utf-32-le"), "<u4")
    starts, ends, behind, _ = dictionary_lines(codes)
    frequencies = _numbers(codes, ends + 1, behind - 1)
    lengths = ends - starts
    han = np.append(0, np.cumsum((codes >= 0x4E00) & (codes < 0xA000)))
    chinese = han[ends] - han[starts] == lengths
    keys, values = [], []
    for length in range(1, ORDER + 1):
        chosen = np.flatnonzero((lengths == length) & chinese & (frequencies > 0))
        characters = [codes[starts[chosen] + i].astype(np.uint64) for i in range(length)]
        keys.append(spans(characters)[length - 1, length])
        values.append(frequencies[chosen])
    return Counts.merged(np.concatenate(keys), np.concatenate(values), float(frequencies.sum()))


def _numbers(codes: "NDArray[Any]", starts: "NDArray[Any]", ends: "NDArray[Any]") -> "NDArray[Any]":
    """The numbers whose digits stand at some places."""
    np = import_numpy()
    found: NDArray[Any] = np.zeros(len(starts))
    for at in range(int((ends - starts).max())):
        longer = np.flatnonzero(starts + at < ends)
        found[longer] = 10 * found[longer] + (codes[starts[longer] + at] - ord("0"))
    return found


def word_across(keys: "Mapping[tuple[int, int], NDArray[Any]]", cut: int, length: int) -> "NDArray[Any]":
    """How much likelier sequences are cut into words without a border of words at a place than with one.

    Args:
        keys: of their n-grams, as `spans`.
        cut: the place of the first character behind the break.
        length: of the sequences.

    Returns:
        The difference of the log probabilities of the best segmentations: 0 where a word ends at the place.
    """
    np = import_numpy()
    words = dictionary()
    found = {}
    for (last, order), key in keys.items():
        often = words.get(key)
        unknown = -np.log(words.total) if order == 1 else _NEVER
        found[last, order] = np.where(often > 0, np.log(np.maximum(often, 1.0) / words.total), unknown)

    def best(*, across: bool) -> "NDArray[Any]":
        likely: list[Any] = [0.0]
        for last in range(length):
            likely.append(
                np.maximum.reduce(
                    np.broadcast_arrays(
                        *[
                            found[last, order] + likely[last + 1 - order]
                            for order in range(1, min(ORDER, last + 1) + 1)
                            if across or not last - order < cut - 1 < last
                        ]
                    )
                )
            )
        result: NDArray[Any] = likely[-1]
        return result

    gain: NDArray[Any] = best(across=True) - best(across=False)
    return gain
