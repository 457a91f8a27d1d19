"""How a no is told: the sentence of its rule with the facts, in private where it says something about rights (2.8)."""

from __future__ import annotations

import re
from datetime import date, datetime

from bot.errors import RuleViolation
from handlers import effects, reserved
from handlers.calls import Call
from handlers.texts import keys
from handlers.words import Words

#: refusals that say something about rights; every such attempt is on the record (EC-06, EC-07, EC-73)
AUDITED = frozenset({"no_right", "not_found_or_no_right", "confidential_refused"})
#: attempts that a rule wants counted, although their refusal is no secret (3.12, R-98)
COUNTED = frozenset({"liaison_notice_short", "issue_outcome_incomplete", "minutes_rows_lacking"})


def sentence(words: Words, refusal: RuleViolation) -> str:
    """The sentence of a refusal in the reader's language."""
    facts = {name: _shown(words, fact) for name, fact in refusal.facts.items()}
    if "state" in facts:
        facts["state"] = _state(words, refusal)
    return words.say(refusal.code, **facts)


def refuse(call: Call, refusal: RuleViolation) -> None:
    """Answer with the reason; what is nobody else's business goes to the private chat (A4 18)."""
    if refusal.code in AUDITED | COUNTED:
        record(call, refusal)
    text = _of_command(call, refusal)
    if refusal.code in AUDITED:
        call.answer_privately(text)
    else:
        call.answer(text)


def _of_command(call: Call, refusal: RuleViolation) -> str:
    """What was typed can be answered in more words than a press: who may, what is the state, how it is written."""
    words, verb = call.words, call.command.verb
    match refusal.code:
        case "no_right":
            return reserved.refusal(words, verb)
        case "stale_card" if call.command.codes:
            code = _code(call)
            return words.say("not_now", code=code, state=_state(words, refusal), command=call.command.word)
        case "reason_required":
            return f"{sentence(words, refusal)}\n{_example(call)}"
        case "missing_fields" if call.code:
            return f"{sentence(words, refusal)}\n{words.say('missing_fields_how', code=call.code)}"
        case _:
            return sentence(words, refusal)


def _code(call: Call) -> str:
    """The number that was meant, whole."""
    year = call.context.world.calendars.local(call.context.now).year
    ref = call.command.codes[0]
    return str(call.code or ref.code(year) or ref.number)


def _example(call: Call) -> str:
    """A whole correct command, about the same object where the example is about one of its kind."""
    example = call.words.say(f"example_{call.command.verb}")
    if call.command.codes:
        code = _code(call)
        example = re.sub(rf"{re.escape(code[:2])}-[\d-]+", code, example, count=1)
    return call.words.say("help_example", example=example)


def _shown(words: Words, fact: object) -> object:
    """Rules give dates and instants as such; the reader's language decides how they are written."""
    match fact:
        case datetime():
            return words.time(fact)
        case date():
            return words.day(fact)
        case _:
            return fact


def _state(words: Words, refusal: RuleViolation) -> object:
    state = refusal.facts.get("state")
    for key in (state, f"clock_state_{state}"):
        if isinstance(key, str) and key in keys():
            return words.say(key)
    return state


def record(call: Call, refusal: RuleViolation) -> None:
    """Keep who tried what; never the words of the attempt."""
    year = call.context.world.calendars.local(call.context.now).year
    codes = [ref.code(year) or str(ref.number) for ref in call.command.codes]
    effects.record(
        call.context,
        "refused",
        codes[0] if codes else call.command.verb,
        reason=refusal.code,
        facts={"command": call.command.verb},
    )
