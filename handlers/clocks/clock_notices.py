"""Notices about reply clocks: to whom, where, and whether they are still owed when they go out (domain.md 2.3, 3.14; L-09)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.domain.clock_events import Breached, ClockEvent, Escalated
from bot.domain.confidentiality import Secrecy
from bot.domain.directory import Person
from bot.domain.escalation import NoticeKind, notice_of, still_owed
from bot.domain.ids import MessageKey, PersonId
from bot.domain.reply_clock import ClockState, ReplyClock
from bot.messages import SendText, Target, Text, ToChat, ToPerson, inert, plain
from bot.routing import Context, Outcome, Recheck, Router
from handlers import effects
from handlers.cards.clock import Audience, clock_card
from handlers.clocks.clock_cards import DIRECT, group_card, show_to_asked
from handlers.clocks.clock_words import breach_body, check_name, sentence
from handlers.conversation.places import SEEN, group_of, item_of
from handlers.words import words_for

#: notices to people who have to act; nobody mutes what he or she owes (ux.md A4 44)
_OWED = frozenset({NoticeKind.NUDGE, NoticeKind.BREACH, NoticeKind.ESCALATION, NoticeKind.SUMMARY})
#: as long as a command may be
LONGEST_TEXT = 2000


def register(router: Router) -> None:
    """Put the checks on the table."""
    for kind in NoticeKind:
        router.recheck(check_name(kind), _check(kind))


def _check(kind: NoticeKind) -> Recheck:
    def is_owed(context: Context, ref: str) -> bool:
        clock = context.uow.clocks.get(ref)
        return clock is not None and still_owed(clock, kind)

    return is_owed


def announce(context: Context, clock: ReplyClock, event: ClockEvent, *, is_late: bool = False) -> None:
    """Tell whoever an event concerns: the person first, the group only when the time is over (ux.md A4 42)."""
    notice = notice_of(event, clock, context.world.posts)
    if notice is None:
        return
    recipients = [p for p in _found(context, notice.recipients) if _may_know(context, clock, p)]
    match notice.kind:
        case NoticeKind.NUDGE:
            for person in recipients:
                show_privately(context, clock, person, notice.kind, moment=clock.nudge_at, is_late=is_late)
        case NoticeKind.BREACH if is_open_group(context, clock):
            _show_breach(context, clock, recipients, is_late=is_late)
            if not effects.takes_cards(context, clock.chat) and not _stands_in_private(context, clock):
                show_to_asked(context, clock)  # it had to wait so long that the first one was not owed any more
        case NoticeKind.BREACH:
            for person in recipients:
                show_privately(context, clock, person, notice.kind, moment=clock.due_at, is_late=is_late)
        case _:
            times = event.times if isinstance(event, Escalated) else 0
            for person in recipients:
                _tell(context, clock, person, notice.kind, times, is_late=is_late)


def _stands_in_private(context: Context, clock: ReplyClock) -> bool:
    return any(isinstance(target, ToPerson) for target in effects.standing(context, clock.code))


def _found(context: Context, people: Iterable[PersonId]) -> list[Person]:
    found = (context.world.directory.person(p) for p in people)
    return [p for p in found if p is not None]


def on_notice_lost(context: Context, outcome: Outcome, target: Target) -> None:
    """The group cannot be written to any more: whoever has to answer is told of the breach in private instead."""
    clock = context.uow.clocks.get(outcome.envelope.ref)
    is_breach = outcome.envelope.recheck == check_name(NoticeKind.BREACH)
    if clock is None or not is_breach or not isinstance(target, ToChat) or not still_owed(clock, NoticeKind.BREACH):
        return
    notice = notice_of(Breached(clock.code), clock, context.world.posts)
    for person in _found(context, notice.recipients if notice is not None else ()):
        if _may_know(context, clock, person):
            show_privately(context, clock, person, NoticeKind.BREACH, moment=None)


def _may_know(context: Context, clock: ReplyClock, person: Person) -> bool:
    """A confidential matter concerns only the people on its access list, and the leader (2.5)."""
    if clock.secrecy < Secrecy.CONFIDENTIAL:
        return True
    item = item_of(context, group_of(context, clock.chat))
    access = item.access if item is not None else ()
    return person.id in access or person.id == context.world.posts.leader()


def is_open_group(context: Context, clock: ReplyClock) -> bool:
    """Can the bot speak in the place where the question was asked?"""
    if DIRECT in clock.flags or clock.secrecy:
        return False
    group = group_of(context, clock.chat)
    return group is None or group.state in SEEN


def show_privately(
    context: Context,
    clock: ReplyClock,
    person: Person,
    kind: NoticeKind,
    *,
    moment: datetime | None,
    is_late: bool = False,
) -> None:
    """A notice is a message of its own: the card with it, or a text where the card stands already and is edited."""
    account = effects.account_of(context, person)
    if account is None:
        context.count("unreachable")
        return
    if ToPerson(account) in effects.standing(context, clock.code):
        _tell(context, clock, person, kind, 0, moment=moment, is_late=is_late)
        return
    words = words_for(context, person)
    effects.show(
        context,
        ToPerson(account),
        clock_card(
            context, clock, words, audience=Audience.ASKED, body=sentence(context, clock, kind, words, is_late=is_late)
        ),
        card_id=clock.code,
        revision=clock.version,
        ref=clock.code,
        recheck=check_name(kind),
        not_before=effects.notice_time(context, person, moment or context.now, is_owed=True),
    )


def _show_breach(context: Context, clock: ReplyClock, recipients: list[Person], *, is_late: bool) -> None:
    """One message in the group, with the responsible person and the backup mentioned (ux.md A4 42)."""
    later = [effects.notice_time(context, person, clock.due_at, is_owed=True) for person in recipients[:1]]
    not_before = next(iter(later), None)
    if ToChat(clock.chat) in effects.standing(context, clock.code):
        words = words_for(context, None)
        effects.send(
            context,
            SendText(
                target=ToChat(clock.chat),
                body=breach_body(context, clock, words, is_late=is_late),
                reply_to=_in_chat(context, clock),
            ),
            key=f"clock:{clock.code}:{NoticeKind.BREACH.value}:{clock.version}:group",
            ref=clock.code,
            recheck=check_name(NoticeKind.BREACH),
            not_before=not_before,
            repeat_unknown=True,
        )
        return
    effects.show(
        context,
        ToChat(clock.chat),
        group_card(context, clock, is_late=is_late),
        card_id=clock.code,
        revision=clock.version,
        ref=clock.code,
        recheck=check_name(NoticeKind.BREACH),
        not_before=not_before,
        reply_to=clock.message,
    )


def _in_chat(context: Context, clock: ReplyClock) -> MessageKey:
    """The message to hang a notice on: the card, or the question itself."""
    posts = context.uow.cards.find(card_id=clock.code, is_live=True)
    standing = (post.message for post in posts if post.target_chat == clock.chat and post.message is not None)
    return next(standing, clock.message)


def tell_asked(context: Context, clock: ReplyClock, *, key: str, text: str, event: str) -> None:
    """Words of a private inquiry that its card does not carry go to whoever has to answer: what was added, or the whole text."""
    person = context.world.directory.person(clock.acting) if clock.acting is not None else None
    if person is None:
        return
    words = words_for(context, person)
    sentence_ = words.say(key, asker=words.name(clock.asker), code=clock.code, text=inert(text, limit=LONGEST_TEXT))
    effects.tell(
        context,
        person,
        effects.text(sentence_),
        key=f"clock:{clock.code}:{event}",
        is_owed=True,
        recheck=check_name(NoticeKind.NUDGE) if clock.state is ClockState.RUNNING else "",
        ref=clock.code,
        repeat_unknown=True,
    )


def _tell(
    context: Context,
    clock: ReplyClock,
    person: Person,
    kind: NoticeKind,
    times: int,
    *,
    moment: datetime | None = None,
    is_late: bool = False,
) -> None:
    words = words_for(context, person)
    said = sentence(context, clock, kind, words, times=times, is_late=is_late)
    if clock.code not in plain(said):
        said = (*said, Text(words.say("notice_code", code=clock.code)))
    effects.tell(
        context,
        person,
        said,
        key=f"clock:{clock.code}:{kind.value}:{times or clock.version}:{person.id}",
        moment=moment,
        is_owed=kind in _OWED,
        recheck=check_name(kind),
        ref=clock.code,
        repeat_unknown=True,
    )
