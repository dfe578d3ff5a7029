"""Many reports as one object: filtered by what is known of them, asked for records, words and figures.

A corpus is a store (see `zhreport.store`) and a choice of its documents. Nothing is loaded before it is asked
for, so it may be larger than memory.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from zhreport.batch.inputs import described, jobs_of
from zhreport.batch.jobs import Job, run
from zhreport.batch.metadata_table import read_metadata
from zhreport.corpus.find import Answer
from zhreport.corpus.members import Corpus, Folder, Member, Rows
from zhreport.errors import InputError, ZhreportError
from zhreport.files import Reading, find_inputs
from zhreport.report import Report
from zhreport.store import Rendered, Store, piled, rendered

__all__ = ["Answer", "Corpus", "Member", "Rows", "corpus"]

_USUAL: Final = Reading()


def corpus(
    sources: str | Path | Iterable[str | Path | Report],
    *,
    metadata: str | Path | None = None,
    store: str | Path | None = None,
    reading: Reading = _USUAL,
    processes: int = 1,
    **options: Any,  # noqa: ANN401
) -> Corpus:
    r"""A corpus of reports.

    Args:
        sources: a store (`archive.duckdb`, made by `zhreport extract -o`), or files, folders, globs and
            `Report`s, which are analyzed now. What cannot be read is left out and listed in `Corpus.errors`.
        metadata: a table with a row for each file, see `zhreport extract --metadata`.
        store: where the records are kept, a new .duckdb file; by default a temporary one.
        reading: how files are read.
        processes: so many.
        **options: of the `Analyzer`: `tokenizer`, `themes`, `taxonomy`, `units`, `vocabulary`….

    Raises:
        InputError: a store that cannot be opened, or nothing that could be read.
        MissingExtraError: duckdb or pyarrow is not installed.

    >>> from zhreport import analyze
    >>> texts = {"云岭市": "全市地区生产总值增长5.8%。", "平安县": "全县粮食产量2万吨。"}
    >>> reports = [analyze(f"{place}2025年政府工作报告\n{text}") for place, text in texts.items()]
    >>> mine = corpus(reports)
    >>> len(mine), [row["indicator"] for row in mine.filter(region="平安县").claims()]
    (2, ['粮食产量'])
    """
    found = [sources] if isinstance(sources, str | Path) else list(sources)
    if len(found) == 1 and isinstance(found[0], str | Path) and Path(found[0]).suffix.lower() == ".duckdb":
        if not Path(found[0]).is_file():
            raise InputError(f"{found[0]}: no such store; make one with zhreport extract … -o {found[0]}")
        return Corpus(Store(found[0]), options=options)
    folder = None
    if store is None:
        folder = Folder()
        store = folder.path / "corpus.duckdb"
    made = Corpus(Store(store), options=options, folder=folder)
    try:
        for number, report in enumerate(item for item in found if isinstance(item, Report)):
            key = report.document.file or f"#{number}"
            made.store.replace(key, report, sha256="", fingerprint="")
        paths = [str(item) for item in found if not isinstance(item, Report)]
        if paths:
            _read(made, paths, metadata, reading, processes, options)
    except BaseException:
        made.close()
        raise
    if not made:
        made.close()
        raise InputError("; ".join(made.errors) or "no report was given")
    return made


def _read(
    made: Corpus,
    paths: list[str],
    metadata: str | Path | None,
    reading: Reading,
    processes: int,
    options: dict[str, Any],
) -> None:
    files, errors = find_inputs(paths)
    made.errors.extend(errors)

    def failed(error: ZhreportError) -> None:
        made.errors.append(str(error))

    jobs = list(jobs_of(files, reading, failed))
    if metadata is not None:
        jobs, _ = described(jobs, read_metadata(Path(metadata)))

    def put(job: Job, records: Rendered) -> None:
        made.store.put(job.file, records, sha256="", fingerprint="")

    for result in run(jobs, processes=processes, make=rendered, then=put, pack=piled, **options):
        if result.error:
            made.errors.append(result.error)
