"""Files that are ZIP archives (OFD, DOCX), opened with bounds on what they unpack to."""

import io
import zipfile
from typing import Final

from zhreport.errors import InputError
from zhreport.reading.readers.bounds import USUAL, Bounds, Limits
from zhreport.reading.readers.foreign import foreign

__all__ = ["member", "open_archive"]

_STEEPEST: Final = 200  # times that a member may grow when unpacked: XML grows by 5 to 40
_SMALL: Final = 1_000_000  # bytes below which growth does no harm


def open_archive(data: bytes, name: str, limits: Limits = USUAL) -> zipfile.ZipFile:
    """Open a ZIP archive after a look at what its members unpack to.

    Args:
        data: the bytes of the file.
        name: what the errors call the file.
        limits: `unpacked` is the one that counts here.

    Returns:
        The archive; its members are best read by `member`.

    Raises:
        InputError: no ZIP archive, a broken or an encrypted one, or one that unpacks to more than it
            may or, in a member of more than 1 MB, to more than 200 times its size.
    """
    with foreign(f"{name}: a broken file, its ZIP archive cannot be opened", "get it again"):
        archive = zipfile.ZipFile(io.BytesIO(data))
    bounds = Bounds(name, limits)
    for info in archive.infolist():
        if info.flag_bits & 1:
            raise InputError(f"{name}: an encrypted file; save it without a password")
        steep = info.file_size > _SMALL and info.file_size > _STEEPEST * info.compress_size
        if steep:
            raise InputError(f"{name}: unpacks to far more than a report does (a ZIP bomb?); it was not read")
        bounds.spend("unpacked", info.file_size)
    return archive


def member(archive: zipfile.ZipFile, path: str, name: str) -> bytes:
    """Read a member of an archive.

    Args:
        archive: from `open_archive`, which has bounded the size that the member declares; `zipfile`
            reads no more than that.
        path: of the member in the archive.
        name: what the errors call the file.

    Returns:
        Its bytes.

    Raises:
        InputError: there is no such member, or it is broken.
    """
    if path not in archive.NameToInfo:
        raise InputError(f"{name}: a broken file, {path} is missing in it; get it again")
    with foreign(f"{name}: a broken file, {path} in it cannot be unpacked", "get it again"):
        return archive.read(path)
