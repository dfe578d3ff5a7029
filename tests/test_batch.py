"""Many documents: what travels between processes, and what is in memory."""

import json
import logging
import multiprocessing
import os
import pickle
import threading
import tracemalloc
from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from zhreport import Analyzer, Report
from zhreport.batch import Job, loaded, run
from zhreport.batch.inputs import jobs_of
from zhreport.errors import ZhreportError
from zhreport.files import Reading
from zhreport.tables import KINDS
from zhreport.writing import FORMATS, make_writer


def table(folder: Path, count: int, size: int = 10) -> Path:
    """A table with a text in each row."""
    path = folder / "t.jsonl"
    rows = [
        {"name": f"篇{n}", "text": f"建成粮库{n + 2}座。{'县' * size}", "备注": "甲"} for n in range(count)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def jobs(path: Path) -> list[Job]:
    def failed(error: ZhreportError) -> None:
        raise error

    return list(jobs_of([(path, path.parent)], Reading(), failed))


def values(report: Report, extra: Mapping[str, str]) -> tuple[str, int, list[str], int]:
    """What is made of a report in the process that has it."""
    return report.document.file, os.getpid(), [c.text for c in report.claims], len(extra)


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> None:
    """Lines that are kept would count as memory and time of the run."""
    caplog.set_level(logging.ERROR, "zhreport")


@pytest.fixture
def plain() -> Analyzer:
    return Analyzer(tokenizer="jieba", themes=False)


def test_rows_are_made_where_the_report_is(tmp_path: Path, plain: Analyzer) -> None:
    todo = jobs(table(tmp_path, 150))
    one = [r.made for r in run(todo, analyzer=plain, make=values)]
    assert one[0] == ("t.jsonl#1", os.getpid(), ["2座"], 1)
    assert [file for file, *_ in one] == [f"t.jsonl#{n + 1}" for n in range(150)]
    seen: list[Any] = []
    results = list(
        run(
            todo,
            analyzer=plain,
            make=values,
            processes=2,
            then=lambda job, made: seen.append((job.doc, made)),
        )
    )
    assert [(file, texts, size) for file, _, texts, size in one] == [
        (file, texts, size) for _, (file, _, texts, size) in seen
    ]
    assert {made[1] for _, made in seen}.isdisjoint({os.getpid()})
    assert [r.file for r in results] == [file for file, *_ in one]
    assert seen[7][0] == "篇7"


@pytest.mark.parametrize("taken", [1, 150])
def test_threads_and_workers_end_with_the_run(tmp_path: Path, plain: Analyzer, taken: int) -> None:
    """A thread of a pool that outlives the run can fail, with a traceback, at the end of the interpreter."""
    before = threading.enumerate()
    results = run(jobs(table(tmp_path, 150)), analyzer=plain, make=values, processes=2)
    assert len(list(islice(results, taken))) == taken
    assert multiprocessing.active_children()
    del results
    assert (threading.enumerate(), multiprocessing.active_children()) == (before, [])


@pytest.mark.parametrize("form", FORMATS)
def test_what_makes_the_rows_of_a_format_can_be_sent_to_another_process(form: str, plain: Analyzer) -> None:
    for name in ("pyarrow", "xlsxwriter", "pandas"):
        pytest.importorskip(name)
    import io

    report = plain.analyze("2024年，建成粮库3座，开展“清朗”行动。", name="云岭")
    streams = [io.BytesIO(), io.BytesIO()]
    for stream, travels in zip(streams, (False, True), strict=True):
        writer = make_writer(form, stream, ["备注"])
        render = pickle.loads(pickle.dumps(writer.render)) if travels else writer.render  # noqa: S301
        writer.put(pickle.loads(pickle.dumps(render(report, {"备注": "甲"}))))  # noqa: S301
        writer.close()
    assert streams[0].getvalue() == streams[1].getvalue() != b""


def test_texts_of_a_table_are_not_held(
    tmp_path: Path, plain: Analyzer, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = plain.analyze("建成粮库3座。")
    monkeypatch.setattr(Analyzer, "analyze", lambda *_: report)
    path = table(tmp_path, 2000, 2000)  # 8 MB of texts
    tracemalloc.start()
    try:
        todo = jobs(path)
        assert not any(job.of_table for job in todo)
        for result in run(todo, analyzer=plain, make=lambda *_: 0):
            assert not result.error
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 3_000_000


def test_rows_are_found_again_whichever_are_asked_for(tmp_path: Path) -> None:
    todo = jobs(table(tmp_path, 5))
    chosen = [todo[3], todo[4], todo[1]]
    texts = [job.of_table.text[:6] for job in loaded(chosen) if job.of_table]
    assert texts == ["建成粮库5座", "建成粮库6座", "建成粮库3座"]
    assert [dict(job.row) for job in loaded(chosen)] == [{"备注": "甲"}] * 3


def test_a_table_that_changes_meanwhile_is_told(tmp_path: Path, plain: Analyzer) -> None:
    path = table(tmp_path, 4)
    todo = jobs(path)
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines[:2], "{", lines[3]]), encoding="utf-8")
    results = list(run(todo, analyzer=plain, make=values))
    assert [bool(r.error) for r in results] == [False, False, True, True]
    assert results[2].error == f"{path}#3: it changed while it was read; run again when it is complete"


