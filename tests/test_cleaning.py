"""Cleaning: what is taken out, what stays, and the way back to the text as read."""

import pathlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhreport import read
from zhreport.reading.cleaning import clean
from zhreport.reading.mapping import MappedText, Sources
from zhreport.report import Analyzer

PARAGRAPHS = (
    "2024年云岭市政府工作报告",
    "一、2023年工作回顾",
    (
        "全市地区生产总值达到1862.4亿元，增长7.5%，居全省第3位；一般公共预算收入完成96.8亿元，增长6.2%，税收占比"
        "达到71.5%。城镇新增就业4.36万人，城镇、农村居民人均可支配收入分别增长5.2%和6.8%。"
    ),
    (
        "建成5G基站1860个，开通1812个，新增高新技术企业126家，培育国家级专精特新“小巨人”企业12家，技术合同成交额"
        "突破50亿元，全社会研发投入增长18.3%，万人发明专利拥有量达到13.6件，科技进步贡献率达到62.5%以上。"
    ),
    "二、2024年重点工作",
    (
        "力争规模以上工业增加值增长8%左右，固定资产投资增长7.5%以上，社会消费品零售总额增长9%，新建改建农村公路"
        "320公里，改造老旧小区86个，惠及居民1.2万户，新增公办幼儿园学位6400个，建成社区养老服务中心25个。"
    ),
)


def broken(line: str, width: int) -> list[str]:
    """A line broken where it is `width` columns wide; letters and digits take half a column."""
    lines, columns = [""], 0.0
    for char in line:
        size = 0.5 if char < "\u0100" else 1
        if columns + size > width:
            lines, columns = [*lines, ""], 0.0
        lines[-1] += char
        columns += size
    return lines


def wrapped(width: int, *, indent: str = "", furniture: bool = True) -> str:
    """The paragraphs as printed on pages: lines of so many characters, a header and a number on each page."""
    lines: list[str] = []
    for paragraph in PARAGRAPHS:
        line = indent + paragraph if len(paragraph) > 40 else paragraph
        lines += broken(line, width)
    pages = [lines[at : at + 9] for at in range(0, len(lines), 9)]
    found: list[str] = []
    for number, page in enumerate(pages, start=1):
        found += ["云岭市政府工作报告", *page, f"— {number} —"] if furniture else page
    return "\n".join(found) + "\n"


@pytest.mark.parametrize("indent", ["", "　　"])
@pytest.mark.parametrize("width", [24, 28, 36])
def test_hard_line_breaks_and_page_furniture(width: int, indent: str) -> None:
    cleaned, steps = clean(wrapped(width, indent=indent))
    assert [line.strip("　") for line in cleaned.text.splitlines()] == list(PARAGRAPHS)
    assert steps == ("page_furniture", "hard_breaks")


def test_the_claims_are_those_of_the_clean_text(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "云岭.txt"
    path.write_text(wrapped(26), encoding="utf-8")
    analyzer = Analyzer()
    report = analyzer.analyze(read(path))
    plain = analyzer.analyze("\n".join(PARAGRAPHS), name="云岭")
    assert [(c.text, c.indicator, c.status, c.period) for c in report.claims] == [
        (c.text, c.indicator, c.status, c.period) for c in plain.claims
    ]
    assert len(report.claims) == 25
    document = report.document
    for claim, row in zip(report.claims, report.to_dicts(), strict=True):
        assert document.text[claim.start : claim.end] == claim.text
        as_read = document.as_read[row["start"] : row["end"]]
        assert as_read.replace("\n", "").replace("云岭市政府工作报告", "").startswith(claim.text[:2])
        pieces = "".join(document.as_read[s["start"] : s["end"]] for s in row["source_spans"])
        assert pieces.replace("\n", "") == claim.text
    raw = analyzer.analyze(read(path, clean=False))
    assert raw.document.text == document.as_read == path.read_text(encoding="utf-8")
    assert raw.document.cleaned == ()


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(PARAGRAPHS),
        "指标\t数值\n产值\t12\n税收\t3\n",
        "1\n项目一览\n3\n7\n",
        "开展“品质生活 乐购云岭”系列活动，举办“云岭 山海”旅游节。",
        "诗曰：\n山高路远，\n水阔天长。\n",
        "",
    ],
)
def test_what_is_clean_stays_as_it_is(text: str) -> None:
    cleaned, steps = clean(text)
    assert (cleaned.text, steps) == (text, ())
    assert cleaned.is_as_read


