"""Updates that the dispatcher has claimed and not handled yet: who goes next, and whose fault trouble was.

After trouble they go one by one. One that fails again after others succeeded has brought the trouble itself; while all
fail it is the store's, and costs nobody an attempt. Within a lane nobody overtakes but those behind one that fails.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.ports import InboxEntry
from bot.updates import lane_of

#: more than can be in hand; the oldest suspicions are forgotten
MOST_SUSPECTS = 1000


class Hand:
    """The claimed updates of one dispatcher."""

    def __init__(self) -> None:
        self._entries: list[InboxEntry] = []
        self._ours_until: datetime | None = None
        self._is_careful = False
        #: numbers of those that failed -> whether another one succeeded since
        self._suspects: dict[int, bool] = {}

    @property
    def entries(self) -> tuple[InboxEntry, ...]:
        """All that is left, in the order in which it goes."""
        return tuple(self._entries)

    def is_ours(self, *, now: datetime) -> bool:
        """There is something left and the claim still holds."""
        return bool(self._entries) and self._ours_until is not None and now < self._ours_until

    def take(self, entries: Sequence[InboxEntry], *, until: datetime | None) -> None:
        """Forget what was and begin with newly claimed ones."""
        self._entries = list(entries)
        self._ours_until = until
        self._is_careful = False

    def next_ones(self) -> tuple[InboxEntry, ...]:
        """What to handle in the next transaction."""
        return tuple(self._entries[:1] if self._is_careful else self._entries)

    def handled(self, count: int) -> None:
        """The first of them are done with."""
        gone = {entry.id for entry in self._entries[:count]}
        del self._entries[:count]
        self._suspects = {number: True for number in self._suspects if number not in gone}

    def failed(self) -> None:
        """The first of them is done with for now; if it was suspected, it still is."""
        del self._entries[:1]

    def be_careful(self) -> bool:
        """From now on one by one; False when that is so already."""
        was_careful, self._is_careful = self._is_careful or len(self._entries) < 2, True
        return not was_careful

    def suspect(self) -> InboxEntry | None:
        """The first one failed, alone. Returns it when it must be its own fault, None while that is not known; then
        its lane lets the others go before."""
        first = self._entries[0]
        if self._suspects.get(first.id):
            return first
        self._suspects.pop(first.id, None)
        self._suspects[first.id] = False
        while len(self._suspects) > MOST_SUSPECTS:
            del self._suspects[next(iter(self._suspects))]
        lane = _lane(first)
        self._entries.sort(key=lambda entry: _lane(entry) == lane)
        return None

    def is_stuck(self) -> bool:
        """All that is left has to wait for one that is suspected."""
        return len({_lane(entry) for entry in self._entries}) == 1


def _lane(entry: InboxEntry) -> str:
    return lane_of(entry.update) if entry.update is not None else ""
