"""What a report says of the cells of the panel, and what in it does not agree with itself."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from zhreport.audit.between import Said
from zhreport.audit.figures import Sheet, number_said
from zhreport.audit.findings import Finding
from zhreport.audit.inside import INSIDE
from zhreport.audit.knowledge import Knowledge
from zhreport.audit.lists import contexts
from zhreport.audit.lookup import Lookup
from zhreport.panel import Catalogue, PanelDocument
from zhreport.panel.statements import statements_of

__all__ = ["Home", "Homes", "Read", "read_report"]


@dataclass(frozen=True, slots=True)
class Home:
    """A place that has a report of its own among those that are compared."""

    region: str
    code: str
    level: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What was read of a report.

    Attributes:
        findings: what in it does not agree.
        said: what it says of its place, and of others that have reports of their own.
        spoken: of a report that follows another, the indicators that it speaks of with a figure.
    """

    findings: tuple[Finding, ...] = ()
    said: tuple[Said, ...] = ()
    spoken: frozenset[str] = frozenset()


class Homes:
    """The places that have reports of their own among those that are compared."""

    def __init__(self, documents: Iterable[PanelDocument]) -> None:
        places = {Home(d.region, d.region_code, d.level) for d in documents if len(d.region) > 1}
        self._coded = {home.code: home for home in places if home.code}
        self._named: dict[str, list[Home]] = {}  # by the first two characters, the longest names first
        for home in sorted(places, key=lambda home: (-len(home.region), home.region, home.code)):
            self._named.setdefault(home.region[:2], []).append(home)

    def of(self, claim: Mapping[str, Any]) -> Home | None:
        """The place whose figure a claim is, if it has a report: as claim or indicator say."""
        if home := self._coded.get(claim.get("place_code") or ""):
            return home
        said = claim.get("place") or claim["indicator"]
        return next((home for home in self._named.get(said[:2], ()) if said.startswith(home.region)), None)


def read_report(
    document: PanelDocument,
    book: Catalogue,
    known: Knowledge,
    homes: Homes,
    *,
    follows: bool,
) -> Read:
    """Read one report.

    Args:
        document: the report; without its text there is nothing to read.
        book: the indicators.
        known: what figures belong together.
        homes: places that have reports of their own.
        follows: there is a report of the year before, whose targets it may speak of.
    """
    if document.document is None:
        return Read()
    sheet = Sheet(document, document.document, book, known)
    figures = Lookup(sheet, known)
    found: dict[frozenset[int | None], Finding] = {}  # of the same figures, what the first check says
    for check in INSIDE:
        for finding in check(figures):
            found.setdefault(frozenset(place.clean_start for place in finding.places), finding)
    within = contexts(figures)
    said = list(_said(document, sheet, figures, within, book))
    for guest in _guests(document, homes):
        found_there = _said(guest, sheet, figures, within, book)
        said += [replace(one, guest=True, report=_bare(document)) for one in found_there]
    spoken = frozenset(sheet.spoken()) if follows else frozenset()
    return Read(findings=tuple(found.values()), said=tuple(said), spoken=spoken)


def _bare(document: PanelDocument) -> PanelDocument:
    return replace(document, claims=(), document=None)


def _said(
    document: PanelDocument, sheet: Sheet, figures: Lookup, within: Mapping[int, str], book: Catalogue
) -> Iterator[Said]:
    """What a report says of the cells, without what is of a part of its place or of a total."""
    at = {figure.claim["clean_start"]: figure for figure in sheet.figures}
    bare = _bare(document)
    for statement in statements_of(document, book)[0]:
        row = statement.row
        figure = at[row.clean_start or 0]
        other = figure.scope or figure.total or figure.claim["clean_start"] in within
        other = other or figures.of_years(figure)
        if row.tone == "stretch" or other or not sheet.leads(figure):
            continue
        yield Said(
            statement=statement,
            figure=replace(figure, number=number_said(statement, figure.claim), key=row.indicator),
            report=bare,
            real=row.measure == "growth" and figures.real(figure),
            follows=sheet.kind_before(figure) if row.measure.endswith("rank") else "",
        )


def _guests(document: PanelDocument, homes: Homes) -> Iterator[PanelDocument]:
    """The report as one of each other place that it has figures of and that has a report of its own."""
    claims: dict[Home, list[Mapping[str, Any]]] = {}
    for claim in document.claims:
        home = homes.of(claim)
        if home is not None and home.region != document.region:
            claims.setdefault(home, []).append({**claim, "place": ""})  # in its own report there is none
    for home, own in claims.items():
        yield replace(document, region=home.region, region_code=home.code, level=home.level, claims=own)
