"""CSV and Excel."""

import codecs
import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import partial
from math import isfinite
from tempfile import TemporaryDirectory
from typing import IO, Any, Final

import regex

from zhreport.errors import InputError, MissingExtraError, UsageError
from zhreport.report import Report
from zhreport.tables import digits
from zhreport.tables.record_kinds import NESTED, valid
from zhreport.writing.output import Writer
from zhreport.writing.shape import Shape

__all__ = ["TOO_LONG", "CsvWriter", "XlsxWriter", "csv_cell", "csv_rows", "excel_text"]

# -- CSV

#: What a spreadsheet may take for a formula, also in full width and behind signs that it passes over.
_FORMULA: Final = regex.compile(r"[\s\p{Cf}\p{Cc}]*+[=＝﹦+＋﹢\-－﹣@＠﹫]|[\t\r]")
_NEGATIVE: Final = regex.compile(r"[-－][0-9０-９]+([.．][0-9０-９]+)?[%％‰]?")


class CsvWriter(Writer):
    """One record a row, UTF-8 with a byte order mark, so that spreadsheets read the Chinese."""

    def __init__(self, stream: IO[bytes], shape: Shape) -> None:
        self._stream = stream
        self.render = partial(_csv_of, shape)
        stream.write(codecs.BOM_UTF8 + csv_rows([[name] for name in shape.header]))

    def put(self, rendered: bytes) -> None:
        """Write rows."""
        self._stream.write(rendered)

    def close(self) -> None:
        """Nothing is left."""


def _csv_of(shape: Shape, report: Report, extra: Mapping[str, str]) -> bytes:
    return csv_rows(shape.columns(report, extra))


