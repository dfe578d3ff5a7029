"""Status: done or planned."""

import re
from collections.abc import Callable
from typing import Final

import regex

from zhreport.rules import rule
from zhreport.timeframe.place import BASED, Place, Surroundings
from zhreport.timeframe.scopes import plan_span
from zhreport.timeframe.time_words import MODALS, TimeWord, alternation, class_pattern, members, time_pattern
from zhreport.timeframe.years import Year
from zhreport.words.tokens import words_of_speech

__all__ = ["STATUSES", "Said", "TimeRule"]

#: A verdict and the words that spoke for it.
Said = tuple[str, str]
TimeRule = Callable[[Place], Said | None]

_CLAUSE: Final = 30  # characters: a comma nearer than this does not close what is said to be done
_FAR: Final = 2  # commas
_AHEAD: Final = frozenset(("time.future", "time.next"))
_THIS_OR_COMING: Final = frozenset(("time.this", "time.coming"))
_OPENINGS: Final = frozenset(("opening.year", "opening.years"))
_VERBS: Final = frozenset(("up", "down", "level", "rank", "act", "weak"))
_ADVERBS: Final = frozenset(("adverbs", "manner", "time", "prepositions"))
_LEADS: Final = class_pattern("disposal.leads")
_PAUSE: Final = re.compile(r"[，；]")
_FROM: Final = regex.compile(f"(?r){alternation('base.origins')}")


@rule(is_base=(True,))
def base_is_done(place: Place) -> Said | None:
    """The start of a change is a fact: 由25元.

    >>> run(base_is_done, "今年补助标准由25元提高到30元")
    [('actual', '由')]
    >>> run(base_is_done, "今年补助标准提高到30元")
    []
    """
    found = _FROM.search(place.clause)
    return "actual", found.group() if found else ""


@rule
def said_to_come(place: Place) -> Said | None:
    """A modal word, a goal or a coming time in the sentence makes it a target.

    Outside a plan words of effort (确保, 努力) tell how something was done, and words of duty what is always
    done; in a part that looks back the word must stand near.

    >>> run(said_to_come, "力争粮食产量达到80亿斤")
    [('target', '力争')]
    >>> run(said_to_come, "主要粮食产区产量达到80亿斤")
    []
    """
    coming = _coming(place)
    if coming:
        return "target", coming
    found = _last_modal(place)
    if found is None:
        return None
    sentence, at = place.sentence, place.start
    between = sentence.folded[found.end : at]
    if "；" in between and sentence.scope.mode != "plan":
        return None
    if sentence.words.first("done.any", found.end, at):
        return None
    if sentence.scope.mode == "review" and between.count("，") > _FAR:
        return None
    return "target", found.text


def _last_modal(place: Place) -> TimeWord | None:
    """The last word before the place that speaks of what is to come."""
    for word in reversed(place.words_before):
        if MODALS.isdisjoint(word.classes) or word.text == "将" and _disposes(place, word):
            continue
        plans = "modal.plan" in word.classes and "modal.effort" not in word.classes
        if plans or _asks(place, word):
            return word
    return None


def _asks(place: Place, word: TimeWord) -> bool:
    """Does a word of duty or effort tell what is to be done, as in a plan or with 今年 beside it?"""
    sentence = place.sentence
    if sentence.scope.mode == "plan" or not sentence.scope.mode and sentence.year.two_parts:
        return True
    this = any(not _THIS_OR_COMING.isdisjoint(word.classes) for word in place.words_before)
    if "modal.duty" in word.classes:
        return this
    if sentence.scope.mode == "review":
        return False
    if "modal.plan" in word.classes:
        return True
    return word.start == sentence.start or this and sentence.folded.find("，", word.end, place.start) < 0


def _disposes(place: Place, word: TimeWord) -> bool:
    """Is 将 the sign of an object, not what is to come: 将蔬菜送到村里, 将三个村列为试点?

    It is unless a verb stands behind it or what leads to one (将于秋季开放); a verb may belong to the
    object as well (将抓获的两人送走): then another says what was done to it.
    """
    folded, sentence = place.sentence.folded, place.sentence
    at = word.end + (folded[word.end : word.end + 1] == " ")
    if _LEADS.match(folded, at):
        return False
    behind = at + _longest(sentence, at, "dpc", _ADVERBS)
    if behind > at and _longest(sentence, behind, "vV", _VERBS):
        return False
    if behind == at and not _longest(sentence, at, "vV", _VERBS):
        return True
    ends = (folded.find(sign, at, sentence.end) for sign in "，。；")
    stop = min((end for end in ends if end >= 0), default=sentence.end)
    verb = sentence.words.first("disposal.verbs", at, min(stop, at + 40))
    return verb is not None and (verb.start > behind or folded.startswith("的", verb.end))


def _longest(sentence: Surroundings, at: int, parts: str, kinds: frozenset[str]) -> int:
    """The length of the word of these parts of speech or classes that begins at a place; one sign is none."""
    spoken = words_of_speech(parts)
    words = (sentence.folded[at : at + size] for size in (4, 3, 2))
    return next((len(word) for word in words if word in spoken or sentence.classes.get(word) in kinds), 0)


