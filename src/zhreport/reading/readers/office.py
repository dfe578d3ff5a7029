"""Old word-processor files (.doc, .wps, .rtf): LibreOffice makes Word documents of them, which are read."""

import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from zhreport.errors import InputError
from zhreport.reading.readers.bounds import USUAL, Limits
from zhreport.reading.readers.docx import read_docx
from zhreport.reading.readers.extracted import Extracted
from zhreport.stopping import at_stop, later, not_at_stop

__all__ = ["find_soffice", "read_office"]

#: Seconds that the conversion of one file may take; most of a usual one is the start of the program.
LIMIT: Final = 180
#: What the kinds are called in messages, and the filter that LibreOffice reads them with.
_KINDS: Final = {
    "doc": ("an old Word or WPS document (.doc, .wps)", "MS Word 97"),
    "rtf": ("an RTF file", "Rich Text Format"),
}
#: Where installers put the program without telling the shell.
_PLACES: Final = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "/opt/libreoffice/program/soffice",
    r"C:\Program Files\LibreOffice\program\soffice.exe",
)
#: Settings of the profile: no macro runs, nothing that a file links to is fetched.
_SETTINGS: Final = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel"
 oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution"
 oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop
 oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link"
 oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def find_soffice() -> str:
    """The path of LibreOffice's program, "" where it is not installed."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return found or next((place for place in _PLACES if os.path.isfile(place)), "")  # noqa: PTH113


def read_office(data: bytes, name: str, kind: str, limits: Limits = USUAL) -> Extracted:
    """Read an old word-processor file by LibreOffice, without macros and with a profile of its own.

    Args:
        data: the bytes.
        name: what errors call the file.
        kind: `doc` (Word 97 to 2003, and WPS) or `rtf`.
        limits: of the Word document that is made of it.

    Returns:
        Its parts as of a Word document.

    Raises:
        InputError: LibreOffice is not installed, cannot read the file, or takes longer than `LIMIT`.
        MissingExtraError: python-docx is not installed.
    """
    what, filter_ = _KINDS[kind]
    program = find_soffice()
    if not program:
        raise InputError(f"{name}: {what}; install LibreOffice, which is then used, or save it as .docx")
    with tempfile.TemporaryDirectory(prefix="zhreport-", ignore_cleanup_errors=True) as place:
        folder = Path(place)
        source, profile = folder / f"report.{kind}", folder / "profile"
        source.write_bytes(data)
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
        said = _run(
            [
                program,
                f"-env:UserInstallation={profile.as_uri()}",
                "--headless",
                "--norestore",
                "--nologo",
                "--nolockcheck",
                f"--infilter={filter_}",
                "--convert-to",
                "docx:MS Word 2007 XML",
                "--outdir",
                str(folder / "out"),
                str(source),
            ],
            folder,
            f"{name}: {what}, with which LibreOffice was not done in {LIMIT} seconds; save it as .docx",
        )
        try:
            made = (folder / "out" / "report.docx").read_bytes()
        except OSError as error:
            why = f" ({said})" if said else ""
            raise InputError(
                f"{name}: {what} that LibreOffice cannot read{why}; open it in Word or WPS and save it as "
                ".docx"
            ) from error
    return replace(read_docx(made, name, limits), format=kind)


def _run(command: list[str], folder: Path, too_long: str) -> str:
    """Run a program to its end; the last line that it said. At the limit all that it started is killed."""
    with (folder / "said").open("wb") as said:  # no pipe: what it started may hold that open
        with later():
            process = subprocess.Popen(  # noqa: S603 - no shell, and the file's name is ours
                command,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                cwd=folder,
                start_new_session=True,
                # temporary files go where they are removed
                env={**os.environ, "TMPDIR": str(folder), "HOME": str(folder)},
            )
            at_stop(kill := partial(_kill, process))
        try:
            process.wait(LIMIT)
        except BaseException as error:  # also where the run is interrupted
            kill()
            if isinstance(error, subprocess.TimeoutExpired):
                raise InputError(too_long) from error
            raise
        finally:
            not_at_stop(kill)
    lines = (folder / "said").read_text(encoding="utf-8", errors="replace").split("\n")
    return next((line.strip().replace(str(folder) + os.sep, "") for line in lines[::-1] if line.strip()), "")


def _kill(process: "subprocess.Popen[bytes]") -> None:
    """End a process with everything that it started."""
    with suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()
