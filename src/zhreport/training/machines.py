"""Machines: linear support vector machines that count examples of a rare theme more."""

from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np
from sklearn.svm import LinearSVC

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["RareCounted"]

#: The share of examples below which a theme is rare, and the most that each example may count for.
_COMMON: Final = 0.086
_MOST: Final = 3.0


class RareCounted(LinearSVC):  # type: ignore[misc] # scikit-learn has no types
    """A machine for two classes; positive examples count the square root of what would make them common.

    >>> bool(RareCounted.factor(np.array([1, 0, 0, 0])) == 1.0), RareCounted.factor(np.eye(1, 400)[0])
    (True, 3.0)
    """

    def fit(
        self,
        X: Any,  # noqa: ANN401, N803 - a matrix of scipy, by the name of scikit-learn
        y: "NDArray[Any]",
        sample_weight: "NDArray[Any] | None" = None,
    ) -> Self:
        """Fit to examples, as `LinearSVC`."""
        weights = np.ones(len(y)) if sample_weight is None else np.asarray(sample_weight, dtype=float)
        super().fit(X, y, sample_weight=weights * np.where(y == 1, self.factor(y), 1.0))
        return self

    @staticmethod
    def factor(y: "NDArray[Any]") -> float:
        """How much a positive example counts."""
        return float(np.clip(np.sqrt(_COMMON * len(y) / max(1, (y == 1).sum())), 1.0, _MOST))
