"""Many files: one document after the other or in several processes, in the same order either way."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from zhreport.errors import InputError, MissingExtraError
from zhreport.files import Reading, of_row, read_one, shown_path
from zhreport.readers import Row
from zhreport.report import Analyzer, Report
from zhreport.stopping import follow_parent

__all__ = ["Job", "Result", "run"]


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of a job (the object that was given): a report, or a line that says why there is none."""

    job: Job
    report: Report | None
    error: str = ""


_analyzer: Analyzer | None = None  # of a worker process, made once


def _start(options: Mapping[str, Any]) -> None:
    global _analyzer  # noqa: PLW0603 - the only state a worker has
    follow_parent()
    _analyzer = Analyzer(**options)


def _work(job: Job) -> tuple[Report | None, str]:
    assert _analyzer is not None
    return _one(job, _analyzer)


def _one(job: Job, analyzer: Analyzer) -> tuple[Report | None, str]:
    """The report of a job, or None and why."""
    known: dict[str, Any] = {
        "year": job.year,
        "metadata_year": job.metadata_year,
        "metadata": job.row,
        "doc": job.doc,
        "file": job.file,
    }
    try:
        if job.of_table is not None:
            document = of_row(job.path, job.of_table, reading=job.reading, **known)
        else:
            document = read_one(job.path, job.reading, **known)
    except InputError as error:
        return None, str(error)
    except MissingExtraError as error:
        return None, f"{shown_path(job.path)}: {error}"
    return analyzer.analyze(document), ""


def run(
    jobs: Iterable[Job],
    *,
    processes: int = 1,
    analyzer: Analyzer | None = None,
    **options: Any,  # noqa: ANN401
) -> Iterator[Result]:
    """Analyze files, in their order, holding only a few in memory.

    Args:
        jobs: the files.
        analyzer: made with these options, if there is one already.
        processes: more than 1 starts so many workers; the results are the same, byte for byte.
        options: of the `Analyzer`; they go to the workers by pickle.

    Yields:
        A result for every job.

    Raises:
        UsageError, MissingExtraError, InputError, DataFileError: as the `Analyzer`; InputError also if a
            process was killed.
    """
    analyzer = analyzer or Analyzer(**options)  # an option that is wrong is an error here, not in a worker
    if processes <= 1:
        for job in jobs:
            report, error = _one(job, analyzer)
            yield Result(job=job, report=report, error=error)
        return
    todo = iter(jobs)
    with ExitStack() as stack:
        pool = stack.enter_context(ProcessPoolExecutor(processes, initializer=_start, initargs=(options,)))
        stack.callback(pool.shutdown, wait=False, cancel_futures=True)  # who stops early waits for few
        waiting = deque((job, pool.submit(_work, job)) for job in islice(todo, 4 * processes))
        while waiting:
            job, found = waiting.popleft()
            try:
                report, error = found.result()
                waiting.extend((more, pool.submit(_work, more)) for more in islice(todo, 1))
            except BrokenProcessPool as broken:
                raise InputError(
                    f"{shown_path(job.path)}: a process was killed at this file or one of the next, "
                    "perhaps for want of memory; use fewer processes"
                ) from broken
            yield Result(job=job, report=report, error=error)
