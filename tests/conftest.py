"""What holds for every test: no socket leaves the machine, nothing of ours blocks the event loop, figures are printed."""

from __future__ import annotations

import gc
import inspect
import ipaddress
import sys
from collections.abc import Iterator

import pytest
import structlog
from blockbuster import BlockBuster

from tests.support.chromium import find_chromium, report
from tests.support.figures import PROPERTY, Figures, collected
from tests.support.quick_folder import use_quick_folder

#: our packages, whose code must not block while a loop runs
OURS = ["bot", "adapters", "handlers", "storage"]

#: code that may block although a loop runs: file, function, reason
MAY_BLOCK: tuple[tuple[str, str, str], ...] = (
    ("asyncpg/connect_utils.py", "_parse_connect_arguments", "the driver looks for ~/.pgpass when it connects"),
    ("storage/migrations/__init__.py", "_run_scripts", "alembic reads its scripts, before anything listens"),
    ("storage/backup.py", "unit", "a copy of PostgreSQL has a thread and a loop of its own"),
    ("prometheus_client/process_collector.py", "collect", "/proc is memory"),
    ("linecache.py", "updatecache", "a traceback in the log shows its source lines"),
)


#: modules that take long: two processes share the work evenly when they begin with these
FIRST = (
    "tests/scenario/test_week.py",
    "tests/rigs/",
    "tests/playground/test_browser.py",
    "tests/properties/",
    "tests/adapters/feishu/test_delivery_pace.py",
    "tests/adapters/feishu/test_forgery.py",
    "tests/ops/",
    "tests/architecture/",
    "tests/playground/",
    "tests/scenario/",
)


class OutsideWorld(Exception):
    """A test tried to reach something that is not this machine."""


def _refuse_the_outside(event: str, arguments: tuple[object, ...]) -> None:
    """An audit hook: whatever library opens the socket, it ends here."""
    if event in {"socket.connect", "socket.sendto"}:
        address = arguments[1]
        if isinstance(address, tuple) and not _is_loopback(str(address[0])):
            raise OutsideWorld(f"a test wanted to connect to {address[0]}")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return host in {"localhost", ""}


def pytest_configure() -> None:
    use_quick_folder()
    # as the program does at its start: what is loaded stays, and the collector looks seldom
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    sys.addaudithook(_refuse_the_outside)
    # the default draws tracebacks with every local variable: 0.2 s each
    structlog.configure(
        processors=[
            structlog.stdlib.add_log_level,
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(key_order=["level", "event"]),
        ]
    )


def pytest_report_header() -> str:
    return report()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Long ones come first. Without a Chromium its tests are left out; the head of the run says so."""
    items.sort(key=_rank)
    left_out = [item for item in items if item.get_closest_marker("browser")] if find_chromium() is None else []
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def _rank(item: pytest.Item) -> int:
    """Where a test stands in the order of `FIRST`, or behind."""
    return next((rank for rank, part in enumerate(FIRST) if item.nodeid.startswith(part)), len(FIRST))


@pytest.fixture(scope="session")
def _watchdog() -> BlockBuster:
    made = BlockBuster(OURS)
    for file, function, _ in MAY_BLOCK:
        for guarded in made.functions.values():
            guarded.can_block_in(file, function)
    return made


@pytest.fixture(autouse=True)
def _nothing_blocks(request: pytest.FixtureRequest, _watchdog: BlockBuster) -> Iterator[None]:
    """While an asynchronous test runs, a blocking call made by our code on the loop raises where it stands."""
    if not inspect.iscoroutinefunction(getattr(request, "function", None)):
        yield
        return
    _watchdog.activate()
    try:
        yield
    finally:
        _watchdog.deactivate()


@pytest.fixture
def figures(record_property: object) -> Figures:
    """`figures(name, value)`: printed at the end of the run, also of a parallel one."""

    def note(name: str, value: str) -> None:
        assert callable(record_property)
        record_property(PROPERTY, (name, value))

    return note


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [
        report
        for kept in terminalreporter.stats.values()
        for report in kept
        if isinstance(report, pytest.TestReport) and report.when == "call"
    ]
    found = collected(reports)
    if not found:
        return
    terminalreporter.section("figures")
    width = max(len(name) for name, _ in found)
    for name, value in found:
        terminalreporter.write_line(f"{name:<{width}}  {value}")