def _coming(place: Place) -> str:
    """The time before the place that lies ahead: a plan that is not over, a year or a month to come."""
    sentence = place.sentence
    own, times = sentence.year.speaks, place.expressions
    if own is None or not times:
        return ""
    last = times[-1]
    text = sentence.folded[last.start : last.end]
    if last.date is not None and last.date.year is not None:
        ahead = (last.date.last_year or last.date.year) > own
    elif sentence.scope.mode == "review":
        ahead = False
    elif "time.plan" in last.classes:
        ahead = _plan_is_ahead(sentence.folded[last.start : last.start + 12], text, sentence.year)
    else:
        ahead = not _AHEAD.isdisjoint(last.classes)
    return text if ahead else ""


def _plan_is_ahead(named: str, text: str, year: Year) -> bool:
    """Does a five-year plan begin with the year that is planned, or end after the one under review (末)?"""
    span, reviewed = plan_span(named), year.reviewed
    if span is None or reviewed is None:
        return False
    return span[0] > reviewed or span[0] == year.speaks or (text.endswith("末") and span[1] > reviewed)


@rule
def said_to_be_done(place: Place) -> Said | None:
    """Words such as 去年 or 已, or a verb with 了, make it a fact even in a plan.

    >>> run(said_to_be_done, "去年粮食产量达到80亿斤")
    [('actual', '去年')]
    >>> run(said_to_be_done, "粮食产量比去年达到80亿斤")
    []
    """
    folded, at = place.sentence.folded, place.start
    if place.sentence.scope.mode != "plan":
        return _done(place, "done.any", ("；", at), ("，", max(place.reach, at - _CLAUSE)))
    opens = place.words_before[0] if place.words_before else None
    if opens and opens.start == place.reach and folded[opens.end : opens.end + 1] == "，":
        if not _OPENINGS.isdisjoint(opens.classes):
            return "actual", opens.text
    if folded[at - 1 : at] == "了" or place.verb.endswith("了"):
        return "actual", "了"
    return _done(place, "done.in_plan", ("；", at), ("，", at))


def _done(place: Place, name: str, *pauses: tuple[str, int]) -> Said | None:
    """The last word of a class before the place that tells of what is over; not of a base (在上年…基础上).

    It stands behind each of the pauses, signs that are looked for up to the place beside them.
    """
    folded = place.sentence.folded
    for word in reversed(place.words_before):
        if name in word.classes and not BASED.search(folded, word.end, place.start):
            closed = any(folded.rfind(sign, word.start, end) >= 0 for sign, end in pauses)
            return None if closed else ("actual", word.text)
    return None


@rule
def year_decides(place: Place) -> Said | None:
    """Where no part of the report decides, the year that governs it does; in a plan a year that is over.

    >>> run(year_decides, "一九六五年粮食产量达到80亿斤", None)
    [('actual', '一九六五年')]
    >>> run(year_decides, "粮食产量达到80亿斤", None)
    []
    """
    sentence = place.sentence
    if sentence.scope.mode == "review":
        return None
    own = sentence.year.speaks
    for item in reversed(place.expressions):
        if item.date is None or item.date.year is None:
            continue
        text = sentence.folded[item.start : item.end]
        if sentence.scope.mode == "plan":
            first = sentence.scope.first
            over = first is not None and (item.date.last_year or item.date.year) < first
            return ("actual", text) if over and _opens_clause(place, item.start, item.end) else None
        return (
            "target" if own is not None and (item.date.last_year or item.date.year) > own else "actual"
        ), text
    return None


def _opens_clause(place: Place, start: int, end: int) -> bool:
    """Does a year open its clause, or say what was reached? In a plan a year elsewhere belongs to a noun."""
    folded = place.sentence.folded
    if place.start - end < _BESIDE and folded[start - 1 : start] in _REACHED_IN:
        return True  # 下降到一九八二年的25%
    opens = start == place.sentence.start or folded[start - 1 : start] in "，。；：、\n"
    return opens and _SAID_OF_YEAR.match(folded, end) is not None


_REACHED_IN: Final = members()["reached.before"]
_BESIDE: Final = 3  # characters: 的 at most stands between
_SAID_OF_YEAR: Final = time_pattern("time.said_of_year")


@rule
def part_decides(place: Place) -> Said | None:
    r"""The part of the report decides what is left: plans are targets, everything else is a fact.

    >>> run(part_decides, "二、重点工作任务\n新建学校3所。")
    [('target', '二、重点工作任务')]
    >>> run(part_decides, "")
    []
    """
    scope = place.sentence.scope
    return ("target" if scope.mode == "plan" else "actual"), scope.why


#: In this order.
STATUSES: Final[tuple[TimeRule, ...]] = (
    base_is_done,
    said_to_come,
    said_to_be_done,
    year_decides,
    part_decides,
)
