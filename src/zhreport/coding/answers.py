"""Answers: what coders filled into their sheets."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zhreport.coding.sample import JUDGED, NOUNS, Stratum
from zhreport.coding.sheets import COMMENT, NOT_CODERS, RIGHT
from zhreport.errors import InputError, MissingExtraError

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell, MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["Coded", "Coding", "open_workbook", "read_sheets"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coded:
    """A record as the coders judged it.

    Attributes:
        id, stratum, doc: of the record.
        sentence: with the record in 【】.
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
        records: what was judged: `claims`, `campaigns`, `themes` or `panel`.
        coders: one for each sheet that was filled in.
        items: in the order of the first sheet.
        strata: what the sample was drawn from.
    """

    records: str
    coders: tuple[str, ...]
    items: tuple[Coded, ...]
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
        InputError: a file that is no such workbook; a value other than 1, 0 and ?; a row that is doubled or
            none of the sample's, or (unless `partial`) missing or filled in by half; files of different
            samples. The message names file, sheet, row and column.
        MissingExtraError: openpyxl is not installed.
    """
    sheets: list[_Sheet] = []
    strata: tuple[tuple[str, tuple[Stratum, ...]], Path] | None = None
    for path in dict.fromkeys(map(Path, paths)):  # a file that is named twice is one
        book = open_workbook(path)
        records, drawn = own = _strata(path, book)
        if strata is not None and own != strata[0]:
            raise InputError(
                f"{path}: from another sample than {strata[1]}; give files made by the same `zhreport sheet`"
            )
        strata = (own, path)
        strata_names = {s.name for s in drawn}
        for sheet in book.worksheets:  # of what else a workbook may have, a chart has no cells
            if sheet.title not in NOT_CODERS:
                sheets.append(_read(path, sheet, JUDGED[records], strata_names, partial=partial))
    sheets = [s for s in sheets if s.filled]
    if strata is None or not sheets:
        raise InputError("no sheet has an answer; fill them in first")
    names = [s.coder for s in sheets]
    for number, found in enumerate(sheets, start=1):
        if names.count(found.coder) > 1:
            numbered = (f"{found.coder} ({n})" for n in count(number, len(sheets)))
            found.coder = next(name for name in numbered if name not in names)
    records, drawn = strata[0]
    return Coding(
        records=records,
        coders=tuple(s.coder for s in sheets),
        items=tuple(_joined(sheets, records, sum(s.sampled for s in drawn), partial=partial)),
        strata=drawn,
    )


def open_workbook(path: Path) -> "Workbook":
    """A workbook that coders filled in.

    Raises:
        InputError: it is none.
        MissingExtraError: openpyxl is not installed.
    """
    try:
        from openpyxl import load_workbook  # noqa: PLC0415 - an optional extra
    except ImportError as error:
        raise MissingExtraError("reading sheets needs openpyxl: pip install 'zhreport[coding]'") from error
    if not path.is_file():
        raise InputError(f"{path}: {'a folder' if path.is_dir() else 'no such file'}; check the path")
    try:
        return load_workbook(path, data_only=True)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror or error})") from error
    except Exception as error:  # a damaged workbook makes openpyxl raise anything
        raise InputError(
            f"{path}: not an Excel workbook, or a damaged one; save the sheet as .xlsx"
        ) from error


def _strata(path: Path, book: "Workbook") -> tuple[str, tuple[Stratum, ...]]:
    """What was drawn, and from what."""
    if NOT_CODERS[1] not in book.sheetnames:
        raise InputError(f"{path}: has no sheet 'sample'; give a workbook made by `zhreport sheet`")
    try:
        (first,) = book[NOT_CODERS[1]].iter_rows(max_row=1, min_col=4, max_col=4, values_only=True)
        return next(name for name in JUDGED if name == first[0]), tuple(
            Stratum(name=str(row[0]), population=_whole(row[1]), sampled=_whole(row[2]))
            for row in book[NOT_CODERS[1]].iter_rows(min_row=3, max_col=3, values_only=True)
            if row[0] is not None
        )
    except (TypeError, ValueError, StopIteration) as error:
        raise InputError(f"{path}, sheet 'sample': has been changed; put back the original sheet") from error


