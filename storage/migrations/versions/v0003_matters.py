"""The objects of the charter: requests, plans, tasks, reports, issues, conflicts, meetings, records, people, begun forms."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.types import KeyText

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_TABLES = (
    "request",
    "plan",
    "task",
    "progress_report",
    "acceptance",
    "issue",
    "conflict",
    "meeting",
    "minutes",
    "resolution",
    "liaison_change",
    "document",
    "proposal",
    "kudos",
    "rating",
    "training",
    "holding",
    "form_draft",
)
_SEARCHED = ("state", "item", "department", "person", "at")


def upgrade() -> None:
    """Create the tables; all have the same columns."""
    for table in _TABLES:
        op.create_table(
            table,
            sa.Column("key", KeyText, nullable=False),
            sa.Column("version", sa.BigInteger(), nullable=False),
            sa.Column("crc", sa.BigInteger(), nullable=False),
            sa.Column("body", sa.Text(), nullable=False),
            sa.Column("state", KeyText, nullable=False),
            sa.Column("item", KeyText, nullable=False),
            sa.Column("department", KeyText, nullable=True),
            sa.Column("person", KeyText, nullable=True),
            sa.Column("at", sa.BigInteger(), nullable=True),
            sa.PrimaryKeyConstraint("key", name=f"pk_{table}"),
        )
        for column in _SEARCHED:
            op.create_index(f"ix_{table}_{column}", table, [column])


def downgrade() -> None:
    """Going back is restoring the backup that the upgrade wrote."""
    raise NotImplementedError("restore the backup instead")
