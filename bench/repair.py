"""How well reports whose pieces were shuffled are put together again.

    python bench/repair.py [FOLDER] [--shuffles 1] [--first 0] [--folds 0]

FOLDER holds `.txt` reports; the samples of this project by default. Those that the model was trained on are
left out; with `--folds N` the model of the package is not used, but N models are trained, each of which joins
the reports that it was not trained on (some twenty minutes for each). Each report, read as `zhreport` reads
it, is cut into 6 to 20 pieces at random places, a quarter of the pieces is withheld, the others are shuffled.
Joins are compared with the cuts that lie in mid-sentence between two kept pieces; joins of paragraphs that
follow each other in the report as well mend lines that were broken before, and are counted apart. Then the
reports are read as they are, where a certain join of paragraphs that are no neighbours is wrong, and the time
is compared with one plain jieba pass.
"""

import argparse
import pathlib
import statistics
import time

from speed import plain_jieba
from zhreport import read
from zhreport.document import make_document
from zhreport.reading.repair import find_breaks, propose_joins
from zhreport.reading.repair.joins import CERTAIN
from zhreport.reading.repair.trained import ContinuityModel, default_model
from zhreport.training.continuity import choose, shuffle, train

SAMPLES = pathlib.Path(__file__).resolve().parent.parent / "corpora" / "samples"


def shuffled(texts: dict[str, str], models: dict[str, ContinuityModel], shuffles: range) -> None:
    """Print precision and recall of joins in shuffled reports."""
    found: list[tuple[float, bool, bool]] = []  # score, certain, right
    cuts = inside = mended = tails = heads = tails_found = heads_found = breaks = 0
    for name, text in texts.items():
        for k in shuffles:
            truth = shuffle(text, f"bench {name} {k}")
            cuts += len(truth.joins)
            inside += sum(truth.joins.values())
            for join in propose_joins(truth.text, truth.paragraphs, models[name]):
                if join.head == join.tail + 1 and join.tail in truth.neighbours:
                    mended += join.certain
                else:
                    right = truth.joins.get((join.tail, join.head), False)
                    found.append((join.score, join.certain, right))
            marks = {(b.side, b.paragraph) for b in find_breaks(truth.text, truth.paragraphs, models[name])}
            tails, heads, breaks = tails + len(truth.tails), heads + len(truth.heads), breaks + len(marks)
            tails_found += sum(("tail", i) in marks for i in truth.tails)
            heads_found += sum(("head", i) in marks for i in truth.heads)
    print(
        f"{len(texts)} reports, {len(texts) * len(shuffles)} shuffled; "
        f"{cuts} neighbours kept, {inside} of them cut in mid-sentence"
    )
    print(f"breaks: tails {tails_found}/{tails}, heads {heads_found}/{heads} found; {breaks} reported")
    certain = [right for _, sure, right in found if sure]
    rows = [("certain", certain)]
    rows += [
        (f"score >= {least}", [r for s, _, r in found if s >= least])
        for least in (0.9, 0.8, 0.75, 0.7, 0.65, 0.6, 0.5, 0.3)
    ]
    for name, verdicts in rows:
        hits = sum(verdicts)
        print(
            f"{name:13} {len(verdicts):5} joins, precision {hits / max(1, len(verdicts)):.4f}, "
            f"recall {hits / max(1, inside):.4f} (of all neighbours {hits / max(1, cuts):.4f})"
        )
    print(f"certain joins of lines that the reports themselves had broken: {mended}")


def whole(texts: dict[str, str], models: dict[str, ContinuityModel]) -> None:
    """Print what is joined in reports as they are, and the time it takes."""
    tokenizer = plain_jieba()
    ratios, apart, lines = [], [], 0
    for name, text in texts.items():
        paragraphs = [(p.start, p.end) for p in make_document(text).paragraphs]
        started = time.perf_counter()
        joins = propose_joins(text, paragraphs, models[name])
        middle = time.perf_counter()
        tokenizer.lcut(text, HMM=False)
        ratios.append((middle - started) / (time.perf_counter() - middle))
        lines += sum(join.certain and join.head == join.tail + 1 for join in joins)
        apart += [name for join in joins if join.certain and join.head != join.tail + 1]
    print(
        f"as they are: {len(apart)} certain joins of paragraphs apart {sorted(set(apart))}, "
        f"{lines} of neighbours"
    )
    print(
        f"time of a jieba pass: median {statistics.median(ratios):.3f}, mean {statistics.mean(ratios):.3f}, "
        f"highest {max(ratios):.3f}"
    )


def held_out(paths: list[pathlib.Path], folds: int) -> dict[str, ContinuityModel]:
    """For each report a model that was trained on the reports of the other folds."""
    ranked = choose(paths, 0)
    models = {}
    for fold in range(folds):
        others = [path for i, path in enumerate(ranked) if i % folds != fold]
        model = train({path.stem: path.read_text(encoding="utf-8-sig") for path in others})
        print(f"fold {fold + 1} of {folds}: trained on {len(others)} reports", flush=True)
        models.update({path.stem: model for path in ranked[fold::folds]})
    return models


def main() -> None:
    """Run the bench."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", nargs="?", type=pathlib.Path, default=SAMPLES)
    parser.add_argument("--shuffles", type=int, default=1, help="of each report")
    parser.add_argument("--first", type=int, default=0, help="number of the first one; others, other cuts")
    parser.add_argument("--folds", type=int, default=0, help="train anew for each fold of the reports")
    args = parser.parse_args()
    paths = sorted(args.folder.rglob("*.txt"))
    texts = {path.stem: read(path).text for path in paths}
    shuffles = range(args.first, args.first + args.shuffles)
    if args.folds:
        models = held_out(paths, args.folds)
        shuffled(texts, models, shuffles)
        whole(texts, models)
        return
    model = default_model()
    models = dict.fromkeys(texts, model)
    trained = texts.keys() & set(model.meta["documents"])
    unseen = {name: text for name, text in texts.items() if name not in trained}
    print(f"{len(trained)} of {len(texts)} reports were trained on; certain from {CERTAIN}")
    if unseen:
        shuffled(unseen, models, shuffles)
        whole(unseen, models)
    if trained:
        print("those trained on, as they are:")
        whole({name: texts[name] for name in sorted(trained)}, models)


if __name__ == "__main__":
    main()
