"""Themes of paragraphs: the shipped model, its file, explanations and the crosswalk."""

import io
import json
import pathlib
import subprocess
import sys
import zipfile
from collections import Counter
from importlib import resources
from math import hypot, log

import numpy as np
import pytest

import zhreport
from zhreport import Analyzer, InputError, ThemeModel, UsageError
from zhreport.themes import TAXONOMIES, crosswalk, default_model, map_theme
from zhreport.themes.counting import Places
from zhreport.themes.model import FORMAT, lead_of
from zhreport.themes.passages import BLOCKS, Laid, Passage, Stretches, features
from zhreport.words.tokens import Tokenizer, make_tokenizer

TEXT = """2024年平川县政府工作报告
二、2024年重点工作
（一）办好人民满意的教育
新建中小学校6所、幼儿园9所，新增学位5200个，加强教师队伍建设，“双减”成果得到巩固，职业院校产教融合扎实推进。
（二）守护绿水青山
坚决打好蓝天、碧水、净土保卫战，空气质量优良天数比例达到92%，治理水土流失面积38平方公里，完成造林4.2万亩。
各位代表：
"""


def test_paragraphs_have_themes(analyzer: Analyzer) -> None:
    report = analyzer.analyze(TEXT)
    assert len(report.paragraphs) == len(report.document.paragraphs)
    school, green = report.paragraphs[3], report.paragraphs[5]
    assert school.themes[0].theme == "education"
    assert green.themes[0].theme == "environment"
    assert 0.5 < school.themes[0].probability <= 1
    assert all(1 <= len(p.themes) <= 3 or not p.themes for p in report.paragraphs)
    assert {c.theme for c in report.claims if c.paragraph == 3} == {"education"}
    assert {c.theme for c in report.campaigns if c.paragraph == 5} == {"environment"}
    record = next(r for r in report.records() if r["record"] == "paragraph" and r["index"] == 3)
    assert record["themes"][0] == {"theme": "education", "probability": school.themes[0].probability}


def test_without_themes_and_with_another_taxonomy() -> None:
    bare = Analyzer(themes=False).analyze(TEXT)
    assert all(not p.themes for p in bare.paragraphs)
    assert all(not c.theme for c in bare.claims)
    assert Analyzer(themes=False).explain_themes(TEXT) == [()] * 7
    assert Analyzer(taxonomy="cap").analyze(TEXT).paragraphs[3].themes[0].theme == "6 Education"
    assert Analyzer(taxonomy="gov").analyze(TEXT).claims[0].theme == "科技、教育"
    with pytest.raises(UsageError, match="cap"):
        Analyzer(taxonomy="lexicoder")


def test_reasons_are_named_like_the_themes(analyzer: Analyzer) -> None:
    # two themes of ours, one of the other taxonomy
    text = "改造老旧小区，扩建城市道路；加强大气污染防治，保护湿地和生态。"
    assert {r.theme for r in analyzer.explain_themes(text)[0]} == {"urban_transport", "environment"}
    gov = Analyzer(taxonomy="gov")
    themes = [(t.theme, t.probability) for t in gov.analyze(text).paragraphs[0].themes]
    assert [(r.theme, r.probability) for r in gov.explain_themes(text)[0]] == themes
    assert [theme for theme, _ in themes] == ["城乡建设、环境保护"]


def test_why(analyzer: Analyzer) -> None:
    reasons = analyzer.explain_themes(TEXT)[3]
    assert reasons[0].theme == "education"
    words = dict(reasons[0].words)
    assert any("教师" in word or "学位" in word or "教育" in word for word in words)
    assert list(words.values()) == sorted(words.values(), reverse=True)
    assert all(weight > 0 for weight in words.values())


def test_themes_do_not_depend_on_the_tokenizer() -> None:
    pytest.importorskip("rjieba")
    tagged = [Analyzer(tokenizer=name).analyze(TEXT).paragraphs for name in ("jieba", "rjieba")]
    assert tagged[0] == tagged[1]


def test_the_shipped_file() -> None:
    data = resources.files("zhreport.data").joinpath("themes.npz").read_bytes()
    assert len(data) < 10_000_000
    model = default_model()
    assert model.meta["format"] == FORMAT
    assert set(model.themes) == set(crosswalk("zhreport"))
    for key in ("labels_sha256", "versions", "held_out", "paragraphs", "documents", "taxonomy"):
        assert model.meta[key], key
    # a tenth of its labels were chosen because an earlier model was unsure of them
    assert model.meta["held_out"]["accuracy"] > 0.86
    stream = io.BytesIO()
    model.write(stream)
    assert stream.getvalue() == data, "a model that is read and written is the same file"


