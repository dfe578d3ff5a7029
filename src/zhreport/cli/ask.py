"""`zhreport find`: figures by what is measured, in one's own words."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from zhreport.cli.configuration import CONTEXT
from zhreport.cli.shared import JOBS, METADATA, Command, analyzer_options, fail, reading_options
from zhreport.corpus import corpus
from zhreport.files import Reading

__all__ = ["find"]


@click.command(cls=Command, context_settings=CONTEXT)
@click.argument("question")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@METADATA
@click.option("--region", multiple=True, help="Only reports of this place; may be repeated.")
@click.option("--year", type=int, multiple=True, help="Only reports of this year; may be repeated.")
@click.option(
    "-n",
    "--most",
    type=click.IntRange(1),
    default=5,
    show_default=True,
    help="How many figures to show at most.",
)
@analyzer_options
@JOBS
@reading_options
def find(
    question: str,
    paths: Sequence[str],
    metadata: Path | None,
    region: Sequence[str],
    year: Sequence[int],
    most: int,
    analysis: dict[str, Any],
    jobs: int,
    reading: Reading,
) -> None:
    r"""Find the figures that QUESTION asks for in the reports under PATH, or in a .duckdb store.

    \b
    Examples:
      zhreport find "2023年云岭市城镇新增就业" archive.duckdb
      zhreport find "GDP增长目标" reports/ --region 云岭市 -n 3
    """
    chosen: dict[str, Any] = {n: list(v) for n, v in (("region", region), ("year", year)) if v}
    with corpus(
        list(paths), metadata=metadata, reading=reading, processes=jobs, themes=False, **analysis
    ) as found:
        answers = found.find(question, most=most, **chosen)
        errors = list(found.errors)
    if not answers:
        click.echo("no figure found")
    for answer in answers:
        claim = answer.claim
        arrow = {"up": " ↑", "down": " ↓"}.get(claim["direction"], "")
        what = " ".join(filter(None, (claim["kind"] + arrow, claim["status"], claim["period"])))
        click.echo(f"{claim['indicator']}  {claim['text']}  ({what})  {answer.score:.2f}")
        click.echo(f"    {claim['file']} {claim['start']}–{claim['end']}")
        click.echo(f"    {answer.sentence}")
    if errors:
        fail(errors)
