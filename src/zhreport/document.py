"""Documents: sections, paragraphs and sentences of a report, and the year it speaks of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import pairwise

from zhreport.metadata import Metadata, find_metadata
from zhreport.reading.mapping import MappedText, Sources, SourceSpan
from zhreport.reading.paragraphs import Paragraph, cut_paragraphs, sentences
from zhreport.reading.repair import Break, Join, find_breaks, joined_order, propose_joins
from zhreport.timeframe import Timeframe, Year, find_year, timeframe
from zhreport.words.folding import fold

__all__ = ["Document", "Paragraph", "Year", "joined", "make_document"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A report as read, cut into paragraphs; offsets are code points of `text`.

    Attributes:
        name: what the records call it: the file name without its ending; in a run over many files, with as
            much of the path before it as tells it apart from the others.
        text: the text as read.
        year: the report's year.
        paragraphs: in order.
        folded: the text with width and punctuation folded; the same length.
        file: where it is from: the path as seen from the folder that was given, with `/`; for a row of a
            table `#` and its number follow; else "".
        own_name: its name without the path, where year, place and title are looked for; "" if it is `name`.
        source: the path it was read from, else "".
        encoding: of the bytes it was read from, else "".
        format: `text`, `html`, `pdf`…
        cleaned: the steps of cleaning that changed something, see `zhreport.reading.cleaning`.
        mapped, sources: the way back to the text as read and to the parts of the source; None for a text that
            was passed as a string.
        row: its row of a metadata table, as text.
        properties: title, date and author as the file says them.
        joined: the joins that repair made; their indices are those of the paragraphs before the repair.
        joints: places in `text` where repair put a piece after the one that it continues.
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
    _timeframe: list[Timeframe] = field(default_factory=list, init=False, repr=False, compare=False)

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
    def region_conflict(self) -> str:
        """What region the text names and which other one the metadata table; "" if they agree."""
        stated = self.metadata.region if self.row else None
        if stated is None or stated.origin != "table" or not stated.name:
            return ""
        found = find_metadata(self.text, "", table={"year": str(self.year.value or "")}).region
        if found.origin != "text" or not found.name:
            return ""
        # one may be written without its province or its kind
        alike = found.name in stated.name or stated.name in found.name
        same = found.code == stated.code if found.code and stated.code else alike
        return "" if same else f"{found.name}, not {stated.name}"

    @property
    def timeframe(self) -> Timeframe:
        """Where it looks back and where it plans, and over which years; found when first asked for."""
        if not self._timeframe:
            self._timeframe.append(timeframe(self.folded, self.paragraphs, self.year))
        return self._timeframe[0]

    @property
    def breaks(self) -> tuple[Break, ...]:
        """Places where a sentence breaks off, or begins in the middle, with how sure that is.

        Pages whose columns were put together in the wrong order have them, and texts that were cut.
        Looked for at each call.
        """
        return find_breaks(self.text, [(p.start, p.end) for p in self.paragraphs], folded=self.folded)

    @property
    def joins(self) -> tuple[Join, ...]:
        """Which paragraph may go on behind which break, with its probability; looked for at each call.

        Nothing is moved for it: `read(path, repair="join")` carries out those beyond doubt.
        """
        return propose_joins(self.text, [(p.start, p.end) for p in self.paragraphs], folded=self.folded)

    @property
    def as_read(self) -> str:
        """The text before cleaning and repair."""
        return self.sources.text if self.sources else self.text

    @property
    def sha256(self) -> str:
        """SHA-256 of the text as read, in hexadecimal digits; half surrogates count as what they are."""
        return sha256(self.as_read.encode("utf-8", "surrogatepass")).hexdigest()

    def source_spans(self, start: int, end: int) -> tuple[SourceSpan, ...]:
        """Where a stretch of `text` stands in the source: page or element, and code points in it.

        More than one piece where it runs over the end of a page, over something that was taken out, or over
        a joint.
        """
        places = self.source_places(start, end)
        return tuple(SourceSpan(part=part, start=first, end=last) for part, first, last in places)

    def source_places(self, start: int, end: int) -> list[tuple[str, int, int]]:
        """As `source_spans`: part, start and end of each piece."""
        spans = self.mapped.spans(start, end) if self.mapped else [(start, end)]
        if self.sources is None:
            return [("", first, last) for first, last in spans]
        return [piece for span in spans for piece in self.sources.places(*span)]

    def place_as_read(self, start: int, end: int) -> tuple[int, int]:
        """Start and end in `as_read` of a stretch of `text`; of its first piece where it crosses a joint."""
        if self.mapped is None or self.mapped.is_as_read:
            return start, end
        spans = self.mapped.spans(start, end)
        if len(spans) == 1:
            return spans[0]
        if not spans:
            return start, end
        in_order = all(a[1] <= b[0] for a, b in pairwise(spans)) and not self.crosses_joint(start, end)
        return spans[0][0], spans[-1 if in_order else 0][1]

    def crosses_joint(self, start: int, end: int) -> bool:
        """Does a joint stand inside a stretch of `text`?"""
        return any(start < joint < end for joint in self.joints)

    def sentences(self, paragraph: Paragraph) -> list[tuple[int, int]]:
        """Start and end of each sentence of a paragraph; closing quotation marks belong to it."""
        return sentences(self.folded, paragraph.start, paragraph.end)


def joined(text: MappedText) -> tuple[MappedText, tuple[Join, ...], tuple[int, ...]]:
    r"""Put together the paragraphs of a text that belong together beyond doubt.

    A head is moved behind its tail with the paragraphs that follow it, up to the next break.

    Returns:
        The text, the joins that were carried out, and the places where two paragraphs became one.

    >>> text = "全市粮食产量稳步增长，农村居民人均可支配收\n入增长7.5%，城乡差距继续缩小。"
    >>> joined(MappedText(text))[0].text
    '全市粮食产量稳步增长，农村居民人均可支配收入增长7.5%，城乡差距继续缩小。\n'
    """
    paragraphs = cut_paragraphs(text.text, fold(text.text))
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


def make_document(
    text: str,
    *,
    name: str = "text",
    year: int | None = None,
    metadata_year: int | None = None,
    genre: str = "",
    reviewed: int | None = None,
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
        genre: overrides every other source of the genre.
        reviewed: overrides every other source of the year under review.
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
        UsageError: a year out of range or an unknown genre.

    >>> d = make_document("一、上年工作\n粮食增产。\n（一）农业\n丰收。")
    >>> [p.heading for p in d.paragraphs], d.paragraphs[3].section
    ([1, 0, 2, 0], ('一、上年工作', '（一）农业'))
    """
    folded = fold(text)
    return Document(
        name=doc or name,
        text=text,
        year=find_year(
            text,
            name,
            year=year,
            metadata=metadata_year,
            genre=genre,
            reviewed=reviewed,
            table=table or {},
            file_title=(properties or {}).get("title", ""),
            folded=folded,
        ),
        paragraphs=cut_paragraphs(text, folded),
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
