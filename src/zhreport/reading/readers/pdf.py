"""PDF files: the text layer of their pages, by PDFium."""

import ctypes
import math
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import groupby, pairwise
from typing import Any, Final

import regex

from zhreport.errors import InputError, MissingExtraError
from zhreport.reading.readers.bounds import USUAL, Bounds, Limits
from zhreport.reading.readers.encodings import common_share
from zhreport.reading.readers.extracted import Extracted, Part, iso_date
from zhreport.reading.readers.foreign import foreign, stated
from zhreport.reading.readers.layout import Block, Glyph, is_wide, page_blocks, page_texts
from zhreport.words.folding import plain_sign
from zhreport.words.marks import UNREADABLE

__all__ = ["read_pdf"]

_ENOUGH_EMPTY: Final = 200  # pages without any text after which there is none to expect
_PASSWORD: Final = 4  # FPDF_ERR_PASSWORD, FPDF_ERR_SECURITY
_SECURITY: Final = 5
_UNKNOWN: Final = UNREADABLE
#: Signs that no font explains, among all: more inside of lines and figures are lost. Bullets begin a line.
_FEW_UNSAID: Final = 0.01
#: The share of common characters in a text by a wrong encoding; real text has over a third.
_SCRAMBLED: Final = 0.06
_STREAM: Final = regex.compile(rb"(?<!end)stream\r?\n")
_COUNT: Final = regex.compile(rb"/Type\s*+/Pages\b[^>]{0,200}?/Count\s++(\d{1,9})\b")
_PICTURE: Final = regex.compile(rb"/Subtype\s*+/Image\b")
_HEAD: Final = 1000  # bytes before a stream that say what it is
#: Texts that a page shows, with their operator.
_SHOWN: Final = regex.compile(
    rb"(?:\((?:[^()\\]|\\.)*+\)|<[^<>]*+>|\[[^\[\]]*+\])\s*+(?:Tj|TJ|['\"])", regex.DOTALL
)
_CODED: Final = 16  # bytes in such texts of a character, with the steps between them
_CONTENTS: Final = regex.compile(rb"/Contents\s*+\[([^\]]*+)\]")
_REFERENCE: Final = regex.compile(rb"\d++\s++\d++\s++R")
_REPEATED: Final = 10  # times that a page may draw one content
_PACKED: Final = b"\x78"  # with which what is packed by deflate begins
_PIECE: Final = 1 << 16  # bytes that are unpacked at a time
_TWICE: Final = 4  # layers of packing that are looked into
_ENOUGH_SIGNS: Final = 50  # characters that such a share is asked of


def read_pdf(data: bytes, name: str, limits: Limits = USUAL) -> Extracted:
    """Read the text layer of a PDF file.

    Args:
        data: the bytes of the file.
        name: what the errors call the file.
        limits: what it may have at most.

    Returns:
        A part for each page, with its lines in reading order, columns one after the other. First lines of
        paragraphs that are indented begin with two ideographic spaces.

    Raises:
        InputError: the file is broken or encrypted, has no text layer, or more than a limit.
        MissingExtraError: pypdfium2 is not installed.
    """
    try:
        import pypdfium2  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise MissingExtraError("reading PDF needs pypdfium2: pip install 'zhreport[files]'") from error
    bounds = Bounds(name, limits)
    _bound(data, bounds)
    try:
        with foreign(f"{name}: a broken PDF that cannot be opened", "get it again"):
            pdf = pypdfium2.PdfDocument(data)
            count = len(pdf)
    except InputError as error:
        if getattr(error.__cause__, "err_code", None) in {_PASSWORD, _SECURITY}:
            raise InputError(f"{name}: an encrypted PDF; save it without a password") from error
        raise
    try:
        if not count:
            raise InputError(f"{name}: a broken PDF without pages; get it again")
        bounds.check("pages", count)
        pages = _pages(pdf, count, bounds)
        title, author, created = (
            stated(partial(pdf.get_metadata_value, key)) for key in ("Title", "Author", "CreationDate")
        )
    finally:
        pdf.close()
    return Extracted(
        format="pdf",
        parts=tuple(Part(name=f"page {i}", text=text) for i, text in enumerate(page_texts(pages), 1)),
        paged=True,
        title=title,
        date=iso_date(created),
        author=author,
    )


