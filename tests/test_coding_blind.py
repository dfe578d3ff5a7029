"""Blind coding: sheets that show the text alone, read back as precision, recall and agreement."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from zhreport import Analyzer, InputError, Report, UsageError
from zhreport.cli import cli
from zhreport.coding import (
    BlindScores,
    Passages,
    answers_of,
    blind_scores,
    read_blind,
    sample_cells,
    sample_passages,
    write_blind,
)

TEXT = """一、工作回顾
开展“清朗”行动和“护苗”行动。建成大厅12个，修路5公里。
举办平安县歌咏比赛。粮食产量80亿斤。
全县上下团结一心。
"""

Answers = Mapping[int, Sequence[tuple[str, str, str]]]


@pytest.fixture(scope="module")
def report(analyzer: Analyzer) -> Report:
    return analyzer.analyze(TEXT, name="平安县", year=2024)


def fill(path: Path, coder: str, answers: Answers, sample: Passages) -> None:
    """Fill a sheet in: passage → found, kind, sure; the second and later ones in rows below the table."""
    book = load_workbook(path)
    sheet = book[coder]
    at = {cell.value: n for n, cell in enumerate(sheet[1], start=1)}
    for number, passage in enumerate(sample.passages):
        for n, values in enumerate(answers.get(number, [])):
            row = number + 2 if n == 0 else sheet.max_row + 2
            sheet.cell(row, at["id"]).value = passage.id
            for name, value in zip(("found", "kind", "sure"), values, strict=True):
                if name in at:
                    sheet.cell(row, at[name]).value = value or None
    book.save(path)


NOTHING = [("-", "", "")]
ONE: Answers = {
    0: [("清朗", "action", ""), ("护苗", "action", "")],
    1: [("平安县歌咏比赛", "contest", "")],
    2: NOTHING,
}


@pytest.fixture
def sample(report: Report) -> Passages:
    return sample_passages([report], 10, records="campaigns")


def scored(tmp_path: Path, sample: Passages, *answers: Answers) -> BlindScores:
    coders = [f"c{n}" for n in range(len(answers))]
    path = tmp_path / "blind.xlsx"
    write_blind(path, sample, coders=coders)
    for coder, own in zip(coders, answers, strict=True):
        fill(path, coder, own, sample)
    return blind_scores(read_blind([path]))


def test_coders_see_the_text_and_not_our_answer(sample: Passages, tmp_path: Path) -> None:
    path = tmp_path / "blind.xlsx"
    assert write_blind(path, sample) == [path, answers_of(path)]
    book = load_workbook(path)
    assert book.sheetnames == ["instructions", "coder 1", "coder 2"]
    header, *rows = book["coder 1"].iter_rows(values_only=True)
    assert header[4:8] == ("text", "found", "kind", "sure")
    assert [row[4] for row in rows] == TEXT.splitlines()[1:]
    assert not any(value for row in rows for value in row[5:])
    shown = "\n".join(str(cell.value) for row in book["instructions"].iter_rows() for cell in row)
    assert "Work alone" in shown
    assert "请独立完成" in shown
    assert all(kind in shown for kind in sample.kinds)
    again = tmp_path / "again.xlsx"
    write_blind(again, sample)
    assert again.read_bytes() == path.read_bytes()


def test_a_sample_of_passages_depends_on_texts_and_seed_only(report: Report, analyzer: Analyzer) -> None:
    other = analyzer.analyze("修桥3座。\n开展“清风”行动。", name="云岭市")
    one = sample_passages([report, other], 3, records="campaigns", seed=4)
    assert one == sample_passages([other, report, report], 3, records="campaigns", seed=4)
    assert (one.population, len(one.passages)) == (5, 3)
    with pytest.raises(UsageError, match="draw at least 1"):
        sample_passages([report], 0, records="campaigns")
    with pytest.raises(UsageError, match="claims, campaigns, themes"):
        sample_passages([report], 5, records="words")


def test_what_we_miss_and_what_we_invent_is_counted(sample: Passages, tmp_path: Path) -> None:
    ours = [[(r.text, r.kind) for r in p.records] for p in sample.passages]
    assert ours == [[("清朗", "action"), ("护苗", "action")], [("平安县歌咏比赛", "contest")], []]
    other = {
        0: [("清朗", "action", ""), ("修路", "project", "")],  # 护苗 is not there, 修路 is missed
        1: [("歌咏比赛", "contest", "")],  # shorter
        2: NOTHING,
    }
    result = scored(tmp_path, sample, ONE, other)
    found = {(s.against, s.how): (s.precision, s.recall) for s in result.scores}

    def counts(against: str, how: str) -> tuple[int, int, int, int]:
        precision, recall = found[against, how]
        return precision.hits, precision.of, recall.hits, recall.of

    assert counts("c0", "exact") == (3, 3, 3, 3)
    assert counts("c1", "exact") == (1, 3, 1, 3)
    assert counts("c1", "overlap") == (2, 3, 2, 3)
    assert counts("all coders", "exact") == (1, 1, 1, 1)  # what they do not agree on does not count
    precision, _ = found["c1", "exact"]
    assert precision.value == pytest.approx(1 / 3)
    assert precision.low is not None
    assert (result.units, result.agreed) == (5, 0.8)
    assert result.alpha is not None
    assert result.ac1 is not None
    assert result.alpha.value < result.ac1.value
    assert [(d.text, d.found, d.missed) for d in result.differences] == [
        ("护苗", ("c0", "zhreport"), ("c1",)),
        ("修路", ("c1",), ("c0", "zhreport")),
        ("平安县歌咏比赛", ("c0", "zhreport"), ("c1",)),
        ("歌咏比赛", ("c1",), ("c0", "zhreport")),
    ]
    assert "修路" in result.text()
    assert result.differences[1].sentence == "建成大厅12个，【修路】5公里。"


def test_what_is_not_sure_counts_neither_way(sample: Passages, tmp_path: Path) -> None:
    unsure = {**ONE, 0: [("清朗", "action", "?"), ("修路", "project", "？")]}
    (exact, _) = scored(tmp_path, sample, unsure).scores
    assert (exact.precision.hits, exact.precision.of) == (1, 2)  # 护苗 is wrong, 清朗 is left out
    assert (exact.recall.hits, exact.recall.of) == (1, 1)


def test_the_second_mention_is_the_second_place(analyzer: Analyzer, tmp_path: Path) -> None:
    report = analyzer.analyze("修路5公里。修桥5公里。", name="x")
    sample = sample_passages([report], 1, records="claims")
    result = scored(tmp_path, sample, {0: [("5公里", "level", ""), ("5公里", "level", "")]})
    assert [(s.precision.value, s.recall.value) for s in result.scores] == [(1, 1), (1, 1)]
    assert not result.differences


def test_themes_of_passages(report: Report, tmp_path: Path) -> None:
    sample = sample_passages([report], 10, records="themes")
    own = [p.records[0].kind if p.records else "-" for p in sample.passages]
    assert set(own) - {"-"} == set(sample.kinds)
    result = scored(tmp_path, sample, {n: [("", theme, "")] for n, theme in enumerate(own)})
    (score,) = result.scores
    assert score.precision.value == score.recall.value == 1


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({**ONE, 0: [("清风", "action", "")]}, "row 2: '清风' does not stand in the passage"),
        ({**ONE, 0: [("清朗", "drive", "")]}, "row 2: kind 'drive' is none of action"),
        ({0: NOTHING, 1: NOTHING}, "has no answer; write -"),
        ({}, "nobody has filled in anything"),
    ],
)
def test_errors_name_the_row(sample: Passages, tmp_path: Path, answers: Answers, said: str) -> None:
    with pytest.raises(InputError, match=said):
        scored(tmp_path, sample, answers)


def test_other_files(sample: Passages, tmp_path: Path) -> None:
    path = tmp_path / "blind.xlsx"
    write_blind(path, sample)
    answers_of(path).unlink()
    with pytest.raises(InputError, match=r"blind-answers\.json: cannot be read .*--answers"):
        read_blind([path])
    answers_of(path).write_text("{}")
    with pytest.raises(InputError, match="not the answers"):
        read_blind([path])


def test_on_the_command_line(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    out = tmp_path / "blind.xlsx"
    run = CliRunner().invoke
    done = run(cli, ["sheet", str(tmp_path / "a.txt"), "--blind", "campaigns", "-n", "3", "-o", str(out)])
    assert done.exit_code == 0, done.output
    assert "3 of 3 paragraphs" in done.output
    sample = sample_passages([Analyzer().analyze(TEXT, name="a")], 3, records="campaigns")
    ids = [row[0] for row in load_workbook(out)["coder 1"].iter_rows(min_row=2, values_only=True)]
    assert len(ids) == 3
    fill(out, "coder 1", ONE, read_sample(out, sample))
    done = run(cli, ["agreement", "--blind", str(out)])
    assert done.exit_code == 0, done.output
    assert "recall    1.000 [0.439–1.000] (3 of 3)" in done.output
    done = run(cli, ["sheet", str(tmp_path / "a.txt"), "--blind", "campaigns", "-o", str(out)])
    assert done.exit_code == 1
    assert "may hold answers" in done.output


def read_sample(out: Path, like: Passages) -> Passages:
    """The sample as it was written: ids depend on the name of the file."""
    import json
    from dataclasses import replace

    ids = [p["id"] for p in json.loads(answers_of(out).read_text(encoding="utf-8"))["passages"]]
    return replace(like, passages=tuple(replace(p, id=i) for p, i in zip(like.passages, ids, strict=True)))


# -- cells of the panel --------------------------------------------------------------------------------

PAST = "一、2023年工作回顾\n"
CITY = (
    f"2024年云岭市政府工作报告\n{PAST}地区生产总值1862.4亿元、增长7.5%。\n粮食产量下降3%以上，居全省第5位。"
)
COUNTY = f"2024年平安县政府工作报告\n{PAST}全县地区生产总值完成84.6亿元左右。"
Filled = Mapping[str, tuple[str, ...]]
RIGHT: Filled = {
    "云岭市 gdp level": ("1862.4", "亿元", "", "地区生产总值1862.4亿元、增长7.5%。"),
    "云岭市 gdp growth": ("7.5", "%", "eq", ""),
    "云岭市 grain_output growth": ("－3", "%", "ge", ""),
    "平安县 gdp level": ("84.6亿", "元", "approx", ""),
}


@pytest.fixture(scope="module")
def cells(analyzer: Analyzer) -> Passages:
    return sample_cells([analyzer.analyze(text) for text in (CITY, COUNTY)], 50)


def fill_cells(path: Path, coder: str, filled: Filled, sample: Passages) -> None:
    """Fill a sheet in: region, indicator and measure → value, unit, relation, sentence, sure; else `-`."""
    book = load_workbook(path)
    sheet = book[coder]
    at = {cell.value: n for n, cell in enumerate(sheet[1], start=1)}
    for number, passage in enumerate(sample.passages, start=2):
        named = f"{passage.cell['region']} {passage.section} {passage.cell['measure']}"
        values = filled.get(named, ("-",))
        for name, value in zip(("value", "unit", "relation", "sentence", "sure"), values, strict=False):
            sheet.cell(number, at[name]).value = value or None
    book.save(path)


def test_coders_see_cells_and_the_report(cells: Passages, tmp_path: Path) -> None:
    path = tmp_path / "cells.xlsx"
    write_blind(path, cells)
    book = load_workbook(path)
    assert book.sheetnames == ["instructions", "coder 1", "coder 2", "texts"]
    header, *rows = book["coder 1"].iter_rows(values_only=True)
    assert header[2:] == (
        "region", "year", "indicator", "measure", "status",
        "value", "unit", "relation", "sentence", "sure", "comment",
    )  # fmt: skip
    asked = [row[2:7] for row in rows]
    assert ("平安县", "2023", "地区生产总值", "growth", "actual") in asked  # its report does not say it
    assert ("云岭市", "2023", "粮食产量", "growth", "actual") in asked
    assert not any(value for row in rows for value in row[7:])
    texts = [row[1] for row in book["texts"].iter_rows(min_row=2, values_only=True)]
    assert sorted(map(str, texts)) == sorted(f"{CITY}\n{COUNTY}".splitlines())
    assert cells.population == len(cells.passages) == len(rows)


def test_cells_depend_on_texts_and_seed_only(analyzer: Analyzer) -> None:
    reports = [analyzer.analyze(text) for text in (CITY, COUNTY)]
    one = sample_cells(reports, 3, seed=2)
    assert one == sample_cells([*reports[::-1], reports[0]], 3, seed=2)
    assert len(one.passages) == 3
    (gdp,) = {p.section for p in sample_cells(reports, 50, indicators=["GDP"]).passages}
    assert gdp == "gdp"
    with pytest.raises(UsageError, match="draw at least 1"):
        sample_cells(reports, 0)
    with pytest.raises(UsageError, match="no cells"):
        sample_cells([analyzer.analyze("没有数据。", year=2024)], 5)


def scored_cells(tmp_path: Path, sample: Passages, *filled: Filled) -> BlindScores:
    coders = [f"c{n}" for n in range(len(filled))]
    path = tmp_path / "cells.xlsx"
    write_blind(path, sample, coders=coders)
    for coder, own in zip(coders, filled, strict=True):
        fill_cells(path, coder, own, sample)
    return blind_scores(read_blind([path]))


def test_precision_and_recall_of_cells(cells: Passages, tmp_path: Path) -> None:
    ours = {f"{p.cell['region']} {p.section} {p.cell['measure']}": p.records for p in cells.passages}
    ours = {name: records for name, records in ours.items() if records}
    rank = "云岭市 grain_output growth_rank"
    assert set(RIGHT) <= set(ours) <= {*RIGHT, rank, "云岭市 grain_output rank"}
    filled = {**dict.fromkeys(ours, ("第5位", "", "", "")), **RIGHT}
    sound = scored_cells(tmp_path, cells, filled)
    assert {(s.how, s.precision.value, s.recall.value) for s in sound.scores} == {
        ("exact", 1, 1), ("value", 1, 1), ("stated", 1, 1),
    }  # fmt: skip
    assert not sound.differences

    other = {
        **filled,
        "云岭市 gdp level": ("1862.4", "亿元", "gt", ""),  # another relation
        "云岭市 gdp growth": ("7.6", "%", "eq", ""),  # another number
        "平安县 gdp growth": ("6", "%", "eq", ""),  # that we have not
    }
    result = scored_cells(tmp_path, cells, filled, other)
    n = len(ours)
    counts = {
        (s.against, s.how): (s.precision.hits, s.precision.of, s.recall.hits, s.recall.of)
        for s in result.scores
    }
    assert counts["c1", "exact"] == (n - 2, n, n - 2, n + 1)
    assert counts["c1", "value"] == (n - 1, n, n - 1, n + 1)
    assert counts["c1", "stated"] == (n, n, n, n + 1)
    assert counts["all coders", "value"] == (n - 1, n - 1, n - 1, n - 1)
    assert result.units == len(cells.passages)
    assert result.agreed == pytest.approx(1 - 3 / len(cells.passages))
    assert result.alpha is not None
    assert any("地区生产总值 growth actual: 地区生产总值1862.4亿元" in d.sentence for d in result.differences)
    assert "coders on the figures in" in result.text()


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (("many", "亿元", "eq", ""), "'many' is no number"),
        (("3", "%", "about", ""), "relation 'about' is none of eq"),
        (("3", "%", "eq", "全市粮食丰收。"), "'全市粮食丰收。' does not stand in"),
    ],
)
def test_errors_name_the_cell(cells: Passages, tmp_path: Path, answer: tuple[str, ...], said: str) -> None:
    with pytest.raises(InputError, match=rf"sheet 'c0', row [0-9]+: {said}"):
        scored_cells(tmp_path, cells, {"云岭市 gdp level": answer})


def test_numbers_are_read_as_people_write_them(cells: Passages, tmp_path: Path) -> None:
    for value, unit in (("186,240,000,000", "元"), ("1862.4亿元", ""), ("18624000", "万元")):
        result = scored_cells(tmp_path, cells, {"云岭市 gdp level": (value, unit, "", "")})
        assert result.scores[0].recall.value == 1, value


def test_cells_on_the_command_line(tmp_path: Path) -> None:
    for name, text in (("云岭市", CITY), ("平安县", COUNTY)):
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    run = CliRunner().invoke
    out = tmp_path / "cells.xlsx"
    done = run(cli, ["sheet", str(tmp_path), "--blind", "panel", "--indicator", "GDP", "-o", str(out)])
    assert done.exit_code == 0, done.output
    assert "4 of 4 cells" in done.output
    assert [row[4] for row in load_workbook(out)["coder 1"].iter_rows(min_row=2, values_only=True)] == [
        "地区生产总值"
    ] * 4
    for blind in ([], ["--blind", "claims"]):
        given = ["sheet", str(tmp_path), *blind, "--indicator", "GDP"]
        done = run(cli, [*given, "-o", str(tmp_path / "b.xlsx")])
        assert done.exit_code == 2
        assert "goes with --blind panel" in done.output
    done = run(cli, ["sheet", str(tmp_path), "--records", "panel", "-o", str(tmp_path / "c.xlsx")])
    assert done.exit_code == 0, done.output
    assert "cells" in done.output
