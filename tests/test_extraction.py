"""Analyzers and extractions that travel between processes."""

import copy
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from zhreport import Analyzer, Extraction, Unit, UsageError, ZhreportError
from zhreport.tables import KINDS, schema

pa = pytest.importorskip("pyarrow")

TEXT = (
    "云岭市政府工作报告\n\n2024年，"
    "全市建成揭榜项目12个，粮食产量达到80亿斤以上，收购柑橘30大筐。开展“清朗”专项行动。"
)


class Letters:
    """A tokenizer of a caller's own."""

    name = "letters"

    def words(self, text: str) -> list[str]:
        return list(text)


def unpickled(data: bytes) -> Any:
    return pickle.loads(data)  # noqa: S301 - our own


def made_in_another_process(data: bytes, folder: Path) -> list[str]:
    """What an analyzer that came as a pickle makes of the text elsewhere."""
    (folder / "pickled").write_bytes(data)
    code = (
        "import pathlib, pickle, sys\n"
        "analyzer = pickle.loads(pathlib.Path(sys.argv[1]).read_bytes())\n"
        "print(*analyzer.analyze(sys.argv[2], year=2024).records(), sep='\\n')\n"
        "print(sorted(analyzer.provenance.items()))"
    )
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", code, str(folder / "pickled"), TEXT],
        capture_output=True, encoding="utf-8", check=True,
    )  # fmt: skip
    return done.stdout.splitlines()


def shown(analyzer: Analyzer) -> list[str]:
    records = analyzer.analyze(TEXT, year=2024).records()
    return [*map(str, records), str(sorted(analyzer.provenance.items()))]


def test_a_pickled_analyzer_finds_the_same_elsewhere(tmp_path: Path) -> None:
    plain = Analyzer(taxonomy="cap")
    basket = Unit(surface="大筐", dimension="mass", canonical="", factor=Decimal(0))
    mine = Analyzer(tokenizer="jieba", themes=False, words={"揭榜": "act"}, units=[basket])
    assert len(pickle.dumps(plain)) < 1000  # what the package has is not sent
    assert made_in_another_process(pickle.dumps(plain), tmp_path) == shown(plain)
    assert made_in_another_process(pickle.dumps(mine), tmp_path) == shown(mine)
    assert shown(mine) != shown(plain)


def test_a_pickled_analyzer_needs_no_file_of_its_maker(tmp_path: Path, analyzer: Analyzer) -> None:
    assert analyzer._themes is not None
    analyzer._themes.save(tmp_path / "model.npz")
    data = pickle.dumps(Analyzer(tokenizer="jieba", themes=tmp_path / "model.npz"))
    (tmp_path / "model.npz").unlink()
    assert shown(unpickled(data)) == shown(Analyzer(tokenizer="jieba"))


def test_an_analyzer_is_made_once_in_a_process() -> None:
    data = pickle.dumps(Analyzer(taxonomy="gov"))
    with ThreadPoolExecutor(4) as threads:
        assert len({id(found) for found in threads.map(unpickled, [data] * 4)}) == 1


def test_a_tokenizer_of_the_callers_own_travels_along() -> None:
    mine = Analyzer(tokenizer=Letters(), themes=False)
    assert shown(unpickled(pickle.dumps(mine))) == shown(mine)
    assert copy.copy(mine) is copy.deepcopy(mine) is mine


@pytest.mark.parametrize("kind", KINDS)
def test_records_of_a_batch_are_those_of_the_texts(kind: str, analyzer: Analyzer) -> None:
    texts = pa.record_batch({"编号": [1, 2, 3], "正文": [TEXT, "无。", TEXT[9:]], "年份": [2024, None, 2023]})
    extract = Extraction(analyzer, records=kind, text="正文", year="年份")
    found = extract(texts)
    assert found.schema == extract.schema(texts.schema)
    own = found.select(schema(kind).names).to_pylist()
    apart = [
        analyzer.analyze(TEXT, year=2024),
        analyzer.analyze("无。"),
        analyzer.analyze(TEXT[9:], year=2023),
    ]
    assert own == [row for report in apart for row in report.to_arrow(kind).to_pylist()]
    sizes = [report.to_arrow(kind).num_rows for report in apart]
    assert found["编号"].to_pylist() == [1] * sizes[0] + [2] * sizes[1] + [3] * sizes[2]
    assert found["error"].null_count == found.num_rows > 1


def test_cuts_between_batches_and_a_pickle_change_nothing(analyzer: Analyzer) -> None:
    texts = pa.table(
        {"text": pa.array([TEXT, None, "无。", TEXT], pa.large_string()), "doc": list("甲乙丙丁")}
    )
    extract = Extraction(analyzer)
    whole = extract(texts)
    there = unpickled(pickle.dumps(extract))
    cut = [there(texts.slice(at, 1).combine_chunks()) for at in range(4)]
    assert pa.concat_tables(cut).combine_chunks() == whole.combine_chunks()
    assert extract(texts.slice(0, 0)).schema == whole.schema == extract.schema(texts.schema)
    assert extract(texts.to_batches()[0].slice(0, 0)).num_rows == 0
    assert set(whole["meta_doc"].to_pylist()) == {"甲", "乙", "丁"}


def test_what_is_wrong_with_a_text_is_in_its_row(analyzer: Analyzer, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = pa.record_batch({"text": [TEXT, TEXT, None, TEXT], "year": ["2024", "去年", "2024", "12"]})
    rows = Extraction(analyzer, year="year")(texts).to_pylist()
    errors = [row for row in rows if row["error"]]
    assert [row["error"] for row in errors[:2]] == ["'去年' is not a year", "no text"]
    assert "12" in errors[2]["error"]
    assert len(errors) == 3
    assert all(value is None for row in errors for name, value in row.items() if name != "error")

    def fails(*_: object, **__: object) -> None:
        raise KeyError("broken")

    monkeypatch.setattr(Analyzer, "analyze", fails)
    (fault,) = Extraction(analyzer)(texts.slice(0, 1)).to_pylist()
    assert "KeyError" in fault["error"]


def test_options_make_the_analyzer() -> None:
    texts = pa.record_batch({"text": [TEXT]})
    mine = Extraction(tokenizer="jieba", themes=False, words={"揭榜": "act"})
    assert mine(texts) == Extraction(Analyzer(tokenizer="jieba", themes=False, words={"揭榜": "act"}))(texts)
    with pytest.raises(UsageError, match="taxonomy"):
        Extraction(mine.analyzer, taxonomy="cap")
    with pytest.raises(TypeError, match="colour"):
        Extraction(colour="red")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"records": "words"}, "words"),
        ({"text": "正文"}, "'正文'"),
        ({"year": "年份"}, "'年份'"),
        ({"error": "unit"}, "unit"),
    ],
)
def test_columns_that_do_not_fit_are_an_error_of_the_call(
    options: dict[str, str], message: str, analyzer: Analyzer
) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        Extraction(analyzer, **options)(pa.record_batch({"text": [TEXT]}))
    assert isinstance(caught.value, ZhreportError)
