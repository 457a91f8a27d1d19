"""What adapters have to know again after a restart."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.types import KeyText

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "keepsake",
        sa.Column("key", KeyText, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("crc", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_keepsake"),
    )
    op.create_index("ix_keepsake_until", "keepsake", ["until"])


def downgrade() -> None:
    """Going back is restoring the backup that the upgrade wrote."""
    raise NotImplementedError("restore the backup instead")
