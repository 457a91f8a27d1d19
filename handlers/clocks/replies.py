"""已收到, 取消等待, 还在等, 免计: by text and by button, with one rule behind both (domain.md 5.5; L-04, L-05, L-23; P-49).

Who may press is decided in the transaction, from the authenticated operator and the present state, never from the card.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.domain.action import Action
from bot.domain.answering import acknowledgement
from bot.domain.clock_events import ClockDecision
from bot.domain.codes import read_codes
from bot.domain.ids import ChatKey, PersonId
from bot.domain.reply_clock import ClockFact, ClockState, FactKind, ReplyClock
from bot.domain.sla import command, seen_from
from bot.errors import RuleViolation
from bot.messages import inert
from bot.ports import Answer
from bot.routing import Context, Router
from bot.updates import CardClicked, MessageReceived, display_text
from handlers import effects, refusing, reserved
from handlers.access import require
from handlers.calls import Call, Commands
from handlers.cards.clock import ACKNOWLEDGE, ANSWER_FIELD, CALL_OFF, STILL_WAITING, answerer
from handlers.clocks import clock_access, clock_cards, clocks
from handlers.conversation import limits, quoting
from handlers.conversation.listening import moment_of
from handlers.words import Words, words_for

#: a one-line answer is no longer than this; what is longer belongs into a message
LONGEST_ANSWER = 500

#: the command that does the same as a button
_VERBS = {ACKNOWLEDGE: "acknowledge", CALL_OFF: "call_off", STILL_WAITING: "still_waiting"}
#: does one of the four things to a clock at an instant; returns the sentence for whoever did it
_Deed = Callable[[Context, ReplyClock, datetime, str, ChatKey | None], str]


def answer_commands(commands: Commands) -> None:
    """Put the four commands on the table."""
    commands.on("acknowledge", on_acknowledge)
    commands.on("call_off", on_call_off)
    commands.on("still_waiting", on_still_waiting)
    commands.on("waive", on_waive)


def register(router: Router) -> None:
    """Put the buttons of the clock's card on the table."""
    router.action(ACKNOWLEDGE, lambda context, click: _pressed(context, click, acknowledge))
    router.action(CALL_OFF, lambda context, click: _pressed(context, click, call_off))
    router.action(STILL_WAITING, lambda context, click: _pressed(context, click, keep_waiting))


# ---------------------------------------------------------------- by text


def on_acknowledge(call: Call) -> None:
    """`已收到 HF-31`, with a line of answer behind it if there is one to give."""
    among = clock_access.answerable_by(call.context, call.person.id, chat=call.message.chat)
    clock = clock_access.meant(call, among, none="nothing_waits")
    call.answer(acknowledge(call.context, clock, moment_of(call.message.source), call.command.words, call.message.chat))


def on_call_off(call: Call) -> None:
    """`取消等待 HF-31`, by whoever asked."""
    clock = clock_access.meant(call, clock_access.asked_by(call.context, call.person.id), none="nothing_waited_for")
    call.answer(call_off(call.context, clock, moment_of(call.message.source), "", call.message.chat))


def on_still_waiting(call: Call) -> None:
    """`还在等 HF-31`: that plain message was no answer."""
    among = clock_access.answered_plainly(call.context, call.person.id)
    clock = clock_access.meant(call, among, none="nothing_to_reopen")
    call.answer(keep_waiting(call.context, clock, moment_of(call.message.source), "", call.message.chat))


def on_waive(call: Call) -> None:
    """`免计 HF-31 原因`: the secretary takes a clock out of the count."""
    clock = clock_access.meant(call, (), none="nothing_asked")
    grant = require(call.context, Action.CORRECT_VERDICT, clock_access.relation_of(call.context, clock))
    reason = inert(call.command.pairs.get("原因") or call.command.words, limit=200)
    fact = ClockFact(kind=FactKind.WAIVED, at=moment_of(call.message.source), by=call.person.id, text=reason)
    hours = clocks.hours_of(call.context, clock)
    decision = command(clock, fact, hours=hours, now=call.context.now)
    clock = clocks.save(call.context, clock, decision, grant=grant)
    call.say("clock_waived", code=clock.code, reason=clock.reason)


def answered_by_quoting(context: Context, update: MessageReceived, words: Words) -> bool:
    """Quoting the clock's card in private and typing answers the question (5.5, ux.md A4 5); False for other quotes."""
    code = quoting.code_of(context, update.reply_to)
    clock = context.uow.clocks.get(code) if code is not None else None
    if clock is None or clock.asker == _doer(context):
        return False
    text = display_text(update.text, update.mentions).strip()
    try:
        with context.uow.savepoint():
            said = acknowledge(context, clock, moment_of(update.source), text, update.chat)
    except RuleViolation as refusal:
        _keep_record(context, clock.code, "quote", refusal)
        said = refusing.sentence(words, refusal)
    effects.post(context, update.chat, effects.text(said), key=f"answer:{update.message}:quote")
    return True


# ---------------------------------------------------------------- by button


def _pressed(context: Context, click: CardClicked, deed: _Deed) -> Answer:
    """Do what the button says, or say why not; a press that comes too late is told who was faster, and when."""
    code = click.params.get("code", "")
    text = " ".join(click.form.get(ANSWER_FIELD, "").split())
    try:
        clock = _clock_on_card(context, code)
        with context.uow.savepoint():
            return Answer(toast=deed(context, clock, moment_of(click.source), text, click.chat))
    except RuleViolation as refusal:
        _keep_record(context, code, click.action, refusal)
        return Answer(toast=_refusal(context, click, refusal), is_error=refusal.code != "done_already", is_refused=True)


