"""What the platform can do, and how fast it lets us (wecom.md 0, 1.3, 3.3, 5). Pure.

A GCRA row with a burst of b and a period of p lets at most b + T/p calls through in any T. What is too much here is often
dropped without a word, so each limit is kept well inside the platform's.
"""

from __future__ import annotations

from datetime import timedelta

from adapters.wecom.codes import LIFE
from adapters.wecom.render import group_of, user_of
from adapters.wecom.settings import WeComSettings
from bot.messages import (
    AddMembers,
    AnyOutbound,
    CreateGroup,
    EditCard,
    LeaveChat,
    LinkChats,
    ReadMembers,
    SendCard,
    SendPicture,
    SendText,
    Target,
    Urge,
)
from bot.ports import Capabilities

Budget = tuple[str, int, int]

#: (period_ms, burst); to one person 30 a minute and 1,000 an hour, and into one conversation of the bot the same
PER_MINUTE, PER_HOUR = (2_400, 4), (3_800, 40)
#: all calls of one API: 10,000 a minute
API = (10, 50)


def capabilities(settings: WeComSettings) -> Capabilities:
    """What the app and the bot can do together; either may be missing."""
    has_app, has_bot = settings.has_app, settings.bot is not None
    return Capabilities(
        sees_all_group_messages=False,
        recall_event=False,
        edit_event=False,
        reaction_event=False,
        read_receipt=False,
        group_member_event=False,
        group_dissolved_event=False,
        bot_removed_event=False,
        card_callback=True,
        card_update=has_app,
        card_forms=False,
        group_cards=False,
        urgent=False,
        create_group=has_app,
        threads=False,
        pictures=has_app,
        mentions_by_name=has_bot,
        joins_by_hand=has_bot,
        card_edit_seconds=int((LIFE - timedelta(hours=1)).total_seconds()),
        keyed_sends=False,
        keyed_cards=False,
    )


def budgets(outbound: AnyOutbound, *, settings: WeComSettings) -> tuple[Budget, ...]:
    """The limits that a call counts against."""
    match outbound:
        case SendText() | SendCard() | SendPicture():
            return _to(outbound.target, settings)
        case EditCard():
            return (_row(f"{settings.corp_id}:edit", API),)
        case CreateGroup() | AddMembers() | ReadMembers():
            return (_row(f"{settings.corp_id}:groups", API),)
        case Urge() | LinkChats() | LeaveChat():
            return ()


def _to(target: Target, settings: WeComSettings) -> tuple[Budget, ...]:
    whom = user_of(target) or group_of(target)
    name = f"{settings.corp_id}:to:{whom}"
    return _row(f"{name}:minute", PER_MINUTE), _row(f"{name}:hour", PER_HOUR)


def _row(name: str, limit: tuple[int, int]) -> Budget:
    period_ms, burst = limit
    return f"wecom:{name}", period_ms, burst
