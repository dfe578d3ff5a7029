"""Word documents (.docx, .docm, .dotx): their paragraphs and tables as a reader of them sees them."""

import contextlib
import posixpath
import zipfile
from collections.abc import Iterator
from functools import partial
from typing import Any, Final

from zhreport.errors import InputError, MissingExtraError
from zhreport.reading.readers.archive import member, open_archive
from zhreport.reading.readers.bounds import USUAL, Bounds, Limits
from zhreport.reading.readers.extracted import Extracted, Part, iso_date
from zhreport.reading.readers.foreign import foreign, stated
from zhreport.reading.readers.numbering import Numbering
from zhreport.reading.readers.runs import Runs

__all__ = ["read_docx"]

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006/"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_RELATION: Final = f"{{{_PACKAGE}relationships}}Relationship"
_DC: Final = "{http://purl.org/dc/elements/1.1/}"
#: Kinds of relation: of the package to its document and its properties, of the document to further parts.
_DOCUMENT: Final = f"{_OFFICE}officeDocument"
_PROPERTIES: Final = f"{_PACKAGE}relationships/metadata/core-properties"
_FURTHER: Final = tuple(f"{_OFFICE}{part}" for part in ("numbering", "styles", "footnotes", "endnotes"))
_CONTENT: Final = frozenset(f"{_W}{tag}" for tag in ("p", "tbl", "tr", "tc"))
#: What stands around paragraphs and tables and is none itself.
_WRAPPERS: Final = frozenset(
    f"{_W}{tag}" for tag in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag")
)
#: What the numbers and the runs of a document are read by.
_Reading = tuple[Numbering, Runs]
_AGAIN: Final = "open it in Word or WPS and save it again as .docx"
_DAMAGED: Final = "a damaged Word document or one of the strict variant"
#: Characters of a cell of data; a longer one is a text laid out by a table, and its paragraphs are lines.
_LONGEST_CELL: Final = 200


def read_docx(data: bytes, name: str, limits: Limits = USUAL) -> Extracted:
    """Read a Word document.

    Args:
        data: the bytes.
        name: what errors call the file.
        limits: what it may have at most.

    Returns:
        A part for every paragraph (`paragraph 3`), row of a table (`table 1 row 2`, tabs between its cells,
        merged cells once) and note (`footnote 1`). Numbers that Word counts itself stand before their
        paragraphs; tracked insertions are in, deletions and hidden text out; headers and footers are
        left out.

    Raises:
        InputError: damaged, encrypted, in the strict variant of the format, or with more than a limit.
        MissingExtraError: lxml is not installed.
    """
    bounds = Bounds(name, limits)
    with open_archive(data, name, limits) as archive:
        for path in archive.namelist():
            if not path.endswith((".xml", ".rels")):
                continue
            blob = member(archive, path, name)
            bounds.spend("elements", blob.count(b"<") - blob.count(b"</"))
            # no part of the format has a document type; one that declares entities is an attack
            if b"<!DOCTYPE" in blob[:4096]:
                raise InputError(f"{name}: a Word document with a document type, which none has; {_AGAIN}")
        package = _related(archive, "", name)
        if _DOCUMENT not in package:
            raise InputError(f"{name}: {_DAMAGED}; {_AGAIN}")
        parts = _related(archive, package[_DOCUMENT], name)
        roots = [_parse(archive, package[_DOCUMENT], name)]
        roots += [_parse(archive, parts[kind], name) if kind in parts else None for kind in _FURTHER]
        title, date, author = _properties(archive, package.get(_PROPERTIES, ""), name)
    return Extracted(format="docx", parts=tuple(_parts(*roots)), title=title, date=date, author=author)


def _parse(archive: zipfile.ZipFile, path: str, name: str) -> Any:  # noqa: ANN401 - an lxml element has no type
    try:
        from lxml import etree  # noqa: PLC0415 - an optional extra
    except ImportError as error:
        raise MissingExtraError("reading DOCX needs lxml: pip install 'zhreport[files]'") from error
    blob = member(archive, path, name)
    with foreign(f"{name}: {_DAMAGED}", _AGAIN):
        return etree.fromstring(blob, etree.XMLParser(resolve_entities=False, no_network=True))


def _related(archive: zipfile.ZipFile, path: str, name: str) -> dict[str, str]:
    """What a part of the package, "" for the package itself, is related to: kind → path of the first.

    Relations to what is not there, or to nowhere, are passed over: a picture or a theme that is missing is
    no loss to the text.
    """
    folder, _, last = path.rpartition("/")
    place = posixpath.join(folder, "_rels", f"{last}.rels")
    members = frozenset(archive.namelist())
    found: dict[str, str] = {}
    for relation in _parse(archive, place, name).iter(_RELATION) if place in members else ():
        target = posixpath.normpath(posixpath.join("/", folder, relation.get("Target", ""))).lstrip("/")
        if relation.get("TargetMode") != "External" and target in members:
            found.setdefault(relation.get("Type", ""), target)
    return found


