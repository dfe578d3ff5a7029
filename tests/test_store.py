"""The store: what is kept, what is skipped, and that nothing is lost when a run is killed."""

import os
import pathlib
import random
import shutil
import subprocess
import sys
import time
from importlib import import_module
from typing import Any

import pytest
from click.testing import CliRunner

from zhreport import Analyzer, InputError, MissingExtraError, read
from zhreport.cli import cli
from zhreport.store import Store, file_hash, fingerprint
from zhreport.tables import KINDS, provenance

duckdb = pytest.importorskip("duckdb")
pytest.importorskip("pyarrow")

SRC = pathlib.Path(__file__).resolve().parent.parent / "src"
MADE_BY = fingerprint({"version": "1"})
TABLES = ("files", *KINDS)

# What the command line does, with a line for every file, so that a test knows how far it is.
DRIVER = """
import sys
from pathlib import Path
from test_store import make_analyzer, update
update(Path(sys.argv[1]), Path(sys.argv[2]), make_analyzer(), lambda: print(flush=True))
"""


class Letters:
    """A tokenizer without a dictionary, since a process that is to be killed should begin soon."""

    name = "letters"

    def words(self, text: str) -> list[str]:
        return list(text)


def make_analyzer() -> Analyzer:
    return Analyzer(tokenizer=Letters(), themes=False)


@pytest.fixture(scope="module")
def plain() -> Analyzer:
    return make_analyzer()


def text(number: int, edition: int) -> str:
    lines = [
        f"第{n}产业投资{number * 7 + n + edition}.{n}亿元、增长{edition}.5%。开展“清{n}朗”专项行动{n}次。"
        for n in range(1, 4 + (number + edition) % 5)
    ]
    return "\n".join([f"{2010 + number}年云岭市政府工作报告", f"一、{2009 + number}年工作回顾", *lines])


def fill(folder: pathlib.Path, numbers: range, edition: int) -> None:
    for number in numbers:
        path = folder / ("甲" if number % 2 else "乙") / f"报告{number // 2}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text(number, edition), encoding="utf-8")


def update(store: pathlib.Path, folder: pathlib.Path, analyzer: Analyzer, done: Any = None) -> dict[str, int]:
    """Put the reports of a folder into a store; how many were new, changed and current."""
    counts = {"new": 0, "changed": 0, "current": 0}
    with Store(store, wait=20) as target:
        for path in sorted(folder.rglob("*.txt")):
            key, sha256 = target.key(path), file_hash(path)
            extra = {"区": path.parent.name}
            if target.is_current(key, sha256, MADE_BY):
                counts["current"] += 1
            else:
                report = analyzer.analyze(read(path))
                counts[target.replace(key, report, extra, sha256=sha256, fingerprint=MADE_BY)] += 1
            if done is not None:
                done()
    return counts


def rows(store: pathlib.Path) -> dict[str, list[Any]]:
    with duckdb.connect(str(store), read_only=True) as database:
        return {table: database.table(table).order("ALL").fetchall() for table in TABLES}


def column(store: pathlib.Path, query: str) -> list[Any]:
    with duckdb.connect(str(store), read_only=True) as database:
        return [row[0] for row in database.execute(query).fetchall()]


