"""The documents of a run: files, rows of tables with reports, and what a metadata table says of them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from zhreport.batch.jobs import Job
from zhreport.batch.metadata_table import Metadata, Place, rows_of
from zhreport.errors import ZhreportError, at_document
from zhreport.files import Reading, shown_path, table_kind, table_rows
from zhreport.reading.readers import Row
from zhreport.tables.naming import doc_names, file_names, parts_of

__all__ = ["described", "jobs_of"]


def jobs_of(
    files: Sequence[tuple[Path, Path]], reading: Reading, failed: Callable[[ZhreportError], None]
) -> Iterator[Job]:
    """A job for every document of the files, each with a name of its own.

    Args:
        files: each with the folder that it is seen from, see `find_inputs`.
        reading: how they are read.
        failed: called with what is wrong with a table of reports, which is then left out.
    """
    found: list[tuple[Path, str, Row | None]] = []
    for (path, _), file in zip(files, file_names(files), strict=True):
        try:
            with at_document(shown_path(path)):
                kind = table_kind(path)
                if kind:
                    found += ((path, f"{file}#{row.number}", row) for row in table_rows(path, kind, reading))
                else:
                    found.append((path, file, None))
        except ZhreportError as error:
            failed(error)
    names = doc_names([(parts_of(path), row.name if row else "") for path, _, row in found])
    for (path, file, row), doc in zip(found, names, strict=True):
        yield Job(path=path, of_table=row, row=row.extra if row else {}, reading=reading, doc=doc, file=file)


def described(jobs: Sequence[Job], table: Metadata) -> tuple[list[Job], list[list[str]]]:
    """The jobs with what the rows of a metadata table say of them, and the names of these rows.

    Raises:
        InputError: two rows are about one document, or a year is none.
        UsageError: a row fits several documents.
    """
    rows = rows_of(table, [_place(job) for job in jobs])
    return [_described(job, table, names) for job, names in zip(jobs, rows, strict=True)], rows


def _place(job: Job) -> Place:
    row = job.of_table
    if row is None:
        return Place(job.path, job.file)
    return Place(job.path, job.file.rpartition("#")[0], row.name, row.number)


def _described(job: Job, table: Metadata, names: Sequence[str]) -> Job:
    """A job with what rows of the metadata table say of it, the last first."""
    years = [] if job.year is not None else [year for name in names if (year := table.year(name)) is not None]
    cells = {key: value for name in names for key, value in table.rows[name].items()}
    return replace(job, metadata_year=years[-1] if years else None, row={**job.row, **cells})
