"""Sheets: a sample as a workbook for coders to fill in."""

import tomllib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from importlib import resources
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any, Final

import regex

from zhreport.coding.sample import JUDGED, NOUNS, Sample
from zhreport.errors import MissingExtraError, UsageError
from zhreport.writing.output import replacing
from zhreport.writing.spreadsheets import TOO_LONG, excel_text

__all__ = [
    "COMMENT",
    "NOT_CODERS",
    "RIGHT",
    "Book",
    "check_sheet",
    "too_long",
    "write_books",
    "write_sheet",
]

#: The header of the column with the answers about a field.
RIGHT: Final = "{} right?"
_PLACE: Final = ("id", "file", "doc", "year", "start", "end", "section", "sentence")
#: Behind the answers, for those who join sheets with tables.
_MORE: Final = ("region", "region_code", "level", "date", "genre", "clean_start", "clean_end")
COMMENT: Final = "comment"
#: Sheets that are no coder's.
NOT_CODERS: Final = ("instructions", "sample", "texts")
_WIDTHS: Final = {
    "id": 14, "file": 20, "doc": 16, "year": 6, "report_year": 6, "start": 8, "end": 8, "section": 22,
    "sentence": 70, "span": 14, "value": 20,
    "unit": 8, "indicator": 24, "kind": 12, "status": 9, "period": 11, "action": 10, "organizer": 18,
    "theme": 22, "others": 30, "region": 14, COMMENT: 30,
}  # fmt: skip
_ILLEGAL: Final = regex.compile(r"[\p{Cc}\p{Cs}\uFFFE\uFFFF]")
_DATED: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - not the time of the day


def write_sheet(
    path: str | Path,
    sample: Sample,
    *,
    coders: Sequence[str] = ("coder 1", "coder 2"),
    separate: bool = False,
) -> list[Path]:
    """Write a sample as an .xlsx workbook with a sheet for each coder, instructions and the strata.

    No cell is a formula, whatever the reports say, and the same sample gives the same bytes. A text that is
    longer than a cell is cut, see `too_long`.

    Args:
        path: of the workbook, ending in .xlsx; replaced if it exists.
        sample: from `sample_records`.
        coders: names of the sheets.
        separate: a workbook for each coder instead, named after it (`coding-coder 1.xlsx`).

    Returns:
        The files written.

    Raises:
        UsageError: another ending, or names that cannot name sheets.
        InputError: a file cannot be written.
        MissingExtraError: XlsxWriter is not installed.
    """
    files = check_sheet(Path(path), coders, separate=separate)
    return write_books(
        files, sample.records, JUDGED[sample.records], partial(_fill, sample), partial(_describe, sample)
    )


def check_sheet(path: Path, coders: Sequence[str], *, separate: bool = False) -> dict[Path, Sequence[str]]:
    """Check what `write_sheet` will be asked for, before a sample is drawn.

    Returns:
        The files that it will write, each with its coders.

    Raises:
        UsageError: another ending, or names that cannot name sheets.
        MissingExtraError: XlsxWriter is not installed.
    """
    if path.suffix.lower() != ".xlsx":
        raise UsageError(f"{path}: name a file that ends in .xlsx")
    for coder in coders:
        if not coder.strip() or len(coder) > 31 or regex.search(r"[\[\]:*?/\\\p{Cc}]|^'|'$", coder):
            raise UsageError(f"coder {coder!r}: 1 to 31 characters without [ ] : * ? / \\ name a sheet")
    if not coders or len({c.casefold() for c in (*coders, *NOT_CODERS)}) < len(coders) + len(NOT_CODERS):
        raise UsageError(f"coders need names that differ from each other and from {', '.join(NOT_CODERS)}")
    if find_spec("xlsxwriter") is None:
        raise MissingExtraError("coding sheets need XlsxWriter: pip install 'zhreport[coding]'")
    if not separate:
        return {path: coders}
    return {path.with_name(f"{path.stem}-{coder}.xlsx"): [coder] for coder in coders}


def too_long(sample: Sample) -> list[str]:
    """A line for each report with a text that the sheets show cut, because it is longer than a cell."""
    found: dict[str, dict[str, None]] = {}
    columns = _columns(sample.records)
    for item in sample.items:
        names = [name for name in columns if isinstance(v := item.cells.get(name), str) and _text(v)[1]]
        if names:
            found.setdefault(str(item.whence["file"] or item.whence["doc"]), {}).update(dict.fromkeys(names))
    what = f"of its {NOUNS[sample.records]}: {TOO_LONG} and cut"
    return [f"{file}: {', '.join(names)} {what}" for file, names in found.items()]


def _text(value: str) -> tuple[str, bool]:
    """A text as the cell shows it, and whether it is cut."""
    text = _ILLEGAL.sub(" ", value)
    shown = excel_text(text)
    return shown, shown != text


