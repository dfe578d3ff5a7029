"""Fixtures, and the names that the doctests of the rules use."""

import pathlib

import pytest

from zhreport.report import Analyzer

ROOT = pathlib.Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def analyzer() -> Analyzer:
    return Analyzer(tokenizer="jieba")


@pytest.fixture(scope="session")
def samples() -> pathlib.Path:
    return ROOT / "corpora" / "samples"
