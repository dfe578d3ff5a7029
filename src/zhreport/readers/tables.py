"""Tables with a document in each row: JSON Lines, CSV, TSV and Parquet, read row by row."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import msgspec
import regex

from zhreport.errors import InputError, MissingExtraError, UsageError
from zhreport.readers.detect import TABLES
from zhreport.readers.encodings import decode
from zhreport.readers.foreign import foreign

__all__ = ["Row", "rows"]

#: Names of columns, in the order they are looked for, lower case.
TEXT_COLUMNS: Final = ("text", "content", "body", "正文", "全文", "内容", "文本")
NAME_COLUMNS: Final = ("file", "name", "doc", "id", "title", "标题", "文件名")
YEAR_COLUMNS: Final = ("year", "年份", "年度")
#: Bytes of a CSV file, which is decoded as a whole; a larger one is JSON Lines or Parquet.
LARGEST_CSV: Final = 64 * 2**20
_YEAR: Final = regex.compile(r"((?:19|20)[0-9]{2})(?:\.0)?年?度?")
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


def rows(path: Path, kind: str, *, text_column: str = "", encoding: str = "") -> Iterator[Row]:
    """Read the documents of a table; rows without text are skipped.

    A field of CSV or TSV may have as many characters as the csv module allows (131 072 unless the program
    that imports this library has called `csv.field_size_limit`): the limit is of the whole process and not
    this library's to raise. A longer text is an error that names the remedy, JSON Lines.

    Args:
        path: the file.
        kind: `jsonl`, `csv`, `tsv` or `parquet`.
        text_column: the column of texts; "" for the first of `TEXT_COLUMNS` that is there, in any case.
        encoding: of CSV and TSV; "" has it found. JSON Lines are UTF-8.

    Yields:
        The rows in order.

    Raises:
        InputError: an unreadable file, no column of texts (the message lists the columns), or a bad line.
        MissingExtraError: pyarrow is not installed, for Parquet.
        UsageError: another kind, or no such encoding.
    """
    if kind not in TABLES:
        raise UsageError(f"{kind}: one of {', '.join(TABLES)}")
    try:
        if kind == "jsonl":
            yield from _documents(path, _json_lines(path), text_column)
        elif kind == "parquet":
            yield from _documents(path, _parquet(path), text_column)
        else:
            yield from _documents(path, _separated(path, kind, encoding), text_column)
    except FileNotFoundError as error:
        raise InputError(f"{path}: no such file; check the path") from error
    except IsADirectoryError as error:
        raise InputError(f"{path}: a folder, not a file") from error
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror or error}); check it") from error


def _documents(path: Path, records: Iterator[tuple[str, dict[str, Any]]], text_column: str) -> Iterator[Row]:
    """Rows of records with the places that errors name; the columns are found in each record anew."""
    found = False
    for number, (place, record) in enumerate(records, start=1):
        found = True
        text_key = _text_column(path, place, record, text_column)
        name_key = _column(record, NAME_COLUMNS, text_key)
        year_key = _column(record, YEAR_COLUMNS, text_key)
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
    key = wanted if wanted in record else _column(record, (wanted.lower(),) if wanted else TEXT_COLUMNS, "")
    if not key:
        raise InputError(
            f"{path}: {place}: no column {wanted or 'of texts (' + ', '.join(TEXT_COLUMNS) + ')'}; "
            f"the columns are {', '.join(record) or 'none'}; name the one with the texts"
        )
    return key


def _column(record: dict[str, Any], names: Sequence[str], but: str) -> str:
    """The column with the first of the names, "" without."""
    lowered: dict[str, str] = {}
    for key in record:
        lowered.setdefault(key.strip().lower(), key)
    return next((lowered[n] for n in names if n in lowered and lowered[n] != but), "")


def _string(value: Any) -> str:  # noqa: ANN401 - whatever a table holds
    if value is None:
        return ""
    if isinstance(value, (dict, list)):
        return msgspec.json.encode(value).decode()
    return str(value)


def _year(path: Path, place: str, column: str, value: Any) -> int | None:  # noqa: ANN401
    text = _string(value).strip()
    if not text or text.lower() == "nan":
        return None
    match = _YEAR.fullmatch(text)
    if not match:
        raise InputError(f"{path}: {place}: {column} {text!r} is no year from 1900 to 2099; correct it")
    return int(match[1])


def _json_lines(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    decoder = msgspec.json.Decoder()
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
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
    size = path.stat().st_size
    if size > LARGEST_CSV:
        raise InputError(
            f"{path}: {size // 2**20} MB of {kind.upper()}, more than {LARGEST_CSV // 2**20}; "
            "write it as JSON Lines or Parquet, which are read by the row"
        )
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
