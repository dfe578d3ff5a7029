"""Training: a scikit-learn pipeline from labelled paragraphs, and the model file that infers the same."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

from zhreport.errors import FaultError, UsageError, at_document
from zhreport.themes.model import FORMAT, SCALE, ThemeModel, lead_of
from zhreport.themes.passages import BLOCKS, features
from zhreport.training.evaluation import Scores, evaluate
from zhreport.training.labels import Labelled, by_document, fingerprints, labels_hash
from zhreport.words.tokens import Tokenizer

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from sklearn.pipeline import Pipeline

__all__ = ["Settings", "cross_validate", "make_pipeline", "train"]

#: Documents in which a feature must occur, by block.
_LEAST: Final = {"words": 3, "characters": 5, "opening": 4, "heading": 3, "before": 4, "after": 4}
_FEWEST: Final = 5  # examples of a theme
_THRESHOLD: Final = 0.55  # of a further theme
_LEAST_PROBABILITY: Final = 0.35  # of the main theme; below it a paragraph has none
_LEAST_SCORE: Final = -0.75
_EQUAL: Final = 0.15  # the lead of a main theme below which the second one is main as well
#: Of the machines for main themes: their share in the mean, where a theme is the main one of many examples,
#: and of how many it is half of that.
_SHARE: Final = 0.6
_HALF: Final = 200
#: Thresholds that are tried. The best common one is half of the F1 that it reaches (Lipton et al. 2014),
#: which is some 0.87; one below it suits the held-out labels alone.
_GRID: Final = (0.45, 0.55, 0.65)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How a model is fitted.

    Attributes:
        cost: of an error, the parameter C of the support vector machines.
        folds: parts of the documents that are held out in turn for probabilities and thresholds.
    """

    cost: float = 0.4
    folds: int = 5


_USUAL: Final = Settings()

#: Of a paragraph its features by block.
_Counted = dict[str, list[str]]


def _pick(counted: _Counted, block: str) -> list[str]:
    return counted[block]


def make_pipeline(
    tokenizer: Tokenizer, blocks: Sequence[str] = tuple(BLOCKS), settings: Settings = _USUAL
) -> "Pipeline":
    """The model as a scikit-learn pipeline from passages to the scores of the themes.

    Args:
        tokenizer: cuts passages into words.
        blocks: the blocks of features; those without any feature have to be left out.
        settings: of which the cost counts here.

    Features are counted once, then weighted block by block (TF-IDF, sublinear, each block of its own
    length), then one linear support vector machine per theme (Fan et al. 2008, LIBLINEAR).
    """
    from sklearn import config_context  # noqa: PLC0415 - only training needs it
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415
    from sklearn.multiclass import OneVsRestClassifier  # noqa: PLC0415
    from sklearn.pipeline import FeatureUnion, Pipeline  # noqa: PLC0415
    from sklearn.preprocessing import FunctionTransformer  # noqa: PLC0415

    from zhreport.training.machines import RareCounted  # noqa: PLC0415

    vectorizers = [
        (block, TfidfVectorizer(analyzer=partial(_pick, block=block), sublinear_tf=True, min_df=least))
        for block, least in _LEAST.items()
        if block in blocks
    ]
    with config_context(enable_metadata_routing=True):
        machine = RareCounted(C=settings.cost, random_state=0).set_fit_request(sample_weight=True)
    return Pipeline(
        [
            ("count", FunctionTransformer(partial(features, tokenizer=tokenizer))),
            ("weight", FeatureUnion(vectorizers, transformer_weights={b: BLOCKS[b] for b in blocks})),
            ("themes", OneVsRestClassifier(machine)),
        ]
    )


