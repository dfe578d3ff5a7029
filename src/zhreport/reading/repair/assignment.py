"""The assignment of rows to columns that costs least, each at most once."""

from typing import TYPE_CHECKING, Any, Final

from zhreport.model_files import import_numpy

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["assigned"]

_NONE: Final = -1


def assigned(cost: "NDArray[Any]") -> list[tuple[int, int]]:
    """The pairs of row and column that together cost least, by row; as many as the shorter side has.

    Shortest augmenting paths (Crouse 2016), of several assignments alike the one that SciPy chooses, whose
    own function takes most of a second to be loaded.

    >>> import numpy as np
    >>> assigned(np.array([[4.0, 1.0, 3.0], [2.0, 0.0, 5.0]]))
    [(0, 1), (1, 0)]
    """
    if cost.shape[0] > cost.shape[1]:
        return sorted((row, column) for column, row in assigned(cost.T))
    np = import_numpy()
    rows, columns = cost.shape
    of_row, of_column = np.full(rows, _NONE), np.full(columns, _NONE)
    prices = np.zeros(rows), np.zeros(columns)
    for row in range(rows):
        column, came = _path(cost, row, of_row, of_column, prices)
        while True:  # back along the path: each row on it gets the column that was reached from it
            of_column[column] = at = came[column]
            of_row[at], column = column, of_row[at]
            if at == row:
                break
    return list(enumerate(of_row.tolist()))


def _path(
    cost: "NDArray[Any]",
    row: int,
    of_row: "NDArray[Any]",
    of_column: "NDArray[Any]",
    prices: "tuple[NDArray[Any], NDArray[Any]]",
) -> "tuple[int, NDArray[Any]]":
    """The free column that is nearest to a row, and from which row each column is reached.

    Args:
        cost: of each row and column.
        row: that is to get a column.
        of_row: the columns that rows have already.
        of_column: the rows that columns have.
        prices: of rows and of columns; they are raised so that what is reached next costs nothing.
    """
    np = import_numpy()
    of_rows, of_columns = prices
    shortest, came = np.full(cost.shape[1], np.inf), np.full(cost.shape[1], _NONE)
    left = np.arange(cost.shape[1])[::-1].copy()  # columns, in the order in which SciPy looks at them
    seen, reached = [row], []
    at, length = row, 0.0
    while True:
        far = length + cost[at, left] - of_rows[at] - of_columns[left]
        nearer = far < shortest[left]
        shortest[left[nearer]], came[left[nearer]] = far[nearer], at
        length = shortest[left].min()
        alike = (shortest[left] == length).nonzero()[0]
        free = alike[of_column[left[alike]] == _NONE]
        which = free[-1] if len(free) else alike[0]
        column = int(left[which])
        reached.append(column)
        left[which] = left[-1]
        left = left[:-1]
        if of_column[column] == _NONE:
            break
        at = int(of_column[column])
        seen.append(at)
    of_rows[row] += length
    of_rows[seen[1:]] += length - shortest[of_row[seen[1:]]]
    of_columns[reached] -= length - shortest[reached]
    return column, came
