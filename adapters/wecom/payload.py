"""What a button's key says, shared by the code that renders cards and the code that reads clicks.

A key has 1,024 bytes and is the only thing that comes back. It says what was pressed and on which version of what; it never
says what is allowed.
"""

from __future__ import annotations

from collections.abc import Mapping

from adapters._hardened_json import BadJson, JsonTable, parse_table, wire
from adapters._members import Unclear, text

#: bytes of a button's key
KEY_BYTES = 1_024
ACTION_KEY, PARAMS_KEY = "a", "p"


def button_key(action: str, params: Mapping[str, str]) -> str:
    """What the platform hands back when the button is pressed."""
    whole: JsonTable = {ACTION_KEY: action, PARAMS_KEY: dict(params)}
    return wire(whole).decode()


def read_key(key: str) -> tuple[str, dict[str, str]]:
    """Action and parameters. Raises Unclear for what none of our buttons can have made."""
    try:
        pressed = parse_table(key.encode("utf-8", "replace"))
    except BadJson:
        raise Unclear("the button's key is not ours") from None
    action, given = text(pressed, ACTION_KEY), pressed.get(PARAMS_KEY, {})
    if not action or not isinstance(given, dict):
        raise Unclear("the button's key is not ours")
    params = {name: value for name, value in given.items() if isinstance(value, str)}
    if len(params) != len(given):
        raise Unclear("the button's key is not ours")
    return action, params
