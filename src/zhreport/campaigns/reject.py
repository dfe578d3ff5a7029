"""Rules that say of a candidate that it names no campaign."""

import re
from collections.abc import Callable
from typing import Final

from zhreport.campaigns.surface import CLAUSE_END, CLOSE, Candidate
from zhreport.campaigns.vocabulary import KINDS
from zhreport.rules import rule

__all__ = ["NOT_CAMPAIGNS", "not_a_campaign"]

Rejection = Callable[[Candidate], bool]


@rule
def in_document_title(c: Candidate) -> bool:
    """Documents in 《》 are no efforts.

    >>> why_not("印发《全民健身提升行动方案》")
    ['in_document_title']
    >>> why_not("实施全民健身提升行动")
    []
    """
    opened = c.text.rfind("《", c.start - 60 if c.start > 60 else 0, c.start)
    return opened >= 0 and "》" not in c.text[opened : c.start] and "\n" not in c.text[opened : c.start]


@rule
def another_word(c: Candidate) -> bool:
    """What follows makes another word of the head: a document, a place, a person.

    >>> why_not("制定安全生产治本攻坚专项行动方案")
    ['another_word']
    >>> why_not("开展安全生产治本攻坚专项行动")
    []
    """
    if c.kind in ("contest", "forum") and _gives_its_name(c):
        return True  # 大运会执委会
    if c.form == "quoted_before_head":
        if c.text.startswith(c.surface.v.listed("quoted.no_efforts"), c.head_end):
            return True
        return c.head.endswith("试点") and c.text.startswith("单位", c.head_end)
    if c.text[c.head_end : c.head_end + 2] in c.surface.v.hard:
        return False  # 宣传周 | 期间
    v = c.surface.v
    meeting = c.head not in v.strong and c.text.startswith(v.listed("not_campaigns.meetings"), c.head_end)
    return meeting or v.other_word(c.text, c.head_end)  # 公益工程推进会


def _gives_its_name(c: Candidate) -> bool:
    """Is an organisation or a place right behind an event called after it?"""
    v, stop = c.surface.v, CLAUSE_END.search(c.text, c.head_end, c.head_end + _CALLED_AFTER)
    sign = c.text[c.head_end : c.head_end + 1]
    if not "\u4e00" <= sign <= "\u9fff":
        return False
    end = stop.start() if stop else c.head_end + _CALLED_AFTER
    for word in c.surface.tokenizer.words(c.text[c.head_end : end]):
        if word in v.predicates or not "\u4e00" <= word[0] <= "\u9fff":
            return False
        if len(word) > 1 and word.endswith(v.listed("events.namesakes")):
            return True
    return False


_CALLED_AFTER: Final = 10  # characters


@rule
def routine(c: Candidate) -> bool:
    """What is done every day, or how one acts, is no effort of a name: 救援行动, 迅速行动.

    >>> why_not("消防队参加灭火救援行动，干部积极行动")
    ['routine', 'routine']
    >>> why_not("开展水上救援能力提升行动")
    []
    """
    return c.head == "行动" and c.text.endswith(c.surface.v.listed("parts.operations"), c.start, c.head_start)


@rule
def nothing_specific(c: Candidate) -> bool:
    """A head with words that distinguish nothing names no effort.

    >>> why_not("开展一系列专项行动，实施重点工程")
    ['nothing_specific', 'nothing_specific']
    >>> why_not("开展燃气安全专项行动")
    []
    """
    before, v = c.text[c.start : c.head_start], c.surface.v
    if _is_a_usual_deed(c) or _is_one_of_many(c, before):
        return True
    if not v.plain_signs.issuperset(before) and v.intricate_signs.isdisjoint(before):
        return False  # the usual case, without a look at the words: a sign that none of those has
    last = next((i for i in range(len(c.words), 0, -1) if c.words[i - 1] in v.joins), 0)
    own = [w for w in c.words[last:] if not _tells_nothing(c, w)]
    if not (v.plain if _needs_more(c) else v.generic).issuperset(own) or (c.head == "试点" and len(own) > 2):
        return False
    if len(own) > 1 and c.verb == "实施" and c.head in ("工程", "计划"):
        return False  # 实施产业创新工程
    return last > 0 or not _known_by_its_head(c)  # 人员密集场所和重大活动


