"""Hands events, robot messages and card callbacks to the app, over whatever the console and each card have for them.

Events are delivered at least once. Robot messages are repeated or lost when nobody acknowledges them, as the options
say; card callbacks are never repeated (dingtalk.md 2.3, 2.4, 3.4).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from adapters._emulator.faults import Fault, FaultKind, FaultPlan
from adapters._emulator.handover import Handover
from adapters._emulator.http_face import Call
from adapters._emulator.pushes import Push, Pushes
from adapters._emulator.recorder import Recorder
from adapters._emulator.wire_json import Json, text
from adapters.dingtalk.emulator_budget import Budget
from adapters.dingtalk.emulator_codes import ApiError
from adapters.dingtalk.emulator_events import CARD_CALLBACK, ROBOT_MESSAGE, to_ms
from adapters.dingtalk.emulator_server import Route
from adapters.dingtalk.emulator_socket import CARD_TOPIC, EVENTS, ROBOT_TOPIC, Sockets
from adapters.dingtalk.emulator_state import State, Transport
from adapters.dingtalk.emulator_webhook import Webhook

#: where a card callback keeps the route it takes over HTTP; not part of its payload
_ROUTE = "_route"
#: how long and how many missed events can be fetched
FAILED_LIFE, FAILED_PAGE = timedelta(minutes=5), 200


class Courier(Pushes):
    """One for the app. `emit` is called by whatever changes the organisation."""

    def __init__(
        self,
        *,
        state: State,
        recorder: Recorder,
        faults: FaultPlan,
        budget: Budget,
        webhook: Webhook,
        sockets: Sockets,
    ) -> None:
        super().__init__(clock=state.clock, changes=state.changes, recorder=recorder, faults=faults)
        self._state = state
        self._budget = budget
        self._webhook = webhook
        self._sockets = sockets
        self._told: set[str] = set()
        #: called with the payload of a robot message over HTTP and the body of its answer
        self.on_reply: Callable[[Json, bytes], None] = _ignore

    # ------------------------------------------------------------------ what is pushed

    def emit(self, event_type: str, data: Json, lane: str) -> None:
        """Queue an event that the console has ticked; before the start nobody listens."""
        if not self._is_reached(event_type) or event_type in self._state.unsubscribed:
            return
        if self._budget.takes_push(event_type):
            event_id = self._state.new_id("")
            whole = _event(self._state, event_type, event_id, data)
            self.queue(event_type, event_id, data, whole, lane=lane)

    def emit_robot_message(self, payload: Json, *, empty: Json, lane: str) -> None:
        """Queue a message for the robot; `empty` is what goes out when the month is used up."""
        if self._is_reached(ROBOT_MESSAGE):
            sent = payload if self._budget.takes_push(ROBOT_MESSAGE) else empty
            self.queue(ROBOT_MESSAGE, text(sent, "msgId"), sent, sent, lane=lane)

    async def call_card(self, payload: Json, *, callback_type: str, route_key: str) -> Handover:
        """Push a click and return its answer."""
        if self._state.options.callbacks_cost and not self._budget.takes_push(CARD_CALLBACK):
            return Handover(outcome="nobody")
        event_id = self._state.new_id("")
        whole = payload | {_ROUTE: route_key if callback_type == "HTTP" else ""}
        return await self.call_once(CARD_CALLBACK, event_id, payload, whole)

    def _is_reached(self, event_type: str) -> bool:
        if not self.is_running:
            return False
        if self.transport_of(event_type) == Transport.STREAM:
            return True
        return bool(self._webhook.robot_url if event_type == ROBOT_MESSAGE else self._webhook.event_url)

    # ------------------------------------------------------------------ how it is carried

    def transport_of(self, event_type: str) -> str:
        """Robot messages may be switched apart from events. Card callbacks differ card by card."""
        options = self._state.options
        return (options.robot_delivery or options.delivery) if event_type == ROBOT_MESSAGE else options.delivery

    def retries_of(self, push: Push) -> tuple[float, ...]:
        """By kind and transport."""
        options = self._state.options
        if push.record.event_type == ROBOT_MESSAGE:
            return options.robot_retries if options.repeats_robot_messages else ()
        return options.stream_retries if self.transport_of(push.record.event_type) == "stream" else options.retries

    def is_ordered(self, event_type: str) -> bool:  # noqa: ARG002 - the platform orders nothing
        """Nothing waits for an acknowledgement."""
        return False

    async def carry(self, push: Push, fault: Fault | None) -> Handover:
        """One attempt."""
        if fault is not None and fault.kind is FaultKind.DISCONNECT:
            await self._sockets.disconnect(fault.seconds)
        if fault is not None and fault.kind is FaultKind.SILENT_SOCKET:
            self._sockets.silence()
        is_forged = fault is not None and fault.kind is FaultKind.WRONG_SIGNATURE
        kind = push.record.event_type
        if kind == CARD_CALLBACK:
            return await self._carry_card(push, is_forged=is_forged)
        if self.transport_of(kind) == Transport.WEBHOOK:
            post = self._post_robot if kind == ROBOT_MESSAGE else self._post_event
            return await post(push, is_forged=is_forged)
        seconds = self._state.options.ack_seconds
        if kind == ROBOT_MESSAGE:
            return await self._sockets.deliver(push.envelope, topic=ROBOT_TOPIC, seconds=seconds)
        headers = _event_headers(self._state, push)
        return await self._sockets.deliver(push.record.event, topic=EVENTS, seconds=seconds, headers=headers)

    async def _carry_card(self, push: Push, *, is_forged: bool) -> Handover:
        route, seconds = text(push.envelope, _ROUTE), self._state.options.card_seconds
        if not route:
            return await self._sockets.deliver(push.record.event, topic=CARD_TOPIC, seconds=seconds)
        url, secret = self._state.card_routes.get(route, ("", ""))
        if not url:
            return Handover(outcome="nobody")
        request = self._webhook.seal_card(push.record.event, url=url, secret=secret, is_forged=is_forged)
        return await self._webhook.post(request, seconds=seconds)

    async def _post_event(self, push: Push, *, is_forged: bool) -> Handover:
        request = push.sealed
        if request is None or is_forged or self._state.options.retry_signs_anew:
            request = self._webhook.seal_event(push.envelope, url=self._webhook.event_url, is_forged=is_forged)
            push.sealed = None if is_forged else request
        return await self._webhook.post_event(request, seconds=self._state.options.event_seconds)

    async def _post_robot(self, push: Push, *, is_forged: bool) -> Handover:
        request = self._webhook.seal_robot(push.envelope, url=self._webhook.robot_url, is_forged=is_forged)
        handover = await self._webhook.post(request, seconds=self._state.options.ack_seconds)
        if handover.is_acked and handover.body:
            self.on_reply(push.envelope, handover.body)
        return handover

    # ------------------------------------------------------------------ what was missed

    def routes(self) -> list[Route]:
        """The calls that fetch events over HTTP which failed at least once and are still being repeated or given up."""
        return [
            Route(
                method="GET",
                path="/call_back/get_call_back_failed_result",
                operation="call_back.failed",
                run=self._failed,
            ),
            Route(
                method="GET",
                path="/v1.0/event/callbacks/failedResults",
                operation="event.callbacks.failedResults",
                run=self._failed_new,
            ),
        ]

    def _failed(self, _call: Call) -> Json:
        """GET /call_back/get_call_back_failed_result: what failed within the last minutes, each once."""
        now, found = self._state.now(), []
        for push in self._recorder.pushes:
            is_missed = push.transport == Transport.WEBHOOK and push.attempts and not push.is_acked
            if push.event_type in {ROBOT_MESSAGE, CARD_CALLBACK} or not is_missed or push.event_id in self._told:
                continue
            if now - push.created_at <= FAILED_LIFE:
                self._told.add(push.event_id)
                found.append(_event(self._state, push.event_type, push.event_id, push.event))
        return {"has_more": len(found) > FAILED_PAGE, "failed_list": found[:FAILED_PAGE]}

    def _failed_new(self, call: Call) -> Json:
        """GET /v1.0/event/callbacks/failedResults, which no page describes."""
        if not self._state.options.lists_failed_events:
            raise ApiError("InvalidAction.NotFound", status=404)
        found = self._failed(call)
        return {"hasMore": found["has_more"], "failedList": found["failed_list"]}


def _event(state: State, event_type: str, event_id: str, data: Json) -> Json:
    """An event as it goes over HTTP: flat, with mixed capitals."""
    head: Json = {
        "EventType": event_type,
        "EventTime": to_ms(state.now()),
        "CorpId": state.app.corp_id,
        "BizId": event_id,
        "eventId": event_id,
    }
    if not state.options.capital_fields:
        return head | data
    return head | {key[:1].upper() + key[1:]: value for key, value in data.items()}


def _event_headers(state: State, push: Push) -> Json:
    return {
        "eventType": push.record.event_type,
        "eventId": push.record.event_id,
        "eventBornTime": str(to_ms(push.record.created_at)),
        "eventCorpId": state.app.corp_id,
        "eventUnifiedAppId": state.app.client_id,
    }


def _ignore(payload: Json, body: bytes) -> None:
    """Nobody reads answers."""