def start(*arguments: str) -> "subprocess.Popen[str]":
    path = [str(SRC), str(pathlib.Path(__file__).parent), *filter(None, [os.environ.get("PYTHONPATH")])]
    return subprocess.Popen(
        [sys.executable, "-c", *arguments],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


# -- what is kept


def test_only_new_and_changed_files_are_done(tmp_path: pathlib.Path, plain: Analyzer) -> None:
    store, folder = tmp_path / "a.duckdb", tmp_path / "reports"
    fill(folder, range(4), 1)
    assert update(store, folder, plain) == {"new": 4, "changed": 0, "current": 0}
    first = rows(store)
    assert update(store, folder, plain) == {"new": 0, "changed": 0, "current": 4}
    assert rows(store) == first
    fill(folder, range(2, 6), 2)
    assert update(store, folder, plain) == {"new": 2, "changed": 2, "current": 2}
    (folder / "甲" / "报告0.txt").unlink()
    assert update(store, folder, plain) == {"new": 0, "changed": 0, "current": 5}
    assert len(rows(store)["files"]) == 6  # a file that is gone stays in the store

    fill(folder, range(2), 1)
    fresh = tmp_path / "b.duckdb"
    update(fresh, folder, plain)
    assert rows(fresh) == rows(store)


def test_what_changed_while_it_was_read_is_left_to_the_next_run(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_text("2024年粮食产量达到8万吨。", encoding="utf-8")
    real, asked = file_hash, iter((True, False))
    command = import_module("zhreport.cli.extract")

    def hashed(path: pathlib.Path) -> str:
        if not next(asked, True):
            (tmp_path / "a.txt").write_text("2024年粮食产量达到9万吨。", encoding="utf-8")
        return real(path)

    monkeypatch.setattr(command, "file_hash", hashed)
    args = ["extract", str(tmp_path / "a.txt"), "--no-themes", "-o", str(tmp_path / "s.duckdb")]
    done = CliRunner().invoke(cli, args)
    assert (done.exit_code, "0 new, 0 changed" in done.stdout) == (1, True)
    assert "a.txt: it changed while it was read; run again to have it stored" in done.stderr
    done = CliRunner().invoke(cli, args)
    assert (done.exit_code, "1 new, 0 changed" in done.stdout) == (0, True)
    with Store(tmp_path / "s.duckdb") as store:
        assert [row["text"] for row in store.rows("claims")] == ["9万吨"]


def test_records_come_out_as_they_went_in(tmp_path: pathlib.Path, plain: Analyzer) -> None:
    store, path = tmp_path / "a.duckdb", tmp_path / "岭.txt"
    path.write_text("一、工业\n产值1.25亿元至2亿元，“𠮷祥”行动启动。\n", encoding="utf-8")
    report = plain.analyze(read(path, year=2024))
    with Store(store) as target:
        target.replace(target.key(path), report, {"省": "=1"}, sha256="x", fingerprint="f")
    with duckdb.connect(str(store)) as database:
        claims = database.execute("FROM claims").fetchall()
        names = [c[0] for c in database.execute("DESCRIBE claims").fetchall()]
        types = {c[0]: c[1] for c in database.execute("DESCRIBE paragraphs").fetchall()}
        named = dict(zip(names, claims[0], strict=True))
        sections = database.execute("SELECT section FROM paragraphs ORDER BY start").fetchall()
        campaign = database.execute("SELECT name, count_start FROM campaigns").fetchall()
        place = database.execute("SELECT file, 省, year FROM documents").fetchall()
    assert (named["low"], named["high"], named["value"]) == (125_000_000, 200_000_000, None)
    assert types["section"] == "VARCHAR[]"
    assert types["themes"] == "STRUCT(theme VARCHAR, probability DOUBLE)[]"
    assert sections == [([],), (["一、工业"],)]
    assert campaign == [("𠮷祥", None)]
    assert place == [("岭.txt", "=1", 2024)]


def test_what_made_the_records_counts(tmp_path: pathlib.Path, plain: Analyzer) -> None:
    made_by = provenance(tokenizer="jieba")
    one = fingerprint(made_by, year=None, metadata={"省": "云"})
    assert one == fingerprint(dict(reversed(made_by.items())), metadata={"省": "云"}, year=None)
    others = [
        fingerprint(made_by, year=2024, metadata={"省": "云"}),
        fingerprint(made_by, year=None, metadata={"省": "岭"}),
        fingerprint(provenance(tokenizer="rjieba"), year=None, metadata={"省": "云"}),
    ]
    with Store(tmp_path / "a.duckdb") as store:
        assert not store.is_current("a", "x", one)
        store.replace("a", plain.analyze("产值5亿元。"), sha256="x", fingerprint=one)
    with Store(tmp_path / "a.duckdb") as store:
        assert store.is_current("a", "x", one)
        assert not store.is_current("a", "y", one)
        assert not store.is_current("b", "x", one)
        assert not any(store.is_current("a", "x", other) for other in others)


def test_a_key_is_the_path_seen_from_the_store(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, plain: Analyzer
) -> None:
    (tmp_path / "in").mkdir()
    with Store(tmp_path / "in" / "a.duckdb") as store:
        assert store.key(tmp_path / "in" / "x" / "甲.txt") == "x/甲.txt"
        assert store.key(tmp_path / "甲.txt") == "../甲.txt"
        monkeypatch.chdir(tmp_path)
        assert store.key("in/x/../甲.txt") == "甲.txt"
        odd = {store.key(tmp_path / "in" / name) for name in ("a\udcff", "a\udcfe", "a?")}
        assert len(odd) == 3
        for key in odd:
            store.replace(key, plain.analyze("产值5亿元。"), sha256="x", fingerprint="f")
    monkeypatch.chdir(tmp_path / "in")
    with Store("a.duckdb") as store:
        monkeypatch.chdir(tmp_path)
        assert store.key("in/甲.txt") == "甲.txt"
    assert len(column(tmp_path / "in" / "a.duckdb", "SELECT file FROM documents")) == 3


def test_columns_of_metadata_may_come_later(tmp_path: pathlib.Path, plain: Analyzer) -> None:
    path, report = tmp_path / "a.duckdb", plain.analyze("产值5亿元。")
    with Store(path) as store:
        store.replace("a", report, sha256="x", fingerprint="f")
        store.replace("b", report, {'省 "名"': "云", "doc": "d"}, sha256="x", fingerprint="f")
    with Store(path) as store:
        store.replace("a", report, {'省 "名"': "岭", "DOC": "e", "市": "s"}, sha256="y", fingerprint="f")
    with duckdb.connect(str(path)) as database:
        found = database.execute(
            'SELECT file, "省 ""名""", meta_doc, 市 FROM documents ORDER BY 1'
        ).fetchall()
    assert found == [("a", "岭", "e", "s"), ("b", "云", "d", None)]


def test_two_stores_of_one_process_double_nothing(tmp_path: pathlib.Path, plain: Analyzer) -> None:
    path, report = tmp_path / "a.duckdb", plain.analyze("产值5亿元。")
    with Store(path) as first, Store(path) as second:
        assert first.replace("a", report, {"": "x", "省": "云"}, sha256="x", fingerprint="f") == "new"
        assert second.replace("a", report, {"": "x", "省": "岭"}, sha256="y", fingerprint="f") == "changed"
    assert column(path, "SELECT 省 FROM documents") == ["岭"]
    assert column(path, "SELECT sha256 FROM files") == ["y"]


def test_a_store_gets_the_columns_of_a_newer_version(tmp_path: pathlib.Path, plain: Analyzer) -> None:
    path = tmp_path / "a.duckdb"
    with Store(path) as store:
        store.replace("a", plain.analyze("产值5亿元。"), sha256="x", fingerprint="f")
    with duckdb.connect(str(path)) as database:
        database.execute("ALTER TABLE claims DROP COLUMN tone")
        database.execute("CREATE VIEW mine AS SELECT file, indicator FROM claims")
    with Store(path) as store:
        store.replace("b", plain.analyze("力争产值达到5亿元。", year=2024), sha256="x", fingerprint="f")
    assert column(path, "SELECT tone FROM claims ORDER BY file") == [None, "soft"]
    with duckdb.connect(str(path)) as database:
        database.execute("DROP VIEW mine")
        database.execute("ALTER TABLE claims ALTER indicator TYPE BLOB USING encode(indicator)")
    with pytest.raises(InputError, match=r"a\.duckdb: made by another version .*indicator of claims is BLOB"):
        Store(path)


def test_a_file_is_replaced_as_a_whole_or_not_at_all(
    tmp_path: pathlib.Path, plain: Analyzer, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.duckdb"
    with Store(path) as store:
        store.replace("a", plain.analyze("产值5亿元。"), sha256="x", fingerprint="f")
    before = rows(path)
    with Store(path) as store:
        append = store._append

        def fails(kind: str, *arguments: Any) -> None:
            append(kind, *arguments)
            if kind == "paragraphs":
                raise KeyboardInterrupt

        monkeypatch.setattr(store, "_append", fails)
        with pytest.raises(KeyboardInterrupt):
            store.replace("a", plain.analyze("产值6亿元。"), {"新": "n"}, sha256="y", fingerprint="f")
        assert store.is_current("a", "x", "f")
        monkeypatch.undo()
        store.replace("b", plain.analyze("产值7亿元。"), {"新": "n"}, sha256="z", fingerprint="f")
    after = rows(path)
    assert [row for row in after["claims"] if row[0] == "a"] == before["claims"]
    assert len(after["files"]) == 2


# -- what is no store, and who has it


@pytest.mark.parametrize("data", [b"", b"no database", b"\0" * 50_000])
def test_a_file_that_is_no_database(tmp_path: pathlib.Path, data: bytes) -> None:
    path = tmp_path / "a.duckdb"
    path.write_bytes(data)
    with pytest.raises(InputError, match=r"a\.duckdb: cannot be opened as a store \(") as caught:
        Store(path)
    assert "\n" not in str(caught.value)
    assert path.read_bytes() == data


def test_somebody_elses_database(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "a.duckdb"
    with duckdb.connect(str(path)) as database:
        database.execute("CREATE TABLE claims (a INT)")
    with pytest.raises(InputError, match=r"a\.duckdb: a database that zhreport did not make"):
        Store(path)
    assert column(path, "SELECT table_name FROM duckdb_tables()") == ["claims"]


def test_folders_and_leftovers(tmp_path: pathlib.Path) -> None:
    with pytest.raises(InputError, match=r"a\.duckdb: cannot be made \(No such file or directory\)"):
        Store(tmp_path / "nosuch" / "a.duckdb")
    with pytest.raises(InputError, match="cannot be opened as a store"):
        Store(tmp_path)
    (tmp_path / "a.duckdb.wal").write_bytes(b"left")
    with pytest.raises(InputError, match=r"a\.duckdb\.wal: left over from a store that is gone"):
        Store(tmp_path / "a.duckdb")
    (tmp_path / "a.duckdb.wal").unlink()
    Store(tmp_path / "a.duckdb").close()
    assert [p.name for p in tmp_path.iterdir()] == ["a.duckdb"]


def test_damage_is_named(tmp_path: pathlib.Path, plain: Analyzer) -> None:
    path, folder = tmp_path / "a.duckdb", tmp_path / "reports"
    fill(folder, range(6), 1)
    update(path, folder, plain)
    whole = path.read_bytes()
    for at in (len(whole) // 8, len(whole) // 3, len(whole) // 2):
        path.write_bytes(whole[:at])
        with pytest.raises(InputError, match=r"a\.duckdb: ") as caught:
            update(path, folder, plain)
        assert "\n" not in str(caught.value)
    path.write_bytes(whole)
    assert update(path, folder, plain)["current"] == 6


HOLDER = """
import sys, time
from zhreport.store import Store
with Store(sys.argv[1]):
    print("open", flush=True)
    sys.stdin.readline()
    time.sleep(0.5)
"""


def test_a_second_run_waits_or_says_who_has_the_store(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "a.duckdb"
    with start(HOLDER, str(path)) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        with pytest.raises(InputError, match=r"a\.duckdb: the store is in use by another process") as caught:
            Store(path, wait=0.2)
        assert str(holder.pid) in str(caught.value)
        assert "\n" not in str(caught.value)
        holder.communicate("\n")
    with start(HOLDER, str(path)) as holder:
        assert holder.stdout is not None
        assert holder.stdin is not None
        assert holder.stdout.readline() == "open\n"
        holder.stdin.write("\n")
        holder.stdin.flush()
        Store(path, wait=60).close()


def test_two_first_runs_at_once(tmp_path: pathlib.Path) -> None:
    folder, path = tmp_path / "reports", tmp_path / "a.duckdb"
    fill(folder, range(3), 1)
    both = [start(DRIVER, str(path), str(folder)) for _ in range(2)]
    assert [process.communicate() and process.returncode for process in both] == [0, 0]
    assert len(rows(path)["files"]) == len(rows(path)["documents"]) == 3
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.duckdb", "reports"]


def test_a_missing_library_is_named(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'zhreport\[tables\]'"):
        Store(tmp_path / "a.duckdb")
    assert list(tmp_path.iterdir()) == []


# -- killed


def killed(tmp: pathlib.Path, analyzer: Analyzer, seeds: range) -> None:
    """Kill a run at a moment that each seed chooses, run again, and compare with a run left alone."""
    folder, old, alone = tmp / "reports", tmp / "old.duckdb", tmp / "alone.duckdb"
    size = 12
    fill(folder, range(size // 2), 1)
    update(old, folder, analyzer)
    fill(folder, range(3, size), 2)  # some stay, some change, some are new
    update(alone, folder, analyzer)
    wanted = rows(alone)
    hit = 0
    for seed in seeds:
        chance = random.Random(seed)  # noqa: S311
        path = tmp / f"killed{seed}.duckdb"
        if seed % 2:
            shutil.copy(old, path)
        with start(DRIVER, str(path), str(folder)) as process:
            assert process.stdout is not None
            for _ in range(chance.randrange(size + 1)):
                process.stdout.readline()
            time.sleep(chance.random() * 0.03)
            process.kill()
        hit += process.returncode != 0
        update(path, folder, analyzer)
        assert rows(path) == wanted, seed
        assert update(path, folder, analyzer) == {"new": 0, "changed": 0, "current": size}
    assert hit > len(seeds) // 2  # most were killed before they had done


def test_killed_runs_lose_and_double_nothing(tmp_path: pathlib.Path, plain: Analyzer) -> None:
    killed(tmp_path, plain, range(3))


@pytest.mark.slow
def test_many_killed_runs(tmp_path: pathlib.Path, plain: Analyzer) -> None:
    killed(tmp_path, plain, range(3, 23))
