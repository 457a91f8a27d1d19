"""The shipped card template and the code agree about its variables; what the console makes of it nobody could try here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib import resources
from typing import Any

from adapters.dingtalk import payload
from tests.adapters.dingtalk.outgoing import VARIABLES

FILE = resources.files("adapters.dingtalk").joinpath("templates/huiyin-card.json")


def exported() -> tuple[dict[str, Any], dict[str, Any]]:
    """The file as the console exports it, and the editor's data in it."""
    whole: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    editor: dict[str, Any] = json.loads(whole["editorData"])
    return whole, editor


def nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("children", []):
        yield from nodes(child)


def test_it_has_the_shape_of_an_export() -> None:
    whole, editor = exported()
    assert set(whole) == {"editorData", "widgetInfo", "type", "mode"}
    assert (whole["type"], whole["mode"]) == ("im", "card")
    (root,) = editor["schema"]["componentsTree"]
    found = list(nodes(root))
    assert root["componentName"] == "Card"
    assert {one["componentName"] for one in found} == {
        one["componentName"] for one in editor["schema"]["componentsMap"]
    }
    assert len({one["id"] for one in found}) == len(found)


def test_its_variables_are_the_ones_that_cards_carry() -> None:
    _, editor = exported()
    declared = {one["name"]: one["private"] for one in editor["variableList"]}
    assert set(declared) == VARIABLES | {payload.HINT}
    assert [name for name, is_private in declared.items() if is_private] == [payload.HINT]
    shown = json.dumps(editor["schema"]["componentsTree"])
    for name in set(declared) - {payload.FIELDS}:
        assert f"${{{name}}}" in shown or f'"variable": "{name}"' in shown, name


def test_a_button_hands_back_its_parameters_as_clicks_are_read() -> None:
    _, editor = exported()
    (button,) = [one for one in nodes(editor["schema"]["componentsTree"][0]) if one["componentName"] == "SingleButton"]
    (handed,) = button["props"]["params"]
    assert (button["props"]["actionType"], handed["name"]) == ("request", "params")
    assert handed["variable"] == f"{payload.BUTTONS}[0].params"
    sample = editor["mockData"]["cardData"]
    assert sample["buttons"][0]["params"] == payload.button_params("acknowledge", {"code": "HF-2026-0031"})
