"""When collecting runs by itself: once a day from 1 January to 31 March, Chinese time.

January is the season of units (条例第四十九条: before 31 January), to 31 March late ones are taken
in and the county's own report falls due.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.timetables.base import DagRunInfo, DataInterval, TimeRestriction, Timetable
from pendulum import DateTime, Timezone, datetime, instance

CHINA = Timezone("Asia/Shanghai")
_LAST = (3, 31)


class SeasonTimetable(Timetable):
    """At ``hour``:``minute`` from 1 January to 31 March, Asia/Shanghai, daily or on one ``weekday`` (0 Monday)."""

    def __init__(self, hour: int = 9, minute: int = 0, weekday: int | None = None) -> None:
        self.hour = hour
        self.minute = minute
        self.weekday = weekday
        self.description = f"每年1月1日至3月31日，{self._days}{hour}:{minute:02d}（北京时间）"

    @property
    def _days(self) -> str:
        return "每天" if self.weekday is None else f"每周{'一二三四五六日'[self.weekday]}"

    @property
    def _step(self) -> timedelta:
        return timedelta(days=1 if self.weekday is None else 7)

    @property
    def summary(self) -> str:
        """Shown in the list of DAGs."""
        return f"1月至3月{self._days} {self.hour}:{self.minute:02d}"

    def serialize(self) -> dict[str, Any]:
        """For Airflow's database."""
        return {"hour": self.hour, "minute": self.minute, "weekday": self.weekday}

    @classmethod
    def deserialize(cls, data: dict[str, Any]) -> SeasonTimetable:
        """From Airflow's database."""
        return cls(**data)

    def infer_manual_data_interval(self, *, run_after: DateTime) -> DataInterval:
        """A run is about a moment, not about a span."""
        return DataInterval.exact(run_after)

    def next_dagrun_info(
        self, *, last_automated_data_interval: DataInterval | None, restriction: TimeRestriction
    ) -> DagRunInfo | None:
        """The first day of the season after the last run, after the start, or after now.

        A backfill (with catch-up) has one run a year, on the last day of the season that it covers: a run
        collects the whole year, and ninety of them would do the same work.
        """
        if last_automated_data_interval is not None:
            after = self.following(last_automated_data_interval.end)
        elif restriction.earliest is not None:
            after = self.following(restriction.earliest - timedelta(seconds=1))
        else:
            return None
        if not restriction.catchup:
            # Without catch-up only the newest moment may still run, and only while it is news: a machine
            # that is switched on in May does not ask the sites of March.
            after = max(after, self.following(DateTime.now(CHINA) - self._step))
        else:
            after = self._last_of_season(after, restriction.latest)
        if restriction.latest is not None and after > restriction.latest:
            return None
        return DagRunInfo.exact(after)

    def following(self, moment: DateTime) -> DateTime:
        """The first moment of the season strictly after ``moment``."""
        local = instance(moment).in_timezone(CHINA)
        day = local.replace(hour=self.hour, minute=self.minute, second=0, microsecond=0)
        if day <= local:
            day = day.add(days=1)
        while not self._runs_on(day):
            day = day.add(days=1)
        return day

    def _last_of_season(self, moment: DateTime, latest: DateTime | None) -> DateTime:
        while (later := self.following(moment)).year == moment.year and (latest is None or later <= latest):
            moment = later
        return moment

    def _runs_on(self, day: DateTime) -> bool:
        # The stdlib's numbering of weekdays: pendulum's has changed between versions.
        in_season = (day.month, day.day) <= _LAST
        return in_season and (self.weekday is None or day.isoweekday() - 1 == self.weekday)


def statutory_deadline(month: int, day: int, now: DateTime | None = None) -> DateTime:
    """The next end (24:00, Chinese time) of a day of the year: 1月31日 or 3月31日."""
    today = (now or DateTime.now(CHINA)).in_timezone(CHINA)
    end = datetime(today.year, month, day, tz=CHINA).add(days=1)
    return end if end > today else datetime(today.year + 1, month, day, tz=CHINA).add(days=1)
