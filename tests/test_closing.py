"""The line at the end of a run, the log, and the logger of the library."""

import csv
import logging
import pathlib
import re
import subprocess
import sys

import pytest
from click.testing import CliRunner, Result

import zhreport
from zhreport import batch
from zhreport.batch import Job
from zhreport.batch.closing import LOGGER
from zhreport.cli import cli

TEXT = "2024年平安县政府工作报告\n一、2023年工作回顾\n粮食产量达到8.25万吨，增长2.5%。\n"
OTHER = "2024年云岭市政府工作报告\n一、2023年工作回顾\n粮食产量达到9.5万吨。\n"


@pytest.fixture
def folder(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> pathlib.Path:
    reports = tmp_path / "reports"
    (reports / "d").mkdir(parents=True)
    for name, text in {
        "a.txt": TEXT,
        "b.txt": TEXT,
        "c.txt": OTHER,
        "d/n.txt": "没有数字。",
        "e.txt": "",
        "x.doc2": "",
        "y.DOC2": "",
        "d/z.zip": "",
        "README": "",
    }.items():
        (reports / name).write_text(text, encoding="utf-8")
    (reports / "m.csv").write_text(
        "file,region,year\nc.txt,平安县,2010\na.txt,平安县,2024\n", encoding="utf-8"
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def command(*args: str) -> Result:
    return CliRunner().invoke(cli, list(args), catch_exceptions=False)


def last(done: Result) -> str:
    """The closing line without its time."""
    return re.sub(r" in [0-9.]+ s", " in T s", done.stderr.splitlines()[-1])


RUN = ("extract", "reports", "--metadata", "reports/m.csv", "--log", "log.txt")


def test_the_closing_line(folder: pathlib.Path) -> None:
    done = command(*RUN, "-o", "out.csv")
    assert done.exit_code == 1  # e.txt is empty
    line = last(done)
    assert line.startswith(
        "zhreport: 5 claims, 0 campaigns and 10 paragraphs from 4 reports in T s; 1 not read; "
    )
    assert "; 1 without a year; " in line
    assert "; 1 with the text of another (b.txt as a.txt); " in line
    assert "; 1 of another region in the text than in the metadata (c.txt: 云岭市, not 平安县); " in line
    assert "; 1 with a title that contradicts the year of the metadata (c.txt); " in line
    assert line.endswith("; passed over: .doc2 2, .zip 1, without ending 1")
    log = (folder / "log.txt").read_text(encoding="utf-8").splitlines()
    assert len(log) == 6  # five documents, and the line at the end
    assert log[0] == "INFO a.txt: 2 claims, 0 campaigns, 3 paragraphs, year 2024"
    assert log[1].startswith("WARNING b.txt: 2 claims, ")
    assert log[1].endswith("; the same text as a.txt")
    assert any("no year" in line for line in log)
    assert any(line.startswith("WARNING reports/e.txt: ") for line in log)
    assert not LOGGER.handlers or all(isinstance(h, logging.NullHandler) for h in LOGGER.handlers)


def test_it_is_the_same_in_several_processes(folder: pathlib.Path) -> None:
    one = last(command(*RUN, "-o", "one.csv"))
    log = (folder / "log.txt").read_text(encoding="utf-8").splitlines()[:-1]
    two = last(command(*RUN, "-o", "two.csv", "-j", "2"))
    assert (folder / "log.txt").read_text(encoding="utf-8").splitlines()[:-1] == log
    assert two == one


@pytest.mark.parametrize(
    "args",
    [
        ("extract", "reports/a.txt", "--format", "jsonl"),
        ("extract", "reports/a.txt"),
        ("extract", "reports/a.txt", "-o", "s.duckdb"),
        ("panel", "reports/a.txt", "-o", "p.csv"),
        ("sheet", "reports/a.txt", "-o", "s.xlsx"),
        ("view", "reports/a.txt", "-o", "v.html"),
    ],
)
def test_every_command_over_reports_has_it(args: tuple[str, ...], folder: pathlib.Path) -> None:
    done = command(*args, "--log", "log.txt")
    assert done.exit_code == 0, done.output
    assert last(done) == "zhreport: 2 claims, 0 campaigns and 3 paragraphs from 1 report in T s"
    assert "from 1 report" not in done.stdout
    assert len((folder / "log.txt").read_text(encoding="utf-8").splitlines()) == 2
    for name in ("s.duckdb", "s.xlsx"):
        (folder / name).unlink(missing_ok=True)
    done = command(*args, "-q")
    assert (done.exit_code, done.stderr) == (0, "")


def test_a_panel_counts_a_text_once(folder: pathlib.Path) -> None:
    done = command("panel", "reports/a.txt", "reports/b.txt", "-o", "p.csv")
    assert "1 with the text of another (b.txt as a.txt)" in last(done)
    assert command("panel", "reports/a.txt", "-o", "q.csv").exit_code == 0
    with (
        (folder / "p.csv").open(encoding="utf-8-sig") as both,
        (folder / "q.csv").open(encoding="utf-8-sig") as one,
    ):
        rows = list(csv.DictReader(both))
        assert rows == list(csv.DictReader(one))
        assert rows
    assert command("extract", "reports/a.txt", "reports/b.txt", "-o", "s.duckdb").exit_code == 0
    done = command("panel", "s.duckdb", "-o", "r.csv")
    assert "4 claims, 0 campaigns and 6 paragraphs from 2 reports" in last(done)
    assert "1 with the text of another (reports/b.txt as reports/a.txt)" in last(done)  # as in the store
    with (folder / "r.csv").open(encoding="utf-8-sig") as stored:
        assert len(list(csv.DictReader(stored))) == len(rows)


@pytest.mark.usefixtures("folder")
def test_a_panel_of_a_store_says_the_same_as_one_of_files() -> None:
    def said(*args: str) -> str:
        return last(command(*args)).partition("; passed over")[0]

    of_files = said("panel", "reports", "--metadata", "reports/m.csv", "-o", "p.csv")
    filling = said("extract", "reports", "--metadata", "reports/m.csv", "-o", "reports/s.duckdb")
    of_store = said("panel", "reports/s.duckdb", "-o", "q.csv")
    assert filling == of_files
    assert of_store == of_files.replace("; 1 not read", "")
    assert "of another region in the text than in the metadata (c.txt: 云岭市, not 平安县)" in of_store
    assert "a title that contradicts the year of the metadata (c.txt)" in of_store


@pytest.mark.usefixtures("folder")
def test_names_of_reports_are_those_of_the_tables_and_lines_of_errors_have_paths() -> None:
    def names(line: str) -> list[str]:
        return re.findall(r"[\w/#.]+\.(?:txt|csv)[#0-9]*", line)

    done = command("extract", "reports/b.txt", "reports", "--metadata", "reports/m.csv", "-o", "out.csv")
    with pathlib.Path("out.csv").open(encoding="utf-8-sig") as stream:
        table = {row["file"] for row in csv.DictReader(stream)}
    told = last(done).partition("; passed over")[0]
    assert names(told)
    assert set(names(told)) <= table
    assert "zhreport: reports/e.txt: an empty file" in done.stderr
    pathlib.Path("t.csv").write_text(f"text\n{TEXT!r}\n{TEXT!r}\n", encoding="utf-8")
    told = last(command("extract", "t.csv", "-o", "out.csv"))
    assert names(told) == ["t.csv#2", "t.csv#1"]
    with pathlib.Path("out.csv").open(encoding="utf-8-sig") as stream:
        assert {row["file"] for row in csv.DictReader(stream)} == {"t.csv#1", "t.csv#2"}
    pathlib.Path("sub").mkdir()
    told = last(command("extract", "reports/a.txt", "reports/b.txt", "-o", "sub/s.duckdb"))
    assert names(told) == ["../reports/b.txt", "../reports/a.txt"]  # as in the store


@pytest.mark.parametrize("name", ["reports/a.txt", "out.csv", "link"])
def test_a_log_onto_an_input_or_the_output_is_refused(name: str, folder: pathlib.Path) -> None:
    (folder / "link").symlink_to("reports/a.txt")
    done = command("extract", "reports/a.txt", "-o", "out.csv", "--log", name)
    assert done.exit_code == 2, done.output
    assert (folder / "reports" / "a.txt").read_text(encoding="utf-8") == TEXT


@pytest.mark.skipif(not pathlib.Path("/dev/full").exists(), reason="needs a device that is full")
def test_a_log_on_a_full_disk_is_one_line(folder: pathlib.Path) -> None:
    (folder / "log").symlink_to("/dev/full")
    done = command("extract", "reports/a.txt", "reports/c.txt", "-o", "out.csv", "--log", "log", "-q")
    assert done.exit_code == 1
    assert done.stderr == "zhreport: log: cannot be written (No space left on device); check the disk\n"
    assert len((folder / "out.csv").read_text(encoding="utf-8-sig").splitlines()) == 1 + 3


def test_a_library_user_gets_the_lines_from_logging(
    folder: pathlib.Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "zhreport"):
        list(batch.run([Job(path=folder / "reports" / name) for name in ("a.txt", "e.txt")], themes=False))
    assert [record.levelname for record in caplog.records] == ["INFO", "WARNING", "INFO"]
    assert "from 1 report in" in caplog.messages[-1]


def test_importing_changes_no_other_logger() -> None:
    code = (
        "import logging, zhreport\n"
        "own = logging.getLogger('zhreport')\n"
        "assert [type(h) for h in own.handlers] == [logging.NullHandler]\n"
        "assert own.level == 0 and own.propagate\n"
        "assert not logging.root.handlers and logging.root.level == logging.WARNING"
    )
    assert zhreport.__file__
    subprocess.run([sys.executable, "-c", code], check=True)
