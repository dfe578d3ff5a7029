"""Readers: every format gives the text that went into it, and what cannot be read says why."""

import csv
import io
import pathlib
import random
import sys
import tracemalloc
import zipfile
from typing import Any

import pytest

import docfiles
from zhreport import InputError, UsageError
from zhreport.errors import MissingExtraError
from zhreport.reading.readers import decode, detect, extract
from zhreport.reading.readers.foreign import foreign
from zhreport.reading.readers.table_rows import rows
from zhreport.report import Analyzer

SAMPLES = ("annual-government-report", "department-summary", "statistical-bulletin")
LINES = [
    "各位代表：",
    "一、2024年工作回顾",
    "全年地区生产总值达到236.5亿元，增长6.2%，居全市第二位。",
    "粮食总产量18.4万吨，新建农村公路120公里，城镇居民人均可支配收入增长5.8%，好于预期。",
    "谢谢大家！",
]


def sample_lines(samples: pathlib.Path, name: str) -> list[str]:
    text = (samples / f"{name}.txt").read_text(encoding="utf-8")
    return [line.strip() for line in text.split("\n") if line.strip()]


def squeezed(text: str) -> str:
    return "".join(text.split())


# --- encodings ---


@pytest.mark.parametrize("sample", SAMPLES)
@pytest.mark.parametrize(
    ("encoding", "mark", "said"),
    [
        ("utf-8", b"", "utf-8"),
        ("utf-8-sig", b"", "utf-8-sig"),
        ("gb18030", b"", "gb18030"),
        ("utf-16-le", b"\xff\xfe", "utf-16"),
        ("utf-16-be", b"\xfe\xff", "utf-16"),
        ("utf-32-le", b"\xff\xfe\x00\x00", "utf-32"),
    ],
)
def test_text_in_every_encoding(
    samples: pathlib.Path, sample: str, encoding: str, mark: bytes, said: str
) -> None:
    text = (samples / f"{sample}.txt").read_text(encoding="utf-8")
    extracted = extract(mark + text.encode(encoding), "a.txt")
    assert (extracted.format, extracted.encoding) == ("text", said)
    assert [(p.name, p.text) for p in extracted.parts] == [("", text)]


def test_big5_is_told_from_gb18030_by_common_characters() -> None:
    data = docfiles.TRADITIONAL.encode("big5")
    assert data.decode("gb18030")  # which is why strict decoding alone does not tell
    assert decode(data, "a.txt") == (docfiles.TRADITIONAL, "big5")
    for line in docfiles.TRADITIONAL.splitlines():
        assert decode(line.encode("big5"), "a.txt") == (line, "big5")
        assert decode(line.encode("gb18030"), "a.txt") == (line, "gb18030")
    # a character that only the extended set has
    assert decode("這裏的糧食產量".encode("big5hkscs"), "a.txt") == ("這裏的糧食產量", "big5hkscs")


def test_the_choice_looks_at_a_sample() -> None:
    data = "粮食产量8万吨。\n".encode() * 200_000
    tracemalloc.start()
    try:
        assert decode(data, "a.txt")[1] == "utf-8"
        assert tracemalloc.get_traced_memory()[1] < 5 * len(data)
    finally:
        tracemalloc.stop()


def test_the_encoding_that_the_caller_names_wins() -> None:
    data = "糧食".encode("big5")
    assert decode(data, "a.txt", encoding="gb18030")[1] == "gb18030"
    assert decode("\ufeff增产".encode(), "a.txt", encoding="utf-8") == ("增产", "utf-8")
    with pytest.raises(InputError, match=r"a.txt: not utf-8 \(byte 2 does not fit\)"):
        decode(data, "a.txt", encoding="utf-8")
    for unknown in ("no-such", "hex"):
        with pytest.raises(UsageError, match="no such encoding"):
            decode(data, "a.txt", encoding=unknown)


def test_replacement_is_the_callers_choice() -> None:
    data = "粮食产量".encode() + b"\xff" + "8万吨".encode()
    with pytest.raises(InputError, match=r"neither UTF-8 nor GB18030 \(byte 12 does not fit\)"):
        decode(data, "a.txt")
    assert decode(data, "a.txt", errors="replace") == ("粮食产量\ufffd8万吨", "utf-8")
    text, encoding = decode("粮食".encode("gb18030") + b"\xff", "a.txt", errors="replace")
    assert (text, encoding) == ("粮食\ufffd", "gb18030")
    early = "云".encode() + b"\xe5\xff\xad" + "市粮食产量达到8万吨。".encode()
    text, encoding = decode(early, "a.txt", errors="replace")  # GB18030 gets further, to nonsense
    assert (text[0], text.partition("市")[2], encoding) == ("云", "粮食产量达到8万吨。", "utf-8")
    with pytest.raises(UsageError, match="one of strict, replace"):
        decode(data, "a.txt", errors="ignore")