_CLOSED: Final = frozenset(CLOSE)
_OWN_WORDS: Final = 3  # fewer words before 活动 are what many do


def _is_a_usual_deed(c: Candidate) -> bool:
    """Do one or two words stand before 活动 and the like: 义诊活动, 消费促进活动?"""
    v = c.surface.v
    beside = c.text[c.start - 2 : c.start - 1] in _CLOSED and c.text[c.start - 1] in v.joins  # “甲”和乙活动
    few = c.head in v.sets["parts.of_anybody"] and len(c.words) < _OWN_WORDS and not beside
    return few and not _known_by_its_head(c)


def _is_one_of_many(c: Candidate, before: str) -> bool:
    """Do words before the name or its head speak of many: 一批…工程, 口岸重点工程?"""
    v = c.surface.v
    chosen = c.kind == "project" and before.endswith(v.listed("parts.chosen"))
    return chosen or c.text[c.start - 2 : c.start] in v.sets["parts.many"]


def _needs_more(c: Candidate) -> bool:
    """Is the head one of which a common word before it makes no name yet?"""
    v = c.surface.v
    weak = not c.strong and c.head.endswith(v.listed("parts.need_more"))
    return weak or (c.head in v.sets["parts.need_more"] and len(c.words) == 1)


def _tells_nothing(c: Candidate, word: str) -> bool:
    v = c.surface.v
    return word in v.generic or (word[0] in v.empty_signs and v.forwards[_EMPTY].fullmatch(word) is not None)


def _known_by_its_head(c: Candidate) -> bool:
    """Is a head with a common word a name: 亚运会, 进博会, 全省运动会?"""
    v = c.surface.v
    short = c.words and c.head in v.sets["parts.short_heads"]
    level = c.head in v.with_level and not v.level_words.isdisjoint(c.words)
    return bool(short or level or not v.complete.isdisjoint((c.head, c.head.removesuffix("活动"))))


_EMPTY: Final = "(?:[0-9]|{parts.numerals})+{parts.counts}?|[A-Za-z（）、.]"


_PLAIN_NUMBER: Final = re.compile(r"[0-9+]{1,5}|[一二三四五六七八九十]五|.")


@rule
def several(c: Candidate) -> bool:
    """Where so many are counted, many efforts are spoken of, or who takes part.

    >>> why_not("组织两个派出所16名警力联合行动")
    ['several']
    >>> why_not("组织云岭派出所警力联合行动")
    []
    """
    counted = _COUNTED.match(c.text, c.start, c.head_start)
    return counted is not None or _SEVERAL.search(c.text, c.start, c.head_start) is not None


_COUNTED: Final = re.compile(r"[0-9一二两三四五六七八九十]+大类|[百千]余[个场次类项]")
_SEVERAL: Final = re.compile(r"[0-9]余?多?[个名次家场]|共?有[两二三四五六七八九十]+[个名次家场]|一[个场次项]")


@rule
def slogan(c: Candidate) -> bool:
    """Political formulations and short signs in quotation marks are no names.

    >>> why_not("实现“零突破”行动目标，完成“十四五”计划")
    ['slogan', 'slogan']
    >>> why_not("清理“半拉子”工程")
    ['slogan']
    >>> why_not("实施“春风”行动")
    []
    """
    if c.name in c.surface.v.formulations:
        return True
    if c.form == "head_in_quotes":
        return c.name.count("、") > 2 or c.text.endswith(c.surface.v.listed("slogans.before"), 0, c.start - 1)
    if c.name.endswith(c.surface.v.listed("slogans.ends")):
        return True
    if c.name.endswith("强") and _RANKING.search(c.name):
        return True
    beside = c.head_start == c.end + 1 and c.head in c.surface.v.strong  # 按照“守夜”专项行动
    if not beside and c.text.endswith(c.surface.v.listed("slogans.before"), 0, max(0, c.start - 1)):
        return True
    if c.form != "quoted_before_head" and _PLAIN_NUMBER.fullmatch(c.name):
        return True
    return _FIVE_YEARS.fullmatch(c.name) is not None


