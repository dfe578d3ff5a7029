"""What a scan finds: quantities and calendar expressions."""

from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

__all__ = ["DateMention", "Quantity", "Scan"]


class Quantity(NamedTuple):
    """A number with its unit.

    Attributes:
        start, end: the core (numeral, scale, fuzzy suffix, unit), half-open code points.
        outer_start, outer_end: the core with the relation words around it.
        value: the exact value with the scale multiplied out; None for a range.
        low, high: the ends of a range, else None.
        unit: the measure word as written, width folded, without scale; "" if there is none.
        dimension: of the unit; "" if there is none, `rank` for `第3位`, `fraction` for `三分之一`.
        relation: `eq`, `approx`, `gt`, `ge`, `lt`, `le` or `range`.
        form: how the numeral is written: `arabic`, `han`, `scale` (only 百千万亿), `ordinal`,
            `front` (`前三名`), `fraction`, `parts` (one part of `12:43:45`).
        note: the word after the core that the relation came from (`以上`), else "".
        scale: what 百, 千, 万 or 亿 after Arabic digits multiplied the figure by.
    """

    start: int
    end: int
    outer_start: int
    outer_end: int
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    unit: str
    dimension: str
    relation: str
    form: str
    note: str = ""
    scale: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class DateMention:
    """A calendar expression: `2023年6月`, `一九八五年`, `1—4月`, `2019—2022年`.

    Attributes:
        start, end: half-open code points.
        year: four digits, None if only months are given.
        last_year: the last year of a span of years, else None.
        month, last_month: 1–12 or None.
    """

    start: int
    end: int
    year: int | None
    last_year: int | None = None
    month: int | None = None
    last_month: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """What one scan found, both in the order of the text."""

    quantities: tuple[Quantity, ...]
    dates: tuple[DateMention, ...]
