"""What can be made to go wrong on the Feishu stage: once, the next time it can, or at once."""

from __future__ import annotations

from dataclasses import dataclass

from adapters._emulator.faults import Fault
from adapters.feishu.emulator import FaultKind, FeishuEmulator
from bot.stage import Refused
from bot.stage_views import FaultView

DISCONNECT_SECONDS = 60.0
_MESSAGE_CALLS = "im.v1.message.*"
_PUSHES = "push.*"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Trouble:
    """A fault on offer: what it hits and how."""

    pattern: str
    kind: FaultKind
    seconds: float = 0.0
    count: int = 1


#: keys in wording.py, with what strikes the next time it can
_NEXT_TIME: dict[str, _Trouble] = {
    "fault_duplicate": _Trouble(pattern=_PUSHES, kind=FaultKind.DUPLICATE, seconds=1.0, count=2),
    "fault_reorder": _Trouble(pattern=_PUSHES, kind=FaultKind.REORDER),
    "fault_drop_ack": _Trouble(pattern=_PUSHES, kind=FaultKind.DROP_ACK),
    "fault_delay": _Trouble(pattern=_PUSHES, kind=FaultKind.DELAY, seconds=5.0),
    "fault_wrong_signature": _Trouble(pattern=_PUSHES, kind=FaultKind.WRONG_SIGNATURE),
    "fault_http_429": _Trouble(pattern=_MESSAGE_CALLS, kind=FaultKind.HTTP_429, seconds=2.0),
    "fault_http_500": _Trouble(pattern=_MESSAGE_CALLS, kind=FaultKind.HTTP_500),
    "fault_executed_then_timeout": _Trouble(pattern=_MESSAGE_CALLS, kind=FaultKind.EXECUTED_THEN_TIMEOUT, seconds=1.0),
}
FAULTS = (*_NEXT_TIME, "fault_token_expired", "fault_disconnect")


class FeishuTroubles:
    """The faults that were asked for and have not struck yet."""

    def __init__(self, emulator: FeishuEmulator) -> None:
        self._emulator = emulator
        self._armed: list[tuple[str, Fault]] = []

    async def strike(self, key: str) -> None:
        """Arm it, or let it happen at once. Raises Refused for a key that is not on offer."""
        trouble = _NEXT_TIME.get(key)
        if trouble is not None:
            fault = self._emulator.faults.add(
                trouble.pattern, trouble.kind, times=1, seconds=trouble.seconds, count=trouble.count
            )
            self._armed.append((key, fault))
        elif key == "fault_token_expired":
            self._emulator.expires_tokens()
        elif key == "fault_disconnect":
            await self._emulator.disconnects(DISCONNECT_SECONDS)
        else:
            raise Refused("unknown_fault")

    def clear(self) -> None:
        """All is well again."""
        self._emulator.faults.clear()
        self._armed.clear()

    def pending(self) -> tuple[FaultView, ...]:
        """Those still to come, with how often."""
        waiting = [key for key, fault in self._armed if fault.struck < 1]
        return tuple(FaultView(key=key, left=waiting.count(key)) for key in dict.fromkeys(waiting))
