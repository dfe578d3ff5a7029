"""The theme model as a file of arrays: inference with numpy and a tokenizer, nothing else.

The file is an `.npz` without pickled objects: an array of bytes `meta` (JSON), the feature names and their
inverse document frequencies block by block, and the weights. Reading it runs no code of the file.
"""

import io
import json
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from zhreport.errors import InputError
from zhreport.numeric import import_numpy
from zhreport.themes.passages import BLOCKS, Passage, features
from zhreport.tokens import Tokenizer

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["FORMAT", "SCALE", "Reason", "Theme", "ThemeModel", "default_model"]

#: Changes whenever the file's layout or the meaning of its arrays does.
FORMAT: Final = "zhreport themes 1"
#: Weights are multiples of 1/SCALE, so that they fit 16 bits and training on another machine rounds alike.
SCALE: Final = 4096
_MOST: Final = 3  # themes of a paragraph
#: What reading a file that is damaged, cut off or something else raises.
_DAMAGE: Final = (
    zipfile.BadZipFile, zlib.error, ValueError, KeyError, EOFError, OSError, TypeError, AttributeError,
    NotImplementedError, IndexError, MemoryError,
)  # fmt: skip
_SIZE: Final = 200_000_000  # bytes unpacked; a larger file is not one of ours


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """One theme of a paragraph.

    Attributes:
        theme: its id in the taxonomy of the model, or what the crosswalk makes of it.
        probability: of the main theme, that it is the main one; of a further theme, that it is among the
            paragraph's themes.
    """

    theme: str
    probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a paragraph has a theme.

    Attributes:
        theme: its id.
        probability: see `Theme`.
        words: the features that spoke for it most, with their weights in the score, heaviest first;
            a feature is a word, or `opening:…` or `heading:…` for words of the opening or the heading.
    """

    theme: str
    probability: float
    words: tuple[tuple[str, float], ...]


class ThemeModel:
    """A linear model of the themes of paragraphs.

    Args:
        meta: themes in order, thresholds, taxonomy, training data and scores, see `meta`.
        names: block → feature names.
        idf: block → inverse document frequencies, float64, one per name.
        weights: block → float64 of the shape (names, themes).
        arrays: `intercept` (themes), `joint` (themes, themes), `joint_intercept` (themes),
            `main` (2), `main_intercept` (1): see `probabilities`.
    """

    def __init__(
        self,
        meta: dict[str, Any],
        names: Mapping[str, Sequence[str]],
        idf: "dict[str, NDArray[np.float64]]",
        weights: "dict[str, NDArray[np.float64]]",
        arrays: "dict[str, NDArray[np.float64]]",
    ) -> None:
        self._np = import_numpy()
        self.meta = meta
        self.themes: tuple[str, ...] = tuple(meta["themes"])
        self.names = names
        self.idf = idf
        self.weights = weights
        self.arrays = arrays
        self._index = {block: {name: i for i, name in enumerate(found)} for block, found in names.items()}

    # -- scores

    def _block(
        self, block: str, found: list[list[str]]
    ) -> "tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]":
        """Passage, feature and value of every feature that occurs.

        Values are TF-IDF with a sublinear frequency and Euclidean norm, as scikit-learn's TfidfVectorizer,
        times the weight of the block.
        """
        np = self._np
        index = self._index[block]
        width = max(1, len(index))
        rows = np.repeat(np.arange(len(found)), [len(names) for names in found])
        get = index.get
        ids = np.array([get(name, -1) for names in found for name in names], dtype=np.int64)
        known = ids >= 0
        keys, counts = np.unique(rows[known] * width + ids[known], return_counts=True)
        row, feature = keys // width, keys % width
        value = (1.0 + np.log(counts)) * self.idf[block][feature]
        norm = np.sqrt(np.bincount(row, weights=value * value, minlength=len(found)))
        return row, feature, value / norm[row] * BLOCKS[block]

    def scores(self, passages: Sequence[Passage], tokenizer: Tokenizer) -> "NDArray[np.float64]":
        """The distance from each theme's hyperplane, of the shape (passages, themes)."""
        np = self._np
        total: NDArray[Any] = np.tile(self.arrays["intercept"], (len(passages), 1))
        counted = [features(passage, tokenizer) for passage in passages]
        for block in BLOCKS:
            row, feature, value = self._block(block, [list(found[block]) for found in counted])
            if len(row):
                product = self.weights[block][feature] * value[:, None]
                starts = np.flatnonzero(np.diff(row, prepend=-1))
                total[row[starts]] += np.add.reduceat(product, starts, axis=0)
        return total

    def probabilities(
        self, scores: "NDArray[np.float64]"
    ) -> "tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]":
        """Main theme, the probability that it is right, and for every theme that it is among the themes.

        The last come from one logistic regression per theme over the scores of all themes, the probability
        of the main theme from one over its score and its lead; both are fitted to held-out scores
        (Platt 1999, with the scores of the other themes).
        """
        np = self._np
        main = scores.argmax(axis=1) if len(scores) else np.zeros(0, dtype=np.int64)
        held = np.clip(scores, -2.5, 2.5)
        among = _logistic(held @ self.arrays["joint"].T + self.arrays["joint_intercept"])
        order = np.sort(held, axis=1)
        lead = np.column_stack([order[:, -1], order[:, -1] - order[:, -2]])
        certain = _logistic(lead @ self.arrays["main"] + self.arrays["main_intercept"][0])
        return main, certain, among

    # -- themes

    def predict(self, passages: Sequence[Passage], tokenizer: Tokenizer) -> list[tuple[Theme, ...]]:
        """The themes of each passage, the main one first; none where the model is not sure enough."""
        return self.themes_of(self.scores(passages, tokenizer))

    def themes_of(self, scores: "NDArray[np.float64]") -> list[tuple[Theme, ...]]:
        """The themes that scores of the shape (passages, themes) stand for."""
        main, certain, among = self.probabilities(scores)
        thresholds = self.meta["thresholds"]
        found: list[tuple[Theme, ...]] = []
        highest = scores.max(axis=1, initial=-9.0)
        columns = (main.tolist(), certain.tolist(), among.tolist(), highest.tolist())
        for first, sure, row, score in zip(*columns, strict=True):
            if sure < self.meta["least_probability"] or score < self.meta["least_score"]:
                found.append(())
                continue
            further = [i for i, p in enumerate(row) if i != first and p >= thresholds[i]]
            further.sort(key=lambda i: -row[i])
            chosen = [(first, sure), *((i, row[i]) for i in further[: _MOST - 1])]
            found.append(tuple(Theme(theme=self.themes[i], probability=round(p, 4)) for i, p in chosen))
        return found

    def explain(self, passage: Passage, tokenizer: Tokenizer, *, most: int = 8) -> tuple[Reason, ...]:
        """The themes of one passage with the features that spoke for each.

        Args:
            passage: the paragraph and its heading.
            tokenizer: cuts it into words.
            most: features per theme.
        """
        counted = features(passage, tokenizer)
        spoke: list[tuple[str, NDArray[np.float64]]] = []
        for block in BLOCKS:
            _, feature, value = self._block(block, [list(counted[block])])
            prefix = "" if block in ("words", "characters") else f"{block}:"
            for i, v in zip(feature.tolist(), value.tolist(), strict=True):
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
        meta = json.dumps(self.meta, ensure_ascii=False, sort_keys=True)
        arrays: dict[str, Any] = {"meta": np.frombuffer(meta.encode(), np.uint8)}
        for block in BLOCKS:
            arrays[f"names_{block}"] = np.frombuffer("\n".join(self.names[block]).encode(), np.uint8)
            arrays[f"idf_{block}"] = self.idf[block]
            arrays[f"weights_{block}"] = np.round(self.weights[block] * SCALE).astype(np.int16)
        arrays |= self.arrays
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for name, array in arrays.items():
                buffer = io.BytesIO()
                np.lib.format.write_array(buffer, np.ascontiguousarray(array), allow_pickle=False)
                # a fixed date, or the same arrays would not give the same bytes
                archive.writestr(zipfile.ZipInfo(f"{name}.npy"), buffer.getvalue(), zipfile.ZIP_DEFLATED, 9)

    @classmethod
    def load(cls, path: Path) -> "ThemeModel":
        """Read a model file.

        Raises:
            InputError: it cannot be read, is damaged, or is no theme model of this version.
        """
        try:
            data = path.read_bytes()
        except OSError as error:
            raise InputError(f"{path}: the theme model cannot be read ({error.strerror})") from error
        return cls.from_bytes(data, str(path))

    @classmethod
    def from_bytes(cls, data: bytes, name: str) -> "ThemeModel":
        """Read a model from the bytes of its file; errors as `load`."""
        np = import_numpy()
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                size = sum(entry.file_size for entry in archive.infolist())
            if size <= _SIZE:
                with np.load(io.BytesIO(data), allow_pickle=False) as stored:
                    arrays = {key: stored[key] for key in stored.files}
                meta = json.loads(arrays.pop("meta").tobytes())
                if meta["format"] == FORMAT:
                    return cls._from_arrays(meta, arrays)
        except _DAMAGE as error:
            raise InputError(
                f"{name}: the theme model is damaged or is none ({error}); train it again or install again"
            ) from error
        raise InputError(f"{name}: is no theme model of the format {FORMAT!r}")

    @classmethod
    def _from_arrays(cls, meta: dict[str, Any], arrays: "dict[str, NDArray[Any]]") -> "ThemeModel":
        names = {b: arrays.pop(f"names_{b}").tobytes().decode().split("\n") for b in BLOCKS}
        idf = {b: arrays.pop(f"idf_{b}").astype("float64") for b in BLOCKS}
        weights = {b: arrays.pop(f"weights_{b}").astype("float64") / SCALE for b in BLOCKS}
        model = cls(meta, names, idf, weights, {k: v.astype("float64") for k, v in arrays.items()})
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
        if len(self.meta["thresholds"]) != size or size < 2:
            raise ValueError("thresholds do not fit the themes")


def _logistic(x: "NDArray[np.float64]") -> "NDArray[np.float64]":
    result: NDArray[np.float64] = 1.0 / (1.0 + import_numpy().exp(-x))
    return result


@cache
def default_model() -> ThemeModel:
    """The model that comes with the package; read once.

    Raises:
        InputError: the file is damaged.
    """
    source = resources.files("zhreport.data").joinpath("themes.npz")
    return ThemeModel.from_bytes(source.read_bytes(), "themes.npz")
