"""The theme model as a file of arrays: inference with numpy and a tokenizer, nothing else.

The file is an `.npz` without pickled objects: an array of bytes `meta` (JSON), the feature names and their
inverse document frequencies block by block, and the weights. Reading it runs no code of the file.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
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
_MULTIPLIED: Final = 4_000  # values at a time
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


class _Valued(NamedTuple):
    """The features of one block with their values, see `Counted`."""

    block: str
    whose: list[int]
    texts: int
    row: "NDArray[Any]"
    feature: "NDArray[Any]"
    value: "NDArray[Any]"


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
        weights: block → float64 of the shape (names, themes).
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

    def _valued(self, counted: Counted) -> "_Valued":
        """The value of each feature that occurs in a text.

        Values are TF-IDF with a sublinear frequency and Euclidean norm, as scikit-learn's TfidfVectorizer,
        times the weight of the block.
        """
        np = self._np
        block, whose, texts, row, feature, times = counted
        value = (1.0 + np.log(times)) * self.idf[block].take(feature)
        norm = np.sqrt(np.bincount(row, weights=value * value, minlength=texts))
        return _Valued(block, whose, texts, row, feature, value / norm.take(row) * BLOCKS[block])

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
                valued = self._valued(counted)
                if len(valued.row):
                    scores += self._summed(valued).take(valued.whose, axis=0)
        return total

    def _summed(self, valued: _Valued) -> "NDArray[Any]":
        """The sums of the weighted values of each text, of the shape (texts, themes).

        They are made some thousand at a time, so that what is multiplied stays near the processor.
        """
        np = self._np
        weights, row = self.weights[valued.block], valued.row
        sums: NDArray[Any] = np.zeros((valued.texts, len(self.themes)))
        starts = np.flatnonzero(np.diff(row, prepend=-1))
        first = 0
        while first < len(starts):
            begin = starts[first]
            behind = max(first + 1, int(starts.searchsorted(begin + _MULTIPLIED)))
            end = starts[behind] if behind < len(starts) else len(row)
            # `take` is faster than an index by a quarter
            product = weights.take(valued.feature[begin:end], axis=0)
            product *= valued.value[begin:end, None]
            sums[row[starts[first:behind]]] = np.add.reduceat(product, starts[first:behind] - begin, axis=0)
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
        for at in np.flatnonzero(sure).tolist():
            first = int(main[at])
            themes = [Theme(theme=self.themes[first], probability=round(float(certain[at]), 4), main=True)]
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
        spoke: list[tuple[str, NDArray[Any]]] = []
        laid = Laid()
        texts = (passage.text[:LONGEST], passage.heading, passage.before, passage.after)
        whole = Stretches(*map(laid.add, texts))
        reading, rows = self._counter.reader(laid, tokenizer)([whole])
        for counted in self._counter.count(reading, rows):
            block, whose, _, row, feature, value = self._valued(counted)
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
            "intercept": (size,), "joint": (size, size), "joint_intercept": (size,), "main": (3,),
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


@cache
def default_model() -> ThemeModel:
    """The model that comes with the package; read once.

    Raises:
        InputError: the file is damaged.
    """
    source = resources.files("zhreport.data").joinpath("themes.npz")
    return ThemeModel.from_bytes(source.read_bytes(), "themes.npz")
