"""News: the place that a text without a head reports of, as news do: 记者从云岭市公安局获悉."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Final, NamedTuple

from zhreport.metadata.regions import CENTRAL, Mention, Place, Region, choose, names_at, unit
from zhreport.words.compiling import Pattern
from zhreport.words.lexicon import package_pattern

__all__ = ["place_of_opening"]

_FILE: Final = "territory.toml"
_OPENING: Final = 200  # characters: a headline and the first sentences
_HEADLINE: Final = 100  # characters: a headline, or who said what follows
_BEGINNING: Final = r"(?:^|(?<=[^\p{Han}])|(?<=[年月日在于]|{reading.asked}))(?=\p{Han})"
#: A newspaper, which reports of other places too: 云岭日报讯（记者某某）.
_MEDIUM: Final = r"\p{Han}{0,4}?{places.media}"
_PUBLIC: Final = "[^，。；：、0-9“]{0,10}?(?:{reading.bodies}|{reading.police})"
#: What else a name may be part of, or is one of: 云岭集团, 云岭、平安等地.
_OTHER: Final = (
    "[^，。；：、0-9与和同跟“]{0,6}?{reading.organisations}|[^，。；：、0-9“]{0,16}?{reading.companies}"
    "|一?{reading.persons}|一{reading.people}|{reading.attached}|[、和与]|等[地省市]"
)
_LEAST: Final = 2  # pieces that begin with a place of which no public body is named


class _Named(NamedTuple):
    """A place with which a piece of a text begins: where its name stands, and what it may be."""

    start: int
    end: int
    mention: Mention

    def shorts(self) -> set[str]:
        """What it is called: the names of its places without their kinds, or that of a state."""
        return {place.short for place in self.mention.places} or {self.mention.region.name}


def place_of_opening(
    text: str, kinds: tuple[str, ...], year: int | None, *, national: bool = False
) -> Region | None:
    """The place whose public body the opening of a text names first, else the one it begins with most.

    Of places of other kinds than the text calls its own the first with a public body is taken if there is no
    better one. The state counts where the opening names a body of it and no place, or one but once behind it.

    Args:
        text: the report, folded.
        kinds: of place that the text calls its own, empty if it does not say.
        year: of the report; decides between codes.
        national: it speaks of the whole country too (我国), which then has to be named less often.
    """
    named = list(_pieces(text, year))
    opening = [one for one in named if one.start < _OPENING]
    pieces = Counter(short for one in named for short in one.shorts())
    if not kinds and _tells_of_the_state(text, opening, pieces):
        return CENTRAL
    fitting = [one for one in opening if not kinds or any(unit(p.name) in kinds for p in one.mention.places)]
    least = max(1 if kinds else _LEAST, *pieces.values(), 1)
    if national:
        least = max(least, _LEAST + len(_pattern("{names.country}|{names.name_of_country}").findall(text)))
    often = [one for one in fitting if max(pieces[short] for short in one.shorts()) >= least]
    subjects = [one for one in often if not _pattern(_OTHER).match(text, one.end)]
    for one in (*_with_bodies(text, fitting), *subjects[:1], *_with_bodies(text, opening)):
        region = choose(one.mention, units=kinds, year=year, context=text)
        if region.code or not one.mention.places:
            return region
    return None


def _tells_of_the_state(text: str, opening: Sequence[_Named], pieces: Mapping[str, int]) -> bool:
    """Does the opening name a body of the state, and no place of it that is named again?"""
    places = [one for one in opening if one.mention.places]
    begins = {one.start for one in places}
    states = _states(text, _beginnings(text, _HEADLINE))
    state = next((start for start, end in states if end not in begins), -1)
    again = any(pieces[short] >= _LEAST for one in places for short in one.shorts())
    return state >= 0 and (not places or (state < places[0].start and not again))


def _with_bodies(text: str, named: Sequence[_Named]) -> list[_Named]:
    """The places behind which a public body of theirs is named."""
    below = (one for one in named if one.mention.region != CENTRAL)  # 全国公安机关部署, 云岭警方行动
    return [one for one in below if _pattern(_PUBLIC).match(text, one.end)]


def _pieces(text: str, year: int | None) -> Iterator[_Named]:
    """The places with which pieces of a text begin, also behind a body of the state."""
    begins = _beginnings(text, len(text))
    for start in sorted({*begins, *(stop for _, stop in _states(text, begins))}):
        found = names_at(text, start, year=year)
        if found is None and (state := _pattern("(?<![在于])(?:{names.countries}|全国)").match(text, start)):
            region = CENTRAL if state.group() == "全国" else Region(name=state.group())
            yield _Named(start, state.end(), Mention(region=region, end=state.end()))
        if found is None or package_pattern("metadata.toml", _MEDIUM).match(text, found[0]):
            continue
        stop, bare, places = found
        if _pattern("{names.zones}|{names.common}").fullmatch(text[start:stop]):  # 市区
            continue
        if bare and not any(stop - start > len(place.name) for place in places):
            places = tuple(place for place in places if _is_sure(place, text, stop))
        if places:
            mention = Mention(region=Region(name=text[start:stop]), places=places, bare=bare, end=stop)
            yield _Named(start, stop, mention)


def _is_sure(place: Place, text: str, end: int) -> bool:
    """Is a name without its kind that of a place? A county's may be a common word (合作, 公安)."""
    if _pattern("{reading.ambiguous}").fullmatch(place.short):
        return False
    if place.level != "county" or place.name in text:
        return True
    word = _pattern("{reading.words}").fullmatch(place.short) is not None
    return not word and _pattern("{names.of_counties}").match(text, end) is not None


def _beginnings(text: str, end: int) -> list[int]:
    """Where pieces of a text begin that may name a place."""
    return [match.start() for match in _pattern(_BEGINNING).finditer(text, 0, end)]


def _states(text: str, begins: Sequence[int]) -> list[tuple[int, int]]:
    """Where pieces that begin with a body of the state begin, and where its name ends."""
    found = (_pattern("{names.state}").match(text, begin) for begin in begins)
    return [match.span() for match in found if match is not None]


@cache
def _pattern(template: str) -> Pattern:
    """The pattern of a template with the names of lists of territory.toml."""
    return package_pattern(_FILE, template)
