"""Names in quotation marks, alone and in lists under one head."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import Final

import regex

from zhreport.campaigns.edges import CONJUNCTIONS
from zhreport.campaigns.lists import NUMERALS, list_items
from zhreport.campaigns.surface import Candidate, Head, Surface
from zhreport.campaigns.titles import titled

__all__ = ["quoted"]

_FAR: Final = 9  # two marks, a note and a joining word
_BETWEEN: Final = frozenset(("", "、", "和", "与", "及", "以及", "、和", "，"))
_GAP: Final = re.compile(r"(?:等)?[^，。；：！？、“”‘’「」『』《》（）\"\n0-9的]{0,14}")
_SO_MANY: Final = re.compile(r"([两三四五六七八九十])(?:大|项|个)")
_TITLE_GOES_ON: Final = re.compile(r"[^，。；：！？、“”《》（）\n等0-9和的]*")
_PRIZES: Final = frozenset("激励 大奖 金奖 银奖 一等奖 二等奖 三等奖 特等奖 提名奖 等次".split())
_HOLD: Final = regex.compile(r"(?r)组织开展|开展|举办")
# 开展“…” needs nothing behind it but none of these
_USUAL: Final = re.compile(
    r"的|工作|监管|改革|服务|管理|执法|检查|监测|合作|业务|教育|培训|等|执勤|式|型|化|类"
)
# 散乱污 enterprises: the quoted word says what is dealt with
_OBJECT: Final = re.compile(
    r"(?:类|型)?(?:问题|企业|乱象|行为|现象|矛盾|隐患|违建|人员|群体|产品)[^，。；]{0,8}(?:整治|清理|排查|治理|打击|清零|处置)"
)
_OBJECT_SIGNS: Final = frozenset("类型问企乱行现矛隐违人群产")
_MAY_FOLLOW: Final = frozenset("和与及称荣类型问企乱行现矛隐违人群产")
_MAY_PRECEDE: Final = frozenset("展办")  # 开展, 举办
_PRIZE: Final = re.compile(r"称号|荣誉|大?奖|激励|殊荣|金奖|奖项|表彰|奖牌|等次")
_WON_GAP: Final = re.compile(r"[^，。；、：“”\n]{0,12}")


def quoted(surface: Surface) -> Iterator[Candidate]:
    """Names inside quotation marks."""
    text, v = surface.text, surface.v
    for group in _groups(surface):
        left = group[0][0] - 1
        right = surface.skip_note(group[-1][1] + 1)
        head = _head_after(surface, right)
        won = _won_before(surface, left)
        if won and won[0] in v.win and _title_goes_on(surface, right):
            continue
        if head is None and won is None and not _promising(surface, group, left, right):
            continue
        made: tuple[str, int] | None = None
        for start, end in group:
            inner = text[start:end]
            if inner in v.formulations:
                continue
            if head is not None and text[right : head.start] != "" and text[right] == "等":
                if made is None:
                    made = surface.verb_before(surface.clause_start(left), left)
                surface.taken.add(head.start)
                yield surface.make(
                    start,
                    end,
                    v.kinds[head.last],
                    "quoted_before_head",
                    head=(right + 1, head.end),
                    verb=made,
                )
                continue
            ends_in_head = text[end - 1] in v.only_quoted or text[end - 2 : end] in v.last_two
            inside = v.all_heads.longest(text, start, end) if ends_in_head else ""
            if inside and len(inside) < end - start:
                if made is None:
                    made = surface.verb_before(surface.clause_start(left), left)
                kind, own = v.kinds[inside], (end - len(inside), end)
                if head is not None and (head.start == right or inside in v.only_quoted):
                    kind = v.kinds[head.last]
                    own = right, head.end
                    surface.taken.add(head.start)
                if (
                    won
                    and won[0] in v.win
                    and (v.title_heads.longest(text, start, end) or _PRIZE.match(text, right, right + 4))
                ):
                    kind = "honour"
                if kind == "action" and text.startswith("在行动", end - 3):
                    kind = "activity"
                yield surface.make(start, end, kind, "head_in_quotes", head=own, verb=won or made)
                if text.endswith("等", 0, left) and kind != "project":
                    yield from list_items(surface, left - 1, own, kind, made)
                elif (number := _SO_MANY.match(text, start)) and made[0]:
                    pieces = text[made[1] + len(made[0]) : left].split("、")
                    if len(pieces) == NUMERALS[number.group(1)]:  # 甲、乙、丙“三大行动”
                        yield from list_items(surface, left, own, kind, made)
                continue
            if text[right : right + 1] in _OBJECT_SIGNS and _OBJECT.match(text, right):
                surface.objects.add(end)
                continue
            if head is not None:
                if made is None:
                    made = surface.verb_before(surface.clause_start(left), left)
                surface.taken.add(head.start)
                yield surface.make(
                    start, end, v.kinds[head.last], "quoted_before_head", head=(right, head.end), verb=made
                )
                continue
            tail = text[right : right + 3]
            firm = won and won[0] in v.firm_win and end - start > 2
            if (won and (firm or _PRIZE.match(tail) or titled(surface, start, end))) or (
                _PRIZE.match(tail) and tail.startswith(("称号", "荣誉"))
            ):
                yield surface.make(start, end, "honour", "quoted_title", verb=won or ("", -1))
                continue
            if (usual := v.known.get(inner)) is not None and not text.startswith("工作", right):
                if made is None:
                    made = surface.verb_before(surface.clause_start(left), left)
                yield surface.make(start, end, usual, "known_name", verb=made)
                continue
            joined = _joined(surface, right)
            if joined is not None:
                verb = surface.verb_before(surface.clause_start(left), left)
                if verb[0]:
                    yield surface.make(
                        start,
                        end,
                        v.kinds[joined.last],
                        "quoted_before_head",
                        head=(joined.start, joined.end),
                        verb=verb,
                    )
                    continue
            verb = _object_verb(surface, left)
            if verb[0] and end - start > 5 and not _USUAL.match(text, right):
                yield surface.make(start, end, "activity", "quoted_object", verb=verb)


def _promising(surface: Surface, group: list[tuple[int, int]], left: int, right: int) -> bool:
    """May quoted names without a head behind them or a title's verb before them be of interest?

    Most quotation marks in a report hold slogans; this is the short way past them.
    """
    text, v = surface.text, surface.v
    if text[right : right + 1] in _MAY_FOLLOW or text[left - 1 : left] in _MAY_PRECEDE:
        return True
    for start, end in group:
        if text[end - 1] in v.only_quoted or text[end - 2 : end] in v.last_two or text[start:end] in v.known:
            return True
    return False


def _groups(surface: Surface) -> Iterator[list[tuple[int, int]]]:
    """Quoted names that stand beside each other."""
    group: list[tuple[int, int]] = []
    for start, end in surface.quotes:
        if group and start - group[-1][1] > _FAR:
            yield group
            group = []
        elif group:
            between = surface.text[surface.skip_note(group[-1][1] + 1) : start - 1]
            if between not in _BETWEEN:
                yield group
                group = []
        group.append((start, end))
    if group:
        yield group


def _head_after(surface: Surface, right: int) -> Head | None:
    """The head behind a quoted name, after a gap without punctuation or a new verb."""
    index = bisect_left(surface.head_starts, right)
    head = surface.heads[index] if index < len(surface.heads) else None
    if head is not None and head.start - right <= 15:
        if head.start == right:
            return head
        gap = surface.text[right : head.start]
        if (
            _GAP.fullmatch(gap)
            and (gap[0] not in "和与及或并" or surface.tokenizer.words(gap)[0] not in CONJUNCTIONS)
            and not surface.v.firm_in.search(gap)
        ):
            return head
    if surface.text[right : right + 1] not in surface.v.quoted_only_signs:
        return None
    single = surface.v.quoted_only.match(surface.text, right, right + 9)
    if single is not None:
        return Head(single.start("head"), single.end(), single["head"], False)
    return None


def _title_goes_on(surface: Surface, right: int) -> bool:
    """Is a quoted name the beginning of a title: `“甲乙”创新基地示范项目`?"""
    tail = _TITLE_GOES_ON.match(surface.text, right, right + 24)
    if tail is None or tail.end() - right < 2:
        return False
    head = surface.v.title_heads.longest(surface.text, right, tail.end())
    return bool(head) and head not in _PRIZES


def _joined(surface: Surface, right: int) -> Head | None:
    """The head of a phrase that 和 joins to a quoted name: `“一家亲”和民族团结联谊活动`."""
    if surface.text[right : right + 1] not in ("和", "与", "及"):
        return None
    index = bisect_left(surface.head_starts, right)
    head = surface.heads[index] if index < len(surface.heads) else None
    if head is None or head.start - right > 15 or not _GAP.fullmatch(surface.text, right, head.start):
        return None
    return head


def _won_before(surface: Surface, left: int) -> tuple[str, int] | None:
    """A verb of winning or seeking that ends not far before a quoted name."""
    index = bisect_right(surface.title_ends, left) - 1
    if index < 0 or left - surface.title_ends[index] > 12:
        return None
    start, end = surface.titles[index]
    if left - end > 4 and titled(surface, end, left):
        return None  # 争创全国双拥模范城“九连冠”
    return (surface.text[start:end], start) if _WON_GAP.fullmatch(surface.text, end, left) else None


def _object_verb(surface: Surface, left: int) -> tuple[str, int]:
    """开展 or 举办 right before a quoted name."""
    match = _HOLD.match(surface.text, max(0, left - 4), left)
    return (match.group(), match.start()) if match else ("", -1)
