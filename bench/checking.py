"""How fast a batch is checked, and with how much memory (``python -m bench.checking [COUNT]`` for one size)."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from bench.reports import report, units
from gongkai_etl.check import CheckItem, check

TODAY = date(2026, 11, 1)
LIMITS = {60: 3.0, 20_000: 60.0}
"""Reports → seconds that the check may take, without the import of Great Expectations."""
MOST_MIB = 2048
"""What the process may need in all, reports included."""


_SENTENCES = (
    "围绕群众关心的事项更新公开目录，政策文件和办事指南按时上网。",
    "坚持先审查后公开，经办人、站所负责人和分管领导逐级把关。",
    "便民服务中心设有查阅点，公示栏按月更换内容，方便群众就近查询。",
    "把信息公开纳入年度考核，对报送不及时的站所当面提醒。",
)
"""About as long and as many as in a town's report: forty sentences, 1,200 characters."""


def items(count: int) -> list[CheckItem]:
    """Reports of ``count`` towns, each with the figures of one of a few hundred and words of its own."""
    made = []
    for at, unit in enumerate(units(count)[1:]):
        base = report(unit, 2025, at % 400)
        received, done = base.number("t3.received.total"), base.number("t3.processed_total.total")
        told = f"2025年，我镇收到政府信息公开申请{received}件，办结{done}件。通过网站公开信息{at}条，开展培训2次。"
        parts = [f"（一）主动公开情况。第{at}号清单已公开。", f"（二）依申请公开情况。{told}", *_SENTENCES * 7]
        sections = {
            "0": f"{unit.name}编制本报告，统计期限自2025年1月1日起至2025年12月31日止。",
            "1": "\n".join(parts), "2": "", "3": "", "4": "",
            "5": f"主要问题是第{at}号清单更新偏慢。" + "".join(_SENTENCES[:2]) + "下一步将加强培训。",
            "6": "本年度未收取信息处理费。",
        }  # fmt: skip
        made.append(CheckItem(replace(base, sections=sections), unit.name, unit, 2025))
    return made


def measure(count: int) -> tuple[str, bool]:
    """One line with seconds and MiB, and whether it was within the limit."""
    given = items(count)
    check(given[:1], today=TODAY)
    wall, work = time.perf_counter(), time.process_time()
    result = check(given, today=TODAY)
    wall, work = time.perf_counter() - wall, time.process_time() - work
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    found = sum(map(len, result.findings))
    line = f"核对{count}份：{wall:.1f}秒（处理器{work:.1f}秒），内存{most:.0f} MiB，发现{found}项"
    return line, work <= LIMITS.get(count, float("inf")) and most <= MOST_MIB


def run() -> Iterator[str]:
    """The sizes that have a limit, smallest first."""
    for count, limit in sorted(LIMITS.items()):
        line, kept = measure(count)
        yield f"{line}；限{limit:.0f}秒、{MOST_MIB} MiB，{'合格' if kept else '超出'}"


def main(count: int) -> None:
    """Print one measurement; exit status 1 when it is beyond its limit."""
    line, kept = measure(count)
    sys.stdout.write(f"{line}\n")
    if not kept:
        sys.exit(1)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 60)
