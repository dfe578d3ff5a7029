"""The page: one report or several with a list of them, filters, texts and the table."""

from base64 import b64encode
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib import resources
from itertools import zip_longest
from string import Template
from typing import Final

import regex

from zhreport.campaigns import KINDS as CAMPAIGN_KINDS
from zhreport.claims import Claim
from zhreport.document import Document
from zhreport.errors import UsageError
from zhreport.view.records import Record, records_of, rows
from zhreport.view.text import paragraphs
from zhreport.view.viewable import Finding, Viewable, ViewableParagraph
from zhreport.view.weaving import safe
from zhreport.view.wording import Wording

__all__ = ["NOTEBOOK_CHARACTERS", "fragment", "page"]

#: A notebook keeps what it shows: of longer reports `fragment` shows the beginning.
NOTEBOOK_CHARACTERS: Final = 40_000
#: From here on the browser lays out only the paragraphs in view.
_LONG: Final = 60_000
_CLAIM_KINDS: Final = ("level", "change", "share", "rank", "ratio")
_STATUSES: Final = ("actual", "target")
_ORIGINS: Final = {"argument": "given", "metadata": "from the metadata", "text": "from the text"}
#: A phrase in `page.html` that is said in the language of the page.
_PHRASE: Final = regex.compile(r"\[\[(.+?)\]\]")


def page(
    reports: Viewable | Sequence[Viewable],
    *,
    language: str = "en",
    findings: Sequence[Sequence[Finding]] = (),
) -> str:
    """Reports as a page to open in a browser; the same reports give the same page.

    Args:
        reports: a report, or several, of which the page has a list.
        language: of the labels, `zh` or `en`.
        findings: for each report what is to be marked in its text, such as `Audit.marks` of the audit gives.

    Returns:
        HTML that can be encoded as UTF-8: lone surrogates and control characters are shown by signs.

    Raises:
        UsageError: no report, more `findings` than reports, or an unknown language.
    """
    several = list(reports) if isinstance(reports, Sequence) else [reports]
    if not several or len(findings) > len(several):
        raise UsageError("a page needs a report, and no more findings than it has reports")
    return _page(several, Wording(language), findings)


