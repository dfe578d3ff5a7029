"""The invented reports that come with the package."""

from pathlib import Path
from typing import Final

from zhreport.errors import UsageError

__all__ = ["SAMPLES", "samples"]

#: What can be asked for, and where a checkout of the project has it.
SAMPLES: Final = {"reports": "samples", "series": "series"}


def samples(name: str = "reports") -> Path:
    """The folder of the sample reports; their places, people and figures are invented.

    Args:
        name: `reports` for three full reports (a government report, a statistical bulletin and a department's
            summary) with `metadata.csv`; `series` for short reports of two places over six years.

    Raises:
        UsageError: another name.

    >>> sorted(path.name for path in samples().glob("*.txt"))
    ['annual-government-report.txt', 'department-summary.txt', 'statistical-bulletin.txt']
    >>> len(list(samples("series").glob("*.txt")))
    12
    """
    if name not in SAMPLES:
        raise UsageError(f"no samples are called {name!r}; there are {' and '.join(SAMPLES)}")
    package = Path(__file__).parent
    installed = package / "sample_files" / name  # not in data/, whose hash is part of the provenance
    checkout = package.parents[1] / "corpora" / SAMPLES[name]
    return installed if installed.is_dir() else checkout
