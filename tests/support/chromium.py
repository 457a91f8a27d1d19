"""Where an installed Chromium is. Tests marked `browser` need one; without it they are left out, and the run says so."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path

#: names under which distributions install it
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
#: how to start it so that it stays alone: no display, no calls home
ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@cache
def find_chromium() -> Path | None:
    """The executable, None where there is none."""
    found = next((where for name in NAMES if (where := shutil.which(name)) is not None), None)
    return Path(found) if found is not None else None


def report() -> str:
    """One line for the head of every test run."""
    found = find_chromium()
    if found is not None:
        return f"browser tests: run with {found}"
    return "browser tests: LEFT OUT, no Chromium is installed (Debian: apt install chromium)"
