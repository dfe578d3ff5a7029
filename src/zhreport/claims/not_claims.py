"""Rules that say of a number in the form of a quantity that it is no claim."""

from collections.abc import Callable
from typing import Final, NamedTuple

from zhreport.quantities import Quantity
from zhreport.rules import Choice, rule
from zhreport.words.compiling import Pattern, compiled
from zhreport.words.lexicon import Lexicon, package_entries, package_template
from zhreport.words.numerals import SCALE_SIGNS

__all__ = ["REJECTIONS", "Mention", "pledge_of", "rejected_by"]

Rejection = Callable[["Mention"], bool]


class Mention(NamedTuple):
    """A quantity in its text, before anything is known of the sentence.

    Attributes:
        text: the folded text.
        quantity: the quantity.
        lexicon: the word sets.
        enclosed: it stands inside short quotation marks or a title in `《》`.
        sign: the character before the core and its relation words.
        following: the character right after the core.
    """

    text: str
    quantity: Quantity
    lexicon: Lexicon
    enclosed: bool
    sign: str
    following: str

    def before(self, size: int) -> str:
        """The text before the core and its relation words."""
        at = self.quantity.outer_start
        return self.text[max(0, at - size) : at]

    def after(self) -> str:
        """The character after the core and its relation words."""
        return self.text[self.quantity.outer_end : self.quantity.outer_end + 1]

    def next(self, size: int) -> str:
        """The text right after the core."""
        return self.text[self.quantity.end : self.quantity.end + size]

    def among(self, text: str, name: str) -> bool:
        """Is a text one of the words of a set?"""
        return text in self.lexicon.sets[name]

    def pattern(self, template: str) -> Pattern:
        """A pattern in which `{name}` stands for the words of a set."""
        return self.lexicon.patterns[template]

    def preceded(self, template: str, size: int) -> bool:
        """Is a pattern found in the text before the core and its relation words?"""
        return self.pattern(template).search(self.before(size)) is not None

    def followed(self, template: str) -> bool:
        """Does a pattern begin right after the core?"""
        return self.pattern(template).match(self.text, self.quantity.end) is not None

    def passed(self, template: str) -> bool:
        """Does a pattern begin after the core and its relation words?"""
        return self.pattern(template).match(self.text, self.quantity.outer_end) is not None

    @property
    def core(self) -> str:
        """The core as it stands in the folded text."""
        return self.text[self.quantity.start : self.quantity.end]


@rule(enclosed=(True,))
def enclosed(m: Mention) -> bool:
    """Numbers inside quoted names, slogans and titles name something.

    >>> why("实施“8个一”工程，建成《规划（3项）》")
    ['enclosed', 'enclosed']
    >>> why("建成项目8个，要求“覆盖率分别达到95%、60%”")
    []
    """
    return not m.preceded("mentions.goal_in_quotes", 24) or m.followed("mentions.name_after_quotes")


#: These join a number to what stands beyond; a line joins letters and digits alone.
_JOINED: Final = frozenset("+×*#&@_=><±/|°″′").union(map(chr, range(0x2160, 0x216C)))
_LINES: Final = frozenset("-.")


@rule
def part_of_code(m: Mention) -> bool:
    """A number joined to letters or signs is a code or a formula.

    >>> why("建设5G基站，发展8+2产业")
    ['part_of_code', 'part_of_code', 'part_of_code']
    >>> why("里程达60km，浓度30微克，投资增长-3.8%")
    []
    """
    q, after = m.quantity, m.following
    if (q.value or q.low or 0) < 0:
        return False  # the sign is a minus
    before = m.text[q.start - 1 : q.start]
    if before in _JOINED or (before in _LINES and m.text[q.start - 2 : q.start - 1].isalnum()):
        return q.form in ("arabic", "parts", "ratio")
    if q.form != "arabic" or q.unit:
        return False
    if after == "-":
        return m.next(2)[1:].isalnum()
    return after in _JOINED or (after.isascii() and after.isalpha())


@rule
def after_each(m: Mention) -> bool:
    """A number after 每 is the base of a rate, a number in 万元GDP is too.

    >>> why("每10万人口、每千名老人床位、每百户")
    ['after_each', 'after_each', 'after_each']
    >>> why("每人每年补助300元")
    []
    """
    scale = m.quantity.form == "scale"
    return m.sign == "每" or (scale and m.among(m.core, "each.bases") and _han(m.following))


