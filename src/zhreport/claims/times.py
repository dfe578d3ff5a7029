"""Status, tone and period of a claim: done or planned, how firmly, and for which time."""

from collections.abc import Callable
from typing import Final

import regex

from zhreport.claims.scope import plan_span
from zhreport.claims.sites import Site
from zhreport.document import Year
from zhreport.rules import rule

__all__ = ["STATUSES", "period_of", "status_of", "tone_of"]

StatusRule = Callable[[Site], str | None]

_TARGET_WORD: Final = regex.compile(
    r"力争|争取(?!资金|上级|到|专项|中央|地方|国家|各类|省级|政策|了)|确保|预期目标|主要目标是?|目标[:：是为]|目标值|拟|计划(?:新增|建成|投产|建设|完成|安排|投资|增长|到|开工|实施|筹|达|总投资|用|在|基本|发行|新)|"
    r"(?<![即行必务事])将(?!军|士|来的|[^，。]{0,18}(?:列为|作为|纳入|打造|改为|调整为|列入|提升为|建成为|转化|与))|要(?=[^求素点闻塞职道因紧么件])(?<![主重需必首想简提摘概只还不纲])|务必|必须|不得|努力(?:实现|完成|使|达到|争取|把)|预期(?!寿命)|至少要|应当|打算|准备(?:安排|用)|规划(?:建设|新建|到)|有望|今后(?:五|三|几)年|明年|"
    r"继续(?:保持在|控制在)|奋力|保证完成|到[二2][0〇零][0-9〇零一二三四五六七八九]{2}年(?:底|末)?[，,要将基力达]"
)
_DONE_WORD: Final = regex.compile(
    r"去年|上年|前年|已(?:经|建|完|达|有|于|开|投|累|形|连|实|成|签|落|入|启|在|培|为)?|截至|累计|目前|过去(?:一|的|五|三|十|几)|实际(?!利用|到位|使用)|原有|一年来|五年来|三年来|现有|近年来|近(?:三|五|两|十|几)年"
)


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
    start = site.sentence[0]
    spoken = site.folded[start:at]
    found = None
    for found in _TARGET_WORD.finditer(spoken):
        pass
    if found is None:
        return None
    between = spoken[found.end() :]
    if "；" in between and site.scope.mode != "plan":
        return None
    if site.scope.mode == "review":
        # In a review a plan is the exception: it must stand in the same clause or name a coming year.
        if between.count("，") > 2 or _DONE_WORD.search(between) or found.group() in ("要", "必须", "务必"):
            return None
        if found.group().startswith(("确保", "努力", "不得", "奋力", "争取", "继续")):
            return None
    elif _DONE_WORD.search(between):
        return None
    return "target"


@rule
def said_to_be_done(site: Site) -> str | None:
    """Words such as 去年 or 已, or a year that is over, make it a fact even in a plan.

    >>> run(said_to_be_done, "去年粮食产量达到80亿斤")
    ['actual']
    >>> run(said_to_be_done, "粮食产量达到80亿斤")
    []
    """
    start, at = site.sentence[0], site.quantity.outer_start
    spoken = site.folded[start:at]
    clause = spoken[max(spoken.rfind("；"), spoken.rfind("，", 0, max(0, len(spoken) - 30)), 0) :]
    if site.scope.mode == "plan":
        clause = regex.split(r"[，；]", clause)[-1]
        if regex.search(r"已(?:建成|完成|达到?|有|累计|实现|形成|经|开工|签约)|去年|上年(?!度?增长|同期)|截至|目前", clause) and not regex.search(r"(?:比|较|在)(?:去年|上年)", clause):
            return "actual"
        return None
    return "actual" if _DONE_WORD.search(clause) and not regex.search(r"比(?:去年|上年)", clause) else None


@rule
def year_decides(site: Site) -> str | None:
    """Without a scope the year that governs the claim decides.

    >>> run(year_decides, "一九六五年粮食产量达到80亿斤")
    ['actual']
    >>> run(year_decides, "粮食产量达到80亿斤")
    []
    """
    if site.scope.mode == "plan":
        year, last = _governing_year(site), site.scope.last
        return "actual" if year is not None and last is not None and year < (site.scope.first or last) else None
    if site.scope.mode:
        return None
    year, reviewed = _governing_year(site), site.scope.last
    if year is None:
        return None
    return "target" if reviewed is not None and year > reviewed and year > reviewed + 1 else "actual"


@rule
def part_decides(site: Site) -> str | None:
    """The part of the report decides what is left: plans are targets, everything else is a fact.

    >>> run(part_decides, "二、重点工作任务\\n新建学校3所。")
    ['target']
    >>> run(part_decides, "")
    []
    """
    return "target" if site.scope.mode == "plan" else "actual"


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
    clause = regex.split(r"[；。]", site.folded[max(site.sentence[0], q.outer_start - 40) : q.outer_start])[-1]
    nearby = clause + site.folded[q.outer_start : q.outer_end]
    if site.relation == "approx" or _SOFT.search(nearby):
        return "soft"
    if site.relation in ("ge", "le") or _HARD.search(nearby):
        return "hard"
    return ""


