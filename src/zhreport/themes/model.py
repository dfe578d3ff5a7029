"""The theme model as a file of arrays: inference with numpy and a tokenizer, nothing else.

The file is an `.npz` without pickled objects: an array of bytes `meta` (JSON), the feature names and their
inverse document frequencies block by block, and the weights. Reading it runs no code of the file.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import chain, islice, repeat
from math import isfinite
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, NamedTuple, Protocol

from zhreport.model_files import (
    check_share,
    import_numpy,
    logistic,
    read_bytes,
    read_model,
    write_arrays,
)
from zhreport.themes.passages import (
    BLOCKS,
    LONGEST,
    Passage,
    opening_of,
    plain,
    with_pairs,
    words_of,
)
from zhreport.words.tokens import Tokenizer

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["FORMAT", "SCALE", "HasModel", "Reason", "Theme", "ThemeModel", "default_model"]

#: Changes whenever the file's layout or the meaning of its arrays does.
FORMAT: Final = "zhreport themes 2"
_KIND: Final = "theme model"  # in errors
#: Weights are multiples of 1/SCALE, so that they fit 16 bits and training on another machine rounds alike.
SCALE: Final = 4096
#: Passages that are scored at a time: their features take some 20 KB each.
_TOGETHER: Final = 1_000
_MOST: Final = 3  # themes of a paragraph
_MAINS: Final = 2  # of them that may be main ones
_MOST_ASKED: Final = 200_000  # words
_HASHED: Final = 18  # bits
_FACTORS: Final = (0x1E3779B97F4A7C15, 0x3F58476D1CE4E5B9, 0x14D049BB133111EB)  # odd, below 2^62
_SIZE: Final = 200_000_000  # bytes unpacked; a larger file is not one of ours


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """One theme of a paragraph.

    Attributes:
        theme: its id in the taxonomy of the model, or in the one that was asked for.
        probability: for the main theme, that it is the main one; for a further theme, that it is among the
            paragraph's themes.
        main: True for the main theme, and for another one that has about as much weight.
    """

    theme: str
    probability: float
    main: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a paragraph has a theme.

    Attributes:
        theme: its id.
        probability: see `Theme`.
        words: the features that spoke most for it, with their weights in the score, heaviest first. A
            feature is a word or a pair of characters of the paragraph, or `opening:…`, `heading:…`,
            `before:…`, `after:…` for words of the opening, the heading and the neighbouring paragraphs.
    """

    theme: str
    probability: float
    words: tuple[tuple[str, float], ...]


class _Found(NamedTuple):
    """The features of one block.

    Attributes:
        block: its name.
        whose: the number of the text of each passage.
        texts: how many there are.
        row, feature, value: the number of a text, that of a feature that occurs in it, and how much it
            counts.
    """

    block: str
    whose: list[int]
    texts: int
    row: "NDArray[Any]"
    feature: "NDArray[Any]"
    value: "NDArray[Any]"


def _codes(np: Any, texts: Iterable[str]) -> "NDArray[Any]":  # noqa: ANN401 - see below
    """The code points of texts, one behind the other."""
    joined = "".join(texts).encode("utf-32-le", "surrogatepass")
    codes: NDArray[Any] = np.frombuffer(joined, "uint32").astype("int64")
    return codes


def _counted(
    np: Any,  # noqa: ANN401 - numpy, loaded when a model is
    rows: "NDArray[Any]",
    ids: "NDArray[Any]",
    width: int,
) -> "tuple[NDArray[Any], NDArray[Any], NDArray[Any]]":
    """Row and number of what occurs in a row, both in order, and how often; -1 is no number."""
    known = ids >= 0
    keys, counts = np.unique(rows[known] * width + ids[known], return_counts=True)
    return keys // width, keys % width, counts


class HasModel(Protocol):
    """What carries a theme model once it is fitted: `ThemeClassifier`."""

    @property
    def model_(self) -> "ThemeModel": ...  # noqa: D102


