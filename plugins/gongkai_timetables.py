"""Registers the season's timetable, and makes the pools when a scheduler starts."""

from __future__ import annotations

from airflow.plugins_manager import AirflowPlugin

from gongkai_etl import pools
from gongkai_etl.timetable import SeasonTimetable


class GongkaiTimetables(AirflowPlugin):
    """Timetable and listener."""

    name = "gongkai_timetables"
    timetables = [SeasonTimetable]  # noqa: RUF012 -- Airflow's interface
    listeners = [pools]  # noqa: RUF012
