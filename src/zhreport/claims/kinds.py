"""Rules that say what kind of claim a site is. The order is policy; the first verdict wins."""

from collections.abc import Callable
from functools import cache
from typing import Final, NamedTuple

from zhreport.claims.action import action, without_result
from zhreport.claims.indicator import indicator
from zhreport.claims.nouns import carried, distributed, earlier, following_noun, owned, restored
from zhreport.claims.sites import Site
from zhreport.clause import DATE_SIGN, DEEDS, default_grammar
from zhreport.rules import Choice, first_verdict, rule

__all__ = ["KINDS", "Decided", "Verdict", "decide"]


class Verdict(NamedTuple):
    """What a rule says: kind, direction, indicator and action of the claim."""

    kind: str
    direction: str = ""
    indicator: str = ""
    action: str = ""


#: Dimensions of parts of a whole, of rates, and of both.
_PARTS: Final = ("percent", "fraction")
_RATED: Final = ("percent", "permille")
_SHARES: Final = ("percent", "permille", "fraction")

KindRule = Callable[[Site], Verdict | None]


def _direction(site: Site) -> str:
    left = (site.head or site).left
    return left.verb_class if left.verb_class in ("up", "down") else ""


@cache
def _field() -> str:
    """What a rank holds among, as the grammar has it."""
    return rf"(?:{default_grammar().shapes['field'].looks}|{{rank.fields}}|[”“])+"


@rule
def rank(site: Site) -> Verdict | None:
    """A position: 第3位, 第一, 前三名.

    >>> run(rank, "地区生产总值增速居全省第3位")
    [('rank', '', '地区生产总值增速', '居')]
    >>> run(rank, "新增企业3家")
    []
    """
    if site.quantity.form not in ("ordinal", "front") and not (
        site.among(site.unit, "rank.units")
        and site.left.verb.startswith(site.sentence.lexicon.listed("rank.verbs"))
    ):
        return None
    if site.unit and not site.among(site.unit, "rank.units") and site.right_text:  # 成为第2个…的城市
        return Verdict(kind="rank", indicator=site.right_text.strip(), action=action(site))
    noun = indicator(site)
    noun = site.pattern("claims.field_tail").sub("", noun) or noun
    if site.pattern(_field()).fullmatch(noun):  # 排名世界第一: the field, not the thing ranked
        noun = carried(site)[0] or noun
    return Verdict(kind="rank", indicator=noun, action=action(site))


@rule(form=("parts",))
def structure(site: Site) -> Verdict | None:
    """The parts of a whole: 三次产业结构为11.9:44.1:44.

    >>> run(structure, "三次产业结构调整为12:43:45")[0]
    ('share', '', '第一产业占比', '调整为')
    >>> run(structure, "第二产业占比43%")
    []
    """
    position = 0
    at: Site = site
    while (
        at.previous is not None
        and at.previous.quantity.form == "parts"
        and at.quantity.start - at.previous.quantity.end == 1
    ):
        at, position = at.previous, position + 1
    noun = at.left.noun
    if "产业" in noun or not noun:
        parts = site.sentence.lexicon.duals["三次产业"]
        noun = f"{parts[position]}占比" if position < len(parts) else noun
    return Verdict(kind="share", indicator=noun, action=at.left.verb)


@rule(form=("ratio",))
def of_two_figures(site: Site) -> Verdict | None:
    """Two figures with a colon: the ratio of what is compared.

    >>> run(of_two_figures, "城乡居民收入比缩小到2.09:1")
    [('ratio', '', '城乡居民收入比', '缩小到')]
    >>> run(of_two_figures, "城乡居民收入比为2.09")
    []
    """
    return Verdict(kind="ratio", indicator=indicator(site), action=action(site))


