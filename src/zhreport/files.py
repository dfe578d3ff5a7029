"""Reading: files to documents, cleaned, with the way back to the source."""

import os
import stat
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from itertools import takewhile
from pathlib import Path
from typing import IO, Final

from zhreport.document import Document, joined, make_document
from zhreport.errors import InputError, UsageError, one_line
from zhreport.quantities import Scanner
from zhreport.reading import cleaning
from zhreport.reading.mapping import MappedText, Sources
from zhreport.reading.readers import (
    ENDINGS,
    TABLE_ENDINGS,
    TABLES,
    USUAL,
    Bounds,
    Extracted,
    Limits,
    Part,
    Row,
    decode,
    detect,
    extract,
    rows,
)
from zhreport.reading.repair import Join
from zhreport.timeframe import check_genre, check_year
from zhreport.words.folding import fold
from zhreport.words.lexicon import default_lexicon

__all__ = [
    "REPAIRS",
    "Limits",
    "Reading",
    "decode",
    "find_files",
    "find_inputs",
    "of_row",
    "passed_over",
    "read",
    "read_one",
    "read_table",
    "shown_path",
    "table_kind",
    "table_rows",
]

#: Nanoseconds that two changes of a file may be apart and have the same time; FAT counts by two seconds.
_TICK: Final = 2_000_000_000


def read_bytes(path: Path, largest: int = USUAL.bytes) -> bytes:
    """The bytes of a file of at most `largest`.

    Raises:
        InputError: it is missing, a folder, unreadable, too large, or changed while it was read.
    """
    try:
        with path.open("rb") as stream:
            before = os.fstat(stream.fileno())
            data = stream.read(largest + 1) if before.st_size <= largest else b""
            after = os.fstat(stream.fileno())
            same = not stat.S_ISREG(after.st_mode) or _is_same(stream, data, before, after)
    except (FileNotFoundError, ValueError) as error:  # no name has a null character
        raise InputError(f"{shown_path(path)}: no such file; check the path") from error
    except IsADirectoryError as error:
        raise InputError(f"{shown_path(path)}: a folder, not a file; name a file in it") from error
    except OSError as error:
        raise InputError(
            f"{shown_path(path)}: cannot be read ({error.strerror}); check its permissions"
        ) from error
    size = max(before.st_size, len(data))
    if size > largest:
        raise InputError(
            f"{shown_path(path)}: {size / 2**20:.0f} MB, more than "
            f"the {largest // 2**20} MB of one report; split it, or allow more "
            "(--limit bytes=N, Limits(bytes=N))"
        )
    if not same:
        raise InputError(
            f"{shown_path(path)}: changed while it was being read; run again when it is complete"
        )
    return data


def _is_same(stream: IO[bytes], data: bytes, before: os.stat_result, after: os.stat_result) -> bool:
    """Is a file what it was before it was read?

    Its time tells, unless it was written just now: then the clock may not have moved on between two changes,
    and it is read again.
    """
    if (before.st_size, before.st_mtime_ns) != (len(data), after.st_mtime_ns):
        return False
    if time.time_ns() - after.st_mtime_ns > _TICK:
        return True
    stream.seek(0)
    return sha256(stream.read(len(data) + 1)).digest() == sha256(data).digest()


def shown_path(path: Path) -> str:
    """A path that can be printed, whatever bytes its name has."""
    return os.fsencode(path).decode("utf-8", "replace")