def test_damaged_and_foreign_files(tmp_path: pathlib.Path) -> None:
    data = resources.files("zhreport.data").joinpath("themes.npz").read_bytes()
    path = tmp_path / "model.npz"

    def fails(content: bytes, match: str) -> None:
        path.write_bytes(content)
        with pytest.raises(InputError, match=match):
            ThemeModel.load(path)

    for content in (b"", b"hello", data[: len(data) // 2], data[:-40], data[1000:]):
        fails(content, "damaged")
    for place in (200, 5_000, len(data) // 2, len(data) - 3_000):
        fails(data[:place] + bytes([data[place] ^ 0xFF]) * 8 + data[place + 8 :], "damaged|format")
    stream = io.BytesIO()
    np.savez(stream, meta=np.frombuffer(b'{"format": "something else"}', np.uint8))
    fails(stream.getvalue(), "not a theme model in the format")
    stream = io.BytesIO()
    np.savez(stream, numbers=np.arange(3))
    fails(stream.getvalue(), "damaged")
    stream = io.BytesIO()
    np.savez(stream, meta=np.array([{"format": FORMAT}], dtype=object))  # a pickle inside
    fails(stream.getvalue(), "damaged")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    entries["main.npy"] = entries["joint.npy"]
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    fails(path.read_bytes(), "shape")
    with pytest.raises(InputError, match="cannot be read"):
        ThemeModel.load(tmp_path / "none.npz")
    with pytest.raises(InputError, match="cannot be read"):
        Analyzer(themes=tmp_path / "none.npz")


class _Pairs:
    """A tokenizer that cuts otherwise if other text stands before: two characters are a word."""

    name = "pairs"

    def words(self, text: str) -> list[str]:
        return [text[at : at + 2] for at in range(0, len(text), 2)]


@pytest.mark.parametrize("tokenizer", [make_tokenizer("jieba"), _Pairs()], ids=lambda t: t.name)
def test_the_fast_way_counts_the_same_features(tokenizer: Tokenizer) -> None:
    model = default_model()
    found = [
        Passage("（一）稳就业。新增岗位5.2万个，", "民生", "上一段", "下一段"),
        Passage("", "", "只有前文", ""),
        Passage("😀中a中a"),
        Passage(
            "3、 推进 农业\u3000现代化，扩大粮食生产面积和农产品加工能力" * 3, "二、 农业工作", "", "中a中a"
        ),
        Passage("一是教育事业稳步发展；新建学校", "。；"),
        Passage("\n 12．教师队伍建设得到加强\r", " "),
    ]
    laid = Laid()
    rows = [Stretches(*map(laid.add, (p.text, p.heading, p.before, p.after))) for p in found]
    counts = [*model._counter.count(*model._counter.reader(laid, tokenizer)(rows))]
    assert [one.blocks for one in counts] == [
        ("words", "before", "after"), ("opening",), ("heading",), ("characters",),
    ]  # fmt: skip
    blocks = {block: (one, at) for one in counts for at, block in enumerate(one.blocks)}
    for i, counted in enumerate(features(found, tokenizer)):
        for block in BLOCKS:
            (one, at), known = blocks[block], set(model.names[block])
            places, (values, factors) = model._counter.places[one.blocks][at], model._valued(one)
            own = one.row == one.whose[at][i]
            factor = dict(zip(one.row[one.begins].tolist(), factors[:, at].tolist(), strict=True))
            shown = zip(places[one.feature[own]].tolist(), values[own, at].tolist(), strict=True)
            value = {model.names[block][j]: v * factor[one.whose[at][i]] for j, v in shown if j >= 0}
            times = Counter(name for name in counted[block] if name in known)
            assert [*value] == sorted(times), block
            weights = {
                n: (1 + log(k)) * model.idf[block][model.names[block].index(n)] for n, k in times.items()
            }
            norm = hypot(*weights.values())
            wanted = {name: weights[name] / norm * BLOCKS[block] for name in value}
            assert value == pytest.approx(wanted), block


def test_a_text_in_pieces_has_the_same_words(monkeypatch: pytest.MonkeyPatch) -> None:
    model, tokenizer = default_model(), make_tokenizer("jieba")
    laid = Laid("新增岗位5.2万个，城镇登记失业率4.1%。\n建成粮库3座，开展“清朗”行动。\n查处案件12起")
    rows = [Stretches((0, 24)), Stretches((25, len(laid.whole)))]
    whole = model.scorer(laid, tokenizer)(rows)
    monkeypatch.setattr("zhreport.themes.counting._PIECE", 12)
    monkeypatch.setattr("zhreport.themes.counting._WORDS", 5)
    monkeypatch.setattr("zhreport.themes.counting._USUAL", 9)
    assert model.scorer(laid, tokenizer)(rows).tobytes() == whole.tobytes()


def test_scores_in_pieces_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    model, tokenizer = default_model(), make_tokenizer("jieba")
    texts = ("新增岗位5.2万个，城镇登记失业率4.1%。", "", "建成粮库3座。", "开展“清朗”行动，查处案件12起。")
    found = [Passage(text, "民生", before) for text, before in zip(texts, ("", *texts), strict=False)]
    whole = model.scores(found, tokenizer)
    monkeypatch.setattr("zhreport.themes.model._TOGETHER", 2)
    assert model.scores(found, tokenizer).tobytes() == whole.tobytes()


@pytest.mark.parametrize("count", [0, 1, 5000])
def test_numbers_are_found_where_they_stand(count: int) -> None:
    numpy = pytest.importorskip("numpy")
    numbers = numpy.unique(numpy.random.default_rng(7).integers(0, 2**52, 2 * count + 1))
    there = numpy.random.default_rng(8).permutation(numbers)[:count]
    place = {number: at for at, number in enumerate(there.tolist())}
    assert Places(there).of(numbers).tolist() == [place.get(n, -1) for n in numbers.tolist()]


def test_a_lead_makes_a_main_theme_surer() -> None:
    assert lead_of(np.array([[0.5, -1.0, 0.25], [2.0, 2.0, 0.0]])).tolist() == [
        [0.5, 0.25, 0.125],
        [2.0, 0.0, 0.0],
    ]
    model = default_model()
    scores = np.full((2, len(model.themes)), -1.0)
    scores[:, 3], scores[:, 5] = 0.8, (0.7, -0.5)
    _, (close, apart), _ = model.probabilities(scores)
    assert close < apart


def test_no_paragraph_at_all() -> None:
    assert default_model().predict([], make_tokenizer("jieba")) == []
    report = zhreport.analyze("")
    assert report.paragraphs == ()
    assert zhreport.analyze("\u3000。。。\n???").paragraphs[0].themes == ()


def test_crosswalk_is_whole() -> None:
    for taxonomy in TAXONOMIES:
        assert set(crosswalk(taxonomy)) == set(crosswalk("zhreport"))
        assert all(crosswalk(taxonomy).values())
    assert map_theme("external", "gov") == "对外事务"
    with pytest.raises(UsageError):
        crosswalk("none")


def test_inference_needs_no_scikit_learn() -> None:
    code = (
        "import sys, zhreport\n"
        "report = zhreport.analyze('新建学校6所，加强教师队伍建设，提升教育质量。')\n"
        "assert report.paragraphs[0].themes[0].theme == 'education'\n"
        "assert not any(name.split('.')[0] in ('sklearn', 'scipy') for name in sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_probabilities_are_written_as_numbers(analyzer: Analyzer) -> None:
    rows = [r for r in analyzer.analyze(TEXT).records() if r["record"] == "paragraph"]
    assert json.loads(json.dumps(rows)) == rows


SCHOOL = (
    "全市新建中小学校6所、幼儿园9所，新增学位5200个，加强教师队伍建设，"
    "义务教育优质均衡发展，职业院校产教融合扎实推进。"
)
GREEN = (
    "坚决打好蓝天、碧水、净土保卫战，空气质量优良天数比例达到92%，"
    "治理水土流失，完成造林绿化，强化污水处理和生态环境保护督察。"
)


def test_one_line_has_several_passages(analyzer: Analyzer) -> None:
    text = SCHOOL * 5 + GREEN * 5
    (paragraph,) = analyzer.analyze(text).paragraphs
    assert [p.themes[0].theme for p in paragraph.passages] == ["education", "environment"]
    first, second = paragraph.passages
    assert (first.start, first.end, second.start, second.end) == (
        0,
        len(SCHOOL) * 5,
        len(SCHOOL) * 5,
        len(text),
    )
    assert {t.theme for t in paragraph.themes} == {"education", "environment"}
    report = analyzer.analyze(text)
    assert {c.theme for c in report.claims if c.start < second.start} == {"education"}
    assert {c.theme for c in report.claims if c.start >= second.start} == {"environment"}
    row = next(r for r in report.records() if r["record"] == "paragraph")
    assert [(p["start"], p["end"], p["themes"][0]["theme"]) for p in row["passages"]] == [
        (0, second.start, "education"),
        (second.start, len(text), "environment"),
    ]
    assert json.loads(json.dumps(row)) == row
    (table,) = report.to_arrow("paragraphs").column("passages").to_pylist()
    assert [(p["start"], p["theme"]) for p in table] == [(0, "education"), (second.start, "environment")]
    gov = Analyzer(taxonomy="gov").analyze(text).paragraphs[0].passages
    assert [p.themes[0].theme for p in gov] == ["科技、教育", "城乡建设、环境保护"]


@pytest.mark.parametrize("text", [SCHOOL * 10, SCHOOL + GREEN, "", "，" * 3000, "1。" * 3000])
def test_one_subject_or_little_text_is_one_passage(analyzer: Analyzer, text: str) -> None:
    assert all(not p.passages for p in analyzer.analyze(text).paragraphs)


def test_passages_do_not_overlap_and_leave_nothing_out(analyzer: Analyzer) -> None:
    text = (SCHOOL * 3 + GREEN * 3 + "好。" * 30) * 3
    (paragraph,) = analyzer.analyze(text).paragraphs
    places = [(p.start, p.end) for p in paragraph.passages]
    assert len(places) > 2
    assert [a for a, _ in places] == [0, *(b for _, b in places[:-1])]
    assert places[-1][1] == len(text)
    assert len(paragraph.themes) <= 3


def test_furniture_has_no_theme_and_is_no_heading(analyzer: Analyzer) -> None:
    lines = (
        "发布时间：2024-01-05 10:30 来源：云岭日报 浏览次数：128",
        "记者 王安 通讯员 李宁",
        "（2024年1月20日）",
        "图为新建成的云岭市第三小学。",
        "请输入验证码后查看教育信息",
        "您是第12345位访问者",
        "当前位置：首页 > 教育 > 学校建设",
    )
    for line in lines:
        report = analyzer.analyze(f"一、办好教育\n{line}\n{SCHOOL}")
        found = report.paragraphs[1]
        assert (found.heading, found.themes) == (0, ()), line
        assert report.paragraphs[2].section == ("一、办好教育",), line
    report = analyzer.analyze("一、办好教育\n建设更多学校\n时间紧、任务重，学校要抓紧建设")
    assert [p.heading for p in report.paragraphs] == [1, 4, 4]


def test_a_space_inside_a_heading_changes_nothing(analyzer: Analyzer) -> None:
    for spaced, plain in (("二、农 业", "二、农业"), ("（一） 办好 教\u3000育", "（一）办好教育")):
        one, other = (analyzer.analyze(f"{heading}\n稳步推进，成效明显。") for heading in (spaced, plain))
        assert one.paragraphs[1].section == other.paragraphs[1].section == (plain,)
        for a, b in zip(one.paragraphs, other.paragraphs, strict=True):
            assert (a.heading, a.themes) == (b.heading, b.themes)


def test_two_themes_of_equal_weight_are_both_main(analyzer: Analyzer) -> None:
    model = default_model()
    scores = np.full((3, len(model.themes)), -1.5)
    scores[:, 0], scores[:, 1] = 0.6, (0.6 - 0.9 * model.meta["equal"], 0.6 - 1.1 * model.meta["equal"], -1.5)
    close, apart, alone = model.themes_of(scores)
    assert [theme.main for theme in close[:2]] == [True, True]
    assert [theme.main for theme in apart[:2]] == [True, False]
    assert [theme.theme for theme in alone if theme.main] == [model.themes[0]]
    report = analyzer.analyze(SCHOOL * 5 + GREEN * 5)
    assert set(report.paragraphs[0].mains) == {"education", "environment"}, "each is main in a passage"
    assert report.to_arrow("paragraphs").column("mains").to_pylist() == [list(report.paragraphs[0].mains)]
    row = next(r for r in report.records() if r["record"] == "paragraph")
    assert sorted(row["mains"]) == ["education", "environment"]
