"""A corpus of reports with their truth: ``python -m tests.writers.corpus OUT --count N [--seed S] [--only PREFIX]``.

Writes NNN.EXT, NNN.truth.json and INDEX.csv. Needs Chromium and LibreOffice for some layouts, which
are left out where the programs are missing.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

from tests.writers import ofd, pdf, plaintext, programs, scan, sheet, web, word
from tests.writers.engine import Style
from tests.writers.surface import FONT_FILES
from tests.writers.truth import Kind, Truth, Value, random_truth

Maker = Callable[[Truth, random.Random], bytes]
HYBRIDS = ({"t2": "2021", "t3": "2019", "t4": "2021"}, {"t2": "2019", "t3": "2021", "t4": "2021"})


def makers() -> dict[str, tuple[str, Maker]]:
    """Layout name → (file ending, maker)."""
    endings = {"tabs": "txt", "spaces": "txt", "pipes": "md", "markdown": "md", "filled": "txt", "parted": "txt"}
    found: dict[str, tuple[str, Maker]] = {f"pdf.{name}": ("pdf", _pdf(name)) for name in (*pdf.LAYOUTS, "mixed")}
    found |= {f"pdf.unicode_{how}": ("pdf", _pdf("pages", how)) for how in ("shuffled", "digits", "missing")}
    found |= {f"html.{name}": ("html", _plain(web.write, name)) for name in web.FAMILIES}
    found |= {f"docx.{name}": ("docx", _plain(word.write, name)) for name in word.VARIANTS}
    found |= {f"xlsx.{name}": ("xlsx", _plain(sheet.write, name)) for name in ("one", "many", "text")}
    found |= {f"text.{name}": (ending, _plain(plaintext.write, name)) for name, ending in endings.items()}
    found["ofd.ruled"] = ("ofd", lambda t, r: ofd.write(t, seed=_seed(r)))
    found["ofd.cut"] = ("ofd", lambda t, r: ofd.write(t, Style(cut=True, stretch=1.7, size=12), _seed(r)))
    return found | _printed() | _office() | _scanned()


def _pdf(name: str, unicode: str = "good") -> Maker:
    fonts = _fonts() if unicode != "good" else [*_fonts(), "song"]
    return lambda t, r: pdf.write(t, name, _seed(r), r.choice(fonts), unicode)


def _plain(write: Callable[[Truth, str, int], bytes], name: str) -> Maker:
    return lambda t, r: write(t, name, _seed(r))


def _fonts() -> list[str]:
    return [name for name, path in FONT_FILES.items() if Path(path).exists()] or ["song"]


def _seed(rng: random.Random) -> int:
    return rng.randint(1, 10**6)


def _printed() -> dict[str, tuple[str, Maker]]:
    if not programs.has("chromium"):
        return {}
    families = ("styled", "styled", "styled", "styled", "trs", "word", "ucap", "plain")

    def page(name: str) -> Maker:
        return lambda t, r: programs.printed(web.write(t, name, _seed(r)))

    return {f"browser.{number}_{name}": ("pdf", page(name)) for number, name in enumerate(families)}


def _office() -> dict[str, tuple[str, Maker]]:
    if not programs.has("soffice"):
        return {}
    found: dict[str, tuple[str, Maker]] = {}

    def exported(variant: str, target: str) -> Maker:
        def make(truth: Truth, rng: random.Random) -> bytes:
            font, margin = rng.choice(word.FONTS), rng.choice((15, 20, 25, 32))
            return programs.converted(word.write(truth, variant, _seed(rng), font, margin), "docx", target)

        return make

    for number, variant in enumerate(("plain", "plain", "plain", "upright", "upright", "landscape", "numbered")):
        found[f"office.{number}_{variant}"] = ("pdf", exported(variant, "pdf"))
    for target in ("doc", "rtf", "odt"):
        found[f"office.{target}"] = (target, exported("plain", target))
    found["office.xls"] = ("xls", lambda t, r: programs.converted(sheet.write(t, "one", _seed(r)), "xlsx", "xls"))
    return found


def _scanned() -> dict[str, tuple[str, Maker]]:
    layouts = ("ruled", "pages", "cut", "ruled_filled", "repeated_head", "upright", "seal", "note")
    fonts = _fonts()

    def scanned(device: str, layout: str) -> Maker:
        return lambda t, r: scan.scan(pdf.write(t, layout, _seed(r), r.choice(fonts)), device, _seed(r))

    return {
        f"scan.{device}": ("pdf", scanned(device, layout))
        for device, layout in zip(scan.SCANNERS, layouts, strict=True)
    }


def plain_value(value: Value) -> object:
    """A figure as truth files write it: money with its zeros as a string."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() and "." not in f"{value}" else f"{value}"
    return value


def facts(truth: Truth, layout: str, path: str) -> dict[str, object]:
    """The contents of a truth file."""
    return {
        "unit": truth.unit,
        "unit_short": truth.unit_short,
        "year": truth.year,
        "format": truth.editions["t2"],
        "editions": dict(truth.editions),
        "title": truth.title,
        "signed_date": truth.issued_on.isoformat(),
        "signer": truth.signed_by,
        "sections": {f"{number}": text for number, text in truth.sections.items()},
        "cells": {key: plain_value(value) for key, value in truth.cells.items()},
        "raw": dict(truth.printed),
        "layout": layout,
        "path": path,
    }


def truths(count: int, seed: int) -> Iterator[Truth]:
    """Reports of every kind, edition and size in turn."""
    for number in range(count):
        rng = random.Random(seed * 1_000_003 + number)
        kind: Kind = "town" if rng.random() < 0.7 else "department"
        edition = "2019" if rng.random() < 0.15 else "2021"
        hybrid = rng.choice(HYBRIDS) if rng.random() < 0.08 else None
        odd = rng.choice((0.0, 0.0, 0.0, 0.03, 0.15))
        yield random_truth(rng.randint(1, 10**9), edition, kind, odd=odd, editions=hybrid)


def main() -> None:
    """Write the corpus."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--count", type=int, default=0, help="number of files (default: one of each layout)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="only layouts whose name begins so")
    chosen = parser.parse_args()
    chosen.out.mkdir(parents=True, exist_ok=True)
    layouts = [(name, *maker) for name, maker in makers().items() if name.startswith(chosen.only)]
    count = chosen.count or len(layouts)
    with (chosen.out / "INDEX.csv").open("w", encoding="utf-8", newline="") as file:
        index = csv.writer(file)
        index.writerow(("id", "path", "layout", "form", "unit", "year"))
        for number, truth in enumerate(truths(count, chosen.seed)):
            name, ending, make = layouts[number % len(layouts)]
            path = f"{number:03d}.{ending}"
            (chosen.out / path).write_bytes(make(truth, random.Random(chosen.seed * 7 + number)))
            document = json.dumps(facts(truth, name, path), ensure_ascii=False, indent=1)
            (chosen.out / f"{number:03d}.truth.json").write_text(document, "utf-8")
            index.writerow(
                (f"{number:03d}", path, name, "/".join(truth.editions.values()), truth.unit, truth.year)
            )
            file.flush()


if __name__ == "__main__":
    main()