#: What may be done about a broken reading order.
REPAIRS: Final = ("suggest", "join")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How files are read.

    Attributes:
        encoding: of text, HTML, CSV and TSV; detected if empty.
        errors: `strict`, or `replace` to replace bytes that do not fit with U+FFFD.
        clean: remove what pages and screens added: page numbers, running headers, buttons, hard line
            breaks, spaces beside figures.
        repair: `suggest` leaves the text in its order, `join` puts paragraphs together that break off and
            certainly go on elsewhere.
        text_column: the column of the text, in tables; found by its name if empty.
        genre: of the reports (`政府工作报告`, `press`); overrides every other source. Found if empty.
        reviewed: the year that the reports look back on; overrides every other source. Found if None.
        limits: how much a file may have; one with more is refused.

    Raises:
        UsageError: an unknown way to repair, an unknown genre, or a year out of range.
    """

    encoding: str = ""
    errors: str = "strict"
    clean: bool = True
    repair: str = "suggest"
    text_column: str = ""
    genre: str = ""
    reviewed: int | None = None
    limits: Limits = USUAL

    def __post_init__(self) -> None:
        check_genre(self.genre)
        check_year(self.reviewed)
        if self.repair not in REPAIRS:
            raise UsageError(f"unknown repair {self.repair!r}: use {' or '.join(REPAIRS)}")


_USUAL: Final = Reading()


def read(
    path: str | Path,
    *,
    year: int | None = None,
    metadata_year: int | None = None,
    metadata: Mapping[str, str] | None = None,
    encoding: str = "",
    errors: str = "strict",
    clean: bool = True,
    repair: str = "suggest",
    genre: str = "",
    reviewed: int | None = None,
    limits: Limits = USUAL,
) -> Document:
    """Read one report: text, Markdown, HTML, DOCX, PDF (with a text layer) or OFD, told by its content.

    DOC, WPS and RTF files are read if LibreOffice is installed; each takes a second or two.

    Args:
        path: the file.
        year: the report's year; overrides what is found.
        metadata_year: the year from a metadata table.
        metadata: the row of a metadata table; `document.metadata` takes title, date, region… from it.
        encoding: of text and HTML; detected if empty: byte order mark, else strict UTF-8, GB18030 or Big5.
        errors: `strict`, or `replace` to replace bytes that do not fit with U+FFFD.
        clean: remove what pages and screens added: page numbers, running headers, buttons, hard line
            breaks, spaces beside figures. `document.source_spans` leads back to the source.
        repair: what to do where paragraphs break off in mid-sentence, as on newspaper pages whose columns
            were put together in the wrong order: `suggest` leaves the text as it is (see `document.breaks`
            and `document.joins`), `join` puts together what certainly belongs together.
        genre: what the report is; overrides every other source. A genre (`政府工作报告`, `统计公报`…) or a
            kind (`government`, `plan`, `summary`, `overview`, `bulletin`, `press`, `other`). It decides
            which year is reviewed and which is planned if the title does not say.
        reviewed: the year that it looks back on; overrides every other source.
        limits: how much the file may have, see `Limits`.

    Returns:
        The document; its name is the file name without its ending, its `file` the path as given.

    Raises:
        InputError: the file is missing, unreadable, empty, too large, damaged, of another format, a scan
            without text, or undecodable; it changed while it was being read; or it needs LibreOffice, which
            is not installed.
        MissingExtraError: the library for its format is not installed.
        UsageError: a year out of range, or an unknown genre, encoding or way to repair.
    """
    reading = Reading(
        encoding=encoding,
        errors=errors,
        clean=clean,
        repair=repair,
        genre=genre,
        reviewed=reviewed,
        limits=limits,
    )
    return read_one(Path(path), reading, year=year, metadata_year=metadata_year, metadata=metadata)


def read_one(
    path: Path,
    reading: Reading,
    *,
    year: int | None = None,
    metadata_year: int | None = None,
    metadata: Mapping[str, str] | None = None,
    doc: str = "",
    file: str = "",
) -> Document:
    """Read one report as `reading` says; see `read`, and `make_document` for `doc` and `file`."""
    shown = shown_path(path)
    limits = reading.limits
    extracted = extract(
        read_bytes(path, limits.bytes), shown, encoding=reading.encoding, errors=reading.errors, limits=limits
    )
    return _document(
        extracted,
        shown_path(Path(path.stem)),
        shown,
        reading,
        Bounds(shown, limits),
        year=year,
        metadata_year=metadata_year,
        metadata=metadata,
        doc=doc,
        file=file or shown_path(path).replace(os.sep, "/"),
    )


def read_table(path: str | Path, *, year: int | None = None, reading: Reading = _USUAL) -> Iterator[Document]:
    """Read a report from each row of a table: JSON Lines, CSV, TSV, Parquet, Excel or Stata with texts.

    Args:
        path: the table.
        year: of all reports; otherwise that of the column `year`, or what is found in each text.
        reading: how it is read.

    Raises:
        InputError: not a table, no column of texts (the message lists the columns), or a bad line.
        MissingExtraError: pyarrow is not installed, for Parquet; openpyxl for Excel, pandas for Stata.
    """
    path = Path(path)
    kind = table_kind(path)
    if not kind:
        raise InputError(
            f"{shown_path(path)}: not a table; name a .csv, .tsv, .jsonl, .parquet, .xlsx or .dta file"
        )
    for row in table_rows(path, kind, reading):
        yield of_row(path, row, year=year, reading=reading)


def table_rows(path: Path, kind: str, reading: Reading = _USUAL) -> Iterator[Row]:
    """The rows of a table that hold a text."""
    return rows(path, kind, text_column=reading.text_column, encoding=reading.encoding, limits=reading.limits)


def of_row(
    path: Path,
    row: Row,
    *,
    year: int | None = None,
    metadata_year: int | None = None,
    metadata: Mapping[str, str] | None = None,
    reading: Reading = _USUAL,
    doc: str = "",
    file: str = "",
) -> Document:
    """The document of a row of a table; what a metadata table says goes before the table itself."""
    bounds = Bounds(f"{shown_path(path)}#{row.number}", reading.limits)
    bounds.check("characters", len(row.text))
    extracted = Extracted(format="text", parts=(Part(name=f"row {row.number}", text=row.text),))
    shown = shown_path(path)
    return _document(
        extracted,
        row.name,
        shown,
        reading,
        bounds,
        year=year,
        metadata_year=row.year if metadata_year is None else metadata_year,
        metadata={**row.extra, **(metadata or {})},
        doc=doc,
        file=file or f"{shown.replace(os.sep, '/')}#{row.number}",
    )


def table_kind(path: Path) -> str:
    """The kind of a table, "" for a file that is one document or cannot be read."""
    if not path.is_file():  # what is looked at in a pipe is gone
        return ""
    if kind := TABLE_ENDINGS.get(path.suffix.lower()):
        return kind
    try:
        with path.open("rb") as stream:
            start = stream.read(4)
    except OSError:
        return ""
    if start == b"PAR1":
        return "parquet"
    if start.removeprefix(b"\xef\xbb\xbf")[:1] != b"{":
        return ""
    try:
        found = detect(read_bytes(path), shown_path(path))
    except InputError:
        return ""
    return found if found in TABLES else ""


def _document(
    extracted: Extracted,
    name: str,
    shown: str,
    reading: Reading,
    bounds: Bounds,
    *,
    year: int | None,
    metadata_year: int | None,
    metadata: Mapping[str, str] | None,
    doc: str,
    file: str,
) -> Document:
    """Clean a text and make a document of it."""
    sources = Sources([(part.name, part.text) for part in extracted.parts])
    _weigh(sources.text, bounds)
    mapped, cleaned = MappedText(sources.text), tuple[str, ...]()
    if reading.clean:
        pages = sources.starts if extracted.paged else ()
        mapped, cleaned = cleaning.clean(sources.text, pages, extracted.format)
    joins, joints = tuple[Join, ...](), tuple[int, ...]()
    if reading.repair == "join":
        mapped, joins, joints = joined(mapped)
    properties = {"title": extracted.title, "date": extracted.date, "author": extracted.author}
    return make_document(
        mapped.text,
        name=name,
        year=year,
        metadata_year=metadata_year,
        genre=reading.genre,
        reviewed=reading.reviewed,
        doc=doc,
        file=file,
        source=shown,
        encoding=extracted.encoding,
        form=extracted.format,
        cleaned=cleaned,
        joined=joins,
        joints=joints,
        mapped=mapped,
        sources=sources,
        table=metadata,
        properties={key: value for key, value in properties.items() if value},
    )


def _weigh(text: str, bounds: Bounds) -> None:
    """See what a text costs to clean and analyze, before it does; characters alone do not tell.

    Raises:
        InputError: it has more lines or figures than the limits allow.
    """
    limits = bounds.limits
    if len(text) > min(limits.lines, limits.figures):  # each has a character of its own
        bounds.check("lines", sum(map(bool, map(str.strip, text.split("\n")))))
        bounds.check("figures", _scanner().count(fold(text), limits.figures))


@cache
def _scanner() -> Scanner:
    return Scanner(default_lexicon())


def find_files(patterns: list[str]) -> tuple[list[Path], list[str]]:
    """Files for paths, folders and globs, as `find_inputs` without the folders that they are seen from."""
    found, errors = find_inputs(patterns)
    return [file for file, _ in found], errors


def find_inputs(patterns: list[str]) -> tuple[list[tuple[Path, Path]], list[str]]:
    """Files for paths, folders and globs, each once however it is named, folders with their subfolders.

    Two ways to write a path are one file; a link and what it leads to are two.

    Returns:
        The files in the order given (those of a folder or glob sorted by name), each with the folder that it
        is seen from: the one given, that before the first sign of a glob, or that of a file named by itself;
        and an error line for every pattern that names nothing.
    """
    files: dict[Path, tuple[Path, Path]] = {}
    errors: list[str] = []
    for pattern in patterns:
        try:
            found = _found(pattern)
        except InputError as error:
            errors.append(str(error))
        except (OSError, ValueError) as error:  # too long a name, a folder that is closed, `**` in a name
            why = getattr(error, "strerror", None) or error
            errors.append(one_line(f"{pattern}: cannot be looked for ({why}); check the path"))
        else:
            root = _root(pattern)
            for file in found:
                files.setdefault(file.parent.resolve() / file.name, (file, root))
    return list(files.values()), errors


def passed_over(patterns: Iterable[str], apart: Iterable[Path] = ()) -> dict[str, int]:
    """How often each ending stands in the folders given, of files that `find_inputs` does not look for.

    Args:
        patterns: paths, folders and globs.
        apart: files that are not counted.
    """
    own = {path.resolve() for path in apart}
    files = {
        found.resolve()
        for pattern in patterns
        if Path(pattern).is_dir()
        for found in Path(pattern).rglob("*")
        if found.suffix.lower() not in ENDINGS and found.is_file()
    }
    return dict(Counter(path.suffix.lower() or "without ending" for path in files - own))


def _root(pattern: str) -> Path:
    """The folder that the files of a pattern are seen from."""
    path = Path(pattern)
    if path.is_dir():
        return path
    if path.exists():
        return path.parent
    fixed = takewhile(lambda part: not any(c in part for c in "*?["), path.parts)
    return Path(*fixed)


def _found(pattern: str) -> list[Path]:
    path = Path(pattern)
    if path.is_dir():
        found = sorted(p for p in path.rglob("*") if p.suffix.lower() in ENDINGS and p.is_file())
        if not found:
            raise InputError(
                f"{path}: a folder without reports; looked for {', '.join('*' + e for e in ENDINGS)}"
            )
    elif path.exists():
        found = [path]
    elif any(c in pattern for c in "*?["):
        root = Path(path.anchor) if path.is_absolute() else Path()
        found = sorted(
            p for p in root.glob(str(path.relative_to(root) if path.anchor else path)) if p.is_file()
        )
        if not found:
            raise InputError(f"{pattern}: no file matches; check the pattern")
    else:
        raise InputError(f"{pattern}: no such file; check the path")
    return found
