"""Documents: sections, paragraphs and sentences of a report, and the year it speaks of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

import regex

from zhreport.errors import UsageError
from zhreport.folding import fold
from zhreport.mapping import MappedText, Sources, SourceSpan
from zhreport.metadata import Metadata, find_metadata
from zhreport.numerals import parse_numeral
from zhreport.repair import Break, Join, find_breaks, joined_order, propose_joins

__all__ = ["Document", "Paragraph", "Year", "check_year", "find_year", "joined", "make_document"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """One paragraph: a line of the text without the white space around it.

    Attributes:
        index: its number in the document, from 0.
        start, end: half-open code points of the text as read.
        heading: the level of a heading line (1 the highest), 0 for running text.
        section: the headings above it, the outermost first.
    """

    index: int
    start: int
    end: int
    heading: int
    section: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """The year of a report and where it was found.

    Attributes:
        value: four digits, None if nothing says it.
        origin: `argument`, `metadata`, `text`, `file name` or `unknown`.
        reviewed: the year that the report looks back on: the year before, but the year itself
            for a bulletin or a summary named after it; None if unknown.
    """

    value: int | None
    origin: str
    reviewed: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A report as read, cut into paragraphs; offsets are code points of `text`.

    Attributes:
        name: what the records call it: the file name without its ending; in a run over many files as much of
            the path before it as tells it apart from the others.
        text: the text as read.
        year: the report's year.
        paragraphs: in order.
        folded: the text with width and punctuation folded; the same length.
        file: where it is from: the path as seen from the folder that was given, with `/`, of a row of a table
            followed by `#` and its number; else "".
        own_name: its name by itself, in which year, place and title are looked for; "" if it is `name`.
        source: the path it was read from, else "".
        encoding: of the bytes it was read from, else "".
        format: `text`, `html`, `pdf`…
        cleaned: the steps of cleaning that changed something, see `zhreport.cleaning`.
        mapped, sources: the way back to the text as read and to the parts of the source; None for a text that
            was given as it is.
        row: its row of a metadata table, as text.
        properties: title, date and author as the file says them.
        joined: the joins that repair carried out; their indices are those of the paragraphs before it.
        joints: places of `text` where repair put a piece behind the one that it continues.
    """

    name: str
    text: str
    year: Year
    paragraphs: tuple[Paragraph, ...]
    folded: str = field(repr=False)
    row: Mapping[str, str] = field(default_factory=dict, repr=False, hash=False)
    properties: Mapping[str, str] = field(default_factory=dict, repr=False, hash=False)
    file: str = ""
    own_name: str = ""
    source: str = ""
    encoding: str = ""
    format: str = "text"
    cleaned: tuple[str, ...] = ()
    joined: tuple[Join, ...] = ()
    joints: tuple[int, ...] = ()
    mapped: MappedText | None = field(default=None, repr=False)
    sources: Sources | None = field(default=None, repr=False)
    _metadata: list[Metadata] = field(default_factory=list, init=False, repr=False, compare=False)

    @property
    def metadata(self) -> Metadata:
        """Title, date, speaker, issuing body, genre and region, each with where it was found.

        Looked for when first asked for: the tables of regions take a fifth of a second to read.

        Raises:
            DataFileError: the installed tables of regions have another form than expected.
        """
        if not self._metadata:
            stated = {**self.row, "year": str(self.year.value or "")}
            name = self.own_name or self.name
            self._metadata.append(find_metadata(self.text, name, table=stated, file=self.properties))
        return self._metadata[0]

    @property
    def breaks(self) -> tuple[Break, ...]:
        """Places where a sentence breaks off, or begins in the middle, with how sure that is.

        Pages whose columns were put together in the wrong order have them, and texts that were cut.
        Looked for at each call.
        """
        return find_breaks(self.text, [(p.start, p.end) for p in self.paragraphs])

    @property
    def joins(self) -> tuple[Join, ...]:
        """Which paragraph may go on behind which break, with its probability; looked for at each call.

        Nothing is moved for it: `read(path, repair="join")` carries out those beyond doubt.
        """
        return propose_joins(self.text, [(p.start, p.end) for p in self.paragraphs])

    @property
    def as_read(self) -> str:
        """The text before cleaning and repair."""
        return self.sources.text if self.sources else self.text

    def source_spans(self, start: int, end: int) -> tuple[SourceSpan, ...]:
        """Where a stretch of `text` stands in the source: page or element, and code points in it.

        More than one piece where it runs over the end of a page, over something that was taken out, or over
        a joint.
        """
        spans = self.mapped.spans(start, end) if self.mapped else [(start, end)]
        if self.sources is None:
            return tuple(SourceSpan(part="", start=first, end=last) for first, last in spans)
        return tuple(piece for span in spans for piece in self.sources.spans(*span))

    def place_as_read(self, start: int, end: int) -> tuple[int, int]:
        """Start and end in `as_read` of a stretch of `text`; of its first piece where it crosses a joint."""
        if self.mapped is None or self.mapped.is_as_read:
            return start, end
        spans = self.mapped.spans(start, end)
        if not spans:
            return start, end
        in_order = all(a[1] <= b[0] for a, b in pairwise(spans)) and not self.crosses_joint(start, end)
        return spans[0][0], spans[-1 if in_order else 0][1]

    def crosses_joint(self, start: int, end: int) -> bool:
        """Does a joint stand inside a stretch of `text`?"""
        return any(start < joint < end for joint in self.joints)

    def sentences(self, paragraph: Paragraph) -> list[tuple[int, int]]:
        """Start and end of each sentence of a paragraph; closing quotation marks belong to it."""
        return [m.span() for m in _SENTENCE.finditer(self.folded, paragraph.start, paragraph.end)]