@rule(dimension=("multiple", *_PARTS))
def relative(site: Site) -> Verdict | None:
    """How much of a base: 是…的2.5倍, 恢复到2019年的118%, 相当于去年同期的九成.

    >>> run(relative, "产值是2020年的2.5倍")
    [('ratio', '', '产值', '是')]
    >>> run(relative, "客流量恢复到2019年的118%")
    [('ratio', '', '客流量', '恢复到')]
    >>> run(relative, "产值增长1.5倍，客流量占全省的18%")
    []
    """
    first, multiple = site.head or site, site.dimension == "multiple"
    text = _words_before(first)
    based = (
        text.endswith("的") or not _direction(site)
        if multiple
        else site.pattern("claims.relative").search(text)
    )
    if not based:
        return None
    noun, verb = _before_base(site if multiple else first)
    if not multiple:
        noun = distributed(site) or noun
    return Verdict(kind="ratio", indicator=noun, action=verb)


def _words_before(site: Site) -> str:
    """The words before a figure; before its base, where that has a figure too: 为年初预算7亿元的 | 102%."""
    text, base = site.left_text.strip(), site.previous
    return f"{base.left_text.strip()}的" if text == "的" and base is not None else text


def _before_base(site: Site) -> tuple[str, str]:
    """Indicator and verb of `A是B的N倍`."""
    text = site.left_text.strip()
    match = site.pattern("claims.base").search(text)
    if match is None:
        return indicator(site), action(site)
    noun = site.sentence.reader.left(text[: match.start()]).noun
    return noun or carried(site)[0] or indicator(site), match["verb"]


@rule(dimension=("percentage_point",))
def points(site: Site) -> Verdict | None:
    """Percentage points are a change, upwards if no verb says otherwise.

    >>> run(points, "城镇化率提高0.5个百分点")
    [('change', 'up', '城镇化率', '提高')]
    >>> run(points, "增速低于全国1.2个百分点")
    [('change', 'down', '增速', '低于')]
    >>> run(points, "城镇化率达到50%")
    []
    """
    left, before, noun = (site.head or site).left, site.previous, indicator(site)
    growing = before is not None and before.said.noun == noun and before.said.kind == "change"
    if left.reference and growing and not site.ends(noun, "kinds.rates"):
        noun += "增速"
    return Verdict(kind="change", direction=_direction(site) or "up", indicator=noun, action=action(site))


@rule(dimension=_PARTS)
def planned_part(site: Site) -> Verdict | None:
    """How much of a plan was done: 完成年度计划的112%.

    >>> run(planned_part, "重点项目完成年度计划的112%")
    [('ratio', '', '重点项目年度计划', '完成')]
    >>> run(planned_part, "财政收入、工业投资分别完成年度计划的98%、102%")
    [('ratio', '', '财政收入年度计划', '完成'), ('ratio', '', '工业投资年度计划', '完成')]
    >>> run(planned_part, "财政收入7.2亿元，为年度计划7亿元的102.9%")
    [('ratio', '', '财政收入年度计划', '为')]
    >>> run(planned_part, "完成投资增长12%")
    []
    """
    first, (position, length) = site.head or site, site.run
    text = _words_before(first)
    match = site.pattern("claims.planned").search(text)
    if match is None:
        return None
    verb = site.pattern("claims.plan_verb").match(match.group())
    noun = site.sentence.reader.left(text[: match.start()]).noun
    plan = site.pattern("claims.plan_edge").sub("", match.group())
    named = [*first.listed, noun] if noun else earlier(first, length)
    if len(named) == length > 1:  # 固定资产投资、工业投资分别完成年度计划的98%、102%
        noun = named[position]
    noun = site.pattern("claims.plan_tail").sub("", noun or carried(first)[0])  # 收入年初预算…，为预算的98%
    return Verdict(kind="ratio", indicator=f"{noun}{plan}", action=verb.group() if verb else "")


