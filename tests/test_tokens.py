"""Tokenizers: own instances, the same words, numbers in one piece."""

import os
import pathlib
import re
import subprocess
import sys
import tempfile
from importlib.util import find_spec

import jieba
import pytest

from zhreport import MissingExtraError, UsageError, default_lexicon
from zhreport.report import Analyzer
from zhreport.words.tokens import JiebaTokenizer, make_tokenizer, tokenize, words_of_speech

WORDS = default_lexicon().tokenizer_words()


def sample_text(samples: pathlib.Path) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(samples.glob("*.txt")))


def test_jieba_and_rjieba_give_the_same_words_and_records(samples: pathlib.Path) -> None:
    pytest.importorskip("rjieba", reason="the extra zhreport[fast] is not installed")
    text = sample_text(samples)
    slow, fast = make_tokenizer("jieba", WORDS), make_tokenizer("rjieba", WORDS)
    assert slow.words(text) == fast.words(text)
    for path in sorted(samples.glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        one = Analyzer(tokenizer=slow).analyze(text, year=2024)
        other = Analyzer(tokenizer=fast).analyze(text, year=2024)
        assert repr(one.to_dicts()) == repr(other.to_dicts())
        assert len(one.claims) > 50


def test_words_are_those_of_jieba_itself(samples: pathlib.Path) -> None:
    plain = jieba.Tokenizer()
    plain.FREQ, plain.total = plain.gen_pfdict(plain.get_dict_file())
    plain.initialized = True
    ours = JiebaTokenizer()
    odd = "卡拉OK大赛T恤3.5%，\n  ABC-1、〇𠮷龘㐀…ＡＢ９９十十十"
    for text in ["", "的", odd, *sample_text(samples).splitlines()]:
        assert ours.words(text) == plain.lcut(text, HMM=False)
    assert JiebaTokenizer(hmm=True).words(odd) == plain.lcut(odd, HMM=True)


@pytest.mark.parametrize("hmm", [False, True])
@pytest.mark.parametrize("name", ["jieba", "rjieba"])
def test_what_stands_between_signs_is_cut_by_itself(samples: pathlib.Path, name: str, hmm: bool) -> None:
    if name == "rjieba":
        pytest.importorskip("rjieba", reason="the extra zhreport[fast] is not installed")
    tokenizer = make_tokenizer(name, WORDS, hmm=hmm)
    assert getattr(tokenizer, "cuts_at_signs", False)
    for line in [*sample_text(samples).splitlines(), "，，。增长5%、：3.5%；A、B！\r\n？好"]:
        clauses = re.findall("[^，。；：、！？]*[，。；：、！？]|[^，。；：、！？]+", line)
        assert [word for clause in clauses for word in tokenizer.words(clause)] == tokenizer.words(line)


def test_rjieba_reads_its_dictionary_once() -> None:
    pytest.importorskip("rjieba", reason="the extra zhreport[fast] is not installed")
    code = (
        "import sys; from zhreport.words.tokens import make_tokenizer as make; make('rjieba'); "
        "assert 'rjieba' not in sys.modules; import rjieba; "
        "assert make('rjieba').words('粮食增产') == rjieba.cut('粮食增产', False)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_auto_takes_what_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "zhreport.words.tokens.util.find_spec", lambda name: None if name == "rjieba" else find_spec(name)
    )
    assert make_tokenizer("auto").name == "jieba"
    monkeypatch.setitem(sys.modules, "rjieba", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'zhreport\[fast\]'"):
        make_tokenizer("rjieba")
    with pytest.raises(UsageError, match="nosuch"):
        make_tokenizer("nosuch")


def test_quantities_stay_whole() -> None:
    text = "投资1,234.5亿元，增长23.4%，完成３．５公里"
    tokens = Analyzer(tokenizer="jieba").tokens(text)
    assert {"1,234.5亿元", "23.4%", "３．５公里"} <= {token.text for token in tokens}
    assert "".join(token.text for token in tokens) == text


def test_atoms_at_the_edges() -> None:
    tokenizer = JiebaTokenizer()
    text = "3个项目5个"
    tokens = tokenize(text, tokenizer, [(0, 2), (4, 6)])
    assert [t.text for t in tokens] == ["3个", "项目", "5个"]


def test_nothing_process_wide_changes() -> None:
    """A fresh process: jieba's own tokenizer stays cold, no file appears in the temporary folder."""
    with tempfile.TemporaryDirectory() as folder:
        code = """
import decimal, locale, logging, warnings, jieba

def state():
    root = logging.getLogger()
    settings = (root.level, list(root.handlers), list(warnings.filters), locale.setlocale(locale.LC_ALL))
    return repr(decimal.getcontext()), settings

before = state()
import zhreport
zhreport.analyze("产值增长5%", year=2024, tokenizer="jieba")
assert state() == before
assert not jieba.dt.initialized and not jieba.dt.FREQ
"""
        env = {**os.environ, "TMPDIR": folder}
        subprocess.run([sys.executable, "-W", "ignore", "-c", code], check=True, env=env)
        assert list(pathlib.Path(folder).iterdir()) == []


def test_own_words_leave_other_analyzers_alone() -> None:
    text = "玉带湖新区共有居民3万人"
    mine = Analyzer(tokens=["玉带湖新区"], tokenizer="jieba")
    assert "玉带湖新区" in [t.text for t in mine.tokens(text)]
    assert "玉带湖新区" not in [t.text for t in Analyzer(tokenizer="jieba").tokens(text)]


def test_the_dictionary_tells_parts_of_speech() -> None:
    assert words_of_speech("p") >= {"按照", "对于"}
    assert words_of_speech("r") >= {"此次", "本次"}
    assert words_of_speech("pr") == words_of_speech("p") | words_of_speech("r")
    assert "行动" not in words_of_speech("prc")
