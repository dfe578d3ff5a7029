"""How runs end: by signals, with their parent, without readers, on a full disk; forks beside threads."""

import contextlib
import json
import os
import pathlib
import signal
import subprocess
import sys
import time
import uuid
from zlib import crc32

import pytest

from bombs import BOMBS

pytestmark = pytest.mark.skipif(not pathlib.Path("/proc/self/environ").exists(), reason="needs /proc")

TEXT = "2024年平安县政府工作报告\n一、2023年工作回顾\n粮食产量达到8.25万吨，增长2.5%。开展“春风”行动。\n"
RTF = rb"{\rtf1\ansi grain}"
MARK = "ZHREPORT_TEST_RUN"
OLD = b"what was there before\n"

SIGNALS = {"SIGINT": 130, "SIGTERM": 143, "SIGHUP": 129}
#: What is run → the ending of its output.
EXTRACTS = ("txt", "csv", "jsonl", "parquet", "feather", "xlsx", "dta", "duckdb")
COMMANDS = [
    *[(f"extract {e}", ["extract", "reports", "-o", f"out.{e}"], f"out.{e}") for e in EXTRACTS],
    ("panel csv", ["panel", "reports", "-o", "out.csv"], "out.csv"),
    ("panel jsonl", ["panel", "reports", "-o", "out.jsonl"], "out.jsonl"),
    ("sheet xlsx", ["sheet", "reports", "-o", "out.xlsx"], "out.xlsx"),
    ("view html", ["view", "long.txt", "-o", "out.html"], "out.html"),
    ("train npz", ["train", "labels.jsonl", "-o", "out.npz"], "out.npz"),
]
SERIAL = ("view html", "train npz")  # no -j
#: Of the cases, those of every run; the others are slow.
FEW = {("extract xlsx", 2, "SIGTERM"), ("extract csv", 1, "SIGINT"), ("extract duckdb", 2, "SIGHUP")}
CASES = [
    pytest.param(
        (*command[1], *(() if command[0] in SERIAL else ("-j", str(jobs)))),
        command[2],
        name,
        id=f"{command[0]} -j {jobs} {name}",
        marks=() if (command[0], jobs, name) in FEW else pytest.mark.slow,
    )
    for command in COMMANDS
    for jobs in ((1,) if command[0] in SERIAL else (1, 2))
    for name in SIGNALS
]


class Run:
    """A run of the command line in a session of its own, whose processes all bear a mark."""

    def __init__(self, folder: pathlib.Path, *args: str, **env: str) -> None:
        self.folder, self.temporary = folder, folder / "tmp"
        self.temporary.mkdir(exist_ok=True)
        self.mark = f"{MARK}={uuid.uuid4()}"
        name, value = self.mark.split("=")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "zhreport", *args],
            cwd=folder,
            env={**os.environ, name: value, "TMPDIR": str(self.temporary), **env},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )

    def processes(self) -> list[int]:
        """Those that are not over."""
        found = []
        for place in pathlib.Path("/proc").iterdir():
            with contextlib.suppress(OSError):
                if place.name.isdigit() and self.mark.encode() in (place / "environ").read_bytes().split(
                    b"\0"
                ):
                    found.append(int(place.name))
        return found

    def wait_for(self, what: str, done: object, seconds: float = 60) -> None:
        assert callable(done)
        end = time.monotonic() + seconds
        while not done():
            assert self.process.poll() is None, self.process.communicate()
            assert time.monotonic() < end, f"no {what} in {seconds} s"
            time.sleep(0.02)

    def at_work(self, jobs: int) -> None:
        """Wait until it has begun, with its workers."""
        self.wait_for("temporary folder", lambda: any(self.temporary.iterdir()))
        self.wait_for("workers", lambda: jobs == 1 or len(self.processes()) >= 1 + jobs)

    def is_gone(self, seconds: float) -> bool:
        end = time.monotonic() + seconds
        while self.processes():
            if time.monotonic() > end:
                return False
            time.sleep(0.02)
        return True


@pytest.fixture
def folder(tmp_path: pathlib.Path) -> pathlib.Path:
    reports = tmp_path / "reports"
    reports.mkdir()
    for number in range(300):
        (reports / f"r{number}.txt").write_text(TEXT * 40 + f"第{number}份。", encoding="utf-8")
    (tmp_path / "long.txt").write_text(TEXT * 5000, encoding="utf-8")
    with (tmp_path / "labels.jsonl").open("w", encoding="utf-8") as lines:
        for number in range(3000):
            theme, word = (("agriculture", "粮食"), ("transport", "公路"))[number % 2]
            text = f"{word}第{number}次增长，{word}{'项目' * (number % 7)}完成。"
            lines.write(json.dumps({"text": text, "heading": "", "themes": [theme]}) + "\n")
    return tmp_path


