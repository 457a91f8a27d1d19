"""The record that a meeting's end begins: minutes JY and sync record GT (domain.md 3.9, 3.10; T-16, T-17).

Opinion and acceptance result are kept in the request and the acceptance, and a resolution begins with its first line (0.4); until
then their limit stands under the meeting's number.
"""

from __future__ import annotations

from bot.domain.ids import Code, CodeKind
from bot.domain.meeting import Meeting
from bot.domain.meeting_kind import RecordKind, record_of
from bot.domain.minutes import Minutes, MinutesState
from bot.routing import Context
from handlers.deadlines.deadlines import Limit
from handlers.numbering import new_code
from handlers.records import minutes_store


def begin(context: Context, meeting: Meeting, limit: Limit) -> str:
    """The number of the draft that is owed now; empty for kinds whose record is no object of its own."""
    match record_of(meeting.kind):
        case RecordKind.MINUTES:
            return _minutes(context, meeting, limit, CodeKind.MINUTES)
        case RecordKind.SYNC_RECORD:
            return _minutes(context, meeting, limit, CodeKind.SYNC_RECORD)
        case RecordKind.RESOLUTION | RecordKind.OPINION | RecordKind.RESULT:
            return ""


def _minutes(context: Context, meeting: Meeting, limit: Limit, kind: CodeKind) -> Code:
    draft = Minutes(
        code=new_code(context, kind),
        meeting=meeting.code,
        kind=meeting.kind,
        state=MinutesState.DRAFTING,
        title=meeting.title,
        department=meeting.host_department,
        created_at=context.now,
        due_at=limit.due_at,
        secrecy=meeting.secrecy,
        access=meeting.access,
    )
    minutes_store.save(context, None, draft, "drafted", meeting=meeting)
    return draft.code
