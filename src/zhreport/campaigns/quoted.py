"""Names in quotation marks, alone and in lists under one head."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from zhreport.campaigns.edges import beginning
from zhreport.campaigns.lists import NUMERALS, list_items
from zhreport.campaigns.surface import Candidate, Head, Surface
from zhreport.campaigns.titles import CALLED, SOUGHT, titled

__all__ = ["quoted"]

_SHORTEST: Final = 4  # characters of a name with a year behind it
_HEAD_WITHIN: Final = 15  # characters between a quoted name and its head
_WON_WITHIN: Final = 18  # characters between a title's verb and a quoted title
_OWNER: Final = 3  # characters: a sign and a word
_OWNERS: Final = 72  # characters: three items and their signs
_ITEMS: Final = re.compile(r"(?:(?:、[\u4e00-\u9fff]{2,20}){0,2}、|[和与及])[\u4e00-\u9fff]{2,8}")
_BETWEEN: Final = frozenset(("", "、", "和", "与", "及", "以及", "、和", "，"))
_GAP: Final = re.compile(r"(?:等)?(?:20[0-9]{2}年?度?)?[^，。；：！？、…“”‘’「」『』《》（）\"\n0-9的]{0,14}")
# what a name is held for, further behind it: “甲”2023年平安县助学捐赠仪式
_OCCASION: Final = r"(?:20[0-9]{2}年?)?[\u4e00-\u9fff]{0,14}?(?P<head>{quoted.occasions})"
_SOUGHT: Final = f"{{launch.seek}}(?:{SOUGHT})"
_SO_MANY: Final = re.compile(r"([两三四五六七八九十])(?:大|项|个)")
_OTHER_VERB: Final = "{quoted.other_verbs}"
_HOLD: Final = "{quoted.hold}"
# 开展“…” needs nothing behind it but none of these
_USUAL: Final = "{quoted.usual}"
# 散乱污 enterprises: the quoted word says what is dealt with
_OBJECT: Final = "{quoted.objects}[^，。；]{0,8}{quoted.dealing}"
# formulas that count what they sum up; behind one a head of its own kind says what is done about it
_COUNTED: Final = re.compile(
    r"[一二两三四五六七八九十双](?:[^一二两三四五六七八九十]|个[^一][\u4e00-\u9fff]|[\u4e00-\u9fff][一二两三四五六七八九十不][\u4e00-\u9fff])"
)
_FORMULA: Final = re.compile(r"[0-9A-Za-z+＋]+|[^+＋]{2,4}[+＋]|[一双][\u4e00-\u9fff]{2}")
_DEALT_WITH: Final = "{quoted.against}"
_SORTS: Final = "(?:{quoted.sorts}|{quoted.plain_heads})+"
_MAY_PRECEDE: Final = frozenset("展办")  # 开展, 举办
_PRIZE: Final = "{quoted.titles}|{quoted.prizes}"
_WON_GAP: Final = re.compile(r"[^，。；、：“”\n]{0,18}")


@dataclass(slots=True)
class _Around:
    """What stands around quoted names that stand beside each other.

    Attributes:
        left, right: the opening mark of the first one, and the place behind the last one and its note.
        head: behind them.
        won: a verb of winning or seeking a title before them, and its place.
        titles: they are called titles: `“甲”“乙”等称号`.
    """

    surface: Surface
    left: int
    right: int
    head: Head | None
    won: tuple[str, int] | None
    titles: bool = False
    _made: tuple[str, int] | None = None

    @property
    def made(self) -> tuple[str, int]:
        """The making verb of the clause before them; looked for when first asked for."""
        if self._made is None:
            self._made = self.surface.verb_before(self.surface.clause_start(self.left), self.left)
        return self._made


def quoted(surface: Surface) -> Iterator[Candidate]:
    """Names inside quotation marks."""
    for group in _groups(surface):
        if around := _around(surface, group):
            for start, end in _parted(around, group):
                name = surface.text[start:end].strip()
                start = surface.text.find(name, start, end)
                yield from _read(around, start, start + len(name)) if name else ()


def _parted(around: _Around, group: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The names in quotation marks, one by one where marks hold a counted list: `“甲、乙”两大行动`."""
    text = around.surface.text
    number = around.head and _SO_MANY.match(text, around.right)
    for start, end in group:
        if number and text.count("、", start, end) + 1 == NUMERALS[number.group(1)]:
            for part in text[start:end].split("、"):
                yield start, start + len(part)
                start += len(part) + 1
        else:
            yield start, end


