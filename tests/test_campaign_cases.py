"""The cases in tests/cases/campaigns: the name of every campaign stands in square brackets.

`kinds` has one entry a bracket; `head`, `edition`, `count`, `action` and `organizer` may be given likewise.
"""

import pathlib
import tomllib
from typing import Any

import pytest

from test_cases import marked
from zhreport.campaigns import NOT_CAMPAIGNS
from zhreport.report import Analyzer

FOLDER = pathlib.Path(__file__).parent / "cases" / "campaigns"
OPTIONAL = ("head", "edition", "count", "action", "organizer")


def load() -> list[Any]:
    found = []
    for path in sorted(FOLDER.glob("*.toml")):
        marks = [pytest.mark.xfail(strict=True)] if path.stem == "known_failures" else []
        for number, case in enumerate(tomllib.loads(path.read_text(encoding="utf-8"))["case"], start=1):
            found.append(pytest.param(case, id=f"{path.stem}-{number}", marks=marks))
    return found


@pytest.mark.parametrize("case", load())
def test_case(case: dict[str, Any], analyzer: Analyzer) -> None:
    text, spans = marked(case["text"])
    campaigns = analyzer.analyze(text, year=2024).campaigns
    assert [text[c.start : c.end] for c in campaigns] == [text[a:b] for a, b in spans]
    assert [(c.start, c.end) for c in campaigns] == spans
    assert [c.kind for c in campaigns] == case.get("kinds", [])
    for name in OPTIONAL:
        if name in case:
            assert [getattr(c, name) for c in campaigns] == case[name], name


def test_there_are_many_cases() -> None:
    cases: list[Any] = [param.values[0] for param in load()]
    assert len(cases) == len({c["text"] for c in cases}), "no case twice"
    assert len(cases) >= 150
    assert sum("[" not in c["text"] for c in cases) >= 50


def test_every_rule_decides_some_case(analyzer: Analyzer) -> None:
    fired: set[str] = set()
    for param in load():
        case: Any = param.values[0]
        for decision in analyzer.explain(marked(case["text"])[0], year=2024):
            fired.add(decision.rejected_by)
    assert {rule.__name__ for rule in NOT_CAMPAIGNS} <= fired