def test_records_put_together_are_those_put_one_by_one(tmp_path: Path, plain: Analyzer) -> None:
    pytest.importorskip("duckdb")
    pytest.importorskip("pyarrow")
    from zhreport.store import Store, piled, rendered

    def extra(job: Job) -> dict[str, str]:
        return {"备注": "甲"} if job.number % 2 else {"批次": str(job.number)}

    todo = jobs(table(tmp_path, 12))
    made = [
        (job, rendered(r.made, extra(job))) for job, r in zip(todo, run(todo, analyzer=plain), strict=True)
    ]
    piles = [*piled([one for _, one in made[:5]]), *piled([one for _, one in made[5:10]])]
    mixed = [*zip(todo, piles, strict=False), *made[10:]]
    assert piled([]) == []
    with Store(tmp_path / "a.duckdb") as apart, Store(tmp_path / "b.duckdb") as together:
        for job, one in made:
            apart.put(job.file, one, sha256="s", fingerprint="f")
        for job, one in mixed:
            if job.number % 4:  # of a pile some may be left out
                together.put(job.file, one, sha256="s", fingerprint="f")
        together.flush()
        for job, one in mixed:
            together.put(job.file, one, sha256="t", fingerprint="f")
        for kind in KINDS:
            assert together.rows(kind) == apart.rows(kind)


def test_all_kinds_are_written_together_in_a_store(tmp_path: Path, plain: Analyzer) -> None:
    pytest.importorskip("duckdb")
    pytest.importorskip("pyarrow")
    from zhreport.store import Store, rendered

    todo = jobs(table(tmp_path, 450))
    apart, together = Store(tmp_path / "a.duckdb"), Store(tmp_path / "b.duckdb")

    def one(job: Job, report: Report) -> None:
        apart.replace(job.file, report, {"备注": "甲"} if job.number % 2 else {}, sha256="s", fingerprint="f")

    def many(job: Job, report: Report) -> None:
        row = {"备注": "甲"} if job.number % 2 else {}
        together.put(job.file, rendered(report, row), sha256="s", fingerprint="f")

    with apart, together:
        list(run(todo[:250], analyzer=plain, then=one))
        list(run(todo, analyzer=plain, then=many))
        list(run(todo[:3], analyzer=plain, then=many))
        together.flush()
        assert together.written == {"new": 450, "changed": 3}
        for kind in KINDS:
            first = {row["file"] for row in apart.rows(kind)}
            assert apart.rows(kind) == [row for row in together.rows(kind) if row["file"] in first]