def _han(char: str) -> bool:
    return "\u4e00" <= char <= "\u9fff"


@rule(form=("arabic",), bare=(True,))
def part_of_name(m: Mention) -> bool:
    """A bare number before a word such as 热线, 号, 版 or 强 belongs to a name.

    >>> why("拨打12345热线，318国道，500强企业，2.0版")
    ['part_of_name', 'part_of_name', 'part_of_name', 'part_of_name']
    >>> why("新增线路5条")
    []
    """
    return m.followed("mentions.numbered_name")


@rule(form=("ordinal", "front", "arabic", "han"))
def edition(m: Mention) -> bool:
    """An ordinal that only identifies: editions, batches, sections.

    >>> why("第二十届中央委员会、第3批名单、第三产业、位居第一方阵")
    ['edition', 'edition', 'edition', 'edition']
    >>> why("开工建设第3、4条线路，建成第2条（东西线）")
    ['edition', 'edition', 'edition']
    >>> why("居全省第3位，名列第一")
    []
    """
    q = m.quantity
    if q.form == "front":
        return _is_no_rank(m)
    if q.form != "ordinal":  # 第3、4条
        return m.sign in _LISTED and m.preceded(_ORDINAL_LIST[m.core[0] <= "9"], 6)
    if m.preceded("mentions.rank_list", 24) and not _han(m.following):
        return False
    if m.among(m.before(2), "ordinal.put"):
        return True
    if q.dimension == "rank" and q.unit:
        return m.among(m.following, "ordinal.rank_behind")
    if q.unit:
        return not _becomes(m)
    if m.following == "大":  # 第二大经济体
        return not m.preceded("mentions.become", 14)
    return not _is_place(m)


def _is_no_rank(m: Mention) -> bool:
    """Do the first so many name no place that was reached (前三季度)?"""
    q = m.quantity
    if q.unit in ("", "强") and not m.preceded("mentions.ranked", 8):
        return True
    if q.dimension == "percent":  # 进入全球前1%
        return m.after() == "的"
    return q.dimension != "rank"


def _becomes(m: Mention) -> bool:
    """Is it said to have become the second or a later one of its kind (成为第3个)?"""
    q = m.quantity
    if not m.among(q.unit, "ordinal.units") or (q.value or 0) < _SECOND or m.following == "（":
        return False
    return not m.followed("{ordinal.plans}") and m.preceded("mentions.become", 14)


def _is_place(m: Mention) -> bool:
    """Is an ordinal without a unit a place among others (居全省第三)?"""
    if not (m.preceded("mentions.ranked", 8) or m.preceded("mentions.ranked_at", 12)):
        return False
    if m.among(m.following, "ordinal.degrees") and not _han(m.next(2)[1:]):  # 全省第三多
        return True
    return not _han(m.following) or m.followed("{ordinal.goes_on}")


_SECOND: Final = 2
_LISTED: Final = frozenset(package_template("mentions.between_ordinals"))
_ORDINAL_LIST: Final = ("mentions.han_ordinals", "mentions.ordinals")


@rule(form=("han",))
def bare_one(m: Mention) -> bool:
    """一 with a measure word is an article; 一番, 一倍 and 一成 count.

    >>> why("一分部署，增长一倍")
    ['bare_one']
    >>> why("翻一番，增长一倍")
    []
    """
    q = m.quantity
    if q.value != 1 or (q.unit == "番" and m.among(m.sign, "one.doubled")):
        return False
    return q.unit == "番" or not m.among(q.unit, "one.units")


@rule(form=("scale",))
def bare_scale(m: Mention) -> bool:
    """百, 千, 万 without a digit count only with 余 or 多, or as money that is passed or reached.

    >>> why("千家万户、百年、亿元以上项目、百亿元产业")
    ['bare_scale', 'bare_scale', 'bare_scale', 'after_each', 'bare_scale']
    >>> why("产值突破百亿元，千余家企业，十件实事")
    []
    """
    q = m.quantity
    if m.pattern("mentions.fuzzy").search(m.core):
        return False
    goes_on = _han(m.after()) and not m.among(m.after(), "scale.goes_on")
    if m.among(m.sign, "scale.vague_before") or goes_on or m.after() == "“":
        return True
    reached = q.relation in ("gt", "approx") or m.preceded("mentions.reached", 4)
    return not (reached and q.dimension in _REACHED)