def _fit(
    counted: list[_Counted],
    targets: "NDArray[np.int64]",
    mains: "NDArray[np.bool_]",
    tokenizer: Tokenizer,
    settings: Settings = _USUAL,
    counts: Sequence[float] | None = None,
) -> "Pipeline":
    """A fitted pipeline whose weights are multiples of 1/SCALE; `counts` says how much each label counts.

    Each theme has two machines, one for the theme to be among the themes and one for it to be the main one.
    A mean of their weights is one machine again. The second knows the order, but of a theme that is seldom
    the main one it has learnt little, so that it counts less there.
    """
    import numpy as np  # noqa: PLC0415 - as above
    from sklearn import clone, config_context  # noqa: PLC0415

    pipeline = make_pipeline(tokenizer, _occurring(counted), settings)
    weighted = pipeline.named_steps["weight"].fit_transform(counted)
    among = pipeline.named_steps["themes"]
    weights = None if counts is None else np.asarray(counts)
    with config_context(enable_metadata_routing=True):
        first = clone(among).fit(weighted, _learnable(mains, targets), sample_weight=weights)
        among.fit(weighted, targets, sample_weight=weights)
    shares = _SHARE * mains.sum(axis=0) / (mains.sum(axis=0) + _HALF)
    for machine, other, share in zip(among.estimators_, first.estimators_, shares, strict=True):
        for name in ("coef_", "intercept_"):
            mixed = (1 - share) * getattr(machine, name) + share * getattr(other, name)
            setattr(machine, name, np.clip(np.round(mixed * SCALE), -32768, 32767) / SCALE)
    return pipeline


def _learnable(mains: "NDArray[np.bool_]", targets: "NDArray[np.int64]") -> "NDArray[np.int64]":
    """The main themes; of a theme that is never the main one, where it is among the themes."""
    import numpy as np  # noqa: PLC0415 - as above

    found: NDArray[np.int64] = np.where(mains.any(axis=0), mains, targets).astype(np.int64)
    return found


def _occurring(counted: list[_Counted]) -> list[str]:
    """The blocks with a feature in enough paragraphs; labels without context have none in some."""
    found = []
    for block, least in _LEAST.items():
        seen = Counter(name for features_of in counted for name in set(features_of[block]))
        if any(count >= least for count in seen.values()):
            found.append(block)
    return found


def _decide(pipeline: "Pipeline", counted: list[_Counted]) -> "NDArray[np.float64]":
    scores: NDArray[np.float64] = pipeline[1:].decision_function(counted)
    return scores


def _targets(
    labels: Sequence[Labelled], themes: Sequence[str]
) -> "tuple[NDArray[np.int64], NDArray[np.bool_]]":
    """Of the shape (labels, themes): is it among the themes, and is it right as the main one?"""
    import numpy as np  # noqa: PLC0415 - as above

    targets = np.array([[int(theme in x.themes) for theme in themes] for x in labels])
    return targets, np.array([[theme in x.mains for theme in themes] for x in labels])


def _untuned(themes: Sequence[str]) -> dict[str, Any]:
    """What a model decides by, before its thresholds are chosen."""
    return {
        "themes": list(themes),
        "thresholds": [_THRESHOLD] * len(themes),
        "least_probability": _LEAST_PROBABILITY,
        "least_score": _LEAST_SCORE,
        "equal": _EQUAL,
    }


def _themes(labels: Sequence[Labelled], order: Sequence[str]) -> list[str]:
    """The themes of the labels: those of `order` first, others by name.

    Raises:
        UsageError: a theme with too few examples, or fewer than two themes.
    """
    counts = Counter(theme for x in labels for theme in x.themes)
    if few := sorted(theme for theme, count in counts.items() if count < _FEWEST):
        raise UsageError(f"the theme {few[0]!r} has {counts[few[0]]} examples; at least {_FEWEST} are needed")
    if len(counts) < 2:
        raise UsageError("at least two themes are needed")
    return [t for t in order if t in counts] + sorted(counts.keys() - set(order))


def _count(
    labels: Sequence[Labelled], tokenizer: Tokenizer, failed: Callable[[FaultError], None] | None
) -> tuple[list[Labelled], list[_Counted]]:
    """The labels and their features, without the documents at which something is raised."""

    def count(numbers: Iterable[int]) -> list[_Counted]:
        return features([labels[n].passage for n in numbers], tokenizer)

    found = by_document(labels, range(len(labels)), count, failed)
    return [labels[n] for n in found], list(found.values())


