"""The records of a report: their rows in the table and their highlights in the text."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Final

from zhreport.campaigns import Campaign
from zhreport.claims import Claim
from zhreport.document import Document
from zhreport.view.viewable import Finding, Viewable
from zhreport.view.weaving import Span, line, safe
from zhreport.view.wording import Wording

__all__ = ["Record", "found_at", "highlight", "records_of", "rows"]

_RELATIONS: Final = {"approx": "约 ", "gt": "> ", "ge": "≥ ", "lt": "< ", "le": "≤ "}
_ARROWS: Final = {"up": " ↑", "down": " ↓"}
#: Fields that the columns of the table show, or that are no news beside them.
_COLUMNS: Final = frozenset(
    "text name indicator kind status tone period paragraph start end count_start count_end".split()
)
#: Fields whose values have labels.
_LABELLED: Final = {"theme": "themes", "relation": "relations", "direction": "relations"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A record with its number on the page and what was found wrong with its figure."""

    number: int
    record: Claim | Campaign
    findings: tuple[str, ...]


def records_of(report: Viewable, first: int, stop: int, findings: Sequence[Finding]) -> list[Record]:
    """The records before `stop` in the order of the text; of two at one place the longer, then the campaign.

    Args:
        report: the report.
        first: the number of the first.
        stop: the code point at which the page ends.
        findings: in the order of the text.
    """
    everything: list[Claim | Campaign] = [*report.campaigns, *report.claims]
    found = sorted(everything, key=lambda r: (r.start, -r.end))
    starts = [finding.start for finding in findings]
    return [
        Record(number=number, record=one, findings=found_at(one.start, one.end, findings, starts))
        for number, one in enumerate((r for r in found if r.start < stop), start=first)
    ]


def found_at(start: int, end: int, findings: Sequence[Finding], starts: Sequence[int]) -> tuple[str, ...]:
    """What is said of the figure that begins between two places."""
    own = findings[bisect_left(starts, start) : bisect_left(starts, end)]
    return tuple(dict.fromkeys(line(finding.title) for finding in own))


def highlight(item: Record) -> Span:
    """The element around a record in the text."""
    record = item.record
    kind = safe(record.kind)
    if isinstance(record, Claim):
        own = f' class="claim" data-k="{kind}" data-s="{safe(record.status)}"'
    else:
        own = f' class="campaign" data-k="{kind}"'
    return Span(
        start=record.start,
        end=record.end,
        tag="mark",
        attributes=f'{own} data-r="{item.number}"',
        once=f' id="m{item.number}"',
    )


def rows(report: Viewable, records: Sequence[Record], say: Wording) -> str:
    """The rows of the table."""
    mentions = Counter(c.campaign_id for c in report.campaigns)
    return "\n".join(_row(item, report.document, mentions, say) for item in records)


def _written(value: object, name: str, say: Wording) -> str:
    """A value of a record in one line."""
    if isinstance(value, Decimal):
        number = f"{value:,f}"
        return number.rstrip("0").rstrip(".") if "." in number else number
    if value is True:
        return say("yes")
    text = line(str(value))
    return say.name(_LABELLED[name], text) if name in _LABELLED and say.language != "en" else text


def _more(item: Record, document: Document, say: Wording) -> list[str]:
    """The fields that have no column, `name=value`."""
    record = item.record
    more = [
        f"{f.name}={_written(value, f.name, say)}"
        for f in fields(record)
        if f.name not in _COLUMNS
        and (value := getattr(record, f.name)) not in ("", None)
        and value is not False
    ]
    start, end = document.place_as_read(record.start, record.end)  # as in every table
    return [*more, f"offsets={start}–{end}", *(f"audit={title}" for title in item.findings)]


def _row(item: Record, document: Document, mentions: Counter[int], say: Wording) -> str:
    record, number = item.record, item.number
    more = _more(item, document, say)
    if isinstance(record, Claim):
        what = record.indicator
        written = _RELATIONS.get(record.relation, "") + record.text + _ARROWS.get(record.direction, "")
        status, tone, kind = record.status, record.tone, say.name("kinds", record.kind)
        value = record.value if record.value is not None else record.low
        own = f' data-s="{safe(status)}" data-u="{safe(record.unit)}" data-v="{value or 0:f}"'
    else:
        what, written, status, tone = record.name, record.count or record.edition, "", ""
        kind = say.name("campaigns", record.kind)
        own = f' data-c="{record.campaign_id}"'
        more.append(f"mentions={mentions[record.campaign_id]}")
    if item.findings:
        own += " data-f"
    said = (kind, say.name("words", status), say.name("words", tone), record.period)
    cells = "".join(f"<td>{safe(cell)}</td>" for cell in said)
    return (
        f'<tr id="r{number}" tabindex="-1" aria-selected="false" data-k="{safe(record.kind)}"{own} '
        f'data-more="{safe(chr(10).join(more))}">'
        f'<td><a href="#m{number}" tabindex="-1">{safe(line(what) or "—")}</a></td>'
        f'<td class="v">{safe(line(written))}</td>{cells}</tr>'
    )
