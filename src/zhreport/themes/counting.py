"""Counting: how often the features of a theme model occur in stretches of a text, as arrays."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain, pairwise, repeat
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from zhreport.model_files import import_numpy
from zhreport.themes.passages import OPENING, STOPS, Laid, Span, Stretches, item_of, plain
from zhreport.words.tokens import Tokenizer

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Counted", "Counter", "Places", "Reader", "Reading"]

_SHARED: Final = ("words", "before", "after")  # blocks that count the words of whole texts
_PAIRED: Final = ("opening", "heading")  # blocks that count words and pairs of neighbours
_NUMBER: Final = "#"
_BEGINS_ITEM: Final = frozenset("（(#0123456789一二三四五六七八九十")
_LINE: Final = 4  # words that tell whether a text begins with the number of an item
_SIGNS: Final = ("\n", "。", "，")  # a long text is cut into words piece by piece, behind one of these
_PIECE: Final = 50_000  # characters
_MOST_ASKED: Final = 200_000  # words
_FACTORS: Final = (0x1E3779B97F4A7C15, 0x3F58476D1CE4E5B9, 0x14D049BB133111EB)  # odd, below 2^62


class Counted(NamedTuple):
    """The features of one block.

    Attributes:
        block: its name.
        whose: the number of the text of each passage.
        texts: how many there are.
        row, feature, times: the number of a text, in order, that of a feature that occurs in it, and how
            often.
    """

    block: str
    whose: list[int]
    texts: int
    row: "NDArray[Any]"
    feature: "NDArray[Any]"
    times: "NDArray[Any]"


class Reading(NamedTuple):
    """A text as numbers: its words without white space, and its pairs of characters.

    Attributes:
        whole: the text.
        starts, sizes: where each word begins; how many characters it has, one if it is a number.
        words: the place of each in the vocabulary of a `Counter`, its end for those that it does not have.
        pairs: the feature that each character makes with the next one, -1 for none.
    """

    whole: str
    starts: "NDArray[Any]"
    sizes: "NDArray[Any]"
    words: "NDArray[Any]"
    pairs: "NDArray[Any]"


#: Gives a text as numbers, and the places that passages have there.
Reader = Callable[[Sequence[Stretches]], tuple[Reading, Sequence[Stretches]]]


class Counter:
    """Counts the features of a model.

    Args:
        names: of the features, block by block; a pair of words has a space between them.
    """

    def __init__(self, names: Mapping[str, Sequence[str]]) -> None:
        np = import_numpy()
        shared = sorted({name for block in _SHARED for name in names[block]})
        halves = {block: [name.partition(" ")[::2] for name in names[block]] for block in _PAIRED}
        others = chain.from_iterable(chain.from_iterable(halves.values()))
        number = {word: at for at, word in enumerate(dict.fromkeys((*shared, *others, *STOPS, _NUMBER)))}
        self._shared, self._known = len(shared), len(number)
        self._number = _Numbered(number)
        self._stops = np.array([number[sign] for sign in sorted(STOPS)])
        self._widths = {block: max(1, len(own)) for block, own in names.items()}
        self._feature: dict[str, NDArray[Any]] = {}  # place in the vocabulary → place in the block
        for block in (*_SHARED, *_PAIRED):
            self._feature[block] = np.full(self._known + 1, -1)
            places = _numbers(names[block], number)
            self._feature[block][places[places >= 0]] = np.flatnonzero(places >= 0)
        self._pairs: dict[str, tuple[Places, NDArray[Any]]] = {}
        for block, parts in halves.items():
            features = np.fromiter((at for at, (_, b) in enumerate(parts) if b), "int64")
            first, second = (_numbers([parts[at][i] for at in features.tolist()], number) for i in (0, 1))
            self._pairs[block] = Places(self._key(first, second)), np.append(features, -1)
        codes = _codes("".join(names["characters"])).reshape(-1, 2)
        self._characters = Places(codes[:, 0] << 32 | codes[:, 1])

    def _key(self, first: "NDArray[Any]", second: "NDArray[Any]") -> "NDArray[Any]":
        key: NDArray[Any] = first.astype("int64") * (self._known + 1) + second
        return key

    def reader(self, laid: Laid, tokenizer: Tokenizer) -> Reader:
        """What gives a text as numbers, and passages of it by their places there.

        A tokenizer that cuts alike whatever stands beyond a sign reads the text once, for all passages. Any
        other one reads each stretch by itself, as in training.
        """
        whole = laid.whole
        if not getattr(tokenizer, "cuts_at_signs", False):
            return partial(self._apart, whole, tokenizer)
        reading = self._reading(whole, _pieces(whole), tokenizer)
        return lambda rows: (reading, rows)

    def _apart(
        self, whole: str, tokenizer: Tokenizer, rows: Sequence[Stretches]
    ) -> tuple[Reading, Sequence[Stretches]]:
        apart = Laid()
        rows = [Stretches(*(apart.add(whole[start:end]) for start, end in row)) for row in rows]
        return self._reading(apart.whole, apart.pieces, tokenizer), rows

    def _reading(self, whole: str, pieces: Iterable[str], tokenizer: Tokenizer) -> Reading:
        np = import_numpy()
        none = np.zeros(0, dtype="int64")
        found = [(none, none, none)]
        at = 0
        for piece in pieces:
            words = tokenizer.words(piece)
            sizes = _sizes(words)
            ids = np.fromiter(map(self._number.__getitem__, words), "int64", len(words))
            starts = np.cumsum(sizes) - sizes + at
            at += len(piece)
            sizes[ids == self._number[_NUMBER]] = 1
            seen = ids >= 0
            found.append((starts[seen], sizes[seen], ids[seen]))
        starts, sizes, ids = map(np.concatenate, zip(*found, strict=True))
        return Reading(whole, starts, sizes, ids, self._paired(whole))

    def _paired(self, whole: str) -> "NDArray[Any]":
        np = import_numpy()
        found = [np.zeros(0, dtype="int64")]
        for at in range(0, len(whole), _PIECE):
            codes = _codes(whole[at : at + _PIECE + 1])
            found.append(self._characters.of(codes[:-1] << 32 | codes[1:]))
        pairs: NDArray[Any] = np.concatenate(found)
        return pairs

    def count(self, reading: Reading, rows: Sequence[Stretches]) -> Iterator[Counted]:
        """What the model has of the features of `features`, block by block, of each text once.

        A paragraph is the neighbour of two others, and a heading stands above many. What only stands beside
        a passage has no opening and no pairs.
        """
        np = import_numpy()
        number: dict[Span, int] = {}
        texts = [number.setdefault(row.text, len(number)) for row in rows]
        own = len(number)  # the texts of the passages come first
        beside = [[number.setdefault(row[at], len(number)) for row in rows] for at in (2, 3)]
        first, last = self._within(reading, number)
        row, at = _ranges(first, last)
        ids = reading.words.take(at)
        counted = _counted(row, ids, ids < self._shared, self._shared)
        for block, whose in zip(_SHARED, (texts, *beside), strict=True):
            asked = np.zeros(len(number), dtype=bool)
            asked[whose] = True
            row, place, times = counted
            feature = self._feature[block].take(place)
            kept = (feature >= 0) & asked.take(row)
            yield Counted(block, whose, len(number), row[kept], feature[kept], times[kept])
        yield self._in_order("opening", texts, own, *self._openings(reading, first[:own], last[:own]))
        above: dict[Span, int] = {}
        under = [above.setdefault(row.heading, len(above)) for row in rows]
        row, at = _ranges(*self._within(reading, above))
        yield self._in_order("heading", under, len(above), row, reading.words.take(at))
        starts, ends = np.array([*number][:own], dtype="int64").reshape(-1, 2).T
        row, at = _ranges(starts, np.maximum(starts, ends - 1))
        feature = reading.pairs.take(at)
        found = _counted(row, feature, feature >= 0, self._widths["characters"])
        yield Counted("characters", texts, own, *found)

    @staticmethod
    def _within(reading: Reading, spans: Iterable[Span]) -> "tuple[NDArray[Any], NDArray[Any]]":
        """The numbers of the first word of each stretch, and of the first one behind it."""
        np = import_numpy()
        places = np.array([*spans], dtype="int64").reshape(-1, 2).T
        first, last = np.searchsorted(reading.starts, places)
        return first, last

    def _in_order(
        self, block: str, whose: list[int], texts: int, row: "NDArray[Any]", ids: "NDArray[Any]"
    ) -> Counted:
        """The features of a block with pairs of words: `ids` are words in order, `row` says whose."""
        np = import_numpy()
        places, features = self._pairs[block]
        first = np.flatnonzero(row[1:] == row[:-1])
        paired = features.take(places.of(self._key(ids[first], ids[first + 1])))
        feature = np.concatenate([self._feature[block].take(ids), paired])
        row = np.concatenate([row, row[first]])
        return Counted(block, whose, texts, *_counted(row, feature, feature >= 0, self._widths[block]))

    def _openings(
        self, reading: Reading, first: "NDArray[Any]", last: "NDArray[Any]"
    ) -> "tuple[NDArray[Any], NDArray[Any]]":
        """The words of the openings of texts, see `opening_of`: whose each is, and its place."""
        np = import_numpy()
        skipped = [_item(reading, *within) for within in zip(first.tolist(), last.tolist(), strict=True)]
        row, at = _ranges(first, np.minimum(last, first + OPENING + 1))
        ids = reading.words.take(at)
        begins = np.searchsorted(row, np.arange(len(first)))
        reached = _running(reading.sizes.take(at), row, begins)
        behind = reached > np.array(skipped, dtype="int64").take(row)
        ended = behind & ((reached > OPENING) | np.isin(ids, self._stops))
        kept = behind & (_running(ended, row, begins) == 0)
        return row[kept], ids[kept]


def _item(reading: Reading, first: int, last: int) -> int:
    """How many characters the number of an item has at the beginning of a text."""
    if first == last or reading.whole[reading.starts[first]] not in _BEGINS_ITEM:
        return 0
    ends = min(last, first + _LINE)
    starts = [*reading.starts[first:ends].tolist(), len(reading.whole)]
    if ends < len(reading.starts):
        starts[-1] = int(reading.starts[ends])
    return item_of("".join(reading.whole[a:b].split()) for a, b in pairwise(starts))


def _running(values: "NDArray[Any]", row: "NDArray[Any]", begins: "NDArray[Any]") -> "NDArray[Any]":
    """The sum of the values of a row up to each of them; `begins` says where the rows begin."""
    np = import_numpy()
    sums = np.append(0, np.cumsum(values))
    found: NDArray[Any] = sums[1:] - sums.take(begins).take(row)
    return found


def _ranges(first: "NDArray[Any]", last: "NDArray[Any]") -> "tuple[NDArray[Any], NDArray[Any]]":
    """The numbers of some ranges, one behind the other, and the number of the range that each is from."""
    np = import_numpy()
    sizes = last - first
    row = np.repeat(np.arange(len(first)), sizes)
    return row, np.arange(len(row)) + (first - np.cumsum(sizes) + sizes).take(row)


def _counted(
    row: "NDArray[Any]", ids: "NDArray[Any]", known: "NDArray[Any]", width: int
) -> "tuple[NDArray[Any], NDArray[Any], NDArray[Any]]":
    """Row and number of what occurs in a row, both in order, and how often; only what is known."""
    np = import_numpy()
    keys = (row * width + ids)[known]
    if len(keys) and (int(row[-1]) + 1) * width < 1 << 31:
        keys = keys.astype("int32")  # sorted in half the time
    keys.sort()
    starts = np.flatnonzero(np.diff(keys, prepend=-1))
    found = keys[starts]
    return *np.divmod(found.astype("int64"), width), np.diff(starts, append=len(keys))


def _numbers(words: Sequence[str], number: Mapping[str, int]) -> "NDArray[Any]":
    """The number of each word, -1 for one that has none."""
    found: NDArray[Any] = import_numpy().fromiter(map(number.get, words, repeat(-1)), "int64", len(words))
    return found


def _sizes(words: list[str]) -> "NDArray[Any]":
    """How many characters each word has; found by the places of a sign between them, faster than by `len`."""
    np = import_numpy()
    between = np.flatnonzero(_codes("\0".join(["", *words, ""])) == 0)
    sizes: NDArray[Any] = np.diff(between) - 1
    if len(sizes) != len(words):  # the sign is in the text too
        sizes = np.fromiter(map(len, words), "int64", len(words))
    return sizes


def _codes(text: str) -> "NDArray[Any]":
    """The code points of a text."""
    joined = text.encode("utf-32-le", "surrogatepass")
    codes: NDArray[Any] = import_numpy().frombuffer(joined, "uint32").astype("int64")
    return codes


def _pieces(text: str) -> Iterator[str]:
    """A text in pieces that end behind a sign, so that its words are never all there at once."""
    at = 0
    while at < len(text):
        end = at + _PIECE
        if end < len(text):
            end = 1 + next((i for i in (text.rfind(sign, at, end) for sign in _SIGNS) if i > 0), end - 1)
        yield text[at:end]
        at = end


class _Numbered(dict[str, int]):
    """The place of a word, as a tokenizer gives it, in a vocabulary.

    Its end for one that it does not have, -1 for white space. What was asked is kept, for reports use the
    same words again and again.
    """

    def __init__(self, vocabulary: Mapping[str, int]) -> None:
        self._whole = vocabulary

    def __missing__(self, word: str) -> int:
        if len(self) > _MOST_ASKED:
            self.clear()
        place = self[word] = -1 if word.isspace() else self._whole.get(plain(word), len(self._whole))
        return place


class Places:
    """Where numbers stand in an array, all of them different; faster than a binary search by far.

    A number is looked for where its hash says; those whose place another one has got are in a second table,
    and so on.

    Args:
        numbers: the array, int64.
    """

    def __init__(self, numbers: "NDArray[Any]") -> None:
        np = import_numpy()
        self._numbers = numbers
        self._last = (1 << (4 * len(numbers)).bit_length()) - 1
        self._tables: list[NDArray[Any]] = []
        left = np.arange(len(numbers))
        while len(left):
            table = np.full(self._last + 1, -1, dtype="int32")
            places = self._hash(numbers[left], len(self._tables))
            table[places] = left
            self._tables.append(table)
            left = left[table.take(places) != left]

    def _hash(self, numbers: "NDArray[Any]", which: int) -> "NDArray[Any]":
        mixed: NDArray[Any] = numbers * _FACTORS[which % len(_FACTORS)] + which
        mixed >>= 32
        mixed &= self._last
        return mixed

    def of(self, numbers: "NDArray[Any]") -> "NDArray[Any]":
        """The place of each number in the array, -1 where it is not there."""
        np = import_numpy()
        found: NDArray[Any] = np.full(len(numbers), -1)
        left = np.arange(len(numbers))
        for which, table in enumerate(self._tables):
            asked = numbers.take(left)
            places = table.take(self._hash(asked, which))
            taken = places >= 0
            there = taken & (self._numbers.take(places) == asked)
            found[left[there]] = places[there]
            left = left[taken & ~there]  # a number that is not there stands where no other one does
        return found
