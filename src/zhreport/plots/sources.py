"""What can be drawn: reports, a corpus, a panel, data frames, Arrow tables, or rows."""

from collections.abc import Iterable, Iterator, Mapping
from math import isnan
from typing import Any

from zhreport.report import Report

__all__ = ["get", "items", "year_of"]


def items(source: Any, kind: str) -> Iterator[Any]:  # noqa: ANN401 - whatever holds rows
    """The reports or rows of a source.

    Args:
        source: a report, reports, a corpus, a data frame of pandas or polars, an Arrow table or reader, or
            rows (dicts or objects).
        kind: the records that a corpus is asked for.

    >>> [row["year"] for row in items([{"year": 2023}], "claims")]
    [2023]
    """
    if isinstance(source, Report):
        return iter([source])
    if hasattr(source, "iter_rows"):  # polars
        return iter(source.iter_rows(named=True))
    if callable(rows := getattr(source, "rows", None)):  # a corpus
        return iter(rows(kind))
    if hasattr(source, "read_all"):  # an Arrow reader
        source = source.read_all()
    if hasattr(source, "to_pylist"):  # Arrow
        return iter(source.to_pylist())
    if hasattr(source, "iterrows"):  # pandas
        return iter(source.to_dict("records"))
    found: Iterable[Any] = source
    return iter(found)


def get(row: Any, name: str) -> Any:  # noqa: ANN401 - a dict or an object
    """A value of a row; None for what is absent, empty, NaN or the NA of a frame."""
    found = row.get(name) if isinstance(row, Mapping) else getattr(row, name, None)
    if found is None or isinstance(found, str) and not found or type(found).__name__ in ("NAType", "NaTType"):
        return None
    return None if isinstance(found, float) and isnan(found) else found


def year_of(row: Any) -> int | None:  # noqa: ANN401
    """The year of a row."""
    year = get(row, "year")
    return None if year is None else int(year)
