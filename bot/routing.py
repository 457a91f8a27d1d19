"""What handlers register on, and the one context they are handed.

A handler is a plain synchronous function `(context, thing) -> result`, run inside a unit of work. It loads, lets
`bot.domain` decide, and writes through `context.uow`; it never calls a platform and never reads a clock.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from bot.domain.directory import Person
from bot.domain.form import Content
from bot.domain.happened import Happened
from bot.domain.ids import CodeKind
from bot.domain.timers import Timer, TimerKind
from bot.domain.world import World
from bot.errors import FailureKind
from bot.messages import AnyOutbound, Card
from bot.ports import Answer, Capabilities, ConnectionState, Envelope, Finding, Receipt, SendState, UnitOfWork
from bot.updates import AnyUpdate, CardClicked

U = TypeVar("U", bound=AnyUpdate)
O = TypeVar("O", bound=AnyOutbound)  # noqa: E741 - the letter of "outbound"
H = TypeVar("H", bound=Happened)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What handlers may know of the program around them: its name, its language, and how its connections are doing."""

    name: str = "回音"
    #: language of texts that are not addressed to one person
    locale: str = "zh-CN"
    #: the address under which people reach the listener; empty where nobody does
    public_url: str = ""
    started_at: datetime | None = None
    #: the inbound side of each platform
    connections: Mapping[str, ConnectionState] = field(default_factory=dict)
    #: what the start-up probes found
    findings: tuple[Finding, ...] = ()


@dataclass(slots=True)
class Context:
    """Everything one handler call may use. Lives as long as its transaction."""

    uow: UnitOfWork
    #: the instant of this transaction; every rule of it sees the same one
    now: datetime
    world: World
    capabilities: dict[str, Capabilities]
    around: Surroundings = field(default_factory=Surroundings)
    #: None for timers and for outcomes of our own calls
    update: AnyUpdate | None = None
    #: the active person behind the authenticated sender; None for strangers
    person: Person | None = None
    #: what the presser of a button sees at once
    answer: Answer | None = None
    #: reads the world anew after this transaction changed it
    look_again: Callable[[], World] | None = None
    #: the table of handlers, for what one object tells the others
    router: Router | None = None
    #: scratch for the pipeline: numbers that metrics count after the commit
    counted: dict[str, int] = field(default_factory=dict)

    def refresh(self) -> None:
        """See what this transaction changed about people, leaves, calendar and company."""
        if self.look_again is not None:
            self.world = self.look_again()

    def announce(self, event: Happened) -> None:
        """Tell everybody who registered for it what happened, now and in this transaction."""
        if self.router is not None:
            self.router.announce(self, event)

    def count(self, name: str) -> None:
        """Count something for the metrics, once the transaction is committed."""
        self.counted[name] = self.counted.get(name, 0) + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one outgoing call, told to its handler in the settling transaction."""

    envelope: Envelope
    outbound: AnyOutbound
    state: SendState
    receipt: Receipt | None = None
    failure: FailureKind | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A card as it is now; `revision` names the state, so that the same one is never written twice."""

    card: Card
    revision: int | str


#: makes the card of an object for a purpose and a reader (None: a group); None where that reader gets none
CardMaker = Callable[["Context", str, str, "Person | None"], "Shown | None"]
#: what is filled in now in a form of that object, for that person
FormLoader = Callable[["Context", str, "Person"], Content]
UpdateHandler = Callable[[Context, Any], None]
ActionHandler = Callable[[Context, CardClicked], Answer | None]
TimerHandler = Callable[[Context, Timer], None]
OutcomeHandler = Callable[[Context, Outcome], None]
#: looks at a click before its action does; an answer means that the action is not for it
ClickGuard = Callable[[Context, CardClicked], Answer | None]
#: told that an update became the dead letter of this number
BurialHandler = Callable[[Context, AnyUpdate, int], None]
#: asked right before a message goes out, with the envelope's `ref`: is it still owed?
Recheck = Callable[[Context, str], bool]


