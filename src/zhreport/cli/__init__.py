"""The command line: every command of `zhreport`, a module for those that belong together."""

import sys

import click

from zhreport.cli.coding import agreement, sheet
from zhreport.cli.extract import extract
from zhreport.cli.look import explain, view
from zhreport.cli.panel import panel
from zhreport.cli.shared import CONTEXT
from zhreport.cli.themes import corpus, evaluate, train

__all__ = ["cli", "main"]


@click.group(context_settings=CONTEXT)
@click.version_option(package_name="zhreport", prog_name="zhreport")
def cli() -> None:
    """Turn Chinese work reports (政府工作报告, 工作总结, 统计公报) into data.

    Example: zhreport extract reports/ -o claims.csv
    """


for _command in (extract, view, explain, panel, sheet, agreement, train, evaluate, corpus):
    cli.add_command(_command)


def main() -> None:
    """The console script."""
    # Errors of usage end with 2 and an interruption with 1, after click's convention.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    cli(prog_name="zhreport")
