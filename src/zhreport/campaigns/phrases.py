"""Noun phrases before a head: `安全生产治本攻坚三年行动`."""

from collections.abc import Iterator
from typing import Final

from zhreport.campaigns.edges import TOGETHER, Beginning, beginning, begins_plainly, trim
from zhreport.campaigns.lists import listed, whole
from zhreport.campaigns.surface import Candidate, Head, Surface

__all__ = ["phrases"]

# what asks for a look at the words between a verb and a head
_INTRICATE: Final = '[“‘「『"（]|{joins.words}|{edges.always}|{launch.never}'
_BEHIND: Final = "[^，。；、]{0,10}?{launch.behind}"


def phrases(surface: Surface) -> Iterator[Candidate]:
    """Noun phrases that end with a head."""
    v = surface.v
    for head in _free_heads(surface):
        left = _directly_governed(surface, head) or _read(surface, head)
        if left.segment == head.start and not head.strong:
            continue
        begin: int | None = left.start
        if left.sign == "、" or left.edge == "等":
            items = listed(surface, head, left)
            begin = whole(surface, head, left) if items is None else None
            yield from items or ()
        if begin is None:
            continue
        kind, end = v.kinds[head.last], head.end
        words = (begin == left.start and left.words) or None
        yield surface.make(
            begin, end, kind, "phrase", head=(head.start, end), verb=left.verb, strong=head.strong,
            clause=left.clause, words=words,
        )  # fmt: skip


def _free_heads(surface: Surface) -> Iterator[Head]:
    """Heads that stand in no quotation marks, belong to no quoted name, and are no other words."""
    quotes, inside = surface.quotes, 0
    for head in surface.heads:
        while inside < len(quotes) and quotes[inside][1] <= head.start:
            inside += 1
        if head.start in surface.taken or (inside < len(quotes) and quotes[inside][0] <= head.start):
            continue
        if head.strong or not surface.v.other_word(surface.text, head.end):
            yield head


def _directly_governed(surface: Surface, head: Head) -> Beginning | None:
    """The usual case, without a look at every word: 实施 and what it governs, up to the head."""
    v, text = surface.v, surface.text
    segment, sign = surface.segment(head.start)
    edge, edge_start = verb = surface.firm_before(segment, head.start)
    start = edge_start + len(edge)
    if not edge or v.forwards[_INTRICATE].search(text, start, head.start):
        return None
    words: list[str] = []
    if not begins_plainly(surface, start) or text[start] == "好":
        words = surface.words(start, head.start)
        if words and words[0] == "好":
            words, start = words[1:], start + 1  # 实施好
        words, start = trim(surface, words, start, v.kinds[head.last], firm=True)
    clause = surface.listing_start(segment, sign)
    return Beginning(segment, sign, clause, edge, edge_start, start, words, verb)


def _read(surface: Surface, head: Head) -> Beginning:
    """Word by word from the head to the left."""
    v, text, kind = surface.v, surface.text, surface.v.kinds[head.last]
    found = beginning(surface, head.start, kind, complete=text[head.start : head.end] in v.complete)
    if found.edge_start == found.segment and found.edge in v.nominal and head.strong:
        part = found.sign == "、" and surface.firm_before(found.clause, found.segment)[0] != ""
        part = part and not v.free_heads.longest(text, found.clause, found.segment - 1)
        if part:
            found = beginning(surface, head.start, kind, bare=True)
    start, kept = found.start, found.words
    if found.edge and kept[:1] == ["好"]:
        kept, start = kept[1:], start + 1  # 开展好
    return Beginning(*found[:5], start, kept, _governing(surface, head, found, start))


def _governing(surface: Surface, head: Head, found: Beginning, start: int) -> tuple[str, int]:
    """The verb of a phrase: before it, before the list or the clause that it ends, or behind it."""
    v, verb, sign, edge = surface.v, found.verb, found.sign, found.edge
    joined = edge in v.joins or edge == TOGETHER
    if not verb[0] and (joined or sign == "、" or edge == "等" or (sign, edge) == ("，", "")):
        verb = surface.verb_of(found.clause, start if joined else found.segment)
    if not verb[0] and (behind := v.forwards[_BEHIND].match(surface.text, head.end, head.end + 16)):
        verb = behind.group()[-2:], behind.end() - 2
    return verb
