"""What the pages work with: warehouse, object store, signer, pre-check; made once, replaceable in tests."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from gongkai_etl.board.guards import Signer, secret_of
from gongkai_etl.settings import Settings

if TYPE_CHECKING:
    from gongkai_etl.board.precheck import Precheck
    from gongkai_etl.store.objects import ObjectStore
    from gongkai_etl.store.warehouse import Warehouse


@dataclass
class Services:
    """One for the process."""

    settings: Settings
    warehouse: Warehouse
    objects: ObjectStore
    signer: Signer
    precheck: Precheck

    @property
    def zone(self) -> ZoneInfo:
        """The office's time zone."""
        return ZoneInfo(self.settings.time_zone)

    def now(self) -> datetime:
        """Now, in the office's time zone."""
        return datetime.now(self.zone)

    def today(self) -> date:
        """The office's calendar day."""
        return self.now().date()

    def deliver(self, year: int, unit_name: str, file_name: str, data: bytes, by: str) -> str:
        """Put a file where the collecting run takes it; the same file twice lies there once. Gives the key."""
        from gongkai_etl.store import keys

        stem, dot, ending = file_name.rpartition(".")
        digest = hashlib.sha256(data).hexdigest()[:8]
        key = keys.inbox(year, unit_name, f"{stem}-{digest}{dot}{ending}")
        self.objects.put_once(key, data, metadata={"origin": "upload", "by": by, "file-name": file_name})
        return key


def connect(settings: Settings) -> Services:
    """The services of the settings, or of the embedded stack."""
    from gongkai_etl.board.precheck import Precheck
    from gongkai_etl.store.objects import ObjectStore
    from gongkai_etl.store.warehouse import Warehouse

    warehouse = Warehouse.connect(settings)
    objects = ObjectStore.connect(settings)
    signer = Signer(secret_of(settings), settings.board_link_days)
    return Services(settings, warehouse, objects, signer, Precheck(warehouse, objects))
