"""The fuzzer finds what is wrong, makes it small, and finds nothing in a short run."""

import argparse
import os
import pathlib
import random
import subprocess
import sys
import time
from multiprocessing.connection import Connection
from types import ModuleType
from typing import Any

import pytest

from zhreport import Analyzer, Report, UsageError

ROOT = pathlib.Path(__file__).resolve().parent.parent
BENCH = str(ROOT / "bench")
for extra in ("reportlab", "pyarrow", "pandas", "lxml", "trafilatura", "pypdfium2", "defusedxml"):
    pytest.importorskip(extra)


@pytest.fixture
def fuzz(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(BENCH)
    import fuzz

    return fuzz


def fuzzer(fuzz: ModuleType, folder: pathlib.Path, patience: float = 50.0) -> Any:
    return fuzz.Fuzzer(1, [], folder, folder / "kept", patience)


def test_a_short_run_finds_nothing(tmp_path: pathlib.Path) -> None:
    command = [sys.executable, "bench/fuzz.py", "1", "600", "--inputs", "180", "--patience", "20"]
    done = subprocess.run(
        [*command, "--keep", str(tmp_path)], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "180 inputs (60 text, 60 options, 60 file)" in done.stdout
    assert "0 findings" in done.stdout


def test_inputs_depend_on_their_number_alone(fuzz: ModuleType, tmp_path: pathlib.Path) -> None:
    mutations = fuzz.mutations
    found = fuzzer(fuzz, tmp_path)
    for make in (mutations.text, mutations.file):
        a, b, other = (make(found.random("input", number), []) for number in (7, 7, 8))
        assert a == b != other
    drawn, again = ([mutations.options(random.Random(n)) for n in range(300)] for _ in range(2))  # noqa: S311
    assert repr(drawn) == repr(again)
    refused = 0
    for chosen in drawn:
        try:
            mutations.made(chosen)
        except UsageError:
            refused += 1
    assert 20 < refused < 200


def test_an_exception_is_found_with_a_small_input(
    fuzz: ModuleType, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Analyzer.analyze

    def broken(self: Analyzer, text: Any, **options: Any) -> Report:
        if isinstance(text, str) and "分" in text and "、" in text:
            raise KeyError(text)
        return whole(self, text, **options)

    monkeypatch.setattr(Analyzer, "analyze", broken)
    found = fuzzer(fuzz, tmp_path)
    for number in range(12):
        found.one(number)
    findings = found.figures.findings
    assert findings
    assert {finding.what.split()[0] for finding in findings} == {"KeyError"}
    assert {len(finding.example) for finding in findings} == {len("'分、'")}


def test_a_broken_reader_is_found_and_its_file_kept(
    fuzz: ModuleType, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fuzz, "read", lambda path, **_: int(f"x{path}"))
    found = fuzzer(fuzz, tmp_path)
    for number in range(120, 140):
        found.one(number)
    assert {finding.what.split()[0] for finding in found.figures.findings} == {"ValueError"}
    assert list((tmp_path / "kept").iterdir())


def test_bad_options_are_found_without_those_that_are_not_to_blame(
    fuzz: ModuleType, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: Analyzer, **options: Any) -> None:
        if "GDP" in options.get("words", ()):
            raise IndexError
        raise UsageError

    monkeypatch.setattr(Analyzer, "__init__", broken)
    found = fuzzer(fuzz, tmp_path)
    for block in range(1, 31, 3):
        found.one(block * 60)
    examples = [finding.example for finding in found.figures.findings]
    assert examples
    assert all(example.startswith("Analyzer(**{'words': {'GDP': ") for example in examples)


def test_what_takes_too_long_is_found(fuzz: ModuleType, tmp_path: pathlib.Path) -> None:
    found = fuzzer(fuzz, tmp_path, patience=0.0)
    found.one(0)
    assert [finding.what for finding in found.figures.findings] == ["too long: analyze"]


def dies(pipe: Connection, args: argparse.Namespace, texts: list[str], first: int, until: float) -> None:
    del args, texts, until
    for number in range(first, 5):
        pipe.send(number)
        if number in {1, 3}:
            time.sleep(0.1)
            os._exit(7)
    pipe.send(None)


def test_the_end_of_the_process_is_found_and_the_run_goes_on(fuzz: ModuleType) -> None:
    args = argparse.Namespace(seconds=60, only=None)
    found = fuzz.run(args, [], dies).findings
    assert [finding.number for finding in found] == [1, 3]
    assert {finding.what for finding in found} == {"ended the process with status 7"}


def test_shrinking_keeps_what_is_needed(fuzz: ModuleType) -> None:
    assert fuzz.shrunk("abcdefgh", lambda text: "c" in text and "g" in text) == "cg"
    assert fuzz.shrunk(b"\x00" * 99 + b"x", lambda data: b"x" in data) == b"x"
