"""Every click is looked at before its action: a button that was not made here does nothing (T8)."""

from __future__ import annotations

from bot.messages import inert
from bot.ports import Answer
from bot.routing import Context, Router
from bot.updates import CardClicked
from handlers import effects
from handlers.seals import is_genuine
from handlers.words import words_here


def register(router: Router) -> None:
    """Stand in front of all actions."""
    router.guard(check)


def check(context: Context, click: CardClicked) -> Answer | None:
    """None for a button of ours; else what the presser sees: the answer for what does not exist (2.5)."""
    if is_genuine(context, click):
        return None
    context.count("forged_clicks")
    effects.record(context, "refused", "", reason="forged_button", facts={"command": inert(click.action, limit=40)})
    return Answer(toast=words_here(context).say("not_found_or_no_right"), is_error=True)
