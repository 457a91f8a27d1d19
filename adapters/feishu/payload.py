"""The words of a button's payload, shared by the code that renders cards and the code that reads clicks.

The payload says what was pressed and on which version of what (`params` carry the proof, made by handlers); it never
says what is allowed.
"""

from __future__ import annotations

from collections.abc import Mapping

from adapters._hardened_json import JsonTable

#: member of a button's `value` that names the action
ACTION_KEY = "a"
#: member with the action's parameters, a table of texts
PARAMS_KEY = "p"
#: name of the one form that a card can have
FORM_NAME = "form"


def button_value(action: str, params: Mapping[str, str]) -> JsonTable:
    """What the platform hands back when the button is pressed."""
    return {ACTION_KEY: action, PARAMS_KEY: dict(params)}
