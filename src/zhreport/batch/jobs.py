"""Many files: one document after the other or in several processes, in the same order either way."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from zhreport.batch.closing import Closing, Facts
from zhreport.errors import FaultError, InputError, ZhreportError, at_document
from zhreport.files import Reading, of_row, read_one, shown_path
from zhreport.reading.readers import Row
from zhreport.report import Analyzer, Report
from zhreport.stopping import follow_parent, passing

__all__ = ["Job", "Result", "Then", "run"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A file to analyze.

    Attributes:
        path: the file.
        year: overrides every other source of the year.
        metadata_year: the year in a metadata table.
        row: the row of a metadata table; title, date, region… are taken from it.
        of_table: the report itself, where the file is a table with one in each row.
        reading: how the file is read.
        doc: what the records call the document; the name of the file or the row if not given.
        file: where the records say they are from; the path if not given.
    """

    path: Path
    year: int | None = None
    metadata_year: int | None = None
    row: Mapping[str, str] = field(default_factory=dict)
    of_table: Row | None = None
    reading: Reading = field(default_factory=Reading)
    doc: str = ""
    file: str = ""

    @property
    def shown(self) -> str:
        """What messages call the document: its file, of a row of a table with # and its number."""
        return shown_path(self.path) + (f"#{self.of_table.number}" if self.of_table else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of a job (the object that was given): a report, or a line that says why there is none.

    Attributes:
        job: the job.
        report: None where there is none, or where its rows could not be made.
        error: why.
        trace: the traceback, where it is a fault of this library.
        remarks: on what could not be written whole.
    """

    job: Job
    report: Report | None
    error: str = ""
    trace: str = ""
    remarks: tuple[str, ...] = ()


_analyzer: Analyzer | None = None  # of a worker process, made once


def _start(options: Mapping[str, Any], left: Iterable[Path]) -> None:
    global _analyzer  # noqa: PLW0603 - the only state a worker has
    follow_parent(left)
    _analyzer = Analyzer(**options)


#: A report, or None with why there is none and the traceback of a fault; errors travel between processes so.
_Outcome = tuple[Report | None, str, str]


def _work(job: Job) -> _Outcome:
    assert _analyzer is not None
    return _one(job, _analyzer)


def _one(job: Job, analyzer: Analyzer) -> _Outcome:
    """The report of a job, or None and why."""
    known: dict[str, Any] = {
        "year": job.year,
        "metadata_year": job.metadata_year,
        "metadata": job.row,
        "doc": job.doc,
        "file": job.file,
    }
    try:
        with at_document(job.shown):
            if job.of_table is not None:
                document = of_row(job.path, job.of_table, reading=job.reading, **known)
            else:
                document = read_one(job.path, job.reading, **known)
            return analyzer.analyze(document), "", ""
    except FaultError as error:
        return None, str(error), error.trace
    except InputError as error:
        return None, str(error), ""
    except ZhreportError as error:
        return None, f"{job.shown}: {error}", ""


#: What makes the rows of a report; it returns remarks on what could not be written whole, if there are any.
Then = Callable[[Job, Report], Iterable[str] | None]


def _done(job: Job, outcome: _Outcome, then: Then | None, closing: Closing) -> Result:
    """The result, when its rows are made."""
    report, error, trace = outcome
    remarks: tuple[str, ...] = ()
    if report is not None:
        try:
            with at_document(job.shown, OSError):  # that of a disk or a pipe ends the run
                facts = Facts.of(report)
                if then is not None:
                    remarks = tuple(then(job, report) or ())
                closing.add(report.document.file, facts, remarks)
        except FaultError as fault:
            report, error, trace = None, str(fault), fault.trace
    if report is None:
        closing.lose(error)
    return Result(job=job, report=report, error=error, trace=trace, remarks=remarks)


def run(
    jobs: Iterable[Job],
    *,
    processes: int = 1,
    analyzer: Analyzer | None = None,
    then: Then | None = None,
    closing: Closing | None = None,
    **options: Any,  # noqa: ANN401
) -> Iterator[Result]:
    """Analyze files, in their order, holding only a few in memory.

    Whatever is raised at one document, be it a fault of this library, is an error of that document.

    Args:
        jobs: the files.
        analyzer: made with these options, if there is one already.
        processes: more than 1 starts so many workers; the results are the same, byte for byte.
        then: makes the rows of a report, in this process; it must leave nothing half done where it raises.
            What it returns are remarks on what could not be written whole.
        closing: counts what became of the documents; if not given, a line at the end is logged.
        options: of the `Analyzer`; they go to the workers by pickle.

    Yields:
        A result for every job.

    Raises:
        UsageError, MissingExtraError, InputError, DataFileError: as the `Analyzer`, and what `then` raises of
            these and of `OSError`; InputError also if a process was killed.
    """
    analyzer = analyzer or Analyzer(**options)  # an option that is wrong is an error here, not in a worker
    counts = closing or Closing()
    outcomes = _serial(jobs, analyzer) if processes <= 1 else _parallel(jobs, processes, options)
    for job, outcome in outcomes:
        yield _done(job, outcome, then, counts)
    if closing is None:
        counts.end()


def _serial(jobs: Iterable[Job], analyzer: Analyzer) -> Iterator[tuple[Job, _Outcome]]:
    for job in jobs:
        yield job, _one(job, analyzer)


def _parallel(
    jobs: Iterable[Job], processes: int, options: Mapping[str, Any]
) -> Iterator[tuple[Job, _Outcome]]:
    todo = iter(jobs)
    with ExitStack() as stack:
        pool = stack.enter_context(
            ProcessPoolExecutor(processes, initializer=_start, initargs=(options, passing()))
        )
        stack.callback(pool.shutdown, wait=False, cancel_futures=True)  # who stops early waits for few
        waiting = deque((job, pool.submit(_work, job)) for job in islice(todo, 4 * processes))
        while waiting:
            job, found = waiting.popleft()
            try:
                outcome = _received(job, found)
                waiting.extend((more, pool.submit(_work, more)) for more in islice(todo, 1))
            except BrokenProcessPool as broken:
                raise InputError(
                    f"{shown_path(job.path)}: a process was killed at this file or one of the next, "
                    "perhaps for want of memory; use fewer processes"
                ) from broken
            yield job, outcome


def _received(job: Job, found: "Future[_Outcome]") -> _Outcome:
    """What a worker sends back; a report that cannot be sent is a fault at its document."""
    try:
        with at_document(job.shown, BrokenProcessPool):
            return found.result()
    except FaultError as fault:
        return None, str(fault), fault.trace
