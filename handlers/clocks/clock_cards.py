"""The cards of a reply clock in the conversations where they stand: shown once, edited in place (ux.md A4 34)."""

from __future__ import annotations

from bot.domain.escalation import NoticeKind
from bot.domain.ids import ChatKey
from bot.domain.reply_clock import ReplyClock
from bot.messages import Card, Rich, Target, Text, ToChat, ToPerson
from bot.routing import Context
from handlers import effects
from handlers.cards.clock import Audience, clock_card, mention
from handlers.clocks.clock_words import breach_body, check_name, sentence
from handlers.words import Words, words_for

#: flag of a clock that was asked for in the direct chat with the bot
DIRECT = "direct"
#: flag of such a clock while its message is still under way: nobody can see it, so nothing is timed (L-07)
UNSENT = "unsent"


def show_in_group(context: Context, clock: ReplyClock) -> None:
    """The card of an inquiry stands in the group from the beginning; where groups take none, whoever is asked has it.

    A card that had to wait shows the state of the day; words that had to wait are not said when no answer is waited for any more.
    """
    takes_cards = effects.takes_cards(context, clock.chat)
    effects.show(
        context,
        ToChat(clock.chat),
        group_card(context, clock),
        card_id=clock.code,
        revision=clock.version,
        ref=clock.code,
        priority=effects.ANSWER,
        reply_to=clock.message,
        recheck="" if takes_cards else check_name(NoticeKind.NUDGE),
    )
    if not takes_cards:
        show_to_asked(context, clock)


def show_to_asked(context: Context, clock: ReplyClock) -> None:
    """The card of an inquiry that no group can show goes to whoever has to answer."""
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
        not_before=effects.notice_time(context, person, context.now, is_owed=True),
        recheck=check_name(NoticeKind.NUDGE if clock.breached_at is None else NoticeKind.BREACH),
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


def group_card(context: Context, clock: ReplyClock, *, is_late: bool = False) -> Card:
    """The card as a group sees it. Mentions stand on it while an answer is owed."""
    words = words_for(context, None)
    return clock_card(context, clock, words, audience=Audience.GROUP, body=_group_body(context, clock, words, is_late))


def _group_body(context: Context, clock: ReplyClock, words: Words, is_late: bool) -> Rich:
    if not clock.is_open:
        return ()
    if clock.breached_at is not None:
        return breach_body(context, clock, words, is_late=is_late)
    asked = mention(context, clock.acting)
    return (*asked, Text(words.say("clock_please", due=words.time(clock.due_at)))) if asked else ()


# ---------------------------------------------------------------- cards that stand


def refresh(context: Context, clock: ReplyClock, before: ReplyClock | None = None) -> None:
    """Bring every standing card of the clock to its present state; what reads the same as `before` stays as it is."""
    if before is not None and _reads_the_same(before, clock):
        return
    for target in effects.standing(context, clock.code):
        show_again(context, clock, target)


#: everything of a clock that can be read off its card, besides what was said
_READABLE = (
    "state",
    "is_key",
    "assignee",
    "acting",
    "started_at",
    "due_at",
    "nudged_at",
    "breached_at",
    "answered_at",
    "answered_by",
    "answered_for",
    "excerpt",
    "secrecy",
)


def _reads_the_same(before: ReplyClock, after: ReplyClock) -> bool:
    if any(getattr(before, name) != getattr(after, name) for name in _READABLE):
        return False
    return after.is_open or before.facts == after.facts


def show_again(context: Context, clock: ReplyClock, target: Target) -> None:
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
