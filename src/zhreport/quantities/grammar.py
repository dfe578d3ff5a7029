"""The grammar of numbers and dates, as patterns over folded text; every one is bounded."""

import re
from typing import Final

import regex

from zhreport.numerals import HAN_NUMERAL

__all__ = [
    "AFTER_NUMBER",
    "AFTER_ONE",
    "FINANCIAL",
    "MORE",
    "PART",
    "PATTERN",
    "PER",
    "RANGE",
    "RANGE_PARTS",
    "RANGE_SIGN",
    "RUN",
    "SCALE_OR_FUZZ",
    "SECOND_PART",
    "SPELLED",
    "UNIT_FUZZ",
    "VARIANT",
]

_H = HAN_NUMERAL
_YEAR = r"(?:1[89]|20)[0-9]{2}|[一二][〇零○一二三四五六七八九]{3}"
# 91年5月 in older texts; without a month it may be a duration
_SHORT_YEAR = r"(?<![0-9.])[4-9][0-9](?=年(?:1[0-2]|0?[1-9])月)"
_MONTH = r"1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九]"
_TO = "—{1,2}|-|~|至|到"
_ARABIC = r"[0-9]{1,3}(?:,[0-9]{3})++(?:\.[0-9]{1,8}+)?+|[0-9]{1,16}+(?:\.[0-9]{1,8}+)?+"
# Old scans put spaces between the digits of one number: 7 4 7 7 2
_SPACED = (
    r"[0-9](?:[ ][0-9]){1,14}+(?:[ ]?\.[ ]?[0-9](?:[ ][0-9])*)?(?![0-9])"
    r"|[0-9][ ]?\.[ ][0-9](?![0-9])|[0-9][ ]\.[0-9](?![0-9])"
)
_HAN = rf"[{_H}]{{1,40}}+(?:点[〇零一二三四五六七八九]{{1,8}}+[百千万亿]{{0,3}})?+"

_DATE: Final = rf"""
    (?P<y>{_YEAR}|{_SHORT_YEAR}|(?:1[ ]?9|2[ ]?0)[ ]?[0-9][ ]?[0-9])[ ]?
        (?:年?(?:{_TO})(?P<y2>{_YEAR}|[0-9]{{2}}(?=年)))?年(?!级)
        (?:(?P<m>{_MONTH})(?:月份?)?(?:(?:{_TO})(?P<m2>{_MONTH}))?月[份底末初]?(?:[0-9]{{1,2}}日|[{_H}]{{1,3}}日)?)?
  | (?P<m3>{_MONTH})(?:月份?)?(?:(?:{_TO})(?P<m4>{_MONTH}))?月(?!台|亮|球)[份底末初]?
        (?:(?:[0-9]{{1,2}}|[{_H}]{{1,3}})日)?(?:(?:{_TO})[0-9]{{1,2}}日)?
"""
_NUMBER: Final = rf"""
    (?P<frac>(?P<den>[{_H}0-9]{{1,6}}+)分之(?P<numer>{_ARABIC}|{_HAN}))
  | (?P<slash>(?<![0-9A-Za-z./])(?P<over>[1-9][0-9]?)/(?P<under>[1-9][0-9]?)(?![0-9/.]))
  | (?P<ord>第(?P<ordn>[0-9]{{1,6}}+|[{_H}]{{1,6}}+))
  | (?P<front>(?<![提目以之从年日月])前(?P<frontn>[0-9]{{1,4}}+|[{_H}]{{1,4}}+))
  | (?P<parts>(?<![0-9:：.])[0-9]{{1,3}}(?:\.[0-9]{{1,2}})?
        (?:[：:][0-9]{{1,3}}(?:\.[0-9]{{1,2}})?){{2}}(?![0-9:：.]))
  | (?P<num>(?<![0-9.A-Za-z])(?:{_SPACED}|{_ARABIC})|(?<![0-9]){_HAN})
"""
PATTERN: Final = regex.compile(rf"{_DATE}|{_NUMBER}", regex.VERBOSE)
# The scan proper: runs of digits. Most Han runs count nothing (统一, 万众, 一批) and are passed over by
# their neighbours before the grammar is asked.
# For a bare character class re is three times as fast as regex.
RUN: Final = re.compile(rf"[0-9]++(?:\.[0-9]++)?+|[{_H}]++")
SPELLED: Final = frozenset("多余几来点分年月 ")
AFTER_ONE: Final = frozenset("点番倍分成月")
# After Arabic digits: what may make them more than a plain number.
MORE: Final = frozenset(".,:：年月日/ —-~至到分")
FINANCIAL: Final = frozenset("壹贰叁肆伍陆柒捌玖拾佰仟")
SCALE_OR_FUZZ: Final = frozenset("多余几来十百千万亿 ")
RANGE_SIGN: Final = frozenset("—-~至到")
AFTER_NUMBER: Final = regex.compile(
    r"[ ]?(?P<f1>[多余几来])?(?P<scale>[十百千万亿]{0,4})(?P<f2>[多余](?P<s2>亿)?)?[ ]?"
)
RANGE: Final = regex.compile(rf"(?:{_TO})(?P<num>{_ARABIC}|{_HAN})", regex.VERBOSE)
# 2万5千, 1亿3千多万
SECOND_PART: Final = regex.compile(
    r"(?P<n>[0-9]{1,4})(?:(?P<s>[十百千]{1,2})(?P<f>[多余])?(?P<w>万)?|(?P<w2>万))"
)
VARIANT: Final = regex.compile(r"（(.{1,2})）")
RANGE_PARTS: Final = regex.compile(rf"(?:{_TO})[百千]分之(?P<num>{_ARABIC}|{_HAN})")
PART: Final = regex.compile(r"[0-9.]+")
UNIT_FUZZ: Final = regex.compile(r"[多余](?![少年种元个出于])")
PER: Final = regex.compile(
    r"/(?:年|月|日|天|小时|时|人|亩|公顷|平方公里|平方米|立方米|吨|公里|万元|户|次|件|百户|秒|分钟)"
)
