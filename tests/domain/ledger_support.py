"""A small company with one item, its tasks, its reports and its issues, for tests of the ledgers."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.domain.ids import Code, DepartmentId, PersonId
from bot.domain.issue import Grade, Grading, Issue, IssueState, Solution
from bot.domain.issue_ledger import IssueFacts, issue_sheet
from bot.domain.item import Item, ItemState, Level
from bot.domain.item_light import light, progress
from bot.domain.ledger import Ledger, What, marks_of
from bot.domain.progress_ledger import ItemFacts, progress_sheet, task_sheet
from bot.domain.progress_report import ProgressReport, ReportState
from bot.domain.task import Extension, Task, TaskState

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 9, 18, 11, 20, tzinfo=ZONE)
FORMULA = '=HYPERLINK("http://evil","点我")'


def at(text: str) -> datetime:
    """`09-18 12:00` of 2026 in Beijing."""
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=ZONE)


class Names:
    """Short names as the company has them."""

    def person(self, person: PersonId | None) -> str:
        return {"E013": "温晓棠", "E029": "邓沐", None: ""}.get(person, str(person))

    def department(self, department: DepartmentId | None) -> str:
        return {"RD": "研发部", "PROD": "生产部", "SALES": "销售部", None: ""}.get(department, str(department))

    def item_state(self, state: ItemState) -> str:
        return {"in_progress": "进行中", "suspended": "已暂停"}.get(state.value, state.value)

    def task_state(self, state: TaskState) -> str:
        return {"doing": "进行中", "done": "已完成"}.get(state.value, state.value)

    def issue_state(self, state: IssueState) -> str:
        return {"executing": "方案执行中"}.get(state.value, state.value)

    def instant(self, at: datetime) -> str:
        return f"{at.astimezone(ZONE):%m-%d %H:%M}"

    def local(self, at: datetime) -> datetime:
        return at.astimezone(ZONE)


ITEM = Item(
    code=Code("SX-2026-0007"),
    title="新品X1试产",
    short="X1试产",
    level=Level.SPECIAL,
    lead=DepartmentId("RD"),
    coop=(DepartmentId("PROD"), DepartmentId("SALES")),
    state=ItemState.IN_PROGRESS,
    serves="重点项目",
    request="XQ-2026-0009",
    start_on=date(2026, 9, 1),
    end_on=date(2026, 9, 30),
    original_end_on=date(2026, 9, 22),
    note="每周五复核",
    updated_at=at("09-17 16:00"),
    updated_by=PersonId("E013"),
)
DONE = Task(
    code=Code("RW-2026-0030"),
    title="首件检验",
    state=TaskState.DONE,
    department=DepartmentId("PROD"),
    owner=PersonId("E029"),
    lead=DepartmentId("RD"),
    due_at=at("09-17 18:00"),
    original_due_at=at("09-15 18:00"),
    created_at=at("09-01 09:00"),
    item=ITEM.code,
    progress=100,
    done_at=at("09-17 17:00"),
    extensions=(
        Extension(
            asked_by=PersonId("E029"),
            asked_at=at("09-14 09:00"),
            due_at=at("09-17 18:00"),
            reason="等料",
            granted_by=PersonId("E013"),
            granted_at=at("09-14 10:00"),
        ),
    ),
)
DOING = Task(
    code=Code("RW-2026-0031"),
    title="小批试装",
    state=TaskState.DOING,
    department=DepartmentId("PROD"),
    owner=PersonId("E029"),
    lead=DepartmentId("RD"),
    due_at=at("09-16 18:00"),
    original_due_at=at("09-16 18:00"),
    created_at=at("09-01 09:00"),
    item=ITEM.code,
    progress=60,
    note=FORMULA,
)
ISSUE = Issue(
    code=Code("WT-2026-0012"),
    state=IssueState.EXECUTING,
    title="首件尺寸超差",
    found_by=DepartmentId("RD"),
    reporter=PersonId("E013"),
    filed_at=at("09-14 11:10"),
    item=ITEM.code,
    content={"description": "外径超差 0.3 毫米，" * 20},
    gradings=(
        Grading(grade=Grade.GENERAL, by=PersonId("E018"), at=at("09-14 13:00"), reason="首判"),
        Grading(grade=Grade.IMPORTANT, by=PersonId("E018"), at=at("09-14 13:45"), reason="影响部分环节"),
    ),
    impact="部分环节",
    severity="中",
    lead=DepartmentId("RD"),
    coop=(DepartmentId("PROD"),),
    due_at=at("09-18 12:00"),
    solution=(
        Solution(
            measure="+调整刀补", department=DepartmentId("PROD"), owner=PersonId("E029"), due_at=at("09-18 12:00")
        ),
    ),
    note="@SUM(A1)",
)
REPORT = ProgressReport(
    code=Code("JB-2026-W38-SX-2026-0007"),
    item=ITEM.code,
    week="2026-W38",
    lead=DepartmentId("RD"),
    state=ReportState.SUBMITTED,
    due_at=at("09-18 12:00"),
    opened_at=at("09-14 08:00"),
    content={"done": "首件合格\n小批开始", "next": "-完成小批", "problems": "无", "percent": "75"},
    submitted_by=PersonId("E013"),
    submitted_at=at("09-18 11:20"),
)


def item_facts(*, item: Item = ITEM, is_summary: bool = False, shows_title: bool = True) -> ItemFacts:
    """The item with everything around it."""
    tasks, issues = (DONE, DOING), (ISSUE,)
    return ItemFacts(
        item=item,
        tasks=tasks,
        issues=issues,
        light=light(item, tasks, issues, now=NOW, today=NOW.date()),
        progress=progress(tasks, days=lambda _: 1),
        report=REPORT,
        plan="FA-2026-0007 v1",
        accountable=PersonId("E013"),
        liaison=PersonId("E029"),
        shows_title=shows_title,
        is_summary=is_summary,
    )


def progress_ledger(*facts: ItemFacts) -> Ledger:
    """The progress ledger as the secretary takes it out."""
    sheet = progress_sheet(facts or (item_facts(),), Names(), name="进度台账")
    tasks = task_sheet((DONE, DOING), Names(), name="任务", now=NOW)
    return Ledger(
        what=What.PROGRESS,
        stem="跨部门协作进度台账_行政部_20260918",
        sheets=(sheet, tasks),
        note="导出人：秦书禾；导出时间：2026-09-18 11:20；筛选条件：本人可见的全部事项；未含涉密事项 1 项",
        marks=marks_of(sheet, What.PROGRESS),
    )


def issue_ledger(*issues: Issue) -> Ledger:
    """The issue ledger."""
    facts = tuple(IssueFacts(issue=issue) for issue in issues or (ISSUE,))
    sheet = issue_sheet(facts, Names(), name="问题台账", now=NOW)
    return Ledger(
        what=What.ISSUES,
        stem="跨部门协作问题台账_行政部_20260918",
        sheets=(sheet,),
        note="=1+1",
        marks=marks_of(sheet, What.ISSUES),
    )
