"""What made the records: the package, its data and what the caller chose."""

from functools import cache
from hashlib import sha256
from importlib import resources
from importlib.metadata import version

__all__ = ["data_hash", "provenance"]


@cache
def data_hash() -> str:
    """SHA-256 over the data files of the package: vocabulary, units, crosswalk and theme model."""
    total = sha256()
    for item in sorted(resources.files("zhreport.data").iterdir(), key=lambda item: item.name):
        if item.is_file() and not item.name.endswith((".py", ".pyc")):
            data = item.read_bytes()
            total.update(f"{item.name}\0{len(data)}\0".encode() + data)
    return total.hexdigest()


def provenance(*, tokenizer: str = "", theme_model: str = "", taxonomy: str = "") -> dict[str, str]:
    """What made the records: version and data of the package, and what the caller chose.

    Args:
        tokenizer: its name.
        theme_model: what identifies the model; empty if none was used.
        taxonomy: that names the themes.
    """
    return {
        "version": version("zhreport"),
        "data_sha256": data_hash(),
        "tokenizer": tokenizer,
        "theme_model": theme_model,
        "taxonomy": taxonomy,
    }
