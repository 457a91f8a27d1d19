"""Loads the official SDK without its side effects on our loops.

Its long-connection module takes or makes an event loop while it is imported. It is therefore imported on a thread of its
own, where it can only make a new one, and that loop is closed at once: whoever runs the SDK's long connection gives it a
loop for that run.
"""

from __future__ import annotations

import importlib
from concurrent.futures import ThreadPoolExecutor
from typing import Any


def _load() -> tuple[Any, Any]:
    package = importlib.import_module("lark_oapi")
    module = importlib.import_module("lark_oapi.ws.client")
    module.loop.close()
    return package, module


with ThreadPoolExecutor(max_workers=1) as _pool:
    #: the package `lark_oapi` and its module `ws.client`
    lark, long_connection = _pool.submit(_load).result()
