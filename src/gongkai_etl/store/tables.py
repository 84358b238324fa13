"""The tables of schema ``gongkai`` as SQLAlchemy Core objects. Migrations create them; see migrations/.

Missing is NULL, never 0. Nothing is deleted: a resubmitted file is another submission, a better
reading of the same file another report, another outcome of the rules another check.
"""

from __future__ import annotations

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    MetaData,
    Numeric,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

SCHEMA = "gongkai"
metadata = MetaData(schema=SCHEMA)


def _key() -> Column[int]:
    return Column("id", BigInteger, Identity(always=True), primary_key=True)


def _now(name: str) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=False, server_default=text("now()"))


unit = Table(
    "unit",
    metadata,
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("aliases", ARRAY(Text), nullable=False, server_default="{}"),
    Column("parent", Text),
    Column("valid_from", Date),
    Column("valid_to", Date),
    Column("change_reason", Text),
    Column("email", Text),
    Column("source", Text),
    Column("due_month", SmallInteger, nullable=False),
    Column("due_day", SmallInteger, nullable=False),
    Column("is_county", Boolean, nullable=False),
    Column("in_roster", Boolean, nullable=False),
    Column("position", Integer, nullable=False),
)

collection = Table(
    "collection",
    metadata,
    Column("year", SmallInteger, primary_key=True),
    _now("opened_at"),
)

