"""What is measured: named sources of the indicator in their order; the first that has a noun decides."""

from collections.abc import Callable
from typing import Final

from zhreport.claims.nouns import base_noun, carried, distributed, following_noun, measured, owned, resolved
from zhreport.claims.sites import Site
from zhreport.clause import DEEDS, MAY_BE_DEEDS
from zhreport.rules import Choice, first_verdict, rule

__all__ = ["SOURCES", "Source", "indicator"]

Source = Callable[[Site], str | None]

_LONGEST_OBJECT: Final = 24
_LONGEST_PURPOSE: Final = 48
_SHORT: Final = 16


@rule
def end_of_change(site: Site) -> str | None:
    """The end of a change has the noun of its start: 由36座合并为20座.

    >>> run(end_of_change, "粮站由36座合并为20座")
    ['粮站']
    >>> run(end_of_change, "粮站合并为20座")
    []
    """
    before = site.previous
    if before is None or not before.left.from_base or site.before:
        return None
    return before.said.noun or None


@rule(in_row=(True,))
def list_member(site: Site) -> str | None:
    """In a row of figures each has the member of the list at its place.

    >>> run(list_member, "城镇、农村居民收入分别增长5.2%、6.8%")
    ['城镇居民收入', '农村居民收入']
    >>> run(list_member, "粮食产量增长2.5%")
    []
    """
    return distributed(site) or None


@rule(in_row=(True,))
def row(site: Site) -> str | None:
    """Where no list pairs with the figures, all have what the first has.

    >>> run(row, "粮食产量先后突破50万吨、60万吨")
    ['粮食产量']
    >>> run(row, "粮食产量50万吨")
    []
    """
    return (site.head or site).said.noun if site.run[0] else None


@rule(dimension=("money",))
def purpose_of_money(site: Site) -> str | None:
    """Money from a public purse is that of what it is used for, with or without 用于.

    >>> run(purpose_of_money, "市级财政投入6亿元用于农田灌溉")
    ['农田灌溉']
    >>> run(purpose_of_money, "统筹6亿元改善农田灌溉")
    ['农田灌溉']
    >>> run(purpose_of_money, "安排6亿元，支持农田灌溉")
    ['农田灌溉']
    >>> run(purpose_of_money, "市级财政收入6亿元")
    []
    """
    own, right, after = base_noun(site), site.right, following_noun(site)
    named = site.pattern("claims.provided_funds").fullmatch(after or own)
    if after and not named:
        return None
    funds = not own or named is not None
    if funds and right.verb == "用于" or not own and _is_provided(site):
        return right.object[:_LONGEST_OBJECT] or own or None
    given = funds and (after or not site.right_text.strip()) and _gives(site, own)
    return (_purpose_behind(site) or None) if given else None


def _gives(site: Site, own: str) -> bool:
    """Does the verb before the figure, or before 资金, give money?"""
    verb = site.left.verb or site.left.head
    return site.among(verb, "noun.provides") or site.pattern("claims.providing").fullmatch(own) is not None


def _is_provided(site: Site) -> bool:
    """Was money provided that the verb behind it is paid with: 统筹6亿元改善农田灌溉?"""
    left, right = site.left, site.right
    provided = left.verb_class in DEEDS and (left.verb or left.head)
    return bool(provided) and right.verb_class in DEEDS and bool(site.sentence.reader.left(right.object).noun)


def _purpose_behind(site: Site) -> str:
    """What the clause behind a comma does: 安排6亿元，支持农田灌溉; of a long list the end, with its head."""
    reader = site.sentence.reader
    for clause in site.clauses_behind:
        words = reader.words(clause)
        at = next((i for i, word in enumerate(words) if not reader.has_any(word, _PASSED)), 0)
        governs = bool(words) and reader.has_any(words[at], _GIVEN_FOR)
        if not governs and not any(reader.has(word, "manner") for word in words[:at]):  # 加强 | 群众保障
            continue
        if governs:
            at += 1 + (words[at + 1 : at + 2] == ("了",))
        while at + 1 < len(words) and reader.has_any(words[at], _GOVERNING):  # 支持 | 实施 | 改造项目
            at += 1
        purpose = "".join(words[at:])
        return purpose if len(purpose) <= _LONGEST_PURPOSE else purpose.rpartition("、")[2]
    return ""


_PASSED: Final = frozenset(("filler", "manner"))
_GIVEN_FOR: Final = MAY_BE_DEEDS | {"move"}
_GOVERNING: Final = frozenset(("act", "move", "manner"))


@rule
def counted(site: Site) -> str | None:
    """The noun behind a figure is what it counts.

    >>> run(counted, "聘请36位乡村规划顾问")
    ['乡村规划顾问']
    >>> run(counted, "新增企业11家")
    []
    """
    after = following_noun(site)
    if not after:
        return None
    own, left = base_noun(site), site.left
    of_policies = own and len(own) <= _SHORT and not left.listed and left.head
    if of_policies and site.among(after, "noun.policies"):
        return own + after  # 稳定和扩大就业25条政策
    return after


@rule(dimension=("money",))
def deed(site: Site) -> str | None:
    """An amount of money of a verb that is as often a noun: 出口41亿元.

    >>> run(deed, "进出口80亿元，其中出口41亿元")
    ['出口']
    >>> run(deed, "出口汽车41亿元")
    []
    """
    if site.left.verb_class != "weak" or base_noun(site):
        return None
    return owned(site, site.left.head) or None


