"""`zhreport panel`: region, year and indicator."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import click

from zhreport.batch import Job
from zhreport.batch.closing import Closing, Facts
from zhreport.cli.shared import (
    CONTEXT,
    JOBS,
    METADATA,
    PATHS,
    TOKENIZER,
    Command,
    Inputs,
    check_place,
    collecting,
    finish,
    gather,
    keep_apart,
    line_of,
    reading_options,
    start_log,
    telling_options,
)
from zhreport.errors import FaultError, InputError
from zhreport.files import Reading
from zhreport.panel import (
    PanelDocument,
    default_catalogue,
    document_of,
    documents_of_rows,
    read_catalogue,
)
from zhreport.panel import panel as make_panel
from zhreport.report import Report
from zhreport.store import Store
from zhreport.tables import KINDS
from zhreport.writing import write_panel
from zhreport.writing.output import replacing


@click.command(cls=Command, context_settings=CONTEXT)
@PATHS
@METADATA
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), callback=check_place, required=True, metavar="OUT"
)
@click.option(
    "--indicator", "chosen", multiple=True, metavar="ID", help="Only this indicator; may be given again."
)
@click.option(
    "--catalogue", "own", type=click.Path(path_type=Path), metavar="FILE", help="Indicators of your own."
)
@click.option("--complete", is_flag=True, help="Also a row for what a report does not state.")
@TOKENIZER
@JOBS
@telling_options
@reading_options
def panel(
    paths: Sequence[str],
    metadata: Path | None,
    output: Path,
    chosen: Sequence[str],
    own: Path | None,
    complete: bool,
    tokenizer: str,
    jobs: int,
    reading: Reading,
) -> None:
    r"""Build a panel of region, year and indicator from the reports under PATH, or from one .duckdb store.

    A file that cannot be read is named on standard error; the others are done, and the exit status is 1.

    \b
    Example:
      zhreport panel reports/ --metadata reports/metadata.csv -o panel.csv
    """
    form = output.suffix.lower().lstrip(".")
    if form not in ("csv", "jsonl"):
        raise click.BadParameter(f"the ending of {output} is none of .csv, .jsonl", param_hint="-o")
    stored = len(paths) == 1 and Path(paths[0]).suffix.lower() == ".duckdb"
    if stored and metadata is not None:
        raise click.BadParameter("a store has the metadata of its reports", param_hint="--metadata")
    keep_apart([output], [own, *(map(Path, paths) if stored else ())])
    catalogue = default_catalogue() if own is None else read_catalogue(own)
    make_panel((), catalogue=catalogue, indicators=chosen)  # an unknown one ends the command here
    if stored:
        start_log()
        inputs = Inputs([], None, [])
    else:
        inputs = gather(paths, metadata, outputs=[output], reading=reading)

    def failed(fault: FaultError) -> None:
        inputs.errors.append(line_of(fault))
        inputs.closing.lose(str(fault))

    with collecting(inputs.errors):
        documents: list[PanelDocument] = []
        if stored:
            documents = _stored(Path(paths[0]), inputs.closing, failed)
        else:
            inputs.each(
                inputs.todo,
                lambda job, report: documents.append(_document(job, report)),
                processes=jobs,
                tokenizer=tokenizer,
                themes=False,
            )
        if not documents:
            raise InputError("no report could be read; nothing was written")
        rows = make_panel(
            documents, catalogue=catalogue, indicators=chosen or None, complete=complete, failed=failed
        )
        with replacing(output) as stream:
            write_panel(rows, stream, form)
    finish(inputs)


def _document(job: Job, report: Report) -> PanelDocument:
    region = report.document.metadata.region
    document = document_of(
        report, region=region.name or report.document.name, region_code=region.code, level=region.level
    )
    return replace(document, source=job.shown)


def _stored(path: Path, closing: Closing, failed: Callable[[FaultError], None]) -> list[PanelDocument]:
    try:
        path.stat()  # a store that is not there would be made
    except OSError as error:
        raise InputError(f"{path}: cannot be opened as a store ({error.strerror}); check the path") from error
    with Store(path) as store:
        rows = {kind: store.rows(kind) for kind in KINDS}
    counts = [Counter(row["file"] for row in rows[kind]) for kind in ("claims", "campaigns", "paragraphs")]
    found = documents_of_rows(rows["documents"], rows["claims"], rows["paragraphs"], failed=failed)
    described = {row["file"]: row for row in rows["documents"]}
    for document in found:
        claims, campaigns, paragraphs = (count[document.file] for count in counts)
        row = described[document.file]
        facts = Facts(
            digest=document.sha256,
            counts=(claims, campaigns, paragraphs),
            year=document.year,
            region=row["region_conflict"] or "",  # null of a report from before there was the column
            conflict=row["year_conflict"] or "",
        )
        closing.add(document.file, facts)
    return found
