"""Messages of people become history, and history moves reply clocks (domain.md 5.4, 5.5, 5.8; EC-24, EC-30, EC-32, EC-43).

Every message is kept first, as far as clocks need it. One that was written before another that is known already makes the
chat's history be read again from there, so that the order of arrival never decides anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.answering import edited, reactions
from bot.domain.confidentiality import Secrecy
from bot.domain.conversation import Circumstances, Ear, ask, hear, identity_of, listen, recall, replay
from bot.domain.decision import Decision
from bot.domain.group import Group
from bot.domain.heard import Heard
from bot.domain.ids import ChatKey, DepartmentId, MessageKey, PersonId
from bot.domain.records import Reaction, SeenMessage
from bot.domain.reply_clock import ANSWERS, OPEN, RECALL_GRACE, SKEW, ReplyClock
from bot.domain.sla import changes, tell
from bot.domain.tracking import GroupKind, Spoken, believed_time, is_key
from bot.routing import Context
from bot.updates import (
    ContentKind,
    Mention,
    MessageEdited,
    MessageRecalled,
    MessageReceived,
    ReactionAdded,
    ReactionRemoved,
    Source,
    without_mentions,
)
from handlers.clocks import clocks
from handlers.conversation import hints, quoting
from handlers.conversation.places import departments_in, group_of, kind_of, secrecy_of

#: how far back a history is read again; what is older than this is settled for good
HISTORY = timedelta(days=7)
FAR = timedelta(days=3)
NOBODY = PersonId("")


# ---------------------------------------------------------------- messages


@dataclass(frozen=True, slots=True)
class Taken:
    """What a message did to reply clocks."""

    #: clocks that it started or joined, as they are stored
    asked: tuple[ReplyClock, ...] = ()
    #: clocks that it answers
    answered: tuple[ReplyClock, ...] = ()
    #: departments that it asked but whose clock cannot be computed (EC-26)
    blind: tuple[DepartmentId, ...] = ()

    @property
    def is_about_clocks(self) -> bool:
        """Did it ask or answer anything?"""
        return bool(self.asked or self.answered)


def on_message(
    context: Context,
    update: MessageReceived,
    *,
    words: str | None = None,
    mentioned: Sequence[PersonId] | None = None,
    is_inquiry: bool = False,
    marked_key: bool = False,
) -> Taken:
    """Take a message in. Commands give their own `words` and `mentioned`."""
    group = group_of(context, update.chat)
    where = kind_of(context, update)
    near = _clocks_near(context, update.chat, _moment(update)[0])
    if where is not GroupKind.TRACKED and not is_inquiry and not near:
        return Taken()
    spoken, flag = _spoken(context, update, group, where, words, mentioned)
    spoken = replace(spoken, is_inquiry=is_inquiry, marked_key=marked_key)
    heard = Heard(
        spoken=shortened(context, spoken, secrecy_of(context, group)),
        received_at=update.source.received_at,
        source_flag=flag,
        excerpt=_excerpt(context, group, spoken.words),
    )
    seen = _keep(context, update, heard)
    heard = replace(heard, recalled_at=seen.recalled_at)
    ear, known = _listened(context, heard, near, group)
    if _settle_reactions(context, ear, seen):
        ear = _after_reactions(context, ear, heard)
    stored = _store(context, ear, known)
    hints.give(context, update, spoken, group, ear)
    return Taken(
        asked=tuple(clock for clock in stored if update.message in clock.messages),
        answered=tuple(c for c in stored if any(f.message == update.message and f.kind in ANSWERS for f in c.facts)),
        blind=tuple(dict.fromkeys(ear.blind)),
    )


def _moment(update: MessageReceived) -> tuple[datetime, str]:
    return believed_time(update.source.happened_at, update.source.received_at)


def moment_of(source: Source) -> datetime:
    """The instant that counts for something somebody did (5.8)."""
    return believed_time(source.happened_at, source.received_at)[0]


def people_in(context: Context, mentions: Iterable[Mention]) -> tuple[PersonId, ...]:
    """The people of the directory among the mentions, in order."""
    found = (context.world.directory.by_account(m.account) for m in mentions if m.account is not None and not m.is_bot)
    return tuple(dict.fromkeys(p.id for p in found if p is not None))


def _spoken(
    context: Context,
    update: MessageReceived,
    group: Group | None,
    where: GroupKind,
    words: str | None,
    mentioned: Sequence[PersonId] | None,
) -> tuple[Spoken, str]:
    at, flag = _moment(update)
    quoted, author = _quoted(context, update.reply_to)
    spoken = Spoken(
        message=update.message,
        chat=update.chat,
        thread=update.thread,
        where=where,
        sender=context.person.id if context.person is not None else NOBODY,
        words=words if words is not None else without_mentions(update.text),
        has_attachment=update.content is not ContentKind.TEXT,
        mentioned=tuple(mentioned) if mentioned is not None else people_in(context, update.mentions),
        mentions_everybody=any(m.is_everybody for m in update.mentions),
        reply_to=quoted,
        quoted_author=author,
        is_automatic=update.sender_is_bot,
        at=at,
        present=departments_in(context, group),
    )
    return spoken, flag


def _quoted(context: Context, reply_to: MessageKey | None) -> tuple[MessageKey | None, PersonId | None]:
    """The quoted message and its author; quoting the card of a clock quotes the question (ux.md A6.2)."""
    if reply_to is None:
        return None, None
    said = quoting.code_in(reply_to)
    if said is not None:
        clock = context.uow.clocks.get(said)
        return (clock.message if clock is not None else None), None
    for card in context.uow.cards.find(message=str(reply_to)):
        clock = context.uow.clocks.get(card.code)
        if clock is not None:
            return clock.message, None
    seen = context.uow.seen_messages.get(str(reply_to))
    return reply_to, seen.sender if seen is not None else None


def shortened(context: Context, spoken: Spoken, secrecy: int) -> Spoken:
    """Beginning and end are enough to judge a message again; its middle is not kept (privacy.excerpt_chars).

    Of a confidential matter nothing is kept but what kind of message it was (2.5).
    """
    if secrecy >= Secrecy.CONFIDENTIAL:
        if spoken.is_bare_courtesy or spoken.is_from_machine:
            return spoken
        return replace(spoken, words="-0-?" if spoken.asks else "-0-", marked_key=spoken.is_key)
    limit = context.world.company.parameters.privacy_excerpt_chars
    if len(spoken.words) <= limit:
        return spoken
    half = max(1, limit // 2)
    kept = f"{spoken.words[:half]}…{spoken.words[-half:]}"
    return replace(spoken, words=kept, marked_key=spoken.marked_key or is_key(spoken.words))


def _excerpt(context: Context, group: Group | None, words: str) -> str:
    if secrecy_of(context, group):
        return ""
    limit, whole = context.world.company.parameters.privacy_excerpt_chars, " ".join(words.split())
    return whole if len(whole) <= limit else f"{whole[: limit - 1]}…" if limit else ""


def _keep(context: Context, update: MessageReceived, heard: Heard) -> SeenMessage:
    """Remember the message; a recall or a reaction may have come before it."""
    known = context.uow.seen_messages.get(str(update.message))
    if known is not None:
        return context.uow.seen_messages.put(
            replace(
                known,
                chat=update.chat,
                sender=heard.spoken.sender or None,
                sent_at=heard.spoken.at,
                heard=replace(heard, recalled_at=known.recalled_at),
            )
        )
    return context.uow.seen_messages.add(
        SeenMessage(
            message=update.message,
            chat=update.chat,
            sender=heard.spoken.sender or None,
            sent_at=heard.spoken.at,
            heard=heard,
        )
    )


# ---------------------------------------------------------------- hearing


def _clocks_near(context: Context, chat: ChatKey, at: datetime) -> list[ReplyClock]:
    """Clocks of the chat that were running shortly before that instant or are open now: all that a new message can move."""
    ended = context.uow.clocks.between("ended_at", at - RECALL_GRACE - SKEW, context.now + FAR, chat=str(chat))
    return _in_order((*ended, *_open_ones(context, chat)))


def _clocks_of(context: Context, chat: ChatKey, *, around: datetime) -> list[ReplyClock]:
    """Clocks of the chat that belong to the history around that instant."""
    recent = context.uow.clocks.between("started_at", around - HISTORY, around + HISTORY, chat=str(chat))
    return _in_order((*recent, *_open_ones(context, chat)))


def _open_ones(context: Context, chat: ChatKey) -> list[ReplyClock]:
    return context.uow.clocks.find(chat=str(chat), state=tuple(state.value for state in OPEN))


def _in_order(clocks: Iterable[ReplyClock]) -> list[ReplyClock]:
    return sorted({c.code: c for c in clocks}.values(), key=lambda c: (c.started_at, c.code))


def _circumstances(context: Context, group: Group | None) -> Circumstances:
    world = context.world
    return Circumstances(
        posts=world.posts,
        policy=world.company.parameters.sla,
        hours_of=world.calendars.of_department,
        now=context.now,
        effective_from=clocks.effective_from(context),
        plan_version=world.company.plan.version,
        secrecy=secrecy_of(context, group),
    )


def _listened(
    context: Context, heard: Heard, near: Sequence[ReplyClock], group: Group | None
) -> tuple[Ear, Sequence[ReplyClock]]:
    """The clocks after the message, and those that were looked at.

    A message newer than every other one needs the clocks near it; an older one needs the history around it.
    """
    given = _circumstances(context, group)
    chat, at = heard.spoken.chat, heard.spoken.at
    # in the private chat only questions are heard; there is no order of question and answer to be put right
    is_private = heard.spoken.where is GroupKind.DIRECT
    later = () if is_private else _written_since(context, chat, at, without=heard.spoken.message)
    is_newest = not later and (is_private or all(fact.at <= at for clock in near for fact in clock.facts))
    if is_newest:
        ear = listen(near, given)
        hear(ear, heard)
        return ear, near
    _introduce(context, heard, later)
    known = _clocks_of(context, chat, around=at)
    return _read_again(context, chat, known, at, given), known


def _after_reactions(context: Context, ear: Ear, heard: Heard) -> Ear:
    """A reaction that stopped a clock comes before what was written after it."""
    first = heard.spoken
    if not _written_since(context, first.chat, first.at):
        return ear
    return _read_again(context, first.chat, ear.clocks, first.at, ear.circumstances)


def _read_again(
    context: Context, chat: ChatKey, known: Sequence[ReplyClock], since: datetime, given: Circumstances
) -> Ear:
    """The clocks that the chat's history makes, read from a quiet moment before `since`."""
    start = _quiet_before(known, since - RECALL_GRACE)
    history = _written_since(context, chat, start)
    spoken = {h.spoken.message for h in history}
    again = [c for c in known if c.started_at >= start and c.message in spoken and not _by_edit(c, history)]
    rest = [c for c in known if c not in again]
    ear, _ = replay(history, again, given)
    ear.clocks = [*rest, *ear.clocks]
    return ear


