"""The command line, run as a user runs it."""

import csv
import json
import multiprocessing
import os
import pathlib
import signal
import subprocess
import sys
import time
from decimal import Decimal
from typing import Any

import pytest
from click.testing import CliRunner

from zhreport import InputError, batch
from zhreport.batch import Job
from zhreport.cli import cli

TEXT = "2024年平安县政府工作报告\n一、2023年工作回顾\n粮食产量达到8.25万吨，增长2.5%。\n"


def run(*args: str, cwd: pathlib.Path) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONIOENCODING": "utf-8", "COLUMNS": "100", "TERM": "dumb"}
    return subprocess.run(
        [sys.executable, "-m", "zhreport", *args],
        cwd=cwd,
        env=env,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture
def folder(tmp_path: pathlib.Path) -> pathlib.Path:
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "平安县.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "reports" / "b.txt").write_text("没有数字。", encoding="utf-8")
    return tmp_path


def lines(path: pathlib.Path) -> list[dict[str, Any]]:
    return [json.loads(line, parse_float=Decimal) for line in path.read_text(encoding="utf-8").splitlines()]


def test_table_on_the_terminal(folder: pathlib.Path) -> None:
    done = run("extract", "reports", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert "粮食产量" in done.stdout
    assert "b · year unknown (unknown): no numeric claims found" in done.stdout
    assert len(done.stderr.splitlines()) == 1  # the closing line


def test_jsonl_contract(folder: pathlib.Path) -> None:
    (folder / "meta.csv").write_text("file,year,region\n平安县.txt,2022,平安\nb.txt,,乙\n", encoding="utf-8")
    done = run("extract", "reports", "--metadata", "meta.csv", "-o", "out.jsonl", cwd=folder)
    assert done.returncode == 0, done.stderr
    records = lines(folder / "out.jsonl")
    assert {r["record"] for r in records} == {"document", "paragraph", "claim"}
    claims = [r for r in records if r["record"] == "claim"]
    first = claims[0]
    assert first["doc"] == "平安县"
    assert TEXT[first["start"] : first["end"]] == first["text"] == "8.25万吨"
    assert first["value"] == 82500
    assert claims[1]["value"] == Decimal("2.5")
    assert (first["low"], first["unit"], first["relation"]) == (None, "吨", "eq")
    assert (first["year"], first["year_origin"]) == (2022, "metadata")
    assert (first["file"], first["meta_region"]) == ("平安县.txt", "平安")
    wanted = "start end text value low high unit relation kind direction indicator action status period rule"
    assert set(wanted.split()) <= set(first)
    paragraph = next(r for r in records if r["record"] == "paragraph" and r["section"])
    assert paragraph["section"][-1] == "一、2023年工作回顾"


def test_csv_for_spreadsheets(folder: pathlib.Path) -> None:
    (folder / "meta.csv").write_text("file,note\n平安县.txt,=1+1\n", encoding="utf-8")
    done = run("extract", "reports", "--metadata", "meta.csv", "-o", "out.csv", cwd=folder)
    assert done.returncode == 0, done.stderr
    data = (folder / "out.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(data.decode("utf-8-sig").splitlines()))
    assert [row["value"] for row in rows] == ["82500", "2.5"]
    assert rows[0]["note"] == "'=1+1"


def test_year_option_and_globs(folder: pathlib.Path) -> None:
    done = run("extract", "reports/*安*.txt", "--year", "2020", "--format", "jsonl", cwd=folder)
    assert done.returncode == 0, done.stderr
    claim = next(r for r in map(json.loads, done.stdout.splitlines()) if r["record"] == "claim")
    assert (claim["year"], claim["year_origin"]) == (2020, "argument")


def test_bad_files_are_named_and_the_others_done(folder: pathlib.Path) -> None:
    (folder / "reports" / "empty.txt").write_bytes(b"")
    (folder / "reports" / "binary.txt").write_bytes(b"\x00\xff" * 40)
    done = run("extract", "reports", "nowhere.txt", "-o", "out.jsonl", cwd=folder)
    assert done.returncode == 1
    for name in ("empty.txt", "binary.txt", "nowhere.txt"):
        assert sum(name in line for line in done.stderr.splitlines()) == 1, done.stderr
    assert any(r["record"] == "claim" for r in lines(folder / "out.jsonl"))


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("file,year\nnosuch.txt,2024\n平安县.txt,2024\n", "the row for nosuch.txt has no file"),
        ("note,year\na,2024\n", "needs a column 'file'"),
        ("file,year\n,2024\n", "line 2 has no file name"),
        ('file,note\n平安县.txt,"a\nb"\n\n,c\n', "line 5 has no file name"),
        # by a name, for pytest puts it into the environment of what it starts
        pytest.param(
            'file,note\n平安县.txt,"' + "长" * 140_000, "is a quotation mark not closed?", id="not closed"
        ),
        ("file,year\n平安县.txt,zwei\n", "'zwei' of 平安县.txt"),
        ("file\n平安县.txt\n平安县.txt\n", "a second time"),
    ],
)
def test_bad_metadata(folder: pathlib.Path, table: str, message: str) -> None:
    (folder / "meta.csv").write_text(table, encoding="utf-8")
    done = run("extract", "reports", "-q", "--metadata", "meta.csv", "--format", "jsonl", cwd=folder)
    assert done.returncode == 1
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_wrong_usage(folder: pathlib.Path) -> None:
    for args in (
        ["extract"],
        ["extract", "reports", "--format", "xml"],
        ["extract", "reports", "--year", "12"],
        ["extract", "reports", "-o", "out.docx"],
        ["sheet", "reports", "-o", "out.csv"],
        ["sheet", "reports", "-o", "out.xlsx", "--coder", "a/b"],
        ["panel", "none.duckdb", "-o", "out.csv", "--metadata", "none.csv"],
        ["panel", "reports", "-o", "out.docx"],
        ["panel", "reports", "-o", "out.csv", "--wide", "--complete"],
        ["panel", "reports", "-o", "out.csv", "--indicator", "国民生产总产值"],
        ["nosuch"],
    ):
        done = run(*args, cwd=folder)
        assert done.returncode == 2, (args, done.stderr)
    done = run("extract", "reports", "-o", "nosuch/out.jsonl", cwd=folder)
    assert done.returncode == 1
    assert "nosuch" in done.stderr
    for args in (["panel", "-o", "nosuch/out.csv"], ["sheet", "-o", "nosuch/out.xlsx"], ["train", "-o", "."]):
        done = run(*args, "none.txt", cwd=folder)  # said before the work, which would fail too
        assert "cannot be written" in done.stderr
        assert len(done.stderr.splitlines()) == 1
    done = run("panel", "none.duckdb", "-o", "out.csv", cwd=folder)
    assert "none.duckdb: cannot be opened" in done.stderr
    assert not (folder / "none.duckdb").exists()
    (folder / "hollow").mkdir()
    done = run("extract", "hollow", "-o", "out.jsonl", cwd=folder)
    assert done.returncode == 1
    assert "a folder without reports" in done.stderr
    assert not (folder / "out.jsonl").exists()


def test_an_interrupted_run_leaves_the_old_file(folder: pathlib.Path) -> None:
    out = folder / "out.jsonl"
    out.write_text("old\n", encoding="utf-8")
    for number in range(400):
        (folder / "reports" / f"r{number}.txt").write_text(TEXT * 60, encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "zhreport", "extract", "reports", "-o", "out.jsonl"],
        cwd=folder,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 20
    while not list(folder.glob(".out.jsonl.*")) and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=30) != 0
    assert out.read_text(encoding="utf-8") == "old\n"
    assert list(folder.glob(".out.jsonl.*")) == []