# -- periods ---------------------------------------------------------------------------------------

_RELATIVE: Final = regex.compile(
    r"(?P<last>去年|上年(?!同期|度?末)|上一年)|(?P<this>今年|本年度?|年内)|(?P<before>前年)|(?P<next>明年|下一年)|"
    r"(?P<span>(?<![0-9])(?P<n>[二两三四五六七八九十]|[0-9]{1,2})年(?:来|间|时间里|(?=提高|增长|增加|累计|新增|下降|降低|翻|共|净增|分别))|(?P<streak>连续(?P<n5>[二两三四五六七八九十]|[0-9]{1,2})年)|过去(?:的)?(?P<n2>[三四五十])年|(?:这|前)(?P<n3>[三四五])年|本届政府)|"
    r"(?P<future>(?:今后|未来)(?P<n4>[三五十]|[0-9])年)|"
    r"(?P<plan>“?(?:十[一二三四五六七]|[一二三四五六七八九])五”?(?:时期|期间|规划|计划|末|以来|收官|”)|第[一二三四五六七八九十]{1,3}个五年计划)|"
    r"(?P<half>上半年|下半年)|(?P<quarter>(?:[一二三四]|第[一二三四]|前[二三])季度)|(?P<year_all>全年)"
)
_COMPARED: Final = regex.compile(r"(?:比|较|同|与|以|于|超过|高于|快于|低于|优于|相当于|恢复到|是|为|占)“?$")
_UNTIL: Final = regex.compile(r"到$|至$|截至$|截止$|截止到$")
_QUARTERS: Final = {"一": ("01", "03"), "二": ("04", "06"), "三": ("07", "09"), "四": ("10", "12")}
_STOCK: Final = regex.compile(r"到$|至$|^达|达$|达到|总数|总量|累计|保持|稳定|为$|超过?$|突破|拥有|共有|余额|保有")


def _mentions(site: Site) -> list[tuple[int, str, object]]:
    """Expressions of time before the site in its sentence, in order: place, sort, value."""
    start, at = site.sentence[0], site.quantity.outer_start
    found: list[tuple[int, str, object]] = []
    for date in site.dates:
        if date.end <= at and not (
            site.folded[date.start - 1 : date.start] in ("由", "从") and not site.head_of_run().left.from_base
        ) and not _COMPARED.search(site.folded, max(start, date.start - 4), date.start):
            if not regex.match(r"(?:以来|前|以前|的基础|建|版|度?“|第|重点|新|省|市|全国|中央|国务院)", site.folded[date.end : date.end + 4]):
                found.append((date.start, "date", date))
    spoken = site.folded[start:at]
    for match in _RELATIVE.finditer(spoken):
        if not _COMPARED.search(spoken, max(0, match.start() - 4), match.start()):
            if match["streak"] and regex.search("[，；]", spoken[match.end() :]):
                continue
            found.append((start + match.start(), "word", match))
    found.sort(key=lambda item: item[0])
    return found


def _governing_year(site: Site) -> int | None:
    years = [date.last_year or date.year for _, sort, date in _mentions(site) if sort == "date" and date.year]  # type: ignore[attr-defined]
    return years[-1] if years else site.year_before


def _span(first: int | None, last: int | None) -> str:
    if first is None or last is None:
        return str(last) if last is not None else ""
    return str(last) if first == last else f"{first}/{last}"


def period_of(site: Site, year: Year, status: str) -> tuple[str, str]:
    """Name of what decided (`said`, `base`, `part`) and the period, ISO style, "" if unknown."""
    reviewed, own = year.reviewed, year.value
    stock = _is_stock(site)
    if site.unit == "年" and site.folded[site.quantity.outer_start - 2 : site.quantity.outer_start] == "连续":
        count = site.quantity.value
        if reviewed is not None and count is not None:
            return "said", _span(reviewed - int(count) + 1, reviewed)
    if site.kind == "change" and reviewed is not None and status == "actual" and _NAMED_BASE.search(
        site.folded, site.head_of_run().left_start, site.head_of_run().quantity.outer_start
    ):
        return "base", str(site.scope.last or reviewed)
    current = own if status == "target" else reviewed
    if site.scope.mode == "plan" and status == "target" and site.scope.last is not None:
        current = site.scope.last if site.scope.first == site.scope.last else own
    if site.head_of_run().left.from_base and not _own_date(site):
        return "base", _base_period(site, reviewed, own)
    for place, sort, value in reversed(_mentions(site)):
        period = _read(site, place, sort, value, current, reviewed, own, stock)
        if period is not None:
            return "said", period
    scope = site.scope
    if not scope.mode and scope.last is None:
        return "carried", str(site.year_before) if site.year_before is not None else ""
    if status == "target" and scope.mode != "plan":
        return "part", str(own) if own is not None else ""
    if status == "actual" and scope.mode == "plan":
        return "part", str(reviewed) if reviewed is not None else ""
    if scope.first is None or scope.last is None:
        return "part", ""
    if scope.first != scope.last and stock:
        return "part", str(scope.last)
    return "part", _span(scope.first, scope.last)


