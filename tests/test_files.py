"""Reading: encodings, bad files, folders and globs."""

import json
import os
import pathlib
import sys
import threading
from typing import IO, Any, Self

import pytest
from click.testing import CliRunner

from zhreport import InputError, UsageError, read
from zhreport.cli import cli
from zhreport.files import find_files, table_kind

TEXT = "2024年平安县政府工作报告\n粮食产量达到8万吨。\n"


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", None),
        ("gb18030", "gb18030"),
        ("gbk", "gb18030"),
    ],
)
def test_encodings(tmp_path: pathlib.Path, encoding: str, said: str | None) -> None:
    path = tmp_path / "平安县.txt"
    path.write_bytes(TEXT.encode(encoding))
    if said is None:  # UTF-16 without its mark cannot be told from binary data
        with pytest.raises(InputError, match="binary"):
            read(path)
        return
    document = read(path)
    assert (document.text, document.encoding, document.name) == (TEXT, said, "平安县")
    assert document.year.value == 2024
    assert document.year.origin == "text"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "empty"),
        (b" \n\t", "empty"),
        (b"\x00\x01\x02", "binary"),
        (bytes(range(1, 32)) * 9, "binary"),
        (b"\xff\xff\xff", "neither UTF-8 nor GB18030"),
        (b"\xef\xbb\xbf\xff", "byte order mark"),
        ("粮食".encode() + b"\xff\xff", "neither UTF-8"),
    ],
)
def test_bad_files_are_named_with_the_remedy(tmp_path: pathlib.Path, data: bytes, message: str) -> None:
    path = tmp_path / "bad.txt"
    path.write_bytes(data)
    with pytest.raises(InputError, match=message) as caught:
        read(path)
    assert str(path) in str(caught.value)


def test_missing_file_and_folder(tmp_path: pathlib.Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read(tmp_path / "none.txt")
    with pytest.raises(InputError, match="folder"):
        read(tmp_path)


def test_line_ends_count_as_they_stand(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("第一行\r\n产值5亿元\r\n".encode())
    document = read(path, year=2024)
    assert document.text.count("\r") == 2
    assert [document.text[p.start : p.end] for p in document.paragraphs] == ["第一行", "产值5亿元"]


def test_years(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "report-2019.txt"
    path.write_text("没有年份的报告。", encoding="utf-8")
    assert (read(path).year.value, read(path).year.origin) == (2019, "file name")
    assert read(path, year=2020).year.origin == "argument"
    assert read(path, metadata_year=2021).year.value == 2021
    assert read(path, year=2020, metadata_year=2021).year.value == 2020
    path.write_text("二、2018年重点工作\n增产。", encoding="utf-8")
    assert (read(path).year.value, read(path).year.origin) == (2018, "text")
    path.write_text("一、2016年工作回顾\n增产。", encoding="utf-8")
    assert read(path).year.value == 2017
    with pytest.raises(UsageError):
        read(path, year=99)


def test_find_files(tmp_path: pathlib.Path) -> None:
    for name in ("b.txt", "a.txt", "sub/c.md", "d.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x", encoding="utf-8")
    files, errors = find_files([str(tmp_path)])
    assert [p.name for p in files] == ["a.txt", "b.txt", "c.md"]
    assert errors == []
    files, errors = find_files([str(tmp_path / "*.txt"), str(tmp_path / "b.txt")])
    assert [p.name for p in files] == ["a.txt", "b.txt"]
    ways = [str(tmp_path / "b.txt"), str(tmp_path / "sub/../b.txt"), os.path.relpath(tmp_path / "b.txt")]
    assert find_files(ways) == ([tmp_path / "b.txt"], [])
    (tmp_path / "empty").mkdir()
    round_about = tmp_path / "sub" / ".." / "b.txt"
    assert find_files([str(tmp_path / "b.txt"), str(round_about)]) == ([tmp_path / "b.txt"], [])
    _, errors = find_files([str(tmp_path / "none.txt"), str(tmp_path / "*.doc"), str(tmp_path / "empty")])
    assert [e.split(": ")[1][:20] for e in errors] == [
        "no such file; check ",
        "no file matches; che",
        "a folder without rep",
    ]
    files, errors = find_files(["a" * 5000, str(tmp_path / "**.txt"), "a\0b"])
    assert len(errors) == 3 - bool(files)  # what `**` in a name matches is Python's to say
    assert all("check the pa" in e for e in errors)
    with pytest.raises(InputError, match="no such file"):
        read("a\0b")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
def test_a_pipe_is_read_once_and_whole(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_text, args=(TEXT * 5000, "utf-8"))
    writer.start()
    assert table_kind(path) == ""
    assert read(path).as_read == TEXT * 5000
    writer.join()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
def test_a_pipe_is_refused_by_a_store(tmp_path: pathlib.Path) -> None:
    pytest.importorskip("duckdb", reason="needs zhreport[tables]")
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    done = CliRunner().invoke(
        cli,
        ["extract", str(tmp_path / "pipe.txt"), str(tmp_path / "a.txt"), "-o", str(tmp_path / "s.duckdb")],
    )
    assert done.exit_code == 1
    assert "pipe.txt: no regular file, and a store reads twice; write what it gives to a file" in done.stderr
    assert "1 new, 0 changed" in done.stdout


class _Rewritten:
    """A file that is written anew, to its old length and time, when it has been read."""

    def __init__(self, stream: IO[Any], path: pathlib.Path) -> None:
        self._stream, self._path = stream, path

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()

    def read(self, size: int) -> bytes:
        data: bytes = self._stream.read(size)
        times = self._path.stat()
        self._path.write_bytes(data[:-1] + b" ")
        os.utime(self._path, ns=(times.st_atime_ns, times.st_mtime_ns))
        return data

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@pytest.mark.parametrize("fresh", [True, False])
def test_a_file_that_is_rewritten_while_it_is_read(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, fresh: bool
) -> None:
    path, real = tmp_path / "a.txt", pathlib.Path.open
    path.write_text(TEXT, encoding="utf-8")
    if not fresh:  # its time tells, as soon as it is another one
        os.utime(path, (1_700_000_000, 1_700_000_000))
        monkeypatch.setattr(os, "utime", lambda *_, **__: None)
    monkeypatch.setattr(pathlib.Path, "open", lambda self, mode: _Rewritten(real(self, mode), self))
    with pytest.raises(InputError, match=r"changed while it was being read; run again when it is complete"):
        read(path)
    monkeypatch.undo()
    assert read(path).as_read.endswith("。 ")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows allows no line breaks in names")
def test_an_error_is_one_line_whatever_the_name_of_the_file(tmp_path: pathlib.Path) -> None:
    for name in ("a\nb.txt", "c\x1b[31m.txt"):
        (tmp_path / name).write_bytes(b"")
    (tmp_path / "d\ne.txt").write_text(TEXT, encoding="utf-8")
    log, out = tmp_path / "log", tmp_path / "out.jsonl"
    done = CliRunner().invoke(cli, ["extract", str(tmp_path), "--log", str(log), "-o", str(out)])
    lines = done.stderr.splitlines()
    assert done.exit_code == 1
    assert len(lines) == 3, lines
    assert lines[0].endswith(r"a\nb.txt: an empty file; there is nothing to extract")
    assert r"c\x1b[31m.txt: an empty file" in lines[1]
    assert len(log.read_text(encoding="utf-8").splitlines()) == 4
    assert json.loads(out.read_text(encoding="utf-8").splitlines()[0])["file"] == "d\ne.txt"
    _, errors = find_files([str(tmp_path / "no\nne.txt")])
    assert [error.count("\n") for error in errors] == [0]
