"""What the platform can do, and how fast it lets us (dingtalk.md 0, 1.4). Pure.

A GCRA row with a burst of b and a period of p lets at most b + T/p calls through in any T. The standard edition takes
twenty calls a second of the whole organisation, of which fifteen are used.
"""

from __future__ import annotations

from adapters.dingtalk.render import user_of
from adapters.dingtalk.settings import DingTalkSettings
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
    ToChat,
    Urge,
)
from bot.ports import Capabilities

Budget = tuple[str, int, int]

#: (period_ms, burst)
ALL_CALLS = (84, 3)
CONVERSATION = (600, 3)
#: between a card and its first repaint, and between two of them (dingtalk.md 10, 13)
REPAINT = (600, 1)


def capabilities(settings: DingTalkSettings) -> Capabilities:
    """What this app can do; without a card template there is nothing to press."""
    has_cards = bool(settings.card_template_id)
    return Capabilities(
        sees_all_group_messages=False,
        recall_event=False,
        edit_event=False,
        reaction_event=False,
        read_receipt=False,
        # documented; whether groups that were made by hand tell of themselves, too, nobody says (dingtalk.md 2.6)
        group_member_event=True,
        group_dissolved_event=True,
        bot_removed_event=False,
        card_callback=has_cards,
        card_update=has_cards,
        card_forms=has_cards,
        group_cards=has_cards,
        urgent=False,
        create_group=True,
        threads=False,
        pictures=True,
        mentions_by_name=True,
        joins_by_hand=True,
        keyed_sends=False,
        keyed_cards=has_cards,
    )


def budgets(outbound: AnyOutbound, *, settings: DingTalkSettings) -> tuple[Budget, ...]:
    """The limits that a call counts against."""
    every = _row(f"{settings.client_id}:calls", ALL_CALLS)
    match outbound:
        case SendText() | SendCard() | SendPicture():
            return every, _to(outbound.target, settings)
        case EditCard():
            return every, _row(f"{settings.client_id}:edit:{outbound.message.message}", REPAINT)
        case CreateGroup() | AddMembers() | ReadMembers():
            return (every,)
        case Urge() | LinkChats() | LeaveChat():
            return ()


def _to(target: Target, settings: DingTalkSettings) -> Budget:
    whom = user_of(target) or (target.chat.chat if isinstance(target, ToChat) else "")
    return _row(f"{settings.client_id}:to:{whom}", CONVERSATION)


def _row(name: str, limit: tuple[int, int]) -> Budget:
    period_ms, burst = limit
    return f"dingtalk:{name}", period_ms, burst
