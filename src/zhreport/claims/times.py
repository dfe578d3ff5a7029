"""Status, tone and period of a claim: done or planned, how firmly, and for which time."""

from bisect import bisect_right
from collections.abc import Callable
from typing import Final, cast

import regex

from zhreport.claims.phrases import DEEDS
from zhreport.claims.sites import Sentence, Site
from zhreport.document import Year
from zhreport.quantities import DateMention
from zhreport.rules import rule
from zhreport.scope import plan_span

__all__ = ["STATUSES", "is_base", "period_of", "status_of", "tone_of"]

StatusRule = Callable[[Site], str | None]

_TARGET_WORD: Final = regex.compile(
    r"力争|争取(?!资金|上级|到|专项|中央|地方|国家|各类|省级|政策|了)|确保|预期目标|主要目标是?|目标[:：是为]|目标值|(?<![虚模])拟|(?<![初度])计划要求|目标定为|调控目标|(?<![初度动])计划(?:全|今|年|新增|建成|投产|建设|完成|安排|增长|到|开工|实施|筹|达|基本|发行|新建)|"
    r"(?<![即行必务事点名健])将(?!近|军|士|赛|来的|[^，。；]{0,36}(?:列为|作为|纳入|打造|改为|调整为|列入|提升为|建成为|转化|与|作出|确定为|扩大到|用于|投向|投入))|要(?=[^求素点闻塞职道因紧么件])(?<![主重需必首想简提摘概只还不纲])|务必|必须|不得|努力(?:实现|完成|使|达到|争取|把)|(?<![于超符达合稳])预期(?!寿命|偏|转|目标(?:全面)?(?:完成|实现))|至少要|应当|[月年]底(?:以)?前|打算|准备(?:安排|用)|有望|今后(?:五|三|几)年|明年|"
    r"继续(?:保持在|控制在)|奋力|保证完成|到本世纪末|(?<!年)到[二2][0〇零][0-9〇零一二三四五六七八九]{2}年(?:底|末)?[，,要将基力达]"
)
_DONE_WORD: Final = regex.compile(
    r"去年|上年|前年|已(?:经|建|完|达|有|于|开|投|累|形|连|实|成|签|落|入|启|在|培|为)?|截至|累计|目前|过去(?:一|的|五|三|十|几)|实际(?!利用|到位|使用)|原有|一年来|五年来|三年来|现有|近年来|近(?:三|五|两|十|几)年"
)


_DONE_IN_PLAN: Final = regex.compile(
    r"现在|五年来|几年来|多年来|一年来|以来|过去(?:的)?[一两三四五十几]|已(?:由|从|建成|完成|达到?|有|累计|实现|形成|经|开工|签约)|去年|上年(?!度?增长|同期)|截至|目前"
)
_AGAINST_LAST: Final = regex.compile(r"(?:比|较)(?:去年|上年)")
_PAUSE: Final = regex.compile(r"[，；]")
_STOP: Final = regex.compile(r"[；。]")
_OF_NAME: Final = regex.compile(
    r"以来|前的|以前|之前|的基础|建|版|度?“|第|重点|新|省|市|全国(?=文明|重点|百强|十大|先进|优秀|卫生|双拥|一流)|中央|国务院"
)
_FLOW: Final = regex.compile(
    r"新增|新建|完成|实现|合计|投资总额|累计(?:完成|新增|建|投|实|发|改|解|培|开|引|减|投)"
)


_THIS: Final = regex.compile(r"今年|本年度|新的一年")
_DONE_OPENS: Final = regex.compile(r"(?:各位代表[！：])?(?:过去(?:的)?一年|去年|过去五年|五年来|一年来)[，,]")
_REACH: Final = 300  # characters: no word further to the left governs a quantity


def _window(site: Site) -> int:
    return max(site.sentence.start, site.quantity.outer_start - _REACH)


@rule
def base_is_done(site: Site) -> str | None:
    """The start of a change is a fact: 由25元.

    >>> run(base_is_done, "今年补助标准由25元提高到30元")
    ['actual']
    >>> run(base_is_done, "今年补助标准提高到30元")
    []
    """
    return "actual" if site.head_of_run().left.from_base else None


