"""Where a row comes from: equal file names in two places, metadata tables, one system of coordinates."""

import csv
import json
import pathlib
from collections.abc import Iterable
from typing import Any

import pytest

from test_cli import run
from zhreport import Analyzer, UsageError, read
from zhreport.batch.metadata_table import Place, read_metadata, rows_of
from zhreport.coding import sample_records
from zhreport.errors import InputError
from zhreport.files import find_inputs
from zhreport.panel import document_of, panel
from zhreport.store import Store
from zhreport.tables import HEAD, KINDS
from zhreport.tables.naming import doc_names, file_names, parts_of

SHARED = pathlib.Path(__file__).resolve().parents[2] / "shared"
WHENCE = ("file", "doc", "region", "region_code", "level", "date", "genre", "year")
CITIES = {"云岭市": "5.8", "平安市": "7.1"}


def text(city: str, growth: str) -> str:
    """A report with page numbers, so that the cleaned text is another one."""
    return (
        f"2026年{city}政府工作报告\n——2026年1月9日在{city}第五届人民代表大会第三次会议上\n市长 李某某\n\n"
        f"一、2025年工作回顾\n— 1 —\n\n全市地区生产总值增长{growth}%，粮食产量82万吨。\n\n"
        "— 2 —\n\n二、2026年重点工作\n地区生产总值增长6%左右。开展“净网”专项行动。\n\n— 3 —\n"
    )


@pytest.fixture
def tree(tmp_path: pathlib.Path) -> pathlib.Path:
    for city, growth in CITIES.items():
        (tmp_path / "reports" / city).mkdir(parents=True)
        (tmp_path / "reports" / city / "2026.txt").write_text(text(city, growth), encoding="utf-8")
    return tmp_path


def done(tree: pathlib.Path, *arguments: str) -> None:
    finished = run(*arguments, "-q", cwd=tree)
    assert (finished.returncode, finished.stderr) == (0, ""), finished.stderr


def load(path: pathlib.Path) -> list[dict[str, Any]]:
    """The rows of a file of claims, or of a panel or sheet, as its usual reader gives them."""
    if path.suffix == ".jsonl":
        lines = map(json.loads, path.read_text(encoding="utf-8").splitlines())
        return [row for row in lines if row.get("record", "claim") == "claim"]
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as stream:
            return list(csv.DictReader(stream))
    if path.suffix == ".xlsx":
        openpyxl = pytest.importorskip("openpyxl")
        book = openpyxl.load_workbook(path)
        name = "claims" if "claims" in book.sheetnames else "coder 1"
        header, *rows = book[name].iter_rows(values_only=True)
        return [dict(zip(header, row, strict=True)) for row in rows]
    pandas = pytest.importorskip("pandas")
    if path.suffix == ".dta":
        found: list[dict[str, Any]] = pandas.read_stata(path).to_dict("records")
        return found
    pytest.importorskip("pyarrow")
    frame = pandas.read_parquet(path) if path.suffix == ".parquet" else pandas.read_feather(path)
    rows_: list[dict[str, Any]] = frame.to_dict("records")
    return rows_


def whence(rows: Iterable[dict[str, Any]]) -> set[tuple[str, ...]]:
    return {tuple(str(row[name] or "") for name in WHENCE) for row in rows}


# -- names


def test_every_table_begins_with_where_it_comes_from() -> None:
    assert tuple(c.name for c in HEAD) == (*WHENCE, "year_origin")


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet", "feather", "xlsx", "dta"])
def test_equal_names_in_two_cities(tree: pathlib.Path, form: str) -> None:
    done(tree, "extract", "reports", "--no-themes", "-j", "2", "-o", f"out.{form}")
    rows = load(tree / f"out.{form}")
    assert len(rows) == 6
    assert {row[:3] + row[5:] for row in whence(rows)} == {
        (f"{city}/2026.txt", f"{city}/2026", city, "2026-01-09", "政府工作报告", "2026") for city in CITIES
    }


