"""What the fuzzer tries: texts, options of an analyzer and files, each made from random numbers alone."""

import io
import pathlib
import random
import sys
import zipfile
from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any, Final

from zhreport.words.lexicon import Unit, default_lexicon

ROOT: Final = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

import docfiles  # noqa: E402 - the makers of the tests' files
import pagefiles  # noqa: E402

#: Sentences that reach most of the rules; everything that is tried is made of them and of `--texts`.
SENTENCES: Final = """
地区生产总值1862.4亿元、增长7.5%，居全省第3位；建成5G基站860个，开通812个。
力争城镇、农村居民人均可支配收入分别增长5.2%、6.8%以上，一般公共预算收入增长5%左右。
粮食、油料、蔬菜等产量分别达到80亿斤、12.5万吨、三百二十万吨，比上年增长2.5%、-0.3%、1.2个百分点。
市委网信办开展“净网”“护苗”等专项整治行动90多次，清理违法违规信息5200条。
承办第五届云岭网络安全技能大赛，荣获“全省网络安全工作先进单位”称号；《云岭市条例》颁布实施。
三次产业比例由12.3：40.1：47.6调整为11.8:40.5:47.7，占比提高到三分之一，翻两番，增长1.5倍。
2023年1—11月，规模以上工业增加值同比增长百分之六点五；到2025年底，城镇化率达到65%以上。
预计全年完成投资(含技改)近３０００万元，其中：民间投资1.2亿元（占40%）、外资约500万美元。
一、2023年工作回顾
（二）2024年重点工作
新建改建农村公路120公里、桥梁3座，惠及26个村约1.5万余人，每万人拥有医生不低于30名。
超长期特别国债等资金8亿元，争取到位6亿元；减税降费、退税缓税等政策为企业减负2.3亿元。
国家卫生城市、全国文明城市创建成功，“一网通办”“最多跑一次”改革走在全省前列，好于全国平均水平3个百分点。
深入实施“春风行动”“雨露计划”和‘百千万’工程，扎实推进“双减”工作，打好污染防治攻坚战三大战役。
进出口总额7 4 7 7 2万元，比去年同期降低0.4个百分点，高于全市1.1个百分点。
表1 主要指标	单位	2023年	增长%
税收（亿元） 68.4 6.1% 12
""".strip().splitlines()

#: What is put in: words and signs that rules look for, numerals and dates, and then odd signs.
PIECES: Final = [
    *"""
    分别 等 等等 、 ， 。 ； ： ！ ？ “ ” ‘ ’ 「 」 『 』 《 》 （ ） ( ) [ ] 【 】 〔 〕 " '
    约 超 超过 近 不低于 以上 以下 左右 多 余 几 来 第 前 每 共 各 其中 比 较 由 从 到 至 提高到 为 的 了
    和 与 增长 下降 达到 突破 完成 新增 建成 占 居 翻 翻番 倍 成 个百分点 % ％ ‰ 百分之 千分之 分之 亿元 万 亿
    0 1 12 3.5 1,234 1,23 00 .5 5. 1:2:3 1/3 1—2 3-5 -3.8 －２ ３．５ 百 千 零 〇 两 二十 三百万 十余 2万5千
    2023年 １９９８年 二〇二四年 2023—2025年 1月 上年 去年 今年 同期 “十四五” 年底 1-9月 20年 2020-21年 13月
    行动 工程 计划 大赛 论坛 先进单位 称号 荣获 开展 实施 活动 攻坚战 示范区 第五届 全国 全省 全市 国家级
    http://a.cn/1% A-3 5G GDP 12345 | — —— … · ~ - + * # &lt; <p> 😀 𠮷 İ ß ﬁ Ⅳ ① ⑳ ½ ㎡ ㈠ ٣ 壹 貳 億
    """.split(),
    *"\ud800 \udfff \ud83d \u200b \u200d \ufeff \u2060 \u202e \u0301 \ufe0f \x00 \x7f \ue000 \uffff".split(
        " "
    ),
    *("\x1f", "\x85", "\u2028", "\u3000", "\xa0", "\t", "\n", "\r\n", "\r", "\v", " ", "\n\n"),
]
#: What is put in many times over.
REPEATED: Final = [
    *"1 一 9 亿 万 百分之 1,234 1.5 “ （ 「 、 ， 第 分别 等 1元 1、".split(),
    *"2023年 1— 增长 《 “a” （1） 的 行动 -".split(),
    *(" ", "\n", "\u200b", "\ue000", "三分之"),
]


