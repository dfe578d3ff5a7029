"""Rows of Excel workbooks and of Stata files, as records by the names of the columns."""

import datetime as dt
import warnings
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import IO, Any, Final

from zhreport.errors import InputError, MissingExtraError
from zhreport.reading.columns import column_of
from zhreport.reading.readers.archive import open_archive
from zhreport.reading.readers.bounds import USUAL, Limits
from zhreport.reading.readers.detect import detect

__all__ = ["stata", "workbook"]

#: Columns of a sheet that are looked at; a sheet with a mark in its last column has 16,384.
_WIDEST: Final = 256
_CHUNK: Final = 64


def workbook(path: Path, text_column: str, limits: Limits = USUAL) -> Iterator[tuple[str, dict[str, Any]]]:
    """The rows of the visible sheets of a workbook that have a column of texts, or of the first one.

    The first row of a sheet that is not empty is its header. Formulas give the values that were saved with
    them.

    Args:
        path: a file that fits into memory.
        text_column: the name of that column; "" for any of the usual names.
        limits: `unpacked` is the one that counts here.

    Yields:
        The place that an error names, and the cells by column.

    Raises:
        InputError: no workbook, a damaged or an encrypted one, one without visible rows, or two columns of
            one name.
        MissingExtraError: openpyxl is not installed.
    """
    try:
        from openpyxl import load_workbook  # noqa: PLC0415 - an optional extra
    except ImportError as error:
        raise MissingExtraError("reading Excel needs openpyxl: pip install 'zhreport[coding]'") from error
    data = path.read_bytes()
    if detect(data, str(path)) != "xlsx":
        raise InputError(f"{path}: no Excel workbook, whatever its name says; save it as .xlsx")
    open_archive(data, str(path), limits).close()  # bounds what it unpacks to
    try:
        with path.open("rb") as stream:
            yield from _quietly(_records(path, load_workbook, stream, text_column))
    except (InputError, MemoryError):
        raise
    except Exception as error:  # a damaged workbook makes openpyxl raise anything
        raise InputError(f"{path}: a damaged Excel workbook ({error}); open it and save it again") from error


def _records(
    path: Path,
    load: Any,  # noqa: ANN401 - openpyxl is an optional extra
    stream: IO[bytes],
    text_column: str,
) -> Iterator[tuple[str, dict[str, Any]]]:
    book = load(stream, read_only=True, data_only=True, keep_links=False)
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    sheets = [one for one in ((sheet, *_header(path, sheet)) for sheet in visible) if one[2]]
    chosen = [one for one in sheets if _has_texts(one[2], text_column)] or sheets[:1]
    for sheet, line, names in chosen:
        rows = sheet.iter_rows(min_row=line + 1, max_col=len(names), values_only=True)
        for number, cells in enumerate(rows, start=line + 1):
            if any(cell is not None for cell in cells):
                record = {n: _plain(c) for n, c in zip(names, cells, strict=False) if n}
                yield f"sheet {sheet.title!r}, row {number}", record


def _header(path: Path, sheet: Any) -> tuple[int, list[str]]:  # noqa: ANN401
    """The number of the first row that is not empty, and its cells."""
    sheet.reset_dimensions()  # what the file says of its size may be wrong
    for line, cells in enumerate(sheet.iter_rows(max_col=_WIDEST, values_only=True), start=1):
        names = ["" if cell is None else str(_plain(cell)).strip() for cell in cells]
        while names and not names[-1]:
            names.pop()
        if names:
            if twice := [name for i, name in enumerate(names) if name and name in names[:i]]:
                raise InputError(
                    f"{path}: sheet {sheet.title!r}: two columns are named {twice[0]!r}; rename one"
                )
            return line, names
    return 0, []


def _has_texts(names: list[str], text_column: str) -> bool:
    if text_column:
        return text_column.lower() in (name.lower() for name in names)
    return bool(column_of(names, "text"))


def stata(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The rows of a Stata file; values with labels give their labels.

    Yields:
        The place that an error names, and the values by variable.

    Raises:
        InputError: no Stata file, or a damaged one.
        MissingExtraError: pandas is not installed.
    """
    try:
        import pandas as pd  # noqa: PLC0415 - an optional extra
    except ImportError as error:
        raise MissingExtraError("reading Stata files needs pandas: pip install 'zhreport[tables]'") from error
    try:
        with path.open("rb") as stream:
            chunks = _quietly(pd.read_stata(stream, chunksize=_CHUNK, order_categoricals=False), 1)
            number = 0
            for frame in chunks:
                cells = frame.astype(object).where(frame.notna(), None)
                for record in cells.to_dict("records"):
                    number += 1
                    yield f"row {number}", {str(name): _plain(value) for name, value in record.items()}
    except (InputError, MemoryError):
        raise
    except Exception as error:  # a damaged file makes pandas raise anything
        raise InputError(
            f"{path}: no Stata file, or a damaged one ({error}); save it again, or as CSV"
        ) from error


def _quietly(items: Iterator[Any], size: int = _CHUNK) -> Iterator[Any]:
    """The items, some at a time, without warnings of their libraries; outside nothing is changed."""
    items = iter(items)
    while True:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            some = list(islice(items, size))
        if not some:
            return
        yield from some


def _plain(value: Any) -> Any:  # noqa: ANN401
    """A cell without the types of its library; a day without the time of day is a date."""
    if isinstance(value, dt.datetime):
        whole = value.time() == dt.time() and value.tzinfo is None
        return value.date().isoformat() if whole else value.isoformat(" ")
    return value.item() if hasattr(value, "item") else value
