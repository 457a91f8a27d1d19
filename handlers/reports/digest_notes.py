"""The secretary's comment in the leader's digest: one line at the end of the next one, once (6.1, R-23)."""

from __future__ import annotations

from dataclasses import replace

from bot.arguments import shown
from bot.domain.action import Action
from bot.domain.folding import folded
from bot.domain.records import Setting
from bot.errors import RuleViolation
from bot.messages import inert
from bot.routing import Context
from handlers import effects
from handlers.access import require
from handlers.calls import Call
from handlers.scores import feedback_keeping
from handlers.words import Words

#: longer than this no line of the digest is
LONGEST = 200
_SETTING = "digest_note"
_CLEARING = frozenset({"清除", "删除", "清空", "取消", "clear", "remove", "none"})


def on_note(call: Call) -> None:
    """`简报 批注 文字` keeps it for the next digest in place of an earlier one; `简报 批注 清除` takes it back."""
    context, words = call.context, call.words
    require(context, Action.COLLECT_FEEDBACK)
    text = " ".join(shown(call.command.raw, call.message.mentions).split())
    if folded(text).strip(" 。.!") in _CLEARING:
        call.answer_privately(words.say("digest_note_cleared" if _forget(context) else "digest_note_none"))
        return
    if len(text) > LONGEST:
        raise RuleViolation("digest_note_long", {"count": len(text), "limit": LONGEST})
    feedback_keeping.require_open_words(context, text)
    _keep(context, inert(text, limit=LONGEST))
    effects.record(context, "digest_noted", "")
    call.answer_privately(words.say("digest_note_kept", comment=line(context, words)))


def line(context: Context, words: Words) -> str:
    """The line as it stands in the digest; empty where the secretary wrote nothing."""
    setting = context.uow.settings.get(_SETTING)
    return words.say("digest_comment", text=inert(setting.body)) if setting is not None else ""


def used(context: Context) -> None:
    """It was sent: the digest after this one has none."""
    _forget(context)


def _keep(context: Context, text: str) -> None:
    known = context.uow.settings.get(_SETTING)
    if known is None:
        context.uow.settings.add(Setting(name=_SETTING, body=text))
    else:
        context.uow.settings.put(replace(known, body=text))


def _forget(context: Context) -> bool:
    is_there = context.uow.settings.get(_SETTING) is not None
    context.uow.settings.remove(_SETTING)
    return is_there
