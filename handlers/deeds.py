"""Verbs on numbered objects: `同意 XQ-15`, the button 同意 on its card, a quoted card and 同意. One function behind all three.

A family of objects says once how its kind is loaded (`kind`) and what each verb does to it (`on`). Whoever presses or writes is
the authenticated person; what may be done is decided in this transaction from the present state, never from the card (EC-05..07).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.command import Command
from bot.domain.codes import CodeRef, read_codes
from bot.domain.confidentiality import Secrecy, level
from bot.domain.directory import Person
from bot.domain.form_text import FormField
from bot.domain.ids import ChatKey, Code, CodeKind
from bot.domain.moments import Moment
from bot.errors import RuleViolation
from bot.messages import inert
from bot.ports import Answer
from bot.routing import Context, Router
from bot.updates import CardClicked
from handlers import effects, matter_access, refusing, reserved
from handlers.calls import Call, Commands
from handlers.conversation import limits
from handlers.conversation.listening import moment_of
from handlers.lookups import find
from handlers.words import Words, words_for

#: the action of every button that does a deed
DEED = "deed"
#: parameters of such a button, besides the object's code
VERB, CODE, SLOT, STEP = "verb", "code", "slot", "step"
REASON = "reason"
#: a reason of fewer visible characters is none (2.8, EC-14, EC-16)
SHORTEST_REASON = 5
LONGEST_REASON = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """Somebody does something to a numbered object."""

    context: Context
    verb: str
    code: Code
    person: Person
    words: Words
    #: the believed instant of the message or click
    at: datetime
    chat: ChatKey | None
    #: what was written behind the number, or nothing
    text: str = ""
    #: inputs of the card that was pressed
    form: Mapping[str, str] = field(default_factory=dict)
    #: `字段名：值` lines
    fields: tuple[FormField, ...] = ()
    #: which slot a button was for; empty by text
    slot: str = ""
    is_private: bool = True
    #: as it was written; None for buttons
    command: Command | None = None
    call: Call | None = None

    @property
    def is_click(self) -> bool:
        """Was a button pressed?"""
        return self.call is None

    @property
    def moments(self) -> tuple[Moment, ...]:
        """Dates and times in what was written."""
        return self.command.moments if self.command is not None else ()

    def given(self, name: str) -> str:
        """An input of the card, or a `键：值` pair of the text, without surrounding space; empty where there is none."""
        if name in self.form:
            return self.form[name].strip()
        return self.command.pairs.get(name, "").strip() if self.command is not None else ""

    def optional_reason(self) -> str:
        """What was given as a reason, made safe to show; empty where nothing was."""
        given = (
            self.form.get(REASON, "")
            or (self.command.pairs.get("原因", "") if self.command is not None else "")
            or self.text
        )
        return inert(" ".join(given.split()), limit=LONGEST_REASON)

    def reason(self) -> str:
        """The reason that the rule wants. Raises RuleViolation `reason_required` for fewer than five visible characters."""
        reason = self.optional_reason()
        if visible_length(reason) < SHORTEST_REASON:
            raise RuleViolation("reason_required")
        return reason


def visible_length(text: str) -> int:
    """How many letters, digits and ideographs there are: blanks, zero-width characters and emoji count as nothing (EC-16)."""
    return sum(1 for c in text if unicodedata.category(c)[0] in "LN")


@dataclass(frozen=True, slots=True)
class Done:
    """What is said to whoever did it. A button shows the first line; a text gets all of it, in private where it must be.

    An empty text says nothing: a card was shown instead.
    """

    text: str
    is_private: bool = False


#: the object that is meant where none was named; raises RuleViolation where it is not clear
Guess = Callable[[Call], Code]
#: does the deed to the object as it is now and says what happened; raises RuleViolation where a rule says no
DeedHandler = Callable[[Deed, Any], Done | str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """How objects of one kind are loaded."""

    kind: CodeKind
    get: Callable[[Context, str], Any]
    #: what a card must agree with to count: a round, or nothing
    step: Callable[[Any], str] = lambda _: ""
    #: catalogue key of the word for the object's state
    state: Callable[[Any], str]
    secrecy: Callable[[Any], int] = lambda thing: int(getattr(thing, "secrecy", 0))


class Deeds:
    """The table verb and kind -> handler."""

    def __init__(self) -> None:
        self._kinds: dict[CodeKind, Kind] = {}
        self._handlers: dict[str, dict[CodeKind, DeedHandler]] = {}
        self._guesses: dict[str, Guess] = {}

    def kind(self, kind: Kind) -> None:
        """Make a kind of object known."""
        if kind.kind in self._kinds:
            raise ValueError(f"two families for {kind.kind}")
        self._kinds[kind.kind] = kind

    def on(self, verb: str, kind: CodeKind, handler: DeedHandler) -> None:
        """Let `handler` do that verb to objects of that kind."""
        known = self._handlers.setdefault(verb, {})
        if kind in known:
            raise ValueError(f"two handlers for {verb} {kind}")
        known[kind] = handler

    def without_code(self, verb: str, guess: Guess) -> None:
        """Let `guess` say which object is meant where the command names none: `会议 开始` is the meeting one hosts now."""
        if verb in self._guesses:
            raise ValueError(f"two guesses for {verb}")
        self._guesses[verb] = guess

    @property
    def verbs(self) -> frozenset[str]:
        """Every verb that does something to some kind."""
        return frozenset(self._handlers)

    def answer_commands(self, commands: Commands) -> None:
        """Every verb is a command."""
        for verb in sorted(self._handlers):
            commands.on(verb, self._by_text)

    def register(self, router: Router) -> None:
        """All buttons have one action."""
        router.action(DEED, self._by_click)

    # ------------------------------------------------------------ by text

    def _by_text(self, call: Call) -> None:
        command = call.command
        refs = command.codes or self._guessed(call)
        code, kind, thing = self._meant(call, refs)
        deed = Deed(
            context=call.context,
            verb=command.verb,
            code=code,
            person=call.person,
            words=call.words,
            at=moment_of(call.message.source),
            chat=call.message.chat,
            text=command.words,
            fields=command.fields,
            is_private=call.is_private,
            command=command,
            call=call,
        )
        call.code = code
        done = _done(self._do(deed, kind, thing))
        if not done.text:
            return
        if kind.secrecy(thing):
            call.answer_privately(effects.discreet(code, done.text))
        elif done.is_private:
            call.answer_privately(done.text)
        else:
            call.answer(done.text)

    def _guessed(self, call: Call) -> tuple[CodeRef, ...]:
        guess = self._guesses.get(call.command.verb)
        return read_codes(guess(call))[0] if guess is not None else ()

    def _meant(self, call: Call, refs: tuple[CodeRef, ...]) -> tuple[Code, Kind, Any]:
        """The object that was named; of several that a bare number fits the one that waits for this person.

        Raises RuleViolation `not_found_or_no_right`, `which_object`.
        """
        if not refs:
            raise RuleViolation("not_found_or_no_right")
        context, able = call.context, self._handlers[call.command.verb]
        if refs[0].kind is not None and refs[0].kind in self._kinds and refs[0].kind not in able:
            raise RuleViolation(
                "verb_does_not_fit", {"code": refs[0].code(context.world.calendars.local(context.now).year)}
            )
        found: list[tuple[Kind, Any]] = []
        for code_kind in able:
            kind = self._kinds[code_kind]
            thing = find(context, refs[0], code_kind, _getter(context, kind))
            if thing is not None and _is_known(context, kind, thing):
                found.append((kind, thing))
        if len(found) > 1:
            found = _narrowed(call, refs[0], found)
        if not found:
            raise RuleViolation("not_found_or_no_right")
        kind, thing = found[0]
        return Code(str(thing.code)), kind, thing

    # ------------------------------------------------------------ by button

    def _by_click(self, context: Context, click: CardClicked) -> Answer:
        verb, code = click.params.get(VERB, ""), click.params.get(CODE, "")
        try:
            with context.uow.savepoint():
                return Answer(toast=self._clicked(context, click, verb, code).text.split("\n", 1)[0])
        except RuleViolation as refusal:
            context.refresh()
            keep_record(context, code, verb, refusal)
            return Answer(
                toast=_toast(context, verb, refusal), is_error=refusal.code != "done_already", is_refused=True
            )

    def _clicked(self, context: Context, click: CardClicked, verb: str, code: str) -> Done:
        if context.person is None:
            raise RuleViolation("unknown_person")
        if not limits.may_look_up(context, context.person):
            raise RuleViolation("too_fast")
        kind, thing = self._pressed(context, verb, code)
        if click.params.get(STEP, "") != kind.step(thing):
            raise RuleViolation("stale_card", {"state": kind.state(thing)})
        return _done(self._do(_deed_of(context, click, verb, code, context.person, click.form), kind, thing))

    def submit(self, context: Context, click: CardClicked, verb: str, code: str, person: Person) -> tuple[Done, bool]:
        """Do the deed that the card of a form ends in, with what is kept of it: what is said, and was it done?"""
        kind, thing = self._pressed(context, verb, code)
        done = _done(self._do(_deed_of(context, click, verb, code, person, {}), kind, thing))
        after = kind.get(context, code)
        return done, after is None or after.version != thing.version

    def _pressed(self, context: Context, verb: str, code: str) -> tuple[Kind, Any]:
        """What a button is about. Raises RuleViolation `not_found_or_no_right`."""
        refs, _ = read_codes(code)
        code_kind = refs[0].kind if refs else None
        kind = self._kinds.get(code_kind) if code_kind is not None else None
        thing = kind.get(context, code) if kind is not None else None
        if kind is not None and thing is not None and not _is_known(context, kind, thing):
            thing = None
        if code_kind is None or kind is None or thing is None or code_kind not in self._handlers.get(verb, {}):
            raise RuleViolation("not_found_or_no_right")
        return kind, thing

    def _do(self, deed: Deed, kind: Kind, thing: Any) -> Done | str:
        return self._handlers[deed.verb][kind.kind](deed, thing)


def _deed_of(
    context: Context, click: CardClicked, verb: str, code: str, person: Person, form: Mapping[str, str]
) -> Deed:
    return Deed(
        context=context,
        verb=verb,
        code=Code(code),
        person=person,
        words=words_for(context, person),
        at=moment_of(click.source),
        chat=click.chat,
        form=form,
        slot=click.params.get(SLOT, ""),
    )


def _narrowed(call: Call, ref: CodeRef, found: list[tuple[Kind, Any]]) -> list[tuple[Kind, Any]]:
    """Of those that the person may know of the one that waits for him or her, or the only one. Raises `which_object`."""
    context = call.context
    seen = [one for one in found if matter_access.may_see(context, str(one[1].code))]
    person = context.person.id if context.person is not None else None
    own = [one for one in seen if any(o.holder == person for o in context.uow.obligations.find(code=str(one[1].code)))]
    meant = own if len(own) == 1 else seen
    if len(meant) > 1:
        codes = [str(thing.code) for _, thing in meant]
        example = f"{call.command.word} {codes[0]}"
        raise RuleViolation(
            "which_object", {"number": ref.number, "codes": call.words.listing(codes), "example": example}
        )
    return meant


def _is_known(context: Context, kind: Kind, thing: Any) -> bool:
    """What is confidential is not there for people outside its list, whatever they try (EC-70, EC-73)."""
    is_confidential = level(kind.secrecy(thing)) is Secrecy.CONFIDENTIAL
    return not is_confidential or matter_access.may_know(context, str(thing.code))


def _getter(context: Context, kind: Kind) -> Callable[[str], Any]:
    return lambda code: kind.get(context, code)


def _done(said: Done | str) -> Done:
    return said if isinstance(said, Done) else Done(said)


def _toast(context: Context, verb: str, refusal: RuleViolation) -> str:
    words = words_for(context, context.person)
    text = reserved.refusal(words, verb) if refusal.code == "no_right" else refusing.sentence(words, refusal)
    return " ".join(text.split("\n"))


def keep_record(context: Context, code: str, verb: str, refusal: RuleViolation) -> None:
    """Refused presses and repetitions leave a note; nothing else happened (EC-01, EC-06, EC-07)."""
    action = "repeated" if refusal.code in {"stale_card", "done_already"} else "refused"
    effects.record(context, action, inert(code, limit=40), reason=refusal.code, facts={"command": verb})


def too_late(context: Context, code: str, verb: str, *, state: str, slot: str = "") -> RuleViolation:
    """Why the table does not let it: somebody has done just that already (who, when), or the state is another one (2.8)."""
    for row in reversed(context.uow.audit.of(code)):
        record = row.record
        if record.facts.get(VERB) == verb and record.facts.get(SLOT, "") == slot:
            words = words_for(context, context.person)
            people: dict[str, str] = {p.id: p.name for p in context.world.directory.people}
            return RuleViolation(
                "done_already", {"time": words.time(record.at), "name": people.get(record.actor, record.actor)}
            )
    return RuleViolation("stale_card", {"state": state})
