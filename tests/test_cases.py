"""The cases in tests/cases: data, one line a claim.

A case is a text in which the core of every claim stands in square brackets, and a line for each of
them: `indicator | value unit relation | kind direction | status | period | tone`. Fields at the end of a
line may be left out and are then not looked at; so is a field that is `*`. `actions` gives the verbs of the
claims, in order.
"""

import pathlib
import tomllib
from decimal import Decimal
from typing import Any

import pytest

from zhreport import CampaignDecision, Claim
from zhreport.claims import ACTIONS, KINDS, REJECTIONS, SOURCES
from zhreport.report import Analyzer
from zhreport.timeframe import PERIODS, STATUSES, TONES

FOLDER = pathlib.Path(__file__).parent / "cases"


def load() -> list[Any]:
    found = []
    for path in sorted(FOLDER.glob("*.toml")):
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        marks = [pytest.mark.xfail(strict=True)] if path.stem == "known_failures" else []
        for number, case in enumerate(data["case"], start=1):
            case = {"year": data.get("year", 2024), **case}
            found.append(pytest.param(case, id=f"{path.stem}-{number}", marks=marks))
    return found


def marked(text: str) -> tuple[str, list[tuple[int, int]]]:
    plain, spans, start = "", [], 0
    for char in text:
        if char == "[":
            start = len(plain)
        elif char == "]":
            spans.append((start, len(plain)))
        else:
            plain += char
    return plain, spans


def amount(claim: Claim) -> str:
    if claim.low is not None:
        return f"{plain(claim.low)}..{plain(claim.high)} {claim.unit}".strip()
    relation = "" if claim.relation == "eq" else claim.relation
    return " ".join(filter(None, (plain(claim.value), claim.unit, relation)))


def plain(value: Decimal | None) -> str:
    assert value is not None
    return f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"


def said(claim: Claim) -> list[str]:
    kind = f"{claim.kind} {claim.direction}".strip()
    return [claim.indicator, amount(claim), kind, claim.status, claim.period, claim.tone]


@pytest.mark.parametrize("case", load())
def test_case(case: dict[str, Any], analyzer: Analyzer) -> None:
    text, spans = marked(case["text"])
    claims = analyzer.analyze(text, year=case["year"], genre=case.get("genre", "")).claims
    assert [text[c.start : c.end] for c in claims] == [text[a:b] for a, b in spans]
    assert [(c.start, c.end) for c in claims] == spans
    lines = case.get("claims", [])
    assert not lines or len(lines) == len(spans), "a line for every bracket"
    for claim, line in zip(claims, lines, strict=False):
        want = [field.strip() for field in line.split("|")]
        got = said(claim)[: len(want)]
        assert [w if w == "*" else g for w, g in zip(want, got, strict=True)] == want
    if actions := case.get("actions"):
        assert [claim.action for claim in claims] == actions


def test_there_are_many_cases() -> None:
    cases = [param.values[0] for param in load()]
    assert len(cases) == len({c["text"] for c in cases}), "no case twice"


def test_every_rule_decides_some_case(analyzer: Analyzer) -> None:
    fired: set[str] = set()
    for param in load():
        case: Any = param.values[0]
        text, genre = marked(case["text"])[0], case.get("genre", "")
        for decision in analyzer.explain(text, year=case["year"], genre=genre):
            if isinstance(decision, CampaignDecision):
                continue
            claim = decision.claim
            if claim is None:
                fired.add(decision.rejected_by)
            else:
                fired |= {claim.rule, claim.indicator_rule, claim.action_rule}
            if timing := decision.timing:
                fired |= {timing.status_rule, timing.period_rule, timing.tone_rule}
    assert {
        rule.__name__ for rule in (*REJECTIONS, *KINDS, *SOURCES, *ACTIONS, *STATUSES, *PERIODS, *TONES)
    } <= fired
