"""Sheets: a sample as a workbook for coders to fill in."""

import io
import tomllib
import zipfile
from collections.abc import Iterator, Sequence
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

import regex

from zhreport.claims import Claim
from zhreport.coding.sample import Sample, Sampled
from zhreport.errors import MissingExtraError, UsageError
from zhreport.output import replacing
from zhreport.readers.foreign import foreign

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["COMMENT", "FIELDS", "NOT_CODERS", "RIGHT", "check_sheet", "need_openpyxl", "write_sheet"]

#: What coders judge of a claim.
FIELDS: Final = ("span", "value", "unit", "indicator", "kind", "status", "period")
#: The header of the column with the answers about a field.
RIGHT: Final = "{} right?"
_PLACE: Final = ("id", "file", "doc", "year", "start", "end", "section", "sentence")
#: Behind the answers, for those who join sheets with tables.
_MORE: Final = ("region", "region_code", "level", "date", "genre", "clean_start", "clean_end")
COMMENT: Final = "comment"
#: Sheets that are no coder's.
NOT_CODERS: Final = ("instructions", "sample")
_WIDTHS: Final = {
    "id": 14, "file": 20, "doc": 16, "year": 6, "start": 8, "end": 8, "section": 22, "sentence": 70,
    "span": 14, "value": 20,
    "unit": 8, "indicator": 24, "kind": 12, "status": 9, "period": 11, COMMENT: 30,
}  # fmt: skip
_ILLEGAL: Final = regex.compile(r"[\p{Cc}\p{Cs}\uFFFE\uFFFF]")
_SYMBOLS: Final = {"approx": "≈ ", "gt": "> ", "ge": "≥ ", "lt": "< ", "le": "≤ "}


def need_openpyxl() -> None:
    """Say how to install openpyxl where it is missing."""
    try:
        import openpyxl  # noqa: F401, PLC0415 - an optional extra
    except ImportError as error:
        raise MissingExtraError("coding sheets need openpyxl: pip install 'zhreport[coding]'") from error


def write_sheet(
    path: str | Path,
    sample: Sample,
    *,
    coders: Sequence[str] = ("coder 1", "coder 2"),
    separate: bool = False,
) -> list[Path]:
    """Write a sample as an .xlsx workbook with a sheet for each coder, instructions and the strata.

    No cell is a formula, whatever the reports say, and the same sample gives the same bytes.

    Args:
        path: of the workbook, ending in .xlsx; replaced if it exists.
        sample: from `sample_claims`.
        coders: names of the sheets.
        separate: a workbook for each coder instead, named after it (`coding-coder 1.xlsx`).

    Returns:
        The files written.

    Raises:
        UsageError: another ending, or names that cannot name sheets.
        InputError: a file cannot be written.
        MissingExtraError: openpyxl is not installed.
    """
    files = check_sheet(Path(path), coders, separate=separate)
    for file, names in files.items():
        _save(file, _workbook(sample, names))
    return list(files)


def check_sheet(path: Path, coders: Sequence[str], *, separate: bool = False) -> dict[Path, Sequence[str]]:
    """Check what `write_sheet` will be asked for, before a sample is drawn.

    Returns:
        The files that it will write, each with its coders.

    Raises:
        UsageError: another ending, or names that cannot name sheets.
        MissingExtraError: openpyxl is not installed.
    """
    if path.suffix.lower() != ".xlsx":
        raise UsageError(f"{path}: name a file that ends in .xlsx")
    for coder in coders:
        if not coder.strip() or len(coder) > 31 or regex.search(r"[\[\]:*?/\\\p{Cc}]|^'|'$", coder):
            raise UsageError(f"coder {coder!r}: 1 to 31 characters without [ ] : * ? / \\ name a sheet")
    if not coders or len({c.casefold() for c in (*coders, *NOT_CODERS)}) < len(coders) + len(NOT_CODERS):
        raise UsageError(f"coders need names that differ from each other and from {', '.join(NOT_CODERS)}")
    need_openpyxl()
    if not separate:
        return {path: coders}
    return {path.with_name(f"{path.stem}-{coder}.xlsx"): [coder] for coder in coders}


def _workbook(sample: Sample, coders: Sequence[str]) -> "Workbook":
    from openpyxl import Workbook  # noqa: PLC0415 - an optional extra

    book = Workbook()
    first = book.active
    assert first is not None
    book.remove(first)
    _instruct(book.create_sheet(NOT_CODERS[0]))
    for coder in coders:
        _fill(book.create_sheet(coder), sample)
    _describe(book.create_sheet(NOT_CODERS[1]), sample)
    book.active = 1
    return book


