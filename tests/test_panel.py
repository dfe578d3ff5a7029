"""The panel: which indicator, which cell, and what happens where statements do not agree."""

import csv
import importlib.util
import os
import pathlib
from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise
from types import ModuleType
from typing import Any

import pytest
from click.testing import CliRunner, Result

import zhreport
from zhreport import read
from zhreport.cli import cli
from zhreport.document import make_document
from zhreport.errors import DataFileError, InputError, UsageError
from zhreport.panel import (
    KEY,
    MEASURES,
    PANEL,
    PANEL_FIELDS,
    STATES,
    Panel,
    PanelDocument,
    PanelRow,
    default_catalogue,
    document_of,
    documents_of_rows,
    panel,
    read_catalogue,
)
from zhreport.report import Analyzer
from zhreport.writing import TABLE_ENDINGS, write_table

ROOT = pathlib.Path(__file__).resolve().parent.parent
TABLE = ROOT / "tests" / "panel" / "growth.csv"
REPORTS = pathlib.Path(os.environ.get("ZHREPORT_REPORTS") or ROOT.parent / "shared" / "reports")
CITY = {"region": "云岭市", "level": "prefecture"}


def made(analyzer: Analyzer, text: str, year: int = 2025, **place: str) -> PanelDocument:
    report = analyzer.analyze(text, year=year, name=place.pop("name", f"report-{year}"))
    return document_of(report, **{**CITY, **place})


def rows(analyzer: Analyzer, text: str, year: int = 2025, **place: str) -> Panel:
    return panel([made(analyzer, text, year, **place)])


def short(row: PanelRow) -> tuple[Any, ...]:
    value = f"{row.low:f}..{row.high:f}" if row.low is not None else f"{row.value:f}"
    return (row.year, row.indicator, row.measure, f"{value} {row.unit}".strip(), row.relation, row.status)


REVIEW = "一、2024年工作回顾\n"
PLAN = "二、2025年工作安排\n"


# -- which indicator ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("地区生产总值", "gdp"),
        ("GDP", "gdp"),
        ("ＧＤＰ", "gdp"),
        ("全市生产总值", "gdp"),
        ("预计全年全市地区生产总值", "gdp"),
        ("云岭市地区生产总值", "gdp"),
        ("云岭地区生产总值[3]", "gdp"),
        ("地区生产总值总量", "gdp"),
        ("人均地区生产总值", "gdp_per_capita"),
        ("规模以上工业增加值", "industry_value_added_large"),
        ("规模工业增加值", "industry_value_added_large"),
        ("工业增加值", "industry_value_added"),
        ("制造业增加值", "manufacturing_value_added"),
        ("服务业增加值占地区生产总值的比重", "services_share"),
        ("全社会研发经费支出占全市生产总值的比例", "rd_intensity"),
        ("研究与试验发展（R&D）经费投入强度", "rd_intensity"),
        ("单位地区生产总值能耗", "energy_intensity"),
        ("细颗粒物（PM2.5）平均浓度", "pm25"),
        ("城镇常住居民人均可支配收入", "urban_income"),
        ("“专精特新”企业", ""),
        ("澜泉县地区生产总值", ""),
        ("全省地区生产总值", ""),  # in the report of a city
        ("高新区规上工业增加值", ""),
        ("地区生产总值占全省比重", ""),
        ("全市", ""),
        ("", ""),
    ],
)
def test_a_wording_is_matched_as_a_whole(text: str, want: str) -> None:
    book = default_catalogue()
    match = book.match(text, book.own_names("云岭市", "prefecture"))
    assert (match.indicator.id if match else "") == want


def test_the_own_place_depends_on_the_level() -> None:
    book = default_catalogue()
    assert book.match("全省地区生产总值", book.own_names("云南省", "province")) is not None
    assert book.match("全国粮食产量", book.own_names("", "central")) is not None
    assert book.match("全国粮食产量", book.own_names("云南省", "province")) is None
    assert book.match("全国粮食产量", book.own_names()) is None  # of an unknown place: every word but 全国
    assert book.match("全州粮食产量", book.own_names()) is not None


def test_tails_and_verbs() -> None:
    book = default_catalogue()
    for text, tail in (("GDP增速", "growth"), ("GDP总量增速", "growth"), ("单位GDP能耗降低率", "fall")):
        match = book.match(text)
        assert match is not None
        assert match.tail == tail
    assert book.match("城镇就业") is None
    match = book.match("城镇就业", verb="新增")
    assert match is not None
    assert match.indicator.id == "urban_new_jobs"


