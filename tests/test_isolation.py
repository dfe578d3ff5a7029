"""A fault at one document is an error of that document, whichever command and whichever stage."""

import concurrent.futures
import csv
import json
import multiprocessing
import pathlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha1
from importlib import import_module
from typing import Any

import pytest
from click.testing import CliRunner, Result

from zhreport import Document, FaultError, ThemeModel, batch, files, report
from zhreport.batch import Job
from zhreport.claims import ClaimExtractor
from zhreport.cli import cli
from zhreport.coding import sample
from zhreport.document import make_document
from zhreport.errors import at_document
from zhreport.panel import rows as panel_rows
from zhreport.training import fit
from zhreport.training import labels as labelling
from zhreport.words import folding
from zhreport.writing.spreadsheets import XlsxWriter

PANEL = import_module("zhreport.panel")  # the package; `zhreport.panel` is its function

HEAD = "一、2023年工作回顾\n"

#: Stage → what the text of a report holds where the stage raises on it.
MARKS = {
    "read": "读坏",
    "split": "分坏",
    "scan": "扫坏",
    "claims": "句坏",
    "themes": "题坏",
    "rows": "行坏",
    "panel": "格坏",
    "sheet": "样坏",
    "passages": "段坏",
    "labels": "签坏",
    "features": "征坏",
    "scores": "数坏",
}


def text(number: int, stage: str = "") -> str:
    mark = MARKS[stage] if stage else ""
    return f"2024年平安县政府工作报告\n{HEAD}粮食产量达到{number + 1}.25万吨，增长2.5%。{mark}\n"