class Router:
    """The table of handlers. Filled once at start by `handlers.register`; asking for what is missing is a KeyError."""

    def __init__(self) -> None:
        self._updates: dict[type, list[UpdateHandler]] = {}
        self._actions: dict[str, ActionHandler] = {}
        self._timers: dict[TimerKind, TimerHandler] = {}
        self._outcomes: dict[type, OutcomeHandler] = {}
        self._rechecks: dict[str, Recheck] = {}
        self._guard: ClickGuard = _let_pass
        self._buried: list[BurialHandler] = []
        self._happenings: dict[type, list[Callable[[Context, Any], None]]] = {}
        self._cards: dict[CodeKind, CardMaker] = {}
        self._loaders: dict[str, FormLoader] = {}
        self._owners: dict[str, object] = {}

    def on(self, kind: type[U], handler: Callable[[Context, U], None]) -> None:
        """Call `handler` for each update of that kind, after those registered before it."""
        self._updates.setdefault(kind, []).append(handler)

    def action(self, name: str, handler: ActionHandler) -> None:
        """Call `handler` for clicks on buttons of that action. One handler an action."""
        self._only(self._actions, name)
        self._actions[name] = handler

    def when(self, kind: type[H], handler: Callable[[Context, H], None]) -> None:
        """Call `handler` whenever such a thing is announced, after those registered before it."""
        self._happenings.setdefault(kind, []).append(handler)

    def announce(self, context: Context, event: Happened) -> None:
        """Call everybody who registered for this kind of event."""
        for handler in self._happenings.get(type(event), ()):
            handler(context, event)

    def card(self, kind: CodeKind, maker: CardMaker) -> None:
        """Let `maker` make the cards of objects of that kind."""
        self._only(self._cards, kind)
        self._cards[kind] = maker

    def card_of(self, context: Context, kind: CodeKind, code: str, purpose: str, reader: Person | None) -> Shown | None:
        """The card of an object as it is now; None for kinds without cards and for readers who get none."""
        maker = self._cards.get(kind)
        return maker(context, code, purpose, reader) if maker is not None else None

    def form(self, name: str, loader: FormLoader, owner: object = None) -> None:
        """Let `loader` say what is filled in in a form; `owner` is whatever else is known of it."""
        self._only(self._loaders, name)
        self._loaders[name] = loader
        self._owners[name] = owner

    def form_owner(self, name: str) -> object:
        """What is known of that form; None where nobody owns it."""
        return self._owners.get(name)

    def content_of(self, context: Context, name: str, code: str, person: Person) -> Content:
        """What is filled in in that form of that object now; nothing for forms that nobody owns."""
        loader = self._loaders.get(name)
        return loader(context, code, person) if loader is not None else {}

    def guard(self, guard: ClickGuard) -> None:
        """Ask `guard` about every click first."""
        self._guard = guard

    def buried(self, handler: BurialHandler) -> None:
        """Call `handler` when an update is given up, in the transaction that makes it a dead letter."""
        self._buried.append(handler)

    def timer(self, kind: TimerKind, handler: TimerHandler) -> None:
        """Call `handler` when a timer of that kind is due."""
        self._only(self._timers, kind)
        self._timers[kind] = handler

    def outcome(self, kind: type[O], handler: OutcomeHandler) -> None:
        """Call `handler` when a call of that kind is finished, well or badly."""
        self._only(self._outcomes, kind)
        self._outcomes[kind] = handler

    def recheck(self, name: str, check: Recheck) -> None:
        """Ask `check` before envelopes that name it are sent."""
        self._only(self._rechecks, name)
        self._rechecks[name] = check

    @staticmethod
    def _only(table: dict[Any, Any], key: object) -> None:
        if key in table:
            raise ValueError(f"two handlers for {key!r}")

    def handle(self, context: Context, update: AnyUpdate) -> None:
        """Run every handler of an update; card clicks go to their action's handler as well."""
        for handler in self._updates.get(type(update), ()):
            handler(context, update)
        if isinstance(update, CardClicked):
            refusal = self._guard(context, update)
            action = self._actions.get(update.action) if refusal is None else None
            context.answer = action(context, update) if action is not None else refusal

    def bury(self, context: Context, update: AnyUpdate, number: int) -> None:
        """Tell everybody concerned that this update became the dead letter of that number."""
        for handler in self._buried:
            handler(context, update, number)

    def fire(self, context: Context, timer: Timer) -> None:
        """Run the handler of a due timer."""
        self._timers[timer.kind](context, timer)

    def settled(self, context: Context, outcome: Outcome) -> None:
        """Tell the handler of this kind of call what became of it; nobody has to care."""
        handler = self._outcomes.get(type(outcome.outbound))
        if handler is not None:
            handler(context, outcome)

    def cares_about(self, outbound: AnyOutbound) -> bool:
        """Is there a handler that is told what becomes of such a call?"""
        return type(outbound) in self._outcomes

    def is_owed(self, context: Context, envelope: Envelope) -> bool:
        """The envelope's check; True when it names none."""
        return not envelope.recheck or self._rechecks[envelope.recheck](context, envelope.ref)

    @property
    def actions(self) -> frozenset[str]:
        """Names of all actions with a handler, for the parity test."""
        return frozenset(self._actions)

    @property
    def timers(self) -> frozenset[TimerKind]:
        """Kinds of timers with a handler, for the parity test."""
        return frozenset(self._timers)

    @property
    def cards(self) -> frozenset[CodeKind]:
        """Kinds of objects with a card, for the parity test."""
        return frozenset(self._cards)

    @property
    def rechecks(self) -> frozenset[str]:
        """Names of all checks, for the parity test."""
        return frozenset(self._rechecks)


def _let_pass(_: Context, __: CardClicked) -> Answer | None:
    return None
