"""Reply clocks at work: kept, timed, announced (domain.md 3.14; T-01, T-01a, T-01b). The rules are in `bot.domain.sla`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from bot.domain.clock_events import Answered, Breached, ClockEvent, Escalated, Started
from bot.domain.decision import Decision
from bot.domain.directory import Person
from bot.domain.escalation import NoticeKind, follow, notice_of, still_owed
from bot.domain.ids import ChatKey, Code, CodeKind, MessageKey, PersonId, make_code
from bot.domain.permissions import Grant
from bot.domain.reply_clock import CLOCK_TIMERS, OPEN, ClockFact, FactKind, ReplyClock, WorkingHours
from bot.domain.sla import breach, close, escalate, minutes_shown, nudge, seen_from, tell, timers_for
from bot.domain.timers import Timer, TimerKind
from bot.messages import Card, Rich, SendText, Span, Target, Text, ToChat, ToPerson, inert
from bot.routing import Context, Outcome, Recheck, Router
from handlers import effects
from handlers.cards.clock import Audience, clock_card, mention
from handlers.places import SEEN, group_of
from handlers.words import Words, words_for

#: flag of a clock that was asked for in the direct chat with the bot
DIRECT = "direct"
#: flag of such a clock while its message is still under way: nobody can see it, so nothing is timed (L-07)
UNSENT = "unsent"


def register(router: Router) -> None:
    """Put the clock's timers, re-checks and outcomes on the table."""
    for kind in CLOCK_TIMERS:
        router.timer(kind, on_timer)
    for notice in NoticeKind:
        router.recheck(_check_name(notice), _check(notice))


def hours_of(context: Context, clock: ReplyClock) -> WorkingHours:
    """The working time that this clock runs in: that of the department asked."""
    return context.world.calendars.of_department(clock.department)


# ---------------------------------------------------------------- keeping


def save(
    context: Context,
    before: ReplyClock | None,
    decision: Decision[ReplyClock, ClockEvent],
    *,
    grant: Grant | None = None,
) -> ReplyClock:
    """Write the new state with its timers, audit trail, notices and cards; returns the stored clock."""
    clock = _stored(context, before, decision.state)
    _arm(context, clock)
    _audit(context, before, clock, decision.events, grant)
    for event in decision.events:
        announce(context, clock, event)
    if before is not None:
        refresh(context, clock, before)
    return clock


def _stored(context: Context, before: ReplyClock | None, clock: ReplyClock) -> ReplyClock:
    if before is not None:
        return context.uow.clocks.put(clock)
    year = context.world.calendars.local(clock.started_at).year
    code = make_code(CodeKind.CLOCK, year, context.uow.sequences.next(CodeKind.CLOCK, year))
    return context.uow.clocks.add(replace(clock, code=code))


def _arm(context: Context, clock: ReplyClock) -> None:
    timers = timers_for(clock, hours=hours_of(context, clock), add_workdays=context.world.calendars.add_workdays)
    if UNSENT in clock.flags:
        timers = ()
    effects.retime(context, clock.code, CLOCK_TIMERS, timers)


def _audit(
    context: Context,
    before: ReplyClock | None,
    clock: ReplyClock,
    events: Iterable[ClockEvent],
    grant: Grant | None,
) -> None:
    behalf = grant.behalf if grant is not None else None
    for event in events:
        name = type(event).__name__.lower()
        context.count(f"clock_{name}")
        effects.record(
            context,
            f"clock_{name}",
            clock.code,
            before=before.state.value if before is not None else "",
            after=clock.state.value,
            reason=clock.reason,
            role=grant.column.value if grant is not None else "",
            on_behalf_of=(clock.answered_for if isinstance(event, Answered) else behalf) or "",
            facts={"due": clock.due_at.isoformat()} if isinstance(event, Started) else None,
        )


def forget(context: Context, clock: ReplyClock) -> None:
    """A clock that the chat, read in its right order, never made (EC-24)."""
    effects.retime(context, clock.code, CLOCK_TIMERS, ())
    context.uow.clocks.remove(clock.code)
    effects.record(context, "clock_withdrawn", clock.code, before=clock.state.value, reason="order of messages")


# ---------------------------------------------------------------- timers


def on_timer(context: Context, timer: Timer) -> None:
    """One of the four timers of a clock is due; the rule looks again whether it still applies."""
    clock = context.uow.clocks.get(timer.ref)
    if clock is None:
        return
    hours = hours_of(context, clock)
    match timer.kind:
        case TimerKind.SLA_NUDGE:
            decision = nudge(clock, now=context.now)
        case TimerKind.SLA_BREACH:
            decision = breach(clock, now=context.now, hours=hours)
        case TimerKind.SLA_ESCALATE:
            decision = escalate(clock, now=context.now, hours=hours)
        case TimerKind.SLA_CLOSE:
            decision = close(clock, now=context.now)
        case _:
            raise ValueError(f"not a timer of a clock: {timer.kind}")
    if decision.state == clock:
        return
    save(context, clock, decision)


