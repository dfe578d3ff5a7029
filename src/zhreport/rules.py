"""Rules: small named functions whose docstrings are their tests.

A rule looks at one thing and returns a verdict or None. Rules stand in ordered tuples; the first
verdict wins and the record carries the rule's name.
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar, overload

__all__ = ["Choice", "RuleError", "applies", "first_verdict", "rule"]

F = TypeVar("F", bound=Callable[..., object])
Subject = TypeVar("Subject")
Verdict = TypeVar("Verdict")

_names: dict[str, str] = {}
_only: dict[str, dict[str, frozenset[object]]] = {}


class RuleError(TypeError):
    """A rule that is not fit to be one: no docstring, no hit, no miss, or a name already taken."""


@overload
def rule(function: F, /) -> F: ...
@overload
def rule(**only: Iterable[object]) -> Callable[[F], F]: ...
def rule(function: F | None = None, /, **only: Iterable[object]) -> F | Callable[[F], F]:
    """Check a rule when it is defined.

    Its docstring needs at least two examples: one that prints something (the hit) and one that
    prints `[]` (the miss).

    Args:
        function: the rule.
        only: feature of a subject → the values with which the rule is asked at all, see `Choice`.

    Raises:
        RuleError: the docstring lacks a hit or a miss, or the name is taken in another place.
    """

    def checked(function: F) -> F:
        place = f"{function.__module__}.{function.__qualname__}"
        name = function.__name__
        if _names.setdefault(name, place) != place:
            raise RuleError(f"rule {name!r} exists already as {_names[name]}")
        _only[name] = {feature: frozenset(values) for feature, values in only.items()}
        if sys.flags.optimize > 1:  # `python -OO` has no docstrings; the tests have them checked
            return function
        wants = list(_printed(function.__doc__ or ""))
        if not any(want != "[]" for want in wants) or "[]" not in wants:
            raise RuleError(
                f"rule {name!r} needs a docstring with a hit and a miss (one example that prints [])"
            )
        return function

    return checked if function is None else checked(function)


def _printed(docstring: str) -> Iterator[str]:
    """What the examples of a docstring print; the module `doctest` takes longer to import than all rules."""
    printed: list[str] = []
    behind = False
    for line in (*map(str.strip, docstring.splitlines()), ""):
        if behind and line and not line.startswith((">>>", "...")):
            printed.append(line)
            continue
        if printed:
            yield "\n".join(printed)
        printed, behind = [], line.startswith((">>>", "..."))


def applies(function: Callable[..., object], **features: object) -> bool:
    """Is a rule asked about a subject with some features, or was it not made for such (`only`)?"""
    only = _only.get(function.__name__, {})
    return all(value in only.get(feature, (value,)) for feature, value in features.items())


class Choice(dict[tuple[object, ...], tuple[F, ...]], Generic[F]):
    """Features of a subject → the rules that are asked about it, in order; found out once for each.

    Args:
        rules: in order.
        features: the names of the features, in the order of the keys.

    Raises:
        RuleError: a rule is for a feature that is not among them, and so would be asked of every subject.
    """

    def __init__(self, rules: Iterable[F], *features: str) -> None:
        super().__init__()
        self._rules, self._names = tuple(rules), features
        for decides in self._rules:
            if unknown := sorted(set(_only.get(decides.__name__, {})) - set(features)):
                known = ", ".join(features)
                raise RuleError(
                    f"rule {decides.__name__!r} is for a {unknown[0]!r}, but is asked by {known} only"
                )

    def __missing__(self, key: tuple[object, ...]) -> tuple[F, ...]:
        features = dict(zip(self._names, key, strict=True))
        return self.setdefault(key, tuple(rule for rule in self._rules if applies(rule, **features)))


def first_verdict(
    rules: Iterable[Callable[[Subject], Verdict | None]], subject: Subject, otherwise: Verdict
) -> tuple[Verdict, str]:
    """The first verdict of some rules and the name of the rule; `otherwise` and "" if none has one."""
    for decides in rules:
        verdict = decides(subject)
        if verdict is not None:
            return verdict, decides.__name__
    return otherwise, ""
