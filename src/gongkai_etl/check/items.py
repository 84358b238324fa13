"""What goes into a check and what comes out of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from gongkai_etl.model import Finding, Report, Unit


@dataclass(frozen=True, slots=True)
class CheckItem:
    """One report with what is known about it from outside.

    ``unit`` and ``year`` are what it should be (roster, manifest), not what it says. ``previous`` is
    the current version of the same unit's report of the year before; ``received_on`` the day it came;
    ``first_received_on`` the day the unit's first version came, when this one corrects it.
    """

    report: Report
    name: str = ""
    unit: Unit | None = None
    year: int | None = None
    previous: Report | None = None
    received_on: date | None = None
    first_received_on: date | None = None


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What the rules say, item by item in the order of the items.

    ``unchecked`` says in Chinese what could not be checked and why. ``validation`` is the Great
    Expectations result of the batch: its ``success`` says whether the batch may pass.
    """

    findings: list[tuple[Finding, ...]]
    unchecked: list[tuple[str, ...]]
    validation: dict[str, Any] = field(default_factory=dict)
    catalogue_hash: str = ""
