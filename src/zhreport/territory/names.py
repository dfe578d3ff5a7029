"""Names of places: what a clause begins with, and whether that is the report's own place."""

from dataclasses import dataclass, replace
from functools import cache
from typing import Final

import regex

from zhreport.metadata.regions import CENTRAL, Place, Region, names_at, unit
from zhreport.words.compiling import Pattern
from zhreport.words.lexicon import default_lexicon, package_pattern, package_sets

__all__ = ["Named", "Names", "pattern"]

_FILE: Final = "territory.toml"
_WHOLE: Final = "[全我本]({names.signs})"
_THAT: Final = "该({names.signs})|当地(?!时间)"
_TOWN: Final = r"\p{Han}{1,4}?街道|\p{Han}{1,3}?{names.towns}(?!村|镇|贤|土|级)"
_VILLAGE: Final = r"\p{Han}{2,3}?{names.villages}"
_ZONE: Final = r"\p{Han}{0,4}?{names.zones}"
#: What every zone and town has: most places of a text are none, and this is seen faster.
_MAY_END: Final = ".{0,4}?(?:{names.zones}|街道|{names.towns}|{names.villages})"
_WITHIN: Final = rf"(?:{{names.towards}}|\p{{Han}}{{2}})?{{names.zones}}|{_TOWN}"
#: 云岭市公安局平安分局 is that of 平安, which alone is the place.
_BRANCH: Final = r"\p{Han}{0,6}局(\p{Han}{2,6})分局"
#: 中国（云岭）自由贸易试验区 is that of 云岭.
_PILOT_ZONE: Final = r"（(\p{Han}{2,6})）"
_NATION: Final = "全国"  # what a body of the state stands for
_OFTEN: Final = 3  # that a short name stands in a text that names what it lies in
_LONGEST: Final = 12  # characters of a name and of what it lies in
_PARTS: Final = (2, 3)  # characters of words that no name holds
_ABOVE_COUNTIES: Final = ("市", "州", "盟", "地区")


def pattern(template: str) -> Pattern:
    """The pattern of a template with the names of lists of the file, as `{names.kinds}`."""
    return package_pattern(_FILE, template)


@dataclass(frozen=True, slots=True)
class Named:
    """A place as a text names it.

    Attributes:
        text: as written.
        code: six digits (GB/T 2260), "" if there is none or it is not clear which.
        end: where the name ends in the text.
        own: it is the place of the report.
        sure: it can be nothing else; a name without its kind, and 全国, may be part of another name.
        wide: it is what others are compared with and ranked among: 全国, 全省, 长三角.
        acts: a public body stands for it, whose deeds the sentence goes on to tell.
        counted: it stands right before the figure of what is there, and not at the beginning.
        within: the place that it is named with and lies in: 云岭县 of 云岭县松山镇.
        members: the places of a list in their order, empty for a single one.
    """

    text: str
    code: str
    end: int
    own: bool = False
    sure: bool = True
    wide: bool = False
    acts: bool = False
    counted: bool = False
    within: "Named | None" = None
    members: "tuple[Named, ...]" = ()


