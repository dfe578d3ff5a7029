"""Records of the texts in a data frame of pandas or polars."""

from typing import Any

import pytest

from zhreport import Analyzer, Extraction, UsageError
from zhreport.tables import KINDS

pa = pytest.importorskip("pyarrow")

TEXTS = ["2024年，云岭市建成粮库3座、晒场5个，开展“清朗”行动。", None, "无。", "平安县新建学校6所。"]
YEARS = [2024, 2024, None, 2023]


@pytest.mark.parametrize("kind", KINDS)
def test_pandas(kind: str, analyzer: Analyzer) -> None:
    pandas = pytest.importorskip("pandas")
    import zhreport.frames  # noqa: F401 - the accessor

    texts = pandas.DataFrame({"正文": TEXTS, "年份": YEARS, "省": list("甲乙丙丁")}, index=[7, 5, 5, 3])
    records: Any = getattr(texts.zhreport, kind)
    found = records("正文", year="年份", analyzer=analyzer)
    first = analyzer.analyze(TEXTS[0] or "", year=2024).to_pandas(kind)
    assert found.iloc[: len(first)].drop(columns="error").reset_index(drop=True).equals(first)
    assert found.drop(columns="error").dtypes.equals(first.dtypes)
    assert set(found.index[: len(first)]) <= {7}
    assert list(found.loc[[5], "error"].dropna()) == ["no text"]
    assert set(found.index) == {7, 5, 3} if kind != "campaigns" else {7, 5}
    assert len(texts[["省"]].join(found)) >= len(found)


def test_a_row_number_and_a_name_of_the_callers_own(analyzer: Analyzer) -> None:
    pandas = pytest.importorskip("pandas")
    import zhreport.frames  # noqa: F401 - the accessor

    texts = pandas.DataFrame({"t": TEXTS, "n": ["甲", "乙", "丙", "丁"]})
    found: Any = texts.zhreport.claims("t", name="n", themes=False, tokenizer="jieba")
    assert list(found["doc"].dropna()) == ["甲", "甲", "丁"]
    with pytest.raises(UsageError, match="'文'"):
        texts.zhreport.claims("文", analyzer=analyzer)


@pytest.mark.parametrize("kind", KINDS)
def test_polars(kind: str, analyzer: Analyzer) -> None:
    polars = pytest.importorskip("polars")
    import zhreport.frames  # noqa: F401 - the namespace

    texts = polars.DataFrame({"正文": TEXTS, "年份": YEARS, "省": list("甲乙丙丁")})
    found: Any = getattr(texts.zhreport, kind)("正文", year="年份", analyzer=analyzer)
    wanted = Extraction(analyzer, records=kind, text="正文", year="年份")(texts.to_arrow())
    assert found.to_arrow().to_pylist() == wanted.to_pylist()
    assert "省" in found.columns
