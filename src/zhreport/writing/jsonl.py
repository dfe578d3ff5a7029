"""JSONL: one record a line."""

from collections.abc import Mapping
from typing import IO, Any

import msgspec

from zhreport.report import Report
from zhreport.tables.record_kinds import valid

__all__ = ["JsonlWriter", "encode"]

#: A record as a JSON line without its line break; numbers exact.
encode = msgspec.json.Encoder(decimal_format="number").encode


class JsonlWriter:
    """One JSON object a line: document, paragraphs, claims and campaigns; numbers exact.

    Half surrogates, which UTF-8 cannot hold, become `?`.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def write(self, report: Report, extra: dict[str, str]) -> None:
        """Write the records of a report."""
        self._stream.write(b"".join(map(_json_line, report.records(extra))))

    def close(self) -> None:
        """Nothing is left."""


def _json_line(record: Mapping[str, Any]) -> bytes:
    try:
        return encode(record) + b"\n"
    except UnicodeEncodeError:
        return encode(valid(record)) + b"\n"
