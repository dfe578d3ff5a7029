"""The theme model as an estimator of scikit-learn."""

import json
import pathlib
import pickle
import subprocess
import sys
from hashlib import sha256
from typing import Any

import numpy as np
import pandas as pd
import pytest
import sklearn.utils
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV, GroupKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.utils import estimator_checks

import zhreport
from zhreport import Analyzer, ThemeClassifier, UsageError
from zhreport.themes import default_model
from zhreport.training import read_labels, train
from zhreport.words.lexicon import default_lexicon
from zhreport.words.tokens import make_tokenizer

WRITTEN = pathlib.Path(__file__).parent.parent / "corpora" / "themes" / "written.jsonl"
OWN = ("cyber", "publicity", "social_forces", "digital", "external")
SAFE = "开展网络安全应急演练，处置漏洞隐患31处，清理网络谣言信息。"


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    """Paragraphs of five themes, each with its main theme only."""
    found = [json.loads(line) for line in WRITTEN.read_text(encoding="utf-8").splitlines()]
    found = [row for row in found if row["themes"][0] in OWN]
    return sorted(found, key=lambda row: sha256(row["text"].encode()).hexdigest())


@pytest.fixture(scope="module")
def fitted(rows: list[dict[str, Any]]) -> ThemeClassifier:
    return ThemeClassifier().fit([row["text"] for row in rows], [row["themes"][0] for row in rows])


