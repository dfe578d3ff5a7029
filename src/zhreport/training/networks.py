"""Training of the networks that tell which beginning goes on where a text breaks off."""

from collections.abc import Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from zhreport.reading.repair.counts import BORDER, encode
from zhreport.reading.repair.seams import BUCKETS, GRAMS, WINDOW, Seams, Tower, before, behind

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["train_seams"]

_STEPS: Final = 8000
_PLACES: Final = 512  # of one report in a step; each is to be told from all others
_RATE: Final = 5e-3
_WARM: Final = 200  # steps in which the rate rises
_LEAST_RATE: Final = 0.02  # part of the rate at the end
_SEEN: Final = 3  # characters seen less often are unknown ones
_SIZE, _HIDDEN, _OUT = 24, 160, 96


def train_seams(bodies: Sequence[str], seed: int = 0) -> Seams:
    """Learn from the places inside the paragraphs of reports.

    Args:
        bodies: reports whose paragraphs stand between line breaks.
        seed: the same seed and reports give the same networks on the same machine.
    """
    rng = np.random.default_rng(seed)
    texts = [encode(body) for body in bodies]
    codes, counts = np.unique(np.concatenate(texts), return_counts=True)
    known = codes[counts >= _SEEN]
    seams = Seams(known, _tower(len(known) + 1, rng), _tower(len(known) + 1, rng))
    places = [np.flatnonzero((text[1:] != BORDER) & (text[:-1] != BORDER)) + 1 for text in texts]
    likely = np.array([len(found) for found in places], dtype=np.float64)
    likely /= likely.sum()
    steps = _Adam(seams.tail), _Adam(seams.head)
    for step in range(_STEPS):
        k = int(rng.choice(len(texts), p=likely))
        at = rng.choice(places[k], min(_PLACES, len(places[k])), replace=False)
        rows = [seams.rows(before(texts[k], at)), seams.rows(behind(texts[k], at))]
        tails, heads = seams.tail.forward(*rows[0]), seams.head.forward(*rows[1])
        scores = tails[2] @ heads[2].T
        # cross entropy of the right head among all heads, and of the right tail among all tails
        slope = _softmax(scores) + _softmax(scores.T).T
        slope[np.diag_indices(len(at))] -= 2.0
        slope /= 2.0 * len(at)
        rate = _RATE * min(1.0, (step + 1) / _WARM) * max(_LEAST_RATE, 1.0 - step / _STEPS)
        steps[0].step(rate, *rows[0], *tails[:2], slope @ heads[2])
        steps[1].step(rate, *rows[1], *heads[:2], slope.T @ tails[2])
    return Seams.from_arrays(seams.arrays())  # as the file will hold them


def _softmax(scores: "NDArray[Any]") -> "NDArray[Any]":
    odds = np.exp(scores - scores.max(axis=1, keepdims=True))
    found: NDArray[Any] = odds / odds.sum(axis=1, keepdims=True)
    return found


def _tower(characters: int, rng: np.random.Generator) -> Tower:
    wide = (WINDOW + len(GRAMS)) * _SIZE

    def random(rows: int, columns: int, deviation: float) -> "NDArray[Any]":
        return (rng.standard_normal((rows, columns)) * deviation).astype(np.float32)

    return Tower(
        characters=random(characters, _SIZE, 0.3),
        grams=random(BUCKETS, _SIZE, 0.1),
        hidden=random(wide, _HIDDEN, (2.0 / wide) ** 0.5),
        hidden_bias=np.zeros(_HIDDEN, np.float32),
        out=random(_HIDDEN, _OUT, (1.0 / _HIDDEN) ** 0.5),
        out_bias=np.zeros(_OUT, np.float32),
    )


class _Adam:
    """Steps down the slope of one side (Kingma and Ba 2015); rows that a step does not touch rest."""

    def __init__(self, tower: Tower) -> None:
        self._tower = tower
        self._moments = {
            field.name: (np.zeros_like(getattr(tower, field.name)), np.zeros_like(getattr(tower, field.name)))
            for field in fields(Tower)
        }
        self._count = 0

    def step(
        self,
        rate: float,
        ids: "NDArray[Any]",
        grams: "NDArray[Any]",
        x: "NDArray[Any]",
        hidden: "NDArray[Any]",
        slope: "NDArray[Any]",
    ) -> None:
        """One step.

        Args:
            rate: its length.
            ids: rows of the characters.
            grams: rows of the n-grams.
            x: the input that was made of them.
            hidden: the hidden layer.
            slope: of the loss, by the vectors of the side.
        """
        tower = self._tower
        self._count += 1
        rate *= float((1.0 - 0.999**self._count) ** 0.5 / (1.0 - 0.9**self._count))
        by_hidden = (slope @ tower.out.T) * (hidden > 0)
        by_x = by_hidden @ tower.hidden.T
        size = tower.characters.shape[1]
        characters, others = np.split(by_x, [WINDOW * size], axis=1)
        everything = slice(None)
        for name, rows, found in (
            ("characters", *_summed(ids, characters.reshape(-1, size))),
            ("grams", *_summed(grams, others.reshape(-1, size))),
            ("hidden", everything, x.T @ by_hidden),
            ("hidden_bias", everything, by_hidden.sum(axis=0)),
            ("out", everything, hidden.T @ slope),
            ("out_bias", everything, slope.sum(axis=0)),
        ):
            first, second = self._moments[name]
            first[rows] = 0.9 * first[rows] + 0.1 * found
            second[rows] = 0.999 * second[rows] + 0.001 * found * found
            getattr(tower, name)[rows] -= rate * first[rows] / (np.sqrt(second[rows]) + 1e-8)


def _summed(rows: "NDArray[Any]", slopes: "NDArray[Any]") -> "tuple[NDArray[Any], NDArray[Any]]":
    """Each row once, with the sum of its slopes."""
    order = np.argsort(rows, axis=None, kind="stable")
    ranked = rows.ravel()[order]
    firsts = np.flatnonzero(np.diff(ranked, prepend=-1))
    return ranked[firsts], np.add.reduceat(slopes[order], firsts, axis=0)
