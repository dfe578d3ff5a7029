"""Titles won, sought or known by name: `获评全国…示范市`."""

import re
from bisect import bisect_left
from collections.abc import Generator, Iterator
from typing import Final

from zhreport.campaigns.edges import beginning
from zhreport.campaigns.lists import pieces
from zhreport.campaigns.surface import CLAUSE_END, CLOSE, OPEN, Candidate, Surface

__all__ = ["CALLED", "SOUGHT", "titled", "titles"]

_TITLE_TAIL: Final = (
    r"(?:{titles.tails}|各?[0-9一二两三四五六七八九十]+余?多?[\u4e00-\u9fff]{1,2}(?:以上|次)?|[0-9]+"
    r"|[“‘]?[一二三四五六七八九十]{1,3}连冠[”’]?|（[^（）]{2,12}）)$"
)
_FIRST_BATCH: Final = (
    "(?:[\u4e00-\u9fff]{0,3}?{titles.levels_before}?(?:{titles.firsts}|第[一二三四五六七八九十0-9]+[批家个所])的?|{titles.before}"
    "|[^，。、；]{2,20}?{titles.given}的"
    "|第[一二三四五六七八九十百0-9]{1,4}[届批次]|(?:19|20)[0-9]{2}[—-]?(?:20[0-9]{2})?年?度?|[0-9]+[个家]"
    "|全省(?=“)|建设(?!工程|项目))"
)
_NO_TITLE: Final = (
    "[0-9“”《》（）]|{titles.no_titles}|{titles.no_title_ends}$|前[0-9一二三四五六七八九十百]{1,3}[名位]?$"
)
_RANKED: Final = "(?:[0-9]{2,4}|百|十)强{titles.ranked}?"
# what the title behind a verb that governs much else holds: a level, a mark, a sign of quotation
_LIKELY: Final = "[“‘A]|级|{titles.levels}|{titles.marks}"
#: They close a list of titles, whatever each of them is called.
CALLED: Final = "(?:等[^，。；：“”、\n]{0,6})?{quoted.titles}"
_OF_LEVEL: Final = re.compile("[家省市区县界A]级")
_EDITION_ENDS: Final = frozenset("届批条个家")
_KIND: Final = 10  # characters that say of what kind a title is
_STATE: Final = "国家级?|全国|自治区"
_HOLDER: Final = 10  # characters: the name of who has a title, and a level behind it
_PLACES: Final = re.compile(r"（[省市县区旗州盟、乡镇村平台社区]{1,5}）")
_TITLE_LEVEL: Final = "{titles.firm_levels}|第[一二三四五六七八九十]+批"
#: What may stand behind the creation of a title.
SOUGHT: Final = r"{titles.sought_behind}|[，。；、！\n]|$"
_SHORT_TITLE: Final = 5  # characters
_TAILS: Final = 4
_LONGEST_NAME: Final = 24  # characters of a title without a head
_AFTER: Final = frozenset(("，", "。", "；", "\n", "", "、"))  # and what follows it
_LONGEST: Final = 64  # characters of a list of titles
_BATCH: Final = re.compile(r"第[一二三四五六七八九十]{1,3}批|首批")
_STARRED: Final = re.compile(r"(?:国家)?[1-5一二三四五]?A{1,5}级")
# a place's title of the state or the province is one with 建设 too
_PLACE_TITLE: Final = (
    "{titles.of_a_place}[^，。；、：“”的和与及\n]{0,14}?{titles.place_marks}{titles.place_heads}"
    r"(?![\u4e00-\u9fff]?[场级])"
)


def titles(surface: Surface) -> Iterator[Candidate]:
    """Titles behind a verb of winning or seeking, and titles known by name."""
    text = surface.text
    for verb_start, verb_end in surface.titles:
        verb = text[verb_start:verb_end], verb_start
        if verb[0] == "争创" and text.startswith(("成", "建"), verb_end):
            verb_end += 1  # 力争创成
            verb = text[verb_end - 2 : verb_end], verb_end - 2
        yield from _won(surface, verb, verb_end)
        if verb[0] in surface.v.sets["launch.seek"]:
            yield from _sought(surface, verb)
    yield from _known(surface)


def _won(surface: Surface, verb: tuple[str, int], at: int) -> Iterator[Candidate]:
    """The titles behind a verb."""
    v, text = surface.v, surface.text
    if verb[0] not in v.firm_win and not v.forwards[_LIKELY].search(text, at, at + 24):
        return
    while at:
        stop = CLAUSE_END.search(text, at, at + _LONGEST)
        end = stop.start() if stop else min(len(text), at + _LONGEST)
        if not stop and end < len(text):  # the last title of a list that long is not whole
            end = max(text.rfind("、", at, end), at + 1)
        whole = yield from _listed(surface, at, end, verb)
        # …示范县3个，国家…2个
        at = end + 1 if whole and text.startswith("，", end) and v.levels.match(text, end + 1) else 0


