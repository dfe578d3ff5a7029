"""Scopes: what a part of a report says by default, and the years of the five-year plans."""

from dataclasses import dataclass
from typing import Final

from zhreport.timeframe.time_words import time_pattern
from zhreport.timeframe.years import Year
from zhreport.words.numerals import parse_numeral

__all__ = ["NAMED_PLAN", "PLAN_SPANS", "PLAN_TIME", "Scope", "is_before", "plan_span"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a part of the report says by default.

    Attributes:
        mode: `review`, `plan` or "" where the report gives no sign.
        first, last: the years that flows and changes belong to; None if unknown.
        why: the words or heading that decided.
        rule: what they are: `heading`, `announcement`, `look_back`, `look_ahead` or `document`.
    """

    mode: str
    first: int | None
    last: int | None
    why: str
    rule: str = "document"


#: First and last year of the five-year plans, by number.
PLAN_SPANS: Final[dict[int, tuple[int, int]]] = {
    1: (1953, 1957),
    2: (1958, 1962),
    3: (1966, 1970),
    4: (1971, 1975),
    **{n: (1976 + 5 * (n - 5), 1980 + 5 * (n - 5)) for n in range(5, 21)},
}
_PLAN_NAME: Final = time_pattern("time.plan_name")
#: The time of a five-year plan at the head of a sentence, and its name anywhere: “十四五”时期.
PLAN_TIME: Final = time_pattern("time.plan_time")
NAMED_PLAN: Final = time_pattern("time.named_plan")


def plan_span(text: str) -> tuple[int, int] | None:
    """Years of the first five-year plan named in a text.

    >>> plan_span("“十四五”时期"), plan_span("第七个五年计划"), plan_span("五年")
    ((2021, 2025), (1986, 1990), None)
    """
    match = _PLAN_NAME.search(text)
    if match is None:
        return None
    return PLAN_SPANS.get(int(parse_numeral(match[1] or match[2])))


def is_before(word: str, year: Year) -> bool:
    """Does 过去一年 end before the own year, in a document that does not review the year before anyway?"""
    return word.startswith("过去") and year.kind == "other" and year.reviewed == year.speaks