_RANKING: Final = re.compile(r"[0-9百十千五]强$")
_FIVE_YEARS: Final = re.compile(r"[ 　]*[一二三四五六七八九十]{1,2}五[ 　]*|[0-9]{1,2}[.·][0-9]{1,2}")


@rule
def works(c: Candidate) -> bool:
    """Building sites and plants are no programmes, nor what stands in a list of them.

    >>> why_not("推进云溪水库工程")
    ['works']
    >>> why_not("推进城西防护林工程、乡村亮化工程等基础设施建设")
    ['works', 'works']
    >>> why_not("推进黑土地保护工程")
    []
    """
    if c.surface.v.forwards[_WORKS_LIST].match(c.text, c.end):
        return True
    if not c.words or c.head.endswith(("试点", "计划")):
        return False
    if c.head.endswith("工程"):
        if c.surface.v.forwards[_COUNTED_WORKS].match(c.text, c.end):
            return True
        waters, great = c.surface.v.sets["works.waters"], c.surface.v.sets["works.great_waters"]
        if c.surface.v.works_within.search(c.name) and "保护" not in c.name:
            return True
        if any(w[-1] in waters and 1 < len(w) < 5 and w not in great for w in c.words):
            return True
    return c.surface.v.works_at_end.match(c.text, c.start, c.head_start) is not None


_COUNTED_WORKS: Final = "[0-9]+多?余?[个条座处项]|{works.begun}"
_WORKS_LIST: Final = "(?:[、和及][^，。；]{1,40}?)?等[^，。；、]{0,8}?{works.listed}(?:建设|开工|[，。；])"


@rule
def nothing_alone(c: Candidate) -> bool:
    """Short words that end like a head name nothing by themselves: “满月”, “搪瓷杯”.

    >>> why_not("收集“搪瓷杯”")
    ['nothing_alone']
    >>> why_not("举办第二届“光华杯”")
    []
    """
    if c.head in c.surface.v.sets["quoted.not_alone"]:
        return True
    short = c.head in c.surface.v.only_quoted and c.end - c.start < _SHORT - (c.kind == "activity")
    return short and c.text[c.start - 2 : c.start - 1] != "届"


@rule
def quoted_works(c: Candidate) -> bool:
    """What is built, or only one of many projects, is no programme, also in quotation marks.

    >>> why_not("“海塔一号”项目开工，供热改造和“冬病夏治”等项目")
    ['quoted_works', 'quoted_works']
    >>> why_not("启动“冬病夏治”项目")
    []
    """
    if c.kind == "project" and c.surface.v.forwards[_BUILT].match(c.text, c.head_end):
        return True
    governed = c.verb and c.verb != "推进" and not c.text.endswith("等", 0, c.head_start)
    beside = c.end - c.start > _LONG and c.head_start <= c.end + 1
    return c.head == "项目" and not governed and not beside


@rule
def ungoverned(c: Candidate) -> bool:
    """A weak head without a verb that makes an effort of it, and without a name beside it.

    >>> why_not("群众性健身球操活动深受欢迎")
    ['ungoverned']
    >>> why_not("组织群众性健身球操活动")
    []
    """
    v = c.surface.v
    if c.strong or c.verb in v.making or not v.sets["titles.wide"].isdisjoint(c.words[:1]):
        return False
    if c.kind != "project" and v.forwards[_LISTED].match(c.text, c.head_end):
        return False  # 甲行动、乙行动等公益活动
    if c.text[c.start - 1 : c.start] == "在" and _WITHIN.match(c.text, c.head_end) and len(c.words) > 1:
        return False
    dated = c.kind != "project" and _YEAR_BEFORE.match(c.text, max(0, c.start - 5), c.start)
    proceeds = v.forwards[_PROCEEDS if c.head.endswith("工程") else _GOES_ON].match(c.text, c.head_end)
    size = c.head_start - c.start
    # 2023年…消费补贴活动, …行动深入推进
    return not ((proceeds or dated) and size >= _LONG_ENOUGH) and not (
        c.head in v.sets["parts.telling"] and size > _LONG
    )