def test_the_catalogue_is_sound() -> None:
    book = default_catalogue()
    assert len(book.indicators) >= 120
    for key, one in book.indicators.items():
        assert key == one.id
        assert one.name
        assert one.english.isascii()
        for wording in one.wordings:
            match = book.match(wording)
            assert match is not None, wording
            assert match.indicator.id == key, wording


def test_a_catalogue_of_ones_own(tmp_path: pathlib.Path, analyzer: Analyzer) -> None:
    path = ROOT / "src" / "zhreport" / "data" / "indicators.toml"
    mine = tmp_path / "mine.toml"
    entry = '\n[indicators.tea]\nname = "茶叶产量"\nenglish = "tea"\ndimension = "mass"\nunit = "吨"\n'
    mine.write_text(path.read_text(encoding="utf-8") + entry + 'measures = "level"\n', encoding="utf-8")
    found = panel([made(analyzer, REVIEW + "茶叶产量3万斤。")], catalogue=read_catalogue(mine))
    assert [short(row) for row in found] == [(2024, "tea", "level", "15 吨", "eq", "actual")]

    mine.write_text(path.read_text(encoding="utf-8") + entry, encoding="utf-8")
    with pytest.raises(DataFileError, match=r"indicators\.tea"):
        read_catalogue(mine)
    twice = entry.replace("茶叶产量", "GDP") + 'measures = "level"\n'
    mine.write_text(path.read_text(encoding="utf-8") + twice, encoding="utf-8")
    with pytest.raises(DataFileError, match="GDP is a wording of gdp too"):
        read_catalogue(mine)
    mine.write_text(path.read_text(encoding="utf-8") + entry + 'measures = "height"\n', encoding="utf-8")
    with pytest.raises(DataFileError, match="measures out of level"):
        read_catalogue(mine)
    mine.write_text("tail = 3\n", encoding="utf-8")
    with pytest.raises(DataFileError, match="tail must be a table"):
        read_catalogue(mine)
    nameless = entry.replace("茶叶产量", "") + 'measures = "level"\n'
    mine.write_text(path.read_text(encoding="utf-8") + nameless, encoding="utf-8")
    with pytest.raises(DataFileError, match="a name"):
        read_catalogue(mine)
    mine.write_text("[", encoding="utf-8")
    with pytest.raises(DataFileError, match="mine"):
        read_catalogue(mine)
    mine.write_text("[tail]\ngrowth = 3\n", encoding="utf-8")
    with pytest.raises(DataFileError, match=r"\[tail\] growth must be"):
        read_catalogue(mine)
    with pytest.raises(InputError, match="absent"):
        read_catalogue(tmp_path / "absent.toml")


def test_indicators_of_ones_own_stand_beside_ours(analyzer: Analyzer, tmp_path: pathlib.Path) -> None:
    mine = tmp_path / "mine.toml"
    entry = 'name = "茶叶产量"\nenglish = "tea"\ndimension = "mass"\nunit = "吨"\nmeasures = "level"\n'
    mine.write_text(f"[indicators.tea]\n{entry}", encoding="utf-8")
    found = panel([made(analyzer, REVIEW + "茶叶产量3万斤，粮食产量2万吨。")], catalogue=read_catalogue(mine))
    assert [row.indicator for row in found] == ["grain_output", "tea"]
    mine.write_text(f"[indicators.grain_output]\n{entry}", encoding="utf-8")  # in the place of ours
    found = panel([made(analyzer, REVIEW + "茶叶产量3万斤，粮食产量2万吨。")], catalogue=read_catalogue(mine))
    assert [(row.indicator, row.name) for row in found] == [("grain_output", "茶叶产量")]


# -- which cell --------------------------------------------------------------------------------------


def test_level_growth_and_rank_are_apart(analyzer: Analyzer) -> None:
    found = rows(analyzer, REVIEW + "全市地区生产总值862.4亿元、增长5.8%，增速居全省第3位。")
    assert [short(row) for row in found] == [
        (2024, "gdp", "level", "86240000000 元", "eq", "actual"),
        (2024, "gdp", "growth", "5.8 %", "eq", "actual"),
        (2024, "gdp", "growth_rank", "3 位", "eq", "actual"),
    ]
    assert found[2].scope == "全省"
    assert {row.state for row in found} == {"found"}
    assert {row.sentence for row in found} == {"全市地区生产总值862.4亿元、增长5.8%，增速居全省第3位。"}


