"""Where a marked word turned up and should not have: messages, cards, files, logs, the trail (domain.md 2.5, L-21)."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.confidentiality import Secrecy
from bot.domain.delegation import Scope
from bot.domain.directory import Role
from bot.domain.ids import PersonId
from bot.domain.ledger import Ledger, What
from bot.errors import RuleViolation
from bot.messages import SendText
from bot.papers import as_docx
from bot.routing import Context
from bot.spreadsheets import as_csv, as_xlsx
from handlers.ledgers import ledger_export
from handlers.ledgers.ledger_export import Format, Wanted
from storage.mapping import encode
from tests.handlers.shown import Shown
from tests.properties import invariants
from tests.properties.history import History

MARK = re.compile(r"ZQ([12])X\d{4}K")
#: the first words of reports that everybody entitled to them reads alike
_REPORTS = ("每日简报", "跨部门协作周报", "会前材料", "月报")
_DEPARTMENTS = re.compile(r'"(PROD|SALES|RD|ADMIN|FIN|HR|IT|QA)"')
_PEOPLE = re.compile(r"\bE0\d\d\b")
#: a line of a reminder about several things
_ENTRY = re.compile(r"\d+\. ")
_CODE = re.compile(r"[A-Z]{2}-\d{4}-(?:W\d\d-[A-Z]{2}-\d{4}-)?\d{2,4}")


def marks(text: str) -> dict[str, int]:
    """Every marked word of the text with its level."""
    return {found[0]: int(found[1]) for found in MARK.finditer(text)}


@dataclass(frozen=True, slots=True)
class Readers:
    """Who may read a marked word."""

    #: mark -> people
    of: Mapping[str, frozenset[PersonId]]
    #: numbers of confidential objects, and when they were first seen to be
    confidential: Mapping[str, datetime]

    def may(self, person: PersonId, mark: str) -> bool:
        """May this person read it?"""
        return person in self.of.get(mark, frozenset())


def readers(context: Context, history: History) -> Readers:
    """By the objects that carry the words, and for whoever wrote them."""
    found: dict[str, set[PersonId]] = {}
    leaders = {p.id for role in (Role.LEADER, Role.ALTERNATE) for p in context.world.directory.holders(role)}
    for happened in history.done:
        if happened.doing is not None:
            for mark in marks(happened.doing.text):
                found.setdefault(mark, set()).add(PersonId(happened.doing.who))
    for thing in invariants.things(context.uow):
        body = encode(thing).decode()
        is_confidential = thing.secrecy >= Secrecy.CONFIDENTIAL if hasattr(thing, "secrecy") else False
        item = context.uow.items.get(getattr(thing, "item", None) or "")
        about = body if item is None else body + encode(item).decode()
        people = set(getattr(thing, "access", ())) if is_confidential else _involved(context, about)
        for mark in marks(body):
            found.setdefault(mark, set()).update(people | leaders)
    return Readers({mark: frozenset(people) for mark, people in found.items()}, history.confidential)


def _involved(context: Context, body: str) -> set[PersonId]:
    """Departments and people that a sensitive object names, and the secretary."""
    departments = set(_DEPARTMENTS.findall(body))
    named = {PersonId(person) for person in _PEOPLE.findall(body)}
    own = {p.id for p in context.world.directory.people if p.department in departments}
    keepers = {p.id for role in (Role.SECRETARY, Role.DEPUTY_SECRETARY) for p in context.world.directory.holders(role)}
    posts = context.world.posts
    stand_ins = {
        delegate
        for absent in (*named, *own, *keepers)
        for scope in Scope
        for delegate in posts.delegates_of(absent, scope)
    }
    acting = posts.secretary()
    return {*named, *own, *keepers, *stand_ins, *([acting] if acting is not None else [])}


# ---------------------------------------------------------------- messages and cards


def in_messages(context: Context, sent: Iterable[Shown], allowed: Readers) -> Iterator[str]:
    """Everything that was sent, buttons and what stands behind them included."""
    people = {p.name: p.id for p in context.world.directory.people}
    leaders = {p.name for role in (Role.LEADER, Role.ALTERNATE) for p in context.world.directory.holders(role)}
    for shown in sent:
        everything = repr(shown.sent.outbound)
        found = marks(everything)
        if found and not shown.chat.startswith("p2p_") and shown.chat:
            yield f"in a group: {shown}"
        if found and not isinstance(shown.sent.outbound, SendText):
            yield f"on a card: {shown}"
        # in the leader's own digest titles of level 1 are shown, also former ones (L-21)
        is_leaders = _is_report(shown) and shown.reader in leaders and Secrecy.CONFIDENTIAL not in found.values()
        if not is_leaders and any(not allowed.may(people.get(shown.reader, PersonId("")), mark) for mark in found):
            yield f"to somebody who may not know: {shown}"
        if marks(shown.words.split("\n", 1)[0]):
            yield f"in the preview of a message: {shown}"
        if any(level == Secrecy.CONFIDENTIAL for level in found.values()) and _is_report(shown):
            yield f"in a report: {shown}"
        if shown.sent.key.startswith("reminders:"):
            yield from _merged(shown, allowed)


def _is_report(shown: Shown) -> bool:
    return any(word in shown.words.split("\n", 1)[0] for word in _REPORTS)


def _merged(shown: Shown, allowed: Readers) -> Iterator[str]:
    """A reminder of something confidential stands alone (EC-71)."""
    codes = {found[0] for line in shown.words.split("\n") if _ENTRY.match(line) and (found := _CODE.search(line))}
    hidden = [code for code, since in allowed.confidential.items() if code in codes and since < shown.sent.at]
    if hidden:
        yield f"{hidden} beside others: {shown}"


# ---------------------------------------------------------------- files


def in_files(context: Context, allowed: Readers) -> Iterator[str]:
    """Every ledger and every form that anybody may take out."""
    codes = [str(thing.code) for thing in invariants.things(context.uow) if hasattr(thing, "secrecy") and thing.secrecy]
    for person in context.world.directory.people:
        if not person.is_active:
            continue
        context.person = person
        wanted = [Wanted(what=what, format=f) for what in What for f in (Format.XLSX, Format.CSV)]
        for one in (*wanted, *(Wanted(what=code, format=Format.DOCX) for code in codes)):
            try:
                content = ledger_export.take(context, person, one).content
            except RuleViolation:
                continue
            body = _bytes(content, one.format)
            for mark, level in marks(_text(body)).items():
                if level == Secrecy.CONFIDENTIAL or not allowed.may(person.id, mark):
                    yield f"{mark} in the file {one.what} of {person.id}"
    context.person = None


def _bytes(content: Any, format_: Format) -> bytes:
    if not isinstance(content, Ledger):
        return as_docx(content)
    return as_xlsx(content) if format_ is Format.XLSX else as_csv(content)


def _text(body: bytes) -> str:
    """What stands in a file, unpacked."""
    if not body.startswith(b"PK"):
        return body.decode("utf-8-sig", "replace")
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        return "".join(packed.read(name).decode("utf-8", "replace") for name in packed.namelist())


# ---------------------------------------------------------------- logs and the trail


def in_logs(records: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Nothing that people wrote is logged (EC-76)."""
    for record in records:
        if marks(repr(record)):
            yield f"logged: {record}"


def in_trail(context: Context) -> Iterator[str]:
    """The trail names, counts and dates; what people wrote stands in its reasons only."""
    for row in context.uow.audit.tail(limit=100_000):
        record = row.record
        if marks(repr((record.action, record.ref, record.before, record.after, record.facts))):
            yield f"in the trail: {record}"
