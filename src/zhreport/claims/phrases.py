"""Phrases: the words to the left and right of a quantity, read once for noun, verb and fillers."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import regex

from zhreport.lexicon import Lexicon
from zhreport.tokens import Tokenizer

__all__ = ["DATE_SIGN", "DEEDS", "FIELD", "Left", "PhraseReader", "Right"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What stands before a quantity, inside one segment.

    Attributes:
        noun: the noun phrase, "" if the segment has none.
        noun_start: where it begins in the segment.
        head: the segment's verb before the noun (`建成` in `建成基站`), else "".
        subject: the words before that verb.
        verb: the verb between the noun and the quantity (`达到`), else "".
        verb_class: class of `verb`, or of `head` where there is no `verb`; "" if none.
        distributed: 分别 or 各 stands between.
        from_base: the segment ends with 由 or 从: the quantity is the start of a change.
        reference: the quantity is compared with something named (`快于全国`).
        listed: the noun ends with 等: what is counted follows the quantity.
        bound: the noun phrase begins where the segment begins.
        content: the segment has words beside fillers.
    """

    noun: str
    noun_start: int
    head: str
    subject: str
    verb: str
    verb_class: str
    distributed: bool
    from_base: bool
    reference: bool
    listed: bool
    bound: bool
    content: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Right:
    """What stands after a quantity, inside one segment.

    Attributes:
        noun: the noun phrase that follows directly, "" if a verb or nothing follows.
        linked: 的 stands between.
        verb: the verb after the noun phrase, or the first word if it is a verb.
        verb_class: its class.
        object: the noun phrase after `verb`.
        open: the noun phrase runs to the end of the segment.
    """

    noun: str
    linked: bool
    verb: str
    verb_class: str
    object: str
    open: bool


