"""The examples of `docs/engines`: the same records as in one process, errors included."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import zhreport

pa = pytest.importorskip("pyarrow")
pytest.importorskip("pandas")

PAGES = Path(__file__).resolve().parent.parent / "docs" / "engines"
#: The page → what must be installed for its example.
ENGINES = {
    "spark": ("pyspark",),
    "ray": ("ray",),
    "dask": ("dask.dataframe",),
    "duckdb": ("duckdb",),
    "polars": ("polars",),
    "joblib": ("joblib",),
}
TEXTS = (
    ("2024年，云岭市建成粮库3座，粮食产量达到80亿斤以上，开展“清朗”专项行动。", "2024"),
    ("平安县新增就业1.2万人、增长5.8%，确保明年新建学校6所。", "去年"),  # no year
    (None, "2024"),
    ("没有数字的一段话。", None),
    ("云岭市地区生产总值1862.4亿元、增长7.5%，居全省第3位。", None),
)


def example(page: str) -> str:
    """The program of a page."""
    (code,) = re.findall(
        r"```python\n(.*?)```", (PAGES / f"{page}.md").read_text(encoding="utf-8"), re.DOTALL
    )
    return str(code)


def rows(folder: Path) -> list[dict[str, Any]]:
    """What an example wrote, as rows in the order of the texts."""
    from pyarrow import parquet

    place = folder / "claims.parquet"
    files = sorted(place.rglob("*.parquet")) if place.is_dir() else [place]
    found = [row for file in files for row in parquet.ParquetFile(file).read().to_pylist()]
    return sorted(found, key=lambda row: (row["id"], row["start"] or 0))


@pytest.mark.parametrize("page", ENGINES)
def test_an_example_has_at_most_twenty_lines(page: str) -> None:
    lines = [line for line in example(page).splitlines() if line.strip()]
    assert len(lines) <= 20


@pytest.mark.parametrize("page", ENGINES)
def test_an_engine_finds_what_one_process_finds(page: str, tmp_path: Path) -> None:
    from pyarrow import parquet

    for name in ENGINES[page]:
        pytest.importorskip(name, reason=f"the engine of docs/engines/{page}.md is not installed")
    if page == "spark" and not shutil.which("java"):
        pytest.skip("Spark needs Java")
    texts = pa.table(
        {
            "id": pa.array(range(20), pa.int64()),
            "正文": [TEXTS[n % 5][0] for n in range(20)],
            "年份": [TEXTS[n % 5][1] for n in range(20)],
        }
    )
    parquet.write_table(texts, tmp_path / "texts.parquet", row_group_size=7)
    (tmp_path / "example.py").write_text(example(page), encoding="utf-8")
    source = str(Path(zhreport.__file__).parent.parent)
    paths = os.pathsep.join(filter(None, (source, os.environ.get("PYTHONPATH"))))
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "example.py"],
        cwd=tmp_path,
        env={
            **os.environ,
            "PYTHONPATH": paths,
            "PYSPARK_PYTHON": sys.executable,
            "RAY_ENABLE_UV_RUN_RUNTIME_ENV": "0",
        },
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=570,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found = rows(tmp_path)
    wanted = zhreport.Extraction(text="正文", year="年份")(texts).to_pylist()
    assert [row["error"] for row in wanted if row["error"]] == ["'去年' is not a year", "no text"] * 4
    names = wanted[0].keys()
    assert found[0].keys() == names
    assert found == sorted(wanted, key=lambda row: (row["id"], row["start"] or 0))
