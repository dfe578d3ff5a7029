"""The tools that show what a change of the rules does."""

import pathlib
from collections.abc import Callable
from types import ModuleType

import pytest

from zhreport.claims import KINDS, REJECTIONS


@pytest.fixture
def golden(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(pathlib.Path(__file__).resolve().parent.parent / "bench"))
    import golden

    return golden


@pytest.fixture
def rules(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(pathlib.Path(__file__).resolve().parent.parent / "bench"))
    import rules

    return rules


@pytest.fixture
def folder(tmp_path: pathlib.Path) -> pathlib.Path:
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "云岭市.txt").write_text(
        "云岭市2024年工作总结\n全年建成充电桩120个，开展“净水”专项行动3次。\n粮食产量增长2.5%。",
        encoding="utf-8",
    )
    return texts


def test_nothing_differs_from_what_was_kept(
    golden: ModuleType, folder: pathlib.Path, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = str(tmp_path / "kept.jsonl")
    assert golden.main([kept, str(folder), "--update"]) == 0
    assert golden.main([kept, str(folder)]) == 0
    assert "3 claims: no difference" in capsys.readouterr().out


def test_differences_are_a_table_with_the_clause(
    golden: ModuleType, folder: pathlib.Path, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "kept.jsonl"
    golden.main([str(kept), str(folder), "--update"])
    changed = kept.read_text(encoding="utf-8").replace('"indicator": "充电桩"', '"indicator": "电桩"')
    kept.write_text(changed.replace('"action": "开展"', '"action": "做"'), encoding="utf-8")
    capsys.readouterr()
    assert golden.main([str(kept), str(folder), "--records", "claims"]) == 1
    table = capsys.readouterr().out
    assert (
        "texts/云岭市.txt\t120个\tindicator\t电桩 -> 充电桩\t全年建成充电桩[120个]，开展“净水”专项行动3次"
        in table
    )
    assert "3 claims: action 1, indicator 1" in table
    assert golden.main([str(kept), str(folder), "--field", "noun"]) == 0


def test_records_that_only_one_has(golden: ModuleType) -> None:
    row = {"clause": "建成[3个]", "text": "3个", "indicator": "园区", "start": 2, "end": 4}
    (lost,) = golden.compared("a", {"claims": {"2-4": row}}, {"claims": {}})
    (new,) = golden.compared("a", {}, {"claims": {"2-4": row}})
    assert (lost.field, lost.kept, lost.found) == ("found", "园区", "")
    assert (new.kept, new.found, new.clause) == ("", "园区", "建成[3个]")


def test_texts_do_not_enter_the_repository(golden: ModuleType, folder: pathlib.Path) -> None:
    inside = golden.ROOT / "golden.jsonl"
    with pytest.raises(SystemExit, match="keep it elsewhere"):
        golden.main([str(inside), str(folder), "--update"])
    assert not inside.exists()


def test_what_was_never_kept_is_said(
    golden: ModuleType, folder: pathlib.Path, tmp_path: pathlib.Path
) -> None:
    with pytest.raises(SystemExit, match="--update"):
        golden.main([str(tmp_path / "none.jsonl"), str(folder)])


def test_a_rule_is_silent_for_a_while(rules: ModuleType) -> None:
    change = next(rule for rule in KINDS if rule.__name__ == "verb_of_change")
    before = change.__code__
    with rules.silent(change):
        said: Callable[..., object] = change
        assert said(None) is None
    assert change.__code__ is before


def test_what_every_rule_decides_and_what_changes_without_it(
    rules: ModuleType, folder: pathlib.Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "平安县.txt").write_text(
        "平安县2024年工作总结\n支持亿元以上项目8个，10亿元以上项目2个。", encoding="utf-8"
    )
    tried = ["threshold", "rank", "head"]
    rules.main(["usage", str(folder), *(f"--rule={name}" for name in tried), "--examples", "9"])
    table = capsys.readouterr().out.splitlines()
    assert "rule\tgroup\tdecides\tchanged without it" in table
    assert "rank\tKind\t0\t0" in table
    (row,) = [line for line in table if line.startswith("threshold\t")]
    _, group, decides, changed = row.split("\t")
    assert (group, decides) == ("What is no claim", "1")
    assert int(changed) >= 1
    (row,) = [line for line in table if line.startswith("head\t")]
    assert "Clause, front" in row
    assert "\t0" not in row
    assert any("10亿元" in line and "found" in line for line in table)


def test_an_unknown_rule_is_named(rules: ModuleType, folder: pathlib.Path) -> None:
    assert REJECTIONS
    with pytest.raises(SystemExit, match="no rule is called nothing"):
        rules.main(["usage", str(folder), "--rule", "nothing"])
