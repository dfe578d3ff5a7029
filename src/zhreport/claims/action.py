"""The verb that governs a figure: named sources in their order; the first that has one decides."""

from collections.abc import Callable
from typing import Final

from zhreport.claims.nouns import deed_in_step, following_noun, measured
from zhreport.claims.sites import Site
from zhreport.rules import Choice, first_verdict, rule
from zhreport.words.compiling import compiled
from zhreport.words.lexicon import package_template

__all__ = ["ACTIONS", "action", "without_result"]

ActionRule = Callable[[Site], str | None]

_RESULT: Final = compiled(package_template("claims.result"))
_STATING: Final = frozenset(("up", "down", "level"))
_IN_FRONT: Final = frozenset(("head_of_clause", "head_of_list", "of_the_one_before", "of_the_clause_before"))
_SHARES: Final = frozenset(("percent", "permille", "fraction", "percentage_point"))


def without_result(verb: str) -> str:
    """A verb without 到, 至 or 为 at its end.

    >>> without_result("提高到"), without_result("建成")
    ('提高', '建成')
    """
    return _RESULT.sub("", verb)


@rule(from_base=(True,))
def of_the_change(site: Site) -> str | None:
    """The start of a change has the verb of the change: 由25%提高到30%.

    >>> run(of_the_change, "绿化面积占比由25%提高到30%")
    ['提高']
    >>> run(of_the_change, "补助标准提高到30元")
    []
    """
    return without_result(site.right.verb)


@rule(verb=(True,))
def verb_before(site: Site) -> str | None:
    """The verb between noun and figure; 合计 names no deed, and 超过 none where another governs.

    >>> run(verb_before, "粮食产量达到80万吨")
    ['达到']
    >>> run(verb_before, "新建学校3所")
    []
    """
    left = (site.head or site).left
    if left.verb == "为" and site.pattern("claims.share_of").search(left.noun):
        return "占"  # 占比重为25%
    sums = site.among(left.verb, "over.sums")
    if left.head and (sums or site.among(left.verb, "over.verbs")):
        return None
    return "" if sums else left.verb


@rule
def said_with_figure(site: Site) -> str | None:
    """超 and 突破 before a figure are its verb too, unless another governs.

    >>> run(said_with_figure, "工业产值突破5亿元")
    ['突破']
    >>> run(said_with_figure, "工业产值约5亿元")
    []
    """
    first = site.head or site
    q = first.quantity
    over = site.sentence.folded[q.outer_start : q.start]
    fits = site.among(over, "over.verbs") and (not first.left.head or site.dimension == "percent")
    return over if fits else None


@rule(head=(True,))
def head_of_clause(site: Site) -> str | None:
    """The verb before the noun: 新建学校3所.

    >>> run(head_of_clause, "新建学校3所")
    ['新建']
    >>> run(head_of_clause, "学校3所")
    []
    """
    return (site.head or site).left.head


@rule
def head_of_list(site: Site) -> str | None:
    """The verb before the first member of a list: 创建园区、街区和社区5个.

    >>> run(head_of_list, "创建示范园区、示范街区5个")
    ['创建']
    >>> run(head_of_list, "示范园区、示范街区5个")
    []
    """
    first = site.head or site
    return (site.sentence.reader.left(first.listed[0]).head or None) if first.listed else None


@rule(counts_noun=(False,))
def in_step(site: Site) -> str | None:
    """Among clauses that begin with their verbs a word that may be one is a verb.

    >>> run(in_step, "设立卡点20个，盘查人员300人次")
    ['盘查']
    >>> run(in_step, "盘查人员300人次")
    []
    """
    return deed_in_step(site) or None


@rule
def of_the_one_before(site: Site) -> str | None:
    """In a list of counts the verb of the first governs all: 建成学校3所、医院2所.

    >>> run(of_the_one_before, "建成学校3所、医院2所")
    ['建成']
    >>> run(of_the_one_before, "学校3所，医院2所")
    []
    """
    before = site.previous
    if before is None or site.run[0] or site.before not in ("、", "和", "") or before.said.kind != "level":
        return None
    return before.said.action if before.said.action or site.left.noun else None


@rule(counts_noun=(False,))
def of_the_clause_before(site: Site) -> str | None:
    """A verb in front of a count governs what is counted in the same unit behind it: 建成学校3所，医院2所.

    What there is may be listed to the end of the sentence, in any unit that counts the like.

    >>> run(of_the_clause_before, "建成学校3所，医院2所")
    ['建成']
    >>> run(of_the_clause_before, "共有学校21所，其中小学9所；医院5家")
    ['共有', '共有']
    >>> run(of_the_clause_before, "录取学生30人，在校学生90人")
    []
    """
    before = site.previous
    if before is None or site.run[0] or site.fallback or not site.left.noun or before.said.kind != "level":
        return None
    verb, source = before.said.governed or ("", "")
    if site.sentence.reader.has(verb, "have") and site.counts() and site.dimension == before.dimension:
        return verb if site.before in ("，", "；") else None
    if source not in _IN_FRONT or site.before != "，" or site.unit != before.unit:
        return None
    own = site.left_text.strip().startswith(site.sentence.lexicon.listed("action.own_clause"))
    return None if own or site.among(site.left.noun, "noun.sides_of_budget") else verb


