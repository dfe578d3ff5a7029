"""Made-up reports of which every other one has an error: what the audit must find, and what it must not.

`PLANTS` makes for each check pairs of the same reports, sound and with one figure misprinted. Numbers are
drawn first and rounded as they are written, as a statistician does: sums and quotients of what is written may
be off by their rounding in the sound ones.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

__all__ = ["PLANTS", "Pair", "pairs"]

#: Reports of one case: the place, the year and the text of each.
Reports = tuple[tuple[str, int, str], ...]

_PLACES = ("云岭市", "平安市", "青川市", "临河市", "白沙市", "石桥市", "东湖市", "望江市")
_FILLERS = (
    "人民生活持续改善，社会大局保持稳定。",
    "各项改革扎实推进，营商环境不断优化。",
    "城乡面貌焕然一新，生态环境持续向好。",
    "",
)


@dataclass(frozen=True)
class Pair:
    """One case twice.

    Attributes:
        sound: reports whose figures agree.
        wrong: the same with one figure misprinted.
    """

    sound: Reports
    wrong: Reports


def misprint(rng: Random, number: str, least: float, most: float) -> str:
    """A number with one digit changed, or two swapped, so that it is off by a share between two limits."""
    value = float(number)
    for _ in range(1000):
        digits = list(number)
        places = [i for i, sign in enumerate(digits) if sign.isdigit()]
        at = rng.choice(places)
        if rng.random() < 0.3 and len(places) > 1:
            other = rng.choice(places)
            digits[at], digits[other] = digits[other], digits[at]
        else:
            digits[at] = rng.choice("0123456789")
        made = "".join(digits)
        off = abs(float(made) - value) / abs(value)
        if least <= off <= most and (not made.startswith("0") or made.startswith("0.")):
            return made
    # a number of few digits: the next one that is far enough
    decimals = len(number.partition(".")[2])
    return f"{value * (1 + least) + 2 * 10**-decimals:.{decimals}f}"


def _filled(rng: Random, *sentences: str) -> str:
    return "".join(sentence + rng.choice(_FILLERS) for sentence in sentences)


def _one(rng: Random, template: str, numbers: dict[str, str], wrong: str, least: float, most: float) -> Pair:
    """A report of the last year with numbers, and with one of them misprinted."""
    place = rng.choice(_PLACES)
    bad = numbers | {wrong: misprint(rng, numbers[wrong], least, most)}
    opening = rng.choice(("", "2024年，全市上下团结奋斗。", "过去一年，我们主要做了以下工作。"))
    heading = "一、2024年工作回顾\n"
    texts = [heading + opening + template.format(**found) for found in (numbers, bad)]
    return Pair(*(((place, 2025, text),) for text in texts))


def _decimals(rng: Random) -> int:
    return rng.choice((1, 1, 2))


def _parts(rng: Random, count: int, low: float, high: float) -> tuple[list[str], str]:
    """Parts and their sum as written; each part is at least a tenth of it."""
    decimals = _decimals(rng)
    total = rng.uniform(low, high)
    cuts = [rng.uniform(1, 2) for _ in range(count)]
    parts = [total * cut / sum(cuts) for cut in cuts]
    return [f"{part:.{decimals}f}" for part in parts], f"{total:.{decimals}f}"


_WHOLES = (
    ("全年进出口总额{total}亿元，其中出口{a}亿元、进口{b}亿元。", 2),
    ("全年货物进出口总额{total}亿元，增长3.4%。其中，出口{a}亿元，增长2.8%；进口{b}亿元，增长4.1%。", 2),
    (
        "地区生产总值{total}亿元，增长5.2%。其中，第一产业增加值{a}亿元，第二产业增加值{b}亿元，第三产业增加值{c}亿元。",
        3,
    ),
    ("一般公共预算收入{total}亿元，增长4%，其中税收收入{a}亿元，非税收入{b}亿元。", 2),
    ("年末常住人口{total}万人，其中城镇常住人口{a}万人，乡村常住人口{b}万人。", 2),
    ("社会消费品零售总额{total}亿元。按经营地分，城镇消费品零售额{a}亿元，乡村消费品零售额{b}亿元。", 2),
    ("粮食总产量{total}万吨，其中夏粮产量{a}万吨，秋粮产量{b}万吨。", 2),
)


def parts_of_whole(rng: Random) -> Pair:
    template, count = rng.choice(_WHOLES)
    parts, total = _parts(rng, count, 100, 900)
    numbers = dict(zip("abc", parts, strict=False)) | {"total": total}
    return _one(rng, template, numbers, rng.choice(sorted(numbers)), 0.02, 5)


_LISTS = (
    "全年新建学校{total}所，其中小学{a}所、初中{b}所、幼儿园{c}所。",
    "全市拥有公共图书馆{total}个，其中县级图书馆{a}个，乡镇图书馆{b}个，社区图书馆{c}个。",
    "全年获得奖牌{total}枚。其中，金牌{a}枚，银牌{b}枚，铜牌{c}枚。",
    "新建充电桩{total}个（其中城区{a}个、乡镇{b}个、公路沿线{c}个）。",
)


def parts_over_total(rng: Random) -> Pair:
    parts = [rng.randrange(40, 90) for _ in range(3)]
    numbers = {name: str(part) for name, part in zip("abc", parts, strict=True)}
    numbers["total"] = str(sum(parts))
    place = rng.choice(_PLACES)
    bad = numbers | {"total": str(sum(parts) - rng.randrange(1, sum(parts) // 15))}
    template = rng.choice(_LISTS)
    made = (f"一、2024年工作回顾\n{template.format(**found)}" for found in (numbers, bad))
    return Pair(*(((place, 2025, text),) for text in made))


_SUMS = (
    "全年生产小麦{a}万吨，玉米{b}万吨，大豆{c}万吨，合计{total}万吨。",
    "东区完成投资{a}亿元，西区完成投资{b}亿元，南区完成投资{c}亿元，共计{total}亿元。",
    "收到中央补助{a}亿元，省级补助{b}亿元，其他补助{c}亿元，合计{total}亿元。",
)


def sum_of_list(rng: Random) -> Pair:
    parts, total = _parts(rng, 3, 30, 900)
    numbers = dict(zip("abc", parts, strict=True)) | {"total": total}
    return _one(rng, rng.choice(_SUMS), numbers, "total", 0.015, 0.08)


_SHARES = (
    "地区生产总值{whole}亿元。工业增加值{part}亿元，占地区生产总值的比重为{share}%。",
    "地区生产总值{whole}亿元，增长5%。数字经济核心产业增加值{part}亿元，占地区生产总值比重达到{share}%。",
    "一般公共预算支出{whole}亿元。教育支出{part}亿元，占一般公共预算支出的{share}%。",
)


def share_of_whole(rng: Random) -> Pair:
    whole, share = rng.uniform(300, 4000), rng.uniform(8, 60)
    numbers = {"whole": f"{whole:.1f}", "part": f"{whole * share / 100:.1f}", "share": f"{share:.1f}"}
    return _one(rng, rng.choice(_SHARES), numbers, rng.choice(sorted(numbers)), 0.02, 5)


def ratio_of_figures(rng: Random) -> Pair:
    if rng.random() < 0.5:
        whole, rate = rng.uniform(80, 900), rng.uniform(40, 80)
        part, template = (
            whole * rate / 100,
            ("年末常住人口{whole}万人，其中城镇常住人口{part}万人，常住人口城镇化率{rate}%。"),
        )
        numbers = {"whole": f"{whole:.1f}", "part": f"{part:.1f}", "rate": f"{rate:.2f}"}
    else:
        whole, rate = rng.uniform(14000, 30000), rng.uniform(1.6, 2.8)
        part, template = (
            whole * rate,
            ("城镇居民人均可支配收入{part}元，农村居民人均可支配收入{whole}元，城乡居民收入比为{rate}。"),
        )
        numbers = {"whole": f"{whole:.0f}", "part": f"{part:.0f}", "rate": f"{rate:.2f}"}
    return _one(rng, template, numbers, rng.choice(sorted(numbers)), 0.02, 5)


_STRUCTURES = (
    "三次产业结构为{a}:{b}:{c}。",
    "三次产业结构调整为{a}∶{b}∶{c}。",
    "三次产业比例为{a}：{b}：{c}，结构进一步优化。",
)


def structure_of_hundred(rng: Random) -> Pair:
    first, second = rng.uniform(5, 20), rng.uniform(30, 50)
    numbers = {"a": f"{first:.1f}", "b": f"{second:.1f}", "c": f"{100 - first - second:.1f}"}
    return _one(rng, rng.choice(_STRUCTURES), numbers, rng.choice("bc"), 0.02, 0.6)


_CHANGES = (
    "粮食产量{level}万吨，比上年增加{added}万吨，增长{growth}%。",
    "社会消费品零售总额{level}亿元，增加{added}亿元、增长{growth}%。",
    "金融机构存款余额{level}亿元，比年初增加{added}亿元，增长{growth}%。",
)


def change_and_growth(rng: Random) -> Pair:
    before, growth = rng.uniform(300, 3000), rng.uniform(3, 20)
    added = before * growth / 100
    numbers = {"level": f"{before + added:.1f}", "added": f"{added:.1f}", "growth": f"{growth:.1f}"}
    return _one(rng, rng.choice(_CHANGES), numbers, rng.choice(("added", "growth")), 0.06, 5)


_STARTS = (
    "一般公共预算收入由2023年的{start}亿元增加到2024年的{end}亿元，增长{growth}%。",
    "粮食产量从2023年的{start}万吨提高到2024年的{end}万吨，增长{growth}%。",
)


def start_and_growth(rng: Random) -> Pair:
    start, growth = rng.uniform(100, 900), rng.uniform(3, 20)
    end = start * (1 + growth / 100)
    numbers = {"start": f"{start:.1f}", "end": f"{end:.1f}", "growth": f"{growth:.1f}"}
    return _one(rng, rng.choice(_STARTS), numbers, "growth", 0.06, 5)


_TWICE = (
    ("全年粮食产量{a}万吨。", "农业生产再获丰收，粮食产量达到{b}万吨。"),
    ("全市地区生产总值{a}亿元，增长5.5%。", "综合实力迈上新台阶，地区生产总值达到{b}亿元。"),
    ("一般公共预算收入增长{a}%。", "财政运行平稳，全市一般公共预算收入增长{b}%。"),
    ("城镇新增就业{a}万人。", "就业形势稳定，全年城镇新增就业{b}万人。"),
)


def two_values(rng: Random) -> Pair:
    first, second = rng.choice(_TWICE)
    number = f"{rng.uniform(5, 200):.1f}"
    return _one(rng, _filled(rng, first, second), {"a": number, "b": number}, rng.choice("ab"), 0.02, 5)


_RANKED = (
    ("地区生产总值增速居全省第{a}位。", "地区生产总值增速居全省第{b}位，创历史最好成绩。"),
    ("社会消费品零售总额增速排名全省第{a}位。", "消费持续回暖，社会消费品零售总额增速排名全省第{b}位。"),
)


def two_ranks(rng: Random) -> Pair:
    first, second = rng.choice(_RANKED)
    rank = rng.randrange(1, 15)
    template = _filled(rng, first, second)
    place = rng.choice(_PLACES)
    other = rng.choice([n for n in range(1, 15) if n != rank])
    made = (f"一、2024年工作回顾\n{template.format(a=rank, b=last)}" for last in (rank, other))
    return Pair(*(((place, 2025, text),) for text in made))


_RESTATED = (
    ("粮食产量{a}万吨。", "粮食产量由2023年的{b}万吨增加到2024年的{c}万吨。"),
    ("一般公共预算收入{a}亿元。", "一般公共预算收入从2023年的{b}亿元提高到2024年的{c}亿元。"),
)


def result_restated(rng: Random) -> Pair:
    last, now = rng.choice(_RESTATED)
    value = rng.uniform(50, 900)
    number, later = f"{value:.1f}", f"{value * rng.uniform(1.03, 1.2):.1f}"
    place = rng.choice(_PLACES)

    def made(stated: str) -> Reports:
        first = f"一、2023年工作回顾\n{last.format(a=number)}"
        second = f"一、2024年工作回顾\n{now.format(b=stated, c=later)}"
        return (place, 2024, first), (place, 2025, second)

    return Pair(made(number), made(misprint(rng, number, 0.02, 5)))


_CITIES = (
    ("全年地区生产总值{a}亿元。", "云岭市地区生产总值{b}亿元。"),
    ("全市一般公共预算收入{a}亿元，增长4.4%。", "云岭市一般公共预算收入{b}亿元，居全省前列。"),
    ("粮食产量{a}万吨。", "云岭市粮食产量{b}万吨。"),
)


def place_in_report(rng: Random) -> Pair:
    city, province = rng.choice(_CITIES)
    number = f"{rng.uniform(50, 3000):.1f}"

    def made(stated: str) -> Reports:
        first = f"一、2024年工作回顾\n{city.format(a=number)}"
        second = f"一、2024年工作回顾\n全省经济稳中有进。{province.format(b=stated)}"
        return ("云岭市", 2025, first), ("青川省", 2025, second)

    return Pair(made(number), made(misprint(rng, number, 0.02, 5)))


_GROWN = (
    ("一般公共预算收入{a}亿元。", "一般公共预算收入{b}亿元，增长{g}%。"),
    ("社会消费品零售总额{a}亿元。", "社会消费品零售总额{b}亿元、增长{g}%。"),
    ("全体居民人均可支配收入{a}元。", "全体居民人均可支配收入{b}元，比上年增长{g}%。"),
)


def level_and_growth(rng: Random) -> Pair:
    last, now = rng.choice(_GROWN)
    before, growth = rng.uniform(20000, 50000), rng.uniform(3, 12)
    whole = "元。" in last and "亿" not in last
    decimals, scale = (0, 1) if whole else (1, 0.01)
    a, b = (f"{value * scale:.{decimals}f}" for value in (before, before * (1 + growth / 100)))
    place, g = rng.choice(_PLACES), f"{growth:.1f}"

    def made(level: str) -> Reports:
        first = f"一、2023年工作回顾\n{last.format(a=a)}"
        second = f"一、2024年工作回顾\n{now.format(b=level, g=g)}"
        return (place, 2024, first), (place, 2025, second)

    return Pair(made(b), made(misprint(rng, b, 0.01, 5)))


_AIMED = (
    ("力争地区生产总值增长{a}%以上。", "地区生产总值增长{b}%。"),
    ("社会消费品零售总额增长{a}%左右。", "社会消费品零售总额增长{b}%。"),
    ("城镇新增就业{a}万人以上。", "城镇新增就业{b}万人。"),
)


def target_and_result(rng: Random) -> Pair:
    last, now = rng.choice(_AIMED)
    aim = rng.uniform(5, 9)
    place, other = rng.choice(_PLACES), rng.uniform(1.02, 1.3)

    def made(result: float) -> Reports:
        first = f"二、2024年工作安排\n今年发展的主要预期目标是：{last.format(a=f'{aim:.1f}')}"
        second = f"一、2024年工作回顾\n{now.format(b=f'{result:.1f}')}"
        return (place, 2024, first), (place, 2025, second)

    return Pair(made(aim * other), made(aim * rng.uniform(0.5, 0.9)))


#: What makes the pairs of each check.
PLANTS: Sequence[Callable[[Random], Pair]] = (
    parts_of_whole,
    parts_over_total,
    sum_of_list,
    share_of_whole,
    ratio_of_figures,
    structure_of_hundred,
    change_and_growth,
    start_and_growth,
    two_values,
    two_ranks,
    result_restated,
    place_in_report,
    level_and_growth,
    target_and_result,
)


def pairs(plant: Callable[[Random], Pair], count: int) -> Iterator[Pair]:
    """So many pairs of a check, always the same."""
    rng = Random(plant.__name__)  # noqa: S311 - no secrets
    for _ in range(count):
        yield plant(rng)
