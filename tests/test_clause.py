"""The clause grammar: its rules' hits and misses, what it refuses, a caller's own rules, and long clauses."""

import pathlib
from collections.abc import Sequence
from functools import cache
from time import process_time
from typing import Any

import pytest

from zhreport import Analyzer, InputError, UsageError, default_lexicon
from zhreport.clause import ClauseReader, Grammar, Rule, default_grammar
from zhreport.clause.grammar import LEVELS
from zhreport.words.tokens import JiebaTokenizer

RULE: dict[str, Any] = {
    "level": "verb",
    "name": "mine",
    "pattern": "<skip>(verb:{act})",
    "why": "To try it.",
    "hit": {"clause": "产量达", "noun": "产量"},
    "miss": "产量",
}
MINE = """
[words]
topped = "登顶"

[[rule]]
level = "verb"
name = "topped"
pattern = "<skip>(verb:{topped})"
gives = "rank"
why = "登顶 says which place was reached."
hit = { clause = "桥梁工程登顶", noun = "桥梁工程", verb = "登顶", verb_class = "rank" }
miss = "桥梁工程"
"""


@cache
def reader() -> ClauseReader:
    lexicon = default_lexicon()
    return ClauseReader(lexicon, JiebaTokenizer(lexicon.tokenizer_words()), default_grammar())


@pytest.mark.parametrize("rule", default_grammar().rules, ids=lambda rule: rule.name)
def test_hit_and_miss(rule: Rule) -> None:
    reader().check([rule])


def test_every_level_has_rules() -> None:
    assert {rule.level for rule in default_grammar().rules} == set(LEVELS)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"why": " "}, "say why"),
        ({"hit": {"clause": "产量达"}}, "hit"),
        ({"hit": {"noun": "产量"}}, "hit"),
        ({"miss": ""}, "miss"),
        ({"level": "top"}, "no level is called 'top'"),
        ({"gives": "verbs"}, "gives"),
        ({"when": "raining"}, "nothing is known as when = 'raining'"),
        ({"name": "My rule"}, "small letters"),
        ({"level": "tail", "gives": "rank", "pattern": "{rank}"}, r"\(verb: …\)"),
    ],
)
def test_a_rule_is_refused(change: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        Rule(**{**RULE, **change})


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("{nouns}", "no feature is called 'nouns'"),
        ("<skips>{act}", "no piece is called 'skips'"),
        ("({act}", "no pattern"),
    ],
)
def test_a_pattern_is_refused(pattern: str, said: str) -> None:
    with pytest.raises(UsageError, match=f"grammar: rule 'mine': {said}"):
        default_grammar().extended(rules=[Rule(**{**RULE, "pattern": pattern})])


def test_a_name_is_taken_once() -> None:
    with pytest.raises(UsageError, match="rule of this name"):
        default_grammar().extended(rules=[Rule(**{**RULE, "name": "verb"})])


