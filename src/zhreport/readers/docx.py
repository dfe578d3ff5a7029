"""Word documents (.docx, .docm, .dotx): their paragraphs and tables as a reader of them sees them."""

import io
import zlib
from collections.abc import Iterator
from typing import Any, Final
from zipfile import BadZipFile

from zhreport.errors import InputError, MissingExtraError
from zhreport.readers.archive import member, open_archive
from zhreport.readers.numbering import Numbering
from zhreport.readers.parts import Extracted, Part

__all__ = ["read_docx"]

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
#: Text of a run by its element.
_SIGNS: Final = {
    f"{_W}tab": "\t",
    f"{_W}br": "\n",
    f"{_W}cr": "\n",
    f"{_W}noBreakHyphen": "-",
}
#: What the reader does not see: tracked deletions, the origin of moved text, the twin of a drawing, phonetic
#: guides. A paragraph of a text box is one of its own.
_UNSEEN: Final = frozenset(
    (f"{_W}del", f"{_W}moveFrom", f"{_W}rt", f"{_W}pPr", f"{_W}rPr", f"{_W}txbxContent", _FALLBACK)
)
_TEXT: Final = frozenset((f"{_W}t", "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"))
_CONTENT: Final = frozenset(f"{_W}{tag}" for tag in ("p", "tbl", "tr", "tc"))
#: What stands around paragraphs and tables and is none itself.
_WRAPPERS: Final = frozenset(
    f"{_W}{tag}" for tag in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag")
)
_AGAIN: Final = "open it in Word or WPS and save it again as .docx"
_DAMAGED: Final = f"a damaged Word document or one of the strict variant; {_AGAIN}"
#: Characters of a cell of data; a longer one is a text laid out by a table, and its paragraphs are lines.
_LONGEST_CELL: Final = 200


def read_docx(data: bytes, name: str) -> Extracted:
    """Read a Word document.

    Args:
        data: the bytes.
        name: what errors call the file.

    Returns:
        A part for every paragraph (`paragraph 3`), row of a table (`table 1 row 2`, tabs between its cells,
        merged cells once) and note (`footnote 1`). Numbers that Word counts itself stand before their
        paragraphs; tracked insertions are in, deletions out; headers and footers are left out.

    Raises:
        InputError: damaged, encrypted or in the strict variant of the format.
        MissingExtraError: python-docx is not installed.
    """
    try:
        import docx.exceptions  # noqa: PLC0415 - an optional extra
        import docx.opc.exceptions  # noqa: PLC0415
        import lxml.etree  # noqa: PLC0415
        from docx.opc.constants import RELATIONSHIP_TYPE as RELATION  # noqa: PLC0415
        from docx.package import Package  # noqa: PLC0415
    except ImportError as error:
        raise MissingExtraError("reading DOCX needs python-docx: pip install 'zhreport[files]'") from error
    try:
        with open_archive(data, name) as archive:
            for path in archive.namelist():
                # no part of the format has a document type; one that declares entities is an attack
                if path.endswith((".xml", ".rels")) and b"<!DOCTYPE" in member(archive, path, name)[:4096]:
                    raise InputError(
                        f"{name}: a Word document with a document type, which none has; {_AGAIN}"
                    )
        package = Package.open(io.BytesIO(data))
        main = package.main_document_part
        roots = [_parse(main.blob)]
        for kind in (RELATION.NUMBERING, RELATION.STYLES, RELATION.FOOTNOTES, RELATION.ENDNOTES):
            related = [r for r in main.rels.values() if r.reltype == kind and not r.is_external]
            roots.append(_parse(related[0].target_part.blob) if related else None)
        # python-docx makes properties up, with the time of day, for a document without
        own = any(r.reltype == RELATION.CORE_PROPERTIES for r in package.rels.values())
        properties = package.core_properties if own else None
        title, author = (properties.title, properties.author) if properties else ("", "")
        created = properties.created if properties else None
    except (
        docx.exceptions.PythonDocxError,
        docx.opc.exceptions.OpcError,
        lxml.etree.LxmlError,
        zlib.error,
        BadZipFile,
        AttributeError,
        EOFError,
        KeyError,
        OSError,
        RuntimeError,
        ValueError,
    ) as error:
        raise InputError(f"{name}: {_DAMAGED}") from error
    return Extracted(
        format="docx",
        parts=tuple(_parts(*roots)),
        title=title.strip(),
        date=created.date().isoformat() if created else "",
        author=author.strip(),
    )


def _parse(blob: bytes) -> Any:  # noqa: ANN401 - an lxml element has no type
    from lxml import etree  # noqa: PLC0415

    return etree.fromstring(blob, etree.XMLParser(resolve_entities=False, no_network=True))


def _parts(root: Any, numbering: Any, styles: Any, footnotes: Any, endnotes: Any) -> Iterator[Part]:  # noqa: ANN401
    _join(root)
    numbers = Numbering(numbering, styles)
    paragraphs = tables = 0
    body = root.find(f"{_W}body")
    for element in _content(body if body is not None else root):
        if element.tag == f"{_W}tbl":
            tables += 1
            for row, text in enumerate(_rows(element, numbers), start=1):
                yield Part(name=f"table {tables} row {row}", text=text)
            continue
        for text in _lines(element, numbers):
            paragraphs += 1
            yield Part(name=f"paragraph {paragraphs}", text=text)
    for kind, notes in (("footnote", footnotes), ("endnote", endnotes)):
        number = 0
        for note in notes.iter(f"{_W}{kind}") if notes is not None else ():
            if note.get(f"{_W}type", "normal") != "normal":  # the line that separates the notes from the page
                continue
            number += 1
            yield Part(name=f"{kind} {number}", text="\n".join(_cell(note, numbers)))


def _join(root: Any) -> None:  # noqa: ANN401
    """Join paragraphs whose mark is a tracked deletion with the ones after them."""
    for paragraph in list(root.iter(f"{_W}p")):
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


def _lines(paragraph: Any, numbers: Numbering) -> Iterator[str]:  # noqa: ANN401
    """The text of a paragraph after its number, then the paragraphs of its text boxes."""
    pieces: list[str] = []
    boxes: list[Any] = []

    def walk(element: Any) -> None:  # noqa: ANN401
        for child in element:
            if child.tag == f"{_W}txbxContent":
                boxes.append(child)
            elif child.tag in _TEXT:
                pieces.append(child.text or "")
            elif child.tag in _SIGNS:
                pieces.append(_SIGNS[child.tag])
            elif child.tag not in _UNSEEN:
                walk(child)

    walk(paragraph)
    text = "".join(pieces).strip()
    label = numbers.label(paragraph)
    # 1. before 5亿元 would be read as 1.5亿元
    gap = " " if label and text and label[-1].isascii() and text[0].isascii() else ""
    yield label + gap + text if text else ""
    for box in boxes:
        yield from _cell(box, numbers)


def _cell(parent: Any, numbers: Numbering) -> list[str]:  # noqa: ANN401
    """The lines of a cell, a text box or a note."""
    lines: list[str] = []
    for element in _content(parent):
        found = _rows(element, numbers) if element.tag == f"{_W}tbl" else _lines(element, numbers)
        lines += [line for line in found if line]
    return lines


def _rows(table: Any, numbers: Numbering) -> Iterator[str]:  # noqa: ANN401
    for row in _content(table):
        if row.find(f"{_W}trPr/{_W}del") is not None:
            continue
        cells = [_cell(cell, numbers) for cell in _content(row) if not _merged(cell)]
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
