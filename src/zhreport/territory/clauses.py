"""Clauses: the pieces of a sentence, each with the place that it begins with, and whose its figures are."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

import regex

from zhreport.metadata.regions import unit
from zhreport.rules import first_verdict, rule
from zhreport.territory.names import Named, Names, pattern
from zhreport.territory.openings import JOIN, LEAD, NUMBER, PUBLIC, REPORTED, Figure, opening
from zhreport.words.lexicon import default_lexicon
from zhreport.words.numerals import TENS

__all__ = ["OWN", "OWNERS", "Clause", "Figure", "clauses_of", "place_before"]

#: Nobody else: the figure is that of the report's own place.
OWN: Final = Named("", "", 0, own=True)
#: What the sentence that follows has nothing to do with: 新华社云岭8月3日电（记者某某）, 本报讯
_DATELINE: Final = r"(?<=[0-9]日|[本报社网])[电讯](?:\s*（[^（）0-9]{0,80}）|(?=[\s据记]))\s*"
_CUT: Final = regex.compile(
    rf"(?:^|(?<=[。；：\n]))(?:{NUMBER})(*SKIP)(*FAIL)|{_DATELINE}|[，、；：（）。！？\n]|——"
)
_TITLE: Final = "{reading.titles}|(?<=全[国省市县区州球])[^，。；：、0-9]{0,8}?{reading.superlatives}"
_ATTACHED: Final = "{reading.attached}"
_ORGANISED: Final = (
    "[^，。；：、0-9与和同跟“]{0,6}?{reading.organisations}|[^，。；：、0-9“]{0,16}?{reading.companies}"
)
_POLICE: Final = r"\p{Han}{0,4}{reading.police}"  # of railways, airports, universities
_SPEAKS: Final = f"{PUBLIC}[^，]{{0,12}}?{{reading.speaks}}"  # 水利局副局长某某介绍
#: 云岭茶业发布…, 云岭矿业跌超…
_SHORT_NAME: Final = (
    r"(?!{reading.bodies}|{reading.police})\p{Han}{2,3}"
    r"(?:{reading.lead}|{reading.between})*+{reading.business}"
)
_COMPANY: Final = r"(?![与和同为向对跟由给联占])\p{Han}{2,8}?(?:{reading.firms}|{reading.companies})"
_PERSON: Final = r"(?:{reading.lead})*+(?:\p{Han}?某|{reading.persons})"
_WIRED: Final = ("电", "讯")
_OTHERS: Final = regex.compile(r"全[国省球区市]|世界|[东中西]部")
_NUMERALS: Final = f"零{TENS.replace('二', '两')}"


@dataclass(slots=True, kw_only=True)
class Clause:
    """A piece of a sentence between two signs.

    Attributes:
        text: the sentence, folded.
        start, end: of the piece in it.
        names: reads names of places.
        named: the place that it begins with, None if with none.
        figures: the figures in it.
        before: the piece before it in the sentence or bracket, None for the first.
        sign: the sign before it.
        topic: the sentence goes on to speak of that place.
        holder: whose its figures are, once it is known.
        dealt: whose a figure is, by where it begins, if the members of a list of places have one each.
    """

    text: str
    start: int
    end: int
    names: Names
    named: Named | None
    figures: Sequence[Figure]
    before: "Clause | None"
    sign: str
    topic: bool = False
    holder: Named = OWN
    dealt: dict[int, Named] = field(default_factory=dict)

    def behind(self) -> str:
        """What stands behind the name, up to the first figure or the end of the piece."""
        end = self.figures[0].start if self.figures else self.end
        return self.text[self.named.end : end] if self.named is not None else ""

    def starts_with(self, sign: str) -> bool:
        """Does the piece begin with a sign, and hold no figure?"""
        return self.text.startswith(sign, self.start) and not self.figures

    def has_figures(self) -> bool:
        """Does the piece hold a figure, or the one that it goes on from, behind brackets or with 其中?"""
        before = self.before
        goes_on = before is not None and bool(before.figures) and (self.sign == "）" or self.says_when())
        return bool(self.figures) or goes_on

    def ends_places(self) -> bool:
        """Is the piece the last of several that only name places: 在云岭市松山镇，平安县柳河镇，?"""
        before, named = self.before, self.named
        if before is None or before.named is None or named is None or self.figures or self.sign not in "、，":
            return False
        return pattern("(?:等{names.general_ends})?").fullmatch(self.text, named.end, self.end) is not None

    def says_when(self) -> bool:
        """Does the piece hold nothing but a time and the like: 8月16日, 近日?"""
        return pattern(f"{LEAD}|{REPORTED}").fullmatch(self.text, self.start, self.end) is not None

    def tells_of_others(self) -> bool:
        """Does somebody tell here what follows, for whom the place does not stand?"""
        if pattern(".*{reading.tells}").fullmatch(self.text, self.start, self.end) is None:
            return False
        named = self.named
        if named is not None and named.acts:
            return pattern(".*{reading.speaks}").fullmatch(self.text, self.start, self.end) is None
        return named is None or pattern(_SPEAKS).fullmatch(self.text, named.end, self.end) is None

    def is_of_somebody(self) -> bool:
        """Does the piece begin with a company, or with a person who is none of a list (抓获王某、李某)?"""
        if self.sign != "、" and pattern(_PERSON).match(self.text, self.start, self.end) is not None:
            return True
        return pattern(_COMPANY).match(self.text, self.start, self.end) is not None

    def counts_members(self) -> bool:
        """Does the first figure count what a list of places names: 浦东新区等5个区, 汝南、泌阳2个县?"""
        first, many = self, 1
        while first.sign == "、" and first.before is not None and not first.before.figures:
            first, many = first.before, many + 1
        if first.named is None or not self.figures:
            return False
        if pattern(PUBLIC).match(self.text, first.named.end, first.end):  # 该县纪委统筹林业等12个部门
            return False
        if self._counts_what_lies_in_many(first, many):
            return True
        begin = self.start if self.named is None else self.named.end
        behind = self.text[begin : self.figures[0].start].strip()
        if self.named is None or behind:
            return behind.endswith("等")
        if len(self.figures) > 1:  # 江苏、浙江2个省产值占60%
            return False
        several = JOIN.search(self.named.text) is not None
        kind = pattern("(?!{names.centres}){names.zones}").fullmatch(self.named.text)  # 开发区5个
        return several or (kind is not None and self.figures[0].dimension == "count")

    def _counts_what_lies_in_many(self, first: "Clause", many: int) -> bool:
        """Does the figure count a list that begins with what lies in a place: 云岭茶园、平安竹园2个?"""
        figure, named = self.figures[0], first.named
        if (
            figure.dimension != "count"
            or many < 2
            or named is None
            or not named.code
            or named.end == first.end
        ):
            return False
        if default_lexicon().patterns["{act}|{weak}"].search(self.text, named.end, first.end) is not None:
            return False
        last = len(JOIN.findall(self.text, self.start, figure.start))
        return any(
            regex.match(rf"(?:{count}(?![0-9])|{_NUMERALS[count]})", self.text, pos=figure.start) is not None
            for count in {many, many + last}
            if count < len(_NUMERALS)
        )


@rule
def place_again(clause: Clause) -> Named | None:
    """全镇 behind the name of a town is that town, 全市 behind a city if the report is not one of a city.

    >>> whose(place_again, "松山镇新建公园5个，全镇建成绿道30公里")
    [('全镇建成绿道30公里', '松山镇')]
    >>> whose(place_again, "松山镇新建公园5个，全市建成绿道30公里")
    []
    """
    named, before = clause.named, clause.before
    if named is None or before is None or before.holder.own or named.text[0] != "全":
        return None
    same = (
        not before.holder.wide
        and before.holder.text.endswith(named.text[1:])
        and named.text[1:] != unit(clause.names.region.name)
    )
    return before.holder if same else None


@rule
def own_place(clause: Clause) -> Named | None:
    """我市, 全市 and the name of the report's own place: its own figure, whoever was spoken of before.

    >>> whose(own_place, "全国粮食产量增长2%，全市增长5%")
    [('全市增长5%', '')]
    >>> whose(own_place, "全国粮食产量增长2%")
    []
    """
    return OWN if clause.named is not None and clause.named.own else None


@rule
def part_of_a_name(clause: Clause) -> Named | None:
    """全国文明村 and 上海大学 are titles and organisations, no places.

    >>> whose(part_of_a_name, "全国文明村12个")
    [('全国文明村12个', '')]
    >>> whose(part_of_a_name, "全国粮食产量增长2%")
    []
    """
    named = clause.named
    if named is None:
        return None
    if pattern("一?{reading.persons}|一{reading.people}|某").match(clause.text, named.end):
        return OWN
    start = named.end - len(named.text)
    if clause.text.startswith("“", start - 1) and not clause.text.startswith("”", named.end):
        return OWN
    names = [] if pattern(_POLICE).match(clause.text, named.end) else [_ORGANISED]
    if not named.sure:
        names += [_TITLE] if named.wide else [_ATTACHED, _SHORT_NAME]
    return OWN if any(pattern(name).match(clause.text, named.end) for name in names) else None


@rule
def among_whom(clause: Clause) -> Named | None:
    """全省各市第3位 is a place among others, 全国优质粮5种 are counted by a title: the report's own.

    >>> whose(among_whom, "粮食产量增长5%，全省各市第3位")
    [('全省各市第3位', '')]
    >>> whose(among_whom, "全省粮食产量增长5%")
    []
    """
    named = clause.named
    if named is None or not named.wide or not clause.figures or not clause.names.region.name:
        return None
    first = clause.figures[0]
    if first.kind == "rank" and not _OTHERS.search(clause.behind()):
        return OWN
    if pattern("{reading.lead}*+{reading.has}").fullmatch(clause.behind()):  # 全省下辖16个市
        return None
    return OWN if first.dimension == "count" and not first.action else None


@rule
def place_before(clause: Clause) -> Named | None:
    """The place that a clause begins with, after a time at most.

    >>> whose(place_before, "2023年浦东新区财政收入增长2%")
    [('2023年浦东新区财政收入增长2%', '浦东新区')]
    >>> whose(place_before, "财政收入高于全国2个百分点")
    []
    """
    if clause.named is None:
        return None
    if not clause.counts_members():
        return clause.named
    return clause.named.within or OWN  # 云岭县松山镇等4个乡镇


@rule
def same_paragraph(clause: Clause) -> Named | None:
    """A sentence without a name goes on of the place that its paragraph begins with, in a budget.

    >>> whose(same_paragraph, "高新区收入5亿元。支出安排3亿元。", "预算草案的报告")
    [('支出安排3亿元', '高新区')]
    >>> whose(same_paragraph, "高新区收入5亿元。支出安排3亿元。")
    []
    """
    return clause.names.opened if clause.before is None and clause.named is None else None


@rule
def same_bracket(clause: Clause) -> Named | None:
    """What stands in brackets behind a figure is of the same place.

    >>> whose(same_bracket, "全国粮食产量增长2%（单产增长1%）")
    [('单产增长1%', '全国')]
    >>> whose(same_bracket, "全国粮食产量增长2%，单产增长1%")
    []
    """
    before = clause.before
    return before.holder if before is not None and clause.sign == "（" else None


@rule
def carried_along(clause: Clause) -> Named | None:
    """The figures of a list are those of the place whose figure it begins with, up to a semicolon.

    >>> whose(carried_along, "全国粮食产量增长2%，单产增长1%；棉花产量增长5%")
    [('单产增长1%', '全国')]
    >>> whose(carried_along, "粮食产量增长2%，单产增长1%")
    []
    """
    before = clause.before
    if before is None or before.holder.own:
        return None
    goes_on = pattern("{reading.goes_on}")
    heads = before.topic or (before.named is not None and before.named.sure)  # 高新区预算情况：
    heads = heads or goes_on.match(before.text, before.start) is not None  # 其中：
    if clause.sign == "；":
        return None
    if clause.sign == "：" and not before.figures and not heads:
        return None
    if before.named is not None and before.named.counted and not clause.names.news:
        return None
    if (
        (clause.sign != "、" and before.ends_places())
        or clause.counts_members()
        or before.tells_of_others()
        or clause.is_of_somebody()
    ):
        return None
    on = before.has_figures() or before.topic or clause.names.news
    if on or clause.sign in ("、", "）", "："):
        clause.topic = before.topic
        return before.holder
    opens = clause.text[clause.start : clause.end].strip()
    return before.holder if goes_on.match(opens) or not opens else None


Owner = Callable[[Clause], Named | None]
#: In this order.
OWNERS: Final[tuple[Owner, ...]] = (
    place_again,
    own_place,
    part_of_a_name,
    among_whom,
    place_before,
    same_paragraph,
    same_bracket,
    carried_along,
)


def clauses_of(text: str, figures: Sequence[Figure], names: Names) -> list[tuple[Clause, str]]:
    """The pieces of a sentence that hold a figure, each with the rule that said whose it is, "" for none.

    Args:
        text: the sentence, folded.
        figures: those of it, in order.
        names: reads names of places.
    """
    found: list[tuple[Clause, str]] = []
    before: Clause | None = None
    outside: list[Clause | None] = []
    start, at, sign = 0, 0, ""
    for end, stop in (*_cuts(text, figures), (len(text), len(text))):
        mine = []
        while at < len(figures) and figures[at].start < end:
            mine.append(figures[at])
            at += 1
        if text[start:end].strip():
            named = _named(text, start, end, mine, before, sign, names)
            clause = Clause(
                text=text,
                start=start,
                end=end,
                names=names,
                named=named,
                figures=mine,
                before=before,
                sign=sign,
            )
            name = ""
            # of a piece without a name that stands behind the report's own figures no rule says anything
            goes_on = names.opened is not None if before is None else sign == "（" or not before.holder.own
            if named is not None or goes_on:
                clause.topic = _is_topic(clause)
                clause.holder, name = first_verdict(OWNERS, clause, OWN)
            found.append((clause, name))
            before = clause
        start, sign = stop, text[end:stop]
        if sign[:1] in _WIRED:
            before, sign = None, ""
        elif sign == "（":
            outside.append(before)
        elif sign == "）" and outside:
            before = outside.pop()
            sign = sign if before is not None else ""  # （时政）云岭市查处…
    _deal([clause for clause, _ in found])
    return found


def _deal(clauses: Sequence[Clause]) -> None:
    """Give each member of a list of places its figure: 云岭、平安分别增长5%和3%."""
    for index, clause in enumerate(clauses):
        named, figures = clause.named, list(clause.figures)
        listed = clause.holder if named is None or not named.own else named  # 全市、全省分别增长
        members = listed.members
        if not members or not figures:
            continue
        if pattern("{reading.each}").search(clause.text, clause.start, figures[0].start) is None:
            continue
        row = [clause]
        for following in clauses[index + 1 :]:
            if following.sign != "、" or following.holder != clause.holder:
                break
            row.append(following)
        places = [(part, figure.start) for part in row for figure in part.figures]
        if len(places) == len(members):
            for (part, start), member in zip(places, members, strict=True):
                part.dealt[start] = member


def _is_topic(clause: Clause) -> bool:
    """Does a clause name a place of which the sentence goes on to speak: 在上海，; 浦东新区要…?"""
    named = clause.named
    if named is None or named.own:
        return False
    if named.acts:
        return True
    if pattern(".*{reading.learned}").fullmatch(clause.text, named.end, clause.end):
        return True
    if named.end == clause.end:
        return clause.text[named.end : named.end + 1] in ("，", "：")
    if pattern("{reading.leads}").match(clause.text, named.end):
        return True
    if named.wide or clause.figures:
        return False
    if pattern(rf"{PUBLIC}(?=\p{{Han}})").match(clause.text, named.end):
        return True
    before = clause.before
    first = before is None or (before.before is None and (before.starts_with("在") or before.says_when()))
    opens = first or clause.sign == "；"
    return opens and pattern("{reading.does}").match(clause.text, named.end) is not None


def _cuts(text: str, figures: Sequence[Figure]) -> list[tuple[int, int]]:
    """The signs that part the clauses, outside figures (16：43：40)."""
    inside = bytearray(len(text))
    for figure in figures:
        inside[figure.start : figure.end] = b"\1" * (figure.end - figure.start)
    return [match.span() for match in _CUT.finditer(text) if not inside[match.start()]]


def _named(
    text: str, start: int, end: int, figures: Sequence[Figure], before: Clause | None, sign: str, names: Names
) -> Named | None:
    """The place that a piece begins with; of a list of places all of them."""
    if sign == "）":
        return None  # the clause goes on behind brackets
    listed = None
    if sign == "、":  # of a list its first member tells what it is
        listed = before.named if before is not None else None
        if before is None or listed is None or (not before.figures and listed.end < before.end):
            return None
        if listed.end < before.end:
            listed = None
    return opening(text, (start, end), figures[0] if figures else None, listed, names)
