"""The table of units: every one is read where it stands, and those of official statistics are all there."""

from decimal import Decimal

import pytest

from zhreport import default_lexicon
from zhreport.quantities import Scanner
from zhreport.words.folding import fold

SCANNER = Scanner(default_lexicon())
UNITS = default_lexicon().units

# The units in which official statistics are published: by the classes of their indicators. Facts, in a form
# of our own; a word with a slash or 每 is read from its parts.
PUBLISHED = """
元 美元 欧元 日元 英镑 港元 澳门元 韩元 卢布 元/人 元/吨 元/平方米 美元/吨
人 户 个 家 所 座 处 项 件 份 套 台 辆 艘 架 部 册 种 场 次 人次 场次 批次 架次 班次 台次 辆次 剂次 乘次
吨 千克 公斤 克 毫克 担 斤 吨标准煤 千克标准煤 吨/年 吨/日 载重吨 总吨 公斤/亩 千克/亩 吨公里 人公里
换算吨公里 公里 千米 米 厘米 毫米 海里 延长米 车道公里 皮长公里 芯公里 公里/小时 千米每小时 公里/百平方公里
平方米 平方公里 公顷 亩 平方厘米 m² km² hm² ㎡ ㎢ 平方米/人
立方米 升 毫升 立方厘米 标准立方米 m³ L 立方米/日 立方米/秒
千瓦 兆瓦 瓦 千伏安 千伏 kV MW GW 千瓦时 兆瓦时 焦耳 吉焦 kWh GWh 克/千瓦时
% ‰ ‱ 个百分点 倍 番
年 个月 天 日 小时 分钟 秒 岁 人日 工日 床日
标准箱 标箱 TEU 标台 标准量 重量箱 箱 头 只 羽 尾 株 棵 张 床 间 层 对 列
℃ °C 摄氏度 毫克/升 微克/立方米 mg/L μg/m³ dB 分贝 兆帕 赫兹 MHz GHz
字节 TB PB Gbps Tbps PFLOPS EFLOPS 比特 KB MB
部/百人 张/千人 人/平方公里 辆/万人 件/万人 册/万人 /10万
封 通 股 剂 人份 宗次 笔 单 批 宗 例 起 条 篇 集 期 字 页
""".split()


@pytest.mark.parametrize("unit", sorted(UNITS))
def test_every_unit_is_read(unit: str) -> None:
    before, after = ("同比增长", "") if unit in ("%", "成") else ("合计达到", "")
    text = f"{before}3600{unit}{after}，"
    (found,) = SCANNER.scan(fold(text)).quantities
    assert text[found.start : found.end] == f"3600{unit}"
    assert found.unit == ("%" if unit == "成" else fold(unit))
    assert found.value == (36_000 if unit == "成" else 3600)


@pytest.mark.parametrize("unit", PUBLISHED)
def test_units_of_official_statistics_are_there(unit: str) -> None:
    text = f"合计达到2.5万{unit}。" if not unit.startswith("/") else f"合计达到2.5{unit}。"
    (found,) = SCANNER.scan(text).quantities
    assert text[found.start : found.end] == text[4:-1]
    assert found.unit == unit
    assert found.value == Decimal("2.5" if unit.startswith("/") else "25000")


def test_conversions_of_units_agree() -> None:
    """What is written in several ways converts alike."""
    alike = (("m²", "平方米", "㎡", "平方"), ("km²", "平方公里", "㎢"), ("kWh", "千瓦时", "度"))
    for same in (*alike, ("t", "吨", "公吨"), ("kg", "公斤", "千克", "㎏"), ("cm", "厘米"), ("mm", "毫米")):
        assert len({(UNITS[u].canonical, UNITS[u].factor) for u in same}) == 1, same
    assert UNITS["个百分点"].factor == 10 * UNITS["个千分点"].factor == 100 * UNITS["个基点"].factor
    sizes = [UNITS[u].factor for u in ("字节", "KB", "MB", "GB", "TB", "PB", "EB", "ZB")]
    assert sizes == [Decimal(1000) ** power for power in range(8)]
    assert UNITS["斤"].factor == 10 * UNITS["两"].factor


@pytest.mark.parametrize("mark", [",", " ", ", "])
@pytest.mark.parametrize("groups", [9, 10, 60])
def test_digits_in_many_groups_are_read(mark: str, groups: int) -> None:
    found = Scanner(default_lexicon()).scan(f"1{(mark + '241') * groups}元").quantities
    assert all(q.value is not None and q.value < 10**40 for q in found)
