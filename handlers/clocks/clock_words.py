"""What is said about a reply clock (domain.md 2.8, L-08), wherever it is said."""

from __future__ import annotations

from bot.domain.clock_events import Breached
from bot.domain.escalation import NoticeKind, notice_of
from bot.domain.reply_clock import ReplyClock, WorkingHours
from bot.domain.sla import minutes_shown
from bot.messages import Rich, Span, Text
from bot.routing import Context
from handlers import effects
from handlers.cards.clock import mention
from handlers.words import Words


def hours_of(context: Context, clock: ReplyClock) -> WorkingHours:
    """The working time that this clock runs in: that of the department asked."""
    return context.world.calendars.of_department(clock.department)


def check_name(kind: NoticeKind) -> str:
    """Name of the check that is asked before a notice of that kind goes out."""
    return f"clock_{kind.value}"


def sentence(
    context: Context, clock: ReplyClock, kind: NoticeKind, words: Words, *, times: int = 0, is_late: bool = False
) -> Rich:
    """What a notice says (2.8); about a sensitive matter the first line is its number alone (EC-74).

    `is_late` marks what is said after its time because the program was away (EC-19).
    """
    said = _sentence(context, clock, kind, words, times=times)
    if is_late:
        said = f"{words.say('catch_up_mark')}{said}"
    return effects.text(f"{clock.code}\n{said}" if clock.secrecy else said)


def _sentence(context: Context, clock: ReplyClock, kind: NoticeKind, words: Words, *, times: int) -> str:
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
            return words.say("sla_nudge", **facts, n=minutes_shown(waited))
        case NoticeKind.BREACH:
            return words.say("sla_breach", **facts, n=clock.policy.reply_minutes)
        case NoticeKind.ESCALATION:
            return words.say("sla_escalation" if times <= 1 else "sla_escalation_again", **facts)
        case NoticeKind.SUMMARY:
            return words.say("sla_summary", **facts)
        case NoticeKind.CLOSED:
            return words.say("sla_closed", **facts)
        case NoticeKind.INVISIBLE:
            return words.say("sla_invisible", **facts)
        case NoticeKind.CORRECTION if clock.answered_at is not None:
            return words.say("sla_correction", **facts)
        case NoticeKind.CORRECTION:
            return words.say("sla_correction_cancelled", **facts)


def breach_body(context: Context, clock: ReplyClock, words: Words, *, is_late: bool = False) -> Rich:
    """Whoever has to answer is mentioned, then the sentence of 2.8."""
    notice = notice_of(Breached(clock.code), clock, context.world.posts)
    mentions: list[Span] = []
    for person in notice.recipients if notice is not None else ():
        mentions.extend((*mention(context, person), Text(" ")))
    return (*mentions, *sentence(context, clock, NoticeKind.BREACH, words, is_late=is_late))
