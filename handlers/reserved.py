"""Commands that only certain roles can ever use, and the words for who they are (domain.md 2.2).

What depends on the object is judged by its handler; this file knows only what is certain before anything was asked.
"""

from __future__ import annotations

from bot.domain.action import Action
from bot.domain.directory import Role
from bot.routing import Context
from handlers import effects
from handlers.access import actor, allows
from handlers.texts import keys
from handlers.words import Words

_ROLES = {
    "waive": Role.SECRETARY,
    "doctor": Role.ADMINISTRATOR,
    "release": Role.ADMINISTRATOR,
    "revive": Role.ADMINISTRATOR,
    "team_todo": Role.HEAD,
    "liaison_change": Role.HEAD,
    "liaison_urgent": Role.HEAD,
    "liaison_move": Role.HEAD,
    "score_contest": Role.HEAD,
    "score_answer": Role.SECRETARY,
    "put_forward": Role.SECRETARY,
    "drop_candidate": Role.SECRETARY,
    "publish_notice": Role.SECRETARY,
    "feedback_ask": Role.SECRETARY,
    "digest_note": Role.SECRETARY,
}


def may_ever(context: Context, verb: str) -> bool:
    """Is there any object with which this person could use the command?"""
    if verb == "digest":
        return allows(context, Action.SEE_DIGEST)
    if verb == "weekly_report":
        return allows(context, Action.SEE_WEEKLY_REPORT)
    role = _ROLES.get(verb)
    who = actor(context)
    return role is None or (who is not None and who.has(role))


def refusal(words: Words, verb: str) -> str:
    """That it may not be done, and who may, as far as there are words for it."""
    key = f"who_{verb}"
    if key not in keys():
        return words.say("no_right")
    context = words.context
    secretary = effects.secretary(context)
    facts = {
        "secretary": secretary.name if secretary is not None else words.say("vacant"),
        "administrators": words.listing(p.name for p in effects.administrators(context)) or words.say("vacant"),
    }
    return words.say("no_right_who", who=words.say(key, **facts))