@pytest.fixture
def small(folder: pathlib.Path) -> pathlib.Path:
    for number in range(4, 300):
        (folder / "reports" / f"r{number}.txt").unlink()
    (folder / "long.txt").write_text(TEXT * 40 + f"第{number}份。", encoding="utf-8")
    return folder


def left(folder: pathlib.Path) -> list[str]:
    """What a run has left beside what was there."""
    there = {"reports", "long.txt", "labels.jsonl", "tmp"}
    beside = [path.name for path in folder.iterdir() if path.name not in there]
    return beside + [str(path) for path in (folder / "tmp").rglob("*")]


@pytest.mark.parametrize(("args", "output", "name"), CASES)
def test_a_signal_leaves_nothing(
    folder: pathlib.Path, args: tuple[str, ...], output: str, name: str, request: pytest.FixtureRequest
) -> None:
    jobs = 2 if args[-1] == "2" else 1
    old = output if args[0] != "sheet" and not output.endswith("duckdb") else ""
    if old:
        (folder / old).write_bytes(OLD)
    run = Run(folder, *args)
    run.at_work(jobs)
    time.sleep(crc32(request.node.name.encode()) / 2**32)  # another moment for each
    assert run.process.poll() is None, "too early done to be interrupted"
    began = time.monotonic()
    run.process.send_signal(getattr(signal, name))
    said = run.process.communicate(timeout=30)
    took = time.monotonic() - began
    assert run.process.returncode == SIGNALS[name], said
    assert run.is_gone(0.5)
    assert said[1] == b"" or args[0] == "train"  # which tells how it goes on
    assert b"Traceback" not in said[1]
    assert took < 5
    if output.endswith("duckdb"):
        _is_whole(folder / output)
        (folder / output).unlink(missing_ok=True)
    assert left(folder) == [*filter(None, [old])]
    if old:
        assert (folder / old).read_bytes() == OLD


@pytest.mark.parametrize("name", ["SIGINT", "SIGHUP"])
def test_a_terminal_tells_all_processes(folder: pathlib.Path, name: str) -> None:
    run = Run(folder, "extract", "reports", "-j", "2", "-o", "out.csv")
    run.at_work(2)
    os.killpg(run.process.pid, getattr(signal, name))
    said = run.process.communicate(timeout=30)
    assert (run.process.returncode, *said) == (SIGNALS[name], b"", b"")
    assert run.is_gone(0.5)
    assert left(folder) == []


#: A fork that gets a signal before anything of it has run, beside another one that the parent must join.
NEWBORN = """
import multiprocessing, os, signal, time
strike = False
os.register_at_fork(after_in_child=lambda: strike and os.kill(os.getpid(), signal.SIGTERM))
from zhreport import stopping
stopping.take_signals()
stopping.at_stop(lambda: print("undone", os.getpid() == parent, flush=True))
parent = os.getpid()
other = multiprocessing.get_context("fork").Process(target=time.sleep, args=(60,), daemon=True)
other.start()
strike = True
born = os.fork()
if not born:
    time.sleep(60)
print(os.waitstatus_to_exitcode(os.waitpid(born, 0)[1]), other.is_alive(), flush=True)
os.kill(parent, signal.SIGTERM)
"""


def test_a_signal_before_a_fork_has_begun_is_not_its_parents() -> None:
    command = [sys.executable, "-c", NEWBORN]
    run = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
    assert (run.returncode, run.stderr) == (143, "")
    assert run.stdout.splitlines() == ["143 True", "undone True"]


def _is_whole(store: pathlib.Path) -> None:
    """All claims of each document of a store, or no store."""
    if store.exists():
        duckdb = pytest.importorskip("duckdb")
        with duckdb.connect(str(store), read_only=True) as database:
            documents = database.execute("SELECT count(*) FROM documents").fetchone()[0]
            claims = database.execute("SELECT count(*) FROM claims").fetchone()[0]
            files = database.execute("SELECT count(*) FROM files").fetchone()[0]
        assert (files, claims) == (documents, documents * 80)


