"""When a call goes again: how often, how late, and never blindly (P3, F6, F8, EC-78)."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from bot.errors import PlatformError
from bot.messages import AnyOutbound, EditCard, Urge
from bot.ports import OutboxEntry

#: a keyed call with an unknown outcome is repeated this long after the first try, then it stays unknown (P3)
KEYED_WINDOW = timedelta(minutes=50)
#: how long a call that the platform cannot take now is worth repeating (EC-78)
GIVE_UP_AFTER = timedelta(hours=24)
MIN_ATTEMPTS = 5
BACKOFF_CAP = timedelta(seconds=60)
#: so many tries in a row are made after the pause that the platform asked for, later ones after longer ones
BELIEVED_ATTEMPTS = 3
#: the shortest pause that a platform may ask for
SHORTEST_PAUSE_MS = 50


def age(entry: OutboxEntry, now: datetime) -> timedelta:
    """For how long it could have gone."""
    envelope = entry.envelope
    return now - max(envelope.created_at, envelope.not_before or envelope.created_at)


def is_worth_it(entry: OutboxEntry, now: datetime) -> bool:
    """Is a call that cannot go now worth another try? Those that were held back long get some tries in any case."""
    return age(entry, now) < GIVE_UP_AFTER or entry.attempts < MIN_ATTEMPTS


def may_repeat(entry: OutboxEntry, outbound: AnyOutbound, now: datetime, *, is_keyed: bool) -> bool:
    """May a call be made again of which nobody knows what became of it?"""
    first = entry.first_tried_at
    if first is None or entry.attempts <= 1:
        return True
    match outbound:
        case EditCard():
            return True
        case Urge():
            return False
        case _:
            if is_keyed:
                return now - first <= KEYED_WINDOW
            return entry.envelope.repeat_unknown and entry.attempts <= 2


def pause(attempts: int, problem: PlatformError, dice: Random) -> timedelta:
    """1 s doubled per attempt up to a minute, with full jitter (F6, F8).

    Where the platform gave its own word, that is the shortest pause, and the first tries take it literally. A platform that
    says "in a second" for ten minutes is not believed for so long: where calls are counted by the month, tries cost.
    """
    if problem.retry_after_ms is None:
        return _backoff(attempts, dice)
    given = timedelta(milliseconds=max(SHORTEST_PAUSE_MS, problem.retry_after_ms))
    return given if attempts <= BELIEVED_ATTEMPTS else max(given, _backoff(attempts - BELIEVED_ATTEMPTS, dice))


def _backoff(attempts: int, dice: Random) -> timedelta:
    ceiling = min(BACKOFF_CAP.total_seconds(), 2.0 ** min(attempts, 10))
    return timedelta(seconds=0.5 + dice.random() * ceiling)