_REACHED: Final = frozenset(
    ("money", "mass", "area", "power", "energy", "person", "times", "count", "household")
)


@rule(form=("han", "arabic"))
def formulation(m: Mention) -> bool:
    """Han numerals in set phrases: 两个维护, 三项制度改革; counts that only order the text: 8个方面.

    >>> why("做到两个维护，落实三项制度改革，抓好八个方面工作")
    ['formulation', 'formulation', 'formulation']
    >>> why("分两批选派，落实十项规定，抓好8个方面工作")
    ['formulation', 'formulation', 'formulation']
    >>> why("建成两个国家级园区，储备项目两批")
    []
    """
    q = m.quantity
    if q.form == "arabic":
        return q.unit == "个" and m.among(m.next(2), "formulations.parts")
    if m.pattern("{formulations.words}").match(m.text, q.start) or m.followed("mentions.numbered_slogan"):
        return True
    if q.unit == "批" and m.sign == "分":
        return True  # 分两批实施
    return m.among(q.unit, "formulations.units") and m.followed("{formulations.structure}")


@rule(form=("han", "scale"))
def ambiguous_han(m: Mention) -> bool:
    """A single Han digit before words that are seldom measures: 三方, 两面, 十分.

    >>> why("三方协议，两面针")
    ['ambiguous_han', 'ambiguous_han']
    >>> why("三条铁路，两座水库")
    []
    """
    q = m.quantity
    return q.end - q.start == 1 + len(q.unit) and m.among(q.unit, "han.ambiguous")


#: Below which number a Han numeral with a measure word names one of a row.
_FEW: Final = {unit: int(number) for unit, number in package_entries("few").items()}


@rule(form=("han",))
def han_class(m: Mention) -> bool:
    """A small Han numeral with 期 or 类 names a part or a class, 零 makes a word; 届 counts after 办.

    >>> why("二期工程、三类地区、零公里处、二十届三中全会")
    ['han_class', 'han_class', 'han_class', 'han_class']
    >>> why("举办三届论坛，培训班一百二十余期，水位下降零点三五米")
    []
    """
    q = m.quantity
    if m.core[0] == "二" and len(m.core) == 1 + len(q.unit) and q.dimension in ("count", "times"):
        return True  # 二次供水, 二轮承包: one counts with 两
    if (m.core[0] in "零〇" and m.core[1:2] not in ("点", "·")) or m.core.startswith("一一"):
        return True
    if q.unit == "次" and (m.sign == "届" or m.followed("mentions.session")):
        return True
    if q.unit == "届":
        return not m.preceded("mentions.held", 4)
    return q.value is not None and 0 <= q.value < _FEW.get(q.unit, 0)


@rule(dimension=("time", "age", "person"))
def time_frame(m: Mention) -> bool:
    """A duration that is only a frame; measured, promised and repeated ones count.

    >>> why("用3年时间，过去五年，15分钟生活圈，未来5年")
    ['time_frame', 'time_frame', 'time_frame', 'time_frame']
    >>> why("审批时限压缩至3个工作日，连续3年居第一，工期提前10天")
    []
    >>> why("蝉联七年冠军，工程两年完成")
    []
    """
    q = m.quantity
    if m.followed("{duration.sort}"):  # 3人制
        return True
    if q.dimension == "age":
        return not m.preceded("{duration.ages}", 20)
    if q.dimension != "time" or m.preceded("mentions.lasting", 24):
        return False
    if m.text[q.start - 1 : q.start] in _MARKS or m.followed("mentions.frame"):
        return True
    if _measures(m):
        return False
    before = m.pattern("mentions.cues_split").split(m.before(12))[-1]
    tail = m.text[q.start - 2 : q.start] if q.outer_start < q.start else ""
    return _frames(m, before, tail) or not (
        tail or m.pattern("mentions.cue").search(before) or _cued(m, before)
    )


_MARKS: Final = ("”", "“", "’")


def _measures(m: Mention) -> bool:
    """Is a duration what something takes or took: shortened to it, done in it, lasting it?"""
    if m.quantity.unit.endswith("工作日") and m.preceded("mentions.shortened", 24):
        return True
    if m.preceded("mentions.lasted", 12) and not m.following.isdecimal():
        return True  # 2小时 | 5分钟 would be half of it
    return m.followed("mentions.done_in") and not m.preceded("mentions.framed", 4)