def _properties(archive: zipfile.ZipFile, path: str, name: str) -> tuple[str, str, str]:
    """Title, date and author, each "" where it is missing or broken."""
    root = None
    with contextlib.suppress(InputError):
        root = _parse(archive, path, name) if path else None
    if root is None:
        return "", "", ""
    title, created, author = (
        stated(partial(root.findtext, tag))
        for tag in (f"{_DC}title", "{http://purl.org/dc/terms/}created", f"{_DC}creator")
    )
    return title, iso_date(created), author


def _parts(root: Any, numbering: Any, styles: Any, footnotes: Any, endnotes: Any) -> Iterator[Part]:  # noqa: ANN401
    _join(root)
    reading = Numbering(numbering, styles), Runs(styles)
    paragraphs = tables = 0
    body = root.find(f"{_W}body")
    for element in _content(body if body is not None else root):
        if element.tag == f"{_W}tbl":
            tables += 1
            for row, text in enumerate(_rows(element, reading), start=1):
                yield Part(name=f"table {tables} row {row}", text=text)
            continue
        for text in _lines(element, reading):
            paragraphs += 1
            yield Part(name=f"paragraph {paragraphs}", text=text)
    for kind, notes in (("footnote", footnotes), ("endnote", endnotes)):
        number = 0
        for note in notes.iter(f"{_W}{kind}") if notes is not None else ():
            if note.get(f"{_W}type", "normal") != "normal":  # the line that separates the notes from the page
                continue
            number += 1
            yield Part(name=f"{kind} {number}", text="\n".join(_cell(note, reading)))


def _join(root: Any) -> None:  # noqa: ANN401
    """Join paragraphs whose mark is a tracked deletion with the ones after them.

    From the last to the first, so that each paragraph is moved once into one that is whole already.
    """
    for paragraph in reversed(list(root.iter(f"{_W}p"))):
        following = paragraph.getnext()
        mark = paragraph.find(f"{_W}pPr/{_W}rPr/{_W}del")
        if mark is not None and following is not None and following.tag == paragraph.tag:
            at = 1 if following.find(f"{_W}pPr") is not None else 0
            following[at:at] = [child for child in paragraph if child.tag != f"{_W}pPr"]
            paragraph.getparent().remove(paragraph)


def _content(parent: Any) -> Iterator[Any]:  # noqa: ANN401
    """Paragraphs, tables, rows or cells of an element in order, whatever content control they stand in."""
    for child in parent:
        if child.tag in _WRAPPERS:
            yield from _content(child)
        elif child.tag in _CONTENT:
            yield child


def _lines(paragraph: Any, reading: _Reading) -> Iterator[str]:  # noqa: ANN401
    """The text of a paragraph after its number, then the paragraphs of its text boxes."""
    numbers, runs = reading
    text, boxes = runs.text(paragraph)
    text, label = text.strip(), numbers.label(paragraph)
    # 1. before 5亿元 would be read as 1.5亿元, 1 as 15亿元
    gap = " " if label and text and label[-1].isascii() and text[0].isascii() else ""
    gap = "、" if gap and label[-1].isdigit() and text[0].isdigit() else gap
    yield label + gap + text if text else ""
    for box in boxes:
        yield from _cell(box, reading)


def _cell(parent: Any, reading: _Reading) -> list[str]:  # noqa: ANN401
    """The lines of a cell, a text box or a note."""
    lines: list[str] = []
    for element in _content(parent):
        found = _rows(element, reading) if element.tag == f"{_W}tbl" else _lines(element, reading)
        lines += [line for line in found if line]
    return lines


def _rows(table: Any, reading: _Reading) -> Iterator[str]:  # noqa: ANN401
    for row in _content(table):
        if row.find(f"{_W}trPr/{_W}del") is not None:
            continue
        cells = [_cell(cell, reading) for cell in _content(row) if not _merged(cell)]
        if any(sum(map(len, lines)) > _LONGEST_CELL for lines in cells):
            yield "\n".join(line for lines in cells for line in lines)
        else:
            yield "\t".join(" ".join(lines) for lines in cells).strip()


def _merged(cell: Any) -> bool:  # noqa: ANN401
    """The cell is the continuation of the one above or before it, which has the text."""
    for tag in ("vMerge", "hMerge"):
        merge = cell.find(f"{_W}tcPr/{_W}{tag}")
        if merge is not None and merge.get(f"{_W}val", "continue") == "continue":
            return True
    return False
