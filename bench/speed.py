"""Speed of the named stages, beside one plain jieba pass over the same text in the same run.

    python bench/speed.py [FOLDER] [--tokenizer auto|jieba|rjieba] [--repeats 5] [--all] [--documents 1000]

FOLDER holds `.txt` reports; the samples of this project by default. Every case is run `--repeats` times
in turn with `jieba.lcut(text, HMM=False)`, and the medians are compared: machines are noisy, ratios of CPU
time are less so. Prints characters per second and the ratio to the jieba pass.

`--all` also prints from bytes to JSON lines, both tokenizers, peers that are installed (JioNLP, posseg of
jieba), how long starts take, what the parent and its workers use with `--jobs 1` and `--jobs 2`, and time and
memory for `--documents` short texts (may be given several times) as JSON lines and in a store, and for one of
2 million characters. `docs/speed.md` has a table of it.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from tempfile import TemporaryDirectory

import jieba

from run_cost import cost_of
from zhreport import read
from zhreport.campaigns import CampaignExtractor
from zhreport.claims import ClaimExtractor
from zhreport.document import make_document
from zhreport.quantities import Scanner
from zhreport.report import Analyzer
from zhreport.themes import default_model, tag
from zhreport.timeframe import timeframe
from zhreport.words.folding import fold
from zhreport.words.lexicon import default_lexicon
from zhreport.words.tokens import make_tokenizer
from zhreport.writing.jsonl import lines

SAMPLES = pathlib.Path(__file__).resolve().parent.parent / "corpora" / "samples"


def plain_jieba() -> jieba.Tokenizer:
    """An untouched jieba with its dictionary loaded."""
    tokenizer = jieba.Tokenizer()
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    return tokenizer


def cases(texts: list[str], name: str) -> dict[str, Callable[[], object]]:
    """The named cases, each one pass over all texts."""
    lexicon, model = default_lexicon(), default_model()
    tokenizer = make_tokenizer(name, lexicon.tokenizer_words())
    scanner = Scanner(lexicon)
    documents = [make_document(text) for text in texts]
    frames = [document.timeframe for document in documents]
    scans = [scanner.scan(document.folded) for document in documents]

    def claims() -> None:
        new = ClaimExtractor(lexicon, tokenizer)  # so that nothing is remembered
        for document, scan in zip(documents, scans, strict=True):
            new.claims(document, scan)

    extractor = CampaignExtractor(lexicon, tokenizer)  # remembers nothing of a text

    def campaigns() -> None:
        for document, scan, frame in zip(documents, scans, frames, strict=True):
            extractor.campaigns(document, scan, frame)

    def theme_tokens() -> None:  # what tagging asks of the tokenizer
        for document in documents:
            for paragraph in document.paragraphs:
                tokenizer.words(document.folded[paragraph.start : paragraph.end])

    def themes() -> None:
        for document in documents:
            tag(document, model, tokenizer)

    analyzer = Analyzer(tokenizer=tokenizer)

    def whole() -> None:
        for text in texts:
            analyzer.analyze(text)

    return {
        "fold": lambda: [fold(text) for text in texts],
        "split": lambda: [make_document(text) for text in texts],
        f"tokens ({tokenizer.name})": lambda: [tokenizer.words(text) for text in texts],
        "quantities": lambda: [scanner.scan(document.folded) for document in documents],
        "parts": lambda: [timeframe(d.folded, d.paragraphs, d.year) for d in documents],
        "claims": claims,
        "campaigns": campaigns,
        "tokens of paragraphs": theme_tokens,
        "themes with their tokens": themes,
        "whole report": whole,
    }


def from_bytes(paths: list[pathlib.Path], name: str) -> Callable[[], object]:
    """Files read, analyzed and made JSON lines of."""
    analyzer = Analyzer(tokenizer=name)
    return lambda: [lines(analyzer.analyze(read(path)), {}) for path in paths]


def peers(texts: list[str]) -> dict[str, Callable[[], object]]:
    """Other libraries on the same texts, where they are installed: they do far less."""
    found: dict[str, Callable[[], object]] = {}
    with suppress(ImportError):
        import jieba.posseg  # noqa: PLC0415 - slow to load

        found["jieba.posseg (HMM=False)"] = lambda: [jieba.posseg.lcut(text, HMM=False) for text in texts]
    with suppress(ImportError):
        import jionlp  # type: ignore[import-not-found, unused-ignore]  # noqa: PLC0415 - not required

        found["JioNLP extract_money"] = lambda: [jionlp.extract_money(text) for text in texts]
    return found


def seconds(function: Callable[[], object]) -> float:
    """CPU time of one call."""
    start = time.process_time()
    function()
    return time.process_time() - start


def compare(todo: dict[str, Callable[[], object]], characters: int, repeats: int) -> None:
    """Run cases in turn, and print medians beside the first of them."""
    times: dict[str, list[float]] = {name: [] for name in todo}
    for _ in range(repeats):
        for name, function in todo.items():
            times[name].append(seconds(function))
    medians = {name: statistics.median(found) for name, found in times.items()}
    base = next(iter(medians.values()))
    for name, median in medians.items():
        print(f"{name:26} {characters / median:14,.0f} characters/s   {median / base:6.3f} of the jieba pass")


#: As the console script has it.
_COMMAND = "import sys; from zhreport.cli import main"


def starts(repeats: int) -> None:
    """How long it takes to import the package, to analyze and to explain a sentence, in seconds of CPU.

    As after an installation: modules are compiled once, before.
    """
    for name, code in (
        ("import zhreport", "import zhreport"),
        ("analyze one sentence", "import zhreport; zhreport.analyze('粮食产量80亿斤、增长2.5%')"),
        ("zhreport explain", f"{_COMMAND}; sys.argv[1:] = ['explain', '粮食产量80亿斤、增长2.5%']; main()"),
    ):
        with TemporaryDirectory() as compiled:
            found = [_run(code, _compiling(compiled)) for _ in range(repeats + 1)][1:]
        print(f"{name:26} {statistics.median(found):6.2f} s of CPU")


def _compiling(folder: str) -> dict[str, str]:
    """An environment in which modules are compiled once, as after an installation."""
    return {**os.environ, "PYTHONPYCACHEPREFIX": folder, "PYTHONDONTWRITEBYTECODE": ""}


def _run(code: str, environment: Mapping[str, str]) -> float:
    """Seconds of CPU that a program takes."""
    before = os.times()
    subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL, env=environment)
    after = os.times()
    return sum(after[2:4]) - sum(before[2:4])


def short_texts(texts: list[str], count: int, path: pathlib.Path) -> None:
    """So many short documents as JSON Lines, made of the paragraphs of texts."""
    pieces = [line for text in texts for line in map(str.strip, text.splitlines()) if 60 <= len(line) <= 400]
    with path.open("w", encoding="utf-8") as stream:
        for number in range(count):
            text = pieces[number % len(pieces)] + f"第{number}篇。"
            stream.write(json.dumps({"name": str(number), "year": 2024, "text": text}) + "\n")


def runs(folder: pathlib.Path, texts: list[str], counts: list[int]) -> None:
    """What runs of the command line use."""
    with TemporaryDirectory() as temporary, TemporaryDirectory() as compiled:
        place, environment = pathlib.Path(temporary), _compiling(compiled)
        (place / "one.txt").write_text("新增就业5万人。", encoding="utf-8")
        cost_of(["extract", "-q", "one.txt", "-j", "2", "-o", "one.duckdb"], place, environment)
        long = "\n".join(texts * (1 + 2_000_000 // sum(map(len, texts))))[:2_000_000]
        (place / "long.txt").write_text(long, encoding="utf-8")
        todo = [(f"the reports, -j {n}", [str(folder), "-j", str(n), "-o", f"{n}.jsonl"]) for n in (1, 2)]
        todo.append(("2 million characters", ["long.txt", "-o", "long.jsonl"]))
        for count in counts:
            short_texts(texts, count, place / f"{count}.jsonl")
            todo += [
                (f"{count:,} short, {form}, -j 2", [f"{count}.jsonl", "-j", "2", "-o", f"out{count}.{form}"])
                for form in ("jsonl", "duckdb")
            ]
        for name, arguments in todo:
            cost = cost_of(["extract", "-q", *arguments], place, environment)
            share = cost.parent / cost.cpu
            print(
                f"{name:34} {cost.wall:7.1f} s, CPU {cost.cpu:7.1f} s, of it the parent {share:4.0%}; "
                f"memory {cost.memory:4.0f} MB, of a worker {cost.worker_memory:4.0f} MB"
            )


def main() -> None:
    """Run the cases and print a line for each."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", nargs="?", type=pathlib.Path, default=SAMPLES)
    parser.add_argument("--tokenizer", default="auto")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--documents", type=int, action="append")
    args = parser.parse_args()
    paths = sorted(args.folder.rglob("*.txt"))
    texts = [read(path).text for path in paths]
    characters = sum(map(len, texts))
    print(f"{len(texts)} reports, {characters} characters, {args.repeats} repeats, medians of CPU time")
    reference = plain_jieba()
    todo: dict[str, Callable[[], object]] = {
        "jieba.lcut(HMM=False)": lambda: [reference.lcut(text, HMM=False) for text in texts]
    }
    todo.update(cases(texts, args.tokenizer))
    if args.all:
        other = Analyzer(tokenizer="jieba")
        todo["whole report (jieba)"] = lambda: [other.analyze(text) for text in texts]
        todo["bytes to JSON lines"] = from_bytes(paths, args.tokenizer)
        todo.update(peers(texts))
    compare(todo, characters, args.repeats)
    if args.all:
        starts(args.repeats)
        runs(args.folder.resolve(), texts, args.documents or [1000])


if __name__ == "__main__":
    main()
