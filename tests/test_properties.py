"""Properties that hold for any text."""

import sys
from decimal import Decimal
from time import process_time

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from zhreport import ZhreportError
from zhreport.quantities import Quantity, Scanner
from zhreport.report import Analyzer
from zhreport.words.folding import fold, fold_width
from zhreport.words.lexicon import default_lexicon
from zhreport.words.numerals import parse_numeral

WORDS = """
增长 下降 达到 约 超过 3.5% 12亿元 8个 第3位 分别 、 ， 。 ； 其中 （ ） “ ” 《 》 两 三百万 百分之 倍 番 占
的 以上 2023年 一、 粮食产量 企业 由 提高到 1,234 ０．５ 年 月 至 — ~ 5 万 亿 全市 新增 k 😀
"""
PIECES = st.sampled_from([*WORDS.split(), "\n", " ", "\t"])
TEXTS = st.one_of(st.lists(PIECES, max_size=40).map("".join), st.text(max_size=60))
ANALYZER = Analyzer(tokenizer="jieba")
SCANNER = Scanner(default_lexicon())


def han(number: int) -> str:
    """A number in Han numerals, by the textbook."""
    if number == 0:
        return "零"
    digits = "零一二三四五六七八九"

    def section(value: int) -> str:
        text, zero = "", False
        for scale, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
            digit, value = divmod(value, scale)
            if digit:
                text += ("零" if zero else "") + digits[digit] + name
                zero = False
            elif text:
                zero = True
        return text

    parts: list[str] = []
    for exponent, name in ((12, "万亿"), (8, "亿"), (4, "万"), (0, "")):
        value, number = divmod(number, 10**exponent)
        if value:
            gap = "零" if parts and value < 1000 else ""
            parts.append(gap + section(value) + name)
        elif parts and number and not parts[-1].endswith("零"):
            parts.append("零")
    return "".join(parts).replace("零零", "零")


@given(st.integers(min_value=0, max_value=10**16 - 1))
def test_han_numerals_round_trip(number: int) -> None:
    assert parse_numeral(han(number)) == number


def small(number: int, style: str) -> str:
    """A number below 10,000 as one part of a longer numeral: 3400, 三千四百, 3千4百."""
    if style == "arabic":
        return str(number)
    if style == "han":
        return han(number)
    return han(number).translate(str.maketrans("一二三四五六七八九", "123456789"))


def mixed(number: int, styles: tuple[str, str, str, str]) -> str:
    """A number below 10^16 whose 万亿, 亿, 万 and rest are each written in a style of their own."""
    text, above = "", False
    for scale, name, style in zip((10**12, 10**8, 10**4, 1), ("万", "亿", "万", ""), styles, strict=True):
        value, number = divmod(number, scale)
        if value:
            # 零 where the part does not fill its place; Arabic digits fill it from 1000 on
            gap = "零" if above and value < 1000 else ""
            text += gap + small(value, style) + name
            above = True
        elif above and number and not text.endswith("零"):
            text += "零"
        if name == "万" and scale == 10**12 and value and not number // 10**8:
            text += "亿"  # 3万亿
    return text.replace("零零", "零")


STYLES = st.tuples(*[st.sampled_from(("arabic", "han", "both"))] * 4)
SIGNS = {"": 1, "-": -1, "负": -1}
FUZZ = {"": "eq", "多": "gt", "余": "gt"}


@settings(deadline=None)
@given(st.integers(min_value=1, max_value=10**16 - 1), STYLES)
def test_mixed_numerals_round_trip(number: int, styles: tuple[str, str, str, str]) -> None:
    assert parse_numeral(mixed(number, styles)) == number


@settings(deadline=None, max_examples=300)
@given(
    st.integers(min_value=1, max_value=10**16 - 1),
    STYLES,
    st.sampled_from(sorted(SIGNS)),
    st.sampled_from(("亩", "吨", "元", "个", "人次", "公里")),
)
def test_amounts_in_every_style_are_read_back(
    number: int, styles: tuple[str, str, str, str], sign: str, unit: str
) -> None:
    numeral = mixed(number, styles)
    assume(numeral not in ("一", "十") and len(numeral) <= 30)
    text = f"余额为{sign}{numeral}{unit}。"
    (found,) = SCANNER.scan(fold(text)).quantities
    assert (found.start, found.end, found.unit) == (3 + len(sign), len(text) - 1, unit)
    assert found.value == SIGNS[sign] * number


@settings(deadline=None, max_examples=300)
@given(
    st.integers(min_value=1, max_value=10**12),
    st.sampled_from((",", "，", " ", "\u2009", "\u202f", "\u00a0")),
    st.sampled_from(("", "万", "亿")),
    st.sampled_from(sorted(FUZZ)),
)
def test_grouped_digits_are_one_number(number: int, separator: str, scale: str, fuzz: str) -> None:
    text = f"产量达{number:,}{scale}{fuzz}吨。".replace(",", separator)
    (found,) = SCANNER.scan(fold(text)).quantities
    assert (found.start, found.end, found.relation) == (3, len(text) - 1, FUZZ[fuzz])
    assert found.value == number * {"": 1, "万": 10**4, "亿": 10**8}[scale]