@pytest.mark.parametrize("output", ["out.csv", "out.xlsx"])
def test_workers_end_with_a_parent_that_is_killed(folder: pathlib.Path, output: str) -> None:
    run = Run(folder, "extract", "reports", "-j", "2", "-o", output)
    run.at_work(2)
    time.sleep(0.5)
    run.process.kill()
    assert run.is_gone(5)
    run.process.communicate(timeout=5)  # nobody holds the pipes
    assert left(folder) == []  # the workers have seen to it


@pytest.mark.parametrize("output", [f"out.{ending}" for ending in ("csv", "parquet", "xlsx", "duckdb")])
def test_what_a_killed_run_has_left_hinders_no_later_one(folder: pathlib.Path, output: str) -> None:
    run = Run(folder, "extract", "reports", "-o", output)
    run.wait_for("output", lambda: any(output in path.name for path in folder.iterdir()))
    run.process.kill()
    run.process.communicate(timeout=5)
    there = left(folder)
    assert there  # nobody could take it away
    for number in range(20, 300):
        (folder / "reports" / f"r{number}.txt").unlink()
    for args in (("-j", "2"), ()):
        done = small_run(folder, '"$@"', "extract", "reports", "-o", output, *args)
        assert (done.returncode, done.stderr.count("\n")) == (0, 1), done.stderr
        assert set(left(folder)) - {output} <= set(there)  # and has left nothing itself
    if output.endswith("csv"):
        rows = (folder / output).read_text(encoding="utf-8-sig").splitlines()[1:]
        assert len({row.split(",")[0] for row in rows}) == 20
    if output.endswith("duckdb"):
        _is_whole(folder / output)


@pytest.fixture
def conversions(small: pathlib.Path) -> dict[str, str]:
    """Two files whose conversion starts a process and does not end; the path to the program."""
    programs = small / "reports" / "bin"
    programs.mkdir()
    program = programs / "soffice"
    program.write_text(f"#!/bin/sh\ntouch {small}/reports/converting\nsleep 600 & wait\n")
    program.chmod(0o755)
    for name in ("a.rtf", "b.rtf"):
        (small / "reports" / name).write_bytes(RTF)
    return {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}


@pytest.mark.parametrize("name", [pytest.param("SIGINT", marks=pytest.mark.slow), "SIGTERM", "SIGKILL"])
@pytest.mark.parametrize("jobs", [pytest.param(1, marks=pytest.mark.slow), 2])
def test_conversions_end_with_the_run(
    small: pathlib.Path, conversions: dict[str, str], jobs: int, name: str
) -> None:
    if (jobs, name) == (1, "SIGKILL"):
        pytest.skip("nobody is left to end what it started")
    run = Run(
        small, "extract", "reports/a.rtf", "reports/b.rtf", "-j", str(jobs), "-o", "out.csv", **conversions
    )
    run.wait_for("conversion", (small / "reports" / "converting").exists)
    time.sleep(0.2)
    run.process.send_signal(getattr(signal, name))
    assert run.process.wait(timeout=30) == SIGNALS.get(name, -9)
    assert run.is_gone(5)
    run.process.communicate(timeout=5)
    assert left(small) == []


