"""Old Word, WPS and RTF files through LibreOffice, when it is on the machine: converted to .docx, then read natively."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from gongkai_etl.errors import ReadError
from gongkai_etl.model import Document
from gongkai_etl.read.progress import step
from gongkai_etl.settings import settings

_RESTART = (79, 81)
"""LibreOffice ends with these when it has prepared a new profile and wants to be started again."""
_PART_OF_TIME = 0.8
_PART_OF_MEMORY = 0.7
_PLACES = (
    "/usr/lib/libreoffice/program",
    "/usr/lib64/libreoffice/program",
    "/opt/libreoffice/program",
    "/Applications/LibreOffice.app/Contents/MacOS",
)
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop>
<prop oor:name="DisableActiveContent" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings">
<prop oor:name="ooInetProxyType" oor:op="fuse"><value>2</value></prop>
<prop oor:name="ooInetHTTPProxyName" oor:op="fuse"><value>127.0.0.1</value></prop>
<prop oor:name="ooInetHTTPProxyPort" oor:op="fuse"><value>9</value></prop>
<prop oor:name="ooInetHTTPSProxyName" oor:op="fuse"><value>127.0.0.1</value></prop>
<prop oor:name="ooInetHTTPSProxyPort" oor:op="fuse"><value>9</value></prop></item>
</oor:items>
"""
"""No macros, no active content, and a proxy that refuses everything: a document must not call out."""


def program() -> Path | None:
    """LibreOffice's own program (not the script around it, which would outlive being killed), or None."""
    chosen = settings().read_office
    found = shutil.which("soffice") or shutil.which("libreoffice")
    folders = [Path(os.path.realpath(found)).parent] if found else []
    for folder in [*([chosen] if chosen else []), *folders, *map(Path, _PLACES)]:
        for place in (folder, folder / "soffice.bin", folder / "soffice"):
            if place.is_file():
                return place
    return None


def read(data: bytes, name: str) -> Document:
    """Raises ReadError ``READ-OFFICE-MISSING``, ``READ-OFFICE-FAILED``, ``READ-TIMEOUT``, and those of .docx."""
    from gongkai_etl.read import docx

    office = program()
    if office is None:
        raise ReadError(
            "READ-OFFICE-MISSING",
            f"{name}：读取 .doc、.wps、.rtf 需要 LibreOffice，本机没有找到。"
            "请安装 LibreOffice（Debian、Ubuntu：apt-get install libreoffice-writer），"
            "或让报送单位另存为 .docx 后报送。",
        )
    with tempfile.TemporaryDirectory(prefix="gongkai-office-") as folder:
        converted = _converted(office, data, Path(folder), name)
    return replace(docx.read(converted, name), format="office")


def _converted(office: Path, data: bytes, folder: Path, name: str) -> bytes:
    source = folder / f"in{_ending(data)}"
    source.write_bytes(data)
    profile = folder / "profile" / "user"
    profile.mkdir(parents=True)
    (profile / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
    command = [
        str(office),
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--headless",
        "--norestore",
        "--nologo",
        "--convert-to",
        "docx:MS Word 2007 XML",
        "--outdir",
        str(folder / "out"),
        str(source),
    ]
    seconds = min(settings().read_timeout_s, settings().read_step_s) * _PART_OF_TIME
    code = _run(command, folder, seconds, name)
    if code in _RESTART:
        step()
        code = _run(command, folder, seconds, name)
    try:
        return (folder / "out" / "in.docx").read_bytes()
    except OSError as error:
        raise ReadError(
            "READ-OFFICE-FAILED",
            f"{name}：LibreOffice 打不开这个文件（退出码 {code}），文件可能已损坏。请让报送单位另存为 .docx 后报送。",
        ) from error


def _run(command: list[str], folder: Path, seconds: float, name: str) -> int:
    environment = {**os.environ, "HOME": str(folder), "TMPDIR": str(folder), "SAL_USE_VCLPLUGIN": "svp"}
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env=environment,
        start_new_session=True,
        preexec_fn=_confined if sys.platform == "linux" else None,
    )
    try:
        return process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        raise ReadError(
            "READ-TIMEOUT",
            f"{name}：LibreOffice 转换超过 {seconds:g} 秒，已停止。请让报送单位另存为 .docx 后报送。",
        ) from None
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """The program and whatever it started."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        process.kill()
    process.wait()


def _confined() -> None:
    """In the new process: it ends with its parent, and both together keep within the memory of one."""
    import ctypes
    import resource

    ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = int(settings().read_memory_mb * _PART_OF_MEMORY) << 20
    most = wanted if hard < 0 else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def _ending(data: bytes) -> str:
    """A name that lets LibreOffice choose the right filter."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return ".doc"
    if data.startswith(b"PK"):
        return ".odt"
    return ".xml" if data.lstrip()[:5] == b"<?xml" else ".rtf"
