"""Candidates: places of a text that may name an effort or an honour, with the edges of the name.

Three readers look at what one scan found: quoted names, phrases before a head noun, titles behind a verb
of winning or seeking. Whether a candidate is a campaign is decided elsewhere.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import regex

from zhreport.campaigns.vocabulary import Vocabulary
from zhreport.tokens import Tokenizer

__all__ = ["Candidate", "find_candidates"]


_OPEN_MARKS: Final = "“‘「『\"〝'”"


@dataclass(slots=True, kw_only=True)
class Candidate:
    """A possible name and what stands around it.

    Attributes:
        text: the folded text.
        start, end: of the name, half-open code points.
        kind: as the head or the verb says.
        head_start, head_end: of the head noun; both equal `end` where there is none.
        form: how it was found: `head_in_quotes`, `quoted_before_head`, `quoted_title`, `quoted_object`,
            `phrase`, `list_item`, `title` or `known_title`.
        verb, verb_start: the word that governs it and its place, "" and -1 if none.
        words: of the name before the head.
        strong: its head names an effort wherever it stands.
        near: a name stands beside it in the same list.
        vocabulary: the word sets.
    """

    text: str
    start: int
    end: int
    kind: str
    head_start: int
    head_end: int
    form: str
    verb: str
    verb_start: int
    words: tuple[str, ...]
    vocabulary: Vocabulary
    strong: bool = False
    near: bool = False
    _clause: tuple[int, int] | None = None

    @property
    def clause(self) -> tuple[int, int]:
        """Start and end of the clause; looked for when first asked for."""
        if self._clause is None:
            self._clause = _clause(self.text, self.start, max(self.end, self.head_end))
        return self._clause

    @property
    def name(self) -> str:
        """The name as it stands in the folded text."""
        return self.text[self.start : self.end]

    @property
    def quoted(self) -> bool:
        """Does the name stand in quotation marks?"""
        return self.start > 0 and self.text[self.start - 1] in _OPEN_MARKS and self.form != "phrase"

    @property
    def head(self) -> str:
        """The head noun with the words that only say what sort of effort it is."""
        return self.text[self.head_start : self.head_end]


@dataclass(frozen=True, slots=True)
class _Head:
    """One or more heads without a gap; the last one says the kind."""

    start: int
    end: int
    last: str
    strong: bool


# Balanced marks first; then an opening mark that stands for the closing one, and the reverse.
_QUOTED: Final = regex.compile(
    r"“(?P<a>[^“”\n。；]{1,40})”|「(?P<b>[^「」\n。；]{1,40})」|『(?P<c>[^『』\n。；]{1,40})』"
    r"|‘(?P<d>[^‘’\n。；]{1,40})’|\"(?P<e>[^\"\n。；]{1,40})\"|〝(?P<f>[^〝〞\n。；]{1,40})〞"
    r"|“(?P<g>[^“”\n。；，、]{1,24})“(?![^“”\n]{1,24}”)|”(?P<h>[^“”\n。；，、]{1,24})”"
    r"|'(?P<i>[^'\n。；，、]{1,30})'"
)
_BETWEEN: Final = frozenset(("", "、", "和", "与", "及", "以及", "、和", "，"))
_NOTE: Final = regex.compile(r"（[0-9]{1,3}）|\[[0-9]{1,3}\]|【[0-9]{1,3}】")
_NOTE_BEFORE: Final = regex.compile(r"(?r)(?:（[0-9]{1,3}）|\[[0-9]{1,3}\]|【[0-9]{1,3}】)")
_SHORT_NOTE: Final = regex.compile(r"(?r)[\u4e00-\u9fff]（[\u4e00-\u9fff]{2,6}）")
_GAP: Final = regex.compile(r"(?:等)?[^，。；：！？、“”‘’「」『』《》（）\"\n0-9的]{0,14}")
_SOFT: Final = regex.compile(r"(?r)[，。；：！？、\n《》“”‘’「」『』\"…（）【】—]")
_HARD: Final = regex.compile(r"(?r)[，。；：！？\n]")
_CLAUSE_END: Final = regex.compile(r"[，。；：！？\n]")
_OPEN: Final = "“‘「『\""
_CLOSE: Final = "”’」』\""
_MARK: Final = regex.compile(r"[“‘「『\"]")
_LOOK_LEFT: Final = 44  # characters: no name is longer
_CLAUSE: Final = 100
_NUMBER: Final = regex.compile(
    r"(?:第[一二三四五六七八九十百0-9]{1,4}[届次批轮期]|[0-9]{1,4}余?多?[届次个项场期轮批种类条座处家]"
    r"|[一二三四五六七八九十两]{1,3}[届次个项场期轮批种]|[0-9]{1,2}[.．]|首届|(?:19|20)[0-9]{2}年?度?(?!行动))"
)
_CONJUNCTIONS: Final = frozenset(("和", "与", "及", "以及", "或", "暨"))
_DEEDS: Final = regex.compile(
    r"(?r)(?:建设|改革|体系|机制|管理|工作|创建|服务|项目|示范区|制度|政策|战略|发展|保护|经验|成果|禁毒|开放|规划|督察)"
)
_DEVERBAL: Final = frozenset("修复 治理 利用 管理 提升 整治 恢复 改造 发展 转型 应用 服务 培育 开发".split())
_MANNER: Final = frozenset(("发展", "充分", "农田", "就业", "医疗", "教育", "全民健身"))
_FIRM: Final = frozenset("开展 实施 启动 举办 组织 打好 打赢 深入实施 落实 承办 举行 深化".split())
_TITLE_TAIL: Final = regex.compile(
    r"(?r)(?:称号|荣誉称号|荣誉|创建工作|创建|建设|申报工作|申报|工作|活动|行列|名单|名录|榜单|等|验收|复审|复核|评估"
    r"|各?[0-9一二两三四五六七八九十]+余?多?[\u4e00-\u9fff]{1,2}(?:以上|次)?|[0-9]+|以上|项目建设|资格|奖项|成果)$"
)
_FIRST_BATCH: Final = regex.compile(
    r"(?:(?:全国|全省|全区|全市|国家|省|市|自治区|省级|国家级|全球|全州|部)?(?:首批次?|首个|第[一二三四五六七八九十]+批|唯一|首家)(?:的)?"
    r"|了|为|成为|到|一批|一个|第[一二三四五六七八九十百0-9]{1,4}[届批次]|(?:19|20)[0-9]{2}[—-]?(?:20[0-9]{2})?年?度?|[0-9]+个|新一轮|多项|两个|更多|各类|全省(?=“)|并|我国"
    r"|建设(?!工程|项目))"
)
# 开展“…” needs nothing behind it but none of these
_SO_MANY: Final = regex.compile(r"([两三四五六七八九十])(?:大|项|个)")
_NUMERALS: Final = {c: i for i, c in enumerate("零一二三四五六七八九十")} | {"两": 2}
_TITLE_GOES_ON: Final = regex.compile(r"[^，。；：！？、“”《》（）\n等0-9和的]*")
_NO_TITLE: Final = regex.compile(r"[0-9“”《》（）]|名单|名录|目录|清单|前列|第一|批复|同意|资金|支持|认可|肯定|表扬|推广|第|位|表彰|新高|突破|游客|权$|队$|技$|成果$|强$|$(?<=中心|平台|实验室|企业|人才|专家|项目库)")
_RANKED: Final = regex.compile(r"(?:[0-9]{2,4}|百|十)强(?:榜|榜单|县|市|区|镇|企业|景区)?$")
_ALWAYS: Final = frozenset(("的", "等", "了", "为", "是"))
_SO_MANY_BEFORE: Final = regex.compile(r"([两三四五六七八九])(?:大|项)(?:国家级|专项|重点|全国性)?$")
_PLACES: Final = regex.compile(r"（[省市县区旗、乡镇村]{1,5}）")
_EVENT_KINDS: Final = {
    "会": "forum", "展": "forum", "节": "activity", "周": "activity", "季": "activity", "赛": "contest",
    "演": "activity", "典": "activity", "杯": "contest",
}  # fmt: skip
_NUMBERED_EVENT: Final = re.compile(
    r"第[一二三四五六七八九十百0-9]{1,4}届(?P<name>[\u4e00-\u9fff·—（）]{1,24}?(?P<last>[会展节周季赛杯]))"
    r"(?=[，。；：、！\n”“]|和|与|及|等|在|成功|圆满|顺利|开幕|闭幕|暨|$)"
)
_ASSEMBLY: Final = re.compile(r"代表|委员会|全会|常委会|政协|人大|常务|理事|党组|职代|会议|全国委员|中央")
_SPORTS: Final = re.compile(r"运会|运动会|冬会|奥会|残会|体育大会")
_EVENT: Final = re.compile(
    r"[^，。；、“”《》\n等的]{2,22}?(?P<last>[节周季赛展]|会演|巡演|盛典)(?=$|等|活动|系列|[0-9]|（|和|“)"
)
_SOMETHING_ELSE: Final = regex.compile(r"工作|机制|制度|平台|品牌|模式|改革|政策|理念|要求|底线|企业|产品")
_PRIZES: Final = frozenset("激励 大奖 金奖 银奖 一等奖 二等奖 三等奖 特等奖 提名奖 等次".split())
_LATE: Final = frozenset("常态化 常态 新一轮 第二轮 第三轮 首批 首届 等 和 与 及 系列 各类 高质量 高水平 高标准".split())
_GOES_ON: Final = regex.compile(r"(?:工作)?(?:扎实|深入|有序|全面|成效|取得|顺利|圆满|持续|稳步|加快|走在|启动|有力)")
_TITLE_LEVEL: Final = regex.compile(r"全国|国家级?|中国|中华|世界|国际|省级|全球|亚洲|全省|自治区|第[一二三四五六七八九十]+批")
_BARE_EVENTS: Final = frozenset("运动会 全运会 博览会 论坛 文化节 艺术节 旅游节 峰会".split())
_PLACE_BEFORE: Final = regex.compile(r"(?r)[\u4e00-\u9fff]{2,6}(?:省|市|州|县|自治区|盟)")
_SITES: Final = regex.compile(r"建设|前期|项目|开工|施工")
_BIG: Final = frozenset(("重点", "重大", "骨干", "基础设施"))
_FIELDS: Final = frozenset(("领域", "行业", "重点领域", "行业领域"))
_HOLD: Final = regex.compile(r"(?r)组织开展|开展|举办")
_USUAL: Final = regex.compile(r"的|工作|监管|改革|服务|管理|执法|检查|监测|合作|业务|教育|培训|等|执勤|式|型|化|类")
# 散乱污 enterprises: the quoted word says what is dealt with
_OBJECT: Final = regex.compile(r"(?:类|型)?(?:问题|企业|乱象|行为|现象|矛盾|隐患|违建|人员|群体|产品)[^，。；]{0,8}(?:整治|清理|排查|治理|打击|清零|处置)")
_HONOURED: Final = regex.compile(
    r"(?:年度)?(?:先进|优秀|最佳|模范|突出贡献)[\u4e00-\u9fff]{0,4}?(?:单位|集体|个人|组织|奖|项目|工作者|作品|案例|县|市|区)"
)
_BEHIND: Final = regex.compile(r"[^，。；、]{0,10}?(?:成功|圆满|顺利|隆重|如期)?(?:举办|举行|召开|开展|启动|实施|闭幕|开幕|收官)")
_MIDDLE_EDITION: Final = regex.compile(r"[\u4e00-\u9fff]{2,6}第[一二三四五六七八九十百0-9]{1,4}届")
_SOUGHT: Final = regex.compile(r"工作|成果|成效|任务|活动|[，。；、！\n]|$|和|取得|通过|扎实|深入|有序|全面")
_JOIN_ITEMS: Final = regex.compile(r"、|和|及|以及|与|，")
# a place's title of the state or the province is one with 建设 too
_PLACE_TITLE: Final = re.compile(
    r"(?:国家|全国|省级)[^，。；、：“”的和与及\n]{0,14}?(?:示范|试点|先行|文明|卫生|创新型|模范|森林|园林|友好|生态|先进)(?:城市|市|县城|县|城)(?![\u4e00-\u9fff]?[场级])"
)
_PRIZE: Final = regex.compile(r"称号|荣誉|大?奖|激励|殊荣|金奖|奖项|表彰|奖牌|等次")
_WON_GAP: Final = regex.compile(r"[^，。；、：“”\n]{0,12}")


def _clause(text: str, start: int, end: int) -> tuple[int, int]:
    left = _HARD.search(text, max(0, start - _CLAUSE), start)
    right = _CLAUSE_END.search(text, end, end + _CLAUSE)
    return (
        left.end() if left else max(0, start - _CLAUSE),
        right.start() if right else min(len(text), end + _CLAUSE),
    )


class _Reader:
    def __init__(self, folded: str, vocabulary: Vocabulary, tokenizer: Tokenizer) -> None:
        self.text = folded
        self.v = vocabulary
        self.tokenizer = tokenizer
        self.heads: list[_Head] = []
        self.titles: list[tuple[int, int]] = []
        self.quotes: list[tuple[int, int]] = []  # inside the marks
        self._scan()
        self.taken: set[int] = set()  # heads that belong to a quoted name
        self.objects: set[int] = set()  # ends of quoted words that say what is dealt with
        self.closing = {end: start for start, end in self.quotes}

    def _scan(self) -> None:
        text, v = self.text, self.v
        for match in _QUOTED.finditer(text):
            self.quotes.append(match.span(match.lastgroup or 0))
        self.titles = [m.span() for m in v.titles.finditer(text)]
        self.title_starts = [start for start, _ in self.titles]
        self.title_ends = [end for _, end in self.titles]
        start = end = -1
        last, strong = "", False
        for place in v.heads.ends(text):
            match = v.free_at_end.match(text, max(0, place - 8), place)
            if match is None:
                continue
            word = match.group()
            if match.start() > end:
                self._head(start, end, last, strong)
                start, last, strong = match.start(), word, word in v.strong
            else:  # 专项整治 + 行动, 三年行动 + 行动计划
                start = min(start, match.start())
                last, strong = word, strong or word in v.strong
            end = place
        self._head(start, end, last, strong)
        self.head_starts = [head.start for head in self.heads]

    def _head(self, start: int, end: int, last: str, strong: bool) -> None:
        if start < 0:
            return
        if last == "项目" and end - start == 2 and not self.v.programme.match(self.text, max(0, start - 4), start):
            # by far the most frequent head: a programme behind a few words and quoted names only
            if "”" not in self.text[max(0, start - 9) : start]:
                return
        self.heads.append(_Head(start, end, last, strong))

    # -- surroundings

    def _clause_start(self, at: int) -> int:
        hard = _HARD.search(self.text, max(0, at - _CLAUSE), at)
        return hard.end() if hard else max(0, at - _CLAUSE)

    def _skip_note(self, at: int) -> int:
        note = _NOTE.match(self.text, at, at + 5)
        return note.end() if note else at

    def _verb_before(self, start: int, at: int) -> tuple[str, int]:
        """The last making verb of the clause before a place."""
        match = self.v.verb_before.search(self.text, start, at)
        return (match.group(), match.start()) if match else ("", -1)

    def _make(
        self,
        start: int,
        end: int,
        kind: str,
        form: str,
        *,
        head: tuple[int, int] | None = None,
        verb: tuple[str, int] = ("", -1),
        words: tuple[str, ...] = (),
        strong: bool = False,
        near: bool = False,
    ) -> Candidate:
        head_start, head_end = head or (end, end)
        if len(verb[0]) == 4 and verb[0][:2] in self.v.adverbs:
            verb = verb[0][2:], verb[1] + 2  # 扎实推进
        return Candidate(
            text=self.text,
            start=start,
            end=end,
            kind=kind,
            head_start=head_start,
            head_end=head_end,
            form=form,
            verb=verb[0],
            verb_start=verb[1],
            words=words,
            strong=strong,
            near=near,
            vocabulary=self.v,
        )

    def _verb_of(self, clause: int, at: int) -> tuple[str, int]:
        """The making verb of a clause before a place, or of the clause before if a name ends that one."""
        verb = self._verb_before(clause, at)
        if not verb[0] and clause > 1 and self.text[clause - 1] == "，":
            begin = self._clause_start(clause - 1)
            if self.v.head_at_end.match(self.text, begin, clause - 1):
                return self._verb_before(begin, clause - 1)
        return verb

    # -- quoted names

    def _groups(self) -> Iterator[list[tuple[int, int]]]:
        """Quoted names that stand beside each other."""
        group: list[tuple[int, int]] = []
        for start, end in self.quotes:
            if group:
                between = self.text[self._skip_note(group[-1][1] + 1) : start - 1]
                if between not in _BETWEEN:
                    yield group
                    group = []
            group.append((start, end))
        if group:
            yield group

    def quoted(self) -> Iterator[Candidate]:
        """Names inside quotation marks."""
        text, v = self.text, self.v
        for group in self._groups():
            left = group[0][0] - 1
            right = self._skip_note(group[-1][1] + 1)
            head = self._head_after(right)
            won = self._won_before(left)
            if won and won[0] in v.win and self._title_goes_on(right):
                continue
            made: tuple[str, int] | None = None
            for start, end in group:
                inner = text[start:end]
                if inner in v.formulations:
                    continue
                if head is not None and text[right : head.start] != "" and text[right] == "等":
                    if made is None:
                        made = self._verb_before(self._clause_start(left), left)
                    self.taken.add(head.start)
                    yield self._make(
                        start, end, v.kinds[head.last], "quoted_before_head", head=(right + 1, head.end), verb=made
                    )
                    continue
                inside = v.head_at_end.match(text, start, end)
                if inside is not None and inside.start() > start:
                    if made is None:
                        made = self._verb_before(self._clause_start(left), left)
                    kind, own = v.kinds[inside.group()], inside.span()
                    if head is not None and (head.start == right or inside.group() in v.only_quoted):
                        kind = v.kinds[head.last]
                        own = right, head.end
                        self.taken.add(head.start)
                    if won and won[0] in v.win and (
                        v.title_heads.match(text, start, end) or _PRIZE.match(text, right, right + 4)
                    ):
                        kind = "honour"
                    yield self._make(start, end, kind, "head_in_quotes", head=own, verb=won or made)
                    if text[left - 1] == "等" and kind != "project":
                        yield from self._items(left - 1, inside.span(), kind, made)
                    elif (number := _SO_MANY.match(text, start)) and made[0]:
                        pieces = text[made[1] + len(made[0]) : left].split("、")
                        if len(pieces) == _NUMERALS[number.group(1)]:  # 甲、乙、丙“三大行动”
                            yield from self._items(left, inside.span(), kind, made)
                    continue
                if _OBJECT.match(text, right):
                    self.objects.add(end)
                    continue
                if head is not None:
                    if made is None:
                        made = self._verb_before(self._clause_start(left), left)
                    self.taken.add(head.start)
                    yield self._make(
                        start, end, v.kinds[head.last], "quoted_before_head", head=(right, head.end), verb=made
                    )
                    continue
                tail = text[right : right + 3]
                firm = won and won[0] in v.firm_win and end - start > 2
                if (won and (firm or _PRIZE.match(tail) or self._titled(start, end))) or (
                    _PRIZE.match(tail) and tail.startswith(("称号", "荣誉"))
                ):
                    yield self._make(start, end, "honour", "quoted_title", verb=won or ("", -1))
                    continue
                if (kind := v.known.get(inner)) is not None and not text.startswith("工作", right):
                    if made is None:
                        made = self._verb_before(self._clause_start(left), left)
                    yield self._make(start, end, kind, "known_name", verb=made)
                    continue
                joined = self._joined(right)
                if joined is not None:
                    verb = self._verb_before(self._clause_start(left), left)
                    if verb[0]:
                        yield self._make(
                            start, end, v.kinds[joined.last], "quoted_before_head",
                            head=(joined.start, joined.end), verb=verb,
                        )
                        continue
                verb = self._object_verb(left)
                if verb[0] and end - start > 5 and not _USUAL.match(text, right):
                    yield self._make(start, end, "activity", "quoted_object", verb=verb)

    def _head_after(self, right: int) -> _Head | None:
        """The head behind a quoted name, after a gap without punctuation or a new verb."""
        single = self.v.quoted_only.match(self.text, right, right + 9)
        index = bisect_left(self.head_starts, right)
        head = self.heads[index] if index < len(self.heads) else None
        if head is not None and head.start - right <= 15:
            if head.start == right:
                return head
            gap = self.text[right : head.start]
            if _GAP.fullmatch(gap) and (gap[0] not in "和与及或并" or self.tokenizer.words(gap)[0] not in _CONJUNCTIONS) and not self.v.making_in.search(gap):
                return head
        if single is not None:
            return _Head(single.start("head"), single.end(), single["head"], False)
        return None

    def _title_goes_on(self, right: int) -> bool:
        """Is a quoted name the beginning of a title: `“甲乙”创新基地示范项目`?"""
        tail = _TITLE_GOES_ON.match(self.text, right, right + 24)
        if tail is None or tail.end() - right < 2:
            return False
        head = self.v.title_heads.match(self.text, right, tail.end())
        return head is not None and head.group() not in _PRIZES

    def _joined(self, right: int) -> _Head | None:
        """The head of a phrase that 和 joins to a quoted name: `“一家亲”和民族团结联谊活动`."""
        if self.text[right : right + 1] not in ("和", "与", "及"):
            return None
        index = bisect_left(self.head_starts, right)
        head = self.heads[index] if index < len(self.heads) else None
        if head is None or head.start - right > 15 or not _GAP.fullmatch(self.text, right, head.start):
            return None
        return head

    def _won_before(self, left: int) -> tuple[str, int] | None:
        """A verb of winning or seeking that ends not far before a quoted name."""
        index = bisect_right(self.title_ends, left) - 1
        if index < 0 or left - self.title_ends[index] > 12:
            return None
        start, end = self.titles[index]
        if left - end > 4 and self._titled(end, left):
            return None  # 争创全国双拥模范城“九连冠”
        return (self.text[start:end], start) if _WON_GAP.fullmatch(self.text, end, left) else None

    def _object_verb(self, left: int) -> tuple[str, int]:
        """开展 or 举办 right before a quoted name."""
        match = _HOLD.match(self.text, max(0, left - 4), left)
        return (match.group(), match.start()) if match else ("", -1)

    def events(self) -> Iterator[Candidate]:
        """Events by what governs or numbers them: `举办…周`, `第三届…会`."""
        v, text = self.v, self.text
        for match in _NUMBERED_EVENT.finditer(text):
            if _ASSEMBLY.search(match.group()):
                continue
            kind = _EVENT_KINDS[match["last"]]
            if match["last"] == "会" and _SPORTS.search(match.group()):
                kind = "contest"
            clause = self._clause_start(match.start())
            start, end = match.span("name")
            if match["name"] in _BARE_EVENTS:  # 云岭省第十二届运动会
                start = match.start()
                if place := _PLACE_BEFORE.match(text, clause, start):
                    held = v.held.match(text, place.start())
                    start = held.end() if held else place.start()
            yield self._make(start, end, kind, "numbered_event", verb=self._verb_before(clause, match.start()))
        for held in v.held.finditer(text):
            stop = _CLAUSE_END.search(text, held.end(), held.end() + 80)
            end = stop.start() if stop else min(len(text), held.end() + 80)
            at = held.end()
            for join in [*_JOIN_ITEMS.finditer(text, at, end), None]:
                cut = join.start() if join else end
                event = _EVENT.match(text, at, cut)
                if event is not None:
                    words = self._words(at, event.end())
                    kept, start = self._trim(words, at, "activity")
                    if len(kept) > 1 and "的" not in kept and len("".join(kept)) > 3:
                        kind = _EVENT_KINDS[event["last"][-1]]
                        verb = held.group(), held.start()
                        yield self._make(start, event.end(), kind, "held_event", verb=verb, words=tuple(kept))
                at = join.end() if join else end

    def _titled(self, start: int, end: int) -> bool:
        """Does the text read like a title: a title's head at the end and a mark or level in it?"""
        text, v = self.text, self.v
        head = v.title_heads.match(text, start, end)
        if head is None or head.start() == start:
            return False
        return (
            v.title_marks.search(text, start, end) is not None
            or v.levels.match(text, start, end) is not None
            or "级" in text[start : start + 5]
        )

    # -- phrases before a head

    def _words(self, start: int, end: int) -> list[str]:
        """Words; a quoted name is one word."""
        text = self.text
        if _MARK.search(text, start, end) is None:
            return self.tokenizer.words(text[start:end])
        words: list[str] = []
        at = start
        for match in _QUOTED.finditer(text, start, end):
            words += self.tokenizer.words(text[at : match.start()]) + [match.group()]
            at = match.end()
        return words + self.tokenizer.words(text[at:end])

    def _segment(self, at: int) -> tuple[int, str]:
        """Where the segment before a place begins, and the sign before it; formulations in quotes are no edge."""
        text = self.text
        begin = max(0, at - _LOOK_LEFT)
        look = at
        while match := _SOFT.search(text, begin, look):
            place = match.start()
            sign = match.group()
            if sign in "）]】":
                note = _NOTE_BEFORE.match(text, begin, place + 1)
                note = note or _SHORT_NOTE.match(text, begin, place + 1)  # 中国（云岭）论坛
                if note is not None:
                    look = note.start()
                    continue
            if sign == "—" and "—" not in (text[place - 1], text[place + 1]):
                look = place  # 中国—东盟博览会
                continue
            if sign in _CLOSE and place in self.closing:
                start = self.closing[place]
                if place in self.objects or text[start:place] in self.v.formulations:
                    look = start - 1
                    continue
            return place + 1, sign
        return begin, ""

    def phrases(self) -> Iterator[Candidate]:
        """Noun phrases that end with a head."""
        v, text = self.v, self.text
        inside = 0
        for head in self.heads:
            if head.start in self.taken:
                continue
            while inside < len(self.quotes) and self.quotes[inside][1] <= head.start:
                inside += 1
            if inside < len(self.quotes) and self.quotes[inside][0] <= head.start:
                continue
            if not head.strong and self._other_word(head):
                continue
            if head.last == "项目" and not v.programme.match(text, max(0, head.start - 4), head.start):
                continue
            segment, sign = self._segment(head.start)
            if segment == head.start and not head.strong:
                continue
            words = self._words(segment, head.start)
            index, at = self._edge(
                words, segment, head.start, complete=text[head.start : head.end] in v.complete
            )
            if index == 1 and head.strong and words[0] in v.nominal and _GOES_ON.match(text, head.end):
                index, at = 0, segment  # 规范涉企执法专项行动扎实开展
            verb = self._governing(words, index, segment)
            edge = words[index - 1] if index else ""
            clause = self._clause_start(segment)
            near = sign in ("、", "，") and index == 0 or edge in _CONJUNCTIONS
            if edge in _CONJUNCTIONS:
                verb = "", -1
            kept, at = self._trim(words[index:], at, v.kinds[head.last], firm=bool(edge) and self._is_firm(edge))
            if edge and kept and kept[0] == "好":
                kept, at = kept[1:], at + 1  # 开展好
            if not verb[0] and (near or sign == "、" or edge == "等"):
                verb = self._verb_of(clause, segment if edge not in _CONJUNCTIONS else at)
            if not verb[0] and (behind := _BEHIND.match(text, head.end, head.end + 16)):
                verb = behind.group()[-2:], behind.end() - 2
            if sign == "、" and index == 0 and kept and at == segment:
                before = text.rfind("、", clause, segment - 1) + 1 or verb[1] + len(verb[0])
                if segment - before > 4 and text[before] == text[segment] and verb[1] >= clause:
                    # 全民健身、全民阅读活动: of one make, so two names
                    yield from self._items(
                        segment - 1, (head.start, head.end), v.kinds[head.last], verb, least=1
                    )
                    sign = ""
            so_many = _SO_MANY_BEFORE.search(text, segment, head.start) if sign == "、" else None
            if so_many and (verb := self._verb_before(clause, text.find("、", clause)))[0]:
                pieces = [*_JOIN_ITEMS.finditer(text, verb[1] + len(verb[0]), so_many.start())]
                if len(pieces) + 1 == _NUMERALS[so_many.group(1)]:  # 甲、乙、丙三大行动
                    listed = v.list_head.match(text, head.start, head.end)
                    if listed:
                        kind = v.list_kinds[listed.group()]
                        yield from self._items(so_many.start(), (head.start, head.end), kind, verb)
                        continue
            if edge == "等" and all(self._generic(w) for w in kept):
                first = text.find("、", clause, segment)
                verb = self._verb_before(clause, first) if first >= 0 else verb
                listed = v.list_head.match(text, head.start, head.end)
                kind = v.list_kinds[listed.group()] if listed else None
                sites = verb[0] != "实施" or _SITES.match(text, head.end) or text[at:head.start] in _BIG
                if kind == "project" and sites and "试点" not in text[head.start : head.end]:
                    continue  # 等重点工程, 等工程建设: building sites
                end = segment + sum(map(len, words[: index - 1]))
                yield from self._items(end, (head.start, head.end), kind, verb)
                continue
            if sign == "、" and (index == 0 or edge == "等"):
                joint = v.kinds[head.last] in ("action", "project")
                whole = self._coordinated(clause, segment, verb, kept, head.strong) if joint or edge == "等" else None
                if whole is not None and (edge != "等" or not all(w in v.generic for w in kept)):
                    at = whole
                    kept = self._words(at, head.start)
                elif edge == "等" and len(kept) < 4 and not _FIELDS.intersection(kept):
                    continue  # 等重大双边活动: says what the list before is made of
            kind, end = v.kinds[head.last], head.end
            if honoured := _HONOURED.match(text, end, end + 16):  # 宣传周先进单位
                kind, end = "honour", honoured.end()
            yield self._make(
                at,
                end,
                kind,
                "phrase",
                head=(head.start, end),
                verb=verb,
                words=tuple(kept),
                strong=head.strong,
                near=near,
            )

    def _edge(self, words: list[str], start: int, at: int, *, complete: bool = False) -> tuple[int, int]:
        """Where a name begins that ends at a place: the number of words before it, and its place.

        The last word is taken into the name even if it is a verb (`消费促进行动`), unless the head is
        complete without it.
        """
        v = self.v
        index = last = len(words)
        firm = max((i for i, word in enumerate(words[:-1]) if self._is_firm(word)), default=-1)
        while index:
            word = words[index - 1]
            if word in _CONJUNCTIONS:
                if self._splits(words, index - 1, start, at - len(word)):
                    break
            elif self._is_firm(word) or word in _ALWAYS:
                break
            elif index - 1 > firm >= 0 and not complete and word not in v.never:
                pass  # 开展提升服务质量行动: all that 开展 governs
            elif word in v.soft:
                # 国企改革深化提升行动: behind another verb and a noun it is a part of the name
                noun = any(w not in v.edges and w not in v.leading and len(w) > 1 for w in words[: index - 1])
                own = index == last and not complete and word not in v.never and (word in v.nominal or noun)
                if not own and not self._within(words, index - 1):
                    break
            elif word in v.hard and (index < last or word != "组织" or complete):
                break
            index -= 1
            at -= len(word)
        return index, at

    def _is_firm(self, word: str) -> bool:
        """开展 and its like, also behind an adverb in one word: 广泛开展."""
        return word in self.v.firm or (len(word) > 2 and word[-2:] in self.v.firm)

    def _within(self, words: list[str], index: int) -> bool:
        """Is a soft verb a part of the name, because another verb governs it or a noun stands before it?"""
        v = self.v
        if words[index] in v.never or (index and words[index] not in v.nominal and words[index - 1][-1] in "市县区省镇州旗"):
            return False
        between = False
        for word in reversed(words[:index]):
            if word in v.governing and (between or word in v.firm):
                return True
            if word in v.hard:
                return False
            if word not in v.soft:
                between = True
                if words[index] in v.nominal and word not in v.leading and len(word) > 1:
                    return True
        return False

    def _generic(self, word: str) -> bool:
        return word in self.v.plain or word[0] in _OPEN or word.isdecimal()

    def _other_word(self, head: _Head) -> bool:
        after = self.v.after.get(head.last)
        return after is not None and after.match(self.text, head.end) is not None

    def _splits(self, words: list[str], index: int, start: int, at: int) -> bool:
        """Does 和 before a name join two names (or deeds), and not two parts of one name?"""
        v = self.v
        if index + 1 < len(words) and words[index + 1] in _DEVERBAL:
            return False  # 保护和修复
        if index == 0 or v.head_at_end.match(self.text, start, at) or self.text[at - 1] in _CLOSE:
            return True
        k = index - 1
        while k >= 0 and words[k] not in v.hard and (words[k] not in v.soft or self._within(words, k)):
            k -= 1
        if k == index - 1:
            return True
        deed = _DEEDS.match(self.text, start, at) is not None
        return deed and (k < 0 or words[k] not in _FIRM)

    def _governing(self, words: list[str], index: int, start: int) -> tuple[str, int]:
        """The governing verb at the edge of a name, past adverbs."""
        at = start + sum(map(len, words[:index]))
        for word in reversed(words[max(0, index - 6) : index]):
            at -= len(word)
            if word in self.v.making:
                return word, at
            if self._is_firm(word):
                return word[-2:], at + len(word) - 2
            if word in self.v.governing:
                further = self._verb_before(start, at)
                return further if further[0] and at - further[1] < 6 else (word, at)
        return "", -1

    def _trim(
        self, words: list[str], at: int, kind: str, *, firm: bool = False
    ) -> tuple[list[str], int]:
        """Drop editions, numbers, adverbs and the speaker's own place from the front of a name.

        Right behind a verb such as 开展 an adverb is a part of the name (`整体提升教育水平行动`).
        """
        leading = _LATE if firm else self.v.leading
        kept = list(words)
        own_place = kind in ("action", "project")
        if kind in ("activity", "contest") and (middle := _MIDDLE_EDITION.match("".join(kept))):
            size = middle.end()  # 陕西省第五届国家网络安全宣传周
            while kept and size >= len(kept[0]):
                size -= len(kept[0])
                at += len(kept.pop(0))
        while kept:
            number = _NUMBER.match("".join(kept))
            if number is not None and number.end() < len("".join(kept)):
                size = number.end()
                while kept and size >= len(kept[0]):
                    size -= len(kept[0])
                    at += len(kept.pop(0))
                if size:
                    at += size
                    kept[0] = kept[0][size:]
                continue
            manner = kept[0].startswith("高") and len(kept) > 1 and kept[1] in _MANNER
            own = own_place and kept[0] in self.v.places and len(kept) > 1 and kept[1][0] != "域"
            if (kept[0] in leading and not manner) or own or kept[0].isspace():
                at += len(kept.pop(0))
                continue
            break
        return kept, at

    def _coordinated(
        self, clause: int, segment: int, verb: tuple[str, int], words: list[str], strong: bool
    ) -> int | None:
        """Where a name begins whose coordinated parts stand before 、 (`柴油货车、船舶专项治理`), or None."""
        begin = verb[1] + len(verb[0]) if verb[0] and verb[1] >= clause else clause
        if not words or begin > segment - 1:
            return None
        pieces = self.text[begin : segment - 1].split("、")
        longest = 7 if verb[0] else 3
        if len(pieces) > 4 or not (verb[0] or strong):
            return None
        for piece in pieces:
            if not 0 < len(piece) <= longest + (3 if len(pieces) == 1 else 0) or any(c in piece for c in _OPEN + _CLOSE + "的（和"):
                return None
            if piece[-1] in "会赛节展周季行" or self.v.head_at_end.match(piece) or self.v.head_in(piece):
                return None
        kept, at = self._trim(self._words(begin, begin + len(pieces[0])), begin, "action")
        if not kept or _DEEDS.match(pieces[-1]):
            return None
        return at

    def _items(
        self, end: int, head: tuple[int, int], kind: str | None, verb: tuple[str, int], *, least: int = 2
    ) -> Iterator[Candidate]:
        """The items of a list that a bare head closes after 等: `A、B、C等十大行动`."""
        v, text = self.v, self.text
        if kind is None or not verb[0]:
            return
        at = verb[1] + len(verb[0])
        joins = list(_JOIN_ITEMS.finditer(text, at, end))
        if any(m.group() == "、" for m in joins):  # 和 joins the last two items of a list
            last = next((m for m in reversed(joins) if m.group() == "、"), None)
            joins = [
                m
                for m in joins
                if m.group() == "、" or (m.group() == "和" and last and m.start() - last.end() > 3 and end - m.end() > 3)
            ]
        if len(joins) + 1 < least or "，" in text[at:end]:
            return
        for match in [*joins, None]:
            stop = match.start() if match else end
            if 4 <= stop - at <= 26 and not v.head_at_end.match(text, at, stop):
                kept, start = self._trim(self._words(at, stop), at, kind)
                if kept and not any(w in v.hard for w in kept) and text[stop - 1] not in _CLOSE:
                    yield self._make(
                        start, stop, kind, "list_item", head=head, verb=verb, words=tuple(kept), near=True
                    )
            at = match.end() if match else end

    # -- titles

    def won(self) -> Iterator[Candidate]:
        """Titles behind a verb of winning or seeking, and titles known by name."""
        v, text = self.v, self.text
        for verb_start, verb_end in self.titles:
            verb = text[verb_start:verb_end], verb_start
            if verb[0] == "争创" and text.startswith(("成", "建"), verb_end):
                verb_end += 1  # 力争创成
            at = verb_end
            while at:
                stop = _CLAUSE_END.search(text, at, at + 64)
                end = stop.start() if stop else min(len(text), at + 64)
                whole = yield from self._titles(at, end, verb)
                # …示范县3个，国家…2个
                at = end + 1 if whole and text.startswith("，", end) and v.levels.match(text, end + 1) else 0
            yield from self._sought(verb)
        places = (m.span() for m in _PLACE_TITLE.finditer(text))
        known = (m.span() for m in v.known_titles.finditer(text))
        for start, end in [*known, *places]:
            clause = self._clause_start(start)
            segment, sign = self._segment(start)
            verb = self._governing(w := self._words(segment, start), len(w), segment)
            if not verb[0] and sign == "、":
                verb = self._verb_before(clause, start)
            if bracket := _PLACES.match(text, end, end + 8):
                end = bracket.end()
            yield self._make(start, end, "honour", "known_title", head=(end, end), verb=verb)

    def _titles(self, at: int, end: int, verb: tuple[str, int]) -> Generator[Candidate, None, bool]:
        """The titles of a list; returns whether it goes on to the end."""
        v, text = self.v, self.text
        for match in [*_JOIN_ITEMS.finditer(text, at, end), None]:
            found = self._title(at, match.start() if match else end, verb[0], last=match is None)
            if found is None:
                if match is None or match.group() == "、":
                    return False
                continue  # 文化和旅游示范区: 和 stands inside the title
            start, cut, head = found
            if start < cut:
                pilot = text.startswith("试点", head[0]) and head[1] - head[0] == 2
                kind = "project" if pilot and verb[0] in v.takes_part else "honour"
                if bracket := _PLACES.match(text, cut, cut + 8):  # 示范县（区）
                    cut = bracket.end()
                yield self._make(start, cut, kind, "title", head=head, verb=verb)
            at = match.end() if match else end
        return True

    def _sought(self, verb: tuple[str, int]) -> Iterator[Candidate]:
        """A title before a noun of seeking: `新一轮全国文明城市创建`, `试点城市申报工作`."""
        at = verb[1]
        if verb[0] not in self.v.seek or not self.v.title_heads.match(self.text, max(0, at - 12), at):
            return
        segment, _ = self._segment(at)
        words = self._words(segment, at)
        index, start = self._edge(words, segment, at)
        if not _SOUGHT.match(self.text, at + len(verb[0])):
            return
        found = self._title(self._trim(words[index:], start, "honour")[1], at, verb[0])
        marked = found and (
            self.v.levels.match(self.text, found[0])
            or self._governing(words, index, segment)[0]
            and self.text[found[1] - 1] in "县市区城镇村"
            and found[1] - found[0] > 5
        )
        if found is not None and marked:
            yield self._make(*found[:2], "honour", "title", head=found[2], verb=self._governing(words, index, segment))

    def _named(self, at: int, end: int, verb: str) -> bool:
        """Is it a title by the verb alone (`获评全国示范步行街`), with a level and nothing that goes on?"""
        return (
            verb in self.v.firm_win
            and 5 <= end - at <= 24
            and _TITLE_LEVEL.match(self.text, at, end) is not None
            and self.text[end : end + 1] in ("，", "。", "；", "\n", "")
            and _NO_TITLE.search(self.text, at, end) is None
        )

    def _title(self, at: int, end: int, verb: str, *, last: bool = True) -> tuple[int, int, tuple[int, int]] | None:
        """The title between two places: its span and its head."""
        text = self.text
        while first := _FIRST_BATCH.match(text, at, end):
            at = first.end()
        if "的" in text[at:end] or bisect_left(self.title_starts, at) < bisect_left(self.title_starts, end - 2):
            return None
        if ranked := _RANKED.search(text, at, end):
            return (at, end, ranked.span()) if verb in self.v.win and ranked.start() > at + 3 else None
        whole = end
        for _ in range(4):
            head = self.v.title_heads.match(text, at, end)
            if head is not None and head.start() > at and self._titled(at, end):
                if text[at] in _OPEN and text[end - 1] in _CLOSE:
                    return None
                return at, end, head.span()
            tail = _TITLE_TAIL.search(text, at, end) or _NOTE_BEFORE.match(text, at, end)
            if tail is None or tail.start() <= at:
                break
            end = tail.start()
        return (at, whole, (whole, whole)) if last and self._named(at, whole, verb) else None


