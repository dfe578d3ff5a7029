"""The Python interface, and the samples against their gold."""

import collections
import json
import pathlib
import threading
from decimal import Decimal
from typing import Any

import pytest

import zhreport
from zhreport import Analyzer, Claim, DataFileError, Decision, InputError, Unit, UsageError, read_units
from zhreport.report import CLAIM_FIELDS

SHARED = pathlib.Path(__file__).resolve().parents[2] / "shared"


def char_f1(a: str, b: str) -> float:
    if not a or not b:
        return float(a == b)
    common = sum((collections.Counter(a) & collections.Counter(b)).values())
    return 2 * common / (len(a) + len(b))


def right(gold: dict[str, Any], claim: Claim) -> bool:
    amount = (
        (gold["low"], gold["high"]) == (claim.low, claim.high)
        if gold["relation"] == "range"
        else claim.value is not None and abs(Decimal(str(gold["value"])) - claim.value) < Decimal("0.00001")
    )
    noun = max(char_f1(claim.indicator, w) for w in [gold["indicator"], *gold["alt"]])
    same = ("unit", "relation", "kind", "direction", "status")
    return amount and noun >= 0.7 and all(gold[name] == getattr(claim, name) for name in same)


def record_f1(gold_file: pathlib.Path, analyzer: Analyzer) -> tuple[float, float]:
    """F1 of spans, and of records right in span, amount, kind, status and indicator."""
    paragraphs = [json.loads(line) for line in gold_file.read_text(encoding="utf-8").splitlines()]
    gold = {(c["start"], c["end"]): c for p in paragraphs for c in p["claims"]}
    path = gold_file.with_name(gold_file.name.replace(".gold.jsonl", ".txt"))
    report = analyzer.analyze(zhreport.read(path, year=paragraphs[0]["year"]))
    found = {(c.start, c.end): c for c in report.claims}
    both = gold.keys() & found.keys()
    hits = sum(right(gold[key], found[key]) for key in both)
    size = len(gold) + len(found)
    return 2 * len(both) / size, 2 * hits / size


@pytest.mark.parametrize("name", ["annual-government-report", "department-summary", "statistical-bulletin"])
def test_samples_against_gold(name: str, samples: pathlib.Path, analyzer: Analyzer) -> None:
    spans, records = record_f1(samples / f"{name}.gold.jsonl", analyzer)
    assert spans >= 0.98
    assert records >= 0.92


def test_sample_gold_is_true_to_its_text(samples: pathlib.Path) -> None:
    for gold_file in samples.glob("*.gold.jsonl"):
        text = gold_file.with_name(gold_file.name.replace(".gold.jsonl", ".txt")).read_text(encoding="utf-8")
        assert sum("\u4e00" <= c <= "\u9fff" for c in text) >= 1500
        for line in gold_file.read_text(encoding="utf-8").splitlines():
            paragraph = json.loads(line)
            assert text[paragraph["start"] : paragraph["end"]] == paragraph["text"]
            for claim in paragraph["claims"]:
                assert text[claim["start"] : claim["end"]] == claim["text"]


@pytest.mark.slow
def test_all_public_reports() -> None:
    folder = SHARED / "reports"
    if not folder.is_dir():
        pytest.skip("the public reports are not beside the checkout")
    analyzer = Analyzer()
    for path in sorted(folder.glob("*.txt")):
        report = analyzer.analyze(zhreport.read(path))
        assert all(report.document.text[c.start : c.end] == c.text for c in report.claims)


