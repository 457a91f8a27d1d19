"""The two budgets of the organisation's month: paid calls, and deliveries over webhook or stream (dingtalk.md 1.4)."""

from __future__ import annotations

from adapters.dingtalk.emulator_limits import CHINA
from adapters.dingtalk.emulator_state import State

#: contact events, which cost nothing
FREE_EVENTS = ("user_", "org_", "label_")


class Budget:
    """Counts by calendar month in China. None in the options means that there is no end."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._month = ""
        self.calls = 0
        self.pushes = 0

    def takes_call(self) -> bool:
        """Count one paid call; false, and nothing counted, when the month is used up."""
        self._turn()
        limit = self._state.options.monthly_calls
        if limit is not None and self.calls >= limit:
            return False
        self.calls += 1
        return True

    def takes_push(self, event_type: str) -> bool:
        """Count one delivery; false, and nothing counted, when the month is used up."""
        if event_type.startswith(FREE_EVENTS):
            return True
        self._turn()
        limit = self._state.options.monthly_pushes
        if limit is not None and self.pushes >= limit:
            return False
        self.pushes += 1
        return True

    def _turn(self) -> None:
        month = f"{self._state.now().astimezone(CHINA):%Y-%m}"
        if month != self._month:
            self._month, self.calls, self.pushes = month, 0, 0
