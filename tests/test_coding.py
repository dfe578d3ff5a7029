"""Human coding: the sample, the sheets, and the figures that come out of them."""

import shutil
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.worksheet.worksheet import Worksheet

from zhreport import Analyzer, InputError, Report, UsageError, read
from zhreport.coding import (
    JUDGED,
    NOUNS,
    Coding,
    Coefficient,
    agreement,
    gwet_ac1,
    nominal_alpha,
    read_sheets,
    sample_records,
    wilson,
    write_sheet,
)
from zhreport.coding.answers import Coded
from zhreport.coding.sample import Stratum

FIELDS = JUDGED["claims"]


@pytest.fixture(scope="module")
def reports(analyzer: Analyzer, samples: Path) -> list[Report]:
    return [analyzer.analyze(read(path)) for path in sorted(samples.glob("*.txt"))]


@pytest.fixture
def sheet(reports: list[Report], tmp_path: Path) -> Path:
    (path,) = write_sheet(tmp_path / "coding.xlsx", sample_records(reports, 12, seed=3))
    return path


WHENCE = ("file", "doc", "region", "region_code", "level", "date", "genre", "year")


def column(sheet: Worksheet, name: str) -> int:
    return [cell.value for cell in sheet[1]].index(name) + 1


def fill(path: Path, *coders: str, answer: Callable[[int, str], Any] = lambda _row, _field: 1) -> Path:
    """Fill in sheets; `answer` gives what goes into a row (from 2) and a field."""
    book = load_workbook(path)
    for coder in coders:
        sheet = book[coder]
        for row in range(2, sheet.max_row + 1):
            for field in FIELDS:
                sheet.cell(row, column(sheet, f"{field} right?")).value = answer(row, field)
    book.save(path)
    return path


# --- the sample


def test_a_sample_depends_on_claims_number_and_seed_only(reports: list[Report]) -> None:
    one = sample_records(reports, 40, seed=7)
    assert one == sample_records([*reports[::-1], reports[0]], 40, seed=7)
    assert {s.id for s in one.items} != {s.id for s in sample_records(reports, 40, seed=8).items}
    assert len({s.id for s in one.items}) == len(one.items) == 40
    # A larger sample of a stratum holds the smaller one.
    more = {s.id for s in sample_records(reports, 41, seed=7, stratify=False).items}
    assert {s.id for s in sample_records(reports, 40, seed=7, stratify=False).items} < more


def test_every_stratum_is_in_the_sample(reports: list[Report]) -> None:
    sample = sample_records(reports, 60, seed=1)
    total = sum(len(report.claims) for report in reports)
    assert sum(s.population for s in sample.strata) == total
    assert sum(s.sampled for s in sample.strata) == 60
    for s in sample.strata:
        assert s.sampled >= 1
        assert abs(s.sampled - 60 * s.population / total) < 2
        assert sum(c.stratum == s.name for c in sample.items) == s.sampled
        kind, status = s.name.split()
        assert all(
            (c.record.kind, c.record.status) == (kind, status) for c in sample.items if c.stratum == s.name
        )


def test_all_claims_if_there_are_no_more(reports: list[Report]) -> None:
    sample = sample_records(reports[:1], 10_000)
    assert [s.record for s in sample.items] == list(reports[0].claims)
    text = reports[0].document.text
    for s in sample.items:
        around = s.before.lstrip("…") + s.record.text + s.after.rstrip("…")
        assert around in text
        assert "\n" not in around


