"""Tables with a document in each row: JSON Lines, CSV, TSV, Parquet, Excel and Stata, read row by row."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from zhreport.errors import InputError, MissingExtraError, UsageError
from zhreport.reading.columns import column_of, stated_year, states_nothing, words_for
from zhreport.reading.readers.books import stata, workbook
from zhreport.reading.readers.bounds import USUAL, Bounds, Limits
from zhreport.reading.readers.detect import TABLES
from zhreport.reading.readers.encodings import decode
from zhreport.reading.readers.foreign import foreign

__all__ = ["Row", "records", "rows"]

_BATCH: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A document in a row of a table.

    Attributes:
        name: from the column of names, else `stem-row N`.
        text: the document.
        year: from the column of years, None without.
        extra: the other columns as strings, "" for missing values.
        number: of the row, from 1; a header is none, rows without text count.
    """

    name: str
    text: str
    year: int | None
    extra: dict[str, str]
    number: int


def rows(
    path: Path, kind: str, *, text_column: str = "", encoding: str = "", limits: Limits = USUAL
) -> Iterator[Row]:
    """Read the documents of a table; rows without text are skipped.

    A field of CSV or TSV may have as many characters as the csv module allows (131 072 unless the program
    that imports this library has called `csv.field_size_limit`): the limit is of the whole process and not
    this library's to raise. A longer text is an error that names the remedy, JSON Lines.

    Args:
        path: the file.
        kind: `jsonl`, `csv`, `tsv`, `parquet`, `xlsx` or `dta`. Of a workbook all visible sheets with a
            column of texts are read, one after the other.
        text_column: the column of texts; "" has it found by its name, see `data/columns.toml`.
        encoding: of CSV and TSV; "" has it found. JSON Lines are UTF-8.
        limits: `bytes` is that of a file that is read as a whole (CSV, TSV, Excel, Stata), and of a line of
            JSON Lines.

    Yields:
        The rows in order.

    Raises:
        InputError: an unreadable file, no column of texts (the message lists the columns), or a bad line.
        MissingExtraError: pyarrow is not installed, for Parquet; openpyxl for Excel, pandas for Stata.
        UsageError: another kind, or no such encoding.
    """
    found = records(path, kind, text_column=text_column, encoding=encoding, limits=limits)
    yield from _documents(path, found, text_column)


