"""PDF and OFD files made from texts: hard-wrapped lines, indented paragraphs, headers and page numbers."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from zhreport.reading.readers.layout import is_wide

FONT = "STSong-Light"
WIDTH, HEIGHT, MARGIN, GUTTER = 595.0, 842.0, 72.0, 24.0  # points; A4
_NEVER_FIRST = "，、。；：！？）》”’」』】％%"


@dataclass(frozen=True)
class Placed:
    """A line on a page: x of its start, y of its baseline from the top, both in points."""

    x: float
    y: float
    size: float
    text: str


def sign_width(sign: str, size: float) -> float:
    return size if is_wide(sign) or sign in "“”‘’—…·" else 0.5 * size


def text_width(text: str, size: float) -> float:
    return sum(sign_width(sign, size) for sign in text)


def _in_word(pair: str) -> bool:
    return pair.isascii() and pair.isalpha()


def wrapped(paragraph: str, size: float, width: float) -> list[tuple[float, str]]:
    """Lines with their indents; the first one is indented by two characters."""
    lines: list[tuple[float, str]] = []
    indent, line = 2 * size, ""
    for sign in paragraph:
        line += sign
        if indent + text_width(line, size) > width:
            cut = len(line) - 1
            while cut and (line[cut] in _NEVER_FIRST or _in_word(line[cut - 1 : cut + 1])):
                cut -= 1
            cut = cut or len(line) - 1
            lines.append((indent, line[:cut]))
            indent, line = 0.0, line[cut:]
    return [*lines, (indent, line)]


def placed(text: str, columns: int, header: str, page_numbers: bool) -> Iterator[list[Placed]]:
    """The lines of each page. The first line of the text is a title across the columns."""
    size = 12.0 if columns == 1 else 10.5
    pitch = 1.6 * size
    width = (WIDTH - 2 * MARGIN - GUTTER * (columns - 1)) / columns
    title, *paragraphs = text.strip().split("\n")
    lines = [
        line for p in paragraphs for line in (wrapped(p.strip(), size, width) if p.strip() else [(0.0, "")])
    ]
    number = 0
    at = 0
    while at < len(lines) or not number:
        number += 1
        page: list[Placed] = []
        top = MARGIN + 24
        if header:
            page.append(Placed((WIDTH - text_width(header, 9.0)) / 2, 44.0, 9.0, header))
        if number == 1:
            page.append(Placed((WIDTH - text_width(title, 18.0)) / 2, top, 18.0, title))
            top += 40
        for column in range(columns):
            y = top
            while y < HEIGHT - MARGIN and at < len(lines):
                indent, line = lines[at]
                if line:
                    page.append(Placed(MARGIN + column * (width + GUTTER) + indent, y, size, line))
                at += 1
                y += pitch
        if page_numbers:
            foot = f"— {number} —"
            page.append(Placed((WIDTH - text_width(foot, 9.0)) / 2, HEIGHT - 40, 9.0, foot))
        yield page


def make_pdf(
    text: str,
    *,
    columns: int = 1,
    header: str = "",
    page_numbers: bool = True,
    title: str = "",
    author: str = "",
    locked: bool = False,
) -> bytes:
    """A PDF with the text; the same bytes for the same arguments unless locked by a password."""
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    out = io.BytesIO()
    encrypt = StandardEncryption(FONT) if locked else None
    canvas = Canvas(out, pagesize=(WIDTH, HEIGHT), invariant=1, encrypt=encrypt)
    canvas.setTitle(title)
    canvas.setAuthor(author)
    for page in placed(text, columns, header, page_numbers):
        for line in page:
            canvas.setFont(FONT, line.size)
            canvas.drawString(line.x, HEIGHT - line.y, line.text)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


_OFD = 'xmlns:ofd="http://www.ofdspec.org/2016"'
_MM = 25.4 / 72


def zipped(members: dict[str, str | bytes]) -> bytes:
    """An archive, with the same bytes for the same members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in members.items():
            info = zipfile.ZipInfo(path)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return out.getvalue()


def text_object(line: Placed, number: int) -> str:
    size = line.size * _MM
    steps = " ".join(f"{sign_width(sign, size):.4f}" for sign in line.text[:-1])
    return (
        f'<ofd:TextObject ID="{number}" Boundary="{line.x * _MM:.4f} {line.y * _MM - size:.4f} '
        f'{text_width(line.text, size):.4f} {1.2 * size:.4f}" Font="1" Size="{size:.4f}">'
        f'<ofd:TextCode X="0" Y="{size:.4f}" DeltaX="{steps}">{escape(line.text)}</ofd:TextCode>'
        "</ofd:TextObject>"
    )


