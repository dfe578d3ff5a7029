"""Events by what governs or numbers them: `举办…周`, `第三届…会`, `…节在云岭开幕`."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Final, NamedTuple

from zhreport.campaigns.edges import trim
from zhreport.campaigns.lists import pieces
from zhreport.campaigns.surface import CLAUSE_END, Candidate, Surface

__all__ = ["events"]

# a 次 numbers meetings and deeds as well, and is evidence of a survey only: 第四次全国经济普查
_NUMBER: Final = (
    r"(?:(?:第 ?[一二三四五六七八九十百0-9]{1,4} ?|首)届|第[一二三四五六七八九十0-9]{1,3}次"
    r"(?=[\u4e00-\u9fff]{2,14}?{events.surveys})) ?(?=(?P<name>[\u4e00-\u9fffA-Za-z·—（）]{2,26}))"
)
_ASSEMBLY: Final = "{events.assemblies}"
_SPORTS: Final = "{events.sports}"
_GOES_ON: Final = "[（）0-9“]|{events.goes_on}"
_LONGEST: Final = 80  # characters of a list of events


class _Event(NamedTuple):
    """The name of an event among words: how many of them it takes, how many characters, its kind."""

    words: int
    size: int
    kind: str


def events(surface: Surface) -> Iterator[Candidate]:
    """Events with a number, behind a verb of holding, or of which it is said that they are held."""
    yield from _numbered(surface)
    text, signs = surface.text, surface.v.event_signs
    for (verb_start, at), (stop, _) in pairwise([*surface.held, (len(text), 0)]):
        verb = text[verb_start:at], verb_start
        if not signs.isdisjoint(text[at : at + _LONGEST]):
            yield from _governed(surface, at, stop, verb)


def _event(surface: Surface, words: list[str], *, numbered: bool = False) -> _Event | None:
    """The first event that some of the words name together; a number before it is evidence enough."""
    v, size = surface.v, 0
    for count, word in enumerate(words, start=1):
        size += len(word)
        last = v.event_ends.longest(word, 0, len(word))
        bare = numbered and word in v.sets["events.bare"]
        if not last or word in v.sets["events.no_ends"] or (size < _SHORTEST and not bare):
            continue
        if not numbered and (last == "会" or v.plain.issuperset(words[: count - 1])):
            continue  # most 会 are meetings and associations; 文艺展演
        if (numbered and len(word) > 1) or _goes_on(surface, words[count : count + 1]):
            kind = v.event_kinds[last]
            sports = kind == "forum" and v.forwards[_SPORTS].search("".join(words[:count]))
            return _Event(count, size, "contest" if sports else kind)
    return None


def _goes_on(surface: Surface, behind: list[str]) -> bool:
    """May this stand behind the name of an event, because it begins something new?"""
    new = behind and (behind[0] in surface.v.predicates or surface.v.forwards[_GOES_ON].match(behind[0]))
    return not behind or bool(new)


def _numbered(surface: Surface) -> Iterator[Candidate]:
    v, text = surface.v, surface.text
    for match in v.forwards[_NUMBER].finditer(text):
        start, stop = match.span("name")
        found = _event(surface, surface.words(start, stop), numbered=True)
        if found is None or v.forwards[_ASSEMBLY].search(text, start, start + found.size):
            continue
        end = start + found.size
        clause = surface.clause_start(match.start())
        verb = surface.verb_before(clause, match.start())
        yield surface.make(start, end, found.kind, "numbered_event", verb=verb)


def _governed(surface: Surface, at: int, stop: int, verb: tuple[str, int]) -> Iterator[Candidate]:
    """The events of a list behind a verb of holding, up to the next such verb."""
    text, stop = surface.text, min(stop, at + _LONGEST)
    clause = CLAUSE_END.search(text, at, stop)
    for start, end, _ in pieces(text, at, clause.start() if clause else stop):
        if surface.v.event_signs.isdisjoint(text[start:end]):
            continue
        words, begin = trim(surface, surface.words(start, end), start, "activity")
        found = _event(surface, words)
        if found and found.words > 1 and not surface.v.always.intersection(words[: found.words]):
            yield surface.make(begin, begin + found.size, found.kind, "held_event", verb=verb)


_SHORTEST: Final = 4  # characters of a name