@pytest.mark.parametrize(
    ("text", "expected", "step"),
    [
        ("增长 8.5 ％，达 到\u200b3 万吨。", "增长8.5％，达 到3万吨。", "unseen"),
        ("增 长 8 . 5 % ， 实 现 新 突 破 。", "增长8.5%，实现新突破。", "inner_spaces"),
        ("首页 | 打印本页 | 分享到：微信 微博\n产值增长5%。\n【关闭窗口】", "产值增长5%。", "web_furniture"),
        ("当前位置：首页 > 政务公开 > 工作报告\n产值增长5%。", "产值增长5%。", "web_furniture"),
        (
            "全面落实《\n云岭条例\n》和《\n水法\n》，粮食增产。",
            "全面落实《云岭条例》和《水法》，粮食增产。",
            "hard_breaks",
        ),
        (
            "去年全市粮食总产量再创新高，连续多年稳步增长，总产量达到74.4\n\u200b\n万吨，增长3%。",
            "去年全市粮食总产量再创新高，连续多年稳步增长，总产量达到74.4万吨，增长3%。",
            "hard_breaks",
        ),
    ],
)
def test_traces_of_pages_and_screens(text: str, expected: str, step: str) -> None:
    cleaned, steps = clean(text)
    assert cleaned.text.strip() == expected
    assert step in steps


CROPS = "小麦 稻谷 玉米 大豆 油料 棉花 糖料 茶叶".split()


@pytest.mark.parametrize(
    "text",
    [
        "".join(f"{crop}\n-{number}\n" for number, crop in enumerate(CROPS, start=3)),
        "序号\n" + "".join(f"{i}\n{crop}\n万吨\n{i * 7}.5\n" for i, crop in enumerate(CROPS, start=1)),
        "".join(f"{year}年  {year / 7:.1f}  {year % 9}.{year % 7}%\n" for year in range(1990, 2024)),
        "".join(f"{year}年 {year / 7:.1f} {year % 9}.{year % 7}%\n" for year in range(1990, 2024)),
        "12 34 56 78 90 11 22\n5 6 7 8 9 3 4\n",
    ],
)
def test_no_figure_of_a_table_is_lost_or_put_to_another(text: str) -> None:
    cleaned, steps = clean(text)
    assert (cleaned.text, steps) == (text, ())


def test_figures_side_by_side_stay_apart_where_words_are_whole() -> None:
    assert clean("合计 12 34 56 78 90 11 22")[0].text == "合计12 34 56 78 90 11 22"
    assert clean("总 产 值 1 2 3 亿 元")[0].text == "总产值123亿元"


def test_rows_at_the_edges_of_pages_are_no_headers() -> None:
    rows = [f"{year}年  {year / 7:.1f}  {year % 9}.{year % 7}%" for year in range(1990, 2026)]
    pages = [f"云岭市统计资料 {i + 5}\n" + "\n".join(rows[12 * i :][:12]) + "\n" for i in range(3)]
    starts = [sum(map(len, pages[:i])) for i in range(3)]
    cleaned, steps = clean("".join(pages), starts, "pdf")
    assert cleaned.text.splitlines() == rows
    assert steps == ("page_furniture",)


def test_markdown() -> None:
    cleaned, _ = clean("# 工作报告\n\n- **产值**增长5%，见[附表](a.html)。\n", form="markdown")
    assert cleaned.text == "工作报告\n\n产值增长5%，见附表。\n"
    link = "![图](a__b.png)，__增产__见[**附表**](x**y.html)。"
    assert clean(link, form="markdown")[0].text == "图，增产见附表。"


@given(st.text(alphabet="增长12，。\n \u200b　—第页《》abc", max_size=80))
def test_every_character_knows_where_it_comes_from(text: str) -> None:
    cleaned, _ = clean(text)
    for place, char in enumerate(cleaned.text):
        ((start, end),) = cleaned.spans(place, place + 1)
        assert end == start + 1
        assert text[start] == char or (char == " " and text[start] in "\n\u200b　")
    again, _ = clean(cleaned.text)
    assert len(again.text) <= len(cleaned.text)


@given(st.text(max_size=30), st.data())
def test_edits_keep_the_way_back(text: str, data: st.DataObject) -> None:
    mapped = MappedText(text)
    for _ in range(2):
        cuts = sorted(data.draw(st.lists(st.integers(0, len(mapped.text)), min_size=2, max_size=2)))
        mapped = mapped.edited([(cuts[0], cuts[1], "")])
    places = [mapped.spans(i, i + 1)[0][0] for i in range(len(mapped.text))]
    assert "".join(text[place] for place in places) == mapped.text
    assert places == sorted(set(places))


def test_sources_name_the_parts() -> None:
    sources = Sources([("page 1", "甲乙"), ("page 2", ""), ("page 3", "丙丁")])
    assert sources.text == "甲乙\n\n丙丁"
    assert sources.places(1, 5) == [("page 1", 1, 2), ("page 3", 0, 1)]
    assert sources.places(0, 2) == [("page 1", 0, 2)]


