"""The grammar of numbers and dates, as patterns over folded text; every one is bounded.

Those with a `{name}` are templates, in which it stands for the words of a set, see `Lexicon.source`.
"""

import re
from typing import Final

import regex

from zhreport.words.numerals import HAN_NUMERAL

__all__ = [
    "AFTER_ONE",
    "BETWEEN",
    "FEN",
    "FINANCIAL",
    "FUZZ",
    "LI",
    "MORE",
    "ON_FIGURE",
    "ON_HAN",
    "PART",
    "PARTS",
    "PATTERN",
    "PAUSED",
    "RANGE",
    "RANGE_PARTS",
    "RANGE_SIGN",
    "RUN",
    "SMALLER",
    "SPELLED",
]

_H = HAN_NUMERAL
_D = "一二两三四五六七八九"
# the zero of a year by position as it is typed: 二0二三, 二O二三
_ZERO = "〇零○0OoОо"
_YEAR = rf"(?:1[89]|20)[0-9]{{2}}|[一二][{_ZERO}一二三四五六七八九]{{3}}"
# 91年5月 in older texts; without a month it may be a duration
_SHORT_YEAR = r"(?<![0-9.])[4-9][0-9](?=年(?:1[0-2]|0?[1-9])月)"
_MONTH = r"1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九]"
_TO = "—{1,2}|-|~|至|到"
_GROUPS = r"[0-9]{1,3}(?:,[ ]?[0-9]{3}){1,9}+(?![0-9])(?:\.[0-9]{1,8}+)?+"
# GB/T 15835 groups digits by a thin space; columns of a table do so too, but no unit stands behind them
_THIN = r"[0-9]{1,3}(?:[ ][0-9]{3}){1,9}+(?![0-9])(?:\.[0-9]{1,8}+)?+(?=[\p{Han}%‰A-Za-zμ℃])(?![年月日])"
_THIN += r"|[0-9]{1,3}(?:[ ][0-9]{3}){2,5}+(?=[ ]\p{Han})"
_ARABIC = rf"{_GROUPS}|[0-9]{{1,16}}+(?:[.·][0-9]{{1,8}}+|。[0-9]{{1,2}}(?=[%‰]))?+"
# Old scans put spaces between the digits of one number (7 4 7 7 2) and beside its point (12. 5亿元)
_SPACED = r"[0-9](?:[ ][0-9]){1,14}+(?:[ ]?\.[ ]?[0-9](?:[ ][0-9])*)?(?![0-9])"
_GAPPED = r"[0-9]{1,6}+(?:[ ]\.[ ]?|\.[ ])[0-9]{1,3}+(?![0-9])"
_HAN = rf"[{_H}]{{1,40}}+(?:[点·](?:[〇零一二三四五六七八九]{{1,8}}+|[0-9]{{1,8}}+)[百千万亿]{{0,3}})?+"

