"""Training of the continuity model, on reports that are cut into pieces and shuffled.

    python -m zhreport.training.continuity REPORTS... -o continuity.npz [--documents 60]

REPORTS are text files, or folders of them. With `--documents N` those N are used whose names have the
lowest SHA-256 sums, so that the others can measure the model. The same reports and versions give the same
bytes.
"""

import argparse
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from zhreport.document import make_document
from zhreport.errors import InputError, UsageError, ZhreportError
from zhreport.reading.repair.counts import BORDER, ORDER, Counts, encode
from zhreport.reading.repair.features import SENTENCE, Lines, ends_like_running_text
from zhreport.reading.repair.joins import CERTAIN
from zhreport.reading.repair.topics import SLOTS, Continuation, Topics, slots
from zhreport.reading.repair.trained import FORMAT, ContinuityModel, beside, match_features
from zhreport.training.networks import train_seams

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Shuffled", "choose", "main", "read_reports", "shuffle", "train"]

_FOLDS: Final = 5
_SHUFFLES: Final = 21  # of each report
_AT_BORDERS: Final = (0.0, 0.3, 0.6)  # columns begin and end with whole paragraphs, too
_LEAST: Final = (0, 1, 1, 1, 1, 2)  # n-grams seen less often are left out, by order
_TOPICS: Final = 64
_CHUNK: Final = 240  # characters
_STEP: Final = 37  # characters from one cut to the next
_MARGIN: Final = 15  # characters of a paragraph on each side of a cut
_BROKEN: Final = 20  # places where a report as it came breaks off: it cannot show what is whole
_SPACE: Final = " \t\u3000\u00a0\u2002\u2003\u200b\u200d\ufeff\r\n\x0b\x0c\u2028\u2029"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shuffled:
    """A report cut into pieces, a part of them put together in another order.

    Attributes:
        text: the pieces.
        paragraphs: half-open code points.
        joins: (tail, head) → whether the cut lies in mid-sentence, for pieces that were neighbours.
        tails, heads: paragraphs that end, or begin, at a cut in mid-sentence.
        neighbours: the tails of pairs of paragraphs that follow each other in the report as well.
    """

    text: str
    paragraphs: list[tuple[int, int]]
    joins: dict[tuple[int, int], bool] = field(default_factory=dict)
    tails: frozenset[int] = frozenset()
    heads: frozenset[int] = frozenset()
    neighbours: frozenset[int] = frozenset()


def _spans(text: str) -> list[tuple[int, int]]:
    return [(p.start, p.end) for p in make_document(text).paragraphs]


def shuffle(text: str, seed: str, *, withheld: float = 0.25, at_borders: float = 0.0) -> Shuffled:
    """Cut a report into 6 to 20 pieces at random places, withhold some, and shuffle the others.

    Args:
        text: the report.
        seed: the same seed gives the same pieces.
        withheld: the part of the pieces that is left out.
        at_borders: the part of the cuts that is moved to the end of its paragraph; then the first piece
            stays the first, as the title of an article does.
    """
    rng = random.Random(seed)  # noqa: S311 - no secret
    count = rng.randint(6, 20)
    cuts = [0, *sorted(rng.sample(range(1, len(text)), count - 1)), len(text)]
    if at_borders:
        ends = [text.find("\n", cut) if rng.random() < at_borders else cut for cut in cuts[1:-1]]
        cuts = [0, *sorted({end for end in ends if end > 0}), len(text)]
    pieces = [text[a:b] for a, b in pairwise(cuts) if text[a:b].strip(_SPACE)]
    kept = rng.sample(range(len(pieces)), len(pieces) - int(len(pieces) * withheld))
    if at_borders and 0 in kept:
        kept.remove(0)
        kept.insert(0, 0)
    first, last, chunks, size = {}, {}, [], 0
    for k in kept:
        chunks.append(pieces[k].strip(_SPACE))
        first[k], last[k] = size, size + len(_spans(chunks[-1])) - 1
        size = last[k] + 1
    inside = [_in_mid_sentence(a, b) for a, b in pairwise(pieces)]
    shuffled = "\n".join(chunks)
    return Shuffled(
        text=shuffled,
        paragraphs=_spans(shuffled),
        joins={(last[k], first[k + 1]): inside[k] for k in sorted(kept) if k + 1 in first},
        tails=frozenset(last[k] for k in kept if k < len(inside) and inside[k]),
        heads=frozenset(first[k] for k in kept if k and inside[k - 1]),
        neighbours=frozenset(i for k in kept for i in range(first[k], last[k])),
    )


def _in_mid_sentence(before: str, behind: str) -> bool:
    body, rest = before.rstrip(_SPACE), behind.lstrip(_SPACE)
    gap = before[len(body) :] + behind[: len(behind) - len(rest)]
    return not set(gap) & set("\r\n\x0b\x0c\u2028\u2029") and body.rstrip("”’』」）》】")[-1:] not in tuple(
        "。！？!?"
    )


