"""Many files: one document after the other or in several processes, in the same order either way.

What is made of a report is made where the report is, by `make`; in several processes only that travels, and
the process that started them does no more than write it.
"""

import contextlib
import gc
import pickle
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from zhreport.batch.closing import Closing, Facts
from zhreport.document import Document
from zhreport.errors import FaultError, InputError, ZhreportError, at_document
from zhreport.files import Reading, of_row, read_one, shown_path, table_kind, table_rows
from zhreport.reading.readers import Row
from zhreport.report import Analyzer, Report
from zhreport.stopping import follow_parent, passing

if TYPE_CHECKING:
    from concurrent.futures import Future

__all__ = ["Job", "Make", "Pack", "Result", "Then", "loaded", "run"]

#: Documents travel to a worker together until they have so many bytes, or are so many: a message costs as
#: much as the analysis of a short text.
_LOAD: Final = 200_000
_MOST: Final = 64
#: Messages that are on their way for each worker.
_AHEAD: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A file to analyze, or a row of a table with reports.

    Attributes:
        path: the file.
        year: overrides every other source of the year.
        metadata_year: the year in a metadata table.
        row: the row of a metadata table; title, date, region… are taken from it.
        number: of the row of a table that is the report; 0 where the file is one.
        name: what that row is called.
        of_table: that row, once it is read; a run reads it when its turn comes, see `loaded`.
        reading: how the file is read.
        doc: what the records call the document; the name of the file or the row if not given.
        file: where the records say they are from; the path if not given.
    """

    path: Path
    year: int | None = None
    metadata_year: int | None = None
    row: Mapping[str, str] = field(default_factory=dict)
    number: int = 0
    name: str = ""
    of_table: Row | None = None
    reading: Reading = field(default_factory=Reading)
    doc: str = ""
    file: str = ""

    @property
    def shown(self) -> str:
        """What messages call the document: its file, of a row of a table with # and its number."""
        return shown_path(self.path) + (f"#{self.number}" if self.number else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of a job (the object that was given): what was made of its report, or why there is none.

    Attributes:
        job: the job.
        made: the report, or what `make` made of it; None where there is none, or where it could not be
            written.
        file: what the records of the report call it.
        error: why there is none, "" where there is.
        trace: the traceback, where it is a fault of this library.
        remarks: on what could not be written whole.
    """

    job: Job
    made: Any = None
    file: str = ""
    error: str = ""
    trace: str = ""
    remarks: tuple[str, ...] = ()


#: What is made of a report and its columns of a metadata table, in the process that has the report; its
#: result, and itself, must be fit to be pickled.
Make = Callable[[Report, Mapping[str, str]], Any]
#: Puts together what was made of several reports, so that it travels as one; each of its results stands for
#: one of what it got.
Pack = Callable[[list[Any]], list[Any]]
#: What is done, in order and in this process, with what was made; it returns remarks on what could not be
#: written whole, if there are any.
Then = Callable[[Job, Any], Iterable[str] | None]


class _Outcome(NamedTuple):
    """What became of a document where it was analyzed; errors travel between processes as lines."""

    made: Any = None
    facts: Facts | None = None
    error: str = ""
    trace: str = ""


@dataclass(frozen=True, slots=True)
class _Work:
    """What a process does with a job."""

    analyzer: Analyzer
    make: Make | None
    pack: Pack | None = None

    def __call__(self, job: Job) -> _Outcome:
        try:
            with at_document(job.shown):
                report = self.analyzer.analyze(_document(job))
                made = report if self.make is None else self.make(report, job.row)
                return _Outcome(made=made, facts=Facts.of(report))
        except FaultError as error:
            return _Outcome(error=str(error), trace=error.trace)
        except InputError as error:
            return _Outcome(error=str(error))
        except ZhreportError as error:
            return _Outcome(error=f"{job.shown}: {error}")


def _document(job: Job) -> Document:
    known: dict[str, Any] = {
        "year": job.year,
        "metadata_year": job.metadata_year,
        "metadata": job.row,
        "doc": job.doc,
        "file": job.file,
    }
    if job.of_table is not None:
        return of_row(job.path, job.of_table, reading=job.reading, **known)
    if job.number:
        raise InputError(f"{job.shown}: it changed while it was read; run again when it is complete")
    return read_one(job.path, job.reading, **known)


def _done(job: Job, outcome: _Outcome, then: Then | None, closing: Closing) -> Result:
    """The result, when what was made is written."""
    error, trace = outcome.error, outcome.trace
    if outcome.facts is not None:
        try:
            with at_document(job.shown, OSError):  # that of a disk or a pipe ends the run
                remarks = tuple(then(job, outcome.made) or ()) if then is not None else ()
                closing.add(outcome.facts, remarks)
            return Result(job=job, made=outcome.made, file=outcome.facts.file, remarks=remarks)
        except FaultError as fault:
            error, trace = str(fault), fault.trace
    closing.lose(error)
    return Result(job=job, error=error, trace=trace)


def run(
    jobs: Iterable[Job],
    *,
    processes: int = 1,
    analyzer: Analyzer | None = None,
    make: Make | None = None,
    then: Then | None = None,
    pack: Pack | None = None,
    closing: Closing | None = None,
    **options: Any,  # noqa: ANN401
) -> Iterator[Result]:
    """Analyze files, in their order, holding only a few in memory.

    Whatever is raised at one document, be it a fault of this library, is an error of that document.

    Args:
        jobs: the files; they are taken as they are needed.
        analyzer: what to do it with, instead of one made with `options`.
        processes: more than 1 starts so many workers; the results are the same, byte for byte. The analyzer
            goes to them by pickle, or as it is where processes are forked.
        make: makes of a report, in the process that has it, what `then` gets instead of the report.
        then: writes what was made, in this process; it must leave nothing half done where it raises.
            What it returns are remarks on what could not be written whole.
        pack: puts together what a worker made of several reports; `then` gets its results instead. With one
            process, and where it fails, `then` gets what `make` made.
        closing: counts what became of the documents; if not given, a line at the end is logged.
        options: of the `Analyzer`.

    Yields:
        A result for every job.

    Raises:
        UsageError, MissingExtraError, InputError, DataFileError: as the `Analyzer`, and what `then` raises of
            these and of `OSError`; InputError also if a process was killed.
    """
    work = _Work(analyzer or Analyzer(**options), make, pack)
    counts = closing or Closing()
    ready = loaded(jobs)
    outcomes = ((job, work(job)) for job in ready) if processes <= 1 else _parallel(ready, processes, work)
    with contextlib.closing(outcomes):  # also where `then` raises: no worker outlives the run
        for job, outcome in outcomes:
            yield _done(job, outcome, then, counts)
    if closing is None:
        counts.end()


# -- rows of tables


def loaded(jobs: Iterable[Job]) -> Iterator[Job]:
    """The jobs, those of rows of tables with these rows, which are read one after the other.

    A row that is not there any more is left out of its job, which then fails.
    """
    path: Path | None = None
    rows: Iterator[Row] = iter(())
    last = 0
    for job in jobs:
        if not job.number or job.of_table is not None:
            yield job
            continue
        if job.path != path or job.number <= last:
            path, rows = job.path, _rows(job)
        last = job.number
        row = next((row for row in rows if row.number >= job.number), None)
        if row is None or (row.number, row.name) != (job.number, job.name):
            yield job
        else:  # what a metadata table says goes before the table itself
            yield replace(job, of_table=row, row={**row.extra, **job.row})


def _rows(job: Job) -> Iterator[Row]:
    """The rows of a table, as far as they can be read."""
    try:
        with at_document(job.shown):
            yield from table_rows(job.path, table_kind(job.path), job.reading)
    except ZhreportError:
        return


# -- several processes

_work: _Work | None = None  # of a worker process


def _start(work: _Work, left: Iterable[Path]) -> None:
    global _work  # noqa: PLW0603 - the only state a worker has
    follow_parent(left)
    gc.freeze()  # what is there stays there: no need to look through it again and again
    _work = work


def _work_all(jobs: Sequence[Job]) -> list[bytes]:
    """What became of jobs in a worker: pickled lists of outcomes, each of one job or all in one.

    Those of one job are pickled by themselves: what cannot be is a fault at its document.
    """
    assert _work is not None
    outcomes = []
    for job in jobs:
        try:
            with at_document(job.shown):
                outcomes.append(_work(job))
        except FaultError as fault:
            outcomes.append(_Outcome(error=str(fault), trace=fault.trace))
    if _work.pack is not None:
        with contextlib.suppress(Exception):  # a fault of one document is found below, or when it is written
            made = iter(_work.pack([outcome.made for outcome in outcomes if outcome.facts is not None]))
            packed = [o if o.facts is None else o._replace(made=next(made)) for o in outcomes]
            return [pickle.dumps(packed, pickle.HIGHEST_PROTOCOL)]
    found = []
    for job, outcome in zip(jobs, outcomes, strict=True):
        try:
            with at_document(job.shown):
                found.append(pickle.dumps([outcome], pickle.HIGHEST_PROTOCOL))
        except FaultError as fault:
            found.append(pickle.dumps([_Outcome(error=str(fault), trace=fault.trace)]))
    return found


def _parallel(
    jobs: Iterator[Job], processes: int, work: _Work
) -> Generator[tuple[Job, _Outcome], None, None]:
    # slow to load, and one process needs none of it
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415
    from concurrent.futures.process import BrokenProcessPool  # noqa: PLC0415

    loads = _loads(jobs)
    pool = ProcessPoolExecutor(processes, initializer=_start, initargs=(work, passing()))
    waiting: deque[tuple[list[Job], Future[list[bytes]]]] = deque()
    load: list[Job] = []
    try:
        while True:
            while len(waiting) < _AHEAD * processes and (load := next(loads, [])):
                waiting.append((load, pool.submit(_work_all, load)))
            if not waiting:
                return
            done, found = waiting[0]
            outcomes = found.result()
            waiting.popleft()
            jobs_done = iter(done)
            for some in outcomes:
                for outcome in pickle.loads(some):  # noqa: S301 - of a process of ours
                    yield next(jobs_done), outcome
    except BrokenProcessPool as broken:
        first = (waiting[0][0] if waiting else load)[0]
        raise InputError(
            f"{shown_path(first.path)}: a process was killed at this file or one of the next, "
            "perhaps for want of memory; use fewer processes"
        ) from broken
    finally:
        # who stops early waits for few; its thread must be at its end before the interpreter is, which
        # otherwise writes to a pipe that the thread closes
        pool.shutdown(cancel_futures=True)


def _loads(jobs: Iterator[Job]) -> Iterator[list[Job]]:
    """The jobs in loads for a worker."""
    load: list[Job] = []
    size = 0
    for job in jobs:
        load.append(job)
        size += _bytes(job)
        if size >= _LOAD or len(load) >= _MOST:
            yield load
            load, size = [], 0
    if load:
        yield load


def _bytes(job: Job) -> int:
    if job.of_table is not None:
        return 2 * len(job.of_table.text)
    try:
        return job.path.stat().st_size
    except (OSError, ValueError):  # an error of its own when it is read
        return 0
