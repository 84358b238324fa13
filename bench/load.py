"""Bulk load of the warehouse and the queries of dashboards.

Promises: at least 200 reports a second; dashboard queries within 200 ms on 5 years of 500 units and
within 2 s on GONGKAI_BENCH_REPORTS (20,000) reports in all.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.reports import county, units
from gongkai_etl.local.stack import Stack
from gongkai_etl.store.rows import Entry
from gongkai_etl.store.warehouse import Warehouse

SMALL = 500
YEARS = range(2021, 2026)

QUERIES = {
    "进度": "SELECT * FROM publish.progress WHERE year = 2025",
    "县级合计": "SELECT * FROM publish.county_totals",
    "指标（全县）": "SELECT * FROM publish.indicators WHERE scope = 'county'",
    "表三宽表一年": "SELECT * FROM publish.applications_wide WHERE year = 2025",
    "年度衔接不符": "SELECT * FROM publish.year_chain WHERE year = 2025 AND NOT holds",
    "按情形求和一年": (
        "SELECT row_key, sum(value) FROM publish.applications "
        "WHERE year = 2025 AND applicant_key = 'total' GROUP BY row_key"
    ),
    "一个单位历年": "SELECT * FROM publish.cells WHERE unit_code = '000007' AND key = 't3.received.total'",
}


def run() -> Iterator[str]:
    """Lines for people."""
    with tempfile.TemporaryDirectory(prefix="gongkai-bench-") as folder:
        # A server that drops root's rights must be able to enter.
        Path(folder).chmod(0o755)
        stack = Stack(Path(folder) / "home")
        stack.start(bound=True)
        try:
            warehouse = Warehouse.at(stack.connections().database_url)
            yield from _measure(warehouse, SMALL, 0.2)
            total = int(os.environ.get("GONGKAI_BENCH_REPORTS", "20000"))
            yield from _measure(warehouse, total // len(YEARS), 2.0)
            warehouse.close()
        finally:
            stack.stop()


def _measure(warehouse: Warehouse, count: int, most: float) -> Iterator[str]:
    warehouse.save_units(units(count))
    for year in YEARS:
        warehouse.open_year(year)
    begun, made = time.perf_counter(), 0.0
    loaded = 0
    for year in YEARS:
        at = time.perf_counter()
        entries = [
            Entry(sent, report, f"reports/{sent.sha256}.json", (), (), (), "bench")
            for sent, report in county(count, range(year, year + 1))
        ]
        made += time.perf_counter() - at
        loaded += warehouse.load(entries, chunk=200).reports
    took = time.perf_counter() - begun - made
    yield f"{count}个单位×{len(YEARS)}年：新入库{loaded}份，{loaded / took:.0f} 份/秒"
    begun = time.perf_counter()
    for year in YEARS:
        warehouse.approve_release(year, "bench")
    yield f"  发布{len(YEARS)}年：{time.perf_counter() - begun:.1f} 秒"
    warehouse.query("SELECT 1 AS warm")
    for name, sql in QUERIES.items():
        begun = time.perf_counter()
        rows = warehouse.query(sql)
        seconds = time.perf_counter() - begun
        mark = "" if seconds <= most else f"  超过 {most * 1000:.0f} 毫秒"
        yield f"  {name}：{len(rows)}行，{seconds * 1000:.0f} 毫秒{mark}"
