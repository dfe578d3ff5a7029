"""Tables of records: schemas, Arrow, data frames, and every format written and read again."""

import csv
import dataclasses
import datetime as dt
import io
import json
import os
import pathlib
import re
import sys
import tempfile
from decimal import Decimal
from typing import Any

import pytest

from zhreport import Analyzer, Document, MissingExtraError, Report, SourceSpan, UsageError
from zhreport.campaigns import Campaign
from zhreport.claims import Claim
from zhreport.document import make_document
from zhreport.errors import InputError
from zhreport.report import TaggedParagraph
from zhreport.store import Store
from zhreport.tables import (
    COLUMNS,
    KINDS,
    Column,
    batch,
    columns,
    data_hash,
    frame,
    metadata_names,
    provenance,
    schema,
    table,
)
from zhreport.writing import ENDINGS, FORMATS, make_writer, spreadsheets, write
from zhreport.writing.parquet import ArrowWriter
from zhreport.writing.shape import Shape
from zhreport.writing.spreadsheets import XlsxWriter, csv_cell

TEXT = """2024年云岭市政府工作报告
一、2023年工作回顾
地区生产总值1862.4亿元、增长7.5%；投资1.2万—1.5万亿元；三分之一的村通了网。
开展“清朗”专项行动3次，“𠮷祥”行动🙂启动。
"""
TABULAR = [form for form in FORMATS if form not in ("table", "jsonl")]
TOO_LONG, TOO_FINE = Decimal("1" + "0" * 39 + "1"), Decimal("0.0000000001")


@pytest.fixture(scope="module")
def report(analyzer: Analyzer) -> Report:
    return analyzer.analyze(TEXT, name="云岭")


@pytest.fixture(scope="module")
def odd(report: Report) -> Report:
    """A report with what formats find hard: numbers without end, formulas, control and half characters."""
    claims = [
        dataclasses.replace(report.claims[0], value=TOO_LONG, indicator="=SUM(A1:A9)"),
        dataclasses.replace(report.claims[0], value=TOO_FINE, indicator="+86"),
        dataclasses.replace(report.claims[0], value=Decimal("-12.50"), indicator="@村"),
        dataclasses.replace(report.claims[0], value=Decimal("1234567890123456.789"), indicator="-甲"),
        dataclasses.replace(report.claims[0], indicator="\t制表"),
        dataclasses.replace(report.claims[0], indicator='𠮷🙂 “引”,"逗"\n行'),
        dataclasses.replace(report.claims[0], indicator="", unit=""),
    ]
    return dataclasses.replace(report, claims=tuple(claims))


def saved(
    tmp: pathlib.Path, form: str, reports: list[Report], kind: str | None = "claims", **options: Any
) -> pathlib.Path:
    path = tmp / f"out.{form}"
    write(reports, path, kind, **options)
    return path


