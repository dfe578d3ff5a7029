"""The vocabulary files: one class to a word, lists that read, and words of a caller's own."""

import pathlib
import re

import pytest

import vocabulary
import zhreport
from zhreport import Analyzer, DataFileError, UsageError, default_lexicon, read_words
from zhreport.clause import default_grammar
from zhreport.timeframe.time_words import time_pattern
from zhreport.words.lexicon import read_sections

TWO = """# mine
[classes]
act = '''
揭榜 挂帅
开榜 放榜
'''
up = "走高"
weak = "放榜 评榜"
[marks]
generic = "揭榜"
"""


@pytest.mark.parametrize("path", vocabulary.FILES, ids=lambda path: path.name)
def test_lists_are_sorted(path: pathlib.Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text == vocabulary.sorted_lists(text), "run python tests/vocabulary.py"


def test_sorting_keeps_what_is_said_of_a_list_and_lists_whose_order_counts() -> None:
    text = '# file\n[marks]\n# which?\nup = "丙 乙 甲 乙"\n[dual]\n"丁戊" = "戊 丁"\n'
    assert vocabulary.sorted_lists(text) == text.replace("丙 乙 甲 乙", "丙 乙 甲")
    long = " ".join(chr(0x4E00 + number) for number in range(11))
    assert vocabulary.sorted_lists(f'up = "{long}"\n') == f'up = """\n{long[:-2]}\n{long[-1]}\n"""\n'


def test_a_word_of_the_package_has_one_class() -> None:
    lexicon = default_lexicon()
    for name in set(lexicon.words.values()):
        assert {word for word in lexicon.words if lexicon.words[word] == name} == lexicon.sets[name]
    assert not lexicon.words.keys() & lexicon.sets["terms"]


def test_no_list_stands_in_two_files() -> None:
    names = [name for path in vocabulary.FILES for name in read_words(path)]
    assert len(names) == len(set(names))


def test_two_classes_in_a_file_are_named_with_their_lines(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(TWO, encoding="utf-8")
    with pytest.raises(
        DataFileError, match=r"mine\.toml, lines 5 and 8: '放榜' has the classes 'act' and 'weak'"
    ):
        Analyzer(vocabulary=path)
    path.write_text(TWO.replace("放榜 评榜", "评榜"), encoding="utf-8")
    found = read_words(path)
    assert found["act"] == {"揭榜", "挂帅", "开榜", "放榜"}
    assert found["generic"] == {"揭榜"}, "a mark is beside the class"


def test_two_kinds_of_a_head_in_a_file_are_named_with_their_lines(tmp_path: pathlib.Path) -> None:
    mine = tmp_path / "mine.toml"
    text = '[heads]\naction = "大巡礼 大联查"\n[weak_heads]\nactivity = "大巡礼"\n'
    mine.write_text(text, encoding="utf-8")
    with pytest.raises(DataFileError, match=r"mine\.toml, lines 2 and 4: the head '大巡礼' has the kinds"):
        read_words(mine)


@pytest.mark.parametrize(
    "sets", [{"heads.activity": ["专项行动"]}, {"heads.forum": ["大联查"], "weak_heads.action": ["大联查"]}]
)
def test_two_kinds_of_a_head_in_arguments_are_named(sets: dict[str, list[str]]) -> None:
    head = next(iter(sets.values()))[0]
    with pytest.raises(UsageError, match=f"the head '{head}' has the kinds"):
        default_lexicon().extended(sets=sets)


def test_two_classes_in_arguments_are_named() -> None:
    for words, sets in (
        ({}, {"act": ["揭榜"], "weak": ["揭榜"]}),
        ({"揭榜": "weak"}, {"act": ["揭榜"]}),
    ):
        with pytest.raises(UsageError, match=r"'揭榜' has the classes '(act|weak)' and '(act|weak)'"):
            default_lexicon().extended(words=words, sets=sets)
    with pytest.raises(UsageError, match="has the class 'verb'; there are up, down"):
        default_lexicon().extended(words={"揭榜": "verb"})


def test_a_callers_class_goes_before_that_of_the_package() -> None:
    lexicon = default_lexicon()
    assert lexicon.words["种植"] == "weak"
    for mine in (lexicon.extended(words={"种植": "act"}), lexicon.extended(sets={"act": ["种植"]})):
        assert mine.words["种植"] == "act"
        assert "种植" in mine.sets["act"]
        assert "种植" not in mine.sets["weak"]
    none = lexicon.extended(words={"种植": ""})
    assert none.words["种植"] == ""
    assert "种植" not in none.sets["weak"]
    assert "种植" in lexicon.sets["weak"], "nothing outside changes"


def test_a_class_from_a_file_reads_a_clause(tmp_path: pathlib.Path) -> None:
    text = "揭榜关键技术攻关12项。"
    assert [c.indicator for c in Analyzer(themes=False).analyze(text, year=2024).claims] == [
        "揭榜关键技术攻关"
    ]
    path = tmp_path / "mine.toml"
    path.write_text('[classes]\nact = "揭榜"\n', encoding="utf-8")
    mine = Analyzer(vocabulary=path, themes=False).analyze(text, year=2024).claims
    assert [(c.indicator, c.action) for c in mine] == [("关键技术攻关", "揭榜")]


def test_templates() -> None:
    lexicon = default_lexicon().extended(sets={"share_heads": ["占份"]})
    assert lexicon.patterns["{share_heads}的?$"].search("产值占份的")
    assert lexicon.patterns[r"[0-9]{1,2}{fall_heads}"].search("3降幅")
    assert not lexicon.patterns["{heads.honour}"].search("一个也没有"), "a list without words fits nothing"
    assert lexicon.listed("fall_heads") == tuple(sorted(lexicon.sets["fall_heads"]))
    with pytest.raises(UsageError, match="no_such"):
        lexicon.source("{no_such.set}")


def test_a_callers_words_reach_the_rules_of_claims() -> None:
    text = "培育产值超2000万元的作坊，重点项目完成年度盘子的112%。"
    plain = Analyzer(themes=False).analyze(text, year=2024).claims
    assert [(c.text, c.rule) for c in plain] == [("2000万元", "level"), ("112%", "level")]
    mine = Analyzer(themes=False, vocabulary={"threshold.classes": ["作坊"], "plan.nouns": ["盘子"]})
    assert [(c.text, c.rule) for c in mine.analyze(text, year=2024).claims] == [("112%", "planned_part")]


def test_a_callers_words_reach_the_rules_of_campaigns() -> None:
    text = "推进“春风”行动驿站建设。"
    assert [c.name for c in Analyzer(themes=False).analyze(text, year=2024).campaigns] == ["春风"]
    mine = Analyzer(themes=False, vocabulary={"quoted.no_efforts": ["驿站"]})
    assert not mine.analyze(text, year=2024).campaigns


def test_every_list_of_the_files_that_a_caller_extends_is_asked_for() -> None:
    sources = pathlib.Path(zhreport.__file__).parent.rglob("*.py")
    code = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    code += " ".join(default_grammar().sets.values())  # the clause grammar is data, as patterns are
    code += (vocabulary.DATA / "patterns.toml").read_text(encoding="utf-8")
    # asked for by their beginning: kinds of campaigns, relations, what makes another word of a head, what is
    # counted by which measure word
    by_section = (
        "heads",
        "weak_heads",
        "deed_heads",
        "quoted_heads",
        "list_heads",
        "event_ends",
        "known",
        "counted",
        "other_word",
        "before",
        "after",
    )
    names = (name for name in default_lexicon().sets if name.partition(".")[0] not in by_section)
    assert [name for name in names if name not in code] == []


def test_every_list_of_the_clause_grammar_is_asked_for() -> None:
    grammar = default_grammar()
    asked = " ".join((*(rule.pattern for rule in grammar.rules), *grammar.pieces.values()))
    package = pathlib.Path(zhreport.__file__).parent
    asked += "".join(path.read_text(encoding="utf-8") for path in package.rglob("*.py"))
    words = set(re.findall(r"[a-z_]+", asked))
    assert [name for name in grammar.words if name not in words] == []


def test_every_pattern_is_one_and_is_asked_for() -> None:
    sources = pathlib.Path(zhreport.__file__).parent.rglob("*.py")
    code = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    text = (vocabulary.DATA / "patterns.toml").read_text(encoding="utf-8")
    for section, key, template in read_sections(text, "patterns.toml"):
        name = f"{section}.{key}"
        asked = f"<{name}>" in text or name in template or f'"{name}"' in code or f'"{key}"' in code
        assert asked or f'package_entries("{section}")' in code, name
        if section == "time":
            assert time_pattern(name)
        elif f'package_entries("{section}")' not in code:
            assert default_lexicon().patterns[name]


def test_a_name_that_no_list_has_is_told() -> None:
    with pytest.raises(UsageError, match=r"no word set is called 'share\.verb', as in the pattern"):
        _ = default_lexicon().patterns["{share.verb}了?"]


def test_a_beginning_of_titles_has_two_signs() -> None:
    with pytest.raises(UsageError, match=r"titles\.of_a_place: '甲' is too short"):
        Analyzer(vocabulary={"titles.of_a_place": ["甲"]})


def test_signs_that_patterns_use_are_words_like_others(samples: pathlib.Path) -> None:
    text = min(samples.glob("*.txt")).read_text(encoding="utf-8")
    signs = "]^-\\[(.*+?{|$"
    odd = {
        name: [f"{signs[(number + k) % len(signs)]}甲{number}乙{k}" for k in range(3)]
        for number, name in enumerate(sorted(default_lexicon().sets))
    }
    usual, other = (Analyzer(vocabulary=words).analyze(text) for words in (None, odd))
    assert (other.claims, other.campaigns) == (usual.claims, usual.campaigns)
    assert len(other.claims) > 100
