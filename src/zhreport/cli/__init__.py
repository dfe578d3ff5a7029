"""The command line: every command of `zhreport`, a module for those that belong together."""

import gc
import io
import os
import secrets
import sys
import tempfile
from contextlib import suppress
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Final

import click

from zhreport.cli.configuration import CONTEXT
from zhreport.stopping import at_stop, stop, take_signals, temporary

__all__ = ["COMMANDS", "cli", "main"]


#: Command → the module that has it, imported when the command is asked for.
COMMANDS: Final = {
    "extract": "extract",
    "view": "look",
    "explain": "look",
    "panel": "panels",
    "indicators": "panels",
    "audit": "audits",
    "find": "ask",
    "sheet": "agree",
    "agreement": "agree",
    "train": "train",
    "evaluate": "train",
    "corpus": "train",
}


#: New objects after which the youngest are looked through for cycles: what a start makes, some 50,000 that
#: stay, is not looked through again and again.
_SELDOM: Final = 100_000


class _Commands(click.Group):
    """The commands; a run imports the module of its own alone."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - as click calls it
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        found: click.Command = getattr(import_module(f"zhreport.cli.{COMMANDS[cmd_name]}"), cmd_name)
        return found


@click.group(cls=_Commands, context_settings=CONTEXT)
@click.version_option(package_name="zhreport", prog_name="zhreport")
def cli() -> None:
    """Turn Chinese work reports (政府工作报告, 工作总结, 统计公报) into data.

    Example: zhreport extract reports/ -o claims.csv
    """


def main() -> None:
    """The console script.

    Errors of usage end with 2, after click's convention; SIGINT, SIGTERM and SIGHUP with 130, 143 and 129,
    and output that nobody reads with 141.
    """
    _in_utf8()
    gc.set_threshold(_SELDOM)
    # the matrices here are small: threads for their products only wait for each other
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    take_signals()
    _standard_streams()
    folder = Path(tempfile.gettempdir()) / f"zhreport-{secrets.token_hex(4)}"
    # the libraries of this run, its workers and what they start put their temporary files there
    with temporary(folder):
        with suppress(OSError):
            folder.mkdir(mode=0o700)
            tempfile.tempdir = os.environ["TMPDIR"] = str(folder)
        try:
            cli(prog_name="zhreport")
        finally:
            sys.stdout.flush()


def _in_utf8() -> None:
    """Begin anew where the locale has no Chinese characters: names and questions would not be what they are.

    Python does so by itself for `LC_ALL=C`, unless it is told not to.
    """
    try:
        "粮".encode(sys.getfilesystemencoding())
    except UnicodeEncodeError:
        os.execv(sys.executable, [sys.executable, "-X", "utf8", *sys.orig_argv[1:]])  # noqa: S606 - ourselves


def _standard_streams() -> None:
    """Write UTF-8; where standard output is closed or full, one line says so and the run ends."""
    from zhreport.writing.output import Output  # noqa: PLC0415 - after `main` has set how to collect garbage

    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - until the program ends
    elif isinstance(sys.stderr, io.TextIOWrapper):
        sys.stderr.reconfigure(encoding="utf-8", errors="replace")
        if sys.stderr.isatty():  # a progress bar hides the cursor
            at_stop(partial(os.write, sys.stderr.fileno(), b"\x1b[?25h\n"))
    if sys.stdout is None:  # what is opened next must not get its place
        os.dup2(os.open(os.devnull, os.O_RDONLY), 1)
        output = Output(os.fdopen(1, "wb"), _unwritten)
    else:
        output = Output(sys.stdout.buffer, _unwritten)
    line = output.isatty()
    sys.stdout = io.TextIOWrapper(output, encoding="utf-8", errors="replace", line_buffering=line)


def _unwritten(error: OSError) -> None:
    with suppress(OSError):
        click.echo(f"zhreport: standard output: cannot be written ({error.strerror})", err=True)
    stop(1)
