"""Tone: how firm a target is."""

import re
from typing import Final

from zhreport.rules import rule
from zhreport.timeframe.place import Place
from zhreport.timeframe.status import Said, TimeRule
from zhreport.timeframe.time_words import TimeWord

__all__ = ["TONES"]


_CUT: Final = re.compile(r"[，。；：、！？\n]")
_BEHIND: Final = 4  # characters behind a figure that a hedge may stand in


def _last_of_clause(place: Place, name: str) -> TimeWord | None:
    """The last word of a class in the figure's own clause, which begins behind the last sign before it."""
    sentence = place.sentence
    found = sentence.words.last(name, sentence.start, place.end)
    return None if found is None or _CUT.search(sentence.folded, found.start, place.start) else found


@rule
def own_hedge(place: Place) -> Said | None:
    """力争 or 左右 said with the figure itself makes it soft, also beside a bound: 力争…以上 is an ambition.

    >>> run(own_hedge, "力争粮食产量达到80亿斤以上")
    [('soft', '力争')]
    >>> run(own_hedge, "预期寿命达到80岁，预期目标是粮食产量达到80亿斤以上")
    []
    """
    sentence = place.sentence
    if place.relation == "approx":
        return "soft", sentence.folded[place.start : place.end]
    found = _last_of_clause(place, "tone.soft")
    return ("soft", found.text) if found else None


@rule
def own_bound(place: Place) -> Said | None:
    """以上, 不低于 or 确保 said with the figure itself makes it hard.

    >>> run(own_bound, "今年要确保粮食产量达到80亿斤")
    [('hard', '确保')]
    >>> run(own_bound, "今年要使粮食产量达到80亿斤")
    []
    """
    sentence = place.sentence
    found = _last_of_clause(place, "tone.hard")
    if found:
        return "hard", found.text
    if place.relation in ("ge", "le"):
        return "hard", sentence.folded[place.start : place.end]
    return None


@rule
def announced(place: Place) -> Said | None:
    """What announces a list of targets holds for its members: 力争实现以下目标：…, 力争甲增长5%、乙增长6%.

    >>> run(announced, "力争实现以下目标：粮食产量达到80亿斤")
    [('soft', '力争')]
    >>> run(announced, "主要预期目标是：粮食产量达到80亿斤")
    []
    """
    sentence = place.sentence
    folded, start = sentence.folded, sentence.start
    if sentence.words.first("tone.governs", start, place.start) is None:
        return None
    colon = folded.rfind("：", start, place.start)
    if colon >= 0:
        before = max(folded.rfind(sign, start, colon) for sign in "，；。")
        found = sentence.words.last("tone.governs", max(start, before + 1), colon)
        return _tone(found.text, found.classes) if found else None
    # a verb before the first member of a list whose members stand apart by 、
    pause = max(folded.rfind(sign, start, place.start) for sign in "，；")
    found = sentence.words.first("tone.governs", max(start, pause + 1), place.start)
    return _tone(found.text, found.classes) if found else None


def _tone(text: str, classes: frozenset[str]) -> Said:
    return ("soft" if "tone.soft" in classes else "hard"), text


#: In this order.
TONES: Final[tuple[TimeRule, ...]] = (own_hedge, own_bound, announced)
