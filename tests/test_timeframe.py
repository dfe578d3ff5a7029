"""The timeframe of documents: years, parts, and that the layout of a text says nothing."""

import pathlib
import re
from collections.abc import Callable

import pytest
from click.testing import CliRunner

from zhreport import UsageError, analyze, explain, read
from zhreport.cli import cli
from zhreport.document import make_document
from zhreport.report import Analyzer
from zhreport.timeframe import Year, find_year

SAMPLES = pathlib.Path(__file__).parent.parent / "corpora" / "samples"
SHARED = pathlib.Path(__file__).parent.parent.parent / "shared"


def years(year: Year) -> tuple[str, int | None, int | None]:
    return year.kind, year.reviewed, year.planned


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("2024年云岭市政府工作报告\n各位代表：", ("government", 2023, 2024)),
        (
            "云岭市政府工作报告\n——2024年1月9日在云岭市第五届人民代表大会上\n各位代表：",
            ("government", 2023, 2024),
        ),
        ("云岭市2023年国民经济和社会发展统计公报", ("bulletin", 2023, 2024)),
        ("云岭市2023年国民经济\n和社会发展统计公报", ("bulletin", 2023, 2024)),
        ("关于云岭市2023年预算执行情况和2024年预算草案的报告", ("plan", 2023, 2024)),
        ("关于云岭市2023年预算执行情况\n和2024年预算（草案）的报告", ("plan", 2023, 2024)),
        ("云岭市林业局2023年工作总结", ("summary", 2023, 2024)),
        ("云岭市林业局2023年工作总结及2024年工作计划", ("summary", 2023, 2024)),
        ("云岭市林业局\n2023年上半年工作总结", ("summary", 2023, 2023)),
        ("云岭市林业局2023年度工作报告", ("summary", 2023, 2024)),
        ("云岭市林业局2024年工作要点", ("summary", 2023, 2024)),
        ("原标题：云岭出口增长\n本报讯 2024年茶叶出口增长。", ("press", 2024, 2024)),
    ],
)
def test_titles(text: str, want: tuple[str, int, int]) -> None:
    year = None if want[0] != "press" else 2024
    assert years(find_year(text, "a", metadata=year)) == want


@pytest.mark.parametrize("metadata", [None, 2023, 2024])
@pytest.mark.parametrize(
    "title",
    [
        "云岭市2023年国民经济和社会发展统计公报",
        "关于云岭市2023年预算执行情况和2024年预算草案的报告",
        "云岭市林业局2023年工作总结",
    ],
)
def test_metadata_do_not_change_what_a_title_says(title: str, metadata: int | None) -> None:
    text = f"{title}\n一、基本情况\n全年造林3万亩，比上年增长5%。上年末林地80万亩。去年同期造林2万亩。"
    document = make_document(text, metadata_year=metadata)
    found = [(c.status, c.period) for c in Analyzer(themes=False).analyze(document).claims]
    without = [(c.status, c.period) for c in Analyzer(themes=False).analyze(text).claims]
    assert found == without
    assert not document.year.conflict


def test_a_year_that_the_title_contradicts_is_reported() -> None:
    document = make_document("云岭市2023年国民经济和社会发展统计公报\n造林3万亩。", metadata_year=2019)
    assert document.year.reviewed == 2023
    assert "2019" in document.year.conflict
    assert "2023" in document.timeframe.warning


def test_the_caller_says_genre_and_year_under_review() -> None:
    text = "新建学校3所。力争再建5所。"
    press = [(c.status, c.period) for c in analyze(text, year=2024, genre="press").claims]
    assert press == [("actual", "2024"), ("target", "2024")]
    report = [(c.status, c.period) for c in analyze(text, year=2024, genre="政府工作报告").claims]
    assert report == [("actual", "2023"), ("target", "2024")]
    reviewed = [c.period for c in analyze(text, year=2024, genre="政府工作报告", reviewed=2022).claims]
    assert reviewed == ["2022", "2023"]
    with pytest.raises(UsageError, match="unknown genre '诗歌'"):
        analyze(text, genre="诗歌")
    with pytest.raises(UsageError, match="1850"):
        analyze(text, reviewed=1850)