@rule
def said_to_come(site: Site) -> str | None:
    """A modal word, a goal or a coming year in the sentence makes it a target.

    >>> run(said_to_come, "力争粮食产量达到80亿斤")
    ['target']
    >>> run(said_to_come, "粮食产量达到80亿斤")
    []
    """
    at = site.quantity.outer_start
    if _coming_plan(site):
        return "target"
    folded, start = site.sentence.folded, _window(site)
    found = _last_target(site.sentence, start, at)
    if found is None:
        return None
    between = folded[found.end() : at]
    if "；" in between and site.sentence.scope.mode != "plan":
        return None
    if site.sentence.scope.mode == "review":
        # In a review a plan is the exception: it must stand in the same clause or name a coming year.
        if between.count("，") > 2 or _DONE_WORD.search(between):
            return None
        if found.group() in ("要", "必须", "务必") and not _THIS.search(folded, start, at):
            return None
        if found.group().startswith(("确保", "努力", "不得", "奋力", "争取", "继续", "有望")):
            return None
    elif _DONE_WORD.search(between):
        return None
    return "target"


def _last_target(sentence: Sentence, start: int, at: int) -> "regex.Match[str] | None":
    """The last word in `[start, at)` that speaks of what is to come; each sentence is searched once."""
    if sentence.targets is None:
        sentence.targets = list(_TARGET_WORD.finditer(sentence.folded, sentence.start, sentence.end))
    last = bisect_right(sentence.targets, at, key=lambda match: match.end())
    found = sentence.targets[last - 1] if last else None
    return found if found is not None and found.start() >= start else None


def _coming_plan(site: Site) -> bool:
    """Is the last expression of time before the site a plan that is not over (`到“十五五”末`)?"""
    last = site.sentence.year.reviewed
    mentions = _mentions(site)
    if last is None or not mentions or isinstance(mentions[-1][2], DateMention):
        return False
    match = cast("regex.Match[str]", mentions[-1][2])
    span = plan_span(site.sentence.folded[match.start() : match.start() + 12]) if match["plan"] else None
    if span is None or site.sentence.scope.mode == "review":
        return False
    return span[0] > last or (match.group().endswith("末") and span[1] > last)


@rule
def said_to_be_done(site: Site) -> str | None:
    """Words such as 去年 or 已, or a year that is over, make it a fact even in a plan.

    >>> run(said_to_be_done, "去年粮食产量达到80亿斤")
    ['actual']
    >>> run(said_to_be_done, "粮食产量达到80亿斤")
    []
    """
    spoken = site.sentence.folded[_window(site) : site.quantity.outer_start]
    clause = spoken[max(spoken.rfind("；"), spoken.rfind("，", 0, max(0, len(spoken) - 30)), 0) :]
    if site.sentence.scope.mode == "plan":
        if _DONE_OPENS.match(spoken):
            return "actual"
        clause = _PAUSE.split(clause)[-1]
        if clause.endswith("了") or site.left.verb.endswith("了"):
            return "actual"
        return "actual" if _DONE_IN_PLAN.search(clause) and not _AGAINST_LAST.search(clause) else None
    return "actual" if _DONE_WORD.search(clause) and not _AGAINST_LAST.search(clause) else None


@rule
def year_decides(site: Site) -> str | None:
    """Without a scope the year that governs the claim decides.

    >>> run(year_decides, "一九六五年粮食产量达到80亿斤", None)
    ['actual']
    >>> run(year_decides, "粮食产量达到80亿斤", None)
    []
    """
    if site.sentence.scope.mode == "plan":
        year, last = _clause_year(site), site.sentence.scope.last
        return (
            "actual"
            if year is not None and last is not None and year < (site.sentence.scope.first or last)
            else None
        )
    if site.sentence.scope.mode:
        return None
    year, reviewed = _governing_year(site), site.sentence.scope.last
    if year is None:
        return None
    return "target" if reviewed is not None and year > reviewed and year > reviewed + 1 else "actual"