def _around(surface: Surface, group: list[tuple[int, int]]) -> _Around | None:
    """What stands around quoted names; None if they are of no interest, as are most in a report: slogans."""
    text, left, right = surface.text, group[0][0] - 1, group[-1][1] + 1
    right = surface.skip_note(right)
    index, title = bisect_left(surface.head_starts, right), bisect_right(surface.title_ends, left) - 1
    near = surface.heads[index] if index < len(surface.heads) else None
    if near is not None and near.start - right > _HEAD_WITHIN:
        near = None
    near_title = title >= 0 and left - surface.title_ends[title] <= _WON_WITHIN
    head = _head_after(surface, right, near)
    won = _won_before(surface, left, title) if near_title else None
    if head is None and won is None and not _promising(surface, group, left, right):
        return None
    called = text[right : right + 1] in surface.v.may_follow
    titles = called and surface.v.forwards[CALLED].match(text, right, right + 12) is not None
    return _Around(surface, left, right, head, won, titles)


def _promising(surface: Surface, group: list[tuple[int, int]], left: int, right: int) -> bool:
    """May quoted names without a head behind them or a title's verb before them be of interest?"""
    text, v = surface.text, surface.v
    after = text[right : right + 1]
    if after in v.may_follow or after in v.quoted_only_signs or text[left - 1 : left] in _MAY_PRECEDE:
        return True
    for start, end in group:
        end -= 4 * text.startswith("20", end - 4)
        if text[end - 1] in v.only_quoted or text[end - 2 : end] in v.last_two or text[start:end] in v.known:
            return True
    return False


def _read(around: _Around, start: int, end: int) -> Iterator[Candidate]:
    """One of the quoted names: by its head, as a title won, by the names known, by its verb."""
    surface, right, head = around.surface, around.right, around.head
    text, v = surface.text, surface.v
    inner = text[start:end]
    and_so_on = head is not None and head.start > right and text[right] == "等"
    if inner in v.formulations:
        if head is not None:  # no name, but a part of one: “放管服”改革攻坚行动
            yield _before_head(around, start, end, head, right)
    elif not and_so_on and (inside := _head_inside(around, start, end)):
        yield from _with_head_inside(around, start, end, inside)
    elif not and_so_on and _describes(around, start, end):
        surface.objects.add(end)
    elif head is not None:
        surface.taken.add(head.start)
        found = _before_head(around, start, end, head, right + and_so_on)
        yield found
        if found.kind == "activity" and text.endswith("等", 0, start - 1):  # 甲、乙等“双进”活动
            yield from list_items(surface, start - 2, (right, head.end), found.kind, around.made)
    else:
        yield from _without_head(around, start, end)


def _without_head(around: _Around, start: int, end: int) -> Iterator[Candidate]:
    surface, right, won = around.surface, around.right, around.won
    text, v, inner = surface.text, surface.v, surface.text[start:end]
    if _title(around, start, end):
        yield surface.make(start, end, "honour", "quoted_title", verb=won or ("", -1))
    elif inner in v.known and (v.known[inner] == "action" or not text.startswith("工作", right)):
        yield surface.make(start, end, v.known[inner], "known_name", verb=around.made)
    elif (joined := _joined(surface, right)) is not None and around.made[0]:
        yield _before_head(around, start, end, joined, joined.start)
    else:
        verb = _object_verb(surface, around.left)
        if verb[0] and end - start > 5 and not v.forwards[_USUAL].match(text, right):
            yield surface.make(start, end, "activity", "quoted_object", verb=verb)


def _describes(around: _Around, start: int, end: int) -> bool:
    """Do the quoted words only say what an effort is about: `“散乱污”企业整治`, `“三场一站”专项整治`?"""
    surface, right, head = around.surface, around.right, around.head
    text, v = surface.text, surface.v
    if text[right : right + 1] in v.object_signs and v.forwards[_OBJECT].match(text, right):
        return True
    if head is not None and (end - start == 1 or v.backwards[_DEALT_WITH].match(text, 0, around.left)):
        return True  # 送知“食”上门活动, 打击“黑作坊”专项行动
    if head is None or text.endswith("等", 0, around.left):
        return False
    gap = v.forwards[_SORTS].fullmatch(text, right, head.end) is None
    if gap and _FORMULA.fullmatch(text, start, end):
        return True  # “5+2”产业提升行动
    if v.kinds[head.last] == "activity":
        return False  # 甲、乙等“双进”行动, “三严三实”专题教育
    if start - around.left > 1 or right - end > 1 or not _COUNTED.fullmatch(text, start, end):
        return False
    if end - start == 2 and _noun_before(surface, around.left):
        return True  # 巾帼“双创”行动
    return gap


