"""The theme model as an estimator of scikit-learn, for its pipelines and cross-validation."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from zhreport.errors import UsageError
from zhreport.themes import Theme, ThemeModel, crosswalk, default_model
from zhreport.themes.passages import Passage
from zhreport.training.fit import Settings, train
from zhreport.training.labels import Labelled, split_names
from zhreport.words.folding import fold
from zhreport.words.lexicon import default_lexicon
from zhreport.words.tokens import Tokenizer, make_tokenizer

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from sklearn.utils import Tags

__all__ = ["ThemeClassifier"]

_CONTEXT: Final = ("heading", "before", "after")
_HALVINGS: Final = 50  # of the interval in which a temperature is looked for
_WARMEST: Final = 64.0


class ThemeClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc] # scikit-learn has no types
    """A classifier of passages by their themes; `zhreport train` makes the same model from the same labels.

    Passages are texts, or mappings with `text` and, where they are known, `heading`, `before` and `after`, or
    a data frame with these columns. Their themes are a name, several names with `;` between them, or a
    sequence of names, the main one first; scikit-learn's splitters by class take no sequences.

    Args:
        tokenizer: `auto`, `jieba` or `rjieba`, or an object with `name` and `words(text)`.
        cost: of an error, the parameter C of the support vector machines.
        folds: parts of the documents that are held out in turn for probabilities and thresholds.

    Attributes:
        model_: the `ThemeModel`, which `Analyzer(themes=…)` takes as well and `save` writes to a file.
        classes_: the themes, sorted.

    >>> from zhreport import ThemeClassifier
    >>> shipped = ThemeClassifier.from_model()
    >>> shipped.predict(["新建中小学校6所，加强教师队伍建设。", "开展网络安全演练，清理网络谣言。"]).tolist()
    ['education', 'cyber']
    """

    def __init__(self, *, tokenizer: str | Tokenizer = "auto", cost: float = 0.4, folds: int = 5) -> None:
        self.tokenizer = tokenizer
        self.cost = cost
        self.folds = folds

    @classmethod
    def from_model(
        cls, model: ThemeModel | str | Path | None = None, *, tokenizer: str | Tokenizer = "auto"
    ) -> Self:
        """A fitted classifier of a model that is there already.

        Args:
            model: it or its file; that of the package by default.
            tokenizer: see the class.

        Raises:
            InputError: the file cannot be read or is damaged.
        """
        if model is None:
            model = default_model()
        made = cls(tokenizer=tokenizer)
        return made._use(model if isinstance(model, ThemeModel) else ThemeModel.load(Path(model)))

    def fit(
        self,
        X: Iterable[object],  # noqa: N803 - scikit-learn calls it so
        y: Iterable[str | Sequence[str]],
        *,
        groups: Iterable[object] | None = None,
        sample_weight: Iterable[float] | None = None,
    ) -> Self:
        """Train on passages.

        Args:
            X: the passages.
            y: the themes of each.
            groups: the document of each, which is never on both sides while probabilities are fitted; each
                passage is one by default.
            sample_weight: how much each counts.

        Raises:
            UsageError: numbers of passages, themes, groups or weights that differ, something that is no
                passage, fewer than five examples of a theme, or fewer documents than folds.
        """
        passages, said = _passages(X), [_names(name) for name in y]
        documents = [str(n) for n in range(len(passages))] if groups is None else list(map(str, groups))
        weights = [1.0] * len(passages) if sample_weight is None else list(map(float, sample_weight))
        if not len(passages) == len(said) == len(documents) == len(weights):
            raise UsageError(
                f"{len(passages)} passages, but {len(said)} labels, {len(documents)} groups and "
                f"{len(weights)} weights; give one for each"
            )
        labels = [
            Labelled(
                passage=passage,
                themes=names,
                mains=names[:1],
                optional=(),
                group=group,
                place="",
                weight=weight,
            )
            for passage, names, group, weight in zip(passages, said, documents, weights, strict=True)
        ]
        settings = Settings(cost=self.cost, folds=self.folds)
        order = tuple(crosswalk("zhreport"))
        return self._use(train(labels, self._tokenizer(), order=order, settings=settings))

    def _use(self, model: ThemeModel) -> Self:
        self.model_ = model
        self.classes_ = np.array(sorted(model.themes))
        return self

    def _tokenizer(self) -> Tokenizer:
        if isinstance(self.tokenizer, str):
            return make_tokenizer(self.tokenizer, default_lexicon().tokenizer_words())
        return self.tokenizer

    def decision_function(self, X: Iterable[object]) -> "NDArray[np.float64]":  # noqa: N803
        """Scores of the shape (passages, themes), in the order of `classes_`; with two themes (passages,).

        Raises:
            NotFittedError: it has not been fitted.
            UsageError: something that is no passage.
        """
        scores = self._scores(X)
        return scores[:, 1] - scores[:, 0] if len(self.classes_) == 2 else scores

    def _scores(self, X: Iterable[object]) -> "NDArray[np.float64]":  # noqa: N803
        check_is_fitted(self)
        return self._sorted(self.model_.scores(_passages(X), self._tokenizer()))

    def _sorted(self, scores: "NDArray[np.float64]") -> "NDArray[np.float64]":
        """The columns of the model in the order of `classes_`."""
        return scores[:, [self.model_.themes.index(theme) for theme in self.classes_]]

    def predict(self, X: Iterable[object]) -> "NDArray[np.str_]":  # noqa: N803
        """The main theme of each passage, however unsure; `predict_themes` leaves out what is unsure.

        Raises:
            NotFittedError, UsageError: as `decision_function`.
        """
        scores = self._scores(X)
        found: NDArray[np.str_] = self.classes_[scores.argmax(axis=1)]
        return found

    def predict_proba(self, X: Iterable[object]) -> "NDArray[np.float64]":  # noqa: N803
        """The probability of each theme to be the main one, of the shape (passages, themes).

        That of the main theme is the calibrated one of `Theme.probability`, at least 1 / themes; the others
        share the rest by their scores, so that rows add up to 1.

        Raises:
            NotFittedError, UsageError: as `decision_function`.
        """
        check_is_fitted(self)
        unsorted = self.model_.scores(_passages(X), self._tokenizer())
        scores = self._sorted(unsorted)
        if not len(scores):
            return scores
        _, certain, _ = self.model_.probabilities(unsorted)
        below = scores - scores.max(axis=1, keepdims=True)
        wanted = np.maximum(certain, 1 / len(self.classes_) + 1e-9)
        low, high = np.zeros(len(scores)), np.full(len(scores), _WARMEST)
        for _ in range(_HALVINGS):  # the higher the factor, the larger the share of the highest score
            middle = (low + high) / 2
            enough = 1 / np.exp(below * middle[:, None]).sum(axis=1) >= wanted
            low, high = np.where(enough, low, middle), np.where(enough, middle, high)
        shares = np.exp(below * high[:, None])
        found: NDArray[np.float64] = shares / shares.sum(axis=1, keepdims=True)
        return found

    def predict_themes(
        self,
        X: Iterable[object],  # noqa: N803
    ) -> list[tuple[Theme, ...]]:
        """The themes of each passage with their probabilities as `Analyzer` gives them, none if unsure.

        Raises:
            NotFittedError, UsageError: as `decision_function`.
        """
        check_is_fitted(self)
        return self.model_.predict(_passages(X), self._tokenizer())

    def score(
        self,
        X: Iterable[object],  # noqa: N803
        y: Iterable[str | Sequence[str]],
        sample_weight: Iterable[float] | None = None,
    ) -> float:
        """The share of passages whose main theme is right.

        Raises:
            NotFittedError, UsageError: as `decision_function`.
        """
        right = self.predict(X) == np.array([_names(said)[0] for said in y])
        return float(np.average(right, weights=None if sample_weight is None else list(sample_weight)))

    def save(self, path: str | Path) -> None:
        """Write the model to a file that `zhreport extract --themes` and `Analyzer(themes=…)` read.

        Raises:
            NotFittedError: it has not been fitted.
        """
        check_is_fitted(self)
        self.model_.save(Path(path))

    def __sklearn_tags__(self) -> "Tags":
        """Takes strings instead of arrays of numbers."""
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        return tags


def _passages(found: Iterable[object]) -> list[Passage]:
    if isinstance(found, str | Mapping):
        raise UsageError("one text instead of a list of them; put it in brackets")
    if hasattr(found, "to_dict") and hasattr(found, "columns"):  # a data frame would give its columns
        found = found.to_dict("records")
    return [_passage(one) for one in found]


def _passage(one: object) -> Passage:
    if isinstance(one, Passage):
        return one
    if isinstance(one, str):
        return Passage(fold(one))
    if isinstance(one, Mapping) and isinstance(one.get("text"), str):
        return Passage(fold(one["text"]), *map(_context, (one.get(name) for name in _CONTEXT)))
    raise UsageError(f"{one!r:.60} is no passage: give a text, or a mapping with 'text'")


def _context(text: object) -> str:
    return fold(text) if isinstance(text, str) else ""  # None or not a number


def _names(said: Any) -> tuple[str, ...]:  # noqa: ANN401 - whatever a caller labels with
    names = tuple(split_names(said)) if isinstance(said, str) else tuple(map(str, said or ()))
    if not names:
        raise UsageError(f"{said!r} names no theme; leave out passages that have none")
    return names
