"""The text of a report as HTML: headings, paragraphs with their themes, sentences, highlights, findings."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from zhreport.document import Document
from zhreport.themes import Theme
from zhreport.view.records import Record, highlight
from zhreport.view.viewable import Finding, Viewable, ViewableParagraph
from zhreport.view.weaving import VISIBLE, Span, breaks, joints, safe, woven
from zhreport.view.wording import Wording

__all__ = ["depths", "paragraphs"]


def depths(levels: Iterable[int]) -> list[int]:
    """How deep each heading stands below those before it, from 1, so that none is skipped; 0 for text.

    >>> depths([3, 0, 1, 3, 3, 2, 4, 1])
    [1, 0, 1, 2, 2, 2, 3, 1]
    """
    above: list[int] = []
    found = []
    for level in levels:
        if level:
            while above and above[-1] >= level:
                above.pop()
            above.append(level)
        found.append(len(above) if level else 0)
    return found


def paragraphs(
    report: Viewable,
    shown: Sequence[ViewableParagraph],
    records: Iterable[Record],
    findings: Iterable[Finding],
    themes: Mapping[str, int],
    say: Wording,
    *,
    first: int = 0,
    top: int = 2,
) -> str:
    """The paragraphs with the records marked, and whatever else of the text lies between them.

    Args:
        report: the report.
        shown: those of its paragraphs that the page shows.
        records: to be marked.
        findings: to be marked too.
        themes: their numbers.
        say: the language.
        first: the number of the first paragraph.
        top: the level of the highest heading.
    """
    document = report.document
    text = document.text
    starts = [p.start for p in shown]
    marks = [highlight(record) for record in records]
    marks += [
        Span(start=f.start, end=f.end, tag="span", attributes=f' class="finding" title="{safe(f.title)}"')
        for f in findings
    ]
    marks.sort(key=lambda m: m.start)
    inside = {at: list(own) for at, own in groupby(marks, lambda m: bisect_right(starts, m.start) - 1)}
    joined = say("repair put two pieces together here")
    out: list[str] = []
    at = 0
    for number, (p, depth) in enumerate(zip(shown, depths(p.heading for p in shown), strict=True)):
        if VISIBLE.search(text, at, p.start):
            out.append(f'<p class="out">{safe(text[at : p.start].strip())}</p>')
        at = p.end
        spans = [
            Span(start=start, end=end, tag="span", attributes=' class="s"')
            for start, end in _sentences(document, p)
        ]
        spans += inside.get(number, ())
        spans += joints(document, p.start, p.end, joined)
        spans += breaks(text, p.start, p.end)
        body = woven(text, p.start, p.end, spans)
        tag = f"h{min(depth + top - 1, 6)}" if depth else "p"
        own = f' id="p{first + number}"'
        if p.heading:
            own += f' data-l="{min(p.heading, 4)}"'
        if p.themes:
            numbers = [str(themes[t.theme]) for t in p.themes]
            own += f' class="t{numbers[0]}" data-t="{" ".join(numbers)}"'
        out.append(f"<{tag}{own}>{'' if p.heading else _tags(p.themes, themes, say)}{body}</{tag}>")
    if len(shown) == len(report.paragraphs) and VISIBLE.search(text, at):
        out.append(f'<p class="out">{safe(text[at:].strip())}</p>')
    return "\n".join(out)


def _sentences(document: Document, paragraph: ViewableParagraph) -> list[tuple[int, int]]:
    return document.sentences(paragraph)  # type: ignore[arg-type]


def _tags(found: Iterable[Theme], themes: Mapping[str, int], say: Wording) -> str:
    buttons = "".join(
        f'<button type="button" tabindex="-1" data-theme="{themes[t.theme]}" '
        f'title="{say("probability")} {t.probability:.2f}">{safe(say.name("themes", t.theme))}</button>'
        for t in found
    )
    return f'<span class="tags" lang="{say.language}">{buttons}</span>' if buttons else ""