def follow_posts(context: Context) -> None:
    """Somebody came, left, or went on leave: open clocks go to whoever holds the post now (3.12, EC-50, EC-51)."""
    for clock in context.uow.clocks.find(state=tuple(state.value for state in OPEN)):
        followed = follow(clock, context.world.posts)
        if followed != clock:
            save(context, clock, Decision(followed, ()))


# ---------------------------------------------------------------- telling


def announce(context: Context, clock: ReplyClock, event: ClockEvent) -> None:
    """Tell whoever an event concerns: the person first, the group only when the time is over (ux.md A4 42)."""
    notice = notice_of(event, clock, context.world.posts)
    if notice is None:
        return
    recipients = _found(context, notice.recipients)
    match notice.kind:
        case NoticeKind.NUDGE:
            for person in recipients:
                _show_privately(context, clock, person, notice.kind, moment=clock.nudge_at)
        case NoticeKind.BREACH if is_open_group(context, clock):
            _show_breach(context, clock, recipients)
        case NoticeKind.BREACH:
            for person in recipients:
                _show_privately(context, clock, person, notice.kind, moment=clock.due_at)
        case _:
            times = event.times if isinstance(event, Escalated) else 0
            for person in recipients:
                _tell(context, clock, person, notice.kind, times)


def _found(context: Context, people: Iterable[PersonId]) -> list[Person]:
    found = (context.world.directory.person(p) for p in people)
    return [p for p in found if p is not None]


def is_open_group(context: Context, clock: ReplyClock) -> bool:
    """Can the bot speak in the place where the question was asked?"""
    if DIRECT in clock.flags or clock.secrecy:
        return False
    group = group_of(context, clock.chat)
    return group is None or group.state in SEEN


def _show_privately(
    context: Context, clock: ReplyClock, person: Person, kind: NoticeKind, *, moment: datetime | None
) -> None:
    """A notice is a message of its own: the card with it, or a text where the card stands already and is edited."""
    account = effects.account_of(context, person)
    if account is None:
        context.count("unreachable")
        return
    if ToPerson(account) in effects.standing(context, clock.code):
        _tell(context, clock, person, kind, 0, moment=moment)
        return
    words = words_for(context, person)
    effects.show(
        context,
        ToPerson(account),
        clock_card(context, clock, words, audience=Audience.ASKED, body=sentence(context, clock, kind, words)),
        card_id=clock.code,
        revision=clock.version,
        ref=clock.code,
        recheck=_check_name(kind),
        not_before=effects.notice_time(context, person, moment or context.now),
    )


def _show_breach(context: Context, clock: ReplyClock, recipients: list[Person]) -> None:
    """One message in the group, with the responsible person and the backup mentioned (ux.md A4 42)."""
    later = [effects.notice_time(context, person, clock.due_at) for person in recipients[:1]]
    not_before = next(iter(later), None)
    if ToChat(clock.chat) in effects.standing(context, clock.code):
        words = words_for(context, None)
        effects.send(
            context,
            SendText(
                target=ToChat(clock.chat), body=_breach_body(context, clock, words), reply_to=_in_chat(context, clock)
            ),
            key=f"clock:{clock.code}:{NoticeKind.BREACH.value}:{clock.version}:group",
            ref=clock.code,
            recheck=_check_name(NoticeKind.BREACH),
            not_before=not_before,
            repeat_unknown=True,
        )
        return
    effects.show(
        context,
        ToChat(clock.chat),
        group_card(context, clock),
        card_id=clock.code,
        revision=clock.version,
        ref=clock.code,
        recheck=_check_name(NoticeKind.BREACH),
        not_before=not_before,
        reply_to=clock.message,
    )


def _in_chat(context: Context, clock: ReplyClock) -> MessageKey:
    """The message to hang a notice on: the card, or the question itself."""
    posts = context.uow.cards.find(card_id=clock.code, is_live=True)
    standing = (post.message for post in posts if post.target_chat == clock.chat and post.message is not None)
    return next(standing, clock.message)


def show_in_group(context: Context, clock: ReplyClock) -> None:
    """The card of an inquiry stands in the group from the beginning."""
    effects.show(
        context,
        ToChat(clock.chat),
        group_card(context, clock),
        card_id=clock.code,
        revision=clock.version,
        ref=clock.code,
        priority=effects.ANSWER,
        reply_to=clock.message,
    )


