"""The place that a report is of, from the sources that may name it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import regex

from zhreport.metadata.heads import Head
from zhreport.metadata.news import place_of_opening
from zhreport.metadata.regions import CENTRAL, GROUP, Mention, Region, choose, most_named, place_of_code, unit
from zhreport.metadata.wording import find_place, pattern, words
from zhreport.words.folding import fold

__all__ = ["find_region", "kinds_of"]

_BODY: Final = 8000  # characters that tell what place a report speaks of most
_STATE: Final = "^国务院|全国人民代表大会|^{places.country}|^国家统计局$"
_OWN: Final = "全(?:自治)?({places.own_signs})|我(国|{places.own_signs})"
_COUNTRY: Final = "{places.country}|中国|全国"
_PARTY: Final = regex.compile(r"中共(\p{Han}{2,12}?委)")
_LEVELS: Final = ("province", "prefecture", "county")
# columns of a metadata table in the order of a chain of names, and the level of what they hold
_COLUMNS: Final = {"province": "province", "prefecture": "prefecture", "region": "", "county": "county"}


def kinds_of(word: str) -> tuple[str, ...]:
    """The kinds of place that a word for one's own may mean: 区 is a district or an autonomous region."""
    if pattern("{places.agencies}").fullmatch(word):
        return ("地区", "盟")
    kind = unit(word)
    return ("区", "自治区") if word == "区" else (kind,) if kind else ()


def _level_of(kind: str) -> str:
    """The level of all places of a kind, "" if there are such of several levels."""
    return next((level for level in _LEVELS if pattern(f"{{places.{level}}}").fullmatch(kind)), "")


def _own_kinds(text: str) -> tuple[str, ...]:
    """The kinds of place that a text most often calls its own (全市, 我省); `国` for the whole country."""
    found = [match[1] or match[2] for match in pattern(_OWN).finditer(text)]
    most = max(sorted(set(found)), key=found.count) if found else ""
    return ("国",) if most == "国" else kinds_of(most)


def _of_table(
    row: Mapping[str, str], kinds: tuple[str, ...], year: int | None, context: str
) -> Region | None:
    """The region of a row of a metadata table, None if it has none."""
    level = words().levels.get(row.get("level", "").lower(), "")
    chain = {key: row[key] for key in _COLUMNS if key in row and not GROUP.fullmatch(row[key])}
    match = regex.match(r"[0-9]{6}", row.get("code", ""))
    code = match.group() if match else ""
    column, name = next(reversed(chain.items()), ("region", ""))
    if level == "central" or code in {"000000", CENTRAL.code} or pattern(_COUNTRY).fullmatch(name):
        return CENTRAL
    if code:
        zeros = "province" if code.endswith("0000") else "prefecture" if code.endswith("00") else "county"
        return place_of_code(code, year) or Region(code=code, name=name, level=level or zeros)
    if mention := _in_cells(list(chain.values())):
        found = choose(mention, levels=(level or _COLUMNS[column],), units=kinds, year=year, context=context)
        return replace(found, level=found.level or level)
    return Region(name=name, level=level) if name else None


def _in_cells(chain: Sequence[str]) -> Mention | None:
    """The place of the last of some cells, None if only one above it is known (江苏省, 云岭市)."""
    cells = [regex.sub(r"[^\p{Han}0-9]+", "|", cell).strip("|") for cell in chain]
    for line in ("|".join(cells), *cells[-1:]):
        mention = find_place(line)
        last = len(line) - len(cells[-1]) if cells else 0
        if mention and mention.end > last and not find_place(line[mention.end :].lstrip("|")):
            return mention
    return None


def _above(row: Mapping[str, str], region: Region, kinds: tuple[str, ...]) -> bool:
    """Whether a row tells only in what province or prefecture the place lies that a report speaks for."""
    own = unit(region.name)
    return bool(
        row.keys().isdisjoint(("region", "county", "code", "level"))
        and (own and kinds and own not in kinds and kinds[0] not in ("省", "自治区"))
    )


def _fits(mention: Mention, kinds: tuple[str, ...]) -> bool:
    """Whether a place may be of one of the kinds that the report says it is of."""
    names = [place.name for place in mention.places] or [mention.region.name]
    return not kinds or any(unit(name) in kinds for name in names)


def find_region(
    text: str, head: Head, *, name: str, file_title: str, row: Mapping[str, str], year: int | None
) -> Region:
    """The region from the first source that names one: table, head, file title, file name, then the text.

    A table that has nothing but the province, of a report on behalf of a city, decides between cities only.

    Args:
        text: the report.
        head: what its head says.
        name: the file name.
        file_title: the title among the file's properties.
        row: of the metadata table, by what the columns hold.
        year: of the report.
    """
    context = text[:_BODY]
    kinds = kinds_of(head.unit or head.office or head.post.rstrip("长"))
    own = kinds or _own_kinds(context)
    deciding = f"{context}\n{name}\n{name}"  # a province in the file name weighs as two mentions
    if region := _of_table(row, kinds, year, deciding):
        if not _above(row, region, kinds):
            return replace(region, origin="table")
        deciding += f"\n{region.province}{region.prefecture}" * 20  # weighs more than the text

    lines = (*head.deliveries(), head.post, head.title)
    signatures = head.signatures()
    if head.government == "国务院" or any(pattern(_STATE).search(line) for line in (*lines, *signatures)):
        return replace(CENTRAL, origin="text")
    named = [(line, kinds) for line in (head.government, *lines, *signatures)]
    # the committee may be that of the place above
    named += [(match[1], own) for match in _PARTY.finditer(context)]
    for line, fitting in named:
        if line and (mention := find_place(line)) and _fits(mention, fitting):
            return replace(choose(mention, units=own, year=year, context=deciding), origin="text")

    levels = tuple(
        level for word in regex.split(r"[^\p{L}]+", name.lower()) if (level := words().levels.get(word, ""))
    )
    spaced = regex.sub(r"[^\p{Han}0-9]+", "|", name).strip("|")
    for line, origin in ((file_title, "file"), (spaced, "file name")):
        if line and (mention := find_place(line)) and _fits(mention, kinds):
            region = choose(mention, units=own, levels=levels, year=year, context=deciding)
            return replace(region, origin=origin)
    if "central" in levels:
        return replace(CENTRAL, origin="file name")
    national = own == ("国",)
    if own and not national and (found := most_named(context, own, year)):
        return replace(found, origin="text")
    if found := place_of_opening(fold(context), () if national else own, year, national=national):
        return replace(found, origin="opening")
    if national:
        return replace(CENTRAL, origin="text")
    # 全县 tells a level, 全市 and 全区 do not
    possible = {_level_of(kind) for kind in own}
    return Region(level=possible.pop(), origin="text") if len(possible) == 1 and all(possible) else Region()
