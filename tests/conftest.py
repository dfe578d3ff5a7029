"""Fixtures, and the names that the doctests of the rules use."""

import pathlib
import signal

import pytest

from zhreport.report import Analyzer

ROOT = pathlib.Path(__file__).resolve().parent.parent


def pytest_configure() -> None:
    """A run in the background or under nohup ignores signals, and so would the commands that tests start."""
    for name in ("SIGINT", "SIGHUP"):
        number = getattr(signal, name, None)  # Windows has no SIGHUP
        if number is not None and signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)


@pytest.fixture(scope="session")
def analyzer() -> Analyzer:
    return Analyzer(tokenizer="jieba")


@pytest.fixture(scope="session")
def samples() -> pathlib.Path:
    return ROOT / "corpora" / "samples"
