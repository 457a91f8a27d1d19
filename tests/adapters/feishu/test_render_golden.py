"""The exact request of every kind of outbound. A change of the wire shows here first."""

from __future__ import annotations

import json
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

from adapters.feishu.render import Call, render
from tests.adapters.feishu.outgoing import SAMPLES


@pytest.fixture
def golden(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    return snapshot.use_extension(JSONSnapshotExtension)


def readable(call: Call) -> dict[str, Any]:
    """The request with its content unfolded: content is JSON inside JSON on the wire."""
    body: dict[str, Any] = dict(call.body or {})
    if "content" in body:
        assert isinstance(body["content"], str)
        body["content"] = json.loads(body["content"])
    if call.form is not None:
        body = {**dict(call.form.fields), call.form.name: [call.form.file_name, call.form.media_type]}
    query = [f"{name}={value}" for name, value in call.query]
    return {
        "operation": call.operation,
        "method": call.method,
        "path": call.path,
        "query": query,
        "body": body if call.body is not None or call.form is not None else None,
    }


@pytest.mark.parametrize("name", SAMPLES)
def test_each_outbound_is_rendered_as_recorded(name: str, golden: SnapshotAssertion) -> None:
    assert readable(render(SAMPLES[name], key=f"key:{name}", app_id="cli_x")) == golden
