"""OFD files: the Chinese national format for fixed pages, GB/T 33190-2016.

An archive of XML: `OFD.xml` names documents, these name their pages and templates, and a page holds text
objects with the places of their characters.
"""

import math
import posixpath
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING

from zhreport.errors import InputError, MissingExtraError
from zhreport.reading.readers.archive import member, open_archive
from zhreport.reading.readers.bounds import USUAL, Bounds, Limits
from zhreport.reading.readers.extracted import Extracted, Part, iso_date
from zhreport.reading.readers.foreign import foreign
from zhreport.reading.readers.layout import Block, Glyph, is_wide, page_blocks, page_texts
from zhreport.words.folding import plain_sign

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

__all__ = ["read_ofd"]


def read_ofd(data: bytes, name: str, limits: Limits = USUAL) -> Extracted:
    """Read the text of an OFD file.

    Args:
        data: the bytes of the file.
        name: what the errors call the file.
        limits: what it may have at most.

    Returns:
        A part for each page of each document in the file, as `read_pdf` gives them.

    Raises:
        InputError: the file is broken or encrypted, has more than a limit, declares XML entities or
            has no text.
        MissingExtraError: defusedxml is not installed.
    """
    bounds = Bounds(name, limits)
    with open_archive(data, name, limits) as archive:
        root = _xml(archive, "OFD.xml", bounds)
        pages: list[list[Block]] = []
        try:
            for place in dict.fromkeys(_resolved("", place.text or "") for place in _all(root, "DocRoot")):
                pages += _document(archive, place, bounds)
        except (ValueError, OverflowError) as error:
            raise InputError(f"{name}: a broken OFD file, a number in it is none; get it again") from error
    if not any(pages):
        raise InputError(
            f"{name}: an OFD file of {len(pages)} pages without text (scanned pages); run OCR over it first"
        )
    return Extracted(
        format="ofd",
        parts=tuple(Part(name=f"page {i}", text=text) for i, text in enumerate(page_texts(pages), 1)),
        paged=True,
        title=_property(root, "Title"),
        date=iso_date(_property(root, "CreationDate")),
        author=_property(root, "Author"),
    )


def _xml(archive: zipfile.ZipFile, path: str, bounds: Bounds) -> "Element":
    name = bounds.name
    try:
        from defusedxml import DefusedXmlException  # noqa: PLC0415 - an extra
        from defusedxml.ElementTree import fromstring  # noqa: PLC0415
    except ImportError as error:
        raise MissingExtraError("reading OFD needs defusedxml: pip install 'zhreport[files]'") from error
    blob = member(archive, path, name)
    bounds.spend("elements", blob.count(b"<") - blob.count(b"</"))
    try:
        with foreign(f"{name}: a broken file, {path} in it is not XML", "get it again"):
            root: Element = fromstring(blob, forbid_dtd=True)
    except InputError as error:
        if isinstance(error.__cause__, DefusedXmlException):
            raise InputError(
                f"{name}: {path} in it declares XML entities, which no report needs; not read"
            ) from error
        raise
    return root


def _all(element: "Element", tag: str) -> Iterator["Element"]:
    """Elements of a name at any depth; older files have another namespace or none."""
    return (e for e in element.iter() if isinstance(e.tag, str) and e.tag.rpartition("}")[2] == tag)


def _resolved(base: str, place: str) -> str:
    """The member that a place in another one means; places from the root begin with a slash."""
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(base), place.strip())).lstrip("/")


def _document(archive: zipfile.ZipFile, path: str, bounds: Bounds) -> list[list[Block]]:
    root = _xml(archive, path, bounds)
    templates = {e.get("ID"): _resolved(path, e.get("BaseLoc", "")) for e in _all(root, "TemplatePage")}
    drawn: dict[str, list[Glyph]] = {}
    known: list[float] = []
    pages: list[list[Block]] = []
    entries = [page for group in _all(root, "Pages") for page in _all(group, "Page")]
    if len(entries) > len(archive.infolist()):
        raise InputError(f"{bounds.name}: a broken OFD file, it names more pages than it has; get it again")
    bounds.spend("pages", len(entries))
    for entry in entries:
        content = _xml(archive, _resolved(path, entry.get("BaseLoc", "")), bounds)
        glyphs: list[Glyph] = []
        for used in _all(content, "Template"):
            template = templates.get(used.get("TemplateID"))
            if template is not None:
                if template not in drawn:
                    drawn[template] = _glyphs(_xml(archive, template, bounds), bounds)
                bounds.check("page_characters", len(glyphs) + len(drawn[template]))
                glyphs += drawn[template]
        glyphs += _glyphs(content, bounds)
        bounds.check("page_characters", len(glyphs))
        bounds.spend("characters", len(glyphs))
        pages.append(page_blocks(glyphs, known))
    return pages


def _glyphs(content: "Element", bounds: Bounds) -> list[Glyph]:
    """The characters of the text objects of a page.

    Each has a boundary on the page, in it an own space by its matrix CTM (a b c d e f), and in that the
    first character's place and the steps from each to the next.
    """
    glyphs: list[Glyph] = []
    for item in _all(content, "TextObject"):
        left, top = _numbers(item.get("Boundary", "0 0 0 0"))[:2]
        a, b, c, d, e, f = _numbers(item.get("CTM", "1 0 0 1 0 0"))
        size = _number(item.get("Size", "0"))
        stretch = _number(item.get("HScale", "1"))
        height = abs(size * (a * a + b * b) ** 0.5) or 1.0
        x = y = 0.0
        for code in _all(item, "TextCode"):
            text = "".join(map(plain_sign, (code.text or "").strip("\r\n")))
            bounds.check("page_characters", len(glyphs) + len(text))
            x, y = _number(code.get("X", str(x))), _number(code.get("Y", str(y)))
            across, down = (_steps(code.get(d, ""), len(text)) for d in ("DeltaX", "DeltaY"))
            for index, sign in enumerate(text):
                start = left + a * x + c * y + e
                width = height * stretch * (1.0 if is_wide(sign) else 0.5)
                step = across[index] if index < len(across) else 0.0
                if not is_wide(sign) and 0 < step * height / (size or 1.0) < width:
                    width = step * height / (size or 1.0)
                glyphs.append(Glyph(sign, start, start + width, top + b * x + d * y + f, height))
                x += step
                y += down[index] if index < len(down) else 0.0
    return glyphs


def _number(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _numbers(text: str) -> list[float]:
    return [_number(number) for number in text.split()]


def _steps(text: str, count: int) -> list[float]:
    """Steps between `count` characters; `g 3 5.5` stands for three times 5.5."""
    words = iter(text.split())
    steps: list[float] = []
    for word in words:
        if len(steps) >= count:
            break
        if word == "g":
            times, step = int(next(words, "")), _number(next(words, ""))
            steps += [step] * min(times, count)
        else:
            steps.append(_number(word))
    return steps


def _property(root: "Element", tag: str) -> str:
    return next(((e.text or "").strip() for e in _all(root, tag)), "")
