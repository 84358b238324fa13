"""Word documents as PDF by LibreOffice, when it is on the machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from gongkai_etl.errors import PublishError


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
            # SOURCE_DATE_EPOCH fixes the dates inside the PDF.
            environment = {**os.environ, "SOURCE_DATE_EPOCH": str(int(moment.timestamp()))}
            subprocess.run(
                [*command, "--convert-to", to, "--outdir", str(folder), *names],
                check=False,
                capture_output=True,
                timeout=timeout,
                env=environment,
            )
    made = [document.with_suffix(f".{to}") for document in documents]
    missing = [path.name for path in made if not path.is_file()]
    if missing:
        raise PublishError(
            "PUBLISH-PDF", f"LibreOffice 没有生成 {'、'.join(missing)}，请检查 LibreOffice 是否可用。"
        )
    return made
