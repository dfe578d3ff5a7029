"""How sure it is that a report does not agree with itself, and not that we misread it.

The rules look at a finding and its figures in their order; the first that has a verdict decides.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Final

from zhreport.audit.findings import SPOKEN, Finding
from zhreport.rules import first_verdict, rule

__all__ = ["CERTAINTY", "certainty"]

_FAR: Final = Decimal("0.2")
_TOLERANCES: Final = 2


@rule
def put_together(finding: Finding) -> str | None:
    """A sentence that repair put together may not be one.

    >>> weighed(put_together, joins=True)
    ['check extraction']
    >>> weighed(put_together)
    []
    """
    return "check extraction" if any(place.crosses_join for place in finding.places) else None


@rule
def far_apart(finding: Finding) -> str | None:
    """Who writes reports errs in a digit; figures that differ by a fifth are mostly about two things.

    >>> weighed(far_apart, stated="100", expected="130")
    ['check extraction']
    >>> weighed(far_apart, stated="100", expected="103")
    []
    """
    if finding.stated is None or finding.expected is None or finding.difference is None:
        return None
    return (
        "check extraction"
        if abs(finding.difference) > _FAR * max(abs(finding.stated), abs(finding.expected))
        else None
    )


@rule
def spoken_of(finding: Finding) -> str | None:
    """A report that has other figures of an indicator may say of its target what we did not read.

    >>> weighed(spoken_of, rules=("own_noun", "spoken_of"))
    ['check extraction']
    >>> weighed(spoken_of, rules=("own_noun", ""))
    []
    """
    spoken = any(place.indicator_rule == SPOKEN for place in finding.places)
    return "check extraction" if spoken else None


@rule
def carried_indicator(finding: Finding) -> str | None:
    """An indicator that was carried over from a figure before may have been another one.

    >>> weighed(carried_indicator, rules=("own_noun", "carried_over"))
    ['likely']
    >>> weighed(carried_indicator, rules=("own_noun", "own_noun"))
    []
    """
    return "likely" if any(place.indicator_rule == "carried_over" for place in finding.places) else None


@rule
def last_digit(finding: Finding) -> str | None:
    """What is beyond the digits written by as much as they allow may come of rounding twice.

    >>> weighed(last_digit, stated="100", expected="101.8", tolerance="1")
    ['likely']
    >>> weighed(last_digit, stated="100", expected="103", tolerance="1")
    []
    """
    if finding.difference is None or not finding.tolerance:
        return None
    return "likely" if abs(finding.difference) <= _TOLERANCES * finding.tolerance else None


#: In their order; what none of them decides is sure.
CERTAINTY: Final[tuple[Callable[[Finding], str | None], ...]] = (
    put_together,
    far_apart,
    spoken_of,
    carried_indicator,
    last_digit,
)


def certainty(finding: Finding) -> tuple[str, str]:
    """How sure a finding is, and the rule that decided; `plain` where none had a doubt."""
    verdict, name = first_verdict(CERTAINTY, finding, "sure")
    return verdict, name or "plain"
