"""JSONL: one record a line."""

from collections.abc import Mapping
from typing import IO, Any

import msgspec

from zhreport.report import Report
from zhreport.tables.record_kinds import valid
from zhreport.writing.output import Writer

__all__ = ["JsonlWriter", "encode"]

#: A record as a JSON line without its line break; numbers exact.
encode = msgspec.json.Encoder(decimal_format="number").encode


class JsonlWriter(Writer):
    """One JSON object a line: document, paragraphs, claims and campaigns; numbers exact.

    Half surrogates, which UTF-8 cannot hold, become `?`.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.render = lines

    def put(self, rendered: bytes) -> None:
        """Write the records of a report."""
        self._stream.write(rendered)

    def close(self) -> None:
        """Nothing is left."""


def lines(report: Report, extra: Mapping[str, str]) -> bytes:
    """The records of a report, a line each."""
    return b"".join(map(_json_line, report.records(extra)))


def _json_line(record: Mapping[str, Any]) -> bytes:
    try:
        return encode(record) + b"\n"
    except UnicodeEncodeError:
        return encode(valid(record)) + b"\n"
