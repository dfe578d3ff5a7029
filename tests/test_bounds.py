"""What a file may cost: limits, readers whose time grows with the file, models and tables that mean harm."""

import csv
import io
import json
import pickle
import subprocess
import sys
import urllib.error
import urllib.request
from dataclasses import replace
from email.message import Message
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

import zhreport
from bombs import BOMBS, docx
from zhreport.cli import cli
from zhreport.errors import InputError, UsageError
from zhreport.files import Limits, Reading, of_row, read
from zhreport.reading.readers import Row
from zhreport.reading.repair.trained import ContinuityModel
from zhreport.themes.model import ThemeModel
from zhreport.training.corpus import _Secure
from zhreport.writing.spreadsheets import csv_cell

#: Reads a file and says what became of it, with the most memory a process took, in MB.
_CHILD = """
import atexit, re, resource, sys
from pathlib import Path
def own():  # what getrusage says of a process counts the memory of the process that started it
    try:
        return int(re.search(r"VmHWM:\\s*([0-9]+)", Path("/proc/self/status").read_text())[1])
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
def tell():  # after what was started has ended
    print(max(own(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) // 1024)
atexit.register(tell)
import zhreport
from zhreport.files import Reading, read, read_table, table_kind
path = Path(sys.argv[1])
try:
    found = list(read_table(path)) if table_kind(path) else [read(path)]
    print(sum(len(document.text) for document in found), "characters")
except zhreport.InputError as error:
    print(error)
"""


@pytest.mark.parametrize("name", BOMBS)
def test_a_small_file_costs_little(name: str, tmp_path: Path) -> None:
    for module in ("pypdfium2", "lxml", "trafilatura", "defusedxml"):
        pytest.importorskip(module)
    path = tmp_path / name
    path.write_bytes(BOMBS[name]())
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, str(path)], capture_output=True, text=True, timeout=120, check=True
    )
    said, memory = done.stdout.strip().splitlines()
    assert int(memory) < 1000
    if ".ok." in name or name == "roots.ofd":
        assert said.endswith("characters"), said
    else:
        assert name in said
        assert "--limit" in said or "bomb" in said or "over and over" in said


def test_a_limit_is_named_and_can_be_raised(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("粮食产量达到8万吨。", encoding="utf-8")
    with pytest.raises(InputError, match=r"more than 5 characters.*--limit characters=N"):
        read(path, limits=Limits(characters=5))
    assert read(path, limits=Limits(characters=10)).text == "粮食产量达到8万吨。"
    with pytest.raises(InputError, match="--limit bytes=N"):
        read(path, limits=Limits(bytes=5))
    with pytest.raises(UsageError, match="limit pages=0"):
        Limits(pages=0)


def test_what_takes_long_to_analyze_is_limited_beside_the_characters(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("2023年粮食产量达到8万吨。\n\n \n增长三成，居第2位。\n", encoding="utf-8")
    for name, number in (("lines", 2), ("figures", 4)):
        assert read(path, limits=Limits(**{name: number})).text
        with pytest.raises(InputError, match=rf"a\.txt: not read, more than {number - 1} .*--limit {name}=N"):
            read(path, limits=Limits(**{name: number - 1}))
    row = Row(name="a", text="8万吨，9万吨", year=None, extra={}, number=7)
    with pytest.raises(InputError, match=r"a\.jsonl#7: not read, more than 1 quantities and dates"):
        of_row(Path("a.jsonl"), row, reading=Reading(limits=Limits(figures=1)))


def test_a_row_of_a_table_has_limits(tmp_path: Path) -> None:
    row = Row(name="a", text="粮食产量达到8万吨。", year=None, extra={}, number=7)
    reading = Reading(limits=Limits(characters=5))
    with pytest.raises(InputError, match=r"a\.jsonl#7: not read, more than 5 characters"):
        of_row(Path("a.jsonl"), row, reading=reading)
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"text": "粮食" * 100}) + "\n", encoding="utf-8")
    with pytest.raises(InputError, match="line 1: not read, more than 50 bytes"):
        list(zhreport.read_table(path, reading=replace(reading, limits=Limits(bytes=50))))


