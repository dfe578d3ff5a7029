"""Noun phrases before a head: `安全生产治本攻坚三年行动`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from zhreport.campaigns.edges import beginning, begins_plainly, trim
from zhreport.campaigns.lists import JOIN_ITEMS, NUMERALS, coordinated, list_items
from zhreport.campaigns.surface import CLOSE, OPEN, Candidate, Head, Surface

__all__ = ["phrases"]

_SO_MANY: Final = r"([两三四五六七八九])(?:[大项场个]{many.sorts}?|[大场][\u4e00-\u9fff]{2,4})$"
_GOES_ON: Final = "(?:工作)?{launch.goes_on}"
# what asks for a look at the words between a verb and a head
_INTRICATE: Final = '[“‘「『"（]|{joins.words}|{edges.always}|{launch.never}'
# behind any other sign the clause begins where the segment does
_LISTING: Final = frozenset('、“”‘’「」『』"）)】》《—')
_PIECE: Final = 9  # characters of a part of a name
_SAID_ALL: Final = re.compile(r"[\u4e00-\u9fff]+")
_SHORTEST: Final = 4  # characters of what stands before 等
_COUNT: Final = re.compile(r"[两二三四五六七八九十]+[大项]?|[大项]")
_SAID: Final = re.compile(r"[\u4e00-\u9fff]{4,16}")
_SITES: Final = "{works.behind}"
_HONOURED: Final = r"(?:年度)?{honoured.ranks}[\u4e00-\u9fff]{0,4}?{honoured.heads}"
_BEHIND: Final = "[^，。；、]{0,10}?{launch.behind_how}?{launch.behind}"


@dataclass(slots=True)
class _Left:
    """What stands before a head: where the name begins and what governs it.

    Attributes:
        segment: where the segment begins; `sign` stands before it.
        clause: where the clause begins.
        edge: the word before the name, "" at the beginning of the segment; `edge_start` its place.
        start: where the name begins; `words` are its words before the head, [] if nobody had to look at them.
        verb: the governing verb and its place.
    """

    segment: int
    sign: str
    clause: int
    edge: str
    edge_start: int
    start: int
    words: list[str]
    verb: tuple[str, int]


def phrases(surface: Surface) -> Iterator[Candidate]:
    """Noun phrases that end with a head."""
    v, text, quotes = surface.v, surface.text, surface.quotes
    inside = 0
    for head in surface.heads:
        if head.start in surface.taken:
            continue
        while inside < len(quotes) and quotes[inside][1] <= head.start:
            inside += 1
        if inside < len(quotes) and quotes[inside][0] <= head.start:
            continue
        if not head.strong and text[head.end : head.end + 1] in v.after_signs and surface.other_word(head):
            continue
        segment, sign = surface.segment(head.start)
        if segment == head.start and not head.strong:
            continue
        left = _directly_governed(surface, head, segment, sign) or _read(surface, head, segment, sign)
        begin = left.start
        if sign == "、" or left.edge == "等":
            items = _items(surface, head, left)
            if items is not None:
                yield from items
                continue
            whole = _before_and_so_on(surface, head, left) or _whole(surface, head, left)
            if whole is None:
                continue
            begin = whole
        kind, end = v.kinds[head.last], head.end
        if text[end : end + 1] in v.honour_signs and (
            honoured := v.forwards[_HONOURED].match(text, end, end + 16)
        ):
            # 宣传周先进单位
            kind, end = "honour", honoured.end()
        yield surface.make(
            begin,
            end,
            kind,
            "phrase",
            head=(head.start, end),
            verb=left.verb,
            strong=head.strong,
            clause=left.clause,
            words=(begin == left.start and left.words) or None,
        )


def _directly_governed(surface: Surface, head: Head, segment: int, sign: str) -> _Left | None:
    """The usual case, without a look at every word: 实施 and what it governs, up to the head."""
    v, text = surface.v, surface.text
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
    clause = surface.clause_start(segment) if sign in _LISTING else segment
    return _Left(segment, sign, clause, edge, edge_start, start, words, verb)


def _read(surface: Surface, head: Head, segment: int, sign: str) -> _Left:
    """Word by word from the head to the left."""
    v, text = surface.v, surface.text
    kind, complete = v.kinds[head.last], text[head.start : head.end] in v.complete
    found = beginning(surface, head.start, kind, complete=complete)
    if found.edge_start == segment and found.edge in v.nominal and head.strong:
        if v.forwards[_GOES_ON].match(text, head.end):  # 规范涉企执法专项行动扎实开展
            found = beginning(surface, head.start, kind, bare=True)
    edge, start, kept, verb = found.edge, found.start, found.words, found.verb
    clause = surface.clause_start(segment) if sign in _LISTING else segment
    joined = edge in v.joins
    if edge and kept and kept[0] == "好":
        kept, start = kept[1:], start + 1  # 开展好
    if not verb[0] and (joined or sign == "、" or edge == "等" or (sign == "，" and not edge)):
        verb = surface.verb_of(clause, start if joined else segment)
    if not verb[0] and (behind := v.forwards[_BEHIND].match(text, head.end, head.end + 16)):
        verb = behind.group()[-2:], behind.end() - 2
    return _Left(segment, sign, clause, edge, found.edge_start, start, kept, verb)


def _items(surface: Surface, head: Head, left: _Left) -> Iterator[Candidate] | None:
    """The names of a list of which the head says what they are, None if it names something itself."""
    v, text = surface.v, surface.text
    listed = v.list_head.match(text, head.start, head.end)
    kind = v.list_kinds[listed.group()] if listed else None
    span = head.start, head.end
    so_many = (
        v.forwards[_SO_MANY].search(text, left.segment, head.start) if left.sign == "、" and kind else None
    )
    if so_many is not None:
        verb = surface.governor_before(left.clause, text.find("、", left.clause))
        joins = [*JOIN_ITEMS.finditer(text, verb[1] + len(verb[0]), so_many.start())] if verb[0] else []
        if joins and len(joins) + 1 == NUMERALS[so_many.group(1)]:  # 甲、乙、丙三大行动
            if found := list(list_items(surface, so_many.start(), span, kind, verb)):
                return iter(found)
    if left.sign == "、" and not left.edge and (siblings := _siblings(surface, head, left)):
        return iter(siblings)
    if left.edge != "等" or not all(_generic(surface, word) for word in left.words):
        return None
    first = text.find("、", left.clause, left.segment)
    verb = surface.verb_before(left.clause, first) if first >= 0 else left.verb
    sites = verb[0] != "实施" or (
        v.forwards[_SITES].match(text, head.end) or text[left.start : head.start] in v.sets["works.before"]
    )
    if kind == "project" and sites and "试点" not in text[head.start : head.end]:
        return iter(())  # 等重点工程, 等工程建设: building sites
    if _before_and_so_on(surface, head, left) is not None:
        return None
    return list_items(surface, left.edge_start, span, kind, verb)


def _before_and_so_on(surface: Surface, head: Head, left: _Left) -> int | None:
    """Where a name begins with 等 in it but no list before that: `违规捕捞和采砂等专项整治行动`."""
    firm, at = surface.firm_before(left.segment, left.edge_start)
    begin = at + len(firm)
    if left.edge != "等" or not firm or not head.strong or left.edge_start - begin < _SHORTEST:
        return None
    bare = all(_generic(surface, word) and not word.isdecimal() for word in left.words)
    named = surface.v.all_heads.longest(surface.text, begin, left.edge_start)
    return begin if bare and not named and surface.text[left.edge_start - 1] not in CLOSE else None


def _siblings(surface: Surface, head: Head, left: _Left) -> list[Candidate]:
    """Names that share a head, each of which says what is done: `技能提升、岗位增扩专项行动`."""
    v, text = surface.v, surface.text
    begin = left.verb[1] + len(left.verb[0])
    said = text[head.start - 2 : head.start] in v.deeds or text[head.start : head.start + 2] in v.deeds
    if left.verb[1] < left.clause or begin >= left.segment or not said:
        return []
    kind, span, found = v.kinds[head.last], (head.start, head.end), []
    for piece in text[begin : left.segment - 1].split("、"):
        end = begin + len(piece)
        if not _SAID.fullmatch(piece) or piece[-2:] not in v.deeds or v.head_in(piece):
            return []
        _, start = trim(surface, surface.words(begin, end), begin, "")
        found.append(surface.make(start, end, kind, "list_item", head=span, verb=left.verb))
        begin = end + 1
    last = surface.make(
        left.start,
        head.end,
        kind,
        "phrase",
        head=span,
        verb=left.verb,
        strong=head.strong,
    )
    return [*found, last]


def _whole(surface: Surface, head: Head, left: _Left) -> int | None:
    """Where a name with coordinated parts begins; its own beginning if it has none; None if it is no name."""
    v, text, start = surface.v, surface.text, left.start
    kind = v.kinds[head.last]
    if not left.edge and left.words and start == left.segment:
        begin = left.verb[1] + len(left.verb[0]) if left.verb[0] else left.clause
        before = text.rfind("、", left.clause, max(left.clause, left.segment - 1)) + 1 or begin
        if left.segment - before > 4 and text[before] == text[left.segment]:
            return start  # 全民健身、全民阅读活动: of one make, so two names
    if left.edge and left.edge != "等":
        return _across(surface, left) or start
    if kind in ("action", "project") or left.edge:
        whole = coordinated(surface, left.clause, left.segment, left.verb, left.words, head.strong)
        if whole is not None and not (left.edge and all(word in v.generic for word in left.words)):
            return whole
    # 等重大双边活动 says what the list before is made of
    generic = left.edge and len(left.words) < 4 and v.sets["parts.fields"].isdisjoint(left.words)
    return None if generic and left.sign == "、" else start


def _across(surface: Surface, left: _Left) -> int | None:
    """Where a name begins whose parts 、 and 和 join: `产品、工程和服务质量提升行动`."""
    if left.edge not in surface.v.joins or left.sign != "、":
        return None
    firm, at = surface.firm_before(left.clause, left.segment)
    pieces = [*surface.text[at + len(firm) : left.segment - 1].split("、"), surface.text[left.segment : left.edge_start]]
    if not firm or any(not 1 < len(piece) <= _PIECE or not _SAID_ALL.fullmatch(piece) for piece in pieces):
        return None
    if any(0 < len(surface.v.all_heads.longest(piece, 0, len(piece))) < len(piece) for piece in pieces):
        return None  # a name by itself
    return at + len(firm)


def _generic(surface: Surface, word: str) -> bool:
    return (
        word in surface.v.plain or word[0] in OPEN or word.isdecimal() or _COUNT.fullmatch(word) is not None
    )