def test_own_rules_and_words_stand_beside_ours(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(MINE, encoding="utf-8")
    text = "2024年云岭市政府工作报告\n全市桥梁工程登顶120座。"
    (claim,) = Analyzer(themes=False, grammar=path).analyze(text).claims
    assert (claim.indicator, claim.action) == ("桥梁工程", "登顶")
    (claim,) = Analyzer(themes=False).analyze(text).claims
    assert claim.action != "登顶"
    own = default_grammar().with_file(path)
    (claim,) = Analyzer(themes=False, grammar=own).analyze(text).claims
    assert claim.action == "登顶"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{topped}", "{top}", "rule 'topped': no feature is called 'top'"),
        ('why = "登顶 says which place was reached."\n', "", "rule 'topped' has no why"),
        ("[words]", "[wards]", r"\[wards\] is no section"),
        ("[words]", "[words", "mine.toml: "),
        ('topped = "登顶"', 'act = "登顶"', r"\[words\] act is a feature of another kind"),
        ('topped = "登顶"', "topped = 3", r"\[words\] topped is no string"),
        ('verb = "登顶"', 'verb = "登"', "in its hit '桥梁工程登顶' verb is '登顶', not '登'"),
        ('miss = "桥梁工程"', 'miss = "桥梁工程登顶"', "decides its miss"),
        ('miss = "桥梁工程"', 'miss = "桥梁"\nbefore = "none"', "before = 'none'"),
        ('gives = "rank"', 'grants = "rank"', "grants is no field"),
    ],
)
def test_a_wrong_file_is_named_with_its_entry(tmp_path: pathlib.Path, old: str, new: str, said: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(MINE.replace(old, new), encoding="utf-8")
    with pytest.raises(UsageError, match=f"mine.toml.*{said}|{said}") as error:
        Analyzer(themes=False, grammar=path)
    assert "mine.toml" in str(error.value)


def test_a_rule_that_is_not_needed_is_refused() -> None:
    same = Rule(
        **{
            **RULE,
            "pattern": "<skip>(verb:{act})<pre>*",
            "hit": {"clause": "基站建成", "verb": "建成"},
            "miss": "基站",
        }
    )
    with pytest.raises(UsageError, match=r"rule 'mine' is not needed: .* is read alike"):
        Analyzer(themes=False, grammar=default_grammar().extended(rules=[same]))


def test_a_missing_file_is_named(tmp_path: pathlib.Path) -> None:
    with pytest.raises(InputError, match=r"none\.toml"):
        Analyzer(themes=False, grammar=tmp_path / "none.toml")


def test_a_rule_goes_before_another() -> None:
    mine = Rule(**{**RULE, "before": "no_verb"})
    names = [rule.name for rule in default_grammar().extended(rules=[mine]).of_level("verb")]
    assert names.index("mine") == names.index("no_verb") - 1
    assert default_grammar().extended(rules=[Rule(**RULE)]).of_level("verb")[0].name == "mine"


def test_without_a_rule() -> None:
    assert "result" not in {rule.name for rule in default_grammar().without("result").rules}
    with pytest.raises(UsageError, match="no rule is called 'resolt'"):
        default_grammar().without("resolt")


class Counting:
    """A tokenizer that counts the characters it was asked for."""

    name = "counting"

    def __init__(self) -> None:
        self.asked = 0

    def words(self, text: str) -> list[str]:
        self.asked += len(text)
        return list(text)


@pytest.mark.parametrize("sign", ["与", "的", "建", "在", "比", "等", "新"])
def test_a_long_clause_costs_no_more_than_its_nearest_part(sign: str) -> None:
    def asked(size: int) -> Sequence[int]:
        counting = Counting()
        own = ClauseReader(default_lexicon(), counting, default_grammar())
        left, right = own.left(sign * size), own.right(sign * size)
        assert len(left.noun) <= size
        assert len(right.noun) <= size
        return counting.asked, len(left.rules), len(right.rules)

    assert asked(4000) == asked(2000)


@pytest.mark.parametrize("piece", ["与", "和A", "、", "1个与", "1%、", "与1个", "在中", "占1%、", "“甲”、"])
def test_time_grows_as_the_text_does(piece: str) -> None:
    """Four times the text takes sixteen times the time in a quadratic stage; ten leaves room for noise."""
    analyzer = Analyzer(themes=False)

    def seconds(size: int) -> float:
        times = []
        for _ in range(3):
            start = process_time()
            analyzer.analyze(piece * size + "1个。", year=2024)
            times.append(process_time() - start)
        return min(times)

    small = seconds(1000)
    assert seconds(4000) < 10 * max(small, 0.005)


def test_the_place_of_a_noun_in_a_long_clause() -> None:
    clause = "各地各部门同心协力，" * 60 + "粮食产量达到"
    left = reader().left(clause)
    assert clause[left.noun_start :].startswith(left.noun)
    assert left.noun.endswith("粮食产量")


def test_explain_tells_the_rules_of_the_reading() -> None:
    (decision,) = Analyzer(themes=False).explain("全年建成充电桩120个", year=2024)
    assert "head" in decision.reading  # type: ignore[union-attr]


def test_a_grammar_is_a_value() -> None:
    assert isinstance(default_grammar(), Grammar)
    assert default_grammar().without() == default_grammar()