def _frames(m: Mention, before: str, tail: str) -> bool:
    """Is a duration a frame by the words around it: of its clause before, right before, and behind?"""
    if m.pattern("mentions.frame_before").search(before):
        return True
    if m.among(m.following, "duration.frame_behind") and not m.pattern("mentions.holds").search(before):
        return True
    if not m.among(m.quantity.unit, "duration.long") or m.pattern("mentions.long").search(before):
        return False
    return not tail.endswith(m.lexicon.listed("duration.bounds"))


def _cued(m: Mention, before: str) -> bool:
    """Does a word that promises or measures stand anywhere in the clause before?"""
    return any(m.among(before[at : at + 2], "duration.cues_before") for at in range(len(before)))


_CLASSED: Final = frozenset(
    ("money", "power", "age", "area", "length", "mass", "energy", "volume", "information", "rate")
)


@rule
def threshold(m: Mention) -> bool:
    """A bound that only names a class: 亿元以上项目, 65岁以上老人, 220千伏变电站.

    >>> why("10亿元以上项目、65岁以上老年人、220千伏变电站")
    ['threshold', 'time_frame', 'threshold']
    >>> why("投资增长8%以上，新增学位500个以上，落实2亿元以上技改补助")
    []
    """
    q = m.quantity
    if m.among(q.unit, "threshold.units"):
        return _han(m.following)
    if _is_size(m):
        return True
    if q.note and (m.among(q.note, "after.ge") or m.among(q.note, "after.le")):
        return _bounds_a_class(m)
    if m.before(2) == "时速":
        return True
    if q.dimension == "percent" and m.passed("mentions.counted_class"):
        return True  # 增速超过20%的有13家
    if q.relation == "gt" and q.dimension == "money" and q.outer_start < q.start:
        return _passed_by_a_class(m)
    if q.dimension in ("length", "time") and m.among(m.next(2), "threshold.reach"):
        return True
    return m.following == "级"


def _is_size(m: Mention) -> bool:
    """Is a length the size of a grain (粒径小于等于2.5μm), or that of what follows (8英寸晶圆)?"""
    sized = m.among(m.quantity.unit, "threshold.sizes") and m.passed("mentions.kind_of_size")
    return sized or (m.quantity.dimension == "length" and m.preceded("mentions.grain", 8))


def _passed_by_a_class(m: Mention) -> bool:
    """Does 过 or 超 before an amount name a class of what follows (出口过千万美元企业)?"""
    if m.quantity.form == "scale":
        return _han(m.after()) and m.after() not in "大台"
    return _han(m.after()) and m.passed("mentions.class_of")


def _bounds_a_class(m: Mention) -> bool:
    """Does 以上 or the like name a class of what follows, and no value reached, nor an amount of it?"""
    q = m.quantity
    if q.dimension not in _CLASSED:
        return q.dimension in ("person", "household") and m.after() == "的"
    if not m.passed("mentions.follows_threshold") or m.passed("mentions.threshold_predicate"):
        return False
    phrase = m.pattern("mentions.phrase").match(m.text, q.outer_end)
    return phrase is None or not phrase[1].endswith(m.lexicon.listed("threshold.amounts"))


@rule(form=("arabic",), bare=(True,))  # the scanner lets a bare Han number pass only before people
def no_unit(m: Mention) -> bool:
    """A bare number needs a word that makes it a value: 比为2.12, 达到7.5.

    >>> why("1869生态世界、工业4.0、沿317线")
    ['no_unit', 'no_unit', 'part_of_name']
    >>> why("城乡收入比缩小至2.12，国家10部委，分别提高1.2、3.4个百分点")
    []
    """
    q = m.quantity
    if pledge_of(m.text, q):
        return False
    after = m.next(8).lstrip(" ")[:4]  # a mark of a note is a space here
    value = m.preceded("mentions.value_cue", 6)
    if _goes_on(m, value) or _of_people(m, value):
        return False
    if m.pattern("mentions.fuzzy").search(m.core) or after.startswith(m.lexicon.listed("bare.bodies")):
        return False
    ends = not after or after[0] in _ENDS_VALUE or bool(m.quantity.note)
    return not (value and ends) or (m.core.isdecimal() and 1900 <= int(m.core) <= 2100)


