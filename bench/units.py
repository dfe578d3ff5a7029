"""The table of units beside lists that others made: what is missing, and which factors differ.

    pip install babel pint
    python bench/units.py

Unicode's CLDR (as babel holds it) names units and the currencies in tender in Chinese; pint knows what the
Latin units are worth. Both are independent of `units.csv`. Prints the names that no quantity is read with,
and the units whose factors are not those of pint; exits with 1 if there are any. Names that are no measure
words of reports stand in `NOT_WRITTEN`. The units that statistics are published in stand in
`tests/test_units.py`: no package holds a list of them.
"""

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Final

import pint
from babel import Locale
from babel.core import get_global

from zhreport.quantities import Scanner
from zhreport.words.folding import fold
from zhreport.words.lexicon import Unit, default_lexicon

_HAN: Final = re.compile(r"[\u4e00-\u9fff·]+")
#: Units of CLDR that are no measure words of reports, by the reason.
NOT_WRITTEN: Final = frozenset(
    # people, companies and words first
    "亨利 法拉 特斯拉 西门子 韦伯 开特 摩尔 库仑 牛 牛米 牛顿米 光 "
    "季 晚 级 撮 码 卡 巴 节 点 转 杯 滴 "
    "葡萄糖 汞柱 "
    # of the sky, of angles, of light, of atoms
    "光年 天文单位 秒差距 地球半径 地球质量 太阳光度 太阳半径 太阳质量 弧度 弧分 弧秒 球面度 "
    "坎德拉 流明 勒克斯 道尔顿 电子伏 电子伏特 开尔文 像素 百万像素 个十年 个世纪 百万分之 "
    "十亿分之 "
    # of the kitchen and of the trades of other countries
    "品脱 夸脱 茶匙 汤匙 甜点匙 量杯 打兰 液盎司 液量打兰 公制品脱 公制杯 公制液量盎司 "
    "英制夸脱 英制液盎司 英制甜点匙 英制加仑 蒲式耳 英石 英寻 弗隆 格令 金衡制盎司 英亩英尺 杜纳亩 "
    "立方码 磅力 磅英尺 千克力 美制克卡 斯堪的纳维亚英里 英寸汞柱 个标准大气压 毫巴 帕斯卡 千帕斯卡 百帕斯卡 "
    "兆帕斯卡 国际蒸汽表卡 国际蒸汽表卡路里 "
    # rates that Chinese writes the other way round
    "每公里升 每分升毫克 每加仑英里 每升毫摩尔 每平方秒米 每平方英寸磅 每秒米 每英制加仑英里 "
    "每小时公里 每小时英里 "
    # misspelt, and of two names
    "圣赫勒拿群岛磅 波斯尼亚-黑塞哥维那可兑换马克 ".split()
)
_HISTORIC: Final = re.compile(r"[（(0-9A-Za-z]")


def names_of_units(language: Locale) -> Iterator[str]:
    """The measure words of CLDR in a language, without the figure that stands before them."""
    for lengths in language._data["unit_patterns"].values():  # noqa: SLF001 - babel has no list of them
        for pattern in lengths.values():
            if isinstance(pattern, Mapping) and "other" in pattern:
                yield pattern["other"].replace("{0}", "").strip()


def names_of_currencies(language: Locale) -> Iterator[str]:
    """The currencies that are in tender somewhere today."""
    for entries in get_global("territory_currencies").values():
        for code, _, until, tender in entries:
            if tender and until is None and (name := language.currencies.get(code)):
                yield name


def missing(names: Iterable[str]) -> list[str]:
    """Those that are not read as the unit of a quantity."""
    scanner = Scanner(default_lexicon())
    found = []
    for name in sorted(set(names)):
        text = f"合计达到36{name}，"
        read = [text[q.start : q.end] for q in scanner.scan(fold(text)).quantities]
        if read != [text[4:-1]]:
            found.append(name)
    return found


def differing(units: Iterable[Unit]) -> Iterator[str]:
    """Latin units whose factor is not pint's, measured by another unit of the same kind."""
    registry = pint.UnitRegistry()
    known: dict[str, list[tuple[Unit, Decimal]]] = {}
    for unit in units:
        symbol = unit.surface.translate(str.maketrans("²³·", "23*")).replace("2", "**2").replace("3", "**3")
        if not unit.factor or not re.fullmatch(r"[A-Za-zμµ*23]+", symbol) or unit.dimension in _OTHERWISE:
            continue
        try:
            base = registry.Quantity(1, symbol).to_base_units()
        except (pint.UndefinedUnitError, pint.OffsetUnitCalculusError, AttributeError, ValueError):
            continue
        known.setdefault(f"{unit.dimension} {base.units}", []).append((unit, Decimal(str(base.magnitude))))
    for alike in known.values():
        first, worth = alike[0]
        for unit, magnitude in alike[1:]:
            ratio = (unit.factor / first.factor) / (magnitude / worth)
            if abs(ratio - 1) > Decimal("0.001"):
                yield f"{unit.surface}: {ratio:.6g} times what it should be beside {first.surface}"


#: Kinds whose letters mean something else to pint.
_OTHERWISE: Final = frozenset(("percentage_point", "rate", "sound", "density", "count"))


def main() -> int:
    """Print what is missing and what differs."""
    chinese = Locale.parse("zh")
    wanted = (name for name in names_of_units(chinese) if _HAN.fullmatch(name) and name not in NOT_WRITTEN)
    lost = missing(wanted)
    money = missing(
        name
        for name in names_of_currencies(chinese)
        if not _HISTORIC.search(name) and name not in NOT_WRITTEN
    )
    wrong = list(differing(default_lexicon().units.values()))
    print(f"units of CLDR not read: {' '.join(lost) or 'none'}")
    print(f"currencies of CLDR in tender not read: {' '.join(money) or 'none'}")
    print(f"factors that differ: {'; '.join(wrong) or 'none'}")
    return 1 if lost or money or wrong else 0


if __name__ == "__main__":
    sys.exit(main())