submission = Table(
    "submission",
    metadata,
    _key(),
    Column("unit_code", Text, ForeignKey(unit.c.code), nullable=False),
    Column("year", SmallInteger, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("extension", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False),
    Column("last_received_at", DateTime(timezone=True), nullable=False),
    Column("origin", Text, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("is_current", Boolean, nullable=False, server_default=text("false")),
    Column("withdrawn_at", DateTime(timezone=True)),
    Column("withdrawn_by", Text),
    Column("withdrawn_reason", Text),
    UniqueConstraint("unit_code", "year", "sha256"),
)
Index("submission_current", submission.c.year, submission.c.unit_code, unique=True, postgresql_where="is_current")

source_finding = Table(
    "source_finding",
    metadata,
    Column("unit_code", Text, ForeignKey(unit.c.code), primary_key=True),
    Column("year", SmallInteger, primary_key=True),
    Column("ordinal", SmallInteger, primary_key=True),
    Column("rule", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("place", Text),
    _now("found_at"),
)

unclaimed = Table(
    "unclaimed",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("file_name", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("origin", Text, nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False),
    Column("reason", Text, nullable=False),
    Column("suggested_unit", Text),
    Column("suggested_year", SmallInteger),
    Column("claimed_unit", Text, ForeignKey(unit.c.code)),
    Column("claimed_year", SmallInteger),
    Column("claimed_by", Text),
    Column("claimed_at", DateTime(timezone=True)),
)

report = Table(
    "report",
    metadata,
    _key(),
    Column("submission_id", BigInteger, ForeignKey(submission.c.id), nullable=False),
    Column("unit_code", Text, nullable=False),
    Column("year", SmallInteger, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("title", Text),
    Column("printed_unit", Text),
    Column("printed_year", SmallInteger),
    Column("issued_on", Date),
    Column("published_on", Date),
    Column("signed_by", Text),
    Column("edition_t2", Text),
    Column("edition_t3", Text),
    Column("edition_t4", Text),
    Column("format", Text, nullable=False),
    Column("notes", JSONB, nullable=False, server_default="[]"),
    Column("headings", ARRAY(Text), nullable=False, server_default="{}"),
    Column("cells_number", SmallInteger, nullable=False),
    Column("cells_uncertain", SmallInteger, nullable=False),
    Column("cells_unread", SmallInteger, nullable=False),
    _now("loaded_at"),
    Column("is_newest", Boolean, nullable=False, server_default=text("false")),
    Column("is_current", Boolean, nullable=False, server_default=text("false")),
    UniqueConstraint("submission_id", "content_hash"),
)
Index("report_current", report.c.year, report.c.unit_code, unique=True, postgresql_where="is_current")

form_cell = Table(
    "form_cell",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("key", Text, nullable=False, unique=True),
    Column("table_key", Text, nullable=False),
    Column("row_key", Text, nullable=False),
    Column("column_key", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("editions", ARRAY(Text), nullable=False),
    Column("place", Text, nullable=False),
    Column("position", SmallInteger, nullable=False),
)

form_row = Table(
    "form_row",
    metadata,
    Column("table_key", Text, primary_key=True),
    Column("row_key", Text, primary_key=True),
    Column("label", Text, nullable=False),
    Column("group_label", Text),
    Column("category", Text),
    Column("is_total", Boolean, nullable=False),
    Column("editions", ARRAY(Text), nullable=False),
    Column("position", SmallInteger, nullable=False),
)

form_column = Table(
    "form_column",
    metadata,
    Column("table_key", Text, primary_key=True),
    Column("column_key", Text, primary_key=True),
    Column("label", Text, nullable=False),
    Column("group_label", Text),
    Column("is_total", Boolean, nullable=False),
    Column("editions", ARRAY(Text), nullable=False),
    Column("position", SmallInteger, nullable=False),
)

cell = Table(
    "cell",
    metadata,
    Column("report_id", BigInteger, ForeignKey(report.c.id), primary_key=True),
    Column("cell_id", SmallInteger, primary_key=True),
    Column("value", Numeric),
    Column("raw", Text),
    Column("state", Text, nullable=False),
    Column("page", SmallInteger),
    Column("bbox", Text),
    Column("reader", Text, nullable=False),
    Column("certain", Boolean, nullable=False),
    Column("reason", Text),
    Column("note", Text),
)

section = Table(
    "section",
    metadata,
    Column("report_id", BigInteger, ForeignKey(report.c.id), primary_key=True),
    Column("number", SmallInteger, primary_key=True),
    Column("text", Text, nullable=False),
)

check_result = Table(
    "check_result",
    metadata,
    _key(),
    Column("submission_id", BigInteger, ForeignKey(submission.c.id), nullable=False),
    Column("report_id", BigInteger, ForeignKey(report.c.id)),
    Column("findings_hash", Text, nullable=False),
    Column("catalogue_hash", Text, nullable=False),
    Column("errors", SmallInteger, nullable=False),
    Column("warnings", SmallInteger, nullable=False),
    Column("notices", SmallInteger, nullable=False),
    Column("unchecked", JSONB, nullable=False, server_default="[]"),
    _now("checked_at"),
    Column("is_current", Boolean, nullable=False, server_default=text("false")),
)
Index(
    "check_result_natural",
    check_result.c.submission_id,
    text("coalesce(report_id, 0)"),
    check_result.c.findings_hash,
    check_result.c.catalogue_hash,
    unique=True,
)
Index("check_result_current", check_result.c.submission_id, unique=True, postgresql_where="is_current")

finding = Table(
    "finding",
    metadata,
    Column("check_id", BigInteger, ForeignKey(check_result.c.id), primary_key=True),
    Column("ordinal", SmallInteger, primary_key=True),
    Column("rule", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("left_side", Text),
    Column("right_side", Text),
    Column("cells", ARRAY(Text), nullable=False, server_default="{}"),
    Column("passage", Text),
    Column("advice", Text),
    Column("binding", Text, nullable=False),
)
Index("finding_rule", finding.c.rule)

verdict = Table(
    "verdict",
    metadata,
    _key(),
    Column("unit_code", Text, ForeignKey(unit.c.code), nullable=False),
    Column("year", SmallInteger, nullable=False),
    Column("rule", Text, nullable=False),
    Column("binding", Text, nullable=False),
    Column("decision", Text, nullable=False),
    Column("reviewer", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("expires_on", Date),
    _now("created_at"),
    Column("revoked_at", DateTime(timezone=True)),
    Column("revoked_by", Text),
)
Index(
    "verdict_standing",
    verdict.c.unit_code,
    verdict.c.year,
    verdict.c.rule,
    verdict.c.binding,
    unique=True,
    postgresql_where="revoked_at IS NULL",
)

release = Table(
    "release",
    metadata,
    _key(),
    Column("year", SmallInteger, nullable=False),
    Column("number", SmallInteger, nullable=False),
    Column("name", Text, nullable=False, unique=True),
    Column("status", Text, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("units_expected", Integer, nullable=False),
    Column("units_reported", Integer, nullable=False),
    Column("decided_by", Text),
    Column("reason", Text),
    _now("created_at"),
    Column("decided_at", DateTime(timezone=True)),
    Column("retracted_at", DateTime(timezone=True)),
    Column("retracted_reason", Text),
    Column("is_latest", Boolean, nullable=False, server_default=text("false")),
    UniqueConstraint("year", "number"),
)
Index("release_latest", release.c.year, unique=True, postgresql_where="is_latest")

release_unit = Table(
    "release_unit",
    metadata,
    Column("release_id", BigInteger, ForeignKey(release.c.id), primary_key=True),
    Column("unit_code", Text, primary_key=True),
    Column("unit_name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("submission_id", BigInteger, ForeignKey(submission.c.id)),
    Column("report_id", BigInteger, ForeignKey(report.c.id)),
    Column("check_id", BigInteger, ForeignKey(check_result.c.id)),
    Column("late", Boolean, nullable=False),
)
Index("release_unit_report", release_unit.c.report_id)

release_total = Table(
    "release_total",
    metadata,
    Column("release_id", BigInteger, ForeignKey(release.c.id), primary_key=True),
    Column("cell_id", SmallInteger, primary_key=True),
    Column("total", Numeric),
    Column("units_reported", Integer, nullable=False),
    Column("units_expected", Integer, nullable=False),
    Column("units_missing", ARRAY(Text), nullable=False),
    Column("units_uncertain", Integer, nullable=False),
    Column("units_total", Numeric),
    Column("own_total", Numeric),
    Column("adjustment", Numeric),
)

adjustment = Table(
    "adjustment",
    metadata,
    _key(),
    Column("year", SmallInteger, nullable=False),
    Column("cell_id", SmallInteger, ForeignKey(form_cell.c.id), nullable=False),
    Column("amount", Numeric, nullable=False),
    Column("reason", Text, nullable=False),
    Column("entered_by", Text, nullable=False),
    _now("created_at"),
    Column("revoked_at", DateTime(timezone=True)),
    Column("revoked_by", Text),
    Column("revoked_reason", Text),
)
Index("adjustment_year", adjustment.c.year)

release_adjustment = Table(
    "release_adjustment",
    metadata,
    Column("release_id", BigInteger, ForeignKey(release.c.id), primary_key=True),
    Column("adjustment_id", BigInteger, ForeignKey(adjustment.c.id), primary_key=True),
)

release_file = Table(
    "release_file",
    metadata,
    Column("release_id", BigInteger, ForeignKey(release.c.id), primary_key=True),
    Column("path", Text, primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("sha256", Text, nullable=False),
)