def load(path: pathlib.Path, kind: str = "claims") -> list[dict[str, Any]]:
    """The rows of a file, as its usual reader gives them."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as stream:
            return list(csv.DictReader(stream))
    if path.suffix == ".xlsx":
        openpyxl = pytest.importorskip("openpyxl")
        rows = list(openpyxl.load_workbook(path)[kind].iter_rows(values_only=True))
        return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    if path.suffix == ".dta":
        pandas = pytest.importorskip("pandas")
        found: list[dict[str, Any]] = pandas.read_stata(path).to_dict("records")
        return found
    pytest.importorskip("pyarrow")
    if path.suffix == ".parquet":
        from pyarrow import parquet

        rows_: list[dict[str, Any]] = parquet.read_table(path).to_pylist()
        return rows_
    from pyarrow import feather

    read: list[dict[str, Any]] = feather.read_table(path).to_pylist()
    return read


# -- schemas


@pytest.mark.parametrize(("kind", "record"), [("claims", Claim), ("campaigns", Campaign)])
def test_every_field_of_a_record_has_a_column(kind: str, record: type) -> None:
    names = {column.name for column in COLUMNS[kind]}
    assert {field.name for field in dataclasses.fields(record)} <= names
    paragraph = {column.name for column in COLUMNS["paragraphs"]}
    assert {field.name for field in dataclasses.fields(TaggedParagraph)} <= paragraph


def test_columns_are_plain_python(report: Report) -> None:
    found = columns(report, "claims")
    assert list(found) == [column.name for column in COLUMNS["claims"]]
    assert found["value"][:2] == [Decimal(186240000000), Decimal("7.5")]
    assert found["value_exact"][:3] == ["186240000000", "7.5", "12000/1500000000000"]
    assert all(len(values) == len(report.claims) for values in found.values())
    paragraphs = columns(report, "paragraphs")
    assert paragraphs["section"][2] == ["一、2023年工作回顾"]
    assert set(paragraphs["themes"][2][0]) == {"theme", "probability"}
    assert paragraphs["text"][2] == TEXT.splitlines()[2]
    with pytest.raises(UsageError, match="unknown records 'themes': use claims"):
        columns(report, "themes")


def test_schema_and_provenance(report: Report) -> None:
    arrow = pytest.importorskip("pyarrow")
    found = schema("claims", ["file", "year", "省", "Unit"], provenance(tokenizer="jieba", taxonomy="cap"))
    assert found.field("value").type == arrow.decimal128(38, 9)
    assert found.field("indicator").metadata == {b"description": b"what is measured or counted"}
    assert found.names[-2:] == ["省", "meta_Unit"]
    assert found.metadata[b"zhreport.kind"] == b"claims"
    assert found.metadata[b"zhreport.tokenizer"] == b"jieba"
    assert found.metadata[b"zhreport.taxonomy"] == b"cap"
    assert found.metadata[b"zhreport.data_sha256"].decode() == data_hash()
    assert b"zhreport.input_sha256" not in table([report, report], "claims").schema.metadata
    one = table([report], "claims").schema.metadata[b"zhreport.input_sha256"].decode()
    assert one == columns(report, "documents")["sha256"][0]
    assert re.fullmatch(r"[0-9a-f]{64}", one)


def test_metadata_names_never_meet_ours() -> None:
    names = ["file", "year", "Doc", "region", "Region", "meta_region", "REGION", "value"]
    found = metadata_names(names)
    folded = [new.casefold() for new in found.values()]
    assert len(set(folded)) == len(folded) == len(names) - 2
    assert not set(folded) & {column.name for own in COLUMNS.values() for column in own}
    assert list(metadata_names(["", " ", "a\0b", "\ud800"]).values()) == ["meta_", "meta_ ", "a\ufffdb", "?"]


@dataclasses.dataclass(frozen=True)
class Span:
    part: str
    start: int
    end: int


def test_a_line_is_a_column_everywhere(
    tmp_path: pathlib.Path, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("pyarrow", "xlsxwriter", "pandas", "duckdb"):
        pytest.importorskip(name)
    line = Column(
        "spans", "spans", "where it is", lambda _, c: (Span("体", c.start, c.end), Span("尾", 0, 1))
    )
    monkeypatch.setitem(COLUMNS, "claims", (*COLUMNS["claims"], line))
    first = report.claims[0]
    wanted = [{"part": "体", "start": first.start, "end": first.end}, {"part": "尾", "start": 0, "end": 1}]
    for form in TABULAR:
        cell = load(saved(tmp_path, form, [report]))[0]["spans"]
        assert (cell if form in ("parquet", "feather") else json.loads(cell)) == wanted, form
    with Store(tmp_path / "a.duckdb") as store:
        store.replace("a", report, sha256="", fingerprint="")
    import duckdb

    with duckdb.connect(str(tmp_path / "a.duckdb")) as database:
        assert database.execute("SELECT spans FROM claims WHERE start = ?", [first.start]).fetchone() == (
            wanted,
        )


# -- Arrow and data frames


def test_table_of_reports(report: Report, odd: Report) -> None:
    pytest.importorskip("pyarrow")
    found = table([report, odd], "claims", extra=[{"省": "云", "file": "a"}, {"区": "岭"}])
    rows = found.to_pylist()
    assert [row["省"] for row in rows] == ["云"] * len(report.claims) + [None] * len(odd.claims)
    assert rows[-1]["区"] == "岭"
    assert rows[0]["value"] == report.claims[0].value
    assert found.num_rows == len(report.claims) + len(odd.claims)
    assert table([], "documents").num_rows == 0
    with pytest.raises(UsageError, match="1 rows of metadata for 2 reports"):
        table([report, report], extra=[{}])


def test_numbers_beyond_the_decimal_are_kept_as_text(odd: Report) -> None:
    pytest.importorskip("pyarrow")
    rows = table([odd]).to_pylist()
    assert rows[0]["value"] is None
    assert rows[0]["value_exact"] == str(TOO_LONG)
    assert rows[1]["value"] is None
    assert rows[1]["value_exact"] == "0.0000000001"
    assert rows[2]["value"] == Decimal("-12.5")
    assert rows[3]["value"] == Decimal("1234567890123456.789")


def test_half_characters_do_not_stop_a_table() -> None:
    pytest.importorskip("pyarrow")
    plain = Analyzer(tokenizer="jieba", themes=False)
    broken = plain.analyze("产值\ud8005亿元，开展“净\udc00网”行动。", name="a\udcff")
    for kind in KINDS:
        rows = batch(broken, kind, schema(kind, ["甲"]), {"甲": "\ud800"}).to_pylist()
        assert all(row["doc"] == "a?" and row["甲"] == "?" for row in rows)
    stated = plain.analyze(make_document("产值5亿元。", table={"标题": "云岭市\ud800政府工作报告"}))
    assert table([stated], "documents").to_pylist()[0]["title"] == "云岭市?政府工作报告"


def test_half_characters_do_not_stop_jsonl(tmp_path: pathlib.Path) -> None:
    plain = Analyzer(tokenizer="jieba", themes=False)
    path = saved(tmp_path, "jsonl", [plain.analyze("产值\ud8005亿元。", name="a\udcff")], None)
    rows = list(map(json.loads, path.read_text(encoding="utf-8").splitlines()))
    assert {row["doc"] for row in rows} == {"a?"}
    assert rows[-1]["value"] == 500_000_000


def test_empty_reports_have_the_same_columns(analyzer: Analyzer, report: Report) -> None:
    pytest.importorskip("pyarrow")
    nothing = analyzer.analyze("")
    for kind in KINDS:
        assert table([nothing], kind).schema.names == table([report], kind).schema.names
        assert table([nothing], kind).num_rows == (kind == "documents")


def test_pandas(report: Report, analyzer: Analyzer) -> None:
    pytest.importorskip("pandas")
    found = frame(report)
    assert list(found["value"].dropna())[:2] == [186240000000.0, 7.5]
    assert list(found["year"].unique()) == [2024]
    assert frame(report, "campaigns")["count_start"].isna().sum() == 1
    empty = frame(analyzer.analyze(""))
    assert len(empty) == 0
    assert list(empty.columns) == list(found.columns)
    assert empty.dtypes["value"] == found.dtypes["value"]
    assert frame(analyzer.analyze(""), "documents")["year"].isna().all()


def test_polars_takes_a_table(report: Report) -> None:
    pytest.importorskip("pyarrow")
    polars = pytest.importorskip("polars")
    found = polars.from_arrow(table([report]))
    assert found["value"].to_list()[:2] == [Decimal(186240000000), Decimal("7.5")]
    assert found["indicator"].to_list() == [claim.indicator for claim in report.claims]


# -- files


@pytest.mark.parametrize("form", ["parquet", "feather"])
def test_arrow_files_give_the_table_again(tmp_path: pathlib.Path, form: str, odd: Report) -> None:
    pytest.importorskip("pyarrow")
    for kind in KINDS:
        path = saved(tmp_path, form, [odd, odd], kind, extra=[{"省": "=云"}, {}])
        assert load(path) == table([odd, odd], kind, extra=[{"省": "=云"}, {}]).to_pylist()


@pytest.mark.parametrize("form", ["parquet", "feather"])
def test_groups_of_rows(form: str, odd: Report) -> None:
    arrow = pytest.importorskip("pyarrow")
    stream = io.BytesIO()
    writer = ArrowWriter(stream, Shape("claims"), provenance={"version": "9"}, form=form, group=10)
    for _ in range(5):
        writer.write(odd, {})
    writer.close()
    if form == "parquet":
        from pyarrow import parquet

        groups = parquet.ParquetFile(stream)
        sizes = [groups.metadata.row_group(i).num_rows for i in range(groups.num_row_groups)]
        metadata, rows = groups.schema_arrow.metadata, groups.read()
    else:
        file = arrow.ipc.open_file(stream)
        sizes = [file.get_batch(i).num_rows for i in range(file.num_record_batches)]
        metadata, rows = file.schema.metadata, file.read_all()
    assert sizes == [14, 14, 7]
    assert metadata[b"zhreport.version"] == b"9"
    assert b"zhreport.input_sha256" not in metadata
    assert rows.to_pylist() == table([odd] * 5).to_pylist()


def test_a_single_report_is_named_in_its_file(tmp_path: pathlib.Path, report: Report) -> None:
    pytest.importorskip("pyarrow")
    from pyarrow import parquet

    path = saved(tmp_path, "parquet", [report], provenance=provenance(tokenizer="jieba"))
    metadata = parquet.read_schema(path).metadata
    assert metadata[b"zhreport.input_sha256"].decode() == columns(report, "documents")["sha256"][0]
    assert metadata[b"zhreport.tokenizer"] == b"jieba"


def test_csv(tmp_path: pathlib.Path, odd: Report) -> None:
    path = saved(tmp_path, "csv", [odd], extra=[{"=省": "=1+1"}])
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    rows = load(path)
    assert [row["value"] for row in rows[:4]] == [
        str(TOO_LONG),
        "0.0000000001",
        "-12.5",
        "1234567890123456.789",
    ]
    assert rows[2]["value_exact"] == "-12.5"
    guarded = [row["indicator"] for row in rows]
    assert guarded[:5] == ["'=SUM(A1:A9)", "'+86", "'@村", "'-甲", "'\t制表"]
    assert guarded[5:] == ['𠮷🙂 “引”,"逗"\n行', ""]
    assert [csv_cell(text) for text in ("-3.8%", "-3.8‰", "-3.8%+A1")] == ["-3.8%", "-3.8‰", "'-3.8%+A1"]
    assert rows[0]["'=省"] == "'=1+1"
    paragraphs = load(saved(tmp_path, "csv", [odd], "paragraphs"))
    assert json.loads(paragraphs[2]["section"]) == ["一、2023年工作回顾"]
    assert json.loads(paragraphs[2]["themes"])[0]["theme"] == paragraphs[2]["theme"]


def test_excel(tmp_path: pathlib.Path, odd: Report) -> None:
    pytest.importorskip("xlsxwriter")
    openpyxl = pytest.importorskip("openpyxl")
    from openpyxl.utils.escape import unescape

    path = saved(tmp_path, "xlsx", [odd, odd], None, extra=[{"省": "=1+1"}, {}], provenance={"version": "9"})
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == list(KINDS)
    assert book.custom_doc_props["zhreport.version"].value == "9"
    rows = load(path)
    assert len(rows) == 2 * len(odd.claims)
    assert [unescape(row["indicator"] or "") for row in rows[:7]] == [c.indicator for c in odd.claims]
    assert not any(cell.data_type == "f" for sheet in book for line in sheet for cell in line)
    assert rows[0]["省"] == "=1+1"
    assert rows[7]["省"] is None
    assert rows[2]["value"] == -12.5
    assert rows[3]["value_exact"] == "1234567890123456.789"
    assert rows[0]["low"] is None
    campaigns = load(path, "campaigns")
    assert campaigns[0]["quoted"] is True
    assert campaigns[1]["count_start"] is None
    assert load(saved(tmp_path, "xlsx", [odd], "campaigns"), "campaigns")[0]["name"] == "清朗"


def test_excel_says_that_a_sheet_is_full(report: Report) -> None:
    pytest.importorskip("xlsxwriter")
    rows = 1 + 2 * len(report.claims)
    with XlsxWriter(io.BytesIO(), [Shape("claims")], provenance={}, rows=rows) as writer:
        writer.write(report, {})
        writer.write(report, {})
        with pytest.raises(
            InputError, match=r"云岭: with its claims the sheet has more than the \d+ rows of Excel"
        ):
            writer.write(report, {})


def test_excel_cuts_what_is_longer_than_a_cell_and_says_so(
    analyzer: Analyzer, tmp_path: pathlib.Path, caplog: pytest.LogCaptureFixture
) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    long = analyzer.analyze("🙂" * 16_384 + "\n新建学校6所。", name="长")
    limit = "longer than the 32,767 characters of an Excel cell and"
    cut = f"text of 1 of its paragraphs: {limit} cut; another format has all of it"
    deep = analyzer.analyze("一、教育\n新建学校6所。", name="深")
    with XlsxWriter(io.BytesIO(), [Shape(kind, ["note"]) for kind in KINDS], provenance={}) as writer:
        assert writer.write(long, {}) == [cut]
        assert writer.write(deep, {"note": "备" * 32_767}) == []
        assert len(list(writer.write(deep, {"note": "备" * 32_768}) or ())) == 3  # it has no campaigns
    path = saved(tmp_path, "xlsx", [long, deep], None)
    assert caplog.messages == [f"长: {cut}"]
    cells = [row[-5] for row in openpyxl.load_workbook(path)["paragraphs"].iter_rows(values_only=True)]
    assert cells[1] == "🙂" * 16_383 + "…"
    assert cells[2] == "新建学校6所。"
    spans = tuple(SourceSpan(part=f"row {n}", start=n, end=n + 1) for n in range(1000))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Document, "source_spans", lambda *_: spans)
        path = saved(tmp_path, "xlsx", [deep], "claims")
    assert f"source_spans of 1 of its claims: {limit} left out; " in caplog.messages[-1]
    header, row = openpyxl.load_workbook(path)["claims"].iter_rows(values_only=True)
    assert row[header.index("source_spans")] is None
    assert row[header.index("text")] == "6所"


def test_excel_writes_nothing_of_a_report_that_raises(analyzer: Analyzer) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    good = analyzer.analyze("新建学校6所。", name="好")
    stream = io.BytesIO()
    writer = XlsxWriter(stream, [Shape("claims", ["note"])], provenance={})
    writer.write(good, {"note": "\ud800\ufffe\x01"})
    with pytest.MonkeyPatch.context() as patch:
        # of the numbers, behind texts of the same row
        patch.setattr(
            spreadsheets, "isfinite", lambda _: 1 / 0
        )  # of the numbers, behind texts of the same row
        with pytest.raises(ZeroDivisionError):
            writer.write(good, {})
    writer.write(good, {})
    writer.close()
    assert openpyxl.load_workbook(stream)["claims"].max_row == 3


def test_excel_has_so_many_columns() -> None:
    pytest.importorskip("xlsxwriter")
    with pytest.raises(UsageError, match="more than the 16,384 of an Excel sheet; write another format"):
        XlsxWriter(io.BytesIO(), [Shape("claims", [f"c{n}" for n in range(16_384)])], provenance={})


def test_stata(tmp_path: pathlib.Path, odd: Report) -> None:
    pandas = pytest.importorskip("pandas")
    extra = {
        "in": "关键字",
        "省 份": "云岭",
        "省_份": "二",
        "2023": "年",
        "长" * 40: "名",
        "说明": "𠮷" * 2000,
    }
    path = saved(tmp_path, "dta", [odd], extra=[extra], provenance={"version": "9"})
    rows = load(path)
    assert [row["indicator"] for row in rows] == [c.indicator for c in odd.claims]
    assert [row["value_exact"] for row in rows[:2]] == [str(TOO_LONG), "0.0000000001"]
    assert rows[2]["value"] == -12.5
    assert pandas.isna(rows[0]["low"])
    assert rows[0]["year"] == 2024
    with pandas.read_stata(path, iterator=True) as reader:
        labels = reader.variable_labels()
        assert reader.data_label == "zhreport 9 claims"
        assert reader.time_stamp == "01 Jan 2000 00:00"
    carried = dict(list(labels.items())[-len(extra) :])
    assert list(carried.values()) == list(extra)
    assert all(len(name) <= 32 and re.fullmatch(r"[^\W\d]\w*", name) for name in carried)
    assert [rows[0][name] for name in carried] == list(extra.values())
    campaigns = load(saved(tmp_path, "dta", [odd], "campaigns"))
    assert campaigns[0]["quoted"] == 1
    assert pandas.isna(campaigns[1]["count_start"])


@pytest.mark.parametrize("form", TABULAR)
def test_files_without_rows(tmp_path: pathlib.Path, form: str, analyzer: Analyzer) -> None:
    for name in ("pyarrow", "xlsxwriter", "pandas"):
        pytest.importorskip(name)
    for reports in ([], [analyzer.analyze("")]):
        for kind in KINDS:
            rows = load(saved(tmp_path, form, reports, kind), kind)
            assert len(rows) == (kind == "documents" and len(reports))


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_records_give_the_same_bytes(tmp_path: pathlib.Path, form: str, report: Report) -> None:
    for name in ("pyarrow", "xlsxwriter", "pandas"):
        pytest.importorskip(name)
    ending = next(e for e, f in ENDINGS.items() if f == form)
    found = []
    for name in ("a", "b"):
        path = tmp_path / f"{name}{ending}"
        write([report, report], path, provenance=provenance())
        found.append(path.read_bytes())
    assert found[0] == found[1]
    assert len(found[0]) > 100


@pytest.mark.parametrize("form", TABULAR)
def test_a_failed_run_leaves_the_old_file_and_nothing_else(
    tmp_path: pathlib.Path, form: str, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("pyarrow", "xlsxwriter", "pandas"):
        pytest.importorskip(name)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    unraisable: list[Any] = []
    monkeypatch.setattr(sys, "unraisablehook", unraisable.append)
    path = tmp_path / f"out.{form}"
    path.write_text("old", encoding="utf-8")

    def reports() -> Any:
        yield report
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(reports(), path)
    assert path.read_text(encoding="utf-8") == "old"
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([path.name, "scratch"])
    assert unraisable == []


def test_a_text_file_shows_the_words_as_written(tmp_path: pathlib.Path, analyzer: Analyzer) -> None:
    found = analyzer.analyze("开展“\\[bold]清朗:smile:”专项行动。", name="[red]\\[b]名:warning:")
    text = saved(tmp_path, "txt", [found, found], None).read_text(encoding="utf-8")
    assert text.count("[red]\\[b]名:warning:") == 4
    assert text.count("\\[bold]清朗:smile:") == 2


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names on this system")
def test_a_link_stays_one_and_a_pipe_is_written_to(tmp_path: pathlib.Path, report: Report) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "out.csv").write_text("old", encoding="utf-8")
    link = tmp_path / "link.csv"
    link.symlink_to(tmp_path / "real" / "out.csv")
    write([report], link)
    assert link.is_symlink()
    assert len(load(tmp_path / "real" / "out.csv")) == len(report.claims)
    pipe = tmp_path / "pipe.jsonl"
    os.mkfifo(pipe)
    end = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write([report], pipe)
        assert os.read(end, 20).startswith(b'{"record":"document"')
    finally:
        os.close(end)
    assert pipe.is_fifo()
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(InputError, match=r"folder\.csv: cannot be written \(Is a directory\)"):
        write(iter([report]), tmp_path / "folder.csv")


def test_wrong_usage(tmp_path: pathlib.Path, report: Report) -> None:
    with pytest.raises(UsageError, match=r"out\.xml ends in none of \.txt, \.jsonl"):
        write([report], tmp_path / "out.xml")
    with pytest.raises(UsageError, match="2 rows of metadata"):
        write([report], tmp_path / "out.csv", extra=[{}, {}])
    with pytest.raises(UsageError, match="JSONL holds all records"):
        make_writer("jsonl", io.BytesIO(), kind="claims")
    with pytest.raises(UsageError, match="unknown format 'xml'"):
        make_writer("xml", io.BytesIO())
    with pytest.raises(UsageError, match="unknown records 'verbs'"):
        make_writer("csv", io.BytesIO(), kind="verbs")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("form", "module"),
    [("parquet", "pyarrow"), ("feather", "pyarrow"), ("xlsx", "xlsxwriter"), ("dta", "pandas")],
)
def test_a_missing_library_is_named(form: str, module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtraError, match=re.escape("pip install 'zhreport[tables]'")):
        make_writer(form, io.BytesIO(), kind="claims")


def test_dates_in_files_are_fixed(tmp_path: pathlib.Path, report: Report) -> None:
    pytest.importorskip("xlsxwriter")
    openpyxl = pytest.importorskip("openpyxl")
    path = saved(tmp_path, "xlsx", [report], None)
    assert openpyxl.load_workbook(path).properties.created == dt.datetime(2000, 1, 1)  # noqa: DTZ001
