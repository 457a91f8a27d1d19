"""What was written behind a number, as it was written: codes and the names of mentioned people stay in it."""

from __future__ import annotations

import re

from bot.arguments import shown
from bot.domain.folding import folded
from handlers.deeds import Deed

_CODE_AHEAD = re.compile(r"\A\s*[a-z]{2}\s{0,2}[-–—−_]?\s{0,2}(?:20\d\d\s?[-–—−_]\s?)?\d{1,6}\s?号?[\s,:。]*")
_NUMBER_AHEAD = re.compile(r"\A\s*(?:#|第)?\s{0,2}\d{1,6}\s?号?[\s,:。]+")


def behind_code(deed: Deed, name: str) -> str:
    """The sentence behind the number of a command, or the card's input of that name; one space where there were several."""
    if deed.call is None:
        return " ".join(deed.form.get(name, "").split())
    command = deed.call.command
    text = shown(command.raw, deed.call.message.mentions)
    is_bare = bool(command.codes) and command.codes[0].kind is None
    ahead = (_NUMBER_AHEAD if is_bare else _CODE_AHEAD).match(folded(text))
    return " ".join(text[ahead.end() if ahead is not None else 0 :].split())