def test_it_costs_nothing_until_it_is_asked_for() -> None:
    code = (
        "import sys, zhreport\n"
        "assert not any(name.split('.')[0] == 'sklearn' for name in sys.modules)\n"
        "assert 'ThemeClassifier' in zhreport.__all__ and zhreport.ThemeClassifier\n"
        "assert 'sklearn' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    name = "Nothing"
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        getattr(zhreport, name)


def test_predictions(fitted: ThemeClassifier, rows: list[dict[str, Any]]) -> None:
    texts = [row["text"] for row in rows]
    assert fitted.classes_.tolist() == sorted(OWN)
    assert fitted.predict([SAFE]).tolist() == ["cyber"]
    probabilities = fitted.predict_proba(texts)
    assert probabilities.shape == (len(texts), len(OWN))
    assert np.allclose(probabilities.sum(axis=1), 1)
    assert (fitted.classes_[probabilities.argmax(axis=1)] == fitted.predict(texts)).all()
    assert (fitted.decision_function(texts).argmax(axis=1) == probabilities.argmax(axis=1)).all()
    (themes,) = fitted.predict_themes([SAFE])
    assert themes[0].theme == "cyber"
    assert abs(fitted.predict_proba([SAFE]).max() - themes[0].probability) < 1e-4
    assert fitted.score(texts, [row["themes"][0] for row in rows]) > 0.95
    assert fitted.predict([]).shape == (0,)
    assert fitted.predict_proba([]).shape == (0, len(OWN))


def test_what_a_passage_may_be(fitted: ThemeClassifier) -> None:
    row = {"text": SAFE, "heading": "三、网络安全", "before": None, "after": float("nan")}
    expected = fitted.decision_function([row])
    assert np.array_equal(fitted.decision_function(pd.DataFrame([row])), expected)
    assert np.array_equal(fitted.decision_function(np.array([SAFE])), fitted.decision_function([SAFE]))
    shipped = ThemeClassifier.from_model()
    assert not np.array_equal(shipped.decision_function([SAFE]), shipped.decision_function([row]))
    for wrong, match in (
        (SAFE, "one text instead of a list"),
        ([3], "3 is no passage"),
        ([{}], "no passage"),
    ):
        with pytest.raises(UsageError, match=match):
            fitted.predict(wrong)


def test_the_same_model_as_train_makes(fitted: ThemeClassifier, tmp_path: pathlib.Path) -> None:
    kept = [json.loads(line) for line in WRITTEN.read_text(encoding="utf-8").splitlines()]
    kept = sorted(
        (row for row in kept if row["themes"][0] in OWN), key=lambda r: sha256(r["text"].encode()).hexdigest()
    )
    path = tmp_path / "labels.jsonl"
    lines = [{"text": r["text"], "themes": r["themes"][:1], "doc": str(n)} for n, r in enumerate(kept)]
    path.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    words = make_tokenizer("auto", default_lexicon().tokenizer_words())
    order = default_model().themes
    train(read_labels([path]), words, order=order).save(tmp_path / "a.npz")
    fitted.save(tmp_path / "b.npz")
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    again = ThemeClassifier.from_model(tmp_path / "b.npz")
    assert np.array_equal(again.decision_function([SAFE]), fitted.decision_function([SAFE]))


def test_several_themes_and_weights(rows: list[dict[str, Any]]) -> None:
    texts = [row["text"] for row in rows]
    said = [";".join(dict.fromkeys(t for t in row["themes"] if t in OWN)) for row in rows]
    named = ThemeClassifier(cost=0.2).fit(texts, said)
    listed = ThemeClassifier(cost=0.2).fit(texts, [tuple(names.split(";")) for names in said])
    assert np.array_equal(named.decision_function(texts), listed.decision_function(texts))
    heavy = ThemeClassifier(cost=0.2).fit(
        texts, said, sample_weight=[1 + 9 * (i % 2) for i in range(len(texts))]
    )
    assert not np.array_equal(named.decision_function(texts), heavy.decision_function(texts))
    more: dict[str, Any]
    for more, match in (
        ({"groups": [1]}, "1 groups"),
        ({"sample_weight": [1]}, "1 weights"),
        ({"groups": ["a"] * len(texts)}, "1 documents"),
    ):
        with pytest.raises(UsageError, match=match):
            ThemeClassifier().fit(texts, said, **more)
    with pytest.raises(UsageError, match="names no theme"):
        ThemeClassifier().fit(texts, ["", *said[1:]])


def test_with_scikit_learn(rows: list[dict[str, Any]]) -> None:
    texts, mains = [row["text"] for row in rows], [row["themes"][0] for row in rows]
    strip = FunctionTransformer(lambda found: [text.strip() for text in found])
    groups = [i // 3 for i in range(len(rows))]
    scores = cross_val_score(
        make_pipeline(strip, ThemeClassifier()), texts, mains, groups=groups, cv=GroupKFold(2)
    )
    assert scores.min() > 0.6
    search = GridSearchCV(ThemeClassifier(), {"cost": [0.1, 0.4]}, cv=2, scoring="neg_log_loss")
    assert search.fit(texts, mains).best_params_["cost"] in (0.1, 0.4)


def test_it_is_kept_and_passed_on(fitted: ThemeClassifier) -> None:
    again = pickle.loads(pickle.dumps(fitted))  # noqa: S301 - our own
    assert np.array_equal(again.decision_function([SAFE]), fitted.decision_function([SAFE]))
    with pytest.raises(NotFittedError):
        clone(fitted).predict([SAFE])
    report = Analyzer(themes=fitted).analyze(SAFE)
    assert report.paragraphs[0].themes == fitted.predict_themes([SAFE])[0]
    with pytest.raises(UsageError, match="has not been fitted"):
        Analyzer(themes=ThemeClassifier())


def test_the_shipped_model_as_an_estimator() -> None:
    shipped = ThemeClassifier.from_model()
    assert shipped.model_ is default_model()
    assert shipped.predict([SAFE]).tolist() == ["cyber"]
    assert shipped.predict_proba([SAFE, ""]).shape == (2, 19)


# The checks of scikit-learn that make passages of their own make arrays of numbers, which are no texts; it
# leaves them out for every estimator of texts. What they look for is in the tests above.
@pytest.mark.parametrize(
    "name",
    [
        "check_estimator_cloneable",
        "check_estimator_repr",
        "check_estimator_sparse_tag",
        "check_estimator_tags_renamed",
        "check_get_params_invariance",
        "check_mixin_order",
        "check_no_attributes_set_in_init",
        "check_parameters_default_constructible",
        "check_set_params",
        "check_valid_tag_types",
    ],
)
def test_checks_of_scikit_learn(name: str) -> None:
    check = getattr(estimator_checks, name, None)
    if check is None:
        pytest.skip(f"this scikit-learn has no {name}")
    check("ThemeClassifier", ThemeClassifier())


@pytest.mark.skipif(
    not hasattr(sklearn.utils, "get_tags"),
    reason="before 1.6 it gave arrays to estimators of texts",
)
def test_all_checks_that_scikit_learn_has_for_texts() -> None:
    with pytest.warns(UserWarning, match="Can't test estimator"):  # says that it leaves out those with arrays
        estimator_checks.check_estimator(ThemeClassifier())