def only(text: str) -> Quantity:
    """The one quantity of a text that begins with four signs and ends with a full stop."""
    (found,) = SCANNER.scan(fold(text)).quantities
    assert (found.start, found.end) == (4, len(text) - 1), text
    return found


NUMBERS = st.integers(min_value=1, max_value=10**16 - 1)
POSITIONS = str.maketrans("0123456789", "〇一二三四五六七八九")
FINANCIAL = str.maketrans("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟")


@settings(deadline=None, max_examples=300)
@given(NUMBERS, STYLES, st.sampled_from("多余"), st.sampled_from(("万吨", "亿元", "吨", "公里")))
def test_a_fuzzy_suffix_is_read_behind_every_numeral(
    number: int, styles: tuple[str, str, str, str], fuzz: str, unit: str
) -> None:
    """Behind the last scale, or before it: 3千4百多万, 3千万余."""
    number -= number % 10  # 三多 is no numeral
    scale = {"万": 10**4, "亿": 10**8}.get(unit[0], 1)
    number = number % (10**4 if scale > 1 else 10**16)
    numeral = mixed(number, styles)
    assume(number > 10 and len(numeral) <= 30)
    found = only(f"合计已达{numeral}{fuzz}{unit}。")
    assert (found.value, found.relation, found.unit) == (Decimal(number * scale), "gt", unit.lstrip("万亿"))


@settings(deadline=None, max_examples=200)
@given(NUMBERS, st.sampled_from(("亩", "吨", "元")))
def test_financial_digits_are_read_back(number: int, unit: str) -> None:
    numeral = han(number).translate(FINANCIAL)
    assume(len(numeral) > 1)
    assert only(f"合计发放{numeral}{unit}。").value == number


@settings(deadline=None, max_examples=200)
@given(
    st.integers(min_value=100, max_value=10**8 - 1),
    st.one_of(st.none(), st.integers(min_value=1, max_value=999)),
    st.sampled_from("点·"),
    st.sampled_from(("", "万", "亿")),
)
def test_digits_by_position_are_read_back(number: int, decimals: int | None, point: str, scale: str) -> None:
    """三二一, 三二一·五万, 三二一点五亿."""
    numeral, value = str(number), Decimal(number)
    if decimals is not None:
        numeral, value = f"{number}{point}{decimals}", Decimal(f"{number}.{decimals}")
    found = only(f"合计达到{numeral.translate(POSITIONS)}{scale}吨。")
    assert found.value == value * {"": 1, "万": 10**4, "亿": 10**8}[scale]


@settings(deadline=None, max_examples=200)
@given(
    st.integers(min_value=0, max_value=99_999),
    st.integers(min_value=1, max_value=99),
    st.sampled_from((".", "．", "·", ". ", " .", " . ")),
    st.sampled_from(("%", "万吨", "亿元", "公里", "‰", "百分点")),
    st.sampled_from(sorted(SIGNS)),
)
def test_a_point_of_any_kind_is_read_back(whole: int, part: int, point: str, unit: str, sign: str) -> None:
    text = f"率为{sign}{whole}{point}{part}{unit}。"
    (found,) = SCANNER.scan(fold(text)).quantities
    assert (found.start, found.end) == (2 + len(sign), len(text) - 1), text
    scale = {"万": 10**4, "亿": 10**8}.get(unit[0], 1)
    assert found.value == Decimal(f"{whole}.{part}") * SIGNS[sign] * scale


@settings(deadline=None, max_examples=150)
@given(st.integers(min_value=2, max_value=999), st.sampled_from(("arabic", "han")), st.booleans())
def test_a_half_is_read_back(number: int, style: str, measure: bool) -> None:
    """三年半, 3斤半, 两个半月."""
    numeral = small(number, style)
    for text, unit in (
        ((f"合计缩短{numeral}个半月。", "个月"),)
        if measure
        else (
            (f"合计缩短{numeral}年半。", "年"),
            (f"合计增加{numeral}斤半。", "斤"),
        )
    ):
        found = only(text)
        assert (found.value, found.unit) == (number + Decimal("0.5"), unit)


@settings(deadline=None, max_examples=200)
@given(st.integers(min_value=1, max_value=8), st.sampled_from(("", "十", "百", "千")), st.sampled_from("、 "))
def test_two_digits_side_by_side_are_a_range(first: int, scale: str, pause: str) -> None:
    """三四十亿元, 三、四十亿元."""
    for large, factor in (("", 1), ("万", 10**4), ("亿", 10**8)):
        low, high = first, first + 1
        digits = "一二三四五六七八九"
        numeral = f"{digits[low - 1]}{pause.strip()}{digits[high - 1]}{scale}{large}"
        # 一、二 may begin a list
        assume(not (pause == "、" and first == 1))
        found = only(f"合计投入{numeral}元。")
        times = factor * {"": 1, "十": 10, "百": 100, "千": 1000}[scale]
        assert (found.low, found.high) == (Decimal(low * times), Decimal(high * times))


