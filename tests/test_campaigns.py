"""Campaigns in the interface: records, counts, vocabulary, and the samples against their gold."""

import json
import pathlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import zhreport
from zhreport import Analyzer, CampaignDecision, DataFileError, InputError, UsageError, read_words
from zhreport.campaigns import KINDS
from zhreport.report import CAMPAIGN_FIELDS

PIECES = st.sampled_from(
    """
    开展 实施 荣获 创建 获评 举办 第五届 “ ” ‘ ’ 「 」 《 》 " 等 、 和 ， 。 （12） 清朗 行动 专项 整治
    工程 项目 试点 大赛 论坛 节 全国文明城市 国家 示范区 3个 90多次 2023年 的 活动 计划 称号 三大
    博览会 安全生产 攻坚战 \n 😀
    """.split(" ")
)
ANALYZER = Analyzer(tokenizer="jieba")


def f1(gold_file: pathlib.Path, analyzer: Analyzer) -> tuple[int, int, int]:
    """Names that are right in span and kind, names found, names in the gold."""
    paragraphs = [json.loads(line) for line in gold_file.read_text(encoding="utf-8").splitlines()]
    path = gold_file.with_name(gold_file.name.replace(".gold.jsonl", ".txt"))
    found = {(c.start, c.end): c.kind for c in analyzer.analyze(zhreport.read(path)).campaigns}
    gold: list[dict[str, Any]] = [c for p in paragraphs for c in p["campaigns"]]
    hits = sum(
        any(found.get(tuple(span)) == c["kind"] for span in c.get("spans", [[c["start"], c["end"]]]))
        for c in gold
    )
    return hits, len(found), len(gold)


def test_samples_against_gold(samples: pathlib.Path, analyzer: Analyzer) -> None:
    counts = [f1(path, analyzer) for path in sorted(samples.glob("*.gold.jsonl"))]
    hits, found, gold = (sum(column) for column in zip(*counts, strict=True))
    assert gold >= 30
    assert 2 * hits / (found + gold) >= 0.85


def test_a_record_has_its_links() -> None:
    text = "市委网信办开展“净网”“护苗”等专项整治行动90多次，承办第五届云岭阅读大赛。"
    first, second, third = zhreport.analyze(text, year=2024).campaigns
    assert (first.name, second.name, third.name) == ("净网", "护苗", "云岭阅读大赛")
    assert (first.head, first.action, first.organizer) == ("专项整治行动", "开展", "市委网信办")
    assert first.quoted
    assert not third.quoted
    assert first.count == second.count == "90多次"
    claim = next(c for c in zhreport.analyze(text, year=2024).claims if c.text == "90多次")
    assert (first.count_start, first.count_end) == (claim.start, claim.end)
    assert (third.edition, third.kind, third.action) == ("第五届", "contest", "承办")
    assert third.count == "", "an edition counts nothing"


def test_mentions_share_an_id() -> None:
    report = zhreport.analyze(
        "一、回顾\n开展“清朗”行动。\n实施黑土地保护工程，“清朗”专项行动收效。", year=2024
    )
    assert [(c.name, c.campaign_id, c.paragraph) for c in report.campaigns] == [
        ("清朗", 1, 1),
        ("黑土地保护工程", 2, 2),
        ("清朗", 1, 2),
    ]
    assert [(row["name"], row["mentions"]) for row in report.campaign_counts()] == [
        ("清朗", 2),
        ("黑土地保护工程", 1),
    ]


def test_the_period_is_that_of_the_part_or_of_the_date() -> None:
    text = (
        "一、2023年工作回顾\n开展“甲乙丙”行动。2022年6月，举办云岭阅读大赛。\n"
        "二、2024年工作安排\n实施“丁戊己”工程。"
    )
    assert [c.period for c in zhreport.analyze(text, year=2024).campaigns] == ["2023", "2022-06", "2024"]


def test_dicts_and_frames() -> None:
    report = zhreport.analyze("开展“清朗”行动3次。", year=2024, name="甲")
    (row,) = report.to_dicts("campaigns")
    assert list(row) == [
        *"file doc region region_code level date genre year year_origin".split(),
        *CAMPAIGN_FIELDS,
        "clean_start",
        "clean_end",
        "source_spans",
    ]
    assert row["kind"] in KINDS
    with pytest.raises(UsageError, match="claims or campaigns"):
        report.to_dicts("themes")
    pandas = pytest.importorskip("pandas")
    frame = report.to_pandas("campaigns")
    assert isinstance(frame, pandas.DataFrame)
    assert list(frame["name"]) == ["清朗"]
    assert list(zhreport.analyze("").to_pandas("campaigns").columns) == list(frame.columns)


