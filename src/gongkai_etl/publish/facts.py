"""What a release is built from: the county's year, its bridge, and what changed since the last release."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from gongkai_etl.publish.bridge import Bridge
from gongkai_etl.publish.inputs import CountyYear, UnitYear

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Facts:
    """One release in the making. ``years`` are this year and the year before, newest first."""

    county_year: CountyYear
    bridge: Bridge
    changes: tuple[Row, ...] = ()

    @property
    def years(self) -> tuple[CountyYear, ...]:
        """This year and, where it is known, the year before."""
        previous = self.county_year.previous
        return (self.county_year, previous) if previous else (self.county_year,)

    @property
    def moment(self) -> datetime:
        """The time that files carry inside: midnight of the day the figures stand for."""
        return datetime.combine(self.county_year.day, time())

    @property
    def units(self) -> Iterator[UnitYear]:
        """Every unit of every year, newest year first."""
        return (unit for year in self.years for unit in year.all)
