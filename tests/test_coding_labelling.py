"""Sheets of paragraphs to be labelled: drawn where the model is unsure, read back by the training."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from zhreport import Analyzer, Report, UsageError
from zhreport.cli import cli
from zhreport.coding import sample_unsure, write_labelling
from zhreport.coding.labelling import _chance
from zhreport.training import read_labels

SCHOOL = "全市新建中小学校6所、幼儿园9所，新增学位5200个，加强教师队伍建设，义务教育优质均衡发展。"
GREEN = "坚决打好蓝天、碧水、净土保卫战，空气质量优良天数比例达到92%，完成造林绿化。"
VAGUE = "大家对这件事情的看法各有不同，一时也说不清楚究竟应当怎样办才好。"
TEXT = (
    f"一、办好教育\n{SCHOOL}\n发布时间：2024-01-05 来源：云岭日报新闻客户端网站\n{VAGUE}\n短句。\n{GREEN}\n"
)


@pytest.fixture(scope="module")
def report(analyzer: Analyzer) -> Report:
    return analyzer.analyze(TEXT, name="平安县", year=2024)


def test_running_paragraphs_are_drawn_the_same_again(report: Report) -> None:
    found = sample_unsure([report], 10)
    assert {item.text for item in found} == {SCHOOL, VAGUE, GREEN}, "no heading, furniture or short line"
    assert sample_unsure([report, report], 10) == found, "a text that comes twice counts once"
    assert sample_unsure([report], 2) == found[:2]
    school = next(item for item in found if item.text == SCHOOL)
    assert (school.doc, school.heading, school.before) == ("平安县", "一、办好教育", "一、办好教育")
    assert {item.id for item in sample_unsure([report], 2, seed=1)} <= {item.id for item in found}


def test_what_is_unsure_is_drawn_more_often() -> None:
    wins = sum(_chance(seed, "a", 0.9) > _chance(seed, "b", 0.1) for seed in range(1000))
    assert 850 < wins < 950, "nine times as likely to come first"


def test_nothing_to_draw(report: Report, analyzer: Analyzer) -> None:
    with pytest.raises(UsageError, match="at least 1"):
        sample_unsure([report], 0)
    with pytest.raises(UsageError, match="no paragraphs"):
        sample_unsure([analyzer.analyze("短句。")], 5)


def test_passages_of_a_long_paragraph_are_drawn_one_by_one(analyzer: Analyzer) -> None:
    report = analyzer.analyze(SCHOOL * 8 + GREEN * 8, name="长")
    (paragraph,) = report.paragraphs
    assert len(paragraph.passages) == 2
    found = {item.text: item for item in sample_unsure([report], 9)}
    assert set(found) == {report.document.text[p.start : p.end] for p in paragraph.passages}
    first = found[report.document.text[: paragraph.passages[0].end]]
    assert (first.before, first.after) == ("", (GREEN * 8)[:300])


def test_a_filled_workbook_is_read_by_the_training(report: Report, tmp_path: Path) -> None:
    sample = sample_unsure([report], 3)
    path = tmp_path / "labels.xlsx"
    assert write_labelling(path, sample, themes=("education", "environment")) == [path]
    book = load_workbook(path)
    sheet = book["coder 1"]
    names = [cell.value for cell in sheet[1]]
    assert "education" not in {cell.value for row in sheet.iter_rows(min_row=2) for cell in row}
    said = {SCHOOL: "education; livelihood", VAGUE: "-"}  # the third is left empty
    for row in sheet.iter_rows(min_row=2):
        row[names.index("themes")].value = said.get(str(row[names.index("text")].value))
    book.save(path)
    labels = {label.passage.text: label for label in read_labels([path])}
    assert {text: label.themes for text, label in labels.items()} == {
        SCHOOL: ("education", "livelihood"),
        VAGUE: (),
    }
    assert labels[SCHOOL].passage.heading == "一、办好教育"
    assert labels[SCHOOL].group == "平安县"


def test_the_command(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    out = tmp_path / "labels.xlsx"
    run = CliRunner().invoke
    done = run(cli, ["sheet", str(tmp_path / "a.txt"), "--themes", "-n", "2", "-o", str(out)])
    assert done.exit_code == 0, done.output
    assert "2 paragraphs" in done.output
    assert load_workbook(out).sheetnames == ["instructions", "coder 1"]
    done = run(cli, ["sheet", str(tmp_path / "a.txt"), "--themes", "--blind", "themes", "-o", str(out)])
    assert done.exit_code == 2
    assert "different sheets" in done.output
