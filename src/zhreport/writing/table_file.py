"""A table in memory, such as a panel, to a file in the format of its ending."""

from collections.abc import Mapping
from pathlib import Path
from typing import IO, Final

from zhreport.errors import InputError, MissingExtraError, UsageError
from zhreport.tables import Table
from zhreport.tables.record_kinds import valid
from zhreport.writing.jsonl import encode
from zhreport.writing.output import replacing
from zhreport.writing.parquet import ArrowWriter
from zhreport.writing.shape import Shape, flat
from zhreport.writing.spreadsheets import CsvWriter, XlsxWriter, csv_rows
from zhreport.writing.stata import DtaWriter

__all__ = ["TABLE_ENDINGS", "check_table_ending", "write_table"]

#: Endings of files that a table in memory is written to.
TABLE_ENDINGS: Final = (".csv", ".jsonl", ".parquet", ".feather", ".arrow", ".xlsx", ".dta", ".duckdb")


def check_table_ending(path: Path) -> str:
    """The ending of a file in small letters.

    Raises:
        UsageError: it is none of `TABLE_ENDINGS`.
    """
    ending = path.suffix.lower()
    if ending not in TABLE_ENDINGS:
        raise UsageError(f"{path} ends in none of {', '.join(TABLE_ENDINGS)}")
    return ending


def write_table(table: Table, path: str | Path, *, provenance: Mapping[str, str] | None = None) -> list[str]:
    """Write a table to a file; the file takes its place when it is complete.

    In a DuckDB database the table replaces one of its own kind (`panel`) and leaves all others as they are.

    Args:
        table: the rows.
        path: its ending is one of `TABLE_ENDINGS`.
        provenance: what made the rows, see `zhreport.tables.provenance`.

    Returns:
        A remark for each column with a text that an Excel cell cannot hold whole.

    Raises:
        UsageError: another ending.
        InputError: the file cannot be written or cannot hold the rows.
        MissingExtraError: a library that the format needs is not installed.
    """
    path, made_by = Path(path), provenance or {}
    ending = check_table_ending(path)
    if ending == ".duckdb":
        _into_database(table, path, made_by)
        return []
    with replacing(path) as stream:
        return _written(table, stream, ending, made_by)


def _written(table: Table, stream: IO[bytes], ending: str, made_by: Mapping[str, str]) -> list[str]:
    shape = Shape(table.kind, own=table.columns)
    if ending == ".jsonl":
        stream.write(b"".join(encode(valid(row)) + b"\n" for row in table.to_dicts()))
    elif ending == ".csv":
        with CsvWriter(stream, shape) as rows:
            rows.put(csv_rows(flat(table.values)))
    elif ending == ".dta":
        with DtaWriter(stream, shape, provenance=made_by) as data:
            data.put(flat(table.values))
    elif ending == ".xlsx":
        with XlsxWriter(stream, [shape], provenance=made_by) as book:
            return book.put(book.cells([flat(table.values)], table.kind))
    else:
        form = "parquet" if ending == ".parquet" else "feather"
        with ArrowWriter(stream, shape, provenance=made_by, form=form) as arrow:
            for part in table.to_arrow(made_by).to_batches():
                arrow.add(part)
    return []


def _into_database(table: Table, path: Path, made_by: Mapping[str, str]) -> None:
    try:
        import duckdb  # noqa: PLC0415 - an optional extra
    except ImportError as error:
        raise MissingExtraError("a database needs DuckDB: pip install 'zhreport[tables]'") from error
    rows = table.to_arrow(made_by)
    try:
        with duckdb.connect(str(path)) as database:
            database.begin()
            database.execute(f"DROP TABLE IF EXISTS {table.kind}")
            database.from_arrow(rows).create(table.kind)
            database.commit()
    except duckdb.Error as error:
        raise InputError(f"{path}: cannot be written as a DuckDB database ({error})") from error
