"""Blind coding: people find the records of passages without seeing ours, so that what we miss is counted.

`sample_passages` draws paragraphs and `sample_cells` cells of the panel, `write_blind` writes a workbook that
shows their text alone and keeps our answers in a file beside it, `read_blind` reads both back;
`zhreport.coding.scores` reckons.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from zhreport.coding.answers import open_workbook
from zhreport.coding.cells import CELL, span_of_cell
from zhreport.coding.passages import Passage, Passages, Span
from zhreport.coding.sheets import COMMENT, NOT_CODERS, Book, check_sheet, write_books
from zhreport.errors import InputError
from zhreport.writing.output import replacing

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = [
    "BlindCoding",
    "answers_of",
    "read_blind",
    "write_blind",
]

#: What a sheet shows, and what a coder fills in.
_SHOWN: Final[dict[str, tuple[str, ...]]] = {"panel": ("id", "doc", *CELL)}
_ASKED: Final[dict[str, tuple[str, ...]]] = {
    "themes": ("kind", "sure", COMMENT),
    "panel": ("value", "unit", "relation", "sentence", "sure", COMMENT),
}
_PASSAGE: Final = ("id", "doc", "year", "section", "text")
_FOUND: Final = ("found", "kind", "sure", COMMENT)
_WIDTHS: Final = {
    "id": 14, "doc": 20, "year": 6, "section": 24, "text": 90, "found": 34, "kind": 14, "sure": 6,
    COMMENT: 30, "region": 14, "indicator": 30, "measure": 12, "status": 9, "value": 16, "unit": 10,
    "relation": 9, "sentence": 60,
}  # fmt: skip
_NONE: Final = "-"  # what a coder writes who finds nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class BlindCoding:
    """What coders found in the passages.

    Attributes:
        sample: the passages with our records.
        coders: one for each sheet that was filled in.
        found: coder → passage → what it found there.
        comments: coder → passage → comments.
    """

    sample: Passages
    coders: tuple[str, ...]
    found: dict[str, dict[str, tuple[Span, ...]]]
    comments: dict[str, dict[str, str]]


def answers_of(path: Path) -> Path:
    """Where our answers to a workbook stand, which coders must not see."""
    return path.with_name(f"{path.stem}-answers.json")


def write_blind(
    path: str | Path,
    sample: Passages,
    *,
    coders: Sequence[str] = ("coder 1", "coder 2"),
    separate: bool = False,
) -> list[Path]:
    """Write passages as an .xlsx workbook with a sheet for each coder, and our answers into a file beside it.

    Args:
        path: of the workbook, ending in .xlsx; replaced if it exists.
        sample: from `sample_passages` or `sample_cells`.
        coders: names of the sheets.
        separate: a workbook for each coder instead.

    Returns:
        The files written; the last one, the answers, is not for the coders.

    Raises:
        UsageError: another ending, or names that cannot name sheets.
        InputError: a file cannot be written.
        MissingExtraError: XlsxWriter is not installed.
    """
    path = Path(path)
    files = write_books(
        check_sheet(path, coders, separate=separate),
        f"blind_{sample.records}",
        sample.kinds,
        partial(_fill, sample),
        partial(_show_texts, sample) if sample.texts else None,
    )
    answers = answers_of(path)
    with replacing(answers) as stream:
        stream.write(msgspec.json.format(msgspec.json.encode(asdict(sample)), indent=1))
    return [*files, answers]


def _fill(sample: Passages, made: Book, sheet: Any) -> None:  # noqa: ANN401
    shown, asked = _SHOWN.get(sample.records, _PASSAGE), _ASKED.get(sample.records, _FOUND)
    columns = (*shown, *asked)
    empty = [None] * len(asked)
    cells = ([*(_cell(passage, name) for name in shown), *empty] for passage in sample.passages)
    made.fill(sheet, {name: _WIDTHS[name] for name in columns}, asked, cells)
    last = 2 * len(sample.passages) + 500  # room for rows that coders add
    kinds = columns.index("relation" if sample.records == "panel" else "kind")
    sheet.data_validation(1, kinds, last, kinds, {
        "validate": "list", "source": [*sample.kinds, _NONE], "error_type": "warning",
        "error_title": "kind", "error_message": "Write one of the kinds of the sheet 'instructions'.",
    })  # fmt: skip


def _cell(passage: Passage, name: str) -> str | int | None:
    value: str | int | None = passage.cell[name] if name in passage.cell else getattr(passage, name)
    return value


def _show_texts(sample: Passages, made: Book) -> None:
    """The reports that cells are looked for in, a row for each paragraph."""
    sheet = made.book.add_worksheet(NOT_CODERS[2])
    rows = [(doc, text) for doc, texts in sample.texts.items() for text in texts]
    made.fill(sheet, {"doc": 20, "text": 140}, (), rows)
    sheet.autofilter(0, 0, len(rows), 1)


def read_blind(paths: Iterable[str | Path], answers: str | Path | None = None) -> BlindCoding:
    """Read filled-in workbooks of `write_blind` back.

    Rows are known by the id of their passage: a coder writes the first record into its row and adds a row
    with the same id for each further one. A sheet without any answer is left out.

    Args:
        paths: the workbooks.
        answers: our answers; by default the file that was written beside the first workbook.

    Raises:
        InputError: a file that is none of these; a passage that nobody drew, or that has no answer; a text
            that does not stand in its passage; another kind; of a cell, a value that is no number, or a
            sentence that does not stand in its report. The message names file, sheet and row.
        MissingExtraError: openpyxl is not installed.
    """
    files = list(dict.fromkeys(map(Path, paths)))
    sample = _sample(answers_of(files[0]) if answers is None else Path(answers))
    found: dict[str, dict[str, tuple[Span, ...]]] = {}
    comments: dict[str, dict[str, str]] = {}
    for path in files:
        for sheet in open_workbook(path).worksheets:
            if sheet.title in NOT_CODERS:
                continue
            read = _read(f"{path}, sheet {sheet.title!r}", sheet, sample)
            if read is not None:
                name = sheet.title if sheet.title not in found else f"{sheet.title} ({path.stem})"
                found[name], comments[name] = read
    if not found:
        raise InputError("nobody has filled in anything: no sheet has an answer")
    return BlindCoding(sample=sample, coders=tuple(found), found=found, comments=comments)


def _sample(path: Path) -> Passages:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Passages)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); name it with --answers") from error
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: not the answers that `zhreport sheet --blind` wrote") from error


def _read(
    where: str, sheet: "Worksheet", sample: Passages
) -> tuple[dict[str, tuple[Span, ...]], dict[str, str]] | None:
    """What a coder found by passage, and the comments; None if the sheet is empty."""
    header = [str(cell.value or "").strip() for cell in sheet[1]]
    asked = _ASKED.get(sample.records, _FOUND)
    wanted = ["id", *asked]
    if missing := [name for name in wanted if name not in header]:
        raise InputError(f"{where}, row 1: has no column {missing[0]!r}; put the header back")
    passages = {passage.id: passage for passage in sample.passages}
    found: dict[str, list[Span]] = {}
    comments: dict[str, str] = {}
    for number, cells in enumerate(sheet.iter_rows(min_row=2, values_only=True), start=2):
        row = {name: _said(cells[header.index(name)]) for name in wanted}
        if not any(row.values()):
            continue
        if row["id"] not in passages:
            raise InputError(
                f"{where}, row {number}: {row['id']!r} is the id of no passage; copy that of its own"
            )
        if row[COMMENT]:
            comments[row["id"]] = " ".join(filter(None, (comments.get(row["id"]), row[COMMENT])))
        said = row[asked[0]] or row.get("kind", "")
        if not said:
            continue
        own = found.setdefault(row["id"], [])
        if said != _NONE:
            make = span_of_cell if sample.records == "panel" else _span
            own.append(make(f"{where}, row {number}", row, passages[row["id"]], own, sample))
    if not found:
        return None
    if lost := [key for key in passages if key not in found]:
        raise InputError(
            f"{where}: passage {lost[0]} has no answer; write {_NONE} where there is nothing to find"
        )
    return {key: tuple(sorted(own, key=lambda s: (s.start, s.end))) for key, own in found.items()}, comments


def _said(value: object) -> str:
    """A cell as text; a number as people write it: 3 of 3.0."""
    return str(
        int(value) if isinstance(value, float) and value.is_integer() else "" if value is None else value
    ).strip()


def _span(
    where: str, row: dict[str, str], passage: Passage, before: Sequence[Span], sample: Passages
) -> Span:
    if row["kind"] not in sample.kinds:
        raise InputError(f"{where}: kind {row['kind']!r} is none of {', '.join(sample.kinds)}")
    sure = row["sure"] not in ("?", "？")
    if sample.records == "themes":
        return Span(start=0, end=len(passage.text), text="", kind=row["kind"], sure=sure)
    text, start = row["found"], -1
    for _ in range(1 + sum(span.text == text for span in before)):  # the second time, its second place
        start = passage.text.find(text, start + 1)
    if start < 0:
        raise InputError(f"{where}: {text!r} does not stand in the passage so often; copy it from the text")
    return Span(start=start, end=start + len(text), text=text, kind=row["kind"], sure=sure)