def test_panel_store_and_sheet_of_equal_names(tree: pathlib.Path) -> None:
    pytest.importorskip("openpyxl")
    pytest.importorskip("duckdb")
    done(tree, "extract", "reports", "-o", "claims.jsonl")
    claims = {(r["file"], r["start"], r["end"]): r for r in load(tree / "claims.jsonl")}
    done(tree, "panel", "reports", "-o", "panel.jsonl")
    done(tree, "sheet", "reports", "-o", "sheet.xlsx")
    done(tree, "extract", "reports", "-o", "all.duckdb")
    done(tree, "panel", "all.duckdb", "-o", "stored.jsonl")
    cells = load(tree / "panel.jsonl")
    assert len(cells) == 6
    for row in (*cells, *load(tree / "sheet.xlsx")):
        claim = claims[row["file"], row["start"], row["end"]]
        names = set(WHENCE) - {"year"} | {"clean_start", "clean_end"}
        assert {n: row[n] or "" for n in names} == {n: claim[n] for n in names}
    growth = {r["doc"]: r["value"] for r in cells if (r["status"], r["measure"]) == ("actual", "growth")}
    assert growth == {f"{city}/2026": float(value) for city, value in CITIES.items()}
    stored = load(tree / "stored.jsonl")
    assert [
        {**row, "file": f"reports/{row['file']}", "source": f"reports/{row['source']}"} for row in cells
    ] == stored


def test_a_store_filled_in_several_runs_keeps_its_names(tree: pathlib.Path) -> None:
    pytest.importorskip("duckdb")

    def names() -> dict[str, str]:
        with Store(tree / "all.duckdb") as store:
            found = {kind: {row["file"]: row["doc"] for row in store.rows(kind)} for kind in KINDS}
        assert all(rows == found["documents"] for rows in found.values())
        return found["documents"]

    one, two = (f"reports/{city}/2026.txt" for city in CITIES)
    done(tree, "extract", one, "-o", "all.duckdb")
    assert names() == {one: "2026"}
    done(tree, "extract", two, "-o", "all.duckdb")
    assert names() == {one: "2026", two: "平安市/2026"}
    (tree / one).write_text(text("云岭市", "9.9"), encoding="utf-8")
    done(tree, "extract", "reports", "-o", "all.duckdb")  # the first has changed, and is called as it was
    assert names() == {one: "2026", two: "平安市/2026"}
    done(tree, "extract", "reports", "-o", "fresh.duckdb")
    with Store(tree / "fresh.duckdb") as store:
        assert [row["doc"] for row in store.rows("documents")] == ["云岭市/2026", "平安市/2026"]


def test_how_files_are_seen(tree: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tree)

    def seen(*patterns: str) -> list[str]:
        found, errors = find_inputs(list(patterns))
        assert errors == []
        return file_names(found)

    both = ["云岭市/2026.txt", "平安市/2026.txt"]
    assert seen("reports") == seen("reports/*/2026.txt") == seen(str(tree / "reports")) == both
    assert seen("reports/云岭市/2026.txt") == ["2026.txt"]
    assert seen(*(f"reports/{name}" for name in both)) == both
    assert seen("reports/云岭市", "reports/平安市", "reports") == both
    monkeypatch.chdir("reports/云岭市")
    assert seen(".", "../平安市") == both
    assert seen("../..") == [f"reports/{name}" for name in both]


def test_names_do_not_depend_on_the_order() -> None:
    files = ("a/甲/1.txt", "b/甲/1.txt", "b/乙/1.txt", "b/乙/2.txt", "b/乙/2.md", "3.txt")
    paths = [parts_of(file) for file in files]
    names = doc_names([(path, "") for path in paths])
    assert names == ["a/甲/1", "b/甲/1", "乙/1", "2.txt", "2.md", "3"]
    assert doc_names([(path, "") for path in reversed(paths)]) == names[::-1]
    same = doc_names([(("t.csv",), name) for name in ("总结", "总结 (2)", "总结", "")])
    assert len(set(same)) == 4


