"""Numerals: Arabic, Han, financial and mixed writing to exact decimals."""

from decimal import Decimal
from functools import lru_cache
from typing import Final

__all__ = ["HAN_DIGITS", "HAN_NUMERAL", "SCALES", "adjacent_digits", "parse_numeral"]

HAN_DIGITS: Final[dict[str, int]] = {
    **{c: i for i, c in enumerate("零一二三四五六七八九")},
    **{c: i for i, c in enumerate("零壹贰叁肆伍陆柒捌玖")},
    "〇": 0,
    "两": 2,
    "貳": 2,
    "參": 3,
    "陸": 6,
}
SCALES: Final[dict[str, int]] = {
    "十": 10,
    "拾": 10,
    "百": 100,
    "佰": 100,
    "千": 1000,
    "仟": 1000,
    "万": 10**4,
    "萬": 10**4,
    "亿": 10**8,
    "億": 10**8,
    "兆": 10**12,
}
#: All characters of a Han numeral, for a regular expression's character class.
HAN_NUMERAL: Final = "零〇一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟萬億"

_LONGEST = 40  # no numeral is longer; bounds the work on hostile input


def _han_integer(text: str) -> Decimal:
    if not any(c in SCALES for c in text):  # 二〇二三: digits by position
        return Decimal(int("".join(str(HAN_DIGITS[c]) for c in text)))
    total = section = 0
    digit: int | None = None
    last_scale = highest = 1
    zero = False
    for c in text:
        if c in HAN_DIGITS:
            digit = HAN_DIGITS[c]
            zero = zero or digit == 0
            continue
        scale = SCALES[c]
        if scale >= 10**4:
            section += digit or 0
            if total and (scale > highest or (scale == highest and last_scale >= 10**4)):
                total = (total + section) * scale  # 三万亿, 一万六千亿, 六万万
            else:
                total += (section or (0 if total else 1)) * scale
            section, highest = 0, max(scale, highest)
        else:
            section += (1 if digit is None or (digit == 0 and scale == 10) else digit) * scale
        digit, last_scale, zero = None, scale, False
    if digit is not None:
        # 一万二 is 12000, 一万零二 is 10002
        section += digit * (last_scale // 10 if last_scale >= 100 and not zero else 1)
    return Decimal(total + section)


@lru_cache(maxsize=2048)
def parse_numeral(text: str) -> Decimal:
    """The value of one numeral, written in Arabic or Han digits or in both.

    Args:
        text: a numeral without its unit, width folded.

    Returns:
        The exact value.

    Raises:
        ValueError: `text` is not a numeral, or longer than 40 characters.

    >>> parse_numeral("1,234.5"), parse_numeral("一千二百三十四万"), parse_numeral("3千万")
    (Decimal('1234.5'), Decimal('12340000'), Decimal('30000000'))
    >>> parse_numeral("四点三"), parse_numeral("二〇二三"), parse_numeral("叁佰伍拾")
    (Decimal('4.3'), Decimal('2023'), Decimal('350'))
    """
    if not text or len(text) > _LONGEST:
        raise ValueError(f"not a numeral: {text[:_LONGEST]!r}")
    try:
        head = text.rstrip("十百千万亿拾佰仟萬億")
        plain = head.replace(",", "").replace(" ", "")
        if plain and plain.replace(".", "", 1).replace("-", "", 1).isdecimal():
            value = Decimal(plain)
            for c in text[len(head) :]:
                value *= SCALES[c]
            return value
        if "点" in text:
            whole, _, fraction = text.partition("点")
            tail = fraction.rstrip("百千万亿佰仟萬億")
            digits = "".join(str(HAN_DIGITS[c]) for c in tail)
            value = Decimal(f"{_han_integer(whole) if whole else 0}.{digits}")
            for c in fraction[len(tail) :]:
                value *= SCALES[c]
            return value
        return _han_integer(text)
    except (KeyError, ArithmeticError, ValueError) as error:
        raise ValueError(f"not a numeral: {text!r}") from error


def adjacent_digits(text: str) -> tuple[Decimal, Decimal] | None:
    """Low and high of an approximate numeral with two neighbouring digits, else None.

    >>> adjacent_digits("两三"), adjacent_digits("五六百"), adjacent_digits("二十三四")
    ((Decimal('2'), Decimal('3')), (Decimal('500'), Decimal('600')), (Decimal('23'), Decimal('24')))
    >>> adjacent_digits("二〇二三") is None
    True
    """
    pairs = [
        i
        for i in range(len(text) - 1)
        if text[i] in HAN_DIGITS and text[i + 1] in HAN_DIGITS and HAN_DIGITS[text[i]] > 0
    ]
    if len(pairs) != 1:
        return None
    i = pairs[0]
    if HAN_DIGITS[text[i + 1]] != HAN_DIGITS[text[i]] + 1:
        return None
    return parse_numeral(text[: i + 1] + text[i + 2 :]), parse_numeral(text[:i] + text[i + 1 :])
