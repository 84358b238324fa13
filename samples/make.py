"""Writes the sample county: ``python -m samples.make [--programs]``.

Without ``--programs`` only what Python alone makes is written, always to the same bytes. The PDFs of a
word processor, of a browser and of a scanner are kept in the repository; ``--programs`` makes them
anew with LibreOffice and Chromium.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import random
import re
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

from gongkai_etl.form import edition
from samples.county import YEARS, Handed, handed_in, offices, plan
from tests.writers import plaintext, sheet, web, word

ROOT = Path(__file__).parent
WITH_PROGRAMS = ("word", "browser", "scan")
FONT = "AR PL UMing CN"


def made(handed: Handed) -> bytes:
    """The file of a report that Python alone can make. Raises KeyError for the others."""
    seed = int(handed.code) + handed.year
    truth = handed.truth
    if handed.how == "docx":
        return word.write(truth, ("plain", "numbered", "upright")[seed % 3], seed, "宋体")
    if handed.how == "html":
        return web.write(truth, ("plain", "trs", "word", "ucap")[seed % 4], seed)
    return {
        "xlsx": lambda: sheet.write(truth, "one", seed),
        "text": lambda: plaintext.write(truth, "tabs", seed),
        "markdown": lambda: plaintext.write(truth, "pipes", seed),
    }[handed.how]()


def with_programs(handed: Handed) -> bytes:
    """The file of a report that a program of the machine makes."""
    from tests.writers import programs

    seed = int(handed.code) + handed.year
    if handed.how == "browser":
        # No bold: a browser would embed every bold glyph as a drawing of its own, ten times the size.
        page = re.sub(r"'Noto \w+ CJK SC'", f"'{FONT}'", web.write(handed.truth, "styled", seed).decode())
        page = page.replace("</style>", "h1,h2{font-weight:normal}</style>")
        return programs.printed(page.encode(), "--disable-pdf-tagging")
    font = "Noto Serif CJK SC" if handed.how == "scan" else FONT
    paper = programs.converted(word.write(handed.truth, ("plain", "upright")[seed % 2], seed, font), "docx", "pdf")
    if handed.damaged:
        return paper[: len(paper) // 2]
    return paper if handed.how == "word" else _scanned(paper, seed)


def _scanned(paper: bytes, seed: int) -> bytes:
    """Black and white at 200 dpi, a little askew: what an office scanner sends."""
    import pypdfium2
    from PIL import Image

    pages = []
    for number, page in enumerate(pypdfium2.PdfDocument(paper)):
        grey = page.render(scale=200 / 72).to_pil().convert("L")
        angle = random.Random(seed + number).uniform(-0.8, 0.8)  # noqa: S311
        turned = grey.rotate(angle, Image.Resampling.BICUBIC, fillcolor=255)
        pages.append(turned.point(lambda level: 255 if level > 150 else 0).convert("1"))
    out = io.BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=200)
    return out.getvalue()


def roster() -> bytes:
    """``units.csv``: the county and its 24 units."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    names = (
        "code",
        "name",
        "kind",
        "aliases",
        "parent",
        "valid_from",
        "valid_to",
        "change_reason",
        "email",
        "source",
    )
    table.writerow((*names, "due"))
    county = plan()["county"]
    table.writerow((county["code"], county["name"], "县", "", "", "", "", "", "", "", "03-31"))
    for office in offices():
        aliases = "、".join((*office.aliases, county["name"] + office.name))
        mail = f"office{office.code}@yunxiu.example"
        table.writerow(
            (office.code, office.name, office.kind, aliases, county["code"], "", "", "", mail, "", "01-31")
        )
    return out.getvalue().encode()


def received(files: Iterable[Handed]) -> bytes:
    """``received.csv``: when each file arrived."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(("path", "received_at"))
    table.writerows((handed.path, handed.received.isoformat()) for handed in files)
    return out.getvalue().encode()


def expected(files: Iterable[Handed]) -> bytes:
    """``expected.json``: what must come out of each file, where each unit stands, and the county's totals."""
    files = list(files)
    years = {f"{year}": _year([handed for handed in files if handed.year == year]) for year in YEARS}
    return (json.dumps(years, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _year(files: list[Handed]) -> dict[str, object]:
    current = {handed.code: handed for handed in files}
    units: dict[str, object] = {}
    for office in offices():
        last = current.get(office.code)
        units[office.code] = {
            "name": office.name,
            "state": _state(last),
            "late": last is not None and (last.received.month, last.received.day) > (1, 31),
            "versions": sum(handed.code == office.code for handed in files),
            "files": [_file(handed) for handed in files if handed.code == office.code],
        }
    counted = [handed.truth for handed in current.values() if not handed.damaged]
    totals = {}
    names = edition("2021").keys()
    for key in names:
        figures = [value for truth in counted if isinstance(value := truth.cells[key], int | Decimal)]
        total = sum(figures, Decimal(0))
        totals[key] = {"total": f"{total:f}" if key == "t2.fees.amount" else int(total), "units": len(figures)}
    missing = [office.name for office in offices() if office.code not in current or current[office.code].damaged]
    return {"units": units, "totals": totals, "missing": missing}


def _file(handed: Handed) -> dict[str, object]:
    found = [
        {"rule": rule, "severity": severity, "cells": list(cells)} for rule, severity, cells in handed.findings
    ]
    return {"path": handed.path, "version": handed.version, "findings": found}


def _state(last: Handed | None) -> str:
    """The state by the checks alone: lateness and approval come on top."""
    if last is None:
        return "未报送"
    if last.damaged or last.how == "scan":  # figures of table 二 on a scan have nothing to prove them
        return "读取有疑"
    severities = {severity for _, severity, _ in last.findings}
    if "error" in severities:
        return "有错误"
    return "有提示" if "warning" in severities else "已通过"


def write(root: Path, programs: bool = False) -> list[Path]:
    """Write everything under ``root``; gives the files written."""
    files = handed_in()
    parts = {"units.csv": roster(), "received.csv": received(files), "expected.json": expected(files)}
    for handed in files:
        if handed.how not in WITH_PROGRAMS:
            parts[f"reports/{handed.path}"] = made(handed)
        elif programs:
            parts[f"reports/{handed.path}"] = with_programs(handed)
    for name, data in parts.items():
        target = root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    return [root / name for name in parts]


def main() -> None:
    """Write the samples into this folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--programs", action="store_true", help="make the PDFs anew, too")
    print(f"{len(write(ROOT, parser.parse_args().programs))} files written")  # noqa: T201


if __name__ == "__main__":
    main()