def show_to_asked(context: Context, clock: ReplyClock) -> None:
    """The card of an inquiry that was made in private goes to whoever has to answer."""
    person = context.world.directory.person(clock.acting) if clock.acting is not None else None
    account = effects.account_of(context, person) if person is not None else None
    if person is None or account is None:
        context.count("unreachable")
        return
    effects.show(
        context,
        ToPerson(account),
        clock_card(context, clock, words_for(context, person), audience=Audience.ASKED),
        card_id=clock.code,
        revision=clock.version,
        ref=clock.code,
        not_before=effects.notice_time(context, person, context.now),
        recheck=_check_name(NoticeKind.NUDGE),
    )


def show_to_asker(context: Context, clock: ReplyClock, chat: ChatKey) -> None:
    """The asker of a private inquiry keeps its card: what became of it, and the button that calls it off."""
    words = words_for(context, context.world.directory.person(clock.asker))
    effects.show(
        context,
        ToChat(chat),
        clock_card(context, clock, words, audience=Audience.ASKER),
        card_id=clock.code,
        revision=clock.version,
        ref=clock.code,
        priority=effects.ANSWER,
    )


def tell_asked(context: Context, clock: ReplyClock, *, key: str, text: str, event: str) -> None:
    """A further question of a running private inquiry goes to whoever has to answer."""
    person = context.world.directory.person(clock.acting) if clock.acting is not None else None
    if person is None:
        return
    words = words_for(context, person)
    sentence_ = words.say(key, asker=words.name(clock.asker), code=clock.code, text=inert(text, limit=500))
    effects.tell(
        context,
        person,
        effects.text(sentence_),
        key=f"clock:{clock.code}:{event}",
        ref=clock.code,
        repeat_unknown=True,
    )


def group_card(context: Context, clock: ReplyClock) -> Card:
    """The card as a group sees it. Mentions stand on it while an answer is owed."""
    words = words_for(context, None)
    return clock_card(context, clock, words, audience=Audience.GROUP, body=_group_body(context, clock, words))


def _group_body(context: Context, clock: ReplyClock, words: Words) -> Rich:
    if not clock.is_open:
        return ()
    return mention(context, clock.acting) if clock.breached_at is None else _breach_body(context, clock, words)


def _breach_body(context: Context, clock: ReplyClock, words: Words) -> Rich:
    """Whoever has to answer is mentioned, then the sentence of 2.8."""
    notice = notice_of(Breached(clock.code), clock, context.world.posts)
    mentions: list[Span] = []
    for person in notice.recipients if notice is not None else ():
        mentions.extend((*mention(context, person), Text(" ")))
    return (*mentions, *sentence(context, clock, NoticeKind.BREACH, words))


def _tell(
    context: Context,
    clock: ReplyClock,
    person: Person,
    kind: NoticeKind,
    times: int,
    *,
    moment: datetime | None = None,
) -> None:
    words = words_for(context, person)
    effects.tell(
        context,
        person,
        sentence(context, clock, kind, words, times=times),
        key=f"clock:{clock.code}:{kind.value}:{times or clock.version}:{person.id}",
        moment=moment,
        recheck=_check_name(kind),
        ref=clock.code,
        repeat_unknown=True,
    )


def sentence(context: Context, clock: ReplyClock, kind: NoticeKind, words: Words, *, times: int = 0) -> Rich:
    """What a notice says (2.8)."""
    facts: dict[str, object] = {
        "asker": words.name(clock.asker),
        "time": words.time(clock.started_at),
        "due": words.time(clock.due_at),
        "code": clock.code,
        "department": words.department(clock.department),
        "assignee": words.name(clock.acting or clock.assignee),
        "times": times,
        "answered": words.time(clock.answered_at) if clock.answered_at is not None else "",
    }
    match kind:
        case NoticeKind.NUDGE:
            waited = hours_of(context, clock).between(clock.started_at, max(clock.started_at, context.now))
            return effects.text(words.say("sla_nudge", **facts, n=minutes_shown(waited)))
        case NoticeKind.BREACH:
            return effects.text(words.say("sla_breach", **facts, n=clock.policy.reply_minutes))
        case NoticeKind.ESCALATION:
            return effects.text(words.say("sla_escalation" if times <= 1 else "sla_escalation_again", **facts))
        case NoticeKind.SUMMARY:
            return effects.text(words.say("sla_summary", **facts))
        case NoticeKind.CLOSED:
            return effects.text(words.say("sla_closed", **facts))
        case NoticeKind.INVISIBLE:
            return effects.text(words.say("sla_invisible", **facts))
        case NoticeKind.CORRECTION if clock.answered_at is not None:
            return effects.text(words.say("sla_correction", **facts))
        case NoticeKind.CORRECTION:
            return effects.text(words.say("sla_correction_cancelled", **facts))


