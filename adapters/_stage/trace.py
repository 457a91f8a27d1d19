"""Traffic over an emulated wire as lines of the inspector. Reads only; secrets are masked by the recorder."""

from __future__ import annotations

import json
from collections.abc import Callable

from adapters._emulator.recorder import ApiRecord, Attempt, PushRecord, Recorder
from adapters._emulator.wire_json import Json, parse_table, text
from bot.stage_views import TraceRow

#: characters of JSON that a line unfolds to
_DETAIL = 20_000

#: what an event says of itself, besides its id: label and words
Facts = Callable[[Json], list[tuple[str, str]]]


def trace_rows(recorder: Recorder, *, limit: int, facts: Facts, replays_streamed: bool) -> list[TraceRow]:
    """The newest pushes and calls, in the order in which they happened; `replays_streamed` when what came over the long
    connection can be sent once more as well."""
    rows = [push_row(push, facts=facts, replays_streamed=replays_streamed) for push in recorder.pushes[-limit:]]
    rows.extend(call_row(call) for call in recorder.calls[-limit:])
    return sorted(rows, key=lambda row: row.number)[-limit:]


def trace_detail(recorder: Recorder, number: int) -> str:
    """The body of one of them."""
    for push in recorder.pushes:
        if push.number == number:
            return _pretty(push.event)
    return next((_pretty(call.body) for call in recorder.calls if call.number == number and call.body), "")


def push_row(push: PushRecord, *, facts: Facts, replays_streamed: bool) -> TraceRow:
    """Something that the platform told the bot."""
    last = push.attempts[-1] if push.attempts else None
    said = facts(push.event)
    if last is not None:
        said.append(("fact_ack", f"{last.latency_ms:.0f} ms"))
    if len(push.attempts) > 1:
        said.append(("fact_attempts", str(len(push.attempts))))
    said.append(("fact_event_id", push.event_id))
    return TraceRow(
        direction="in",
        at=push.created_at,
        number=push.number,
        title=push.event_type,
        state="ok" if push.is_acked else "bad" if push.is_given_up or _is_refused(last) else "wait",
        marks=tuple(_push_marks(push, last)),
        facts=tuple(said),
        has_detail=True,
        replay=str(push.number) if replays_streamed or push.transport == "webhook" else "",
    )


def call_row(call: ApiRecord) -> TraceRow:
    """Something that the bot asked of the platform."""
    facts = [("fact_status", f"{call.status or '—'} · code {'—' if call.code is None else call.code}")]
    uuid = text(call.body or {}, "uuid") or dict(call.query).get("uuid", "")
    if uuid:
        facts.append(("fact_key", uuid))
    return TraceRow(
        direction="out",
        at=call.at,
        number=call.number,
        title=call.operation or f"{call.method} {call.path}",
        state="ok" if call.code == 0 else "bad",
        marks=tuple(_call_marks(call)),
        facts=tuple(facts),
        has_detail=bool(call.body),
    )


def _push_marks(push: PushRecord, last: Attempt | None) -> list[str]:
    marks = ["mark_stream" if push.transport == "stream" else "mark_webhook"]
    if push.is_duplicate:
        marks.append("mark_duplicate")
    if last is None:
        marks.append("mark_waiting")
    elif last.outcome == "acked" and push.transport == "webhook":
        marks.append("mark_verified")
    elif _is_refused(last):
        marks.append("mark_refused")
    elif last.outcome != "acked":
        marks.append(f"mark_{last.outcome}")
    marks.extend(f"fault_{attempt.fault}" for attempt in push.attempts if attempt.fault)
    return list(dict.fromkeys(marks))


def _call_marks(call: ApiRecord) -> list[str]:
    marks = [f"fault_{call.fault}"] if call.fault else []
    if call.is_executed and call.code != 0:
        marks.append("mark_executed")
    return marks


def _is_refused(last: Attempt | None) -> bool:
    return last is not None and last.outcome == "refused"


def _pretty(body: Json) -> str:
    shown = json.dumps(_unfolded(body), ensure_ascii=False, indent=2)
    return shown if len(shown) <= _DETAIL else shown[: _DETAIL - 1] + "…"


def _unfolded(value: object) -> object:
    """JSON inside of strings (a message's `content`) as JSON, so that it can be read."""
    if isinstance(value, dict):
        return {key: _unfolded(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_unfolded(inner) for inner in value]
    if isinstance(value, str) and value.startswith("{"):
        return parse_table(value) or value
    return value
