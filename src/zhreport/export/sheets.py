"""CSV and Excel."""

import csv
import io
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from tempfile import TemporaryDirectory
from typing import IO, Any, Final

from zhreport.errors import InputError, MissingExtraError
from zhreport.export.shape import Shape
from zhreport.report import Report
from zhreport.tables import KINDS, digits

__all__ = ["CsvWriter", "XlsxWriter", "csv_cell"]

# -- CSV

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_NEGATIVE: Final = re.compile(r"-[0-9]+(\.[0-9]+)?[%％‰]?")


class CsvWriter:
    """One record a row, UTF-8 with a byte order mark, so that spreadsheets read the Chinese."""

    def __init__(self, stream: IO[bytes], names: Iterable[str], kind: str) -> None:
        self._shape = Shape(kind, names)
        self._text = io.TextIOWrapper(stream, "utf-8-sig", errors="replace", newline="")
        self._rows = csv.writer(self._text)
        self._rows.writerow(map(csv_cell, self._shape.header))

    def write(self, report: Report, extra: Mapping[str, str]) -> None:
        """Write the records of a report."""
        cells = [list(map(csv_cell, column)) for column in self._shape.columns(report, extra)]
        self._rows.writerows(zip(*cells, strict=True))

    def close(self) -> None:
        """Hand the last rows to the stream and let go of it."""
        self._text.flush()
        self._text.detach()


def csv_cell(value: Any) -> Any:  # noqa: ANN401
    """The value as a cell; what a spreadsheet would take for a formula gets an apostrophe.

    >>> [csv_cell(v) for v in (Decimal("82500.0"), "=1+1", "-5%", "-5+A1", "@x", None, "粮食")]
    ['82500', "'=1+1", '-5%', "'-5+A1", "'@x", '', '粮食']
    """
    if isinstance(value, str):
        return "'" + value if value.startswith(_FORMULA) and not _NEGATIVE.fullmatch(value) else value
    if isinstance(value, Decimal):
        return digits(value)
    return "" if value is None else value


# -- Excel

_SHEET_ROWS: Final = 1_048_576
_DATED: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - the same records give the same bytes
_CELL: Final = 32_767  # UTF-16 units


class XlsxWriter:
    """A workbook with a sheet for each kind of record, or for one; text is text, never a formula.

    Rows wait in temporary files until the end. Excel counts in floating point: `value` is rounded to what a
    double holds, `value_exact` has all digits.
    """

    def __init__(
        self,
        stream: IO[bytes],
        names: Iterable[str],
        kind: str | None = None,
        *,
        provenance: Mapping[str, str],
        rows: int = _SHEET_ROWS,
    ) -> None:
        try:
            import xlsxwriter  # noqa: PLC0415 - an optional extra
        except ImportError as error:
            raise MissingExtraError("Excel needs XlsxWriter: pip install 'zhreport[tables]'") from error
        names, self._most = tuple(names), rows
        self._shapes = [Shape(one, names) for one in ((kind,) if kind else KINDS)]
        # its own folder, so that nothing is left where a run fails
        self._folder = TemporaryDirectory(prefix="zhreport-", ignore_cleanup_errors=True)
        self._book = xlsxwriter.Workbook(stream, {"constant_memory": True, "tmpdir": self._folder.name})
        self._book.set_properties({"created": _DATED})
        for key, value in provenance.items():
            self._book.set_custom_property(f"zhreport.{key}", value, "text")
        bold = self._book.add_format({"bold": True})
        self._next: list[int] = []
        for shape in self._shapes:
            sheet = self._book.add_worksheet(shape.kind)
            sheet.freeze_panes(1, 0)
            for at, name in enumerate(shape.header):
                sheet.write_string(0, at, name, bold)
            self._next.append(1)

    def write(self, report: Report, extra: Mapping[str, str]) -> None:
        """Write the records of a report below those before it.

        Raises:
            InputError: a sheet is full, or a text is longer than a cell.
        """
        made = [shape.columns(report, extra) for shape in self._shapes]  # all of it before any is written
        sheets = self._book.worksheets()
        for number, (shape, cells, sheet) in enumerate(zip(self._shapes, made, sheets, strict=True)):
            row = self._next[number]
            if row + len(cells[0]) > self._most:
                raise InputError(
                    f"{report.document.name}: with its {shape.kind} the sheet has more than the "
                    f"{self._most:,} rows of Excel; write .parquet or .csv, or fewer reports to a file"
                )
            for record in zip(*cells, strict=True):
                for at, value in enumerate(record):
                    if isinstance(value, str):
                        if len(value) > _CELL // 2 and len(value.encode("utf-16-le")) // 2 > _CELL:
                            raise InputError(
                                f"{report.document.name}: the {shape.header[at]} of one of its {shape.kind} "
                                f"is longer than the {_CELL:,} characters of a cell; write another format"
                            )
                        sheet.write_string(row, at, value)
                    elif isinstance(value, bool):
                        sheet.write_boolean(row, at, value)
                    elif value is not None:
                        sheet.write_number(row, at, float(value))
                row += 1
            self._next[number] = row

    def close(self) -> None:
        """Put the workbook together."""
        self._book.close()
        self._folder.cleanup()
