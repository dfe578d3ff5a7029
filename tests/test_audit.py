"""The audit: what it finds in reports with planted errors, and that it finds nothing in sound ones."""

import csv
import gc
import importlib.util
import pathlib
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from click.testing import CliRunner, Result

import planted
import zhreport
from zhreport import FaultError
from zhreport.audit import CERTAINTIES, CHECKS, FINDINGS, OUTCOMES, Audit, audit
from zhreport.cli import cli
from zhreport.corpus import members
from zhreport.document import Document
from zhreport.panel import PanelDocument, document_of, documents_of_rows
from zhreport.report import Analyzer
from zhreport.tables import COLUMNS, columns
from zhreport.writing import TABLE_ENDINGS, write_table

ROOT = pathlib.Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs" / "audit.md"
WRONG = "一、2024年工作回顾\n全年进出口总额120.5亿元，其中出口80.2亿元、进口42.3亿元。"
SOUND = WRONG.replace("42.3", "40.3")
SLIPS = frozenset(OUTCOMES) - {"reached"}


def made(analyzer: Analyzer, *reports: tuple[str, int, str]) -> list[PanelDocument]:
    """Reports of places, years and texts; a place that ends in 省 is a province."""
    return [
        document_of(
            analyzer.analyze(text, year=year, name=f"{place}{year}"),
            region=place,
            level="province" if place.endswith("省") else "prefecture",
        )
        for place, year, text in reports
    ]


def audited(analyzer: Analyzer, *reports: tuple[str, int, str]) -> Audit:
    return audit(made(analyzer, *reports))


def city(*texts: str) -> list[tuple[str, int, str]]:
    """Reports of one city, the last of 2025."""
    return [("云岭市", 2026 - len(texts) + number, text) for number, text in enumerate(texts)]


# -- planted errors ----------------------------------------------------------------------------------


def test_every_check_has_planted_errors() -> None:
    assert [plant.__name__ for plant in planted.PLANTS] == sorted(
        CHECKS, key=[plant.__name__ for plant in planted.PLANTS].index
    )


@pytest.mark.parametrize("count", [20, pytest.param(200, marks=pytest.mark.slow)])
@pytest.mark.parametrize("plant", planted.PLANTS, ids=lambda plant: plant.__name__)
def test_planted_errors_are_found_and_sound_reports_are_not_accused(
    analyzer: Analyzer, plant: Callable[[Random], planted.Pair], count: int
) -> None:
    outcome = "missed" if plant.__name__ == "target_and_result" else "differs"
    found = 0
    for pair in planted.pairs(plant, count):
        wrong, sound = (audited(analyzer, *reports) for reports in (pair.wrong, pair.sound))
        found += any((f.check, f.outcome) == (plant.__name__, outcome) for f in wrong)
        assert [f.arithmetic for f in sound if f.outcome in SLIPS] == [], pair.sound
    assert found >= 0.95 * count


# -- what is compared, and what is not ---------------------------------------------------------------

AGREED: Sequence[tuple[str, ...]] = (
    # parts of parts, and what stands behind a list
    ("全年新建学校112所，其中小学60所（城区32所、乡镇28所），幼儿园52所；改造学校40所。",),
    ("全市拥有卫生机构253个，其中医院30个，含公立医院20个、民营医院10个；诊所223个，其中村卫生室200个。",),
    # another thing under the same name: exports to one partner, the growth of one sector's electricity
    ("全年出口80.2亿元。对东盟进出口总额30.0亿元，其中出口20.1亿元，增长3%。",),
    # a part of the place, also where only the heading names it
    ("一般公共预算收入80.2亿元。市本级一般公共预算收入30.1亿元，下降2%。",),
    ("一般公共预算收入80.2亿元。\n（二）高新区预算执行情况\n一般公共预算收入30.1亿元。",),
    # the part goes on to hold behind 市域间, and what is filed in a list is no result
    ("一般公共预算支出80.2亿元。市本级收支情况：市域间转移性收入3.1亿元，一般公共预算支出30.1亿元。",),
    ("备案的全市一般公共预算收入为60.1亿元，一般公共预算支出为82.0亿元。一般公共预算支出80.2亿元。",),
    ("代表大会批准的一般公共预算收入为82.0亿元。全年一般公共预算收入80.2亿元。",),
    # another growth: without the change of prices, a mean over years
    ("居民人均可支配收入30000元，增长6.4%，扣除价格因素，实际增长5.1%。",),
    ("一般公共预算收入由2019年的100.0亿元增加到2024年的161.1亿元，年均增长10.0%。",),
    # another base
    ("金融机构存款余额1000.0亿元，比年初增加100.0亿元，同比增长12.0%。",),
    # a sum over years, a list that goes on from a figure before it
    ("城镇新增就业6.5万人。五年来，城镇新增就业31.2万人。",),
    ("一般公共预算收入60.0亿元。加上上级补助收入20.0亿元，调入资金10.0亿元，收入总计90.0亿元。",),
    # from one rank to another, the rank of a level and of its growth
    ("地区生产总值由全省第5位升至全省第3位。",),
    ("地区生产总值1862.4亿元，居全省第5位，增长7.5%，居全省第2位。",),
    # means are not added
    ("居民人均消费支出20000元，其中城镇居民人均消费支出12000元、农村居民人均消费支出9000元。",),
    # a growth without the change of prices does not lead from one level to the other
    ("上年地区生产总值1000.0亿元。", "上年地区生产总值1030.0亿元，增长5.0%。"),
    # of a target that is no more than a bound the result is on its side
    ("今年力争城镇调查失业率控制在5.5%以内。", "上年城镇调查失业率5.1%。"),
    ("今年力争单位地区生产总值能耗下降3%以上。", "上年单位地区生产总值能耗下降3.4%。"),
    ("今年力争地区生产总值增长6%左右。", "上年地区生产总值增长5.8%。"),
)


