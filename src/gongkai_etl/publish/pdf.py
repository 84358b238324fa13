"""Word documents as PDF by LibreOffice, when it is on the machine."""

from __future__ import annotations

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


def convert(documents: Sequence[Path], moment: datetime, to: str = "pdf", timeout: float = 300) -> list[Path]:
    """Convert all documents in one run, each beside its source. Raises PublishError when one is missing after.

    ``moment`` stands in the PDF as its date. The program gets a profile of its own, so that it neither
    meets an office that is open on the machine nor leaves anything behind.
    """
    if not documents:
        return []
    with tempfile.TemporaryDirectory(prefix="gongkai-office-") as profile:
        for folder in sorted({document.parent for document in documents}):
            names = [str(document) for document in documents if document.parent == folder]
            command = ["soffice", f"-env:UserInstallation={Path(profile).as_uri()}", "--headless", "--norestore"]
            subprocess.run(
                [*command, "--convert-to", to, "--outdir", str(folder), *names],
                check=False,
                capture_output=True,
                timeout=timeout,
            )
    made = [document.with_suffix(f".{to}") for document in documents]
    missing = [path.name for path in made if not path.is_file()]
    if missing:
        raise PublishError(
            "PUBLISH-PDF", f"LibreOffice 没有生成 {'、'.join(missing)}，请检查 LibreOffice 是否可用。"
        )
    if to == "pdf":
        for path in made:
            path.write_bytes(fixed(path.read_bytes(), moment))
    return made


def fixed(pdf: bytes, moment: datetime) -> bytes:
    """The same PDF with ``moment`` as its date and an identifier made of its content, at equal length."""
    stamp = moment.strftime("%Y%m%d%H%M%SZ").encode()
    pdf = re.sub(rb"(/CreationDate\(D:)\d{14}Z", rb"\g<1>" + stamp, pdf)
    blank = re.sub(_IDENTIFIER, rb"\g<1>" + b"0" * 32, pdf)
    name = hashlib.md5(blank, usedforsecurity=False).hexdigest().upper().encode()
    return re.sub(_IDENTIFIER, rb"\g<1>" + name, pdf)
