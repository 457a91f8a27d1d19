"""Asks the official SDK's request models whether a request to the platform has only fields that exist there.

`check_request` is the judge of what the adapter sends. Every path, query parameter and body member is compared with the
model the SDK would use for the same call, nested objects included. The few documented calls for which the SDK has no
model are listed here with their members, so that nothing passes for lack of a judge.
"""

from __future__ import annotations

import functools
import importlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args, get_origin, get_type_hints

from tests.contract.feishu.sdk import lark

#: parts of the SDK whose calls a coordination bot can make
_PACKAGES = ("application.v6", "auth.v3", "cardkit.v1", "contact.v3", "im.v1", "im.v2")
#: what every request model has, whatever it asks for
_BASE = frozenset({"http_method", "uri", "token_types", "paths", "queries", "headers", "body", "files", "request_body"})


class UnknownToSdk(AssertionError):
    """A request that the official SDK could not have made. `problems` says why, one line each."""

    def __init__(self, method: str, path: str, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(f"{method} {path}: " + "; ".join(self.problems))


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestShape:
    """One call of the platform as the SDK knows it."""

    method: str
    #: with `:name` for path parameters
    uri: str
    #: the model's class, or `documentation` for a call without one
    model: str
    queries: frozenset[str]
    #: members of the body with their types; None for a call without a body
    body: Mapping[str, object] | None

    @property
    def is_fixed(self) -> bool:
        """True when no part of the path is a parameter."""
        return ":" not in self.uri

    def matches(self, method: str, path: str) -> bool:
        """True when that request is this call."""
        return method == self.method and re.fullmatch(re.sub(r":\w+", "[^/]+", self.uri), path) is not None


def _documented(method: str, uri: str, **body: object) -> RequestShape:
    return RequestShape(method=method, uri=uri, model="documentation", queries=frozenset(), body=body or None)


#: documented calls for which the SDK has no model of its own
_WITHOUT_MODEL = (
    _documented("GET", "/open-apis/bot/v3/info"),
    _documented("POST", "/open-apis/interactive/v1/card/update", token=str, card=dict),
    _documented("POST", "/callback/ws/endpoint", AppID=str, AppSecret=str),
)


def check_request(
    method: str,
    path: str,
    query: Mapping[str, object] | Iterable[tuple[str, object]] = (),
    body: Mapping[str, object] | None = None,
) -> RequestShape:
    """The call that the SDK knows for this request. Raises UnknownToSdk for a path, parameter or member it lacks."""
    found = shape_of(method, path)
    if found is None:
        raise UnknownToSdk(method, path, ["the SDK has no such call"])
    names = [name for name, _ in (query.items() if isinstance(query, Mapping) else query)]
    problems = [f"query parameter {name!r} is unknown" for name in names if name not in found.queries]
    problems.extend(_body_problems(found, body))
    if problems:
        raise UnknownToSdk(method, path, problems)
    return found


def shape_of(method: str, path: str) -> RequestShape | None:
    """The call for a request; fixed paths win over those with parameters."""
    found = [shape for shape in _shapes() if shape.matches(method, path)]
    return max(found, key=lambda shape: shape.is_fixed, default=None)


def _body_problems(shape: RequestShape, body: Mapping[str, object] | None) -> Iterator[str]:
    if not body:
        return
    if shape.body is None:
        yield f"the call takes no body, got {sorted(body)}"
        return
    yield from _member_problems(shape.body, body, where="body")


def _member_problems(types: Mapping[str, object], given: Mapping[str, object], *, where: str) -> Iterator[str]:
    for name, value in given.items():
        if name not in types:
            yield f"{where}.{name} is unknown"
        else:
            yield from _value_problems(types[name], value, where=f"{where}.{name}")


def _value_problems(kind: object, value: object, *, where: str) -> Iterator[str]:
    """Compare one value with the type in the SDK's model: a plain type, a list, a dict or another model."""
    origin = get_origin(kind)
    if origin is list:
        if not isinstance(value, list):
            yield f"{where} is no list"
            return
        for place, item in enumerate(value):
            yield from _value_problems(get_args(kind)[0], item, where=f"{where}[{place}]")
    elif origin is dict:
        if not isinstance(value, dict):
            yield f"{where} is no object"
    elif isinstance(kind, type) and hasattr(kind, "_types"):
        if not isinstance(value, Mapping):
            yield f"{where} is no object"
        else:
            yield from _member_problems(kind._types, value, where=where)
    elif isinstance(kind, type) and not _is_of(kind, value):
        yield f"{where} is {type(value).__name__}, the SDK has {kind.__name__}"


def _is_of(kind: type, value: object) -> bool:
    if kind in (int, float):
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, kind)


@functools.cache
def _shapes() -> tuple[RequestShape, ...]:
    return (*_WITHOUT_MODEL, *(shape for package in _PACKAGES for shape in _shapes_of(package)))


def _shapes_of(package: str) -> Iterator[RequestShape]:
    models = importlib.import_module(f"{lark.__name__}.api.{package}.model")
    for name, model in sorted(vars(models).items()):
        if name.endswith("Request") and model.__mro__[1].__name__ == "BaseRequest":
            yield _shape(model)


def _shape(model: Any) -> RequestShape:
    builder = model.builder()
    blank = builder.build()
    in_path = set(re.findall(r":(\w+)", blank.uri))
    return RequestShape(
        method=blank.http_method.name,
        uri=blank.uri,
        model=model.__name__,
        queries=frozenset(vars(blank).keys() - _BASE - in_path),
        body=_body_types(builder),
    )


def _body_types(builder: Any) -> Mapping[str, object] | None:
    if not hasattr(builder, "request_body"):
        return None
    types: Mapping[str, object] = get_type_hints(builder.request_body)["request_body"]._types
    return types