def csv_rows(values: Iterable[Iterable[Any]]) -> bytes:
    """Rows, given column by column, as they stand in the file."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(zip(*(map(csv_cell, column) for column in values), strict=True))
    return text.getvalue().encode("utf-8", "replace")


def csv_cell(value: Any) -> Any:  # noqa: ANN401
    """The value as a cell; what a spreadsheet would take for a formula gets an apostrophe.

    >>> [csv_cell(v) for v in (Decimal("82500.0"), "=1+1", "-5%", "-5+A1", "@x", None, "粮食")]
    ['82500', "'=1+1", '-5%', "'-5+A1", "'@x", '', '粮食']
    """
    if isinstance(value, str):
        return "'" + value if _is_formula(value) else value
    if isinstance(value, Decimal):
        return digits(value)
    return "" if value is None else value


def _is_formula(text: str) -> bool:
    return _FORMULA.match(text) is not None and not _NEGATIVE.fullmatch(text)


# -- Excel

_SHEET_ROWS: Final = 1_048_576
_SHEET_COLUMNS: Final = 16_384
_DATED: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - the same records give the same bytes
_CELL: Final = 32_767  # UTF-16 units

#: What is said of a text that is cut.
TOO_LONG: Final = f"longer than the {_CELL:,} characters of an Excel cell"


def excel_text(text: str) -> str:
    """The text as a cell holds it: without half surrogates, and cut, with … at its end, if it is too long.

    >>> excel_text("粮" * 32_767) == "粮" * 32_767, excel_text("粮" * 32_768) == "粮" * 32_766 + "…"
    (True, True)
    """
    text = valid(text)
    if len(text) <= _CELL // 2 or len(units := text.encode("utf-16-le")) <= 2 * _CELL:
        return text
    return units[: 2 * (_CELL - 1)].decode("utf-16-le", "ignore") + "…"


class XlsxWriter(Writer):
    """A workbook with a sheet for each kind of record, or for one; text is text, never a formula.

    Rows wait in temporary files until the end. Excel counts in floating point: `value` is rounded to what a
    double holds, `value_exact` has all digits.

    Raises:
        MissingExtraError: XlsxWriter is not installed.
        UsageError: a sheet cannot have as many columns.
    """

    def __init__(
        self,
        stream: IO[bytes],
        shapes: Sequence[Shape],
        *,
        provenance: Mapping[str, str],
        rows: int = _SHEET_ROWS,
    ) -> None:
        try:
            import xlsxwriter  # noqa: PLC0415 - an optional extra
        except ImportError as error:
            raise MissingExtraError("Excel needs XlsxWriter: pip install 'zhreport[tables]'") from error
        self._shapes, self._most = shapes, rows
        self.render = partial(_rendered, shapes)
        if (most := max(len(shape.header) for shape in self._shapes)) > _SHEET_COLUMNS:
            raise UsageError(
                f"{most:,} columns with those of the metadata table, more than the {_SHEET_COLUMNS:,} of an "
                "Excel sheet; write another format, or leave columns out of the metadata table"
            )
        # its own folder, so that nothing is left where a run fails
        self._folder = TemporaryDirectory(prefix="zhreport-", ignore_cleanup_errors=True)
        self._book = xlsxwriter.Workbook(stream, {"constant_memory": True, "tmpdir": self._folder.name})
        self._book.set_properties({"created": _DATED})
        for key, value in provenance.items():
            self._book.set_custom_property(f"zhreport.{key}", value, "text")
        bold = self._book.add_format({"bold": True})
        # the apostrophe of Excel, which is no part of the text: it stays a text where the cell is edited
        self._quoted = self._book.add_format({"quote_prefix": True})
        self._next: list[int] = []
        for shape in self._shapes:
            sheet = self._book.add_worksheet(shape.kind)
            sheet.freeze_panes(1, 0)
            for at, name in enumerate(shape.header):
                sheet.write_string(0, at, excel_text(name), bold)
            self._next.append(1)

    def cells(self, values: Sequence[Sequence[Sequence[Any]]], named: str) -> "_Cells":
        """Rows for `put`, given sheet by sheet and column by column; `named` is what an error calls them."""
        return _cells_of(self._shapes, values, named)

    def put(self, rendered: "_Cells") -> list[str]:
        """Write the records of a report below those before it.

        A text that is longer than a cell is cut, a list that is longer left out: half of it would be none.

        Returns:
            A remark for each column with such a text or list.

        Raises:
            InputError: a sheet is full.
        """
        made = rendered.sheets
        for shape, cells, first in zip(self._shapes, made, self._next, strict=True):
            if first + len(cells[0]) > self._most:
                raise InputError(
                    f"{rendered.named}: with its {shape.kind} the sheet has "
                    f"more than the {self._most:,} rows of Excel; nothing was written: write .parquet or "
                    ".csv, or fewer reports to a file"
                )
        for number, (cells, sheet) in enumerate(zip(made, self._book.worksheets(), strict=True)):
            for row, record in enumerate(zip(*cells, strict=True), start=self._next[number]):
                for at, value in enumerate(record):
                    if isinstance(value, str):
                        sheet.write_string(row, at, value, self._quoted if _is_formula(value) else None)
                    elif isinstance(value, bool):
                        sheet.write_boolean(row, at, value)
                    elif value is not None:
                        sheet.write_number(row, at, value)
            self._next[number] += len(cells[0])
        return rendered.remarks

    def close(self) -> None:
        """Put the workbook together."""
        try:
            self._book.close()
        finally:
            self.discard()

    def discard(self) -> None:
        """Close and remove the temporary files."""
        for sheet in self._book.worksheets():
            sheet.row_data_fh.close()
        self._folder.cleanup()


@dataclass(frozen=True, slots=True)
class _Cells:
    """The rows of a report as Excel can hold them.

    Attributes:
        named: what an error calls the report.
        sheets: for each sheet its values column by column.
        remarks: on what is not whole.
    """

    named: str
    sheets: list[list[list[str | bool | float | None]]]
    remarks: list[str]


def _rendered(shapes: Sequence[Shape], report: Report, extra: Mapping[str, str]) -> _Cells:
    values = [shape.columns(report, extra) for shape in shapes]
    return _cells_of(shapes, values, report.document.file or report.document.name)


def _cells_of(shapes: Sequence[Shape], values: Sequence[Sequence[Sequence[Any]]], named: str) -> _Cells:
    remarks: list[str] = []
    sheets = [_sheet(shape, own, remarks) for shape, own in zip(shapes, values, strict=True)]
    return _Cells(named, sheets, remarks)


def _sheet(
    shape: Shape, own: Sequence[Sequence[Any]], remarks: list[str]
) -> list[list[str | bool | float | None]]:
    """The values column by column as Excel can hold them."""
    lists = {column.name for column in shape.own if column.type in ("texts", *NESTED)}
    found: list[list[str | bool | float | None]] = []
    for name, values in zip(shape.header, own, strict=True):
        cells = list(map(_cell, values))
        if long := [n for n, value in enumerate(values) if isinstance(value, str) and cells[n] != value]:
            for n in long if name in lists else ():
                cells[n] = None
            done = "left out" if name in lists else "cut"
            remarks.append(
                f"{name} of {len(long)} of its {shape.kind}: {TOO_LONG} and {done}; "
                "another format has all of it"
            )
        found.append(cells)
    return found


def _cell(value: Any) -> str | bool | float | None:  # noqa: ANN401
    if isinstance(value, str):
        return excel_text(value)
    if value is None or isinstance(value, bool):
        return value
    number = float(value)
    return number if isfinite(number) else None  # `value_exact` has it
