"""Blind coding: people find the records of passages without seeing ours, so that what we miss is counted.

`sample_passages` draws paragraphs, `write_blind` writes a workbook that shows their text alone and keeps our
answers in a file beside it, `read_blind` reads both back; `zhreport.coding.scores` reckons.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from zhreport.campaigns import KINDS as CAMPAIGN_KINDS
from zhreport.coding.answers import open_workbook
from zhreport.coding.sheets import COMMENT, NOT_CODERS, Book, check_sheet, instruct
from zhreport.errors import InputError, UsageError
from zhreport.report import Report
from zhreport.tables import head
from zhreport.writing.output import replacing

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = [
    "BLIND",
    "BlindCoding",
    "Passage",
    "Passages",
    "Span",
    "answers_of",
    "read_blind",
    "sample_passages",
    "write_blind",
]

#: What people can be asked to find: the kinds that they tell apart, empty where the themes of a model say it.
BLIND: Final[dict[str, tuple[str, ...]]] = {
    "claims": ("level", "change", "share", "rank", "ratio"),
    "campaigns": CAMPAIGN_KINDS,
    "themes": (),
}
_COLUMNS: Final = ("id", "doc", "year", "section", "text", "found", "kind", "sure", COMMENT)
_WIDTHS: Final = (14, 20, 6, 24, 90, 34, 14, 6, 30)
_NONE: Final = "-"  # what a coder writes who finds nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A record in a passage, as we or a coder found it.

    Attributes:
        start, end: in the passage; of a theme all of it.
        text: what stands there, "" for a theme.
        kind: one of `BLIND`, or the theme.
        sure: False where it may count or not.
    """

    start: int
    end: int
    text: str
    kind: str
    sure: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A paragraph that coders read.

    Attributes:
        id: twelve hexadecimal digits, the same whenever the same paragraph of the same text is drawn.
        doc, year, section: of its report.
        text: the paragraph.
        sentences: start and end of its sentences in it.
        records: what we found in it.
    """

    id: str
    doc: str
    year: int | None
    section: str
    text: str
    sentences: tuple[tuple[int, int], ...]
    records: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Passages:
    """Paragraphs drawn at random.

    Attributes:
        records: what coders look for in them: one of `BLIND`.
        kinds: the kinds, or themes, that they tell apart.
        population: paragraphs that they were drawn from.
        passages: in the order of document and place.
    """

    records: str
    kinds: tuple[str, ...]
    population: int
    passages: tuple[Passage, ...]


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


def sample_passages(reports: Iterable[Report], n: int, *, records: str, seed: int = 0) -> Passages:
    """Draw running paragraphs at random; the same texts, `n` and seed give the same ones.

    Args:
        reports: in any order, which does not matter; of those with the same text and name one counts.
        n: how many; all of them if there are no more.
        records: what coders will look for: `claims`, `campaigns` or `themes`.
        seed: another seed, another sample.

    Raises:
        UsageError: `n` is less than 1, other `records`, or the reports have no paragraphs.
    """
    if n < 1 or records not in BLIND:
        raise UsageError(f"{n} passages for {records}: draw at least 1, for {', '.join(BLIND)}")
    drawn: dict[str, tuple[bytes, str, int, Passage]] = {}
    themes: set[str] = set()
    for report in reports:
        for at, passage in enumerate(_passages(report, records)):
            chance = sha256(f"{seed} {passage.id}".encode()).digest()
            drawn[passage.id] = (chance, passage.doc, at, passage)
            themes.update(record.kind for record in passage.records)
    if not drawn:
        raise UsageError("the reports have no paragraphs to draw from")
    chosen = sorted(sorted(drawn.values(), key=lambda item: item[0])[:n], key=lambda item: item[1:3])
    return Passages(
        records=records,
        kinds=BLIND[records] or tuple(sorted(themes)),
        population=len(drawn),
        passages=tuple(item[3] for item in chosen),
    )


def _passages(report: Report, records: str) -> Iterator[Passage]:
    document = report.document
    digest = sha256(f"{document.name}\0{document.text}".encode("utf-8", "surrogatepass")).hexdigest()
    whence = head(report)
    for p in report.paragraphs:
        text = document.text[p.start : p.end]
        if p.heading or not text.strip():
            continue
        found = report.claims if records == "claims" else report.campaigns
        spans = [
            Span(
                start=r.start - p.start, end=r.end - p.start, text=document.text[r.start : r.end], kind=r.kind
            )
            for r in (found if records != "themes" else ())
            if r.paragraph == p.index
        ]
        if records == "themes":
            spans = [Span(start=0, end=len(text), text="", kind=t.theme) for t in p.themes[:1]]
        yield Passage(
            id=sha256(f"{digest} {p.start} {p.end}".encode()).hexdigest()[:12],
            doc=str(whence["doc"]),
            year=document.year.value,
            section=" / ".join(p.section),
            text=text,
            sentences=tuple((s - p.start, e - p.start) for s, e in document.sentences(p)),
            records=tuple(spans),
        )


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
        sample: from `sample_passages`.
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
    files = check_sheet(path, coders, separate=separate)
    for file, names in files.items():
        with replacing(file) as stream:
            made = Book(stream)
            instruct(made, made.book.add_worksheet(NOT_CODERS[0]), f"blind_{sample.records}", sample.kinds)
            for coder in names:
                _fill(made, made.book.add_worksheet(coder), sample)
            made.book.worksheets()[1].activate()
            made.book.close()
    answers = answers_of(path)
    with replacing(answers) as stream:
        stream.write(msgspec.json.format(msgspec.json.encode(asdict(sample)), indent=1))
    return [*files, answers]


def _fill(made: Book, sheet: Any, sample: Passages) -> None:  # noqa: ANN401
    columns = [name for name in _COLUMNS if sample.records != "themes" or name != "found"]
    answers = range(columns.index("text") + 1, len(columns))
    last = 2 * len(sample.passages) + 500  # room for rows that coders add
    for number, name in enumerate(columns):
        made.put(sheet, 0, number, name, bold=True, **({"bg_color": "#FFE08A"} if number in answers else {}))
        sheet.set_column(number, number, _WIDTHS[_COLUMNS.index(name)])
    for row, passage in enumerate(sample.passages, start=1):
        for number, name in enumerate(columns):
            how = {"bg_color": "#FFF6D6"} if number in answers else {}
            made.put(sheet, row, number, None if number in answers else getattr(passage, name), **how)
    kinds = columns.index("kind")
    sheet.data_validation(1, kinds, last, kinds, {
        "validate": "list", "source": [*sample.kinds, _NONE], "error_type": "warning",
        "error_title": "kind", "error_message": "Write one of the kinds of the sheet 'instructions'.",
    })  # fmt: skip
    sheet.freeze_panes(1, 1)


def read_blind(paths: Iterable[str | Path], answers: str | Path | None = None) -> BlindCoding:
    """Read filled-in workbooks of `write_blind` back.

    Rows are known by the id of their passage: a coder writes the first record into its row and adds a row
    with the same id for each further one. A sheet without any answer is left out.

    Args:
        paths: the workbooks.
        answers: our answers; by default the file that was written beside the first workbook.

    Raises:
        InputError: a file that is none of these; a passage that nobody drew, or that has no answer; a text
            that does not stand in its passage; another kind. The message names file, sheet and row.
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
    wanted = ["id", "kind", "sure", COMMENT, *(["found"] if sample.records != "themes" else [])]
    if missing := [name for name in wanted if name not in header]:
        raise InputError(f"{where}, row 1: has no column {missing[0]!r}; put the header back")
    passages = {passage.id: passage for passage in sample.passages}
    found: dict[str, list[Span]] = {}
    comments: dict[str, str] = {}
    for number, cells in enumerate(sheet.iter_rows(min_row=2, values_only=True), start=2):
        row = {name: str(cells[header.index(name)] or "").strip() for name in wanted}
        if not any(row.values()):
            continue
        if row["id"] not in passages:
            raise InputError(
                f"{where}, row {number}: {row['id']!r} is the id of no passage; copy that of its own"
            )
        if row[COMMENT]:
            comments[row["id"]] = " ".join(filter(None, (comments.get(row["id"]), row[COMMENT])))
        said = row.get("found") or row["kind"]
        if not said:
            continue
        own = found.setdefault(row["id"], [])
        if said != _NONE:
            own.append(_span(f"{where}, row {number}", row, passages[row["id"]], own, sample))
    if not found:
        return None
    if lost := [key for key in passages if key not in found]:
        raise InputError(
            f"{where}: passage {lost[0]} has no answer; write {_NONE} where there is nothing to find"
        )
    return {key: tuple(sorted(own, key=lambda s: (s.start, s.end))) for key, own in found.items()}, comments


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
