"""Statistics of agreement: score intervals, Krippendorff's alpha and Gwet's AC1, both from irrCAC."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any, Final

from zhreport.errors import MissingExtraError

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
        low, high: its 95 % interval.
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
    """Krippendorff's alpha for nominal data and any number of coders.

    Args:
        units: the values that the coders gave to each unit; None is missing.

    Returns:
        None if it is not defined: fewer than two values in every unit, or one value only.

    Raises:
        MissingExtraError: irrCAC is not installed.

    >>> round(nominal_alpha(zip("abba", "abab")).value, 3), nominal_alpha(["aa", "aa"])
    (0.125, None)
    """
    paired = _paired(units)
    values = {value for unit in paired for value in unit if value is not None}
    return _estimate("krippendorff", paired, list(values)) if len(values) > 1 else None


def gwet_ac1(
    units: Iterable[Sequence[Hashable | None]], categories: Iterable[Hashable] = ()
) -> Coefficient | None:
    """Gwet's AC1 for nominal data and any number of coders (Gwet 2008, BJMSP 61:29–48).

    Args:
        units: the values that the coders gave to each unit; None is missing.
        categories: what they could have given, beside what they gave.

    Returns:
        None if it is not defined: fewer than two values in every unit, or one category only.

    Raises:
        MissingExtraError: irrCAC is not installed.

    >>> units = [(True, True)] * 9 + [(True, False)]
    >>> round(gwet_ac1(units).value, 2), round(nominal_alpha(units).value, 2)
    (0.89, 0.0)
    """
    paired = _paired(units)
    values = dict.fromkeys([*categories, *(v for unit in paired for v in unit if v is not None)])
    return _estimate("gwet", paired, list(values)) if paired and len(values) > 1 else None


def _paired(units: Iterable[Sequence[Hashable | None]]) -> list[Sequence[Hashable | None]]:
    """The units with two values or more."""
    return [unit for unit in units if sum(value is not None for value in unit) > 1]


def _estimate(
    method: str, units: Sequence[Sequence[Hashable | None]], values: Sequence[Hashable]
) -> Coefficient | None:
    try:
        import pandas as pd  # noqa: PLC0415 - an optional extra
        from irrCAC.raw import CAC  # noqa: PLC0415
    except ImportError as error:
        raise MissingExtraError("agreement needs irrCAC: pip install 'zhreport[coding]'") from error
    if len(units) < 2:
        return None
    number = {value: float(n) for n, value in enumerate(sorted(values, key=repr))}
    rows = [[float("nan") if v is None else number[v] for v in unit] for unit in units]
    ratings = CAC(pd.DataFrame(rows), categories=list(number.values()), digits=12)
    found: dict[str, Any] = getattr(ratings, method)()["est"]
    low, high = found["confidence_interval"]
    return Coefficient(float(found["coefficient_value"]), max(-1.0, float(low)), float(high))
