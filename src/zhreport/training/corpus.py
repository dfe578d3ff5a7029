"""The public reports behind the labels: fetched from their repositories into a cache, checked by hash."""

import csv
import os
import shutil
import urllib.error
import urllib.parse
import urllib.request
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from importlib import resources
from pathlib import Path
from typing import Any, Final

from zhreport.errors import InputError, UsageError
from zhreport.stopping import undone

__all__ = ["Fetched", "PublicReport", "cache_folder", "fetch", "public_reports"]

_ARCHIVE: Final = "https://codeload.github.com/{owner}/{name}/zip/refs/heads/{branch}"
_BRANCHES: Final = ("main", "master")
_BLOCK: Final = 1 << 16
_TIMEOUT: Final = 60  # seconds without a byte
_LARGEST: Final = 5_000_000  # bytes of a report; larger members of an archive are none
_ARCHIVE_LARGEST: Final = 500_000_000  # bytes of an archive that is fetched; those of the list have some tens
_UNPACKED: Final = 2_000_000_000  # bytes that the members of an archive that are read may unpack to


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicReport:
    """A report of the public corpus.

    Attributes:
        file: its name in the cache folder.
        year, level, region: what it is.
        source: the repository it comes from (`github.com/OWNER/NAME`).
        sha256: of its bytes.
    """

    file: str
    year: int
    level: str
    region: str
    source: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What a fetch did.

    Attributes:
        folder: where the reports lie.
        present: reports that lay there already.
        added: reports that were found and copied.
        missing: reports that no source had.
        errors: a line for each source that could not be read.
    """

    folder: Path
    present: int
    added: int
    missing: tuple[str, ...]
    errors: tuple[str, ...]


def public_reports() -> tuple[PublicReport, ...]:
    """The list that comes with the package."""
    text = resources.files("zhreport.data").joinpath("corpus.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return tuple(
        PublicReport(
            file=row["file"],
            year=int(row["year"]),
            level=row["level"],
            region=row["region"],
            source=row["source"],
            sha256=row["sha256"],
        )
        for row in rows
    )


def cache_folder() -> Path:
    """Where fetched reports lie: `zhreport/reports` in the user's cache folder (XDG_CACHE_HOME)."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "zhreport" / "reports"


def fetch(
    folder: Path,
    *,
    source: str = "",
    wanted: tuple[PublicReport, ...] | None = None,
    progress: Callable[[str, int, int], None] = lambda *_: None,
) -> Fetched:
    """Put the public reports into a folder; what lies there already and is right is not fetched again.

    A report is known by the hash of its bytes, wherever it lies in its source and however it is called
    there. A download that broke off is continued where the server can do that.

    Args:
        folder: made if it does not exist.
        source: a local folder or ZIP archive, or the address of a mirror that has `OWNER-NAME.zip` for each
            repository; the repositories themselves by default.
        wanted: the reports; all of `public_reports` by default.
        progress: called with what is done, bytes done and bytes in all (0 if unknown).

    Raises:
        InputError: the folder cannot be written.
        UsageError: a source that is neither a folder, an archive nor an address.
    """
    reports = public_reports() if wanted is None else wanted
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{folder}: cannot be made ({error.strerror})") from error
    todo: dict[str, list[PublicReport]] = {}  # one text may stand for several reports
    for report in reports:
        if not _right(folder / report.file, report.sha256):
            todo.setdefault(report.sha256, []).append(report)
    present = len(reports) - sum(map(len, todo.values()))
    added = 0
    errors: list[str] = []
    for files in _sources(
        folder, source, sorted({r.source for same in todo.values() for r in same}), errors, progress
    ):
        for data in files:
            for report in todo.pop(sha256(data).hexdigest(), ()):
                _write(folder / report.file, data)
                added += 1
        if not todo:
            break
    missing = tuple(sorted(report.file for same in todo.values() for report in same))
    return Fetched(folder=folder, present=present, added=added, missing=missing, errors=tuple(errors))


def _right(path: Path, digest: str) -> bool:
    return path.is_file() and sha256(path.read_bytes()).hexdigest() == digest


def _write(path: Path, data: bytes) -> None:
    part = path.with_name(path.name + ".part")
    try:
        with undone(partial(part.unlink, missing_ok=True)):
            part.write_bytes(data)
            part.replace(path)
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror})") from error


