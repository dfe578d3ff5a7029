"""Rules: small named functions whose docstrings are their tests.

A rule looks at one thing and returns a verdict or None. Rules stand in ordered tuples; the first
verdict wins and the record carries the rule's name.
"""

import doctest
import sys
from collections.abc import Callable, Iterable
from typing import TypeVar

__all__ = ["RuleError", "first_verdict", "rule"]

F = TypeVar("F", bound=Callable[..., object])
Subject = TypeVar("Subject")
Verdict = TypeVar("Verdict")

_names: dict[str, str] = {}


class RuleError(TypeError):
    """A rule that is not fit to be one: no docstring, no hit, no miss, or a name already taken."""


def rule(function: F) -> F:
    """Check a rule when it is defined.

    Its docstring needs at least two examples: one that prints something (the hit) and one that
    prints `[]` (the miss).

    Raises:
        RuleError: the docstring lacks a hit or a miss, or the name is taken in another place.
    """
    place = f"{function.__module__}.{function.__qualname__}"
    name = function.__name__
    if _names.setdefault(name, place) != place:
        raise RuleError(f"rule {name!r} exists already as {_names[name]}")
    if sys.flags.optimize > 1:  # `python -OO` has no docstrings; the tests have them checked
        return function
    examples = doctest.DocTestParser().get_examples(function.__doc__ or "")
    wants = [example.want.strip() for example in examples if example.want.strip()]
    if not any(want != "[]" for want in wants) or "[]" not in wants:
        raise RuleError(f"rule {name!r} needs a docstring with a hit and a miss (one example that prints [])")
    return function


def first_verdict(
    rules: Iterable[Callable[[Subject], Verdict | None]], subject: Subject, otherwise: Verdict
) -> tuple[Verdict, str]:
    """The first verdict of some rules and the name of the rule; `otherwise` and "" if none has one."""
    for decides in rules:
        verdict = decides(subject)
        if verdict is not None:
            return verdict, decides.__name__
    return otherwise, ""