def ofd_members(
    text: str,
    *,
    columns: int = 1,
    header: str = "",
    page_numbers: bool = True,
    title: str = "",
    author: str = "",
) -> dict[str, str | bytes]:
    """The members of an OFD file; the header is on a template page."""
    pages = [*placed(text, columns, "", page_numbers)]
    members: dict[str, str | bytes] = {
        "OFD.xml": f'<?xml version="1.0" encoding="UTF-8"?><ofd:OFD {_OFD} Version="1.0" DocType="OFD">'
        f"<ofd:DocBody><ofd:DocInfo><ofd:Title>{escape(title)}</ofd:Title><ofd:Author>{escape(author)}</ofd:Author>"
        "<ofd:CreationDate>2024-03-28</ofd:CreationDate></ofd:DocInfo>"
        "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {_OFD}><ofd:CommonData>"
        + ('<ofd:TemplatePage ID="9" BaseLoc="Tpls/Tpl_0/Content.xml"/>' if header else "")
        + "</ofd:CommonData><ofd:Pages>"
        + "".join(
            f'<ofd:Page ID="{10 + i}" BaseLoc="Pages/Page_{i}/Content.xml"/>' for i in range(len(pages))
        )
        + "</ofd:Pages></ofd:Document>",
    }
    if header:
        line = Placed((WIDTH - text_width(header, 9.0)) / 2, 44.0, 9.0, header)
        members["Doc_0/Tpls/Tpl_0/Content.xml"] = (
            f'<ofd:Page {_OFD}><ofd:Content><ofd:Layer ID="1">{text_object(line, 2)}</ofd:Layer>'
            "</ofd:Content></ofd:Page>"
        )
    for index, page in enumerate(pages):
        objects = "".join(text_object(line, 100 + number) for number, line in enumerate(page))
        members[f"Doc_0/Pages/Page_{index}/Content.xml"] = (
            f"<ofd:Page {_OFD}>"
            + ('<ofd:Template TemplateID="9"/>' if header else "")
            + f'<ofd:Content><ofd:Layer ID="1">{objects}</ofd:Layer></ofd:Content></ofd:Page>'
        )
    return members


def make_ofd(
    text: str,
    *,
    columns: int = 1,
    header: str = "",
    page_numbers: bool = True,
    title: str = "",
    author: str = "",
) -> bytes:
    """An OFD file with the text; the same bytes for the same arguments."""
    return zipped(
        ofd_members(
            text, columns=columns, header=header, page_numbers=page_numbers, title=title, author=author
        )
    )


def drawn_pdf(pieces: Sequence[tuple[float, float, float, Sequence[str]]]) -> bytes:
    """A page of pieces (x, y from the top, size, glyphs), whose font says what each glyph is.

    A glyph takes the place of a Chinese character, and its text may be more than one character.
    """
    texts = sorted({glyph for *_, glyphs in pieces for glyph in glyphs})
    codes = {text: number for number, text in enumerate(texts, start=1)}
    mapped = "\n".join(f"<{codes[text]:04X}> <{text.encode('utf-16-be').hex()}>" for text in texts)
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Own def /CMapType 2 def\n"
        "1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
        f"{len(texts)} beginbfchar\n{mapped}\nendbfchar\n"
        "endcmap end end"
    )
    content = "\n".join(
        f"BT /F {size} Tf {x} {HEIGHT - y} Td <{''.join(f'{codes[glyph]:04X}' for glyph in glyphs)}> Tj ET"
        for x, y, size, glyphs in pieces
    )
    resources = "<</Font<</F 5 0 R>>>>"
    system = "<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
    described = (
        "<</Type/FontDescriptor/FontName/Own/Flags 4/FontBBox[0 -200 1000 900]/Ascent 880/Descent -120>>"
    )
    own = f"/CIDSystemInfo{system}/DW 1000/FontDescriptor{described}"
    below = "/DescendantFonts[6 0 R]/ToUnicode 7 0 R"
    bodies = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 {WIDTH} {HEIGHT}]>>",
        f"<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources{resources}>>",
        f"<</Length {len(content)}>>stream\n{content}\nendstream",
        f"<</Type/Font/Subtype/Type0/BaseFont/Own/Encoding/Identity-H{below}>>",
        f"<</Type/Font/Subtype/CIDFontType0/BaseFont/Own{own}>>",
        f"<</Length {len(cmap)}>>stream\n{cmap}\nendstream",
    ]
    out = "%PDF-1.7\n"
    places: list[int] = []
    for number, body in enumerate(bodies, start=1):
        places.append(len(out))
        out += f"{number} 0 obj{body}endobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    return (
        f"{out}xref\n0 {len(bodies) + 1}\n0000000000 65535 f \n{table}"
        f"trailer<</Size {len(bodies) + 1}/Root 1 0 R>>\n"
        f"startxref\n{len(out)}\n%%EOF"
    ).encode("latin-1")
