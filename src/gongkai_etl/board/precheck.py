"""The check before handing in: the same reading and the same rules as ``gongkai check``, at once."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from gongkai_etl.errors import GongkaiError
from gongkai_etl.model import Finding, Report, Unit, from_json

if TYPE_CHECKING:
    from gongkai_etl.pipeline import Reader
    from gongkai_etl.store.objects import ObjectStore
    from gongkai_etl.store.warehouse import Warehouse


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found in a file. ``error`` is set when it could not be read at all."""

    report: Report | None
    findings: tuple[Finding, ...]
    unchecked: tuple[str, ...] = ()
    error: GongkaiError | None = None

    @property
    def passed(self) -> bool:
        """Nothing that must be corrected."""
        return self.error is None and not any(f.severity == "error" and f.outcome == "fail" for f in self.findings)


class Precheck:
    """Keeps one guarded reading process warm; one file at a time, so that uploads cannot fill the machine."""

    def __init__(self, warehouse: Warehouse, objects: ObjectStore) -> None:
        self._warehouse = warehouse
        self._objects = objects
        self._lock = threading.Lock()
        self._stack = ExitStack()
        self._reader: Reader | None = None

    def __call__(self, data: bytes, name: str, unit: Unit, year: int, received_on: date) -> Checked:
        """Read and check one file as this unit's report of this year."""
        from gongkai_etl.check import CheckItem, check

        with self._lock:
            outcome = self._warm().read(data, name)
            if outcome.report is None:
                return Checked(None, (), error=outcome.error)
            item = CheckItem(
                report=outcome.report,
                name=name,
                unit=unit,
                year=year,
                previous=self._previous(unit, year),
                received_on=received_on,
            )
            result = check([item], self._warehouse.units(year))
        return Checked(outcome.report, tuple(result.findings[0]), tuple(map(str, result.unchecked[0])))

    def close(self) -> None:
        """End the reading process."""
        self._stack.close()

    def _warm(self) -> Reader:
        from gongkai_etl.pipeline import Reader

        if self._reader is None:
            self._reader = self._stack.enter_context(Reader(1))
        return self._reader

    def _previous(self, unit: Unit, year: int) -> Report | None:
        found = self._warehouse.versions(year - 1, unit.code, current_only=True)
        if not found or not found[0].report_key:
            return None
        try:
            return from_json(Report, self._objects.get(found[0].report_key))
        except GongkaiError:
            return None