_ENDS_VALUE: Final = frozenset("，。；、！）\n")


def pledge_of(text: str, quantity: Quantity) -> str:
    """Of two goals in one, 保8争9, the word before a figure; "" if it is none of them."""
    start = quantity.outer_start
    for found in _PLEDGE.finditer(text, max(0, start - _PLEDGED), quantity.end + _PLEDGED):
        if start in (found.start("least"), found.start("hoped")):
            return text[start - 1]
    return ""


_PLEDGE: Final = compiled(package_template("mentions.pledge"))
_PLEDGED: Final = 10  # characters


def _goes_on(m: Mention, value: bool) -> bool:
    """Is the unit said later: at the end of a list, or of a change (由3到5个)?"""
    if m.sign in _FROM and m.followed("mentions.on_to"):
        return True
    if not m.followed("mentions.list_goes_on"):
        return False
    return m.sign in ("、", "和") or value or m.preceded("mentions.over_cue", 14)


_FROM: Final = frozenset(package_template("numbers.from"))


def _of_people(m: Mention, value: bool) -> bool:
    """Does a bare number with 万 or 亿 count people, or stand for a value?"""
    return any(c in m.core for c in "万亿") and (
        value or m.followed("mentions.people") or m.passed("mentions.end")
    )


@rule(form=("parts", "ratio"))
def unnamed_ratio(m: Mention) -> bool:
    """Figures with colons are a ratio or a structure where a word calls them one; else a time or a score.

    >>> why("会议14:30开始，以3:1获胜，以21:18:15结束")
    ['unnamed_ratio', 'unnamed_ratio', 'unnamed_ratio', 'unnamed_ratio', 'unnamed_ratio']
    >>> why("城乡居民收入比缩小到2.09:1，产业结构为11.9:44.1:44")
    []
    """
    if m.quantity.form == "ratio":
        return not m.preceded("mentions.ratio", 24)
    return not m.pattern("mentions.structure").search(m.before(64).rpartition("。")[2])


@rule(form=("scale", "han"))
def vague_before(m: Mention) -> bool:
    """数, 几 and 上 before a scale make a quality of it, 双 and 半 too.

    >>> why("双一流、数十项成果、某三家企业")
    ['vague_before', 'vague_before']
    >>> why("共三家企业")
    []
    """
    before = m.text[m.quantity.start - 1 : m.quantity.start]
    if m.among(before, "vague.before_scales"):
        return m.core[0] in SCALE_SIGNS  # 数百人, but 人数三四百人
    return m.among(before, "vague.before") or (
        m.quantity.form == "scale" and m.among(before, "vague.before_scale")
    )


@rule
def calendar_word(m: Mention) -> bool:
    """Years, days and hours of the calendar that the date grammar leaves: 80年代, 8日, 下午5点.

    >>> why("定于8日召开，上午9点30分开始")
    ['calendar_word', 'calendar_word', 'calendar_word']
    >>> why("工期缩短8天，提出意见9点")
    []
    """
    q = m.quantity
    if m.among(q.unit, "clock.units"):
        return m.preceded("mentions.clock", 8) or m.followed("mentions.clock_behind")
    if q.unit == "年":
        return m.among(m.following, "duration.year_behind") or 1800 <= (q.value or 0) <= 2100
    return m.among(q.unit, "duration.calendar")


#: In this order; the first that says yes names the reason.
REJECTIONS: Final[tuple[Rejection, ...]] = (
    enclosed,
    part_of_code,
    part_of_name,
    calendar_word,
    after_each,
    edition,
    bare_one,
    bare_scale,
    vague_before,
    formulation,
    han_class,
    ambiguous_han,
    time_frame,
    threshold,
    unnamed_ratio,
    no_unit,
)

_ASKED: Final = Choice(REJECTIONS, "form", "dimension", "bare", "enclosed")


def rejected_by(text: str, q: Quantity, lexicon: Lexicon, *, enclosed: bool) -> str:
    """The name of the first rule that rejects a quantity of a folded text, "" if it is a claim."""
    before, after = text[q.outer_start - 1 : q.outer_start], text[q.end : q.end + 1]
    mention = Mention(text, q, lexicon, enclosed, before, after)
    for rejection in _ASKED[q.form, q.dimension, not q.unit, enclosed]:
        if rejection(mention):
            return rejection.__name__
    return ""
