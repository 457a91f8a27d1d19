"""Runs every benchmark, prints one table and writes `bench/results.json` and the front pages. Exit code 1 when a target is missed."""

from __future__ import annotations

import asyncio
import json
import os
import platform
import sqlite3
import sys
from dataclasses import asdict
from unicodedata import east_asian_width

from bench import intake, month, pages, start, timers, working_time
from bench.figure import Figure

PARTS = {"working_time": working_time, "intake": intake, "timers": timers, "start": start, "month": month}


def main() -> None:
    """All parts, or those named on the command line; only a whole run writes the results."""
    chosen = sys.argv[1:] or list(PARTS)
    unknown = [name for name in chosen if name not in PARTS]
    if unknown:
        sys.exit(f"no such benchmark: {', '.join(unknown)}; there are {', '.join(PARTS)}")
    figures = [figure for name in chosen for figure in _measured(name)]
    print(machine())
    for figure in figures:
        print(line(figure))
    if set(chosen) == set(PARTS):
        content = {"machine": machine(), "figures": [asdict(figure) for figure in figures]}
        pages.RESULTS.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        pages.rewrite()
    sys.exit(any(figure.ok is False for figure in figures))


def _measured(name: str) -> list[Figure]:
    print(f"{name} …", file=sys.stderr)
    return asyncio.run(PARTS[name].run())


def machine() -> str:
    """Where it was measured, in general terms."""
    return f"{os.cpu_count()} cores, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {platform.system()}"


def line(figure: Figure) -> str:
    """One row of the table."""
    mark = {True: "✔", False: "✘", None: " "}[figure.ok]
    versus = f"{figure.ratio:.2f} × {figure.peer}" if figure.ratio is not None else ""
    value = f"{figure.value:,.1f} {figure.unit}" if figure.value < 1000 else f"{figure.value:,.0f} {figure.unit}"
    return f"{mark} {_padded(figure.name, 100)} {value:>14}  {_padded(versus, 40)} {figure.target}"


def _padded(text: str, width: int) -> str:
    return text + " " * max(0, width - sum(2 if east_asian_width(c) in "WF" else 1 for c in text))


if __name__ == "__main__":
    main()
