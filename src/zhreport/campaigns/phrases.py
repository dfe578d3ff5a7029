"""Noun phrases before a head: `安全生产治本攻坚三年行动`."""

from collections.abc import Iterator
from typing import Final

import regex

from zhreport.campaigns.edges import CONJUNCTIONS, governing, name_edge, trim
from zhreport.campaigns.lists import JOIN_ITEMS, NUMERALS, coordinated, list_items
from zhreport.campaigns.surface import OPEN, Candidate, Head, Surface

__all__ = ["phrases"]

_SO_MANY_BEFORE: Final = regex.compile(r"([两三四五六七八九])(?:大|项)(?:国家级|专项|重点|全国性)?$")
_GOES_ON: Final = regex.compile(
    r"(?:工作)?(?:扎实|深入|有序|全面|成效|取得|顺利|圆满|持续|稳步|加快|走在|启动|有力)"
)
# behind any other sign the clause begins where the segment does
_LISTING: Final = frozenset('、“”‘’「」『』"）)】》《—')
_SITES: Final = regex.compile(r"建设|前期|项目|开工|施工")
_BIG: Final = frozenset(("重点", "重大", "骨干", "基础设施"))
_FIELDS: Final = frozenset(("领域", "行业", "重点领域", "行业领域"))
_HONOURED: Final = regex.compile(
    r"(?:年度)?(?:先进|优秀|最佳|模范|突出贡献)[\u4e00-\u9fff]{0,4}?(?:单位|集体|个人|组织|奖|项目|工作者|作品|案例|县|市|区)"
)
_BEHIND: Final = regex.compile(
    r"[^，。；、]{0,10}?(?:成功|圆满|顺利|隆重|如期)?(?:举办|举行|召开|开展|启动|实施|闭幕|开幕|收官)"
)


def phrases(surface: Surface) -> Iterator[Candidate]:
    """Noun phrases that end with a head."""
    v, text = surface.v, surface.text
    inside = 0
    for head in surface.heads:
        if head.start in surface.taken:
            continue
        while inside < len(surface.quotes) and surface.quotes[inside][1] <= head.start:
            inside += 1
        if inside < len(surface.quotes) and surface.quotes[inside][0] <= head.start:
            continue
        if not head.strong and _other_word(surface, head):
            continue
        if head.last == "项目" and not v.programme.match(text, max(0, head.start - 4), head.start):
            continue
        segment, sign = surface.segment(head.start)
        if segment == head.start and not head.strong:
            continue
        words = surface.words(segment, head.start)
        index, at = name_edge(
            surface, words, segment, head.start, complete=text[head.start : head.end] in v.complete
        )
        if index == 1 and head.strong and words[0] in v.nominal and _GOES_ON.match(text, head.end):
            index, at = 0, segment  # 规范涉企执法专项行动扎实开展
        edge = words[index - 1] if index else ""
        verb = (edge, at - len(edge)) if edge in v.making else governing(surface, words, index, segment)
        clause = surface.clause_start(segment) if sign in _LISTING else segment
        near = sign in ("、", "，") and index == 0 or edge in CONJUNCTIONS
        if edge in CONJUNCTIONS:
            verb = "", -1
        kept, at = trim(
            surface, words[index:], at, v.kinds[head.last], firm=bool(edge) and surface.v.is_firm(edge)
        )
        if edge and kept and kept[0] == "好":
            kept, at = kept[1:], at + 1  # 开展好
        if not verb[0] and (near or sign == "、" or edge == "等"):
            verb = surface.verb_of(clause, segment if edge not in CONJUNCTIONS else at)
        if not verb[0] and (behind := _BEHIND.match(text, head.end, head.end + 16)):
            verb = behind.group()[-2:], behind.end() - 2
        if sign == "、" and index == 0 and kept and at == segment:
            before = text.rfind("、", clause, segment - 1) + 1 or verb[1] + len(verb[0])
            if segment - before > 4 and text[before] == text[segment] and verb[1] >= clause:
                # 全民健身、全民阅读活动: of one make, so two names
                yield from list_items(
                    surface, segment - 1, (head.start, head.end), v.kinds[head.last], verb, least=1
                )
                sign = ""
        so_many = _SO_MANY_BEFORE.search(text, segment, head.start) if sign == "、" else None
        if so_many and (verb := surface.verb_before(clause, text.find("、", clause)))[0]:
            pieces = [*JOIN_ITEMS.finditer(text, verb[1] + len(verb[0]), so_many.start())]
            if len(pieces) + 1 == NUMERALS[so_many.group(1)]:  # 甲、乙、丙三大行动
                listed = v.list_head.match(text, head.start, head.end)
                if listed:
                    of_list = v.list_kinds[listed.group()]
                    yield from list_items(surface, so_many.start(), (head.start, head.end), of_list, verb)
                    continue
        if edge == "等" and all(_generic(surface, w) for w in kept):
            first = text.find("、", clause, segment)
            verb = surface.verb_before(clause, first) if first >= 0 else verb
            listed = v.list_head.match(text, head.start, head.end)
            shared = v.list_kinds[listed.group()] if listed else None
            sites = verb[0] != "实施" or _SITES.match(text, head.end) or text[at : head.start] in _BIG
            if shared == "project" and sites and "试点" not in text[head.start : head.end]:
                continue  # 等重点工程, 等工程建设: building sites
            end = segment + sum(map(len, words[: index - 1]))
            yield from list_items(surface, end, (head.start, head.end), shared, verb)
            continue
        if sign == "、" and (index == 0 or edge == "等"):
            joint = v.kinds[head.last] in ("action", "project")
            whole = (
                coordinated(surface, clause, segment, verb, kept, head.strong)
                if joint or edge == "等"
                else None
            )
            if whole is not None and (edge != "等" or not all(w in v.generic for w in kept)):
                at = whole
                kept = surface.words(at, head.start)
            elif edge == "等" and len(kept) < 4 and not _FIELDS.intersection(kept):
                continue  # 等重大双边活动: says what the list before is made of
        kind, end = v.kinds[head.last], head.end
        if honoured := _HONOURED.match(text, end, end + 16):  # 宣传周先进单位
            kind, end = "honour", honoured.end()
        yield surface.make(
            at,
            end,
            kind,
            "phrase",
            head=(head.start, end),
            verb=verb,
            words=tuple(kept),
            strong=head.strong,
            near=near,
        )


def _generic(surface: Surface, word: str) -> bool:
    return word in surface.v.plain or word[0] in OPEN or word.isdecimal()


def _other_word(surface: Surface, head: Head) -> bool:
    after = surface.v.after.get(head.last)
    return after is not None and after.match(surface.text, head.end) is not None