_RANK: Final = {
    "head_in_quotes": 0,
    "quoted_before_head": 0,
    "quoted_title": 0,
    "title": 1,
    "phrase": 2,
    "list_item": 3,
    "numbered_event": 3,
    "held_event": 3,
    "known_title": 4,
    "known_name": 4,
    "quoted_object": 5,
}


def quoted_again(folded: str, names: Mapping[str, str]) -> Iterator[tuple[int, int]]:
    """Where quotation marks hold one of `names` and nothing says that it is something else."""
    for match in _QUOTED.finditer(folded):
        start, end = match.span(match.lastgroup or 0)
        if folded[start:end] in names and not _SOMETHING_ELSE.match(folded, end + 1):
            yield start, end


def mention(folded: str, start: int, end: int, names: Mapping[str, str], vocabulary: Vocabulary) -> Candidate:
    """A quoted name that is mentioned again."""
    return Candidate(
        text=folded,
        start=start,
        end=end,
        kind=names[folded[start:end]],
        head_start=end,
        head_end=end,
        form="mentioned_again",
        verb="",
        verb_start=-1,
        words=(),
        vocabulary=vocabulary,
    )


def find_candidates(folded: str, vocabulary: Vocabulary, tokenizer: Tokenizer) -> list[Candidate]:
    """All candidates of a folded text, in its order; they may overlap.

    Of two that overlap, the one whose form says more comes first.
    """
    reader = _Reader(folded, vocabulary, tokenizer)
    found = [*reader.quoted(), *reader.phrases(), *reader.won(), *reader.events()]
    found.sort(key=lambda c: (_RANK[c.form], c.start, -c.end))
    return found
