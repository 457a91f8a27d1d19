"""Traffic over the emulated Feishu wire as lines of the inspector. Reads only; secrets are masked by the recorder."""

from __future__ import annotations

import json

from adapters._emulator.recorder import ApiRecord, Attempt, PushRecord, Recorder
from adapters._emulator.wire_json import Json, parse_table, rows, table, text
from adapters.feishu.emulator_state import State
from bot.stage_views import TraceRow

#: characters of JSON that a line unfolds to
_DETAIL = 20_000
_WORDS = 40


def trace_rows(recorder: Recorder, state: State, *, limit: int) -> list[TraceRow]:
    """The newest pushes and calls, in the order in which they happened."""
    rows = [push_row(push, state) for push in recorder.pushes[-limit:]]
    rows.extend(call_row(call) for call in recorder.calls[-limit:])
    return sorted(rows, key=lambda row: row.number)[-limit:]


def trace_detail(recorder: Recorder, number: int) -> str:
    """The body of one of them."""
    for push in recorder.pushes:
        if push.number == number:
            return _pretty(push.event)
    return next((_pretty(call.body) for call in recorder.calls if call.number == number and call.body), "")


def push_row(push: PushRecord, state: State) -> TraceRow:
    """Something that the platform told the bot."""
    last = push.attempts[-1] if push.attempts else None
    facts = [*_who(push.event, state)]
    if last is not None:
        facts.append(("fact_ack", f"{last.latency_ms:.0f} ms"))
    if len(push.attempts) > 1:
        facts.append(("fact_attempts", str(len(push.attempts))))
    facts.append(("fact_event_id", push.event_id))
    return TraceRow(
        direction="in",
        at=push.created_at,
        number=push.number,
        title=push.event_type,
        state="ok" if push.is_acked else "bad" if push.is_given_up or _is_refused(last) else "wait",
        marks=tuple(_push_marks(push, last)),
        facts=tuple(facts),
        has_detail=True,
        replay=str(push.number),
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


def _who(event: Json, state: State) -> list[tuple[str, str]]:
    """Who did it, and the beginning of what was said."""
    facts: list[tuple[str, str]] = []
    sender = table(table(event, "sender"), "sender_id") or table(event, "operator") or table(event, "user_id")
    account = text(sender, "open_id") or text(table(event, "operator_id"), "open_id")
    if account:
        facts.append(("fact_who", state.name_of(account)))
    message = table(event, "message")
    said = text(parse_table(text(message, "content")) or {}, "text")
    if said:
        for mention in reversed(rows(message, "mentions")):
            said = said.replace(text(mention, "key"), f"@{text(mention, 'name')}")
        facts.append(("fact_words", said if len(said) <= _WORDS else said[: _WORDS - 1] + "…"))
    action = table(event, "action")
    if action:
        facts.append(("fact_button", text(action, "name") or text(action, "tag")))
    return facts


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
