"""Reading: files to documents, with the encoding found by strict decoding."""

import codecs
from pathlib import Path
from typing import Final

import regex

from zhreport.document import Document, make_document
from zhreport.errors import InputError

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


def read(path: str | Path, *, year: int | None = None, metadata_year: int | None = None) -> Document:
    """Read one report.

    Args:
        path: a text file, UTF-8 (with or without byte order mark), UTF-16 with one, or GB18030.
        year: the report's year; overrides what is found.
        metadata_year: the year from a metadata table.

    Returns:
        The document; its name is the file name without ending.

    Raises:
        InputError: the file is missing, unreadable, empty, binary or undecodable.
        UsageError: a year out of range.
    """
    path = Path(path)
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise InputError(f"{path}: no such file; check the path") from error
    except IsADirectoryError as error:
        raise InputError(f"{path}: a folder, not a file") from error
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); check its permissions") from error
    text, encoding = decode(data, str(path))
    if not text.strip():
        raise InputError(f"{path}: an empty file; there is nothing to extract")
    return make_document(
        text,
        name=path.stem,
        year=year,
        metadata_year=metadata_year,
        source=str(path),
        encoding=encoding,
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
