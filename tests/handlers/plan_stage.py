"""What stories about plans and items begin with: the requests of the acceptance week, approved, and the plan as the lead writes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeVar

from bot.domain.form import Content
from bot.domain.happened import RequestApproved
from bot.domain.ids import Code, CodeKind, DepartmentId, PersonId
from bot.domain.item import Item, Level
from bot.domain.plan import Plan
from bot.domain.request import Request, RequestState
from bot.domain.task import Task
from bot.ports import UnitOfWork
from tests.handlers.bench import Bench

E = TypeVar("E")

WEDNESDAY = "09-16 09:15"
ITEM, PLAN = "SX-2026-0010", "FA-2026-0010"

F1: Content = {
    "title": "X1量产导入",
    "goal": "年内完成 X1 从试产到量产的导入，直通率达到 95%",
    "background": "X1 试产已经过半，需要各部门一起完成量产准备",
    "coop_depts": (("PROD",), ("QA",), ("FIN",), ("SALES",)),
    "duties": (
        ("RD", "图纸与工艺文件定版", "E013"),
        ("PROD", "产线与工装准备", "E004"),
        ("QA", "检验标准与首件检验", "E029"),
        ("FIN", "成本核算与预算", "E022"),
        ("SALES", "首批订单与交期确认", "E009"),
    ),
    "resources": (("人力", "产线人员", "6 人", "PROD", "9 月"),),
    "milestones": (("启动", "2026-09-21", ""), ("中期", "2026-10-09", ""), ("验收前", "2026-10-23", "")),
    "start_on": "2026-09-21",
    "end_on": "2026-10-30",
    "serves": "重点项目",
    "scenario": "跨部门项目",
    "expected_result": "首批 60 台下线，直通率不低于 95%",
    "budget": "100000",
}
#: step 68, as the lead types it
WRITTEN = (
    "方案编制 SX-2026-0010\n"
    "目标与范围：完成 X1 量产导入，首批 60 台下线\n"
    "任务分工：图纸定版 | 研发部 | 温晓棠 | 生产部 | 2026-09-21 | 2026-10-16 | 受控图纸；"
    "产线与工装准备 | 生产部 | 秦书禾 | 研发部 | 2026-09-21 | 2026-10-16 | 产线验收单；"
    "检验标准 | 质量部 | 袁知行 | 研发部 | 2026-09-21 | 2026-10-16 | 检验规程；"
    "成本核算 | 财务部 | 夏知微 | 生产部 | 2026-09-21 | 2026-10-16 | 成本表；"
    "首批订单确认 | 销售部 | 苏念初 | 生产部 | 2026-09-21 | 2026-10-16 | 订单清单\n"
    "时间节点：启动 | 2026-09-21；中期 | 2026-10-09；验收前 | 2026-10-23\n"
    "沟通频率：每周\n"
    "验收标准：首批数量 | 60 台下线 | 入库单；直通率 | 不低于 95% | 检验报告\n"
    "资源保障：产线人员 | 已落实\n"
    "文档目录与权限：量产导入 | 研发部 | 编辑；量产导入 | 生产部 | 查看\n"
    "专项群：X1量产导入协作专项群"
)
#: the heads of the five departments, in the order of the slots
HEADS = ("陆怀谷", "罗启安", "尹若谷", "宋清和", "方景行")
FIVE = ("RD", "PROD", "QA", "FIN", "SALES")


def request(**more: object) -> Request:
    """XQ-2026-0015, approved by the leader."""
    plain = Request(
        code=Code("XQ-2026-0015"),
        state=RequestState.APPROVED,
        lead=DepartmentId("RD"),
        created_by=PersonId("E013"),
        created_at=datetime(2026, 9, 14, 1, 30, tzinfo=UTC),
        title="X1量产导入",
        level=Level.SPECIAL,
        coop=tuple(DepartmentId(d) for d in FIVE[1:]),
        content=F1,
    )
    return replace(plain, **more)  # type: ignore[arg-type]  # fields of the request


def approve(bench: Bench, wanted: Request | None = None) -> None:
    """The request is approved now."""
    stored = bench.transact(lambda uow: uow.requests.add(wanted or request()))
    bench.within(lambda context: context.announce(RequestApproved(stored)))


def number_from(bench: Bench, item: int = 10) -> None:
    """Numbers go on as they stand on Wednesday of the week: the routine item took SX-2026-0009."""
    bench.transact(lambda uow: uow.sequences.at_least(CodeKind.ITEM, 2026, item))


def approved(bench: Bench, wanted: Request | None = None) -> None:
    """Wednesday 09:15 of the week: the item is planned, its notices read."""
    number_from(bench)
    bench.until(WEDNESDAY)
    approve(bench, wanted)
    bench.advance(minutes=1)
    bench.forget()


def submitted(bench: Bench) -> None:
    """Thursday 16:20: the plan is with the heads."""
    approved(bench)
    bench.until("09-17 16:19")
    bench.says("白司南", WRITTEN)
    bench.advance(minutes=1)
    bench.says("白司南", f"方案编制 提交 {PLAN}")


def in_force(bench: Bench) -> None:
    """Everybody signed, Sunday 11:45."""
    submitted(bench)
    bench.until("09-20 11:45")
    for head in HEADS:
        bench.says(head, f"会签 {PLAN}")
    bench.forget()


def item(bench: Bench, code: str = ITEM) -> Item:
    """The item as it is stored."""
    return stored(bench, lambda uow: uow.items.get(code))


def plan(bench: Bench, key: str = f"{PLAN} v1") -> Plan:
    """A version as it is stored."""
    return stored(bench, lambda uow: uow.plans.get(key))


def tasks(bench: Bench, code: str = ITEM) -> list[Task]:
    """The tasks of an item by number."""
    return bench.read(lambda uow: sorted(uow.tasks.find(item=code), key=lambda task: task.code))


def stored(bench: Bench, get: Callable[[UnitOfWork], E | None]) -> E:
    """What must be there."""
    found = bench.read(get)
    assert found is not None
    return found