def _sources(
    folder: Path,
    source: str,
    repositories: list[str],
    errors: list[str],
    progress: Callable[[str, int, int], None],
) -> Iterator[Iterator[bytes]]:
    """The files of each source, one source after the other."""
    if not repositories:
        return
    local = Path(source) if source else None
    if local is not None and local.is_dir():
        yield _in_folder(local)
        return
    if local is not None and local.is_file():
        yield _in_archive(local, source, errors)
        return
    if source and urllib.parse.urlsplit(source).scheme not in ("http", "https"):
        raise UsageError(f"{source}: neither a folder, an archive nor an http address")
    for repository in repositories:
        _, owner, name = repository.split("/", 2)
        archive = folder / f".{owner}-{name}.zip"
        addresses = (
            [f"{source.rstrip('/')}/{owner}-{name}.zip"]
            if source
            else [_ARCHIVE.format(owner=owner, name=name, branch=branch) for branch in _BRANCHES]
        )
        failed = ""
        for address in addresses:
            failed = _download(address, archive, repository, progress)
            if not failed:
                break
        if failed:
            errors.append(f"{repository}: {failed}; name a mirror or a folder with --source")
            continue
        with undone(partial(archive.unlink, missing_ok=True)):  # also when nothing more is wanted
            yield _in_archive(archive, repository, errors)


def _in_folder(folder: Path) -> Iterator[bytes]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.stat().st_size <= _LARGEST:
            yield path.read_bytes()


def _in_archive(path: Path, name: str, errors: list[str]) -> Iterator[bytes]:
    total = 0
    try:
        with zipfile.ZipFile(path) as archive:
            for entry in archive.infolist():
                if not entry.is_dir() and entry.file_size <= _LARGEST:
                    total += entry.file_size
                    if total > _UNPACKED:
                        errors.append(
                            f"{name}: unpacks to more than {_UNPACKED:,} bytes; the rest was not read"
                        )
                        return
                    yield archive.read(entry)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError) as error:
        errors.append(f"{name}: the archive is damaged ({error}); run the command again, or get another copy")


def _too_large(address: str) -> str:
    return f"{address} has more than {_ARCHIVE_LARGEST:,} bytes, far more than its reports"


class _Secure(urllib.request.HTTPRedirectHandler):
    """Follows redirects, but from https only to https."""

    def redirect_request(self, req: urllib.request.Request, *args: Any) -> urllib.request.Request | None:  # noqa: ANN401
        """The request that follows a redirect.

        Raises:
            URLError: it leaves https.
        """
        new = super().redirect_request(req, *args)
        if new is not None and req.type == "https" and new.type != "https":
            raise urllib.error.URLError(f"it leads from https to {new.full_url}")
        return new


def _opener() -> urllib.request.OpenerDirector:
    return urllib.request.build_opener(_Secure)


def _download(address: str, path: Path, name: str, progress: Callable[[str, int, int], None]) -> str:
    """Fetch an address into a file, continuing what is there; returns why it failed, "" if it did not."""
    part = path.with_name(path.name + ".part")
    done = part.stat().st_size if part.is_file() else 0
    headers = {"User-Agent": "zhreport", **({"Range": f"bytes={done}-"} if done else {})}
    request = urllib.request.Request(address, headers=headers)  # noqa: S310 - http(s) only, see _sources
    try:
        with _opener().open(request, timeout=_TIMEOUT) as answer:
            if answer.status != 206:  # the server begins anew
                done = 0
            size = done + int(answer.headers.get("Content-Length") or 0)
            if size > _ARCHIVE_LARGEST:
                return _too_large(address)
            with part.open("ab" if done else "wb") as file:
                while block := answer.read(_BLOCK):
                    file.write(block)
                    done += len(block)
                    if done > _ARCHIVE_LARGEST:
                        part.unlink()
                        return _too_large(address)
                    progress(name, done, size)
    except urllib.error.HTTPError as error:
        if error.code == 416 and done:  # all of it is there
            shutil.move(part, path)
            return ""
        return f"{address} answers {error.code}"
    except (OSError, ValueError) as error:
        return f"{address} cannot be reached ({getattr(error, 'reason', error)})"
    shutil.move(part, path)
    return ""