@rule
def part_decides(site: Site) -> str | None:
    r"""The part of the report decides what is left: plans are targets, everything else is a fact.

    >>> run(part_decides, "二、重点工作任务\n新建学校3所。")
    ['target']
    >>> run(part_decides, "")
    []
    """
    return "target" if site.sentence.scope.mode == "plan" else "actual"


#: In this order.
STATUSES: Final[tuple[StatusRule, ...]] = (
    base_is_done,
    said_to_come,
    said_to_be_done,
    year_decides,
    part_decides,
)


def status_of(site: Site) -> tuple[str, str]:
    """Name of the rule and status (`actual` or `target`)."""
    for status in STATUSES:
        verdict = status(site)
        if verdict is not None:
            return status.__name__, verdict
    raise AssertionError("the last rule decides always")


_HARD: Final = regex.compile(r"确保|必须|务必|保证|不低于|不少于|不得|不超过|完成(?!后)|坚决")
_SOFT: Final = regex.compile(r"力争|争取|预期|左右|努力|预计|有望|力促|可望|上下|基本")


def tone_of(site: Site, status: str) -> str:
    """How firm a target is: `hard` (确保, 不低于, 以上), `soft` (力争, 左右, 预期) or "".

    Soft words win: `力争…以上` is an ambition, not a bound.
    """
    if status != "target":
        return ""
    q = site.quantity
    clause = _STOP.split(site.sentence.folded[max(site.sentence.start, q.outer_start - 40) : q.outer_start])[
        -1
    ]
    nearby = clause + site.sentence.folded[q.outer_start : q.outer_end]
    if site.relation == "approx" or _SOFT.search(nearby):
        return "soft"
    if site.relation in ("ge", "le") or _HARD.search(nearby):
        return "hard"
    return ""


# -- periods ---------------------------------------------------------------------------------------

_RELATIVE: Final = regex.compile(
    r"(?=[去上今本年前明下过这未第全“二两三四五六七八九十一0-9连])(?:(?P<last>去年(?!的?同期)|上年(?!的?同期|度?末)|上一年)|(?P<this>今年|本年度?|年内)|(?P<before>前年)|(?P<next>明年|下一年)|"
    r"(?P<span>(?<![0-9〇○零一二三四五六七八九十])(?P<n>[二两三四五六七八九十]|[0-9]{1,2})年(?:来|间|中间|中(?![期国央旬秋小学部级])|时间里|(?=提高|增长|增加|累计|新增|下降|降低|翻|共|净增|分别))|(?P<streak>连续(?P<n5>[二两三四五六七八九十]|[0-9]{1,2})年)|(?:过去(?:的)?|近)(?P<n2>[二两三四五十]|[0-9]{1,2})年|(?:这|前)(?P<n3>[三四五])年|本届政府)|"
    r"(?P<future>(?:今后|未来)(?P<n4>[三五十]|[0-9])年)|"
    r"(?P<plan>“?十[一二三四五六七]五”?(?:时期|期间|规划|计划|末|以来|收官|”)|“?[一二三四五六七八九]五”?(?:时期|期间|计划|末)|第[一二三四五六七八九十]{1,3}个五年计划)|"
    r"(?P<century>本世纪末)|(?P<half>上半年|下半年)|(?P<all>全年)|(?P<quarter>(?:[一二三四]|第[一二三四]|前[二三])季度))"
)
_COMPARED: Final = regex.compile(
    r"(?:比|较|同|与|以|于|超过|高于|快于|低于|优于|相当于|恢复[到至]|是|为|占)“?$"
)
_UNTIL: Final = regex.compile(r"到$|至$|截至$|截止$|截止到$")
_QUARTERS: Final = {"一": ("01", "03"), "二": ("04", "06"), "三": ("07", "09"), "四": ("10", "12")}
_STOCK: Final = regex.compile(
    r"到$|至$|^达|达$|达到|总数|总量|累计|保持|稳定|为$|超过?$|突破|跨越|迈[上过]|站上|跃上|跨[上过]|越过|拥有|共有|余额|保有"
)


