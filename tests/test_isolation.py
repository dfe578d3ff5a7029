"""A fault at one document is an error of that document, whichever command and whichever stage."""

import json
import multiprocessing
import pathlib
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from hashlib import sha1
from typing import Any

import pytest
from click.testing import CliRunner, Result

from zhreport import Document, FaultError, ThemeModel, batch, files, report
from zhreport.batch import Job
from zhreport.claims import ClaimExtractor
from zhreport.cli import cli
from zhreport.document import make_document
from zhreport.errors import at_document
from zhreport.panel import records

HEAD = "一、2023年工作回顾\n"
#: What the text of a report holds where a stage raises on it.
STAGES = {"读坏": "read", "扫坏": "scan", "句坏": "claims", "题坏": "themes", "行坏": "rows"}


def text(number: int, mark: str = "") -> str:
    return f"2024年平安县政府工作报告\n{HEAD}粮食产量达到{number + 1}.25万吨，增长2.5%。{mark}\n"


def make(folder: pathlib.Path, count: int) -> pathlib.Path:
    folder.mkdir(exist_ok=True)
    marks = list(STAGES)
    step = count // len(marks)
    for number in range(count):
        mark = marks[number // step] if number % step == step // 2 and number // step < len(marks) else ""
        (folder / f"r{number:03}.txt").write_text(text(number, mark), encoding="utf-8")
    return folder


def marked(folder: pathlib.Path, *stages: str) -> list[str]:
    return [
        path.name
        for path in sorted(folder.iterdir())
        if any(m in path.read_text(encoding="utf-8") for m, s in STAGES.items() if s in stages)
    ]


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each stage raises at the text with its mark; workers that are forked do so too."""

    def wrap(owner: Any, name: str, mark: str, seen: Callable[..., str]) -> None:
        real = getattr(owner, name)

        def raising(*args: Any, **options: Any) -> Any:
            if mark in seen(*args):
                raise IndexError(f"test double\nof {name}")
            return real(*args, **options)

        monkeypatch.setattr(owner, name, raising)

    wrap(files, "extract", "读坏", lambda data, *_: data.decode("utf-8", "replace"))
    wrap(ClaimExtractor, "scan", "扫坏", lambda _, document: document.text)
    wrap(ClaimExtractor, "claims", "句坏", lambda _, document, *__: document.text)
    wrap(
        ThemeModel,
        "predict",
        "题坏",
        lambda _, passages, *__: "".join(passage.text for passage in passages),
    )
    wrap(Document, "place_as_read", "行坏", lambda document, *_: document.text)


def command(*args: object) -> Result:
    return CliRunner().invoke(cli, [str(arg) for arg in args], catch_exceptions=False)


def faults(done: Result) -> list[str]:
    return [line for line in done.stderr.splitlines() if "fault of zhreport itself" in line]


ALL = tuple(STAGES.values())
#: A panel and a sheet have no themes; a report is written where its rows are made.
RUNS = {
    "csv": (["extract", "{in}", "-o", "{out}.csv"], ALL),
    "jsonl": (["extract", "{in}", "-o", "{out}.jsonl"], ALL),
    "xlsx": (["extract", "{in}", "-o", "{out}.xlsx"], ALL),
    "parquet": (["extract", "{in}", "-o", "{out}.parquet"], ALL),
    "dta": (["extract", "{in}", "-o", "{out}.dta"], ALL),
    "screen": (["extract", "{in}"], ALL),
    "store": (["extract", "{in}", "-o", "{out}.duckdb"], ALL),
    "panel": (["panel", "{in}", "-o", "{out}.csv"], ("read", "scan", "claims", "rows")),
    "sheet": (["sheet", "{in}", "-o", "{out}.xlsx"], ("read", "scan", "claims", "rows")),
}


def check(args: list[str], stages: tuple[str, ...], folder: pathlib.Path, out: pathlib.Path) -> Result:
    done = command(*(arg.format(**{"in": folder, "out": out}) for arg in args))
    assert done.exit_code == 1, done.output
    named = [line.split(": ")[1] for line in faults(done)]
    assert sorted(pathlib.Path(name).name for name in named) == marked(folder, *stages)
    assert all("IndexError (test double of " in line for line in faults(done))
    assert "Traceback" not in done.stderr
    return done


@pytest.mark.usefixtures("broken")
@pytest.mark.parametrize("name", RUNS)
def test_a_fault_is_named_and_the_others_are_done(name: str, tmp_path: pathlib.Path) -> None:
    args, stages = RUNS[name]
    done = check(args, stages, make(tmp_path / "in", 10), tmp_path / "out")
    if name == "screen":
        assert done.stdout.count("· year 2024") == 2 * 5  # claims and campaigns
    if name == "jsonl":
        rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text("utf-8").splitlines()]
        assert sum(row["record"] == "document" for row in rows) == 5
    if name == "store":
        assert "5 new, 0 changed" in done.stdout


@pytest.mark.slow
@pytest.mark.usefixtures("broken")
@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("name", RUNS)
def test_two_hundred_reports(
    name: str, jobs: int, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fork(monkeypatch)
    args, stages = RUNS[name]
    folder = make(tmp_path / "in", 200)
    done = check([*args, "-j", str(jobs)], stages, folder, tmp_path / "out")
    assert len(faults(done)) == len(stages)
    if name == "csv":
        lines = (tmp_path / "out.csv").read_text("utf-8-sig").splitlines()
        assert len({line.split(",")[0] for line in lines[1:]}) == 195
    if name == "store":
        assert "195 new, 0 changed" in done.stdout


def _fork(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers that are forked have the test doubles."""
    if "fork" not in multiprocessing.get_all_start_methods():
        pytest.skip("the doubles act in workers only where they are forked")
    real: Any = ProcessPoolExecutor

    def forked(*args: Any, **options: Any) -> ProcessPoolExecutor:
        pool: ProcessPoolExecutor = real(
            *args, **{**options, "mp_context": multiprocessing.get_context("fork")}
        )
        return pool

    monkeypatch.setattr(batch, "ProcessPoolExecutor", forked)


@pytest.mark.usefixtures("broken")
def test_in_several_processes_the_errors_and_the_output_are_the_same(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fork(monkeypatch)
    folder = make(tmp_path / "in", 10)
    args, stages = RUNS["jsonl"]
    one = check(args, stages, folder, tmp_path / "one")
    two = check([*args, "-j", "2"], stages, folder, tmp_path / "two")
    assert faults(one) == faults(two)
    assert (tmp_path / "one.jsonl").read_bytes() == (tmp_path / "two.jsonl").read_bytes()


@pytest.mark.usefixtures("broken")
@pytest.mark.parametrize("jobs", [1, 2])
def test_debug_prints_the_traceback(
    jobs: int, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fork(monkeypatch)
    folder = make(tmp_path / "in", 10)
    done = command("extract", folder, "-o", tmp_path / "out.csv", "--debug", "-j", jobs)
    assert done.exit_code == 1
    assert done.stderr.count("Traceback (most recent call last)") == 5
    assert done.stderr.count("raise IndexError") == 5


@pytest.mark.usefixtures("broken")
@pytest.mark.parametrize("mark", ["", *STAGES])
def test_view(mark: str, tmp_path: pathlib.Path) -> None:
    path, page = tmp_path / "a.txt", tmp_path / "a.html"
    path.write_text(text(1, mark), encoding="utf-8")
    done = command("view", path, "-o", page)
    assert (done.exit_code, page.exists(), len(faults(done))) == ((1, False, 1) if mark else (0, True, 0))


@pytest.mark.usefixtures("broken")
def test_a_panel_of_a_store_names_the_report_that_raises(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(3):
        (folder / f"r{number}.txt").write_text(text(number), encoding="utf-8")
    store = tmp_path / "s.duckdb"
    assert command("extract", folder, "-o", store).exit_code == 0
    real = make_document

    def raising(text: str, **options: Any) -> Any:
        if options["name"] == "r1":
            raise KeyError("r1")
        return real(text, **options)

    monkeypatch.setattr(records, "make_document", raising)
    done = command("panel", store, "-o", tmp_path / "p.csv")
    assert done.exit_code == 1
    assert len(faults(done)) == 1
    assert "in/r1.txt: KeyError ('r1')" in done.stderr
    assert {line.split(",")[0] for line in (tmp_path / "p.csv").read_text("utf-8-sig").splitlines()[1:]}


def labels(folder: pathlib.Path, count: int) -> pathlib.Path:
    """Stand-off labels of the paragraphs of reports."""
    path = folder.parent / "labels.jsonl"
    rows = []
    for number, file in enumerate(sorted(folder.iterdir())[:count]):
        whole = file.read_text(encoding="utf-8")
        start = whole.index("粮食")
        piece = whole[start:].rstrip("\n")
        rows.append(
            {
                "doc": file.stem,
                "start": start,
                "end": start + len(piece),
                "sha1": sha1(piece.encode()).hexdigest(),  # noqa: S324
                "themes": ["agriculture" if number % 2 else "macro"],
            }
        )
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.mark.usefixtures("broken")
def test_evaluate_names_the_reports_that_raise(tmp_path: pathlib.Path) -> None:
    folder = make(tmp_path / "in", 20)
    done = command("evaluate", labels(folder, 20), "--reports", folder, "--json")
    assert done.exit_code == 1
    assert len(faults(done)) == 2  # reading and themes are what it does
    assert json.loads(done.stdout)["paragraphs"] == 18


@pytest.mark.usefixtures("broken")
def test_train_names_the_reports_that_raise(tmp_path: pathlib.Path) -> None:
    folder = make(tmp_path / "in", 60)
    done = command("train", labels(folder, 60), "--reports", folder, "-o", tmp_path / "m.npz")
    assert done.exit_code == 1, done.output
    assert [line.split(": ")[1] for line in faults(done)] == [
        str(folder / name) for name in marked(folder, "read")
    ]
    assert (tmp_path / "m.npz").exists()


def test_a_fault_keeps_type_message_and_traceback() -> None:
    with pytest.raises(FaultError) as caught, at_document("云岭市/a.txt"):
        list[int]().pop()
    assert caught.value.file == "云岭市/a.txt"
    assert caught.value.kind == "IndexError (pop from empty list)"
    assert "Traceback" in caught.value.trace
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit, MemoryError])
def test_what_is_no_fault_passes(
    kind: type[BaseException], tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_text(text(1), encoding="utf-8")

    def raising(*_: object) -> None:
        raise kind

    monkeypatch.setattr(ClaimExtractor, "scan", raising)
    with pytest.raises(kind):
        list(batch.run([Job(path=tmp_path / "a.txt")], themes=False))


def test_in_python_analyze_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    analyzer = report.Analyzer(themes=False)

    def raising(*_: object) -> None:
        raise LookupError("double")

    monkeypatch.setattr(ClaimExtractor, "scan", raising)
    with pytest.raises(LookupError, match="double"):
        analyzer.analyze("粮食产量8万吨。")
