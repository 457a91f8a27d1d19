"""Is a database whole? Schema, audit chains, checksums of every aggregate, queues that can be read and move (F5)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from sqlalchemy import Executable, bindparam, func, literal_column, select

from bot.errors import DamagedRow
from bot.messages import decode_outbound
from storage.audit import SqlAudit
from storage.inbox import readable
from storage.mapping import SPECS, TableSpec
from storage.session import Session
from storage.tables import table_of
from storage.tables.queues import InboxRow, LaneRow, OutboxRow

_PAGE = 1000
_I = table_of(InboxRow)
_O = table_of(OutboxRow)
_L = table_of(LaneRow)

_INBOX_BODIES = (
    select(_I.c.id, _I.c.body)
    .where(_I.c.state == literal_column("'pending'"), _I.c.id > bindparam("beyond"))
    .order_by(_I.c.id)
    .limit(_PAGE)
)
_OUTBOX_BODIES = (
    select(_O.c.id, _O.c.body)
    .where(_O.c.state == literal_column("'pending'"), _O.c.id > bindparam("beyond"))
    .order_by(_O.c.id)
    .limit(_PAGE)
)
_STUCK = (
    select(func.count())
    .select_from(_O.outerjoin(_L, _L.c.lane == _O.c.lane))
    .where(_O.c.state == literal_column("'pending'"), _O.c.held == "", _L.c.due_at.is_(None))
)


def examine(session: Session) -> list[str]:
    """What is wrong with the rows; empty when all is well. The schema is known to be this program's."""
    problems = [*_aggregates(session), *_queues(session)]
    broken = _audit(session)
    if broken is not None:
        problems.append(f"审计链在第 {broken} 条断开 / the audit chain breaks at record {broken}")
    return problems


def _aggregates(session: Session) -> Iterator[str]:
    for spec in SPECS:
        damaged = [key for key, *row in _pages(session, _bodies(spec), "") if not _is_whole(spec, key, row)]
        if damaged:
            yield f"表 {spec.name} 有损坏的行 / damaged rows in table {spec.name}: {', '.join(damaged[:5])}"


def _bodies(spec: TableSpec[Any]) -> Executable:
    table = spec.table
    columns = [table.c[name] for name in ("version", "crc", "body", *spec.columns)]
    return select(table.c.key, *columns).where(table.c.key > bindparam("beyond")).order_by(table.c.key).limit(_PAGE)


def _is_whole(spec: TableSpec[Any], key: str, row: Sequence[Any]) -> bool:
    version, crc, body, *columns = row
    try:
        entity = spec.from_body(body, crc)
    except (DamagedRow, msgspec.MsgspecError, ValueError, TypeError):
        return False
    expected = spec.to_row(entity)
    return (
        key == expected["key"]
        and version == expected["version"]
        and all(value == expected[name] for name, value in zip(spec.columns, columns, strict=True))
    )


def _queues(session: Session) -> Iterator[str]:
    unreadable = [number for number, body in _pages(session, _INBOX_BODIES, 0) if readable(body) is None]
    if unreadable:
        yield f"收件箱有无法读取的更新 / unreadable updates in the inbox: {unreadable[:5]}"
    unsendable = [number for number, body in _pages(session, _OUTBOX_BODIES, 0) if not _is_sendable(body)]
    if unsendable:
        yield f"发件箱有无法读取的消息 / unreadable calls in the outbox: {unsendable[:5]}"
    stuck = session.first(_STUCK)
    if stuck is not None and stuck[0]:
        yield f"{stuck[0]} 条消息所在的队列没有队首 / {stuck[0]} calls wait in lanes without a head"


def _is_sendable(body: bytes) -> bool:
    try:
        decode_outbound(body)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return False
    return True


def _audit(session: Session) -> int | None:
    try:
        return SqlAudit(session).verify()
    except (msgspec.MsgspecError, ValueError, TypeError):
        return 0


def _pages(session: Session, statement: Executable, beyond: Any) -> Iterator[tuple[Any, ...]]:
    while page := session.rows(statement, {"beyond": beyond}):
        yield from page
        beyond = page[-1][0]