_YEAR_BEFORE: Final = re.compile(r"[^0-9]?20[0-9]{2}年?度?$")
_LISTED: Final = (
    "(?:、[^，。；：！？、\n]{2,20}){0,4}等[\u4e00-\u9fff]{0,6}?"
    "(?:{list_heads.action}|{list_heads.activity}|{list_heads.contest}|{list_heads.forum})"
)
_WITHIN: Final = re.compile("[中上]|期间")
_BUILT: Final = "{works.built}"
_PROCEEDS: Final = "{launch.proceeds}"
_GOES_ON: Final = "{launch.goes_on}"
_LONG_ENOUGH: Final = 4  # characters
_SHORT: Final = 4
_LONG: Final = 5


@rule
def unlawful(c: Candidate) -> bool:
    """What is fought or what anybody does is no effort: 犯罪活动, 经营活动.

    >>> why_not("打击非法集资活动，召开全市人民代表大会")
    ['unlawful', 'unlawful']
    >>> why_not("开展全民阅读活动")
    []
    """
    if (
        c.verb == "召开"
        and c.head.endswith(c.surface.v.listed("not_campaigns.convened"))
        and c.words
        and c.words[0] not in c.surface.v.sets["titles.wide"]
    ):
        return True  # an ordinary meeting
    everyday = c.surface.v.everyday.search(c.name)
    if everyday and everyday.group().endswith("活动") and c.start + everyday.end() <= c.head_start:
        return False  # 研发活动扶持计划
    return everyday is not None or _YEARLY_PLAN.search(c.name) is not None


_YEARLY_PLAN: Final = re.compile(r"年度[\u4e00-\u9fff]{0,6}计划|[一三五十]年计划")


@rule
def title_being_built(c: Candidate) -> bool:
    """A title with 建设 or 打造 is built, not won.

    >>> why_not("争取建设国家级旅游度假区，打造全国文明城市")
    ['title_being_built', 'title_being_built']
    >>> why_not("创建国家级旅游度假区")
    []
    """
    v = c.surface.v
    if c.form == "known_title":
        governed = c.verb not in v.win and c.verb_start + len(c.verb) == c.start
        return (governed and c.text.startswith(v.listed("titles.founding"), c.end)) or c.text[
            c.start - 2 : c.start
        ] in v.sets["launch.build"]
    if c.verb == "获批" and v.forwards[_GROUNDS].search(c.name):
        return False
    if c.verb == "成为" and c.text.endswith(v.listed("titles.founding"), 0, c.verb_start):
        return True
    return (
        c.verb != "" and v.forwards[_FOUNDED].match(c.text, c.verb_start + len(c.verb), c.start) is not None
    )


_FOUNDED: Final = "[^、]{0,2}?{titles.founding}"
_GROUNDS: Final = "{titles.grounds}"


@rule
def counted_category(c: Candidate) -> bool:
    """With 创建 and a count it is a category that is counted, no title of one's own.

    >>> why_not("创建省级示范园区3个")
    ['counted_category']
    >>> why_not("创建省级文化示范园区")
    []
    """
    if c.text.startswith(c.surface.v.listed("titles.no_title_behind"), c.end):
        return True
    if c.verb != "创建":
        return False
    before = c.text[c.verb_start + len(c.verb) : c.start].lstrip("了")
    v = c.surface.v
    many = before[:2] in v.sets["parts.many"] and v.levels.match(c.name)
    return before[:1].isdecimal() or bool(many) or bool(_COUNT.match(c.text, c.end) or _COUNT.match(c.name))


