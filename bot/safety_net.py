"""Savepoints only when they are needed: a batch goes without first, and once more with them when something broke.

A savepoint around every handler costs two round trips each on PostgreSQL, and nearly no handler ever breaks.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol, TypeVar

from bot.errors import StaleVersion, StoreUnavailable
from bot.ports import UnitOfWork

T = TypeVar("T")

#: `with net(uow): ...` around what may break
Net = Callable[[UnitOfWork], AbstractContextManager[None]]


class WithoutNet(Exception):
    """Something broke where nothing could undo it alone; the whole transaction has to be undone and run with a net."""


class Run(Protocol):
    """`Store.run`."""

    def __call__(self, work: Callable[[UnitOfWork], T]) -> Awaitable[T]: ...


@contextmanager
def no_net(_: UnitOfWork) -> Iterator[None]:
    """What breaks inside takes the transaction with it."""
    try:
        yield
    except (StaleVersion, StoreUnavailable):
        raise
    except Exception as problem:
        raise WithoutNet from problem


@contextmanager
def savepoint(uow: UnitOfWork) -> Iterator[None]:
    """What breaks inside undoes its own part only."""
    with uow.savepoint():
        yield


async def run_with_net_if_need_be(run: Run, work: Callable[[UnitOfWork, Net], T]) -> T:
    """Run `work` in a transaction; its exceptions inside a net come out of the net only in the second run."""
    try:
        return await run(lambda uow: work(uow, no_net))
    except WithoutNet:
        return await run(lambda uow: work(uow, savepoint))
