"""Old word-processor files by LibreOffice, and the rows of Excel workbooks and Stata files."""

import datetime as dt
import os
import pathlib
import re
import subprocess
import sys
import time
import warnings
from typing import Any

import pytest

import docfiles
from test_cli import run
from zhreport import InputError, MissingExtraError, read
from zhreport.files import find_files, read_table
from zhreport.reading.readers import extract, office, rows

TEXT = "2024年云岭市政府工作报告\n一、2023年工作回顾\n地区生产总值1862.4亿元、增长7.5%。"
needs_office = pytest.mark.skipif(not office.find_soffice(), reason="LibreOffice is not on this machine")
posix = pytest.mark.skipif(os.name != "posix", reason="the stand-in for LibreOffice is a shell script")


def rtf(text: str) -> bytes:
    """A Rich Text file, its characters as their UTF-16 units."""
    units = memoryview(text.encode("utf-16-le")).cast("H")
    body = "".join("\\par\n" if u == 10 else f"\\u{u - (u > 0x7FFF) * 0x10000}?" for u in units)
    return f"{{\\rtf1\\ansi\\deff0{{\\fonttbl{{\\f0 SimSun;}}}}{{\\info{{\\title x}}}}\\f0 {body}}}".encode()


@pytest.fixture(scope="module")
def doc(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A document of Word 97, made by LibreOffice from one of today's."""
    folder = tmp_path_factory.mktemp("doc")
    (folder / "a.docx").write_bytes(docfiles.docx("".join(docfiles.paragraph(t) for t in TEXT.split("\n"))))
    command = [office.find_soffice(), f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]
    subprocess.run(
        [*command, "--convert-to", "doc:MS Word 97", "--outdir", str(folder), str(folder / "a.docx")],
        check=True,
        capture_output=True,
        timeout=300,
    )
    return (folder / "a.doc").read_bytes()


def said(extracted: Any) -> str:
    return "\n".join(part.text for part in extracted.parts).strip()


# -- with LibreOffice


@needs_office
def test_old_documents_are_read(doc: bytes) -> None:
    for name in ("a.doc", "a.wps", "a"):
        found = extract(doc, name)
        assert (said(found), found.format) == (TEXT, "doc")
    found = extract(rtf(TEXT), "a.doc")
    assert (said(found), found.format) == (TEXT, "rtf")
    assert found.parts[2].name == "paragraph 3"
    assert found == extract(rtf(TEXT), "a.doc")  # nothing of the day it was read on


@needs_office
def test_old_documents_in_a_folder(tmp_path: pathlib.Path, doc: bytes) -> None:
    (tmp_path / "reports").mkdir()
    for name, data in (("a.doc", doc), ("b.WPS", doc), ("c.rtf", rtf(TEXT))):
        (tmp_path / "reports" / name).write_bytes(data)
    done = run("extract", "reports", "-q", "--no-themes", "-j", "2", "-o", "out.csv", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    lines = (tmp_path / "out.csv").read_text(encoding="utf-8-sig").splitlines()
    assert [line.partition(",")[0] for line in lines[1:]] == sorted(2 * ["a.doc", "b.WPS", "c.rtf"])


@needs_office
def test_a_document_that_is_damaged(doc: bytes) -> None:
    broken = rb"{\rtf1\ansi " + bytes(range(256)) * 10
    with pytest.raises(InputError, match=r"a\.rtf: an RTF file that LibreOffice cannot read.*save it as"):
        extract(broken, "a.rtf")
    with pytest.raises(InputError, match=r"a\.doc: "):
        extract(doc[: len(doc) // 2], "a.doc")


# -- without it, or with one that does not do what it should


def test_without_libreoffice_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "find_soffice", lambda: "")
    with pytest.raises(InputError, match=r"a\.doc: an old Word or WPS document .*install LibreOffice"):
        extract(docfiles.ole2("WordDocument"), "a.doc")
    with pytest.raises(InputError, match=r"a\.rtf: an RTF file; install LibreOffice"):
        extract(rtf(TEXT), "a.rtf")


def stand_in(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    program = tmp_path / "bin" / "soffice"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent), prepend=os.pathsep)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)


@posix
def test_every_run_has_a_profile_without_macros(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "made.docx").write_bytes(docfiles.docx(docfiles.paragraph("增产。")))
    log = tmp_path / "log"
    stand_in(
        tmp_path,
        monkeypatch,
        f'echo "$@" >>{log}; cat profile/user/registrymodifications.xcu >{tmp_path}/settings; mkdir out; '
        f"cp {tmp_path}/made.docx out/report.docx",
    )
    for _ in range(2):
        assert said(extract(rtf("增产。"), "a.rtf")) == "增产。"
    one, two = (line.split()[0] for line in log.read_text().splitlines())
    assert one.startswith("-env:UserInstallation=file:///")
    assert one != two
    settings = (tmp_path / "settings").read_text()
    assert re.search(r'"DisableMacrosExecution"\s+oor:op="fuse"><value>true<', settings)
    assert list(tmp_path.glob("zhreport-*")) == []


@posix
def test_a_conversion_that_does_not_end_is_killed(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(tmp_path, monkeypatch, f"sleep 600 & echo $! >{tmp_path}/child; wait")
    monkeypatch.setattr(office, "LIMIT", 1)
    started = time.monotonic()
    with pytest.raises(InputError, match=r"a\.rtf: an RTF file, with which .* not done in 1 seconds"):
        extract(rtf(TEXT), "a.rtf")
    assert time.monotonic() - started < 30
    child = int((tmp_path / "child").read_text())
    for _ in range(100):  # the system takes a moment
        if not alive(child):
            break
        time.sleep(0.05)
    assert not alive(child)
    assert list(tmp_path.glob("zhreport-*")) == []


def alive(process: int) -> bool:
    try:
        state = (
            pathlib.Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
        )
    except OSError:
        return False
    return state != "Z"


@posix
def test_what_the_program_says_is_in_the_message(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(tmp_path, monkeypatch, "echo no such luck >&2; exit 3")
    with pytest.raises(InputError, match=r"LibreOffice cannot read \(no such luck\)"):
        extract(rtf(TEXT), "a.rtf")


def test_folders_are_searched_for_them(tmp_path: pathlib.Path) -> None:
    for name in ("a.doc", "b.WPS", "c.rtf", "d.xlsx", "e.dta"):
        (tmp_path / name).write_bytes(b"x")
    assert [path.name for path in find_files([str(tmp_path)])[0]] == ["a.doc", "b.WPS", "c.rtf"]


# -- Excel


def book(path: pathlib.Path, **sheets: list[list[Any]]) -> pathlib.Path:
    openpyxl = pytest.importorskip("openpyxl", reason="the extra zhreport[coding] is not installed")
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, cells in sheets.items():
        sheet = made.create_sheet(name.removeprefix("hidden_"))
        sheet.sheet_state = "hidden" if name.startswith("hidden_") else "visible"
        for row in cells:
            sheet.append(row)
    made.save(path)
    return path


def test_a_workbook_is_read_as_a_table(tmp_path: pathlib.Path) -> None:
    path = book(
        tmp_path / "a.xlsx",
        说明=[["这里没有正文"]],
        hidden_旧=[["正文"], ["旧文本"]],
        报告=[
            [],
            ["文件名", "年份", "正文", "日期", "数"],
            ["甲", 2023.0, "粮食产量增长2.5%。", dt.datetime(2024, 1, 9), 1.5],  # noqa: DTZ001
            [None, None, None, None, None],
            ["乙", "２０２４年", "粮食产量增长3.5%。", None, True],
            ["丙", None, None, None, None],
        ],
        续=[["全文"], ["粮食产量增长4.5%。"]],
    )
    found = list(rows(path, "xlsx"))
    assert [(r.name, r.year, r.text[-5:], r.number) for r in found] == [
        ("甲", 2023, "2.5%。", 1),
        ("乙", 2024, "3.5%。", 2),
        ("a-row 4", None, "4.5%。", 4),
    ]
    assert found[0].extra == {"日期": "2024-01-09", "数": "1.5"}
    documents = list(read_table(path))
    assert [(d.file, d.year.value) for d in documents[:2]] == [
        (f"{path.as_posix()}#1", 2023),
        (f"{path.as_posix()}#2", 2024),
    ]
    with pytest.raises(InputError, match=r"row 3: no column 报告; the columns are 文件名, 年份"):
        list(
            rows(book(tmp_path / "b.xlsx", a=[[], ["文件名", "年份"], ["甲", 1]]), "xlsx", text_column="报告")
        )


def test_workbooks_on_the_command_line(tmp_path: pathlib.Path) -> None:
    book(tmp_path / "a.xlsx", a=[["文件名", "内容"], ["甲", "粮食产量增长2.5%。"]])
    done = run("extract", "a.xlsx", "-q", "--no-themes", "--format", "csv", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[1].startswith("a.xlsx#1,甲,")


def test_workbooks_that_cannot_be_read(tmp_path: pathlib.Path) -> None:
    whole = book(tmp_path / "a.xlsx", a=[["text"], ["增产。" * 2000]]).read_bytes()
    cases = {
        "cut": (whole[: len(whole) // 2], "broken file"),
        "csv": ("text\n增产。".encode(), "no Excel workbook, whatever its name says"),
        "old": (docfiles.ole2("Workbook"), r"old Excel workbook \(.xls\); save it as .xlsx"),
        "closed": (docfiles.ole2("EncryptedPackage"), "remove the password"),
        "none": (docfiles.zipped({"xl/workbook.xml": b"<x/>"}), "damaged Excel workbook"),
    }
    for name, (data, message) in cases.items():
        path = tmp_path / f"{name}.xlsx"
        path.write_bytes(data)
        with pytest.raises(InputError, match=message) as caught:
            list(rows(path, "xlsx"))
        assert str(path) in str(caught.value)
    with pytest.raises(InputError, match="two columns are named 'text'"):
        list(rows(book(tmp_path / "b.xlsx", a=[["text", "text"], ["a", "b"]]), "xlsx"))
    with pytest.raises(InputError, match="a table without rows"):
        list(rows(book(tmp_path / "c.xlsx", a=[], hidden_b=[["text"], ["增产。"]]), "xlsx"))
    with pytest.raises(InputError, match=r"a table \(xlsx\).*let its name end in .xlsx"):
        extract(whole, "a.bin")


def test_a_sheet_with_a_mark_in_its_last_cell_is_done_soon(tmp_path: pathlib.Path) -> None:
    openpyxl = pytest.importorskip("openpyxl", reason="the extra zhreport[coding] is not installed")
    path = book(tmp_path / "a.xlsx", a=[["text"], ["增产。"]])
    made = openpyxl.load_workbook(path)
    made["a"].cell(1_048_576, 16_384).value = "x"
    made.save(path)
    started = time.monotonic()
    assert [row.text for row in rows(path, "xlsx")] == ["增产。"]
    assert time.monotonic() - started < 60


def test_warnings_stay_as_they_are(tmp_path: pathlib.Path) -> None:
    path = book(tmp_path / "a.xlsx", a=[["text"], *[["增产。"]] * 200])
    before = list(warnings.filters)
    for _ in rows(path, "xlsx"):
        assert list(warnings.filters) == before


# -- Stata


def test_a_stata_file_is_read_as_a_table(tmp_path: pathlib.Path) -> None:
    pandas = pytest.importorskip("pandas", reason="the extra zhreport[tables] is not installed")
    path = tmp_path / "a.dta"
    frame = pandas.DataFrame(
        {
            "文件名": [f"报告{n}" for n in range(100)],
            "年份": [2000.0 + n % 20 for n in range(99)] + [None],
            "正文": ["粮食产量增长2.5%。" * (1 + n % 2 * 300) for n in range(100)],
            "省": pandas.Categorical(["云岭省", "平安省"] * 50),
            "日期": [dt.datetime(2024, 1, 9)] * 100,  # noqa: DTZ001
        }
    )
    frame.to_stata(path, write_index=False, version=118)
    found = list(rows(path, "dta"))
    assert [row.text for row in found] == list(frame["正文"])
    assert (found[0].name, found[0].year, found[-1].year) == ("报告0", 2000, None)
    assert found[1].extra == {"省": "平安省", "日期": "2024-01-09"}
    pandas.DataFrame({"year": [2023]}).to_stata(path)
    with pytest.raises(InputError, match="no column of texts"):
        list(rows(path, "dta"))


def test_stata_files_that_cannot_be_read(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pandas = pytest.importorskip("pandas", reason="the extra zhreport[tables] is not installed")
    path = tmp_path / "a.dta"
    pandas.DataFrame({"text": ["增产。"] * 50}).to_stata(path, version=118)
    whole = path.read_bytes()
    for data in (whole[:200], whole[: len(whole) // 2], b"text", b""):
        path.write_bytes(data)
        with pytest.raises(InputError, match=r"a\.dta: no Stata file, or a damaged one"):
            list(rows(path, "dta"))
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(MissingExtraError, match=r"needs pandas: pip install 'zhreport\[tables\]'"):
        list(rows(path, "dta"))


def test_missing_openpyxl_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path) -> None:
    path = book(tmp_path / "a.xlsx", a=[["text"], ["增产。"]])
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(MissingExtraError, match=r"Excel needs openpyxl: pip install 'zhreport\[coding\]'"):
        list(rows(path, "xlsx"))


def test_too_large_a_table(tmp_path: pathlib.Path) -> None:
    for kind in ("xlsx", "dta"):
        path = tmp_path / f"a.{kind}"
        with path.open("wb") as stream:
            stream.truncate(65 * 2**20)
        with pytest.raises(InputError, match="65 MB, more than 64; write the table as JSON Lines or Parquet"):
            list(rows(path, kind))


def test_read_names_the_way_for_a_table(tmp_path: pathlib.Path) -> None:
    path = book(tmp_path / "a.xlsx", a=[["text"], ["增产。"]])
    with pytest.raises(InputError, match="read it with read_table"):
        read(path)


@posix
def test_an_interrupted_conversion_leaves_nothing(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(tmp_path, monkeypatch, f"sleep 600 & echo $! >{tmp_path}/child; wait")

    def interrupted(*_: object) -> int:
        while not (tmp_path / "child").is_file() or not (tmp_path / "child").read_text():
            time.sleep(0.01)
        monkeypatch.undo()
        raise KeyboardInterrupt

    monkeypatch.setattr(subprocess.Popen, "wait", interrupted)
    with pytest.raises(KeyboardInterrupt):
        extract(rtf(TEXT), "a.rtf")
    child = int((tmp_path / "child").read_text())
    for _ in range(100):
        if not alive(child):
            break
        time.sleep(0.05)
    assert not alive(child)
    assert list(tmp_path.glob("zhreport-*")) == []
