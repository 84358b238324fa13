"""The January run: a county of 60 from five web sites through Airflow's scheduler into the warehouse.

Promises: at most 60 seconds on two cores, from the trigger to the end of the run. The sites stand on this
machine and are asked with a pause of a tenth of a second; what a real site takes comes on top.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.collect.site import YEAR, prepared, serve
from tests.live import Live, live

MOST_S = 60.0


def run() -> Iterator[str]:
    """Lines for people."""
    with (
        tempfile.TemporaryDirectory(prefix="gongkai-january-") as folder,
        serve() as site,
        live(prepared(site, Path(folder), 0.1)) as stack,
    ):
        stack.pause("gongkai_inbox")
        stack.parsed("gongkai_collect")
        for words in ("第一次", "第二次（没有新文件）"):
            yield f"{words}：{_once(stack)}，共访问网页{len(site.log)}次"


def _once(stack: Live) -> str:
    begun = time.monotonic()
    run_id = stack.trigger("gongkai_collect", {"year": YEAR})
    ended = stack.finish("gongkai_collect", run_id)
    seconds = time.monotonic() - begun
    mark = "" if seconds <= MOST_S else f"，超过{MOST_S:.0f}秒"
    return f"{ended}，{seconds:.0f}秒{mark}"
