"""Broken reading order: breaks, joins, and the order of the paragraphs after that."""

import pathlib
import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhreport import InputError, UsageError
from zhreport.document import make_document
from zhreport.reading.repair import Break, ContinuityModel, Join, find_breaks, joined_order, propose_joins
from zhreport.reading.repair.counts import BORDER, Counts, encode, log_probabilities, spans
from zhreport.reading.repair.dictionary import dictionary, word_across
from zhreport.reading.repair.features import Lines
from zhreport.reading.repair.seams import WINDOW, Seams, before, behind
from zhreport.reading.repair.topics import Continuation
from zhreport.reading.repair.trained import default_model, match_features
from zhreport.training.continuity import choose, main, shuffle, train
from zhreport.training.networks import train_seams

# Two columns of an invented article, each cut in mid-sentence.
FIRST = """云岭市2023年网络安全和信息化工作综述

坚持统筹推进，夯实网络安全基础。全市建成网络安全态势感知平台，连续举办五届云岭市网络安全宣传周，全年组织培训1200多人次，网络安全保障能力明显提升，先后三次荣获全省网络安全工作先进单"""
SECOND = """位称号，市委网信办被评为全省文明单位。

（二）发展数字经济。坚持数字产业化和产业数字化，全年建成数字经济重点项目26个，创建省级数字经济示范园区2个、市"""
THIRD = """级园区5个，数字经济总量达到120亿元，成为高质量发展的新引擎。"""
COLUMNS = (FIRST, THIRD, SECOND)


def spans_of(text: str) -> list[tuple[int, int]]:
    return [(p.start, p.end) for p in make_document(text).paragraphs]


def test_an_article_in_wrong_order() -> None:
    text = "\n\n".join(COLUMNS)
    paragraphs = spans_of(text)
    assert len(paragraphs) == 5
    breaks = find_breaks(text, paragraphs)
    assert {(b.paragraph, b.side) for b in breaks} >= {(1, "tail"), (2, "head"), (4, "tail")}
    for b in breaks:
        assert b.at == paragraphs[b.paragraph][b.side == "tail"]
        assert 0.5 <= b.score <= 1
    joins = propose_joins(text, paragraphs)
    assert [(join.tail, join.head, join.certain) for join in joins] == [(1, 3, True), (4, 2, True)]
    assert joined_order(len(paragraphs), joins, breaks) == [[0], [1, 3], [4, 2]]


def test_a_break_without_counterpart_is_left_alone() -> None:
    text = f"{FIRST}\n\n{THIRD}"
    assert ("tail", 1) in {(b.side, b.paragraph) for b in find_breaks(text, spans_of(text))}
    assert not any(join.certain for join in propose_joins(text, spans_of(text)))


def test_sound_texts_are_left_alone(samples: pathlib.Path) -> None:
    texts = [path.read_text(encoding="utf-8") for path in sorted(samples.glob("*.txt"))]
    assert len(texts) >= 3
    texts.append(
        "一、工作回顾\n（一）农业\n全年粮食产量80亿斤，增长2.5%。\n重点做好以下工作：\n1.春耕备耕；\n2.农田水利。\n"
        "云岭市农业农村局\n2024年1月5日"
    )
    for text in texts:
        assert not [join for join in propose_joins(text, spans_of(text)) if join.certain]


def test_shuffled_samples(samples: pathlib.Path) -> None:
    right = wrong = 0
    for path in sorted(samples.glob("*.txt")):
        for k in range(4):
            truth = shuffle(path.read_text(encoding="utf-8"), f"{path.stem} {k}")
            joins = propose_joins(truth.text, truth.paragraphs)
            certain = {(join.tail, join.head) for join in joins if join.certain}
            right += sum(truth.joins.get(pair, False) for pair in certain)
            wrong += sum(pair not in truth.joins for pair in certain)
            order = joined_order(len(truth.paragraphs), joins, find_breaks(truth.text, truth.paragraphs))
            assert sorted(i for group in order for i in group) == list(range(len(truth.paragraphs)))
    assert right >= 20
    assert wrong <= right // 5


@pytest.mark.parametrize("text", ["", "。", "增长", "\n\n", "，\n，\n，", "甲\n乙\n丙", "“\n”", "1\n2"])
def test_odd_texts(text: str) -> None:
    paragraphs = spans_of(text)
    assert all(0 <= b.paragraph < len(paragraphs) for b in find_breaks(text, paragraphs))
    for join in propose_joins(text, paragraphs):
        assert join.tail != join.head


def test_the_same_text_gives_the_same_joins_each_head_and_tail_once() -> None:
    text = "\n".join((*COLUMNS, THIRD, FIRST, SECOND))
    paragraphs = spans_of(text)
    joins = propose_joins(text, paragraphs)
    assert joins == propose_joins(text, paragraphs)
    assert len({join.tail for join in joins}) == len({join.head for join in joins}) == len(joins)