def test_to_dicts_and_pandas() -> None:
    report = zhreport.analyze("产值1.2万—1.5万亿元，增长7.5%。", year=2024, name="甲")
    rows = report.to_dicts()
    assert list(rows[0]) == [
        *"file doc region region_code level date genre year year_origin".split(),
        *CLAIM_FIELDS,
        "clean_start",
        "clean_end",
        "source_spans",
    ]
    assert rows[0]["low"] == 1_200_000_000_000 or rows[0]["relation"] == "range"
    assert rows[1]["value"] == Decimal("7.5")
    pandas = pytest.importorskip("pandas")
    frame = report.to_pandas()
    assert isinstance(frame, pandas.DataFrame)
    assert list(frame.value.dropna()) == [7.5]
    empty = zhreport.analyze("", year=2024).to_pandas()
    assert len(empty) == 0
    assert list(empty.columns) == list(frame.columns)


def test_arrow_and_polars_say_where_they_come_from() -> None:
    pytest.importorskip("pyarrow")
    polars = pytest.importorskip("polars")
    report = Analyzer(tokenizer="jieba", taxonomy="cap").analyze("产值1.2亿元，增长7.5%。", year=2024)
    metadata = report.to_arrow().schema.metadata
    assert metadata[b"zhreport.tokenizer"] == b"jieba"
    assert metadata[b"zhreport.taxonomy"] == b"cap"
    assert len(metadata[b"zhreport.theme_model"]) == 64
    frame = report.to_polars("paragraphs")
    assert isinstance(frame, polars.DataFrame)
    assert frame["text"].to_list() == ["产值1.2亿元，增长7.5%。"]
    plain = Analyzer(tokenizer="jieba", themes=False).analyze("产值1.2亿元，增长7.5%。", year=2024)
    assert plain.provenance["theme_model"] == ""
    with pytest.raises(UsageError, match="unknown records"):
        report.to_pandas("verbs")


def test_empty_and_foreign_text() -> None:
    for text in ("", " \n ", "No numbers.", "12 Monkeys", "🙂" * 9):
        assert zhreport.analyze(text, year=2024).claims == ()
    assert zhreport.explain("") == ()


def test_a_callers_vocabulary_is_his_own() -> None:
    mine = Analyzer(
        units=[Unit(surface="标准菇房", dimension="count", canonical="", factor=Decimal(1))],
        words={"揭牌成立": "act"},
        tokenizer="jieba",
    )
    text = "饲养规模达3万标准菇房。"
    assert [c.unit for c in mine.analyze(text, year=2024).claims] == ["标准菇房"]
    assert [c.unit for c in zhreport.analyze(text, year=2024).claims] != ["标准菇房"]


def test_a_callers_verb_tells_what_is_to_come() -> None:
    mine, text = Analyzer(words={"亮码": "act"}, tokenizer="jieba", themes=False), "县里将亮码商铺10家。"
    assert [c.status for c in mine.analyze(text, year=2024).claims] == ["target"]
    assert [c.status for c in zhreport.analyze(text, year=2024).claims] == ["actual"]


