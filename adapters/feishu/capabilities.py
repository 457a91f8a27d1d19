"""What the platform can do, and how fast it lets us (feishu.md 1.5). Pure.

A GCRA row with a burst of b and a period of p lets at most b + T/p calls through in any T. Each limit is therefore set a
little inside the platform's, so that no window of it can be broken; a group's five a second are shared by all bots in
it, so only three are used.
"""

from __future__ import annotations

from datetime import timedelta

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

#: cards can be edited for 14 days; an hour of air for clocks that differ
CARD_EDIT_TIME = timedelta(days=14) - timedelta(hours=1)

Budget = tuple[str, int, int]

#: (period_ms, burst)
API_PER_SECOND = (25, 10)
API_PER_MINUTE = (66, 90)
CONVERSATION_PER_SECOND = (334, 2)
MESSAGE_PER_SECOND = (334, 2)


def capabilities(*, sees_all_group_messages: bool | None) -> Capabilities:
    """What the platform can do; whether it shows all group messages depends on a scope, None where nobody knows."""
    return Capabilities(
        sees_all_group_messages=sees_all_group_messages is True,
        recall_event=True,
        edit_event=False,
        reaction_event=True,
        read_receipt=False,
        group_member_event=True,
        group_dissolved_event=True,
        bot_removed_event=True,
        card_callback=True,
        card_update=True,
        card_forms=True,
        group_cards=True,
        urgent=True,
        create_group=True,
        threads=True,
        pictures=True,
        card_edit_seconds=int(CARD_EDIT_TIME.total_seconds()),
        keyed_sends=True,
    )


def budgets(outbound: AnyOutbound, *, app_id: str) -> tuple[Budget, ...]:
    """The limits that a call counts against."""
    match outbound:
        case SendText() | SendCard():
            api = "im.message.create" if outbound.reply_to is None else "im.message.reply"
            return (*_of_api(api, app_id), _to(outbound.target, app_id))
        case SendPicture():
            apis = (*_of_api("im.image.create", app_id), *_of_api("im.message.create", app_id))
            return (*apis, _to(outbound.target, app_id))
        case EditCard():
            return (
                *_of_api("im.message.patch", app_id),
                _row(f"{app_id}:edit:{outbound.message.message}", MESSAGE_PER_SECOND),
            )
        case Urge():
            return _of_api("im.message.urgent_app", app_id)
        case CreateGroup():
            return (*_of_api("im.chat.create", app_id), *_of_api("im.chat.members.create", app_id))
        case AddMembers():
            return _of_api("im.chat.members.create", app_id)
        case ReadMembers():
            return _of_api("im.chat.members.get", app_id)
        case LinkChats():
            return ()
        case LeaveChat():
            return _of_api("im.chat.members.delete", app_id)


def _to(target: Target, app_id: str) -> Budget:
    """Five a second to one person or one group."""
    whom = target.chat.chat if isinstance(target, ToChat) else target.account.account
    return _row(f"{app_id}:to:{whom}", CONVERSATION_PER_SECOND)


def _of_api(api: str, app_id: str) -> tuple[Budget, Budget]:
    """Both caps of one API hold: 50 a second and 1000 a minute, per app."""
    return (
        _row(f"{app_id}:{api}:second", API_PER_SECOND),
        _row(f"{app_id}:{api}:minute", API_PER_MINUTE),
    )


def _row(name: str, limit: tuple[int, int]) -> Budget:
    period_ms, burst = limit
    return f"feishu:{name}", period_ms, burst
