"""Small files that cost much, made when they are needed."""
# ruff: noqa: PLW0108 - a text of megabytes is made when it is asked for

import io
import zipfile
import zlib
from collections.abc import Callable
from typing import Final

__all__ = ["BOMBS"]

_W: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
#: as many figures and lines as reports have
_PROSE: Final = (
    "全市上下坚持稳中求进的工作总基调，着力抓重点、补短板、强弱项，粮食产量达到80亿斤，新增就业两万人，"
    "各项社会事业都迈上了一个新的台阶，人民群众的获得感不断增强。\n"
)
_SENTENCE: Final = "全市粮食产量达到80亿斤，增长2.5%。\n"


def _flate(content: bytes, times: int = 1) -> bytes:
    """A content so many times, packed: it is not made as a whole, for processes inherit what ours takes."""
    packer = zlib.compressobj(9)
    return b"".join([*(packer.compress(content) for _ in range(times)), packer.flush()])


def pdf(
    content: bytes, *, times: int = 1, layers: int = 1, head: bytes = b"", pages: int = 1, uses: int = 1
) -> bytes:
    """A PDF whose page shows a content so many times, in layers of packing, on pages that share it."""
    content = _flate(content, times)
    for _ in range(layers - 1):
        content = _flate(content)
    head += b"/Filter[" + b"/FlateDecode " * layers + b"]"
    return _file(_stream(content, head), kids=b"4 0 R " * pages, count=pages, shown=b"5 0 R " * uses)


def _stream(content: bytes, head: bytes = b"") -> bytes:
    return b"<<" + head + b"/Length %d>>stream\n" % len(content) + content + b"\nendstream"


def _file(
    content: bytes,
    *more: bytes,
    kids: bytes = b"4 0 R",
    count: int = 1,
    shown: bytes = b"5 0 R",
    resources: bytes = b"",
) -> bytes:
    """A PDF of these objects: 4 is the page, 5 its content, from 6 on those given."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[" + kids + b"]/Count %d>>" % count,
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Resources<</Font<</F 3 0 R>>"
        + resources
        + b">>/Contents["
        + shown
        + b"]>>",
        content,
        *more,
    ]
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj" % number + body + b"endobj\n"
    at, size = len(out), len(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(out) + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, at)


def _forms(levels: int, uses: int) -> bytes:
    """A page that draws a form, which draws the next so often, and so on."""
    last = 6 + levels
    forms = [
        _stream(
            _shown(50) if number == last else b"/X Do " * uses,
            b"/Type/XObject/Subtype/Form/BBox[0 0 600 800]/Resources<</Font<</F 3 0 R>>/XObject<</X "
            + b"%d 0 R>>>>" % min(number + 1, last),
        )
        for number in range(6, last + 1)
    ]
    return _file(_stream(b"/X Do"), *forms, resources=b"/XObject<</X 6 0 R>>")


def _tree(levels: int, kids: int) -> bytes:
    """Nodes of pages, each with the next so often, down to one page."""
    nodes = [
        b"<</Type/Pages/Parent 2 0 R/Kids[" + b"%d 0 R " % (number + 1 if number < levels + 5 else 4) * kids
        + b"]>>"
        for number in range(6, levels + 6)
    ]  # fmt: skip
    return _file(_stream(_shown(50)), *nodes, kids=b"6 0 R " * kids, count=4_999)


def _hidden(content: bytes, times: int = 1) -> bytes:
    """What is packed, in hexadecimal digits: nobody sees how much it is before it is unpacked."""
    digits = _flate(content, times).hex().encode() + b">"
    return _file(_stream(digits, b"/Filter[/ASCIIHexDecode/FlateDecode]"))


def _shown(size: int) -> bytes:
    """Operators that show so many characters on a page."""
    return (
        b"BT /F 10 Tf 10 10 Td "
        + b"(aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa) Tj\n" * (size // 50)
        + b"ET"
    )


def packed(members: dict[str, str]) -> bytes:
    """A ZIP archive."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return stream.getvalue()


def docx(body: str) -> bytes:
    """A Word document."""
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    return packed(
        {
            "_rels/.rels": f'<Relationships xmlns="{package}"><Relationship Id="a" Type="{office}" '
            'Target="word/document.xml"/></Relationships>',
            "word/document.xml": f'<w:document xmlns:w="{_W}"><w:body>{body}</w:body></w:document>',
        }
    )