class Book:
    """A workbook that is made in memory; of a full disk the file itself tells."""

    def __init__(self, stream: IO[bytes]) -> None:
        import xlsxwriter  # noqa: PLC0415 - an optional extra

        self.book = xlsxwriter.Workbook(stream, {"in_memory": True})
        self.book.set_properties({"created": _DATED})  # the same sample gives the same bytes
        self._formats: dict[tuple[tuple[str, object], ...], Any] = {}

    def format(self, **how: object) -> Any:  # noqa: ANN401
        """Text at the top of its cell, in lines, and as `how` says."""
        key = tuple(sorted(how.items()))
        if key not in self._formats:
            self._formats[key] = self.book.add_format({"text_wrap": True, "valign": "top", **how})
        return self._formats[key]

    def put(self, sheet: Any, row: int, column: int, value: int | str | None, **how: object) -> None:  # noqa: ANN401
        """Write a cell as a number or as text that no spreadsheet takes for a formula; "" is an empty one."""
        if value is None or value == "":
            sheet.write_blank(row, column, None, self.format(**how))
        elif isinstance(value, str):
            text, _ = _text(value)
            if text[:1] in ("=", "+", "-", "@"):  # text it stays when someone edits the cell
                how["quote_prefix"] = True
            sheet.write_string(row, column, text, self.format(**how))
        else:
            sheet.write_number(row, column, value, self.format(**how))

    def fill(
        self,
        sheet: Any,  # noqa: ANN401
        columns: Mapping[str, int],
        asked: Collection[str],
        rows: Iterable[Sequence[int | str | None]],
    ) -> None:
        """Write a table with its head; the columns that coders fill in are coloured.

        Args:
            sheet: where to write.
            columns: their names and widths, in their order.
            asked: the names of those that coders fill in.
            rows: their cells, in the order of the columns.
        """
        how = [{"bg_color": "#FFF6D6"} if name in asked else {} for name in columns]
        for number, (name, width) in enumerate(columns.items()):
            self.put(sheet, 0, number, name, bold=True, **({"bg_color": "#FFE08A"} if name in asked else {}))
            sheet.set_column(number, number, width)
        for row, cells in enumerate(rows, start=1):
            for number, cell in enumerate(cells):
                self.put(sheet, row, number, cell, **how[number])
        sheet.freeze_panes(1, 1)


def write_books(
    files: Mapping[Path, Sequence[str]],
    task: str,
    names: Sequence[str],
    fill: Callable[[Book, Any], None],
    last: Callable[[Book], None] | None = None,
) -> list[Path]:
    """Write workbooks with instructions and a sheet for each coder.

    Args:
        files: from `check_sheet`.
        task: the part of `coding.toml` with the instructions.
        names: the fields or kinds that they explain.
        fill: writes the sheet of a coder.
        last: adds sheets behind those of the coders.

    Returns:
        The files written.

    Raises:
        InputError: a file cannot be written.
    """
    for file, coders in files.items():
        with replacing(file) as stream:
            made = Book(stream)
            _instruct(made, made.book.add_worksheet(NOT_CODERS[0]), task, names)
            for coder in coders:
                fill(made, made.book.add_worksheet(coder))
            if last is not None:
                last(made)
            made.book.worksheets()[1].activate()
            made.book.close()
    return list(files)


def _instruct(made: Book, sheet: Any, task: str, names: Sequence[str]) -> None:  # noqa: ANN401
    """Tell coders what to do, in English and Chinese: the texts of `coding.toml`.

    Args:
        made: the workbook.
        sheet: where to write.
        task: a part of that file.
        names: fields or kinds that it explains; those without an explanation stand alone.
    """
    text = resources.files("zhreport.data").joinpath("coding.toml").read_text(encoding="utf-8")
    book = tomllib.loads(text)[task]
    sheet.set_column(0, 0, 12)
    sheet.set_column(1, 1, 110)
    row = 0
    for language in ("en", "zh"):
        part = book[language]
        lines = [("", line) for line in (part["title"], *part["how"], "")]
        lines += [tuple(part["head"]), *((name, part["names"].get(name, "")) for name in names), ("", "")]
        for number, pair in enumerate(lines):
            for column, cell in enumerate(pair):
                made.put(sheet, row, column, cell, bold=column == 0 or number == 0)
            sheet.set_row(row, 16 * (1 + len(pair[1]) // (105 if language == "en" else 55)))
            row += 1


def _describe(sample: Sample, made: Book) -> None:
    sheet = made.book.add_worksheet(NOT_CODERS[1])
    rows: list[tuple[int | str, ...]] = [
        ("seed", sample.seed, "records", sample.records),
        ("stratum", NOUNS[sample.records], "in the sample"),
        *((s.name, s.population, s.sampled) for s in sample.strata),
    ]
    sheet.set_column(0, 0, 20)
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            made.put(sheet, number, column, value)


def _columns(records: str) -> list[str]:
    asked = [name for field in JUDGED[records] for name in (field, RIGHT.format(field))]
    place = [f"report_{name}" if name in asked else name for name in _PLACE]  # the year of a cell is another
    return [*place, *asked, COMMENT, *(name for name in _MORE if name not in asked), "stratum"]


def _fill(sample: Sample, made: Book, sheet: Any) -> None:  # noqa: ANN401
    from xlsxwriter.utility import xl_range  # noqa: PLC0415 - an optional extra

    columns = {name: _WIDTHS.get(name, 9) for name in _columns(sample.records)}
    asked = [name for name in columns if name.endswith("right?") or name == COMMENT]
    made.fill(sheet, columns, asked, ([item.cells.get(name) for name in columns] for item in sample.items))
    end, last = len(columns) - 1, len(sample.items)
    sheet.set_column(end, end, columns["stratum"], None, {"hidden": True})
    answers = [number for number, name in enumerate(columns) if name in asked]
    ranges = [xl_range(1, number, last, number) for number in answers[:-1]]
    rule = {
        "validate": "list",
        "source": ["1", "0", "?"],
        "error_title": "1, 0 or ?",
        "error_message": "Write 1 (right), 0 (wrong) or ? (cannot be decided).",
        "multi_range": " ".join(ranges),
    }
    sheet.data_validation(1, answers[0], last, answers[0], rule)
    sheet.autofilter(0, 0, last, end)
