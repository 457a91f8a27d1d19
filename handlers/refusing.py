"""How a no is told: the sentence of its rule with the facts, in private where it says something about rights (2.8)."""

from __future__ import annotations

from bot.errors import RuleViolation
from handlers import effects
from handlers.calls import Call
from handlers.texts import keys
from handlers.words import Words

#: refusals that say something about rights; every such attempt is on the record (EC-06, EC-07, EC-73)
AUDITED = frozenset({"no_right", "not_found_or_no_right", "confidential_refused"})


def sentence(words: Words, refusal: RuleViolation) -> str:
    """The sentence of a refusal in the reader's language."""
    facts = dict(refusal.facts)
    state = facts.get("state")
    if isinstance(state, str) and f"clock_state_{state}" in keys():
        facts["state"] = words.say(f"clock_state_{state}")
    return words.say(refusal.code, **facts)


def refuse(call: Call, refusal: RuleViolation) -> None:
    """Answer with the reason; what is nobody else's business goes to the private chat (A4 18)."""
    if refusal.code in AUDITED:
        record(call, refusal)
    text = sentence(call.words, refusal)
    if refusal.code in AUDITED:
        call.answer_privately(text)
    else:
        call.answer(text)


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