def _held_out(
    labels: Sequence[Labelled],
    counted: list[_Counted],
    targets: "NDArray[np.int64]",
    mains: "NDArray[np.bool_]",
    tokenizer: Tokenizer,
    failed: Callable[[FaultError], None] | None,
    settings: Settings,
) -> "dict[int, NDArray[np.float64]]":
    """Scores of every paragraph by a model that saw no paragraph of its document.

    Those of a document at which something is raised are missing.
    """
    from sklearn.model_selection import GroupKFold  # noqa: PLC0415 - as above

    groups = [x.group for x in labels]
    if len(set(groups)) < settings.folds:
        raise UsageError(
            f"the labels come from {len(set(groups))} documents; at least {settings.folds} are needed"
        )
    scores: dict[int, NDArray[np.float64]] = {}
    for inside, outside in GroupKFold(settings.folds).split(counted, groups=groups):
        if not targets[inside].any(axis=0).all():
            raise UsageError(
                "a theme occurs in too few documents to be held out; label more paragraphs with it"
            )
        known = [counted[i] for i in inside]
        counts = [labels[i].weight for i in inside]
        pipeline = _fit(known, targets[inside], mains[inside], tokenizer, settings, counts)

        def decide(numbers: Iterable[int], pipeline: "Pipeline" = pipeline) -> "NDArray[np.float64]":
            return _decide(pipeline, [counted[i] for i in numbers])

        with suppress(FaultError), at_document(""):  # all at once is faster
            scores |= zip(outside.tolist(), decide(outside), strict=True)
            continue
        scores |= by_document(labels, outside.tolist(), decide, failed)
    return dict(sorted(scores.items()))


@dataclass(frozen=True, slots=True)
class _Held:
    """Labels that could be learnt from, with scores by models that saw no paragraph of their document."""

    labels: list[Labelled]
    themes: list[str]
    counted: list[_Counted]
    targets: "NDArray[np.int64]"
    mains: "NDArray[np.bool_]"
    scores: "NDArray[np.float64]"
    arrays: "dict[str, NDArray[np.float64]]"


def _hold_out(
    labels: Sequence[Labelled],
    tokenizer: Tokenizer,
    order: Sequence[str],
    progress: Callable[[str], None],
    failed: Callable[[FaultError], None] | None,
    settings: Settings,
) -> _Held:
    """Count, fit by folds, calibrate; without the documents at which something is raised."""
    import numpy as np  # noqa: PLC0415 - as above

    _themes(labels, order)  # too few labels are told before the work
    known, counted = _count(labels, tokenizer, failed)
    themes = _themes(known, order)
    progress(f"{len(known)} paragraphs, {len(themes)} themes")
    targets, mains = _targets(known, themes)
    progress("held-out scores")
    held = _held_out(known, counted, targets, mains, tokenizer, failed, settings)
    kept = list(held)
    scores = np.array([held[n] for n in kept])
    return _Held(
        labels=[known[n] for n in kept],
        themes=themes,
        counted=[counted[n] for n in kept],
        targets=targets[kept],
        mains=mains[kept],
        scores=scores,
        arrays=_calibrate(scores, targets[kept], mains[kept]),
    )


def _calibrate(
    scores: "NDArray[np.float64]", targets: "NDArray[np.int64]", mains: "NDArray[np.bool_]"
) -> "dict[str, NDArray[np.float64]]":
    """The arrays of `ThemeModel.probabilities`, from held-out scores."""
    import numpy as np  # noqa: PLC0415 - as above
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    held = np.clip(scores, -2.5, 2.5)
    make = partial(LogisticRegression, solver="liblinear", random_state=0)
    joint = [make(C=3.0).fit(held, column) for column in targets.T]
    lead = lead_of(held)
    right = mains[np.arange(len(scores)), scores.argmax(axis=1)]
    if right.all():  # nothing to learn from: too few or too easy labels
        right[lead[:, 1].argmin()] = False
    main = make(C=100.0).fit(lead, right)
    arrays = {
        "joint": np.vstack([machine.coef_[0] for machine in joint]),
        "joint_intercept": np.array([machine.intercept_[0] for machine in joint]),
        "main": main.coef_[0],
        "main_intercept": main.intercept_,
    }
    return {name: np.round(array, 5) for name, array in arrays.items()}


