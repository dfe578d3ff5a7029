"""A report as one self-contained HTML page: its text with the records marked, beside a table of them.

The page needs no network and holds its style and script, which its content security policy names by hash:
nothing that a report contains can run. Without the script it is still a text with highlights and a table.
"""

from base64 import b64encode
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from functools import cache
from hashlib import sha256
from heapq import heapify, heappop, heappush
from html import escape
from importlib import resources
from importlib.metadata import version
from itertools import groupby
from string import Template
from typing import Final, Protocol

import regex

from zhreport.campaigns import KINDS as CAMPAIGN_KINDS
from zhreport.campaigns import Campaign
from zhreport.claims import Claim
from zhreport.document import Document
from zhreport.themes import Theme

__all__ = ["NOTEBOOK_CHARACTERS", "Viewable", "ViewableParagraph", "fragment", "page"]

#: A notebook keeps what it shows: of longer reports `fragment` shows the beginning.
NOTEBOOK_CHARACTERS: Final = 40_000
#: From here on the browser lays out only the paragraphs in view.
_LONG: Final = 60_000
_CLAIM_KINDS: Final = ("level", "change", "share", "rank", "ratio")
_STATUSES: Final = ("actual", "target")
_RELATIONS: Final = {"approx": "约 ", "gt": "> ", "ge": "≥ ", "lt": "< ", "le": "≤ "}
_ARROWS: Final = {"up": " ↑", "down": " ↓"}
_ORIGINS: Final = {"argument": "given", "metadata": "from the metadata", "text": "from the text"}
#: Fields that the columns of the table show, or that are no news beside them.
_COLUMNS: Final = frozenset(
    "text name indicator kind status period paragraph start end count_start count_end".split()
)


class ViewableParagraph(Protocol):
    """What the page needs of a paragraph."""

    @property
    def start(self) -> int:
        """Its first code point."""

    @property
    def end(self) -> int:
        """The code point after its last."""

    @property
    def heading(self) -> int:
        """Its level as a heading, 0 for running text."""

    @property
    def themes(self) -> tuple[Theme, ...]:
        """Its themes, the main one first."""


