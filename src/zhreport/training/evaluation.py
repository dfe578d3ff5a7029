"""Evaluation: how right themes are against labels."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from zhreport.errors import FaultError
from zhreport.themes.model import Theme, ThemeModel
from zhreport.training.labels import Labelled, by_document, fingerprints
from zhreport.words.tokens import Tokenizer

__all__ = ["Scores", "already_seen", "evaluate", "predict"]

_BINS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """Figures of one evaluation.

    Attributes:
        paragraphs: how many.
        accuracy: share of paragraphs whose main theme is right, or rightly none.
        macro_f1: mean over the themes of the F1 of the main theme.
        set_precision, set_recall, set_f1: over all pairs of a paragraph and a theme.
        calibration_error: expected calibration error of the main theme's probability against its being
            right, in ten bins of equal width (Naeini et al. 2015).
        by_theme: theme → (precision, recall, F1 of the main theme, number in the labels).
        confusions: (labelled, found, number), the most frequent first.
        none: paragraphs without a theme.
    """

    paragraphs: int
    accuracy: float
    macro_f1: float
    set_precision: float
    set_recall: float
    set_f1: float
    calibration_error: float
    by_theme: dict[str, tuple[float, float, float, int]] = field(repr=False)
    confusions: tuple[tuple[str, str, int], ...] = field(repr=False)
    none: int

    def summary(self) -> dict[str, float]:
        """The figures that a model file keeps."""
        names = ("accuracy", "macro_f1", "set_f1", "calibration_error")
        return {name: round(getattr(self, name), 4) for name in names}


def already_seen(labels: Iterable[Labelled], model: ThemeModel) -> int:
    """How many of the labels the model was trained on, by their texts."""
    known = frozenset(model.trained_on)
    return sum(fingerprint in known for fingerprint in fingerprints(labels))


def predict(
    labels: Sequence[Labelled],
    model: ThemeModel,
    tokenizer: Tokenizer,
    failed: Callable[[FaultError], None] | None = None,
) -> tuple[list[Labelled], list[tuple[Theme, ...]]]:
    """The labels and the themes that the model finds.

    Args:
        labels: paragraphs with their themes.
        model: what is to be evaluated.
        tokenizer: cuts paragraphs into words.
        failed: called with a fault of this library at one document, whose labels are then left out.

    Raises:
        FaultError: such a fault, if `failed` is not given.
    """

    def work(numbers: list[int]) -> list[tuple[Theme, ...]]:
        return model.predict([labels[n].passage for n in numbers], tokenizer)

    found = by_document(labels, range(len(labels)), work, failed)
    return [labels[n] for n in found], list(found.values())


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def evaluate(labels: Sequence[Labelled], found: Sequence[tuple[Theme, ...]]) -> Scores:
    """Compare the themes of paragraphs with their labels.

    Args:
        labels: what is right.
        found: the themes of each, in the same order.
    """
    right = hits = given = wanted = none = 0
    table: dict[str, list[int]] = {}  # right, labelled, found
    confusions: Counter[tuple[str, str]] = Counter()
    bins = [[0.0, 0.0, 0.0] for _ in range(_BINS)]
    for label, themes in zip(labels, found, strict=True):
        names = [theme.theme for theme in themes]
        top = names[0] if names else "none"
        main = top if top in label.mains else next(iter(label.themes), "none")
        ok = top == main
        right += ok
        none += not names
        table.setdefault(main, [0, 0, 0])[1] += 1
        table.setdefault(top, [0, 0, 0])[2] += 1
        table[main][0] += ok
        if not ok:
            confusions[main, top] += 1
        want = {theme for theme in label.themes if theme not in label.optional}
        said = set(names) - set(label.optional) - (set(label.mains) - want)
        hits += len(said & want)
        given += len(said)
        wanted += len(want)
        if themes:
            p = themes[0].probability
            place = bins[min(_BINS - 1, int(p * _BINS))]
            place[0] += 1
            place[1] += p
            place[2] += ok
    rows = {
        theme: (_ratio(h, f), _ratio(h, w), _ratio(2 * h, w + f), w)
        for theme, (h, w, f) in sorted(table.items())
        if w and theme != "none"
    }
    total = len(labels)
    tagged = sum(count for count, _, _ in bins)
    error = sum(abs(sure - hit) for _, sure, hit in bins) / tagged if tagged else 0.0
    return Scores(
        paragraphs=total,
        accuracy=_ratio(right, total),
        macro_f1=_ratio(sum(row[2] for row in rows.values()), len(rows)),
        set_precision=_ratio(hits, given),
        set_recall=_ratio(hits, wanted),
        set_f1=_ratio(2 * hits, given + wanted),
        calibration_error=error,
        by_theme=rows,
        confusions=tuple((a, b, n) for (a, b), n in confusions.most_common()),
        none=none,
    )