class ThemeModel:
    """A linear model of the themes of paragraphs.

    Args:
        meta: themes in order, thresholds, taxonomy, training data and scores, see `meta`.
        names: block → feature names.
        idf: block → inverse document frequencies, float64, one per name.
        weights: block → float64 of the shape (names, themes).
        arrays: `intercept` (themes), `joint` (themes, themes), `joint_intercept` (themes),
            `main` (2), `main_intercept` (1): see `probabilities`.
        trained_on: fingerprints of the texts that it was trained on, sorted, see `training.fingerprints`.
    """

    def __init__(
        self,
        meta: dict[str, Any],
        names: Mapping[str, Sequence[str]],
        idf: "dict[str, NDArray[Any]]",
        weights: "dict[str, NDArray[Any]]",
        arrays: "dict[str, NDArray[Any]]",
        trained_on: Iterable[int] = (),
    ) -> None:
        self._np = import_numpy()
        self.meta = meta
        self.trained_on = tuple(sorted(set(trained_on)))
        self.themes: tuple[str, ...] = tuple(meta["themes"])
        self.names = names
        self.idf = idf
        self.weights = weights
        self.arrays = arrays
        np = self._np
        self._index = {b: {name: i for i, name in enumerate(names[b])} for b in ("opening", "heading")}
        shared = ("words", "before", "after")
        every = sorted({name for block in shared for name in names[block]})
        vocabulary = {name: i for i, name in enumerate(every)}
        self._vocabulary, self._size = _Numbered(vocabulary), max(1, len(every))
        self._feature_of: dict[str, NDArray[Any]] = {}  # place in the vocabulary → place in the block
        for block in shared:
            places = np.full(len(every), -1)
            places[self._ids(vocabulary, names[block])] = np.arange(len(names[block]))
            self._feature_of[block] = places
        pairs = _codes(np, names["characters"]).reshape(-1, 2)
        self._pairs = _Places(pairs[:, 0] << 32 | pairs[:, 1])

    def __reduce__(self) -> tuple[Any, ...]:
        """What it was made of; the indices are made again."""
        made_of = (self.meta, self.names, self.idf, self.weights, self.arrays, self.trained_on)
        return type(self), made_of

    # -- scores

    def _found(self, passages: Sequence[Passage], tokenizer: Tokenizer) -> "Iterator[_Found]":
        """What the model has of the features of `features`, block by block, of each text once.

        A paragraph is the neighbour of two others, and a heading stands above many. Each word is looked up
        once for all blocks, pairs of characters are numbers: strings for each would take ten times as long.
        What only stands beside a passage has no opening and no pairs.
        """
        np = self._np
        number: dict[str, int] = {}
        which = {
            block: [number.setdefault(getattr(p, of), len(number)) for p in passages]
            for block, of in (("words", "text"), ("before", "before"), ("after", "after"))
        }
        own = 1 + max(which["words"], default=-1)  # the texts of the passages come first
        words = [tokenizer.words(text[:LONGEST]) for text in number]
        rows = np.repeat(np.arange(len(words)), list(map(len, words)))
        ids = np.fromiter(map(self._vocabulary.__getitem__, chain.from_iterable(words)), "int64", len(rows))
        counted = _counted(np, rows, ids, self._size)
        for block, whose in which.items():
            row, place, counts = counted
            feature, asked = self._feature_of[block].take(place), np.zeros(len(words), dtype=bool)
            asked[whose] = True
            known = (feature >= 0) & asked.take(row)
            found = row[known], feature[known], counts[known]
            yield _Found(block, whose, len(words), *found[:2], self._valued(block, *found, len(words)))
        openings = [with_pairs(opening_of(found)) for found in words[:own]]
        headings: dict[str, int] = {}
        under = [headings.setdefault(p.heading, len(headings)) for p in passages]
        headed = [with_pairs(words_of(text, tokenizer)) for text in headings]
        for block, whose, names in (("opening", which["words"], openings), ("heading", under, headed)):
            rows = np.repeat(np.arange(len(names)), list(map(len, names)))
            ids = self._ids(self._index[block], list(chain.from_iterable(names)))
            yield self._named(block, whose, rows, ids, len(names))
        pairs = self._characters([text[:LONGEST] for text in islice(number, own)])
        yield self._named("characters", which["words"], *pairs, own)

    def _named(
        self, block: str, whose: list[int], rows: "NDArray[Any]", ids: "NDArray[Any]", count: int
    ) -> "_Found":
        """The features of a block that the model has, of each text of the block its own."""
        found = _counted(self._np, rows, ids, max(1, len(self.names[block])))
        return _Found(block, whose, count, *found[:2], self._valued(block, *found, count))

    def _ids(self, index: Mapping[str, int], names: Sequence[str]) -> "NDArray[Any]":
        ids: NDArray[Any] = self._np.fromiter(map(index.get, names, repeat(-1)), "int64", len(names))
        return ids

    def _characters(self, texts: list[str]) -> "tuple[NDArray[Any], NDArray[Any]]":
        np = self._np
        codes = _codes(np, texts)
        rows = np.repeat(np.arange(len(texts)), list(map(len, texts)))
        found = self._pairs.of(codes[:-1] << 32 | codes[1:])
        found[rows[:-1] != rows[1:]] = -1
        return rows[:-1], found

    def _valued(
        self, block: str, row: "NDArray[Any]", feature: "NDArray[Any]", counts: "NDArray[Any]", count: int
    ) -> "NDArray[Any]":
        """The value of each feature that occurs in a row.

        Values are TF-IDF with a sublinear frequency and Euclidean norm, as scikit-learn's TfidfVectorizer,
        times the weight of the block.
        """
        np = self._np
        value = (1.0 + np.log(counts)) * self.idf[block].take(feature)
        norm = np.sqrt(np.bincount(row, weights=value * value, minlength=count))
        valued: NDArray[Any] = value / norm.take(row) * BLOCKS[block]
        return valued

    def scores(self, passages: Sequence[Passage], tokenizer: Tokenizer) -> "NDArray[Any]":
        """The distance from each theme's hyperplane, of the shape (passages, themes)."""
        np = self._np
        total: NDArray[Any] = np.tile(self.arrays["intercept"], (len(passages), 1))
        for first in range(0, len(passages), _TOGETHER):
            some, scores = passages[first : first + _TOGETHER], total[first : first + _TOGETHER]
            for block, whose, texts, row, feature, value in self._found(some, tokenizer):
                if len(row):
                    product = self.weights[block].take(feature, axis=0)  # faster than an index by a quarter
                    product *= value[:, None]
                    starts = np.flatnonzero(np.diff(row, prepend=-1))
                    sums = np.zeros((texts, len(self.themes)))
                    sums[row[starts]] = np.add.reduceat(product, starts, axis=0)
                    scores += sums.take(whose, axis=0)
        return total

    def probabilities(self, scores: "NDArray[Any]") -> "tuple[NDArray[Any], NDArray[Any], NDArray[Any]]":
        """Main theme, the probability that it is right, and for every theme that it is among the themes.

        The last come from one logistic regression per theme over the scores of all themes, the probability
        of the main theme from one over its score and its lead; both are fitted to held-out scores
        (Platt 1999, with the scores of the other themes).
        """
        np = self._np
        main = scores.argmax(axis=1) if len(scores) else np.zeros(0, dtype=np.int64)
        held = np.clip(scores, -2.5, 2.5)
        among = logistic(held @ self.arrays["joint"].T + self.arrays["joint_intercept"])
        order = np.sort(held, axis=1)
        lead = np.column_stack([order[:, -1], order[:, -1] - order[:, -2]])
        certain = logistic(lead @ self.arrays["main"] + self.arrays["main_intercept"][0])
        return main, certain, among

    # -- themes

    def predict(self, passages: Sequence[Passage], tokenizer: Tokenizer) -> list[tuple[Theme, ...]]:
        """The themes of each passage, the main one first; none where the model is not sure enough."""
        return self.themes_of(self.scores(passages, tokenizer))

    def themes_of(self, scores: "NDArray[Any]") -> list[tuple[Theme, ...]]:
        """The themes that scores of the shape (passages, themes) stand for."""
        main, certain, among = self.probabilities(scores)
        thresholds = self.meta["thresholds"]
        found: list[tuple[Theme, ...]] = []
        highest = scores.max(axis=1, initial=-9.0)
        equal = scores >= highest[:, None] - self.meta["equal"]
        columns = (main.tolist(), certain.tolist(), among.tolist(), highest.tolist(), equal.tolist())
        for first, sure, row, score, level in zip(*columns, strict=True):
            if sure < self.meta["least_probability"] or score < self.meta["least_score"]:
                found.append(())
                continue
            further = [i for i, p in enumerate(row) if i != first and p >= thresholds[i]]
            further.sort(key=lambda i: -row[i])
            chosen = [(first, sure), *((i, row[i]) for i in further[: _MOST - 1])]
            found.append(
                tuple(
                    Theme(theme=self.themes[i], probability=round(p, 4), main=at < _MAINS and level[i])
                    for at, (i, p) in enumerate(chosen)
                )
            )
        return found

    def explain(self, passage: Passage, tokenizer: Tokenizer, *, most: int = 8) -> tuple[Reason, ...]:
        """The themes of one passage with the features that spoke for each.

        Args:
            passage: the paragraph and its heading.
            tokenizer: cuts it into words.
            most: features per theme.
        """
        spoke: list[tuple[str, NDArray[Any]]] = []
        for block, whose, _, row, feature, value in self._found([passage], tokenizer):
            prefix, own = "" if block in ("words", "characters") else f"{block}:", row == whose[0]
            for i, v in zip(feature[own].tolist(), value[own].tolist(), strict=True):
                spoke.append((prefix + self.names[block][i], self.weights[block][i] * v))
        reasons = []
        for theme in self.themes_of(self.scores([passage], tokenizer))[0]:
            column = self.themes.index(theme.theme)
            best = sorted(((float(w[column]), name) for name, w in spoke), key=lambda x: (-x[0], x[1]))
            words = tuple((name, round(weight, 4)) for weight, name in best[:most] if weight > 0)
            reasons.append(Reason(theme=theme.theme, probability=theme.probability, words=words))
        return tuple(reasons)

    # -- files

    def save(self, path: Path) -> None:
        """Write the model to a file; the same model gives the same bytes."""
        with path.open("wb") as stream:
            self.write(stream)

    def write(self, stream: IO[bytes]) -> None:
        """Write the model to a binary stream."""
        np = self._np
        arrays: dict[str, Any] = {"trained_on": np.array(self.trained_on, dtype=np.uint32)}
        for block in BLOCKS:
            arrays[f"names_{block}"] = np.frombuffer("\n".join(self.names[block]).encode(), np.uint8)
            arrays[f"idf_{block}"] = self.idf[block]
            arrays[f"weights_{block}"] = np.round(self.weights[block] * SCALE).astype(np.int16)
        write_arrays(stream, self.meta, arrays | self.arrays)

    @classmethod
    def load(cls, path: Path) -> "ThemeModel":
        """Read a model file.

        Raises:
            InputError: it cannot be read, is damaged, or is no theme model of this version.
        """
        return cls.from_bytes(read_bytes(path, _KIND), str(path))

    @classmethod
    def from_bytes(cls, data: bytes, name: str) -> "ThemeModel":
        """Read a model from the bytes of its file; errors as `load`."""
        return read_model(data, name, cls._from_arrays, kind=_KIND, form=FORMAT, largest=_SIZE)

    @classmethod
    def _from_arrays(cls, meta: dict[str, Any], arrays: "dict[str, NDArray[Any]]") -> "ThemeModel":
        joined = {b: arrays.pop(f"names_{b}").tobytes().decode() for b in BLOCKS}
        names = {b: text.split("\n") if text else [] for b, text in joined.items()}
        idf = {b: arrays.pop(f"idf_{b}").astype("float64") for b in BLOCKS}
        weights = {b: arrays.pop(f"weights_{b}").astype("float64") / SCALE for b in BLOCKS}
        trained_on = arrays.pop("trained_on", ())
        others = {name: array.astype("float64") for name, array in arrays.items()}
        _check_meta(meta)
        for block, own in names.items():
            if len(set(own)) != len(own):
                raise ValueError(f"the block {block} has a name twice")
        if not set(map(len, names["characters"])) <= {2}:
            raise ValueError("a name of the block characters is no pair")
        model = cls(meta, names, idf, weights, others, map(int, trained_on))
        model._check()
        return model

    def _check(self) -> None:
        """Do the arrays fit together?"""
        size = len(self.themes)
        shapes = {
            "intercept": (size,), "joint": (size, size), "joint_intercept": (size,), "main": (2,),
            "main_intercept": (1,),
        }  # fmt: skip
        for name, shape in shapes.items():
            if self.arrays[name].shape != shape:
                raise ValueError(f"array {name} has the shape {self.arrays[name].shape}, not {shape}")
        for block in BLOCKS:
            count = len(self.names[block])
            if self.idf[block].shape != (count,) or self.weights[block].shape != (count, size):
                raise ValueError(f"the arrays of the block {block} do not fit its {count} names")


