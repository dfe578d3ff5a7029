"""Try mutated texts, odd options and damaged files: nothing but the library's own errors may come out.

    python bench/fuzz.py SEED SECONDS [--kind KIND] [--texts FOLDER] [--inputs N] [--only N] [--keep FOLDER]
                         [--patience X]

Prints every other exception with the smallest input that was found for it, every input that takes longer
than time that grows with its length allows, every one that ends or hangs the process, and every one with
which the process has taken more than a gigabyte of memory. The inputs of a
seed are always the same, each made from its number alone: `--only N` tries one again. Exit status 1 if
anything was found.
"""

import argparse
import multiprocessing as mp
import os
import pathlib
import random
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from multiprocessing.connection import Connection
from typing import Any, Final, TypeVar

import mutations
from zhreport import Analyzer, Document, Reading, Report, ZhreportError, read, read_table
from zhreport.files import table_kind
from zhreport.writing.jsonl import JsonlWriter

_BLOCK: Final = 60  # inputs of one kind, with one analyzer, after each other
_HANGS: Final = 120.0  # seconds of processor time for one input, with making it smaller
_STUCK: Final = 3600.0  # seconds of the clock, for a process that waits for what does not come
_LARGEST: Final = 1_000_000_000  # bytes of memory
_KINDS_OF_INPUT: Final = ("text", "options", "file")
_SHRINK: Final = 20.0  # seconds for making an input smaller
#: Seconds of processor time that a step may take: so much (models are loaded, and the order of up to so many
#: broken lines is weighed), and so much for each character (of a file: for half a byte).
_ONCE: Final = 0.75
_EACH: Final = 60e-6
_PARAGRAPH: Final = 8  # characters that a paragraph, however short, counts for beside its own
_RETRIES: Final = 3
_EVERYTHING: Final = 0.1  # share of the texts of which everything is made; the others are analyzed

Input = TypeVar("Input", str, bytes)
Step = Callable[[], object]


@dataclass(frozen=True)
class Finding:
    """Something that must not happen.

    Attributes:
        number: of the input.
        what: the exception and where it was raised, or what took too long.
        example: the smallest input that was found.
    """

    number: int
    what: str
    example: str


@dataclass
class Figures:
    """What was tried: number of inputs of each kind, errors of the library's own, slowest of each step."""

    inputs: Counter[str] = field(default_factory=Counter)
    own_errors: int = 0
    slowest: dict[str, float] = field(default_factory=dict)  # ms for 1,000 characters, in long enough texts
    findings: list[Finding] = field(default_factory=list)

    def add(self, other: "Figures") -> None:
        """Take the figures of another part of the run."""
        self.inputs += other.inputs
        self.own_errors += other.own_errors
        self.findings += other.findings
        for step, value in other.slowest.items():
            self.slowest[step] = max(value, self.slowest.get(step, 0.0))


class SlowError(Exception):
    """A step took too long."""


