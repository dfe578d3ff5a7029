"""Lists of names under one head, and names whose parts are coordinated."""

import re
from collections.abc import Iterator
from typing import Final

from zhreport.campaigns.edges import DEEDS, Beginning, trim
from zhreport.campaigns.surface import CLOSE, OPEN, Candidate, Head, Surface

__all__ = ["NUMERALS", "list_items", "listed", "pieces", "whole"]

_JOIN_ITEMS: Final = re.compile(r"[、和及与，]|以及")
#: What a list is said to be long: `三大行动`.
NUMERALS: Final = {char: number for number, char in enumerate("零一二三四五六七八九十")} | {"两": 2}
_SO_MANY: Final = r"([两三四五六七八九])(?:[大项场个]{many.sorts}?|[大场][\u4e00-\u9fff]{2,4})$"
_TWO: Final = re.compile("[和与及]")
_COUNT: Final = re.compile(r"[两二三四五六七八九十]+[大项]?|[大项]")
_SAID: Final = re.compile(r"[\u4e00-\u9fff]{4,16}")
_SITES: Final = "{works.behind}"
_NO_PART: Final = frozenset(OPEN + CLOSE + "的（和")
_PARTS: Final = 5  # a name has fewer parts
_SHORTEST: Final = 4  # characters of an item, or of what stands before 等
_ITEM: Final = 26  # characters of an item
_OWN_WORDS: Final = 3  # words of an activity that no head names


def pieces(text: str, at: int, end: int) -> Iterator[tuple[int, int, str]]:
    """What stands between the signs and words that join items: its place, and what follows."""
    for join in _JOIN_ITEMS.finditer(text, at, end):
        yield at, join.start(), join.group()
        at = join.end()
    yield at, end, ""


def listed(surface: Surface, head: Head, left: Beginning) -> list[Candidate] | None:
    """The names of a list of which the head says what they are, None if it names something itself."""
    v, text = surface.v, surface.text
    last = v.list_head.match(text, head.start, head.end)
    kind = v.list_kinds[last.group()] if last else None
    if left.sign == "、" and (found := _counted(surface, head, left, kind) or _siblings(surface, head, left)):
        return found
    if left.edge != "等" or not all(_generic(surface, word) for word in left.words):
        return None
    first = text.find("、", left.clause, left.segment)
    verb = surface.verb_before(left.clause, first) if first >= 0 else left.verb
    before = text[left.start : head.start] in v.sets["works.before"]
    sites = verb[0] != "实施" or before or v.forwards[_SITES].match(text, head.end)
    if kind == "project" and sites and "试点" not in text[head.start : head.end]:
        return []  # 等重点工程, 等工程建设: building sites
    if _before_and_so_on(surface, head, left) is not None:
        return None
    return list(list_items(surface, left.edge_start, (head.start, head.end), kind, verb))


def _counted(surface: Surface, head: Head, left: Beginning, kind: str | None) -> list[Candidate]:
    """The items of a list that a head with their number closes: `甲、乙、丙三大行动`."""
    number = surface.v.forwards[_SO_MANY].search(surface.text, left.segment, head.start)
    if number is None or kind is None:
        return []
    verb = surface.governor_before(left.clause, surface.text.find("、", left.clause))
    parts = list(pieces(surface.text, verb[1] + len(verb[0]), number.start())) if verb[0] else []
    if len(parts) != NUMERALS[number.group(1)]:
        return []
    return list(list_items(surface, number.start(), (head.start, head.end), kind, verb))


def _siblings(surface: Surface, head: Head, left: Beginning) -> list[Candidate]:
    """Names that share a head, each of which says what is done: `技能提升、岗位增扩专项行动`."""
    v, text = surface.v, surface.text
    at = left.verb[1] + len(left.verb[0])
    said = text[head.start - 2 : head.start] in v.deeds or text[head.start : head.start + 2] in v.deeds
    if left.edge or left.verb[1] < left.clause or at >= left.segment or not said:
        return []
    kind, span, found = v.kinds[head.last], (head.start, head.end), []
    for piece in text[at : left.segment - 1].split("、"):
        end = at + len(piece)
        deed = piece[-2:] in v.deeds or piece[-2:] in v.predicates
        if not deed or not _SAID.fullmatch(piece) or v.head_in(piece):
            return []
        _, start = trim(surface, surface.words(at, end), at, "")
        found.append(surface.make(start, end, kind, "list_item", head=span, verb=left.verb))
        at = end + 1
    strong, verb = head.strong, left.verb
    last = surface.make(left.start, head.end, kind, "phrase", head=span, verb=verb, strong=strong)
    return [*found, last]


def list_items(
    surface: Surface, end: int, head: tuple[int, int], kind: str | None, verb: tuple[str, int]
) -> Iterator[Candidate]:
    """The items of a list that a bare head closes after 等: `A、B、C等十大行动`."""
    text = surface.text
    at = verb[1] + len(verb[0]) if verb[0] else surface.clause_start(end)
    if kind is None or "，" in text[at:end]:
        return
    items = _items(text, at, end)
    if len(items) < 2 or not (verb[0] or _tell_themselves(surface, items, kind)):
        return
    for begin, stop, kept in _trimmed(surface, items, kind):
        if kind != "activity" or not verb[0] or not _says_little(surface, begin, stop, kept):
            yield surface.make(begin, stop, kind, "list_item", head=head, verb=verb)


def _tell_themselves(surface: Surface, items: list[tuple[int, int]], kind: str) -> bool:
    """Does one of some items say what they are, where no verb does?"""
    v = surface.v
    return kind != "project" and any(v.all_heads.longest(surface.text, *item) in v.strong for item in items)


