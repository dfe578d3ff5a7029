"""Makers of files in the formats that are read; the same bytes for the same arguments."""

import csv
import html
import io
import json
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"

#: A report in traditional characters.
TRADITIONAL = (
    "雲嶺縣政府工作報告\n"
    "各位代表：現在，我代表縣人民政府向大會報告工作，請予審議。\n"
    "一、過去一年工作回顧\n"
    "全年地區生產總值達到236.5億元，增長6.2%；糧食總產量18.4萬噸，居全市第二位。新建農村公路120公里，"
    "城鎮居民人均可支配收入增長5.8%。我們關心群眾，辦好十件實事。\n"
)


def page(lines: Iterable[str], style: str = "p", *, charset: str = "utf-8", table: str = "") -> str:
    """A page of a government's site around an article, marked up as one of the usual editors does it.

    `style` is `p`, `br` (paragraphs apart by two line breaks), `div` (indented, in spans) or `word` (pasted).
    """
    escaped = [html.escape(line) for line in lines]
    body = {
        "p": "".join(f'<p style="text-indent: 2em">{line}</p>\n' for line in escaped),
        "br": "<br/><br/>\n".join(f"&emsp;&emsp;{line}" for line in escaped),
        "div": "".join(f"<div><div><span>&nbsp;&nbsp; {line}</span></div></div>" for line in escaped),
        "word": "".join(
            f'<p class="MsoNormal"><span>　　{line[:4]}</span><span><b>{line[4:9]}</b>{line[9:]}</span></p>'
            for line in escaped
        ),
    }[style]
    links = "".join(
        f'<li><a href="/{i}">{w}</a></li>' for i, w in enumerate("首页 政务公开 办事服务".split())
    )
    return (
        f"<!DOCTYPE html>\n<html><head>"
        f'<meta http-equiv="Content-Type" content="text/html; charset={charset}">'
        '<title>云岭市政府工作报告_云岭市人民政府</title><meta name="PubDate" content="2025-01-20 09:00">'
        "<script>var x = '粮食产量达到99万吨。';</script></head>\n"
        f'<body><div class="header"><ul class="nav">{links}</ul></div>'
        '<div class="position">当前位置：<a href="/">首页</a> &gt; <a href="/z">政务公开</a></div>'
        '<div class="main"><h1>云岭市政府工作报告</h1><div class="info">发布时间：2025-01-20 '
        '<a href="#">打印</a></div>'
        f'<div id="zoom" class="editor">{body}{table}</div>'
        '<div class="share">分享到：<a href="#">微信</a><a href="#">微博</a></div></div>'
        '<div class="footer"><p>主办：云岭市人民政府办公室 <a href="/map">网站地图</a></p>'
        "<p>云ICP备00000000号</p></div></body></html>"
    )


def run(text: str) -> str:
    """A run of a Word paragraph."""
    return f'<w:r><w:t xml:space="preserve">{html.escape(text)}</w:t></w:r>'


def paragraph(
    content: str, *, number: str = "", level: int = 0, style: str = "", properties: str = ""
) -> str:
    """A Word paragraph of a text, or of runs already marked up."""
    inner = content if content.startswith("<") else run(content) if content else ""
    numbered = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>' if number else ""
    styled = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{styled}{numbered}{properties}</w:pPr>{inner}</w:p>"


def cell(text: str, properties: str = "") -> str:
    """A cell of a Word table."""
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(text)}</w:tc>"


def table(rows: Iterable[Sequence[str]]) -> str:
    """A Word table of texts, or of cells already marked up."""
    return (
        "<w:tbl><w:tblPr/>"
        + "".join(
            "<w:tr>" + "".join(c if c.startswith("<w:tc>") else cell(c) for c in row) + "</w:tr>"
            for row in rows
        )
        + "</w:tbl>"
    )


def numbering(levels: Sequence[tuple[str, str]]) -> str:
    """A numbering part with list 1 of levels (format, text) and list 2, which starts anew."""
    marked = "".join(
        f'<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/>'
        "</w:lvl>"
        for i, (form, text) in enumerate(levels)
    )
    return (
        f'<w:numbering xmlns:w="{W}"><w:abstractNum w:abstractNumId="0">{marked}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        '<w:num w:numId="2"><w:abstractNumId w:val="0"/>'
        '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num></w:numbering>'
    )


def docx(
    body: str,
    *,
    properties: bool = True,
    main: str = f"{_WORD}.document.main+xml",
    prolog: str = "",
    **parts: str,
) -> bytes:
    """A Word document of a body's XML and further parts (`numbering`, `styles`, `footnotes`)."""
    kinds = [("document", main), *((p, f"{_WORD}.{p}+xml") for p in parts)]
    overrides = "".join(f'<Override PartName="/word/{p}.xml" ContentType="{kind}"/>' for p, kind in kinds)
    relations = "".join(
        f'<Relationship Id="r{i}" Type="{_OFFICE}/{part}" Target="{part}.xml"/>'
        for i, part in enumerate(parts)
    )
    core = (
        f'<Relationship Id="c" Type="{_PACKAGE}/relationships/metadata/core-properties" Target="core.xml"/>'
        if properties
        else ""
    )
    files = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/core.xml" '
        'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
        f"{overrides}</Types>",
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="m" '
        f'Type="{_OFFICE}/officeDocument" Target="word/document.xml"/>{core}</Relationships>',
        "word/document.xml": f'{prolog}<w:document xmlns:w="{W}" xmlns:mc="http://schemas.openxmlformats.org/'
        f'markup-compatibility/2006"><w:body>{body}</w:body></w:document>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{relations}'
        "</Relationships>",
        **{f"word/{name}.xml": text for name, text in parts.items()},
    }
    if properties:
        files["core.xml"] = (
            f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
            'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
            'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>云岭市政府工作报告</dc:title>'
            "<dc:creator>云岭市人民政府</dc:creator>"
            '<dcterms:created xsi:type="dcterms:W3CDTF">2025-01-09T02:00:00Z</dcterms:created>'
            "</cp:coreProperties>"
        )
    return zipped({name: text.encode() for name, text in files.items()})


def zipped(files: dict[str, bytes]) -> bytes:
    """A ZIP container."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2025, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def separated(records: Sequence[dict[str, Any]], delimiter: str = ",") -> str:
    """CSV or TSV with a header."""
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, list(records[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(records)
    return stream.getvalue()


def json_lines(records: Iterable[dict[str, Any]]) -> str:
    """JSON Lines."""
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def parquet(records: Sequence[dict[str, Any]]) -> bytes:
    """Parquet."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    stream = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(list(records)), stream)
    return stream.getvalue()


def ole2(stream: str) -> bytes:
    """The beginning of an OLE2 container with the name of a stream in it."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + stream.encode("utf-16-le") + bytes(512)