def test_past_and_coming_year(analyzer: Analyzer) -> None:
    text = REVIEW + "地区生产总值增长5.8%。\n" + PLAN + "主要预期目标是：地区生产总值增长5%—5.5%。"
    assert [short(row) for row in rows(analyzer, text)] == [
        (2024, "gdp", "growth", "5.8 %", "eq", "actual"),
        (2025, "gdp", "growth", "5..5.5 %", "range", "target"),
    ]


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("单位地区生产总值能耗下降3%以上。", ("growth", "-3 %", "le")),
        ("固定资产投资下降2%—3%。", ("growth", "-3..-2 %", "range")),
        ("粮食产量46亿斤。", ("level", "2300000 吨", "eq")),
        ("粮食播种面积20万公顷。", ("level", "3000000 亩", "eq")),
        ("进出口总额9.7亿美元。", ("level", "970000000 美元", "eq")),
        ("常住人口城镇化率提高0.9个百分点。", ("change", "0.9 个百分点", "eq")),
        ("税收占一般公共预算收入比重72.5%。", ("share", "72.5 %", "eq")),
        ("全社会研发经费投入强度达到1.85%。", ("share", "1.85 %", "eq")),
        ("居民消费价格上涨0.2%。", ("growth", "0.2 %", "eq")),
        ("新增城镇就业2.4万人。", ("level", "24000 人", "eq")),
        ("经营主体总量达22万户。", ("level", "220000 户", "eq")),
        ("城市、农村低保标准分别提高到680元/月和540元/月。", ("level", "680 元/月", "eq")),
    ],
)
def test_values(analyzer: Analyzer, text: str, want: tuple[str, str, str]) -> None:
    assert short(rows(analyzer, REVIEW + text)[0])[2:5] == want


@pytest.mark.parametrize(
    "text",
    [
        "地区生产总值增速高于全省平均水平1.2个百分点。",  # a distance
        "五年来，地区生产总值年均增长6%。",  # not a year
        "一季度地区生产总值增长6%。",
        "快递业务量年均增长超21%。",
        "新培育高新技术企业30家。",  # not how many there are
        "高新区完成进出口总额30亿元。",  # not the city's
        "澜泉县地区生产总值80亿元。",
        "PM2.5平均浓度比2019年下降25%。",  # not a year's growth
        "与2019年相比，粮食产量增长25%。",
        "农村居民人均可支配收入平均每年增长6%。",
        "城镇新增就业累计超过41万人。",  # a sum over years
        "地区生产总值是2015年的2.3倍。",
    ],
)
def test_what_is_no_cell(analyzer: Analyzer, text: str) -> None:
    assert [row for row in rows(analyzer, REVIEW + text) if not row.scope] == []


def test_a_joint_name_is_each_of_its_members(analyzer: Analyzer) -> None:
    found = rows(
        analyzer, REVIEW + "进出口总额、实际使用外资均增长8%以上。高新技术企业、科技型中小企业共1200家。"
    )
    assert [(row.indicator, row.measure, row.text) for row in found] == [
        ("trade", "growth", "8%"),
        ("foreign_investment", "growth", "8%"),
    ]


def test_a_sum_within_the_year_is_one(analyzer: Analyzer) -> None:
    assert len(rows(analyzer, REVIEW + "全年累计新增城镇就业2.4万人。")) == 1


# -- agreement and conflict --------------------------------------------------------------------------


def test_statements_that_agree_are_one_row(analyzer: Analyzer) -> None:
    text = "地区生产总值突破千亿元、达到1036.8亿元。经济总量迈上1000亿元台阶。地区生产总值约1037亿元。"
    found = rows(analyzer, REVIEW + text)
    assert [short(row)[3:5] for row in found] == [("103680000000 元", "eq")]
    assert found[0].state == "found"


def test_statements_that_do_not_agree_are_all_kept(analyzer: Analyzer) -> None:
    text = "地区生产总值862.4亿元。地区生产总值达到871亿元。地区生产总值862.4亿元。"
    found = rows(analyzer, REVIEW + text)
    assert [(row.text, row.state) for row in found] == [("862.4亿元", "conflict"), ("871亿元", "conflict")]


@pytest.mark.parametrize(
    ("one", "other", "state"),
    [
        ("增长5.84%", "增长5.8%", "found"),
        ("增长5.86%", "增长5.8%", "conflict"),
        ("增长6%左右", "增长5.8%", "found"),
        ("增长6%左右", "增长5.4%", "conflict"),
        ("增长5%以上", "增长5.8%", "found"),
        ("增长6%以上", "增长5.8%", "conflict"),
        ("增长5%以上", "增长6%以上", "conflict"),
        ("下降3%以上", "下降3.4%", "found"),
        ("下降3%以上", "下降2.4%", "conflict"),
        ("增长5%—6%", "增长5.8%", "found"),
    ],
)
def test_agreement_within_rounding(analyzer: Analyzer, one: str, other: str, state: str) -> None:
    text = "固定资产投资"
    documents = [
        made(analyzer, f"{REVIEW}预计{text}{one}。", name="a"),
        made(analyzer, f"{REVIEW}{text}{other}。", name="b"),
    ]
    found = panel(documents)
    assert [(row.doc, row.state) for row in found] == [("a", state), ("b", state)]
    assert panel(reversed(documents)) == found


