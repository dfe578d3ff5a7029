"""The audit: do the figures of reports agree with each other and with those of the year before?

Checks are small named rules. Those of `INSIDE` compare the figures of one report: parts and total, shares and
parts, level, change and growth. Those of `BETWEEN` compare what reports say of a region, a year and an
indicator: twice the same, last year's level, last year's target. Figures agree where the digits written allow
it; what does not agree is a finding, with its figures, its arithmetic, and how sure it is that the report
says so.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace

from zhreport.audit.between import BETWEEN, Cell, Reports, Said, cell_of
from zhreport.audit.certainty import CERTAINTY, certainty
from zhreport.audit.findings import CERTAINTIES, FINDINGS, OUTCOMES, Audit, Finding, Mark, Place
from zhreport.audit.inside import INSIDE
from zhreport.audit.knowledge import knowledge
from zhreport.audit.readings import Homes, read_report
from zhreport.errors import FaultError, at_document
from zhreport.panel import Archive, Catalogue, PanelDocument, default_catalogue, headed
from zhreport.report import Report

__all__ = [
    "BETWEEN",
    "CERTAINTIES",
    "CERTAINTY",
    "CHECKS",
    "FINDINGS",
    "INSIDE",
    "OUTCOMES",
    "Audit",
    "Finding",
    "Mark",
    "Place",
    "audit",
]

#: The names of the checks, in their order.
CHECKS = tuple(check.__name__ for check in (*INSIDE, *BETWEEN))


def audit(
    reports: Iterable[PanelDocument | Report] | Archive,
    *,
    catalogue: Catalogue | None = None,
    failed: Callable[[FaultError], None] | None = None,
) -> Audit:
    """Compare the figures of some reports.

    Args:
        reports: from `analyze`, or as `zhreport.panel.document_of` gives them with a region of your own, or a
            corpus, whose reports are read some at a time; their order does not matter, and of those with the
            same text one counts.
        catalogue: the indicators; the package's own by default.
        failed: called with a fault of this library at one report, which is then left out.

    Raises:
        FaultError: such a fault, if `failed` is not given.
        DataFileError: a data file of the package is damaged.

    >>> from zhreport import analyze
    >>> report = analyze("上年进出口总额120.5亿元，其中出口80.2亿元、进口42.3亿元。", year=2025)
    >>> for finding in audit([report]):
    ...     print(finding.check, finding.certainty, finding.arithmetic, sep="; ")
    parts_of_whole; sure; 80.2亿元 + 42.3亿元 = 122.5亿元, stated 120.5亿元
    """
    book, known = catalogue or default_catalogue(), knowledge()
    heads, documents = headed(reports, failed)
    homes, years = Homes(heads), {(d.region_code or d.region, d.year) for d in heads}
    found: list[Finding] = []
    cells: dict[Cell, list[Said]] = {}
    kept: list[PanelDocument] = []
    spoken: dict[tuple[str, str], frozenset[str]] = {}
    for document in documents:
        try:
            with at_document(document.source or document.file or document.name):
                before = (document.region_code or document.region, (document.year or 0) - 1)
                read = read_report(document, book, known, homes, follows=before in years)
        except FaultError as fault:
            if failed is None:
                raise
            failed(fault)
            continue
        found += read.findings
        kept.append(replace(document, claims=(), document=None))
        spoken[document.file, document.name] = read.spoken
        for one in read.said:
            cells.setdefault(cell_of(one.row), []).append(one)
    everything = Reports(cells=cells, documents=kept, spoken=spoken, known=known)
    found += [finding for check in BETWEEN for finding in check(everything)]
    return Audit(sorted(map(_weighed, found), key=_order))


def _weighed(finding: Finding) -> Finding:
    sure, why = certainty(finding)
    return replace(finding, certainty=sure, certainty_rule=why)


def _order(finding: Finding) -> tuple[object, ...]:
    """The surest first, then by what happened, check, report and place."""
    first = finding.places[0]
    return (
        OUTCOMES.index(finding.outcome),
        CERTAINTIES.index(finding.certainty),
        CHECKS.index(finding.check),
        finding.region_code,
        first.doc,
        first.file,
        first.clean_start or 0,
        finding.arithmetic,
    )