def test_rows_of_tables_have_places_of_their_own(tree: pathlib.Path) -> None:
    lines = [json.dumps({"title": "总结", "text": f"2025年工作总结\n新建学校{n}所。"}) for n in (3, 4)]
    for name in ("a.jsonl", "b.jsonl"):
        (tree / name).write_text("\n".join(lines), encoding="utf-8")
    (tree / "meta.csv").write_text("文件名,区\na.jsonl,甲\nb.jsonl#2,乙\n", encoding="utf-8")
    done(tree, "extract", "a.jsonl", "b.jsonl", "--metadata", "meta.csv", "-o", "out.jsonl")
    rows = load(tree / "out.jsonl")
    assert [(row["file"], row["doc"], row.get("区")) for row in rows] == [
        ("a.jsonl#1", "a/总结", "甲"),
        ("a.jsonl#2", "a/总结 (2)", "甲"),
        ("b.jsonl#1", "b/总结", None),
        ("b.jsonl#2", "b/总结 (2)", "乙"),
    ]


# -- metadata tables


def metadata(tree: pathlib.Path, table: str, *paths: str) -> list[dict[str, Any]]:
    (tree / "meta.csv").write_text(table, encoding="utf-8")
    done(tree, "extract", *(paths or ("reports",)), "--metadata", "meta.csv", "-o", "out.jsonl")
    return [json.loads(line) for line in (tree / "out.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("paths", [("reports",), ("reports/云岭市/2026.txt", "reports/平安市/2026.txt")])
def test_a_table_joins_by_path(tree: pathlib.Path, paths: tuple[str, ...]) -> None:
    table = "文件名,年份,城市,备注\n云岭市/2026.txt,２０２４,云岭市,甲\n平安市\\2026,2023.0,平安市,乙\n"
    rows = metadata(tree, table, *paths)
    found = {(r["file"], r["year"], r["region"], r["备注"]) for r in rows if r["record"] == "claim"}
    assert found == {("云岭市/2026.txt", 2024, "云岭市", "甲"), ("平安市/2026.txt", 2023, "平安市", "乙")}
    assert "年份" not in rows[0]


def test_a_bare_name_where_it_is_unique(tree: pathlib.Path) -> None:
    (tree / "reports" / "平安市" / "2025.txt").write_text(text("平安市", "3"), encoding="utf-8")
    rows = metadata(tree, "file,year\n2025,2025年度\n")
    assert {r["year"] for r in rows if r["file"] == "平安市/2025.txt"} == {2025}
    assert {r["year"] for r in rows if r["file"] != "平安市/2025.txt"} == {2026}


def test_a_year_that_a_program_left_out_is_none(tree: pathlib.Path) -> None:
    stated = metadata(tree, "file,year\n云岭市/2026.txt,nan\n平安市/2026.txt,2023.0\n")
    plain = metadata(tree, "file,year\n云岭市/2026.txt,\n平安市/2026.txt,2023\n")
    assert stated == plain


def test_a_bare_name_that_fits_several_files_is_an_error(tree: pathlib.Path) -> None:
    (tree / "meta.csv").write_text("file,year\n2026.txt,2025\n", encoding="utf-8")
    for command in (["extract", "-o", "out.csv"], ["panel", "-o", "out.csv"], ["sheet", "-o", "out.xlsx"]):
        finished = run(command[0], "reports", "--metadata", "meta.csv", *command[1:], cwd=tree)
        assert finished.returncode == 2
        assert "2026.txt fits several files: 云岭市/2026.txt, 平安市/2026.txt" in "".join(
            finished.stderr.splitlines()
        )
        assert not (tree / command[-1]).exists()


def test_which_row_is_about_which_document(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "m.csv"

    def joined(table: str, *files: str) -> list[list[str]]:
        path.write_text(table, encoding="utf-8")
        return rows_of(read_metadata(path), [Place(tmp_path / "in" / file, file) for file in files])

    assert joined("file\n1.txt\n", "1.txt", "甲/1.txt") == [["1.txt"], []]  # the very path goes first
    assert joined("file\nin/甲/1.txt\n", "1.txt", "甲/1.txt") == [[], ["in/甲/1.txt"]]
    assert joined(f"file\n{(tmp_path / 'in' / '1.txt').as_posix()}\n", "1.txt", "甲/1.txt")[0]
    assert joined("name,file\nx,1\n", "1.txt", "2.txt") == [["1"], []]
    assert joined("文件名称\n./甲/1\n", "甲/1.txt") == [["甲/1"]]
    with pytest.raises(UsageError, match=r"1 fits several files: 1\.txt, 1\.md"):
        joined("file\n1\n", "1.txt", "1.md")
    with pytest.raises(InputError, match="name one file"):
        joined("file\n1\n1.txt\n", "1.txt")


# -- one system of coordinates


def check_places(paths: Iterable[pathlib.Path], analyzer: Analyzer) -> tuple[int, int, int, int]:
    """Join claims, panel and sheet on (file, start, end); how many of each, and of the panel moved ones."""
    reports = [analyzer.analyze(read(path)) for path in paths]
    texts = {r.document.file: r.document.as_read for r in reports}
    cleaned = {r.document.file: r.document.text for r in reports}
    claims: dict[tuple[Any, ...], dict[str, Any]] = {}
    for report in reports:
        for row in report.to_dicts():
            claims[row["file"], row["start"], row["end"]] = row
            assert cleaned[row["file"]][row["clean_start"] : row["clean_end"]] == row["text"]
    cells = panel(document_of(r, region=r.document.file) for r in reports)
    for cell in cells:
        claim = claims[cell.file, cell.start, cell.end]
        assert (cell.text, cell.clean_start, cell.clean_end) == (
            claim["text"],
            claim["clean_start"],
            claim["clean_end"],
        )
        assert squeezed(cell.text) == squeezed(texts[cell.file][cell.start : cell.end])
        if cell.target_doc:
            assert (cell.target_file, cell.target_start, cell.target_end) in claims
    sample = sample_records(reports, sum(len(r.claims) for r in reports) or 1) if claims else None
    drawn = sample.items if sample else ()
    for item in drawn:
        claim = claims[item.whence["file"], item.start, item.end]
        assert (item.record.text, item.record.start) == (claim["text"], claim["clean_start"])
    moved = sum(cell.start != cell.clean_start for cell in cells)
    return len(claims), len(cells), len(drawn), moved


def squeezed(piece: str) -> str:
    """Without the white space that cleaning takes out."""
    return "".join(piece.split())


def test_panel_claims_and_sheet_speak_of_one_place(tree: pathlib.Path, analyzer: Analyzer) -> None:
    claims, cells, drawn, moved = check_places(sorted(tree.rglob("*.txt")), analyzer)
    assert (claims, cells, drawn) == (6, 6, 6)
    assert moved == 6


def test_the_screen_gives_the_same_places(tree: pathlib.Path, analyzer: Analyzer) -> None:
    path = tree / "reports" / "云岭市" / "2026.txt"
    report = analyzer.analyze(read(path))
    shown = run("extract", str(path), "--no-themes", cwd=tree).stdout
    for row in report.to_dicts():
        (line,) = [line for line in shown.splitlines() if row["text"] in line and row["status"] in line]
        assert line.strip("│ ").split()[-1] == str(row["start"])
    (campaign,) = report.campaign_counts()
    assert report.document.as_read[campaign["start"] : campaign["end"]] == "净网"
    assert campaign["start"] != campaign["clean_start"]
    (line,) = [line for line in shown.splitlines() if "净网" in line]
    assert line.strip("│ ").split()[-1] == str(campaign["start"])


@pytest.mark.slow
@pytest.mark.parametrize("folder", ["reports", "summaries", "bulletins", "press", "seed"])
def test_places_in_public_texts(folder: str) -> None:
    files = sorted((SHARED / folder).glob("*.txt"))
    if not files:
        pytest.skip("the public texts are not beside the checkout")
    found = check_places(files, Analyzer(themes=False))
    print(f"{folder}: {len(files)} texts; claims, panel rows, claims of a sheet, rows moved: {found}")  # noqa: T201
    assert found[0] == found[2] > 0