@pytest.mark.parametrize("name", ["SIGINT", pytest.param("SIGTERM", marks=pytest.mark.slow), "SIGKILL"])
@pytest.mark.parametrize("jobs", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_readers_of_pdfs_end_with_the_run(small: pathlib.Path, jobs: int, name: str) -> None:
    pytest.importorskip("pypdfium2", reason="needs zhreport[files]")
    for file in ("a.pdf", "b.pdf"):
        (small / "reports" / file).write_bytes(BOMBS["states.pdf"]())
    run = Run(small, "extract", "reports/a.pdf", "reports/b.pdf", "-j", str(jobs), "-o", "out.csv")
    run.wait_for("readers", lambda: len(run.processes()) >= (2 if jobs == 1 else 1 + 2 * jobs))
    time.sleep(1)
    run.process.send_signal(getattr(signal, name))
    assert run.process.wait(timeout=30) == SIGNALS.get(name, -9)
    assert run.is_gone(5)
    run.process.communicate(timeout=5)
    assert [path for path in left(small) if name != "SIGKILL"] == []


def test_a_signal_that_is_ignored_stays_ignored(small: pathlib.Path) -> None:
    command = [sys.executable, "-m", "zhreport", "extract", "reports", "-o", "out.csv"]
    shell = ["sh", "-c", 'trap "" HUP; "$@" & sleep 1; kill -HUP $!; wait $!', "sh", *command]
    assert subprocess.run(shell, cwd=small, check=False, capture_output=True).returncode == 0
    assert (small / "out.csv").exists()


# -- outputs


def small_run(folder: pathlib.Path, command: str, *args: str, **env: str) -> subprocess.CompletedProcess[str]:
    """A run by a shell that does something to it."""
    (folder / "tmp").mkdir(exist_ok=True)
    return subprocess.run(
        ["bash", "-c", command, "bash", sys.executable, "-m", "zhreport", *args],
        cwd=folder,
        env={**os.environ, "TMPDIR": str(folder / "tmp"), **env},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def quietly(args: list[str]) -> list[str]:
    """Without the line at the end of a run."""
    return args if args[0] == "train" else [*args, "-q"]


@pytest.mark.parametrize(("args", "output"), [pytest.param(a, o, id=i) for i, a, o in COMMANDS])
def test_a_full_disk_gives_one_line(small: pathlib.Path, args: list[str], output: str) -> None:
    # no file of more than a kilobyte, temporary ones too, as on a full disk
    done = small_run(small, 'ulimit -f 1; exec "$@"', *quietly(args), PYTHONDONTWRITEBYTECODE="1")
    assert done.returncode == 1
    said = [line for line in done.stderr.splitlines() if line.startswith("zhreport:")]
    assert len(said) == 1
    assert "File too large" in said[0] or "IO_EFBIG" in said[0]
    assert output in said[0]
    if args[0] != "train":  # which tells how it goes on
        assert done.stderr == said[0] + "\n"
    assert left(small) == []


@pytest.mark.parametrize(
    ("args", "output"), [pytest.param(a, o, id=i) for i, a, o in COMMANDS if a[0] != "sheet"]
)
def test_a_full_device_gives_one_line(small: pathlib.Path, args: list[str], output: str) -> None:
    (small / output).symlink_to("/dev/full")
    done = small_run(small, '"$@"', *quietly(args))
    assert done.returncode == 1
    said = [line for line in done.stderr.splitlines() if line.startswith("zhreport:")]
    assert len(said) == 1
    assert output in said[0]
    if args[0] != "train":
        assert done.stderr == said[0] + "\n"
    assert left(small) == [output]


@pytest.mark.parametrize("form", ["table", "csv", "jsonl"])
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_standard_output(small: pathlib.Path, form: str, jobs: str) -> None:
    args = ("extract", "reports", "--format", form, "-j", jobs)
    for where, why in ((">/dev/full", "No space left on device"), (">&-", "Bad file descriptor")):
        done = small_run(small, f'"$@" {where}', *args)
        said = f"zhreport: standard output: cannot be written ({why})\n"
        assert (done.returncode, done.stderr) == (1, said)
    done = small_run(small, '"$@" | true; exit ${PIPESTATUS[0]}', *args)
    assert (done.returncode, done.stderr) == (141, "")
    assert left(small) == []


def test_other_commands_and_standard_output(small: pathlib.Path) -> None:
    for args in (["explain", "增长5%"], ["--help"]):
        done = small_run(small, '"$@" >/dev/full', *args)
        assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
        assert "standard output" in done.stderr
    args = ["extract", "reports", "-o", "/dev/stdout", "--format", "csv"]
    done = small_run(small, '"$@" | true; exit ${PIPESTATUS[0]}', *args)
    assert (done.returncode, done.stderr) == (141, "")
    done = small_run(small, '"$@" >&- 2>&- <&-', "extract", "reports", "-o", "out.csv")
    assert done.returncode == 0
    assert (small / "out.csv").read_text(encoding="utf-8-sig").startswith("file,doc")


# -- forks

_FORK = """
import os, signal, sys, threading, time
import zhreport
from zhreport import report

make, begun = report.make_tokenizer, threading.Event()

def slow(*args, **options):
    begun.set()
    time.sleep(1)
    return make(*args, **options)

report.make_tokenizer = slow
made_by = (lambda: zhreport.analyze("增长5%")) if sys.argv[1] == "analyze" else zhreport.Analyzer
thread = threading.Thread(target=made_by)
thread.start()
begun.wait()
if not (child := os.fork()):
    signal.alarm(30)
    report.make_tokenizer = make
    os._exit(0 if len(zhreport.analyze("粮食产量增长5%。").claims) == 1 else 1)
status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
thread.join()
sys.exit(status != 0)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
@pytest.mark.parametrize("maker", ["analyze", "Analyzer"])
def test_a_fork_while_a_thread_makes_the_first_analyzer(maker: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _FORK, maker], check=False, capture_output=True, timeout=60, text=True
    )
    assert done.returncode == 0, done.stderr
