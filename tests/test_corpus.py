"""A corpus: chosen, asked for records, words and figures."""

import pathlib

import pytest
from click.testing import CliRunner

import zhreport
from zhreport import Analyzer, Corpus, InputError, UsageError
from zhreport.cli import cli
from zhreport.tables import KINDS

pytest.importorskip("duckdb")

TEXTS = {
    "云岭市/2024": "云岭市2024年政府工作报告\n一、2023年工作回顾\n"
    "地区生产总值862.4亿元、增长5.8%。城镇新增就业3.2万人。\n"
    "二、2024年工作安排\nGDP增长6%以上，新增城镇就业3万人。开展“清风”专项行动。",
    "云岭市/2025": "云岭市2025年政府工作报告\n一、2024年工作回顾\n"
    "全市地区生产总值905亿元、增长5.1%。优化营商环境，营商环境评价居全省第3位。",
    "平安县/2025": "平安县2025年政府工作报告\n一、2024年工作回顾\n粮食产量2万吨，森林覆盖率61%。",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    folder = tmp_path_factory.mktemp("reports")
    for name, text in TEXTS.items():
        path = folder / f"{name}.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (folder / "table.csv").write_text("file,team\n云岭市/2024.txt,甲\n云岭市/2025.txt,乙\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def reports(folder: pathlib.Path) -> Corpus:
    return zhreport.corpus(folder, metadata=folder / "table.csv", themes=False)


def test_documents_and_their_variables(reports: Corpus) -> None:
    assert len(reports) == 3
    assert [(m.variables["region"], m.variables["year"], m.variables["team"]) for m in reports] == [
        ("云岭市", 2024, "甲"),
        ("云岭市", 2025, "乙"),
        ("平安县", 2025, None),
    ]
    assert [member.text for member in reports] == list(TEXTS.values())


def test_a_choice_is_a_corpus(reports: Corpus) -> None:
    assert [m.file for m in reports.filter(region="云岭市", year=[2024, 2025])] == [
        "云岭市/2024.txt",
        "云岭市/2025.txt",
    ]
    assert [m.file for m in reports.filter(region="云岭市").filter(year=range(2025, 2030))] == [
        "云岭市/2025.txt"
    ]
    assert [m.file for m in reports.filter(team="甲")] == ["云岭市/2024.txt"]
    assert len(reports.filter(year=[])) == 0
    assert "1 documents" in repr(reports.filter(team="甲"))
    with pytest.raises(UsageError, match="no column 'regio'"):
        reports.filter(regio="云岭市")


def test_records_are_those_of_the_reports(reports: Corpus, folder: pathlib.Path, analyzer: Analyzer) -> None:
    own = analyzer.analyze(zhreport.read(folder / "云岭市" / "2024.txt"))
    chosen = reports.filter(team="甲")
    assert [row["text"] for row in chosen.claims()] == [claim.text for claim in own.claims]
    assert [row["name"] for row in chosen.campaigns()] == ["清风"]
    assert len(chosen.paragraphs()) == len(own.paragraphs)
    assert [row["text"] for row in chosen.claims(kind="change", status="target")] == ["6%"]
    (row,) = chosen.rows("campaigns", variables=["team"])
    assert row["team"] == "甲"
    assert chosen.values("claims", "kind") == ["change", "level"]
    for kind in KINDS:
        assert chosen.rows(kind).to_arrow().num_rows == len(chosen.rows(kind))
    frame = chosen.claims().to_pandas()
    assert frame["value"].dtype == "float64"
    with pytest.raises(UsageError, match="no column 'sort'"):
        chosen.claims(sort="level")


def test_a_panel_is_that_of_the_reports(reports: Corpus, folder: pathlib.Path, analyzer: Analyzer) -> None:
    own = [analyzer.analyze(zhreport.read(path)) for path in sorted(folder.glob("*/*.txt"))]
    wide = [zhreport.panel(own).wide().to_dicts(), reports.panel().wide().to_dicts()]
    assert wide[0] == wide[1]
    assert reports.filter(region="平安县").panel().wide().to_dicts()[0]["forest_cover_level"] == 61


def test_key_words_in_context(reports: Corpus) -> None:
    found = list(reports.kwic("营商环境", width=4))
    assert [(row["before"], row["match"], row["behind"]) for row in found] == [
        ("%。优化", "营商环境", "，营商环"),
        ("商环境，", "营商环境", "评价居全"),
    ]
    text = TEXTS["云岭市/2025"]
    assert all(text[row["start"] : row["end"]] == "营商环境" for row in found)
    assert [row["match"] for row in reports.kwic(r"[0-9]+亿元", regex=True)] == ["4亿元", "905亿元"]
    assert [row["match"] for row in reports.kwic("就业", over="claims")] == ["就业", "就业"]
    for bad, message in (("(", "no regular expression"), ("a*", "everywhere")):
        with pytest.raises(UsageError, match=message):
            reports.kwic(bad, regex=True)
    with pytest.raises(UsageError, match="'title'"):
        reports.kwic("就业", over="title")


def test_frequencies(reports: Corpus) -> None:
    found = reports.frequencies("region", stop=["工作"]).to_dicts()
    counts = {(row["by"], row["word"]): (row["count"], row["documents"]) for row in found}
    assert counts["云岭市", "营商"] == (2, 1)
    assert counts["云岭市", "环境"] == (2, 1)
    assert ("平安县", "工作") not in counts
    assert not any(char.isdecimal() for row in found for char in row["word"])
    assert {row["by"] for row in reports.frequencies("").to_dicts()} == {""}
    with pytest.raises(UsageError, match="no column 'colour'"):
        reports.frequencies("colour")


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("2023年云岭市城镇新增就业", "3.2万人"),
        ("云岭市新增就业目标", "3万人"),
        ("云岭2024年GDP", "905亿元"),
        ("平安县森林覆盖率", "61%"),
        ("平安县的粮食产量是多少", "2万吨"),
        ("云岭市2024年经济增速目标", "6%"),
        ("2024年云岭市地区生产总值实际增长", "5.1%"),
        ("云岭市营商环境排名", "第3位"),
    ],
)
def test_find(reports: Corpus, question: str, text: str) -> None:
    answer = reports.find(question)[0]
    assert answer.claim["text"] == text
    assert text in answer.sentence


