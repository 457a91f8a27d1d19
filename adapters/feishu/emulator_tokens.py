"""Access tokens of the emulated platform, with their real life: 2 hours, overlap in the last 30 minutes (feishu.md 1.2)."""

from __future__ import annotations

from datetime import datetime, timedelta

from adapters.feishu.emulator_state import State

TOKEN_LIFE = timedelta(hours=2)
#: a request with less life than this left gets a new token
OVERLAP = timedelta(minutes=30)


class Tokens:
    """Tenant tokens given out so far."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._ends: dict[str, datetime] = {}
        self._newest = ""
        #: how many different tokens were made
        self.made = 0

    def issue(self) -> tuple[str, int]:
        """The token and the seconds it still lives."""
        now = self._state.now()
        if self._ends.get(self._newest, now) - now < OVERLAP:
            self._newest = self._state.new_id("t-g1")
            self._ends[self._newest] = now + TOKEN_LIFE
            self.made += 1
        return self._newest, int((self._ends[self._newest] - now).total_seconds())

    def is_valid(self, token: str) -> bool:
        """True while the token lives."""
        end = self._ends.get(token)
        return end is not None and self._state.now() < end

    def expire_all(self) -> None:
        """Every token given out so far is invalid from now on."""
        self._ends.clear()
        self._newest = ""
