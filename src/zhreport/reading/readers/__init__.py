"""Readers: the bytes of a file to the text of its parts, whatever its format."""

from typing import Final

from zhreport.errors import InputError
from zhreport.reading.readers.bounds import USUAL, Bounds, Limits
from zhreport.reading.readers.detect import TABLE_ENDINGS, TABLES, detect
from zhreport.reading.readers.encodings import decode
from zhreport.reading.readers.extracted import Extracted, Part
from zhreport.reading.readers.table_rows import Row, records, rows

__all__ = [
    "ENDINGS",
    "TABLES",
    "TABLE_ENDINGS",
    "USUAL",
    "Bounds",
    "Extracted",
    "Limits",
    "Part",
    "Row",
    "decode",
    "detect",
    "extract",
    "records",
    "rows",
]

#: Endings that a folder is searched for; a file named by the caller may have any.
ENDINGS: Final = (
    ".txt", ".text", ".md", ".markdown", ".html", ".htm", ".docx", ".docm", ".doc", ".wps", ".rtf", ".pdf",
    ".ofd",
)  # fmt: skip

_WIDEST: Final = 4  # bytes of a character in any encoding


def extract(
    data: bytes, name: str, *, encoding: str = "", errors: str = "strict", limits: Limits = USUAL
) -> Extracted:
    """Extract the text of a document; its kind is found by its content.

    Args:
        data: the bytes of a text, Markdown, HTML, DOCX, PDF or OFD file; of a DOC, WPS or RTF file where
            LibreOffice is installed.
        name: its name or path; errors name it, and its ending tells Markdown from plain text.
        encoding: of text and HTML; "" has it found.
        errors: `strict`, or `replace` to put U+FFFD for bytes of text and HTML that do not fit.
        limits: what the file may have at most.

    Raises:
        InputError: another format, a damaged or empty file, bytes that no encoding fits, or more than it
            may have.
        MissingExtraError: the library for this format is not installed.
        UsageError: no such encoding.
    """
    bounds = Bounds(name, limits)
    kind = detect(data, name)
    if kind in TABLES:
        raise InputError(
            f"{name}: a table ({kind}) with a document in each row; let its name end in .{kind}, "
            "or read it with read_table"
        )
    if kind == "html":
        from zhreport.reading.readers.html import read_html  # noqa: PLC0415 - readers are imported when needed

        extracted = read_html(data, name, encoding=encoding, errors=errors, limits=limits)
    elif kind == "docx":
        from zhreport.reading.readers.docx import read_docx  # noqa: PLC0415

        extracted = read_docx(data, name, limits)
    elif kind in ("doc", "rtf"):
        from zhreport.reading.readers.office import read_office  # noqa: PLC0415

        extracted = read_office(data, name, kind, limits)
    elif kind == "pdf":
        from zhreport.reading.readers.confined import read_confined  # noqa: PLC0415

        extracted = read_confined(data, name, limits)
    elif kind == "ofd":
        from zhreport.reading.readers.ofd import read_ofd  # noqa: PLC0415

        extracted = read_ofd(data, name, limits)
    else:
        bounds.check("characters", len(data) // _WIDEST)  # before they are decoded
        text, found = decode(data, name, encoding=encoding, errors=errors)
        extracted = Extracted(format=kind, parts=(Part(name="", text=text),), encoding=found)
    bounds.spend("characters", sum(len(part.text) for part in extracted.parts))
    if not any(part.text.strip() for part in extracted.parts):
        raise InputError(f"{name}: an empty file; there is nothing to extract")
    return extracted