def fragment(report: Viewable, *, characters: int = NOTEBOOK_CHARACTERS, language: str = "en") -> str:
    """A report for a notebook: a line of text and the page in a frame of its own, sealed off from the rest.

    Args:
        report: the report.
        characters: show the paragraphs up to here, and say so if there are more.
        language: of the labels, `zh` or `en`.

    Raises:
        UsageError: an unknown language.
    """
    say = Wording(language)
    inside = _page([report], say, (), characters=characters).replace("&", "&amp;").replace('"', "&quot;")
    # The line outside is what a viewer that removes frames still shows.
    return (
        f"<p>{safe(_title(report.document))} · {_counted(report, say)}</p>\n"
        '<iframe sandbox="allow-scripts allow-downloads" title="zhreport" loading="lazy" '
        'style="width: 100%; height: 40rem; border: 1px solid #8885; border-radius: 6px" '
        f'srcdoc="{inside}"></iframe>'
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """What the page shows of a report.

    Attributes:
        report: the report.
        number: its place on the page, from 0.
        shown: its paragraphs.
        first: the number of the first of them on the page.
        stop: the code point at which it ends.
        records: those before that.
        findings: likewise, in the order of the text.
    """

    report: Viewable
    number: int
    shown: Sequence[ViewableParagraph]
    first: int
    stop: int
    records: list[Record]
    findings: list[Finding]


def _parts(
    reports: Sequence[Viewable], findings: Sequence[Sequence[Finding]], characters: int | None
) -> list[_Part]:
    parts: list[_Part] = []
    paragraph = record = 0
    for number, (report, own) in enumerate(zip_longest(reports, findings, fillvalue=())):
        assert not isinstance(report, tuple)
        length = len(report.document.text)
        count = len(report.paragraphs)
        if characters is not None and length > characters:
            count = bisect_right([p.end for p in report.paragraphs], characters)
        stop = report.paragraphs[count].start if count < len(report.paragraphs) else length
        marks = sorted((f for f in own if f.start < stop), key=lambda f: (f.start, f.end))
        records = records_of(report, record, stop, marks)
        parts.append(
            _Part(
                report=report,
                number=number,
                shown=report.paragraphs[:count],
                first=paragraph,
                stop=stop,
                records=records,
                findings=marks,
            )
        )
        paragraph += count
        record += len(records)
    return parts


# ---- what is said of a report


def _title(document: Document) -> str:
    return _metadata(document).get("title") or document.name


def _metadata(document: Document) -> dict[str, str]:
    """Title, region and date of a document, as far as they are known."""
    found = document.metadata
    values = {"title": found.title.value, "region": found.region.name, "date": found.date.value}
    return {name: value for name, value in values.items() if value}


def _counted(report: Viewable, say: Wording) -> str:
    return f"{say.count(len(report.claims), 'claim')} · {say.count(len(report.campaigns), 'campaign')}"


def _year(document: Document, say: Wording) -> str:
    year = document.year
    if not year.value:
        return say("year unknown")
    origin = say(_ORIGINS.get(year.origin, "from the " + year.origin))
    return f"{say.count(year.value, 'year').replace(',', '')} ({origin})"


def _about(report: Viewable, say: Wording) -> str:
    document = report.document
    known = _metadata(document)
    parts = (
        known.get("region", ""),
        known.get("date", ""),
        _year(document, say),
        say.count(len(document.text), "character"),
        _counted(report, say),
    )
    return safe(" · ".join(filter(None, parts)))


def _listed(parts: Sequence[_Part], say: Wording) -> str:
    """The list of several reports; nothing for one."""
    if len(parts) < 2:
        return ""
    items = []
    for part in parts:
        document = part.report.document
        known = (_metadata(document).get("region", ""), str(document.year.value or ""))
        small = " · ".join(filter(None, known))
        current = ' aria-current="true"' if part.number == 0 else ""
        items.append(
            f'<li><a href="#d{part.number}"{current}><span lang="zh">{safe(_title(document))}</span>'
            f'<small>{safe(small)} <span class="n">{len(part.records):,}</span></small></a></li>'
        )
    inside = "\n".join(items)
    return f'<nav id="reports" aria-label="{say("Reports")}"><ol>\n{inside}\n</ol></nav>\n'


def _article(part: _Part, themes: Mapping[str, int], say: Wording, *, several: bool) -> str:
    report, document = part.report, part.report.document
    head = ""
    if several:
        head = f'<h2 class="title" lang="zh">{safe(_title(document))}</h2>\n'
        head += f'<p class="about" lang="{say.language}">{_about(report, say)}</p>\n'
    if len(part.shown) < len(report.paragraphs):
        end = part.shown[-1].end if part.shown else 0
        cut = say("This shows the first {end} of {length} characters and {shown} of {all} records.").format(
            end=f"{end:,}",
            length=f"{len(document.text):,}",
            shown=f"{len(part.records):,}",
            all=f"{len(report.claims) + len(report.campaigns):,}",
        )
        whole = say("makes a page of the whole report.")
        head += (
            f'<p class="note" lang="{say.language}">{cut} '
            f"<kbd>zhreport view FILE -o page.html</kbd> {whole}</p>\n"
        )
    text = paragraphs(
        report,
        part.shown,
        part.records,
        part.findings,
        themes,
        say,
        first=part.first,
        top=3 if several else 2,
    )
    hidden = " hidden" if part.number else ""
    own = f'id="d{part.number}" data-title="{safe(_title(document))}"{hidden}'
    return f"<article {own}>\n{head}{text}\n</article>"


def _body(part: _Part, say: Wording) -> str:
    hidden = " hidden" if part.number else ""
    return f'<tbody lang="zh"{hidden}>\n{rows(part.report, part.records, say)}\n</tbody>'


# ---- filters


def _themes(shown: Iterable[ViewableParagraph]) -> dict[str, int]:
    """The themes that occur, numbered in alphabetical order."""
    return {name: n for n, name in enumerate(sorted({t.theme for p in shown for t in p.themes}))}


def _chips(
    title: str,
    name: str,
    counts: Mapping[str, int],
    order: Sequence[str],
    say: Wording,
    *,
    group: str,
    look: str = "",
) -> str:
    """Check boxes that are the legend too; only values that occur, in the usual order."""
    values = [v for v in order if v in counts] + sorted(v for v in counts if v and v not in order)
    if not values:
        return ""
    boxes = "".join(
        f'<label class="chip {look}" data-{name[0]}="{safe(value)}">'
        f'<input type="checkbox" name="{name}" value="{safe(value)}">{safe(say.name(group, value))} '
        f"<small>{counts[value]}</small></label>"
        for value in values
    )
    return (
        f'<span class="group legend" role="group" aria-label="{say(title)}" data-group="{name}">'
        f'<span class="name" aria-hidden="true">{say(title)}</span>{boxes}</span>\n'
    )


def _filters(parts: Sequence[_Part], themes: Mapping[str, int], say: Wording) -> str:
    records = [item for part in parts for item in part.records]
    claims = [item.record for item in records if isinstance(item.record, Claim)]
    campaigns = [item.record for item in records if not isinstance(item.record, Claim)]
    kinds, names = Counter(c.kind for c in claims), Counter(c.kind for c in campaigns)
    states = Counter(c.status for c in claims)
    wrong = Counter("audit" for item in records if item.findings)
    out = [
        _chips("Claims", "kind", kinds, _CLAIM_KINDS, say, group="kinds", look="claim"),
        _chips("Campaigns", "kind", names, CAMPAIGN_KINDS, say, group="campaigns", look="campaign"),
        _chips("Status", "status", states, _STATUSES, say, group="words"),
        _chips("Audit", "found", wrong, ("audit",), say, group="words"),
    ]
    if themes:
        counts = Counter(t.theme for part in parts for p in part.shown if not p.heading for t in p.themes)
        options = "".join(
            f'<option value="{n}">{safe(say.name("themes", name))} ({counts[name]} ¶)</option>'
            for name, n in themes.items()
            if name in counts
        )
        out.append(
            f'<span class="group"><label for="theme">{say("Theme")}</label>'
            f'<select id="theme"><option value="">{say("all")}</option>{options}</select></span>\n'
        )
    if any(p.heading in (1, 2) for part in parts for p in part.shown):  # the script lists them
        out.append(
            f'<span class="group"><label for="go">{say("Go to")}</label>'
            f'<select id="go" lang="zh"><option value="">{say("section…")}</option></select></span>\n'
        )
    return "".join(out).rstrip("\n")


# ---- the page


@cache
def _file(name: str) -> str:
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


def _page(
    reports: Sequence[Viewable],
    say: Wording,
    findings: Sequence[Sequence[Finding]],
    *,
    characters: int | None = None,
) -> str:
    """The page; of each report the paragraphs that end within so many characters."""
    parts = _parts(reports, findings, characters)
    several = len(parts) > 1
    total = sum(len(part.records) for part in parts)
    themes = _themes(p for part in parts for p in part.shown)
    from importlib.metadata import version  # noqa: PLC0415 - slow to load, and only a page needs it

    style, script = _file("page.css") + _hues(len(themes)), _file("page.js")
    template = _PHRASE.sub(lambda m: safe(say(m[1])), _file("page.html"))
    return Template(template).substitute(
        title=safe(say.count(len(parts), "report") if several else _title(reports[0].document)),
        title_language=say.language if several else "zh",
        about="" if several else _about(reports[0], say),
        language=say.language,
        labels=safe(say.for_script()),
        version=safe(version("zhreport")),
        size=" ".join(
            name for name, on in (("long", sum(p.stop for p in parts) > _LONG), ("several", several)) if on
        ),
        style=style,
        style_hash=_hash(style),
        script=script,
        script_hash=_hash(script),
        filters=_filters(parts, themes, say),
        count=say.count(len(parts[0].records), "record"),
        list=_listed(parts, say),
        text="\n".join(_article(part, themes, say, several=several) for part in parts),
        rows="\n".join(_body(part, say) for part in parts),
        rows_total=total + 1,
    )