def test_the_same_bytes_on_any_number_of_processes(folder: pathlib.Path, samples: pathlib.Path) -> None:
    for name, seed, jobs in (("one", "1", "1"), ("two", "2", "1"), ("three", "3", "2")):
        env = {**os.environ, "PYTHONHASHSEED": seed}
        subprocess.run(
            [sys.executable, "-m", "zhreport", "extract", str(samples), "-j", jobs, "-o", f"{name}.jsonl"],
            cwd=folder,
            env=env,
            check=True,
        )
    first = (folder / "one.jsonl").read_bytes()
    assert first == (folder / "two.jsonl").read_bytes() == (folder / "three.jsonl").read_bytes()


class Killer:
    """A tokenizer that ends the worker it is used in as a system without memory does."""

    name = "killer"

    def words(self, text: str) -> list[str]:
        if multiprocessing.parent_process() is not None:
            os.kill(os.getpid(), signal.SIGKILL)
        return list(text)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL on this system")
def test_a_killed_process_is_named_with_its_file(folder: pathlib.Path) -> None:
    jobs = [Job(path=path) for path in sorted((folder / "reports").iterdir())]
    with pytest.raises(InputError, match=r"\.txt: a process was killed"):
        list(batch.run(jobs, processes=2, tokenizer=Killer(), themes=False))


@pytest.mark.parametrize("ending", ["parquet", "feather", "xlsx", "dta"])
def test_tables_by_ending(folder: pathlib.Path, ending: str) -> None:
    for name in ("pyarrow", "xlsxwriter", "pandas"):
        pytest.importorskip(name)
    done = run("extract", "reports", "-q", "--records", "claims", "-o", f"out.{ending}", cwd=folder)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (folder / f"out.{ending}").stat().st_size > 1000