def test_a_target_and_what_is_strived_for_are_no_conflict(analyzer: Analyzer) -> None:
    found = rows(
        analyzer, PLAN + "主要预期目标是：地区生产总值增长6.5%、力争7%以上。确保粮食产量40万吨、力争42万吨。"
    )
    assert [(row.indicator, row.text, row.tone == "stretch", row.state) for row in found] == [
        ("gdp", "6.5%", False, "found"),
        ("gdp", "7%", True, "found"),
        ("grain_output", "40万吨", False, "found"),
        ("grain_output", "42万吨", True, "found"),
    ]


def test_ranks_among_different_places_are_no_conflict(analyzer: Analyzer) -> None:
    found = rows(analyzer, REVIEW + "粮食产量46亿斤，居全省第3位、全国第20位。")
    assert [(row.measure, row.scope, row.state) for row in found if row.measure == "rank"] == [
        ("rank", "全国", "found"),
        ("rank", "全省", "found"),
    ]


def test_places_of_one_name_are_told_apart_by_code(analyzer: Analyzer) -> None:
    one = made(analyzer, REVIEW + "地区生产总值增长5.8%。", name="a", region_code="110101")
    other = made(analyzer, REVIEW + "地区生产总值增长3%。", name="b", region_code="120101")
    assert [row.state for row in panel([one, other])] == ["found", "found"]
    unknown = [made(analyzer, REVIEW + f"粮食产量{n}万吨。", name=f"r{n}", region="") for n in (3, 5)]
    assert [row.state for row in panel(unknown)] == ["found", "found"]


# -- targets and what is missing ---------------------------------------------------------------------


def test_last_years_target_stands_beside_this_years_result(analyzer: Analyzer) -> None:
    before = made(analyzer, "2024年工作安排\n地区生产总值增长6%左右，固定资产投资增长8%。", 2024)
    after = made(analyzer, REVIEW + "地区生产总值增长5.8%。\n" + PLAN + "地区生产总值增长5.5%。")
    found = {(row.year, row.status): row for row in panel([after, before], indicators=["gdp"])}
    result = found[2024, "actual"]
    assert (result.target_value, result.target_relation, result.target_doc) == (
        Decimal(6),
        "approx",
        "report-2024",
    )
    assert result.target_state == "found"
    assert before.document is not None
    assert before.document.text[result.target_start : result.target_end] == "6%"
    assert found[2024, "target"].target_value is None
    assert found[2025, "target"].target_doc == ""


def test_a_complete_panel_says_what_is_missing_and_why(analyzer: Analyzer) -> None:
    text = (
        REVIEW
        + "地区生产总值增长5.8%。全市社会消费品零售总额之变见附表第12页。"
        + "人均地区生产总值再创新高，改造水库12座。居民消费价格平稳。高新区税收3亿元。"
    )
    wanted = ["gdp", "gdp_per_capita", "retail_sales", "cpi"]
    document = made(analyzer, text)
    found = {
        (row.year, row.status, row.indicator, row.measure): row.state
        for row in panel([document], indicators=wanted, complete=True)
    }
    assert found[2024, "actual", "gdp", "growth"] == "found"
    assert found[2024, "actual", "gdp", "level"] == "not_stated"
    assert found[2024, "actual", "gdp_per_capita", "level"] == "not_stated"
    assert found[2024, "actual", "retail_sales", "growth"] == "not_found"
    assert found[2025, "target", "cpi", "growth"] == "not_stated"
    assert len(found) == 2 * (2 + 2 + 2 + 2)
    assert [row.state for row in panel([document], indicators=wanted)] == ["found"]


# -- input and output --------------------------------------------------------------------------------


def test_stored_rows_give_the_same_panel(analyzer: Analyzer, samples: pathlib.Path) -> None:
    with (samples / "metadata.csv").open(encoding="utf-8", newline="") as lines:
        table = {row["file"]: row for row in csv.DictReader(lines)}
    reports = {p.stem: (analyzer.analyze(read(p)), table[p.name]) for p in sorted(samples.glob("*.txt"))}
    direct = [document_of(r, region=row["region"], level=row["level"]) for r, row in reports.values()]
    documents, claims = stored_rows(*direct)
    paragraphs = [
        {"file": r.document.file, "clean_start": p.start, "text": r.document.text[p.start : p.end]}
        for r, _ in reports.values()
        for p in r.paragraphs
    ]
    want = panel(direct)
    assert len(want) > 100
    assert panel(documents_of_rows(documents, claims, paragraphs)) == want
    assert panel(documents_of_rows(documents, reversed(claims), paragraphs)) == want
    floats = [
        {**row, **{n: None if row[n] is None else float(row[n]) for n in ("value", "low", "high")}}
        for row in claims
    ]
    assert panel(documents_of_rows(documents, floats, paragraphs)) == want
    blind = panel(documents_of_rows(documents, claims))
    assert {row.sentence for row in blind} == {""}
    assert len(blind) >= len(want)


