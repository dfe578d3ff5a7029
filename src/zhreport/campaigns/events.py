"""Events by what governs or numbers them: `举办…周`, `第三届…会`."""

from collections.abc import Iterator
from typing import Final

from zhreport.campaigns.edges import trim
from zhreport.campaigns.lists import JOIN_ITEMS
from zhreport.campaigns.surface import CLAUSE_END, Candidate, Surface

__all__ = ["events"]

_NUMBERED_EVENT: Final = (
    r"第[一二三四五六七八九十百0-9]{1,4}届(?P<name>[\u4e00-\u9fff·—（）]{1,24}?(?P<last>{events.numbered}))"
    r"(?=[，。；：、！\n”“]|{events.numbered_behind}|$)"
)
_ASSEMBLY: Final = "{events.assemblies}"
_SPORTS: Final = "{events.sports}"
_EVENT: Final = r"[^，。；、“”《》\n等的]{2,22}?(?P<last>{events.held})(?=$|{events.held_behind}|[0-9]|（|“)"
_PLACE_BEFORE: Final = r"[\u4e00-\u9fff]{2,6}{places.before_events}"


def events(surface: Surface) -> Iterator[Candidate]:
    """Events by what governs or numbers them: `举办…周`, `第三届…会`."""
    v, text = surface.v, surface.text
    held = dict(surface.held)
    for match in v.forwards[_NUMBERED_EVENT].finditer(text):
        if v.forwards[_ASSEMBLY].search(match.group()):
            continue
        kind = v.event_kinds[match["last"]]
        if match["last"] == "会" and v.forwards[_SPORTS].search(match.group()):
            kind = "contest"
        clause = surface.clause_start(match.start())
        start, end = match.span("name")
        if match["name"] in v.sets["events.bare"]:  # 云岭省第十二届运动会
            start = match.start()
            if place := v.backwards[_PLACE_BEFORE].match(text, clause, start):
                start = held.get(place.start(), place.start())
        yield surface.make(
            start, end, kind, "numbered_event", verb=surface.verb_before(clause, match.start())
        )
    signs = {event[-1] for event in v.sets["events.held"]}
    for verb_start, at in surface.held:
        stop = CLAUSE_END.search(text, at, at + 80)
        end = stop.start() if stop else min(len(text), at + 80)
        if signs.isdisjoint(text[at:end]):
            continue
        verb = text[verb_start:at], verb_start
        for join in [*JOIN_ITEMS.finditer(text, at, end), None]:
            cut = join.start() if join else end
            event = v.forwards[_EVENT].match(text, at, cut)
            if event is not None:
                words = surface.words(at, event.end())
                kept, start = trim(surface, words, at, "activity")
                if len(kept) > 1 and "的" not in kept and len("".join(kept)) > 3:
                    kind = v.event_kinds[event["last"][-1]]
                    yield surface.make(start, event.end(), kind, "held_event", verb=verb)
            at = join.end() if join else end