#: Stands for a calendar expression in a segment; a private-use character, so that no word contains it.
DATE_SIGN: Final = "\ue000"
_DATE_WORD: Final = regex.compile(
    r"(?:19|20)[0-9]{2}|[〇零一二三四五六七八九十]+年|年|月|日|[年月]份|月底|年底|月末|[一二两三四五六七八九十几]{1,3}年(?:间|来|内|中|里)?|[（(].*[）)]|“?[一二三四五六七八九十]+五”?"
)
_MORE_NAMES: Final = regex.compile(
    r"(?!用于|[不包含其按预累新约如即详见注上下第全以折当])[\u4e00-\u9fff、]{1,8}(?<![元吨个人次亩户里米时]|上|内|下)"
)
_COMPARE: Final = frozenset(("比", "较", "同", "与", "按", "跟"))
_PRICES: Final = regex.compile(r"价|口径|计算")
_ALIKE: Final = regex.compile(r"相比|比较|持平|同步")
_BASE_WORD: Final = regex.compile(
    r"\ue000|上年|去年|前年|同期|相比|全国|全省|全市|平均|计划|目标|时期|年|上月|任务|预算|初|末|水平|期|价格|口径|之前|以前|世界|预期|规划|“|改革|解放|战前|疫情"
)
_OVER: Final = {
    "快于": "up",
    "高于": "up",
    "低于": "down",
    "慢于": "down",
    "好于": "up",
    "优于": "up",
    "领先": "up",
    "高出": "up",
    "少于": "down",
    "多于": "up",
    "超出": "up",
    "超过": "up",
    "超": "up",
}
# 比预算低 | 0.4个百分点; elsewhere these are parts of names
_THAN: Final = {"低": "down", "少": "down", "短": "down", "慢": "down", "高": "up", "多": "up", "快": "up"}
#: Among these a rank holds; for a regular expression.
FIELD: Final = (
    r"世界|全球|亚洲|国内|长三角|同类|副省级|省会|地级市|[\u4e00-\u9fff]{1,2}[东西南北]|中?[东中西]部"
)
_FIELD: Final = regex.compile(FIELD)
# the speaker's own place, whatever stands before it; 全国 and 全省 also name a rank: 获评全国文明村
_OWN: Final = frozenset("全市 全县 全区 全州 我市 我省 我县 我区 我州 本市 本省".split())
#: Classes of verbs that name a deed, and stand as nouns too: 改造, 搬迁.
DEEDS: Final = frozenset(("act", "weak"))
_BOUND: Final = regex.compile(r"[超过]?[0-9.]+[十百千万亿]*[元吨亩人]?")
_THIS_YEAR: Final = frozenset("今年 明年 去年 上年 全年".split())
_OF_TIME: Final = frozenset("内 间 中 末 底 中间 以内 期间".split())
_NEWLY: Final = frozenset("新增 新建 进口".split())
_PLACED: Final = regex.compile(r".[居列名位]$")
_NOTE: Final = regex.compile(r"\[[0-9]{1,3}\]|（[0-9]{1,3}）")
_RELIEF: Final = frozenset("减负 增收".split())
_NO_EDGE: Final = frozenset(("的", "和", "与", "及"))
_EACH: Final = frozenset(("分别", "各", "各自", "各有"))
_ADVERB_TAIL: Final = frozenset(("了", "着", "过"))
_LISTED: Final = frozenset(("等", "等等", "在内", "等共", "各类"))
_VERBS: Final = frozenset(("up", "down", "level", "rank", "act", "weak"))
_STRONG: Final = frozenset(("up", "down", "level", "rank", "act"))
_FILLER: Final = frozenset(("adverbs", "time", "place", "pronouns", "conjunctions"))
_NEW: Final = frozenset(
    (
        "新",
        "已",
        "拟",
        "的",
        "在",
        "未",
        "待",
        "违规",
        "违法",
        "非法",
        "可",
        "所",
        "不",
        "再",
        "重",
        "无",
        "有",
        "和",
        "与",
    )
)
_RESULT: Final = frozenset(("到", "至", "为", "在", "成"))
_SOFT_LEVEL: Final = frozenset(
    (
        "达",
        "达到",
        "超",
        "超过",
        "近",
        "约",
        "突破",
        "高达",
        "完成",
        "实现",
        "接近",
        "逾",
        "不低于",
        "不少于",
        "目标为",
        "预期目标为",
        "目标是",
    )
)
_LIGHT: Final = frozenset(("完成", "实现", "完成了", "实现了"))
_GOVERNING: Final = frozenset(("把", "将", "为", "对", "向", "给", "用", "以", "使", "让"))
_COMMON_ADVERB: Final = frozenset(
    ("共", "累计", "各", "已", "了", "约", "近", "超", "达", "共计", "总计", "合计", "另", "再")
)
_CIRCUMSTANCE: Final = (
    "前提下",
    "基础上",
    "情况下",
    "条件下",
    "同时",
    "过程中",
    "带动下",
    "以后",
    "之后",
    "之前",
    "期间",
)
_MODAL: Final = frozenset("能 可 会 要 应 需 有 过".split())
_RELATIVE_HEAD: Final = frozenset("与 同 在 对 跨 由 被 向 从 有 来自 具有 具备".split())
_SHORT: Final = frozenset("建 修 办 购 签 种".split())
_SUFFIXES: Final = frozenset("类型区园地点站库厂院所县市镇村率额量数")
_PER_HEAD: Final = frozenset(("人均", "户均", "月均", "年均", "平均"))
_PIVOT: Final = frozenset(
    ("提请", "提交", "报请", "支持", "帮助", "组织", "引导", "指导", "协调", "督促", "动员")
)
_VERB_AND_OBJECT: Final = 4  # characters
_PUNCTUATION: Final = frozenset("—-–·:：“”‘’'\"…~ ")


