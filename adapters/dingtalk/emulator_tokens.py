"""Access tokens of the emulated platform: a repeated request gives the same one with a longer life (dingtalk.md 1.1)."""

from __future__ import annotations

from datetime import datetime, timedelta

from adapters.dingtalk.emulator_state import State

TOKEN_LIFE = timedelta(hours=2)


class Tokens:
    """The token of the app. Both APIs take tokens of either call."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._ends: dict[str, datetime] = {}
        self._current: dict[str, str] = {}
        #: how many different tokens were made
        self.made = 0

    def issue(self, kind: str = "new") -> tuple[str, int]:
        """The token of a kind (`new` or `legacy`) and the seconds it lives from now on."""
        now = self._state.now()
        token = self._current.get(kind, "")
        if self._ends.get(token, now) <= now:
            token = self._state.new_id("")
            self._current[kind] = token
            self.made += 1
        self._ends[token] = now + TOKEN_LIFE
        return token, int(TOKEN_LIFE.total_seconds())

    def is_valid(self, token: str) -> bool:
        """True while the token lives."""
        end = self._ends.get(token)
        return end is not None and self._state.now() < end

    def expire_all(self) -> None:
        """Every token given out so far is invalid from now on."""
        self._ends.clear()
        self._current.clear()
