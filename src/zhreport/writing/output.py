"""Where records are written: streams that keep their first error, files replaced on success only."""

import io
import secrets
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self, cast

from zhreport.errors import InputError, UsageError
from zhreport.report import Report
from zhreport.stopping import broken_pipe, temporary

__all__ = ["Output", "Writer", "check_apart", "replacing"]


class Writer(ABC):
    """Writes reports one after the other to a binary stream.

    What is written of a report is made by `render`, which needs no stream and can be pickled, so that it may
    be made where the report is, in another process. As a context manager it is closed at the end of the
    block, or only discarded where an exception ends it.
    """

    render: Callable[[Report, Mapping[str, str]], Any]

    @abstractmethod
    def put(self, rendered: Any) -> Iterable[str] | None:  # noqa: ANN401
        """Write what `render` made of a report.

        Returns:
            A remark for everything that could not be written whole, if there is such.
        """

    def write(self, report: Report, extra: Mapping[str, str]) -> Iterable[str] | None:
        """Write one report; `extra` are its columns of the metadata table. Returns as `put`."""
        return self.put(self.render(report, extra))

    @abstractmethod
    def close(self) -> None:
        """Write what is left."""

    def discard(self) -> None:  # noqa: B027 - most hold nothing
        """Let go of what is still held; the stream gets no more."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self.close()
        finally:
            self.discard()


class Output(io.BufferedIOBase):
    """A binary stream that remembers why it could not be written, and takes no more after that.

    Libraries make errors of their own of a full disk, or none at all, and those that write the end of a file
    when they are thrown away would stumble over it again. So here the first error counts, and what comes
    after it, or after the stream was closed, goes nowhere.

    Args:
        stream: where to write.
        failed: called with the first error instead of raising it.
    """

    def __init__(self, stream: IO[bytes], failed: Callable[[OSError], None] | None = None) -> None:
        self._stream, self._failed = stream, failed
        self.failure: OSError | None = None
        self._place = 0

    def _do(self, act: Callable[[], int]) -> int | None:
        """What the stream returns, None where there is no stream any more."""
        if self.failure is not None or self._stream.closed:
            return None
        try:
            return act()
        except OSError as error:
            self.failure = error
            with suppress(OSError):
                self._stream.close()
            if isinstance(error, BrokenPipeError):
                broken_pipe()
            if self._failed is None:
                raise
            self._failed(error)
            return None

    def write(self, data: Any) -> int:  # noqa: ANN401 - any buffer
        """Write bytes.

        Raises:
            OSError: the stream cannot be written; only once.
        """
        size = memoryview(data).nbytes
        self._place += size
        return self._do(partial(self._stream.write, data)) or size

    def flush(self) -> None:
        """Hand on what waits; raises as `write`."""
        self._do(lambda: self._stream.flush() or 0)

    def close(self) -> None:
        """Hand on what waits and close the stream; raises as `write`."""
        self._do(lambda: self._stream.close() or 0)
        super().close()

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """As of the stream; raises as `write`, and `UnsupportedOperation` where the stream has no places."""
        if not self._stream.closed and not self._stream.seekable():
            raise io.UnsupportedOperation("seek")
        found = self._do(partial(self._stream.seek, offset, whence))
        self._place = offset if found is None else found
        return self._place

    def tell(self) -> int:
        """Bytes before the place, also where they went nowhere."""
        return self._place

    def seekable(self) -> bool:
        """As of the stream."""
        return not self._stream.closed and self._stream.seekable()

    def writable(self) -> bool:
        """Always."""
        return True

    def fileno(self) -> int:
        """As of the stream."""
        return self._stream.fileno()

    def isatty(self) -> bool:
        """As of the stream."""
        return not self._stream.closed and self._stream.isatty()


def check_apart(outputs: Iterable[Path], inputs: Iterable[Path]) -> None:
    """Before any work: no output takes the place of something that is read.

    Links are followed, and two names of one file are that file. Pipes and devices lose nothing.

    Raises:
        UsageError: an output is an input; the message names both.
    """
    there = {}
    for path in outputs:
        with suppress(OSError, ValueError):
            if path.is_file() or path.is_dir():
                found = path.stat()
                there[found.st_dev, found.st_ino] = path
    for source in inputs if there else ():
        try:
            found = source.stat()
        except (OSError, ValueError):  # an error of its own when it is read
            continue
        if (output := there.get((found.st_dev, found.st_ino))) is not None:
            raise UsageError(
                f"{output} would overwrite {source}, which is an input; name another output, "
                "or leave the file out of the inputs"
            )


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """A stream to a temporary file beside `path` that takes its place on success only.

    A link stays a link, to the new file; a pipe or a device (`/dev/stdout`) is written to as it is.

    Raises:
        InputError: the folder does not exist, or it or the file cannot be written.
    """
    if path.exists() and not path.is_file():
        with _written(path, path, "wb") as stream:
            yield stream
        return
    place = path.resolve()
    part = place.with_name(f".{place.name[:40]}.{secrets.token_hex(4)}.part")
    with temporary(part):
        with _written(part, path, "xb") as stream:
            yield stream
        try:
            part.replace(place)
        except OSError as error:
            raise InputError(f"{path}: cannot be written ({error.strerror})") from error


@contextmanager
def _written(path: Path, shown: Path, mode: str) -> Iterator[IO[bytes]]:
    """A stream to a file; whatever comes of an error of the system while it is written names that error."""
    try:
        output = Output(path.open(mode))
    except OSError as error:
        raise InputError(f"{shown}: cannot be written ({error.strerror}); check the folder") from error
    try:
        with output:
            yield cast("IO[bytes]", output)
    except BaseException as error:
        failure = output.failure or (error if isinstance(error, OSError) else None)
        if failure is None:
            raise
        raise InputError(f"{shown}: cannot be written ({failure.strerror or failure})") from failure
    if output.failure is not None:  # a library kept it to itself
        raise InputError(f"{shown}: cannot be written ({output.failure.strerror})") from output.failure
