"""How often, how long and how many: the figures of the emulated platform (dingtalk.md 1.4, 3.1, 4, 5)."""

from __future__ import annotations

from datetime import timedelta, timezone

#: in whose months the budgets are counted
CHINA = timezone(timedelta(hours=8))
#: the calls of one address are counted over so many seconds; above the limit nothing works for five minutes
ADDRESS_SECONDS = 20
ADDRESS_BAN = timedelta(minutes=5)
#: messages of a group webhook, and how long it is blocked afterwards
WEBHOOK_LIMITS: tuple[tuple[int, int], ...] = ((20, 60),)
WEBHOOK_BAN = timedelta(minutes=10)
WEBHOOK_BYTES = 20_000
WEBHOOK_SKEW = timedelta(hours=1)
MSG_PARAM_BYTES = 15_000
RECALL_KEYS = 20
RECALL_WINDOW = timedelta(hours=24)
OUT_TRACK_ID_CHARACTERS = 100
OPEN_SPACE_ID_CHARACTERS = 1000
CARD_KEY_BYTES = 100
CARD_MAP_BYTES = 100 * 1024
PRIVATE_PEOPLE, PRIVATE_PEOPLE_PER_CALL = 500, 20
MEMBERS = 1000
GROUP_NAME_CHARACTERS, SCENE_TITLE_CHARACTERS = 20, 30
SUB_ADMINS = 12
DING_PEOPLE = 200
MEDIA_BYTES, VOICE_BYTES = 20 * 1024 * 1024, 2 * 1024 * 1024
TICKET_LIFE = timedelta(seconds=90)
#: how long a `uuid` of a scene group is remembered
GROUP_UUID_LIFE = timedelta(days=365)
USER_PAGE = 100