def _check_meta(meta: dict[str, Any]) -> None:
    """Are the themes, thresholds and bounds of a description what they should be?"""
    themes, thresholds = meta["themes"], meta["thresholds"]
    if not isinstance(themes, list) or not all(isinstance(theme, str) and theme for theme in themes):
        raise ValueError("the themes are no list of names")
    if len(set(themes)) != len(themes) or len(themes) < 2:
        raise ValueError("the themes are fewer than two, or one is named twice")
    if not isinstance(thresholds, list) or len(thresholds) != len(themes):
        raise ValueError("thresholds do not fit the themes")
    for threshold in (*thresholds, meta["least_probability"]):
        check_share("a threshold", threshold)
    for name in ("least_score", "equal"):
        number = meta[name]
        if isinstance(number, bool) or not isinstance(number, int | float) or not isfinite(number):
            raise ValueError(f"{name} is {number!r}, no finite number")


class _Numbered(dict[str, int]):
    """The place of a word, as a tokenizer gives it, in a vocabulary; -1 for one that it does not have.

    What was asked is kept, for reports use the same words again and again.
    """

    def __init__(self, vocabulary: Mapping[str, int]) -> None:
        self._whole = vocabulary

    def __missing__(self, word: str) -> int:
        if len(self) > _MOST_ASKED:
            self.clear()
        place = self[word] = -1 if word.isspace() else self._whole.get(plain(word), -1)
        return place