class Fuzzer:
    """Tries the inputs of a seed.

    Args:
        seed: which inputs.
        texts: beside the sentences that the inputs are made of.
        folder: for files.
        keep: where inputs that are files and found guilty are kept.
        patience: how many times the usual time a step may take.
        only: the kinds of input that are tried; all if empty.
    """

    def __init__(
        self,
        seed: int,
        texts: list[str],
        folder: pathlib.Path,
        keep: pathlib.Path,
        patience: float = 1.0,
        only: Sequence[str] = (),
    ) -> None:
        self._seed = seed
        self._texts = texts
        self._folder = folder
        self._keep = keep
        self._patience = patience
        self._only = only
        self._large = False
        self._usual = cache(lambda name: Analyzer(tokenizer=name))
        self._block: tuple[int, dict[str, Any], Analyzer] | None = None
        self.figures = Figures()

    def random(self, *what: object) -> random.Random:
        """A generator for one thing, the same whatever was tried before."""
        return random.Random(f"{self._seed} {what}")  # noqa: S311 - no secret

    def one(self, number: int) -> None:
        """Try one input."""
        kind = _KINDS_OF_INPUT[number // _BLOCK % 3]
        if self._only and kind not in self._only:
            return
        self.figures.inputs[kind] += 1
        rng = self.random("input", number)
        whole = rng.random() < _EVERYTHING
        if kind == "file":
            (name, data), how = mutations.file(rng, self._texts), mutations.reading(rng)
            self._judge(
                number, data, lambda value: self._file(name, value, how, whole), pathlib.PurePath(name).suffix
            )
            return
        text = mutations.text(rng, self._texts)
        if kind == "text":
            name = rng.choice(("auto", "auto", "auto", "jieba"))
            self._judge(number, text, lambda value: self._text(self._usual(name), value, whole))
            return
        found = self._analyzer(number // _BLOCK, number)
        if found:
            chosen, analyzer = found
            self._judge(number, text, lambda value: self._text(analyzer, value, whole), f" with {chosen}")

    def _analyzer(self, block: int, number: int) -> tuple[dict[str, Any], Analyzer] | None:
        """The analyzer of a block: the first options drawn that are not refused."""
        if self._block and self._block[0] == block:
            return self._block[1:]
        for attempt in range(60):
            chosen = mutations.options(self.random("options", block, attempt))
            try:
                analyzer = Analyzer(**mutations.made(chosen))
            except ZhreportError:
                self.figures.own_errors += 1
                continue
            except Exception as error:  # noqa: BLE001 - that is what is looked for
                self._found(number, _where(error), _smaller_options(chosen, _where(error)))
                continue
            self._block = block, chosen, analyzer
            return chosen, analyzer
        return None

    def _judge(self, number: int, value: Input, act: Callable[[Input], None], context: str = "") -> None:
        try:
            act(value)
        except ZhreportError:
            self.figures.own_errors += 1
        except Exception as error:  # noqa: BLE001 - that is what is looked for
            where = _where(error)
            small = shrunk(value, lambda v: _raised(act, v) == where)
            if isinstance(small, bytes):
                self._keep.mkdir(parents=True, exist_ok=True)
                path = self._keep / f"{self._seed}-{number}{context}"
                path.write_bytes(small)
                self._found(number, where, f"{len(small)} bytes, kept as {path}: {small[:80]!r}")
            else:
                self._found(number, where, f"{small!r}{context}")

    def weigh(self, number: int) -> None:
        """Has the process taken too much memory by now?"""
        if not self._large and _memory() > _LARGEST:
            self._large = True
            self._found(number, f"more than {_LARGEST:,} bytes of memory", f"see --only {number}")

    def _found(self, number: int, what: str, example: str) -> None:
        self.figures.findings.append(Finding(number, what, example))

    def _text(self, analyzer: Analyzer, text: str, whole: bool) -> None:
        reports: list[Report] = []
        self._timed("analyze", len(text), lambda: reports.append(analyzer.analyze(text)))
        self._timed("explain", len(text), lambda: analyzer.explain(text))
        if not whole:
            return
        self._report(analyzer, reports[0])
        cleaned = self._folder / "text.txt"
        cleaned.write_bytes(text.encode("utf-8", "replace"))
        for repair in ("suggest", "join"):
            self._timed(f"read, {repair}", len(text), lambda: _read(cleaned, repair=repair))  # noqa: B023

    def _report(self, analyzer: Analyzer, report: Report) -> None:
        """Everything that can be made of a report."""
        document = report.document
        places = [(claim.start, claim.end, claim.text) for claim in report.claims]
        places += [(campaign.start, campaign.end, campaign.name) for campaign in report.campaigns]
        for start, end, text in places:
            assert document.text[start:end] == text, "a record that stands elsewhere"
        steps: dict[str, Step] = {
            "explain_themes": lambda: analyzer.explain_themes(document),
            "tokens": lambda: _joined(analyzer, document),
            "to_html": report.to_html,
            "_repr_html_": report._repr_html_,
            "to_arrow": lambda: [report.to_arrow(kind) for kind in _KINDS],
            "to_pandas": lambda: [report.to_pandas(kind) for kind in _KINDS],
            "to_dicts": lambda: [report.to_dicts(kind) for kind in _KINDS[:2]],
            "records": lambda: list(report.records()),
            "jsonl": lambda: _jsonl(report),
            "campaign_counts": report.campaign_counts,
        }
        size = len(document.text) + _PARAGRAPH * len(document.paragraphs)
        for name, step in steps.items():
            self._timed(name, size, step)

    def _file(self, name: str, data: bytes, how: dict[str, Any], whole: bool) -> None:
        path = self._folder / name
        path.write_bytes(data)
        documents: list[Document] = []
        self._timed(f"read {path.suffix}", 2 * len(data), lambda: documents.extend(_documents(path, how)))
        for document in documents[:3]:
            report = self._usual("auto").analyze(document)
            if whole:
                self._report(self._usual("auto"), report)

    def _timed(self, name: str, size: int, step: Step) -> None:
        """Do a step; one that takes too long is done again, for other work may have held it up.

        Raises:
            SlowError: it takes too long each time.
        """
        allowed = (_ONCE + size * _EACH) * self._patience
        taken = _seconds(step)
        for _ in range(_RETRIES):
            if taken < allowed:
                break
            taken = min(taken, _seconds(step))
        if size >= 2000:
            self.figures.slowest[name] = max(self.figures.slowest.get(name, 0.0), taken * 1e6 / size)
        if taken >= allowed:
            raise SlowError(name)


_KINDS: Final = ("claims", "campaigns", "paragraphs", "documents")


class _Nowhere:
    """A stream that keeps nothing."""

    def write(self, data: bytes) -> int:
        return len(data)


def _jsonl(report: Report) -> None:
    JsonlWriter(_Nowhere()).write(report, {"note": "\ud800"})  # type: ignore[arg-type]


def _joined(analyzer: Analyzer, document: Document) -> None:
    joined = "".join(token.text for token in analyzer.tokens(document))
    assert joined == document.text, "tokens that do not make the text"


def _read(path: pathlib.Path, **options: Any) -> None:  # noqa: ANN401 - of `read`
    try:
        read(path, **options)
    except ZhreportError:
        return


def _documents(path: pathlib.Path, how: dict[str, Any]) -> Iterator[Document]:
    if table_kind(path):
        yield from read_table(path, reading=Reading(**how))
    else:
        yield read(path, **how)


def _seconds(step: Step) -> float:
    start = time.process_time()
    step()
    return time.process_time() - start


def _where(error: Exception) -> str:
    """An exception and the last function of the library that it came through."""
    if isinstance(error, SlowError):
        return f"too long: {error}"
    frames = traceback.extract_tb(error.__traceback__)
    own = [f for f in frames if "zhreport" in pathlib.PurePath(f.filename).parts] or frames
    place = f"{pathlib.PurePath(own[-1].filename).name}:{own[-1].lineno} {own[-1].name}"
    what = str(error) if isinstance(error, AssertionError) else ""
    return f"{type(error).__name__} {what} at {place}"


def _raised(act: Callable[[Input], None], value: Input) -> str:
    try:
        act(value)
    except ZhreportError:
        return ""
    except Exception as error:  # noqa: BLE001 - that is what is looked for
        return _where(error)
    return ""


def shrunk(value: Input, guilty: Callable[[Input], bool], seconds: float = _SHRINK) -> Input:
    """A smaller input that is guilty too: ever smaller stretches are left out while there is time.

    >>> shrunk("abcdefgh", lambda text: "c" in text and "g" in text)
    'cg'
    """
    until = time.monotonic() + seconds
    size = len(value) // 2
    while size:
        at = 0
        while at < len(value) and time.monotonic() < until:
            less = value[:at] + value[at + size :]
            if guilty(less):
                value = less
            else:
                at += size
        size //= 2
    return value


def _smaller_options(chosen: dict[str, Any], where: str) -> str:
    """The options without those that are not to blame."""

    def fails(options: dict[str, Any]) -> bool:
        def make(_: str) -> None:
            Analyzer(**mutations.made(options))

        return _raised(make, "") == where

    for name in list(chosen):
        less = {key: value for key, value in chosen.items() if key != name}
        if fails(less):
            chosen = less
    for name in ("words", "vocabulary", "tokens", "units"):
        for entry in list(chosen.get(name, ())):
            kept = chosen[name]
            fewer = (
                {key: value for key, value in kept.items() if key != entry}
                if isinstance(kept, dict)
                else [value for value in kept if value != entry]
            )
            if fails({**chosen, name: fewer}):
                chosen = {**chosen, name: fewer}
    return f"Analyzer(**{chosen})"


def _work(pipe: Connection, args: argparse.Namespace, texts: list[str], first: int, until: float) -> None:
    """Try one input after the other; say which one is tried, then what was found."""
    with tempfile.TemporaryDirectory() as folder:
        fuzzer = Fuzzer(args.seed, texts, pathlib.Path(folder), args.keep, args.patience, args.kind)
        numbers = [args.only] if args.only is not None else count(first)
        for number in numbers:
            if time.time() > until or (args.inputs is not None and number >= args.inputs):
                break
            pipe.send(number)
            fuzzer.one(number)
            fuzzer.weigh(number)
            pipe.send(fuzzer.figures)
            fuzzer.figures = Figures()
    pipe.send(None)


def _waited(pipe: Connection, pid: int | None) -> bool:
    """Wait for a message as long as the process may work at one input, however slow the machine is."""
    end, begun = time.monotonic() + _STUCK, _worked(pid)
    while not pipe.poll(_HANGS / 10):
        if _worked(pid) - begun > _HANGS or time.monotonic() > end:
            return False
    return True


def _worked(pid: int | None) -> float:
    """Seconds of processor time that a process has taken; where that cannot be asked, those of the clock."""
    try:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return time.monotonic()
    user, system = fields.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _memory() -> int:
    """The most memory that this process has taken, in bytes; 0 where that cannot be asked."""
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return 0
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def run(args: argparse.Namespace, texts: list[str], work: Callable[..., None] = _work) -> Figures:
    """Try inputs in a process of their own; where it ends or hangs, that is found, and a new one goes on."""
    figures = Figures()
    until = time.time() + args.seconds
    context = mp.get_context("spawn")
    number = first = 0
    while True:
        ours, theirs = context.Pipe(duplex=False)
        child = context.Process(target=work, args=(theirs, args, texts, first, until), daemon=True)
        child.start()
        theirs.close()
        why = ""
        try:
            while not why:
                if not _waited(ours, child.pid):
                    why = f"hangs for more than {_HANGS:.0f} s"
                    break
                message = ours.recv()
                if message is None:
                    child.join()
                    return figures
                if isinstance(message, Figures):
                    figures.add(message)
                else:
                    number = message
        except EOFError:
            child.join()
            why = f"ended the process with status {child.exitcode}"
        child.kill()
        child.join()
        figures.findings.append(Finding(number, why, f"see --only {number}"))
        if args.only is not None:
            return figures
        first = number + 1


def report(args: argparse.Namespace, figures: Figures) -> None:
    """Print the figures and, for everything found, its first example."""
    kinds = ", ".join(f"{figures.inputs[kind]} {kind}" for kind in _KINDS_OF_INPUT)
    print(f"seed {args.seed}: {figures.inputs.total()} inputs ({kinds}), {figures.own_errors} own errors")
    slowest = sorted(figures.slowest.items(), key=lambda item: -item[1])
    print("slowest, ms for 1,000 characters (file: 500 bytes):")
    print("   " + ", ".join(f"{name} {value:.1f}" for name, value in slowest))
    by_place: dict[str, list[Finding]] = {}
    for finding in figures.findings:
        by_place.setdefault(finding.what, []).append(finding)
    for what, same in by_place.items():
        smallest = min(same, key=lambda finding: len(finding.example))
        print(f"\n{what}  ({len(same)} times, input {smallest.number})\n   {smallest.example[:2000]}")
    print(f"\n{len(figures.findings)} findings of {len(by_place)} kinds")


def main() -> None:
    """Run and print; exit with 1 if anything was found."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("seed", type=int)
    parser.add_argument("seconds", type=float)
    parser.add_argument("--kind", action="append", default=[], choices=_KINDS_OF_INPUT, help="only these")
    parser.add_argument("--texts", type=pathlib.Path, action="append", default=[], metavar="FOLDER")
    parser.add_argument("--inputs", type=int, help="stop after so many inputs")
    parser.add_argument("--only", type=int, metavar="N", help="try only the input of this number")
    parser.add_argument("--patience", type=float, default=1.0, help="times the usual time that is allowed")
    parser.add_argument("--keep", type=pathlib.Path, default=pathlib.Path("fuzz-found"), metavar="FOLDER")
    args = parser.parse_args()
    folders = [mutations.ROOT / "corpora" / "samples", *args.texts]
    paths = [path for folder in folders for path in sorted(folder.rglob("*.txt"))]
    figures = run(args, [path.read_text(encoding="utf-8", errors="replace") for path in paths])
    report(args, figures)
    sys.exit(bool(figures.findings))


if __name__ == "__main__":
    main()
