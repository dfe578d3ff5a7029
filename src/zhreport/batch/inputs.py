"""The documents of a run: files, rows of tables with reports, and what a metadata table says of them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from zhreport.batch.jobs import Job
from zhreport.batch.metadata_table import Metadata, Place, rows_of
from zhreport.errors import ZhreportError, at_document
from zhreport.files import Reading, shown_path, table_kind, table_rows
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
    found: list[tuple[Path, str, int, str]] = []
    for (path, _), file in zip(files, file_names(files), strict=True):
        try:
            with at_document(shown_path(path)):
                kind = table_kind(path)
                if kind:  # of its rows only what they are called: the texts are read when their turn comes
                    found += [(path, file, row.number, row.name) for row in table_rows(path, kind, reading)]
                else:
                    found.append((path, file, 0, ""))
        except ZhreportError as error:
            failed(error)
    parts = {path: parts_of(path) for path, *_ in found}
    names = doc_names([(parts[path], name) for path, _, _, name in found])
    for (path, file, number, name), doc in zip(found, names, strict=True):
        place = f"{file}#{number}" if number else file
        yield Job(path=path, number=number, name=name, reading=reading, doc=doc, file=place)


def described(jobs: Sequence[Job], table: Metadata) -> tuple[list[Job], list[list[str]]]:
    """The jobs with what the rows of a metadata table say of them, and the names of these rows.

    Raises:
        InputError: two rows are about one document, or a year is none.
        UsageError: a row fits several documents.
    """
    rows = rows_of(table, [_place(job) for job in jobs])
    return [_described(job, table, names) for job, names in zip(jobs, rows, strict=True)], rows


def _place(job: Job) -> Place:
    file = job.file.rpartition("#")[0] if job.number else job.file
    return Place(job.path, file, job.name, job.number)


def _described(job: Job, table: Metadata, names: Sequence[str]) -> Job:
    """A job with what rows of the metadata table say of it, the last first."""
    years = [] if job.year is not None else [year for name in names if (year := table.year(name)) is not None]
    cells = {key: value for name in names for key, value in table.rows[name].items()}
    return replace(job, metadata_year=years[-1] if years else None, row={**job.row, **cells})
