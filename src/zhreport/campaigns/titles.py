"""Titles won, sought or known by name: `获评全国…示范市`."""

import re
from bisect import bisect_left
from collections.abc import Generator, Iterator
from itertools import chain
from typing import Final

import regex

from zhreport.campaigns.edges import governing, name_edge, trim
from zhreport.campaigns.lists import JOIN_ITEMS
from zhreport.campaigns.surface import CLAUSE_END, CLOSE, NOTE_BEFORE, NOTE_ENDS, OPEN, Candidate, Surface
from zhreport.campaigns.vocabulary import OF_A_PLACE

__all__ = ["titled", "titles"]

_TITLE_TAIL: Final = regex.compile(
    r"(?r)(?:称号|荣誉称号|荣誉|创建工作|创建|建设|申报工作|申报|工作|活动|行列|名单|名录|榜单|等|验收|复审|复核|评估"
    r"|各?[0-9一二两三四五六七八九十]+余?多?[\u4e00-\u9fff]{1,2}(?:以上|次)?|[0-9]+|以上|项目建设|资格|奖项|成果|[一二三四五六七八九十]{1,3}连冠|[“‘][一二三四五六七八九十]{1,3}连冠[”’])$"
)
_FIRST_BATCH: Final = re.compile(
    r"(?:(?:全国|全省|全区|全市|国家|省|市|自治区|省级|国家级|全球|全州|部)?(?:首批次?|首个|第[一二三四五六七八九十]+批|唯一|首家)(?:的)?"
    r"|了|为|成为|到|一批|一个|第[一二三四五六七八九十百0-9]{1,4}[届批次]|(?:19|20)[0-9]{2}[—-]?(?:20[0-9]{2})?年?度?|[0-9]+个|新一轮|多项|两个|更多|各类|全省(?=“)|并|我国"
    r"|建设(?!工程|项目))"
)
_NO_TITLE: Final = regex.compile(
    r"[0-9“”《》（）]|名单|名录|目录|清单|前列|第一|批复|同意|资金|支持|认可|肯定|表扬|推广|第|位|表彰|新高|突破|游客|权$|队$|前[0-9一二三四五六七八九十百]{1,3}[名位]?$|技$|成果$|强$|$(?<=中心|平台|实验室|企业|人才|专家|项目库)"
)
_RANKED: Final = regex.compile(r"(?r)(?:[0-9]{2,4}|百|十)强(?:榜|榜单|县|市|区|镇|企业|景区)?")
# what the title behind a verb that governs much else holds: a level, a mark, a sign of quotation
_LIKELY: Final = re.compile(
    r"[国省级奖“‘A全]|世界|中国|示范|文明|试点|试验|先[进行导]|基地|园|名[牌镇县村城]|自治区"
)
_PLACES: Final = re.compile(r"（[省市县区旗州盟、乡镇村平台社区]{1,5}）")
_TITLE_LEVEL: Final = re.compile(
    r"全国|国家级?|中国|中华|世界|国际|省级|全球|亚洲|全省|自治区|第[一二三四五六七八九十]+批"
)
_SOUGHT: Final = re.compile(r"工作|成果|成效|任务|活动|[，。；、！\n]|$|和|取得|通过|扎实|深入|有序|全面")
_SHORT_TITLE: Final = 5  # characters
_LONGEST: Final = 64  # characters of a list of titles
_STARRED: Final = re.compile(r"[1-5一二三四五]?A{1,5}级")
# a place's title of the state or the province is one with 建设 too
_PLACE_TITLE: Final = re.compile(
    rf"(?:{'|'.join(OF_A_PLACE)})[^，。；、：“”的和与及\n]{{0,14}}?(?:示范|试点|先行|文明|卫生|创新型|模范|森林|园林|友好|生态|先进|节水型|历史文化|旅游|民族团结|双拥|平安)(?:城市|市|县城|县|名?城|村镇|单位)(?![\u4e00-\u9fff]?[场级])"
)


def titles(surface: Surface) -> Iterator[Candidate]:
    """Titles behind a verb of winning or seeking, and titles known by name."""
    v, text = surface.v, surface.text
    for verb_start, verb_end in surface.titles:
        verb = text[verb_start:verb_end], verb_start
        if verb[0] == "争创" and text.startswith(("成", "建"), verb_end):
            verb_end += 1  # 力争创成
            verb = text[verb_end - 2 : verb_end], verb_end - 2
        at = verb_end if verb[0] in v.firm_win or _LIKELY.search(text, verb_end, verb_end + 24) else 0
        while at:
            stop = CLAUSE_END.search(text, at, at + _LONGEST)
            end = stop.start() if stop else min(len(text), at + _LONGEST)
            if not stop and end < len(text):  # the last title of a list that long is not whole
                end = max(text.rfind("、", at, end), at + 1)
            whole = yield from _listed(surface, at, end, verb)
            # …示范县3个，国家…2个
            at = end + 1 if whole and text.startswith("，", end) and v.levels.match(text, end + 1) else 0
        if verb[0] in v.seek:
            yield from _sought(surface, verb)
    end = 0
    for behind in surface.of_a_place:
        match = _PLACE_TITLE.match(text, behind - 2) if behind - 2 >= end else None
        if match is None:
            continue
        start, end = match.span()
        whole_name = v.known_titles.match(text, start)  # 国家历史文化名城
        end = max(end, whole_name.end()) if whole_name else end
        verb = surface.verb_before(surface.clause_start(start), start)
        if bracket := _PLACES.match(text, end, end + 8):
            end = bracket.end()
        yield surface.make(start, end, "honour", "known_title", head=(end, end), verb=verb)


