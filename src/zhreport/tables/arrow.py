"""Records as Arrow tables and data frames."""

from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, Inexact, InvalidOperation
from functools import cache
from importlib import import_module
from itertools import chain
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar, cast, overload

from zhreport.errors import MissingExtraError, UsageError
from zhreport.tables.record_kinds import (
    COLUMNS,
    NESTED,
    Column,
    Tabular,
    check_kind,
    columns,
    metadata_names,
    records_of,
    valid,
)

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

__all__ = [
    "DECIMAL",
    "Rows",
    "Table",
    "batch",
    "frame",
    "import_arrow",
    "import_pandas",
    "import_polars",
    "schema",
    "schema_of",
    "table",
    "table_of",
]

#: Precision and scale of a number in Arrow, Parquet, Feather and DuckDB.
DECIMAL: Final = (38, 9)
_STEP: Final = Decimal(1).scaleb(-DECIMAL[1])
_PRECISE: Final = Context(prec=DECIMAL[0], traps=[Inexact, InvalidOperation])
# Missing integers and truth values stay what they are: pandas' own types have them, numpy's do not.
_PANDAS: Final = {"int": "Int64", "float": "float64", "bool": "boolean", "number": "float64"}


def _imported(module: str, otherwise: str) -> Any:  # noqa: ANN401
    """A module of an extra; `otherwise` says what needs it, and how to install it."""
    try:
        return import_module(module)
    except ImportError as error:
        raise MissingExtraError(otherwise) from error


def import_arrow() -> Any:  # noqa: ANN401
    """The pyarrow module.

    Raises:
        MissingExtraError: pyarrow is not installed.
    """
    return _imported("pyarrow", "Arrow tables need pyarrow: pip install 'zhreport[tables]'")


def import_pandas() -> Any:  # noqa: ANN401
    """The pandas module.

    Raises:
        MissingExtraError: pandas is not installed.
    """
    return _imported("pandas", "data frames need pandas: pip install 'zhreport[pandas]'")


def import_polars() -> Any:  # noqa: ANN401
    """The polars module.

    Raises:
        MissingExtraError: polars is not installed.
    """
    return _imported("polars", "to_polars needs polars: pip install polars 'zhreport[tables]'")


@cache
def _arrow_type(type_: str) -> Any:  # noqa: ANN401
    arrow = import_arrow()
    if type_ in NESTED:
        return arrow.list_(arrow.struct([(n, _arrow_type(t)) for n, t in NESTED[type_].items()]))
    return {
        "int": arrow.int32,
        "float": arrow.float64,
        "bool": arrow.bool_,
        "text": arrow.string,
        "number": lambda: arrow.decimal128(*DECIMAL),
        "texts": lambda: arrow.list_(arrow.string()),
    }[type_]()


def schema(kind: str, extra: Sequence[str] = (), provenance: Mapping[str, str] | None = None) -> "pa.Schema":
    """The Arrow schema of a kind of records; each field carries its meaning in its metadata.

    Args:
        kind: one of `KINDS`.
        extra: columns of a metadata table; they come last, as text, named by `metadata_names`.
        provenance: goes into the schema's metadata beside `kind`, each key with `zhreport.` before it.

    Raises:
        UsageError: an unknown kind.
        MissingExtraError: pyarrow is not installed.
    """
    return schema_of(kind, COLUMNS[check_kind(kind)], extra, provenance)


def schema_of(
    kind: str, own: Iterable[Column], extra: Sequence[str] = (), provenance: Mapping[str, str] | None = None
) -> "pa.Schema":
    """The Arrow schema of some columns; arguments as for `schema`.

    Raises:
        MissingExtraError: pyarrow is not installed.
    """
    arrow = import_arrow()
    fields = [arrow.field(c.name, _arrow_type(c.type), metadata={"description": c.meaning}) for c in own]
    carried = [
        arrow.field(new, arrow.string(), metadata={"description": f"{valid(old)} of the metadata table"})
        for old, new in metadata_names(extra).items()
    ]
    made_by = {f"zhreport.{key}": value for key, value in {"kind": kind, **(provenance or {})}.items()}
    return arrow.schema([*fields, *carried], metadata=made_by)


def _held(number: Decimal | None) -> Decimal | None:
    """The number as Arrow's decimal holds it, None if it cannot hold it exactly.

    >>> [_held(Decimal(n)) is not None for n in ("9.9E+28", "1E+29", "0.000000001", "1.50E-9", "1.0E-9")]
    [True, False, True, False, True]
    """
    try:
        return None if number is None else number.quantize(_STEP, context=_PRECISE)
    except (InvalidOperation, Inexact):
        return None


def _array(values: list[Any], type_: Any) -> Any:  # noqa: ANN401
    arrow = import_arrow()
    if arrow.types.is_decimal(type_):
        values = list(map(_held, values))
    return arrow.array(values, type_)


def table_of(values: Mapping[str, Sequence[Any]], schema: "pa.Schema") -> "pa.Table":
    """Values column by column as an Arrow table.

    A number that the decimals of the schema cannot hold exactly is null there.
    """
    arrays = [_array(list(values[f.name]), f.type) for f in schema]
    return import_arrow().Table.from_arrays(arrays, schema=schema)