_DATE: Final = rf"""
    (?P<y>{_YEAR}|{_SHORT_YEAR}|(?:1[ ]?9|2[ ]?0)[ ]?[0-9][ ]?[0-9])[ ]?
        (?:年?(?:{_TO})(?P<y2>{_YEAR}|[0-9]{{2}}(?=年)))?(?!{{calendar.years}})年
        (?:(?P<m>{_MONTH})(?:月份?)?(?:(?:{_TO})(?P<m2>{_MONTH}))?月[份底末初]?(?:[0-9]{{1,2}}日|[{_H}]{{1,3}}日)?)?
  | (?P<m3>{_MONTH})(?:月份?)?(?:(?:{_TO})(?P<m4>{_MONTH}))?(?!{{calendar.moons}})月[份底末初]?
        (?:(?:[0-9]{{1,2}}|[{_H}]{{1,3}})日)?(?:(?:{_TO})[0-9]{{1,2}}日)?
"""
_NUMBER: Final = rf"""
    (?P<frac>(?P<den>[{_H}0-9]{{1,6}}+)分之(?P<numer>{_ARABIC}|{_HAN}(?:、[{_D}](?![{_H}]))?))
  | (?P<slash>(?<![0-9A-Za-z./])(?P<over>[1-9][0-9]?)/(?P<under>[1-9][0-9]?)(?![0-9/.万]))
  | (?P<ord>第(?P<ordn>[0-9]{{1,6}}+|[{_H}]{{1,6}}+))
  | (?P<front>前(?<!{{calendar.front}})(?P<frontn>[0-9]{{1,4}}+|[{_H}]{{1,4}}+))
  | (?P<parts>(?<![0-9.]|[0-9][:：])[0-9]{{1,3}}(?:\.[0-9]{{1,2}})?
        (?:[：:][0-9]{{1,3}}(?:\.[0-9]{{1,2}})?){{2}}(?![0-9:：.]))
  | (?P<ratio>(?<![0-9.]|[0-9][:：])(?P<this>[0-9]{{1,4}}(?:\.[0-9]{{1,4}})?)[：:]
        (?P<that>[0-9]{{1,4}}(?:\.[0-9]{{1,4}})?)(?![0-9:：./]))
  | (?P<num>(?<![0-9.])(?:{_THIN}|{_SPACED}|(?P<gapped>{_GAPPED})|{_ARABIC})|(?<![0-9]){_HAN})
"""
PATTERN: Final = rf"(?x){_DATE}|{_NUMBER}"
# The scan proper: runs of digits. Most Han runs count nothing (统一, 万众, 一批) and are passed over by
# their neighbours before the grammar is asked.
# For a bare character class re is three times as fast as regex.
RUN: Final = re.compile(rf"[0-9]++(?:\.[0-9]++)?+|[{_H}]++")
SPELLED: Final = frozenset(f"多余几来点分年月·+ {_ZERO}123456789")
AFTER_ONE: Final = frozenset("点番倍分成月")
# After Arabic digits: what may make them more than a plain number.
MORE: Final = frozenset(".。,:：年月日/ —-~至到分·")
FINANCIAL: Final = frozenset("壹贰叁肆伍陆柒捌玖拾佰仟")
RANGE_SIGN: Final = frozenset("—-~至到与和（")
# What goes on a numeral: behind Arabic digits (3 | 万4000, 12 | 亿四千万), and behind Han ones (三万 | 4000).
# A single Han digit at the end belongs to the next word (投资5亿 | 三年建成).
_ON = rf"[0-9十百千万亿]|[{_D}](?=[十百千万亿])|[零〇](?=[0-9{_D}])|(?<=[零〇]|十)[{_D}]"
_ON += r"|,(?=[0-9]{3}(?![0-9]))|(?<=[0-9])\.(?=[0-9])|(?<=[0-9])[ ](?=[百千万亿])"
_ON = f"(?:{_ON}){{0,30}}"
# Two spaces: a mark of a note of two signs stood there.
ON_FIGURE: Final = re.compile(rf"(?:[ ]|[ ]{{2}}(?=[万亿]))?(?:[十百千万亿]|零(?=[0-9])){_ON}")
ON_HAN: Final = re.compile(rf"(?=[0-9]){_ON}")
FUZZ: Final = (
    r"[ ]?(?!{fuzzy.behind_numeral_not})(?P<word>[多几来余]|\+(?![0-9A-Za-z]))(?P<scale>[十百千万亿]{0,4})"
)
# 四、五十亿元: the numeral behind 、 goes on the one before it
PAUSED: Final = re.compile(rf"、([{_D}][{_H}]{{0,12}}+)")
RANGE: Final = regex.compile(
    rf"(?:（含）)?(?:—{{1,2}}|-{{1,2}}|~|至|到)(?P<sign>负|零下|-)?(?P<num>{_ARABIC}|{_HAN})", regex.VERBOSE
)
# 5%与6%之间
BETWEEN: Final = regex.compile(rf"[与和](?P<sign>负|零下|-)?(?P<num>{_ARABIC}|{_HAN})")
# 1年 | 3个月
SMALLER: Final = re.compile(rf"零?(?P<num>[0-9]{{1,2}}+|[{_D}十]{{1,3}}+)")
RANGE_PARTS: Final = regex.compile(rf"(?:{_TO})[百千]分之(?P<num>{_ARABIC}|{_HAN})")
PART: Final = regex.compile(r"[0-9.]+")
_COIN = "(?!{coins.words})"
_LI = rf"(?:(?P<li>[0-9{_D}]){_COIN}厘)?"
# money in parts, behind 元 or 块: 2元 | 8角5分
PARTS: Final = (
    rf"(?:(?P<jiao>[0-9{_D}])[角毛](?:(?P<fen>[0-9{_D}]){_COIN}分)?|[零〇]?(?P<cent>[0-9{_D}]){_COIN}分){_LI}"
)
# and behind 角: 三角 | 五分
FEN: Final = rf"(?P<fen>[0-9{_D}]){_COIN}分{_LI}"
# and behind 分: 三分 | 五厘
LI: Final = rf"(?P<li>[0-9{_D}]){_COIN}厘"