def _thresholds(model: ThemeModel, labels: Sequence[Labelled], scores: "NDArray[np.float64]") -> None:
    """Choose for each theme in turn the threshold with the best F1 of the sets on held-out scores."""
    best = 0.0
    for i in range(len(model.themes)):
        kept = model.meta["thresholds"][i]
        for value in _GRID:
            model.meta["thresholds"][i] = value
            found = evaluate(labels, model.themes_of(scores)).set_f1
            if found > best + 1e-9:
                best, kept = found, value
        model.meta["thresholds"][i] = kept


def train(
    labels: Sequence[Labelled],
    tokenizer: Tokenizer,
    *,
    order: Sequence[str] = (),
    taxonomy: str = "",
    progress: Callable[[str], None] = lambda _: None,
    failed: Callable[[FaultError], None] | None = None,
    settings: Settings = _USUAL,
) -> ThemeModel:
    """Train a model; the same labels in one order, texts and versions give the same model.

    Args:
        labels: paragraphs with their themes, of at least five documents.
        tokenizer: cuts paragraphs into words.
        order: theme ids in the order that the model lists them; others follow by name.
        taxonomy: a name for the themes, kept in the file.
        progress: called with what is being done.
        failed: called with a fault of this library at one document, whose paragraphs are then left out.
        settings: how the model is fitted.

    Raises:
        FaultError: such a fault, if `failed` is not given.
        UsageError: too few examples of a theme or too few documents.
    """
    import numpy as np  # noqa: PLC0415 - as above

    held = _hold_out(labels, tokenizer, order, progress, failed, settings)
    progress("final fit")
    counts = [x.weight for x in held.labels]
    pipeline = _fit(held.counted, held.targets, held.mains, tokenizer, settings, counts)
    names: dict[str, Sequence[str]] = dict.fromkeys(BLOCKS, ())
    idf: dict[str, NDArray[np.float64]] = dict.fromkeys(BLOCKS, np.zeros(0))
    weights: dict[str, NDArray[np.int16]] = dict.fromkeys(BLOCKS, np.zeros((0, len(held.themes)), np.int16))
    machines = pipeline.named_steps["themes"].estimators_
    matrix = np.vstack([machine.coef_[0] for machine in machines]).T
    at = 0
    for block, vectorizer in pipeline.named_steps["weight"].transformer_list:
        names[block] = vectorizer.get_feature_names_out().tolist()
        idf[block] = vectorizer.idf_
        weights[block] = np.round(matrix[at : at + len(names[block])] * SCALE).astype(np.int16)
        at += len(names[block])
    arrays = {**held.arrays, "intercept": np.array([machine.intercept_[0] for machine in machines])}
    meta: dict[str, Any] = {
        **_untuned(held.themes),
        "format": FORMAT,
        "taxonomy": taxonomy,
        "paragraphs": len(held.labels),
        "documents": len({x.group for x in held.labels}),
        "labels_sha256": labels_hash(held.labels),
        "versions": {name: version(name) for name in ("zhreport", "scikit-learn", "numpy", "jieba")},
    }
    model = ThemeModel(meta, names, idf, weights, arrays, fingerprints(held.labels))
    progress("thresholds")
    _thresholds(model, held.labels, held.scores)
    meta["held_out"] = evaluate(held.labels, model.themes_of(held.scores)).summary()
    return model


def cross_validate(
    labels: Sequence[Labelled],
    tokenizer: Tokenizer,
    *,
    order: Sequence[str] = (),
    failed: Callable[[FaultError], None] | None = None,
    settings: Settings = _USUAL,
) -> Scores:
    """Scores of a model that never saw a paragraph of the same document, by five folds.

    Args:
        labels: paragraphs with their themes, of at least five documents.
        tokenizer: cuts paragraphs into words.
        order: theme ids in the order of the figures; others follow by name.
        failed: called with a fault of this library at one document, whose paragraphs are then left out.
        settings: how the models are fitted.

    Raises:
        FaultError: such a fault, if `failed` is not given.
        UsageError: too few examples of a theme or too few documents.
    """
    held = _hold_out(labels, tokenizer, order, lambda _: None, failed, settings)
    empty: dict[str, Any] = dict.fromkeys(BLOCKS, ())
    model = ThemeModel(_untuned(held.themes), empty, empty, empty, held.arrays)
    return evaluate(held.labels, model.themes_of(held.scores))
