"""Whether something may still be done to an object, by the table of its kind, and where (domain.md 2.5, 2.8, 3)."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol, TypeVar

from bot.domain.confidentiality import Secrecy
from bot.domain.ids import Code
from bot.domain.machine import Machine
from bot.errors import RuleViolation
from handlers.deeds import Deed, too_late

S = TypeVar("S", bound=StrEnum)
A = TypeVar("A", bound=StrEnum)
S_co = TypeVar("S_co", bound=StrEnum, covariant=True)


class Standing(Protocol[S_co]):
    """A numbered object in one of the states of its machine."""

    @property
    def code(self) -> Code: ...
    @property
    def state(self) -> S_co: ...


class Asked(Protocol):
    """A deed or a command."""

    @property
    def is_private(self) -> bool: ...


class Secret(Protocol):
    """An object with a level of secrecy."""

    @property
    def secrecy(self) -> int: ...


def require_possible(
    deed: Deed, thing: Standing[S], machine: Machine[S, A], act: A, *, verb: str = "", slot: str = ""
) -> None:
    """Raises RuleViolation: somebody did just that already, or the state is another one (2.8).

    What was done already is looked for under `verb`, the deed's own if not given, and `slot`.
    """
    if not machine.allows(thing.state, act):
        state = machine.state_key(thing.state)
        raise too_late(deed.context, thing.code, verb or deed.verb, state=state, slot=slot)


def require_privacy(asked: Asked, thing: Secret) -> None:
    """Raises RuleViolation `confidential_refused`: what is confidential is worked on in private only (2.5)."""
    if not asked.is_private and thing.secrecy >= Secrecy.CONFIDENTIAL:
        raise RuleViolation("confidential_refused")