def test_the_rows_of_the_samples(analyzer: Analyzer, samples: pathlib.Path) -> None:
    report = analyzer.analyze(read(samples / "annual-government-report.txt"))
    found = panel([document_of(report, **CITY)])
    text = report.document.text
    facts = {short(row)[:5] for row in found}
    assert {
        (2024, "gdp", "level", "103680000000 元", "eq"),
        (2024, "gdp", "growth", "5.8 %", "eq"),
        (2025, "gdp", "growth", "5.5 %", "approx"),
        (2025, "investment", "growth", "6..7 %", "range"),
        (2024, "urban_income", "level", "46280 元", "eq"),
        (2024, "urban_income", "growth", "5.1 %", "eq"),
        (2025, "rural_income", "growth", "7 %", "eq"),
        (2024, "forest_cover", "level", "61 %", "ge"),
        (2025, "grain_output", "level", "1000000 吨", "ge"),
        (2025, "unemployment_surveyed", "level", "5.5 %", "le"),
        (2024, "urbanisation", "change", "0.9 个百分点", "eq"),
        (2024, "energy_intensity", "growth", "-3.4 %", "eq"),
        (2027, "gdp", "level", "120000000000 元", "eq"),
    } <= facts
    assert [row for row in found if row.state == "conflict"] == []
    for row in found:
        assert text[row.start : row.end] == row.text
        assert row.text in row.sentence
        assert row.state in STATES
        assert row.measure in MEASURES
    assert set(PanelRow.__dataclass_fields__) == set(PANEL_FIELDS) - {"value_exact", "source"}
    assert len({tuple(getattr(row, name) for name in KEY) for row in found}) == len(found)


def test_no_claims_no_rows() -> None:
    assert panel([]) == []
    assert panel([PanelDocument(name="empty", region="云岭市")]) == []
    empty = PanelDocument(name="empty", region="云岭市", document=make_document("无数字。"))
    assert panel([empty], complete=True) == []  # of no year that is known


def test_an_unknown_indicator_is_an_error() -> None:
    with pytest.raises(UsageError, match="'gpd'"):
        panel([], indicators=["gpd"])


def test_reports_of_one_name_are_two(analyzer: Analyzer) -> None:
    before = made(analyzer, "2024年工作安排\n地区生产总值增长6%左右。", 2024, name="报告")
    after = made(analyzer, REVIEW + "地区生产总值增长5.8%。", name="报告")
    for documents in ([before, after], documents_of_rows(*stored_rows(before, after))):
        found = panel(documents)
        assert [(row.status, row.report_year, row.value) for row in found] == [
            ("actual", 2025, Decimal("5.8")),
            ("target", 2024, Decimal(6)),
        ]
        assert (found[0].target_value, found[0].target_doc) == (Decimal(6), "报告")