def choose(paths: Sequence[Path], documents: int) -> list[Path]:
    """The files with the lowest SHA-256 sums of their names, in that order; all of them for 0."""
    ranked = sorted(paths, key=lambda path: sha256(path.stem.encode()).hexdigest())
    return ranked[:documents] if documents else ranked


def read_reports(paths: Sequence[Path]) -> list[Path]:
    """The text files among files and folders.

    Raises:
        InputError: nothing there.
    """
    found: list[Path] = []
    for path in paths:
        found += sorted(path.rglob("*.txt")) if path.is_dir() else [path]
    if not found:
        raise InputError(f"{paths[0]}: no text files")
    return found


@dataclass(slots=True, kw_only=True)
class _Case:
    """One text, whole or shuffled, with its features."""

    fold: int
    report: str
    whole: bool
    truth: Shuffled
    lines: Lines
    index: "NDArray[Any]"  # paragraphs without a full stop
    tail_features: "NDArray[Any]"
    head_features: "NDArray[Any]"
    tails: "NDArray[Any]" = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    heads: "NDArray[Any]" = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    tail: "NDArray[Any]" = field(default_factory=lambda: np.zeros(0))  # log odds of `tails`
    head: "NDArray[Any]" = field(default_factory=lambda: np.zeros(0))
    pairs: "NDArray[Any]" = field(default_factory=lambda: np.zeros(0))
    possible: "NDArray[Any]" = field(default_factory=lambda: np.zeros(0))
    right: "NDArray[Any]" = field(default_factory=lambda: np.zeros(0))
    known: "NDArray[Any]" = field(default_factory=lambda: np.zeros(0))
    scores: "NDArray[Any]" = field(default_factory=lambda: np.zeros(0))

    def doubtful(self) -> "NDArray[Any]":
        """Paragraphs that break off, or seem to, in the report as it came: they teach nothing."""
        found = np.array([ends_like_running_text(line) for line in self.lines.lines])
        found[list(self.truth.tails)] = False
        return found


def _cases(name: str, text: str, fold: int, counts: Counts) -> list[_Case]:
    cases = []
    whole = Shuffled(text=text, paragraphs=_spans(text))
    others = [shuffle(text, f"{name} {k}", at_borders=_AT_BORDERS[k % 3]) for k in range(_SHUFFLES)]
    for k, truth in enumerate([whole, *others]):
        lines = Lines(truth.text, truth.paragraphs)
        index, tails = lines.tails(counts)
        cases.append(
            _Case(
                fold=fold,
                report=name,
                whole=not k,
                truth=truth,
                lines=lines,
                index=index,
                tail_features=tails,
                head_features=lines.heads(counts),
            )
        )
    return cases