def _bare(around: _Around, inner: str) -> bool:
    """Is a head alone in quotation marks the end of a name that begins before them?"""
    v = around.surface.v
    named = inner in v.known or inner in v.complete
    return around.head is None and not named and _noun_before(around.surface, around.left)


def _noun_before(surface: Surface, left: int) -> bool:
    """Does a noun that is no place and no organisation stand before a mark, and no list?"""
    v, begin = surface.v, max(0, left - 6)
    word = (surface.words(begin, left) or [""])[-1]
    listed = "、" in surface.text[begin:left]
    level = word in v.level_words or v.organiser.match(word) is not None
    return len(word) > 1 and not listed and not level and word not in v.predicates


def _before_head(around: _Around, start: int, end: int, head: Head, head_start: int) -> Candidate:
    surface = around.surface
    kind, whole = surface.v.kinds[head.last], (head_start, head.end)
    return surface.make(start, end, kind, "quoted_before_head", head=whole, verb=around.made)


def _head_inside(around: _Around, start: int, end: int) -> str:
    """The head with which a quoted name ends, "" if it ends with none."""
    text, v = around.surface.text, around.surface.v
    while end - start > _SHORTEST and text[end - 1] in "0123456789":
        end -= 1  # “云岭博览会2023”
    last = text[end - 2 : end]
    if (last[-1:] in v.only_quoted or last in v.last_two) and last not in v.sets["not_campaigns.same_ending"]:
        inside = v.all_heads.longest(text, start, end)
        if inside in v.done and len(inside) == end - start:
            return v.all_heads.longest(text, start + 2, end)  # “强基行动”
        return inside if len(inside) < end - start or _bare(around, inside) else ""
    return ""


def _with_head_inside(around: _Around, start: int, end: int, inside: str) -> Iterator[Candidate]:
    """A quoted name that ends with a head, and the names of a list that it closes."""
    surface, left, right, head = around.surface, around.left, around.right, around.head
    text, v = surface.text, surface.v
    at = text.rfind(inside, start, end)
    kind, own = v.kinds[inside], (at, at + len(inside))
    if own[0] == start:
        begin = beginning(surface, left, kind)
        if begin.words:  # 维修技能“大比武”
            whole = (left, end + 1)
            yield surface.make(begin.start, end + 1, kind, "phrase", head=whole, verb=begin.verb, strong=True)
        return
    beside = head is not None and text.endswith(head.last, right, head.end)  # and not 启动仪式
    if head is not None and beside and (head.start == right or inside in v.only_quoted):
        kind, own = v.kinds[head.last], (right, head.end)
        surface.taken.add(head.start)
    if _honours(around, start, end):
        kind = "honour"
    elif kind == "action" and text.startswith("在行动", end - 3):
        kind = "activity"
    yield surface.make(start, end, kind, "head_in_quotes", head=own, verb=around.won or around.made)
    if (stop := _end_of_list(around, start, kind)) is not None:
        yield from list_items(surface, stop, own, kind, around.made)


def _end_of_list(around: _Around, start: int, kind: str) -> int | None:
    """Where a list ends that a quoted name closes (甲、乙等“…行动”, 甲、乙、丙“三大行动”), None for none."""
    text, left = around.surface.text, around.left
    if text.endswith("等", 0, left) and kind != "project":
        return left - 1
    number = _SO_MANY.match(text, start) if around.made[0] else None
    if number is None:
        return None
    pieces = text[around.made[1] + len(around.made[0]) : left].split("、")
    return left if len(pieces) == NUMERALS[number.group(1)] else None


def _honours(around: _Around, start: int, end: int) -> bool:
    """Was what ends with a head won as a title all the same: 荣获“优秀志愿服务项目”?"""
    v, text, right = around.surface.v, around.surface.text, around.right
    if around.titles or around.won is None or around.won[0] not in v.win:
        return around.titles
    prize = v.forwards[_PRIZE].match(text, right, right + 4) is not None
    judged = around.won[0] in v.sets["titles.judged"]
    return judged or prize or v.title_heads.longest(text, start, end) != ""


