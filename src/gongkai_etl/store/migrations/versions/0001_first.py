"""The first schema: roster, files, reports, cells, checks, verdicts, releases."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create every table; the wide table of figures grows with the form (store/dimensions.py)."""
    op.create_table(
        "collection",
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("year"),
        schema="gongkai",
    )
    op.create_table(
        "form_cell",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("table_key", sa.Text(), nullable=False),
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("column_key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("editions", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
        schema="gongkai",
    )
    op.create_table(
        "form_column",
        sa.Column("table_key", sa.Text(), nullable=False),
        sa.Column("column_key", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("group_label", sa.Text(), nullable=True),
        sa.Column("is_total", sa.Boolean(), nullable=False),
        sa.Column("editions", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("table_key", "column_key"),
        schema="gongkai",
    )
    op.create_table(
        "form_row",
        sa.Column("table_key", sa.Text(), nullable=False),
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("group_label", sa.Text(), nullable=True),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("is_total", sa.Boolean(), nullable=False),
        sa.Column("editions", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("table_key", "row_key"),
        schema="gongkai",
    )
    op.create_table(
        "release",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("units_expected", sa.Integer(), nullable=False),
        sa.Column("units_reported", sa.Integer(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retracted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retracted_reason", sa.Text(), nullable=True),
        sa.Column("is_latest", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
        sa.UniqueConstraint("year", "number"),
        schema="gongkai",
    )
    op.create_index(
        "release_latest", "release", ["year"], unique=True, schema="gongkai", postgresql_where="is_latest"
    )
    op.create_table(
        "unit",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("aliases", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("parent", sa.Text(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("change_reason", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("due_month", sa.SmallInteger(), nullable=False),
        sa.Column("due_day", sa.SmallInteger(), nullable=False),
        sa.Column("is_county", sa.Boolean(), nullable=False),
        sa.Column("in_roster", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code"),
        schema="gongkai",
    )
    op.create_table(
        "release_file",
        sa.Column("release_id", sa.BigInteger(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["release_id"],
            ["gongkai.release.id"],
        ),
        sa.PrimaryKeyConstraint("release_id", "path"),
        schema="gongkai",
    )
    op.create_table(
        "release_total",
        sa.Column("release_id", sa.BigInteger(), nullable=False),
        sa.Column("cell_id", sa.SmallInteger(), nullable=False),
        sa.Column("total", sa.Numeric(), nullable=True),
        sa.Column("units_reported", sa.Integer(), nullable=False),
        sa.Column("units_expected", sa.Integer(), nullable=False),
        sa.Column("units_missing", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("units_uncertain", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["release_id"],
            ["gongkai.release.id"],
        ),
        sa.PrimaryKeyConstraint("release_id", "cell_id"),
        schema="gongkai",
    )
    op.create_table(
        "submission",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("extension", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("is_current", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Text(), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["unit_code"],
            ["gongkai.unit.code"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("unit_code", "year", "sha256"),
        schema="gongkai",
    )
    op.create_index(
        "submission_current",
        "submission",
        ["year", "unit_code"],
        unique=True,
        schema="gongkai",
        postgresql_where="is_current",
    )
    op.create_table(
        "unclaimed",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("suggested_unit", sa.Text(), nullable=True),
        sa.Column("suggested_year", sa.SmallInteger(), nullable=True),
        sa.Column("claimed_unit", sa.Text(), nullable=True),
        sa.Column("claimed_year", sa.SmallInteger(), nullable=True),
        sa.Column("claimed_by", sa.Text(), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["claimed_unit"],
            ["gongkai.unit.code"],
        ),
        sa.PrimaryKeyConstraint("sha256"),
        schema="gongkai",
    )
    op.create_table(
        "verdict",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("binding", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("reviewer", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["unit_code"],
            ["gongkai.unit.code"],
        ),
        sa.PrimaryKeyConstraint("id"),
        schema="gongkai",
    )
    op.create_index(
        "verdict_standing",
        "verdict",
        ["unit_code", "year", "rule", "binding"],
        unique=True,
        schema="gongkai",
        postgresql_where="revoked_at IS NULL",
    )
    op.create_table(
        "report",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("submission_id", sa.BigInteger(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("printed_unit", sa.Text(), nullable=True),
        sa.Column("printed_year", sa.SmallInteger(), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("signed_by", sa.Text(), nullable=True),
        sa.Column("edition_t2", sa.Text(), nullable=True),
        sa.Column("edition_t3", sa.Text(), nullable=True),
        sa.Column("edition_t4", sa.Text(), nullable=True),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("notes", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
        sa.Column("headings", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("cells_number", sa.SmallInteger(), nullable=False),
        sa.Column("cells_uncertain", sa.SmallInteger(), nullable=False),
        sa.Column("cells_unread", sa.SmallInteger(), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("is_newest", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("is_current", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["gongkai.submission.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("submission_id", "content_hash"),
        schema="gongkai",
    )
    op.create_index(
        "report_current",
        "report",
        ["year", "unit_code"],
        unique=True,
        schema="gongkai",
        postgresql_where="is_current",
    )
    op.create_table(
        "cell",
        sa.Column("report_id", sa.BigInteger(), nullable=False),
        sa.Column("cell_id", sa.SmallInteger(), nullable=False),
        sa.Column("value", sa.Numeric(), nullable=True),
        sa.Column("raw", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("page", sa.SmallInteger(), nullable=True),
        sa.Column("bbox", sa.Text(), nullable=True),
        sa.Column("reader", sa.Text(), nullable=False),
        sa.Column("certain", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["gongkai.report.id"],
        ),
        sa.PrimaryKeyConstraint("report_id", "cell_id"),
        schema="gongkai",
    )
    op.create_table(
        "check_result",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("submission_id", sa.BigInteger(), nullable=False),
        sa.Column("report_id", sa.BigInteger(), nullable=True),
        sa.Column("findings_hash", sa.Text(), nullable=False),
        sa.Column("catalogue_hash", sa.Text(), nullable=False),
        sa.Column("errors", sa.SmallInteger(), nullable=False),
        sa.Column("warnings", sa.SmallInteger(), nullable=False),
        sa.Column("notices", sa.SmallInteger(), nullable=False),
        sa.Column("unchecked", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("is_current", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["gongkai.report.id"],
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["gongkai.submission.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        schema="gongkai",
    )
    op.create_index(
        "check_result_current",
        "check_result",
        ["submission_id"],
        unique=True,
        schema="gongkai",
        postgresql_where="is_current",
    )
    op.create_index(
        "check_result_natural",
        "check_result",
        ["submission_id", sa.literal_column("coalesce(report_id, 0)"), "findings_hash", "catalogue_hash"],
        unique=True,
        schema="gongkai",
    )
    op.create_table(
        "section",
        sa.Column("report_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["gongkai.report.id"],
        ),
        sa.PrimaryKeyConstraint("report_id", "number"),
        schema="gongkai",
    )
    op.create_table(
        "finding",
        sa.Column("check_id", sa.BigInteger(), nullable=False),
        sa.Column("ordinal", sa.SmallInteger(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("left_side", sa.Text(), nullable=True),
        sa.Column("right_side", sa.Text(), nullable=True),
        sa.Column("cells", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("passage", sa.Text(), nullable=True),
        sa.Column("advice", sa.Text(), nullable=True),
        sa.Column("binding", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["check_id"],
            ["gongkai.check_result.id"],
        ),
        sa.PrimaryKeyConstraint("check_id", "ordinal"),
        schema="gongkai",
    )
    op.create_index("finding_rule", "finding", ["rule"], unique=False, schema="gongkai")
    op.create_table(
        "release_unit",
        sa.Column("release_id", sa.BigInteger(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("unit_name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.BigInteger(), nullable=True),
        sa.Column("report_id", sa.BigInteger(), nullable=True),
        sa.Column("check_id", sa.BigInteger(), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["check_id"],
            ["gongkai.check_result.id"],
        ),
        sa.ForeignKeyConstraint(
            ["release_id"],
            ["gongkai.release.id"],
        ),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["gongkai.report.id"],
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["gongkai.submission.id"],
        ),
        sa.PrimaryKeyConstraint("release_id", "unit_code"),
        schema="gongkai",
    )
    op.create_index("release_unit_report", "release_unit", ["report_id"], unique=False, schema="gongkai")


def downgrade() -> None:
    """There is nothing before the first schema."""
    op.execute("DROP SCHEMA gongkai CASCADE")
