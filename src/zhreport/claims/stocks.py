"""Stocks: does a figure state what was reached, or what was added in a time?"""

from functools import partial
from typing import Final

from zhreport.claims.sites import Site
from zhreport.clause import DEEDS
from zhreport.timeframe.place import Place
from zhreport.timeframe.time_words import alternation, class_pattern, members
from zhreport.words.compiling import compiled

__all__ = ["place_of"]

_STATES: Final = members()["stock.states"]
_PASSED: Final = members()["stock.passed"]
_REACHED: Final = compiled(rf"{alternation('stock.level')}|{alternation('stock.before')}$|^达")


def _is_stock(site: Site) -> bool:
    if site.said.kind in ("rank", "change"):
        return site.said.kind == "rank"
    first = site.head or site
    left, text, folded = first.left, first.left_text.strip(), site.sentence.folded
    if class_pattern("stock.every_year").search(text):
        return False
    over = {folded[q.outer_start : q.start] for q in (site.quantity, first.quantity)}
    if not left.head and not over.isdisjoint(_PASSED):
        return True
    if class_pattern("stock.flow").search(text):
        return False
    if _is_stated(site):
        if site.previous is not None and (site.before == "、" or site.left_text.lstrip().startswith("其中")):
            return _is_stock(site.previous)  # 新增公路19万公里，其中高速公路3万公里
        # 装机规模3亿千瓦: what is stated without a verb is stated as it stands; not 危房改造3万户
        last = site.sentence.reader.words(left.noun)[-1]
        return last in _STATES or site.sentence.reader.class_of(last) not in DEEDS
    return site.said.kind == "share" or any(_REACHED.search(said) for said in (left.verb, text[-3:]))


def _is_stated(site: Site) -> bool:
    """Is it a level of the noun before it, without a verb, and no plan?"""
    left = (site.head or site).left
    if not left.noun or left.verb or left.head:
        return False
    return site.said.kind == "level" and not site.right.noun and site.sentence.time.scope.mode != "plan"


def place_of(site: Site) -> Place:
    """A site as the timeframe looks at it: its sentence, its verb, and whether it states a stock."""
    q, head = site.quantity, (site.head or site)
    folded = site.sentence.folded
    streak = site.unit == "年" and folded[q.outer_start - 2 : q.outer_start] == "连续" and q.value is not None
    return Place(
        sentence=site.sentence.time,
        start=q.outer_start,
        end=q.outer_end,
        core=q.start,
        clause_start=head.left_start,
        verb=site.left.verb,
        kind=site.said.kind,
        relation=site.relation,
        is_base=head.left.from_base,
        asks_stock=partial(_is_stock, site),
        run=site.run,
        streak=int(q.value) if streak and q.value is not None else 0,
    )
