"""The words of a card's data and of a button's parameters, shared by the code that renders cards and the code that reads clicks.

The shipped template shows exactly these variables (design.md 3). The parameters say what was pressed and on which version
of what; they never say what is allowed.
"""

from __future__ import annotations

from collections.abc import Mapping

from adapters._hardened_json import JsonTable

#: the variables of the shipped template, all of them texts
TITLE, STATE, BODY, ROWS, BUTTONS, FOOTER, FIELDS = "title", "state", "body", "rows", "buttons", "footer", "fields"
#: the same fields in the shape that the platform's own form component wants (dingtalk.md 3.5)
FORM = "form"
#: shown to the person who pressed, and to nobody else
HINT = "hint"
#: a parameter that names the action, and one with the action's own parameters
ACTION_KEY, PARAMS_KEY = "a", "p"


def button_params(action: str, params: Mapping[str, str]) -> JsonTable:
    """What the platform hands back when the button is pressed."""
    return {ACTION_KEY: action, PARAMS_KEY: dict(params)}
