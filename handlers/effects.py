"""From decisions to rows: outgoing messages, cards, timers and the audit trail of one transaction.

Handlers say what should be told to whom; this file knows where a person can be reached, what may be sent now (L-09) and
under which key, so that the same notice can never be written twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import Protocol

from bot.domain.chart import Chart
from bot.domain.directory import Person, Role
from bot.domain.ids import AccountKey, ChatKey, Code, MessageKey, PersonId
from bot.domain.permissions import Grant
from bot.domain.timers import Timer, TimerKind
from bot.messages import (
    AnyOutbound,
    Card,
    CardColour,
    Rich,
    SendCard,
    SendPicture,
    SendText,
    Target,
    Text,
    ToChat,
    ToPerson,
    lane_of,
    platform_of,
)
from bot.ports import AuditRecord, Capabilities, Envelope
from bot.routing import Context
from bot.updates import ChatType, MessageReceived
from handlers.mentions import in_their_place
from handlers.seals import sealed

#: priorities within a platform: answers to people overtake reminders, reminders overtake reports
ANSWER = 1
NOTICE = 3
REPORT = 5
#: a notice whose moment was less than this ago still belongs to that moment (L-09 at a window's very end)
SETTLE_TIME = timedelta(minutes=1)
_NOTHING = Capabilities()


def account_of(context: Context, person: Person) -> AccountKey | None:
    """Where to reach a person: the preferred platform if it is on, else any other that is (EC-82); None if none is.

    Whoever left is told nothing any more (EC-53).
    """
    if not person.is_active:
        return None
    for platform in (person.prefer, *person.accounts):
        if platform in context.capabilities:
            account = person.account_on(platform)
            if account is not None:
                return account
    return None


def send(
    context: Context,
    outbound: AnyOutbound,
    *,
    key: str,
    ref: str = "",
    recheck: str = "",
    not_before: datetime | None = None,
    priority: int = NOTICE,
    coalesce: str = "",
    only_replacing: bool = False,
    repeat_unknown: bool = False,
    has_waited: bool = False,
) -> bool:
    """Write one outgoing call; False when this key was written before, or when it only replaces and nothing older waits.

    What has to wait, or has waited elsewhere (`has_waited`), goes through a lane of its own beside the conversation's, so that
    answers are not held up by it.
    """
    outbound = in_their_place(outbound, context.world.directory)
    lane = lane_of(outbound)
    if has_waited or (not_before is not None and not_before > context.now):
        lane += "~later"
    return context.uow.outbox.put(
        Envelope(
            key=key,
            lane=lane,
            outbound=outbound,
            created_at=context.now,
            not_before=not_before,
            priority=priority,
            coalesce=coalesce,
            recheck=recheck,
            ref=ref,
            repeat_unknown=repeat_unknown,
        ),
        only_replacing=only_replacing,
    )


def post(context: Context, chat: ChatKey, body: Rich, *, key: str, reply_to: MessageKey | None = None) -> bool:
    """Write a text into a conversation, as an answer to somebody's own action."""
    return send(context, SendText(target=ToChat(chat), body=body, reply_to=reply_to), key=key, priority=ANSWER)


def tell(
    context: Context,
    person: Person,
    body: Rich,
    *,
    key: str,
    moment: datetime | None = None,
    at_once: bool = False,
    is_owed: bool = False,
    recheck: str = "",
    ref: str = "",
    priority: int = NOTICE,
    repeat_unknown: bool = False,
    has_waited: bool = False,
) -> bool:
    """Write a direct message to one person; False when it was written before or the person cannot be reached.

    Outside the person's working windows it waits for the next opening and is dropped then if `recheck` says that it is
    not owed any more (L-09). `moment` is the instant it belongs to, now if not given; `at_once` is for what L-09
    exempts, `is_owed` for what a person cannot mute because he or she has to act (ux.md A4 44).
    """
    account = account_of(context, person)
    if account is None:
        context.count("unreachable")
        return False
    return send(
        context,
        SendText(target=ToPerson(account), body=body),
        key=key,
        ref=ref,
        recheck=recheck,
        not_before=None if at_once else notice_time(context, person, moment or context.now, is_owed=is_owed),
        priority=priority,
        repeat_unknown=repeat_unknown,
        has_waited=has_waited,
    )


def picture(
    context: Context,
    target: Target,
    chart: Chart,
    *,
    alt: str,
    key: str,
    not_before: datetime | None = None,
    priority: int = REPORT,
) -> bool:
    """Write a chart behind the text that it illustrates; False where the platform shows none or it was written before."""
    outbound = SendPicture(target=target, chart=chart, alt=alt)
    can = context.capabilities.get(platform_of(outbound))
    if can is None or not can.pictures:
        return False
    return send(context, outbound, key=key, not_before=not_before, priority=priority, repeat_unknown=True)


def notice_time(context: Context, person: Person, moment: datetime, *, is_owed: bool = False) -> datetime | None:
    """When a notice of `moment` may reach this person: None for now, else the later of opening and end of mute."""
    hours = context.world.calendars.of_person(person)
    at = context.now
    if not (hours.is_notice_time(moment) and context.now - moment <= SETTLE_TIME):
        at = hours.next_notice_time(context.now)
    preference = context.uow.preferences.get(person.id)
    if not is_owed and preference is not None and preference.muted_until is not None and preference.muted_until > at:
        at = hours.next_notice_time(preference.muted_until)
    return at if at > context.now else None


