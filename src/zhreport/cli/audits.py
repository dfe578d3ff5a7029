"""`zhreport audit`: do the figures of reports agree?"""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from zhreport.audit import CERTAINTIES, OUTCOMES, Audit, Finding
from zhreport.audit import audit as make_audit
from zhreport.cli.archives import gather_reports
from zhreport.cli.configuration import CONTEXT
from zhreport.cli.shared import (
    JOBS,
    METADATA,
    PATHS,
    Command,
    analyzer_options,
    check_place,
    collecting,
    finish,
    reading_options,
    telling_options,
)
from zhreport.errors import UsageError
from zhreport.files import Reading
from zhreport.tables import provenance
from zhreport.writing import TABLE_ENDINGS, check_table_ending, write_table

_SHOWN = 200  # characters of a sentence on the screen


@click.command(cls=Command, context_settings=CONTEXT)
@PATHS
@METADATA
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    callback=check_place,
    metavar="OUT",
    help=f"Write all findings to a file; the ending decides the format: {', '.join(TABLE_ENDINGS)}.",
)
@click.option(
    "--certainty",
    type=click.Choice(CERTAINTIES),
    default=CERTAINTIES[-1],
    help="On the screen, only findings that are at least so sure; all if not given.",
)
@analyzer_options
@JOBS
@telling_options
@reading_options
def audit(
    paths: Sequence[str],
    metadata: Path | None,
    output: Path | None,
    certainty: str,
    analysis: dict[str, Any],
    jobs: int,
    reading: Reading,
) -> None:
    r"""Compare the figures of the reports under PATH, or of one .duckdb store: totals, shares, growth, ranks.

    What does not agree within the digits written is a finding, with its sentences and its arithmetic. Without
    --output, the findings are shown. Findings are no error: the exit status is 0.

    \b
    Examples:
      zhreport audit reports/ -o findings.xlsx
      zhreport audit report-2024.txt report-2025.txt --certainty likely
      zhreport audit archive.duckdb -o findings.csv
    """
    if output is not None:
        try:
            check_table_ending(output)
        except UsageError as error:
            raise click.BadParameter(str(error), param_hint="-o") from error
    outputs = [output] if output else []
    inputs, opened = gather_reports(
        paths, metadata, outputs, processes=jobs, analysis=analysis, reading=reading
    )
    with collecting(inputs.errors), opened() as reports:
        found = make_audit(reports, failed=inputs.failed)
        if output is None:
            _show(found, CERTAINTIES[: CERTAINTIES.index(certainty) + 1])
        else:
            for remark in write_table(found.table(), output, provenance=provenance()):
                inputs.warnings.append(f"{output}: {remark}")
    finish(inputs)


def _show(found: Audit, certainties: Sequence[str]) -> None:
    """The findings, and at the end how many of each outcome; targets that were reached count only there."""
    for finding in found:
        if finding.outcome != OUTCOMES[-1] and finding.certainty in certainties:
            _show_one(finding)
    counts = Counter(finding.outcome for finding in found)
    click.echo(", ".join(f"{counts[outcome]} {outcome.replace('_', ' ')}" for outcome in OUTCOMES))


def _show_one(finding: Finding) -> None:
    click.echo(f"{finding.check} ({finding.certainty}): {finding.arithmetic}")
    before = ""
    for place in finding.places[:2]:
        where = f"{place.file or place.doc}:{place.line}" if place.line else place.file or place.doc
        sentence = place.sentence if place.sentence != before else ""
        cut = f"{sentence[:_SHOWN]}…" if len(sentence) > _SHOWN else sentence
        click.echo(f"    {where}  {place.measured} {place.text}".rstrip())
        if cut:
            click.echo(f"        {cut}")
        before = place.sentence