@st.composite
def matchings(draw: st.DrawFn) -> tuple[int, list[Join], list[Break]]:
    """Joins in which no tail and no head stands twice, with circles among them, and breaks."""
    count = draw(st.integers(1, 12))
    size = draw(st.integers(0, count))
    tails = draw(st.permutations(range(count)))[:size]
    heads = draw(st.permutations(range(count)))[:size]
    scores = draw(st.lists(st.floats(0, 1), min_size=size, max_size=size))
    joins = [
        Join(tail=t, head=h, score=s, certain=True)
        for t, h, s in zip(tails, heads, scores, strict=True)
        if t != h
    ]
    places = draw(st.lists(st.tuples(st.integers(0, count - 1), st.sampled_from(["tail", "head"]))))
    return count, joins, [Break(paragraph=i, side=side, at=0, score=1.0) for i, side in places]


@given(matchings())
def test_no_paragraph_is_lost_whatever_is_joined(found: tuple[int, list[Join], list[Break]]) -> None:
    count, joins, breaks = found
    order = joined_order(count, joins, breaks)
    flat = [i for group in order for i in group]
    assert sorted(flat) == list(range(count))
    glued = {pair for group in order for pair in pairwise(group)}
    assert glued <= {(join.tail, join.head) for join in joins}
    if not joins:
        assert flat == list(range(count))


def test_circles() -> None:
    joins = [Join(tail=1, head=2, score=0.9, certain=True), Join(tail=3, head=0, score=0.8, certain=True)]
    assert joined_order(4, joins) == [[1, 2], [3, 0]]
    back = [Join(tail=1, head=2, score=0.9, certain=True), Join(tail=2, head=1, score=0.8, certain=True)]
    assert joined_order(4, back) == [[0], [1, 2], [3]]


def test_counts() -> None:
    counts = Counts.of(["\n增长9%\n增长18%\n"])

    def count(gram: str) -> float:
        return float(counts.get(spans(list(encode(gram).reshape(-1, 1)))[len(gram) - 1, len(gram)])[0])

    assert [count(gram) for gram in ("增", "增长", "长0", "\n增长", "0%\n", "增长00%", "少")] == [
        2,
        2,
        2,
        2,
        2,
        1,
        0,
    ]
    assert count("%\n增") == 0, "nothing reaches across a border"

    def likely(text: str) -> float:
        found = counts.get_all(list(encode(text).reshape(-1, 1)))
        return float(np.add.reduce(log_probabilities(found, counts.total, 0, len(text)))[0])

    assert likely("增长8%") > likely("%长增8")


def test_words_across_a_break() -> None:
    def across(before: str, behind: str) -> float:
        keys = spans(list(encode(before + behind).reshape(-1, 1)))
        return float(word_across(keys, len(before), len(before + behind))[0])

    assert across("支配收", "入增长") > across("关键技", "能培训") > 0
    assert across("支配收入", "增长") == across("粮食产量", "稳步增长") == 0
    assert across("增长8", "%，收") <= 0
    assert dictionary() is dictionary()


def test_what_goes_on() -> None:
    rng = np.random.default_rng(0)
    before = rng.normal(size=(400, 3))
    behind = before @ np.array([[0, 1, 0], [1, 0, 0], [0, 0, 1.0]]) + 0.3 * rng.normal(size=(400, 3))
    odds = Continuation.fit(before, behind).log_odds(before[:50], behind[:50])
    assert odds.shape == (50, 50)
    assert (odds.argmax(axis=1) == np.arange(50)).mean() > 0.7


def test_headings_and_next_lines_are_not_joined_for_sure() -> None:
    lines = [
        "（一）毫不松懈治河护林，不断优化城乡生态",
        "治河护林是云岭的头等要务，全县上下要把山水林田当作家底来经营，",
        "1.建设现代化产业体系",
        "2.推进乡村全面振兴",
    ]
    text = "\n".join([*lines, FIRST, SECOND])
    certain = [(join.tail, join.head) for join in propose_joins(text, spans_of(text)) if join.certain]
    assert not set(certain) & {(0, 1), (1, 2), (2, 3)}


def test_rivals_lower_the_odds() -> None:
    tail, head = np.zeros(2), np.zeros(2)
    alone = match_features(np.array([[4.0, -30], [-30, -30]]), tail, head)[0, 0, 3]
    rivalled = match_features(np.array([[4.0, 4.0], [-30, -30]]), tail, head)[0, 0, 3]
    settled = match_features(np.array([[4.0, 4.0], [-30, 9.0]]), tail, head)[0, 0, 3]
    assert abs(alone - 4.0) < 1e-9
    assert rivalled < settled < alone


