"""The errors this library raises on purpose; everything else is a bug."""

__all__ = ["DataFileError", "InputError", "MissingExtraError", "UsageError", "ZhreportError"]


class ZhreportError(Exception):
    """Base of every error raised on purpose."""


class InputError(ZhreportError):
    """A file or text that cannot be read; the message names it and the remedy."""


class DataFileError(ZhreportError):
    """A vocabulary file with a bad entry; the message names the file and the entry."""


class UsageError(ZhreportError, ValueError):
    """An argument out of its range or options that contradict each other."""


class MissingExtraError(ZhreportError, ImportError):
    """An optional dependency is not installed; the message names the install command."""