_COUNT: Final = re.compile(
    r"(?:（[\u4e00-\u9fff]{2,4}）)?各?[0-9一二两三四五六七八九十]+(?:-[0-9]+)?余?多?[个家处座条所]"
)


@rule
def not_a_title(c: Candidate) -> bool:
    """After 纳入, 列入 and 获得 only what reads like a title of one's own is one.

    >>> why_not("纳入国家重点项目")
    ['not_a_title']
    >>> why_not("列入国家产教融合试点城市")
    []
    """
    last, v = c.head, c.surface.v
    if c.verb == "成为" and not v.forwards[_OWN_TITLE].search(c.name) and not _of_a_level(c):
        return True
    firm = last in v.sets["titles.firm"] or last.endswith(v.listed("titles.place_ends"))
    if c.verb in v.sets["titles.loose"] and not firm:
        return ("试点" not in c.name and "示范" not in c.name) or last == "项目"
    if _AND_SO_ON.search(c.name):
        return True
    if c.verb in v.sets["titles.judged"] and v.levels.match(c.name):
        return False
    decreed = v.forwards[_DECREED].search(c.name) and not c.name.startswith(v.listed("titles.state"))
    return bool(decreed) or len(v.title_parts.sub("", c.name)) < 2


def _of_a_level(c: Candidate) -> bool:
    """Says a level or a batch that something was chosen: `成为国家级…街区`, `成为首批…强镇`?"""
    level = c.surface.v.levels.match(c.text, c.start)
    said = level is not None and (level.group().endswith("级") or "“" in c.name)
    return said or c.text.endswith("首批", c.verb_start, c.start)


_AND_SO_ON: Final = re.compile(r"等(?![奖次级])")
# what a province makes of a place is no prize; what the state does was won
_DECREED: Final = "{titles.by_decree}$"
_OWN_TITLE: Final = "{titles.own}"

_PHRASE: Final = ("phrase",)
_QUOTED: Final = ("quoted_before_head", "quoted_title", "quoted_object")
_TITLE: Final = ("title",)
_FORMS: Final = (
    *_PHRASE,
    *_QUOTED,
    *_TITLE,
    "head_in_quotes",
    "list_item",
    "known_title",
    "known_name",
    "numbered_event",
    "held_event",
)

#: In this order, each for candidates of these forms; the first rule that says yes rejects the candidate.
_ORDER: Final[tuple[tuple[Rejection, tuple[str, ...]], ...]] = (
    (in_document_title, _FORMS),
    (another_word, ("phrase", "quoted_before_head", "numbered_event")),
    (routine, _PHRASE),
    (several, _PHRASE),
    (nothing_specific, _PHRASE),
    (slogan, (*_QUOTED, "head_in_quotes")),
    (works, _PHRASE),
    (counted_category, ("title", "known_title")),
    (unlawful, _PHRASE),
    (nothing_alone, ("head_in_quotes",)),
    (quoted_works, ("quoted_before_head",)),
    (ungoverned, _PHRASE),
    (title_being_built, ("title", "known_title")),
    (not_a_title, _TITLE),
)
NOT_CAMPAIGNS: Final[tuple[Rejection, ...]] = tuple(check for check, _ in _ORDER)
# These look at some kinds only; asking them of the others would cost a call each.
_KINDS: Final[dict[Rejection, tuple[str, ...]]] = {
    works: ("project",),
    unlawful: tuple(set(KINDS) - {"action"}),
}
_CHECKS: Final = {
    (form, kind): tuple(
        check for check, forms in _ORDER if form in forms and kind in _KINDS.get(check, KINDS)
    )
    for form in _FORMS
    for kind in KINDS
}


def not_a_campaign(candidate: Candidate) -> str:
    """The name of the first rule that rejects a candidate, "" if none does."""
    for check in _CHECKS[candidate.form, candidate.kind]:
        if check(candidate):
            return check.__name__
    return ""