@rule(dimension=_SHARES)
def share(site: Site) -> Verdict | None:
    """A part of a whole: 占GDP比重25%, 占比四成, 90%以上的村.

    >>> run(share, "数字经济总量占GDP比重25.03%")
    [('share', '', '数字经济总量占GDP比重', '占')]
    >>> run(share, "超过三分之二的村开通快递")
    [('share', '', '村', '开通')]
    >>> run(share, "养老床位占比提高到35%")
    [('share', '', '养老床位占比', '提高到')]
    >>> run(share, "合格率达到98%")
    []
    """
    left = (site.head or site).left
    if _direction(site) and not left.reference:
        return None
    if named := _weight(site):
        return Verdict(kind="share", indicator=named, action=left.verb or "占")
    noun = indicator(site)
    if site.ends(noun, "share_heads") or site.ends(left.noun, "share_heads"):
        return Verdict(kind="share", indicator=noun, action=action(site))
    if site.right.linked and (part := following_noun(site)):
        return Verdict(kind="share", indicator=part, action=_deed_before(site) or site.right.verb)
    if site.dimension == "fraction":
        return Verdict(kind="share", indicator=noun, action=action(site) or site.right.verb)
    return Verdict(kind="share", indicator=noun, action=site.right.verb) if _says_share(site) else None


def _deed_before(site: Site) -> str:
    """The deed that a share is the object of: 保护了70%的草原; 已有 brings in a subject."""
    left = (site.head or site).left
    verb = left.verb or left.head
    return verb if left.verb_class in DEEDS and not site.sentence.reader.has(verb, "exists") else ""


def _weight(site: Site) -> str:
    """A part and its whole where 占 stands between them, "" where none does."""
    first = site.head or site
    match = site.pattern("claims.share").search(first.left_text.strip())
    if match is None:
        return ""
    part = _part_said(site, match.string[: match.start()])
    if not part:  # named before, in the sentence or in the clause before
        noun, owner = carried(first)
        part = owner or noun or first.sentence.reader.left(first.fallback).noun
    whole = site.pattern("claims.weight").sub("", match["whole"].removesuffix("的"))
    return f"{part}占{whole}比重" if whole else f"{part}占比"


def _part_said(site: Site, text: str) -> str:
    """The part of a whole that the words before 占 name; in a row the one at the place of the figure."""
    read, first = site.sentence.reader.left, (site.head or site)
    part = read(text).noun
    if site.run[1] > 1:
        members = [*first.listed, *site.pattern("claims.and").split(part)]
        if len(members) != site.run[1]:
            return part
        return restored(first, [read(member).noun or member for member in members])[site.run[0]]
    if part and first.listed and text.startswith(part):
        items = [read(item).noun for item in first.listed]
        if all(items):
            return "、".join([*items, part])  # 城市更新、农田水利和文教投资占…
    return part


def _says_share(site: Site) -> bool:
    """Does a percentage with nothing before it have its noun behind it, or a verb of what a part does?"""
    left = (site.head or site).left
    if site.right.noun and not left.noun and not site.left.verb:
        return True
    bare = not left.noun and left.verb in ("", "有")
    return bare and site.among(site.right.verb, "share.verbs")


_RATES: Final = (("claims.growth", "up"), ("claims.fall", "down"))


@rule(dimension=_RATED)
def growth_noun(site: Site) -> Verdict | None:
    """A noun for growth instead of a verb: 增速21.7%, 价格涨幅2%左右.

    >>> run(growth_noun, "居民消费价格涨幅控制在2%左右")
    [('change', 'up', '居民消费价格', '控制在')]
    >>> run(growth_noun, "合格率98%")
    []
    """
    left, before = (site.head or site).left, site.previous
    noun = left.noun
    if not noun and before is not None and before.left.from_base and not site.before:
        noun = before.left.noun  # 增长速度由3%提高到 | 4%
    if site.right.noun in site.sentence.lexicon.sets["growth_heads"]:  # 6%的增速
        return Verdict(kind="change", direction="up", indicator=noun or carried(site)[0], action=action(site))
    for template, direction in _RATES:
        pattern = site.pattern(template)
        if pattern.search(noun):
            found = pattern.sub("", indicator(site)) or carried(site)[0]
            return Verdict(kind="change", direction=direction, indicator=found, action=left.verb)
    return None


