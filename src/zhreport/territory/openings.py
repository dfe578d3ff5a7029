"""What a piece of a sentence begins with: a time and the like, and the place whose figures follow."""

from dataclasses import replace
from functools import cache
from typing import Final, NamedTuple

import regex

from zhreport.territory.names import Named, Names, pattern
from zhreport.words.compiling import Pattern, compiled
from zhreport.words.lexicon import package_sets

__all__ = ["JOIN", "LEAD", "NUMBER", "PUBLIC", "REPORTED", "Figure", "opening"]

NUMBER: Final = "（[0-9一二三四五六七八九十]{1,3}）|[一二三四五六七八九十]{1,3}、"  # of a paragraph
_DATE: Final = (
    r"(?:“?[一二三四五六七八九十]+五”?|[0-9]{4}(?:[—-][0-9]{4})?年度?(?:[0-9]{1,2}(?:[—-][0-9]{1,2})?月)?(?:[0-9]{1,2}日)?|[0-9]{1,2}(?:[—-][0-9]{1,2})?月份?(?:[0-9]{1,2}日)?"
    r"|[0-9]{1,2}[时点](?:[0-9]{1,2}分)?许?|(?:过去|未来|近|这)?[一二三四五六七八九十两几]年来?)"
)
LEAD: Final = (
    rf"(?:[\s“”\"●★■◆▲・·*—-]|[0-9]{{1,2}}[.．]|{NUMBER}|{_DATE}"
    r"|{reading.lead})*+"
)
#: Who says what follows, of whom it is if it names no other: 云岭市统计局数据显示
REPORTED: Final = r"\p{Han}{1,16}?{reading.reporting}" + LEAD
#: What tells a public body, behind the name of a place.
PUBLIC: Final = "[^，。；：、0-9“]{0,10}?(?:{reading.bodies}|{reading.police})"
#: A headline runs on to 8月8日上午云岭市警方, 台风致平安县3人死亡.
_INSIDE: Final = (
    r"(?<=[一-鿿])(?:[0-9]{1,2}月[0-9]{1,2}日|{reading.times})(?:{reading.lead})*+"
    r"|(?P<struck>{reading.strikes})"
)
_ASKED: Final = r"[^，。]{0,8}?{reading.asked}(?=.*{reading.learned}$)"
_LONGEST_NAME: Final = 9
_THINGS: Final = ("count", "person")
JOIN: Final = regex.compile(r"[和与及、]")
_MOST: Final = 12  # members of a list of places


class Figure(NamedTuple):
    """A figure of a sentence.

    Attributes:
        start, end: in the sentence.
        kind, dimension, action: of its claim.
    """

    start: int
    end: int
    kind: str
    dimension: str
    action: str


def opening(
    text: str, piece: tuple[int, int], figure: Figure | None, listed: Named | None, names: Names
) -> Named | None:
    """The place that a piece of a text begins with, with those that it is listed with.

    Args:
        text: a sentence, folded.
        piece: where the piece begins and ends.
        figure: the first in the piece, None if there is none.
        listed: the places before it in a list that it goes on, None if there are none.
        names: reads names of places.
    """
    start, end = piece
    lead = pattern(LEAD).match(text, start, end)
    at = lead.end() if lead else start
    named = None
    if (reported := pattern(REPORTED).match(text, at, end)) is not None:
        named = names.at(text, reported.end())
    named = named or names.at(text, at) or _led_to(text, (start, at, end), figure, names)
    if named is None or named.end > end:
        return None
    members = [named] if listed is None else [listed, named]
    first = members[0].end - len(members[0].text)
    if not text.startswith(members[0].text, first):  # 该县, and the branch of an office
        return named
    while len(members) < _MOST and JOIN.match(text, members[-1].end, end):
        following = names.at(text, members[-1].end + 1)
        if following is None or following.end > end:
            break
        members.append(following)
    last = members[-1]
    if len(members) == 1:
        return named
    own = (all if names.news else any)(member.own for member in members)
    single = tuple(one for member in members for one in member.members or (member,))
    return Named(text[first : last.end], "", last.end, own=own, sure=last.sure, members=single)


def _led_to(text: str, piece: tuple[int, int, int], figure: Figure | None, names: Names) -> Named | None:
    """The place that other words lead to; the piece is where it begins, its lead ends and it ends."""
    start, at, end = piece
    if at > start:  # 如 of 如皋 is no lead
        named = names.tabled(text, at - 1)
        if named is not None and named.sure and named.end > at + 1:
            return named
    if (asked := pattern(_ASKED).match(text, at, end)) is not None:
        return names.at(text, asked.end())
    if text.startswith("在", at, end):  # 在上海，
        named = names.at(text, at + 1)
        alone = named is not None and named.end == end and text[end : end + 1] in ("，", "（")
        return named if alone else None
    stop = end if figure is None else figure.start
    if figure is not None and figure.dimension in _THINGS and figure.kind != "rank":
        if (
            named := _right_before(text, at, stop, names) or _from_where(text, figure.end, end, names)
        ) is not None:
            return named
    if _signs_of_leads().search(text, at, stop) is not None:
        for words in pattern(_INSIDE).finditer(text, at, stop):
            named = names.at(text, words.end())
            if named is not None and (words["struck"] or (named.sure and not named.own)):
                return named
    if figure is not None and figure.dimension != "count" and figure.kind != "rank":
        for said in pattern("{reading.is}").finditer(text, at, stop):
            named = names.at(text, said.end())  # 最大的是平安县120毫米
            if named is not None and named.end == stop and not named.wide:
                return named
    return None


def _from_where(text: str, at: int, end: int, names: Names) -> Named | None:
    """The place at the end of a piece, where what a figure counts is from: 28家企业来自云岭."""
    found = pattern(r"\p{Han}{0,6}?{reading.comes_from}").match(text, at, end)
    named = names.at(text, found.end()) if found is not None else None
    return named if named is not None and named.end == end and not named.wide else None


def _right_before(text: str, at: int, stop: int, names: Names) -> Named | None:
    """The place in full whose things a figure counts: 对云岭县其余8家企业, 清洁替代主城区剩余3台."""
    rest = pattern("(?r){reading.rest}").match(text, at, stop)
    end = rest.start() if rest is not None else stop
    if (centre := pattern("(?r)(?<![县各]){names.centres}").match(text, at, end)) is not None:
        named: Named | None = Named(centre.group(), "", end)
    elif pattern("(?r)[省市县区州盟旗](?<!{names.common}|{names.centres})").match(text, at, end) is None:
        return None
    else:
        begins = range(max(at, end - _LONGEST_NAME), end - 1)
        found = (names.tabled(text, begin) for begin in begins)
        named = next((place for place in found if place is not None and place.end == end), None)
    if named is None or named.wide or not named.sure:
        return None
    start = end - len(named.text)
    listed = start > 0 and JOIN.match(text, start - 1) is not None
    return None if listed else replace(named, counted=True)


@cache
def _signs_of_leads() -> Pattern:
    """The signs without which no word inside a piece leads to a place: most pieces have none."""
    sets = package_sets("territory.toml")
    signs = {word[0] for name in ("strikes", "times") for word in sets[f"reading.{name}"]}
    return compiled(f"[日{''.join(sorted(signs))}]")