class Names:
    """The names of places as a report uses them.

    Args:
        region: the place of the report; its name is "" if unknown.
        year: of the report, which decides between codes.
        text: the report, folded; the short name of a county that it names in full is one too.
        news: it is of no known genre and body, as news are, and may tell of anybody.

    Attributes:
        opened: the place that the paragraph begins with, as long as it names no other.
        told: what the report says before the text that is read, in which 该县 looks for its name.
    """

    def __init__(self, region: Region, year: int | None, text: str = "", *, news: bool = False) -> None:
        self.region, self.news, self._year, self._text = region, news, year, text
        self._said: dict[Place, bool] = {}
        self.told = ""
        self.opened: Named | None = None
        self._kind = unit(region.name)
        self._short = region.name.removesuffix(self._kind)
        self._initial = region.name[0] + self._kind if self._kind == "州" else ""  # 巴州

    def at(self, text: str, start: int) -> Named | None:
        """The place whose name begins at a place of a text, None if there is none."""
        if (
            self.news
            and not (self.region.name and start)
            and (found := pattern("{names.state}").match(text, start)) is not None
        ):
            return Named(_NATION, CENTRAL.code, found.end(), acts=True)
        if text[start : start + 1] not in _first_signs():
            return self.tabled(text, start) or self._by_form(text, start)
        level = "{names.own_level}|" if self.region.name else ""
        if (found := pattern(level + "{names.speaker}").match(text, start)) is not None:
            return Named(found.group(), self.region.code, found.end(), own=True)
        if pattern("{names.other}").match(text, start) is not None:
            return None
        if (found := pattern("{names.general}").match(text, start)) is not None:
            return Named(found.group(), "", found.end(), own=True)
        country = "{names.country}|{names.name_of_country}"
        if (found := pattern(country).match(text, start)) is not None:
            if (zone := pattern(_PILOT_ZONE).match(text, found.end())) is not None:
                return self.tabled(text, zone.start(1))
            own = self.region.level == CENTRAL.level
            if not (own or self.news) and pattern("{names.country}").match(text, start) is None:
                return None
            return Named(found.group(), CENTRAL.code, found.end(), own=own, sure=False, wide=True)
        if (found := pattern(_THAT).match(text, start)) is not None:
            return self._that(text, start, found[1] or "", found.end())
        if (found := pattern(_WHOLE).match(text, start)) is not None:
            return self._whole(found.group(), found[1], found.end())
        listed = pattern("{names.regions}|{names.countries}").match(text, start)
        tabled = self.tabled(text, start)
        if tabled is not None and (listed is None or tabled.end >= listed.end()):
            return tabled
        if listed is not None:
            return Named(listed.group(), "", listed.end(), sure=False, wide=True)
        return self._by_form(text, start)

    def _whole(self, name: str, kind: str, end: int) -> Named:
        """The place that 全 or 我 and a kind speak of: the report's own, the one above it, or a part."""
        region, code = self.region, ""
        if not self._kind or kind in self._kinds():  # of a place that is not known all are its own
            return Named(name, region.code, end, own=True)
        if region.code and region.level != CENTRAL.level:
            if kind in ("省", "自治区") or (kind == "区" and region.province.endswith("自治区")):
                code = region.code[:2] + "0000"
            elif region.level == "county" and kind in _ABOVE_COUNTIES:
                code = region.code[:4] + "00"
        return Named(name, code, end, sure=False, wide=True)

    def _that(self, text: str, start: int, kind: str, end: int) -> Named | None:
        """The place of a kind that was named last before 该 and the kind, as it was written there.

        Before 当地 it is one of any kind.
        """
        told = self.told + text[:start]
        for sign in pattern(f"(?r){kind or '{names.signs}'}").finditer(told):
            for begin in range(max(sign.start() - _LONGEST, 0), sign.start()):
                named = self.tabled(told, begin)
                if named is not None and named.end == sign.end() and named.sure:
                    return replace(named, end=end)
        return None

    def _kinds(self) -> tuple[str, ...]:
        """What the report calls its own place: 自治区 is 全区 too."""
        return (self._kind, "区") if self._kind == "自治区" else (self._kind,)

    def tabled(self, text: str, start: int) -> Named | None:
        """A place of the tables, or a chain of such; the last of it counts."""
        found = names_at(text, start, year=self._year)
        if self._initial and text.startswith(self._initial, start):
            return Named(self._initial, self.region.code, start + len(self._initial), own=True)
        if found is None:
            return None
        end, bare, places = found
        if text.startswith("级", end):  # 新建县级园区
            return None
        name, near = text[start:end], [p for p in places if self._near(p)]
        own = [p for p in places if p.code == self.region.code or p.name == self.region.name]
        if own and self.region.name:
            return self._within(text, start, Named(name, own[0].code, end, own=True, sure=not bare))
        if bare and pattern("{reading.ambiguous}$").search(name):
            return None
        if bare and self._short and text.startswith(self._short, end):  # 平安云岭
            return None
        chain = all(len(name) > len(p.short) for p in places)  # 浙江义乌
        if bare and not (near or chain or pattern("{names.of_counties}").match(text, end)):
            places = tuple(p for p in places if p.level != "county" or self._says_in_full(p))
        if not places or (not near and pattern("{names.common}").fullmatch(name)):
            return None
        meant = near or places
        if bare:  # 南昌 is the city, not 南昌县
            meant = [p for p in meant if p.level != "county"] or meant
        codes = {p.code for p in meant}
        above = not places[1:] and self._lies_above(places[0])
        code = codes.pop() if len(codes) == 1 else ""
        whole = Named(name, code, end, sure=not (bare or above), wide=above)
        return self._within(text, start, whole)

    def _within(self, text: str, start: int, named: Named) -> Named:
        """The zone or town that is named behind a place, or the places around it."""
        if (branch := pattern(_BRANCH).match(text, named.end)) is not None:
            return self._branch(text, start, named, branch.start(1), branch.end(1))
        if (around := pattern(r"\p{Han}{0,2}?{names.around}").match(text, named.end)) is not None:
            return Named(text[start : around.end()], "", around.end(), sure=False, wide=True)
        found = pattern(_WITHIN if named.sure else rf"{_WITHIN}|街道").match(text, named.end)
        if found is None or _is_no_name(found.group()):
            return named
        return Named(text[start : found.end()], "", found.end(), within=named)

    def _branch(self, text: str, start: int, named: Named, begin: int, end: int) -> Named:
        """The county or zone of a branch of an office of a place, with that place before it."""
        part, codes = text[begin:end], set[str]()
        if (found := names_at(text, begin, year=self._year)) is not None and found[0] == end:
            above = named.code[: 2 if named.code.endswith("0000") else 4]
            codes = {p.code for p in found[2] if above and p.code.startswith(above)}
        if not codes and pattern(".*{names.zones}").fullmatch(part) is None:
            return named
        return Named(text[start : named.end] + part, codes.pop() if len(codes) == 1 else "", end)

    def _says_in_full(self, place: Place) -> bool:
        """Does the report name a place with its kind or what it lies in, or often beside the latter?"""
        if place not in self._said:
            above = (place.prefecture or place.province).partition("族自治")[0]
            named = (place.name, above + place.short, above.removesuffix(unit(above)) + place.short)
            word = pattern("{reading.words}").fullmatch(place.short) is not None
            often = self._text.count(place.short) >= _OFTEN and above.removesuffix(unit(above)) in self._text
            self._said[place] = not word and (often or any(name in self._text for name in named))
        return self._said[place]

    def _lies_above(self, place: Place) -> bool:
        """Does the place of the report lie in a place? Its name is another word for 全省 then."""
        own = self.region
        return place.name in (own.province, own.prefecture) and place.name != own.name

    def _near(self, place: Place) -> bool:
        """Does a place lie in that of the report, or around it?"""
        own = self.region
        return bool(own.code) and (
            place.prefecture == own.prefecture != ""
            or (own.level == "province" and place.province == own.province)
            or (place.level == "province" and place.name == own.province)
        )

    def _by_form(self, text: str, start: int) -> Named | None:
        """The report's own place that no table has, or a place that only the end of its name tells."""
        own, short = self.region.name, self._short
        for known in filter(None, (own, short if len(short) > 1 else "")):
            if text.startswith(known, start):
                named = Named(known, self.region.code, start + len(known), own=True, sure=known == own)
                return self._within(text, start, named)
        if pattern(_MAY_END).match(text, start) is None:
            return None
        found = pattern(_ZONE).match(text, start) or pattern(_TOWN).match(text, start)
        if (
            found is None and self.news
        ):  # 精品村 and the like are counted in reports; a village is named again
            found = pattern(_VILLAGE).match(text, start)
            found = found if found is not None and self._text.count(found.group()) > 1 else None
        if found is None or _is_no_name(found.group()):
            return None
        return Named(found.group(), "", found.end())


@cache
def _first_signs() -> frozenset[str]:
    """The signs with which a name of a list begins, or 全市 and its like."""
    sets = package_sets(_FILE)
    lists = ("own_level", "speaker", "other", "general", "country", "name_of_country", "regions", "countries")
    return frozenset("全我本该当").union(word[0] for name in lists for word in sets[f"names.{name}"])


@cache
def _is_no_name(name: str) -> bool:
    """Is it a common noun, does it begin like a verb, or hold a word that no name has?"""
    if pattern("{names.zones}").fullmatch(name):
        return False
    if pattern(r".*{names.common}|{names.no_beginning}.*|{names.towns}").fullmatch(name):
        return True
    words = default_lexicon().words
    body = pattern("{names.zones}$|{names.towns}$|{names.villages}$").sub("", name)
    parts = {body[i : i + size] for i in range(len(body)) for size in _PARTS}
    return not parts.isdisjoint(words) or regex.search(r"[的了个等级]", name) is not None
