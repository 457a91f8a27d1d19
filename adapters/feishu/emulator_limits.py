"""How often and how long: the figures of the emulated platform (feishu.md 1.4, 1.5)."""

from __future__ import annotations

from datetime import timedelta

#: one API may be called that often, per app and tenant: (calls, seconds)
API_LIMITS: tuple[tuple[int, int], ...] = ((1000, 60), (50, 1))
#: messages to one person, to one group, and updates of one message
TARGET_LIMITS: tuple[tuple[int, int], ...] = ((5, 1),)
#: how long a `uuid` of a message is remembered
MESSAGE_UUID_LIFE = timedelta(hours=1)
#: how long a `uuid` of a group is remembered, together with its owner
CHAT_UUID_LIFE = timedelta(hours=10)
