"""What became of everything, read off the two ends: the platform's records and the program's database.

The four counters of a queue under test (lost, repeated, seen twice, in doubt), after the program came to rest.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from adapters._emulator.recorder import PushRecord
from adapters.feishu.emulator import FeishuEmulator
from tests.rigs.deployment import LOOK, PATIENCE, Deployment


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What the database says."""

    #: business id -> state of the update
    updates: dict[str, str]
    #: what kept updates from being handled
    errors: tuple[str, ...]
    #: message asked in -> how many reply clocks it started
    clocks: Counter[str]
    #: questions whose clock has a card in a chat, or was over when the program learned of it
    noticed: frozenset[str]
    #: (action, ref) -> how many audit lines
    audit: Counter[tuple[str, str]]
    #: state -> how many outgoing calls
    calls: Counter[str]
    #: keys of calls whose outcome nobody knows
    unknown: tuple[str, ...]

    @property
    def is_at_rest(self) -> bool:
        """Nothing waits to be handled or sent."""
        return "pending" not in self.updates.values() and not self.calls["pending"]


def read_database(path: Path) -> Stored:
    """Read a SQLite database that the program may be using."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)) as connection:
        updates = dict(connection.execute("SELECT business_id, state FROM inbox").fetchall())
        errors = tuple(row[0] for row in connection.execute("SELECT error FROM inbox WHERE state = 'dead'"))
        clocks = Counter(str(row[0]) for row in connection.execute("SELECT message FROM clock"))
        with_card = {row[0] for row in connection.execute("SELECT code FROM card WHERE message IS NOT NULL")}
        bodies = [json.loads(row[0]) for row in connection.execute("SELECT body FROM clock")]
        audit = Counter(
            (json.loads(row[0])["action"], row[1]) for row in connection.execute("SELECT body, ref FROM audit")
        )
        calls = Counter(
            dict(connection.execute("SELECT state, count(*) FROM outbox WHERE not_before IS NULL GROUP BY state"))
        )
        unknown = tuple(row[0] for row in connection.execute("SELECT key FROM outbox WHERE state = 'unknown'"))
    noticed = frozenset(
        message
        for body in bodies
        if body["code"] in with_card or body["verdict_at"] is not None
        for message in questions_of(body)
    )
    return Stored(
        updates=updates, errors=errors, clocks=clocks, noticed=noticed, audit=audit, calls=calls, unknown=unknown
    )


async def rest(place: Deployment, *, seconds: float = 2 * PATIENCE) -> Stored:
    """Wait until the platform has nothing left to hand over and the program nothing to do."""
    async with asyncio.timeout(seconds):
        while True:
            if not place.emulator.courier.pending:
                stored = await asyncio.to_thread(read_database, place.database)
                if stored.is_at_rest:
                    return stored
            await asyncio.sleep(10 * LOOK)


def questions_of(clock: Mapping[str, Any]) -> list[str]:
    """Ids of the messages that asked."""
    attached = [fact["message"] for fact in clock["facts"] if fact["kind"] == "attached"]
    return [str(message["message"]) for message in (clock["message"], *attached) if message is not None]


def traces(path: Path, words: str) -> list[str]:
    """Everything in the database that mentions these words, for the message of a test that fails."""
    found: list[str] = []
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for name in names:
            cursor = connection.execute(f"SELECT * FROM {name}")  # noqa: S608 - names of our own tables
            columns = [column[0] for column in cursor.description]
            rows = [dict(zip(columns, row, strict=True)) for row in cursor if words in str(row)]
            found += [f"{name}: {row}" for row in rows]
    return found


def business_id(push: PushRecord) -> str:
    """The identity under which the program must have stored it: the message's own for messages (P2)."""
    message = push.event.get("message")
    if push.event_type == "im.message.receive_v1" and isinstance(message, dict):
        return str(message["message_id"])
    return push.event_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The four counters, and what they were counted over."""

    pushes: int
    attempts: int
    #: acknowledged, and not in the database
    lost: tuple[str, ...]
    #: in the database, and never handled
    unhandled: tuple[str, ...]
    #: why not
    errors: tuple[str, ...]
    #: questions with more than one clock, clocks with more than one beginning
    repeated: tuple[str, ...]
    #: messages of the bot that a person sees twice
    seen_twice: tuple[tuple[str, ...], ...]
    #: outcomes that nobody knows; listed by the program
    in_doubt: tuple[str, ...]

    @property
    def is_clean(self) -> bool:
        """Nothing lost, nothing twice."""
        return not (self.lost or self.unhandled or self.repeated or self.seen_twice)

    def __str__(self) -> str:
        return (
            f"{self.pushes} events in {self.attempts} deliveries; lost {len(self.lost)}, unhandled "
            f"{len(self.unhandled)}, second effects {len(self.repeated)}, seen twice {len(self.seen_twice)}, "
            f"in doubt {len(self.in_doubt)}{''.join(f', {error}' for error in self.errors)}"
        )


def judge(emulator: FeishuEmulator, stored: Stored, *, once: Iterable[str] = ("clock_started",)) -> Verdict:
    """Compare both ends. `once` are the audit actions that must not happen twice to one object."""
    pushes = [push for push in emulator.recorder.pushes if not push.is_duplicate]
    acknowledged = {business_id(push) for push in emulator.recorder.pushes if push.is_acked}
    twice = [message for message, count in stored.clocks.items() if count > 1]
    twice += [f"{action} {ref}" for (action, ref), count in stored.audit.items() if action in set(once) and count > 1]
    return Verdict(
        pushes=len(pushes),
        attempts=sum(len(push.attempts) for push in emulator.recorder.pushes),
        lost=tuple(sorted(acknowledged - stored.updates.keys())),
        errors=stored.errors,
        unhandled=tuple(sorted(one for one, state in stored.updates.items() if state != "done")),
        repeated=tuple(sorted(twice)),
        seen_twice=tuple(emulator.visible_duplicates()),
        in_doubt=stored.unknown,
    )