class PhraseReader:
    """Reads segments; what it has read it remembers, a bounded number of them.

    Args:
        lexicon: word classes.
        tokenizer: cuts segments into words.
    """

    def __init__(self, lexicon: Lexicon, tokenizer: Tokenizer) -> None:
        self._classes = lexicon.words
        self._sets = lexicon.sets
        self._units = lexicon.units
        self._tokenizer = tokenizer
        self.left: Callable[[str], Left] = lru_cache(maxsize=4096)(self._left)
        self.right: Callable[[str], Right] = lru_cache(maxsize=4096)(self._right)
        self.attribute: Callable[[str], bool] = lru_cache(maxsize=4096)(self._attribute)

    def words(self, text: str) -> list[str]:
        """Words, quoted names kept whole."""
        found: list[str] = []
        for piece in _QUOTED.split(text):
            if piece and piece[0] in "“《‘「（" and len(piece) > 1:
                found.append(piece)
            elif piece:
                found.extend(self._tokenizer.words(piece))
        return found

    def _halves(self, word: str) -> list[str]:
        """A verb and its object that the dictionary has as one word: 引进 | 外资, 破获 | 案件."""
        verb, noun = word[:2], word[2:]
        if len(word) == _VERB_AND_OBJECT and word not in self._classes and self._classes.get(verb) == "act":
            terms = self._sets["terms"]
            if word not in terms and noun not in terms and noun not in self._classes:
                return [verb, noun]
        return [word]

    def class_of(self, word: str) -> str:
        """The class of a word, `date` for numbers and date words, "" for other words."""
        found = self._classes.get(word)
        if found is not None:
            return found
        if word.endswith("）建"):  # 新（改）建
            return "act"
        if word == DATE_SIGN:
            return "time"
        if word[0] in "12年月日一二三四五六七八九十（“" and _DATE_WORD.fullmatch(word):
            return "time"
        return ""

    def _rate(self, word: str) -> bool:
        return word[-1] == "率" or word in self._sets["share_heads"]

    def _names(self, note: str) -> bool:
        """Do words in brackets name more of the same kind, and do not say when, how or in which unit?"""
        return (
            _MORE_NAMES.fullmatch(note) is not None
            and note not in self._units
            and not any(self.class_of(word) in ("time", "up", "down", "level") for word in self.words(note))
        )

    def _attribute(self, noun: str) -> bool:
        """Is the noun a bare attribute that needs an owner (`增速`, `总投资`, `占GDP比重`)?"""
        known = (
            noun in self._sets["attributes"] or noun in self._sets["growth_heads"] or noun.startswith("占")
        )
        return known or (len(noun) > 2 and noun[-1] == "率" and self.class_of(noun[:-1]) in DEEDS)  # 答复率

    def _left(self, text: str) -> Left:
        words = self.words(text)
        if words and not any(self._classes.get(word) in _VERBS for word in words[:-1]):
            words[-1:] = self._halves(words[-1])
        classes = [self.class_of(word) for word in words]
        for i in range(len(words) - 1):  # 5 年
            if words[i + 1][0] == "年" and words[i].isdecimal():
                classes[i] = "time"
        for i in range(1, len(words)):
            if words[i][0] == "（" and classes[i - 1] != "time" and self._names(words[i][1:-1]):
                classes[i] = ""  # 工业用地（用海）: a part of the name, other notes are none
        end = len(words)
        verb = verb_class = ""
        distributed = from_base = reference = hollow = False
        if end > 1 and words[end - 1] in _RESULT and classes[end - 2] in _VERBS:
            verb, verb_class, end = words[end - 2] + words[end - 1], "level", end - 2
        while end:
            word, kind = words[end - 1], classes[end - 1]
            if word == "的" and not verb and end > 1 and classes[end - 2] in ("time", "adverbs"):
                pass
            elif word in _EACH:
                distributed = True
            elif word in ("由", "从") and not verb:
                from_base = True
            elif (
                kind == "act" and word in _SHORT and end > 1 and classes[end - 2] not in _FILLER and not verb
            ):
                break  # 中电建: the tail of a name
            elif kind in _STRONG and not verb:
                verb, verb_class = word, kind
                distributed = distributed or word.startswith("分别")
            elif (
                not verb
                and end > 1
                and (classes[end - 2] == "rank" or words[end - 2] == "保持")
                and _FIELD.fullmatch(word)
            ):
                pass  # 跃居世界 | 第二
            elif kind in ("up", "down") and verb_class in ("level", "act"):
                if verb in _SOFT_LEVEL:  # 增长达7%
                    verb, verb_class = word, kind
            elif verb and (kind in ("level", "rank", "up", "down") or word in _LIGHT):
                if kind == "act" and end == 1:
                    break
                if verb_class == "level" and kind == "act":
                    verb, verb_class = word, kind
            elif word in _MODAL and not verb:
                break  # 中储国能: the tail of a name
            elif (
                kind in ("adverbs", "time", "place", "pronouns")
                or word in _ADVERB_TAIL
                or word in _PUNCTUATION
            ) or (
                word[0] == "每"
                or (word in _PER_HEAD and end > 1 and words[end - 2] in ("由", "从", "提高到", "增加到"))
                or (kind == "manner" and end > 1 and verb)
            ):
                pass
            elif kind == "prepositions" and (not verb or word == "按"):  # 产值按 | 增长5%安排
                hollow = word in _GOVERNING
            else:
                break
            end -= 1
        # 位居全国同类城市 | 第3位
        for i in range(end - 1, max(-1, end - 6), -1):
            if verb or classes[i] != "rank" or not (words[i] == "居" or _PLACED.search(words[i])):
                continue
            if "的" not in words[i + 1 : end]:
                verb, verb_class, end = words[i], "rank", i
            break
        # 快于全国平均水平 | 3个百分点
        for i in range(max(0, end - 8), end):
            if (
                words[i] in _OVER
                and (not verb or verb_class == "rank")
                and (
                    i + 1 == end
                    or _BASE_WORD.search("".join(words[i + 1 : end]))
                    or (len(words[i]) == 2 and words[i] not in ("超过", "超出") and end - i <= 6)
                )
            ):
                verb, verb_class, end, reference = words[i], _OVER[words[i]], i, True
                break
        # 比上年 | 增长
        for i in range(end - 1, max(-1, end - 10), -1):
            if words[i] in _COMPARE:
                base = "".join(words[i + 1 :])
                wanted = {"按": _PRICES, "比": _BASE_WORD, "较": _BASE_WORD}.get(words[i], _ALIKE)
                if wanted.search(base):
                    end = i
                    if not verb and words[-1] in _THAN:  # 比预算低 | 0.4个百分点
                        verb, verb_class = words[-1], _THAN[words[-1]]
                    break
        while end and (
            classes[end - 1] in ("adverbs", "time", "place", "pronouns")
            or words[end - 1] in _PUNCTUATION
            or (words[end - 1] in _PER_HEAD and end > 1 and classes[end - 2] in _FILLER)  # 养老金去年又人均
            or (words[end - 1] in ("比", "较") and end < len(words) and classes[end] == "time")
        ):
            if words[end - 1] in _EACH:
                distributed = True
            end -= 1
        start, head, subject_end, bound = self._head(
            words, classes, end, bool(verb), verb_class in ("up", "down")
        )
        listed = end > 0 and words[end - 1] in _LISTED
        stop = end
        while stop > start and (
            words[stop - 1] in _LISTED or words[stop - 1] in ("的", "共", "中", "上", "方面", "为")
        ):
            stop -= 1
        # A、B等一批园区 → 园区; a range, unlike a slice, cannot wrap where the noun is empty
        et_cetera = next((i for i in range(start + 1, stop - 1) if words[i] == "等"), None)
        if et_cetera is not None and words[et_cetera + 1] not in ("方面", "部门", "领域", "行业"):
            start = et_cetera + 1
            bound = False
            while start < stop - 1 and (
                words[start] in ("一批", "一系列", "多个", "各类", "重点") or classes[start] == "adverbs"
            ):
                start += 1
        while start < stop and (
            words[start] in _NO_EDGE
            or (words[start] == "等" and start + 1 < stop)
            or (words[start] in _THIS_YEAR and start + 1 < stop)
            or (classes[start] == "place" and words[start] in _OWN and words[start + 1 : stop])
        ):
            start += 1
        while stop > start and words[stop - 1] in _NO_EDGE:
            stop -= 1
        noun = "".join(words[start:stop]).replace(DATE_SIGN, "").strip("—-– ：:·")
        noun = _NOTE.sub("", noun)
        if noun in _PER_HEAD or _BOUND.fullmatch(noun):
            noun = ""  # 百亿元以上集群3个、50亿元以上 | 5个
        if " " in noun:
            noun = _CELLS.sub("", noun)
        if subject_end and noun and self.attribute(noun):  # 科创债募集资金
            first = 0
            while first < subject_end and classes[first] in _FILLER:
                first += 1
            if first < subject_end and classes[first] not in _VERBS and classes[first] != "prepositions":
                taken = words[first:stop]  # 科创债募集资金
                if head in _LIGHT:  # 重大项目投资, where it is 完成
                    owner = subject_end
                    while owner > first and classes[owner - 1] in ("adverbs", "time"):
                        owner -= 1
                    taken = [*words[first:owner], noun]
                start, noun = first, "".join(taken)
        if noun.endswith("比") and end < len(words) and classes[end] == "time" and len(noun) > 3:
            noun = noun[:-1]  # 产量比 | 上年: the dictionary knows the word, the sentence does not mean it
        if head in _LIGHT and noun and stop - start == 1 and classes[start] == "weak" and not verb:
            noun = ""  # 完成整改 | 51处: a verb and its verb, the noun was said before
        if noun in _THAN and not verb:  # 比全国、全省分别高 | 1.4个百分点
            noun, verb, verb_class = "", noun, _THAN[noun]
        if head in ("为", "给") and verb in _RELIEF and noun:
            noun, verb, verb_class = noun + verb, "", ""  # 为企业减负: an amount of relief, no fall of 企业
        if hollow or noun == "自治区" or noun.endswith(_CIRCUMSTANCE):
            noun = ""
        return Left(
            noun=noun,
            noun_start=sum(map(len, words[:start])),
            head=head,
            subject="".join(words[:subject_end]),
            verb=verb,
            verb_class=verb_class or (self.class_of(head) if head else ""),
            distributed=distributed,
            from_base=from_base,
            reference=reference,
            listed=listed,
            bound=bound,
            content=bool(noun) or bool(head),
        )

    def _head(
        self, words: list[str], classes: list[str], end: int, has_verb: bool, moves: bool
    ) -> tuple[int, str, int, bool]:
        """Where the noun phrase begins: after the fillers and the last governing verb."""
        generic = self._sets["generic"]
        start, head, subject_end = 0, "", 0
        while start < end:
            word, kind = words[start], classes[start]
            rest = end - start - 1
            after = classes[start + 1] if rest else ""
            if (
                kind == "place"
                and rest
                and (
                    words[start + 1] == "级"
                    or (
                        word in ("全国", "全球")
                        and (words[start + 1] in self._sets["titles.marks"] or words[start + 1] == "重点")
                    )
                )
            ):
                break  # 全国文明村镇
            if word[0] == "每":  # 每亩化肥使用量
                break
            if word in _OF_TIME and start and classes[start - 1] == "time":
                start += 1  # 五年内 | 产值
                continue
            if word == "实际" and rest and after not in ("up", "down", "level", "act"):
                break  # 实际对外投资
            if word in _NEWLY and has_verb and rest and (moves or self._rate(words[end - 1])):
                break  # 新增就业 | 增长5%, 新建项目开工率 | 达到30%
            if word in _PUNCTUATION or (
                kind in _FILLER
                and not (kind == "conjunctions" and head)
                and (not head or word in _COMMON_ADVERB)
            ):
                start += 1
            elif kind == "manner":
                if head or (rest and after not in _VERBS and after not in _FILLER and after != "manner"):
                    break
                start += 1
            elif kind == "conjunctions" and head and after in _VERBS:
                start += 1
                head, start = words[start], start + 1
            elif kind == "prepositions" and not head:
                if word == "在" and words[end - 1] in ("中", "上", "里") and has_verb:
                    start += 1
                    break
                head, start = _governed(words, classes, start, end, ("act", "weak")) or ("", start + 1)
            elif kind == "prepositions" and after == "time":
                start += 2  # 为到2030年…
            elif (
                word == "为"
                and not head
                and (
                    found := _governed(words, classes, start, end, ("act", "down"))
                    or _governed(words, classes, start, end, ("weak",))
                )
            ):
                head, start = found  # 为企业减轻负担
            elif (
                word in self._sets["second_verbs"]
                and rest
                and head not in self._sets["light_verbs"]
                and self.class_of(head or " ") in DEEDS
                and after not in _VERBS
                and words[start + 1] not in generic
                and words[start + 1] not in ("的", "和", "与", "及", "、", "率", "额", "量", "数")
            ):
                start += 1  # 筹集建设 | 住房
            elif word in ("超", "超过", "过") and rest and words[start + 1][0].isdecimal():
                break  # 超10亿元企业
            elif kind in _STRONG:
                if rest and words[start + 1] in ("的", "率", "额", "量", "数") or (head and kind != "act"):
                    break
                if rest == 1 and words[start + 1][-1] in "率额量数度" and has_verb:
                    break  # 办理满意率
                head, start = word, start + 1
            elif kind == "weak" and not head:
                if rest == 0:
                    if has_verb:
                        break
                    head, start = word, start + 1
                elif (
                    has_verb
                    or words[start + 1] in ("的", "和", "与", "及", "、")
                    or (rest == 1 and (words[start + 1] in generic or words[start + 1][-1] in "值额量数"))
                    or (rest == 2 and after == "weak" and words[start + 2] in generic)
                ):
                    break
                else:
                    head, start = word, start + 1
            else:
                break
        bound = start == 0
        for i in range(end - 2, start, -1):
            if (
                (classes[i] == "act" or words[i] == "有" or (classes[i] == "weak" and head in _PIVOT))
                and (words[i - 1] not in _NEW or (words[i - 1] == "拟" and i - 1 > start))
                and not (i + 2 == end and words[i + 1].endswith("率"))
                and words[i + 1] not in ("的", "和", "与", "率", "额", "量", "数", "、")
                and not (
                    i + 2 == end and words[i + 1] in generic and i - start > 0 and classes[i - 1] != "adverbs"
                )
            ):
                subject_end = i
                head, start, bound = (words[i] if classes[i] == "act" else head), i + 1, False
                while start < end - 1 and (words[start] in _COMMON_ADVERB or words[start] == "的"):
                    start += 1
                break
        return start, head, subject_end, bound

    def _right(self, text: str) -> Right:
        linked = text.startswith("的")
        words = self.words(text[1:] if linked else text)
        predicates = self._sets["predicates"]
        cut, begin = len(words), 0
        main = -1  # a verb that only its 了 shows to be one
        for i, word in enumerate(words):
            kind = self.class_of(word)
            after = words[i + 1] if i + 1 < len(words) else ""
            if after in _ADVERB_TAIL and i:  # 申办了: whatever it is, it is a verb
                cut, main = i, i
                break
            if i == 0:
                if kind == "act" and word[0] == "新" and after:
                    continue
                if word == "未" and self.class_of(after or " ") in _VERBS:
                    continue
                if word == "等":  # 20条等政策
                    begin = 2 if after == "系列" else 1
                    continue
                if kind in _STRONG and not (linked and after):
                    cut = 0
                    break
                if word in predicates and kind != "place":
                    cut = 0
                    break
                if kind == "weak" and len(words) == 1 and not linked:
                    cut = 0
                    break
                if kind == "conjunctions" or (
                    kind == "prepositions" and word in _GOVERNING | {"在", "从", "由", "被", "经"}
                ):
                    cut = 0
                    break
                continue
            if word in _MODAL and self.class_of(after or " ") not in _VERBS:
                continue
            if word in predicates or (kind in ("up", "down", "level", "rank") and len(word) > 1):
                if words[i - 1] in ("的",) and kind in ("act", "weak"):
                    continue
                cut = i
                while word == "率" and cut > 1 and self.class_of(words[cut - 1]) in DEEDS:
                    cut -= 1  # 9座水闸 | 完好率达…
                break
            if word in ("与", "同") and any(self.class_of(w) in _VERBS for w in words[i + 1 :]):
                cut = i  # 38所中小学与企业结对
                break
            if word == "的" and after:
                described = words[begin:i]
                if (described and described[-1] in self._sets["adjectives"]) or any(
                    self.class_of(w) in _VERBS or w in _RELATIVE_HEAD for w in described
                ):
                    begin = i + 1  # 5个特色鲜明的园区: counted is what is described
                    continue
                cut = i  # 28个国家的代表: counted are the countries
                break
            if i and kind == "manner" and i + 2 == len(words) and self.class_of(after) in _VERBS:
                cut = i  # 市民 | 直接受益
                break
            if kind == "act" and after[:1] in _SUFFIXES and (len(after) == 1 or after[0] in "类型"):
                continue  # 集聚区: a verb and a suffix make a noun
            if kind == "act" and i == 1 and (self.class_of(words[0]) == "manner" or words[0] == "未"):
                continue  # 重点策划项目, 未贯通道路
            if kind == "act" and words[i - 1] not in _NEW:
                cut = i
                break
        if begin >= cut:
            begin = 0
        while cut and words[cut - 1] in ("和", "与", "及", "以及", "或", "的", "、"):
            cut -= 1
        noun = "".join(words[begin:cut]) if cut and words[0][0] != "（" else ""
        verb = verb_class = rest = ""
        for i in range(cut, len(words)):
            kind = self.class_of(words[i])
            if words[i] in _LIGHT and i + 1 < len(words) and self.class_of(words[i + 1]) == "act":
                continue  # 实现开工
            if kind in _VERBS or i == main:
                verb, verb_class = words[i], kind
                rest = "".join(words[i + 1 :])
                break
        return Right(
            noun=_NOTE.sub("", noun).strip("—-– ：:"),
            linked=linked,
            verb=verb,
            verb_class=verb_class,
            object=rest.removeprefix("了"),
            open=cut == len(words) and bool(words),
        )


def _governed(
    words: list[str], classes: list[str], start: int, end: int, wanted: tuple[str, ...]
) -> tuple[str, int] | None:
    """The first verb of some classes behind a preposition, and where its object begins; None without one."""
    found = next((i for i in range(start + 1, end - 1) if classes[i] in wanted), None)
    return None if found is None else (words[found], found + 1)


# the unit and the other figures of a row of a table: `税收（亿元） 68.4 6.1%`
_CELLS: Final = regex.compile(r"(?:（[^（）]{1,8}）)?(?: +-?[0-9][0-9.,]*)+$")

_QUOTED: Final = regex.compile(
    r"(新（[改扩迁续重、]{1,6}）建|改（扩）建|[“][^“”]{1,40}[”]|《[^《》]{1,60}》|‘[^‘’]{1,30}’|「[^「」]{1,30}」|（[^（）]{1,40}）)"
)