def _introduce(context: Context, heard: Heard, later: Iterable[Heard]) -> None:
    """Tell messages that quote this one, and came before it, who wrote what they quote."""
    message, author = heard.spoken.message, heard.spoken.sender or None
    for one in later:
        if one.spoken.reply_to == message and one.spoken.quoted_author is None:
            seen = context.uow.seen_messages.get(str(one.spoken.message))
            if seen is not None and seen.heard is not None:
                spoken = replace(seen.heard.spoken, quoted_author=author)
                context.uow.seen_messages.put(replace(seen, heard=replace(seen.heard, spoken=spoken)))


def _by_edit(clock: ReplyClock, history: Iterable[Heard]) -> bool:
    """Started by an edit, later than the message was written (3.14): reading the message again would not make it."""
    return any(h.spoken.message == clock.message and clock.started_at > h.spoken.at for h in history)


def _written_since(
    context: Context, chat: ChatKey, start: datetime, *, without: MessageKey | None = None
) -> list[Heard]:
    """The known messages of a chat that were written after `start`."""
    found = context.uow.seen_messages.between("sent_at", start, context.now + FAR, chat=str(chat))
    return [replace(s.heard, recalled_at=s.recalled_at) for s in found if s.heard is not None and s.message != without]


def _quiet_before(known: Sequence[ReplyClock], at: datetime) -> datetime:
    """The latest instant up to `at` at which no clock of the chat was running."""
    start = at
    while True:
        running = [c.started_at for c in known if c.started_at < start and c.covers(start)]
        if not running:
            return start
        start = min(running) - timedelta(milliseconds=1)


