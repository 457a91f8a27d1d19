"""Feishu's names of emojis and the neutral forms that the rules know (A-10). Pure."""

from __future__ import annotations

#: `emoji_type` in capitals -> neutral form; the client shows Get as 了解, which people use for 收到
_NEUTRAL = {"THUMBSUP": "👍", "OK": "OK", "GET": "收到", "DONE": "DONE"}


def neutral_emoji(emoji_type: str) -> str:
    """The neutral form, or the platform's own name for every other emoji."""
    return _NEUTRAL.get(emoji_type.upper(), emoji_type)
