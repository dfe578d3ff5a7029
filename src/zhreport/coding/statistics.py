"""Statistics of agreement: score intervals, Krippendorff's alpha and Gwet's AC1.

irrCAC has both coefficients with intervals, but it fixes versions of scipy and numpy under which current
releases of pyarrow cannot be imported; krippendorff has alpha alone, without an interval.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final

__all__ = ["ONE_SIDED", "Coefficient", "gwet_ac1", "nominal_alpha", "wilson"]

_Z: Final = 1.959963984540054  # of a 95 % interval
#: Why the two coefficients differ.
ONE_SIDED: Final = (
    "Where nearly all answers are the same, alpha takes agreement for chance and is low though coders agree; "
    "AC1 does not: read both beside the share agreed."
)


@dataclass(frozen=True, slots=True)
class Coefficient:
    """A coefficient of agreement.

    Attributes:
        value: 1 for perfect agreement, 0 for that of chance.
        low, high: its 95 % interval, from the jackknife over units (Efron, Stein 1981, Ann. Stat. 9:586–596).
    """

    value: float
    low: float
    high: float


def wilson(p: float, n: float) -> tuple[float, float]:
    """The 95 % score interval of a share (Wilson 1927, JASA 22:209–212).

    Args:
        p: the share, 0 to 1.
        n: the number of trials; not whole for a weighted sample.

    >>> [round(x, 4) for x in wilson(0.9, 10)], [round(x, 4) for x in wilson(1.0, 100)]
    ([0.5958, 0.9821], [0.963, 1.0])
    """
    z2 = _Z * _Z
    middle = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z / (1 + z2 / n) * sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)


def nominal_alpha(units: Iterable[Sequence[Hashable | None]]) -> Coefficient | None:
    """Krippendorff's alpha for nominal data and any number of coders (Content Analysis, 2019, 12.3).

    Args:
        units: the values that the coders gave to each unit; None is missing.

    Returns:
        None if it is not defined: fewer than two values in every unit, or one value only.

    >>> round(nominal_alpha(zip("abba", "abab")).value, 3), nominal_alpha(["aa", "aa"])
    (0.125, None)
    """
    return _estimate(_alpha, _paired(units))


def gwet_ac1(
    units: Iterable[Sequence[Hashable | None]], categories: Iterable[Hashable] = ()
) -> Coefficient | None:
    """Gwet's AC1 for nominal data and any number of coders (Gwet 2008, BJMSP 61:29–48).

    Args:
        units: the values that the coders gave to each unit; None is missing.
        categories: what they could have given, beside what they gave.

    Returns:
        None if it is not defined: fewer than two values in every unit, or one category only.

    >>> units = [(True, True)] * 9 + [(True, False)]
    >>> round(gwet_ac1(units).value, 2), round(nominal_alpha(units).value, 2)
    (0.89, 0.0)
    """
    paired = _paired(units)
    count = len({*categories, *(value for unit in paired for value in unit)})
    return _estimate(lambda patterns: _ac1(patterns, count), paired) if count > 1 else None


#: Units that were coded alike: how often each value was given, and how many units there are.
_Patterns = Sequence[tuple[Counter[Hashable], int]]


def _paired(units: Iterable[Sequence[Hashable | None]]) -> list[tuple[Hashable, ...]]:
    """The values of the units that have two or more."""
    given = (tuple(sorted((v for v in unit if v is not None), key=repr)) for unit in units)
    return [values for values in given if len(values) > 1]


def _alpha(patterns: _Patterns) -> float | None:
    """1 − observed by expected disagreement; None where all values are the same."""
    total: Counter[Hashable] = Counter()
    observed = 0.0
    for values, times in patterns:
        size = values.total()
        total += Counter({value: n * times for value, n in values.items()})
        observed += times * (size * size - sum(n * n for n in values.values())) / (size - 1)
    size = total.total()
    expected = size * size - sum(n * n for n in total.values())
    return 1 - (size - 1) * observed / expected if expected else None


def _ac1(patterns: _Patterns, categories: int) -> float:
    """The agreement beyond that of chance, by the agreement that chance leaves open."""
    units = sum(times for _, times in patterns)
    share: Counter[Hashable] = Counter()
    agreed = 0.0
    for values, times in patterns:
        size = values.total()
        agreed += times * sum(n * (n - 1) for n in values.values()) / (size * (size - 1)) / units
        for value, n in values.items():
            share[value] += times * n / size / units  # type: ignore[assignment]
    chance = sum(p * (1 - p) for p in share.values()) / (categories - 1)
    return (agreed - chance) / (1 - chance)


def _estimate(
    coefficient: Callable[[_Patterns], float | None], units: Sequence[tuple[Hashable, ...]]
) -> Coefficient | None:
    """A coefficient with the interval that leaving out each unit in turn gives."""
    counted = [(Counter(values), times) for values, times in Counter(units).items()]
    value = coefficient(counted) if len(units) > 1 else None
    if value is None:
        return None
    left_out: list[tuple[float, int]] = []
    for at, (values, times) in enumerate(counted):
        rest = [*counted[:at], (values, times - 1), *counted[at + 1 :]]
        without = coefficient([pattern for pattern in rest if pattern[1]])
        left_out.append((value if without is None else without, times))
    mean = sum(v * times for v, times in left_out) / len(units)
    spread = sum(times * (v - mean) ** 2 for v, times in left_out)
    error = _Z * sqrt((len(units) - 1) / len(units) * spread)
    return Coefficient(value, max(-1.0, value - error), min(1.0, value + error))