def test_options_and_columns_say_so_too(tmp_path: pathlib.Path) -> None:
    (tmp_path / "a.txt").write_text("新建学校3所。", encoding="utf-8")
    table = tmp_path / "m.csv"
    table.write_text("file,year,reviewed,genre\na.txt,2024,2021年,政府工作报告\n", encoding="utf-8")
    out = tmp_path / "out.csv"

    def periods(*options: str) -> str:
        done = CliRunner().invoke(cli, ["extract", str(tmp_path / "a.txt"), "-o", str(out), *options])
        assert done.exit_code == 0, done.output
        rows = out.read_text(encoding="utf-8-sig").splitlines()
        return rows[1].split(",")[rows[0].split(",").index("period")]

    assert periods("--metadata", str(table)) == "2021"
    assert periods("--metadata", str(table), "--reviewed", "2019") == "2019"
    assert periods("--year", "2024", "--genre", "government") == "2023"
    wrong = CliRunner().invoke(cli, ["extract", str(tmp_path / "a.txt"), "--genre", "诗歌"])
    assert wrong.exit_code == 2
    assert "诗歌" in wrong.output


def test_a_bare_number_is_no_year() -> None:
    assert find_year("住户1984户\n全村1984户、2018人。", "a").value is None


def test_explain_names_the_words_that_decided() -> None:
    decision = explain("去年造林3万亩，今年力争造林5万亩以上。", year=2024)[1]
    timing = getattr(decision, "timing", None)
    assert timing is not None
    assert (timing.status_words, timing.period_words, timing.tone_words) == ("力争", "今年", "力争")


def broken(text: str) -> str:
    return "\n".join("\n".join(re.findall(".{1,30}", line)) for line in text.split("\n"))


LAYOUTS: dict[str, Callable[[str], str]] = {
    "one line": lambda text: re.sub(r"\s*\n\s*", "", text),
    "hard breaks": broken,
    "blank lines": lambda text: text.replace("\n", "\n\n"),
}


def times(path: pathlib.Path, year: int | None) -> dict[tuple[str, str, int], tuple[str, str]]:
    """Status and period of every claim, by what stands before it, its text and its number among the like."""
    document = read(path, metadata_year=year)
    found: dict[tuple[str, str, int], tuple[str, str]] = {}
    for claim in Analyzer(themes=False).analyze(document).claims:
        before = re.sub(r"\s", "", document.text[max(0, claim.start - 40) : claim.start])[-12:]
        number = 0
        while (before, claim.text, number) in found:
            number += 1
        found[before, claim.text, number] = claim.status, claim.period
    return found


def share_of_same(path: pathlib.Path, layout: str, year: int | None, folder: pathlib.Path) -> tuple[int, int]:
    plain = times(path, year)
    other = folder / path.name
    other.write_text(LAYOUTS[layout](path.read_text(encoding="utf-8")), encoding="utf-8")
    changed = times(other, year)
    return sum(changed.get(key) == value for key, value in plain.items()), len(plain)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_layout_says_nothing(layout: str, tmp_path: pathlib.Path) -> None:
    same = total = 0
    for path in sorted(SAMPLES.glob("*.txt")):
        counts = share_of_same(path, layout, None, tmp_path)
        same, total = same + counts[0], total + counts[1]
    assert total > 300
    assert same / total >= 0.98, f"{same} of {total}"


@pytest.mark.slow
@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_layout_of_public_reports_says_nothing(layout: str, tmp_path: pathlib.Path) -> None:
    reports = sorted((SHARED / "reports").glob("*.txt"))
    if not reports:
        pytest.skip("the public reports are not here")
    same = total = 0
    for path in reports:
        year = re.search(r"(?:19|20)[0-9]{2}", path.stem)
        counts = share_of_same(path, layout, int(year.group()) if year else None, tmp_path)
        same, total = same + counts[0], total + counts[1]
    assert same / total >= 0.98, f"{same} of {total}"
