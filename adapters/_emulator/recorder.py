"""What went over an emulated wire, both ways, for the inspector and for assertions. Secrets are masked on the way in."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from adapters._emulator.wire_json import Json, compact

#: records kept per direction
KEPT = 20_000
_SECRET_KEYS = frozenset(
    {
        "app_secret", "AppSecret", "appSecret", "appsecret", "client_secret", "clientSecret", "corpsecret", "secret",
        "apiSecret", "access_token", "ticket", "session",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiRecord:
    """One call to the platform and what became of it."""

    number: int
    at: datetime
    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    #: the API name of the platform's documentation; empty for a path it does not have
    operation: str
    #: the JSON body with secrets masked, None when there was none
    body: Json | None
    #: HTTP status, 0 when the connection was cut instead of an answer
    status: int
    #: the `code` of the answer, None when there was no answer
    code: int | None
    #: true when the call had its effect on the platform
    is_executed: bool
    #: the fault that struck, empty for none
    fault: str = ""
    #: the platform's word for the refusal, where its codes are words
    word: str = ""

    @property
    def summary(self) -> str:
        """The body in at most 200 characters."""
        if self.body is None:
            return ""
        whole = compact(self.body)
        return whole if len(whole) <= 200 else whole[:199] + "…"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try to hand a push over."""

    at: datetime
    #: `acked`, `refused`, `timeout`, `unreachable`, `malformed`, `ack_dropped` or `nobody`
    outcome: str
    #: HTTP status or the code of the acknowledgement frame; 0 when none came
    status: int = 0
    #: real milliseconds until the answer
    latency_ms: float = 0.0
    fault: str = ""


@dataclass(slots=True, kw_only=True, eq=False)
class PushRecord:
    """One event or callback that the platform pushes, with its attempts so far."""

    number: int
    event_id: str
    event_type: str
    #: `webhook` or `stream`
    transport: str
    created_at: datetime
    event: Json
    #: true for a copy made by the duplicate fault
    is_duplicate: bool = False
    attempts: list[Attempt] = field(default_factory=list)
    is_acked: bool = False
    #: true when no further attempt follows although none was acknowledged
    is_given_up: bool = False


class Recorder:
    """Both lists, oldest first, bounded."""

    def __init__(self) -> None:
        self._calls: deque[ApiRecord] = deque(maxlen=KEPT)
        self._pushes: deque[PushRecord] = deque(maxlen=KEPT)
        self._numbers = 0

    @property
    def calls(self) -> tuple[ApiRecord, ...]:
        """Calls to the platform."""
        return tuple(self._calls)

    @property
    def pushes(self) -> tuple[PushRecord, ...]:
        """What the platform pushed."""
        return tuple(self._pushes)

    def calls_of(self, operation: str) -> list[ApiRecord]:
        """Calls of one API."""
        return [call for call in self._calls if call.operation == operation]

    def pushes_of(self, event_type: str) -> list[PushRecord]:
        """Pushes of one event type."""
        return [push for push in self._pushes if push.event_type == event_type]

    def next_number(self) -> int:
        """Numbers run over both lists, so that the inspector can merge them."""
        self._numbers += 1
        return self._numbers

    def add_call(self, call: ApiRecord) -> None:
        """Keep a call."""
        self._calls.append(call)

    def add_push(self, push: PushRecord) -> None:
        """Keep a push; its attempts are added to the record itself."""
        self._pushes.append(push)

    def clear(self) -> None:
        """Forget everything recorded so far."""
        self._calls.clear()
        self._pushes.clear()


def masked(body: Json | None) -> Json | None:
    """The body without secrets."""
    if body is None:
        return None
    return {key: "***" if key in _SECRET_KEYS else value for key, value in body.items()}


def masked_query(query: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """The query without secrets."""
    return tuple((key, "***" if key in _SECRET_KEYS else value) for key, value in query)