def _store(context: Context, ear: Ear, known: Sequence[ReplyClock]) -> list[ReplyClock]:
    """Write what changed; a clock that replaces one which the history no longer makes takes its number over."""
    stored: list[ReplyClock] = []
    before = {identity_of(clock): clock for clock in known}
    made = {identity_of(clock) for clock in ear.clocks}
    left = [clock for clock in known if identity_of(clock) not in made]
    for clock in ear.clocks:
        old = before.get(identity_of(clock))
        if old is None:
            old = next((g for g in left if _same_key(g, clock)), None)
        if old is None:
            stored.append(clocks.save(context, None, Decision(clock, tuple(ear.events.get(identity_of(clock), ())))))
            continue
        left = [g for g in left if g is not old]
        heir = replace(clock, code=old.code, version=old.version)
        stored.append(old if heir == old else clocks.save(context, old, Decision(heir, changes(old, heir))))
    for clock in left:
        clocks.forget(context, clock)
    return stored


def _same_key(old: ReplyClock, new: ReplyClock) -> bool:
    return (old.chat, old.thread, old.department, old.asking_department) == (
        new.chat,
        new.thread,
        new.department,
        new.asking_department,
    )


# ---------------------------------------------------------------- recalls, reactions, edits


def on_recalled(context: Context, update: MessageRecalled) -> None:
    """Somebody took a message back; the message itself may still be under way."""
    at = moment_of(update.source)
    seen = context.uow.seen_messages.get(str(update.message))
    if seen is None:
        context.uow.seen_messages.add(
            SeenMessage(message=update.message, chat=update.chat, sender=None, sent_at=at, recalled_at=at)
        )
        return
    if seen.recalled_at is not None:
        return
    context.uow.seen_messages.put(replace(seen, recalled_at=at))
    known = _clocks_of(context, update.chat, around=seen.sent_at)
    given = _circumstances(context, group_of(context, update.chat))
    if _written_since(context, update.chat, at):
        ear = _read_again(context, update.chat, known, seen.sent_at, given)
    else:
        ear = listen(known, given)
        recall(ear, update.message, at=at)
    _store(context, ear, known)