def make(folder: pathlib.Path, count: int, stages: tuple[str, ...]) -> pathlib.Path:
    """So many reports, one of them for each stage that raises."""
    folder.mkdir(exist_ok=True)
    step = count // len(stages)
    for number in range(count):
        here = number % step == step // 2 and number // step < len(stages)
        stage = stages[number // step] if here else ""
        (folder / f"r{number:03}.txt").write_text(text(number, stage), encoding="utf-8")
    return folder


def marked(folder: pathlib.Path) -> list[str]:
    """The reports at which a stage raises."""
    texts = {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.iterdir())}
    return [name for name, whole in texts.items() if any(mark in whole for mark in MARKS.values())]


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each stage raises at the text with its mark; workers that are forked do so too."""

    def wrap(owner: Any, name: str, stage: str, seen: Callable[..., str]) -> None:
        real = getattr(owner, name)

        def raising(*args: Any, **options: Any) -> Any:
            if MARKS[stage] in seen(*args):
                raise IndexError(f"test double\nof {name}")
            return real(*args, **options)

        monkeypatch.setattr(owner, name, raising)

    def joined(passages: Iterable[Any]) -> str:
        return "".join(passage.text for passage in passages)

    wrap(files, "extract", "read", lambda data, *_: data.decode("utf-8", "replace"))
    wrap(files, "make_document", "split", lambda whole: whole)
    wrap(ClaimExtractor, "scan", "scan", lambda _, document: document.text)
    wrap(ClaimExtractor, "claims", "claims", lambda _, document, *__: document.text)
    wrap(ThemeModel, "scorer", "themes", lambda _, laid, *__: laid.whole)
    wrap(Document, "place_as_read", "rows", lambda document, *_: document.text)
    wrap(PANEL, "statements_of", "panel", lambda document, *_: document.document.text)
    wrap(sample, "_sampled", "sheet", lambda report, *_: report.document.text)
    wrap(labelling, "stretches", "passages", lambda document: document.text)
    wrap(labelling, "sha1", "labels", lambda data: data.decode("utf-8", "replace"))
    wrap(fit, "features", "features", lambda passages, *_: joined(passages))
    wrap(fit, "_decide", "scores", lambda _, counted: " ".join(a for x in counted for a in x["characters"]))


def command(*args: object) -> Result:
    return CliRunner().invoke(cli, [str(arg) for arg in args], catch_exceptions=False)


def faults(done: Result) -> list[str]:
    return [line for line in done.stderr.splitlines() if "fault of zhreport itself" in line]


def labels(folder: pathlib.Path) -> pathlib.Path:
    """Stand-off labels of the paragraphs of reports."""
    path = folder.parent / "labels.jsonl"
    rows = []
    for number, file in enumerate(sorted(folder.iterdir())):
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


# -- what of many reports was done


def in_csv(out: pathlib.Path, _: Result) -> int:
    with out.with_suffix(".csv").open(encoding="utf-8-sig", newline="") as stream:
        return len({row["file"] for row in csv.DictReader(stream)})


def in_jsonl(out: pathlib.Path, _: Result) -> int:
    lines = out.with_suffix(".jsonl").read_text(encoding="utf-8").splitlines()
    return sum(json.loads(line)["record"] == "document" for line in lines)


def in_sheet(name: str) -> Callable[[pathlib.Path, Result], int]:
    def count(out: pathlib.Path, _: Result) -> int:
        book = pytest.importorskip("openpyxl").load_workbook(out.with_suffix(".xlsx"))
        header, *rows = book[name].iter_rows(values_only=True)
        return len({row[header.index("file")] for row in rows})

    return count


def in_parquet(out: pathlib.Path, _: Result) -> int:
    parquet = pytest.importorskip("pyarrow.parquet")
    return len(set(parquet.read_table(out.with_suffix(".parquet"))["file"].to_pylist()))


def in_stata(out: pathlib.Path, _: Result) -> int:
    return len(set(pytest.importorskip("pandas").read_stata(out.with_suffix(".dta"))["file"]))


def in_store(out: pathlib.Path, done: Result) -> int:
    with pytest.importorskip("duckdb").connect(str(out.with_suffix(".duckdb")), read_only=True) as database:
        (count,) = database.execute("SELECT count(DISTINCT file) FROM claims").fetchone()
    assert f"{count} new, 0 changed" in done.stdout
    return int(count)


def in_model(out: pathlib.Path, _: Result) -> int:
    return int(ThemeModel.load(out.with_suffix(".npz")).meta["documents"])


def of_figures(_: pathlib.Path, done: Result) -> int:
    return int(json.loads(done.stdout)["paragraphs"])


@dataclass(frozen=True)
class Run:
    """A command over a folder, five stages in which a report makes it raise, and what counts the others."""

    args: str
    stages: tuple[str, ...]
    done: Callable[[pathlib.Path, Result], int]
    small: int = 10
    jobs: tuple[int, ...] = (1, 2)


EXTRACT = ("read", "scan", "claims", "themes", "rows")
LEARN = ("read", "split", "passages", "labels", "features")
RUNS = {
    "csv": Run("extract {in} -o {out}.csv", EXTRACT, in_csv),
    "jsonl": Run("extract {in} -o {out}.jsonl", EXTRACT, in_jsonl),
    "xlsx": Run("extract {in} -o {out}.xlsx", EXTRACT, in_sheet("claims")),
    "parquet": Run("extract {in} -o {out}.parquet", EXTRACT, in_parquet),
    "dta": Run("extract {in} -o {out}.dta", EXTRACT, in_stata),
    "screen": Run("extract {in}", EXTRACT, lambda _, done: done.stdout.count("· year 2024") // 2),
    "store": Run("extract {in} -o {out}.duckdb", EXTRACT, in_store),
    "panel": Run("panel {in} -o {out}.csv", ("read", "scan", "claims", "rows", "panel"), in_csv),
    "sheet": Run(
        "sheet {in} -n 10000 -o {out}.xlsx", ("read", "scan", "claims", "rows", "sheet"), in_sheet("coder 1")
    ),
    "evaluate": Run(
        "evaluate {labels} --reports {in} --json",
        ("read", "split", "passages", "labels", "themes"),
        of_figures,
        jobs=(1,),
    ),
    "cross-validate": Run(
        "evaluate {labels} --reports {in} --cross-validate --json",
        ("read", "split", "labels", "features", "scores"),
        of_figures,
        small=50,
        jobs=(1,),
    ),
    "train": Run(
        "train {labels} --reports {in} -o {out}.npz",
        ("read", "split", "passages", "features", "scores"),
        in_model,
        small=50,
        jobs=(1,),
    ),
}


def check(run: Run, folder: pathlib.Path, out: pathlib.Path, *more: object) -> Result:
    """Run it over a folder with five reports that raise: they are named, the others are done."""
    places = {"in": folder, "out": out, "labels": labels(folder) if "{labels}" in run.args else ""}
    done = command(*(arg.format(**places) for arg in run.args.split()), *more)
    assert done.exit_code == 1, done.output
    named = [line.split(": ")[1] for line in faults(done)]
    assert sorted(named) == [str(folder / name) for name in marked(folder)]
    assert len(named) == 5
    assert all("IndexError (test double of " in line for line in faults(done))
    assert "Traceback" not in done.stderr
    assert run.done(out, done) == len(list(folder.iterdir())) - 5
    return done


@pytest.mark.usefixtures("broken")
@pytest.mark.parametrize("name", RUNS)
def test_five_are_named_and_the_others_are_done(name: str, tmp_path: pathlib.Path) -> None:
    run = RUNS[name]
    check(run, make(tmp_path / "in", run.small, run.stages), tmp_path / "out")


@pytest.mark.slow
@pytest.mark.usefixtures("broken")
@pytest.mark.parametrize(("name", "jobs"), [(name, jobs) for name, run in RUNS.items() for jobs in run.jobs])
def test_two_hundred_reports(
    name: str, jobs: int, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fork(monkeypatch)
    run = RUNS[name]
    folder = make(tmp_path / "in", 200, run.stages)
    check(run, folder, tmp_path / "out", *(("-j", jobs) if len(run.jobs) > 1 else ()))


def _view(tmp_path: pathlib.Path, count: int) -> None:
    """A page for each report, by a run of its own."""
    folder, pages = make(tmp_path / "in", count, EXTRACT), tmp_path / "pages"
    pages.mkdir()
    bad = marked(folder)
    for path in sorted(folder.iterdir()):
        page = pages / f"{path.stem}.html"
        done = command("view", path, "-o", page)
        fault = path.name in bad
        assert (done.exit_code, page.exists(), len(faults(done))) == (int(fault), not fault, int(fault))
        assert not fault or f"{path}: IndexError (test double of " in done.stderr
    assert (len(bad), len(list(pages.iterdir()))) == (5, count - 5)


@pytest.mark.usefixtures("broken")
def test_view(tmp_path: pathlib.Path) -> None:
    _view(tmp_path, 10)


@pytest.mark.slow
@pytest.mark.usefixtures("broken")
def test_view_of_two_hundred_reports(tmp_path: pathlib.Path) -> None:
    _view(tmp_path, 200)


def _fork(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers that are forked have the test doubles."""
    if "fork" not in multiprocessing.get_all_start_methods():
        pytest.skip("the doubles act in workers only where they are forked")
    real: Any = concurrent.futures.ProcessPoolExecutor

    def forked(*args: Any, **options: Any) -> concurrent.futures.ProcessPoolExecutor:
        pool: concurrent.futures.ProcessPoolExecutor = real(
            *args, **{**options, "mp_context": multiprocessing.get_context("fork")}
        )
        return pool

    monkeypatch.setattr(concurrent.futures, "ProcessPoolExecutor", forked)