def records(
    path: Path, kind: str, *, text_column: str = "", encoding: str = "", limits: Limits = USUAL
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The rows of a table as they stand, whatever they hold: the place that errors name, the cells by column.

    Args:
        path: the file.
        kind: see `rows`.
        text_column: of a workbook the sheets with this column are read; "" for any of the usual names of a
            column of texts, and the first sheet if none has one.
        encoding: see `rows`.
        limits: see `rows`.

    Raises:
        InputError, MissingExtraError, UsageError: as `rows`.
    """
    if kind not in TABLES:
        raise UsageError(f"{kind}: one of {', '.join(TABLES)}")
    try:
        if kind == "jsonl":
            yield from _json_lines(path, limits)
        elif kind == "parquet":
            yield from _parquet(path)
        elif kind == "xlsx":
            yield from workbook(_bounded(path, limits), text_column, limits)
        elif kind == "dta":
            yield from stata(_bounded(path, limits))
        else:
            yield from _separated(_bounded(path, limits), kind, encoding)
    except FileNotFoundError as error:
        raise InputError(f"{path}: no such file; check the path") from error
    except IsADirectoryError as error:
        raise InputError(f"{path}: a folder, not a file") from error
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror or error}); check it") from error


def _documents(path: Path, listed: Iterator[tuple[str, dict[str, Any]]], text_column: str) -> Iterator[Row]:
    """Rows of records with the places that errors name; the columns are found in each record anew."""
    found = False
    for number, (place, record) in enumerate(listed, start=1):
        found = True
        text_key = _text_column(path, place, record, text_column)
        name_key = column_of(record, "file", "name", "title", but=text_key)
        year_key = column_of(record, "year", but=text_key)
        value = record[text_key] if text_key else None
        if value is not None and not isinstance(value, str):
            raise InputError(
                f"{path}: {place}: {text_key} is no text but {type(value).__name__}; name another column"
            )
        if not value or not value.strip():
            continue
        yield Row(
            name=(_string(record[name_key]).strip() if name_key else "") or f"{path.stem}-row {number}",
            text=value,
            year=_year(path, place, year_key, record[year_key]) if year_key else None,
            extra={k: _string(v) for k, v in record.items() if k not in (text_key, name_key, year_key)},
            number=number,
        )
    if not found:
        raise InputError(f"{path}: a table without rows; there is nothing to extract")


def _text_column(path: Path, place: str, record: dict[str, Any], wanted: str) -> str:
    if wanted:
        key = next((name for name in record if name == wanted), "") or next(
            (name for name in record if name.strip().lower() == wanted.lower()), ""
        )
    else:
        key = column_of(record, "text")
    if not key:
        raise InputError(
            f"{path}: {place}: no column {wanted or 'of texts (' + ', '.join(words_for('text')) + ')'}; "
            f"the columns are {', '.join(record) or 'none'}; name the one with the texts"
        )
    return key


def _string(value: Any) -> str:  # noqa: ANN401 - whatever a table holds
    if value is None:
        return ""
    if isinstance(value, (dict, list)):
        import msgspec  # noqa: PLC0415 - slow to load, and few files need it

        return msgspec.json.encode(value).decode()
    return str(value)


def _year(path: Path, place: str, column: str, value: Any) -> int | None:  # noqa: ANN401
    text = _string(value).strip()
    if states_nothing(text):
        return None
    year = stated_year(text)
    if year is None:
        raise InputError(f"{path}: {place}: {column} {text!r} is no year from 1900 to 2099; correct it")
    return year


def _bounded(path: Path, limits: Limits) -> Path:
    size = path.stat().st_size
    if size > limits.bytes:
        raise InputError(
            f"{path}: {size // 2**20} MB, more than {limits.bytes // 2**20}; write the table as JSON Lines "
            "or Parquet, which are read by the row, or allow more (--limit bytes=N, Limits(bytes=N))"
        )
    return path


def _json_lines(path: Path, limits: Limits) -> Iterator[tuple[str, dict[str, Any]]]:
    import msgspec  # noqa: PLC0415 - see above

    decoder = msgspec.json.Decoder()
    with path.open("rb") as lines:
        for number, line in enumerate(iter(partial(lines.readline, limits.bytes + 1), b""), start=1):
            Bounds(f"{path}: line {number}", limits).check("bytes", len(line))
            if number == 1:
                line = line.removeprefix(b"\xef\xbb\xbf")
            if not line.strip():
                continue
            place = f"line {number}"
            with foreign(f"{path}: {place}: no JSON in UTF-8", "correct it", told=True):
                record = decoder.decode(line)
            if not isinstance(record, dict):
                raise InputError(f"{path}: {place}: no JSON object; write one object a line")
            yield place, record


def _separated(path: Path, kind: str, encoding: str) -> Iterator[tuple[str, dict[str, Any]]]:
    text, _ = decode(path.read_bytes(), str(path), encoding=encoding)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter="," if kind == "csv" else "\t", strict=True)
    header: list[str] = []
    line = 1
    try:
        for fields in reader:
            place, line = f"line {line}", reader.line_num + 1
            if not any(field.strip() for field in fields):
                continue
            if not header:
                header = [field.strip() for field in fields]
                twice = [name for i, name in enumerate(header) if name in header[:i]]
                if twice:
                    raise InputError(f"{path}: {place}: two columns are named {twice[0]!r}; rename one")
                continue
            if len(fields) != len(header):
                raise InputError(
                    f"{path}: {place}: {len(fields)} fields, but the header has {len(header)}; "
                    "quote fields that hold the separator"
                )
            yield place, dict(zip(header, fields, strict=True))
    except csv.Error as error:
        if "field limit" in str(error):
            raise InputError(
                f"{path}: line {line}: a field of more than {csv.field_size_limit()} characters; "
                "write the table as JSON Lines"
            ) from error
        raise InputError(f"{path}: line {line}: no {kind.upper()} ({error}); correct it") from error


def _parquet(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    try:
        import pyarrow.parquet as pq  # noqa: PLC0415 - an optional extra
    except ImportError as error:
        raise MissingExtraError("reading Parquet needs pyarrow: pip install 'zhreport[tables]'") from error
    damaged = partial(foreign, f"{path}: a damaged Parquet file", "write it again", told=True)
    number = 0
    with path.open("rb") as stream:
        with damaged():
            file = pq.ParquetFile(stream)
            names = file.schema_arrow.names
            batches = file.iter_batches(batch_size=_BATCH)
        if len(set(names)) < len(names):
            raise InputError(f"{path}: two columns of one name ({', '.join(names)}); rename one")
        while True:
            with damaged():  # Python has no dates of other eras and may not know a time zone
                batch = next(batches, None)
                records = batch.to_pylist() if batch is not None else []
            if batch is None:
                return
            for record in records:
                number += 1
                yield f"row {number}", record