def test_unit_tables_are_checked(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "units.csv"
    path.write_text("# mine\nunit,dimension,canonical,factor\n斛,volume,升,51\n", encoding="utf-8")
    assert read_units(path)[0].surface == "斛"
    for row in ("斛,volume,升", "斛,volume,升,viel", ",volume,升,1", "石,volume,,1\n石,mass,,1"):
        path.write_text(f"# mine\nunit,dimension,canonical,factor\n{row}\n", encoding="utf-8")
        line = 3 + row.count("\n")
        with pytest.raises(DataFileError, match=rf"units\.csv, line {line}"):
            read_units(path)


def test_a_bad_unit_is_refused_by_name(tmp_path: pathlib.Path) -> None:
    good: dict[str, Any] = {
        "surface": "斛",
        "dimension": "volume",
        "canonical": "升",
        "factor": Decimal(51),
    }
    for name, bad in (
        *(("surface", word) for word in ("", " ", "\ud800", None)),
        *(("dimension", word) for word in ("", "\udfff")),
        ("canonical", "\ud8ff"),
        *(("factor", Decimal(n)) for n in ("1E+999", "1E-999", "-1", "NaN", "sNaN", "Infinity")),
        ("factor", 2.5),
    ):
        with pytest.raises(UsageError, match=rf"{name} of Unit\("):
            Unit(**{**good, name: bad})
    assert Unit(**{**good, "factor": Decimal(0), "canonical": ""}).factor == 0
    path = tmp_path / "units.csv"
    path.write_text("unit,dimension,canonical,factor\n斛,volume,升,1E+999\n", encoding="utf-8")
    with pytest.raises(DataFileError, match=r"units\.csv, line 2: factor of Unit"):
        read_units(path)
    path.write_bytes("unit,dimension\n斛".encode("gb18030"))
    with pytest.raises(InputError, match=r"units\.csv: the units cannot be read"):
        read_units(path)


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"vocabulary": {"other_word.人": ["", "才"]}}, r"word set 'other_word.人': '' is not a word"),
        (
            {"vocabulary": {"heads.action": "百日会战"}},
            r"word set 'heads.action': '百日会战' is a single string",
        ),
        ({"vocabulary": {"heads.action": [7]}}, r"word set 'heads.action': 7 is not a word"),
        ({"words": {"": "act"}}, r"words: '' is not a word"),
        ({"words": {"揭榜": "deed"}}, r"words: '揭榜' has the class 'deed'; there are up, down"),
        ({"tokens": ["\ud800"]}, r"tokens: '\\ud800' is not a word"),
    ],
)
def test_a_bad_word_is_refused_by_name(options: dict[str, Any], named: str) -> None:
    with pytest.raises(UsageError, match=named):
        Analyzer(tokenizer="jieba", **options)


def test_signs_of_patterns_are_words_like_others() -> None:
    for sign in ("]", "^", "\\", "a-z", "(", "*"):
        mine = Analyzer(tokenizer="jieba", vocabulary={"edges.organisers": [f"市{sign}"]}, themes=False)
        found = mine.analyze("市委开展“净网”专项行动。", year=2024)
        assert [c.name for c in found.campaigns] == ["净网"]


def test_first_call_from_many_threads() -> None:
    found: list[int] = []

    def work() -> None:
        found.append(len(zhreport.analyze("产值增长5%、达到3亿元。", year=2024, tokenizer="jieba").claims))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [2] * 8


def test_an_explanation_names_every_quantity() -> None:
    decisions = zhreport.explain("建成5G基站12个，拨打12345热线", year=2024)
    claims = [d for d in decisions if isinstance(d, Decision)]
    assert [(d.text, bool(d.claim), d.rejected_by) for d in claims] == [
        ("5", False, "part_of_code"),
        ("12个", True, ""),
        ("12345", False, "part_of_name"),
    ]


def test_a_notebook_shows_the_page(analyzer: Analyzer) -> None:
    report = analyzer.analyze("粮食增产5%。")
    assert "data-k=&quot;change&quot;" in report._repr_html_()
    assert "粮食增产<mark" in report.to_html().replace('<span class="s">', "")


def test_columns_of_a_metadata_table_do_not_hide_fields() -> None:
    report = zhreport.analyze("粮食产量达到8万吨。", year=2024, name="甲")
    records = list(report.records({"unit": "x", "省份": "云"}))
    (claim,) = (r for r in records if r["record"] == "claim")
    assert (claim["unit"], claim["meta_unit"], claim["省份"]) == ("吨", "x", "云")
    assert records[0]["unit"] == "x"


@pytest.mark.parametrize("tokenizer", ["jieba", "auto"])
def test_half_surrogates_are_signs_like_others(tokenizer: str) -> None:
    text = "建成\ud800大厅12个，\udfff增长5%。"
    report = Analyzer(tokenizer=tokenizer).analyze(text, year=2024)
    assert [c.text for c in report.claims] == ["12个", "5%"]


def test_a_review_of_the_year_before_says_the_year() -> None:
    report = zhreport.analyze("各位代表：\n一、2023年政府工作回顾\n粮食增产5%。")
    assert (report.document.year.value, report.document.year.reviewed) == (2024, 2023)
