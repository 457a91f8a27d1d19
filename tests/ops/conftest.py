"""An empty installation for each test, and a shell on it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import logs
from tests.ops.rig import Installation, Shell


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    """A folder with the smallest configuration that can run."""
    return Installation(tmp_path).write("[server]\nport = 0\n")


@pytest.fixture
def shell(
    installation: Installation, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Shell]:
    """The command line; nobody sits at the terminal, and no setting comes from the environment."""
    for name in ("HUIYIN_CONFIG", "CRASH_AT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.stdin", io.StringIO())
    monkeypatch.chdir(installation.folder)
    yield Shell(installation, capfd)
    logs.reset()
