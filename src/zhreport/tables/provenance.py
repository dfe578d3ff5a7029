"""What made the records: the package, its data and what the caller chose."""

from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from importlib import resources
from importlib.resources.abc import Traversable

__all__ = ["data_hash", "provenance"]


def _files(folder: Traversable, path: str = "") -> Iterator[tuple[str, Traversable]]:
    for item in sorted(folder.iterdir(), key=lambda item: item.name):
        if item.is_dir():
            yield from _files(item, f"{path}{item.name}/")
        elif not item.name.endswith((".py", ".pyc")):
            yield path + item.name, item


@cache
def data_hash() -> str:
    """SHA-256 over the data files of the package: vocabulary, units, crosswalk, theme model and others."""
    total = sha256()
    for name, item in _files(resources.files("zhreport.data")):
        data = item.read_bytes()
        total.update(f"{name}\0{len(data)}\0".encode() + data)
    return total.hexdigest()


def provenance(*, tokenizer: str = "", theme_model: str = "", taxonomy: str = "") -> dict[str, str]:
    """What made the records: version and data of the package, and what the caller chose.

    Args:
        tokenizer: its name.
        theme_model: what identifies the model; empty if none was used.
        taxonomy: that names the themes.
    """
    from importlib.metadata import version  # noqa: PLC0415 - slow to load, and much is done without it

    return {
        "version": version("zhreport"),
        "data_sha256": data_hash(),
        "tokenizer": tokenizer,
        "theme_model": theme_model,
        "taxonomy": taxonomy,
    }