@pytest.mark.parametrize("texts", AGREED, ids=lambda texts: texts[-1][:20])
def test_what_is_no_disagreement(analyzer: Analyzer, texts: tuple[str, ...]) -> None:
    assert [(f.check, f.arithmetic) for f in audited(analyzer, *city(*texts)) if f.outcome in SLIPS] == []


FOUND: Sequence[tuple[tuple[str, ...], str, str]] = (
    # a unit that was left out
    (
        ("猪牛羊禽肉产量8.0万吨，其中猪肉产量5.0万吨，牛肉产量1.0吨，羊肉产量1.0万吨，禽肉产量1.0万吨。",),
        "parts_of_whole",
        "sure",
    ),
    (("人口出生率5.25‰；人口死亡率8.30‰；人口自然增长率-2.05‰。",), "parts_of_whole", "check extraction"),
    # beyond the digits written, but not by much
    (
        ("地区生产总值1000.0亿元，其中第一产业增加值114.7亿元。三次产业结构为11.4：40.0：48.6。",),
        "ratio_of_figures",
        "likely",
    ),
    (("上年粮食产量80.5万吨。\n上年粮食产量达到180.5万吨。",), "two_values", "check extraction"),
    (("今年力争居民消费价格上涨3%以内。", "上年居民消费价格上涨3.4%。"), "target_and_result", "sure"),
)


@pytest.mark.parametrize(("texts", "check", "certainty"), FOUND)
def test_findings_and_how_sure_they_are(
    analyzer: Analyzer, texts: tuple[str, ...], check: str, certainty: str
) -> None:
    found = [(f.check, f.certainty) for f in audited(analyzer, *city(*texts)) if f.outcome in SLIPS]
    assert found == [(check, certainty)]


def test_a_result_behind_an_approved_budget_is_one(analyzer: Analyzer) -> None:
    texts = ("批准的一般公共预算收入为82.0亿元，一般公共预算支出完成80.2亿元。\n一般公共预算支出81.2亿元。",)
    (found,) = (f for f in audited(analyzer, *city(*texts)) if f.outcome in SLIPS)
    assert found.arithmetic == "stated 81.2亿元 and 80.2亿元"


def test_arithmetic_of_wide_digits(analyzer: Analyzer) -> None:
    texts = ("上年一般公共预算收入100.0亿元。", "上年一般公共预算收入１１０．０亿元，增长6.0%。")
    (found,) = audited(analyzer, *city(*texts))
    assert found.arithmetic == "100.0亿元 × (1 + 6.0%) = 106.0亿元, stated １１０．０亿元"


def test_a_target_that_the_next_report_does_not_mention(analyzer: Analyzer) -> None:
    texts = ("今年力争地区生产总值增长6%。", "上年粮食产量80.5万吨。")
    (found,) = audited(analyzer, *city(*texts))
    assert (found.outcome, found.certainty, found.year) == ("not_mentioned", "sure", 2024)
    assert [(place.doc, place.text) for place in found.places] == [("云岭市2024", "6%"), ("云岭市2025", "")]
    (spoken,) = audited(analyzer, *city(texts[0], "上年地区生产总值1862.4亿元。"))
    assert (spoken.outcome, spoken.certainty) == ("not_mentioned", "check extraction")
    assert list(audited(analyzer, *city(texts[0]))) == []