@rule(dimension=("money", "length", "area", "mass", "power", "volume"))
def size(site: Site) -> str | None:
    """A size before the figure is that of the noun behind it.

    >>> run(size, "设立总规模3亿元基金")
    ['基金总规模']
    >>> run(size, "基金总规模3亿元")
    []
    """
    named = base_noun(site) or site.left.head
    if not site.right.noun or not site.among(named, "noun.sizes"):
        return None
    return site.right.noun + named


@rule(dimension=("times", "time"))
def what_was_repeated(site: Site) -> str | None:
    """Times and durations of a deed behind them are those of its object.

    >>> run(what_was_repeated, "先后3次开展安全检查")
    ['安全检查']
    >>> run(what_was_repeated, "开展安全检查3次")
    []
    """
    if not site.right.object or site.left.head:
        return None
    if site.right.verb_class in ("rank", "level"):  # 连续16年居全国首位
        return None
    if site.dimension == "time" and base_noun(site):
        return None
    return site.right.object[:_LONGEST_OBJECT]


@rule
def own_noun(site: Site) -> str | None:
    """The noun before the figure, with its owner where it is a bare attribute.

    >>> run(own_noun, "粮食产量达到80万吨")
    ['粮食产量']
    >>> run(own_noun, "达到80万吨")
    []
    """
    own = base_noun(site)
    return measured(site, owned(site, resolved(site, own))) if own else None


@rule
def milestone(site: Site) -> str | None:
    """A clause that names a step has the noun of the figure behind it.

    >>> run(milestone, "工业产值再上新台阶，达到400亿元")
    ['工业产值']
    >>> run(milestone, "工业产值达到400亿元")
    []
    """
    pattern = site.pattern("claims.milestone")
    if not pattern.search(site.fallback):
        return None
    return site.sentence.reader.left(pattern.sub("", site.fallback)).noun or None


@rule(dimension=("times", "person", "count"))
def object_of_count(site: Site) -> str | None:
    """People, things and times before a verb are counted by its object, unless the count before goes on.

    >>> run(object_of_count, "选派86人参加技能培训")
    ['技能培训']
    >>> run(object_of_count, "选派干部86人")
    []
    """
    if site.quantity.form in ("ordinal", "front"):
        return None
    if site.left.from_base:  # 由年初的4万人扩大到年末的6万人
        return None
    before = site.previous
    if not site.right.object or (carried(site)[0] and before is not None and before.unit == site.unit):
        return None
    return site.right.object[:_LONGEST_OBJECT]


@rule
def deed_alone(site: Site) -> str | None:
    """A deed that is itself counted, unless what it was done to was counted before in the same unit.

    >>> run(deed_alone, "全市刑事拘留12人、逮捕9人")
    ['刑事拘留', '逮捕']
    >>> run(deed_alone, "受理案件12件，审结11件")
    []
    """
    left, reader, before = site.left, site.sentence.reader, site.previous
    deed, own = left.verb or left.head, _has_own_subject(site)
    if left.noun or site.right.object or not (site.counts() or own):
        return None
    if not reader.has_any(deed, MAY_BE_DEEDS) or reader.has(deed, "light_verbs"):
        return None
    if before is None:
        return deed
    done_to = before.said.noun not in ("", before.said.action) and not own
    if done_to and before.unit == site.unit:
        return None
    return deed if own or carried(site)[0] in ("", before.said.action) else None


def _has_own_subject(site: Site) -> bool:
    """Does a verb have a subject of its own, and not what was counted before: 270个村已恢复 | 246个?"""
    agent, subject = site.previous.right.noun if site.previous else "", site.left.subject
    return bool(subject) and not (agent and subject.startswith(agent))


@rule
def carried_over(site: Site) -> str | None:
    """Without a noun of its own a figure has the last one of the sentence.

    >>> run(carried_over, "建成基站12个，开通11个")
    ['基站']
    >>> run(carried_over, "达到12个")
    []
    """
    return carried(site)[0] or None


@rule
def clause_before(site: Site) -> str | None:
    """Else the noun of the clause right before it.

    >>> run(clause_before, "工业产值稳步回升，达到400亿元")
    ['工业产值']
    >>> run(clause_before, "达到400亿元")
    []
    """
    if not site.fallback:
        return None
    noun = site.sentence.reader.left(site.fallback).noun
    return resolved(site, noun) if noun else None


@rule
def object_behind(site: Site) -> str | None:
    """What is left is the object of the verb behind the figure.

    >>> run(object_behind, "80吨运往灾区")
    ['灾区']
    >>> run(object_behind, "投入3亿元")
    []
    """
    return site.right.object[:_LONGEST_OBJECT] or None


#: In this order.
SOURCES: Final[tuple[Source, ...]] = (
    end_of_change,
    list_member,
    row,
    purpose_of_money,
    counted,
    deed,
    size,
    what_was_repeated,
    own_noun,
    milestone,
    object_of_count,
    deed_alone,
    carried_over,
    clause_before,
    object_behind,
)


_ASKED: Final = Choice(SOURCES, "dimension", "in_row")


def indicator(site: Site) -> str:
    """The indicator of a site, without a milestone behind it; the site remembers it and what decided."""
    if site.said.found is None:
        noun, name = first_verdict(_ASKED[site.dimension, site.run[1] > 1], site, "")
        if site.pattern("claims.step").search(noun):  # most have none; to look for the whole takes longer
            noun = site.pattern("claims.milestone").sub("", noun) or noun
        site.said.found = noun, name
    return site.said.found[0]
