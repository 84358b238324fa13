"""What tasks say of their work: Chinese lines in the task's log, and progress for a waiting command line."""

from __future__ import annotations

import logging
import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gongkai_etl.steps.collecting import Taken
    from gongkai_etl.steps.stores import Stores

PROGRESS = "GONGKAI_PROGRESS"
"""Environment variable: a file to which each step adds a line."""

log = logging.getLogger("gongkai")


def tell(line: str) -> None:
    """One line for people, in the log and for whoever waits."""
    log.info(line)
    if path := os.environ.get(PROGRESS):
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")


def tell_taken(label: str, taken: Sequence[Taken]) -> None:
    """What became of a unit's files."""
    if not taken:
        tell(f"{label}：还没有收到文件")
    for file in taken:
        if file.error:
            tell(f"{label}：{file.file}：{file.error}")
        else:
            tell(f"{label}：{file.file}：{'已读取过' if file.known else '已读取'}")


def tell_year(stores: Stores, year: int) -> None:
    """How many units are in which state."""
    states = Counter(row.state for row in stores.warehouse.progress(year))
    tell(f"{year}年度：" + "，".join(f"{state}{count}个" for state, count in states.most_common()))