@pytest.mark.usefixtures("broken")
def test_in_several_processes_the_errors_and_the_output_are_the_same(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fork(monkeypatch)
    folder = make(tmp_path / "in", 10, EXTRACT)
    one = check(RUNS["jsonl"], folder, tmp_path / "one")
    two = check(RUNS["jsonl"], folder, tmp_path / "two", "-j", 2)
    assert faults(one) == faults(two)
    assert (tmp_path / "one.jsonl").read_bytes() == (tmp_path / "two.jsonl").read_bytes()


@pytest.mark.usefixtures("broken")
@pytest.mark.parametrize("jobs", [1, 2])
def test_debug_prints_the_traceback(
    jobs: int, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fork(monkeypatch)
    folder = make(tmp_path / "in", 10, EXTRACT)
    done = command("extract", folder, "-o", tmp_path / "out.csv", "--debug", "-j", jobs)
    assert done.exit_code == 1
    assert done.stderr.count("Traceback (most recent call last)") == 5
    assert done.stderr.count("raise IndexError") == 5


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

    monkeypatch.setattr(panel_rows, "make_document", raising)
    done = command("panel", store, "-o", tmp_path / "p.csv")
    assert done.exit_code == 1
    assert len(faults(done)) == 1
    assert "in/r1.txt: KeyError ('r1')" in done.stderr
    assert {line.split(",")[0] for line in (tmp_path / "p.csv").read_text("utf-8-sig").splitlines()[1:]}


# -- labels that have their texts themselves, and faults that are no document's


def written(path: pathlib.Path, *bad: int) -> pathlib.Path:
    """Labels with their texts, of which some raise."""
    lines = []
    for number in range(120):
        piece = text(number, "features" if number in bad else "").splitlines()[-1]
        lines.append(json.dumps({"text": piece, "themes": ["agriculture" if number % 2 else "macro"]}))
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.mark.usefixtures("broken")
def test_a_line_with_its_text_is_a_document(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path / "l.jsonl", 7, 30)
    done = command("train", path, "-o", tmp_path / "m.npz")
    assert done.exit_code == 1
    assert [line.split(": IndexError")[0] for line in faults(done)] == [
        f"zhreport: {path}: line {number}" for number in (8, 31)
    ]
    assert ThemeModel.load(tmp_path / "m.npz").meta["paragraphs"] == 118
    real = folding.fold

    def raising(whole: str) -> str:
        if whole.startswith("粮食产量达到5.25万"):
            raise IndexError("double")
        return real(whole)

    monkeypatch.setattr(labelling, "fold", raising)
    done = command("evaluate", path, "--json")
    assert [line.split(": IndexError")[0] for line in faults(done)] == [f"zhreport: {path}: line 5"]
    assert json.loads(done.stdout)["paragraphs"] == 119


def test_figures_of_nothing_are_no_figures(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "l.jsonl"
    path.write_text('{"text": "粮食产量达到8万吨。", "themes": ["agriculture"]}', encoding="utf-8")
    monkeypatch.setattr(ThemeModel, "predict", _raise)
    done = command("evaluate", path, "--json")
    assert (done.exit_code, done.stdout) == (1, "")
    assert len(faults(done)) == 1
    assert "no report could be done; there is nothing to evaluate" in done.stderr


@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize("args", ["train {} -o {}.npz", "evaluate {} --cross-validate --json"])
def test_a_fault_of_the_fit_is_one_line(
    args: str, debug: bool, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path / "l.jsonl")
    monkeypatch.setattr(fit, "_calibrate", _raise)
    done = command(*args.format(path, path).split(), *(["--debug"] if debug else []))
    assert done.exit_code == 1
    assert len(faults(done)) == 1
    assert "zhreport: LookupError (double): a fault of zhreport itself; please report it" in done.stderr
    assert ("Traceback" in done.stderr) == debug
    assert list(tmp_path.iterdir()) == [path]


def _raise(*_: object, **__: object) -> None:
    raise LookupError("double")


@pytest.mark.parametrize(
    ("owner", "name", "args"),
    [
        (XlsxWriter, "close", "extract {in} -o {out}.xlsx"),
        (sample.Sampler, "sample", "sheet {in} -o {out}.xlsx"),
        (PANEL, "judged", "panel {in} -o {out}.csv"),
        (ThemeModel, "explain", "explain 粮食产量达到8万吨。"),
    ],
)
def test_a_fault_at_no_document_is_one_line(
    owner: object, name: str, args: str, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make(tmp_path / "in", 5, EXTRACT)
    (folder / "empty.txt").touch()
    monkeypatch.setattr(owner, name, _raise)
    done = command(*(arg.format(**{"in": folder, "out": tmp_path / "out"}) for arg in args.split()))
    assert done.exit_code == 1
    assert len(faults(done)) == 1
    assert "zhreport: LookupError (double): a fault of zhreport itself; please report it" in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == [folder]
    if name != "explain":  # what was found before is told too
        assert f"{folder / 'empty.txt'}: an empty file" in done.stderr
        assert "from 5 reports in" in done.stderr


# -- what Excel cannot hold


def test_a_text_longer_than_a_cell_is_told_and_the_others_are_done(tmp_path: pathlib.Path) -> None:
    folder = make(tmp_path / "in", 5, ("read",))
    (folder / "long.txt").write_text("粮食产量达到8.25万吨，" * 4000, encoding="utf-8")
    done = command("extract", folder, "-o", tmp_path / "out.xlsx", "-q", "--log", tmp_path / "log")
    assert done.exit_code == 0
    said = "text of 1 of its paragraphs: longer than the 32,767 characters of an Excel cell and cut"
    assert done.stderr == f"zhreport: warning: long.txt: {said}; another format has all of it\n"
    assert f"; {said}; " in (tmp_path / "log").read_text(encoding="utf-8")
    assert in_sheet("documents")(tmp_path / "out", done) == 6


def test_a_sheet_that_is_full_ends_the_run_with_a_remedy(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make(tmp_path / "in", 10, ("read",))
    assert XlsxWriter.__init__.__kwdefaults__ is not None
    monkeypatch.setitem(XlsxWriter.__init__.__kwdefaults__, "rows", 12)
    done = command("extract", folder, "-o", tmp_path / "out.xlsx")
    assert done.exit_code == 1
    assert (
        "zhreport: r003.txt: with its paragraphs the sheet has more than the 12 rows of Excel" in done.stderr
    )
    assert "nothing was written: write .parquet or .csv, or fewer reports to a file" in done.stderr
    assert list(tmp_path.iterdir()) == [folder]


def test_a_sheet_for_coders_tells_what_it_cuts(tmp_path: pathlib.Path) -> None:
    folder = make(tmp_path / "in", 5, ("read",))
    (tmp_path / "m.csv").write_text(f"file,date\nr000.txt,{'年' * 40_000}\n", encoding="utf-8")
    done = command("sheet", folder, "--metadata", tmp_path / "m.csv", "-o", tmp_path / "out.xlsx")
    assert done.exit_code == 0
    said = "longer than the 32,767 characters of an Excel cell and cut"
    assert f"zhreport: warning: r000.txt: date of its claims: {said}\n" in done.stderr
    assert in_sheet("coder 1")(tmp_path / "out", done) == 5


# -- what a fault is


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
