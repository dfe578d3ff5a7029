"""`zhreport.toml`: options and vocabulary that a project gives once."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from zhreport.cli import cli
from zhreport.cli.configuration import NAME


@pytest.fixture(autouse=True)
def _in_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text = "2024年平安县工作总结\n全年点靓街巷45条，新增养殖规模3标准菇房。\n"
    Path("report.txt").write_text(text, "utf-8")


def call(*arguments: str, status: int = 0) -> Result:
    result = CliRunner().invoke(cli, arguments)
    assert result.exit_code == status, result.output
    return result


def test_options_for_all_commands_and_for_one() -> None:
    Path(NAME).write_text('year = 2019\n[view]\nyear = 2020\n[extract]\nformat = "csv"\n', "utf-8")
    assert ",2019," in call("extract", "report.txt").output
    call("view", "report.txt", "-o", "page.html")
    assert "year 2020" in Path("page.html").read_text("utf-8")


def test_command_line_goes_first() -> None:
    Path(NAME).write_text('year = 2019\nthemes = "gone.npz"\nformat = "csv"', "utf-8")
    assert ",2021," in call("extract", "report.txt", "--year", "2021", "--no-themes").output


def test_vocabulary_and_units_are_seen_from_the_folder_of_the_file() -> None:
    Path("own").mkdir()
    Path("own/words.toml").write_text('[classes]\nact = "点靓"\n', "utf-8")
    Path("own/units.csv").write_text("unit,dimension,canonical,factor\n标准菇房,count,,1\n", "utf-8")
    Path("own/mine.toml").write_text('words = "words.toml"\nunits = "units.csv"\n', "utf-8")
    plain = call("extract", "report.txt", "--format", "jsonl", "--no-themes").output
    mine = call(
        "extract", "report.txt", "--format", "jsonl", "--no-themes", "--config", "own/mine.toml"
    ).output
    assert '"action":"点靓"' not in plain
    assert '"action":"点靓"' in mine
    assert '"unit":"标准菇房"' in mine
    explained = call("explain", "全年点靓街巷45条", "--config", "own/mine.toml").output
    assert "action      点靓" in explained


def test_other_words_make_a_store_read_again() -> None:
    Path("words.toml").write_text('[classes]\nact = "点靓"\n', "utf-8")
    command = ("extract", "report.txt", "-o", "store.duckdb", "--no-themes")
    assert "1 new" in call(*command).output
    assert "1 unchanged" in call(*command).output
    assert "1 changed" in call(*command, "--words", "words.toml").output
    assert "1 unchanged" in call(*command, "--words", "words.toml").output


def test_lists_and_flags() -> None:
    Path(NAME).write_text('indicator = ["GDP", "粮食产量"]\nwide = true\n', "utf-8")
    Path("report.txt").write_text("2024年平安县工作总结\n全年地区生产总值增长5%，粮食产量8万吨。\n", "utf-8")
    call("panel", "report.txt", "-o", "wide.csv")
    assert "gdp_growth" in Path("wide.csv").read_text("utf-8-sig").splitlines()[0]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("yaer = 2019", "no command has an option 'yaer' for a file; did you mean 'year'?"),
        ("[extarct]\nyear = 2019", "[extarct] is no command of zhreport; did you mean 'extract'?"),
        ("[panel]\nthemes = 'a.npz'", "[panel]: `zhreport panel` has no option 'themes' for a file"),
        ("output = 'a.csv'", "no command has an option 'output' for a file"),
        ("year = 'soon'", "year: 'soon' is not a valid integer"),
        ("jobs = [1, 2]", "jobs: one value, not a list of 2"),
        ("no-themes = 'yes'", "no-themes: 'yes' is neither true nor false"),
        ("year = ", "is not TOML in UTF-8"),
    ],
)
def test_mistakes_name_file_and_place(text: str, message: str) -> None:
    Path(NAME).write_text(text, "utf-8")
    output = call("extract", "report.txt", status=2).output
    assert f"{NAME}: " in output
    assert message in output


def test_a_file_that_is_not_there() -> None:
    assert (
        "none.toml: cannot be read" in call("extract", "report.txt", "--config", "none.toml", status=2).output
    )


def test_the_configuration_is_not_overwritten() -> None:
    Path("own.csv").write_text("year = 2019", "utf-8")
    call("extract", "report.txt", "--config", "own.csv", "-o", "own.csv", status=2)
    assert Path("own.csv").read_text("utf-8") == "year = 2019"
