"""Small well-formed things to store."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.domain.delegation import Leave, LeaveState, Scope
from bot.domain.directory import Department, Person, Role
from bot.domain.group import Group, GroupPurpose, GroupState, InvitationResult
from bot.domain.ids import AccountKey, ChatKey, Code, DepartmentId, MessageKey, PersonId
from bot.domain.item import Item, ItemState, Level
from bot.domain.obligation import Obligation, ObligationKind
from bot.domain.records import (
    CardPost,
    DigestIssue,
    Fact,
    Preference,
    Question,
    SeenMessage,
    Setting,
    Undoable,
)
from bot.domain.sla import ClockState, ReplyClock
from bot.domain.timers import Timer, TimerKind
from bot.messages import SendText, Text, ToChat
from bot.ports import AuditRecord, Envelope
from bot.updates import ChatType, MessageReceived, Source

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
CHAT = ChatKey("feishu", "oc_1")


def at(seconds: float) -> datetime:
    """So many seconds after NOW."""
    return NOW + timedelta(seconds=seconds)


def update(number: int, *, chat: str = "oc_1", text: str = "请回复", platform: str = "feishu") -> MessageReceived:
    """A message; its business id is made of the number."""
    return MessageReceived(
        source=Source(platform=platform, app="app", business_id=f"om_{number}", received_at=NOW, happened_at=NOW),
        message=MessageKey(platform, f"om_{number}"),
        chat=ChatKey(platform, chat),
        chat_type=ChatType.GROUP,
        sender=AccountKey(platform, "ou_1"),
        text=text,
    )


def lane(number: int) -> str:
    """A conversation's lane."""
    return f"feishu:oc_{number}"


def envelope(
    key: str,
    *,
    lane: str = "feishu:oc_1",
    priority: int = 5,
    coalesce: str = "",
    created: float = 0,
    not_before: datetime | None = None,
    words: str = "好",
    platform: str = "feishu",
) -> Envelope:
    """An outgoing text, created `created` seconds after NOW."""
    return Envelope(
        key=key,
        lane=lane,
        outbound=SendText(target=ToChat(ChatKey(platform, "oc_1")), body=(Text(words),)),
        created_at=at(created),
        not_before=not_before,
        priority=priority,
        coalesce=coalesce,
    )


def timer(ref: str, seconds: float = 0, kind: TimerKind = TimerKind.SLA_BREACH) -> Timer:
    """Due so many seconds after NOW."""
    return Timer(kind=kind, ref=ref, due_at=at(seconds))


def record(ref: str, action: str = "clock_started") -> AuditRecord:
    """Something that was done."""
    return AuditRecord(
        at=NOW, action=action, ref=ref, actor="zhang", before="", after="running", facts={"b": "2", "a": "1"}
    )


def clock(
    number: int, *, state: ClockState = ClockState.RUNNING, due: float = 1800, department: str = "wl"
) -> ReplyClock:
    """A reply clock HF-2026-…"""
    return ReplyClock(
        code=Code(f"HF-2026-{number:04d}"),
        state=state,
        chat=CHAT,
        message=MessageKey("feishu", f"om_{number}"),
        asker=PersonId("zhang"),
        asking_department=DepartmentId("cg"),
        department=DepartmentId(department),
        assignee=PersonId("li"),
        started_at=NOW,
        due_at=at(due),
        flags=frozenset({"ack_only", "other_member", "late_delivery"}),
    )


PERSON = Person(
    id=PersonId("zhang"),
    name="张三",
    department=DepartmentId("cg"),
    roles=frozenset({Role.EMPLOYEE, Role.LIAISON}),
    accounts={"feishu": "ou_1"},
    windows=(("08:00", "12:00"),),
)

#: repository name -> (one entity, its key)
ENTITIES: dict[str, tuple[object, str]] = {
    "people": (PERSON, "zhang"),
    "departments": (Department(id=DepartmentId("cg"), name="采购部", short="采购", head=PersonId("zhang")), "cg"),
    "leaves": (
        Leave(
            code=Code("QJ-2026-0001"),
            person=PersonId("zhang"),
            delegate=None,
            scope=Scope.ALL,
            starts_at=NOW,
            ends_at=at(86400),
            state=LeaveState.PLANNED,
            registered_by=PersonId("zhang"),
        ),
        "QJ-2026-0001",
    ),
    "preferences": (Preference(person=PersonId("zhang"), muted_until=at(60)), "zhang"),
    "items": (
        Item(
            code=Code("SX-2026-0001"),
            title="缺料",
            short="缺料",
            level=Level.SPECIAL,
            lead=DepartmentId("cg"),
            coop=(DepartmentId("wl"),),
            state=ItemState.PLANNING,
            start_on=NOW.date(),
        ),
        "SX-2026-0001",
    ),
    "obligations": (
        Obligation(
            key="RW-2026-0001/任务",
            code="RW-2026-0001",
            kind=ObligationKind.TASK,
            title="补料",
            due_at=at(3600),
            opened_at=NOW,
        ),
        "RW-2026-0001/任务",
    ),
    "clocks": (clock(1), "HF-2026-0001"),
    "groups": (
        Group(
            id="g1",
            purpose=GroupPurpose.DEDICATED,
            state=GroupState.CREATING,
            name="专项群",
            platform="feishu",
            invitations=(InvitationResult(person=PersonId("li"), joined=False, reason="external"),),
        ),
        "g1",
    ),
    "cards": (CardPost(key="c1@feishu:oc_1", card_id="c1", code="HF-2026-0001", lane="feishu:oc_1"), "c1@feishu:oc_1"),
    "seen_messages": (
        SeenMessage(message=MessageKey("feishu", "om_1"), chat=CHAT, sender=PersonId("zhang"), sent_at=NOW),
        "feishu:om_1",
    ),
    "questions": (
        Question(
            key="zhang@feishu:oc_1",
            person=PersonId("zhang"),
            chat=CHAT,
            command="协同",
            given="",
            asked_for="部门",
            expires_at=at(300),
            choices=("采购部", "物流部"),
        ),
        "zhang@feishu:oc_1",
    ),
    "undoables": (
        Undoable(
            key="u1",
            person=PersonId("zhang"),
            action="close",
            ref="HF-2026-0001",
            ref_version=2,
            done_at=NOW,
            facts={"a": "1"},
        ),
        "u1",
    ),
    "digests": (
        DigestIssue(date="2026-03-02", cutoff_at=NOW, window_from=at(-86400), text="今日平静", issued_at=NOW),
        "2026-03-02",
    ),
    "facts": (Fact(key="f1", kind="issue_new", code="WT-2026-0001", at=NOW, detail={"grade": "重大"}), "f1"),
    "settings": (Setting(name="sla", body='{"reply_minutes": 30}'), "sla"),
}
