"""Periods: the time that a claim is about."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from zhreport.quantities import DateMention
from zhreport.rules import rule
from zhreport.timeframe.place import BASED, Expression, Place, Surroundings, find_expressions
from zhreport.timeframe.scopes import is_before, plan_span
from zhreport.timeframe.status import Said, TimeRule
from zhreport.timeframe.time_words import alternation, class_pattern, count_of, members, time_pattern
from zhreport.timeframe.years import years_in
from zhreport.words.lexicon import package_template
from zhreport.words.numerals import parse_numeral

__all__ = ["PERIODS"]


_MONTH_REACHES: Final = 3  # clauses: further on a month no longer dates what is said
_NAMED_BASE: Final = time_pattern("time.named_base")
_UNTIL: Final = re.compile(rf"{alternation('reached.until')}$")
_QUARTERS: Final = (("01", "03"), ("04", "06"), ("07", "09"), ("10", "12"))


def _span(first: int | None, last: int | None) -> str:
    if first is None or last is None:
        return str(last) if last is not None else ""
    return str(last) if first == last else f"{first}/{last}"


def _over(place: Place, at: int, first: int, last: int) -> str:
    """The years of what was added over a span that ends at a place, the last of what was reached in it."""
    added = "累计" in place.clause or (
        class_pattern("stock.sums").search(place.sentence.folded, at, place.start)
        and not class_pattern("stock.level").search(place.clause)
    )
    return str(last) if place.is_stock and not added else _span(first, last)


def _current(place: Place) -> int | None:
    """The year that a month or a half of a year without one belongs to."""
    year, scope = place.sentence.year, place.sentence.scope
    if scope.first is not None and scope.first == scope.last:
        return scope.last if scope.mode or place.status != "target" else year.planned
    return year.planned if place.status == "target" else year.reviewed


def _every_year(place: Place) -> bool:
    return place.kind == "change" and class_pattern("stock.every_year").search(place.clause) is not None


@rule(in_streak=(True,))
def streak(place: Place) -> Said | None:
    """连续3年 is about those years, up to the one under review.

    >>> run(streak, "粮食总产连续3年居全省第一")
    [('2022/2024', '连续3年')]
    >>> run(streak, "粮食总产居全省第一")
    []
    """
    if place.sentence.year.speaks is None:
        return None
    last = _streak_last(place)
    return _span(last - place.streak + 1, last), place.sentence.folded[place.start - 2 : place.end]


@rule(is_base=(True,))
def start_of_change(place: Place) -> Said | None:
    """The start of a change has the time before it: 由2020年的25元, else the year before the part's.

    >>> run(start_of_change, "各位代表：去年补助标准由25元提高到30元")
    [('2022', '由')]
    >>> run(start_of_change, "去年补助标准提高到30元")
    []
    """
    sentence = place.sentence
    if any(place.clause_start <= date.start < place.core for date in sentence.dates if date.year):
        return None
    for date in reversed(sentence.dates):
        if date.end <= place.core and date.year and date.last_year:
            return str(date.year), sentence.folded[date.start : date.end]  # 从1978年到1983年，由X提高到Y
    for date in sentence.dates:  # 同一九七八年相比，…由
        if (
            date.year
            and date.end <= place.core
            and class_pattern("base.against").match(sentence.folded, date.end)
        ):
            if sentence.folded[date.start - 1 : date.start] in _BESIDE_BASE:
                return str(date.year), sentence.folded[date.start : date.end]
    first = sentence.scope.first
    return ("" if first is None else str(first - 1)), "由"


_BESIDE_BASE: Final = members()["base.beside"]


@rule(kind=("change",))
def named_base(place: Place) -> Said | None:
    """A growth against a named year is about the year of the part: 比2012年增长3倍.

    >>> run(named_base, "各位代表：过去一年，粮食产量比2012年增长3倍")
    [('2023', '比2012年')]
    >>> run(named_base, "粮食产量增长3倍")
    []
    """
    if place.status != "actual" or not place.sentence.scope.mode:
        return None
    base = _NAMED_BASE.search(place.sentence.folded, place.clause_start, place.start)
    reviewed = place.sentence.year.reviewed
    if base is None or reviewed is None:
        return None
    return str(place.sentence.scope.last or reviewed), base.group()


@rule
def said(place: Place) -> Said | None:
    """The nearest expression of time before the figure in its sentence that says one.

    >>> run(said, "2022年粮食产量80亿斤，今年1—8月出口3亿元")
    [('2022', '2022年'), ('2024-01/2024-08', '1—8月')]
    >>> run(said, "粮食产量比2022年增加2亿斤")
    []
    """
    times = place.expressions
    if not times:
        return None
    folded, current = place.sentence.folded, _current(place)
    for item in reversed(times):
        if item.date is not None:
            period = _of_date(place, item.date, current)
        else:
            period = _of_word(place, item)
        if period is not None:
            return period, folded[item.start : item.end]
    return None


def _of_date(place: Place, date: DateMention, current: int | None) -> str | None:
    """A calendar expression as a period; None where it does not say one."""
    if date.year is not None and not _dates(place, date, current):
        return None
    base = date.year if date.year is not None else _beside(place, date.start) or current
    if base is None:
        return None
    if date.last_year is not None:
        if date.month and date.last_month:
            return f"{base}-{date.month:02d}/{date.last_year}-{date.last_month:02d}"
        return _over(place, date.end, base, date.last_year)
    return str(base) if date.month is None else _of_month(place, date, base)


def _dates(place: Place, date: DateMention, current: int | None) -> bool:
    """Does a named year date the figure, or something else in the sentence?"""
    if place.status == "target":
        # 推进2023年棚改项目: a past year in a plan belongs to a noun
        return current is None or (date.last_year or date.year or current) >= current
    # 2000年达到…，平均每年增长: one year has no yearly average
    return date.last_year is not None or date.month is not None or not _every_year(place)


def _of_month(place: Place, date: DateMention, base: int) -> str | None:
    """A month, or some of a year, as a period; None where a figure stands too far behind it.

    What happened on a day is told to the end of the sentence.
    """
    folded = place.sentence.folded
    if folded[date.end - 1] != "日" and folded.count("，", date.end, place.core) > _MONTH_REACHES:
        return None
    first = f"{base}-{date.month:02d}"
    if _UNTIL.search(folded, max(0, date.start - 3), date.start):
        return first
    if date.year is None and place.sentence.scope.mode == "plan" and place.status == "target":
        return None
    return f"{first}/{base}-{date.last_month:02d}" if date.last_month is not None else first


_YEAR_BEFORE: Final = time_pattern("time.year_before")


def _beside(place: Place, at: int) -> int | None:
    """The year of 今年上半年, 去年5月 and 1980年一季度."""
    match = _YEAR_BEFORE.match(place.sentence.folded, max(0, at - 8), at)
    speaks = place.sentence.year.speaks
    if match is None:
        return None
    if match[1]:
        return int(parse_numeral(match[1]))
    if speaks is None:
        return None
    return speaks if match[2] else speaks - 1 if match[3] else speaks + 1


def _of_word(place: Place, item: Expression) -> str | None:
    """A word of time as a period; None where it does not say one."""
    year = place.sentence.year
    word = place.sentence.folded[item.start : item.end]
    if "time.plan" in item.classes:
        return _of_plan(place, item)
    if year.speaks is None:
        return None
    for name, period in _WORDS.items():
        if name in item.classes:
            return period(place, item, word)
    return None


def _of_plan(place: Place, item: Expression) -> str | None:
    folded, reviewed = place.sentence.folded, place.sentence.year.reviewed
    span = plan_span(folded[item.start : item.start + 12])
    if span is None:
        return None
    first, last = span
    if (
        reviewed is not None
        and place.sentence.scope.mode != "plan"
        and place.status != "target"
        and first <= reviewed
    ):
        last = min(last, reviewed)
    if _every_year(place) and folded[item.end - 1] == "末":
        return None
    return str(last) if folded[item.end - 1] == "末" else _over(place, item.end, first, last)


def _plus(years: int) -> Callable[[Place, Expression, str], str | None]:
    """The year that 今年 means, some years on."""

    def period(place: Place, _: Expression, word: str) -> str | None:
        speaks = place.sentence.year.speaks
        assert speaks is not None
        if word.startswith("本年") and any(item.date and item.date.year for item in place.expressions):
            return None  # 1955年…本年收入: the year named before
        if word == "年内":
            return str(_current(place) or speaks)
        if years == 0 and place.sentence.scope.mode == "plan" and place.status == "target":
            planned = place.sentence.year.planned  # 今年 in the plan of a summary
            return str(planned if planned is not None else speaks)
        return str(speaks + years)

    return period


def _own_last(place: Place) -> int:
    """The year that a span of years up to now ends with."""
    year = place.sentence.year
    last = year.reviewed if year.reviewed is not None else year.speaks
    assert last is not None
    return last


def _streak_last(place: Place) -> int:
    """The year that a streak ends with: the one named before it where no part decides."""
    sentence = place.sentence
    if not sentence.scope.mode:
        dates = [*(item.date for item in place.expressions if item.date), *reversed(sentence.before)]
        for date in dates:
            near = date.start >= sentence.start - _CARRIES
            if date.year and near and _opens(sentence.folded, Expression(date.start, date.end, date)):
                return date.last_year or date.year
    return _own_last(place)


def _of_span(place: Place, item: Expression, word: str) -> str | None:
    years, last = count_of(word) or 5, _own_last(place)
    last -= is_before(word, place.sentence.year)
    return _over(place, item.end, last - years + 1, last)


def _of_streak(place: Place, _: Expression, word: str) -> str | None:
    last = _streak_last(place)
    return _span(last - count_of(word) + 1, last)


def _of_future(place: Place, _: Expression, word: str) -> str | None:
    first = place.sentence.year.planned or place.sentence.year.speaks
    assert first is not None
    last = first + (count_of(word) or 5) - 1
    return str(last) if place.is_stock else _span(first, last)


def _now(place: Place, _: Expression, word: str) -> str | None:
    """目前 means the own year; a cumulative figure has the year at whose end it is stated."""
    del word
    return str(place.sentence.year.speaks)


def _lately(place: Place, _: Expression, word: str) -> str | None:
    """近年来 and 近日 mean the years of the part."""
    del word
    said = part(place)
    return said[0] if said else None


def _century(place: Place, _: Expression, word: str) -> str | None:
    del word
    speaks = place.sentence.year.speaks
    assert speaks is not None
    return str(-(-speaks // 100) * 100)


def _whole(place: Place, item: Expression, word: str) -> str | None:
    del word
    if _beside(place, item.start):
        return str(_beside(place, item.start))
    years = [e.date.last_year or e.date.year for e in place.expressions if e.date and e.date.year]
    if not years and not place.sentence.scope.mode:
        return None  # it qualifies the year named before
    return str((years[-1] if years else None) or _current(place) or place.sentence.year.speaks)


def _same(place: Place, item: Expression, word: str) -> str | None:
    """The months named before, a year earlier or in the year said: 今年1—8月出口3亿元，去年同期2亿元."""
    sentence, named = place.sentence, years_in(word)
    dates = [*(d for d in sentence.before if d.start >= sentence.start - _CARRIES), *sentence.dates]
    start = max(sentence.paragraph_start, sentence.start - _CARRIES)
    for other in reversed(find_expressions(sentence, start, item.start, dates)):
        if "time.same" in other.classes or other.compared or other.end > item.start:
            continue
        there = replace(place, start=other.end, core=other.end, clause_start=other.start)
        period = _of_date(there, other.date, _current(place)) if other.date else _of_word(there, other)
        if period:
            return _YEAR_OF_PERIOD.sub(
                lambda match: str(named[0] if named else int(match.group()) - 1), period
            )
    speaks = sentence.year.speaks
    return str(named[0] if named else speaks - 1) if speaks is not None else None


_YEAR_OF_PERIOD: Final = re.compile(r"(?<![0-9-])[0-9]{4}")


def _within(
    months: Callable[[str], tuple[str, str] | None],
) -> Callable[[Place, Expression, str], str | None]:
    """Months of the year that the text names beside them, or of the current one."""

    def period(place: Place, item: Expression, word: str) -> str | None:
        base, found = _beside(place, item.start) or _current(place), months(word)
        if base is None or found is None:
            return None
        return f"{base}-{found[0]}" if found[0] == found[1] else f"{base}-{found[0]}/{base}-{found[1]}"

    return period


def _day(place: Place, item: Expression, word: str) -> str | None:
    """A day without its month is of the month named before it: 7月22日共转移50人，26日又转移30人."""
    del word
    sentence = place.sentence
    before = sentence.folded[item.start - 2 : item.start]
    if before and before[-1] not in _CLAUSE_SIGNS and before not in _UNTIL_WORDS:
        return None  # the rest of 7月22日, and a number of days
    dates = [*sentence.before, *(date for date in sentence.dates if date.end <= item.start)]
    for date in reversed(dates):
        if date.month is not None:
            year = date.last_year or date.year or _beside(place, date.start) or _current(place)
            return None if year is None else f"{year}-{date.last_month or date.month:02d}"
    return None


def _quarter(word: str) -> tuple[str, str] | None:
    number = 1 if word.startswith("首") else count_of(word)
    return _QUARTERS[number - 1] if 1 <= number <= len(_QUARTERS) else None


def _quarters(word: str) -> tuple[str, str] | None:
    number = count_of(word)
    return ("01", _QUARTERS[number - 1][1]) if 1 <= number <= len(_QUARTERS) else None


def _months(word: str) -> tuple[str, str] | None:
    number = count_of(word)
    return ("01", f"{number:02d}") if 1 <= number <= 12 else None


_WORDS: Final[dict[str, Callable[[Place, Expression, str], str | None]]] = {
    "time.now": _now,
    "time.lately": _lately,
    "time.this": _plus(0),
    "time.coming": lambda place, _, __: str(place.sentence.year.planned or place.sentence.year.speaks),
    "time.last": _plus(-1),
    "time.before": _plus(-2),
    "time.same": _same,
    "time.next": _plus(1),
    "time.both": lambda place, _, __: _span(
        place.sentence.year.speaks, (place.sentence.year.speaks or 0) + 1
    ),
    "time.streak": _of_streak,
    "time.span": _of_span,
    "time.future": _of_future,
    "time.century": _century,
    "time.all": _whole,
    "time.first_half": _within(lambda _: ("01", "06")),
    "time.second_half": _within(lambda _: ("07", "12")),
    "time.quarters": _within(_quarters),
    "time.quarter": _within(_quarter),
    "time.months": _within(_months),
    "time.day": _day,
    "since.to_now": _now,
}


@rule
def carried(place: Place) -> Said | None:
    """The time named before in the paragraph, where the part of the report says no other.

    >>> run(carried, "2021年种粮20万亩。粮食产量达到80亿斤。", None)
    [('2021', '2021年')]
    >>> run(carried, "馆内展出1987年邮票。粮食产量达到80亿斤。", None)
    []
    """
    sentence = place.sentence
    if place.status == "target" and not sentence.year.two_parts:
        return None  # a press text that plans does so for its own year
    if sentence.scope.mode and sentence.scope.last is not None:
        return None
    start = max(sentence.paragraph_start, sentence.start - _CARRIES)
    dates = [date for date in sentence.before if date.start >= start]
    for item in reversed(find_expressions(sentence, start, sentence.start, dates)):
        if not _reaches_on(sentence, item):
            continue
        there = replace(place, start=item.end, core=item.end, clause_start=item.start, status="actual")
        period = _of_date(there, item.date, _current(place)) if item.date else _of_word(there, item)
        if period:
            # a single month is that of its own sentence
            return _ONE_MONTH.sub("", period), sentence.folded[item.start : item.end]
    return None


_ONE_MONTH: Final = re.compile(r"(?<=^[0-9]{4})-[0-9]{2}$")


def _reaches_on(sentence: Surroundings, item: Expression) -> bool:
    """Can an expression of time hold for the sentences behind its own?"""
    if item.compared or item.alone or item.origin or not _opens(sentence.folded, item):
        return False
    if BASED.search(sentence.folded, item.end, item.end + _BASED):
        return False
    named, speaks = item.date and (item.date.last_year or item.date.year), sentence.year.speaks
    return not named or speaks is None or named <= speaks  # a forecast does not date what is the case


_BASED: Final = 20  # characters between a time and 的基础上
_CARRIES: Final = 400  # characters: further on another time may be meant


def _opens(folded: str, item: Expression) -> bool:
    """Does an expression open its clause, and is it no single day? One elsewhere belongs to a noun."""
    if folded[item.end - 1] == "日" or folded[item.end : item.end + 1] == "前":
        return False
    before = folded[max(0, item.start - 2) : item.start]
    return not before or before[-1] in _CLAUSE_SIGNS or before in _UNTIL_WORDS


_CLAUSE_SIGNS: Final = frozenset(package_template("time.clause_signs"))
_UNTIL_WORDS: Final = members()["reached.until"]


@rule
def part(place: Place) -> Said | None:
    """The years of the part of the report: of the plan for a target, under review for a fact.

    >>> run(part, "力争粮食产量达到80亿斤")
    [('2024', '')]
    >>> run(part, "力争粮食产量达到80亿斤", None)
    []
    """
    year, scope = place.sentence.year, place.sentence.scope
    if place.status == "target" and scope.mode != "plan":
        period = str(year.planned) if year.planned is not None else ""
    elif place.status == "actual" and scope.mode == "plan":
        period = str(year.reviewed) if year.reviewed is not None else ""
    elif scope.first is None or scope.last is None:
        period = ""
    elif scope.first != scope.last and place.is_stock:
        period = str(scope.last)
    elif scope.first == scope.last and year.two_parts and _every_year(place):
        # a yearly average never means one year; the term of a government is five
        back, on = (0, 4) if scope.mode == "plan" else (4, 0)
        period = _span(scope.last - back, scope.last + on)
    else:
        period = _span(scope.first, scope.last)
    return (period, scope.why) if period else None


#: In this order.
PERIODS: Final[tuple[TimeRule, ...]] = (
    streak,
    named_base,
    start_of_change,
    said,
    carried,
    part,
)