# -- the finding -------------------------------------------------------------------------------------


def test_a_finding_says_where_and_by_how_much(analyzer: Analyzer) -> None:
    (found,) = audited(analyzer, *city(WRONG))
    assert found.arithmetic == "80.2亿元 + 42.3亿元 = 122.5亿元, stated 120.5亿元"
    numbers = (found.stated, found.expected, found.difference, found.tolerance)
    assert numbers == tuple(map(Decimal, ("12050000000", "12250000000", "-200000000", "15000000")))
    assert (found.unit, found.year, found.indicator, found.region) == ("元", 2024, "trade", "云岭市")
    for place in found.places:
        assert WRONG[place.start : place.end] == place.text
        assert (place.line, place.sentence) == (2, WRONG.splitlines()[1])
    assert [place.measured for place in found.places] == ["进出口总额", "出口", "进口"]


def test_the_place_of_a_claim_says_whose_figure_it_is(analyzer: Analyzer) -> None:
    city, province = made(
        analyzer,
        ("云岭市", 2025, "上年粮食产量80.5万吨。"),
        ("青川省", 2025, "上年粮食产量885.0万吨，云岭市完成85.0万吨。"),
    )
    claims = [{**claim, "indicator": "粮食产量"} for claim in province.claims]
    placed = [{**claims[0], "place": ""}, {**claims[1], "place": "云岭市", "place_code": ""}]
    (found,) = audit([city, replace(province, claims=placed)])
    assert (found.check, found.arithmetic) == ("place_in_report", "stated 80.5万吨 and 85.0万吨")
    city, coded = replace(city, region_code="990100"), [placed[0], {**placed[1], "place_code": "990100"}]
    assert len(audit([city, replace(province, claims=coded)])) == 1
    other = [placed[0], {**placed[1], "place": "白沙市"}]
    assert list(audit([city, replace(province, claims=other)])) == []


def test_marks_are_places_in_the_text(analyzer: Analyzer) -> None:
    report = analyzer.analyze(WRONG, year=2025, name="云岭市2025")
    found = audit([report, analyzer.analyze(SOUND, year=2025, name="平安县2025")])
    marks = found.marks("", "云岭市2025")
    assert [report.document.text[mark.start : mark.end] for mark in marks] == [
        "120.5亿元",
        "80.2亿元",
        "42.3亿元",
    ]
    assert {mark.finding for mark in marks} == {0}
    assert marks[0].title == f"parts_of_whole, sure: {found[0].arithmetic}"
    assert found.marks("", "平安县2025") == []


def test_the_surest_come_first(analyzer: Analyzer) -> None:
    found = audited(analyzer, *city(*(text for texts, _, _ in FOUND[:4] for text in texts)))
    assert len(found) > 3
    ranks = [(OUTCOMES.index(f.outcome), CERTAINTIES.index(f.certainty)) for f in found]
    assert ranks == sorted(ranks)


# -- tables ------------------------------------------------------------------------------------------


def test_the_documentation_names_every_column_and_check() -> None:
    text = DOCS.read_text(encoding="utf-8")
    section = text.split("\n## Columns\n", 1)[1]
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \| (.*) \|$", section, re.MULTILINE)
    assert rows == [(column.name, column.type, column.meaning) for column in FINDINGS]
    assert re.findall(
        r"^\| `(\w+)` \|", text.split("\n## Checks\n", 1)[1].split("\n## ", 1)[0], re.MULTILINE
    ) == list(CHECKS)
    assert "findings" not in COLUMNS


def test_a_row_for_each_finding(analyzer: Analyzer) -> None:
    found = audited(analyzer, *city(WRONG, "今年力争地区生产总值增长6%。"))
    (row,) = found.to_dicts()
    assert list(row) == [column.name for column in FINDINGS]
    assert (row["text"], row["other_text"], row["line"], row["other_line"]) == ("120.5亿元", "80.2亿元", 2, 2)
    assert [WRONG[part["start"] : part["end"]] for part in row["figures"]] == [
        "120.5亿元",
        "80.2亿元",
        "42.3亿元",
    ]