def show(
    context: Context,
    target: Target,
    card: Card,
    *,
    card_id: str,
    revision: int | str,
    ref: str,
    priority: int = NOTICE,
    recheck: str = "",
    not_before: datetime | None = None,
    reply_to: MessageKey | None = None,
) -> bool:
    """Bring a card to this state: sent the first time, edited afterwards; pending older states are replaced.

    `revision` names the state, so that the same state is never written twice. A group whose platform has no cards there reads
    the words of the card once, and once more when it is overdue; who has to press something has it in private. Words that still
    wait say what is true when they go.
    """
    if isinstance(target, ToChat) and not takes_cards(context, target.chat):
        mark = "overdue" if card.colour is CardColour.OVERDUE else "first"
        words = SendText(target=target, body=card.fallback or text(card.title), reply_to=reply_to)
        said = f"card:{card_id}@{lane_of(words)}#words"
        say = partial(
            send,
            context,
            words,
            ref=ref,
            recheck=recheck,
            not_before=not_before,
            priority=priority,
            coalesce=said,
            repeat_unknown=True,
        )
        return say(key=f"{said}:{mark}") or say(key=f"{said}:{revision}", only_replacing=True)
    outbound = SendCard(target=target, card_id=card_id, card=sealed(context, card, card_id=card_id), reply_to=reply_to)
    return send(
        context,
        outbound,
        key=f"card:{card_id}@{lane_of(outbound)}#{revision}",
        ref=ref,
        recheck=recheck,
        not_before=not_before,
        priority=priority,
        coalesce=f"{card_id}@{lane_of(outbound)}",
    )


def can(context: Context, platform: str) -> Capabilities:
    """What a platform can do; nothing where it was switched off since (5.4)."""
    return context.capabilities.get(platform, _NOTHING)


def takes_cards(context: Context, chat: ChatKey) -> bool:
    """Whether a card can stand in this conversation; private ones take all that their platform has."""
    can = context.capabilities.get(chat.platform)
    if can is None or can.group_cards:
        return True
    update = context.update
    if isinstance(update, MessageReceived) and update.chat == chat:
        return update.chat_type is ChatType.DIRECT
    return not context.uow.groups.find(chat=str(chat))


def standing(context: Context, card_id: str) -> list[Target]:
    """The conversations in which a card stands."""
    found: list[Target] = []
    for card in context.uow.cards.find(card_id=card_id, is_live=True):
        if card.target_chat is not None:
            found.append(ToChat(card.target_chat))
        elif card.target_account is not None:
            found.append(ToPerson(card.target_account))
    return found


def retime(context: Context, ref: str, kinds: Iterable[TimerKind], timers: Iterable[Timer]) -> None:
    """Make the armed timers of `ref` exactly `timers`; `kinds` are those that this object may ever have."""
    wanted = {timer.kind: timer for timer in timers}
    for kind in kinds:
        if kind in wanted:
            context.uow.timers.arm(wanted[kind])
        else:
            context.uow.timers.cancel(kind, ref)


def record(
    context: Context,
    action: str,
    ref: str,
    *,
    before: str = "",
    after: str = "",
    reason: str = "",
    role: str = "",
    on_behalf_of: PersonId | str = "",
    facts: dict[str, str] | None = None,
) -> None:
    """Append to the audit trail: who, in which role, for whom, what changed (P10)."""
    source = context.update.source if context.update is not None else None
    context.uow.audit.append(
        AuditRecord(
            at=context.now,
            action=action,
            ref=ref,
            actor=context.person.id if context.person is not None else "",
            on_behalf_of=on_behalf_of,
            role=role,
            platform=source.platform if source is not None else "",
            platform_at=source.happened_at if source is not None else None,
            update_id=source.business_id if source is not None else "",
            before=before,
            after=after,
            reason=reason,
            facts=facts or {},
        )
    )


class Stateful(Protocol):
    """A numbered object that a state machine moves."""

    @property
    def code(self) -> Code: ...
    @property
    def state(self) -> StrEnum: ...


def record_act(
    context: Context,
    action: str,
    before: Stateful | None,
    after: Stateful,
    *,
    grant: Grant | None,
    reason: str = "",
    facts: dict[str, str] | None = None,
) -> None:
    """Append an act on an object: from which state to which, and by which right; without a right nobody asked for it."""
    record(
        context,
        action,
        after.code,
        before=before.state.value if before is not None else "",
        after=after.state.value,
        reason=reason,
        role=grant.column.value if grant is not None else "",
        on_behalf_of=(grant.behalf or "") if grant is not None else "",
        facts=facts,
    )


def secretary(context: Context) -> Person | None:
    """The acting executive secretary (2.6)."""
    return _person(context, context.world.posts.secretary())


def leader(context: Context) -> Person | None:
    """The acting leader of the coordination group (2.6)."""
    return _person(context, context.world.posts.leader())


def administrators(context: Context) -> tuple[Person, ...]:
    """Everybody with the role ADM."""
    return context.world.directory.holders(Role.ADMINISTRATOR)


def _person(context: Context, person: PersonId | None) -> Person | None:
    return context.world.directory.person(person) if person is not None else None


def text(words: str) -> Rich:
    """One literal span."""
    return (Text(words),)


#: what stands between a number and the words about it
_AFTER_NUMBER = " \n：:，,"


def discreet(code: str, words: str) -> str:
    """Words about something sensitive: in a preview stands the number alone (EC-74)."""
    return f"{code}\n{words.removeprefix(code).lstrip(_AFTER_NUMBER)}"
