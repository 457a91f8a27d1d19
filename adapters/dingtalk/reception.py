"""Where all ways in meet: a genuine push becomes an update, and the update is stored before anybody is told.

Whatever raises here has not been stored, and must not be acknowledged.
"""

from __future__ import annotations

import msgspec
import structlog

from adapters._hardened_json import BadJson, JsonTable, parse_table, wire
from adapters._members import content_id, ident, instant
from adapters.dingtalk.budget import Kind
from adapters.dingtalk.client import DingTalkClient
from adapters.dingtalk.decode import decode, is_free_of_charge, readable, unreadable
from adapters.dingtalk.decode_cards import answer_card, card_clicked, framed, lacks_action, with_action
from adapters.dingtalk.decode_messages import is_out_of_budget, lacks_publication, message_received
from adapters.dingtalk.event import PLATFORM, Event, Self, posted_event, streamed_event
from adapters.dingtalk.frames import CARD_TOPIC, DATA_LIMITS, ROBOT_TOPIC, Frame, FrameType
from bot.clock import Clock
from bot.domain.ids import ChatKey
from bot.ports import Intake
from bot.updates import AnyUpdate, CardClicked, MessageReceived, Unreadable

log = structlog.get_logger(__name__)

#: seconds in which a click has its answer or is told to wait; the platform gives up after two
CLICK_SECONDS = 1.5
#: what a frame is answered with when its event was stored
_STORED = '{"status":"SUCCESS","message":"ok"}'
_HEARD = '{"response":null}'


class Reception:
    """Reads for one app and puts into the intake."""

    def __init__(self, me: Self, client: DingTalkClient, *, clock: Clock, busy_text: str) -> None:
        self._me = me
        self._client = client
        self._clock = clock
        self._busy_text = busy_text
        #: the last message of a colleague did not say whose it was
        self.is_unpublished = False

    async def take(self, frame: Frame, intake: Intake) -> str:
        """Store what a frame carries; the `data` of its answer. Raises StoreUnavailable."""
        try:
            body = parse_table(frame.payload, limits=DATA_LIMITS)
        except BadJson:
            await self._unreadable(frame.payload, intake)
            return _HEARD
        if frame.type == FrameType.EVENT:
            await self.take_event(
                streamed_event(frame.headers, body, me=self._me, received_at=self._clock.now()), intake
            )
            return _STORED
        match frame.topic:
            case topic if topic == ROBOT_TOPIC:
                await self.take_message(body, intake)
                return _HEARD
            case topic if topic == CARD_TOPIC:
                return framed(await self.take_click(body, intake, mark=frame.id))
            case _:
                await self._unreadable(frame.payload, intake)
                return _HEARD

    async def take_posted(self, body: JsonTable, intake: Intake) -> None:
        """Store an event of an HTTP callback. Raises StoreUnavailable."""
        await self.take_event(posted_event(body, me=self._me, received_at=self._clock.now()), intake)

    async def take_event(self, event: Event, intake: Intake) -> None:
        """Store an event. Raises StoreUnavailable."""
        if not is_free_of_charge(event.type):
            await self._client.budget.delivered()
        await self._store(decode(event), intake)
        group, older = ident(event.body, "openConversationId"), ident(event.body, "chatId")
        if group and older:
            await self._client.learn_group(ChatKey(PLATFORM, group), older)

    async def take_message(self, body: JsonTable, intake: Intake, *, is_unsigned: bool = False) -> None:
        """Store a robot message; `is_unsigned` for one whose words the platform does not vouch for. Raises StoreUnavailable."""
        await self._client.budget.delivered()
        if is_out_of_budget(body):
            await self._client.budget.gone(Kind.DELIVERIES)
        event = self._event("robot_message", ident(body, "msgId"), body)
        update = readable(event, lambda one: message_received(one, is_unsigned=is_unsigned))
        if isinstance(update, MessageReceived):
            if not is_unsigned:
                self._client.webhooks.learn(update.chat, body, now=self._clock.now())
            update = await self._with_our_card(update)
        await self._store(update, intake)
        if isinstance(update, MessageReceived) and not is_unsigned:
            await self._note_publication(update, body)

    async def _note_publication(self, update: MessageReceived, body: JsonTable) -> None:
        """Whoever tries the robot before a version is out hears what is missing, where a stranger would hear nothing."""
        if lacks_publication(body):
            self.is_unpublished = True
            await self._client.explain(update.chat)
        elif not update.sender_is_external:
            self.is_unpublished = False

    async def take_click(self, body: JsonTable, intake: Intake, *, mark: str) -> JsonTable:
        """Store a click and wait a moment for its answer; what the person who pressed sees. Raises StoreUnavailable.

        A click has no id of its own: `mark` names the push that brought it.
        """
        await self._client.budget.delivered()
        track = ident(body, "outTrackId")
        if track and lacks_action(body):
            body = with_action(body, await self._client.tracks.submitted(track))
        event = self._event("card_callback", content_id(mark.encode("utf-8", "replace") + wire(body)), body)
        update = readable(event, card_clicked)
        if isinstance(update, CardClicked):
            with self._client.settling.answering(track):
                answer = await intake.accept_click(update, within=CLICK_SECONDS)
            return answer_card(answer, busy_text=self._busy_text)
        await self._store(update, intake)
        return {}

    def _event(self, kind: str, name: str, body: JsonTable) -> Event:
        return Event(
            me=self._me,
            type=kind,
            id=name or content_id(wire(body)),
            sent_at=instant(body.get("createAt")),
            received_at=self._clock.now(),
            body=body,
        )

    async def _with_our_card(self, update: MessageReceived) -> MessageReceived:
        """An answer to a card quotes its carrier; the card is known by another id."""
        if update.reply_to is None:
            return update
        known = await self._client.tracks.card_in(update.reply_to)
        return msgspec.structs.replace(update, reply_to=known)

    async def _unreadable(self, payload: bytes, intake: Intake) -> None:
        await self._store(unreadable(payload, me=self._me, clock=self._clock), intake)

    async def _store(self, update: AnyUpdate, intake: Intake) -> None:
        if isinstance(update, Unreadable):
            _tell(update)
        await intake.accept([update])


def _tell(update: Unreadable) -> None:
    log.warning(
        "an event could not be read; it is kept as it is",
        action="event_unreadable",
        platform=update.source.platform,
        business_id=update.source.business_id,
        event_type=update.event_type,
        problem=update.problem,
    )