def batch(
    report: Tabular, kind: str, schema: "pa.Schema", row: Mapping[str, str] | None = None
) -> "pa.RecordBatch":
    """The records of one report in a schema of `schema`.

    A number that the decimals of the schema cannot hold exactly is null there; `value_exact` has it.

    Args:
        report: its records.
        kind: one of `KINDS`.
        schema: of that kind, perhaps with columns of a metadata table.
        row: the report's cells of these columns by their names in the schema; a missing one is null.
    """
    found = columns(report, kind)
    size, carried = len(records_of(report, kind)), valid(dict(row or {}))
    arrays = [
        _array(found[f.name] if f.name in found else [valid(carried.get(f.name))] * size, f.type)
        for f in schema
    ]
    return import_arrow().RecordBatch.from_arrays(arrays, schema=schema)


def table(
    reports: Iterable[Tabular],
    kind: str = "claims",
    *,
    extra: Iterable[Mapping[str, str]] | None = None,
    provenance: Mapping[str, str] | None = None,
) -> "pa.Table":
    """The records of reports as one Arrow table; without a report it has the columns and no rows.

    Args:
        reports: in the order of the table.
        kind: one of `KINDS`.
        extra: for each report its row of a metadata table; its columns come last, see `metadata_names`.
        provenance: goes into the schema's metadata, see `provenance`; of a single report also the SHA-256 of
            its text as `zhreport.input_sha256`.

    Raises:
        UsageError: an unknown kind, or not as many rows of metadata as reports.
        MissingExtraError: pyarrow is not installed.
    """
    reports = list(reports)
    rows = [{}] * len(reports) if extra is None else list(extra)
    if len(rows) != len(reports):
        raise UsageError(f"{len(rows)} rows of metadata for {len(reports)} reports")
    made_by = dict(provenance or {})
    if len(reports) == 1:
        (made_by["input_sha256"],) = columns(reports[0], "documents")["sha256"]
    names = metadata_names(chain.from_iterable(rows))
    target = schema(kind, tuple(names), made_by)
    batches = [
        batch(report, kind, target, {new: row[old] for old, new in names.items() if old in row})
        for report, row in zip(reports, rows, strict=True)
    ]
    return import_arrow().Table.from_batches(batches, schema=target)


def frame(report: Tabular, kind: str = "claims") -> "pd.DataFrame":
    """The records of a report as a pandas data frame, one row each.

    `value`, `low` and `high` are floats; `value_exact` has the number in all digits.

    Raises:
        UsageError: an unknown kind.
        MissingExtraError: pandas is not installed.
    """
    return Table(check_kind(kind), COLUMNS[kind], columns(report, kind)).to_pandas()


@dataclass(frozen=True, slots=True)
class Table:
    """A table in memory: columns, and the values of each, all of one length.

    Attributes:
        kind: what its rows are: `claims`, `panel`…
        columns: name, type and meaning of each.
        values: by name, in the order of the columns; numbers are exact (`Decimal`).
    """

    kind: str
    columns: tuple[Column, ...]
    values: Mapping[str, Sequence[Any]]

    def __len__(self) -> int:
        return len(next(iter(self.values.values()), ()))

    def to_dicts(self) -> list[dict[str, Any]]:
        """The rows, each by the names of the columns."""
        return [dict(zip(self.values, row, strict=True)) for row in zip(*self.values.values(), strict=True)]

    def to_arrow(self, provenance: Mapping[str, str] | None = None) -> "pa.Table":
        """The rows as an Arrow table; a number that its decimals cannot hold exactly is null.

        Raises:
            MissingExtraError: pyarrow is not installed.
        """
        return table_of(self.values, schema_of(self.kind, self.columns, (), provenance))

    def to_pandas(self) -> "pd.DataFrame":
        """The rows as a pandas data frame; numbers are floats, whole numbers and truth values may be missing.

        Raises:
            MissingExtraError: pandas is not installed.
        """
        types = {c.name: _PANDAS[c.type] for c in self.columns if c.type in _PANDAS}
        return cast("pd.DataFrame", import_pandas().DataFrame(dict(self.values)).astype(types))

    def to_polars(self) -> "pl.DataFrame":
        """The rows as a polars data frame; numbers are decimals.

        Raises:
            MissingExtraError: polars or pyarrow is not installed.
        """
        return cast("pl.DataFrame", import_polars().from_arrow(self.to_arrow()))


R = TypeVar("R")


class Rows(Sequence[R], Generic[R]):
    """Records in their order; two are equal if their records are.

    Args:
        rows: the records.
    """

    def __init__(self, rows: Iterable[R]) -> None:
        self._rows = list(rows)

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, index: int) -> R: ...
    @overload
    def __getitem__(self, index: slice) -> list[R]: ...
    def __getitem__(self, index: int | slice) -> R | list[R]:
        return self._rows[index]

    def __eq__(self, other: object) -> bool:
        return self._rows == (other._rows if isinstance(other, Rows) else other)

    __hash__ = None  # type: ignore[assignment]

    @abstractmethod
    def table(self) -> Table:
        """One row for each record."""

    def to_dicts(self) -> list[dict[str, Any]]:
        """The rows by the names of their columns, numbers exact."""
        return self.table().to_dicts()

    def to_arrow(self) -> "pa.Table":
        """The rows as an Arrow table.

        Raises:
            MissingExtraError: pyarrow is not installed.
        """
        return self.table().to_arrow()

    def to_pandas(self) -> "pd.DataFrame":
        """The rows as a pandas data frame.

        Raises:
            MissingExtraError: pandas is not installed.
        """
        return self.table().to_pandas()

    def to_polars(self) -> "pl.DataFrame":
        """The rows as a polars data frame.

        Raises:
            MissingExtraError: polars or pyarrow is not installed.
        """
        return self.table().to_polars()
