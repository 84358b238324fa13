"""Word documents as PDF by LibreOffice, when it is on the machine."""

from __future__ import annotations

import contextlib
import hashlib
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from gongkai_etl.errors import PublishError

_IDENTIFIER = rb"(/DocChecksum /|<)[0-9A-F]{32}(?=[>\n])"


def available() -> bool:
    """Whether LibreOffice is on the machine."""
    return shutil.which("soffice") is not None


def convert(
    documents: Sequence[Path], moment: datetime, to: str = "pdf", out: Path | None = None, timeout: float = 300
) -> list[Path]:
    """Convert all documents in one run, each beside its source or into ``out``.

    ``moment`` stands in the PDF as its date. The program gets a profile of its own, so that it neither
    meets an office that is open on the machine nor leaves anything behind. Raises PublishError when one
    is missing afterwards, or when it took longer than ``timeout`` seconds.
    """
    made = [(out or document.parent) / document.with_suffix(f".{to}").name for document in documents]
    for path in made:
        path.unlink(missing_ok=True)
    for folder in sorted({path.parent for path in made}):
        here = [document for document, path in zip(documents, made, strict=True) if path.parent == folder]
        _run(here, folder, to, timeout)
    if missing := [path.name for path in made if not path.is_file()]:
        names = "、".join(missing)
        raise PublishError("PUBLISH-PDF", f"LibreOffice 没有生成 {names}，请检查 LibreOffice 是否可用。")
    if to == "pdf":
        for path in made:
            path.write_bytes(fixed(path.read_bytes(), moment))
    return made


def _run(documents: list[Path], folder: Path, to: str, timeout: float) -> None:
    with (
        tempfile.TemporaryDirectory(prefix="gongkai-office-") as profile,
        contextlib.suppress(subprocess.TimeoutExpired),
    ):
        options = [f"-env:UserInstallation={Path(profile).as_uri()}", "--headless", "--norestore"]
        names = [str(document) for document in documents]
        command = ["soffice", *options, "--convert-to", to, "--outdir", str(folder), *names]
        subprocess.run(command, check=False, capture_output=True, timeout=timeout)


def fixed(pdf: bytes, moment: datetime) -> bytes:
    """The same PDF with ``moment`` as its date and an identifier made of its content, at equal length."""
    stamp = moment.strftime("%Y%m%d%H%M%SZ").encode()
    pdf = re.sub(rb"(/CreationDate\(D:)\d{14}Z", rb"\g<1>" + stamp, pdf)
    blank = re.sub(_IDENTIFIER, rb"\g<1>" + b"0" * 32, pdf)
    name = hashlib.md5(blank, usedforsecurity=False).hexdigest().upper().encode()
    return re.sub(_IDENTIFIER, rb"\g<1>" + name, pdf)