def test_limits_on_the_command_line(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("粮食产量达到8万吨。", encoding="utf-8")
    run = CliRunner().invoke(cli, ["extract", str(path), "--limit", "characters=5"])
    assert run.exit_code == 1
    assert "more than 5 characters" in run.stderr
    for wrong in ("characters", "glyphs=3", "characters=-1", "characters=²", "characters=0"):
        run = CliRunner().invoke(cli, ["extract", str(path), "--limit", wrong])
        assert run.exit_code == 2, wrong
        assert "--limit" in run.stderr


def test_paragraphs_with_deleted_marks_are_one(tmp_path: Path) -> None:
    pytest.importorskip("lxml")
    path = tmp_path / "a.docx"
    first, second = (
        f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"
        for text in ("粮食", "产量")
    )
    path.write_bytes(docx(first + second + "<w:p><w:r><w:t>达到8万吨。</w:t></w:r></w:p>"))
    assert read(path).text == "粮食产量达到8万吨。"


# -- models


def _mutated(change: Any) -> bytes:
    model = ThemeModel.from_bytes(
        (Path(zhreport.__file__).parent / "data" / "themes.npz").read_bytes(), "themes.npz"
    )
    stream = io.BytesIO()
    model.write(stream)
    with np.load(io.BytesIO(stream.getvalue())) as stored:
        arrays = dict(stored)
    meta = json.loads(arrays["meta"].tobytes())
    change(meta, arrays)
    arrays["meta"] = np.frombuffer(meta if isinstance(meta, bytes) else json.dumps(meta).encode(), np.uint8)
    made = io.BytesIO()
    np.savez(made, **arrays)
    return made.getvalue()


def _first(key: str, value: float) -> Any:
    def change(_: dict[str, Any], arrays: dict[str, Any]) -> None:
        arrays[key] = arrays[key].astype("float64")
        arrays[key].flat[0] = value

    return change


def _meta(key: str, value: object) -> Any:
    return lambda meta, _: meta.update({key: value})


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(_first("intercept", float("nan")), id="nan"),
        pytest.param(_first("joint", float("inf")), id="infinite"),
        pytest.param(_first("idf_words", -1e300), id="beyond"),
        pytest.param(lambda _, a: a.update(main=a["main"].astype(str)), id="text"),
        pytest.param(lambda _, a: a.update(main=a["main"][:1]), id="shape"),
        pytest.param(lambda m, _: m.pop("least_probability"), id="missing"),
        pytest.param(_meta("least_probability", "0.3"), id="string"),
        pytest.param(_meta("least_probability", True), id="bool"),
        pytest.param(_meta("least_score", None), id="none"),
        pytest.param(_meta("least_score", 10**400), id="huge"),
        pytest.param(_meta("thresholds", [2.0] * 19), id="range"),
        pytest.param(_meta("thresholds", [0.5] * 18), id="length"),
        pytest.param(_meta("themes", ["a"] * 19), id="twice"),
        pytest.param(_meta("themes", "abcdefghijklmnopqrs"), id="letters"),
    ],
)
def test_a_model_that_is_wrong_is_refused_when_it_is_read(change: Any) -> None:
    with pytest.raises(InputError, match=r"^m\.npz: the theme model is damaged"):
        ThemeModel.from_bytes(_mutated(change), "m.npz")


def test_a_description_nested_too_deeply() -> None:
    def change(_: dict[str, Any], arrays: dict[str, Any]) -> None:
        arrays["deep"] = arrays["main"]

    data = _mutated(change)
    with np.load(io.BytesIO(data)) as stored:
        arrays = dict(stored)
    arrays["meta"] = np.frombuffer(b"[" * 200_000, np.uint8)
    made = io.BytesIO()
    np.savez(made, **arrays)
    with pytest.raises(InputError, match="damaged"):
        ThemeModel.from_bytes(made.getvalue(), "m.npz")


