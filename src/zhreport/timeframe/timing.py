"""Timing: status, period and tone of a figure, with what decided each."""

from typing import NamedTuple

from zhreport.timeframe.periods import period_of
from zhreport.timeframe.place import Place
from zhreport.timeframe.status import status_of
from zhreport.timeframe.tone import tone_of

__all__ = ["Timing", "timing_of"]


class Timing(NamedTuple):
    """When a claim is about, and whether it is done.

    Attributes:
        status: `actual` or `target`.
        status_rule, status_words: the rule that decided and the words that spoke.
        period: ISO style, "" if unknown.
        period_rule, period_words: likewise.
        tone: of a target: `hard`, `soft` or "".
        tone_rule, tone_words: likewise.
    """

    status: str
    status_rule: str
    status_words: str
    period: str
    period_rule: str
    period_words: str
    tone: str
    tone_rule: str
    tone_words: str


def timing_of(place: Place) -> Timing:
    """Status first, for the period and the tone depend on it."""
    status = status_of(place)
    place.status = status[0]
    return Timing(*status, *period_of(place), *tone_of(place))
