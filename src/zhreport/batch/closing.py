"""What became of a run over many files: a line for each document and one at the end, also for `logging`.

The logger is called `zhreport`: what went well is of the level INFO, what did not WARNING. A report that
was done is named as in the column `file` of the tables, to look it up; a line of an error has the path.
"""

import logging
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple, Self

from zhreport.errors import one_line
from zhreport.report import Report

__all__ = ["LOGGER", "Closing", "Facts", "log"]

LOGGER: Final = logging.getLogger("zhreport")

_NAMED: Final = 5  # so many files are named in the line at the end, all of them in the log


def log(level: int, line: str) -> None:
    """A line of the log, one line whatever a name holds."""
    LOGGER.log(level, "%s", one_line(line))


class Facts(NamedTuple):
    """What the lines tell of a report; a tuple, for it travels between processes.

    Attributes:
        file: what tables have in the column of this name.
        digest: SHA-256 of its text.
        counts: of its claims, campaigns and paragraphs.
        year: of the report.
        region: of the text with that of the metadata, see `Document.region_conflict`.
        conflict: of its title with the year of the metadata, see `Year.conflict`.
    """

    file: str
    digest: str
    counts: tuple[int, int, int]
    year: int | None
    region: str = ""
    conflict: str = ""

    @classmethod
    def of(cls, report: Report) -> Self:
        """Those of a report."""
        return cls(
            file=report.document.file,
            digest=report.document.sha256,
            counts=(len(report.claims), len(report.campaigns), len(report.paragraphs)),
            year=report.document.year.value,
            region=report.document.region_conflict,
            conflict=report.document.year.conflict,
        )


@dataclass(slots=True)
class Closing:
    """Counts what became of the documents of a run.

    Attributes:
        claims, campaigns, paragraphs, reports: how many there were.
        unread: documents and files that could not be done.
        undated: reports without a year.
        doubles: reports with the text of one before, named with it.
        displaced: reports whose text names another region than the metadata.
        contradicted: reports whose title contradicts the year of the metadata.
        passed_over: ending → files of the given folders that were not looked at.
        current: documents that a store has as they are.
    """

    claims: int = 0
    campaigns: int = 0
    paragraphs: int = 0
    reports: int = 0
    unread: int = 0
    undated: int = 0
    doubles: list[str] = field(default_factory=list)
    displaced: list[str] = field(default_factory=list)
    contradicted: list[str] = field(default_factory=list)
    passed_over: Mapping[str, int] = field(default_factory=dict)
    current: int = 0
    _texts: dict[bytes, str] = field(default_factory=dict)
    _began: float = field(default_factory=time.monotonic)

    def add(self, facts: Facts, more: Iterable[str] = ()) -> None:
        """Count a report and log its line.

        Args:
            facts: of the report.
            more: remarks on what became of it.
        """
        file = facts.file
        self.reports += 1
        self.claims += facts.counts[0]
        self.campaigns += facts.counts[1]
        self.paragraphs += facts.counts[2]
        remarks = []
        if facts.year is None:
            self.undated += 1
            remarks.append("no year")
        first = self._texts.setdefault(bytes.fromhex(facts.digest), file)
        if first != file:
            self.doubles.append(f"{file} as {first}")
            remarks.append(f"the same text as {first}")
        if facts.region:
            self.displaced.append(f"{file}: {facts.region}")
            remarks.append(f"region: {facts.region}")
        if facts.conflict:
            self.contradicted.append(file)
            remarks.append(facts.conflict)
        remarks += more
        said = f"{file}: {', '.join(_counted(facts.counts))}, year {facts.year or 'unknown'}"
        log(logging.WARNING if remarks else logging.INFO, "; ".join((said, *remarks)))

    def lose(self, line: str) -> None:
        """Count a document that could not be done, and log why."""
        self.unread += 1
        log(logging.WARNING, line)

    def line(self) -> str:
        """The line at the end, without a line break."""
        *counted, last = _counted((self.claims, self.campaigns, self.paragraphs))
        seconds = time.monotonic() - self._began
        done = f"{', '.join(counted)} and {last} from {_number(self.reports, 'report')} in {seconds:.1f} s"
        parts = [done]
        if self.unread:
            parts.append(f"{self.unread} not read")
        if self.undated:
            parts.append(f"{self.undated} without a year")
        for files, what in (
            (self.doubles, "with the text of another"),
            (self.displaced, "of another region in the text than in the metadata"),
            (self.contradicted, "with a title that contradicts the year of the metadata"),
        ):
            if files:
                parts.append(f"{len(files)} {what} ({_some(files)})")
        if self.passed_over:
            endings = sorted(self.passed_over.items(), key=lambda item: (-item[1], item[0]))
            parts.append(f"passed over: {', '.join(f'{ending} {n}' for ending, n in endings)}")
        return one_line("; ".join(parts))

    def end(self) -> str:
        """The line at the end, which is logged too."""
        line = self.line()
        log(logging.INFO, line)
        return line


def _counted(counts: Iterable[int]) -> list[str]:
    return [_number(n, what) for n, what in zip(counts, ("claim", "campaign", "paragraph"), strict=True)]


def _number(n: int, what: str) -> str:
    return f"{n} {what}{'' if n == 1 else 's'}"


def _some(names: list[str]) -> str:
    more = len(names) - _NAMED
    return "; ".join(names[:_NAMED]) + (f"; and {more} more, see --log" if more > 0 else "")