class Viewable(Protocol):
    """What the page needs of a report; `zhreport.Report` has it."""

    @property
    def document(self) -> Document:
        """The text."""

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The claims."""

    @property
    def campaigns(self) -> tuple[Campaign, ...]:
        """The campaigns."""

    @property
    def paragraphs(self) -> Sequence[ViewableParagraph]:
        """The paragraphs with their themes."""


def page(report: Viewable) -> str:
    """A report as a page to open in a browser; the same report gives the same page.

    Returns:
        HTML that can be encoded as UTF-8: lone surrogates and control characters are shown by signs.
    """
    return _page(report, len(report.paragraphs))


def fragment(report: Viewable, *, characters: int = NOTEBOOK_CHARACTERS) -> str:
    """A report for a notebook: a line of text and the page in a frame of its own, sealed off from the rest.

    Args:
        report: the report.
        characters: show the paragraphs up to here, and say so if there are more.
    """
    ends = [paragraph.end for paragraph in report.paragraphs]
    shown = len(ends) if len(report.document.text) <= characters else bisect_right(ends, characters)
    inside = _page(report, shown).replace("&", "&amp;").replace('"', "&quot;")
    # The line outside is what a viewer that removes frames still shows.
    return (
        f"<p>{_safe(_title(report.document))} · {_counted(report)}</p>\n"
        '<iframe sandbox="allow-scripts" title="zhreport" loading="lazy" '
        'style="width: 100%; height: 40rem; border: 1px solid #8885; border-radius: 6px" '
        f'srcdoc="{inside}"></iframe>'
    )


# ---- text


#: Characters that HTML drops or forbids, and lone surrogates, which UTF-8 cannot encode.
_UNSHOWN: Final = regex.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)


def _sign(match: "regex.Match[str]") -> str:
    code = ord(match.group())
    return chr(0x2400 + code) if code < 0x20 else "\u2421" if code == 0x7F else "\ufffd"


def _safe(text: str) -> str:
    """Text as HTML, inside an element or a quoted attribute."""
    return escape(_UNSHOWN.sub(_sign, text))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Span:
    """An element around a part of the text; `once` are attributes of its first piece only."""

    start: int
    end: int
    tag: str
    attributes: str
    once: str = ""


def _woven(text: str, start: int, end: int, spans: Iterable[_Span]) -> str:
    """A part of a text with elements around spans that may lie in each other or cross.

    Of two that cross, the one that begins later is cut in two where the other ends. Of two of the same
    extent, the earlier in `spans` is outside.

    >>> bold, mark = (_Span(start=s, end=e, tag=t, attributes="") for t, s, e in (("b", 0, 2), ("i", 1, 3)))
    >>> _woven("abcd", 0, 4, [bold, mark])
    '<b>a<i>b</i></b><i>c</i>d'
    """
    waiting = [
        (max(s.start, start), -min(s.end, end), number, s)
        for number, s in enumerate(spans)
        if max(s.start, start) < min(s.end, end)
    ]
    heapify(waiting)
    out: list[str] = []
    still_open: list[tuple[int, str]] = []
    at = start
    while waiting or still_open:
        if still_open and (not waiting or waiting[0][0] >= still_open[-1][0]):
            stop, tag = still_open.pop()
            out += (_safe(text[at:stop]), f"</{tag}>")
            at = stop
            continue
        begin, negative, number, span = heappop(waiting)
        stop = -negative
        if still_open and stop > still_open[-1][0]:
            cut = still_open[-1][0]
            heappush(waiting, (cut, negative, number, replace(span, once="")))
            stop = cut
        out += (_safe(text[at:begin]), f"<{span.tag}{span.once}{span.attributes}>")
        at = begin
        still_open.append((stop, span.tag))
    out.append(_safe(text[at:end]))
    return "".join(out)


#: A line break inside a paragraph, with the blanks around it; between Chinese characters it is no space.
_BREAK: Final = regex.compile(
    r"(?<![ \t\u3000])(?:(?<![\x21-\x7e])|(?!\s*+[\x21-\x7e]))[ \t\u3000]*+[\r\n]\s*+"
)
_VISIBLE: Final = regex.compile(r"[^\s\p{Cf}]")


def _joints(document: Document, start: int, end: int) -> Iterator[_Span]:
    """The first character behind each place where repair put pieces together."""
    for joint in document.joints:
        if start < joint < end:
            yield _Span(start=joint, end=joint + 1, tag="span", attributes=_JOINT)


_JOINT: Final = ' class="joint" title="repair put two pieces together here"'


def _breaks(text: str, start: int, end: int) -> Iterator[_Span]:
    for match in _BREAK.finditer(text, start, end):
        yield _Span(start=match.start(), end=match.end(), tag="span", attributes=' class="br"')


# ---- records


def _records(report: Viewable) -> list[Claim | Campaign]:
    """All records in the order of the text; of two at one place the longer first, then the campaign."""
    return sorted((*report.campaigns, *report.claims), key=lambda r: (r.start, -r.end))


def _mark(number: int, record: Claim | Campaign) -> _Span:
    kind = _safe(record.kind)
    if isinstance(record, Claim):
        own = f' class="claim" data-k="{kind}" data-s="{_safe(record.status)}"'
    else:
        own = f' class="campaign" data-k="{kind}"'
    return _Span(
        start=record.start,
        end=record.end,
        tag="mark",
        attributes=f'{own} data-r="{number}"',
        once=f' id="m{number}"',
    )


def _line(text: str) -> str:
    """A text in one line."""
    return " ".join(text.split())


def _written(value: object) -> str:
    """A value of a record in one line."""
    if isinstance(value, Decimal):
        number = f"{value:,f}"
        return number.rstrip("0").rstrip(".") if "." in number else number
    return "yes" if value is True else _line(str(value))


def _place(record: Claim | Campaign, document: Document) -> str:
    """Where a record stands in the text as read, as in every table."""
    start, end = document.place_as_read(record.start, record.end)
    return f"{start}–{end}"


def _row(number: int, record: Claim | Campaign, document: Document, mentions: Mapping[int, int]) -> str:
    """A row of the table; `data-more` are the fields that have no column, one a line."""
    more = [
        f"{f.name}={_written(value)}"
        for f in fields(record)
        if f.name not in _COLUMNS
        and (value := getattr(record, f.name)) not in ("", None)
        and value is not False
    ]
    if isinstance(record, Claim):
        what = record.indicator
        written = _RELATIONS.get(record.relation, "") + record.text + _ARROWS.get(record.direction, "")
        status = record.status
        value = record.value if record.value is not None else record.low
        own = f' data-s="{_safe(status)}" data-u="{_safe(record.unit)}" data-v="{value or 0:f}"'
    else:
        what, written, status = record.name, record.count or record.edition, ""
        own = f' data-c="{record.campaign_id}"'
        more.append(f"mentions={mentions[record.campaign_id]}")
    more.append(f"place={_place(record, document)}")
    cells = "".join(f"<td>{_safe(cell)}</td>" for cell in (record.kind, status, record.period))
    return (
        f'<tr id="r{number}" tabindex="-1" aria-selected="false" data-k="{_safe(record.kind)}"{own} '
        f'data-more="{_safe(chr(10).join(more))}">'
        f'<td><a href="#m{number}" tabindex="-1">{_safe(_line(what) or "—")}</a></td>'
        f'<td class="v">{_safe(_line(written))}</td>{cells}</tr>'
    )


# ---- the page


def _title(document: Document) -> str:
    return _metadata(document).get("title") or document.name


def _metadata(document: Document) -> dict[str, str]:
    """Title, region and date of a document, as far as they are known."""
    found = document.metadata
    values = {"title": found.title.value, "region": found.region.name, "date": found.date.value}
    return {name: value for name, value in values.items() if value}


def _number(count: int, name: str) -> str:
    return f"{count:,} {name}{'' if count == 1 else 's'}"


def _counted(report: Viewable) -> str:
    return f"{_number(len(report.claims), 'claim')} · {_number(len(report.campaigns), 'campaign')}"


def _about(report: Viewable) -> str:
    document = report.document
    known = _metadata(document)
    year = document.year
    said = (
        f"year {year.value} ({_ORIGINS.get(year.origin, 'from the ' + year.origin)})"
        if year.value
        else "year unknown"
    )
    parts = (
        known.get("region", ""),
        known.get("date", ""),
        said,
        _number(len(document.text), "character"),
        _counted(report),
    )
    return _safe(" · ".join(filter(None, parts)))


def _themes(paragraphs: Iterable[ViewableParagraph]) -> dict[str, int]:
    """The themes that occur, numbered in alphabetical order."""
    return {name: n for n, name in enumerate(sorted({t.theme for p in paragraphs for t in p.themes}))}


def _text(
    report: Viewable,
    shown: Sequence[ViewableParagraph],
    records: Iterable[Claim | Campaign],
    themes: Mapping[str, int],
) -> str:
    """The paragraphs with the records marked, and whatever else of the text lies between them."""
    text = report.document.text
    starts = [p.start for p in shown]
    marks = [_mark(number, record) for number, record in enumerate(records)]
    inside = {at: list(own) for at, own in groupby(marks, lambda m: bisect_right(starts, m.start) - 1)}
    out: list[str] = []
    at = 0
    for number, p in enumerate(shown):
        if _VISIBLE.search(text, at, p.start):
            out.append(f'<p class="out">{_safe(text[at : p.start].strip())}</p>')
        at = p.end
        spans = [
            _Span(start=start, end=end, tag="span", attributes=' class="s"')
            for start, end in _sentences(report.document, p)
        ]
        spans += inside.get(number, ())
        spans += _joints(report.document, p.start, p.end)
        spans += _breaks(text, p.start, p.end)
        body = _woven(text, p.start, p.end, spans)
        tag = f"h{min(p.heading, 4) + 1}" if p.heading else "p"
        own = f' id="p{number}"'
        if p.themes:
            numbers = [str(themes[t.theme]) for t in p.themes]
            own += f' class="t{numbers[0]}" data-t="{" ".join(numbers)}"'
        out.append(f"<{tag}{own}>{'' if p.heading else _tags(p.themes, themes)}{body}</{tag}>")
    if len(shown) == len(report.paragraphs) and _VISIBLE.search(text, at):
        out.append(f'<p class="out">{_safe(text[at:].strip())}</p>')
    return "\n".join(out)


def _sentences(document: Document, paragraph: ViewableParagraph) -> list[tuple[int, int]]:
    return document.sentences(paragraph)  # type: ignore[arg-type]


def _tags(found: Iterable[Theme], themes: Mapping[str, int]) -> str:
    buttons = "".join(
        f'<button type="button" tabindex="-1" data-theme="{themes[t.theme]}" '
        f'title="probability {t.probability:.2f}">{_safe(t.theme.replace("_", " "))}</button>'
        for t in found
    )
    return f'<span class="tags" lang="en">{buttons}</span>' if buttons else ""


def _chip(name: str, value: str, count: int, look: str) -> str:
    shown = _safe(value)
    return (
        f'<label class="chip {look}" data-{name[0]}="{shown}">'
        f'<input type="checkbox" name="{name}" value="{shown}">{shown} <small>{count}</small></label>'
    )


def _chips(title: str, name: str, counts: Mapping[str, int], order: Sequence[str], look: str = "") -> str:
    """Check boxes that are the legend too; only values that occur, in the usual order."""
    values = [v for v in order if v in counts] + sorted(v for v in counts if v and v not in order)
    if not values:
        return ""
    boxes = "".join(_chip(name, value, counts[value], look) for value in values)
    return (
        f'<span class="group legend" role="group" aria-label="{title}" data-group="{name}">'
        f'<span class="name" aria-hidden="true">{title}</span>{boxes}</span>\n'
    )


def _filters(
    claims: Sequence[Claim],
    campaigns: Sequence[Campaign],
    shown: Sequence[ViewableParagraph],
    themes: Mapping[str, int],
    text: str,
) -> str:
    out = [
        _chips("Claims", "kind", Counter(c.kind for c in claims), _CLAIM_KINDS, "claim"),
        _chips("Campaigns", "kind", Counter(c.kind for c in campaigns), CAMPAIGN_KINDS, "campaign"),
        _chips("Status", "status", Counter(c.status for c in claims), _STATUSES),
    ]
    if themes:
        counts = Counter(t.theme for p in shown if not p.heading for t in p.themes)
        options = "".join(
            f'<option value="{n}">{_safe(name.replace("_", " "))} ({counts[name]} ¶)</option>'
            for name, n in themes.items()
            if name in counts
        )
        out.append(
            '<span class="group"><label for="theme">Theme</label>'
            f'<select id="theme"><option value="">all</option>{options}</select></span>\n'
        )
    heads = [(n, p) for n, p in enumerate(shown) if p.heading in (1, 2)]
    if heads:
        options = "".join(
            f'<option value="p{n}">{"　" * (p.heading - 1)}{_safe(_line(text[p.start : p.end]))}</option>'
            for n, p in heads
        )
        out.append(
            '<span class="group"><label for="go">Go to</label>'
            f'<select id="go" lang="zh"><option value="">section…</option>{options}</select></span>\n'
        )
    return "".join(out).rstrip("\n")


@cache
def _part(name: str) -> str:
    return resources.files("zhreport.data").joinpath("view", name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return "sha256-" + b64encode(sha256(text.encode()).digest()).decode()


def _hues(count: int) -> str:
    """A colour for each theme, by the golden angle: neighbours differ most."""
    hues = [round(200 + n * 137.508) % 360 for n in range(count)]
    return "".join(
        f".t{n} {{ --t: light-dark(hsl({hue} 42% 52%), hsl({hue} 38% 56%)); }}\n"
        for n, hue in enumerate(hues)
    )


def _page(report: Viewable, count: int) -> str:
    """The page with the first `count` paragraphs."""
    document = report.document
    shown = report.paragraphs[:count]
    cut = count < len(report.paragraphs)
    stop = report.paragraphs[count].start if cut else len(document.text)
    records = [r for r in _records(report) if r.start < stop]
    claims = [r for r in records if isinstance(r, Claim)]
    campaigns = [r for r in records if isinstance(r, Campaign)]
    mentions = Counter(c.campaign_id for c in report.campaigns)
    themes = _themes(shown)
    style, script = _part("page.css") + _hues(len(themes)), _part("page.js")
    note = ""
    if cut:
        note = (
            f'<p class="note" lang="en">This shows the first {shown[-1].end if shown else 0:,} of '
            f"{len(document.text):,} characters and {len(records):,} of "
            f"{len(report.claims) + len(report.campaigns):,} records. "
            "<kbd>zhreport view FILE -o page.html</kbd> makes a page of the whole report.</p>\n"
        )
    return Template(_part("page.html")).substitute(
        title=_safe(_title(document)),
        about=_about(report),
        version=_safe(version("zhreport")),
        size="long" if stop > _LONG else "",
        style=style,
        style_hash=_hash(style),
        script=script,
        script_hash=_hash(script),
        filters=_filters(claims, campaigns, shown, themes, document.text),
        count=_number(len(records), "record"),
        note=note,
        text=_text(report, shown, records, themes),
        rows="\n".join(_row(number, record, document, mentions) for number, record in enumerate(records)),
        rows_total=len(records) + 1,
    )
