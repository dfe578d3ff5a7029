"""Long documents: what is taken at once does not grow with them."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from zhreport import Analyzer
from zhreport.document import make_document
from zhreport.themes import model, passages

pytest.importorskip("resource", reason="tells the memory of a process")

#: Analyzes a text of so many characters, and prints the most memory that it took, in MB.
_CHILD = """
import resource, sys
from pathlib import Path
import zhreport
text = "".join(path.read_text(encoding="utf-8") for path in sorted(Path(sys.argv[1]).glob("*.txt")))
size = int(sys.argv[2])
report = zhreport.analyze((text * (size // len(text) + 1))[:size], year=2024)
assert len(report.document.text) == size
print(sum(1 for _ in report.records()), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def test_passages_are_scored_piece_by_piece(
    analyzer: Analyzer, samples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in sorted(samples.glob("*.txt")))
    found = passages(make_document(text))
    whole = model.default_model().scores(found, analyzer.tokenizer)
    for size in (1, 7, len(found)):
        monkeypatch.setattr(model, "_TOGETHER", size)
        assert np.array_equal(model.default_model().scores(found, analyzer.tokenizer), whole), size


@pytest.mark.slow
def test_two_million_characters_take_less_than_600_megabytes(samples: Path) -> None:
    command = [sys.executable, "-c", _CHILD, str(samples), "2000000"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    records, memory = map(int, done.stdout.split())
    assert records > 100_000
    assert memory < 600
