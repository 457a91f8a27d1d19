"""Asks the official SDK's request models whether a request to the platform has only fields that exist there.

Which model belongs to which call is read from the SDK's own clients. The older API has no models; its few calls are listed
here with their members as documented, so that nothing passes for lack of a judge.
"""

from __future__ import annotations

import importlib
import importlib.util
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

PACKAGES = ("card_1_0", "gateway_1_0", "im_1_0", "oauth2_1_0", "robot_1_0")
_CALL = re.compile(
    r"def \w+with_options\(\s*self,\s*request: \w+\.(\w+),.*?pathname=f'([^']*)',\s*method='(\w+)'", re.DOTALL
)
#: calls of the older API: members of the body, or names of the query
DOCUMENTED: Mapping[tuple[str, str], frozenset[str]] = {
    ("POST", "/topapi/v2/department/listsub"): frozenset({"dept_id"}),
    ("POST", "/topapi/v2/department/get"): frozenset({"dept_id"}),
    ("POST", "/topapi/v2/user/list"): frozenset({"dept_id", "cursor", "size"}),
    ("GET", "/chat/get"): frozenset({"chatid"}),
    ("POST", "/media/upload"): frozenset({"type", "media"}),
    ("POST", "/robot/sendBySession"): frozenset({"msgtype", "text", "at"}),
}


#: members that the protocol's own page names and the model leaves out (dingtalk.md 2.4)
BESIDES: Mapping[tuple[str, str], frozenset[str]] = {("POST", "/v1.0/gateway/connections/open"): frozenset({"ua"})}


class UnknownToSdk(AssertionError):
    """A request that the official SDK could not have made."""


@cache
def models() -> Mapping[tuple[str, str], type[Any]]:
    """The request model of every call of the packages that a coordination bot needs."""
    found: dict[tuple[str, str], type[Any]] = {}
    for package in PACKAGES:
        module = importlib.import_module(f"alibabacloud_dingtalk.{package}.models")
        source = Path(str(module.__file__)).with_name("client.py").read_text(encoding="utf-8")
        for part in source.split("\n    def "):
            call = _CALL.search(f"def {part}")
            if call is not None:
                found[(call[3], call[2])] = getattr(module, call[1])
    return found


def check_request(method: str, path: str, query: Mapping[str, Any], body: Mapping[str, Any]) -> type[Any] | None:
    """The model of a call, None for one of the older API. Raises UnknownToSdk for everything that neither knows."""
    documented = DOCUMENTED.get((method, path))
    if documented is not None:
        if unknown := {*query, *body} - documented - {"access_token"}:
            raise UnknownToSdk(f"{method} {path}: {sorted(unknown)}")
        return None
    model = models().get((method, path))
    body = {name: value for name, value in body.items() if name not in BESIDES.get((method, path), frozenset())}
    if model is None or query:
        raise UnknownToSdk(f"{method} {path} {dict(query)}")
    read = model().from_map(dict(body)).to_map()
    # the models write maps that nobody gave as empty ones
    if {name: value for name, value in read.items() if name in body or value != {}} != body:
        raise UnknownToSdk(f"{method} {path}: the SDK reads {read}")
    _check_types(path, model, body)
    return model


def _check_types(place: str, model: type[Any], body: Mapping[str, Any]) -> None:
    """Every member of the type that the model's constructor names; members go by other names there."""
    hints = {re.sub("_", "", name).lower(): hint for name, hint in get_type_hints(model.__init__).items()}
    for name, value in body.items():
        hint = hints.get(re.sub("_", "", name).lower())
        if not _fits(value, hint):
            raise UnknownToSdk(f"{place}: {name} is {type(value).__name__}, the SDK wants {hint}")
        if isinstance(hint, type) and isinstance(value, dict) and hasattr(hint, "from_map"):
            _check_types(f"{place}.{name}", hint, value)


def _fits(value: object, hint: Any) -> bool:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is list:
        return isinstance(value, list) and all(_fits(one, arguments[0]) for one in value)
    if origin is dict:
        return isinstance(value, dict) and all(_fits(one, arguments[1]) for one in value.values())
    if isinstance(hint, type) and hasattr(hint, "from_map"):
        return isinstance(value, dict)
    return isinstance(hint, type) and isinstance(value, hint) and not (hint is int and isinstance(value, bool))
