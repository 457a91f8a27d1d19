"""Outgoing calls and their rows, the same for tables and for memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bot.messages import AnyOutbound, decode_outbound, platform_of
from bot.ports import Envelope, OutboxEntry, SendReport, SendState
from storage.mapping import encode
from storage.types import ceil_ms, clean, floor_ms, from_ms, optional_from_ms


def new_row(envelope: Envelope) -> dict[str, Any]:
    """The columns of a fresh envelope."""
    created_at = floor_ms(envelope.created_at)
    not_before = None if envelope.not_before is None else ceil_ms(envelope.not_before)
    return {
        "key": clean(envelope.key),
        "lane": clean(envelope.lane),
        "platform": platform_of(envelope.outbound),
        "kind": kind_of(envelope.outbound),
        "state": SendState.PENDING.value,
        "body": encode(envelope.outbound),
        "priority": envelope.priority,
        "coalesce": clean(envelope.coalesce),
        "recheck": envelope.recheck,
        "ref": clean(envelope.ref),
        "repeat_unknown": envelope.repeat_unknown,
        "created_at": created_at,
        "not_before": not_before,
        "due_at": created_at if not_before is None else not_before,
        "attempts": 0,
        "tried_token": 0,
        "first_tried_at": None,
        "error": "",
        "held": "",
    }


def kind_of(outbound: AnyOutbound) -> str:
    """The name of the call for lists, for example `SendCard`."""
    return type(outbound).__name__


def entry_of(number: int, token: int, row: Mapping[str, Any]) -> OutboxEntry:
    """A claimed row."""
    return OutboxEntry(
        id=number,
        envelope=Envelope(
            key=row["key"],
            lane=row["lane"],
            outbound=decode_outbound(row["body"]),
            created_at=from_ms(row["created_at"]),
            not_before=optional_from_ms(row["not_before"]),
            priority=row["priority"],
            coalesce=row["coalesce"],
            recheck=row["recheck"],
            ref=row["ref"],
            repeat_unknown=bool(row["repeat_unknown"]),
        ),
        attempts=row["attempts"],
        token=token,
        first_tried_at=optional_from_ms(row["first_tried_at"]),
    )


def reports_of(rows: Iterable[Mapping[str, Any]]) -> list[SendReport]:
    """Rows for lists."""
    return [
        SendReport(
            id=row["id"],
            key=row["key"],
            lane=row["lane"],
            state=SendState(row["state"]),
            attempts=row["attempts"],
            error=row["error"],
            created_at=from_ms(row["created_at"]),
            kind=row["kind"],
        )
        for row in rows
    ]
