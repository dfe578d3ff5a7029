"""Parquet and Feather."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO, Any

from zhreport.report import Report
from zhreport.tables import batch, import_arrow, schema_of
from zhreport.writing.output import Writer
from zhreport.writing.shape import Shape

__all__ = ["ArrowWriter"]


@dataclass(frozen=True, slots=True)
class _Rows:
    """Makes the rows of a report: those of an Arrow batch in its wire format, and the SHA-256 of the text."""

    shape: Shape
    schema: Any

    def __call__(self, report: Report, extra: Mapping[str, str]) -> tuple[bytes, str]:
        found = batch(report, self.shape.kind, self.schema, self.shape.row(extra))
        return found.serialize().to_pybytes(), report.document.sha256


class ArrowWriter(Writer):
    """Parquet or Feather (version 2, the Arrow file format), compressed, in groups of rows.

    Args:
        stream: where to write.
        shape: the columns.
        provenance: for the schema's metadata; of a single report its SHA-256 is added.
        form: `parquet` or `feather`.
        group: so many rows are held in memory before they are written, and then some of the last report.
    """

    def __init__(
        self,
        stream: IO[bytes],
        shape: Shape,
        *,
        provenance: Mapping[str, str],
        form: str = "parquet",
        group: int = 20_000,
    ) -> None:
        self._arrow = import_arrow()
        self._schema = schema_of(shape.kind, shape.own, shape.names, provenance)
        self.render = _Rows(shape, self._schema)
        self._stream, self._form, self._group = stream, form, group
        self._waiting: list[Any] = []
        self._rows = self._reports = 0
        self._sha256 = ""
        self._file: Any = None

    def put(self, rendered: tuple[bytes, str]) -> None:
        """Write the records of a report, or hold them until there are enough."""
        data, sha256 = rendered
        self._reports += 1
        if self._reports == 1:
            self._sha256 = sha256
        self.add(self._arrow.ipc.read_record_batch(data, self._schema))

    def add(self, found: Any) -> None:  # noqa: ANN401 - a record batch
        """Write a record batch of the schema, or hold it until there are enough rows."""
        if found.num_rows:
            self._waiting.append(found)
        self._rows += found.num_rows
        if self._rows >= self._group:
            self._flush()

    def close(self) -> None:
        """Write what is left and the end of the file."""
        if self._waiting or self._file is None:
            self._flush(last=True)
        self._file.close()

    def _flush(self, *, last: bool = False) -> None:
        table = self._arrow.Table.from_batches(self._waiting, schema=self._schema).combine_chunks()
        if self._file is None:
            if last and self._reports == 1:
                made_by = {**self._schema.metadata, b"zhreport.input_sha256": self._sha256.encode()}
                table = table.replace_schema_metadata(made_by)
            self._file = self._open(table.schema)
        self._file.write_table(table)
        self._waiting, self._rows = [], 0

    def _open(self, target: Any) -> Any:  # noqa: ANN401
        if self._form == "feather":
            options = self._arrow.ipc.IpcWriteOptions(compression="zstd")
            return self._arrow.ipc.new_file(self._stream, target, options=options)
        from pyarrow import parquet  # noqa: PLC0415 - an optional extra

        return parquet.ParquetWriter(self._stream, target, compression="zstd")
