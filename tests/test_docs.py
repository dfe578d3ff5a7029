"""The pages of the documentation: their code runs, and they say of the code all that it has.

A page runs from top to bottom in an empty folder, as a reader would go through it: `sh` in a shell, `python`
in one interpreter (with prompts as a doctest), and a block with a title is put into the file of that name.
Blocks of other languages (`shell`, `text`, `toml` without a title) are only shown.
"""

import doctest
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "docs"))
import generate
from zhreport.clause import default_grammar
from zhreport.cli import COMMANDS
from zhreport.tables import COLUMNS

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted((ROOT / "docs").rglob("*.md"))
_BLOCK = re.compile(r"^```(\w+)(?: title=\"([^\"]+)\")?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def _blocks(page: Path) -> Iterator[tuple[str, str, str]]:
    for found in _BLOCK.finditer(page.read_text(encoding="utf-8")):
        yield found[1], found[2] or "", found[3]


#: `test_engines.py` runs the pages of the engines, on texts of its own.
RUN = [
    page
    for page in PAGES
    if page.parent.name != "engines" and any(kind in ("sh", "python") for kind, _, _ in _blocks(page))
]


def _shell(code: str, folder: Path) -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    source = f"{ROOT / 'src'}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"
    done = subprocess.run(
        ["bash", "-euc", f'zhreport() {{ "{sys.executable}" -m zhreport "$@"; }}\n{code}'],
        cwd=folder,
        env={**os.environ, "PATH": path, "PYTHONPATH": source},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, f"{code}\n{done.stdout}\n{done.stderr}"


def _python(code: str, names: dict[str, object], page: str) -> None:
    if ">>>" not in code:
        exec(compile(code, page, "exec"), names)  # noqa: S102 - code of our own pages
        return
    test = doctest.DocTestParser().get_doctest(code, names, page, page, 0)
    said: list[str] = []
    result = doctest.DocTestRunner().run(test, out=said.append, clear_globs=False)
    names.update(test.globs)
    assert result.failed == 0, "".join(said)


@pytest.mark.skipif(shutil.which("bash") is None, reason="the commands are written for a shell")
@pytest.mark.parametrize("page", RUN, ids=lambda page: page.relative_to(ROOT / "docs").as_posix())
def test_code_runs(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {"__name__": "page"}
    for kind, title, code in _blocks(page):
        if title:
            (tmp_path / title).write_text(code, encoding="utf-8")
        elif kind == "sh":
            _shell(code, tmp_path)
        elif kind == "python":
            _python(code, names, page.name)


@pytest.mark.skipif(sys.flags.optimize > 1, reason="the pages show docstrings, which python -OO has not")
def test_every_page_expands() -> None:
    for page in PAGES:
        assert "<!-- generated" not in generate.expanded(page.read_text(encoding="utf-8")), page


def test_pages_have_every_column_command_and_level() -> None:
    whole = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    marked = set(re.findall(r"^<!-- generated: (.+) -->$", whole, re.MULTILINE))
    assert {f"columns {kind}" for kind in (*COLUMNS, "panel")} <= marked
    assert {f"clause {rule.level}" for rule in default_grammar().rules} <= marked
    assert all(f"## `zhreport {name}`" in generate.commands("") for name in set(COMMANDS) - {"corpus"})
    assert all(f"| `{column.name}` |" in generate.columns("claims") for column in COLUMNS["claims"])


def test_no_orphans() -> None:
    listed = set(re.findall(r"^([\w/-]+)$", (ROOT / "docs" / "index.md").read_text("utf-8"), re.MULTILINE))
    found = {page.relative_to(ROOT / "docs").with_suffix("").as_posix() for page in PAGES}
    assert found - {"index"} == listed


def test_links_between_pages_and_files() -> None:
    for page in [*PAGES, *ROOT.glob("*.md")]:
        for link in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists(), f"{page.name}: {link}"


def test_one_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert f"\nversion: {project}\n" in (ROOT / "CITATION.cff").read_text("utf-8")
    assert f"\n## [{project}] - " in (ROOT / "CHANGELOG.md").read_text("utf-8")
    pages = [page.read_text("utf-8") for page in PAGES]
    assert {found for page in pages for found in re.findall(r"zhreport[- ](\d+\.\d+\.\d+)", page)} == {
        project
    }