def _put(sheet: "Worksheet", row: int, column: int, value: int | str | None) -> "Cell":
    """Write a cell as a number or as text that no spreadsheet takes for a formula."""
    cell = cast("Cell", sheet.cell(row, column))  # no cell is merged
    if isinstance(value, str):
        text = _ILLEGAL.sub(" ", value)
        cell.value = text
        cell.data_type = "s"
        cell.quotePrefix = text[:1] in ("=", "+", "-", "@")  # text it stays when someone edits the cell
    else:
        cell.value = value
    return cell


def _instruct(sheet: "Worksheet") -> None:
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415

    text = resources.files("zhreport.data").joinpath("coding.toml").read_text(encoding="utf-8")
    book = tomllib.loads(text)
    lines = [("", line) for line in ("How to fill in", *book["how"], "")]
    lines += [("field", "right if"), *((field, book["right_if"][field]) for field in FIELDS)]
    sheet.column_dimensions["A"].width = 12
    sheet.column_dimensions["B"].width = 110
    for number, pair in enumerate(lines, start=1):
        for column, part in enumerate(pair, start=1):
            cell = _put(sheet, number, column, part)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.font = Font(bold=column == 1 or number == 1)
        sheet.row_dimensions[number].height = 16 * (1 + len(pair[1]) // 105)


def _describe(sheet: "Worksheet", sample: Sample) -> None:
    rows: list[tuple[int | str, ...]] = [
        ("seed", sample.seed),
        ("stratum", "claims", "in the sample"),
        *((s.name, s.population, s.sampled) for s in sample.strata),
    ]
    sheet.column_dimensions["A"].width = 20
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            _put(sheet, number, column, value)


def _shown(claim: Claim) -> dict[str, str]:
    """What the coders see of each field."""
    if claim.value is None:
        value = f"{claim.low:,f} – {claim.high:,f}"
    else:
        value = _SYMBOLS.get(claim.relation, "") + f"{claim.value:,f}"
    return {
        "span": claim.text,
        "value": value,
        "unit": claim.unit,
        "indicator": claim.indicator,
        "kind": f"{claim.kind} {claim.direction}".strip(),
        "status": claim.status,
        "period": claim.period,
    }


def _fill(sheet: "Worksheet", sample: Sample) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415

    columns = [*_PLACE, *(name for f in FIELDS for name in (f, RIGHT.format(f))), COMMENT, *_MORE, "stratum"]
    answers = [n for n, name in enumerate(columns, start=1) if name.endswith("right?") or name == COMMENT]
    yellow = PatternFill("solid", fgColor="FFF6D6")
    for number, name in enumerate(columns, start=1):
        cell = _put(sheet, 1, number, name)
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        if number in answers:
            cell.fill = PatternFill("solid", fgColor="FFE08A")
        sheet.column_dimensions[get_column_letter(number)].width = _WIDTHS.get(name, 9)
    sheet.column_dimensions[get_column_letter(len(columns))].hidden = True
    for number, item in enumerate(sample.claims, start=2):
        for column, value in enumerate(_cells(item, columns), start=1):
            cell = _put(sheet, number, column, value)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if column in answers:
                cell.fill = yellow
    rule = DataValidation(
        type="list",
        formula1='"1,0,?"',
        allow_blank=True,
        showErrorMessage=True,
        errorTitle="1, 0 or ?",
        error="Write 1 (right), 0 (wrong) or ? (cannot be decided).",
    )
    sheet.add_data_validation(rule)
    for number in answers[:-1]:
        letter = get_column_letter(number)
        rule.add(f"{letter}2:{letter}{len(sample.claims) + 1}")
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{len(sample.claims) + 1}"


def _cells(item: Sampled, columns: Sequence[str]) -> Iterator[int | str | None]:
    claim = item.claim
    known: dict[str, int | str | None] = {
        **item.whence,
        "id": item.id,
        "start": item.start,
        "end": item.end,
        "clean_start": claim.start,
        "clean_end": claim.end,
        "section": " / ".join(item.section),
        "sentence": f"{item.before}【{claim.text}】{item.after}",
        "stratum": item.stratum,
        **_shown(claim),
    }
    for name in columns:
        yield known.get(name)


def _save(path: Path, book: "Workbook") -> None:
    """Save without the time of the day, which openpyxl writes into the workbook and its archive."""
    buffer = io.BytesIO()
    with replacing(path) as stream, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as out:
        with foreign(f"{path}: cannot be written", "check the disk, that of temporary files too", told=True):
            book.save(buffer)
        made = zipfile.ZipFile(buffer)
        for name in made.namelist():
            data = made.read(name)
            if name == "docProps/core.xml":
                data = regex.sub(rb"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z", b"2000-01-01T00:00:00Z", data)
            entry = zipfile.ZipInfo(name, date_time=(2000, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            out.writestr(entry, data)