def test_model_files_are_checked(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "model.npz"
    with pytest.raises(InputError, match="cannot be read"):
        ContinuityModel.load(path)
    path.write_bytes(b"no model")
    with pytest.raises(InputError, match="damaged"):
        ContinuityModel.load(path)
    model = default_model()
    parts = model.counts, model.topics, model.seams
    ContinuityModel({**model.meta, "format": "other"}, *parts, model.weights).save(path)
    with pytest.raises(InputError, match="is not a continuity model"):
        ContinuityModel.load(path)
    short = {**model.weights, "pair": model.weights["pair"][1:]}
    ContinuityModel(model.meta, *parts, short).save(path)
    with pytest.raises(InputError, match="pair has the shape"):
        ContinuityModel.load(path)


def test_a_saved_model_says_the_same(tmp_path: pathlib.Path) -> None:
    path, again = tmp_path / "a.npz", tmp_path / "b.npz"
    default_model().save(path)
    loaded = ContinuityModel.load(path)
    loaded.save(again)
    assert path.read_bytes() == again.read_bytes()
    text = "\n\n".join(COLUMNS)
    assert propose_joins(text, spans_of(text), loaded) == propose_joins(text, spans_of(text))


def test_numpy_is_not_imported_before_it_is_needed() -> None:
    code = "import sys, zhreport.reading.repair; assert not {'numpy', 'scipy'} & sys.modules.keys()"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_joins_without_rivals_need_no_scipy() -> None:
    code = (
        "import sys\n"
        "from zhreport.document import make_document\n"
        f"assert make_document({chr(10).join(COLUMNS)!r}).joins\n"
        "assert 'scipy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@given(st.sets(st.integers(0, 2**32 - 1), min_size=1), st.lists(st.integers(0, 2**32 - 1)))
def test_counts_are_found_wherever_keys_stand(kept: set[int], asked: list[int]) -> None:
    keys = np.array(sorted(kept), dtype=np.uint32)
    counts = Counts(keys, np.arange(1.0, len(keys) + 1), 1.0)
    asked = [*asked, *kept, 0, 2**32 - 1]
    place = {key: at + 1.0 for at, key in enumerate(keys.tolist())}
    assert counts.get(np.array(asked, dtype=np.uint32)).tolist() == [place.get(key, 0.0) for key in asked]


def test_shuffling(samples: pathlib.Path) -> None:
    text = (samples / "annual-government-report.txt").read_text(encoding="utf-8")
    truth = shuffle(text, "a")
    assert truth == shuffle(text, "a") != shuffle(text, "b")
    for (tail, head), inside in truth.joins.items():
        joined = truth.text[slice(*truth.paragraphs[tail])] + truth.text[slice(*truth.paragraphs[head])]
        assert joined in text or not inside


def test_networks_learn_what_goes_on_where(samples: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zhreport.training.networks._STEPS", 120)
    text = (samples / "annual-government-report.txt").read_text(encoding="utf-8")
    body = Lines(text, spans_of(text)).body
    seams = train_seams([body])
    codes = encode(body)
    places = np.flatnonzero((codes[1:] != BORDER) & (codes[:-1] != BORDER))[5::17] + 1
    scores = seams.scores(codes, places, places)
    rank = (scores > scores.diagonal()[:, None]).sum(axis=1)
    assert np.median(rank) < len(places) / 20
    again = Seams.from_arrays(seams.arrays())
    assert np.array_equal(again.scores(codes, places, places), scores)
    with pytest.raises(ValueError, match="has the shape"):
        Seams.from_arrays({**seams.arrays(), "head_out": seams.arrays()["tail_hidden"]})


def test_nothing_is_read_beyond_the_borders_of_a_paragraph() -> None:
    codes = encode("\n甲乙\n丙丁\n")
    for side, there in ((before, "丙"), (behind, "丁")):
        (found,) = side(codes, np.array([5]))
        assert found.tolist() == [ord(there), *[BORDER] * (WINDOW - 1)]


@pytest.mark.slow
def test_training_is_reproducible(
    tmp_path: pathlib.Path, samples: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zhreport.training.networks._STEPS", 200)
    texts = [path.read_text(encoding="utf-8") for path in sorted(samples.glob("*.txt"))]
    folder = tmp_path / "reports"
    folder.mkdir()
    for i in range(12):
        (folder / f"r{i}.txt").write_text(texts[i % 3][i * 150 :], encoding="utf-8")
    one, two = tmp_path / "1.npz", tmp_path / "2.npz"
    assert main([str(folder), "-o", str(one), "--documents", "10"]) == 0
    assert main([str(folder), "-o", str(two), "--documents", "10"]) == 0
    assert one.read_bytes() == two.read_bytes()
    model = ContinuityModel.load(one)
    assert model.meta["documents"] == sorted(path.stem for path in choose(sorted(folder.iterdir()), 10))


def test_too_little_to_learn_from(tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(UsageError, match="too few"):
        train({"a": "增长。"})
    assert main([str(tmp_path), "-o", str(tmp_path / "m.npz")]) == 1
    assert "no text files" in capsys.readouterr().err
