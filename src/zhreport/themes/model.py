"""The theme model as a file of arrays: inference with numpy and a tokenizer, nothing else.

The file is an `.npz` without pickled objects: an array of bytes `meta` (JSON), the feature names and their
inverse document frequencies block by block, and the weights. Reading it runs no code of the file.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, partial
from importlib import resources
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
from zhreport.themes.counting import Counted, Counter, Reader
from zhreport.themes.passages import BLOCKS, LONGEST, Laid, Passage, Stretches
from zhreport.words.tokens import Tokenizer

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["FORMAT", "SCALE", "HasModel", "Reason", "Theme", "ThemeModel", "default_model", "lead_of"]

#: Changes whenever the file's layout or the meaning of its arrays does.
FORMAT: Final = "zhreport themes 3"
_KIND: Final = "theme model"  # in errors
#: Weights are multiples of 1/SCALE, so that they fit 16 bits and training on another machine rounds alike.
SCALE: Final = 256
#: Passages that are scored at a time: their features take some 20 KB each.
_TOGETHER: Final = 1_000
_MULTIPLIED: Final = 50_000  # weights at a time
_MOST: Final = 3  # themes of a paragraph
_MAINS: Final = 2  # of them that may be main ones
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


class _Table(NamedTuple):
    """What a model says of features that some blocks have in common, see `Counter.places`.

    Attributes:
        idf: inverse document frequencies, of the shape (features, blocks); 0 for what a block does not have.
        weights: multiples of 1/SCALE, of the shape (features, blocks times themes).
    """

    idf: "NDArray[Any]"
    weights: "NDArray[Any]"


def lead_of(scores: "NDArray[Any]") -> "NDArray[Any]":
    """The highest of each row of scores, its lead on the second, and the product of both."""
    np = import_numpy()
    order = np.sort(scores, axis=1)
    highest, lead = order[:, -1], order[:, -1] - order[:, -2]
    found: NDArray[Any] = np.column_stack([highest, lead, highest * lead])
    return found


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
        weights: block → multiples of 1/SCALE, int16, of the shape (names, themes).
        arrays: `intercept` (themes), `joint` (themes, themes), `joint_intercept` (themes),
            `main` (3), `main_intercept` (1): see `probabilities`.
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
        self._counter = Counter(names)

    def __reduce__(self) -> tuple[Any, ...]:
        """What it was made of; the indices are made again."""
        made_of = (self.meta, self.names, self.idf, self.weights, self.arrays, self.trained_on)
        return type(self), made_of

    # -- scores

    @cached_property
    def _tables(self) -> "dict[tuple[str, ...], _Table]":
        """The features as they are counted: one look-up gives all that blocks with the same words say."""
        np = self._np
        found: dict[tuple[str, ...], _Table] = {}
        for blocks, places in self._counter.places.items():
            size, themes = len(places[0]), len(self.themes)
            table = _Table(np.zeros((size, len(blocks))), np.zeros((size, len(blocks) * themes), "int16"))
            for at, (block, place) in enumerate(zip(blocks, places, strict=True)):
                own = place >= 0
                table.idf[own, at] = self.idf[block][place[own]]
                table.weights[own, at * themes : (at + 1) * themes] = self.weights[block][place[own]]
            found[blocks] = table
        return found

    def _valued(self, counted: Counted) -> "tuple[NDArray[Any], NDArray[Any]]":
        """The value of each feature that occurs in a text for each block, and a factor for all of a text.

        Values are TF-IDF with a sublinear frequency and Euclidean norm, as scikit-learn's TfidfVectorizer,
        times the weight of the block. The second is of the shape (texts that have features, blocks).
        """
        np = self._np
        value = (1.0 + np.log(counted.times))[:, None] * self._tables[counted.blocks].idf.take(
            counted.feature, axis=0
        )
        norm = np.sqrt(np.add.reduceat(value * value, counted.begins, axis=0))
        norm[norm == 0] = 1.0  # nothing that the block has
        return value, np.array([BLOCKS[block] for block in counted.blocks]) / norm

    def scores(self, passages: Sequence[Passage], tokenizer: Tokenizer) -> "NDArray[Any]":
        """The distance from each theme's hyperplane, of the shape (passages, themes)."""
        total: NDArray[Any] = self._np.zeros((len(passages), len(self.themes)))
        for first in range(0, len(passages), _TOGETHER):
            laid = Laid()
            rows = [
                Stretches(
                    *map(laid.add, (p.text[:LONGEST], p.heading, p.before[:LONGEST], p.after[:LONGEST]))
                )
                for p in passages[first : first + _TOGETHER]
            ]
            total[first : first + _TOGETHER] = self.scorer(laid, tokenizer)(rows)
        return total

    def scorer(self, laid: Laid, tokenizer: Tokenizer) -> "Callable[[Sequence[Stretches]], NDArray[Any]]":
        """What gives the `scores` of passages by their places in a text, which is cut into words once."""
        return partial(self._scores, self._counter.reader(laid, tokenizer))

    def _scores(self, reader: Reader, rows: Sequence[Stretches]) -> "NDArray[Any]":
        np = self._np
        total: NDArray[Any] = np.tile(self.arrays["intercept"], (len(rows), 1))
        reading, rows = reader(rows)
        for at in range(0, len(rows), _TOGETHER):
            scores = total[at : at + _TOGETHER]
            for counted in self._counter.count(reading, rows[at : at + _TOGETHER]):
                if len(counted.row):
                    for sums, whose in zip(self._summed(counted), counted.whose, strict=True):
                        scores += sums.take(whose, axis=0)
        return total

    def _summed(self, counted: Counted) -> "NDArray[Any]":
        """The sums of the weighted values of each text, of the shape (blocks, texts, themes).

        They are made some thousand at a time, so that what is multiplied stays near the processor.
        """
        np = self._np
        weights, begins = self._tables[counted.blocks].weights, counted.begins
        value, factor = self._valued(counted)
        blocks, themes = len(counted.blocks), len(self.themes)
        sums: NDArray[Any] = np.zeros((blocks, counted.texts, themes))
        ends = np.append(begins[1:], len(value))
        together = _MULTIPLIED // (blocks * themes)
        first = 0
        while first < len(begins):
            begin = int(begins[first])
            behind = max(first + 1, int(ends.searchsorted(begin + together, "right")))
            end = int(ends[behind - 1])
            # `take` is faster than an index by a quarter
            product = weights.take(counted.feature[begin:end], axis=0).reshape(-1, blocks, themes)
            product = product * value[begin:end, :, None]
            of = np.add.reduceat(product, begins[first:behind] - begin, axis=0)
            of *= factor[first:behind, :, None] / SCALE
            sums[:, counted.row[begins[first:behind]]] = of.swapaxes(0, 1)
            first = behind
        return sums

    def probabilities(self, scores: "NDArray[Any]") -> "tuple[NDArray[Any], NDArray[Any], NDArray[Any]]":
        """Main theme, the probability that it is right, and for every theme that it is among the themes.

        The last come from one logistic regression per theme over the scores of all themes, the probability
        of the main theme from one over what `lead_of` gives; both are fitted to held-out scores
        (Platt 1999, with the scores of the other themes).
        """
        np = self._np
        main = scores.argmax(axis=1) if len(scores) else np.zeros(0, dtype=np.int64)
        held = np.clip(scores, -2.5, 2.5)
        among = logistic(held @ self.arrays["joint"].T + self.arrays["joint_intercept"])
        certain = logistic(lead_of(held) @ self.arrays["main"] + self.arrays["main_intercept"][0])
        return main, certain, among

    # -- themes

    def predict(self, passages: Sequence[Passage], tokenizer: Tokenizer) -> list[tuple[Theme, ...]]:
        """The themes of each passage, the main one first; none where the model is not sure enough."""
        return self.themes_of(self.scores(passages, tokenizer))

    def themes_of(self, scores: "NDArray[Any]") -> list[tuple[Theme, ...]]:
        """The themes that scores of the shape (passages, themes) stand for."""
        np = self._np
        main, certain, among = self.probabilities(scores)
        highest = scores.max(axis=1, initial=-9.0)
        equal = scores >= highest[:, None] - self.meta["equal"]
        given = among >= np.array(self.meta["thresholds"])
        given[np.arange(len(main)), main] = False
        sure = (certain >= self.meta["least_probability"]) & (highest >= self.meta["least_score"])
        further: list[list[int]] = [[] for _ in main]
        for at, i in np.argwhere(given & sure[:, None]).tolist():
            further[at].append(i)
        found: list[tuple[Theme, ...]] = [()] * len(main)
        mains, certainties = main.tolist(), certain.tolist()
        for at in np.flatnonzero(sure).tolist():
            name, certainty = self.themes[mains[at]], round(certainties[at], 4)
            themes = [Theme(theme=name, probability=certainty, main=True)]
            if further[at]:
                row, level = among[at].tolist(), equal[at].tolist()
                for which, i in enumerate(sorted(further[at], key=lambda i: -row[i])[: _MOST - 1], start=1):
                    main_too = which < _MAINS and level[i]
                    themes.append(Theme(theme=self.themes[i], probability=round(row[i], 4), main=main_too))
            found[at] = tuple(themes)
        return found

    def explain(self, passage: Passage, tokenizer: Tokenizer, *, most: int = 8) -> tuple[Reason, ...]:
        """The themes of one passage with the features that spoke for each.

        Args:
            passage: the paragraph and its heading.
            tokenizer: cuts it into words.
            most: features per theme.
        """
        spoke: list[tuple[str, float, NDArray[Any]]] = []
        laid = Laid()
        texts = (passage.text[:LONGEST], passage.heading, passage.before, passage.after)
        whole = Stretches(*map(laid.add, texts))
        reading, rows = self._counter.reader(laid, tokenizer)([whole])
        for counted in self._counter.count(reading, rows):
            spoke += self._spoken(counted)
        reasons = []
        for theme in self.themes_of(self.scores([passage], tokenizer))[0]:
            column = self.themes.index(theme.theme)
            best = sorted(
                ((float(w[column] * value), name) for name, value, w in spoke), key=lambda x: (-x[0], x[1])
            )
            words = tuple((name, round(weight, 4)) for weight, name in best[:most] if weight > 0)
            reasons.append(Reason(theme=theme.theme, probability=theme.probability, words=words))
        return tuple(reasons)

    def _spoken(self, counted: Counted) -> "Iterator[tuple[str, float, NDArray[Any]]]":
        """The features of the first passage: name, value, and weight in each theme."""
        if not len(counted.row):
            return
        values, factors = self._valued(counted)
        rows = counted.row[counted.begins].tolist()
        for at, block in enumerate(counted.blocks):
            row, place = counted.whose[at][0], self._counter.places[counted.blocks][at]
            if row not in rows:
                continue
            own = counted.row == row
            prefix = "" if block in ("words", "characters") else f"{block}:"
            value = values[own, at] * factors[rows.index(row), at]
            for i, v in zip(place[counted.feature[own]].tolist(), value.tolist(), strict=True):
                if i >= 0:
                    yield prefix + self.names[block][i], v, self.weights[block][i] / SCALE

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
            arrays[f"weights_{block}"] = self.weights[block]
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
        weights = {b: arrays.pop(f"weights_{b}") for b in BLOCKS}
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
            "intercept": (size,), "joint": (size, size), "joint_intercept": (size,), "main": (3,),
            "main_intercept": (1,),
        }  # fmt: skip
        for name, shape in shapes.items():
            if self.arrays[name].shape != shape:
                raise ValueError(f"array {name} has the shape {self.arrays[name].shape}, not {shape}")
        for block in BLOCKS:
            count = len(self.names[block])
            if self.weights[block].dtype != "int16":
                raise ValueError(f"the weights of the block {block} are not of 16 bits")
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


@cache
def default_model() -> ThemeModel:
    """The model that comes with the package; read once.

    Raises:
        InputError: the file is damaged.
    """
    source = resources.files("zhreport.data").joinpath("themes.npz")
    return ThemeModel.from_bytes(source.read_bytes(), "themes.npz")