def _check_name(kind: NoticeKind) -> str:
    return f"clock_{kind.value}"


def _check(kind: NoticeKind) -> Recheck:
    def is_owed(context: Context, ref: str) -> bool:
        clock = context.uow.clocks.get(ref)
        return clock is not None and still_owed(clock, kind)

    return is_owed


# ---------------------------------------------------------------- cards that stand


def refresh(context: Context, clock: ReplyClock, before: ReplyClock | None = None) -> None:
    """Bring every standing card of the clock to its present state; what reads the same as `before` stays as it is."""
    for target in effects.standing(context, clock.code):
        if before is None or _card_for(context, clock, target) != _card_for(context, before, target):
            _show_again(context, clock, target)


def _show_again(context: Context, clock: ReplyClock, target: Target) -> None:
    effects.show(
        context,
        target,
        _card_for(context, clock, target),
        card_id=clock.code,
        revision=clock.version,
        ref=clock.code,
        priority=effects.ANSWER,
    )


def _card_for(context: Context, clock: ReplyClock, target: Target) -> Card:
    if isinstance(target, ToChat) and DIRECT not in clock.flags:
        return group_card(context, clock)
    if isinstance(target, ToChat):
        words = words_for(context, context.world.directory.person(clock.asker))
        return clock_card(context, clock, words, audience=Audience.ASKER)
    reader = context.world.directory.by_account(target.account)
    words = words_for(context, reader)
    kind = NoticeKind.BREACH if clock.breached_at is not None else NoticeKind.NUDGE
    is_due = clock.is_open and (clock.nudged_at is not None or clock.breached_at is not None)
    body = sentence(context, clock, kind, words) if is_due else ()
    return clock_card(context, clock, words, audience=Audience.ASKED, body=body)


def on_card_sent(context: Context, outcome: Outcome, target: Target) -> None:
    """A card arrived: the clock of a private inquiry starts; one that moved on meanwhile is brought up to date."""
    clock = context.uow.clocks.get(outcome.envelope.ref)
    if clock is None:
        return
    if UNSENT in clock.flags and _is_for_asked(context, clock, target):
        seen = replace(clock, flags=clock.flags - {UNSENT})
        seen = seen_from(seen, at=context.now, hours=hours_of(context, clock))
        _keep_undoable(context, clock, save(context, clock, Decision(seen, ())))
    elif not outcome.envelope.key.endswith(f"#{clock.version}"):
        _show_again(context, clock, target)


def on_card_lost(context: Context, outcome: Outcome, target: Target) -> None:
    """The message of a private inquiry cannot be delivered: its clock never starts, and whoever asked hears of it."""
    clock = context.uow.clocks.get(outcome.envelope.ref)
    if clock is None or UNSENT not in clock.flags or not _is_for_asked(context, clock, target):
        return
    hours = hours_of(context, clock)
    begun = seen_from(clock, at=context.now, hours=hours)
    fact = ClockFact(kind=FactKind.CALLED_OFF, at=context.now, by=clock.asker)
    save(context, clock, tell(begun, fact, hours=hours, now=context.now))
    asker = context.world.directory.person(clock.asker)
    if asker is not None:
        words = words_for(context, asker)
        text = words.say("clock_undelivered", code=clock.code, name=words.name(clock.acting))
        effects.tell(context, asker, effects.text(text), key=f"clock:{clock.code}:undelivered", at_once=True)


def _keep_undoable(context: Context, before: ReplyClock, after: ReplyClock) -> None:
    """That the message arrived is nothing that anybody did about the question: it can still be taken back."""
    for undoable in context.uow.undoables.find(person=after.asker):
        if (undoable.ref, undoable.ref_version) == (after.code, before.version):
            context.uow.undoables.put(replace(undoable, ref_version=after.version))


def _is_for_asked(context: Context, clock: ReplyClock, target: Target) -> bool:
    """Is this the chat of somebody who has to answer, and not that of the asker?"""
    if isinstance(target, ToChat):
        return False
    person = context.world.directory.by_account(target.account)
    return person is None or person.id != clock.asker


def open_clocks(context: Context, **equals: str) -> list[ReplyClock]:
    """Clocks that owe an answer, by due time."""
    found = context.uow.clocks.find(state=tuple(state.value for state in OPEN), **equals)
    return sorted((c for c in found if not c.closed_for_counting), key=lambda c: (c.due_at, c.code))


def of_code(context: Context, code: Code) -> ReplyClock | None:
    """The clock of that code."""
    return context.uow.clocks.get(code)
