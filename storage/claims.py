"""Claims of a process that is gone: void, so that what it had in hand goes on at once instead of after its leases.

For databases that belong to one process at a time: a SQLite file when it is opened, any database when it is restored.
"""

from __future__ import annotations

from sqlalchemy import update

from bot.crashpoints import crash_here
from storage.session import Session
from storage.tables import table_of
from storage.tables.queues import InboxRow, LaneRow, LeaseRow

_I = table_of(InboxRow)
_L = table_of(LaneRow)
_D = table_of(LeaseRow)

# the head of a claimed lane is still its head, and was due when it was claimed
_FREE_LANES = (
    update(_L).values(claimed_id=None, token=_L.c.token + 1, due_at=_L.c.free_at).where(_L.c.claimed_id.is_not(None))
)
_FREE_UPDATES = update(_I).values(leased_until=0, token=_I.c.token + 1).where(_I.c.leased_until > 0)
_END_DUTIES = update(_D).values(until=0).where(_D.c.until > 0)


def void_claims(session: Session) -> None:
    """End every claim and lease. Tokens move on, so that a claim that is not gone after all changes nothing any more.

    Attempts and the mark that a call was handed to the platform stay: what may have happened is not forgotten.
    """
    for statement in (_FREE_LANES, _FREE_UPDATES, _END_DUTIES):
        session.change(statement)
        crash_here("claims_voided")
