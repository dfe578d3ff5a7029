"""What hostile input costs: texts of growing length, whose time should grow as they do, and small files.

    python bench/hostile.py texts [--size 100000]
    python bench/hostile.py files [NAME...] [--source src] [--seconds 100] [--gigabytes 8]

The second prints a table of the files that the tests are made of: what `zhreport extract` does with each, in
a process that is ended at so many seconds of processor time or so much memory. `--source` is the `src` of
another version, to compare with.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from bombs import BOMBS

PIECES: Final = (
    "1 一 万 、 ， “ ” （ 《 % 百分之 1元 1, 1%、 第 2023年 1月 增长 分别 全市1个 占1% 三分之 1—".split()
)
#: Makes a file, in a process of its own for the same reason.
_MADE: Final = "import sys; from bombs import BOMBS; sys.stdout.buffer.write(BOMBS[sys.argv[1]]())"
#: Sets the limits, which what it starts inherits, and becomes the command line.
_LIMITED: Final = """
import resource, runpy, sys
seconds, size = map(int, sys.argv.pop(1).split(","))
resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
resource.setrlimit(resource.RLIMIT_AS, (size, size))
runpy.run_module("zhreport", run_name="__main__")
"""


def texts(size: int) -> None:
    """Print seconds for a quarter and for the whole of the length."""
    from zhreport.report import Analyzer  # noqa: PLC0415 - its memory would count for what is started

    analyzer = Analyzer()
    print(f"{'text':8} {size // 4:>10} {size:>10}  characters, seconds")
    for piece in PIECES:
        times = []
        for length in (size // 4, size):
            text = (piece * length)[:length]
            start = time.perf_counter()
            analyzer.analyze(text, year=2024)
            times.append(time.perf_counter() - start)
        print(f"{piece:8} {times[0]:10.3f} {times[1]:10.3f}  ×{times[1] / max(times[0], 1e-6):.1f}")


def files(names: Sequence[str], source: Path, seconds: int, gigabytes: int) -> None:
    """Print a row for each file: its size, processor time, memory of the largest process, what was said."""
    print("| file | KB | s | MB | status | said |\n|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as place:
        for name in names or BOMBS:
            path = Path(place) / name
            with path.open("wb") as stream:
                tests = str(Path(__file__).resolve().parent.parent / "tests")
                command = [sys.executable, "-c", _MADE, name]
                subprocess.run(command, stdout=stream, env={**os.environ, "PYTHONPATH": tests}, check=True)
            row = _row(path, source, seconds, gigabytes)
            print(f"| {name} | {path.stat().st_size / 1000:,.1f} | {row} |", flush=True)
            path.unlink()


def _row(path: Path, source: Path, seconds: int, gigabytes: int) -> str:
    limits = f"{seconds},{gigabytes << 30}"
    with (path.parent / "said").open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-c", _LIMITED, limits, "extract", path.name, "-o", "out.csv"],
            cwd=path.parent,
            env={**os.environ, "PYTHONPATH": str(source.resolve())},
            stdout=said,
            stderr=said,
        )
        _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    lines = (path.parent / "said").read_text(encoding="utf-8", errors="replace").splitlines()
    line = lines[0] if lines else ""
    return f"{used.ru_utime + used.ru_stime:.1f} | {used.ru_maxrss // 1024} | {process.returncode} | {line}"


def main() -> None:
    """Print what is asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    kinds = parser.add_subparsers(dest="kind", required=True)
    of_texts = kinds.add_parser("texts")
    of_texts.add_argument("--size", type=int, default=100_000)
    of_files = kinds.add_parser("files")
    of_files.add_argument("names", nargs="*", choices=[[], *BOMBS], metavar="NAME")
    of_files.add_argument("--source", type=Path, default=Path(__file__).resolve().parent.parent / "src")
    of_files.add_argument("--seconds", type=int, default=100)
    of_files.add_argument("--gigabytes", type=int, default=8)
    args = parser.parse_args()
    if args.kind == "texts":
        texts(args.size)
    else:
        files(args.names, args.source, args.seconds, args.gigabytes)


if __name__ == "__main__":
    main()