def _bound(data: bytes, bounds: Bounds) -> None:
    """Refuse what unpacks to too much before PDFium unpacks it: it has no bounds of its own.

    Whatever a stream is said to be, it counts by what it unpacks to, also where it was packed twice; only
    pictures, which are not unpacked to read text, do not add up.
    """
    bounds.check("pages", max(map(int, _COUNT.findall(data)), default=0))
    for drawn in _CONTENTS.findall(data):
        if max(Counter(_REFERENCE.findall(drawn)).values(), default=0) > _REPEATED:
            raise InputError(
                f"{bounds.name}: a PDF that draws one content over and over; print it to a PDF anew"
            )
    for found in _STREAM.finditer(data):
        piece, head = memoryview(data)[found.end() :], data[max(0, found.start() - _HEAD) : found.start()]
        picture = _PICTURE.search(head, head.rfind(b" obj") + 1) is not None
        for _ in range(_TWICE):
            size, shown, start = _unpacked(piece, bounds.limits)
            bounds.check("page_characters", shown // _CODED)
            if picture:
                bounds.check("unpacked", size)
            else:
                bounds.spend("unpacked", size)
            if not start:
                break
            piece = memoryview(start)


def _unpacked(packed: memoryview, limits: Limits) -> tuple[int, int, bytes]:
    """The bytes that a stream unpacks to, a little more than allowed at most, and those of texts it shows.

    Third what it is, if that is packed too.
    """
    unpacker, size, shown, at = zlib.decompressobj(), 0, 0, 0
    again: list[bytes] = []
    tail: bytes | memoryview = b""
    try:
        while size <= limits.unpacked and shown // _CODED <= limits.page_characters and not unpacker.eof:
            if not tail:
                tail, at = packed[at : at + _PIECE], at + _PIECE
            piece = unpacker.decompress(tail, _PIECE)
            if again or (not size and piece[:1] == _PACKED):
                again.append(piece)
            size += len(piece)
            shown += sum(len(text.group()) for text in _SHOWN.finditer(piece))
            tail = unpacker.unconsumed_tail
            if not piece and not tail and at >= len(packed):
                break
    except zlib.error:  # another filter, or damage
        pass
    return size, shown, b"".join(again)


def _pages(pdf: Any, count: int, bounds: Bounds) -> list[list[Block]]:  # noqa: ANN401 - PDFium's types are untyped
    name = bounds.name
    pages: list[list[Block]] = []
    known: list[float] = []
    signs: list[str] = []
    unsaid = inside = 0
    for index in range(count):
        with foreign(f"{name}: a broken PDF, page {index + 1} of it cannot be read", "get it again"):
            glyphs, others = _on_page(pdf, index, bounds)
        signs += [glyph.text for glyph in glyphs]
        inside += sum(_is_unsaid(after) and _goes_on(before, after) for before, after in pairwise(glyphs))
        unsaid += sum(map(_is_unsaid, glyphs))
        blocks = page_blocks(glyphs, known)
        for other in others:
            blocks += page_blocks(other, [])
        pages.append(blocks)
        if not signs and index + 1 >= min(count, _ENOUGH_EMPTY):
            raise InputError(
                f"{name}: a PDF of {count} pages without a text layer (scanned pages); run OCR over it first"
            )
    few = max(_FEW_UNSAID * len(signs), 1)
    if inside > few or 2 * unsaid > len(signs) or _is_scrambled("".join(signs)):
        raise InputError(
            f"{name}: a PDF whose fonts do not say which characters its signs are; run OCR over it first"
        )
    return pages


def _is_unsaid(glyph: Glyph) -> bool:
    return glyph.text == _UNKNOWN or "\ue000" <= glyph.text <= "\uf8ff"


def _goes_on(before: Glyph, after: Glyph) -> bool:
    """Does a character follow a readable one in a line? Bullets and indents stand at its head."""
    beside = abs(after.y - before.y) < 0.5 * before.size and after.start - before.end < before.size
    return beside and not before.text.isspace() and not _is_unsaid(before)


def _is_scrambled(text: str) -> bool:
    """Are these the characters of a font with another encoding, which Chinese text does not have?"""
    wide = sum(sign > "\x7f" for sign in text)
    return wide >= _ENOUGH_SIGNS and 2 * wide > len(text) and common_share(text) < _SCRAMBLED


def _on_page(pdf: Any, index: int, bounds: Bounds) -> tuple[list[Glyph], list[list[Glyph]]]:  # noqa: ANN401
    """The characters of a page, see `_glyphs`."""
    page = pdf[index]
    try:
        text = page.get_textpage()
        try:
            count = text.count_chars()
            bounds.check("page_characters", count)
            bounds.spend("characters", count)
            return _glyphs(text.raw)
        finally:
            text.close()
    finally:
        page.close()


def _glyphs(text: Any) -> tuple[list[Glyph], list[list[Glyph]]]:  # noqa: ANN401
    """The characters of a page: those of its main direction, and for each other direction its own.

    Places are turned by the direction of the writing, so that pages on their side read like others and
    stamps across a page do not fall between the characters of its lines.
    """
    import pypdfium2.raw as pdfium  # noqa: PLC0415 - an extra

    by_turn: dict[int, list[Glyph]] = {}
    counts: Counter[int] = Counter()
    box = pdfium.FS_RECTF()
    x, y = ctypes.c_double(), ctypes.c_double()
    high = 0
    for index in range(pdfium.FPDFText_CountChars(text)):
        if pdfium.FPDFText_IsGenerated(text, index) == 1:
            continue  # a space or line break that PDFium guessed from the places
        code = pdfium.FPDFText_GetUnicode(text, index)
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00) if high else 0
        high = 0
        if not pdfium.FPDFText_GetLooseCharBox(text, index, box):
            continue
        pdfium.FPDFText_GetCharOrigin(text, index, x, y)
        angle = pdfium.FPDFText_GetCharAngle(text, index)
        turn = round(math.degrees(angle) / 5) * 5 % 360 if angle > 0 else 0
        sign = _sign(code)
        corners = (box.left, -box.top, box.right, -box.bottom)
        by_turn.setdefault(turn, []).append(_placed(sign, corners, (x.value, -y.value), turn))
        counts[turn] += not sign.isspace()
    if not counts:
        return [], []
    main = max(counts, key=lambda turn: (counts[turn], -turn))
    others = [_apart(by_turn[turn]) for turn in sorted(by_turn) if turn != main]
    return _apart(by_turn[main]), others


