"""PDF files are read in a process of their own, which ends at its limits and with whoever started it."""

import contextlib
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bombs import BOMBS
from zhreport.errors import InputError, MissingExtraError
from zhreport.reading.readers import confined
from zhreport.reading.readers.bounds import Limits
from zhreport.reading.readers.confined import read_confined

pytest.importorskip("pypdfium2", reason="needs zhreport[files]")
pytest.importorskip("reportlab", reason="the PDF files are made with reportlab")

from pagefiles import make_pdf

TEXT = "云岭市2024年工作总结\n全年新增就业2.3万人，完成年度目标的115%；发放贷款3.6亿元，惠及企业820家。\n"
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits and tells memory")


@pytest.fixture(autouse=True)
def reader() -> Iterator[confined._Reader]:
    confined._reader.end()
    yield confined._reader
    confined._reader.end()


def process(reader: confined._Reader) -> int:
    assert reader._process is not None
    return reader._process.pid


def found(text: str, limits: Limits | None = None) -> str:
    extracted = read_confined(make_pdf(text), "a.pdf", limits or Limits())
    return "".join(part.text for part in extracted.parts).replace("\n", "").replace("\u3000", "")


def test_one_process_reads_many_files(reader: confined._Reader) -> None:
    assert "820家" in found(TEXT)
    first = process(reader)
    for number in range(5):
        assert f"第{number}份" in found(TEXT + f"第{number}份。\n")
    with pytest.raises(InputError, match=r"^a\.pdf: a broken PDF"):
        read_confined(b"%PDF-1.7 broken", "a.pdf")
    assert process(reader) == first


def test_threads_get_the_file_that_they_asked_for() -> None:
    wrong: list[str] = []

    def ask(number: int) -> None:
        wrong.extend("wrong" for _ in range(3) if f"第{number}份" not in found(TEXT + f"第{number}份。\n"))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not count time of processes")
def test_time_is_limited() -> None:
    with pytest.raises(
        InputError, match=r"a\.pdf: not read, more than 1 seconds of .* every 10 MB.*--limit seconds=N"
    ):
        found(TEXT * 5_000, Limits(seconds=1))
    assert "820家" in found(TEXT)  # by a new process


def test_time_is_limited_by_the_clock_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confined, "_PATIENCE", 0.001)
    with pytest.raises(InputError, match="--limit seconds=N"):
        found(TEXT * 300)


@on_linux
def test_memory_is_limited() -> None:
    with pytest.raises(InputError, match=r"a\.pdf: not read, .*20,000,000 bytes of memory.*--limit memory=N"):
        found(TEXT * 500, Limits(memory=20_000_000))
    with pytest.raises(InputError, match=r"PDFium broke off.*--limit memory=N"):
        read_confined(BOMBS["hidden.pdf"](), "a.pdf")
    assert "820家" in found(TEXT)


def test_a_process_that_was_killed_is_started_anew(reader: confined._Reader) -> None:
    assert "820家" in found(TEXT)
    first = process(reader)
    assert reader._process is not None
    reader._process.kill()
    reader._process.wait()
    assert "820家" in found(TEXT)
    assert process(reader) != first


def test_without_the_library_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pypdfium2.py").write_text("raise ImportError\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(MissingExtraError, match=r"pip install 'zhreport\[files\]'"):
        read_confined(b"%PDF-1.7", "a.pdf")


def test_a_frozen_program_reads_by_itself(reader: confined._Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert "820家" in found(TEXT)
    assert reader._process is None


def _in_fork(answers: "multiprocessing.Queue[tuple[str, int]]") -> None:
    answers.put((found(TEXT + "第二份。\n"), process(confined._reader)))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
def test_a_fork_has_a_process_of_its_own(reader: confined._Reader) -> None:
    assert "820家" in found(TEXT)
    context = multiprocessing.get_context("fork")
    answers: multiprocessing.Queue[tuple[str, int]] = context.Queue()
    fork = context.Process(target=_in_fork, args=(answers,))
    fork.start()
    text, other = answers.get(timeout=60)
    fork.join()
    assert fork.exitcode == 0
    assert "第二份" in text
    assert other != process(reader)
    assert "820家" in found(TEXT)
    assert _is_gone(other)


#: Reads a PDF, says which process read it, and waits; of a script without a guard for its main module.
_SCRIPT = """
import sys, time
from pathlib import Path
import zhreport
from zhreport.reading.readers import confined
print(len(zhreport.read(sys.argv[1]).text), confined._reader._process.pid, flush=True)
time.sleep(60)
"""


def _is_gone(pid: int, seconds: float = 5) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(FileNotFoundError):
            state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
            if state != "Z":
                time.sleep(0.05)
                continue
        return True
    return False


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_it_ends_with_the_program(tmp_path: Path, number: signal.Signals) -> None:
    (tmp_path / "a.pdf").write_bytes(make_pdf(TEXT))
    script = tmp_path / "script.py"
    script.write_text(_SCRIPT, encoding="utf-8")
    program = subprocess.Popen(
        [sys.executable, str(script), str(tmp_path / "a.pdf")], stdout=subprocess.PIPE, text=True
    )
    assert program.stdout is not None
    _, pid = program.stdout.readline().split()
    program.send_signal(number)
    program.communicate(timeout=30)
    assert _is_gone(int(pid))
