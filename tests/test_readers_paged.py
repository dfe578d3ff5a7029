"""Reading PDF and OFD files: every character in order, indents, columns, properties and hostile files."""

import io
import random
import sys
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import regex

from zhreport.errors import InputError, MissingExtraError
from zhreport.reading.readers.archive import member, open_archive
from zhreport.reading.readers.extracted import Extracted
from zhreport.reading.readers.ofd import read_ofd
from zhreport.reading.readers.pdf import read_pdf

pytest.importorskip("pypdfium2", reason="needs zhreport[files]")
pytest.importorskip("defusedxml", reason="needs zhreport[files]")
pytest.importorskip("reportlab", reason="the PDF files are made with reportlab")

from pagefiles import drawn_pdf, make_ofd, make_pdf, ofd_members, zipped

SAMPLES = sorted((Path(__file__).parent.parent / "corpora" / "samples").glob("*.txt"))
HEADER = "云岭市文件汇编"
REPORT = (
    "云岭市2024年工作总结\n"
    "全年完成投资12.5亿元，增长8.5%，新开工项目四十六个，比上年多九个，其中五亿元以上项目七个。\n"
    "一、主要成绩\n"
    "新增就业2.3万人，完成年度目标的115%；发放贷款3.6亿元，惠及小微企业820家，平均利率下降0.4个百分点。\n"
)
FORMATS = [pytest.param(make_pdf, read_pdf, id="pdf"), pytest.param(make_ofd, read_ofd, id="ofd")]
Make = Callable[..., bytes]
Read = Callable[[bytes, str], Extracted]


def squeezed(text: str) -> str:
    return regex.sub(r"\s", "", text)


def body(extracted: Extracted) -> list[str]:
    """The lines without headers and page numbers."""
    lines = [line for part in extracted.parts for line in part.text.split("\n")]
    return [line for line in lines if not regex.fullmatch(rf"\s*(?:{HEADER}|— \d+ —)", line)]


@pytest.mark.parametrize(("make", "read"), FORMATS)
@pytest.mark.parametrize("columns", [1, 2, 3])
@pytest.mark.parametrize("path", SAMPLES, ids=lambda p: p.stem)
def test_every_character_comes_back_in_order(path: Path, columns: int, make: Make, read: Read) -> None:
    text = path.read_text(encoding="utf-8")
    extracted = read(make(text, columns=columns, header=HEADER), "a")
    assert squeezed("".join(body(extracted))) == squeezed(text)
    assert extracted.paged
    assert [part.name for part in extracted.parts] == [f"page {i + 1}" for i in range(len(extracted.parts))]


@pytest.mark.parametrize(("make", "read"), FORMATS)
@pytest.mark.parametrize("columns", [1, 2])
@pytest.mark.parametrize("path", SAMPLES, ids=lambda p: p.stem)
def test_just_the_first_lines_of_paragraphs_are_indented(
    path: Path, columns: int, make: Make, read: Read
) -> None:
    text = path.read_text(encoding="utf-8")
    title, *lines = body(read(make(text, columns=columns, header=HEADER), "a"))
    paragraphs = regex.sub(r"\n(?!\u3000)", "", "\n".join(lines)).split("\n")
    expected_title, *expected = [line.strip() for line in text.split("\n") if line.strip()]
    assert title.strip() == expected_title
    assert [p.strip() for p in paragraphs] == expected


@pytest.mark.parametrize(("make", "read"), FORMATS)
def test_headers_and_page_numbers_stay_as_lines_at_the_edges(make: Make, read: Read) -> None:
    text = SAMPLES[0].read_text(encoding="utf-8")
    for columns in (1, 2):
        for number, part in enumerate(read(make(text, columns=columns, header=HEADER), "a").parts, 1):
            lines = part.text.split("\n")
            assert (lines[0].strip(), lines[-1].strip()) == (HEADER, f"— {number} —")


@pytest.mark.parametrize(("make", "read"), FORMATS)
def test_the_properties_of_the_file(make: Make, read: Read) -> None:
    extracted = read(make(REPORT, title="工作总结", author="云岭市统计局"), "a")
    assert (extracted.title, extracted.author) == ("工作总结", "云岭市统计局")
    assert regex.fullmatch(r"\d{4}-\d\d-\d\d", extracted.date)
    assert extracted.format == ("pdf" if read is read_pdf else "ofd")


@pytest.mark.parametrize("make", [make_pdf, make_ofd])
def test_the_makers_give_the_same_bytes(make: Make) -> None:
    assert make(REPORT, columns=2) == make(REPORT, columns=2)


