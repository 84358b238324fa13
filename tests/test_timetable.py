"""The season: 1 January to 31 March, Chinese time."""

from __future__ import annotations

import pytest
from airflow.timetables.base import DataInterval, TimeRestriction
from pendulum import DateTime, datetime

from gongkai_etl.timetable import CHINA, SeasonTimetable, statutory_deadline


def china(year: int, month: int, day: int, hour: int = 9, minute: int = 0) -> DateTime:
    return datetime(year, month, day, hour, minute, tz=CHINA)


@pytest.mark.parametrize(
    ("after", "wanted"),
    [
        (china(2025, 12, 31, 23), china(2026, 1, 1)),
        (china(2026, 1, 1, 8, 59), china(2026, 1, 1)),
        (china(2026, 1, 1), china(2026, 1, 2)),
        (china(2028, 2, 28), china(2028, 2, 29)),
        (china(2026, 3, 31), china(2027, 1, 1)),
        (china(2026, 11, 24), china(2027, 1, 1)),
        (datetime(2026, 1, 31, 1, 0, tz="UTC"), china(2026, 2, 1)),
    ],
)
def test_the_next_run(after: DateTime, wanted: DateTime) -> None:
    assert SeasonTimetable().following(after) == wanted


@pytest.mark.parametrize(
    ("first", "last", "wanted"),
    [
        (china(2020, 1, 1, 0), china(2022, 12, 31), [china(year, 3, 31) for year in (2020, 2021, 2022)]),
        (china(2019, 12, 1), china(2020, 1, 15, 0), [china(2020, 1, 14)]),
        (china(2020, 3, 31), china(2021, 1, 1), [china(2020, 3, 31), china(2021, 1, 1)]),
        (china(2020, 4, 1), china(2020, 12, 31), []),
    ],
)
def test_a_backfill_has_one_run_a_year(first: DateTime, last: DateTime, wanted: list[DateTime]) -> None:
    table, found = SeasonTimetable(), []
    span = TimeRestriction(first, last, True)
    before: DataInterval | None = None
    while info := table.next_dagrun_info(last_automated_data_interval=before, restriction=span):
        found.append(info.run_after)
        before = info.data_interval
    assert found == wanted


def test_weekly_runs_are_all_mondays() -> None:
    table = SeasonTimetable(hour=7, weekday=0)
    moment, seen = china(2026, 1, 1), []
    for _ in range(14):
        moment = table.following(moment)
        seen.append(moment)
    assert {day.isoweekday() for day in seen} == {1}
    assert (seen[0], seen[-1]) == (china(2026, 1, 5, 7), china(2027, 1, 4, 7))


@pytest.mark.parametrize(
    ("now", "wanted"),
    [
        (china(2026, 1, 10, 8), china(2026, 1, 9)),
        (china(2026, 1, 10, 10), china(2026, 1, 10)),
        (china(2026, 4, 1, 8), china(2026, 3, 31)),
        (china(2026, 4, 1, 10), china(2027, 1, 1)),
        (china(2026, 11, 24), china(2027, 1, 1)),
    ],
)
def test_without_catch_up_only_the_newest_moment_runs(
    now: DateTime, wanted: DateTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Clock(DateTime):
        @classmethod
        def now(cls, tz: object = None) -> DateTime:  # type: ignore[override]
            return now

    monkeypatch.setattr("gongkai_etl.timetable.DateTime", Clock)
    last = DataInterval.exact(china(2020, 1, 5))
    for begun in (None, last):
        info = SeasonTimetable().next_dagrun_info(
            last_automated_data_interval=begun, restriction=TimeRestriction(china(2020, 1, 1), None, False)
        )
        assert info is not None
        assert info.run_after == wanted


def test_it_survives_airflows_database() -> None:
    table = SeasonTimetable(hour=8, minute=30, weekday=2)
    again = SeasonTimetable.deserialize(table.serialize())
    assert again.summary == table.summary == "1月至3月每周三 8:30"
    assert SeasonTimetable().description == "每年1月1日至3月31日，每天9:00（北京时间）"


@pytest.mark.parametrize(
    ("now", "wanted"),
    [
        (china(2026, 1, 31, 23, 59), china(2026, 2, 1, 0)),
        (china(2026, 2, 1, 0), china(2027, 2, 1, 0)),
        (china(2025, 12, 31), china(2026, 2, 1, 0)),
    ],
)
def test_a_deadline_ends_at_midnight_in_china(now: DateTime, wanted: DateTime) -> None:
    assert statutory_deadline(1, 31, now) == wanted