FIGURES = """云岭市2025年政府工作报告
一、2024年工作回顾
地区生产总值跨过3万亿元、达30862亿元，增长5.8%，增速高于全国0.8个百分点。全国地区生产总值增长5%。
一般公共预算收入312亿元、增长2.5%，税收占比81%。对俄进出口总额42亿元。高新区工业产值30亿元。
新建改建农村公路185公里。新增市场主体1.1万户，市场主体达24.6万户。研发投入强度2.88%。居民消费价格上涨0.4%。常住人口城镇化率62.5%。
二、2025年工作安排
地区生产总值增长6%，居民消费价格涨幅2%左右，一般公共预算收入增长3%。
（二）园区预算
政府债务余额31亿元。
"""


@pytest.fixture(scope="module")
def figures(analyzer: Analyzer) -> Corpus:
    return zhreport.corpus([analyzer.analyze(FIGURES)], themes=False)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("2024年云岭市经济总量有多大", "30862亿元"),
        ("云岭市2024年GDP涨了多少", "5.8%"),
        ("云岭市2024年财政收入", "312亿元"),
        ("云岭市财政收入2025年增长目标", "3%"),
        ("云岭市2024年物价涨幅", "0.4%"),
        ("云岭市2025年CPI控制在多少", "2%"),
        ("云岭市与俄罗斯的外贸额", "42亿元"),
        ("云岭市修了多少公里农村公路", "185公里"),
        ("云岭市的城镇化率", "62.5%"),
        ("高新区工业产值", "30亿元"),
        ("云岭市园区债务余额", "31亿元"),
        ("云岭市税收占比多少", "81%"),
        ("今年云岭市GDP增长多少", "6%"),
        ("去年云岭市GDP增长多少", "5.8%"),
        ("云岭市现有市场主体", "24.6万户"),
        ("云岭市新增市场主体", "1.1万户"),
        ("云岭市R&D投入强度", "2.88%"),
    ],
)
def test_find_in_other_words(figures: Corpus, question: str, text: str) -> None:
    assert figures.find(question)[0].claim["text"] == text


def test_the_wordings_of_a_corpus_are_read_once(figures: Corpus) -> None:
    assert figures.filter(region="云岭市").wordings is figures.wordings
    assert figures.wordings.likeness("农村公路")["农村公路"] == pytest.approx(1)


def test_find_in_a_choice(reports: Corpus) -> None:
    assert {answer.claim["region"] for answer in reports.find("地区生产总值", region="平安县")} == {"平安县"}
    assert len(reports.find("地区生产总值", most=2)) == 2
    assert reports.filter(year=[]).find("地区生产总值") == []


def test_a_store_is_a_corpus(folder: pathlib.Path, tmp_path: pathlib.Path) -> None:
    store = tmp_path / "archive.duckdb"
    done = CliRunner().invoke(cli, ["extract", str(folder), "-q", "--no-themes", "-o", str(store)])
    assert done.exit_code == 0, done.output
    with zhreport.corpus(store) as found:
        assert len(found) == 3
        assert found.find("平安县粮食产量")[0].claim["text"] == "2万吨"
    with pytest.raises(InputError, match="no such store"):
        zhreport.corpus(tmp_path / "none.duckdb")


def test_what_cannot_be_read_is_left_out(folder: pathlib.Path, tmp_path: pathlib.Path) -> None:
    (tmp_path / "empty.txt").write_text("", encoding="utf-8")
    with zhreport.corpus([folder / "平安县", tmp_path / "empty.txt", tmp_path / "none.txt"]) as found:
        assert len(found) == 1
        assert len(found.errors) == 2
    with pytest.raises(InputError, match=r"empty\.txt"):
        zhreport.corpus(tmp_path / "empty.txt")


def test_find_on_the_command_line(folder: pathlib.Path, tmp_path: pathlib.Path) -> None:
    done = CliRunner().invoke(cli, ["find", "森林覆盖率", str(folder), "-n", "1"])
    assert done.exit_code == 0, done.output
    first, place, sentence = done.stdout.splitlines()
    assert first.startswith("森林覆盖率  61%  (level actual 2024)")
    assert "平安县/2025.txt" in place
    assert sentence.strip() == "粮食产量2万吨，森林覆盖率61%。"
    done = CliRunner().invoke(cli, ["find", "森林覆盖率", str(tmp_path / "none.txt")])
    assert done.exit_code == 1
    assert "none.txt" in done.stderr
