"""Scopes: for every paragraph, whether the report looks back or plans there, and over which years."""

from dataclasses import dataclass, replace
from typing import Final

import regex

from zhreport.document import Document
from zhreport.numerals import parse_numeral

__all__ = ["PLAN_SPANS", "Scope", "plan_span", "scopes"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a part of the report says by default.

    Attributes:
        mode: `review`, `plan` or "" where the report gives no sign.
        first, last: the years that flows and changes belong to; None if unknown.
        why: the words or heading that decided.
    """

    mode: str
    first: int | None
    last: int | None
    why: str


#: First and last year of the five-year plans, by number.
PLAN_SPANS: Final[dict[int, tuple[int, int]]] = {
    1: (1953, 1957),
    2: (1958, 1962),
    3: (1966, 1970),
    4: (1971, 1975),
    **{n: (1976 + 5 * (n - 5), 1980 + 5 * (n - 5)) for n in range(5, 21)},
}
_PLAN_NAME: Final = regex.compile(
    r"([一二三四五六七八九]|十[一二三四五六七]?)五(?=[”’」]|时期|期间|规划|计划|末|收官|以来|开局|[^\u4e00-\u9fff])|第([一二三四五六七八九十]{1,3})个五年(?:计划|规划)"
)


def plan_span(text: str) -> tuple[int, int] | None:
    """Years of the first five-year plan named in a text.

    >>> plan_span("“十四五”时期"), plan_span("第七个五年计划"), plan_span("五年")
    ((2021, 2025), (1986, 1990), None)
    """
    match = _PLAN_NAME.search(text)
    if match is None:
        return None
    return PLAN_SPANS.get(int(parse_numeral(match[1] or match[2])))


_YEAR: Final = regex.compile(r"(?<![0-9])(?:(19[0-9]{2}|20[0-9]{2})|([一二][〇零九八七六五四三二一]{3}))年?")
_REVIEW_WORDS: Final = regex.compile(
    r"回顾|过去|总结|执行情况|完成情况|主要成就|取得的|成就|工作情况|综述|工作成效|公报|以来的"
)
_BUDGET: Final = regex.compile(r"预算(?!执行)|计划(?!执行|完成)")
_PLAN_WORDS: Final = regex.compile(
    r"安排|任务|目标|重点工作|工作重点|总体要求|总体思路|工作思路|建议|部署|打算|下一步|下一年|计划$|政策取向|今后|未来|展望|明年|"
    r"做好.{0,12}工作|举措|主要工作安排|要点|奋斗|工作计划|努力方向|意见"
)
_LONG: Final = regex.compile(
    r"五年|本届政府|任期|[一二三四五六七八九十]五[”’]?(?:时期|期间|规划|计划|”)|三年|四年"
)
_START: Final = r"(?:^|(?<=[。！；]))[—\s]*(?:各位代表[！：，])?(?:回顾|回望|总结|纵观|回眸)?"
_PAST_LONG: Final = regex.compile(
    _START + r"(?:过去(?:的)?(?:这)?[五5]年|[五5]年来|[五5]年间|这[五5]年|本届政府任期"
    r"|(?P<plan>“?[一二三四五六七八九十]{1,2}五”?)(?:时期|期间|以来))"
)
_PAST_YEAR: Final = regex.compile(
    _START + r"(?:过去(?:的)?一年|一年来|刚刚过去的|去年|上年)"
    r"|^(?:各位代表[！：，])?(?P<y>20[0-9]{2}|19[0-9]{2})年(?=[，是以全我])"
)
_PAST_AT_START: Final = regex.compile(r"(?:过去|一年来|五年来|去年|上年|回顾)")
_LOOK_BACK: Final = regex.compile(r"(?:过去(?:的)?一年|一年来|过去五年|五年来)[，,]")
_NEXT: Final = regex.compile(
    _START + r"(?:做好|实现|围绕|按照|根据|为|落实|完成)?"
    r"(?:今年|新的一年|(?P<y>20[0-9]{2}|19[0-9]{2})年|明年|下一步|下一年度?"
    r"|(?P<long>今后五年|未来五年)|上述目标|以上目标|(?P<plan>“?[一二三四五六七八九十]{1,2}五”?)时期)"
    r".{0,40}?"
    r"(?:总体要求|总体思路|主要预期目标|预期目标|主要目标|目标任务|工作任务|重点工作|重点做好|重点抓好|着力抓好|工作总体"
    r"|做好.{0,20}工作|要做好|要抓好|要重点|主要任务|工作安排|我们将|我们要|将[重着坚紧聚]|必须|目标是)"
)


def _years(text: str) -> list[int]:
    return [int(m[1]) if m[1] else int(parse_numeral(m[2])) for m in _YEAR.finditer(text)]


def _heading_scope(heading: str, current: Scope, year: int | None, reviewed: int | None) -> Scope:
    """The scope that a heading sets for what follows."""
    years = _years(heading)
    plan, review = _PLAN_WORDS.search(heading), _REVIEW_WORDS.search(heading)
    span = plan_span(heading)
    if years and year is not None and max(years) >= year and not plan and _BUDGET.search(heading):
        return Scope(mode="plan", first=max(years), last=max(years), why=heading)
    if plan and not years and _LOOKS_BACK.search(heading) and plan.group() != "总结":
        # 成就和任务 in one heading: the sentences decide
        return Scope(mode="", first=reviewed, last=reviewed, why=heading)
    if plan and review and not years:
        plan = None if review.end() > plan.end() and not heading.endswith(("任务", "安排", "目标")) else plan
    if years and year is not None:
        ahead = max(years) >= year if reviewed != year else max(years) > year
        if ahead and not plan and not review and "工作" in heading:
            return Scope(mode="plan", first=max(years), last=max(years), why=heading)
        if plan and ahead and not (review and reviewed is not None and max(years) <= reviewed):
            if span and span[1] >= max(years):  # a five-year plan and the year in one heading
                return Scope(mode="plan", first=span[0], last=span[1], why=heading)
            return Scope(mode="plan", first=max(years), last=max(years), why=heading)
        if plan and not ahead and not review and max(years) < year and current.mode == "plan":
            return current
        if review or not ahead:
            last = max(years)
            first = span[0] if span else min(years)
            if _LONG.search(heading) and not span:
                first = last - 4
            return Scope(
                mode="review", first=first if len(years) > 1 or not span else last, last=last, why=heading
            )
    if plan and not (review and not heading.endswith(("任务", "安排", "目标", "工作"))):
        if span and year is not None and span[1] >= year and not _THIS_YEAR.search(heading):
            return Scope(mode="plan", first=span[0], last=span[1], why=heading)
        if _LONG.search(heading) and year is not None and not _THIS_YEAR.search(heading):
            return Scope(mode="plan", first=year, last=year + 4, why=heading)
        return Scope(mode="plan", first=year, last=year, why=heading)
    if review:
        if span and reviewed is not None:
            return Scope(mode="review", first=span[0], last=min(span[1], reviewed), why=heading)
        if _LONG.search(heading) and reviewed is not None:
            return Scope(mode="review", first=reviewed - 4, last=reviewed, why=heading)
        if review.group() == "综述":  # says nothing of the time
            return Scope(mode="review", first=None, last=None, why=heading)
        return Scope(mode="review", first=reviewed, last=reviewed, why=heading)
    return current


_LOOKS_BACK: Final = regex.compile(r"形势|成就|斗争|经验|情况|现状|过去|[一二三四五十]年来")
_THIS_YEAR: Final = regex.compile(r"今年|本年|当前")


def scopes(document: Document) -> list[Scope]:
    r"""The scope of every paragraph, in order.

    Headings of any level set it; so do the opening words of a paragraph (`过去一年`, `今年工作的总体要求`).

    >>> from zhreport.document import make_document
    >>> d = make_document("一、2023年工作回顾\n增产。\n二、2024年重点工作\n再增产。", year=2024)
    >>> [(s.mode, s.first) for s in scopes(d)]
    [('review', 2023), ('review', 2023), ('plan', 2024), ('plan', 2024)]
    """
    year, reviewed = document.year.value, document.year.reviewed
    own = reviewed if reviewed == year else None  # a summary named after the year it is about
    scope = Scope(mode="", first=own, last=own, why="no sign")
    found: list[Scope] = []
    folded = document.folded
    part = 9  # the level of the heading that set the scope
    marked: Scope | None = None  # set by the opening words of a paragraph, until the next heading
    for paragraph in document.paragraphs:
        line = folded[paragraph.start : paragraph.end]
        if paragraph.heading:
            new = _heading_scope(line, scope, year, reviewed)
            if new is not scope and (paragraph.heading <= part or paragraph.heading < 4 and _years(line)):
                part = min(part, paragraph.heading)
                scope, marked = new, None
            found.append(marked or scope)
            continue
        opening = _opening(line[:110], marked or scope, year, reviewed)
        if opening is not None:
            if opening.mode == "plan" and scope.mode != "plan" and _PAST_AT_START.match(line):
                # it turns from what was done to what is to come
                found.append(replace(marked or scope, mode="review", first=reviewed, last=reviewed))
                marked = opening
                continue
            if opening.mode == "review" and scope.mode == "plan":
                found.append(opening)  # a look back lasts one paragraph
                continue
            heading_years = scope.first == scope.last and _years(scope.why)
            if opening.mode == "plan" and scope.mode == "plan" and heading_years:
                found.append(opening)  # the heading names its year: a look ahead lasts one paragraph
                continue
            if opening.mode != scope.mode:
                scope = opening
            marked = opening
        found.append(marked or scope)
    return found


def _opening(opening: str, scope: Scope, year: int | None, reviewed: int | None) -> Scope | None:
    """The scope that the opening words of a paragraph set, if they set one."""
    if year is None or reviewed is None:
        return None
    if match := _NEXT.search(opening):
        if match["plan"]:
            span = plan_span(match["plan"] + "时期")
            if span is not None and span[1] > year:
                return Scope(mode="plan", first=span[0], last=span[1], why=match.group())
        elif match["long"]:
            return Scope(mode="plan", first=year, last=year + 4, why=match.group())
        else:
            ahead = int(match["y"]) if match["y"] else (year if reviewed != year else year + 1)
            if ahead > reviewed:
                return Scope(mode="plan", first=ahead, last=ahead, why=match.group())
    if scope.mode == "plan" and not _LOOK_BACK.match(opening):
        return None
    if match := _PAST_LONG.search(opening):
        span = plan_span(match["plan"] + "时期") if match["plan"] else (reviewed - 4, reviewed)
        if span is not None and span[0] <= reviewed:
            return Scope(mode="review", first=span[0], last=min(span[1], reviewed), why=match.group())
    if (match := _PAST_YEAR.search(opening)) and (not match["y"] or int(match["y"]) == reviewed):
        return Scope(mode="review", first=reviewed, last=reviewed, why=match.group())
    return None
