"""The county's own office and its adjustments as parts of a total, each adjustment with who and why."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_PARTS = ("units_total", "own_total", "adjustment")


def upgrade() -> None:
    """Two tables, and three parts beside every total; what was released before had units alone."""
    op.create_table(
        "adjustment",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("cell_id", sa.SmallInteger(), nullable=False),
        sa.Column("amount", sa.Numeric(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("entered_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.Text(), nullable=True),
        sa.Column("revoked_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["cell_id"], ["gongkai.form_cell.id"]),
        sa.PrimaryKeyConstraint("id"),
        schema="gongkai",
    )
    op.create_index("adjustment_year", "adjustment", ["year"], schema="gongkai")
    op.create_table(
        "release_adjustment",
        sa.Column("release_id", sa.BigInteger(), nullable=False),
        sa.Column("adjustment_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["release_id"], ["gongkai.release.id"]),
        sa.ForeignKeyConstraint(["adjustment_id"], ["gongkai.adjustment.id"]),
        sa.PrimaryKeyConstraint("release_id", "adjustment_id"),
        schema="gongkai",
    )
    for name in _PARTS:
        op.add_column("release_total", sa.Column(name, sa.Numeric(), nullable=True), schema="gongkai")
    op.execute("UPDATE gongkai.release_total SET units_total = total")


def downgrade() -> None:
    """Without them. The published views read them; the next start makes those anew."""
    op.execute("DROP SCHEMA IF EXISTS publish CASCADE")
    for name in _PARTS:
        op.drop_column("release_total", name, schema="gongkai")
    op.drop_table("release_adjustment", schema="gongkai")
    op.drop_table("adjustment", schema="gongkai")
