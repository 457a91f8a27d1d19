"""What goes out to the app over HTTP, byte for byte, and what became of one try to hand something over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CapturedRequest:
    """A push exactly as it went over the wire; header names as the platform writes them."""

    url: str
    headers: Mapping[str, str]
    body: bytes
    at: datetime
    event_type: str = ""
    event_id: str = ""
    method: str = "POST"


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """What became of one try to hand a push over. `outcome` as in `Attempt`."""

    outcome: str
    status: int = 0
    latency_ms: float = 0.0
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_acked(self) -> bool:
        """True when the receiver said that it has it."""
        return self.outcome == "acked"
