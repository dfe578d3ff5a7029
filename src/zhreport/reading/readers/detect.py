"""Detection: what a file is, by its content; the ending only tells kinds of text apart."""

import codecs
from pathlib import PurePath
from typing import Final

import regex

from zhreport.errors import InputError

__all__ = ["TABLES", "TABLE_ENDINGS", "detect"]

#: Endings of files with a document in each row → what they are.
TABLE_ENDINGS: Final = {
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".tsv": "tsv", ".tab": "tsv", ".parquet": "parquet",
    ".xlsx": "xlsx", ".xlsm": "xlsx", ".dta": "dta",
}  # fmt: skip
TABLES: Final = tuple(dict.fromkeys(TABLE_ENDINGS.values()))

_OLE2: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HTML_ENDINGS: Final = (".html", ".htm", ".xhtml", ".shtml")
_MARKDOWN_ENDINGS: Final = (".md", ".markdown")
_PAGE: Final = regex.compile(
    r"\s*+(?:<\?xml[^>]*+>\s*+|<!--(?s:.*?)-->\s*+)*+<(?:!doctype\s+html|html|head|body)\b", regex.IGNORECASE
)
_TAG: Final = regex.compile(
    r"</?(?:div|p|span|table|br|h[1-6]|article|section|meta|title)\b", regex.IGNORECASE
)
_ARCHIVE: Final = regex.compile(r"(?im)^content-type:\s*+multipart/related\b")
#: Streams of an OLE2 container, as their names stand in it, and what they make it; "" for what is read.
_STREAMS: Final = (
    ("EncryptedPackage", "an Office file with a password; open it, remove the password and save it again"),
    ("WordDocument", ""),
    ("Workbook", "an old Excel workbook (.xls); save it as .xlsx"),
    ("PowerPoint Document", "an old PowerPoint file (.ppt); save its text as .txt"),
)
#: First bytes of other formats, and the remedy.
_MAGIC: Final = (
    (b"\x89PNG\r\n", "an image (PNG); recognise its text (OCR) first"),
    (b"\xff\xd8\xff", "an image (JPEG); recognise its text (OCR) first"),
    (b"GIF8", "an image (GIF); recognise its text (OCR) first"),
    (b"II*\x00", "an image (TIFF); recognise its text (OCR) first"),
    (b"MM\x00*", "an image (TIFF); recognise its text (OCR) first"),
    (b"Rar!\x1a\x07", "a RAR archive; unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive; unpack it first"),
    (b"\x1f\x8b\x08", "a file packed by gzip; unpack it first"),
)
#: Members of a ZIP container by their beginnings, and the remedy.
_MEMBERS: Final = (
    ("ppt/", "a PowerPoint file (.pptx); save its text as .txt"),
    ("META-INF/container.xml", "an e-book (EPUB); save its text as .txt"),
    ("content.xml", "an OpenDocument file (.odt, .ods); save it as .docx, a sheet as CSV"),
)


def detect(data: bytes, name: str) -> str:
    """The kind of a file.

    Args:
        data: its bytes.
        name: its name or path: errors name it, and its ending tells Markdown, CSV and TSV from plain text.

    Returns:
        `text`, `markdown`, `html`, `docx`, `doc` (also of WPS), `rtf`, `pdf`, `ofd`, `jsonl`, `csv`, `tsv`,
        `parquet`, `xlsx` or `dta`.

    Raises:
        InputError: an empty file or another format; the message names the format and the remedy.

    >>> detect(b"%PDF-1.7 ...", "a.txt"), detect(b"text", "a.md"), detect(b'{"text": "x"}', "a")
    ('pdf', 'markdown', 'jsonl')
    """
    if not data.strip():
        raise InputError(f"{name}: an empty file; there is nothing to extract")
    if data.startswith(_OLE2):
        return _ole2(data, name)
    if data.startswith(b"PK\x03\x04"):
        return _container(data, name)
    if data.startswith(b"PAR1") and data.endswith(b"PAR1"):
        return "parquet"
    if data.startswith(b"{\\rtf"):
        return "rtf"
    if data.startswith(b"<stata_dta>"):
        return "dta"
    if data[:1024].lstrip().startswith(b"%PDF-") or b"%PDF-" in data[:1024] and b"%%EOF" in data[-2048:]:
        return "pdf"
    for magic, remedy in _MAGIC:
        if data.startswith(magic):
            raise InputError(f"{name}: {remedy}")
    return _text(data, name)


def _ole2(data: bytes, name: str) -> str:
    other = "an old Office or WPS file (OLE2); save it as .docx"
    remedy = next((remedy for stream, remedy in _STREAMS if stream.encode("utf-16-le") in data), other)
    if remedy:
        raise InputError(f"{name}: {remedy}")
    return "doc"


def _container(data: bytes, name: str) -> str:
    from zhreport.reading.readers.archive import open_archive  # noqa: PLC0415 - only for containers

    with open_archive(data, name) as archive:
        members = archive.namelist()
    if "OFD.xml" in members:
        return "ofd"
    for start, kind in (("word/", "docx"), ("xl/", "xlsx")):
        if any(member.startswith(start) for member in members):
            return kind
    for start, remedy in _MEMBERS:
        if any(member.startswith(start) for member in members):
            raise InputError(f"{name}: {remedy}")
    raise InputError(f"{name}: a ZIP archive; unpack it first")


def _text(data: bytes, name: str) -> str:
    ending = PurePath(name).suffix.lower()
    head = _head(data)
    if ending in (".mht", ".mhtml") or _ARCHIVE.search(head):
        raise InputError(f"{name}: a web archive; save the page as HTML")
    if not head and b"\x00" in data[:8192]:
        raise InputError(f"{name}: a binary file, not text; convert it to a UTF-8 text file first")
    if _PAGE.match(head) or (ending in _HTML_ENDINGS and _TAG.search(head)):
        return "html"
    if head.lstrip().startswith("<?xml"):
        raise InputError(f"{name}: an XML file; open it in Word or WPS and save it as .docx")
    if ending in _MARKDOWN_ENDINGS:
        return "markdown"
    if TABLE_ENDINGS.get(ending) in ("jsonl", "csv", "tsv"):  # the others are known by their first bytes
        return TABLE_ENDINGS[ending]
    line = head.lstrip().partition("\n")[0].strip()
    if line.startswith("{") and _is_object(line):
        return "jsonl"
    if ending == ".json":
        raise InputError(f"{name}: JSON that is not one object a line; write it as JSON Lines (.jsonl)")
    return "text"


def _head(data: bytes) -> str:
    """The first characters, with every byte outside of ASCII as some character; "" for bytes with NUL."""
    start = data.removeprefix(codecs.BOM_UTF8)[:8192]
    for mark, encoding in (
        (codecs.BOM_UTF32_LE, "utf-32"),
        (codecs.BOM_UTF32_BE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return start.decode(encoding, "replace")
    return "" if b"\x00" in start else start.decode("latin-1")


def _is_object(line: str) -> bool:
    """The first line is a JSON object; one longer than what was looked at is read as far as its end."""
    if len(line) >= 8000:
        return bool(regex.match(r'\{\s*+"[^"]++"\s*+:', line))
    import msgspec  # noqa: PLC0415 - slow to load, and few files need it

    try:
        return isinstance(msgspec.json.decode(line.encode("latin-1", "replace")), dict)
    except (msgspec.DecodeError, UnicodeError):
        return False