def _apart(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """Characters side by side that one glyph stands for (`Fi`), and that have one place for all of them."""
    found: list[Glyph] = []
    for _, group in groupby(glyphs, lambda glyph: (glyph.start, glyph.end, glyph.y)):
        signs = list(group)
        if len({glyph.text for glyph in signs}) > 1:
            width = (signs[0].end - signs[0].start) / len(signs)
            signs = [
                replace(glyph, start=glyph.start + i * width, end=glyph.start + (i + 1) * width)
                for i, glyph in enumerate(signs)
            ]
        found += signs
    return found


def _placed(
    sign: str, box: tuple[float, float, float, float], origin: tuple[float, float], turn: int
) -> Glyph:
    left, top, right, bottom = box
    x, y = origin
    if turn % 90:
        # the box of a slanted character is wider than it: along its direction it has about 0.7 of it
        size = 0.7 * max(right - left, bottom - top)
        cos, sin = math.cos(math.radians(turn)), math.sin(math.radians(turn))
        start = x * cos + y * sin
        return Glyph(sign, start, start + size, y * cos - x * sin, size or 1.0)
    if turn == 90:
        left, right, top, bottom, y = top, bottom, -right, -left, -x
    elif turn == 180:
        left, right, top, bottom, y = -right, -left, -bottom, -top, -y
    elif turn == 270:
        left, right, top, bottom, y = -bottom, -top, left, right, x
    size = right - left if is_wide(sign) else bottom - top
    return Glyph(sign, left, right, y, size or right - left or 1.0)


def _sign(code: int) -> str:
    """The character of a code; fonts that name Chinese characters by their radicals' codes are set right."""
    if code in {0x02, 0xFFFE}:  # PDFium's sign for a hyphen at the end of a line
        return "-"
    if code in {0x09, 0x0A, 0x0D, 0xA0}:
        return " "
    if code < 0x20 or 0xD800 <= code < 0xE000 or code > 0x10FFFF:
        return _UNKNOWN
    return plain_sign(chr(code))
