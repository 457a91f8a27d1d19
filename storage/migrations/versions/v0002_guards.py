"""The ends of the audit chains, and triggers that refuse to change or delete what was recorded (P10)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_CHAINS = 8
_REFUSED = "the audit trail is append-only"


def upgrade() -> None:
    """Open the chains and put the guards up."""
    chain = sa.table("audit_chain", sa.column("chain"), sa.column("position"), sa.column("hash"))
    op.bulk_insert(chain, [{"chain": number, "position": 0, "hash": ""} for number in range(_CHAINS)])
    if op.get_bind().dialect.name == "sqlite":
        for event in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_no_{event.lower()} BEFORE {event} ON audit "
                f"BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_REFUSED}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_guard BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_refuse()"
    )
    op.execute(
        "CREATE TRIGGER audit_guard_all BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()"
    )
    # queues live on quickly reused rows; the default of a fifth dead rows would slow every scan
    for table in ("timer", "inbox", "outbox", "lane", "budget"):
        op.execute(f"ALTER TABLE {table} SET (autovacuum_vacuum_scale_factor = 0.01)")


def downgrade() -> None:
    """Going back is restoring the backup that the upgrade wrote."""
    raise NotImplementedError("restore the backup instead")