class _Places:
    """Where numbers stand in an array, all of them different; three times as fast as a binary search.

    A number is looked for where its hash says; those whose place another one has got are in a second table,
    and so on.

    Args:
        numbers: the array, int64.
    """

    def __init__(self, numbers: "NDArray[Any]") -> None:
        np = import_numpy()
        self._numbers = numbers
        self._tables: list[NDArray[Any]] = []
        left = np.arange(len(numbers))
        while len(left):
            table = np.full(1 << _HASHED, -1)
            table[self._hash(numbers[left], len(self._tables))] = left
            self._tables.append(table)
            left = np.setdiff1d(left, table)

    @staticmethod
    def _hash(numbers: "NDArray[Any]", which: int) -> "NDArray[Any]":
        mixed: NDArray[Any] = numbers * _FACTORS[which % len(_FACTORS)] + which
        hashed: NDArray[Any] = (mixed >> 32) & ((1 << _HASHED) - 1)
        return hashed

    def of(self, numbers: "NDArray[Any]") -> "NDArray[Any]":
        """The place of each number in the array, -1 where it is not there."""
        found: NDArray[Any] = import_numpy().full(len(numbers), -1)
        for which, table in enumerate(self._tables):
            places = table.take(self._hash(numbers, which))
            there = (self._numbers.take(places) == numbers) & (places >= 0)
            found[there] = places[there]
        return found


@cache
def default_model() -> ThemeModel:
    """The model that comes with the package; read once.

    Raises:
        InputError: the file is damaged.
    """
    source = resources.files("zhreport.data").joinpath("themes.npz")
    return ThemeModel.from_bytes(source.read_bytes(), "themes.npz")
