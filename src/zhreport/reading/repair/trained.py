"""The continuity model: counts, topics, networks and weights in one file."""

from dataclasses import fields
from functools import cache
from importlib import resources
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from zhreport.model_files import logistic, read_bytes, read_model, write_arrays
from zhreport.reading.repair.counts import BORDER, Counts, import_numpy
from zhreport.reading.repair.features import HEAD_FEATURES, PAIR_FEATURES, TAIL_FEATURES, Lines
from zhreport.reading.repair.seams import Seams
from zhreport.reading.repair.topics import SLOTS, Continuation, Topics

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["FORMAT", "MATCH_FEATURES", "ContinuityModel", "default_model", "logistic", "match_features"]

#: Changes with the arrays of the file and with what the features mean.
FORMAT: Final = "zhreport-continuity-3"
_KIND: Final = "continuity model"  # in errors
MATCH_FEATURES: Final = (
    "score", "lead_of_tail", "lead_of_head", "matched", "tail", "head", "both_leads", "matched_squared",
    "lesser_lead", "matched_and_head", "matched_and_tail", "tail_and_head", "doubtful_tail",
    "doubtful_head", "matched_and_score",
)  # fmt: skip
_SIZE: Final = 64 << 20  # bytes unpacked; a larger file is not one of ours
_STRONG: Final = 12.0  # log odds are cut off here
_CLIP: Final = 6.0  # standard deviations
_QUIET: Final = 0.0  # log odds of an end that alone gives no reason to look at the beginnings
_LEAST_TAIL: Final = -4.0  # log odds of a paragraph that is tried
_LEAST_HEAD: Final = -5.0
_MOST: Final = 200  # tails, and heads, that are tried
_ROUNDS: Final = 40
_BEND: Final = 8.0  # log odds beyond which a product grows no more


def match_features(scores: "NDArray[Any]", tail: "NDArray[Any]", head: "NDArray[Any]") -> "NDArray[Any]":
    """`MATCH_FEATURES` of pairs beside their rivals.

    `matched` is the log odds of a pair in a random matching in which a set of pairs has the weight of the
    exponential of its scores, by belief propagation (Sanghavi, Malioutov and Willsky 2011).

    Args:
        scores: of the shape (tails, heads); very low where a pair is impossible.
        tail: log odds that each tail breaks off.
        head: log odds that each head begins in the middle.

    Returns:
        Of the shape (tails, heads, features).
    """
    np = import_numpy()
    weights = np.exp(np.clip(scores, -30.0, 30.0))
    by_tail, by_head = np.ones_like(weights), np.ones_like(weights)
    for _ in range(_ROUNDS):
        kept = weights * by_head
        by_tail = 1.0 / (1.0 + np.maximum(kept.sum(axis=1, keepdims=True) - kept, 0.0))
        kept = weights * by_tail
        by_head = 1.0 / (1.0 + np.maximum(kept.sum(axis=0, keepdims=True) - kept, 0.0))
    matched = np.log(weights) + np.log(by_tail) + np.log(by_head)
    columns = [
        scores,
        scores - _others(scores),
        scores - _others(scores.T).T,
        matched,
        np.broadcast_to(tail[:, None], scores.shape),
        np.broadcast_to(head, scores.shape),
    ]
    # products, as the same lead says less where a break is in doubt
    s, by_tail, by_head, m, t, h = (np.clip(column, -_BEND, _BEND) / 4.0 for column in columns)
    products = [
        by_tail * by_head, m * m, np.minimum(by_tail, by_head), m * h, m * t, t * h, np.minimum(t, 0.0),
        np.minimum(h, 0.0), s * m,
    ]  # fmt: skip
    found: NDArray[Any] = np.clip(np.stack([*columns, *products], axis=2), -15.0, 15.0)
    return found


def _others(scores: "NDArray[Any]") -> "NDArray[Any]":
    """For each pair the highest score among the others of its row and none, whose score is 0."""
    np = import_numpy()
    if scores.shape[1] < 2:
        lowest: NDArray[Any] = np.zeros(scores.shape)
        return lowest
    ranked = np.sort(scores, axis=1)
    best, second = ranked[:, -1:], ranked[:, -2:-1]
    others: NDArray[Any] = np.maximum(np.where(scores >= best, second, best), 0.0)
    return others


