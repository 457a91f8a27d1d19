"""Objections to published minutes: within two working days, answered by the secretary (domain.md 3.10, L-23)."""

from __future__ import annotations

from bot.domain import minutes as rules
from bot.domain.action import Action
from bot.domain.minutes import MACHINE, Minutes, MinutesAct
from bot.errors import RuleViolation
from bot.messages import inert
from handlers import deeds, effects
from handlers.access import require
from handlers.deeds import Deed, Done
from handlers.possible import require_possible
from handlers.records import minutes_store
from handlers.records.minutes_store import OBJECT_DAYS
from handlers.words import Words, words_for


def on_object(deed: Deed, minutes: Minutes) -> Done:
    """A participant says what is wrong; the secretary is told, and it stands under the record from now on."""
    context, words = deed.context, deed.words
    grant = require(context, Action.OBJECT_TO_MINUTES, minutes_store.relation_of(context, minutes))
    published = minutes.edition
    if not MACHINE.allows(minutes.state, MinutesAct.OBJECT) or published is None:
        raise deeds.too_late(context, minutes.code, deed.verb, state=MACHINE.state_key(minutes.state))
    until = context.world.calendars.add_workdays(published.published_at, OBJECT_DAYS)
    reason = deed.reason()
    after = rules.raise_objection(minutes, by=deed.person.id, reason=reason, until=until, now=context.now)
    kept = minutes_store.save(context, minutes, after, "objected", grant=grant, slot=deed.person.id, reason=reason)
    secretary = effects.secretary(context)
    if secretary is not None and secretary.id != deed.person.id:
        said = words_for(context, secretary)
        text = said.say(
            "objection_told",
            code=kept.code,
            name=deed.person.name,
            reason=inert(reason, limit=200) if not kept.secrecy else "",
            example=said.say("example_minutes_answer"),
        )
        key = f"minutes:{kept.code}:objection:{len(kept.objections)}"
        effects.tell(context, secretary, effects.text(text), key=key, ref=kept.code, is_owed=True)
    return Done(words.say("objection_taken", code=kept.code))


def on_answer(deed: Deed, minutes: Minutes) -> Done:
    """The secretary keeps the text and says why; a correction answers as well."""
    context, words = deed.context, deed.words
    is_sync = minutes_store.is_sync(minutes)
    action = Action.SUBMIT_SYNC_RECORD if is_sync else Action.PUBLISH_MINUTES
    grant = require(context, action, minutes_store.relation_of(context, minutes))
    require_possible(deed, minutes, MACHINE, MinutesAct.ANSWER)
    if not minutes.open_objections:
        raise RuleViolation("objection_none")
    answer = deed.reason()
    kept = minutes_store.save(
        context,
        minutes,
        rules.answer_objections(minutes, answer=answer, now=context.now),
        "objection_answered",
        grant=grant,
        reason=answer,
    )
    for one in minutes.open_objections:
        reader = context.world.directory.person(one.by)
        if reader is None:
            continue
        said = words_for(context, reader)
        text = said.say("objection_answered_told", code=kept.code, answer=inert(answer, limit=200))
        key = f"minutes:{kept.code}:answer:{one.by}:{kept.version}"
        effects.tell(context, reader, effects.text(text), key=key, ref=kept.code)
    return Done(words.say("objection_answered", code=kept.code, count=len(minutes.open_objections)))


def lines(words: Words, minutes: Minutes) -> list[str]:
    """Objections with their answers, as they stand under the record."""
    return [
        words.say(
            "objection_line",
            name=words.name(one.by),
            time=words.time(one.at),
            reason=inert(one.reason, limit=100),
            answer=_answer(words, one.answer, is_corrected=one.is_corrected),
        )
        for one in minutes.objections
    ]


def _answer(words: Words, answer: str, *, is_corrected: bool) -> str:
    if not answer:
        return words.say("objection_open_line")
    key = "objection_corrected_line" if is_corrected else "objection_kept_line"
    return words.say(key, answer=inert(answer, limit=100))