def drawn(
    *strings: tuple[float, float, str], turn: float = 0, stamp: str = "", spread: float = 0
) -> Extracted:
    """A page with strings at their places (x, y from the bottom), read."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), invariant=1)
    if turn:
        canvas.translate(595, 0)
        canvas.rotate(turn)
    canvas.setFont("STSong-Light", 10.5)
    for x, y, string in strings:
        canvas.drawString(x, y, string, charSpace=spread)
    if stamp:
        canvas.translate(150, 500)
        canvas.rotate(40)
        canvas.setFont("STSong-Light", 40)
        canvas.drawString(0, 0, stamp)
    canvas.save()
    return read_pdf(out.getvalue(), "a")


def test_the_cells_of_a_table_row_are_one_line() -> None:
    rows = [("粮食播种面积", "万亩", "482.6"), ("粮食总产量", "万吨", "201.5"), ("生猪出栏", "万头", "268.4")]
    cells = [(72 + 150 * j, 700 - 17 * i, cell) for i, row in enumerate(rows) for j, cell in enumerate(row)]
    assert drawn(*cells).parts[0].text.split("\n") == ["  ".join(row) for row in rows]


def test_columns_with_other_baselines_and_a_heading_across() -> None:
    left = [(72.0, 700 - 17.0 * i, f"左栏第{i}行写着完成投资若干亿元的进度") for i in range(8)]
    right = [(320.0, 694 - 15.0 * i, f"右栏第{i}行写着新增就业若干万人的进度") for i in range(9)]
    heading = (120.0, 717.0, "一、这是横跨左右两栏的标题，它应当排在两栏所有各行的前面")
    lines = drawn(*left, *right, heading).parts[0].text.split("\n")
    assert [line.strip() for line in lines] == [
        heading[2],
        *(s for _, _, s in left),
        *(s for _, _, s in right),
    ]


def test_lines_are_ordered_by_place_not_by_the_order_of_drawing() -> None:
    lines = [(72.0, 700 - 17.0 * i, f"第{i}行文字写在这里供核对") for i in range(5)]
    assert drawn(*reversed(lines)).parts[0].text == "\n".join(s for _, _, s in lines)


def test_a_figure_set_high_and_a_sign_drawn_twice() -> None:
    text = (
        drawn((72, 700, "全市新建房屋12万m"), (72 + 10.5 * 8, 704, "2"), (72.4, 700, "全市新建房屋12万m"))
        .parts[0]
        .text
    )
    assert squeezed(text) == "全市新建房屋12万m2"


@pytest.mark.parametrize("spread", [1, 3, 9])
def test_the_even_gaps_of_a_justified_line_are_no_spaces(spread: float) -> None:
    line = "完成投资1562.4亿元，GDP增长8.5%"
    assert drawn((72, 700, line), spread=spread).parts[0].text == line


def test_single_figures_in_cells_stay_apart() -> None:
    cells = [(72.0 + 60 * i, 700.0, str(i)) for i in range(7)]
    assert drawn(*cells).parts[0].text.split() == [str(i) for i in range(7)]


def test_a_broken_title_does_not_lose_the_text() -> None:
    data = make_pdf("报告\n全年产量12万吨。", title="ABCDEFGH", author="云岭市")
    assert data.count(b"(ABCDEFGH)") == 1
    found = read_pdf(data.replace(b"(ABCDEFGH)", b"<FEFFD800>"), "a")  # half a surrogate pair
    assert "全年产量12万吨。" in squeezed(found.parts[0].text)
    assert (found.title, found.author) == ("", "云岭市")


def test_a_page_of_scattered_signs_is_read_whole() -> None:
    # words of two signs: the PDFium of 2026 finds no text where every string of a page has one sign
    places = [(60 + i * 37 % 470, 60 + i * 61 % 700, "增长") for i in range(3000)]
    assert 2500 < squeezed(drawn(*places).parts[0].text).count("增") <= 3000


def test_a_page_on_its_side_reads_like_others_and_a_stamp_stays_out_of_lines() -> None:
    lines = [(72.0, 500 - 17.0 * i, f"第{i}行文字写在这里供核对，完成投资{i}亿元") for i in range(5)]
    expected = [s for _, _, s in lines]
    assert drawn(*lines, turn=90).parts[0].text.split("\n") == expected
    stamped = drawn(*lines, stamp="内部资料").parts[0].text.split("\n")
    assert stamped[:5] == expected
    assert squeezed("".join(stamped[5:])) == "内部资料"


# --- characters that fonts name otherwise


def test_radicals_and_compatibility_forms_are_read_as_the_characters_meant() -> None:
    row = "农⺠人均收入增⻓8.1%，蔬菜产量\uf9d1万吨"
    assert (
        read_pdf(drawn_pdf([(72, 100, 12, row)]), "a").parts[0].text == "农民人均收入增长8.1%，蔬菜产量六万吨"
    )
    members = ofd_members("报告\n" + row, page_numbers=False)
    assert "农民人均收入增长8.1%，蔬菜产量六万吨" in squeezed(read_ofd(zipped(members), "a").parts[0].text)


def test_two_characters_of_one_glyph_keep_their_order() -> None:
    row = [*"建成W", "i", "-", "Fi", *"站点86个，宽带", "ffi", *"全覆盖"]
    assert read_pdf(drawn_pdf([(72, 100, 12, row)]), "a").parts[0].text == "建成Wi-Fi站点86个，宽带ffi全覆盖"


def test_figures_set_high_are_marks_of_notes_and_powers() -> None:
    pieces = [
        (72.0, 100.0, 12.0, "消费比为1.86"),
        (72.0 + 12 * 8, 95.0, 6.0, "3"),
        (72.0 + 12 * 8 + 6, 100.0, 12.0, "，造林36万m"),
        (72.0 + 12 * 15 + 6, 95.0, 6.0, "2"),
        (72.0 + 12 * 15 + 12, 100.0, 12.0, "以上"),
    ]
    assert read_pdf(drawn_pdf(pieces), "a").parts[0].text == "消费比为1.86³，造林36万m²以上"


_SENTENCES = "全年技改投资462.8亿元，增长8.1%。农民人均收入增长6.2%，轿车产量35万辆，出栏肉羊86万只。" * 2


def _rows(text: str) -> list[tuple[float, float, float, str]]:
    return [(72.0, 100.0 + 20 * i, 12.0, text[at : at + 30]) for i, at in enumerate(range(0, len(text), 30))]


@pytest.mark.parametrize(
    "text",
    [
        "".join(chr(0xE000 + ord(sign) % 5000) for sign in _SENTENCES),
        _SENTENCES.translate(dict(zip(map(ord, "增万元"), "\ue001\ue002\ue003", strict=True))),
        _SENTENCES.replace("增", "\ufffd"),
        "".join(chr(ord(sign) + 977) if sign > "\x7f" else sign for sign in _SENTENCES),
        _SENTENCES.encode("gb18030").decode("latin-1"),
    ],
)
def test_fonts_that_do_not_say_their_characters(text: str) -> None:
    with pytest.raises(InputError, match="fonts do not say"):
        read_pdf(drawn_pdf(_rows(text)), "a.pdf")


def test_bullets_of_a_font_of_its_own_are_no_loss() -> None:
    rows = [(72.0, 100.0 + 20 * i, 12.0, f"\uf06c第{i}行增长8.1%") for i in range(9)]
    assert read_pdf(drawn_pdf(rows), "a").parts[0].text.count("行增长8.1%") == 9
    assert squeezed(read_pdf(drawn_pdf(_rows(_SENTENCES)), "a").parts[0].text) == _SENTENCES


# --- files that cannot be read


def pdf_of_empty_pages(count: int) -> bytes:
    import pypdfium2

    pdf = pypdfium2.PdfDocument.new()
    for _ in range(count):
        pdf.new_page(595, 842).close()
    out = io.BytesIO()
    pdf.save(out)
    pdf.close()
    return out.getvalue()


def one_line(read: Read, data: bytes) -> str:
    with pytest.raises(InputError) as caught:
        read(data, "报告.x")
    message = str(caught.value)
    assert message.startswith("报告.x: ")
    assert "\n" not in message
    return message


def test_a_pdf_without_a_text_layer() -> None:
    assert one_line(read_pdf, pdf_of_empty_pages(3)) == (
        "报告.x: a PDF of 3 pages without a text layer (scanned pages); run OCR over it first"
    )
    assert "4000 pages" in one_line(read_pdf, pdf_of_empty_pages(4_000))


def test_an_encrypted_pdf() -> None:
    assert "encrypted" in one_line(read_pdf, make_pdf(REPORT, locked=True))


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7\n", b"no PDF at all", bytes(range(256)) * 10])
def test_a_broken_pdf(data: bytes) -> None:
    assert "broken" in one_line(read_pdf, data)


@pytest.mark.parametrize(("make", "read"), FORMATS)
def test_a_file_cut_short_gives_text_or_one_line(make: Make, read: Read) -> None:
    data = make(REPORT, columns=2)
    refused = read_whole = 0
    for share in range(20):
        cut = data[: len(data) * share // 20]
        try:
            assert "投资" in read(cut, "a").parts[0].text
        except InputError as error:
            refused += "\n" not in str(error)
        else:
            read_whole += 1
    assert refused + read_whole == 20
    assert refused >= 10


def test_a_missing_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    monkeypatch.setitem(sys.modules, "defusedxml", None)
    with pytest.raises(
        MissingExtraError, match=r"reading PDF needs pypdfium2: pip install 'zhreport\[files\]'"
    ):
        read_pdf(b"", "a")
    with pytest.raises(MissingExtraError, match=r"pip install 'zhreport\[files\]'"):
        read_ofd(make_ofd(REPORT), "a")


def changed(path: str, content: str | bytes) -> bytes:
    return zipped({**ofd_members(REPORT), path: content})


PAGE = "Doc_0/Pages/Page_0/Content.xml"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        pytest.param(b"", "ZIP", id="empty"),
        pytest.param(b"PK\x03\x04" + bytes(200), "ZIP", id="no directory"),
        pytest.param(zipped({"a.xml": "<a/>"}), "OFD.xml is missing", id="another archive"),
        pytest.param(changed(PAGE, "<a>"), "not XML", id="bad XML"),
        pytest.param(changed(PAGE, "<a/>"), "without text", id="no text"),
        pytest.param(
            changed(PAGE, '<a><TextObject Boundary="0 0 1 1" Size="nan"/></a>'), "number", id="no number"
        ),
        pytest.param(
            changed(PAGE, '<a><TextObject Boundary="0 0 1 1" Size="3" CTM="1 2"/></a>'), "number", id="matrix"
        ),
        pytest.param(
            changed(
                PAGE,
                "<a>"
                + "".join(
                    '<TextObject Boundary="0 1e308 1 1" Size="1e-300">'
                    f'<TextCode X="{i}" Y="{4 * i}" DeltaX="3 3 3">粮食产量又增长百分之五以上</TextCode>'
                    "</TextObject>"
                    for i in range(6)
                )
                + "</a>",
            ),
            "number",
            id="far away",
        ),
        pytest.param(
            changed(PAGE, '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'),
            "entities",
            id="outer entity",
        ),
        pytest.param(
            changed("OFD.xml", '<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><a>&c;</a>'),
            "entities",
            id="entities in entities",
        ),
        pytest.param(
            changed("Doc_0/Document.xml", "<D><Pages>" + '<Page BaseLoc="x"/>' * 999 + "</Pages></D>"),
            "more pages",
            id="too many pages",
        ),
        pytest.param(changed(PAGE, b"0" * 30_000_000), "bomb", id="steep"),
    ],
)
def test_a_hostile_ofd(data: bytes, words: str) -> None:
    assert words in one_line(read_ofd, data)


def test_steps_that_repeat_without_end() -> None:
    steps = "g 999999999 4 " * 1000
    page = (
        '<a><TextObject Boundary="0 0 1 1" Size="4">'
        f'<TextCode X="0" Y="4" DeltaX="{steps}">增长</TextCode></TextObject></a>'
    )
    tracemalloc.start()
    try:
        assert read_ofd(changed(PAGE, page), "a").parts[0].text == "增长"
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def test_an_ofd_text_object_with_a_matrix() -> None:
    # twice as large as its Size says: the second object begins where the first one ends
    page = (
        '<a><TextObject Boundary="10 10 90 9" CTM="2 0 0 2 0 0" Size="2">'
        '<TextCode X="0" Y="2" DeltaX="g 3 2">完成投资</TextCode></TextObject>'
        '<TextObject Boundary="26 10 9 9" Size="4"><TextCode X="0" Y="4" '
        'DeltaX="2 2 2">12亿元</TextCode></TextObject></a>'
    )
    assert squeezed(read_ofd(changed(PAGE, page), "a").parts[0].text) == "完成投资12亿元"


def test_an_archive_that_unpacks_to_too_much_in_all() -> None:
    # each member grows little enough to pass by itself
    noise = random.Random(1).randbytes(10_000)  # noqa: S311 - no secret
    part = (noise + bytes(len(noise) * 60)) * 64
    archive: dict[str, str | bytes] = {f"{i}.bin": part for i in range(6)}
    with pytest.raises(InputError, match="more than 200,000,000 unpacked"):
        open_archive(zipped(archive), "a")


def test_a_member_that_lies_about_its_size() -> None:
    data = bytearray(zipped({"a.xml": b"0123456789" * 50_000}))
    for signature, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = data.index(signature) + offset
        data[at : at + 4] = (100).to_bytes(4, "little")
    with pytest.raises(InputError, match=r"^a: a broken file, a\.xml in it"):
        member(open_archive(bytes(data), "a"), "a.xml", "a")


def test_an_encrypted_archive() -> None:
    data = bytearray(zipped({"a.xml": b"x"}))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(InputError, match="password"):
        open_archive(bytes(data), "a")
    assert isinstance(open_archive(zipped({"a": b"x"}), "a"), zipfile.ZipFile)
