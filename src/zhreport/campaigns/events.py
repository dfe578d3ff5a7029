"""Events by what governs or numbers them: `举办…周`, `第三届…会`."""

import re
from collections.abc import Iterator
from typing import Final

import regex

from zhreport.campaigns.edges import trim
from zhreport.campaigns.lists import JOIN_ITEMS
from zhreport.campaigns.surface import CLAUSE_END, Candidate, Surface

__all__ = ["events"]

_EVENT_KINDS: Final = {
    "会": "forum", "展": "forum", "节": "activity", "周": "activity", "季": "activity", "赛": "contest",
    "演": "activity", "典": "activity", "杯": "contest",
}  # fmt: skip
_NUMBERED_EVENT: Final = re.compile(
    r"第[一二三四五六七八九十百0-9]{1,4}届(?P<name>[\u4e00-\u9fff·—（）]{1,24}?(?P<last>[会展节周季赛杯]))"
    r"(?=[，。；：、！\n”“]|和|与|及|等|在|成功|圆满|顺利|开幕|闭幕|暨|$)"
)
_ASSEMBLY: Final = re.compile(r"代表|委员会|全会|常委会|政协|人大|常务|理事|党组|职代|会议|全国委员|中央")
_SPORTS: Final = re.compile(r"运会|运动会|冬会|奥会|残会|体育大会")
_EVENT_SIGNS: Final = frozenset("节周季赛展演典")
_EVENT: Final = re.compile(
    r"[^，。；、“”《》\n等的]{2,22}?(?P<last>[节周季赛展]|会演|巡演|盛典)(?=$|等|活动|系列|[0-9]|（|和|“)"
)
_BARE_EVENTS: Final = frozenset("运动会 全运会 博览会 论坛 文化节 艺术节 旅游节 峰会".split())
_PLACE_BEFORE: Final = regex.compile(r"(?r)[\u4e00-\u9fff]{2,6}(?:省|市|州|县|自治区|盟)")


def events(surface: Surface) -> Iterator[Candidate]:
    """Events by what governs or numbers them: `举办…周`, `第三届…会`."""
    text = surface.text
    held = dict(surface.held)
    for match in _NUMBERED_EVENT.finditer(text):
        if _ASSEMBLY.search(match.group()):
            continue
        kind = _EVENT_KINDS[match["last"]]
        if match["last"] == "会" and _SPORTS.search(match.group()):
            kind = "contest"
        clause = surface.clause_start(match.start())
        start, end = match.span("name")
        if match["name"] in _BARE_EVENTS:  # 云岭省第十二届运动会
            start = match.start()
            if place := _PLACE_BEFORE.match(text, clause, start):
                start = held.get(place.start(), place.start())
        yield surface.make(
            start, end, kind, "numbered_event", verb=surface.verb_before(clause, match.start())
        )
    for verb_start, at in surface.held:
        stop = CLAUSE_END.search(text, at, at + 80)
        end = stop.start() if stop else min(len(text), at + 80)
        if _EVENT_SIGNS.isdisjoint(text[at:end]):
            continue
        verb = text[verb_start:at], verb_start
        for join in [*JOIN_ITEMS.finditer(text, at, end), None]:
            cut = join.start() if join else end
            event = _EVENT.match(text, at, cut)
            if event is not None:
                words = surface.words(at, event.end())
                kept, start = trim(surface, words, at, "activity")
                if len(kept) > 1 and "的" not in kept and len("".join(kept)) > 3:
                    kind = _EVENT_KINDS[event["last"][-1]]
                    yield surface.make(start, event.end(), kind, "held_event", verb=verb)
            at = join.end() if join else end
