"""Answers: what coders filled into their sheets."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zhreport.coding.sample import Stratum
from zhreport.coding.sheets import COMMENT, FIELDS, NOT_CODERS, RIGHT, need_openpyxl
from zhreport.errors import InputError

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell, MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["CodedClaim", "Coding", "read_sheets"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CodedClaim:
    """A claim as the coders judged it.

    Attributes:
        id, stratum, doc: of the claim.
        sentence: with the quantity in 【】.
        shown: field → what the coders saw.
        judgements: coder → field → True, False, or None where it is missing.
        comments: coder → comment, where there is one.
    """

    id: str
    stratum: str
    doc: str
    sentence: str
    shown: dict[str, str]
    judgements: dict[str, dict[str, bool | None]]
    comments: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coding:
    """The filled-in sheets of one sample.

    Attributes:
        coders: one for each sheet that was filled in.
        claims: in the order of the first sheet.
        strata: what the sample was drawn from.
    """

    coders: tuple[str, ...]
    claims: tuple[CodedClaim, ...]
    strata: tuple[Stratum, ...]


@dataclass(slots=True)
class _Sheet:
    coder: str
    where: str
    rows: dict[str, dict[str, Any]]
    filled: bool


def read_sheets(paths: Iterable[str | Path], *, partial: bool = False) -> Coding:
    """Read filled-in workbooks of one sample back.

    A sheet without any answer is left out, so two coders may each fill in their sheet of a copy of one
    workbook. Rows are known by their id and may be sorted; columns by their header.

    Args:
        paths: the workbooks.
        partial: take rows and fields that are not filled in for missing.

    Raises:
        InputError: a file that is no such workbook; a value other than 1, 0 and ?; a row that is missing,
            doubled or filled in by half (unless `partial`); files of different samples. The message names
            file, sheet, row and column.
        MissingExtraError: openpyxl is not installed.
    """
    need_openpyxl()
    sheets: list[_Sheet] = []
    strata: tuple[tuple[Stratum, ...], Path] | None = None
    for path in map(Path, paths):
        book = _open(path)
        own = _strata(path, book)
        if strata is not None and own != strata[0]:
            raise InputError(
                f"{path}: another sample than {strata[1]}; give files made by one `zhreport sheet`"
            )
        strata = (own, path)
        for name in book.sheetnames:
            if name not in NOT_CODERS:
                sheets.append(_read(path, name, book[name], partial=partial))
    sheets = [sheet for sheet in sheets if sheet.filled]
    if strata is None or not sheets:
        raise InputError("nobody has filled in anything: no sheet has an answer")
    twice = {s.coder for s in sheets if sum(s.coder == other.coder for other in sheets) > 1}
    for number, sheet in enumerate(sheets, start=1):
        if sheet.coder in twice:
            sheet.coder = f"{sheet.coder} ({number})"
    return Coding(
        coders=tuple(sheet.coder for sheet in sheets),
        claims=tuple(_joined(sheets, partial=partial)),
        strata=strata[0],
    )


def _open(path: Path) -> "Workbook":
    from openpyxl import load_workbook  # noqa: PLC0415

    try:
        return load_workbook(path, data_only=True)
    except FileNotFoundError as error:
        raise InputError(f"{path}: no such file; check the path") from error
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror or error})") from error
    except Exception as error:  # a damaged workbook makes openpyxl raise anything
        raise InputError(
            f"{path}: not an Excel workbook, or a damaged one; save the sheet as .xlsx"
        ) from error


def _strata(path: Path, book: "Workbook") -> tuple[Stratum, ...]:
    if NOT_CODERS[1] not in book.sheetnames:
        raise InputError(f"{path}: has no sheet 'sample'; give a workbook made by `zhreport sheet`")
    try:
        return tuple(
            Stratum(name=str(row[0]), population=int(str(row[1])), sampled=int(str(row[2])))
            for row in book[NOT_CODERS[1]].iter_rows(min_row=3, max_col=3, values_only=True)
            if row[0] is not None
        )
    except (TypeError, ValueError) as error:
        raise InputError(f"{path}, sheet 'sample': changed; put the sheet of the original back") from error


def _read(path: Path, name: str, sheet: "Worksheet", *, partial: bool) -> _Sheet:
    where = f"{path}, sheet {name!r}"
    header = [str(cell.value or "").strip() for cell in sheet[1]]
    wanted = ["id", "doc", "sentence", "stratum", COMMENT, *FIELDS, *map(RIGHT.format, FIELDS)]
    if missing := [column for column in wanted if column not in header]:
        raise InputError(
            f"{where}, row 1: has no column {missing[0]!r}; put the header back, or remove the sheet"
        )
    at = {column: header.index(column) for column in wanted}
    rows: dict[str, dict[str, Any]] = {}
    half = ""
    filled = False
    for number, cells in enumerate(sheet.iter_rows(min_row=2), start=2):
        row: dict[str, Any] = {column: cells[i].value for column, i in at.items()}
        if all(value is None for value in row.values()):
            continue
        key = str(row["id"] or "").strip()
        if not key or key in rows:
            problem = f"is there twice ({key})" if key else "is empty"
            raise InputError(f"{where}, row {number}, column 'id': {problem}; put the original row back")
        answers = {field: _answer(cells[at[RIGHT.format(field)]].value) for field in FIELDS}
        for field, answer in answers.items():
            cell = cells[at[RIGHT.format(field)]]
            if answer == "bad":
                raise InputError(f"{where}, {_at(cell)}: {cell.value!r} is not 1, 0 or ?")
            if answer == "" and not half and answers["span"] not in ("0", "?"):
                half = f"{where}, {_at(cell)}: {RIGHT.format(field)!r} is not filled in"
        filled = filled or any(answers.values())
        judged = {field: {"1": True, "0": False}.get(answer) for field, answer in answers.items()}
        rows[key] = {**row, "judged": judged}
    if filled and half and not partial:
        raise InputError(f"{half}; fill in every row, or have what is empty taken for missing (--partial)")
    return _Sheet(coder=name, where=where, rows=rows, filled=filled)


def _at(cell: "Cell | MergedCell") -> str:
    return f"row {cell.row}, column {cell.coordinate.rstrip('0123456789')}"


def _answer(value: object) -> str:
    """`1`, `0`, `?`, "" for an empty cell, or `bad`."""
    if value is None:
        return ""
    if isinstance(value, bool | int | float):
        return str(int(value)) if value in (0, 1) else "bad"
    text = str(value).strip().translate(str.maketrans("０１？", "01?"))
    return text if text in ("", "1", "0", "?") else "bad"


def _joined(sheets: Sequence[_Sheet], *, partial: bool) -> Iterator[CodedClaim]:
    """The claims of all sheets with everybody's judgements."""
    keys = dict.fromkeys(key for sheet in sheets for key in sheet.rows)
    if not partial:
        for sheet in sheets:
            if lost := [key for key in keys if key not in sheet.rows]:
                raise InputError(
                    f"{sheet.where}: has no row with the id {lost[0]}, which another sheet has; put it back, "
                    "or have it taken for missing (--partial)"
                )
    for key in keys:
        first = next(sheet.rows[key] for sheet in sheets if key in sheet.rows)
        yield CodedClaim(
            id=key,
            stratum=str(first["stratum"] or ""),
            doc=str(first["doc"] or ""),
            sentence=str(first["sentence"] or ""),
            shown={field: str(first[field] if first[field] is not None else "") for field in FIELDS},
            judgements={
                s.coder: s.rows[key]["judged"] if key in s.rows else dict.fromkeys(FIELDS) for s in sheets
            },
            comments={
                s.coder: str(s.rows[key][COMMENT]).strip()
                for s in sheets
                if key in s.rows and s.rows[key][COMMENT] is not None
            },
        )
