"""The warehouse: one PostgreSQL database with schema ``gongkai`` (ours) and ``publish`` (the contract)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, Any

from gongkai_etl.model import Finding, Report, Submission, Unit
from gongkai_etl.settings import Settings
from gongkai_etl.store import adjustments, queries, releases, roster, verdicts
from gongkai_etl.store import load as loading
from gongkai_etl.store.rows import (
    Adjustment,
    Decision,
    Entry,
    Loaded,
    Member,
    Progress,
    Release,
    StoredFinding,
    Unclaimed,
    Verdict,
    Version,
)
from gongkai_etl.store.trouble import warehouse_errors

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

_MANY = 100
_LOADED = ("submission", "report", "cell", "check_result", "finding", "unit")


class Warehouse:
    """Every method is one transaction; a lost connection raises StoreUnavailableError (retryable)."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @classmethod
    def connect(cls, settings: Settings) -> Warehouse:
        """The database that the settings name, or the embedded one."""
        from gongkai_etl.settings import connections

        return cls.at(connections(settings).database_url)

    @classmethod
    def at(cls, url: str) -> Warehouse:
        """The database of an SQLAlchemy URL (``postgresql+psycopg://…``)."""
        from sqlalchemy import create_engine

        engine = create_engine(
            url, pool_size=2, max_overflow=4, pool_pre_ping=True, connect_args={"connect_timeout": 10}
        )
        return cls(engine)

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A transaction, for readers that bring their own queries (publish, board)."""
        with warehouse_errors(), self.engine.begin() as connection:
            yield connection

    def migrate(self, reader_password: str | None = None) -> str:
        """Bring the schema up to date; gives the revision. Safe to call again and from several places."""
        from gongkai_etl.store.schema import migrate

        with self.transaction() as connection:
            return migrate(connection, reader_password)

    def query(self, sql: str, **parameters: Any) -> list[dict[str, Any]]:
        """Rows of a query as dicts."""
        from sqlalchemy import text

        with self.transaction() as connection:
            return [dict(row) for row in connection.execute(text(sql), parameters).mappings()]

    # roster

    def save_units(self, units: Sequence[Unit]) -> None:
        """Make the stored roster equal to this one."""
        with self.transaction() as connection:
            roster.save_units(connection, units)

    def units(self, year: int | None = None) -> tuple[Unit, ...]:
        """The roster, the county's own row included; with a year, those that existed at its end."""
        with self.transaction() as connection:
            return roster.units(connection, year)

    def open_year(self, year: int) -> None:
        """From now on the units are expected to report for this year."""
        with self.transaction() as connection:
            roster.open_year(connection, year)

    def years(self) -> tuple[int, ...]:
        """The years that were opened."""
        with self.transaction() as connection:
            return queries.years(connection)

    # loading

    def save_report(
        self,
        submission: Submission,
        report: Report | None = None,
        findings: Sequence[Finding] | None = None,
        *,
        bindings: Sequence[str] = (),
        unchecked: Sequence[str] = (),
        catalogue_hash: str = "",
        report_key: str = "",
    ) -> Loaded:
        """Load one file with its report and findings in one transaction; twice changes no row."""
        entry = Entry(
            submission,
            report,
            report_key,
            None if findings is None else tuple(findings),
            tuple(bindings),
            tuple(unchecked),
            catalogue_hash,
        )
        return self.load([entry])

    def load(self, entries: Iterable[Entry], chunk: int = 1) -> Loaded:
        """Load many, ``chunk`` reports a transaction (more is faster; one loses least when stopped)."""
        waiting = iter(entries)
        total = Loaded()
        while batch := list(islice(waiting, chunk)):
            with self.transaction() as connection:
                total += loading.load(connection, batch)
        if total.reports >= _MANY:
            # The server counts by itself only after a minute; until then it plans as if tables were empty.
            with self.transaction() as connection:
                connection.exec_driver_sql(f"ANALYZE {', '.join(f'gongkai.{name}' for name in _LOADED)}")
        return total

    def withdraw(self, unit: str, year: int, sha256: str, by: str, reason: str) -> bool:
        """A unit takes a file back; the version before it is current again. True when it changed something."""
        from sqlalchemy import text

        with self.transaction() as connection:
            found = connection.execute(
                text(
                    "UPDATE gongkai.submission SET withdrawn_at = now(), withdrawn_by = :by, "
                    "withdrawn_reason = :reason WHERE unit_code = :unit AND year = :year AND sha256 = :sha256 "
                    "AND withdrawn_at IS NULL"
                ),
                {"by": by, "reason": reason, "unit": unit, "year": year, "sha256": sha256},
            )
            loading.mark_current(connection, {(unit, year)})
            return bool(found.rowcount)

    # reading

    def progress(self, year: int) -> tuple[Progress, ...]:
        """The derived state of every expected unit."""
        with self.transaction() as connection:
            return queries.progress(connection, year)

    def versions(self, year: int, unit: str | None = None, current_only: bool = False) -> tuple[Version, ...]:
        """Every file of a year in order of arrival."""
        with self.transaction() as connection:
            return queries.versions(connection, year, unit, current_only)

    def findings(self, year: int, unit: str | None = None) -> tuple[StoredFinding, ...]:
        """The findings about the current versions with their verdicts."""
        with self.transaction() as connection:
            return queries.findings(connection, year, unit)

    def save_source_findings(self, unit: str, year: int, found: Sequence[Finding]) -> None:
        """What the last visit of a unit's source had to say (needs a hand, not there yet, …)."""
        with self.transaction() as connection:
            queries.save_source_findings(connection, unit, year, found)

    def source_findings(
        self, year: int, unit: str | None = None
    ) -> tuple[tuple[str, str, str, str, str | None], ...]:
        """(unit code, rule, severity, message, address) of the last visits."""
        with self.transaction() as connection:
            return queries.source_findings(connection, year, unit)

    # files without an owner

    def save_unclaimed(self, found: Unclaimed) -> None:
        """Keep a file on the 待认领 list; the same bytes stand there once."""
        from sqlalchemy.dialects.postgresql import insert

        from gongkai_etl.store.tables import unclaimed

        row = {name: getattr(found, name) for name in found.__dataclass_fields__}
        with self.transaction() as connection:
            connection.execute(insert(unclaimed).values(row).on_conflict_do_nothing())

    def unclaimed(self) -> tuple[Unclaimed, ...]:
        """The 待认领 list."""
        with self.transaction() as connection:
            return queries.unclaimed(connection)

    def claimed(self, year: int) -> tuple[Unclaimed, ...]:
        """Files that someone has claimed for a unit and this year."""
        with self.transaction() as connection:
            return queries.claimed(connection, year)

    def claim(self, sha256: str, unit: str, year: int, by: str) -> bool:
        """Say whose file it is; True when it was waiting."""
        from sqlalchemy import text

        with self.transaction() as connection:
            found = connection.execute(
                text(
                    "UPDATE gongkai.unclaimed SET claimed_unit = :unit, claimed_year = :year, claimed_by = :by, "
                    "claimed_at = now() WHERE sha256 = :sha256 AND claimed_at IS NULL"
                ),
                {"unit": unit, "year": year, "by": by, "sha256": sha256},
            )
            return bool(found.rowcount)

    # verdicts

    def save_verdict(
        self,
        *,
        unit: str,
        year: int,
        rule: str,
        binding: str,
        decision: Decision,
        reviewer: str,
        reason: str,
        expires_on: date | None = None,
    ) -> Verdict:
        """Confirm or waive a finding; ``binding`` is the text made of rule and values on both sides."""
        with self.transaction() as connection:
            return verdicts.save(
                connection,
                unit=unit,
                year=year,
                rule=rule,
                binding=binding,
                decision=decision,
                reviewer=reviewer,
                reason=reason,
                expires_on=expires_on,
            )

    def revoke_verdict(self, number: int, by: str) -> None:
        """Take a verdict back."""
        with self.transaction() as connection:
            verdicts.revoke(connection, number, by)

    def list_verdicts(
        self, year: int | None = None, unit: str | None = None, standing: bool = True
    ) -> tuple[Verdict, ...]:
        """Verdicts, oldest first; ``standing``: neither revoked nor expired."""
        with self.transaction() as connection:
            return verdicts.listed(connection, year, unit, standing)

    # adjustments of the county's figures

    def adjust(self, year: int, key: str, amount: Decimal, reason: str, by: str) -> Adjustment:
        """Enter an adjustment; the same once more changes nothing."""
        with self.transaction() as connection:
            return adjustments.save(connection, year, key, amount, reason, by)

    def revoke_adjustment(self, number: int, by: str, reason: str) -> Adjustment:
        """Take an adjustment back; it stays in the history."""
        with self.transaction() as connection:
            return adjustments.revoke(connection, number, by, reason)

    def adjustments(self, year: int, standing: bool = True) -> tuple[Adjustment, ...]:
        """The adjustments of a year, oldest first."""
        with self.transaction() as connection:
            return adjustments.listed(connection, year, standing)

    # releases

    def members(self, year: int) -> tuple[Member, ...]:
        """What a release made now would hold."""
        with self.transaction() as connection:
            return releases.members(connection, year)

    def release_hash(self, year: int) -> str:
        """Hash of everything a release made now would say."""
        with self.transaction() as connection:
            return releases.content_hash(connection, year, releases.members(connection, year))

    def release_pending(self, year: int) -> bool:
        """Whether there are figures, and a release made now would differ from the one in force."""
        with self.transaction() as connection:
            found = releases.members(connection, year)
            latest = releases.in_force(connection, year)
            if latest is None:
                return any(member.report_id is not None for member in found)
            return latest.content_hash != releases.content_hash(connection, year, found)

    def approve_release(self, year: int, approved_by: str, reason: str | None = None) -> tuple[Release, bool]:
        """Publish the current versions; (release, whether it is new)."""
        with self.transaction() as connection:
            return releases.approve(connection, year, approved_by, reason)

    def refuse_release(self, year: int, refused_by: str, reason: str) -> Release:
        """Record a refusal with its reason."""
        with self.transaction() as connection:
            return releases.refuse(connection, year, refused_by, reason)

    def retract_release(self, name: str, reason: str) -> Release:
        """Take a release back."""
        with self.transaction() as connection:
            return releases.retract(connection, name, reason)

    def release_in_force(self, year: int) -> Release | None:
        """The release the published views show."""
        with self.transaction() as connection:
            return releases.in_force(connection, year)

    def releases(self, year: int | None = None) -> tuple[Release, ...]:
        """All releases, oldest first."""
        with self.transaction() as connection:
            return releases.listed(connection, year)

    def save_release_files(self, release: int, files: Sequence[tuple[str, int, str]]) -> None:
        """Note the files of a release as (path, size, sha256)."""
        with self.transaction() as connection:
            releases.save_files(connection, release, files)