def text(rng: random.Random, texts: Sequence[str]) -> str:
    """A mutated text, mostly of some hundred characters, one in twenty of up to 40,000."""
    parts = [_base(rng, texts) for _ in range(rng.choice((1, 1, 2, 3)))]
    found = rng.choice(("\n", "", "，", "。")).join(parts)
    for _ in range(rng.choice((1, 2, 3, 5, 8, 13))):
        found = rng.choice(_CHANGES)(rng, found)[:60_000]
    if rng.random() < 0.05 and found:
        found = rng.choice(("", "\n"))[:1].join([found] * (rng.randrange(2_000, 40_000) // len(found) + 1))
    return found


def _base(rng: random.Random, texts: Sequence[str]) -> str:
    if texts and rng.random() < 0.8:
        whole = rng.choice(texts)
        start = rng.randrange(max(1, len(whole)))
        return whole[start : start + rng.choice((80, 300, 1000))]
    if rng.random() < 0.1:
        return "".join(rng.choices(PIECES, k=rng.randrange(1, 60)))
    return "\n".join(rng.choices(SENTENCES, k=rng.choice((1, 1, 2, 4))))


def _span(rng: random.Random, found: str, longest: int = 30) -> tuple[int, int]:
    start = rng.randrange(len(found) + 1)
    return start, min(len(found), start + rng.randrange(1, longest))


def _drop(rng: random.Random, found: str) -> str:
    start, end = _span(rng, found)
    return found[:start] + found[end:]


def _double(rng: random.Random, found: str) -> str:
    start, end = _span(rng, found)
    return found[:end] + found[start:end] * rng.choice((1, 1, 3, 30)) + found[end:]


def _swap(rng: random.Random, found: str) -> str:
    a, b, c = sorted(rng.randrange(len(found) + 1) for _ in range(3))
    return found[:a] + found[b:c] + found[a:b] + found[c:]


def _insert(rng: random.Random, found: str) -> str:
    at = rng.randrange(len(found) + 1)
    return found[:at] + "".join(rng.choices(PIECES, k=rng.choice((1, 1, 2, 5)))) + found[at:]


def _replace(rng: random.Random, found: str) -> str:
    start, end = _span(rng, found, 4)
    return found[:start] + rng.choice(PIECES) + found[end:]


def _words(rng: random.Random, found: str) -> str:
    """Mix the words of a stretch; the signs that stand between words are places to cut."""
    start, end = _span(rng, found, 60)
    cuts = [start, *sorted(rng.randrange(start, end + 1) for _ in range(6)), end]
    words = [found[a:b] for a, b in pairwise(cuts)]
    rng.shuffle(words)
    return found[:start] + "".join(words) + found[end:]


def _list(rng: random.Random, found: str) -> str:
    """A list of pieces of the text with 等 and 分别, and as many figures, or one more or less."""
    count = rng.randrange(1, 7)
    items = [found[slice(*_span(rng, found, 8))] for _ in range(count)]
    figures = [
        rng.choice(("5%", "1.2亿元", "三万吨", "8个", "6", "-3%"))
        for _ in range(count + rng.choice((-1, 0, 0, 1)))
    ]
    made = (
        "、".join(items)
        + rng.choice(("等", "等项目", "", "，", "等3项"))
        + rng.choice(("分别", "分别增长", "各", "达"))
    )
    at = rng.randrange(len(found) + 1)
    return (
        found[:at] + made + rng.choice("、和，").join(figures) + rng.choice(("以上", "。", "")) + found[at:]
    )


def _enclose(rng: random.Random, found: str) -> str:
    start, end = _span(rng, found, 40)
    left, right = rng.choice(("“”", "（）", "《》", "‘’", "「」", "()", "【】", "”“", "““", "））", "“》"))
    deep = rng.choice((1, 1, 2, 5, 200))
    return found[:start] + left * deep + found[start:end] + right * deep + found[end:]


def _long(rng: random.Random, found: str) -> str:
    at = rng.randrange(len(found) + 1)
    return found[:at] + rng.choice(REPEATED) * rng.choice((5, 5, 17, 17, 41, 41, 300, 3000)) + found[at:]


def _between(rng: random.Random, found: str) -> str:
    """A sign between all the characters of a stretch."""
    start, end = _span(rng, found, 60)
    return (
        found[:start]
        + rng.choice(("\u200b", " ", "\n", "\ufeff", "、", "\ud800")).join(found[start:end])
        + found[end:]
    )


_CHANGES: Final[Sequence[Callable[[random.Random, str], str]]] = (
    *(
        _drop,
        _double,
        _swap,
        _insert,
        _insert,
        _insert,
        _replace,
        _words,
        _list,
        _list,
        _enclose,
        _long,
        _between,
    ),
)

_ODD_WORDS: Final = [
    *("", " ", "\ud800", "\u200b", "\n", "\x00", "x" * 300),
    *"1 一 亿 % ， 。 的 等 分别 “ ” ] ^ - \\ ( a GDP 😀 𠮷房 标准菇房 揭榜".split(),
    *"大巡诊 行动 年 2023年 增长 达到 第 １２".split(),
]
_FACTORS: Final = "1 0 0.5 1000 1E+999 1E-999 -1 NaN Infinity 1E+30 1E-30 7E+29".split()


def options(rng: random.Random) -> dict[str, Any]:
    """Options of an analyzer, good and bad ones; a bad one must raise the library's own error.

    Units are given as dicts of their fields: to make a bad one raises the error already.
    """
    lexicon = default_lexicon()
    found: dict[str, Any] = {"tokenizer": rng.choice(("auto", "auto", "auto", "jieba"))}
    if rng.random() < 0.5:
        found["units"] = [
            {
                "surface": rng.choice(_ODD_WORDS),
                "dimension": rng.choice(("count", "money", "percent", "length", "", "x", "percentage_point")),
                "canonical": rng.choice(("", "元", "\ud800", "个")),
                "factor": Decimal(rng.choice(_FACTORS)),
            }
            for _ in range(rng.randrange(1, 3))
        ]
    if rng.random() < 0.5:
        classes = [
            *"up down level rank weak act adverbs time place pronouns prepositions conjunctions".split(),
            "",
            "x",
        ]
        found["words"] = {rng.choice(_ODD_WORDS): rng.choice(classes) for _ in range(rng.randrange(1, 5))}
    if rng.random() < 0.3:
        found["tokens"] = rng.sample(_ODD_WORDS, rng.randrange(1, 4))
    if rng.random() < 0.6:
        names = rng.sample([*sorted(lexicon.sets), "heads.action", "other_word.人", "x"], rng.randrange(1, 5))
        found["vocabulary"] = {name: rng.sample(_ODD_WORDS, rng.randrange(1, 3)) for name in names}
    if rng.random() < 0.2:
        found["themes"] = False
    found["taxonomy"] = rng.choice(("zhreport", "cap", "gov"))
    return found


def made(chosen: dict[str, Any]) -> dict[str, Any]:
    """Options with their units made.

    Raises:
        UsageError: a bad unit.
    """
    return {
        name: [Unit(**unit) for unit in value] if name == "units" else value for name, value in chosen.items()
    }


def file(rng: random.Random, texts: Sequence[str]) -> tuple[str, bytes]:
    """The name and the bytes of a damaged file in one of the formats that are read."""
    own = "\n".join(line for line in _base(rng, texts).splitlines() if line.strip()).replace("\x00", "")
    own = own.encode("utf-8", "ignore").decode("utf-8")[:400] or SENTENCES[0]
    ending = rng.choice(sorted(_MAKERS))
    data = _MAKERS[ending](own)
    for _ in range(rng.choice((0, 1, 1, 2, 4))):
        if ending in ("docx", "ofd") and rng.random() < 0.8:
            data = _in_member(rng, data)
        else:
            data = _damaged(rng, data)
    return f"report.{ending}", data


def reading(rng: random.Random) -> dict[str, Any]:
    """Options of how a file is read: half of the time the usual ones."""
    if rng.random() < 0.5:
        return {}
    return {
        "encoding": rng.choice(
            ("", "", "utf-8", "gb18030", "utf-16", "big5", "cp1252", "utf-7", "hex", "x\x00")
        ),
        "errors": rng.choice(("strict", "replace", "replace", "ignore")),
        "clean": rng.random() < 0.5,
        "repair": rng.choice(("suggest", "join")),
    }


def _lines(own: str) -> list[str]:
    return own.splitlines()


def _docx(own: str) -> bytes:
    levels = [("chineseCounting", "%1、"), ("decimal", "%1.%2")]
    body = "".join(docfiles.paragraph(line, number="1", level=i % 2) for i, line in enumerate(_lines(own)))
    body += docfiles.table([_lines(own)[:3], ["粮食", "12万吨"]])
    return docfiles.docx(body, numbering=docfiles.numbering(levels))


def _rows(own: str) -> list[dict[str, Any]]:
    return [{"file": f"a{i}", "year": 2023 + i, "正文": line} for i, line in enumerate(_lines(own))]


_MAKERS: Final[dict[str, Callable[[str], bytes]]] = {
    "utf8.txt": lambda t: t.encode("utf-8"),
    "bom.txt": lambda t: t.encode("utf-8-sig"),
    "gb18030.txt": lambda t: t.encode("gb18030"),
    "utf16.txt": lambda t: t.encode("utf-16"),
    "utf32.txt": lambda t: t.encode("utf-32"),
    "big5.txt": lambda t: docfiles.TRADITIONAL.encode("big5") + t.encode("big5", "ignore"),
    "md": lambda t: t.encode("utf-8"),
    "html": lambda t: docfiles.page(_lines(t)).encode("utf-8"),
    "gb2312.html": lambda t: docfiles.page(_lines(t), "br", charset="gb2312").encode("gb18030"),
    "docx": _docx,
    "pdf": lambda t: pagefiles.make_pdf(
        t, header="工作报告汇编", title="云岭市政府工作报告", author="云岭市"
    ),
    "ofd": lambda t: pagefiles.make_ofd(t, header="工作报告汇编", title="云岭市政府工作报告"),
    "csv": lambda t: docfiles.separated(_rows(t)).encode("utf-8"),
    "tsv": lambda t: docfiles.separated(_rows(t), "\t").encode("gb18030"),
    "jsonl": lambda t: docfiles.json_lines(_rows(t)).encode("utf-8"),
    "parquet": lambda t: docfiles.parquet(_rows(t)),
}
#: What is written over bytes: signs of the formats, and numbers that are too large.
_BYTES: Final = [
    *b"< > \" ' & &#0; 99999999999999999999 -1 ( ) \\ / , { } ]]> 1e999 nan \xff \xfe\xff".split(),
    *(b"\xd8\x00", b"\x80", b"\x00", b"\n", b"<!DOCTYPE x>"),
]


def _damaged(rng: random.Random, data: bytes) -> bytes:
    """Flip, cut, double or overwrite some of the bytes."""
    start = rng.randrange(len(data) + 1)
    end = min(len(data), start + rng.choice((1, 1, 2, 8, 40, 400)))
    how = rng.randrange(6)
    if how == 0:
        return data[:start] + bytes(b ^ (1 << rng.randrange(8)) for b in data[start:end]) + data[end:]
    if how == 1:
        return data[:start] + data[end:]
    if how == 2:
        return data[:end] + data[start:end] * rng.choice((1, 2, 50)) + data[end:]
    if how == 3:
        return data[:start] if rng.random() < 0.5 else data[start:]
    if how == 4:
        return data[:start] + rng.randbytes(end - start) + data[end:]
    return data[:start] + rng.choice(_BYTES) + data[end:]


def _in_member(rng: random.Random, data: bytes) -> bytes:
    """Damage a member of an archive, so that the archive itself can be opened; or its XML, tag by tag."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
    except Exception:  # noqa: BLE001 - it is damaged already
        return _damaged(rng, data)
    if not members:
        return data
    name = rng.choice(sorted(members))
    if rng.random() < 0.1:
        del members[name]
    elif rng.random() < 0.4:
        members[name] = _damaged(rng, members[name])
    else:
        members[name] = _marked(rng, members[name])
    return docfiles.zipped(members)


def _marked(rng: random.Random, data: bytes) -> bytes:
    """XML that is still well-formed, mostly: an attribute or a text taken out or replaced, a tag doubled."""
    places = [i for i, byte in enumerate(data) if byte in b'<"']
    if not places:
        return data
    start = rng.choice(places)
    how = rng.randrange(3)
    if how == 0:  # a whole attribute
        first = data.rfind(b" ", 0, start)
        last = data.find(b'"', start + 1)
        return data if first < 0 or last < 0 else data[:first] + data[last + 1 :]
    if how == 1:  # the value of an attribute
        last = data.find(b'"', start + 1)
        value = rng.choice(
            (b"", b"0", b"-1", b"99999999999", b"x", b"1e999", b"nan", b"../../x", b"http://x/", b"%")
        )
        return data if last < 0 else data[: start + 1] + value + data[last:]
    last = data.find(b">", start)  # an element's text
    nothing = data.find(b"<", last)
    value = rng.choice((b"", b"x", b"2025-13-45T99:99:99Z", b"9" * 400, b"&#xD7FF;", b" " * 3))
    return data if last < 0 or nothing < 0 else data[: last + 1] + value + data[nothing:]