_SENTENCE: Final = regex.compile(r"[^。！？\n]++(?:[。！？]++[”’」』）]?)?|[。！？]++")
_LINE: Final = regex.compile(r"[^\r\n\x0b\x0c\u2028\u2029]++")
_SPACE: Final = " \t\u3000\u00a0\u2002\u2003\u200b\u200d\ufeff"
_HAN: Final = "一二三四五六七八九十"
_NUMBERED: Final = (
    regex.compile(rf"(?:第[{_HAN}]{{1,3}}(?:部分|章|编)|[{_HAN}]{{1,3}}、)"),
    regex.compile(rf"（[{_HAN}]{{1,3}}）|第[{_HAN}]{{1,3}}[,，、]"),
    regex.compile(r"[0-9]{1,2}(?:[、]|\.(?![0-9]))|（[0-9]{1,2}）"),
)
_LONGEST_HEADING: Final = 60
_LONGEST_PLAIN: Final = 36
_END: Final = frozenset("。；！？，、,;!?…")


def _heading(line: str) -> int:
    """The level of a heading, 0 if the folded line is running text."""
    if len(line) > _LONGEST_HEADING or line[-1] in _END:
        return 0
    for level, pattern in enumerate(_NUMBERED, start=1):
        if pattern.match(line):
            return 0 if "。" in line else level
    if line.startswith("——"):
        return 4 if len(line) <= _LONGEST_PLAIN else 0
    if len(line) <= _LONGEST_PLAIN and "。" not in line:
        return 1 if _PART.search(line) else 4
    return 0


def _run_in(line: str) -> tuple[int, str]:
    """Level and text of a heading that opens a paragraph (`（一）加快发展。…`)."""
    for level, pattern in enumerate(_NUMBERED, start=1):
        if pattern.match(line):
            head, dot, _ = line.partition("。")
            return (level, head) if dot and len(head) <= _LONGEST_HEADING else (0, "")
    return 0, ""