def test_a_store_grows(folder: pathlib.Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    pytest.importorskip("pyarrow")

    def extract(*options: str) -> str:
        done = run("extract", "reports", *options, "-o", "all.duckdb", cwd=folder)
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert extract() == "all.duckdb: 2 new, 0 changed, 0 unchanged and skipped\n"
    assert extract("--jobs", "2") == "all.duckdb: 0 new, 0 changed, 2 unchanged and skipped\n"
    (folder / "reports" / "b.txt").write_text("产值3亿元。", encoding="utf-8")
    (folder / "reports" / "c.txt").write_text(TEXT, encoding="utf-8")
    assert extract("-j", "2") == "all.duckdb: 1 new, 1 changed, 1 unchanged and skipped\n"
    (folder / "meta.csv").write_text("file,区\nc.txt,丙\n", encoding="utf-8")
    assert extract("--metadata", "meta.csv") == "all.duckdb: 0 new, 1 changed, 2 unchanged and skipped\n"
    with duckdb.connect(str(folder / "all.duckdb")) as database:
        found = database.execute("SELECT file, 区 FROM documents ORDER BY file").fetchall()
        assert found == [("reports/b.txt", None), ("reports/c.txt", "丙"), ("reports/平安县.txt", None)]
        claims = database.execute("SELECT count(*) FROM claims WHERE file = 'reports/b.txt'").fetchone()
        assert claims == (1,)


def test_explain_takes_a_text(folder: pathlib.Path) -> None:
    done = run("explain", "reports/b.txt", cwd=folder)
    assert done.returncode == 2
    assert "is a file; give a sentence of it" in done.stderr


def test_formats_that_need_a_file(folder: pathlib.Path) -> None:
    for args in (["--format", "xlsx"], ["--records", "documents"], ["--records", "claims", "-o", "a.duckdb"]):
        done = run("extract", "reports", *args, cwd=folder)
        assert done.returncode == 2, done.stderr


def test_a_sheet_with_answers_is_not_written_over(folder: pathlib.Path) -> None:
    command = ["sheet", "reports", "--coder", "王", "--separate", "-o", "coding.xlsx"]
    done = run(*command, cwd=folder)
    assert (done.returncode, done.stdout) == (0, "coding-王.xlsx: 2 of 2 claims\n")
    (folder / "coding-王.xlsx").write_text("answers", encoding="utf-8")
    done = run(*command, cwd=folder)
    assert (done.returncode, done.stdout) == (1, "")
    assert "coding-王.xlsx: exists already" in done.stderr
    assert (folder / "coding-王.xlsx").read_text(encoding="utf-8") == "answers"


def test_explain(folder: pathlib.Path) -> None:
    done = run("explain", "全年粮食产量80亿斤，拨打12345热线", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert "粮食产量" in done.stdout
    assert "part_of" in done.stdout
    assert "clause read by" in done.stdout
    assert "no quantity" in run("explain", "没有数字", cwd=folder).stdout


def test_text_that_is_not_chinese(folder: pathlib.Path) -> None:
    path = folder / "en.txt"
    path.write_text("The output rose by 5.5 percent to 12 million tons.", encoding="utf-8")
    done = run("extract", "en.txt", cwd=folder)
    assert done.returncode == 0
    assert "no numeric claims found" in done.stdout


@pytest.mark.skipif(sys.flags.optimize > 1, reason="the help is made of docstrings, which python -OO has not")
def test_help_has_examples(folder: pathlib.Path) -> None:
    for args in (["--help"], ["extract", "--help"], ["explain", "--help"]):
        done = run(*args, cwd=folder)
        assert done.returncode == 0
        assert "Example" in done.stdout


def test_view_writes_a_page(folder: pathlib.Path) -> None:
    done = run("view", "reports/平安县.txt", "-q", "-o", "page.html", "--year", "2023", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    html = (folder / "page.html").read_text(encoding="utf-8")
    assert "<title>2024年平安县政府工作报告</title>" in html
    assert "year 2023 (given)" in html
    assert html.count("<tr id=") == 2


def test_view_marks_what_the_audit_finds(tmp_path: pathlib.Path) -> None:
    text = (
        "2024年云岭市政府工作报告\n一、2023年工作回顾\n进出口总额120.5亿元，其中出口80.2亿元、进口42.3亿元。"
    )
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    for options, marks in (((), 0), (("--audit",), 3)):
        done = run("view", "a.txt", "-q", "-o", "page.html", *options, cwd=tmp_path)
        assert (done.returncode, done.stderr) == (0, "")
        html = (tmp_path / "page.html").read_text(encoding="utf-8")
        assert html.count('<span class="finding"') == marks
    assert "80.2亿元 + 42.3亿元 = 122.5亿元" in html


def test_view_of_a_folder_in_the_language_of_the_locale(
    folder: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    monkeypatch.delenv("LANGUAGE", raising=False)
    done = run("view", "reports", "-q", "-o", "page.html", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    html = (folder / "page.html").read_text(encoding="utf-8")
    count = len(list((folder / "reports").glob("*.txt")))
    assert f"<title>{count}篇报告</title>" in html
    assert html.count("<article ") == count > 1
    done = run("view", "reports", "-q", "-o", "page.html", "--language", "en", cwd=folder)
    assert f"<title>{count} reports</title>" in (folder / "page.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "said", "status"),
    [
        (("reports/none.txt", "-o", "p.html"), "no such file", 1),
        (("reports/b.txt", "-o", "none/p.html"), "cannot be written", 1),
        (("reports/b.txt", "-o", "p.html", "--year", "20"), "--year", 2),
        (("reports/b.txt",), "--output", 2),
    ],
)
def test_view_says_what_is_wrong(
    folder: pathlib.Path, arguments: tuple[str, ...], said: str, status: int
) -> None:
    done = run("view", *arguments, cwd=folder)
    assert done.returncode == status
    assert said in done.stderr
    assert not list(folder.glob("*.html"))


@pytest.mark.parametrize(
    ("line", "status", "said"),
    [
        ("extract empty.txt -o out.csv", 1, "empty.txt: an empty file; there is nothing to extract"),
        ("panel empty.txt -o out.csv", 1, "no report could be read; nothing was written"),
        ("sheet empty.txt -o out.xlsx", 1, "no report could be read; nothing was written"),
        ("view empty.txt -o out.html", 1, "empty.txt: an empty file; there is nothing to extract"),
        ("extract none.txt -o out.csv", 1, "none.txt: no such file; check the path"),
        ("panel none.txt -o out.csv", 1, "none.txt: no such file; check the path"),
        ("sheet none.txt -o out.xlsx", 1, "none.txt: no such file; check the path"),
        ("view none.txt -o out.html", 1, "none.txt: no such file; check the path"),
        ("extract folder -o out.csv", 1, "folder: a folder without reports"),
        ("panel folder -o out.csv", 1, "folder: a folder without reports"),
        ("sheet folder -o out.xlsx", 1, "folder: a folder without reports"),
        ("view folder -o out.html", 1, "folder: a folder without reports"),
        ("panel none.duckdb -o out.csv", 1, "none.duckdb: cannot be opened as a store"),
        ("train empty.txt -o out.npz", 1, "empty.txt: no labelled paragraph"),
        ("evaluate empty.txt", 1, "empty.txt: no labelled paragraph"),
        (
            "train none.jsonl -o out.npz",
            1,
            "the labels cannot be read (No such file or directory); check the path",
        ),
        ("evaluate folder --cross-validate", 1, "folder: the labels cannot be read (Is a directory)"),
        ("train labels.jsonl --reports none -o out.npz", 1, "none: no such folder; check --reports"),
        ("evaluate labels.jsonl --reports folder", 1, "a.txt is missing; `zhreport corpus fetch` downloads"),
        ("agreement none.csv", 1, "none.csv: no such file; check the path"),
        ("agreement folder", 1, "folder: a folder; check the path"),
        ("agreement empty.txt", 1, "empty.txt: not an Excel workbook"),
        ("corpus fetch --source none --to folder", 1, "none: neither a folder, an archive nor"),
        ("explain empty.txt", 2, "empty.txt is a file; give a sentence of it"),
    ],
)
def test_an_empty_file_a_wrong_path_a_folder_without_reports(
    line: str, status: int, said: str, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "empty.txt").touch()
    label = {"doc": "a", "start": 0, "end": 3, "sha1": "x", "themes": ["green"]}
    (tmp_path / "labels.jsonl").write_text(json.dumps(label), encoding="utf-8")
    done = CliRunner().invoke(cli, line.split(), catch_exceptions=False)
    assert done.exit_code == status, done.output
    assert said in " ".join(done.stderr.replace("│", " ").split())
    assert done.stdout == ""
    assert not list(tmp_path.glob("out*"))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such locale")
@pytest.mark.parametrize(
    "locale", [{"LC_ALL": "C"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}]
)
def test_a_locale_without_chinese_changes_nothing(locale: dict[str, str], tmp_path: pathlib.Path) -> None:
    (tmp_path / "云岭市.txt").write_text("2024年粮食产量达到8万吨。", encoding="utf-8")
    for args in (
        ["explain", "全年粮食产量80亿斤、增长2.5%"],
        ["extract", "云岭市.txt", "--format", "csv", "-q"],
    ):
        usual, other = (
            subprocess.run(
                [sys.executable, "-m", "zhreport", *args],
                cwd=tmp_path,
                env={**os.environ, **environment},
                capture_output=True,
                check=True,
            ).stdout
            for environment in ({"LC_ALL": "C.UTF-8"}, locale)
        )
        assert "粮食产量".encode() in usual
        assert other == usual
