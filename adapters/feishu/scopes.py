"""What the app needs to be allowed, and what stops working without it (feishu.md 10.1).

Each need names scopes of which one is enough: the platform has fine and broad ones for the same thing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.ports import Severity

#: lets the bot see group messages that do not mention it; without it no reply clock can run in a group
ALL_GROUP_MESSAGES = ("im:message.group_msg", "im:message.group_msg:readonly")


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One thing the product does, the scopes that allow it, and how bad it is without."""

    id: str
    #: any one of them
    scopes: tuple[str, ...]
    severity: Severity
    #: what does not work without it, Chinese first
    lost: str


_FAILURE, _WARNING = Severity.FAILURE, Severity.WARNING

NEEDS: tuple[Need, ...] = (
    Need(
        id="send",
        scopes=("im:message", "im:message:send_as_bot", "im:message:send"),
        severity=_FAILURE,
        lost="不能发送消息和卡片 / messages and cards cannot be sent",
    ),
    Need(
        id="private_messages",
        scopes=("im:message.p2p_msg:readonly", "im:message.p2p_msg"),
        severity=_FAILURE,
        lost="收不到私聊消息 / private messages do not arrive",
    ),
    Need(
        id="mentions",
        scopes=("im:message.group_at_msg:readonly", "im:message.group_at_msg", *ALL_GROUP_MESSAGES),
        severity=_FAILURE,
        lost="收不到群里 @ 机器人的消息 / messages that mention the bot do not arrive",
    ),
    Need(
        id="group_messages",
        scopes=ALL_GROUP_MESSAGES,
        severity=_WARNING,
        lost="看不到群里未 @ 机器人的消息，限时回复无法自动计时和停表"
        " / group messages without a mention are not seen, reply clocks cannot be kept by themselves",
    ),
    Need(
        id="reactions",
        scopes=("im:message.reactions:read", "im:message:readonly", "im:message"),
        severity=_WARNING,
        lost="表情回复不算回复 / reactions do not count as answers",
    ),
    Need(
        id="edit_cards",
        scopes=("im:message", "im:message:send_as_bot", "im:message:update"),
        severity=_WARNING,
        lost="卡片状态不能更新 / cards cannot be updated",
    ),
    Need(
        id="urgent",
        scopes=("im:message.urgent", "im:message.urgent:app_send"),
        severity=_WARNING,
        lost="重大事项不能应用内加急 / major issues cannot ring",
    ),
    Need(
        id="pictures",
        scopes=("im:resource", "im:resource:upload"),
        severity=_WARNING,
        lost="图表不能发成图片，只发文字 / charts cannot be sent as pictures, only as text",
    ),
    Need(
        id="create_groups",
        scopes=("im:chat", "im:chat:create"),
        severity=_WARNING,
        lost="不能建群 / groups cannot be made",
    ),
    Need(
        id="invite",
        scopes=("im:chat", "im:chat.members:write_only"),
        severity=_WARNING,
        lost="不能邀请成员进群 / people cannot be invited into groups",
    ),
    Need(
        id="members",
        scopes=("im:chat", "im:chat:readonly", "im:chat.members:read"),
        severity=_WARNING,
        lost="不能核对群成员 / the people in a group cannot be checked",
    ),
    Need(
        id="bot_in_groups",
        scopes=("im:chat.members:bot_access", "im:chat", "im:chat:readonly"),
        severity=_WARNING,
        lost="不知道机器人被拉进或移出群 / coming into and going out of groups is not seen",
    ),
    Need(
        id="history",
        scopes=("im:message", "im:message:readonly"),
        severity=_WARNING,
        lost="中断期间群里的消息不能补读 / what was said in groups while nobody listened cannot be read",
    ),
    Need(
        id="directory",
        scopes=("contact:contact.base:readonly", "contact:contact:readonly_as_app", "contact:contact:access_as_app"),
        severity=_WARNING,
        lost="不能同步通讯录 / the directory cannot be read",
    ),
    Need(
        id="departments",
        scopes=("contact:department.base:readonly", "contact:contact:readonly_as_app", "contact:contact:access_as_app"),
        severity=_WARNING,
        lost="看不到部门名称 / departments have no names",
    ),
    Need(
        id="people",
        scopes=("contact:user.base:readonly", "contact:contact:readonly_as_app", "contact:contact:access_as_app"),
        severity=_WARNING,
        lost="看不到姓名 / people have no names",
    ),
    Need(
        id="people_departments",
        scopes=("contact:user.department:readonly", "contact:contact:readonly_as_app", "contact:contact:access_as_app"),
        severity=_WARNING,
        lost="看不到人员所属部门 / nobody knows who belongs to which department",
    ),
)


def unmet(granted: Iterable[str]) -> list[Need]:
    """The needs for which no scope is granted."""
    have = frozenset(granted)
    return [need for need in NEEDS if have.isdisjoint(need.scopes)]


def sees_all_group_messages(granted: Iterable[str]) -> bool:
    """Whether messages that do not mention the bot arrive."""
    return not frozenset(granted).isdisjoint(ALL_GROUP_MESSAGES)
