"""The places where tests let the process die are the places in the code, and dying there is a real death."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import bot
from bot.crashpoints import MARKED, crash_here

ROOT = Path(bot.__file__).parent.parent
CALL = re.compile(r"crash_here\(([^)]*)\)")


def marked_in_code() -> list[str]:
    """Arguments of every call, package by package."""
    return [
        argument
        for package in ("bot", "adapters", "handlers", "storage")
        for file in sorted((ROOT / package).rglob("*.py"))
        if file.name != "crashpoints.py"
        for argument in CALL.findall(file.read_text(encoding="utf-8"))
    ]


def test_the_list_and_the_code_agree() -> None:
    assert sorted(f'"{name}"' for name in MARKED) == sorted(marked_in_code())
    assert list(MARKED) == sorted(set(MARKED))


def test_there_are_as_many_as_reliability_asks_for() -> None:
    """F1: at least forty boundaries of commits and calls."""
    assert len(MARKED) >= 40


def test_nothing_happens_without_the_variable() -> None:
    for name in MARKED:
        crash_here(name)


def die(crash_at: str, log: Path, program: str) -> subprocess.CompletedProcess[str]:
    """Run a small program that passes places, under a plan."""
    return subprocess.run(  # noqa: S603 - our own little program
        [sys.executable, "-c", f"from bot.crashpoints import crash_here\n{program}"],
        env={"CRASH_AT": crash_at, "CRASH_LOG": str(log), "PATH": ""},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("crash_at", "passages"),
    [("sent", 1), ("sent:3", 3), ("2", 2)],
)
def test_the_process_is_killed_at_the_place_it_was_told(tmp_path: Path, crash_at: str, passages: int) -> None:
    """SIGKILL: no handler runs, nothing is flushed, no transaction is rolled back by us."""
    program = (
        "import atexit\natexit.register(print, 'cleaned up', flush=True)\n"
        "try:\n    for n in range(9):\n        print(n, flush=True)\n        crash_here('sent')\n"
        "finally:\n    print('unwound', flush=True)"
    )
    done = die(crash_at, tmp_path / "crashes", program)
    assert done.returncode == -signal.SIGKILL
    assert done.stdout.split() == [str(n) for n in range(passages)]
    assert (tmp_path / "crashes").read_text(encoding="utf-8").split()[1] == "sent"


@pytest.mark.slow
def test_a_place_that_does_not_exist_is_an_error_at_once(tmp_path: Path) -> None:
    done = die("nowhere", tmp_path / "crashes", "print('started')")
    assert done.returncode == 1
    assert "no such place" in done.stderr