_RANGES = (
    "全县农业总产值增长4%—5%，水产品产量8.5万—9.5万吨，改造管网六十至七十公里，新增床位1500张至2000张，完成"
    "技改投资12亿~15亿元，万元产值能耗下降2%－3%，产业结构调整为14.5∶38.2∶47.3，新建冷库1,260座，合格率达98.5%以上。"
)
RANGES = ("2024年平安县政府工作报告", "二、2024年重点任务", _RANGES)


@pytest.mark.parametrize("indent", ["", "　　"])
def test_ranges_and_headings_of_wrapped_text_read_as_in_the_text_itself(
    indent: str, analyzer: Analyzer
) -> None:
    def said(text: str) -> list[tuple[object, ...]]:
        claims = analyzer.analyze(text, year=2024).claims
        return [(c.text, c.value, c.low, c.high, c.unit, c.indicator, c.status, c.period) for c in claims]

    expected = said("\n".join(RANGES))
    assert len(expected) == 11
    for width in range(13, 41):
        lines = [indent + line if len(line) > 40 else line for line in RANGES]
        pieces = [line[at : at + width] for line in lines for at in range(0, len(line), width)]
        assert said(clean("\n".join(pieces))[0].text) == expected, width


@pytest.mark.parametrize(
    ("lines", "kept"),
    [
        # a heading above a line that breaks off before a sign that begins none
        (["（一）农业稳中向好", "　　水稻面积增长6.5", "%，油料面积增长8.2%。"], 1),
        (["二、2024年任务", "　　改造管网十二公里，覆盖率达到90", "%，新增泵站八座。"], 1),
        (["云岭市工作总结", "全年水稻面积增长6.5%", "，油料面积增长8.2%。"], 1),
        (["（二）抓投资，促增长", "技改投资增长6.5", "%，设备投资增长8.2%。"], 1),
        # rows of tables
        (["指标 | 单位 | 产量", "水稻 | 万吨 | 36", "，其中早稻12万吨，晚稻24万吨。"], 2),
        (["水稻\t万吨，三年平均\t36", "%以上的村达标，其中山区村12个。"], 1),
        (["水稻 36万吨 9.1", "油料 12万吨 3.2", "茶叶 8万吨 1.2", "甘蔗 5万吨 0.7", "蔬菜 6万吨 1.1"], 5),
    ],
)
def test_headings_and_rows_stay_lines(lines: list[str], kept: int) -> None:
    assert clean("\n".join(lines))[0].text.split("\n")[:kept] == lines[:kept]


def test_a_long_heading_goes_on_though_its_line_is_not_quite_full() -> None:
    heading = "（三）全面落实节水行动，把水资源优势转化为高质量发展胜势和"  # two signs short of the margin
    lines = broken("坚持稳字当头，改善农田水利，落实各项惠农政策，" * 12 + "取得实效。", 31)
    text = "\n".join([*lines, heading, "成效。" + lines[0][3:], *lines[1:]])
    assert f"{heading}成效。" in clean(text)[0].text


def test_linked_words_on_a_line_of_their_own_join_both_sides() -> None:
    text = "各地认真落实各项部署，出台\n云岭市节水办法\n，农业用水下降3.1%。"
    assert clean(text)[0].text == text.replace("\n", "")


def test_a_figure_broken_at_its_point_is_one() -> None:
    assert clean("水稻面积增长6.\n5%，油料产量下降。")[0].text == "水稻面积增长6.5%，油料产量下降。"
    assert clean("任务：\n3.\n5个水库加固。")[0].text == "任务：\n3.\n5个水库加固。"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("新建学校12—\n15所，培训教师。", "新建学校12—15所，培训教师。"),
        ("培训教师800至\n1000人次，支教。", "培训教师800至1000人次，支教。"),
        ("投资增长5%\n—6%，消费回升。", "投资增长5%—6%，消费回升。"),
        ("投资增长5%\n至6%，消费回升。", "投资增长5%至6%，消费回升。"),
    ],
)
def test_a_range_broken_at_its_sign_is_one(text: str, expected: str) -> None:
    assert clean(text)[0].text == expected


@pytest.mark.parametrize("text", ["共5%\n—12—\n又一页", "共5家\n到年底完成", "编号12\n- 5家企业"])
def test_a_dash_that_begins_a_line_is_no_range(text: str) -> None:
    assert clean(text)[0].text == text


def test_page_numbers_in_roman_figures() -> None:
    numbers = ("i", "ii", "iii", "iv", "V", "vi", "vii", "viii", "IX")
    text = (PARAGRAPHS[2] + PARAGRAPHS[3] + PARAGRAPHS[5]) * 3
    pages = [f"{text[60 * i : 60 * i + 60]}\n{number}\n" for i, number in enumerate(numbers)]
    cleaned, _ = clean("".join(pages), [sum(map(len, pages[:i])) for i in range(len(pages))])
    assert cleaned.text.replace("\n", "") == text[: 60 * len(numbers)]
