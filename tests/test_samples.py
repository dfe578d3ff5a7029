"""The sample reports that come with the package, in Python and on the command line."""

from pathlib import Path

import pytest
from click.testing import CliRunner

import zhreport
from zhreport.cli import cli


def test_full_reports_have_metadata() -> None:
    folder = zhreport.samples()
    files = {line.split(",")[0] for line in (folder / "metadata.csv").read_text("utf-8").splitlines()[1:]}
    assert files == {path.name for path in folder.glob("*.txt")}


def test_series_has_targets_beside_results() -> None:
    analyzer = zhreport.Analyzer(themes=False)
    reports = [analyzer.analyze(zhreport.read(path)) for path in zhreport.samples("series").glob("*.txt")]
    rows = zhreport.panel(reports, indicators=["GDP"]).to_dicts()
    both = [(row["region"], row["year"]) for row in rows if row["target_state"] == "found"]
    assert sorted(both) == [(place, year) for place in ("昭宁市", "澜泉县") for year in range(2019, 2024)]


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(zhreport.UsageError, match="reports and series"):
        zhreport.samples("poems")


def test_command_copies_once(tmp_path: Path) -> None:
    arguments = ["corpus", "samples", "--to", str(tmp_path / "reports")]
    first = CliRunner().invoke(cli, arguments)
    assert first.exit_code == 0, first.output
    assert "3 reports" in first.output
    assert sorted(p.suffix for p in (tmp_path / "reports").iterdir()) == [".csv", ".txt", ".txt", ".txt"]
    again = CliRunner().invoke(cli, arguments)
    assert again.exit_code == 1
    assert "name a new folder" in again.output