def test_a_callers_vocabulary(tmp_path: pathlib.Path) -> None:
    text = "开展城区夜巡擂台，推进“河清”整饬。"
    assert not zhreport.analyze(text).campaigns
    path = tmp_path / "mine.toml"
    path.write_text('[heads]\ncontest = "擂台"\n[quoted_heads]\naction = "整饬"\n', encoding="utf-8")
    assert read_words(path) == {"heads.contest": {"擂台"}, "quoted_heads.action": {"整饬"}}
    for vocabulary in (path, str(path), read_words(path)):
        mine = Analyzer(vocabulary=vocabulary, tokenizer="jieba").analyze(text).campaigns
        assert [(c.name, c.kind) for c in mine] == [("城区夜巡擂台", "contest"), ("河清", "action")]
    stopped = Analyzer(vocabulary={"not_campaigns.formulations": ["清朗"]})
    assert [c.name for c in stopped.analyze("开展商圈“清朗”行动。").campaigns] == ["商圈“清朗”行动"]
    with pytest.raises(UsageError, match=r"heads\.race"):
        Analyzer(vocabulary={"heads.race": ["擂台"]})
    path.write_text("heads = 3", encoding="utf-8")
    with pytest.raises(DataFileError, match=r"mine\.toml"):
        Analyzer(vocabulary=path)
    with pytest.raises(InputError, match=r"none\.toml"):
        Analyzer(vocabulary=tmp_path / "none.toml")


def test_explanations_stand_in_the_order_of_the_text() -> None:
    decisions = zhreport.explain("投入3亿元，开展“清朗”行动和一系列专项行动。", year=2024)
    assert [(d.text, d.rejected_by) for d in decisions] == [
        ("3亿元", ""),
        ("清朗", ""),
        ("专项行动", "nothing_specific"),
    ]
    assert isinstance(decisions[1], CampaignDecision)


@settings(deadline=None, max_examples=200)
@given(st.lists(PIECES, max_size=40).map("".join))
def test_names_stand_where_they_say(text: str) -> None:
    report = ANALYZER.analyze(text, year=2024)
    at = 0
    for campaign in report.campaigns:
        assert text[campaign.start : campaign.end] == campaign.name
        assert at <= campaign.start < campaign.end
        at = campaign.end
        assert campaign.kind in KINDS
        if campaign.count_start is not None:
            assert text[campaign.count_start : campaign.count_end] == campaign.count
        paragraph = report.paragraphs[campaign.paragraph]
        assert paragraph.start <= campaign.start < campaign.end <= paragraph.end


@settings(deadline=None, max_examples=100)
@given(st.lists(PIECES, max_size=30).map("".join))
def test_a_paragraph_before_shifts_names_only(text: str) -> None:
    before = "这里没有任何名称。\n"
    shifted = ANALYZER.analyze(before + text, year=2024).campaigns
    plain = ANALYZER.analyze(text, year=2024).campaigns
    assert [(c.start - len(before), c.name, c.kind, c.campaign_id) for c in shifted] == [
        (c.start, c.name, c.kind, c.campaign_id) for c in plain
    ]


def test_the_end_of_a_text_does_not_change_a_name_at_its_beginning(analyzer: Analyzer) -> None:
    text = "大气污染防治、水源保护专项行动成效明显。"
    for more in ("", "水", "人", "—"):
        found = analyzer.analyze(text + more, year=2024).campaigns
        assert [c.name for c in found] == ["大气污染防治、水源保护专项行动"]
    for more in ("", "—"):
        found = analyzer.analyze(f"—东盟博览会成功举办{more}", year=2024).campaigns
        assert [c.name for c in found] == ["—东盟博览会"]


def test_a_short_form_is_the_same_campaign(analyzer: Analyzer) -> None:
    text = (
        "县局开展冬季交通打击整治专项行动。冬季行动首周查处案件12起。"
        "“净网2023”专项行动开展以来，“净网”行动查处案件7起。"
    )
    assert [c.campaign_id for c in analyzer.analyze(text, year=2023).campaigns] == [1, 1, 2, 2]


def test_labels_are_well_formed() -> None:
    path = pathlib.Path(__file__).parent.parent / "corpora" / "campaigns" / "labels.jsonl"
    passages = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    places = [(p["set"], p["doc"], p["start"], p["end"]) for p in passages]
    assert places == sorted(set(places))
    for passage in passages:
        for name in passage["campaigns"]:
            assert name["kind"] == name["kinds"][0]
            assert set(name["kinds"]) <= set(KINDS)
            spans = name.get("spans", [[name["start"], name["end"]]])
            assert [name["start"], name["end"]] in spans
            assert all(passage["start"] <= start < end <= passage["end"] for start, end in spans)