@rule(dimension=_RATED)
def below_zero(site: Site) -> Verdict | None:
    """A change that is written with its sign: 同比-2.3%, 增长为负3%; a rate below zero is a level.

    >>> run(below_zero, "工业品出厂价格同比-2.3%")
    [('change', 'down', '工业品出厂价格', '')]
    >>> run(below_zero, "人口自然增长率为-1.3‰，产值同比增长2.3%")
    []
    """
    if site.value is None or site.value >= 0:
        return None
    if not site.pattern("claims.compared").search((site.head or site).left_text.strip()):
        return None
    return Verdict(kind="change", direction="down", indicator=indicator(site), action=action(site))


def _only_goal(site: Site) -> bool:
    """Is all that stands before a figure the announcement of a goal: 今年预期目标是, 力争达到?"""
    sets = site.sentence.lexicon.sets
    words, beside = sets["goal.words"], sets["goal.beside"]
    text = site.left_text.strip(f" {DATE_SIGN}")
    named = False
    while text:
        size = next((n for n in range(4, 0, -1) if text[:n] in words or text[:n] in beside), 0)
        if not size:
            return False
        named = named or text[:size] in words
        text = text[size:].lstrip(DATE_SIGN)
    return named


_BARE: Final = 10_000  # 贫困人口减少1亿: a bare figure of this size counts people
_COUNTED: Final = frozenset(("count", "household", "length", "area"))


@rule(dimension=("percent",))
def goes_on(site: Site) -> Verdict | None:
    """A second figure for the same change: 增长5.5%、力争6%.

    >>> run(goes_on, "产值增长5.5%、力争6%以上")
    [('change', 'up', '产值', '增长')]
    >>> run(goes_on, "产值增长5.5%，今年预期目标是6%左右")
    [('change', 'up', '产值', '增长')]
    >>> run(goes_on, "产值增长5.5%、税收占6%")
    []
    """
    before = site.previous
    if before is None or before.said.kind != "change" or site.run[0]:
        return None
    goal = _only_goal(site)
    if not goal and (site.left.noun or site.left.verb or site.left.head):
        return None
    if (
        site.unit != before.unit
        or site.right.noun
        or site.before not in (("、", "，", "；", "") if goal else ("、", "，"))
    ):
        return None
    return Verdict(
        kind="change",
        direction=_direction(before) or "up",
        indicator=before.said.noun,
        action=before.said.action,
    )


@rule
def verb_of_change(site: Site) -> Verdict | None:
    """A verb of change: 增长7.5%, 增加12亿元, 缩短3天, 提升5位.

    >>> run(verb_of_change, "地区生产总值同比增长7.5%")
    [('change', 'up', '地区生产总值', '增长')]
    >>> run(verb_of_change, "增加1万个普惠学位，农民收入翻两番")
    [('change', 'up', '普惠学位', '增加'), ('change', 'up', '农民收入', '翻')]
    >>> run(verb_of_change, "新增企业11家，覆盖率提高到95%")
    []
    """
    first, direction, before = site.head or site, _direction(site), site.previous
    left = first.left
    if before is not None and _goes_on_with(site, before):
        return Verdict(
            kind="change", direction=_direction(before), indicator=indicator(site), action=before.said.action
        )  # 减少税负3亿元、收费2亿元
    counts = site.unit or site.dimension == "fraction" or (site.value or 0) >= _BARE
    if not direction or left.from_base or not counts:
        return None
    if site.dimension == "time" and "连续" in first.left_text[-3:]:
        return None
    if site.dimension not in _SHARES and _changes_things(site):
        return None
    return Verdict(kind="change", direction=direction, indicator=indicator(site), action=action(site))


def _goes_on_with(site: Site, before: Site) -> bool:
    """Is a figure without a verb of its own one more of a list under a verb of change?"""
    left = (site.head or site).left
    if _direction(site) or left.verb or left.head or site.before != "、" or site.unit != before.unit:
        return False
    return before.said.kind == "change" and bool(before.left.head) and not before.left.verb


