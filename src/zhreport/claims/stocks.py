"""Stocks: does a figure state what was reached, or what was added in a time?"""

from typing import Final

import regex

from zhreport.claims.phrases import DEEDS
from zhreport.claims.sites import Site
from zhreport.timeframe.place import Place

__all__ = ["place_of"]

_FLOW: Final = regex.compile(
    r"新增|新建|完成|实现|合计|投资总额|累计(?:完成|新增|建|投|实|发|改|解|培|开|引|减|投)"
)
_STOCK: Final = regex.compile(
    r"到$|至$|^达|达$|达到|总数|总量|累计|保持|稳定|为$|超过?$|突破|跨越|迈[上过]|站上|跃上|跨[上过]|越过|拥有|共有|余额|保有"
)
# these say how things are, though they are verbs: 养老保险覆盖9亿人
_STATES: Final = frozenset("覆盖 参保 在校 保有 入驻 挂牌 享受 流转 就业 联网".split())
_PASSED: Final = frozenset("突破 超 超过 逾 跨越 迈上 站上 跃上 跨上".split())
_EVERY_YEAR: Final = regex.compile(r"年均|每年|平均每年")


def _is_stock(site: Site) -> bool:
    left = site.head_of_run().left
    if site.kind == "rank":
        return True
    if site.kind == "change":
        return False
    text = site.head_of_run().left_text.strip()
    if _EVERY_YEAR.search(text):
        return False
    folded = site.sentence.folded
    if not left.head and any(
        folded[q.outer_start : q.start] in _PASSED for q in (site.quantity, site.head_of_run().quantity)
    ):
        return True
    if _FLOW.search(text):
        return False
    if (
        left.noun
        and not (left.verb or left.head)
        and site.kind == "level"
        and not site.right.noun
        and site.sentence.time.scope.mode != "plan"
    ):
        if site.previous is not None and (site.before == "、" or site.left_text.lstrip().startswith("其中")):
            return _is_stock(site.previous)  # 新增公路19万公里，其中高速公路3万公里
        # 装机规模3亿千瓦: what is stated without a verb is stated as it stands; not 危房改造3万户
        last = site.sentence.reader.words(left.noun)[-1]
        return last in _STATES or site.sentence.reader.class_of(last) not in DEEDS
    return bool(_STOCK.search(left.verb)) or bool(_STOCK.search(text[-3:])) or site.kind == "share"


def place_of(site: Site) -> Place:
    """A site as the timeframe looks at it: its sentence, its verb, and whether it states a stock."""
    q, head = site.quantity, site.head_of_run()
    folded = site.sentence.folded
    streak = site.unit == "年" and folded[q.outer_start - 2 : q.outer_start] == "连续" and q.value is not None
    return Place(
        sentence=site.sentence.time,
        start=q.outer_start,
        end=q.outer_end,
        core=q.start,
        clause_start=head.left_start,
        verb=site.left.verb,
        kind=site.kind,
        relation=site.relation,
        is_base=head.left.from_base,
        is_stock=_is_stock(site),
        streak=int(q.value) if streak and q.value is not None else 0,
    )