def _whole(value: object) -> int:
    """A count, also as the programs write it that save every number with a point (`20.0`)."""
    return int(str(value).removesuffix(".0"))


def _read(
    path: Path, sheet: "Worksheet", fields: Sequence[str], strata: Collection[str], *, partial: bool
) -> _Sheet:
    where = f"{path}, sheet {sheet.title!r}"
    header = [str(cell.value or "").strip() for cell in sheet[1]]
    wanted = ["id", "doc", "sentence", "stratum", COMMENT, *fields, *map(RIGHT.format, fields)]
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
        if not any(str(value).strip() for value in row.values() if value is not None):
            continue
        key = str(row["id"] or "").strip()
        if not key or key in rows:
            problem = f"is there twice ({key})" if key else "is empty"
            raise InputError(f"{where}, row {number}, column 'id': {problem}; put the original row back")
        if row["stratum"] not in strata:
            raise InputError(
                f"{where}, row {number}, column 'stratum': {row['stratum']!r} is not in the sample; "
                "put the original row back"
            )
        answers = {field: _answer(cells[at[RIGHT.format(field)]].value) for field in fields}
        for field, answer in answers.items():
            cell = cells[at[RIGHT.format(field)]]
            if answer == "bad":
                raise InputError(f"{where}, {_at(cell)}: {cell.value!r} is not 1, 0 or ?")
            if answer == "" and not half and answers[fields[0]] not in ("0", "?"):
                half = f"{where}, {_at(cell)}: {RIGHT.format(field)!r} is not filled in"
        filled = filled or any(answers.values())
        judged = {field: {"1": True, "0": False}.get(answer) for field, answer in answers.items()}
        rows[key] = {**row, "judged": judged}
    if filled and half and not partial:
        raise InputError(f"{half}; fill in every row, or use --partial to treat empty answers as missing")
    return _Sheet(coder=sheet.title, where=where, rows=rows, filled=filled)


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


def _joined(sheets: Sequence[_Sheet], records: str, sampled: int, *, partial: bool) -> Iterator[Coded]:
    """The records of all sheets with everybody's judgements."""
    noun, fields = NOUNS[records], JUDGED[records]
    keys = dict.fromkeys(key for sheet in sheets for key in sheet.rows)
    if len(keys) > sampled:
        raise InputError(
            f"{sheets[-1].where}: {len(keys)} {noun} with the other sheets, but the sample has {sampled}; "
            "give sheets of one sample, without rows of your own"
        )
    if not partial:
        if len(keys) < sampled:
            raise InputError(
                f"{sheets[-1].where}: {len(keys)} of the {sampled} {noun} of the sample; put the others "
                "back, or use --partial to treat them as missing"
            )
        for sheet in sheets:
            if lost := [key for key in keys if key not in sheet.rows]:
                raise InputError(
                    f"{sheet.where}: has no row with the id {lost[0]}, which another sheet has; put it back, "
                    "or use --partial to treat it as missing"
                )
    for key in keys:
        first = next(sheet.rows[key] for sheet in sheets if key in sheet.rows)
        yield Coded(
            id=key,
            stratum=str(first["stratum"] or ""),
            doc=str(first["doc"] or ""),
            sentence=str(first["sentence"] or ""),
            shown={field: str(first[field] if first[field] is not None else "") for field in fields},
            judgements={
                s.coder: s.rows[key]["judged"] if key in s.rows else dict.fromkeys(fields) for s in sheets
            },
            comments={
                s.coder: str(s.rows[key][COMMENT]).strip()
                for s in sheets
                if key in s.rows and s.rows[key][COMMENT] is not None
            },
        )
