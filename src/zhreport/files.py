"""Reading: files to documents, with the encoding found by strict decoding."""

import codecs
import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import regex

from zhreport.cleaning import clean as _clean
from zhreport.document import Document, make_document
from zhreport.errors import InputError
from zhreport.mapping import MappedText, Sources

__all__ = ["decode", "find_files", "read"]

#: Endings that a folder is searched for; a file named by the caller may have any.
TEXT_ENDINGS: Final = (".txt", ".md", ".text")

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL: Final = regex.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def decode(data: bytes, name: str) -> tuple[str, str]:
    """Decode the bytes of a text file: by byte order mark, else strict UTF-8, else strict GB18030.

    Args:
        data: the bytes.
        name: what the error calls the file.

    Returns:
        The text and the encoding used.

    Raises:
        InputError: the bytes are no text in any of these encodings.

    >>> decode("增长8%".encode("gb18030"), "a.txt")
    ('增长8%', 'gb18030')
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            try:
                return data.decode(encoding), encoding
            except UnicodeDecodeError as error:
                raise InputError(
                    f"{name}: its byte order mark says {encoding}, but byte {error.start} does not fit; "
                    "save it again as UTF-8"
                ) from error
    if b"\x00" in data[:8192]:
        raise InputError(f"{name}: a binary file, not text; convert it to a UTF-8 text file first")
    failed = 0
    for encoding in ("utf-8", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError as error:
            failed = max(failed, error.start)
            continue
        if len(_CONTROL.findall(text[:8192])) > len(text[:8192]) // 200:
            raise InputError(f"{name}: a binary file, not text; convert it to a UTF-8 text file first")
        return text, encoding
    raise InputError(
        f"{name}: neither UTF-8 nor GB18030 (byte {failed} does not fit); save it again as UTF-8"
    )


#: Bytes of the largest file that is read: a long report has a megabyte, a scanned one some tens.
LARGEST: Final = 64 * 2**20


def read_bytes(path: Path) -> bytes:
    """The bytes of a file.

    Raises:
        InputError: it is missing, a folder, unreadable, too large, or changed while it was read.
    """
    try:
        with path.open("rb") as stream:
            before = os.fstat(stream.fileno())
            if before.st_size > LARGEST:
                raise InputError(
                    f"{_shown(path)}: {before.st_size / 2**20:.0f} MB, more than "
                    f"the {LARGEST // 2**20} MB of one report; split it"
                )
            data = stream.read(LARGEST + 1)
            after = os.fstat(stream.fileno())
    except FileNotFoundError as error:
        raise InputError(f"{_shown(path)}: no such file; check the path") from error
    except IsADirectoryError as error:
        raise InputError(f"{_shown(path)}: a folder, not a file") from error
    except OSError as error:
        raise InputError(
            f"{_shown(path)}: cannot be read ({error.strerror}); check its permissions"
        ) from error
    same = (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)
    if not same or len(data) != after.st_size and stat.S_ISREG(after.st_mode):
        raise InputError(f"{_shown(path)}: it changed while it was read; run again when it is complete")
    return data


def _shown(path: Path) -> str:
    """A path that can be printed, whatever bytes its name has."""
    return os.fsencode(path).decode("utf-8", "replace")


def read(
    path: str | Path,
    *,
    year: int | None = None,
    metadata_year: int | None = None,
    metadata: Mapping[str, str] | None = None,
    clean: bool = True,
) -> Document:
    """Read one report.

    Args:
        path: a text file, UTF-8 (with or without byte order mark), UTF-16 with one, or GB18030.
        year: the report's year; overrides what is found.
        metadata_year: the year from a metadata table.
        metadata: the row of a metadata table; `document.metadata` takes title, date, region… from it.
        clean: take out what pages and screens added: page numbers, running headers, buttons, hard line
            breaks, spaces between Chinese characters. `document.source_spans` leads back.

    Returns:
        The document; its name is the file name without ending.

    Raises:
        InputError: the file is missing, unreadable, empty, too large, binary or undecodable, or it changed
            while it was read.
        UsageError: a year out of range.
    """
    path = Path(path)
    shown = _shown(path)
    text, encoding = decode(read_bytes(path), shown)
    if not text.strip():
        raise InputError(f"{shown}: an empty file; there is nothing to extract")
    sources = Sources([("", text)])
    mapped, cleaned = MappedText(text), tuple[str, ...]()
    if clean:
        mapped, cleaned = _clean(
            text, (), "markdown" if path.suffix.lower() in (".md", ".markdown") else "text"
        )
    return make_document(
        mapped.text,
        name=_shown(Path(path.stem)),
        year=year,
        metadata_year=metadata_year,
        source=shown,
        encoding=encoding,
        cleaned=cleaned,
        mapped=mapped,
        sources=sources,
        table=metadata,
    )


def find_files(patterns: list[str]) -> tuple[list[Path], list[str]]:
    """Files for paths, folders and globs, each once, folders searched with their subfolders.

    Returns:
        The files in the order given (those of a folder or glob sorted by name), and an error
        line for every pattern that names nothing.
    """
    files: dict[Path, None] = {}
    errors: list[str] = []
    for pattern in patterns:
        path = Path(pattern)
        if path.is_dir():
            found = sorted(p for p in path.rglob("*") if p.suffix.lower() in TEXT_ENDINGS and p.is_file())
            if not found:
                errors.append(
                    f"{path}: a folder without reports; looked for {', '.join('*' + e for e in TEXT_ENDINGS)}"
                )
        elif path.exists():
            found = [path]
        elif any(c in pattern for c in "*?["):
            root = Path(path.anchor) if path.is_absolute() else Path()
            found = sorted(
                p for p in root.glob(str(path.relative_to(root) if path.anchor else path)) if p.is_file()
            )
            if not found:
                errors.append(f"{pattern}: no file matches; check the pattern")
        else:
            found = []
            errors.append(f"{pattern}: no such file; check the path")
        files.update(dict.fromkeys(found))
    return list(files), errors