@settings(deadline=None, max_examples=300)
@given(
    st.integers(min_value=1, max_value=9_998),
    st.integers(min_value=1, max_value=9_999),
    st.sampled_from(("arabic", "han")),
    st.sampled_from(("到", "至", "—", "-", "~")),
    st.sampled_from((("", ""), ("", "万"), ("万", "万"), ("", "亿"), ("亿", "亿"))),
)
def test_ranges_share_their_scale(low: int, more: int, style: str, to: str, scales: tuple[str, str]) -> None:
    """3到5万户, 三千到五千万户, 3万—5万户."""
    high = min(low + more, 9_999)
    first, second = small(low, style), small(high, style)
    # 三到五百 shares 百 too; 十 and 一 alone begin words
    assume(style == "arabic" or (low > 9 and len(first) > 1 and len(second) > 1))
    found = only(f"合计改造{first}{scales[0]}{to}{second}{scales[1]}户。")
    times = {"": 1, "万": 10**4, "亿": 10**8}[scales[1]]
    assert (found.low, found.high) == (Decimal(low * times), Decimal(high * times))
    assert found.relation == "range"


@given(st.decimals(min_value=0, max_value=10**12, places=3))
def test_arabic_numerals_round_trip(number: Decimal) -> None:
    assert parse_numeral(f"{number:,.3f}") == number


@given(TEXTS)
def test_folding_keeps_length(text: str) -> None:
    assert len(fold(text)) == len(text) == len(fold_width(text))


@settings(deadline=None, max_examples=150)
@given(TEXTS)
def test_records_stand_where_they_say(text: str) -> None:
    report = ANALYZER.analyze(text, year=2024)
    for record in report.claims:
        assert text[record.start : record.end] == record.text
        assert record.value is not None or (record.low is not None and record.high is not None)
    starts = [record.start for record in report.claims]
    assert starts == sorted(set(starts))
    assert report == ANALYZER.analyze(text, year=2024)


@settings(deadline=None, max_examples=100)
@given(TEXTS)
def test_tokens_join_to_the_text(text: str) -> None:
    tokens = ANALYZER.tokens(text)
    assert "".join(token.text for token in tokens) == text
    assert all(text[token.start : token.end] == token.text for token in tokens)


@settings(deadline=None, max_examples=100)
@given(st.lists(PIECES, max_size=30).map("".join))
def test_a_paragraph_before_shifts_offsets_only(text: str) -> None:
    before = "这里没有任何数字，也没有时间。\n"
    shifted = ANALYZER.analyze(before + text, year=2024).claims
    plain = ANALYZER.analyze(text, year=2024).claims
    assert [(c.start - len(before), c.text, c.value, c.unit, c.kind) for c in shifted] == [
        (c.start, c.text, c.value, c.unit, c.kind) for c in plain
    ]


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=80), st.one_of(st.none(), st.integers(1800, 2200)))
def test_nothing_but_own_errors(text: str, year: int | None) -> None:
    try:
        ANALYZER.explain(text, year=year)
    except ZhreportError:
        assert year is not None
        assert not 1900 <= year <= 2100


HOSTILE = (
    "1", "一", "万", "千", "、", "，", "“", "”", "（", "《", "%", "百分之", "1元",
    "1,", "1.", "1 ", "第", "前", "2023年",
    "1月", "增长",
    "分别", "由", "1%、", "比", "至", "1—",
    "开展", "行动", "“甲”、", "“甲”", "荣获", "国家", "示范区", "等", "专项行动、", "和", "第一届", "举办周",
    "创建全国文明城市", "亿元", "的",
    "1万", "三千", "1·", "1。", "三、", "-1", "负", "半", "1角", "1/10万", "A1", "1万+", "“1%、",
    "2023年增长5%、", "（亿元） 68.4 ", "全市1个", "占1%", "A、", "1:", "三分之",
)  # fmt: skip


def steps(text: str) -> int:
    """Calls of functions while a text is analyzed: what a clock would measure, without the noise."""
    count = 0

    def counted(*_: object) -> None:
        nonlocal count
        count += 1

    sys.setprofile(counted)
    try:
        ANALYZER.analyze(text, year=2024)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_text_takes_linear_work(piece: str) -> None:
    """Four times the text takes about four times the steps; a quadratic stage would take sixteen times."""
    small, large = (steps((piece * size)[:size]) for size in (3_000, 12_000))
    assert large < 6 * small + 2_000


@pytest.mark.parametrize("sign", "。！；？：，、“”（）—… \u3000\n\t")
def test_a_sign_that_is_repeated_costs_little(sign: str) -> None:
    """What patterns do by themselves are no steps: tried again at each sign, they would take ten seconds."""
    start = process_time()
    ANALYZER.analyze(sign * 100_000, year=2024)
    assert process_time() - start < 2


@pytest.mark.slow
@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_text_of_a_hundred_thousand_characters(piece: str) -> None:
    ANALYZER.analyze((piece * 100_000)[:100_000], year=2024)
