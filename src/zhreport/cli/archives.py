"""The reports that panel and audit are made of: those of files, or of a store, which is not loaded."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from zhreport.batch import Job
from zhreport.batch.closing import Closing, Facts
from zhreport.cli.shared import Inputs, gather, keep_apart, start_log
from zhreport.corpus import Corpus
from zhreport.errors import InputError
from zhreport.files import Reading
from zhreport.panel import PanelDocument, document_of
from zhreport.report import Report
from zhreport.store import Store

__all__ = ["Opened", "gather_reports"]

#: Opens the reports for as long as they are read.
Opened = Callable[[], AbstractContextManager[Sequence[PanelDocument] | Corpus]]


def gather_reports(
    paths: Sequence[str],
    metadata: Path | None,
    outputs: Sequence[Path],
    *,
    processes: int,
    analysis: dict[str, Any],
    reading: Reading,
) -> tuple[Inputs, Opened]:
    """The inputs of a command, and what opens the reports under some paths or of one store."""
    stored = len(paths) == 1 and Path(paths[0]).suffix.lower() == ".duckdb"
    if stored and metadata is not None:
        raise click.BadParameter("a store has the metadata of its reports", param_hint="--metadata")
    keep_apart(outputs, map(Path, paths) if stored else ())
    if stored:
        start_log()
        inputs = Inputs([], None, [])
    else:
        inputs = gather(paths, metadata, outputs=outputs, reading=reading)

    @contextmanager
    def of_store() -> Iterator[Corpus]:
        path = Path(paths[0])
        try:
            path.stat()  # a store that is not there would be made
        except OSError as error:
            raise InputError(
                f"{path}: cannot be opened as a store ({error.strerror}); check the path"
            ) from error
        with Corpus(Store(path)) as found:
            _tell(found, inputs.closing)
            yield found

    @contextmanager
    def of_files() -> Iterator[Sequence[PanelDocument]]:
        documents: list[PanelDocument] = []

        def keep(job: Job, report: Report) -> None:
            documents.append(replace(document_of(report), source=job.shown))

        inputs.each(inputs.todo, keep, processes=processes, themes=False, **analysis)
        if not documents:
            raise InputError("no report could be read; nothing was written")
        yield documents

    return inputs, of_store if stored else of_files


def _tell(found: Corpus, closing: Closing) -> None:
    """Tell the closing line of the reports of a store."""
    counts = {kind: found.counts(kind) for kind in ("claims", "campaigns", "paragraphs")}
    for row in found.documents():
        claims, campaigns, paragraphs = (counts[kind].get(row["file"], 0) for kind in counts)
        facts = Facts(
            file=row["file"],
            digest=row.get("sha256") or "",
            counts=(claims, campaigns, paragraphs),
            year=row["year"],
            region=row["region_conflict"] or "",  # null of a report from before there was the column
            conflict=row["year_conflict"] or "",
        )
        closing.add(facts)