# -- spreadsheets


_FORMULAS: list[str] = [
    f"{before}{sign}A1"
    for sign in "=+-@＝＋－＠"
    for before in ("", "\ufeff", "\u200b", " ", "\u3000", "\n", "\ufeff \u2060")
]


def test_no_cell_of_metadata_is_a_formula(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    assert [csv_cell(text) for text in _FORMULAS] == ["'" + text for text in _FORMULAS]
    reports = [tmp_path / f"{i}.txt" for i in range(len(_FORMULAS))]
    for report in reports:
        report.write_text("粮食产量达到8万吨。", encoding="utf-8")
    table, out = tmp_path / "m.csv", tmp_path / "out.xlsx"
    with table.open("w", encoding="utf-8", newline="") as stream:
        rows = [[report.name, text] for report, text in zip(reports, _FORMULAS, strict=True)]
        csv.writer(stream).writerows([["file", "note"], *rows])
    run = CliRunner().invoke(
        cli, ["extract", *map(str, reports), "--metadata", str(table), "--no-themes", "-o", str(out)]
    )
    assert run.exit_code == 0, run.output
    sheet = openpyxl.load_workbook(out)["claims"]
    at = next(cell.column for cell in sheet[1] if cell.value == "note")
    cells = [sheet.cell(row, at) for row in range(2, sheet.max_row + 1)]
    assert len(cells) == len(_FORMULAS)
    assert {(cell.data_type, cell.quotePrefix) for cell in cells} == {("s", True)}


def test_negative_numbers_are_none() -> None:
    assert [csv_cell(text) for text in ("-5%", "-5.2", "－５％", "—5", "5-3")] == [
        "-5%", "-5.2", "－５％", "—5", "5-3",
    ]  # fmt: skip


# -- travelling, fetching, options of Python


def test_a_document_that_was_read_equals_itself_after_pickling(tmp_path: Path) -> None:
    path = tmp_path / "a\nb.txt"
    path.write_text("粮食产量\n达到8万吨。\n第 1 页\n", encoding="utf-8")
    document = read(path)
    assert pickle.loads(pickle.dumps(document)) == document  # noqa: S301 - our own bytes


@pytest.mark.parametrize(
    ("first", "then", "follows"),
    [
        ("https://a.example/x", "https://b.example/y", True),
        ("https://a.example/x", "http://b.example/y", False),
        ("http://a.example/x", "https://b.example/y", True),
    ],
)
def test_a_redirect_stays_on_https(first: str, then: str, follows: bool) -> None:
    asked = urllib.request.Request(first)  # noqa: S310 - not opened
    redirect = _Secure()
    given = (io.BytesIO(), 302, "Found", Message(), then)
    if follows:
        new = redirect.redirect_request(asked, *given)
        assert new is not None
        assert new.full_url == then
    else:
        with pytest.raises(urllib.error.URLError, match="from https to http://b"):
            redirect.redirect_request(asked, *given)


@pytest.mark.parametrize("option", ["-OO", "-Werror"])
def test_the_library_works_without_docstrings_and_with_warnings_as_errors(option: str) -> None:
    code = "import zhreport; print(zhreport.analyze('粮食产量达到8万吨。', year=2024).claims[0].text)"
    done = subprocess.run([sys.executable, option, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "8万吨\n"), done.stderr


@pytest.mark.parametrize("name", ["seams_head_out_bias", "seams_tail_hidden", "counts"])
def test_a_continuity_model_whose_arrays_do_not_fit(name: str) -> None:
    packaged = Path(zhreport.__file__).parent / "data" / "continuity.npz"
    with np.load(packaged) as stored:
        arrays = dict(stored)
    arrays[name] = arrays[name][:-1]
    made = io.BytesIO()
    np.savez(made, **arrays)
    with pytest.raises(InputError, match=r"^m\.npz: the continuity model is damaged"):
        ContinuityModel.from_bytes(made.getvalue(), "m.npz")