def test_the_place_is_that_of_the_other_outputs(analyzer: Analyzer, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("— 1 —\n\n新建学校12所。\n\n— 2 —\n\n修路50公里。\n\n— 3 —\n", encoding="utf-8")
    report = analyzer.analyze(read(path))
    places = [(s.start, s.end) for s in sample_records([report], 5).items]
    assert places == [(row["start"], row["end"]) for row in report.to_dicts()]
    assert places != [(claim.start, claim.end) for claim in report.claims]


def test_no_sample(reports: list[Report], analyzer: Analyzer) -> None:
    with pytest.raises(UsageError, match="at least 1"):
        sample_records(reports, 0)
    with pytest.raises(UsageError, match="of claims, campaigns, themes, panel"):
        sample_records(reports, 5, records="words")
    with pytest.raises(UsageError, match="no claims"):
        sample_records([analyzer.analyze("没有数字。")], 5)


# --- the sheets


def test_what_coders_see(sheet: Path, reports: list[Report]) -> None:
    book = load_workbook(sheet)
    assert book.sheetnames == ["instructions", "coder 1", "coder 2", "sample"]
    page = book["coder 1"]
    header = [cell.value for cell in page[1]]
    assert [name for name in header if str(name).endswith("right?")] == [f"{f} right?" for f in FIELDS]
    sample = sample_records(reports, 12, seed=3)
    for row, item in enumerate(sample.items, start=2):
        values = dict(zip(header, (cell.value for cell in page[row]), strict=True))
        assert (values["id"], values["start"], values["end"]) == (item.id, item.start, item.end)
        assert (values["clean_start"], values["clean_end"]) == (item.record.start, item.record.end)
        assert {name: values[name] or "" for name in WHENCE} == {n: item.whence[n] or "" for n in WHENCE}
        assert f"【{item.record.text}】" in str(values["sentence"])
        assert values["indicator"] == item.record.indicator
        assert str(values["unit"] or "") == item.record.unit
        assert all(values[f"{f} right?"] is None for f in FIELDS)
    (rule,) = page.data_validations.dataValidation
    assert rule.formula1 == '"1,0,?"'
    for field in FIELDS:
        assert page.cell(2, column(page, f"{field} right?")).coordinate in rule.sqref
    assert {str(row[0]) for row in book["instructions"].iter_rows(values_only=True)} > set(FIELDS)


@pytest.mark.parametrize(
    ("records", "shown"),
    [
        (
            "campaigns",
            {"span": "净网", "kind": "action", "action": "开展", "organizer": "市公安局", "period": "2023"},
        ),
        ("themes", {}),  # whatever the model says
        (
            "panel",
            {
                "indicator": "地区生产总值 (growth)", "region": "云岭市", "year": 2023, "status": "actual",
                "value": "7.5", "unit": "%", "relation": "ge",
            },
        ),
    ],
)  # fmt: skip
def test_sheets_of_other_records(
    analyzer: Analyzer, tmp_path: Path, records: str, shown: dict[str, int | str]
) -> None:
    lines = ("2024年云岭市政府工作报告", "一、2023年工作回顾", "地区生产总值增长7.5%以上。")
    report = analyzer.analyze("\n".join((*lines, "市公安局开展“净网”行动。")))
    if records == "themes":
        main, *others = next(p.themes for p in report.paragraphs if p.themes and not p.heading)
        shown = {"theme": main.theme, "others": ", ".join(other.theme for other in others)}
    sample = sample_records([report, report], 10, records=records)
    (path,) = write_sheet(tmp_path / "coding.xlsx", sample, coders=["a", "b"])
    book = load_workbook(path)
    header, *rows = book["a"].iter_rows(values_only=True)
    found = [dict(zip(header, row, strict=True)) for row in rows]
    (row,) = (one for one in found if all((one[name] or "") == value for name, value in shown.items()))
    assert [name for name in header if str(name).endswith("right?")] == [f"{name} right?" for name in shown]
    assert len(set(header)) == len(header)
    assert row["report_year" if records == "panel" else "year"] == 2024
    stands = row["sentence"] if records == "themes" else str(row["sentence"]).split("【")[1].split("】")[0]
    assert stands == report.document.text[int(str(row["clean_start"])) : int(str(row["clean_end"]))]
    told = {str(line[0]): str(line[1]) for line in book["instructions"].iter_rows(values_only=True)}
    assert all(told[name] for name in shown)

    fields = JUDGED[records]
    for coder, wrong in (("a", ""), ("b", fields[1])):
        for number in range(2, len(rows) + 2):
            for field in fields:
                book[coder].cell(number, column(book[coder], f"{field} right?")).value = int(field != wrong)
    book.save(path)
    coding = read_sheets([path])
    result = agreement(coding)
    assert (coding.records, result.records, result.items) == (records, records, len(rows))
    precision = {score.field: score.precision for score in result.fields}
    assert precision == {**dict.fromkeys(fields, 1), fields[1]: 0.5, "record": 0.5}
    assert {d.field for d in result.disagreements} == {fields[1]}
    assert f"{len(rows)} of {len(rows)} {NOUNS[records]}, coded by a, b" in result.text()


def test_the_same_sample_gives_the_same_bytes(sheet: Path, reports: list[Report], tmp_path: Path) -> None:
    (again,) = write_sheet(tmp_path / "again.xlsx", sample_records(reports, 12, seed=3))
    assert again.read_bytes() == sheet.read_bytes()
    core = load_workbook(again).properties
    assert core.modified is not None
    assert core.modified.year == 2000


def test_no_cell_is_a_formula(analyzer: Analyzer, tmp_path: Path) -> None:
    text = "=cmd|'/c calc'!A1新建学校12所。\n@SUM(1)建成-\x01水库3座。\n+增加\ud800泵站4座。"
    bad = analyzer.analyze(text, year=2024, name="=1+1")
    assert len(bad.claims) == 3
    (path,) = write_sheet(tmp_path / "a.xlsx", sample_records([bad], 5), coders=["-2+3"])
    cells = [cell for page in load_workbook(path) for row in page.iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    risky = [cell for cell in cells if str(cell.value)[:1] in "=+-@" and cell.value]
    assert {cell.value for cell in risky} >= {"=1+1"}
    assert all(cell.quotePrefix for cell in risky)


def test_a_file_for_each_coder(reports: list[Report], tmp_path: Path) -> None:
    files = write_sheet(tmp_path / "c.xlsx", sample_records(reports, 5), coders=["王", "李"], separate=True)
    assert [f.name for f in files] == ["c-王.xlsx", "c-李.xlsx"]
    fill(files[0], "王")
    fill(files[1], "李", answer=lambda row, field: "？" if (row, field) == (2, "unit") else "１")
    coding = read_sheets(files)
    assert coding.coders == ("王", "李")
    first = coding.items[0].judgements
    assert (first["王"]["unit"], first["李"]["unit"], first["李"]["value"]) == (True, None, True)


@pytest.mark.parametrize(
    ("name", "coders", "message"),
    [
        ("a.csv", ["a", "b"], r"ends in \.xlsx"),
        ("a.xlsx", ["a/b"], "name a sheet"),
        ("a.xlsx", ["a" * 32], "name a sheet"),
        ("a.xlsx", ["Sample"], "differ"),
        ("a.xlsx", ["a", "A"], "differ"),
        ("a.xlsx", [], "differ"),
    ],
)
def test_no_sheet(reports: list[Report], tmp_path: Path, name: str, coders: list[str], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        write_sheet(tmp_path / name, sample_records(reports, 2), coders=coders)
    assert list(tmp_path.iterdir()) == []


# --- what was filled in


def test_two_copies_of_one_workbook(sheet: Path, tmp_path: Path) -> None:
    other = Path(shutil.copy(sheet, tmp_path / "b.xlsx"))
    fill(sheet, "coder 1", answer=lambda row, field: int((row, field) != (3, "kind")))
    fill(other, "coder 1")
    coding = read_sheets([sheet, other])
    assert coding.coders == ("coder 1 (1)", "coder 1 (2)")
    (d,) = agreement(coding).disagreements
    assert (d.field, d.judgements) == ("kind", {"coder 1 (1)": False, "coder 1 (2)": True})


def test_sheets_of_one_name_stay_apart(reports: list[Report], tmp_path: Path) -> None:
    """A spreadsheet calls a second sheet of a name `王 (2)`, as we do."""
    sample = sample_records(reports, 3)
    (one,) = write_sheet(tmp_path / "one.xlsx", sample, coders=["王"])
    (two,) = write_sheet(tmp_path / "two.xlsx", sample, coders=["王", "王 (2)"])
    fill(two, "王", "王 (2)", answer=lambda _row, _field: 0)
    coding = read_sheets([fill(one, "王"), two])
    assert len(set(coding.coders)) == 3
    assert Counter(agreement(coding).fields[0].by_coder.values()) == {0: 2, 1: 1}
    assert read_sheets([one, one]).coders == ("王",)


def test_what_other_programs_write(sheet: Path) -> None:
    """Counts with a point, a sheet that is a chart, blanks below the table."""
    fill(sheet, "coder 1", answer=lambda _row, _field: 1.0)
    book = load_workbook(sheet)
    book["coder 1"].cell(40, 3).value = " "
    for (cell,) in book["sample"]["C3:C30"]:
        cell.value = None if cell.value is None else f"{cell.value}.0"
    chart = BarChart()
    chart.add_data(Reference(book["sample"], min_col=2, min_row=3, max_row=5))
    book.create_chartsheet("Chart1").add_chart(chart)
    book.save(sheet)
    coding = read_sheets([sheet])
    assert (coding.coders, len(coding.items)) == (("coder 1",), 12)
    assert sum(s.sampled for s in coding.strata) == 12


def test_rows_may_be_sorted_and_commented(sheet: Path) -> None:
    fill(sheet, "coder 1", "coder 2")
    book = load_workbook(sheet)
    page = book["coder 2"]
    rows = [[cell.value for cell in row] for row in page.iter_rows(min_row=2)]
    rows[0][column(page, "comment") - 1] = "  should be 2023 "
    rows[0][column(page, "period right?") - 1] = 0
    for number, values in enumerate(rows[::-1], start=2):
        for at, value in enumerate(values, start=1):
            page.cell(number, at).value = value
    book.save(sheet)
    (d,) = agreement(read_sheets([sheet])).disagreements
    assert (d.id, d.field, d.comments) == (rows[0][0], "period", {"coder 2": "should be 2023"})


def test_fields_of_what_is_no_claim_may_be_empty(sheet: Path) -> None:
    def answer(row: int, field: str) -> int | str | None:
        return (0 if row == 2 else "?" if row == 3 else 1) if field == "span" else (1 if row > 3 else None)

    fill(sheet, "coder 1", answer=answer)
    result = agreement(read_sheets([sheet]))
    counts = {f.field: f.items for f in result.fields}
    assert counts == {"span": 11, **dict.fromkeys(FIELDS[1:], 10), "record": 11}
    assert any("second" in note for note in result.notes)


def test_errors_name_sheet_row_and_column(sheet: Path, tmp_path: Path) -> None:
    def wrong(change: Callable[[Worksheet], None], *, partial: bool = False) -> str:
        path = Path(shutil.copy(sheet, tmp_path / "wrong.xlsx"))
        fill(path, "coder 1", "coder 2")
        book = load_workbook(path)
        change(book["coder 2"])
        book.save(path)
        with pytest.raises(InputError) as error:
            read_sheets([path], partial=partial)
        message = str(error.value)
        assert "\n" not in message
        return message.removeprefix(f"{path}, sheet 'coder 2'")

    def put(row: int, name: str, value: object) -> Callable[[Worksheet], None]:
        def change(page: Worksheet) -> None:
            page.cell(row, column(page, name)).value = value  # type: ignore[assignment]

        return change

    letter = load_workbook(sheet)["coder 2"]["A1"].column_letter
    assert letter == "A"
    for value in ("yes", 2, "10"):
        message = wrong(put(4, "value right?", value), partial=True)
        assert message == f", row 4, column L: {value!r} is not 1, 0 or ?"
    assert wrong(put(5, "unit right?", None)).startswith(", row 5, column N: 'unit right?' is not filled in")
    assert wrong(put(1, "unit right?", "unit")).startswith(", row 1: has no column 'unit right?'")
    assert wrong(put(6, "id", None)).startswith(", row 6, column 'id': is empty")
    assert wrong(put(6, "stratum", None), partial=True).startswith(
        ", row 6, column 'stratum': None is not in the sample"
    )
    first = load_workbook(sheet)["coder 2"].cell(2, 1).value
    assert wrong(put(3, "id", first)).startswith(f", row 3, column 'id': is there twice ({first})")
    assert ": has no row with the id" in wrong(lambda page: page.delete_rows(7))


def test_what_is_missing_may_be_left_out(sheet: Path) -> None:
    fill(sheet, "coder 1")
    fill(sheet, "coder 2", answer=lambda row, field: 1 if row < 5 and field != "unit" else None)
    book = load_workbook(sheet)
    book["coder 2"].delete_rows(9)
    book.save(sheet)
    with pytest.raises(InputError, match=r"row 2, column N.*--partial"):
        read_sheets([sheet])
    both = {f.field: f.both for f in agreement(read_sheets([sheet], partial=True)).fields}
    assert both == {**dict.fromkeys(FIELDS, 3), "unit": 0, "record": 0}


def test_files_that_will_not_do(sheet: Path, reports: list[Report], tmp_path: Path) -> None:
    def error(*paths: Path) -> str:
        with pytest.raises(InputError) as caught:
            read_sheets(paths)
        return str(caught.value)

    assert "no sheet has an answer; fill them in first" in error(sheet)
    assert "no such file" in error(tmp_path / "none.xlsx")
    text = tmp_path / "text.xlsx"
    text.write_text("id,doc")
    assert "not an Excel workbook" in error(text)
    old = tmp_path / "old.xls"
    old.write_bytes(b"\xd0\xcf\x11\xe0")
    assert "save the sheet as .xlsx" in error(old)
    data = bytearray(sheet.read_bytes())
    for name, end in (("cut.xlsx", len(data) // 2), ("bent.xlsx", len(data))):
        data[1000:3000] = bytes(2000)
        (tmp_path / name).write_bytes(data[:end])
        assert "damaged" in error(tmp_path / name)
    other = tmp_path / "other.xlsx"
    Workbook().save(other)
    assert "no sheet 'sample'" in error(other)
    (second,) = write_sheet(tmp_path / "second.xlsx", sample_records(reports, 13, seed=3))
    assert "another sample" in error(fill(sheet, "coder 1"), fill(second, "coder 1"))
    (third,) = write_sheet(tmp_path / "third.xlsx", sample_records(reports, 12, seed=4), coders=["third"])
    fill(third, "third")
    with pytest.raises(InputError, match="give sheets of one sample"):
        read_sheets([sheet, third], partial=True)
    book = load_workbook(third)
    book["third"].delete_rows(7)
    book.save(third)
    assert "11 of the 12 claims of the sample" in error(third)
    assert len(read_sheets([third], partial=True).items) == 11


# --- the figures


def value(found: Coefficient | None) -> float | None:
    assert found is None or found.low <= found.value <= found.high <= 1
    return None if found is None else found.value


def test_ac1_of_one_sided_data() -> None:
    """By hand: 118 of 125 agree; π = 243/250, chance 2π(1 - π) = 0.0544, (0.944 - 0.0544) / (1 - 0.0544)."""
    units = [*["aa"] * 118, *["ab"] * 5, *["ba"] * 2]
    assert value(gwet_ac1(units)) == pytest.approx(0.9408, abs=5e-5)
    assert value(nominal_alpha(units)) == pytest.approx(1 - 249 * 7 / (243 * 7), abs=5e-3)
    assert gwet_ac1(["aa"] * 5) is None
    assert value(gwet_ac1(["aa"] * 5, "ab")) == 1
    assert gwet_ac1([["a", None]] * 3, "ab") is None


def test_published_examples_of_alpha() -> None:
    """The three nominal examples of Krippendorff 2011, sections A, B and C."""
    jon, han = "0100000010", "1110010000"
    assert value(nominal_alpha(zip(jon, han, strict=True))) == pytest.approx(0.095, abs=5e-4)
    ben, gerry = "aabbdcccedda", "babbbccceddd"
    assert value(nominal_alpha(zip(ben, gerry, strict=True))) == pytest.approx(0.692, abs=5e-4)
    four = ("123321412...", "1233224125.3", ".3332342251.", "12332441251.")
    units = [[None if v == "." else v for v in unit] for unit in zip(*four, strict=True)]
    assert value(nominal_alpha(units)) == pytest.approx(0.743, abs=5e-4)


def test_alpha_at_its_ends() -> None:
    assert value(nominal_alpha(["ab"] * 10)) == pytest.approx(-0.9)
    assert value(nominal_alpha(["aa", "bb"] * 5)) == 1
    assert nominal_alpha(["aa"] * 5) is None
    assert nominal_alpha([["a", None], [None, "b"]]) is None
    assert nominal_alpha([]) is None


def test_wilson_keeps_its_promises() -> None:
    # 81 of 263 in Newcombe 1998, "Two-sided confidence intervals for the single proportion", table I.
    assert wilson(81 / 263, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(0, 20) == pytest.approx((0, 0.1611), abs=5e-5)
    low, high = wilson(1, 20)
    assert high == 1
    assert low == pytest.approx(1 - 0.1611, abs=5e-5)


def coded(stratum: str, *judgements: Mapping[str, bool | None]) -> Coded:
    return Coded(
        id=f"{stratum}{id(judgements)}",
        stratum=stratum,
        doc="d",
        sentence="【1】",
        shown=dict.fromkeys(FIELDS, "x"),
        judgements={f"coder {i}": dict(j) for i, j in enumerate(judgements)},
        comments={},
    )


def test_precision_is_weighted_by_stratum() -> None:
    right, wrong = dict.fromkeys(FIELDS, True), {**dict.fromkeys(FIELDS, True), "unit": False}
    claims = [coded("large", right)] * 8 + [coded("small", wrong)] * 2
    strata = (
        Stratum(name="large", population=96, sampled=8),
        Stratum(name="small", population=4, sampled=2),
    )
    result = agreement(Coding(records="claims", coders=("coder 0",), items=tuple(claims), strata=strata))
    scores = {f.field: f for f in result.fields}
    assert scores["unit"].precision == pytest.approx(0.96)
    assert scores["record"].precision == pytest.approx(0.96)
    assert scores["span"].precision == 1
    assert scores["unit"].low is not None
    effective = 100**2 / (8 * 12**2 + 2 * 2**2)
    assert (scores["unit"].low, scores["unit"].high) == pytest.approx(wilson(0.96, effective))
    assert result.population == 100
    assert "10.0% of the claims" in result.notes[0]
    assert "0.95" in result.notes[0]


def test_a_record_is_wrong_if_a_field_is() -> None:
    right = dict.fromkeys(FIELDS, True)
    no_claim: dict[str, bool | None] = {**dict.fromkeys(FIELDS), "span": False}
    open_: dict[str, bool | None] = {**right, "kind": None}
    unasked: dict[str, bool | None] = {**dict.fromkeys(FIELDS, False)}  # filled in though there is no claim
    claims = (coded("all", right, right), coded("all", unasked, right), coded("all", open_, no_claim))
    strata = (Stratum(name="all", population=3, sampled=3),)
    result = agreement(Coding(records="claims", coders=("coder 0", "coder 1"), items=claims, strata=strata))
    scores = {f.field: f for f in result.fields}
    assert scores["record"].precision == pytest.approx((1 + 0.5 + 0) / 3)
    assert scores["record"].by_coder == {"coder 0": 0.5, "coder 1": pytest.approx(2 / 3)}
    assert scores["record"].both == 2
    assert scores["unit"].both == 1
    assert scores["unit"].alpha is None
    assert scores["span"].agreed == pytest.approx(1 / 3)
    assert [d.field for d in result.disagreements] == ["span", "span"]
    assert "exact" in result.notes[0]
    lines = result.text().splitlines()
    assert lines[0] == "3 of 3 claims, coded by coder 0, coder 1"
    assert any(line.startswith("record") and "0.500" in line for line in lines)
    assert sum(line.startswith("all") for line in lines) == 2
