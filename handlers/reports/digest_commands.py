"""`/简报`: the digest as of now, for those who may see it (domain.md 6.1, P-55). Nothing is stored, nothing counts as sent."""

from __future__ import annotations

from bot.domain.action import Action
from handlers.access import require
from handlers.calls import Call, Commands
from handlers.reports import digest_notes, digests
from handlers.reports.digest_text import render


def answer_commands(commands: Commands) -> None:
    """Put the commands on the table."""
    commands.on("digest", on_digest)
    commands.on("digest_note", digest_notes.on_note)


def on_digest(call: Call) -> None:
    """The present state, in private whatever the place it was asked in."""
    require(call.context, Action.SEE_DIGEST)
    digest = digests.present(call.context, call.context.now)
    call.answer_privately(render(call.context, digest, call.person, call.words, is_now=True))
