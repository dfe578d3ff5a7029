"""Every docstring example in the package runs; every rule has a hit and a miss."""

import ast
import doctest
import importlib
import pkgutil
import re
import sys
from collections.abc import Callable
from types import ModuleType

import pytest

import rule_trial
import zhreport
from zhreport import rules
from zhreport.audit import BETWEEN, CERTAINTY, INSIDE
from zhreport.campaigns import NOT_CAMPAIGNS
from zhreport.claims import ACTIONS, KINDS, REJECTIONS, SOURCES
from zhreport.claims.sites import Site
from zhreport.rules import Choice, RuleError, rule
from zhreport.territory import OWNERS
from zhreport.timeframe import HEADINGS, PERIODS, STATUSES, TONES

pytestmark = pytest.mark.skipif(sys.flags.optimize > 1, reason="python -OO has no docstrings")
RULES = (
    *REJECTIONS,
    *KINDS,
    *SOURCES,
    *ACTIONS,
    *HEADINGS,
    *STATUSES,
    *PERIODS,
    *TONES,
    *OWNERS,
    *NOT_CAMPAIGNS,
)
CHECKS = (*INSIDE, *BETWEEN, *CERTAINTY)
MODULES = [
    importlib.import_module(info.name)
    for info in pkgutil.walk_packages(zhreport.__path__, "zhreport.")
    if not info.name.endswith("__main__")
]


@pytest.mark.parametrize("module", [zhreport, *MODULES], ids=lambda m: m.__name__)
def test_examples(module: ModuleType) -> None:
    trials = {name: getattr(rule_trial, name) for name in rule_trial.__all__}
    result = doctest.testmod(module, extraglobs=trials)
    assert result.failed == 0


def test_rules_have_examples() -> None:
    names = [r.__name__ for r in (*RULES, *CHECKS)]
    assert len(names) == len(set(names))
    assert all(">>>" in (r.__doc__ or "") for r in (*RULES, *CHECKS))


def test_every_rule_stands_in_a_tuple() -> None:
    asked = {rule.__name__ for rule in (*RULES, *CHECKS)}
    made = {name: place for name, place in rules._names.items() if place.startswith("zhreport.")}
    assert {place for name, place in made.items() if name not in asked} == set(), "these are never asked"


@pytest.mark.parametrize("source", [*SOURCES, *ACTIONS], ids=lambda source: source.__name__)
def test_every_source_decides_one_of_its_hits(source: Callable[[Site], str | None]) -> None:
    """One that says something but comes too late in its tuple is never heard."""
    examples = doctest.DocTestParser().get_examples(source.__doc__ or "")
    texts = [ast.literal_eval(found[0]) for e in examples if (found := re.findall(r'"[^"]+"', e.source))]
    decided = {name for text in texts for name in rule_trial.sources_of(text)}
    assert source.__name__ in decided, f"of its examples {source.__name__} decides none; these do: {decided}"


def test_a_choice_knows_what_its_rules_are_for() -> None:
    @rule(colour=("red",))
    def of_a_colour(site: object) -> None:
        """Never asked.

        >>> 1 + 1
        2
        >>> []
        []
        """

    with pytest.raises(RuleError, match="'of_a_colour' is for a 'colour', but is asked by dimension only"):
        Choice((of_a_colour,), "dimension")


def test_rule_refuses_what_is_not_tested() -> None:
    def bare(site: object) -> None:
        """No examples."""

    def no_miss(site: object) -> None:
        """Only a hit.

        >>> 1 + 1
        2
        """

    def level(site: object) -> None:
        """A name that is taken.

        >>> 1 + 1
        2
        >>> []
        []
        """

    for function in (bare, no_miss, level):
        with pytest.raises(RuleError):
            rule(function)