_PART: Final = regex.compile(
    r"回顾|总结|工作安排|主要任务|重点任务|目标任务|工作任务|重点工作|主要工作|工作建议|总体要求|工作部署|主要目标|"
    r"预期目标|工作思路|总体思路|奋斗目标|工作打算|下一步|工作计划|工作重点|的建议|工作情况|工作要点"
)


def _paragraphs(text: str, folded: str) -> tuple[Paragraph, ...]:
    """Cut a text into paragraphs and give each its section."""
    stack: dict[int, str] = {}
    found: list[Paragraph] = []
    for line in _LINE.finditer(folded):
        raw = line.group()
        body = raw.strip(_SPACE)
        if not body:
            continue
        start = line.start() + len(raw) - len(raw.lstrip(_SPACE))
        level = _heading(body)
        above = tuple(stack[k] for k in sorted(stack) if not level or k < level)
        if level:
            stack = {k: v for k, v in stack.items() if k < level}
            stack[level] = text[start : start + len(body)]
        else:
            run_level, head = _run_in(body)
            if run_level:
                stack = {k: v for k, v in stack.items() if k < run_level}
                stack[run_level] = text[start : start + len(head)]
                above = tuple(stack[k] for k in sorted(stack))
        found.append(
            Paragraph(index=len(found), start=start, end=start + len(body), heading=level, section=above)
        )
    return tuple(found)


def joined(text: MappedText) -> tuple[MappedText, tuple[Join, ...], tuple[int, ...]]:
    r"""Put together the paragraphs of a text that belong together beyond doubt.

    A head is moved behind its tail with the paragraphs that follow it, up to the next break.

    Returns:
        The text, the joins that were carried out, and the places where two paragraphs became one.

    >>> text = "全市粮食产量稳步增长，农村居民人均可支配收\n入增长7.5%，城乡差距继续缩小。"
    >>> joined(MappedText(text))[0].text
    '全市粮食产量稳步增长，农村居民人均可支配收入增长7.5%，城乡差距继续缩小。\n'
    """
    paragraphs = _paragraphs(text.text, fold(text.text))
    spans = [(p.start, p.end) for p in paragraphs]
    joins = tuple(join for join in propose_joins(text.text, spans) if join.certain)
    if not joins:
        return text, (), ()
    headings = {p.index for p in paragraphs if p.heading}
    order = joined_order(len(spans), joins, find_breaks(text.text, spans), headings)
    pieces: list[tuple[int, int] | str] = []
    joints: list[int] = []
    at = 0
    for group in order:
        for number, index in enumerate(group):
            if number:
                joints.append(at)
            pieces.append(spans[index])
            at += spans[index][1] - spans[index][0]
        pieces.append("\n")
        at += 1
    return text.reordered(pieces), joins, tuple(joints)


_HEAD: Final = 1500
_Y: Final = r"(?P<y>(?:19|20)[0-9]{2}|[一二][〇零九八七六五四三二一]{3})"
_OWN_YEAR: Final = regex.compile(
    _Y + r"年?度?[^\n。，]{0,24}?(?P<genre>公报|总结|综述|工作情况|工作回顾|报告|工作要点)"
)
_DATE_LINE: Final = regex.compile(
    rf"^[—（\s]*{_Y}年[0-9{_HAN}]{{1,3}}月[0-9{_HAN}]{{1,3}}日", regex.MULTILINE
)
_PLAN_YEAR: Final = regex.compile(
    _Y + r"年(?:的?(?:政府|市政府|全市)?)?(?:工作安排|重点工作|主要任务|工作任务"
    r"|目标任务|工作目标|主要目标|预期目标|总体要求|经济社会发展|政府工作(?!回顾|总结|情况))"
)
_PAST_YEAR: Final = regex.compile(_Y + r"年(?:主要|政府|全市|全省)?(?:的?工作)(?:回顾|总结)")
_DIGITS: Final = regex.compile(r"(?<![0-9])(?:19[4-9]|20[0-9])[0-9](?![0-9])")
_OWN_REVIEW: Final = frozenset(("公报", "总结", "综述", "工作情况", "工作回顾"))