class ContinuityModel:
    """Where texts break off, and what goes on where.

    Args:
        meta: the documents it was trained on, the thresholds and figures.
        counts: n-grams of reports.
        topics: topics of reports.
        seams: networks that read both sides of a seam.
        weights: the weights of the features, each array with a constant at its end: `tail`, `head` (of the
            paragraph alone), `tail_beside`, `head_beside` (with the score of the paragraph beside it),
            `pair` and its `pair_mean`, `pair_deviation`, and `match`.
    """

    def __init__(
        self,
        meta: dict[str, Any],
        counts: Counts,
        topics: Topics,
        seams: Seams,
        weights: "dict[str, NDArray[Any]]",
    ) -> None:
        self.meta = meta
        self.counts = counts
        self.topics = topics
        self.seams = seams
        self.weights = weights

    # -- scores

    def breaks(self, lines: Lines, *, quick: bool = False) -> "tuple[NDArray[Any], NDArray[Any]]":
        """The log odds that each paragraph breaks off at its end, and begins in the middle.

        Args:
            lines: the paragraphs.
            quick: do not look at beginnings where no end looks like a break.
        """
        np = import_numpy()
        index, tails = lines.tails(self.counts)
        closed = np.full(len(lines.lines), -_STRONG)
        if quick and (not len(index) or _linear(tails, self.weights["tail"]).max() < _QUIET):
            return closed, closed
        heads = lines.heads(self.counts)
        return self.combine(index, tails, heads, closed)

    def combine(
        self, index: "NDArray[Any]", tails: "NDArray[Any]", heads: "NDArray[Any]", closed: "NDArray[Any]"
    ) -> "tuple[NDArray[Any], NDArray[Any]]":
        """The log odds of breaks from the features of ends (of the paragraphs `index`) and beginnings.

        A break seldom stands alone: what follows a tail is mostly a head, so each score counts for the
        other one.
        """
        tail, head = closed.copy(), _linear(heads, self.weights["head"])
        tail[index] = _linear(tails, self.weights["tail"])
        tails, heads = beside(index, tails, heads, tail, head)
        tail[index] = _linear(tails, self.weights["tail_beside"])
        return tail, _linear(heads, self.weights["head_beside"])

    @staticmethod
    def candidates(tail: "NDArray[Any]", head: "NDArray[Any]") -> "tuple[NDArray[Any], NDArray[Any]]":
        """The paragraphs whose ends and whose beginnings are tried, the likeliest if they are many."""
        np = import_numpy()
        found = []
        for scores, least in ((tail, _LEAST_TAIL), (head, _LEAST_HEAD)):
            index = np.flatnonzero(scores > least)
            if len(index) > _MOST:
                index = np.sort(index[np.argsort(-scores[index], kind="stable")[:_MOST]])
            found.append(index)
        return found[0], found[1]

    def scores(self, pairs: "NDArray[Any]") -> "NDArray[Any]":
        """The scores of `PAIR_FEATURES`."""
        np = import_numpy()
        weights = self.weights
        z = np.clip((pairs - weights["pair_mean"]) / weights["pair_deviation"], -_CLIP, _CLIP)
        scores: NDArray[Any] = z @ weights["pair"][:-1] + weights["pair"][-1]
        return scores

    def probabilities(
        self, scores: "NDArray[Any]", tail: "NDArray[Any]", head: "NDArray[Any]"
    ) -> "NDArray[Any]":
        """The probability that each pair belongs together; arguments as for `match_features`."""
        weights = self.weights["match"]
        return logistic(match_features(scores, tail, head) @ weights[:-1] + weights[-1])

    # -- files

    def save(self, path: Path) -> None:
        """Write the model to a file; the same model gives the same bytes."""
        with path.open("wb") as stream:
            self.write(stream)

    def write(self, stream: IO[bytes]) -> None:
        """Write the model to a binary stream."""
        np = import_numpy()
        steps = np.diff(self.counts.keys, prepend=np.uint32(0)).astype("<u4")
        scale = np.abs(self.topics.components).max(axis=1)
        arrays: dict[str, Any] = {
            # byte planes pack better than the numbers
            "keys": np.ascontiguousarray(steps.view(np.uint8).reshape(-1, 4).T),
            "counts": np.minimum(self.counts.values, 65535).astype("<u2"),
            "idf": np.round(self.topics.idf * 16).astype(np.uint8),
            "components": np.round(self.topics.components / scale[:, None] * 127).astype(np.int8),
            "scale": np.round(scale, 6),
            "place": np.round(self.topics.place, 6),
            **{
                f"continuation_{field.name}": getattr(self.topics.continuation, field.name).astype("<f4")
                for field in fields(Continuation)
            },
            **{f"seams_{name}": array for name, array in self.seams.arrays().items()},
            **{f"weights_{name}": np.round(array, 5) for name, array in self.weights.items()},
        }
        write_arrays(stream, self.meta | {"characters": self.counts.total}, arrays)

    @classmethod
    def load(cls, path: Path) -> "ContinuityModel":
        """Read a model file.

        Raises:
            InputError: it cannot be read, is damaged, or is no continuity model of this version.
        """
        return cls.from_bytes(read_bytes(path, _KIND), str(path))

    @classmethod
    def from_bytes(cls, data: bytes, name: str) -> "ContinuityModel":
        """Read a model from the bytes of its file; errors as `load`."""
        return read_model(data, name, cls._from_arrays, kind=_KIND, form=FORMAT, largest=_SIZE)

    @classmethod
    def _from_arrays(cls, meta: dict[str, Any], arrays: "dict[str, NDArray[Any]]") -> "ContinuityModel":
        np = import_numpy()
        steps = np.ascontiguousarray(arrays["keys"].T).view("<u4").ravel()
        counts = Counts(
            np.cumsum(steps, dtype=np.uint32), arrays["counts"].astype(np.float32), float(meta["characters"])
        )
        topics = Topics(
            arrays["idf"] / 16.0,
            arrays["components"].astype(np.float64) / 127.0 * arrays["scale"][:, None],
            arrays["place"],
            Continuation(
                **{
                    field.name: arrays[f"continuation_{field.name}"].astype(np.float64)
                    for field in fields(Continuation)
                }
            ),
        )
        seams, weights = (
            {key.removeprefix(kind): array for key, array in arrays.items() if key.startswith(kind)}
            for kind in ("seams_", "weights_")
        )
        model = cls(meta, counts, topics, Seams.from_arrays(seams), weights)
        model._check()
        return model

    def _check(self) -> None:
        """Do the arrays fit together?"""
        np = import_numpy()
        tail, head, pair = len(TAIL_FEATURES), len(HEAD_FEATURES), len(PAIR_FEATURES)
        shapes = {
            "tail": tail + 1, "head": head + 1, "tail_beside": tail + 2, "head_beside": head + 2,
            "pair": pair + 1, "pair_mean": pair, "pair_deviation": pair, "match": len(MATCH_FEATURES) + 1,
        }  # fmt: skip
        for name, size in shapes.items():
            if self.weights[name].shape != (size,):
                raise ValueError(f"array {name} has the shape {self.weights[name].shape}, not ({size},)")
        if self.counts.keys.shape != self.counts.values.shape or not len(self.counts.keys):
            raise ValueError("keys and counts do not fit")
        if self.counts.values.min() < 0:
            raise ValueError("a count is negative")
        if (
            not 0 < self.counts.total < float("inf")
            or (np.diff(self.counts.keys.astype(np.int64)) <= 0).any()
        ):
            raise ValueError("keys are not in order, or there are no characters")
        topics = len(self.topics.components)
        for field in fields(Continuation):
            wanted = (topics,) if field.name in {"before", "behind"} else (topics, topics)
            if getattr(self.topics.continuation, field.name).shape != wanted:
                raise ValueError(f"array {field.name} of the topics has another shape than {wanted}")
        if (self.topics.components.shape, self.topics.idf.shape, self.topics.place.shape) != (
            (topics, SLOTS), (SLOTS,), (topics + 1,),
        ):  # fmt: skip
            raise ValueError("the arrays of the topics do not fit")
        # whether the layers of the networks fit shows where they are asked
        place = np.array([1])
        if self.seams.scores(np.array([BORDER, 0x5E74, BORDER]), place, place).shape != (1, 1):
            raise ValueError("the arrays of the seams do not fit")


def beside(
    index: "NDArray[Any]",
    tails: "NDArray[Any]",
    heads: "NDArray[Any]",
    tail: "NDArray[Any]",
    head: "NDArray[Any]",
) -> "tuple[NDArray[Any], NDArray[Any]]":
    """The features with the score of the beginning behind each end and of the end before each beginning."""
    np = import_numpy()
    return (
        np.column_stack([tails, np.append(head[1:], 0.0)[index]]),
        np.column_stack([heads, np.insert(tail[:-1], 0, 0.0)]),
    )


def _linear(features: "NDArray[Any]", weights: "NDArray[Any]") -> "NDArray[Any]":
    np = import_numpy()
    found: NDArray[Any] = np.clip(features @ weights[:-1] + weights[-1], -_STRONG, _STRONG)
    return found


@cache
def default_model() -> ContinuityModel:
    """The model that comes with the package; read once.

    Raises:
        InputError: the file is damaged.
    """
    source = resources.files("zhreport.data").joinpath("continuity.npz")
    return ContinuityModel.from_bytes(source.read_bytes(), "continuity.npz")