def is_base(folded: str, date: DateMention) -> bool:
    """Is a calendar expression what something is compared with (`比1955年`), or part of a name?"""
    return (
        _COMPARED.search(folded, max(0, date.start - 4), date.start) is not None
        or _OF_NAME.match(folded, date.end) is not None
    )


def _in_title(folded: str, start: int, at: int) -> bool:
    return folded.rfind("《", start, at) > folded.rfind("》", start, at)


def _times(sentence: Sentence) -> list[tuple[int, int, object]]:
    """Expressions of time in a sentence, in order: start, end, and the date or match."""
    if sentence.times is not None:
        return sentence.times
    folded, start = sentence.folded, sentence.start
    found: list[tuple[int, int, object]] = [
        (date.start, date.end, date) for date in sentence.dates if not is_base(folded, date)
    ]
    found.extend(
        (match.start(), match.end(), match)
        for match in _RELATIVE.finditer(folded, start, sentence.end)
        if not _COMPARED.search(folded, max(start, match.start() - 4), match.start())
        and not _in_title(folded, max(start, match.start() - 80), match.start())
    )
    found.sort(key=lambda item: item[0])
    sentence.times = found
    return found


_NEAREST: Final = 12  # expressions of time: bounds the work on hostile sentences


def _mentions(site: Site) -> list[tuple[int, int, object]]:
    """The expressions of time before the site that can govern it."""
    times = _times(site.sentence)
    if not times:
        return times
    folded, at = site.sentence.folded, site.quantity.outer_start
    last = bisect_right(times, at, key=lambda item: item[1])
    times = times[max(0, last - _NEAREST) : last]
    based = site.head_of_run().left.from_base
    return [
        item
        for item in times
        if "基础上" not in folded[item[1] : at]
        and (
            based
            or folded[item[0] - 1 : item[0]] not in ("由", "从")
            or (isinstance(item[2], DateMention) and item[2].last_year is not None)
        )
        and not (
            not isinstance(item[2], DateMention)
            and item[2]["streak"]  # type: ignore[index]
            and _PAUSE.search(folded, item[1], at)
        )
    ]


def _clause_year(site: Site) -> int | None:
    """The year that opens a clause (`2023年，`): in a plan a year elsewhere belongs to a noun."""
    folded = site.sentence.folded
    for _, end, date in reversed(_mentions(site)):
        if isinstance(date, DateMention) and date.year:
            if (
                site.quantity.outer_start - end < _BESIDE
                and folded[date.start - 1 : date.start] in _REACHED_IN
            ):
                return date.year  # 下降到一九八二年的25%
            opens = date.start == site.sentence.start or folded[date.start - 1] in "，；。：、"
            said = _SAID_OF_YEAR.match(folded, end) is not None
            return date.year if opens and said else None
    return None


_REACHED_IN: Final = frozenset("到至是为")
_BESIDE: Final = 3  # characters: 的 at most stands between
_SAID_OF_YEAR: Final = regex.compile(
    r"[，全我末底]|(?:又|仍|只|已|就|共)?(?:上升|下降|增长|增加|减少|提高|降低|达到|达|完成|实现|亏损|盈利)"
)


def _governing_year(site: Site) -> int | None:
    years = [
        date.last_year or date.year
        for _, _, date in _mentions(site)
        if isinstance(date, DateMention) and date.year
    ]
    return years[-1] if years else site.sentence.year_before


def _span(first: int | None, last: int | None) -> str:
    if first is None or last is None:
        return str(last) if last is not None else ""
    return str(last) if first == last else f"{first}/{last}"