def ofd(pages: str, roots: int = 1, text: str = "粮食产量", uses: int = 1) -> bytes:
    """An OFD file with a document that is named so often, and a template that is used so often."""
    glyphs = f'<TextObject Boundary="0 0 9 9" Size="4"><TextCode X="0" Y="4">{text}</TextCode></TextObject>'
    used = '<Template TemplateID="1"/>'
    return packed(
        {
            "OFD.xml": f"<OFD>{'<DocRoot>D.xml</DocRoot>' * roots}</OFD>",
            "D.xml": '<Document><CommonData><TemplatePage ID="1" BaseLoc="T.xml"/></CommonData>'
            f"<Pages>{pages}</Pages></Document>",
            "T.xml": f"<Page>{glyphs}</Page>",
            "P.xml": f"<Page>{used * uses}{glyphs}</Page>",
        }
    )


_DELETED: Final = "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>粮食</w:t></w:r></w:p>"
_PAGE: Final = '<Page ID="1" BaseLoc="P.xml"/>'

#: Name of a file → what makes it. What ends in `.ok` before the ending is honest, and read.
BOMBS: Final[dict[str, Callable[[], bytes]]] = {
    "glyphs.pdf": lambda: pdf(_shown(2_000_000)),
    "many-glyphs.pdf": lambda: pdf(_shown(1_000_000), times=30),
    "twice.pdf": lambda: pdf(_shown(1_000_000), times=100, layers=2),
    "picture.pdf": lambda: pdf(_shown(1_000_000), times=30, head=b"/Subtype/Image"),
    "reused.pdf": lambda: pdf(_shown(190_000), uses=200),
    "references.pdf": lambda: pdf(_shown(50), pages=300_000),
    "forms.pdf": lambda: _forms(9, 10),
    "tree.ok.pdf": lambda: _tree(8, 20),
    "nested.ok.pdf": lambda: _file(_stream(_shown(50)), b"[" * 1_000_000 + b"]" * 1_000_000),
    "operands.ok.pdf": lambda: _file(_stream(_shown(50) + b"[" * 1_000_000)),
    "hidden.pdf": lambda: _hidden(b" " * 1_000_000, 700),
    "hidden-glyphs.pdf": lambda: _hidden(_shown(1_000_000), 30),
    "paths.pdf": lambda: pdf(b"1 1 m 2 2 l S " * 12_000, times=1_000),
    "states.pdf": lambda: pdf(b"q " * 90_000, times=1_000),
    "roots.ofd": lambda: ofd(_PAGE * 2, roots=3_000, text="粮" * 20_000),
    "templates.ofd": lambda: ofd(_PAGE, text="粮" * 20_000, uses=3_000),
    "long.txt": lambda: (_SENTENCE * 1_100_000).encode(),
    "longest.ok.txt": lambda: (_PROSE * 40_000)[:1_999_000].encode(),
    "figures.txt": lambda: ("1元" * 900_000).encode(),
    "dates.txt": lambda: ("1月" * 900_000).encode(),
    "lines.txt": lambda: ("行。\n" * 600_000).encode(),
    "signs.ok.txt": lambda: ("。" * 1_900_000).encode(),
    "campaigns.ok.txt": lambda: ("“净网”行动、" * 280_000).encode(),
    "line.jsonl": lambda: b'{"text": "' + (_SENTENCE.strip() * 600_000).encode() + b'"}',
    "pre.ok.html": lambda: f"<html><body><pre>{_SENTENCE * 20_000}</pre></body></html>".encode(),
    "deleted.ok.docx": lambda: docx(_DELETED * 10_000 + "<w:p><w:r><w:t>产量8万吨。</w:t></w:r></w:p>"),
    "elements.docx": lambda: docx("<w:p/>" * 4_000_000),
    "row.html": lambda: f"<html><body><table><tr>{'<td>1</td>' * 66_000}</tr></table></body></html>".encode(),
    "attributes.html": lambda: (
        "<html><body><p " + " ".join(f"a{i}=1" for i in range(50_000)) + f">{_SENTENCE}</p></body></html>"
    ).encode(),
    "elements.html": lambda: f"<html><body>{'<b>一<i>' * 2_000_000}</body></html>".encode(),
}
