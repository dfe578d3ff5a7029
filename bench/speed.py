"""Speed of the named stages, beside one plain jieba pass over the same text in the same run.

    python bench/speed.py [FOLDER] [--tokenizer auto|jieba|rjieba] [--repeats 3]

FOLDER holds `.txt` reports; the samples of this project by default. Every case is run `--repeats` times
in turn with `jieba.lcut(text, HMM=False)`, and the medians are compared: machines are noisy, ratios are
less so. Prints characters per second and the ratio to the jieba pass.
"""

import argparse
import pathlib
import statistics
import time
from collections.abc import Callable

import jieba

from zhreport import read
from zhreport.campaigns import CampaignExtractor
from zhreport.claims import ClaimExtractor
from zhreport.document import make_document
from zhreport.quantities import Scanner
from zhreport.report import Analyzer
from zhreport.themes import default_model, passages
from zhreport.timeframe import timeframe
from zhreport.words.folding import fold
from zhreport.words.lexicon import default_lexicon
from zhreport.words.tokens import make_tokenizer

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

    read_as = [passages(document) for document in documents]

    def theme_tokens() -> None:  # what tagging asks of the tokenizer
        for document in documents:
            for paragraph in document.paragraphs:
                tokenizer.words(document.folded[paragraph.start : paragraph.end])

    def themes() -> None:
        for found in read_as:
            model.predict(found, tokenizer)

    def whole() -> None:
        analyzer = Analyzer(tokenizer=tokenizer)
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


def seconds(function: Callable[[], object]) -> float:
    """Time of one call."""
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def main() -> None:
    """Run the cases and print a line for each."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", nargs="?", type=pathlib.Path, default=SAMPLES)
    parser.add_argument("--tokenizer", default="auto")
    parser.add_argument("--repeats", type=int, default=3)
    args = parser.parse_args()
    texts = [read(path).text for path in sorted(args.folder.rglob("*.txt"))]
    characters = sum(map(len, texts))
    print(f"{len(texts)} reports, {characters} characters, {args.repeats} repeats, medians")
    reference = plain_jieba()
    todo: dict[str, Callable[[], object]] = {
        "jieba.lcut(HMM=False)": lambda: [reference.lcut(text, HMM=False) for text in texts]
    }
    todo.update(cases(texts, args.tokenizer))
    times: dict[str, list[float]] = {name: [] for name in todo}
    for _ in range(args.repeats):
        for name, function in todo.items():
            times[name].append(seconds(function))
    medians = {name: statistics.median(found) for name, found in times.items()}
    base = next(iter(medians.values()))
    for name, median in medians.items():
        print(f"{name:26} {characters / median:14,.0f} characters/s   {median / base:6.3f} of the jieba pass")


if __name__ == "__main__":
    main()
