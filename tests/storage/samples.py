"""Small well-formed things to store."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.domain.acceptance import Acceptance, AcceptanceState, Verdict, Vote
from bot.domain.appreciation import Kudos, Rating, Training
from bot.domain.conflict import Conflict, ConflictKind, ConflictState
from bot.domain.delegation import Leave, LeaveState, Scope
from bot.domain.directory import Department, Person, Role
from bot.domain.document import Document, DocumentState
from bot.domain.draft import FormDraft
from bot.domain.group import Group, GroupPurpose, GroupState, InvitationResult
from bot.domain.holding import Holding
from bot.domain.ids import AccountKey, ChatKey, Code, DepartmentId, MessageKey, PersonId
from bot.domain.issue import Grade, Grading, Issue, IssueState, Solution
from bot.domain.item import Item, ItemState, Level
from bot.domain.liaison_change import ChangeState, LiaisonChange
from bot.domain.meeting import Attendance, Meeting, MeetingKind, MeetingState, Presence
from bot.domain.minutes import Edition, Minutes, MinutesState
from bot.domain.obligation import Obligation, ObligationKind
from bot.domain.plan import Plan, PlanState, plan_key
from bot.domain.progress_report import ProgressReport, ReportState, report_code
from bot.domain.proposal import Proposal, ProposalState
from bot.domain.records import (
    CardPost,
    DigestIssue,
    Fact,
    Keepsake,
    Preference,
    Question,
    SeenMessage,
    Setting,
    Undoable,
)
from bot.domain.request import Request, RequestState
from bot.domain.resolution import Resolution, ResolutionState
from bot.domain.sla import ClockState, ReplyClock
from bot.domain.slots import Slot, SlotState
from bot.domain.task import Extension, Task, TaskState
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

_ITEM = Code("SX-2026-0001")
_SLOTS = (
    Slot(department=DepartmentId("cg"), state=SlotState.SELF_SUBMITTED),
    Slot(department=DepartmentId("wl"), state=SlotState.PASSED, by=PersonId("li"), behalf=PersonId("wang"), at=at(60)),
)

#: the objects of the plan; repository name -> (one entity, its key)
MATTERS: dict[str, tuple[object, str]] = {
    "requests": (
        Request(
            code=Code("XQ-2026-0001"),
            state=RequestState.IN_REVIEW,
            lead=DepartmentId("cg"),
            coop=(DepartmentId("wl"),),
            created_by=PersonId("zhang"),
            created_at=NOW,
            title="缺料",
            level=Level.SPECIAL,
            content={"F1-3": "缺料", "F1-9": (("wl", "补料"),)},
            round=2,
            slots=_SLOTS,
            first_submitted_at=at(60),
            due_at=at(3600),
        ),
        "XQ-2026-0001",
    ),
    "plans": (
        Plan(
            key=plan_key("FA-2026-0001", 2),
            code=Code("FA-2026-0001"),
            number=2,
            item=_ITEM,
            state=PlanState.CONFIRMING,
            lead=DepartmentId("cg"),
            slots=_SLOTS,
            cause="WT-2026-0001",
        ),
        "FA-2026-0001 v2",
    ),
    "tasks": (
        Task(
            code=Code("RW-2026-0001"),
            title="补料",
            state=TaskState.DOING,
            department=DepartmentId("wl"),
            owner=PersonId("li"),
            lead=DepartmentId("cg"),
            due_at=at(3600),
            original_due_at=at(1800),
            created_at=NOW,
            item=_ITEM,
            start_on=NOW.date(),
            extensions=(
                Extension(asked_by=PersonId("li"), asked_at=NOW, due_at=at(3600), reason="等料", granted_at=at(5)),
            ),
        ),
        "RW-2026-0001",
    ),
    "reports": (
        ProgressReport(
            code=report_code("2026-W10", _ITEM),
            item=_ITEM,
            week="2026-W10",
            lead=DepartmentId("cg"),
            state=ReportState.LATE,
            due_at=at(3600),
            opened_at=NOW,
            credit=0.5,
        ),
        "JB-2026-W10-SX-2026-0001",
    ),
    "acceptances": (
        Acceptance(
            code=Code("YS-2026-0001"),
            item=_ITEM,
            title="缺料",
            lead=DepartmentId("cg"),
            state=AcceptanceState.VOTING,
            applied_by=PersonId("zhang"),
            applied_at=NOW,
            criteria=("到货",),
            votes=(Vote(by=PersonId("li"), department=DepartmentId("wl"), at=at(9), verdicts=(Verdict.RECTIFY,)),),
        ),
        "YS-2026-0001",
    ),
    "issues": (
        Issue(
            code=Code("WT-2026-0001"),
            state=IssueState.EXECUTING,
            title="来料不合格",
            found_by=DepartmentId("wl"),
            reporter=PersonId("li"),
            filed_at=NOW,
            gradings=(Grading(grade=Grade.MAJOR, by=PersonId("zhang"), at=at(60), reason="停线"),),
            solution=(
                Solution(measure="换料", department=DepartmentId("cg"), owner=PersonId("zhang"), due_at=at(3600)),
            ),
            plan_change=True,
            in_time=None,
        ),
        "WT-2026-0001",
    ),
    "conflicts": (
        Conflict(
            code=Code("CT-2026-0001"),
            state=ConflictState.MEDIATING,
            kind=ConflictKind.DUTY,
            title="返工由谁负责",
            filed_by=PersonId("zhang"),
            filed_for=DepartmentId("cg"),
            parties=(DepartmentId("cg"), DepartmentId("wl")),
            filed_at=NOW,
        ),
        "CT-2026-0001",
    ),
    "meetings": (
        Meeting(
            code=Code("HY-2026-0001"),
            kind=MeetingKind.WEEKLY,
            state=MeetingState.ENDED,
            title="周例会",
            start_at=NOW,
            planned_end_at=at(5400),
            host=PersonId("zhang"),
            attendance=(Attendance(person=PersonId("li"), department=DepartmentId("wl"), presence=Presence.DELEGATE),),
            week="2026-W10",
        ),
        "HY-2026-0001",
    ),
    "minutes": (
        Minutes(
            code=Code("JY-2026-0001"),
            meeting=Code("HY-2026-0001"),
            kind=MeetingKind.WEEKLY,
            state=MinutesState.PUBLISHED,
            editions=(
                Edition(number=1, content={"F4-1": "周例会"}, published_by=PersonId("zhang"), published_at=at(60)),
            ),
            due_at=at(3600),
        ),
        "JY-2026-0001",
    ),
    "resolutions": (
        Resolution(
            code=Code("JD-2026-0001"),
            meeting=Code("HY-2026-0001"),
            item=_ITEM,
            title="中期推进会决议",
            lead=DepartmentId("cg"),
            state=ResolutionState.PENDING_SIGNATURE,
            text_hash="ab12",
        ),
        "JD-2026-0001",
    ),
    "liaison_changes": (
        LiaisonChange(
            code=Code("DJ-2026-0001"),
            department=DepartmentId("cg"),
            old=None,
            new=PersonId("zhang"),
            state=ChangeState.REGISTERED,
            announced_at=NOW,
            announced_by=PersonId("li"),
            effective_on=NOW.date(),
        ),
        "DJ-2026-0001",
    ),
    "documents": (
        Document(
            code=Code("WD-2026-0001"),
            item=_ITEM,
            name="缺料_采购部_20260302.docx",
            state=DocumentState.COMPLIANT,
            registered_by=PersonId("zhang"),
            registered_at=NOW,
            rights={"cg": "编辑", "wl": "查看"},
        ),
        "WD-2026-0001",
    ),
    "proposals": (
        Proposal(
            code=Code("JC-2026-03-01"),
            month="2026-03",
            is_award=True,
            department=DepartmentId("cg"),
            state=ProposalState.APPEAL,
            created_at=NOW,
            appeal_votes=((PersonId("zhang"), True),),
        ),
        "JC-2026-03-01",
    ),
    "kudos": (
        Kudos(
            key="k1",
            by=PersonId("zhang"),
            from_department=DepartmentId("cg"),
            person=PersonId("li"),
            department=DepartmentId("wl"),
            at=NOW,
            reason="连夜补料",
        ),
        "k1",
    ),
    "ratings": (
        Rating(
            key="r1",
            item=_ITEM,
            by=PersonId("zhang"),
            from_department=DepartmentId("cg"),
            department=DepartmentId("wl"),
            at=NOW,
            answers=(5, 4, 3, 2, 1),
        ),
        "r1",
    ),
    "trainings": (Training(key="t1", topic="跨部门沟通", planned_for=at(86400), attendees=(PersonId("li"),)), "t1"),
    "holdings": (
        Holding(
            key="RW-2026-0001/任务@1",
            code="RW-2026-0001",
            kind="任务",
            holder=PersonId("li"),
            department=DepartmentId("wl"),
            since=NOW,
        ),
        "RW-2026-0001/任务@1",
    ),
    "form_drafts": (
        FormDraft(
            key="zhang/F2/",
            person=PersonId("zhang"),
            form="F2",
            content={"F2-3": "来料不合格"},
            asking="F2-4",
            asked_until=at(300),
            updated_at=NOW,
        ),
        "zhang/F2/",
    ),
}

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
    "keepsakes": (Keepsake(key="feishu:two names", value="oc_1", until=at(60)), "feishu:two names"),
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
    **MATTERS,
}
