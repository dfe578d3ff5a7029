"""Lists of names under one head, and names whose parts are coordinated."""

import re
from collections.abc import Iterator
from typing import Final

from zhreport.campaigns.edges import DEEDS, trim
from zhreport.campaigns.surface import CLOSE, OPEN, Candidate, Surface

__all__ = ["JOIN_ITEMS", "NUMERALS", "coordinated", "list_items"]

JOIN_ITEMS: Final = re.compile(r"[、和及与，]|以及")
#: What a list is said to be long: `三大行动`.
NUMERALS: Final = {char: number for number, char in enumerate("零一二三四五六七八九十")} | {"两": 2}


def coordinated(
    surface: Surface, clause: int, segment: int, verb: tuple[str, int], words: list[str], strong: bool
) -> int | None:
    """Where a name begins whose coordinated parts stand before 、 (`柴油货车、船舶专项治理`), or None."""
    begin = verb[1] + len(verb[0]) if verb[0] and verb[1] >= clause else clause
    if not words or begin > segment - 1:
        return None
    pieces = surface.text[begin : segment - 1].split("、")
    longest = 7 if verb[0] else 3
    if len(pieces) > 4 or not (verb[0] or strong):
        return None
    for piece in pieces:
        if not 0 < len(piece) <= longest + (3 if len(pieces) == 1 else 0) or any(
            c in piece for c in OPEN + CLOSE + "的（和"
        ):
            return None
        if (
            piece[-1] in surface.v.sets["parts.name_ends"]
            or surface.v.all_heads.longest(piece, 0, len(piece))
            or surface.v.head_in(piece)
        ):
            return None
    kept, at = trim(surface, surface.words(begin, begin + len(pieces[0])), begin, "action")
    if not kept or surface.v.backwards[DEEDS].match(pieces[-1]):
        return None
    return at


def list_items(
    surface: Surface,
    end: int,
    head: tuple[int, int],
    kind: str | None,
    verb: tuple[str, int],
    *,
    least: int = 2,
) -> Iterator[Candidate]:
    """The items of a list that a bare head closes after 等: `A、B、C等十大行动`."""
    v, text = surface.v, surface.text
    if kind is None or not verb[0]:
        return
    at = verb[1] + len(verb[0])
    joins = list(JOIN_ITEMS.finditer(text, at, end))
    if any(m.group() == "、" for m in joins):  # 和 joins the last two items of a list
        last = next((m for m in reversed(joins) if m.group() == "、"), None)
        joins = [
            m
            for m in joins
            if m.group() == "、"
            or (m.group() == "和" and last and m.start() - last.end() > 3 and end - m.end() > 3)
        ]
    if len(joins) + 1 < least or "，" in text[at:end]:
        return
    for match in [*joins, None]:
        stop = match.start() if match else end
        if 4 <= stop - at <= 26 and not v.all_heads.longest(text, at, stop):
            kept, start = trim(surface, surface.words(at, stop), at, kind)
            if kept and not any(w in v.hard for w in kept) and text[stop - 1] not in CLOSE:
                yield surface.make(start, stop, kind, "list_item", head=head, verb=verb)
        at = match.end() if match else end