def stored_rows(*documents: PanelDocument) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The rows of a store for reports and their claims."""
    names = ("region", "region_code", "level", "date", "genre", "year")
    keys = [d.file or str(i) for i, d in enumerate(documents)]
    return (
        [
            {"file": key, "doc": d.name, "year_reviewed": d.reviewed, **{n: getattr(d, n) for n in names}}
            for key, d in zip(keys, documents, strict=True)
        ],
        [{**claim, "file": key} for key, d in zip(keys, documents, strict=True) for claim in d.claims],
    )


def test_values_that_are_no_numbers_are_none(analyzer: Analyzer) -> None:
    documents, claims = stored_rows(made(analyzer, REVIEW + "地区生产总值增长5%—6%。"))
    claims = [{**row, "value": float("nan"), "low": "5.0", "high": 6.0} for row in claims]
    (row,) = panel(documents_of_rows(documents, claims))
    assert (row.value, row.low, row.high) == (None, Decimal(5), Decimal(6))


# -- against what people read ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bench_panel", ROOT / "bench" / "panel.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_table_of_growth_rates_is_sound() -> None:
    with TABLE.open(encoding="utf-8", newline="") as lines:
        entries = list(csv.DictReader(lines))
    assert len(entries) == len({(e["level"], e["region"]) for e in entries}) >= 45
    for entry in entries:
        for status in ("actual", "target"):
            value, low, high, relation = (
                entry[f"{status}_{p}"] for p in ("value", "low", "high", "relation")
            )
            assert (value != "") == (relation in ("eq", "approx", "ge"))
            assert (low != "") == (high != "") == (relation == "range")


def test_growth_as_people_read_it(bench: ModuleType) -> None:
    if not list(REPORTS.glob("province-2026-*.txt")):
        pytest.skip(f"no reports in {REPORTS}: set ZHREPORT_REPORTS to a folder with them")
    reports = [
        r for p in ("province-2026-*.txt", "city-2024-*.txt") for r in bench.documents(REPORTS, pattern=p)
    ]
    found = panel(reports)
    assert all(a.region_code <= b.region_code for a, b in pairwise(found))
    compared = bench.compare(found, reports)
    assert len(compared) >= 45
    right = [doc for doc, wrong in compared.items() if not wrong]
    assert len(right) / len(compared) >= 0.95, [w for wrong in compared.values() for w in wrong]


#: What the cells of the table are called here.
CELLS = {
    "gdp_growth": ("gdp", "growth"),
    "gdp_level": ("gdp", "level"),
    "revenue_growth": ("budget_revenue", "growth"),
    "jobs_new": ("urban_new_jobs", "level"),
    "cpi": ("cpi", "growth"),
}
SCALES = {"万": 10**4, "亿": 10**8, "万亿": 10**12}


def in_full(value: str, unit: str) -> Decimal:
    return Decimal(value) * SCALES.get(unit[:-1], 1)


def test_cells_as_people_read_them(analyzer: Analyzer) -> None:
    """Cells of 71 reports that were filled in by reading, before any output was seen."""
    with (TABLE.parent / "cells.csv").open(encoding="utf-8", newline="") as lines:
        cells = list(csv.DictReader(lines))
    assert sum(not cell["not_stated"] for cell in cells) >= 300
    files = sorted({cell["file"] for cell in cells})
    if not all((REPORTS / file).is_file() for file in files):
        pytest.skip(f"not all reports are in {REPORTS}: set ZHREPORT_REPORTS to a folder with them")
    stated: dict[tuple[str, ...], list[PanelRow]] = {}
    for file in files:
        for row in zhreport.panel([analyzer.analyze(read(REPORTS / file))]):
            if not row.scope and row.tone != "stretch":
                key = (file, row.indicator, row.measure, str(row.year), row.status)
                stated.setdefault(key, []).append(row)
    wrong, toneless, surplus = [], [], []
    for cell in cells:
        key = (cell["file"], *CELLS[cell["indicator"]], cell["year"], cell["status"])
        found = stated.get(key, [])
        if cell["not_stated"]:
            surplus += [key] if found else []
            continue
        ends = [in_full(cell[name], cell["unit"]) for name in ("value", "value_high") if cell[name]]
        first = found[0] if found else None  # the one that a wide table has
        got = [] if first is None else [n for n in (first.value, first.low, first.high) if n is not None]
        if first is None or (got, first.relation) != (ends, cell["relation"]):
            wrong.append(key)
        elif first.tone != cell["tone"]:
            toneless.append(key)
    unstated = sum(bool(cell["not_stated"]) for cell in cells)
    filled = len(cells) - unstated
    assert len(wrong) <= 0.03 * filled, wrong
    assert len(wrong) + len(toneless) <= 0.07 * filled, toneless
    assert len(surplus) <= 0.05 * unstated, surplus


def test_a_basis_of_its_own_counts_where_there_is_no_other(analyzer: Analyzer) -> None:
    text = REVIEW + "一般公共预算收入增长1.7%（同口径增长2.5%以上）。税收收入同口径增长3%。"
    assert [short(row)[1:4] for row in rows(analyzer, text) if row.measure == "growth"] == [
        ("budget_revenue", "growth", "1.7 %"),
        ("tax_revenue", "growth", "3 %"),
    ]


# -- tables ------------------------------------------------------------------------------------------


TWO_YEARS = (
    REVIEW + "地区生产总值862.4亿元、增长5.8%。\n" + PLAN + "地区生产总值增长6%—6.5%，新增就业3万人以上。"
)


def test_a_panel_of_reports_needs_no_more_than_the_reports(analyzer: Analyzer) -> None:
    report = analyzer.analyze("平安县2025年政府工作报告\n" + TWO_YEARS)
    found = zhreport.panel([report])
    assert {(row.region, row.level) for row in found} == {("平安县", "county")}
    assert repr(found) == "Panel(4 rows, 1 regions, 2 years)"


def test_every_row_has_a_key_of_its_own(analyzer: Analyzer) -> None:
    text = REVIEW + "地区生产总值增长5.8%。全市GDP增长8.5%。进出口总额居全省第3位、全国第40位。"
    found = panel([made(analyzer, text), made(analyzer, text + "再见。", name="other")], complete=True)
    table = found.table()
    assert list(table.values) == list(PANEL_FIELDS) == [column.name for column in PANEL]
    keys = set(zip(*(table.values[name] for name in KEY), strict=True))
    assert len(keys) == len(found) == len(table)
    (row,) = panel([made(analyzer, REVIEW + "GDP增长5.8%。")]).to_dicts()
    assert row["source"] == f"report-2025:{row['start']}"


def test_wide(analyzer: Analyzer) -> None:
    last = made(analyzer, TWO_YEARS, name="2025")
    older = made(
        analyzer,
        "一、2023年工作回顾\n地区生产总值增长4%。\n二、2024年工作安排\nGDP增长7%。",
        2024,
        name="2024",
    )
    wide = panel([last, older]).wide()
    assert [column.name for column in wide.columns] == [
        "region", "region_code", "level", "year", "gdp_level", "gdp_growth", "gdp_growth_target",
        "urban_new_jobs_level_target", "conflicts",
    ]  # fmt: skip
    assert [list(row.values())[3:] for row in wide.to_dicts()] == [
        [2023, None, Decimal(4), None, None, []],
        [2024, Decimal(86240000000), Decimal("5.8"), Decimal(7), None, []],
        [2025, None, None, Decimal("6.25"), Decimal(30000), []],
    ]


def test_wide_takes_the_latest_report_and_names_conflicts(analyzer: Analyzer) -> None:
    said = made(analyzer, REVIEW + "地区生产总值增长5.8%。", name="2025")
    later = made(analyzer, "一、2025年工作回顾\n2024年地区生产总值增长5.2%。", 2026, name="2026")
    (row,) = [row for row in panel([said, later]).wide().to_dicts() if row["year"] == 2024]
    assert (row["gdp_growth"], row["conflicts"]) == (Decimal("5.2"), ["gdp_growth"])


@pytest.mark.parametrize("ending", TABLE_ENDINGS)
def test_a_panel_goes_into_every_format(analyzer: Analyzer, tmp_path: pathlib.Path, ending: str) -> None:
    found = panel([made(analyzer, TWO_YEARS)])
    path = tmp_path / f"panel{ending}"
    write_table(found.table(), path)
    assert _read(path)["value"] == [
        float(v) if v is not None else None for v in found.table().values["value"]
    ]
    write_table(found.wide(), path)  # in the place of the first
    assert _read(path)["gdp_growth_target"] == [None, 6.25]


def _read(path: pathlib.Path) -> dict[str, list[Any]]:
    """A file as other programs read it, numbers as floats."""
    import duckdb
    import pandas as pd

    def stored() -> pd.DataFrame:
        with duckdb.connect(str(path), read_only=True) as store:
            frame: pd.DataFrame = store.sql("FROM panel").df()
            return frame

    frames: dict[str, Callable[[], pd.DataFrame]] = {
        ".csv": lambda: pd.read_csv(path),
        ".jsonl": lambda: pd.read_json(path, lines=True),
        ".parquet": lambda: pd.read_parquet(path),
        ".feather": lambda: pd.read_feather(path),
        ".arrow": lambda: pd.read_feather(path),
        ".xlsx": lambda: pd.read_excel(path),
        ".dta": lambda: pd.read_stata(path),
        ".duckdb": stored,
    }
    frame = frames[path.suffix]()
    names = [name for name in ("value", "gdp_growth_target") if name in frame]
    return {
        name: [
            None if pd.isna(v) else float(v) for v in frame[name].astype(object).where(frame[name].notna())
        ]
        for name in names
    }


def test_another_ending_is_an_error(tmp_path: pathlib.Path) -> None:
    with pytest.raises(UsageError, match=r"none of \.csv"):
        write_table(panel([]).table(), tmp_path / "panel.txt")


def test_a_database_that_is_none_stays_as_it_is(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "panel.duckdb"
    path.write_text("words", encoding="utf-8")
    with pytest.raises(InputError, match="cannot be written as a DuckDB database"):
        write_table(panel([]).table(), path)
    assert path.read_text(encoding="utf-8") == "words"


def test_indicators_by_name_and_wording(analyzer: Analyzer) -> None:
    reports = [made(analyzer, TWO_YEARS)]
    for asked in ("gdp", "地区生产总值", "生产总值", "GDP"):
        assert {row.indicator for row in panel(reports, indicators=[asked])} == {"gdp"}
    with pytest.raises(UsageError, match="did you mean 地区生产总值"):
        panel(reports, indicators=["地区生产总产值"])


def test_an_index_is_a_growth(analyzer: Analyzer) -> None:
    for text, value in (
        ("居民消费价格指数103", "3"),
        ("居民消费价格总指数为99.6", "-0.4"),
        ("居民消费价格指数2%", "2"),
    ):
        assert [short(row)[2:5] for row in rows(analyzer, REVIEW + text + "。")] == [
            ("growth", f"{value} %", "eq")
        ]


def test_the_whole_country_has_a_name_of_its_own(analyzer: Analyzer) -> None:
    text = REVIEW + "国内生产总值增长5%。"
    assert [row.name for row in rows(analyzer, text, region="全国", level="central")] == ["国内生产总值"]
    assert [row.name for row in rows(analyzer, text)] == ["地区生产总值"]


def test_among_whom_a_rank_is(analyzer: Analyzer) -> None:
    for text, scopes in (
        ("进出口总额从全国第12位上升到第9位", ["全国", "全国"]),
        ("地区生产总值由全省第5位升至第3位", ["全省", "全省"]),
        ("规模以上工业增加值增速排名全省第2位", ["全省"]),
    ):
        assert [row.scope for row in rows(analyzer, REVIEW + text + "。")] == scopes


@pytest.mark.parametrize("text", ["增速保8争9", "增长保8%争9%", "增长保8%、争9%"])
def test_what_is_kept_and_what_is_striven_for(analyzer: Analyzer, text: str) -> None:
    found = rows(analyzer, PLAN + f"地区生产总值{text}。")
    assert [(short(row)[2:], row.tone) for row in found] == [
        (("growth", "8 %", "eq", "target"), ""),
        (("growth", "9 %", "eq", "target"), "stretch"),
    ]


def test_a_value_that_is_passed(analyzer: Analyzer) -> None:
    (row,) = rows(analyzer, REVIEW + "地区生产总值跨过3万亿元。")
    assert short(row) == (2024, "gdp", "level", "3000000000000 元", "gt", "actual")


def test_figures_of_other_places_are_theirs(analyzer: Analyzer) -> None:
    text = "全国地区生产总值增长5%，高新区地区生产总值30亿元、增长8%，全市地区生产总值增长6%。"
    found = rows(analyzer, "2025年云岭市政府工作报告\n" + REVIEW + text)
    assert [(row.scope, short(row)[2:4]) for row in found] == [
        ("高新区", ("level", "3000000000 元")),
        ("", ("growth", "6 %")),
        ("全国", ("growth", "5 %")),
        ("高新区", ("growth", "8 %")),
    ]
    assert {row.state for row in found} == {"found"}
    (wide,) = found.wide().to_dicts()
    assert wide["gdp_growth"] == 6
    assert "gdp_level" not in wide


# -- the command line --------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: pathlib.Path) -> pathlib.Path:
    (tmp_path / "平安县2025.txt").write_text("平安县2025年政府工作报告\n" + TWO_YEARS, encoding="utf-8")
    (tmp_path / "empty.txt").write_text("", encoding="utf-8")
    return tmp_path


def run(*arguments: str | pathlib.Path) -> Result:
    return CliRunner().invoke(cli, list(map(str, arguments)))


def test_a_wide_panel_on_the_command_line(folder: pathlib.Path) -> None:
    done = run("panel", folder, "--indicator", "生产总值", "--wide", "-o", folder / "out.parquet")
    assert done.exit_code == 1
    assert "empty.txt" in done.stderr
    assert _read(folder / "out.parquet")["gdp_growth_target"] == [None, 6.25]


def test_indicators_on_the_command_line(folder: pathlib.Path) -> None:
    done = run("indicators", "国内生产总值")
    assert done.exit_code == 0
    assert done.stdout.startswith("gdp  地区生产总值 (gross regional product, 元)\n")
    assert "found" not in done.stdout
    done = run("indicators", "新增就业", "--found-in", folder / "平安县2025.txt")
    assert "found       1 times in 1 reports" in done.stdout
    assert run("indicators", "-o", folder / "all.csv", "--found-in", folder / "平安县2025.txt").exit_code == 0
    with (folder / "all.csv").open(encoding="utf-8-sig", newline="") as stream:
        counts = {row["id"]: row["rows"] for row in csv.DictReader(stream)}
    assert counts["gdp"] == "3"
    assert len(counts) == len(default_catalogue().indicators)
    done = run("indicators", "没有这个")
    assert done.exit_code == 1
    assert "没有这个" in done.stderr