def _listed(surface: Surface, at: int, end: int, verb: tuple[str, int]) -> Generator[Candidate, None, bool]:
    """The titles of a list; returns whether it goes on to the end."""
    v, text = surface.v, surface.text
    for match in chain(JOIN_ITEMS.finditer(text, at, end), (None,)):
        found = _title(surface, at, match.start() if match else end, verb[0], last=match is None)
        if found is None:
            if match is None or match.group() == "、":
                return False
            continue  # 文化和旅游示范区: 和 stands inside the title
        start, cut, head = found
        if start < cut:
            pilot = text.startswith("试点", head[0]) and head[1] - head[0] == 2
            kind = "project" if pilot and verb[0] in v.takes_part else "honour"
            if bracket := _PLACES.match(text, cut, cut + 8):  # 示范县（区）
                cut = bracket.end()
            yield surface.make(start, cut, kind, "title", head=head, verb=verb)
        at = match.end() if match else end
    return True


def _sought(surface: Surface, verb: tuple[str, int]) -> Iterator[Candidate]:
    """A title before a noun of seeking: `新一轮全国文明城市创建`, `试点城市申报工作`."""
    at = verb[1]
    if not surface.v.title_heads.longest(surface.text, max(0, at - 12), at):
        return
    if not _SOUGHT.match(surface.text, at + len(verb[0])):
        return
    segment, _ = surface.segment(at)
    words = surface.words(segment, at)
    index, start = name_edge(surface, words, segment, at)
    found = _title(surface, trim(surface, words[index:], start, "honour")[1], at, verb[0])
    if found is None:
        return
    text, (start, end, head) = surface.text, found
    starred = _STARRED.search(text, start, end)
    govern = governing(surface, words, index, segment)
    place = text[end - 1] in "县市区城镇村" and govern[0]
    if (
        starred
        or surface.v.levels.match(text, start)
        or (place and (end - start > _SHORT_TITLE or surface.v.title_marks.match(text, start)))
    ):
        start = starred.start() if starred else start  # 老城5A级景区: the title, not who has it
        yield surface.make(start, end, "honour", "title", head=head, verb=govern)


def _named(surface: Surface, at: int, end: int, verb: str) -> bool:
    """Is it a title by the verb alone (`获评全国示范步行街`), with a level and nothing that goes on?"""
    return (
        verb in surface.v.firm_win
        and 5 <= end - at <= 24
        and _TITLE_LEVEL.match(surface.text, at, end) is not None
        and surface.text[end : end + 1] in ("，", "。", "；", "\n", "")
        and _NO_TITLE.search(surface.text, at, end) is None
    )


def _title(
    surface: Surface, at: int, end: int, verb: str, *, last: bool = True
) -> tuple[int, int, tuple[int, int]] | None:
    """The title between two places: its span and its head."""
    text = surface.text
    while first := _FIRST_BATCH.match(text, at, end):
        at = first.end()
    if "的" in text[at:end].replace("目的地", "") or bisect_left(surface.title_starts, at) < bisect_left(
        surface.title_starts, end - 2
    ):
        return None
    if "强" in text[at:end] and (ranked := _RANKED.match(text, at, end)):
        return (at, end, ranked.span()) if verb in surface.v.win and ranked.start() > at + 3 else None
    whole = end
    for _ in range(4):
        head = surface.v.title_heads.longest(text, at, end)
        if 0 < len(head) < end - at and (
            _distinguished(surface, at, end)
            or (
                verb in surface.v.firm_win
                and _TITLE_LEVEL.search(text, at, end) is not None
                and _NO_TITLE.search(text, text.rfind("”", at, end) + 1 or at, end) is None
            )
        ):
            if text[at] in OPEN and text[end - 1] in CLOSE:
                return None
            return at, end, (end - len(head), end)
        tail = _TITLE_TAIL.search(text, at, end)
        if tail is None and text[end - 1] in NOTE_ENDS:
            tail = NOTE_BEFORE.match(text, at, end)
        if tail is None or tail.start() <= at:
            break
        end = tail.start()
    return (at, whole, (whole, whole)) if last and _named(surface, at, whole, verb) else None


def titled(surface: Surface, start: int, end: int) -> bool:
    """Does the text read like a title: a title's head at the end and a mark or level in it?"""
    head = surface.v.title_heads.longest(surface.text, start, end)
    return 0 < len(head) < end - start and _distinguished(surface, start, end)


def _distinguished(surface: Surface, start: int, end: int) -> bool:
    text, v = surface.text, surface.v
    return (
        v.title_marks.search(text, start, end) is not None
        or v.levels.match(text, start, end) is not None
        or "级" in text[start : start + 5]
    )