def check_year(year: int | None) -> int | None:
    """A year given by a caller.

    Raises:
        UsageError: it does not lie between 1900 and 2100.
    """
    if year is not None and not 1900 <= year <= 2100:
        raise UsageError(f"year {year} is not between 1900 and 2100")
    return year


def find_year(text: str, name: str, *, year: int | None = None, metadata: int | None = None) -> Year:
    r"""The year of a report: the argument, else the metadata, else the text, else the file name.

    >>> find_year("2024年平安县政府工作报告\n各位代表：", "a")
    Year(value=2024, origin='text', reviewed=2023)
    >>> find_year("平安县2023年国民经济和社会发展统计公报", "a").reviewed
    2023
    """
    head = fold(text[:_HEAD])
    own = None
    for line in head.split("\n")[:25]:
        if len(line.strip()) <= 50 and (match := _OWN_YEAR.search(line)):
            own = (int(parse_numeral(match["y"])), match["genre"])
            break
    titled = own is not None and own[1] in _OWN_REVIEW
    value, origin = check_year(year), "argument"
    if value is None:
        value, origin = check_year(metadata), "metadata"
    if value is None:
        origin = "text"
        folded = head if len(text) <= _HEAD else fold(text)
        if own is not None and own[1] != "工作回顾":
            value = own[0]
        elif match := _DATE_LINE.search(head) or _PLAN_YEAR.search(folded):
            value = int(parse_numeral(match["y"]))
        elif match := _PAST_YEAR.search(folded):
            value, titled = int(parse_numeral(match["y"])) + 1, False
    if value is None and (found := _DIGITS.search(name)):
        value, origin = int(found.group()), "file name"
    if value is None:
        return Year(value=None, origin="unknown", reviewed=None)
    same = titled and own is not None and own[0] == value and own[1] != "工作回顾"
    return Year(value=value, origin=origin, reviewed=value if same else value - 1)


def make_document(
    text: str,
    *,
    name: str = "text",
    year: int | None = None,
    metadata_year: int | None = None,
    doc: str = "",
    file: str = "",
    source: str = "",
    encoding: str = "",
    form: str = "text",
    cleaned: tuple[str, ...] = (),
    joined: tuple[Join, ...] = (),
    joints: tuple[int, ...] = (),
    mapped: MappedText | None = None,
    sources: Sources | None = None,
    table: Mapping[str, str] | None = None,
    properties: Mapping[str, str] | None = None,
) -> Document:
    r"""Build a document from its text.

    Args:
        text: the report.
        name: its name by itself; year, place and title may stand in it.
        year: overrides every other source of the year.
        metadata_year: the year in a metadata table.
        doc: what the records call it; its name if not given.
        file: the path as seen from the folder that was given.
        source: the path it was read from.
        encoding: of the bytes it was read from.
        form: its format.
        cleaned: the steps of cleaning that changed it.
        joined: the joins that repair carried out.
        joints: where repair put pieces together.
        mapped: the way back to the text as read.
        sources: the parts of the source.
        table: its row of a metadata table.
        properties: title, date and author as the file says them.

    Raises:
        UsageError: a year out of range.

    >>> d = make_document("一、上年工作\n粮食增产。\n（一）农业\n丰收。")
    >>> [p.heading for p in d.paragraphs], d.paragraphs[3].section
    ([1, 0, 2, 0], ('一、上年工作', '（一）农业'))
    """
    folded = fold(text)
    return Document(
        name=doc or name,
        text=text,
        year=find_year(text, name, year=year, metadata=metadata_year),
        paragraphs=_paragraphs(text, folded),
        folded=folded,
        row=dict(table or {}),
        properties=dict(properties or {}),
        file=file,
        own_name=name if doc and doc != name else "",
        source=source,
        encoding=encoding,
        format=form,
        cleaned=cleaned,
        joined=joined,
        joints=joints,
        mapped=mapped,
        sources=sources,
    )