def on_reaction(context: Context, update: ReactionAdded | ReactionRemoved) -> None:
    """An emoji came or went; which ones answer is a rule (A-10)."""
    if context.person is None:
        return
    reaction = Reaction(
        by=context.person.id,
        emoji=update.emoji,
        at=moment_of(update.source),
        is_removed=isinstance(update, ReactionRemoved),
    )
    seen = context.uow.seen_messages.get(str(update.message))
    if seen is None:
        chat = ChatKey(update.message.platform, "")
        context.uow.seen_messages.add(
            SeenMessage(message=update.message, chat=chat, sender=None, sent_at=reaction.at, reactions=(reaction,))
        )
        return
    if reaction in seen.reactions:
        return
    seen = context.uow.seen_messages.put(replace(seen, reactions=(*seen.reactions, reaction)))
    known = _clocks_of(context, seen.chat, around=seen.sent_at)
    ear = listen(known, _circumstances(context, group_of(context, seen.chat)))
    if _settle_reactions(context, ear, seen) and seen.heard is not None:
        ear = _after_reactions(context, ear, seen.heard)
    _store(context, ear, known)


def _settle_reactions(context: Context, ear: Ear, seen: SeenMessage) -> bool:
    """Tell the clocks of a message about every emoji on it; False when they knew all of them already."""
    is_news = False
    for reaction in seen.reactions:
        for stop in reactions(
            seen.message,
            reaction.emoji,
            by=reaction.by,
            at=reaction.at,
            clocks=list(ear.clocks),
            posts=context.world.posts,
            is_removed=reaction.is_removed,
        ):
            clock = ear.find(identity_of(stop.clock))
            hours = clocks.hours_of(context, clock)
            decision = tell(clock, stop.fact, hours=hours, now=context.now)
            if decision.state != clock:
                ear.put(decision.state, decision.events)
                is_news = True
    return is_news


def on_edited(context: Context, update: MessageEdited) -> None:
    """A message reads differently now: departments may have come or gone (EC-32)."""
    seen = context.uow.seen_messages.get(str(update.message))
    if seen is None or seen.heard is None:
        return
    spoken = replace(
        seen.heard.spoken,
        words=without_mentions(update.text),
        mentioned=people_in(context, update.mentions),
        mentions_everybody=any(m.is_everybody for m in update.mentions),
        at=moment_of(update.source),
    )
    known = _clocks_of(context, update.chat, around=seen.sent_at)
    ear = listen(known, _circumstances(context, group_of(context, update.chat)))
    effect = edited(spoken, known, context.world.posts)
    for stop in effect.removed:
        decision = tell(stop.clock, stop.fact, hours=clocks.hours_of(context, stop.clock), now=context.now)
        if decision.state != stop.clock:
            ear.put(decision.state, decision.events)
    for target in effect.added:
        ask(ear, replace(seen.heard, spoken=spoken, received_at=update.source.received_at), target)
    _store(context, ear, known)
