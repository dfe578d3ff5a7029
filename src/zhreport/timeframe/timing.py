"""Timing: status, period and tone of a figure, with what decided each."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from zhreport.rules import Choice, first_verdict
from zhreport.timeframe.periods import PERIODS
from zhreport.timeframe.place import Place
from zhreport.timeframe.status import STATUSES, TimeRule
from zhreport.timeframe.tone import TONES

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
    """Status first, for the period and the tone depend on it; only a target has a tone."""
    status = _decided(_STATUSES[(place.is_base,)], place)
    place.status = status[0]
    period = _decided(_PERIODS[place.is_base, place.streak > 0, place.kind], place)
    return Timing(*status, *period, *(_decided(TONES, place) if place.status == "target" else _NOTHING))


_NOTHING: Final = ("", "", "")
#: The rules that are asked of a place.
_STATUSES: Final = Choice(STATUSES, "is_base")
_PERIODS: Final = Choice(PERIODS, "is_base", "in_streak", "kind")


def _decided(rules: Iterable[TimeRule], place: Place) -> tuple[str, str, str]:
    """The verdict of the first rule that has one, its name and the words that spoke."""
    (verdict, words), name = first_verdict(rules, place, ("", ""))
    return verdict, name, words
