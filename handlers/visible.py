"""What a report says of platforms on which the bot hears only what names it (domain.md 5.4)."""

from __future__ import annotations

from bot.routing import Context
from handlers.words import Words


def coverage(context: Context, words: Words) -> str:
    """`（钉钉、企业微信仅统计可见消息）`; empty where everything is seen."""
    partial = [words.platform(name) for name, c in context.capabilities.items() if not c.sees_all_group_messages]
    return words.say("visible_only_on", platforms=words.listing(partial)) if partial else ""