@pytest.mark.parametrize("ending", TABLE_ENDINGS)
def test_every_format(analyzer: Analyzer, tmp_path: pathlib.Path, ending: str) -> None:
    needed = {".parquet": "pyarrow", ".feather": "pyarrow", ".arrow": "pyarrow", ".xlsx": "xlsxwriter",
              ".dta": "pandas", ".duckdb": "duckdb"}  # fmt: skip
    if ending in needed and importlib.util.find_spec(needed[ending]) is None:
        pytest.skip(f"{needed[ending]} is not installed")
    lacking = city("今年力争地区生产总值增长6%。", "上年粮食产量80.5万吨。")
    for reports in (city(WRONG), lacking, []):
        path = tmp_path / f"findings{ending}"
        assert write_table(audited(analyzer, *reports).table(), path) == []
        assert path.stat().st_size > 0 or (ending == ".jsonl" and not reports)


# -- the run -----------------------------------------------------------------------------------------


def test_neither_order_nor_copies_matter(analyzer: Analyzer) -> None:
    texts = [pair.wrong for plant in planted.PLANTS for pair in planted.pairs(plant, 2)]
    reports = [
        replace(document, file=f"{number}/{document.name}.txt", region=f"{document.region}{number}")
        for number, wrong in enumerate(texts)
        for document in made(analyzer, *wrong)
    ]
    found = audit(reports)
    assert len(found) >= len(texts)
    shuffled = [*reports, *reports[:5]]
    Random(1).shuffle(shuffled)  # noqa: S311 - no secrets
    assert audit(shuffled).to_dicts() == found.to_dicts()


def test_a_fault_at_one_report_harms_no_other(analyzer: Analyzer) -> None:
    good, bad = made(analyzer, *city(WRONG), ("平安县", 2025, SOUND))
    broken = replace(bad, claims=[{**bad.claims[0], "paragraph": 99}])
    faults: list[FaultError] = []
    assert audit([broken, good], failed=faults.append) == audit([good])
    assert [str(fault).split(":", 1)[0] for fault in faults] == ["平安县2025"]
    with pytest.raises(FaultError):
        audit([broken, good])


def test_reports_of_a_store(analyzer: Analyzer) -> None:
    report = analyzer.analyze(WRONG, year=2025, name="云岭市2025")
    rows: dict[str, list[dict[str, Any]]] = {}
    for kind in ("documents", "claims", "paragraphs"):
        found = {**columns(report, kind), "file": ["a.txt"] * len(columns(report, kind)["file"])}
        rows[kind] = [dict(zip(found, row, strict=True)) for row in zip(*found.values(), strict=True)]
    (stored,) = audit(documents_of_rows(rows["documents"], rows["claims"], rows["paragraphs"]))
    (direct,) = audit([report])
    assert (stored.arithmetic, stored.certainty) == (direct.arithmetic, direct.certainty)
    assert stored.places[0].line == 2
    assert audit(documents_of_rows(rows["documents"], rows["claims"])) == []  # without the text


def corpus_of(analyzer: Analyzer, *reports: tuple[str, int, str]) -> zhreport.Corpus:
    pytest.importorskip("duckdb")
    pytest.importorskip("pyarrow")
    return zhreport.corpus(
        analyzer.analyze(f"{place}{year}年政府工作报告\n{text}", name=f"{place}{year}")
        for place, year, text in reports
    )


THREE = (
    ("云岭市", 2024, "上年一般公共预算收入100.0亿元。今年力争地区生产总值增长7%以上。"),
    ("云岭市", 2025, "上年一般公共预算收入110.0亿元，增长6.0%。上年地区生产总值增长6.1%。"),
    ("平安县", 2025, WRONG),
)


def test_a_corpus(analyzer: Analyzer) -> None:
    with corpus_of(analyzer, *THREE) as reports:
        found = audit(reports)
        assert [(f.check, f.outcome, f.region) for f in found] == [
            ("parts_of_whole", "differs", "平安县"),
            ("level_and_growth", "differs", "云岭市"),
            ("target_and_result", "missed", "云岭市"),
        ]
        assert reports.audit() == found
        assert [f.region for f in reports.filter(region="平安县").audit()] == ["平安县"]
        assert zhreport.panel(reports).to_dicts() == reports.panel().to_dicts()


