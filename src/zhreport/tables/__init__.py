"""Tables: the records of reports as columns, with one explicit Arrow schema for each kind of record."""

from zhreport.tables.arrow import (
    DECIMAL,
    Table,
    batch,
    frame,
    import_arrow,
    import_pandas,
    import_polars,
    schema,
    schema_of,
    table,
    table_of,
)
from zhreport.tables.provenance import data_hash, provenance
from zhreport.tables.record_kinds import (
    COLUMNS,
    HEAD,
    KINDS,
    Column,
    Tabular,
    check_kind,
    columns,
    digits,
    head,
    metadata_names,
)

__all__ = [
    "COLUMNS",
    "DECIMAL",
    "HEAD",
    "KINDS",
    "Column",
    "Table",
    "Tabular",
    "batch",
    "check_kind",
    "columns",
    "data_hash",
    "digits",
    "frame",
    "head",
    "import_arrow",
    "import_pandas",
    "import_polars",
    "metadata_names",
    "provenance",
    "schema",
    "schema_of",
    "table",
    "table_of",
]
