"""What the last visit of a unit's source had to say."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A table beside the submissions: a source can be in trouble before any file has come."""
    op.create_table(
        "source_finding",
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("ordinal", sa.SmallInteger(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("found_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["unit_code"], ["gongkai.unit.code"]),
        sa.PrimaryKeyConstraint("unit_code", "year", "ordinal"),
        schema="gongkai",
    )


def downgrade() -> None:
    """Without it."""
    op.drop_table("source_finding", schema="gongkai")
