"""What people of the sample company write into requests, and how a story looks at one."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.happened import MeetingChanged
from bot.domain.ids import Code
from bot.domain.meeting import Meeting, MeetingKind, MeetingState
from bot.domain.request import Request
from bot.routing import Context
from tests.handlers.bench import Bench
from tests.handlers.shown import Shown

CODE = "XQ-2026-0015"

#: form F1 without its time nodes (step 5 of the acceptance week)
FORM = """所需配合部门：生产部、质量部、财务部、销售部
协作目标：年内完成 X1 从试产到量产的导入，直通率达到 95%
协作背景与必要性：X1 试产已经过半，需要各部门一起完成量产准备
各部门职责分工：研发部 | 图纸与工艺文件定版 | 温晓棠
生产部 | 产线与工装准备 | 秦书禾
质量部 | 检验标准 | 袁知行
财务部 | 成本核算 | 夏知微
销售部 | 首批订单 | 苏念初
所需资源：人力 | 产线人员 | 6 人 | 生产部 | 9 月
计划开始日期：2026-09-21
计划完成日期：2026-10-30
协作场景：跨部门项目
服务目标：重点项目
预期成果与验收标准：首批 60 台下线，直通率不低于 95%"""
NODES = "时间节点：图纸定版 | 2026-09-25 | 受控图纸；首批下线 | 2026-10-16 | 60 台整机"

ROUTINE = """需求 新建 日常 校招宣讲物料
协作目标：9 月 22 日前备齐校招宣讲会全部物料
协作背景与必要性：秋季校招宣讲会需要行政部准备展架与礼品
所需配合部门：行政部
各部门职责分工：人力资源部 | 宣讲内容与场地 | 钟晚晴；行政部 | 宣讲物料制作 | 卢雨桐
所需资源：无
时间节点：物料到位 | 2026-09-22 | 展架与礼品
计划开始日期：2026-09-16
计划完成日期：2026-09-22
协作场景：日常事务对接
服务目标：日常工作"""

OPINION = """评估 XQ-2026-0015
可行性评估：可行 | 图纸与产线条件具备
资源需求评估：满足
潜在风险：铝件到货延迟 | 中 | 高 | 备选供应商 | 生产部；检验能力不足 | 低 | 中 | 借调检验员 | 质量部
各部门意见：研发部 | 同意；生产部 | 同意；质量部 | 同意；财务部 | 同意；销售部 | 同意
评估结论：建议批准"""

#: heads of the departments of XQ-2026-0015, in the order of its slots
HEADS = ("陆怀谷", "罗启安", "尹若谷", "宋清和", "方景行")


def the_request(bench: Bench, code: str = CODE) -> Request:
    """The request as it is stored."""
    found = bench.read(lambda uow: uow.requests.get(code))
    assert found is not None, f"there is no {code}"
    return found


def slots(bench: Bench, code: str = CODE) -> dict[str, str]:
    """State of each department's slot."""
    return {slot.department: slot.state.value for slot in the_request(bench, code).slots}


def open_deadlines(bench: Bench, code: str = CODE) -> dict[str, str]:
    """Key behind the number, with the holder."""
    rows = bench.read(lambda uow: uow.obligations.find(code=code))
    return {row.key.removeprefix(f"{code}/"): row.holder or "" for row in rows}


def submitted(bench: Bench, *, lines: str = "") -> dict[str, Shown]:
    """温晓棠 begins, fills in and submits XQ-2026-0015; returns the card of each head."""
    bench.says("温晓棠", "需求 新建 专项 X1量产导入")
    bench.says("温晓棠", f"需求 {CODE}\n{FORM}\n{NODES}\n{lines}")
    bench.says("温晓棠", f"需求 提交 {CODE}")
    cards = {head: bench.expects_card(to=head, contains="需求单") for head in HEADS}
    bench.forget()
    return cards


def reviewed(bench: Bench) -> None:
    """All heads pass XQ-2026-0015."""
    for head, card in submitted(bench).items():
        bench.clicks(head, "审核通过", card=card)
    bench.forget()


def fixed_meeting(bench: Bench) -> None:
    """An assessment meeting of XQ-2026-0015 was fixed, held and ended, as the family of meetings tells it."""
    meet(bench, "scheduled")
    meet(bench, "ended")


def meet(bench: Bench, state: str, *, code: str = "HY-2026-0099") -> None:
    """The assessment meeting goes to that state."""

    def work(context: Context) -> None:
        known = context.uow.meetings.get(code)
        after = replace(
            known
            or Meeting(
                code=Code(code),
                kind=MeetingKind.ASSESSMENT,
                state=MeetingState.SCHEDULED,
                title="",
                start_at=context.now,
                planned_end_at=context.now,
                host=None,
                subject=CODE,
            ),
            state=MeetingState(state),
            ended_at=context.now if state == "ended" else None,
        )
        stored = context.uow.meetings.put(after) if known is not None else context.uow.meetings.add(after)
        context.announce(MeetingChanged(known, stored))

    bench.within(work)