def period_of(site: Site, year: Year, status: str) -> tuple[str, str]:
    """Name of what decided (`said`, `base`, `part`) and the period, ISO style, "" if unknown."""
    reviewed, own = year.reviewed, year.value
    stock = _is_stock(site)
    if (
        site.unit == "年"
        and site.sentence.folded[site.quantity.outer_start - 2 : site.quantity.outer_start] == "连续"
    ):
        count = site.quantity.value
        if reviewed is not None and count is not None:
            return "said", _span(reviewed - int(count) + 1, reviewed)
    if (
        site.kind == "change"
        and reviewed is not None
        and status == "actual"
        and _NAMED_BASE.search(
            site.sentence.folded, site.head_of_run().left_start, site.head_of_run().quantity.outer_start
        )
    ):
        return "base", str(site.sentence.scope.last or reviewed)
    current = own if status == "target" else reviewed
    if site.sentence.scope.mode == "plan" and status == "target" and site.sentence.scope.last is not None:
        current = site.sentence.scope.last if site.sentence.scope.first == site.sentence.scope.last else own
    if site.head_of_run().left.from_base and not _own_date(site):
        return "base", _base_period(site)
    every_year = site.kind == "change" and _EVERY_YEAR.search(site.head_of_run().left_text)
    for place, _, value in reversed(_mentions(site)):
        if isinstance(value, DateMention):
            if every_year and value.last_year is None and value.month is None and status == "actual":
                continue  # 2000年达到…，平均每年增长: one year has no yearly average
            if value.year is not None and status == "target" and current is not None and value.year < current:
                continue  # 推进2023年棚改项目: a past year in a plan belongs to a noun
            period = _date_period(site, value, current, stock)
        else:
            period = _word_period(site, place, cast("regex.Match[str]", value), current, year, stock)
        if period is not None:
            return "said", period
    scope = site.sentence.scope
    if not scope.mode and scope.last is None:
        return "carried", str(site.sentence.year_before) if site.sentence.year_before is not None else ""
    if status == "target" and scope.mode != "plan":
        return "part", str(own) if own is not None else ""
    if status == "actual" and scope.mode == "plan":
        return "part", str(reviewed) if reviewed is not None else ""
    if scope.first is None or scope.last is None:
        return "part", ""
    if scope.first != scope.last and stock:
        return "part", str(scope.last)
    if scope.first == scope.last and every_year:
        # a yearly average never means one year; the term of a government is five
        return "part", _span(scope.last - 4, scope.last) if scope.mode != "plan" else _span(
            scope.last, scope.last + 4
        )
    return "part", _span(scope.first, scope.last)


# these say how things are, though they are verbs: 养老保险覆盖9亿人
_STATES: Final = frozenset("覆盖 参保 在校 保有 入驻 挂牌 享受 流转 就业 联网".split())
_PASSED: Final = frozenset("突破 超 超过 逾 跨越 迈上 站上 跃上 跨上".split())
_EVERY_YEAR: Final = regex.compile(r"年均|每年|平均每年")
_NAMED_BASE: Final = regex.compile(r"(?:比|较)(?:19|20)[0-9]{2}年")


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
        and site.sentence.scope.mode != "plan"
    ):
        if site.previous is not None and (site.before == "、" or site.left_text.lstrip().startswith("其中")):
            return _is_stock(site.previous)  # 新增公路19万公里，其中高速公路3万公里
        # 装机规模3亿千瓦: what is stated without a verb is stated as it stands; not 危房改造3万户
        last = site.sentence.reader.words(left.noun)[-1]
        return last in _STATES or site.sentence.reader.class_of(last) not in DEEDS
    return bool(_STOCK.search(left.verb)) or bool(_STOCK.search(text[-3:])) or site.kind == "share"


def _own_date(site: Site) -> bool:
    segment = site.head_of_run()
    return any(segment.left_start <= d.start < site.quantity.start for d in site.sentence.dates if d.year)


def _base_period(site: Site) -> str:
    for date in reversed(site.sentence.dates):
        if date.end <= site.quantity.start and date.year and date.last_year:
            return str(date.year)  # 从1978年到1983年，由X提高到Y
    scope, folded = site.sentence.scope, site.sentence.folded
    for date in site.sentence.dates:  # 同一九七八年相比，…由
        if date.year and date.end <= site.quantity.start and _AGAINST.match(folded, date.end):
            if folded[date.start - 1 : date.start] in _BESIDE_BASE:
                return str(date.year)
    if scope.first is None:
        return ""
    return str(scope.first - 1)


