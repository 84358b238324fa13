"""The sample county put into the inbox, each file as if it had arrived on its day."""

from __future__ import annotations

import csv
import hashlib
from datetime import datetime
from pathlib import Path

from gongkai_etl.errors import CollectError
from gongkai_etl.steps.inbox import RECEIVED
from gongkai_etl.steps.stores import Stores
from gongkai_etl.store import keys

REASON = "样例县演示：有疑问的数据照各单位所报公布，问题见问题清单。"
"""Why the sample county may be published although faults were planted in it."""

_DIGEST = "sha256"


def find(folder: str = "") -> Path:
    """The folder of the samples: named, in the working folder, or in the checkout. Raises CollectError."""
    checkout = Path(__file__).resolve().parents[3] / "samples"
    for root in [Path(folder)] if folder else [Path("samples"), checkout]:
        if (root / "units.csv").is_file() and (root / "received.csv").is_file():
            return root.resolve()
    raise CollectError("COLLECT-SAMPLES", "没有找到样例文件夹，请在项目目录中运行，或用 --samples 指定")


def put(stores: Stores, root: Path) -> tuple[list[int], int]:
    """Put what is not there yet; gives (the years, how many files were new).

    ``received.csv`` has the columns path (below reports/, year first) and received_at (ISO).
    """
    with (root / "received.csv").open(encoding="utf-8", newline="") as file:
        rows = [(row["path"], datetime.fromisoformat(row["received_at"])) for row in csv.DictReader(file)]
    new = sum(_put(stores, root / "reports" / path, f"{keys.INBOX}/{path}", received) for path, received in rows)
    return sorted({int(path.split("/")[0]) for path, _ in rows}), new


def _put(stores: Stores, path: Path, key: str, received: datetime) -> bool:
    data = path.read_bytes()
    facts = {RECEIVED: received.isoformat(), _DIGEST: hashlib.sha256(data).hexdigest()}
    known = stores.objects.stat(key)
    if known is not None and known.metadata == facts:
        return False
    stores.objects.put(key, data, metadata=facts)
    return True
