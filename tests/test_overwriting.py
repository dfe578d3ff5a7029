"""No output takes the place of something that is read."""

import pathlib
import shutil

import pytest
from click.testing import CliRunner

from zhreport import UsageError
from zhreport.cli import cli
from zhreport.writing.output import check_apart

TEXT = "2024年平安县政府工作报告\n粮食产量达到8.25万吨，增长2.5%。\n"
LABEL = '{"text": "粮食产量达到8.25万吨。", "themes": ["agriculture"]}\n'

#: Each command with {} for an output, and what it reads.
CASES = [
    ("extract a.txt -o {} --format jsonl", ["a.txt", "d/../a.txt", "link.txt", "hard.txt"]),
    ("extract . -o {} --format csv", ["a.txt", "d/b.txt"]),
    ("extract *.txt -o {} --format table", ["a.txt"]),
    ("extract t.jsonl -o {}", ["t.jsonl"]),
    ("extract t.csv -o {}", ["t.csv"]),
    ("extract a.txt --metadata m.csv -o {}", ["m.csv", "a.txt"]),
    ("extract a.txt --themes m.npz -o {} --format csv", ["m.npz"]),
    ("extract a.txt -o {} --format duckdb", ["a.txt"]),
    ("panel t.csv -o {}", ["t.csv"]),
    ("panel a.txt --metadata m.csv -o {}", ["m.csv"]),
    ("panel a.txt --catalogue own.csv -o {}", ["own.csv"]),
    ("panel a.txt t.jsonl -o {}", ["t.jsonl"]),
    ("sheet t.xlsx -o {}", ["t.xlsx"]),
    ("sheet a.txt --metadata m.xlsx -o {}", ["m.xlsx"]),
    ("view v.html -o {}", ["v.html"]),
    ("view a.txt --themes m.npz -o {}", ["m.npz", "a.txt"]),
    ("train l.jsonl -o {}", ["l.jsonl"]),
    ("train l.jsonl --reports d -o {}", ["d/b.txt"]),
    ("corpus fetch --source d --to {}", ["d"]),
]


@pytest.fixture
def folder(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> pathlib.Path:
    (tmp_path / "d").mkdir()
    for name in ("a.txt", "d/b.txt", "v.html", "m.npz", "own.csv", "t.xlsx", "m.xlsx"):
        (tmp_path / name).write_text(TEXT, encoding="utf-8")
    (tmp_path / "t.jsonl").write_text('{"text": "粮食产量达到8万吨。"}\n', encoding="utf-8")
    (tmp_path / "t.csv").write_text("text\n粮食产量达到8万吨。\n", encoding="utf-8")
    (tmp_path / "m.csv").write_text("file,year\na.txt,2024\n", encoding="utf-8")
    (tmp_path / "l.jsonl").write_text(LABEL, encoding="utf-8")
    (tmp_path / "link.txt").symlink_to("a.txt")
    (tmp_path / "hard.txt").hardlink_to(tmp_path / "a.txt")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def contents(folder: pathlib.Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.parametrize(("line", "output"), [(line, out) for line, outs in CASES for out in outs])
def test_an_output_onto_an_input_is_refused(line: str, output: str, folder: pathlib.Path) -> None:
    before = contents(folder)
    done = CliRunner().invoke(cli, line.format(output).split(" "), catch_exceptions=False)
    assert done.exit_code == 2, done.output
    said = " ".join(done.stderr.replace("│", " ").split())
    assert f"{output} would overwrite " in said
    assert "which is an input" in said
    assert contents(folder) == before
    assert (folder / "link.txt").is_symlink()


def test_a_store_is_not_replaced_by_its_panel(folder: pathlib.Path) -> None:
    runner = CliRunner()
    assert runner.invoke(cli, ["extract", "a.txt", "-o", "s.duckdb"]).exit_code == 0
    shutil.copy("s.duckdb", "before")
    (folder / "s.csv").symlink_to("s.duckdb")
    done = runner.invoke(cli, ["panel", "s.duckdb", "-o", "s.csv"])
    assert done.exit_code == 2, done.output
    assert (folder / "s.duckdb").read_bytes() == (folder / "before").read_bytes()


def test_another_output_and_devices_pass(folder: pathlib.Path) -> None:
    check_apart(
        [folder / "new.csv", pathlib.Path("/dev/null")], [folder / "a.txt", pathlib.Path("/dev/null")]
    )
    check_apart([folder / "a.txt"], [folder / "missing.txt", folder / "t.csv"])
    with pytest.raises(UsageError, match=r"a\.txt would overwrite .*link\.txt"):
        check_apart([folder / "a.txt"], [folder / "link.txt"])
