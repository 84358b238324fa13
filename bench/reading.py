"""How fast files are read, beside pdfplumber's extract_tables on the same files in the same run.

``python -m bench reading``: digital PDFs that the bench makes itself, then the other formats, a scan, and the
memory of many reports in one process (GONGKAI_BENCH_READS, 300; the promise is for 10,000).
Promises: a PDF report of four pages within 25 ms of processor time and at least 7 times as fast as
pdfplumber; DOCX, HTML and XLSX within 50 ms; a scanned page within 5 s on two cores. They are made for a machine
on which pdfplumber takes 171 ms a report; milliseconds are judged as they would be there.
"""

from __future__ import annotations

import gc
import io
import os
import random
import resource
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from gongkai_etl.pipeline import read_report
from tests.writers.corpus import makers
from tests.writers.truth import Truth, random_truth

LAYOUTS = ("pdf.ruled", "pdf.ruled_filled", "pdf.pages", "pdf.cut_open", "pdf.watermark")
OTHERS = ("docx.", "html.", "xlsx.", "ofd.")
PDF_LIMIT, TIMES, OTHER_LIMIT, PAGE_LIMIT = 25.0, 7.0, 50.0, 5.0
REFERENCE = 171.0
_TRUTHS = 4
_ROUNDS = 15


def run() -> Iterator[str]:
    """Lines for people."""
    made = makers()
    truth = random_truth(7)
    yield "格式                     页  每份毫秒  pdfplumber毫秒    倍数"
    ours: list[float] = []
    theirs: list[float] = []
    for name in LAYOUTS:
        data = _make(made, name, truth)
        mine, other = _together(partial(read_report, data, "a.pdf"), partial(_plumber, data))
        ours.append(mine)
        theirs.append(other)
        yield f"{name:<22} {_pages(data):>4} {mine:>9.1f} {other:>15.1f} {other / mine:>7.1f}"
    mine, other = sum(ours) / len(ours), sum(theirs) / len(theirs)
    scale = REFERENCE / other
    mark = "" if mine * scale <= PDF_LIMIT and other / mine >= TIMES else "  未达到"
    yield f"{'PDF平均':<20} {mine:>13.1f} {other:>15.1f} {other / mine:>7.1f}{mark}"
    yield f"折算到 pdfplumber 每份{REFERENCE:.0f}毫秒的机器：每份 {mine * scale:.1f} 毫秒"
    for family in OTHERS:
        name = min(name for name in made if name.startswith(family))
        data = _make(made, name, truth)
        took = _best(partial(read_report, data, f"a.{made[name][0]}"))
        mark = "" if took * scale <= OTHER_LIMIT else "  未达到"
        yield f"{name:<22} {'':>4} {took:>9.1f}（折算 {took * scale:.1f}）{mark}"
    yield from _memory([_make(made, name, random_truth(seed)) for name in LAYOUTS for seed in range(_TRUTHS)])
    yield from _scanned(made, truth)


def _make(made: dict[str, tuple[str, Callable[[Truth, random.Random], bytes]]], name: str, truth: Truth) -> bytes:
    return made[name][1](truth, random.Random(3))  # noqa: S311


def _pages(data: bytes) -> int:
    import pypdfium2

    return len(pypdfium2.PdfDocument(data))


def _plumber(data: bytes) -> object:
    import pdfplumber

    with pdfplumber.open(io.BytesIO(data)) as pdf:
        return [page.extract_tables() for page in pdf.pages]


def _clock(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return (time.process_time() - begun) * 1000


def _best(work: Callable[[], object]) -> float:
    """Median milliseconds of processor time, warmed up."""
    work()
    return sorted(_clock(work) for _ in range(_ROUNDS))[_ROUNDS // 2]


def _together(mine: Callable[[], object], other: Callable[[], object]) -> tuple[float, float]:
    """Medians of both, taken in turn, so that a busy machine slows both alike."""
    mine()
    other()
    pairs = [(_clock(mine), _clock(other)) for _ in range(_ROUNDS)]
    return sorted(a for a, _ in pairs)[_ROUNDS // 2], sorted(b for _, b in pairs)[_ROUNDS // 2]


def _scanned(made: dict[str, tuple[str, Callable[[Truth, random.Random], bytes]]], truth: Truth) -> Iterator[str]:
    if "scan.skewed" not in made:
        yield "扫描件：没有安装识别组件（ocr），未测"
        return
    data = _make(made, "scan.skewed", truth)
    read_report(data, "a.pdf")
    wall, work, pages = time.perf_counter(), time.process_time(), _pages(data)
    read_report(data, "a.pdf")
    wall, work = (time.perf_counter() - wall) / pages, (time.process_time() - work) / pages
    mark = "" if work / 2 <= PAGE_LIMIT else "  未达到"
    yield f"扫描件：每页 {wall:.1f} 秒（处理器 {work:.1f} 秒，双核计 {work / 2:.1f} 秒）{mark}"


def _memory(files: list[bytes]) -> Iterator[str]:
    count = int(os.environ.get("GONGKAI_BENCH_READS", "300"))
    parts = 4
    for part in range(parts):
        begun = time.process_time()
        for number in range(count // parts):
            read_report(files[number % len(files)], "a.pdf")
        gc.collect()
        each = (time.process_time() - begun) * 1000 / max(count // parts, 1)
        yield f"同一进程第{(part + 1) * count // parts}份：内存 {_resident():.0f} MiB，每份 {each:.1f} 毫秒"


def _resident() -> float:
    status = Path("/proc/self/statm")
    if status.exists():
        return int(status.read_text().split()[1]) * resource.getpagesize() / 2**20
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