# --- detection ---


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        ("增产。".encode(), "a.txt", "text"),
        ("# 增产".encode(), "a.md", "markdown"),
        ("增产。".encode(), "a.docx", "text"),
        (b"%PDF-1.7\n", "a.txt", "pdf"),
        (docfiles.docx(docfiles.paragraph("增产。")), "a.pdf", "docx"),
        (docfiles.zipped({"OFD.xml": b"<x/>"}), "a.zip", "ofd"),
        (docfiles.page(LINES).encode(), "a.txt", "html"),
        (docfiles.page(LINES).encode("utf-16"), "a", "html"),
        ("<div>增产。</div>".encode(), "a.html", "html"),
        ("增产。".encode(), "a.html", "text"),
        ("<p>增产</p>".encode(), "a.md", "markdown"),
        (docfiles.json_lines([{"text": "增产。"}]).encode(), "a.txt", "jsonl"),
        ("{增产}".encode(), "a.txt", "text"),
        (docfiles.json_lines([{"text": "增产。" * 9000}]).encode(), "a.json", "jsonl"),
        (docfiles.json_lines([{"text": "增产。" * 9000}]).encode("utf-8-sig"), "a.json", "jsonl"),
        (f'<?xml version="1.0"?>\n{docfiles.page(LINES)}'.encode(), "a", "html"),
        ("正文\n增产".encode("gb18030"), "a.csv", "csv"),
        ("正文\t年份".encode(), "a.TSV", "tsv"),
        (docfiles.ole2("WordDocument"), "a", "doc"),
        (rb"{\rtf1\ansi", "a.doc", "rtf"),
        (docfiles.zipped({"xl/workbook.xml": b"<x/>"}), "a", "xlsx"),
        (b"<stata_dta><header>", "a", "dta"),
    ],
)
def test_kinds_by_content(data: bytes, name: str, kind: str) -> None:
    assert detect(data, name) == kind


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "an empty file"),
        (b" \r\n", "an empty file"),
        (docfiles.ole2("Workbook"), "save it as .xlsx"),
        (docfiles.ole2("EncryptedPackage"), "remove the password"),
        (docfiles.ole2("Other"), "OLE2"),
        (docfiles.zipped({"content.xml": b"<x/>"}), "OpenDocument.*docx"),
        (docfiles.zipped({"a.txt": b"x"}), "ZIP archive; unpack"),
        (b"PK\x03\x04broken", "ZIP"),
        (b"\x89PNG\r\n\x1a\n", "image.*OCR"),
        (b"\xff\xd8\xff\xe0", "image.*OCR"),
        (
            '<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:t>增产</w:t>'.encode(),
            "XML.*docx",
        ),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=a\r\n\r\n<html>", "web archive"),
        (b"\x00\x01\x02", "a binary file, not text; convert it to a UTF-8 text file first"),
        (bytes(range(1, 32)) * 9, "a binary file, not text"),
        (b"PAR1\x00", "binary"),
    ],
)
def test_other_formats_are_named_with_the_remedy(data: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        extract(data, "folder/bad.txt")
    assert str(caught.value).startswith("folder/bad.txt: ")
    assert "\n" not in str(caught.value)


def test_tables_are_no_documents() -> None:
    with pytest.raises(InputError, match=r"a\.json: JSON that is not one object a line"):
        extract(b'[\n{"text": "x"}]', "a.json")
    with pytest.raises(InputError, match=r"a table \(csv\)"):
        extract("正文\n增产".encode(), "a.csv")


# --- HTML ---


@pytest.mark.parametrize("style", ["p", "br", "div", "word"])
@pytest.mark.parametrize("sample", SAMPLES)
def test_html_keeps_every_paragraph_and_nothing_around(
    samples: pathlib.Path, sample: str, style: str
) -> None:
    lines = sample_lines(samples, sample)
    extracted = extract(docfiles.page(lines, style).encode(), "a.html")
    texts = [squeezed(part.text) for part in extracted.parts]
    expected = [squeezed(line) for line in lines]
    assert [text for text in texts if text in expected] == expected
    assert {text for text in texts if text not in expected} <= {
        "云岭市政府工作报告",
        "发布时间：2025-01-20打印",
    }
    assert [part.name for part in extracted.parts] == [f"element {i + 1}" for i in range(len(texts))]
    assert (extracted.format, extracted.encoding, extracted.paged) == ("html", "utf-8", False)
    assert (extracted.title, extracted.date) == ("云岭市政府工作报告", "2025-01-20")


@pytest.mark.parametrize(
    ("charset", "encoding", "said"),
    [
        ("gb2312", "gb18030", "gb18030"),
        ("GBK", "gb18030", "gb18030"),
        ("utf-8", "gb18030", "gb18030"),  # a wrong label
        ("gb2312", "utf-8-sig", "utf-8-sig"),  # the mark is stronger
        ("utf-8", "utf-16", "utf-16"),
        ("iso-8859-1", "utf-8", "utf-8"),
    ],
)
def test_html_encodings(charset: str, encoding: str, said: str) -> None:
    data = docfiles.page(LINES, charset=charset).encode(encoding)
    extracted = extract(data, "a.html")
    assert LINES[3] in [part.text for part in extracted.parts]
    assert extracted.encoding == said


def test_html_that_declares_xml() -> None:
    declared = '<?xml version="1.0" encoding="utf-8"?>\n' + docfiles.page(LINES)
    assert [p.text for p in extract(declared.encode(), "a.html").parts if p.text in LINES] == LINES


def test_html_in_big5() -> None:
    lines = docfiles.TRADITIONAL.splitlines()
    body = "".join(f"<p>{line}</p>" for line in lines)
    for label in ("", "<meta charset=big5>"):
        extracted = extract(f"<html><head>{label}</head><body>{body}</body></html>".encode("big5"), "a.html")
        assert [part.text for part in extracted.parts] == lines


def test_html_rows_line_ends_and_layout_tables() -> None:
    table = (
        "<table><tr><th>指标</th><th>绝对量</th></tr>"
        "<tr><td><p>粮食产量</p></td><td><p>18.4万吨</p></td></tr></table>"
    )
    texts = [p.text for p in extract(docfiles.page(LINES, table=table).encode(), "a.html").parts]
    assert texts[-2:] == ["指标\t绝对量", "粮食产量\t18.4万吨"]
    assert [text for text in texts if text in LINES] == LINES
    cells = (
        "<table><tr><th>指标</th><th>比上年<br>增长</th></tr>"
        "<tr><td>产量<script>var a = 1;</script>合计</td><td>100<br>200</td></tr>"
        "<tr><td>税收</td><td><p>12.3</p><p>45</p></td></tr></table>"
    )
    texts = [p.text for p in extract(docfiles.page(LINES, table=cells).encode(), "a.html").parts]
    assert texts[-3:] == ["指标\t比上年增长", "产量合计\t100 200", "税收\t12.3 45"]
    deep = f"<table><tr><td>{'<span>' * 1500}甲</td><td>乙</td></tr></table>"
    assert [p.text for p in extract(f"<html><body>{deep}".encode(), "a.html").parts] == ["甲\t乙"]
    wrapped = "<html><body><p>粮食总\n  产量18万吨，GDP\n增长</p><pre>甲\n乙</pre></body></html>"
    assert [p.text for p in extract(wrapped.encode(), "a.html").parts] == [
        "粮食总产量18万吨，GDP 增长",
        "甲",
        "乙",
    ]
    long = [
        "全年新建高标准农田12万亩，粮食总产量达到18.4万吨，比上年增长3.1%。" * 4 + str(i) for i in range(3)
    ]
    inner = "".join(f"<p>{line}</p>" for line in long)
    layout = f"<html><body><table><tr><td>栏目</td><td>{inner}</td></tr></table></body></html>"
    assert [p.text for p in extract(layout.encode(), "a.html").parts if p.text != "栏目"] == long


@pytest.mark.parametrize(
    ("paragraph", "around"),
    [
        ("<p>{}</p>", "<table><tr><td>{}</td></tr></table>"),
        ("　　{}<br>", "<table><tr><td width=200>栏目</td><td><font>{}</font></td></tr></table>"),
        ("<li>{}</li>", "<ul>{}</ul>"),
        ("<span><span>{}</span></span><br/>", "<div>{}</div>"),
        ("<p>{}</p>", "<form action=x><input type=hidden><div>{}</div></form>"),
        ("<p>{}</p>", "<div class='comment share sidebar'>{}</div>"),
        ("<h3>{}</h3>", "<blockquote>{}</blockquote>"),
    ],
)
def test_html_loses_no_paragraph_whatever_stands_around(
    samples: pathlib.Path, paragraph: str, around: str
) -> None:
    lines = [*sample_lines(samples, "statistical-bulletin"), "昭宁市统计局", "2024年3月28日"]
    links = "".join(f'<li><a href="/{i}">{2000 + i}年统计公报发布</a></li>' for i in range(9))
    body = around.format("".join(paragraph.format(line) for line in lines))
    page = f"<html><head><title>{lines[0]}</title></head><body>{body}<ul>{links}</ul></body></html>"
    texts = [squeezed(part.text) for part in extract(page.encode(), "a.html").parts]
    expected = [squeezed(line) for line in lines]
    assert [text for text in texts if text in expected] == expected
    assert not any("统计公报发布" in text for text in texts)


def test_html_titles_and_dates() -> None:
    text = "截至2023年12月31日，全市常住人口317.6万人，比上年末减少1.2万人，城镇化率56.2%。"
    page = (
        "<html><head><title>2023年统计公报-云岭市统计局</title></head>"
        "<body><div class=t>2023年<br>统计公报</div>"
        f"<p>{text}</p><p>{text[::-1]}</p><p>版权所有 2019-2021</p></body></html>"
    )
    extracted = extract(page.encode(), "a.html")
    texts = [part.text for part in extracted.parts]
    assert texts[texts.index("统计公报") : texts.index("统计公报") + 2] == ["统计公报", text]
    assert extracted.date == ""  # no date of the page; those in the text are others


def test_html_where_no_article_is_found_is_taken_whole() -> None:
    nested = "<div>" * 400 + "<p>粮食总产量18.4万吨，增长3.1%。</p>" + "</div>" * 400
    texts = [p.text for p in extract(f"<html><body>{nested}<p>增产。</p></body></html>".encode(), "a").parts]
    assert texts == ["粮食总产量18.4万吨，增长3.1%。", "增产。"]
    with pytest.raises(InputError, match="nested too deeply"):
        extract(("<html><body>" + "<div>" * 9000 + "增产。").encode(), "a.html")
    with pytest.raises(InputError, match="nothing to extract"):
        extract(b"<html><body><script>x</script></body></html>", "a.html")


def test_html_text_set_high_is_told_apart() -> None:
    lines = ["全市完成技改投资462.8亿元，比上年增长8.5%，造林面积36万m2，城乡居民消费比为1.86。"] * 2
    page = docfiles.page(lines).replace("462.8", '462.8<sup class="n"><a href="#n">[5]</a></sup>')
    page = page.replace("m2", "m<sup>2</sup>").replace(
        "1.86", '1.86<span style="vertical-align: super">7</span>'
    )
    texts = [part.text for part in extract(page.encode(), "a.html").parts]
    assert "全市完成技改投资462.8⁵亿元，比上年增长8.5%，造林面积36万m²，城乡居民消费比为1.86⁷。" in texts


# --- DOCX ---


@pytest.mark.parametrize("sample", SAMPLES)
def test_docx_paragraphs(samples: pathlib.Path, sample: str) -> None:
    lines = sample_lines(samples, sample)
    extracted = extract(docfiles.docx("".join(map(docfiles.paragraph, lines))), "a.docx")
    assert [part.text for part in extracted.parts] == lines
    assert [part.name for part in extracted.parts] == [f"paragraph {i + 1}" for i in range(len(lines))]
    assert (extracted.format, extracted.encoding, extracted.paged) == ("docx", "", False)
    assert (extracted.title, extracted.date, extracted.author) == (
        "云岭市政府工作报告",
        "2025-01-09",
        "云岭市人民政府",
    )


def test_docx_of_python_docx() -> None:
    docx = pytest.importorskip("docx")
    document = docx.Document()
    document.add_heading("云岭市政府工作报告", 0)
    document.add_paragraph("增产。", style="List Number")
    document.add_paragraph("增收。", style="List Number")
    grid = document.add_table(2, 3)
    grid.cell(0, 0).merge(grid.cell(1, 0)).text = "农业"
    grid.cell(0, 1).merge(grid.cell(0, 2)).text = "粮食18.4万吨"
    grid.cell(1, 2).text = "增长3.1%"
    document.add_paragraph("完。")
    stream = io.BytesIO()
    document.save(stream)
    assert [(p.name, p.text) for p in extract(stream.getvalue(), "a").parts] == [
        ("paragraph 1", "云岭市政府工作报告"),
        ("paragraph 2", "1.增产。"),
        ("paragraph 3", "2.增收。"),
        ("table 1 row 1", "农业\t粮食18.4万吨"),
        ("table 1 row 2", "增长3.1%"),
        ("paragraph 4", "完。"),
    ]


def test_docx_numbers_that_word_counts() -> None:
    levels = [
        ("chineseCountingThousand", "%1、"),
        ("japaneseCounting", "（%2）"),
        ("decimal", "%3."),
        ("bullet", "●"),
    ]
    body = "".join(
        docfiles.paragraph(text, number=number, level=level)
        for text, number, level in [
            ("回顾", "1", 0),
            ("农业", "1", 1),
            ("5亿元投资", "1", 2),
            ("增产", "1", 2),
            ("要点", "1", 3),
            ("工业", "1", 1),
            ("安排", "1", 0),
            ("农业", "1", 1),
            ("附件", "2", 0),
            ("正文", "0", 0),
        ]
    )
    parts = extract(docfiles.docx(body, numbering=docfiles.numbering(levels)), "a.docx").parts
    assert [part.text for part in parts] == [
        "一、回顾",
        "（一）农业",
        "1. 5亿元投资",
        "2.增产",
        "要点",
        "（二）工业",
        "二、安排",
        "（一）农业",
        "一、附件",
        "正文",
    ]
    many = "".join(docfiles.paragraph("项", number="1") for _ in range(21))
    parts = extract(docfiles.docx(many, numbering=docfiles.numbering(levels)), "a.docx").parts
    assert [parts[i].text for i in (9, 10, 18, 19, 20)] == [
        "十、项",
        "十一、项",
        "十九、项",
        "二十、项",
        "二十一、项",
    ]


@pytest.mark.parametrize(
    ("form", "start", "label"),
    [
        ("chineseCounting", "999", "九百九十九、"),
        ("chineseCounting", "1000", "1000、"),
        ("lowerLetter", "99999999", "99999999、"),
        ("decimal", "9" * 5000, "999999999、"),
    ],
)
def test_docx_numbers_beyond_all_lists(form: str, start: str, label: str) -> None:
    numbering = docfiles.numbering([(form, "%1、")]).replace('w:start w:val="1"', f'w:start w:val="{start}"')
    data = docfiles.docx(docfiles.paragraph("增产", number="1"), numbering=numbering)
    assert extract(data, "a.docx").parts[0].text == label + "增产"


def test_docx_numbers_of_styles() -> None:
    styles = (
        f'<w:styles xmlns:w="{docfiles.W}"><w:style w:type="paragraph" w:styleId="H"><w:pPr><w:numPr>'
        '<w:numId w:val="1"/></w:numPr></w:pPr></w:style><w:style w:type="paragraph" w:styleId="H2">'
        '<w:basedOn w:val="H"/><w:pPr><w:numPr><w:ilvl w:val="1"/></w:numPr></w:pPr></w:style></w:styles>'
    )
    body = "".join(docfiles.paragraph(t, style=s) for t, s in [("甲", "H"), ("乙", "H2"), ("丙", "H")])
    levels = [("chineseCounting", "第%1部分　"), ("decimal", "%1.%2")]
    data = docfiles.docx(body, numbering=docfiles.numbering(levels), styles=styles)
    assert [p.text for p in extract(data, "a.docx").parts] == ["第一部分　甲", "一.1乙", "第二部分　丙"]


def test_docx_tracked_changes_text_boxes_notes_and_tables() -> None:
    box = "<w:txbxContent>" + docfiles.paragraph("框内增产。") + "</w:txbxContent>"
    drawing = (
        f"<w:r><mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )
    deleted = '<w:del w:id="1"><w:r><w:delText>旧</w:delText></w:r></w:del>'
    inserted = f'<w:ins w:id="2">{docfiles.run("新")}</w:ins>'
    fields = "<w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:t>甲</w:t><w:tab/><w:t>乙</w:t></w:r>"
    joined = docfiles.paragraph("前半", properties='<w:rPr><w:del w:id="3"/></w:rPr>')
    merged = [
        [docfiles.cell("农业", '<w:vMerge w:val="restart"/>'), "粮食", "18.4万吨"],
        [docfiles.cell("", "<w:vMerge/>"), "油料", "2.1万吨"],
    ]
    long = "全年新增就业2.83万人。" * 30
    body = (
        docfiles.paragraph(docfiles.run("产量") + deleted + inserted)
        + docfiles.paragraph(drawing)
        + docfiles.paragraph(fields)
        + joined
        + docfiles.paragraph("后半")
        + docfiles.table(merged)
        + f"<w:sdt><w:sdtContent>{docfiles.paragraph('控件内')}</w:sdtContent></w:sdt>"
        + docfiles.table([["总结", long]])
    )
    notes = (
        f'<w:footnotes xmlns:w="{docfiles.W}"><w:footnote w:type="separator" w:id="0">'
        f'{docfiles.paragraph("")}</w:footnote><w:footnote w:id="1">{docfiles.paragraph("注：初步数。")}'
        "</w:footnote></w:footnotes>"
    )
    parts = extract(docfiles.docx(body, footnotes=notes), "a.docx").parts
    assert [(part.name, part.text) for part in parts] == [
        ("paragraph 1", "产量新"),
        ("paragraph 2", ""),
        ("paragraph 3", "框内增产。"),
        ("paragraph 4", "甲\t乙"),
        ("paragraph 5", "前半后半"),
        ("table 1 row 1", "农业\t粮食\t18.4万吨"),
        ("table 1 row 2", "油料\t2.1万吨"),
        ("paragraph 6", "控件内"),
        ("table 2 row 1", f"总结\n{long}"),
        ("footnote 1", "注：初步数。"),
    ]


def test_docx_runs_that_are_hidden_set_high_or_signs_of_a_font() -> None:
    def run(text: str, properties: str) -> str:
        return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"

    def sign(font: str, code: str) -> str:
        return f'<w:r><w:sym w:font="{font}" w:char="{code}"/></w:r>'

    plain, high = docfiles.run, '<w:vertAlign w:val="superscript"/>'
    math = "http://schemas.openxmlformats.org/officeDocument/2006/math"
    parts = [f"<m:{part}><m:r><m:t>{n}</m:t></m:r></m:{part}>" for part, n in (("num", 1), ("den", 4))]
    fraction = f'<m:oMath xmlns:m="{math}"><m:f>{"".join(parts)}</m:f></m:oMath>'
    styles = (
        f'<w:styles xmlns:w="{docfiles.W}"><w:style w:styleId="High"><w:rPr>{high}</w:rPr></w:style>'
        '<w:style w:styleId="Mark"><w:basedOn w:val="High"/></w:style>'
        '<w:style w:styleId="Gone"><w:rPr><w:vanish/></w:rPr></w:style></w:styles>'
    )
    lines = [
        plain("比为1.86")
        + run("3", high)
        + plain("，技改投资462")
        + run("[", high)
        + run("5]", high)
        + plain("亿元"),
        plain("造林36万m")
        + run("2", high)
        + plain("，6.4×10")
        + run("8", '<w:rStyle w:val="Mark"/>')
        + plain("元"),
        plain("新建12") + run("34", "<w:vanish/>") + run("56", '<w:rStyle w:val="Gone"/>') + plain("座"),
        run("在", '<w:vanish w:val="0"/>') + run("此", '<w:rStyle w:val="Gone"/><w:vanish w:val="false"/>'),
        plain("增长7")
        + sign("Symbol", "F02D")
        + plain("8")
        + sign("Symbol", "F025")
        + sign("Wingdings", "F0E0"),
        plain("用水量减少") + fraction + sign("SimSun", "5428") + sign("Symbol", "zz"),
    ]
    parts = [
        p.text
        for p in extract(docfiles.docx("".join(map(docfiles.paragraph, lines)), styles=styles), "a").parts
    ]
    assert parts == [
        "比为1.86³，技改投资462⁵亿元",
        "造林36万m²，6.4×10⁸元",
        "新建12座",
        "在此",
        "增长7−8%\ufffd",
        "用水量减少1/4吨\ufffd",
    ]


def test_docx_numbers_of_items_are_no_part_of_the_figures_behind_them(analyzer: Analyzer) -> None:
    items = ["4个水库完成加固", "7家工厂投产", "6亿元技改贷款全部发放"]
    for label in ("%1.", "%1", "%1)", "%1．", "（%1）"):
        body = "".join(docfiles.paragraph(item, number="1") for item in items)
        numbering = docfiles.numbering([("decimal", label)])
        found = extract(docfiles.docx(body, numbering=numbering), "a.docx")
        text = "\n".join(part.text for part in found.parts)
        claims = analyzer.analyze(text, year=2024).claims
        assert [(str(c.value), c.unit) for c in claims] == [("4", "个"), ("7", "家"), ("600000000", "元")], (
            label
        )


def test_docx_relatives_and_missing_properties() -> None:
    macro = "application/vnd.ms-word.document.macroEnabled.main+xml"
    extracted = extract(docfiles.docx(docfiles.paragraph("增产。"), main=macro, properties=False), "a.docm")
    assert [part.text for part in extracted.parts] == ["增产。"]
    assert (extracted.title, extracted.date, extracted.author) == ("", "", "")


def test_docx_that_is_damaged_or_hostile() -> None:
    good = docfiles.docx(docfiles.paragraph("增产。"))
    hostile = [
        good[: len(good) // 2],
        docfiles.docx("<w:p>"),
        docfiles.zipped({"word/document.xml": b"<x/>"}),
        docfiles.docx("", main="text/plain", numbering="<broken"),
        docfiles.docx(
            docfiles.paragraph("<w:r><w:t>&a;</w:t></w:r>"),
            prolog='<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        ),
    ]
    bomb = docfiles.docx(docfiles.paragraph("增产。"), settings=" " * 5_000_000)
    hostile.append(bomb)
    generator = random.Random(5)  # noqa: S311 - where to break a file
    for _ in range(60):
        broken = bytearray(good)
        for _ in range(4):
            broken[generator.randrange(4, len(broken))] = generator.randrange(256)
        hostile.append(bytes(broken))
    refused: list[str] = []
    for data in hostile:
        try:
            extract(data, "a.docx")
        except InputError as error:
            refused.append(str(error))
    assert len(refused) > 10
    assert all(message.startswith("a.docx: ") and "\n" not in message for message in refused)


def test_docx_reads_its_text_whatever_else_is_missing_or_broken() -> None:
    good = docfiles.docx(docfiles.paragraph("增产。"), settings="<x/>")
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    core, relations, package = "core.xml", "word/_rels/document.xml.rels", "_rels/.rels"
    broken = [
        {**members, core: b"<broken"},
        {**members, core: members[core].replace(b"2025-01-09", b"9999-99-99")},
        {name: data for name, data in members.items() if name != core},
        {**members, relations: members[relations].replace(b'Target="settings.xml"', b"")},
        {**members, relations: members[relations].replace(b"settings.xml", b"NULL")},
        {**members, "word/settings.xml": b"<broken"},
        {name: data for name, data in members.items() if name != "[Content_Types].xml"},
    ]
    found = [extract(docfiles.zipped(each), "a.docx") for each in broken]
    assert [[part.text for part in extracted.parts] for extracted in found] == [["增产。"]] * len(broken)
    assert [f.title for f in found] == ["", "云岭市政府工作报告", "", *["云岭市政府工作报告"] * 4]
    assert [f.date for f in found] == ["", "", "", *["2025-01-09"] * 4]
    for lost in (
        {**members, package: members[package].replace(b'Target="word/document.xml"', b"")},
        {**members, "word/document.xml": b"<broken"},
        {name: data for name, data in members.items() if name != package},
    ):
        with pytest.raises(InputError, match=r"a\.docx: a damaged Word document"):
            extract(docfiles.zipped(lost), "a.docx")


def test_what_a_library_raises_is_an_error_of_the_file() -> None:
    for error in (TypeError("x"), RecursionError(), ZeroDivisionError("a\nb")):
        said = pytest.raises(InputError, match=r"^a: broken \((x|RecursionError|a)\); mend it$")
        with said, foreign("a: broken", "mend it", told=True):
            raise error
    for own in (UsageError("b"), MemoryError(), KeyboardInterrupt()):
        with pytest.raises(type(own)), foreign("a: broken", "mend it"):
            raise own


# --- tables ---

RECORDS: list[dict[str, Any]] = [
    {"标题": "云岭市", "Year": 2024, "正文": '一、回顾\n产量18.4万吨，"增产"。', "level": "市"},
    {"标题": "空", "Year": None, "正文": " ", "level": None},
    {"标题": None, "Year": 2023, "正文": "增收。", "level": "县"},
]


def write(
    path: pathlib.Path, kind: str, records: list[dict[str, Any]], encoding: str = "utf-8"
) -> pathlib.Path:
    if kind == "parquet":
        path.write_bytes(docfiles.parquet(records))
    elif kind == "jsonl":
        path.write_text(docfiles.json_lines(records), encoding=encoding)
    else:
        text = docfiles.separated(records, "," if kind == "csv" else "\t")
        path.write_text(text, encoding=encoding, newline="")
    return path


@pytest.mark.parametrize(
    ("kind", "encoding"),
    [
        ("csv", "utf-8"),
        ("csv", "utf-8-sig"),
        ("csv", "gb18030"),
        ("csv", "utf-16"),
        ("tsv", "utf-8"),
        ("jsonl", "utf-8"),
        ("jsonl", "utf-8-sig"),
        ("parquet", ""),
    ],
)
def test_rows(tmp_path: pathlib.Path, kind: str, encoding: str) -> None:
    path = write(tmp_path / "reports.data", kind, RECORDS, encoding)
    found = list(rows(path, kind))
    assert [(r.name, r.text, r.year, r.extra, r.number) for r in found] == [
        ("云岭市", RECORDS[0]["正文"], 2024, {"level": "市"}, 1),
        ("reports-row 3", "增收。", 2023, {"level": "县"}, 3),
    ]


def test_rows_of_samples(samples: pathlib.Path, tmp_path: pathlib.Path) -> None:
    texts = [(samples / f"{name}.txt").read_text(encoding="utf-8") for name in SAMPLES]
    records = [{"file": name, "text": text} for name, text in zip(SAMPLES, texts, strict=True)]
    for kind in ("csv", "tsv", "jsonl", "parquet"):
        found = list(rows(write(tmp_path / "a", kind, records), kind))
        assert [(row.name, row.text) for row in found] == list(zip(SAMPLES, texts, strict=True))


def test_the_column_of_texts(tmp_path: pathlib.Path) -> None:
    path = write(tmp_path / "a.csv", "csv", [{"编号": 1, "报告": "增产。", "Text": "短"}])
    assert next(rows(path, "csv")).text == "短"
    row = next(rows(path, "csv", text_column="报告"))
    assert (row.text, row.extra) == ("增产。", {"编号": "1", "Text": "短"})
    path = write(tmp_path / "a.jsonl", "jsonl", [{"编号": 1, "报告": "增产。"}])
    with pytest.raises(InputError, match=r"a.jsonl: line 1: no column of texts .*the columns are 编号, 报告"):
        list(rows(path, "jsonl"))
    with pytest.raises(InputError, match="no column 全部; the columns are 编号, 报告"):
        list(rows(path, "jsonl", text_column="全部"))
    with pytest.raises(InputError, match="编号 is no text but int"):
        list(rows(path, "jsonl", text_column="编号"))


@pytest.mark.parametrize(
    ("kind", "text", "message"),
    [
        ("jsonl", '{"text": "增产"}\n{"text": \n', "line 2: no JSON"),
        ("jsonl", '{"text": "增产"}\n\n["x"]\n', "line 3: no JSON object"),
        ("jsonl", "[" * 100_000, "line 1: no JSON"),
        ("jsonl", "\n", "without rows"),
        ("jsonl", '{"text": "增产", "year": "去年"}', "line 1: year '去年' is no year"),
        ("csv", "text,a\n增产,1\n增收\n", "line 3: 1 fields, but the header has 2"),
        ("csv", 'text,a\n"多\n行",1\n增,收,入\n', "line 4: 3 fields"),
        ("csv", 'text\n"不完\n', "line 2: no CSV"),
        ("csv", "text,text\n1,2\n", "two columns are named 'text'"),
        ("csv", "text\n", "without rows"),
        ("csv", "text\n" + "增" * 140_000, "line 2: a field of more than 131072 characters.*JSON Lines"),
        ("parquet", "PAR1xxxxPAR1", "a damaged Parquet file"),
        ("parquet", "PAR1" + "x" * 40 + "\x09\0\0\0PAR1", "a damaged Parquet file"),
    ],
)
def test_bad_lines_are_named(tmp_path: pathlib.Path, kind: str, text: str, message: str) -> None:
    path = tmp_path / "bad"
    path.write_text(text, encoding="utf-8")
    limit = csv.field_size_limit()
    with pytest.raises(InputError, match=message) as caught:
        list(rows(path, kind))
    assert str(caught.value).startswith(f"{path}: ")
    assert "\n" not in str(caught.value)
    assert csv.field_size_limit() == limit


def test_rows_that_cannot_be_read(tmp_path: pathlib.Path) -> None:
    for kind in ("csv", "jsonl", "parquet"):
        with pytest.raises(InputError, match="no such file"):
            list(rows(tmp_path / "none", kind))
    with pytest.raises(UsageError, match="one of jsonl"):
        list(rows(tmp_path, "xls"))
    pa = pytest.importorskip("pyarrow", reason="the extra zhreport[tables] is not installed")
    import pyarrow.parquet as pq

    far = pa.table({"text": ["增产。"], "date": pa.array([10**8], pa.date32())})
    pq.write_table(far, tmp_path / "far.parquet")
    with pytest.raises(InputError, match="damaged Parquet file"):
        list(rows(tmp_path / "far.parquet", "parquet"))
    path = tmp_path / "a.jsonl"
    path.write_bytes('{"text": "增产"}'.encode("gb18030"))
    with pytest.raises(InputError, match="line 1: no JSON in UTF-8"):
        list(rows(path, "jsonl"))


# --- extras ---


@pytest.mark.parametrize(
    ("module", "data", "message"),
    [
        (
            "trafilatura",
            docfiles.page(LINES).encode(),
            r"HTML needs trafilatura: pip install 'zhreport\[files\]'",
        ),
        ("lxml", docfiles.docx(""), r"DOCX needs lxml: pip install 'zhreport\[files\]'"),
    ],
)
def test_missing_libraries_are_named(
    monkeypatch: pytest.MonkeyPatch, module: str, data: bytes, message: str
) -> None:
    for name in [m for m in sys.modules if m == module or m.startswith(module + ".")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtraError, match=message):
        extract(data, "a")


def test_missing_pyarrow_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path) -> None:
    path = write(tmp_path / "a.parquet", "parquet", RECORDS)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtraError, match=r"Parquet needs pyarrow: pip install 'zhreport\[tables\]'"):
        list(rows(path, "parquet"))