def _trimmed(
    surface: Surface, items: list[tuple[int, int]], kind: str
) -> Iterator[tuple[int, int, list[str]]]:
    """The items that may be names without a head: their spans and words."""
    for start, stop in items:
        if _SHORTEST <= stop - start <= _ITEM and not _named_alone(surface, start, stop):
            kept, begin = trim(surface, surface.words(start, stop), start, kind)
            if kept and surface.v.hard.isdisjoint(kept) and surface.text[stop - 1] not in CLOSE:
                yield begin, stop, kept


def _named_alone(surface: Surface, start: int, stop: int) -> bool:
    """Has an item a head with which it is found without its list, or may it be two: `丰收节和运动季`?"""
    text, v = surface.text, surface.v
    own = v.all_heads.longest(text, start, stop)
    known = own in v.free or (own != "" and v.kinds[own] not in ("activity", "action"))
    return known or (own != "" and _TWO.search(text, start, stop) is not None)


def _says_little(surface: Surface, start: int, stop: int, words: list[str]) -> bool:
    """Is an item of two words, of which none is a head, a thing that many do?"""
    return len(words) < _OWN_WORDS and not surface.v.all_heads.longest(surface.text, start, stop)


def _items(text: str, at: int, end: int) -> list[tuple[int, int]]:
    """The places of the items of a list; in one with 、 another word joins the last two at most."""
    items, last = [], text.rfind("、", at, end) + 1
    for _, stop, join in pieces(text, at, end):
        if join in ("", "、") or not last or (join == "和" and stop - last > 3 and end - stop > _SHORTEST):
            items.append((at, stop))
            at = stop + len(join)
    return items


def whole(surface: Surface, head: Head, left: Beginning) -> int | None:
    """Where a name with coordinated parts begins; its own beginning if it has none; None if it is no name."""
    v, text, start = surface.v, surface.text, left.start
    if (begin := _before_and_so_on(surface, head, left)) is not None:
        return begin
    if left.edge and left.edge != "等":
        return _last_joined(surface, head, left)
    if _of_one_make(text, left):
        return start
    if v.kinds[head.last] in ("action", "project") or left.edge:
        begin = _coordinated(surface, left, strong=head.strong)
        if begin is not None and not (left.edge and v.generic.issuperset(left.words)):
            return begin
    # 等重大双边活动 says what the list before is made of
    generic = left.edge and len(left.words) < 4 and v.sets["parts.fields"].isdisjoint(left.words)
    return None if generic and left.sign == "、" else start


def _last_joined(surface: Surface, head: Head, left: Beginning) -> int:
    """Where a name begins whose last part is joined by 和: `课程、师资和校舍质量提升行动`."""
    v, last = surface.v, surface.text[left.segment : left.edge_start]
    if left.edge not in v.joins or left.sign != "、" or not (head.strong and left.verb[0]):
        return left.start
    named = 0 < len(v.free_heads.longest(last, 0, len(last))) < len(last) or v.backwards[DEEDS].match(last)
    return (None if named else _coordinated(surface, left, strong=True)) or left.start


def _of_one_make(text: str, left: Beginning) -> bool:
    """Do the parts before and behind 、 begin alike, so that they are two names: `全民健身、全民阅读活动`?"""
    at = left.verb[1] + len(left.verb[0]) if left.verb[0] else left.clause
    before = text.rfind("、", left.clause, max(left.clause, left.segment - 1)) + 1 or at
    whole = not left.edge and left.words and left.start == left.segment
    return bool(whole) and left.segment - before > _SHORTEST and text[before] == text[left.segment]


def _before_and_so_on(surface: Surface, head: Head, left: Beginning) -> int | None:
    """Where a name begins with 等 in it but no list before that: `违规捕捞和采砂等专项整治行动`."""
    firm, at = surface.firm_before(left.segment, left.edge_start)
    begin = at + len(firm)
    if left.edge != "等" or not firm or not head.strong or left.edge_start - begin < _SHORTEST:
        return None
    bare = all(_generic(surface, word) and not word.isdecimal() for word in left.words)
    named = surface.v.free_heads.longest(surface.text, begin, left.edge_start)
    return begin if bare and not named and surface.text[left.edge_start - 1] not in CLOSE else None


def _coordinated(surface: Surface, left: Beginning, *, strong: bool) -> int | None:
    """Where a name begins whose coordinated parts stand before 、 (`柴油货车、船舶专项治理`), or None."""
    v, verb, end = surface.v, left.verb, left.segment - 1
    at = verb[1] + len(verb[0]) if verb[0] and verb[1] >= left.clause else left.clause
    parts = surface.text[at:end].split("、") if at <= end and left.words and (verb[0] or strong) else []
    if not 0 < len(parts) < _PARTS:
        return None
    longest = 3 + 4 * (verb[0] != "") + 3 * (len(parts) == 1)
    for part in parts:
        if not 0 < len(part) <= longest or not _NO_PART.isdisjoint(part):
            return None
        if (
            part[-1] in v.sets["parts.name_ends"]
            or v.free_heads.longest(part, 0, len(part))
            or v.head_in(part)
        ):
            return None  # a name by itself
    kept, start = trim(surface, surface.words(at, at + len(parts[0])), at, "action")
    return None if not kept or v.backwards[DEEDS].match(parts[-1]) else start


def _generic(surface: Surface, word: str) -> bool:
    number = word.isdecimal() or _COUNT.fullmatch(word) is not None
    return word in surface.v.plain or word[0] in OPEN or number