@rule(counts_noun=(True,))
def for_somebody(site: Site) -> str | None:
    """What is done for, to or with those who are counted: 为12户居民送去物资.

    >>> run(for_somebody, "为12户居民提供帮助")
    ['提供']
    >>> run(for_somebody, "居民为12户")
    []
    """
    reader = site.sentence.reader
    words = reader.words(site.left_text)
    at = next((i for i, word in enumerate(words) if reader.has(word, "governing")), -1)
    behind = words[at + 1 :] if at >= 0 else ()
    described = behind and (behind[-1] == "的" or all(reader.has(word, "filler") for word in behind))
    last = words[-1:]
    towards = described or (last and (reader.has(last[0], "opens_verb") or reader.has(last[0], "with")))
    return (site.verb_behind_list() or None) if towards else None


@rule(counts_noun=(True,))
def of_those_there(site: Site) -> str | None:
    """What there is may do something: that is what is said of it, and 有 only brings it in.

    >>> run(of_those_there, "共有5家企业参加展览")
    ['参加']
    >>> run(of_those_there, "共有5家企业")
    []
    """
    first = site.head or site
    reader, left = site.sentence.reader, first.left
    said = left.verb or left.head or (reader.left(first.listed[0]).head if first.listed else "")
    if not reader.has(said, "exists"):
        return None
    verb = site.verb_behind_list()
    return verb if verb and reader.class_of(verb) not in _STATING else None


@rule
def newly_in_noun(site: Site) -> str | None:
    """Where no other verb stands, 新增 in the noun is one: 城镇新增就业5万人.

    >>> run(newly_in_noun, "城镇新增就业5万人")
    ['新增']
    >>> run(newly_in_noun, "城镇就业5万人")
    []
    """
    noun = (site.head or site).left.noun
    return next((verb for verb in site.sentence.lexicon.listed("action.newly") if verb in noun), None)


@rule
def verb_behind(site: Site) -> str | None:
    """The verb behind the figure: 86人参加技能培训.

    >>> run(verb_behind, "86人参加技能培训")
    ['参加']
    >>> run(verb_behind, "粮食产量80万吨")
    []
    """
    left = (site.head or site).left
    if left.noun and not (left.listed or site.right.noun or site.dimension == "time"):
        return None
    verb = site.verb_behind_list()
    return None if not verb or site.among(verb, "over.being") else verb


@rule
def counted_deed(site: Site) -> str | None:
    """A deed that is itself counted: 招生3万人, 结案30件.

    >>> run(counted_deed, "招生3万人")
    ['招生']
    >>> run(counted_deed, "学生3万人")
    []
    """
    reader, noun = site.sentence.reader, (site.head or site).left.noun
    if site.right.noun:  # 14人获救
        noun = site.right.noun if site.dimension == "person" and site.right.open else ""
    if site.dimension in _SHARES or not noun or reader.attribute(noun):  # 支出 and 增速 are what is measured
        return None
    *before, deed = reader.words(noun)
    if (before and not site.counts()) or measured(site, noun) != noun:  # 医院9家，其中公立5家
        return None
    return deed if reader.has(deed, "deed") or reader.has(deed, "verbal") else None


_MAY_BE_NOUNS: Final = frozenset(("weak", "verbal", "deverbal"))


@rule
def before_counted(site: Site) -> str | None:
    """Right before what is counted stands a verb, if the dictionary or an adverb of deeds says so.

    >>> run(before_counted, "公司目前共关联18家企业，揭晓12个项目")
    ['关联', '揭晓']
    >>> run(before_counted, "共企业18家")
    []
    """
    reader = site.sentence.reader
    if not following_noun(site):
        return None
    words = reader.words(site.left_text)
    while words and reader.has(words[-1], "filler") and not reader.has(words[-1], "common"):
        words = words[:-1]
    *before, last = words or ("",)
    if reader.has_any(last, _MAY_BE_NOUNS):
        return last
    named = not before or not reader.has(before[-1], "deed_adverbs") or reader.class_of(last)
    return None if named else last


#: In this order.
ACTIONS: Final[tuple[ActionRule, ...]] = (
    of_the_change,
    for_somebody,
    of_those_there,
    verb_before,
    said_with_figure,
    head_of_clause,
    head_of_list,
    in_step,
    of_the_one_before,
    verb_behind,
    counted_deed,
    newly_in_noun,
    before_counted,
    of_the_clause_before,
)


_ASKED: Final = Choice(ACTIONS, "from_base", "counts_noun", "verb", "head")


def action(site: Site) -> str:
    """The governing verb as written, "" if there is none; the site remembers it and what decided."""
    if site.said.governed is None:
        left = (site.head or site).left
        asked = _ASKED[left.from_base, site.right.noun != "", left.verb != "", left.head != ""]
        site.said.governed = first_verdict(asked, site, "")
    return site.said.governed[0]