_BESIDE_BASE: Final = frozenset("同与比较和跟")
_AGAINST: Final = regex.compile(r"的?(?:相比|比较|比)")


_MONTH_REACHES: Final = 2  # clauses: further on a month no longer dates what is said


def _date_period(site: Site, date: DateMention, current: int | None, stock: bool) -> str | None:
    """A calendar expression as a period; None where it does not say one."""
    base = date.year if date.year is not None else current
    if base is None:
        return None
    if date.last_year is not None:
        return str(date.last_year) if stock else _span(base, date.last_year)
    if date.month is None:
        return str(base)
    first = f"{base}-{date.month:02d}"
    if site.sentence.folded.count("，", date.end, site.quantity.start) > _MONTH_REACHES:
        return None
    if _UNTIL.search(site.sentence.folded, max(0, date.start - 3), date.start):
        return first
    if date.year is None and site.sentence.scope.mode == "plan":
        return None
    return f"{first}/{base}-{date.last_month:02d}" if date.last_month is not None else first


_COUNTS: Final = {c: i for i, c in enumerate("零一二三四五六七八九十")} | {"两": 2}


def _count(text: str) -> int:
    return _COUNTS.get(text) or int(text)


def _word_period(
    site: Site, place: int, match: "regex.Match[str]", current: int | None, year: Year, stock: bool
) -> str | None:
    """A relative expression of time as a period; None where it does not say one."""
    own, reviewed = year.value, year.reviewed
    if own is None or reviewed is None:
        span = plan_span(match.group()) if match["plan"] else None
        return _span(*span) if span else None
    if match["last"]:
        return str(own - 1)
    if match["this"] and match["this"].startswith("本年") and _governing_year(site) is not None:
        return None  # 1955年…本年收入: the year named before
    if match["this"] == "今年" and site.sentence.scope.mode == "review":
        return None
    if match["this"]:
        return str(current if match["this"] == "年内" and current is not None else own)
    if match["before"]:
        return str(own - 2)
    if match["next"]:
        return str(own + 1)
    if match["span"]:
        years = _count(match["n"] or match["n2"] or match["n3"] or match["n5"] or "五")
        return str(reviewed) if stock and not match["streak"] else _span(reviewed - years + 1, reviewed)
    if match["future"]:
        years = _count(match["n4"])
        return str(own + years - 1) if stock else _span(own, own + years - 1)
    if match["plan"]:
        return _plan_period(site, place, match, reviewed, stock)
    if match["century"]:
        return str(-(-own // 100) * 100)
    if match["all"]:
        return str(_governing_year(site) or (own if site.sentence.scope.mode == "plan" else reviewed))
    if current is None:
        return None
    current = _year_right_before(site.sentence.folded, match.start(), own) or current
    if match["half"]:
        return f"{current}-01/{current}-06" if match["half"][0] == "上" else f"{current}-07/{current}-12"
    if match["quarter"]:
        word = match["quarter"]
        if word.startswith("前"):
            return f"{current}-01/{current}-{'06' if '二' in word else '09'}"
        first, last = _QUARTERS[word.removeprefix("第")[0]]
        return f"{current}-{first}/{current}-{last}"
    return None


def _year_right_before(folded: str, at: int, own: int) -> int | None:
    """The year of 今年上半年 and 1980年上半年."""
    match = _YEAR_BEFORE.match(folded, max(0, at - 5), at)
    if match is None:
        return None
    if match[1]:
        return int(match[1])
    return own - 1 if match[0] in ("去年", "上年") else own


_YEAR_BEFORE: Final = regex.compile(r"(?r)(?:((?:19|20)[0-9]{2})年|今年|去年|上年)")


def _plan_period(site: Site, place: int, match: "regex.Match[str]", reviewed: int, stock: bool) -> str | None:
    span = plan_span(site.sentence.folded[place : place + 12])
    if span is None:
        return None
    first, last = span
    ahead = site.sentence.scope.mode == "plan"
    if not ahead and first <= reviewed:
        last = min(last, reviewed)
    if match.group().endswith("末") or stock:
        return str(last)
    return _span(first, last)
