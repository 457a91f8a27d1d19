"""The audit trail: append-only, each record chained to the one before by SHA-256 (P10).

A chain is `sha256("chain:position:previous hash\\n" + canonical JSON)`. SQLite has one chain; on PostgreSQL a writer takes
whichever of a few chains no other transaction holds, so that replicas do not queue up behind one row. The ends of the
chains are kept apart, so that cutting off the newest records shows, too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, cast

import msgspec
from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert

from bot.crashpoints import crash_here
from bot.ports import AuditRecord, AuditRow
from storage.mapping import encode
from storage.session import Session
from storage.tables import table_of
from storage.tables.ledger import AuditChainRow, AuditEntryRow
from storage.types import clean

_T = table_of(AuditEntryRow)
_C = table_of(AuditChainRow)
_PAGE = 1000

_CHAIN = (
    select(_C.c.chain, _C.c.position, _C.c.hash).where(_C.c.chain < bindparam("chains")).order_by(_C.c.chain).limit(1)
)
_FREE_CHAIN = _CHAIN.with_for_update(skip_locked=True)
_ANY_CHAIN = _CHAIN.with_for_update()
_ADVANCE = (
    update(_C)
    .values(position=bindparam("new_position"), hash=bindparam("new_hash"))
    .where(_C.c.chain == bindparam("of_chain"))
)
_APPEND = insert(_T).values({c.name: bindparam(c.name) for c in _T.columns if c.name != "number"})
_OF = select(_T.c.number, _T.c.body, _T.c.hash).where(_T.c.ref == bindparam("of_ref")).order_by(_T.c.number)
_TAIL = select(_T.c.number, _T.c.body, _T.c.hash).order_by(_T.c.number.desc()).limit(bindparam("at_most"))
_PAGES = (
    select(_T.c.number, _T.c.chain, _T.c.position, _T.c.ref, _T.c.body, _T.c.hash)
    .where(_T.c.number > bindparam("beyond"))
    .order_by(_T.c.number)
    .limit(_PAGE)
)
_ENDS = select(_C.c.chain, _C.c.position, _C.c.hash)

_decoder = msgspec.json.Decoder(AuditRecord)

#: number, chain, position, ref, body, hash
Link = tuple[int, int, int, str, str, str]


def link_hash(*, chain: int, position: int, previous: str, body: str) -> str:
    """The hash of one record in its place."""
    return hashlib.sha256(f"{chain}:{position}:{previous}\n{body}".encode()).hexdigest()


def first_misfit(links: Iterable[Link], ends: Iterable[tuple[int, int, str]]) -> int | None:
    """The number of the first record that does not fit, or the one after the last when records were cut off."""
    reached: dict[int, tuple[int, str]] = {}
    last = 0
    for number, chain, position, ref, body, digest in links:
        before, previous = reached.get(chain, (0, ""))
        if position != before + 1 or digest != link_hash(chain=chain, position=position, previous=previous, body=body):
            return number
        if ref != clean(_decoder.decode(body).ref):
            return number
        reached[chain] = (position, digest)
        last = number
    expected = {chain: (position, digest) for chain, position, digest in ends if position}
    return None if expected == reached else last + 1


def to_row(number: int, body: str, digest: str) -> AuditRow:
    """A stored record."""
    return AuditRow(number=number, record=_decoder.decode(body), hash=digest)


class SqlAudit:
    """`bot.ports.Audit` over two tables."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def append(self, record: AuditRecord) -> None:
        chain, position, previous = self._end()
        body = encode(record).decode()
        digest = link_hash(chain=chain, position=position + 1, previous=previous, body=body)
        self._session.change(_ADVANCE, {"of_chain": chain, "new_position": position + 1, "new_hash": digest})
        crash_here("auditing")
        self._session.change(
            _APPEND,
            {"chain": chain, "position": position + 1, "ref": clean(record.ref), "body": body, "hash": digest},
        )
        crash_here("audited")

    def of(self, ref: str) -> list[AuditRow]:
        return [to_row(*row) for row in self._session.rows(_OF, {"of_ref": clean(ref)})]

    def tail(self, *, limit: int = 100) -> list[AuditRow]:
        return [to_row(*row) for row in self._session.rows(_TAIL, {"at_most": limit})]

    def verify(self) -> int | None:
        ends: Sequence[Any] = self._session.rows(_ENDS)
        return first_misfit(self._links(), ends)

    def _end(self) -> tuple[int, int, str]:
        chains = {"chains": self._session.chains}
        ends = self._session.returned(_FREE_CHAIN, chains) or self._session.returned(_ANY_CHAIN, chains)
        if not ends:
            raise LookupError("the audit chains are missing; the schema is not complete")
        chain, position, digest = ends[0]
        return (chain, position, digest)

    def _links(self) -> Iterator[Link]:
        beyond = 0
        while page := self._session.rows(_PAGES, {"beyond": beyond}):
            yield from (cast(Link, tuple(row)) for row in page)
            beyond = page[-1][0]
