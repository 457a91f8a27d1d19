"""Where both ways in meet: a genuine envelope becomes an update, and the update is stored before anybody is told.

Whatever raises here has not been stored, and must not be acknowledged.
"""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from adapters._hardened_json import BadJson, JsonTable, parse_table
from adapters._settling import Settling
from adapters.feishu.decode import decode, is_click, unreadable
from adapters.feishu.decode_cards import answer_card, as_trigger
from adapters.feishu.envelope import ENVELOPE_LIMITS, is_for_app
from adapters.feishu.event import Self
from bot.ports import Housing, Intake
from bot.updates import AnyUpdate, CardClicked, ChatType, MessageReceived, Unreadable

log = structlog.get_logger(__name__)

#: seconds in which a click has its answer or is told to wait; the platform gives up after three
CLICK_SECONDS = 2.0


class Reception:
    """Reads for one app and puts into the intake."""

    def __init__(self, *, app_id: str, housing: Housing) -> None:
        self.me = Self(app_id=app_id)
        #: somebody wrote into a group without naming the bot, and it arrived: no scope could say that better
        self.has_overheard = False
        #: the cards that have just been pressed on
        self.settling = Settling(housing.clock, seconds=housing.settle_seconds)
        self._clock = housing.clock
        self._busy_text = housing.busy_text

    def is_known(self, bot_open_id: str) -> None:
        """From now on mentions of the bot are told by this id."""
        self.me = Self(app_id=self.me.app_id, bot_open_id=bot_open_id)

    async def take(self, envelope: JsonTable, intake: Intake) -> JsonTable | None:
        """Store what the envelope says; the answer for a card, None where nobody waits for one.

        Raises StoreUnavailable.
        """
        update = decode(envelope, me=self.me, received_at=self._clock.now())
        if isinstance(update, CardClicked):
            with self.settling.answering(update.message.message if update.message is not None else ""):
                answer = await intake.accept_click(update, within=CLICK_SECONDS)
            return answer_card(answer, busy_text=self._busy_text)
        if isinstance(update, Unreadable):
            _tell(update)
        self.has_overheard = self.has_overheard or _is_overheard(update)
        await intake.accept([update])
        return {} if is_click(envelope) else None

    async def take_bytes(self, payload: bytes, intake: Intake) -> JsonTable | None:
        """The same for a payload of the long connection, which is genuine whatever stands in it."""
        try:
            envelope = as_trigger(parse_table(payload, limits=ENVELOPE_LIMITS))
        except BadJson:
            envelope = None
        if envelope is None or not is_for_app(envelope, self.me.app_id):
            update = unreadable(payload, me=self.me, received_at=self._clock.now())
            _tell(update)
            await intake.accept([update])
            return None
        return await self.take(envelope, intake)

    async def take_history(self, envelopes: Sequence[JsonTable], intake: Intake) -> int:
        """Store what history says, all at once; returns how many messages that were. What cannot be read stays where
        it is. Raises StoreUnavailable."""
        now = self._clock.now()
        read = [decode(one, me=self.me, received_at=now) for one in envelopes]
        messages = [update for update in read if isinstance(update, MessageReceived)]
        if messages:
            await intake.accept(messages)
        return len(messages)


def _is_overheard(update: AnyUpdate) -> bool:
    """A person's message in a group that nobody had to send to the bot."""
    return (
        isinstance(update, MessageReceived)
        and update.chat_type is ChatType.GROUP
        and not update.sender_is_bot
        and not any(one.is_bot or one.is_everybody for one in update.mentions)
    )


def _tell(update: Unreadable) -> None:
    log.warning(
        "an event could not be read; it is kept as it is",
        action="event_unreadable",
        platform=update.source.platform,
        business_id=update.source.business_id,
        event_type=update.event_type,
        problem=update.problem,
    )