def _known(surface: Surface) -> Iterator[Candidate]:
    """Titles of places, which are known wherever they stand: `国家卫生城市`."""
    v, text, end = surface.v, surface.text, 0
    for behind in surface.of_a_place:
        match = v.forwards[_PLACE_TITLE].match(text, behind - 2) if behind - 2 >= end else None
        if match is None:
            continue
        start, end = match.span()
        start = surface.closing.get(start - 1, start + 1) - 1  # “四好农村路”省级示范市
        whole_name = v.known_titles.match(text, start)  # 国家历史文化名城
        end = max(end, whole_name.end()) if whole_name else end
        verb = surface.verb_before(surface.clause_start(start), start)
        if bracket := _PLACES.match(text, end, end + 8):
            end = bracket.end()
        yield surface.make(start, end, "honour", "known_title", head=(end, end), verb=verb)


def _listed(surface: Surface, at: int, end: int, verb: tuple[str, int]) -> Generator[Candidate, None, bool]:
    """The titles of a list; returns whether it goes on to the end."""
    v, text = surface.v, surface.text
    begin, called = at, _called(surface, at, end, verb[0])
    for _, stop, join in pieces(text, at, end):
        found = _title(surface, begin, stop, verb[0], last=not join, called=called)
        if found is None:
            if join == "、" and begin < stop and text[stop - 1] in CLOSE:
                begin = stop + len(join)  # another reader finds it
                continue
            if join in ("", "、"):
                return False
            continue  # 文化和旅游示范区: 和 stands inside the title
        start, cut, head = found
        if start < cut and not (text[start] in OPEN and text[cut - 1] in CLOSE):
            pilot = text.startswith("试点", head[0]) and head[1] - head[0] == 2
            kind = "project" if pilot and verb[0] in v.sets["titles.takes_part"] else "honour"
            if bracket := _PLACES.match(text, cut, cut + 8):  # 示范县（区）
                cut = bracket.end()
            yield surface.make(start, cut, kind, "title", head=head, verb=verb)
        begin = stop + len(join)
    return True


def _quoted_end(surface: Surface, at: int, end: int) -> int | None:
    """Where quotation marks open that hold the end of a title only: `全国县域物流“示范县”`.

    Before them a level stands and says of what kind it is, not who gives it or what else was won.
    """
    v, text, opened = surface.v, surface.text, surface.closing.get(end - 1)
    if opened is None or opened - 1 <= at:
        return None
    while first := v.forwards[_FIRST_BATCH].match(text, at, end):
        at = first.end()
    level, stop = v.levels.match(text, at), opened - 1
    if level is None or not level.end() + 1 < stop <= level.end() + _KIND:
        return None
    head = v.title_heads.longest(text, opened, end - 1)
    if not head or head in v.sets["quoted.prizes"] or v.levels.match(text, opened):
        return None
    another = text[stop - 1] in _EDITION_ENDS or titled(surface, at, stop)  # 全国双拥模范城“九连冠”
    another = another or v.forwards["{quoted.other_verbs}"].search(text, at, stop) is not None
    return None if another or v.organiser.match(text, at, stop) else stop


def _called(surface: Surface, at: int, end: int, verb: str) -> bool:
    """Does a list end with 等称号, and no person stand behind its verb as behind 授予?"""
    v = surface.v
    return verb not in v.sets["titles.given"] and v.backwards[CALLED].match(surface.text, at, end) is not None


def _sought(surface: Surface, verb: tuple[str, int]) -> Iterator[Candidate]:
    """A title before a noun of seeking: `新一轮全国文明城市创建`, `试点城市申报工作`."""
    at = verb[1]
    if not surface.v.title_heads.longest(surface.text, max(0, at - 12), at):
        return
    if not surface.v.forwards[SOUGHT].match(surface.text, at + len(verb[0])):
        return
    left = beginning(surface, at, "honour")
    begin = surface.text.rfind("和", left.start, at) + 1
    begin = begin if begin and surface.v.levels.match(surface.text, begin) else left.start
    found = _title(surface, begin, at, verb[0])
    if found is None:
        return
    text, (start, end, head) = surface.text, found
    starred = _STARRED.search(text, start, end)
    joined = left.edge in surface.v.joins
    govern = surface.verb_before(left.segment, left.start) if joined else left.verb
    place = text[end - 1] in surface.v.sets["titles.place_signs"] and govern[0]
    if (
        starred
        or surface.v.levels.match(text, start)
        or (place and (end - start > _SHORT_TITLE or surface.v.title_marks.match(text, start)))
    ):
        start = starred.start() if starred else start  # 老城5A级景区: the title, not who has it
        yield surface.make(start, end, "honour", "title", head=head, verb=govern)