def _changes_things(site: Site) -> bool:
    """Does the verb of change govern things, and not their number (提升20个站点)?"""
    left = (site.head or site).left
    stem = left.verb or left.head
    counts = bool(site.right.noun) and not left.noun and site.dimension in _COUNTED
    if counts and not site.pattern("claims.of_number").match(stem):
        return True
    if left.verb:
        return False
    if left.noun and site.among(left.head, "change.of_things"):
        return True
    return left.verb_class in ("up", "down") and site.among(left.head, "change.raising")


@rule(from_base=(True,))
def start_value(site: Site) -> Verdict | None:
    """The start of a change: 由25元提高到30元; the start is a level of its own.

    >>> run(start_value, "补助标准由25元提高到30元")
    [('level', '', '补助标准', '提高')]
    >>> run(start_value, "补助标准提高到30元")
    []
    """
    return Verdict(kind="level", indicator=indicator(site), action=without_result(site.right.verb))


@rule
def counted_after(site: Site) -> Verdict | None:
    """A count before its noun: 50位专家, 改造80公里管网.

    >>> run(counted_after, "聘请36位乡村规划顾问")
    [('level', '', '乡村规划顾问', '聘请')]
    >>> run(counted_after, "新增企业11家")
    []
    """
    noun = indicator(site)
    if not noun or noun not in site.right.noun:
        return None
    return Verdict(kind="level", indicator=noun, action=action(site) or site.right.verb)


@rule
def level(site: Site) -> Verdict | None:
    """What is left is a level of the noun before it.

    >>> run(level, "粮食产量达到80亿斤")
    [('level', '', '粮食产量', '达到')]
    >>> run(level, "没有数字的一句话")
    []
    """
    return Verdict(kind="level", indicator=indicator(site), action=action(site))


KINDS: Final[tuple[KindRule, ...]] = (
    rank,
    structure,
    of_two_figures,
    points,
    planned_part,
    relative,
    share,
    growth_noun,
    below_zero,
    start_value,
    goes_on,
    verb_of_change,
    counted_after,
    level,
)


_ASKED: Final = Choice(KINDS, "dimension", "form", "from_base")


class Decided(NamedTuple):
    """What was decided of a site, and the rules that decided kind, indicator and action.

    The rule of an indicator or action is one of `SOURCES` or `ACTIONS`, that of the kind where this made it
    itself, "" where there is none.
    """

    verdict: Verdict
    rule: str
    indicator_rule: str
    action_rule: str


def decide(site: Site) -> Decided:
    """The verdict of the first rule that decides; remembers the noun for later sites."""
    asked = _ASKED[site.dimension, site.quantity.form, (site.head or site).left.from_base]
    verdict, name = first_verdict(asked, site, _NOTHING)  # the last rule decides always
    said = site.said
    said.kind, _, said.noun, said.action = verdict
    said.owner = _owner(site, verdict)
    return Decided(
        verdict,
        name,
        _source(verdict.indicator, said.found, name),
        _source(verdict.action, said.governed, name),
    )


_NOTHING: Final = Verdict("")


def _source(said: str, found: tuple[str, str] | None, kind: str) -> str:
    """What gave the words of a verdict: their source, or the rule of the kind where it has others."""
    if not said:
        return ""
    return found[1] if found is not None and found[0] == said else kind


def _owner(site: Site, verdict: Verdict) -> str:
    """What a bare attribute later in the sentence belongs to."""
    if verdict.kind in ("share", "ratio"):
        return site.pattern("claims.owner_tail").sub("", verdict.indicator)
    own, before = site.left.noun, site.previous
    if own and before is not None and owned(site, own) != own:
        return before.said.owner
    noun = verdict.indicator
    if site.ends(noun, "kinds.change_tails"):
        noun = site.pattern("claims.change_tail").sub("", noun)
    return "" if site.sentence.reader.attribute(noun) else noun
