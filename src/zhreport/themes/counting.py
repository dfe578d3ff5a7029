"""Counting: how often the features of a theme model occur in stretches of a text, as arrays."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from itertools import chain, pairwise, repeat
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from zhreport.model_files import import_numpy
from zhreport.themes.passages import OPENING, STOPS, Laid, Span, Stretches, item_of
from zhreport.words.compiling import compiled
from zhreport.words.tokens import Tokenizer

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Counted", "Counter", "Places", "Reader", "Reading"]

_SHARED: Final = ("words", "before", "after")  # blocks that count the words of whole texts
_CHARACTERS: Final = "characters"
_PAIRED: Final = ("opening", "heading")  # blocks that count words and pairs of neighbours
_NUMBER: Final = "#"
_BEGINS_ITEM: Final = compiled(r"[（(]?\s*(?:[一二三四五六七八九十]\s*){1,3}[）)、.]|[（(]?\s*[0-9#]")
_LINE: Final = 4  # words that tell whether a text begins with the number of an item
_SIGNS: Final = ("\n", "。", "，")  # a long text is cut into words piece by piece, behind one of these
_PIECE: Final = 50_000  # characters
_WORDS: Final = 20_000  # whose hashes are found at a time
_USUAL: Final = 50_000  # characters that so many words seldom have; powers for as many are kept
_DIGIT: Final = 1  # kinds of characters, see `_alike`
_SIGN: Final = 2
_BLANK: Final = 3
_BASE: Final = 0x5851F42D4C957F2D  # of the hashes of words; odd
_FACTORS: Final = (0x1E3779B97F4A7C15, 0x3F58476D1CE4E5B9, 0x14D049BB133111EB)  # odd, below 2^62


class Counted(NamedTuple):
    """The features that some blocks have in common, in some texts.

    Attributes:
        blocks: their names.
        whose: the number of the text of each passage, for each block.
        texts: how many there are.
        row, feature, times: the number of a text, in order, that of a feature that occurs in it, see
            `Counter.places`, and how often.
        begins: where the features of a text begin, for each text that has some.
    """

    blocks: tuple[str, ...]
    whose: tuple[list[int], ...]
    texts: int
    row: "NDArray[Any]"
    feature: "NDArray[Any]"
    times: "NDArray[Any]"
    begins: "NDArray[Any]"


class _Places(NamedTuple):
    """Some of the places of a text, and what stands there.

    Attributes:
        values: what stands at each.
        before: how many of them are before each place of the text, and before its end.
    """

    values: "NDArray[Any]"
    before: "NDArray[Any]"


class Reading(NamedTuple):
    """A text as numbers: its words without white space, and its pairs of characters.

    Attributes:
        whole: the text.
        codes: its code points.
        starts: where each word begins.
        reached: how many characters the words before each one have, and all; a number counts as one.
        words: the place of each in the vocabulary of a `Counter`, its end for those that it does not have.
        shared: those of the words that are features of whole texts.
        stops: the numbers of the words that end an opening.
        pairs: the features that characters make with the next one.
    """

    whole: str
    codes: "NDArray[Any]"
    starts: "NDArray[Any]"
    reached: "NDArray[Any]"
    words: "NDArray[Any]"
    shared: _Places
    stops: "NDArray[Any]"
    pairs: _Places


#: Gives a text as numbers, and the places that passages have there.
Reader = Callable[[Sequence[Stretches]], tuple[Reading, Sequence[Stretches]]]


class Counter:
    """Counts the features of a model.

    Args:
        names: of the features, block by block; a pair of words has a space between them.

    Attributes:
        places: the blocks that are counted together, and for each the place that every feature has in it,
            -1 for those that it does not have.
    """

    def __init__(self, names: Mapping[str, Sequence[str]]) -> None:
        np = import_numpy()
        shared = sorted(dict.fromkeys(chain.from_iterable(names[block] for block in _SHARED)))
        halves = {block: [name.partition(" ")[::2] for name in names[block]] for block in _PAIRED}
        others = chain.from_iterable(chain.from_iterable(halves.values()))
        number = {word: at for at, word in enumerate(dict.fromkeys((*shared, *others, *STOPS, _NUMBER)))}
        self._shared, self._known = len(shared), len(number)
        self._words = Places(_hashes(_codes("".join(number)), _sizes([*number])))
        self._number = number[_NUMBER]
        self._stop = np.zeros(self._known + 1, dtype=bool)
        self._stop[[number[sign] for sign in STOPS]] = True
        self.places: dict[tuple[str, ...], tuple[NDArray[Any], ...]] = {
            (block,): (np.arange(len(names[block])),) for block in (*_PAIRED, _CHARACTERS)
        }
        self.places[_SHARED] = tuple(
            _inverse(_numbers(names[block], number), len(shared)) for block in _SHARED
        )
        self._feature: dict[str, NDArray[Any]] = {}  # place in the vocabulary → place in the block
        self._pairs: dict[str, tuple[Places, NDArray[Any]]] = {}
        for block, parts in halves.items():
            self._feature[block] = _inverse(_numbers(names[block], number), self._known + 1)
            features = np.fromiter((at for at, (_, b) in enumerate(parts) if b), "int64")
            first, second = (_numbers([parts[at][i] for at in features.tolist()], number) for i in (0, 1))
            self._pairs[block] = Places(self._key(first, second)), np.append(features, -1).astype("int32")
        codes = _codes("".join(names[_CHARACTERS])).reshape(-1, 2)
        self._characters = Places(_beside(codes[:, 0], codes[:, 1]))

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
        codes = _codes(whole)
        sizes = np.concatenate([_sizes(()), *(_sizes(tokenizer.words(piece)) for piece in pieces)])
        words = self._words.of(_hashes(codes, sizes))
        words[words < 0] = self._known
        starts = sizes.cumsum()
        starts -= sizes
        numbers, blank = _alike(codes, starts, sizes)
        words[numbers] = self._number
        sizes[numbers] = 1
        if len(blank):
            words, starts, sizes = (np.delete(of, blank) for of in (words, starts, sizes))
        shared, stops = _kept(words, words < self._shared), self._stop.take(words).nonzero()[0]
        return Reading(whole, codes, starts, _sums(sizes), words, shared, stops, self._paired(codes))

    def _paired(self, codes: "NDArray[Any]") -> _Places:
        np = import_numpy()
        found = [np.zeros(0, dtype="int32")]
        for at in range(0, len(codes), _PIECE):
            some = codes[at : at + _PIECE + 1]
            found.append(self._characters.of(_beside(some[:-1], some[1:])))
        pairs = np.concatenate(found)
        return _kept(pairs, pairs >= 0)

    def count(self, reading: Reading, rows: Sequence[Stretches]) -> Iterator[Counted]:
        """What the model has of the features of `features`, of each text once.

        A paragraph is the neighbour of two others, and a heading stands above many. What only stands beside
        a passage has no opening and no pairs.
        """
        np = import_numpy()
        number: dict[Span, int] = {}
        texts = [number.setdefault(row.text, len(number)) for row in rows]
        own = len(number)  # the texts of the passages come first
        before = [number.setdefault(row.before, len(number)) for row in rows]
        after = [number.setdefault(row.after, len(number)) for row in rows]
        within = self._within(reading, number)
        of_row, ids = _cut(reading.shared, *within)
        yield Counted(_SHARED, (texts, before, after), len(number), *_counted(of_row, ids, self._shared))
        of_row, ids = self._openings(reading, *within[:, :own])
        yield self._in_order("opening", texts, own, of_row, ids)
        above: dict[Span, int] = {}
        under = [above.setdefault(row.heading, len(above)) for row in rows]
        of_row, ids = _ranges(reading.words, *self._within(reading, above))
        yield self._in_order("heading", under, len(above), of_row, ids)
        starts, ends = np.array([*number][:own], dtype="int64").reshape(-1, 2).T
        of_row, ids = _cut(reading.pairs, starts, np.maximum(starts, ends - 1))
        found = _counted(of_row, ids, len(self._characters))
        yield Counted((_CHARACTERS,), (texts,), own, *found)

    @staticmethod
    def _within(reading: Reading, spans: Iterable[Span]) -> "NDArray[Any]":
        """The numbers of the first word of each stretch, and of the first one behind it."""
        np = import_numpy()
        within: NDArray[Any] = reading.starts.searchsorted(np.array([*spans], "int64").reshape(-1, 2).T)
        return within

    def _in_order(
        self, block: str, whose: list[int], texts: int, row: "NDArray[Any]", ids: "NDArray[Any]"
    ) -> Counted:
        """The features of a block with pairs of words: `ids` are words in order, `row` says whose."""
        np = import_numpy()
        places, features = self._pairs[block]
        first = (row[1:] == row[:-1]).nonzero()[0]
        paired = features.take(places.of(self._key(ids.take(first), ids.take(first + 1))))
        feature = np.concatenate([self._feature[block].take(ids), paired])
        known = feature >= 0
        row = np.concatenate([row, row.take(first)])[known]
        return Counted((block,), (whose,), texts, *_counted(row, feature[known], len(self.places[block,][0])))

    @staticmethod
    def _openings(
        reading: Reading, first: "NDArray[Any]", last: "NDArray[Any]"
    ) -> "tuple[NDArray[Any], NDArray[Any]]":
        """The words of the openings of texts, see `opening_of`: whose each is, and its place."""
        np = import_numpy()
        reached, stops = reading.reached, reading.stops
        begun = reached.take(first)
        behind = reached.searchsorted(begun + _items(reading, first, last), "right") - 1
        too_long = reached.searchsorted(begun + OPENING, "right") - 1
        ends = np.minimum(last, too_long)
        if len(stops):
            stop = stops.take(stops.searchsorted(behind), mode="clip")
            ends = np.where(stop < behind, ends, np.minimum(ends, stop))  # behind the last one there is none
        return _ranges(reading.words, behind, np.maximum(behind, ends))


def _items(reading: Reading, first: "NDArray[Any]", last: "NDArray[Any]") -> "NDArray[Any]":
    """How many characters the number of an item has at the beginning of each text."""
    found: NDArray[Any] = import_numpy().zeros(len(first), dtype="int64")
    starts = reading.starts
    for at, (begin, end) in enumerate(zip(first.tolist(), last.tolist(), strict=True)):
        if begin < end and _BEGINS_ITEM.match(reading.whole, starts[begin]):
            found[at] = _item(reading, begin, end)
    return found


def _item(reading: Reading, first: int, last: int) -> int:
    """How many characters the number of an item has at the beginning of a text."""
    ends = min(last, first + _LINE)
    starts = [*reading.starts[first:ends].tolist(), len(reading.whole)]
    if ends < len(reading.starts):
        starts[-1] = int(reading.starts[ends])
    return item_of("".join(reading.whole[a:b].split()) for a, b in pairwise(starts))


def _kept(values: "NDArray[Any]", kept: "NDArray[Any]") -> _Places:
    """The values that are kept, with their places."""
    return _Places(values[kept], _sums(kept))


def _cut(places: _Places, first: "NDArray[Any]", last: "NDArray[Any]") -> "tuple[NDArray[Any], NDArray[Any]]":
    """What stands in some ranges of a text, see `_ranges`."""
    return _ranges(places.values, places.before.take(first), places.before.take(last))


def _ranges(
    values: "NDArray[Any]", first: "NDArray[Any]", last: "NDArray[Any]"
) -> "tuple[NDArray[Any], NDArray[Any]]":
    """The number of some ranges for all that is in them, and the values there, one range behind the other."""
    np = import_numpy()
    row = np.repeat(np.arange(len(first), dtype="int32"), last - first)
    # faster than to `take` all places
    pieces = [values[a:b] for a, b in zip(first.tolist(), last.tolist(), strict=True)]
    return row, np.concatenate([values[:0], *pieces])


def _counted(
    row: "NDArray[Any]", ids: "NDArray[Any]", width: int
) -> "tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any]]":
    """Row and number of what occurs in a row, both in order, how often, and where the rows begin.

    Args:
        row: of each, in order or behind each other in two orders.
        ids: their numbers, below `width`.
        width: how many there are.
    """
    np = import_numpy()
    bits = width.bit_length()
    if len(row) and int(row.max()) >> (31 - bits) > 0:
        row = row.astype("int64")  # else sorted in half the time
    keys = row << bits
    keys |= ids
    keys.sort()
    starts = _changes(keys)
    keys = keys.take(starts)
    times = np.empty_like(starts)
    np.subtract(starts[1:], starts[:-1], out=times[:-1])
    times[-1:] = len(ids) - starts[-1:]
    row = keys >> bits
    keys &= (1 << bits) - 1
    return row, keys, times, _changes(row)


def _changes(values: "NDArray[Any]") -> "NDArray[Any]":
    """Where each run of equal values begins."""
    np = import_numpy()
    begins = np.ones(len(values), dtype=bool)
    np.not_equal(values[1:], values[:-1], out=begins[1:])
    found: NDArray[Any] = begins.nonzero()[0]
    return found


def _inverse(places: "NDArray[Any]", size: int) -> "NDArray[Any]":
    """For each of so many numbers where it stands among the places, -1 for one that does not."""
    np = import_numpy()
    found: NDArray[Any] = np.full(size, -1, dtype="int32")
    found[places[places >= 0]] = np.flatnonzero(places >= 0)
    return found


def _numbers(words: Sequence[str], number: Mapping[str, int]) -> "NDArray[Any]":
    """The number of each word, -1 for one that has none."""
    found: NDArray[Any] = import_numpy().fromiter(map(number.get, words, repeat(-1)), "int64", len(words))
    return found


def _codes(text: str) -> "NDArray[Any]":
    """The code points of a text."""
    joined = text.encode("utf-32-le", "surrogatepass")
    codes: NDArray[Any] = import_numpy().frombuffer(joined, "uint32")
    return codes


def _beside(first: "NDArray[Any]", second: "NDArray[Any]") -> "NDArray[Any]":
    """One number for two code points."""
    pair: NDArray[Any] = first.astype("int64")
    pair <<= 32
    pair |= second
    return pair


def _pieces(text: str) -> Iterator[str]:
    """A text in pieces that end behind a sign, so that its words are never all there at once."""
    at = 0
    while at < len(text):
        end = at + _PIECE
        if end < len(text):
            end = 1 + next((i for i in (text.rfind(sign, at, end) for sign in _SIGNS) if i > 0), end - 1)
        yield text[at:end]
        at = end


def _sizes(words: Sequence[str]) -> "NDArray[Any]":
    """How many characters each word has."""
    sizes: NDArray[Any] = import_numpy().fromiter(map(len, words), "int64", len(words))
    return sizes


def _hashes(codes: "NDArray[Any]", sizes: "NDArray[Any]") -> "NDArray[Any]":
    """Numbers for the words of a text, alike for alike words and, of 64 bits, otherwise for others.

    That is the sum of the characters times powers of a number, modulo 2^64. Of all words at once it is found
    in running sums, which is faster than to look each of them up.

    Args:
        codes: the characters of the text.
        sizes: of its words.
    """
    found: NDArray[Any] = import_numpy().empty(len(sizes), dtype="int64")
    at = 0
    for first in range(0, len(sizes), _WORDS):
        some = sizes[first : first + _WORDS]
        ends = some.cumsum()
        starts, end = ends - some, at + int(ends[-1])
        powers, inverse = (_powers(base, end - at) for base in (_BASE, pow(_BASE, -1, 1 << 64)))
        sums = _sums(codes[at:end] * inverse[:-1])
        found[first : first + _WORDS] = (sums.take(ends) - sums.take(starts)) * powers.take(starts)
        at = end
    return found


def _powers(base: int, most: int) -> "NDArray[Any]":
    """The powers of a number from 0 to `most`, modulo 2^64; words of usual length need none anew."""
    if most > _USUAL:
        return _made_powers(base, most)
    return _kept_powers(base)[: most + 1]


@cache
def _kept_powers(base: int) -> "NDArray[Any]":
    return _made_powers(base, _USUAL)


def _made_powers(base: int, most: int) -> "NDArray[Any]":
    np = import_numpy()
    powers = np.full(most + 1, base, dtype="uint64")
    powers[0] = 1
    made: NDArray[Any] = powers.cumprod().view("int64")
    return made


@cache
def _kinds() -> "NDArray[Any]":
    """The kind of each character up to the last white space there is, 0 beyond."""
    np = import_numpy()
    kinds: NDArray[Any] = np.zeros(0x3002, dtype="uint8")
    for kind, signs in (
        (_DIGIT, "0123456789"),
        (_SIGN, ".,%"),
        (_BLANK, filter(str.isspace, map(chr, range(0x3001)))),
    ):
        kinds[[*map(ord, signs)]] = kind
    return kinds


def _alike(
    codes: "NDArray[Any]", starts: "NDArray[Any]", sizes: "NDArray[Any]"
) -> "tuple[NDArray[Any], NDArray[Any]]":
    """The words of a text that are numbers, as `plain` has it, and those that are white space."""
    kinds = _kinds().take(codes, mode="clip")
    begins = kinds.take(starts)
    found = []
    for first, inside in (
        (begins == _DIGIT, (kinds == _DIGIT) | (kinds == _SIGN)),
        (begins == _BLANK, kinds == _BLANK),
    ):
        words = first.nonzero()[0]
        sums, start, size = _sums(inside), starts.take(words), sizes.take(words)
        found.append(words[sums.take(start + size) - sums.take(start) == size])
    return found[0], found[1]


def _sums(values: "NDArray[Any]") -> "NDArray[Any]":
    """The sums of what is before each value, and of all."""
    sums: NDArray[Any] = import_numpy().zeros(len(values) + 1, dtype="int64")
    values.cumsum(out=sums[1:])
    return sums


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

    def __len__(self) -> int:
        return len(self._numbers)

    def _hash(self, numbers: "NDArray[Any]", which: int) -> "NDArray[Any]":
        mixed: NDArray[Any] = numbers * _FACTORS[which % len(_FACTORS)]
        mixed += which
        mixed >>= 32
        mixed &= self._last
        return mixed

    def of(self, numbers: "NDArray[Any]") -> "NDArray[Any]":
        """The place of each number in the array, -1 where it is not there."""
        np = import_numpy()
        found: NDArray[Any] = np.full(len(numbers), -1, dtype="int32")
        left: NDArray[Any] | None = None  # all
        for which, table in enumerate(self._tables):
            asked = numbers if left is None else numbers.take(left)
            places = table.take(self._hash(asked, which))
            # where no other one stands this reads the last number, which has a place of its own
            there = self._numbers.take(places) == asked
            if left is None:
                np.copyto(found, places, where=there)
                left = ((places >= 0) & ~there).nonzero()[0]
            else:
                found[left[there]] = places[there]
                left = left[(places >= 0) & ~there]
            if not len(left):
                break
        return found