_NAMED_BASE: Final = regex.compile(r"(?:比|较)(?:19|20)[0-9]{2}年")


def _is_stock(site: Site) -> bool:
    left = site.head_of_run().left
    if site.kind == "rank":
        return True
    if site.kind == "change":
        return False
    text = site.head_of_run().left_text.strip()
    if regex.search(r"新增|新建|完成|实现|合计|累计(?:完成|新增|建|投|实|发|改|解|培|开|引|减|投)", text):
        return False
    return bool(_STOCK.search(left.verb)) or bool(_STOCK.search(text[-3:])) or site.kind == "share"


def _own_date(site: Site) -> bool:
    segment = site.head_of_run()
    return any(segment.left_start <= d.start < site.quantity.start for d in site.dates if d.year)


def _base_period(site: Site, reviewed: int | None, own: int | None) -> str:
    scope = site.scope
    if scope.mode == "plan" and site.scope.first is not None:
        return str(site.scope.first - 1)
    if scope.first is None:
        return ""
    return str(scope.first - 1)


def _read(
    site: Site,
    place: int,
    sort: str,
    value: object,
    current: int | None,
    reviewed: int | None,
    own: int | None,
    stock: bool,
) -> str | None:
    """One expression of time as a period; None where it does not say one."""
    folded = site.folded
    if sort == "date":
        date = value
        year = date.year  # type: ignore[attr-defined]
        base = year if year is not None else current
        if base is None:
            return None
        until = _UNTIL.search(folded, max(0, place - 3), place) is not None
        if date.last_year is not None:  # type: ignore[attr-defined]
            return _span(base, date.last_year)  # type: ignore[attr-defined]
        if date.month is not None and not until:  # type: ignore[attr-defined]
            if year is None and site.scope.mode == "plan":
                return None
            first = f"{base}-{date.month:02d}"  # type: ignore[attr-defined]
            if date.last_month is not None:  # type: ignore[attr-defined]
                return f"{first}/{base}-{date.last_month:02d}"  # type: ignore[attr-defined]
            return first
        if date.month is not None:  # type: ignore[attr-defined]
            return f"{base}-{date.month:02d}"  # type: ignore[attr-defined]
        return str(base)
    match = value
    name = next((k for k in ("last", "this", "before", "next", "span", "future", "plan", "half", "quarter", "year_all") if match[k]), "")  # type: ignore[index]
    if name == "last":
        return str(own - 1) if own is not None else None
    if name == "this":
        if match["this"] == "年内":  # type: ignore[index]
            return str(current) if current is not None else None
        return str(own) if own is not None else None
    if name == "before":
        return str(own - 2) if own is not None else None
    if name == "next":
        return str(own + 1) if own is not None else None
    if name == "year_all":
        return None
    if name == "span" and reviewed is not None:
        count = match["n"] or match["n2"] or match["n3"] or match["n5"] or "五"  # type: ignore[index]
        years = {"两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}.get(count) or (int(count) if str(count).isdecimal() else 5)
        return str(reviewed) if stock and not match["streak"] else _span(reviewed - years + 1, reviewed)  # type: ignore[index]
    if name == "future" and own is not None:
        count = match["n4"]  # type: ignore[index]
        years = {"三": 3, "五": 5, "十": 10}.get(count) or int(count)
        return str(own + years - 1) if stock else _span(own, own + years - 1)
    if name == "plan":
        span = plan_span(folded[place : place + 12])
        if span is None:
            return None
        first, last = span
        if match.group().endswith("末") or stock:  # type: ignore[attr-defined]
            return str(min(last, reviewed) if reviewed is not None and site.scope.mode != "plan" else last)
        if reviewed is not None and site.scope.mode != "plan" and first <= reviewed:
            last = min(last, reviewed)
        return _span(first, last)
    if name == "half" and current is not None:
        return f"{current}-01/{current}-06" if match["half"][0] == "上" else f"{current}-07/{current}-12"  # type: ignore[index]
    if name == "quarter" and current is not None:
        word = match["quarter"]  # type: ignore[index]
        if word.startswith("前"):
            return f"{current}-01/{current}-{'06' if '二' in word else '09'}"
        first, last = _QUARTERS[word.removeprefix("第")[0]]
        return f"{current}-{first}/{current}-{last}"
    return None
