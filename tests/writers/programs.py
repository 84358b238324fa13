"""Conversions through programs of the machine: Chromium prints HTML, LibreOffice exports documents."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

CHROMIUM = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-pdf-header-footer",
    "--virtual-time-budget=2000",
)


def has(program: str) -> bool:
    """Whether a program is on the machine."""
    return shutil.which(program) is not None


def printed(page: bytes, *flags: str) -> bytes:
    """The PDF a browser makes of an HTML page; ``flags`` are more of its command line."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "page.html"), Path(folder, "page.pdf")
        source.write_bytes(page)
        command = ["chromium", *CHROMIUM, *flags, f"--user-data-dir={folder}/profile", f"--print-to-pdf={target}"]
        subprocess.run([*command, source.as_uri()], check=True, capture_output=True, timeout=90)
        return target.read_bytes()


def converted(data: bytes, ending: str, target: str) -> bytes:
    """A document exported by LibreOffice as ``target`` (pdf, doc, rtf, xls, odt …)."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, f"report.{ending}")
        source.write_bytes(data)
        command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--norestore"]
        subprocess.run(
            [*command, "--convert-to", target, "--outdir", folder, str(source)],
            check=True,
            capture_output=True,
            timeout=120,
        )
        return Path(folder, f"report.{target.split(':')[0]}").read_bytes()