def _title(around: _Around, start: int, end: int) -> bool:
    """Do the words around quoted ones say that they are a title or prize?"""
    text, right, won = around.surface.text, around.right, around.won
    v = around.surface.v
    prize = v.forwards[_PRIZE].match(text, right, right + 3) is not None
    if around.titles or v.forwards[_SOUGHT].match(text, right):
        return True
    if won is None:
        return False
    firm = won[0] in v.firm_win and end - start > 2
    return firm or prize or titled(around.surface, start, end)


def _groups(surface: Surface) -> Iterator[list[tuple[int, int]]]:
    """Quoted names that stand beside each other."""
    group: list[tuple[int, int]] = []
    last = -1
    for quote in surface.quotes:
        if last >= 0:
            start, end = surface.skip_note(last + 1), quote[0] - 1
            between = surface.text[start:end] if end - start <= _OWNERS else None
            if between is None or (between not in _BETWEEN and not _owner(surface, between)):
                yield group
                group = []
        group.append(quote)
        last = quote[1]
    if group:
        yield group


def _owner(surface: Surface, between: str) -> bool:
    """Does the next item of a list stand between two quoted names, and who has it: `、云岭书院`?"""
    if len(between) < _OWNER or not _ITEMS.fullmatch(between):
        return False
    owner = between.rpartition("、")[2].lstrip("和与及")
    return surface.v.predicates.isdisjoint(surface.tokenizer.words(owner))


def _head_after(surface: Surface, right: int, head: Head | None) -> Head | None:
    """The head behind a quoted name, if the gap to the next one holds no punctuation and no new verb."""
    if head is not None and _belongs(surface, right, head):
        return head
    single = surface.v.forwards[_OCCASION].match(surface.text, right, right + 24)
    if single is not None and _is_gap(surface, surface.text[right : single.start("head")]):
        return Head(*single.span("head"), "活动", False)
    if surface.text[right : right + 1] not in surface.v.quoted_only_signs:
        return None
    single = surface.v.quoted_only.match(surface.text, right, right + 9)
    if single is not None:
        if not surface.v.other_word(surface.text, single.end()):  # 节 in 节能
            return Head(single.start("head"), single.end(), single["head"], False)
    return None


def _belongs(surface: Surface, right: int, head: Head) -> bool:
    """Is a head that of the quoted name before it, with nothing new between them?"""
    if head.start == right or surface.text[right : head.end] == "的活动":
        return True
    gap = surface.text[right : head.start]
    if not _GAP.fullmatch(gap) or surface.v.other_word(surface.text, head.end):
        return False
    joined = gap[0] in "和与及或并" and surface.tokenizer.words(gap)[0] in surface.v.joins
    return not joined and _is_gap(surface, gap)


def _is_gap(surface: Surface, gap: str) -> bool:
    """Does what stands between a quoted name and a head speak of the name and of nothing new?"""
    new = surface.v.forwards[_OTHER_VERB].search(gap)
    return not new and surface.v.clause_words.isdisjoint(surface.tokenizer.words(gap))


def _joined(surface: Surface, right: int) -> Head | None:
    """The head of a phrase that 和 joins to a quoted name: `“一家亲”和民族团结联谊活动`."""
    if surface.text[right : right + 1] not in ("和", "与", "及"):
        return None
    index = bisect_left(surface.head_starts, right)
    head = surface.heads[index] if index < len(surface.heads) else None
    if (
        head is None
        or head.start - right > _HEAD_WITHIN
        or not _GAP.fullmatch(surface.text, right, head.start)
    ):
        return None
    return head


def _won_before(surface: Surface, left: int, index: int) -> tuple[str, int] | None:
    """The verb of winning or seeking before a quoted name, if it speaks of it."""
    start, end = surface.titles[index]
    if left - end > 4 and titled(surface, end, left):
        return None  # 争创全国双拥模范城“九连冠”
    return (surface.text[start:end], start) if _WON_GAP.fullmatch(surface.text, end, left) else None


def _object_verb(surface: Surface, left: int) -> tuple[str, int]:
    """开展 or 举办 right before a quoted name."""
    match = surface.v.backwards[_HOLD].match(surface.text, max(0, left - 4), left)
    return (match.group(), match.start()) if match else ("", -1)