def _topics(bodies: Sequence[str]) -> Topics:
    """Topics of chunks of reports, and the place of a chunk in its report from its topics."""
    from scipy import sparse  # noqa: PLC0415 - only training needs it
    from sklearn.decomposition import TruncatedSVD  # noqa: PLC0415
    from sklearn.linear_model import Ridge  # noqa: PLC0415

    found, places = [], []
    for body in bodies:
        codes = encode(body)
        for start in range(0, len(codes), _CHUNK // 2):
            found.append(slots(codes[start : start + _CHUNK]))
            places.append(min(1.0, (start + _CHUNK / 2) / len(codes)))
    where = np.concatenate([[0], np.cumsum([len(x) for x in found])])
    matrix = sparse.csr_matrix((np.ones(where[-1]), np.concatenate(found), where), shape=(len(found), SLOTS))
    often = np.asarray(matrix.sum(axis=0)).ravel()
    idf = np.where(often < 2, 0.0, np.log((len(found) + 1) / (often + 1)))
    weighted = matrix @ sparse.diags(idf)
    norm = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    weighted = sparse.diags(1 / np.maximum(norm, 1e-9)) @ weighted
    components = TruncatedSVD(_TOPICS, random_state=0, n_iter=4).fit(weighted).components_
    ridge = Ridge(1.0).fit(weighted @ components.T, places)
    topics = Topics(idf, components, np.append(ridge.coef_, ridge.intercept_))
    sides = [_sides(encode(body)) for body in bodies]
    topics.continuation = Continuation.fit(
        *(np.vstack([topics.of(side[i]).vectors for side in sides if side[i]]) for i in range(2))
    )
    return topics


def _sides(codes: "NDArray[Any]") -> "tuple[list[NDArray[Any]], list[NDArray[Any]]]":
    """What stands before and behind cuts inside the paragraphs of a report."""
    borders = np.flatnonzero(codes == BORDER)
    before, behind = [], []
    for start, end in zip(borders[:-1] + 1, borders[1:], strict=True):
        for cut in range(start + _MARGIN, end - _MARGIN, _STEP):
            before.append(codes[max(start, cut - SENTENCE) : cut])
            behind.append(codes[cut : min(end, cut + SENTENCE)])
    return before, behind


def _logistic(features: "NDArray[Any]", right: "NDArray[Any]") -> "NDArray[Any]":
    """The weights of a logistic regression, the constant last, for features as they are."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - only training needs it

    mean, deviation = features.mean(axis=0), features.std(axis=0) + 1e-9
    found = LogisticRegression(max_iter=2000).fit((features - mean) / deviation, right)
    weights = found.coef_[0] / deviation
    return np.append(weights, found.intercept_[0] - weights @ mean)


def _fit_breaks(cases: Sequence[_Case], model: ContinuityModel) -> None:
    """Learn the weights of single breaks."""
    keep_tail, keep_head, tail_right, head_right = [], [], [], []
    for case in cases:
        doubtful = case.doubtful()
        keep_tail.append(~doubtful[case.index])
        tail_right.append(np.isin(case.index, list(case.truth.tails)))
        right = np.isin(np.arange(len(doubtful)), list(case.truth.heads))
        head_right.append(right)
        keep_head.append(right | ~np.insert(doubtful[:-1], 0, values=False))
    tails, heads = (np.concatenate(x) for x in (keep_tail, keep_head))
    tail_right_, head_right_ = np.concatenate(tail_right)[tails], np.concatenate(head_right)[heads]
    weights = model.weights
    weights["tail"] = _logistic(np.vstack([c.tail_features for c in cases])[tails], tail_right_)
    weights["head"] = _logistic(np.vstack([c.head_features for c in cases])[heads], head_right_)
    both = []
    for case in cases:
        tail, head = np.full(len(case.head_features), -12.0), case.head_features @ weights["head"][:-1]
        tail[case.index] = case.tail_features @ weights["tail"][:-1] + weights["tail"][-1]
        head = head + weights["head"][-1]
        both.append(
            beside(case.index, case.tail_features, case.head_features, tail.clip(-12, 12), head.clip(-12, 12))
        )
    weights["tail_beside"] = _logistic(np.vstack([x for x, _ in both])[tails], tail_right_)
    weights["head_beside"] = _logistic(np.vstack([x for _, x in both])[heads], head_right_)


def _pair(case: _Case, model: ContinuityModel) -> None:
    """Make the pairs of a case."""
    count = len(case.lines.lines)
    tail, head = model.combine(case.index, case.tail_features, case.head_features, np.full(count, -12.0))
    case.tails, case.heads = tails, heads = model.candidates(tail, head)
    if not len(tails) or not len(heads):
        return
    case.tail, case.head = tail[tails], head[heads]
    case.pairs = case.lines.pairs(tails, heads, tail, head, model.counts, model.topics, model.seams)
    case.possible = ~case.lines.impossible(tails, heads)
    case.right = np.array(
        [[case.truth.joins.get((t, h), False) for h in heads.tolist()] for t in tails.tolist()], dtype=bool
    ).reshape(len(tails), len(heads))
    doubtful = case.doubtful()
    behind = np.insert(doubtful[:-1], 0, values=False)
    behind[list(case.truth.heads)] = False
    case.known = ~doubtful[tails][:, None] & ~behind[heads][None]


def _fit_pairs(cases: Sequence[_Case], model: ContinuityModel) -> None:
    """Learn which head a tail chooses, and which tail a head, none being a choice too (conditional logit)."""
    from scipy.optimize import minimize  # noqa: PLC0415 - only training needs it

    features = np.vstack([c.pairs[c.possible] for c in cases])
    mean, deviation = features.mean(axis=0), features.std(axis=0) + 1e-9
    features = np.clip((features - mean) / deviation, -6, 6)
    tails, heads, tail_known, head_known = [], [], [], []
    rows = columns = 0
    for case in cases:
        i, j = np.nonzero(case.possible)
        tails.append(i + rows)
        heads.append(j + columns)
        rows, columns = rows + len(case.tails), columns + len(case.heads)
        tail_known.append(case.known.any(axis=1))
        head_known.append(case.known.any(axis=0))
    tail_of, head_of = np.concatenate(tails), np.concatenate(heads)
    tail_counts, head_counts = np.concatenate(tail_known)[tail_of], np.concatenate(head_known)[head_of]
    right = np.concatenate([c.right[c.possible] for c in cases]).astype(float)

    def loss(weights: "NDArray[Any]") -> "tuple[float, NDArray[Any]]":
        score = features @ weights[:-1] + weights[-1]
        odds = np.exp(np.clip(score, -30, 30))
        by_tail = 1 + np.bincount(tail_of, odds * tail_counts, rows)
        by_head = 1 + np.bincount(head_of, odds * head_counts, columns)
        value = (
            np.log(by_tail).sum()
            + np.log(by_head).sum()
            - (score * right * (1.0 * tail_counts + head_counts)).sum()
        )
        slope = (odds / by_tail[tail_of] - right) * tail_counts + (
            odds / by_head[head_of] - right
        ) * head_counts
        gradient = np.append(features.T @ slope, slope.sum()) / len(cases)
        return value / len(cases) + 0.0015 * weights @ weights, gradient + 0.003 * weights

    start = np.zeros(features.shape[1] + 1)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 300})
    model.weights |= {"pair": found.x, "pair_mean": mean, "pair_deviation": deviation}


def _score(case: _Case, model: ContinuityModel) -> None:
    case.scores = np.where(case.possible, model.scores(case.pairs), -30.0)


def _fit_match(cases: Sequence[_Case], model: ContinuityModel) -> None:
    """Learn the probability of a pair beside its rivals."""
    kept = [case.known & (case.scores > -6) for case in cases]
    features = np.vstack(
        [match_features(c.scores, c.tail, c.head)[k] for c, k in zip(cases, kept, strict=True)]
    )
    right = np.concatenate([c.right[k] for c, k in zip(cases, kept, strict=True)])
    model.weights["match"] = _logistic(features, right)


def train(reports: dict[str, str]) -> ContinuityModel:
    """Train a model.

    Args:
        reports: name → text; at least ten.

    Raises:
        UsageError: too few reports.
    """
    if len(reports) < 2 * _FOLDS:
        raise UsageError(f"{len(reports)} reports are too few to train on: give at least {2 * _FOLDS}")
    names = list(reports)
    bodies = {name: Lines(text, _spans(text)).body for name, text in reports.items()}
    fold_of = {name: i % _FOLDS for i, name in enumerate(names)}
    # features of a report come from counts and topics of the other folds
    parts, cases = [], []
    for fold in range(_FOLDS):
        others = [bodies[name] for name in names if fold_of[name] != fold]
        counts = Counts.of(others, least=_LEAST)
        parts.append((counts, _topics(others), train_seams(others)))
        for name in names:
            if fold_of[name] == fold:
                cases += _cases(name, reports[name], fold, counts)
    broken = {c.report for c in cases if c.whole and c.doubtful()[c.index].sum() > _BROKEN}
    cases = [case for case in cases if case.report not in broken]
    for fold, part_of in enumerate(parts):
        inside = [case for case in cases if case.fold != fold]
        outside = [case for case in cases if case.fold == fold]
        part = ContinuityModel({}, *part_of, {})
        _fit_breaks(inside, part)
        for case in outside:
            _pair(case, part)
    cases = [case for case in cases if case.pairs.size]
    for fold, part_of in enumerate(parts):
        part = ContinuityModel({}, *part_of, {})
        _fit_pairs([case for case in cases if case.fold != fold], part)
        for case in cases:
            if case.fold == fold:
                _score(case, part)
    every = list(bodies.values())
    model = ContinuityModel({}, Counts.of(every, least=_LEAST), _topics(every), train_seams(every), {})
    _fit_breaks(cases, model)
    _fit_pairs(cases, model)
    _fit_match(cases, model)
    figures = _figures(cases, model)
    model.meta |= {
        "format": FORMAT,
        "documents": sorted(names),
        "broken": sorted(broken),
        "held_out": figures,
        "order": ORDER,
    }
    return model


def _figures(cases: Sequence[_Case], model: ContinuityModel) -> dict[str, float]:
    """Precision and recall of the joins beyond doubt, by held-out scores."""
    sure = hits = 0
    joins = sum(sum(case.truth.joins.values()) for case in cases)
    for case in cases:
        probabilities = model.probabilities(case.scores, case.tail, case.head)
        best = (probabilities == probabilities.max(axis=1, keepdims=True)) & (
            probabilities == probabilities.max(axis=0, keepdims=True)
        )
        chosen = best & case.known & (probabilities >= CERTAIN)
        sure += int(chosen.sum())
        hits += int((chosen & case.right).sum())
    return {"precision": round(hits / max(1, sure), 4), "recall": round(hits / max(1, joins), 4)}


def main(arguments: Sequence[str] | None = None) -> int:
    """Train a model from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("reports", nargs="+", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--documents", type=int, default=0)
    args = parser.parse_args(arguments)
    try:
        paths = choose(read_reports(args.reports), args.documents)
        model = train({path.stem: path.read_text(encoding="utf-8-sig") for path in paths})
        model.save(args.output)
    except (ZhreportError, OSError, UnicodeDecodeError) as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201 - a command
        return 1
    figures = model.meta["held_out"]
    print(f"{len(paths)} reports; held out {figures}")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
