"""Marks that are no part of what a text says: numbers of items, marks of notes, signs that cannot be read.

Every function takes a text folded sign by sign, and gives it back in the same length.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

import regex

__all__ = ["UNREADABLE", "settle"]

#: Stands for a sign that its font or encoding leaves unsaid.
UNREADABLE: Final = "\ufffd"


def settle(text: str, present: set[str]) -> str:
    """Set the marks of a text apart from its figures.

    Args:
        text: folded sign by sign.
        present: the signs that it holds, or held before it was folded.

    >>> text = "1. 3个项目；2. 5家企业；收入比2.12³，增长2. 5%"
    >>> settle(text, set(text))
    '1、 3个项目；2、 5家企业；收入比2.12 ，增长2. 5%'
    """
    if UNREADABLE in text:
        text = _UNREAD.sub(lambda match: UNREADABLE * len(match.group()), text)
    if present & _NOTE_SIGNS:
        text = _without_notes(text)
    if "." in text:
        text = _with_items(text)
    return text


# A figure beside a sign that cannot be read may be a part of one: 1\ufffd2, 5\ufffd6%. At the head of a line
# or behind a stop such a sign is a bullet.
_UNREAD: Final = regex.compile(
    rf"(?<=[\p{{L}}\p{{N}}%]){UNREADABLE}+[0-9][0-9.,]*+[%‰]?|[0-9][0-9.,]*+[%‰]?{UNREADABLE}[0-9.,%‰{UNREADABLE}]*"
)

# --- marks of notes

_RAISED: Final = "⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾"
_CIRCLED: Final = "①-⒇"  # in circles and in brackets
_STARS: Final = "*※"
_NOTE_SIGNS: Final = frozenset(_RAISED + "[〔【*※" + "".join(map(chr, range(0x2460, 0x2488))))
_NOTE_SIGN: Final = re.compile(rf"[\[〔【{_STARS}{_RAISED}{_CIRCLED}]")
_STOP: Final = r"[，。；、）\s]|\Z"
_BRACKETED: Final = regex.compile(
    r"(?<=[\p{Han}0-9%”》] ?)(?:[〔【]|[\[〔【]注：?)([0-9]{1,2})[\]〕】](?!\p{Han}?号)"
)
# In m² and 10⁸ a raised figure is a part of the unit or the number.
_NOTE: Final = regex.compile(
    rf"(?<=[\p{{Han}}0-9%‰”》）])(?<!(?<![0-9.])10)[{_RAISED}]++"
    rf"|(?<=[0-9%‰] ?)(?:[\[〔【]|[\[〔【]注：?)[0-9]{{1,2}}[\]〕】](?={_STOP})"
    rf"|(?<=\p{{Han}})[{_STARS}]{{1,3}}(?=[0-9])|(?<=[\p{{Han}}0-9%‰])[{_STARS}]{{1,3}}(?={_STOP})"
    rf"|(?<=\p{{Han}})[{_CIRCLED}](?=[0-9])|(?<=[0-9%‰])[{_CIRCLED}](?={_STOP})"
)


def _without_notes(text: str) -> str:
    """Notes in brackets as `[3]`, and others by what parts nothing."""
    pieces: list[str] = []
    at = 0
    # most places of a text can be passed over by one look at a sign
    for sign in _NOTE_SIGN.finditer(text):
        place = sign.start()
        if place < at:
            continue
        if note := _NOTE.match(text, place):
            length = note.end() - place
            # two spaces before a figure would be the gap between two cells
            gap = " " if length == 1 or not text[note.end() : note.end() + 1].isdecimal() else "·"
            pieces += [text[at:place], gap * length]
        elif note := _BRACKETED.match(text, place):
            pieces += [text[at:place], f"[{note[1].zfill(note.end() - place - 2)}]"]
        else:
            continue
        at = note.end()
    return "".join([*pieces, text[at:]])


# --- numbers of items


@dataclass(frozen=True, slots=True)
class _Item:
    """A number and a full stop where an item may begin.

    Attributes:
        number: the number.
        start: where it begins, or the space before it.
        dot: the place of its full stop.
        place: where it stands: `head` of a line below one that has ended, head of any other line (`broken`),
            behind a `stop`, a `colon` or a `space`.
        spaced: a space follows.
        certain: what follows is no decimal: words, a year, or things that are counted (1.3个 is none).
        words: what follows are words.
    """

    number: int
    start: int
    dot: int
    place: str
    spaced: bool
    certain: bool
    words: bool


_CANDIDATE: Final = regex.compile(
    r"(?m)(?:(?P<head>^) *+|(?P<stop>(?<=[。；！？])) *+|(?P<colon>(?<=：)) *+"
    r"|(?P<space>(?<=[^\s0-9A-Za-z] {1,3})))"
    r"(?P<number>[1-9][0-9]?) ?\.(?P<gap> *+)"
    r"(?:(?P<words>[\p{Han}“《（])|(?=[0-9])(?![0-9]+\.[0-9]++(?![万亿%])))"
)
_OPENING: Final = frozenset("“《（")
# One sign before a number is found ten times as fast as any of several.
_GATES: Final = [re.compile(sign + r" *[1-9][0-9]? ?\.") for sign in "\n。；！？： "]
_SHARE: Final = regex.compile(r"[0-9]++ ?(?:%|‰|个?百分点)")
_BARE: Final = regex.compile(r"[0-9]++ ?[百千万亿]{0,2}\p{Han}{0,2}(?:[，、。；：\s]|\Z)")


@cache
def _certain() -> "regex.Pattern[str]":
    """What is no decimal: a count of things, or a year."""
    data = resources.files("zhreport.data").joinpath("paragraphs.toml").read_text(encoding="utf-8")
    counted = "|".join(tomllib.loads(data)["items"]["counted"].split())
    return regex.compile(rf"[0-9]++(?:{counted}|(?<=(?:19|20)[0-9]{{2}})年)")


_ENDED: Final = frozenset("。！？；：…”）")
_SHORT: Final = 12  # signs of a line above that is a heading, and not a line of a paragraph
_AS_LONG: Final = 80  # signs that are looked at of a line above


def _with_items(text: str) -> str:
    """`1、` for the numbers of items, and `；` for a space that stands for a stop before one."""
    pieces: list[str] = []
    at = 0
    for place in sorted(set(_items(text))):
        if text[place + 1] in _OPENING:  # a name before a head may reach back over a 、
            continue
        pieces += [text[at:place], "；" if text[place] == " " else "、"]
        at = place + 1
    return "".join([*pieces, text[at:]])


def _items(text: str) -> Iterator[int]:
    """The places of the full stops behind the numbers of items, and of spaces that stand for a stop.

    A space behind the full stop makes an item at the head of a line and behind a stop. Elsewhere, and
    without a space, the numbers must count on from 1 at the heads of lines, or within a line.
    """
    heads: list[_Item] = []
    line: list[_Item] = []
    for item in _candidates(text):
        if (item.spaced and item.place in ("head", "stop")) or (item.words and item.place == "head"):
            yield item.dot
        if item.place in ("head", "broken"):
            yield from _counted(line)
            line = []
            heads.append(item)
        line.append(item)
    yield from _counted(line)
    yield from _counted(heads)


def _candidates(text: str) -> Iterator[_Item]:
    hits = (hit.start() + 1 for gate in _GATES for hit in gate.finditer(text))
    last = -1
    for start in sorted((0, *hits)):
        match = _CANDIDATE.match(text, start)
        if match is None or match.end("number") <= last:
            continue
        last = match.end("number")
        place = next(name for name in ("head", "stop", "colon", "space") if match[name] is not None)
        if place == "head" and not _above_ended(text, match.start()):
            place = "broken"
        at = match.end("gap")
        words = match["words"] is not None
        item = _Item(
            number=int(match["number"]),
            start=match.start("number") - (place == "space"),
            dot=match.start("gap") - 1,
            place=place,
            spaced=match["gap"] != "",
            certain=words or _certain().match(text, at) is not None,
            words=words,
        )
        if item.certain or not (_SHARE.match(text, at) or _BARE.match(text, at)):
            yield item


def _above_ended(text: str, start: int) -> bool:
    """Is the line above the one that begins here a heading, blank, or ended?"""
    above = text[max(0, start - _AS_LONG) : max(0, start - 1)]
    line = above[above.rfind("\n") + 1 :].strip()
    return len(line) <= _SHORT or line[-1] in _ENDED


def _counted(items: Sequence[_Item]) -> Iterator[int]:
    """Those that count on from 1, passing over others between them, as `_items` gives them."""
    run: list[_Item] = []
    for item in (*items, None):
        if item is not None and run and item.number == run[-1].number + 1:
            run.append(item)
        elif item is None or item.number == 1:
            later = [i for i in run[1:] if i.place in ("space", "broken")]
            if len(run) > 2 or (len(run) > 1 and any(i.certain for i in later or run)):
                yield from (i.dot for i in run)
                yield from (i.start for i in run if i.place == "space")
            run = [item] if item is not None else []