def _title(
    surface: Surface, at: int, end: int, verb: str, *, last: bool = True, called: bool = False
) -> tuple[int, int, tuple[int, int]] | None:
    """The title between two places: its span and its head.

    Args:
        surface: the text.
        at: where it may begin.
        end: where it may end.
        verb: governs it.
        last: nothing is joined to it.
        called: it stands in a list of what is called titles.
    """
    v, text = surface.v, surface.text
    while first := v.forwards[_FIRST_BATCH].match(text, at, end):
        at = first.end()
    verbs = [bisect_left(surface.title_starts, place) for place in (at, end - 3)]  # 示范创建区
    if "的" in text[at:end].replace("目的地", "") or verbs[0] < verbs[1]:
        return None
    if "强" in text[at:end] and (ranked := v.backwards[_RANKED].match(text, at, end)):
        return (at, end, ranked.span()) if verb in v.win and ranked.start() > at + 3 else None
    at, end = _inner(surface, at, end)
    if (mark := _quoted_end(surface, at, end)) is not None:
        return at, end, (mark, end)
    cuts = [*_ends(surface, at, end)]
    for cut in cuts:
        if head := _head(surface, at, cut, verb):
            return at, cut, (cut - len(head), cut)
    end = cuts[-1] if called else end
    whole = _whole(surface, at, end) if called else last and _headless(surface, at, end, verb)
    return (at, end, (end, end)) if whole else None


def _head(surface: Surface, at: int, end: int, verb: str) -> str:
    """The head of a title, "" if it has none or nothing else."""
    head = surface.v.title_heads.longest(surface.text, at, end)
    fits = len(head) < end - at and (_distinguished(surface, at, end) or _plain(surface, at, end, verb))
    return head if fits else ""


def _whole(surface: Surface, at: int, end: int) -> bool:
    """Has a title that no head tells a fitting size and no quotation marks?"""
    return 5 <= end - at <= _LONGEST_NAME and {"“", "”"}.isdisjoint(surface.text[at:end])


def _headless(surface: Surface, at: int, end: int, verb: str) -> bool:
    """Is it a title by the verb alone (`获评全国示范步行街`), with a level and nothing that goes on?"""
    text, v = surface.text, surface.v
    if text[end : end + 1] not in _AFTER or not _whole(surface, at, end):
        return False
    if verb in v.sets["titles.judged"]:
        return not v.forwards[_NO_TITLE].search(text, at, end)
    alone = v.forwards[_TITLE_LEVEL].match(text, at, end) or text.endswith("年度", 0, at)
    return bool(alone) and _plain(surface, at, end, verb)


def _inner(surface: Surface, at: int, end: int) -> tuple[int, int]:
    """A title without who gives or has it (`生态环境部第二批…`) and without places in brackets behind it."""
    level = surface.v.forwards[_STATE].search(surface.text, at + 2, min(end, at + _HOLDER))
    if level and surface.text[level.start() - 1] in surface.v.title_holders:
        at = level.start()  # 清水河国家级幸福河湖
    if "批" not in surface.text[at:end] and surface.text[end - 1] != "）":
        return at, end
    batch = _BATCH.search(surface.text, at + 1, end)
    if batch and surface.v.organiser.match(surface.text, at, batch.start()):
        at = batch.end()
    bracket = surface.text.rfind("（", at, end)
    places = bracket > at and _PLACES.fullmatch(surface.text, bracket, end)
    return at, bracket if places else end


def _ends(surface: Surface, at: int, end: int) -> Iterator[int]:
    """Where a title may end: before what is counted or said behind it, and before notes."""
    for _ in range(_TAILS):
        yield end
        tail = surface.v.backwards[_TITLE_TAIL].search(surface.text, at, end)
        if tail is None or tail.start() <= at:
            return
        end = tail.start()


def _plain(surface: Surface, at: int, end: int, verb: str) -> bool:
    """Is what a firm verb governs a title with a level or year and nothing that speaks against it?"""
    text, v = surface.text, surface.v
    level = v.forwards[_TITLE_LEVEL].search(text, at, end) or text.endswith("年度", 0, at)
    begin = text.rfind("”", at, end) + 1 or at
    firm = verb in v.firm_win or (
        # 创建国家级平台 | 为抓手, 成效明显
        verb in v.sets["launch.seek"]
        and not v.forwards["{launch.goes_on}"].search(text, at, end)
        and v.pronouns.isdisjoint(surface.words(at, end))
    )
    return firm and bool(level) and not v.forwards[_NO_TITLE].search(text, begin, end)


def titled(surface: Surface, start: int, end: int) -> bool:
    """Does the text read like a title: a title's head at the end and a mark or level in it?"""
    head = surface.v.title_heads.longest(surface.text, start, end)
    return 0 < len(head) < end - start and _distinguished(surface, start, end)


def _distinguished(surface: Surface, start: int, end: int) -> bool:
    text, v = surface.text, surface.v
    return (
        v.title_marks.search(text, start, end) is not None
        or v.levels.match(text, start, end) is not None
        or _OF_LEVEL.search(text, start, end) is not None
    )