def test_the_texts_of_a_corpus_are_not_loaded_at_once(
    analyzer: Analyzer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(members, "_TOGETHER", 1)
    with corpus_of(analyzer, *((f"云{number:02}县", 2025, WRONG) for number in range(12))) as reports:
        before, most = texts_in_memory(), 0
        read = zhreport.Corpus.reports

        def watched(corpus: zhreport.Corpus, _failed: object = None) -> Iterator[PanelDocument]:
            nonlocal most
            for report in read(corpus):
                most = max(most, texts_in_memory() - before)
                yield report

        monkeypatch.setattr(zhreport.Corpus, "reports", watched)
        assert len(audit(reports)) == 12
    assert 0 < most < 4


def texts_in_memory() -> int:
    gc.collect()
    return sum(isinstance(one, Document) for one in gc.get_objects())


@pytest.mark.parametrize(
    "piece",
    [
        "出口80.2亿元，其中一般贸易42.3亿元，",
        "小麦10.0万吨，合计20.0万吨，",
        "粮食产量80.0万吨，增加5.0万吨，增长8.7%，",
        "全年粮食产量80.5万吨。",
        "市本级一般公共预算收入80.5亿元，占地区生产总值的5.1%；",
    ],
)
def test_work_grows_with_the_text(analyzer: Analyzer, piece: str) -> None:
    """Four times the text takes about four times the steps; a quadratic stage would take sixteen times."""

    def steps(count: int) -> int:
        documents = made(analyzer, *city(piece * count))
        calls = 0

        def counted(*_: object) -> None:
            nonlocal calls
            calls += 1

        sys.setprofile(counted)
        try:
            audit(documents)
        finally:
            sys.setprofile(None)
        return calls

    steps(5)  # what is read once
    assert steps(320) < 6 * steps(80)


# -- the command line --------------------------------------------------------------------------------


def run(*arguments: str | pathlib.Path) -> Result:
    return CliRunner().invoke(cli, list(map(str, arguments)))


@pytest.fixture
def folder(tmp_path: pathlib.Path) -> pathlib.Path:
    (tmp_path / "云岭市2025.txt").write_text("云岭市2025年政府工作报告\n" + WRONG, encoding="utf-8")
    return tmp_path


def test_findings_on_the_screen(folder: pathlib.Path) -> None:
    done = run("audit", folder)
    assert done.exit_code == 0
    assert done.stdout.splitlines() == [
        "parts_of_whole (sure): 80.2亿元 + 42.3亿元 = 122.5亿元, stated 120.5亿元",
        "    云岭市2025.txt:3  进出口总额 120.5亿元",
        "        全年进出口总额120.5亿元，其中出口80.2亿元、进口42.3亿元。",
        "    云岭市2025.txt:3  出口 80.2亿元",
        "1 differs, 0 missed, 0 not mentioned, 0 reached",
    ]


def test_findings_in_a_file(folder: pathlib.Path) -> None:
    (folder / "empty.txt").write_text("", encoding="utf-8")
    done = run("audit", folder, "-o", folder / "out.csv")
    assert done.exit_code == 1
    assert "empty.txt" in done.stderr
    with (folder / "out.csv").open(encoding="utf-8-sig", newline="") as stream:
        (row,) = csv.DictReader(stream)
    assert (row["file"], row["line"], row["check"]) == ("云岭市2025.txt", "3", "parts_of_whole")
    assert run("audit", folder, "-j", "2", "-o", folder / "two.csv").exit_code == 1
    assert (folder / "two.csv").read_bytes() == (folder / "out.csv").read_bytes()


def test_a_store_on_the_command_line(folder: pathlib.Path) -> None:
    pytest.importorskip("duckdb")
    store = folder / "store.duckdb"
    assert run("extract", folder, "-o", store, "--no-themes").exit_code == 0
    done = run("audit", store)
    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines()[0] == (
        "parts_of_whole (sure): 80.2亿元 + 42.3亿元 = 122.5亿元, stated 120.5亿元"
    )
    assert "from 1 report" in done.stderr
    assert run("audit", store, "-o", store).exit_code == 2
    gone = run("audit", folder / "gone.duckdb")
    assert gone.exit_code == 1
    assert "cannot be opened as a store" in gone.stderr
    assert not (folder / "gone.duckdb").exists()
    assert "--metadata" in run("audit", store, "--metadata", folder / "m.csv").stderr


def test_wrong_usage(folder: pathlib.Path) -> None:
    done = run("audit", folder, "-o", folder / "out.pdf")
    assert done.exit_code == 2
    assert "ends in none of" in done.stderr
    assert run("audit", folder / "nothing.txt").exit_code == 1


def test_the_name_in_the_package() -> None:
    assert zhreport.audit is audit