def _refusal(context: Context, click: CardClicked, refusal: RuleViolation) -> str:
    words = words_for(context, context.person)
    if refusal.code == "no_right":
        return " ".join(reserved.refusal(words, _VERBS[click.action]).split("\n"))
    return refusing.sentence(words, refusal)


def _clock_on_card(context: Context, code: str) -> ReplyClock:
    if context.person is None:
        raise RuleViolation("unknown_person")
    if not limits.may_look_up(context, context.person):
        raise RuleViolation("too_fast")
    refs, _ = read_codes(code)
    if not refs:
        raise RuleViolation("not_found_or_no_right")
    return clock_access.named(context, refs[0])


def _keep_record(context: Context, code: str, action: str, refusal: RuleViolation) -> None:
    """Refused presses and repetitions leave a note; nothing else happened (EC-01, EC-07)."""
    if refusal.code in refusing.AUDITED or refusal.code == "unknown_person":
        effects.record(context, "refused", inert(code, limit=40), reason=refusal.code, facts={"command": action})
    elif refusal.code in {"stale_card", "done_already"}:
        effects.record(context, "repeated", code, reason=refusal.code, facts={"command": action})


# ---------------------------------------------------------------- the four deeds


def acknowledge(context: Context, clock: ReplyClock, at: datetime, text: str, chat: ChatKey | None) -> str:
    """The question is received, or answered in a line. Raises RuleViolation (see `acknowledgement` and `command`)."""
    words = words_for(context, context.person)
    if not clock.is_open:
        raise _too_late(clock, words)
    if len(text) > LONGEST_ANSWER:
        raise RuleViolation("too_long", {"count": len(text), "limit": LONGEST_ANSWER})
    line = inert(text, limit=LONGEST_ANSWER)
    fact = acknowledgement(clock, _doer(context), context.world.posts, at=at, text=line)
    after = clocks.save(context, clock, _commanded(context, clock, fact, words))
    _tell_asker(context, after, line, chat)
    if line:
        return words.say("clock_answer_passed_on", code=after.code, asker=words.name(after.asker))
    return words.say("clock_acknowledged", code=after.code)


def call_off(context: Context, clock: ReplyClock, at: datetime, _: str, __: ChatKey | None) -> str:
    """Whoever asked needs no answer any more. Raises RuleViolation `no_right`, `call_off_breached`, `stale_card`."""
    words, doer = words_for(context, context.person), _doer(context)
    if clock_cards.UNSENT in clock.flags:
        clock = seen_from(clock, at=at, hours=clocks.hours_of(context, clock))
    elif clock.state is ClockState.BREACHED and doer == clock.asker:
        raise RuleViolation("call_off_breached", {"code": clock.code})
    fact = ClockFact(kind=FactKind.CALLED_OFF, at=at, by=doer)
    after = clocks.save(context, clock, _commanded(context, clock, fact, words))
    return words.say("clock_called_off", code=after.code)


def keep_waiting(context: Context, clock: ReplyClock, at: datetime, _: str, __: ChatKey | None) -> str:
    """That plain message was no answer: the clock runs again with its old due instant (L-04). Raises RuleViolation."""
    words = words_for(context, context.person)
    fact = ClockFact(kind=FactKind.STILL_WAITING, at=at, by=_doer(context))
    after = clocks.save(context, clock, _commanded(context, clock, fact, words))
    return words.say("clock_reopened", code=after.code, due=words.reply_due(after.due_at))


def _doer(context: Context) -> PersonId:
    if context.person is None:
        raise RuleViolation("unknown_person")
    return context.person.id


def _commanded(context: Context, clock: ReplyClock, fact: ClockFact, words: Words) -> ClockDecision:
    """What the rule makes of it; when it moves nothing any more, the refusal says what happened instead."""
    try:
        return command(clock, fact, hours=clocks.hours_of(context, clock), now=context.now)
    except RuleViolation as refusal:
        if refusal.code == "stale_card" and fact.kind is FactKind.ACKNOWLEDGED:
            raise _too_late(clock, words) from refusal
        raise


def _too_late(clock: ReplyClock, words: Words) -> RuleViolation:
    """Somebody was faster: who, and when (2.8)."""
    if clock.answered_at is None or clock.is_open:
        return RuleViolation("stale_card", {"state": clock.state.value})
    return RuleViolation("done_already", {"time": words.time(clock.answered_at), "name": answerer(clock, words)})


def _tell_asker(context: Context, clock: ReplyClock, line: str, chat: ChatKey | None) -> None:
    """An answer that was not given where the question stands is carried there (5.5)."""
    asker = context.world.directory.person(clock.asker)
    if asker is None or chat == clock.chat:
        return
    words = words_for(context, asker)
    facts = {"name": answerer(clock, words), "time": words.time(clock.started_at), "code": clock.code}
    if line and clock.secrecy:
        text = words.say("clock_acknowledged_told", **facts)
    else:
        key = "clock_answered_told" if line else "clock_acknowledged_told"
        text = words.say(key, **facts, text=line)
    effects.tell(
        context,
        asker,
        effects.text(text),
        key=f"clock:{clock.code}:answered:{clock.version}",
        ref=clock.code,
        repeat_unknown=True,
    )
