"""What somebody does about an open deadline: the natural next step of its object, now and then another one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from bench.office import meetings, records
from bench.office.doing import Doing
from bench.office.duty import Duty
from bench.office.scene import Scene
from bot.domain.acceptance import AcceptanceState
from bot.domain.codes import read_codes
from bot.domain.conflict import ConflictState
from bot.domain.directory import Role
from bot.domain.ids import CodeKind, DepartmentId, PersonId
from bot.domain.issue import IssueState
from bot.domain.minutes import MinutesState
from bot.domain.obligation import Obligation, ObligationKind
from bot.domain.plan import PlanState
from bot.domain.request import RequestState
from bot.domain.task import TaskState

#: how often somebody says no where yes is the rule
REFUSED = 0.15
_CONFIDENTIAL = 2
NO = "与本部门安排冲突，请调整后再报"


def next_step(scene: Scene, one: Obligation) -> Doing | None:
    """What its holder writes; None where nothing can be done yet, or nobody is there."""
    who = scene.acting(one.holder, one.department)
    thing = scene.thing(one.code)
    if who is None or thing is None or one.kind not in _STEPS:
        return None
    return _STEPS[one.kind](Duty(scene, one, thing, who))


_Step = Callable[[Duty], Doing | None]


def _decision(yes: str, no: str) -> _Step:
    def decide(duty: Duty) -> Doing | None:
        if duty.scene.happens(REFUSED):
            reason = duty.say(NO)
            return duty.writes(f"{no} {duty.code} {reason}")
        return duty.writes(f"{yes} {duty.code}")

    return decide


# ---------------------------------------------------------------- requests, plans


def _assessment(duty: Duty) -> Doing | None:
    if duty.thing.state is RequestState.REVIEWED:
        return duty.writes(f"会议 安排 评估会 {duty.code} {duty.scene.soon(1, 15)}")
    if duty.thing.held_at is None:
        return meetings.step(duty.scene, duty.thing.meeting)
    return records.opinion(duty, duty.thing)


def _plan(duty: Duty) -> Doing | None:
    item = duty.scene.uow.items.get(duty.thing.item)
    if item is None:
        return None
    is_written = bool(duty.thing.content.get("tasks")) and bool(duty.thing.content.get("docs"))
    if is_written and (duty.thing.state is PlanState.DRAFTING or duty.scene.happens(0.6)):
        return duty.writes(f"方案编制 提交 {duty.code}")
    start = max(item.start_on or duty.scene.today, duty.scene.today)
    end = max(item.end_on or duty.scene.day(10), start + timedelta(days=3))
    tasks = "；".join(
        f"{duty.say('落实本部门分工')} | {duty.scene.full(d)} | {duty.scene.name(duty.scene.member(d))} | "
        f"{duty.scene.full(item.lead)} | {start} | {end} | 交付清单"
        for d in duty.thing.involved
    )
    return duty.writes(
        f"方案编制 {duty.thing.item}\n目标与范围：{duty.say('按期完成全部工作')}\n"
        f"协作范围：{duty.say('参与部门的全部工作')}\n任务分工：{tasks}\n"
        f"时间节点：启动 | {start}；验收前 | {end}\n沟通频率：每周\n验收标准：完成率 | {duty.say('全部完成')} | 检查表\n"
        f"资源保障：人员 | 已落实\n文档目录与权限：{duty.say('资料')} | {duty.scene.full(item.lead)} | 编辑\n"
        f"修订说明：{duty.say('按会议要求调整')}",
    )


# ---------------------------------------------------------------- tasks, reports


def _task(duty: Duty) -> Doing | None:
    if duty.thing.state is TaskState.BLOCKED and duty.scene.happens(0.7):
        return duty.writes(f"解除受阻 {duty.code}")
    roll = duty.scene.chance.random()
    if roll < 0.5 or duty.one.due_at <= duty.scene.now:
        return duty.writes(f"完成 {duty.code} {duty.say('已完成，清单已上传')}")
    if roll < 0.75:
        percent = duty.scene.chance.randint(1, 9) * 10
        return duty.writes(f"进度 {duty.code} {percent}% {duty.say('正在推进')}")
    if roll < 0.85:
        later = duty.scene.world.calendars.local(duty.one.due_at).date() + timedelta(
            days=duty.scene.chance.randint(1, 5)
        )
        return duty.writes(f"延期 {duty.code} {later} {duty.say('来料晚到两天，请求延期')}")
    if roll < 0.93:
        return duty.writes(f"受阻 {duty.code} {duty.say('等待外部来料，无法继续')}")
    other, by = duty.scene.member(duty.thing.department), duty.scene.liaison(duty.thing.department)
    return duty.writes(f"转交 {duty.code} @{duty.scene.name(other)}", by=by)


def _accepting(duty: Duty) -> Doing | None:
    if duty.thing.refused_reason:
        return duty.writes(f"转交 {duty.code} @{duty.scene.name(duty.scene.member(duty.thing.department))}")
    return _decision("接受", "退回")(duty)


def _weekly(duty: Duty) -> Doing | None:
    return duty.writes(
        f"周进度 {duty.thing.item}\n本周完成情况：{duty.say('按计划完成')}\n存在问题：无\n"
        f"下周计划：{duty.say('继续推进')}",
    )


# ---------------------------------------------------------------- issues


def _grading(duty: Duty) -> Doing | None:
    roll = duty.scene.chance.random()
    if roll < 0.1 and duty.who == duty.scene.world.posts.secretary():
        return duty.writes(f"不予受理 {duty.code} {duty.say('不属于跨部门协作范围')}")
    targets = [
        i for i in duty.scene.uow.issues.find() if i.is_open and i.code != duty.thing.code and i.reporter != duty.who
    ]
    if roll < 0.15 and targets and duty.who == duty.scene.world.posts.secretary():
        # separation of duties may stand in the way of the other one, which is no fault
        return duty.writes(f"并入 {duty.code} {duty.scene.one(targets).code}", by=duty.who)
    grade, scope, severity = duty.scene.one(
        [("一般", "单一任务", "低"), ("一般", "部分环节", "中"), ("重要", "部分环节", "中"), ("重大", "整体目标", "高")]
    )
    involved = [d for d in duty.thing.departments if d in duty.scene.departments] or duty.scene.departments[:2]
    others = [d for d in duty.scene.departments if d != involved[0]]
    coop = "、".join(duty.scene.full(d) for d in involved[1:] or others[:1])
    return duty.writes(
        f"分级 {duty.code} {grade}\n分级依据：{duty.say('影响跨部门环节')}\n影响范围：{scope}\n严重程度：{severity}\n"
        f"牵头部门：{duty.scene.full(involved[0])}\n配合部门：{coop}",
        by=_grader(duty, involved[0]),
    )


def _grader(duty: Duty, responsible: DepartmentId) -> PersonId:
    """Not the secretary of the responsible department, nor whoever filed it (SoD-4)."""
    posts, thing = duty.scene.world.posts, duty.thing
    if posts.department_of(duty.who) != responsible and duty.who != thing.reporter:
        return duty.who
    deputies = [p.id for p in duty.scene.world.directory.holders(Role.DEPUTY_SECRETARY) if posts.is_available(p.id)]
    able = [d for d in deputies if d != thing.reporter and (thing.secrecy < _CONFIDENTIAL or d in thing.access)]
    return duty.scene.pick(able) or posts.leader() or duty.who


def _issue(duty: Duty) -> Doing | None:
    if duty.thing.state in {IssueState.NEGOTIATING, IssueState.EXECUTING}:
        names = "、".join(duty.scene.full(d) for d in duty.thing.handlers)
        return duty.writes(f"结果 {duty.code} {duty.say(f'{names}已核对并处理完毕，复检合格')}")
    secretary = duty.scene.world.posts.secretary()
    if duty.thing.met_at is None or secretary is None:
        return _hold(duty)
    lead = duty.thing.lead or duty.scene.departments[0]
    line = f"{duty.say('更换方案并复检')} | {duty.scene.full(lead)} | {duty.scene.name(duty.scene.member(lead))}"
    answer = duty.scene.one(["是", "否"])
    text = f"解决方案 {duty.code}\n解决方案：{line} | {duty.scene.day(3)}\n是否调整协作方案：{answer}"
    return duty.writes(text, by=secretary)


def _hold(duty: Duty) -> Doing | None:
    """The coordination or special meeting is called, begun, ended."""
    meeting = duty.scene.uow.meetings.get(duty.thing.meeting) if duty.thing.meeting is not None else None
    if meeting is not None and meetings.is_ahead(meeting):
        return meetings.step(duty.scene, meeting.code)
    at = duty.scene.soon(1, 10)
    if duty.thing.state is IssueState.COORDINATING:
        return duty.writes(f"会议 安排 协调会 {duty.code} {at}", by=duty.scene.world.posts.secretary())
    return duty.writes(f"会议 安排 专题会 {duty.code} {at}")


def _note(duty: Duty) -> Doing | None:
    return duty.writes(f"知悉 {duty.code} {duty.scene.soon(1, 10)}")


# ---------------------------------------------------------------- conflicts


def _mediation(duty: Duty) -> Doing | None:
    return duty.writes(
        f"调解 {duty.code}\n调解意见：{duty.say('由牵头部门负责，另一方支持')}\n依据：方案 R-07\n处理方式：共享",
    )


def _statement(duty: Duty) -> Doing | None:
    return duty.writes(f"陈述 {duty.code} {duty.say('来料晚到三天，已书面说明')}")


def _verification(duty: Duty) -> Doing | None:
    published = [m.code for m in duty.scene.uow.minutes.find() if m.state is MinutesState.PUBLISHED]
    if not published:
        return None
    return duty.writes(f"核实 {duty.code} 以 {published[0]} 为准，{duty.say('首批 60 台')} 登记处：生产计划表")


def _ruling(duty: Duty) -> Doing | None:
    if _kind(duty.code) is CodeKind.ACCEPTANCE:
        return duty.writes(f"评议 {duty.code} {duty.scene.one(['合格', '整改'])}")
    return duty.writes(f"裁定 {duty.code} {duty.say('由牵头部门负责落实')}\n依据：方案 R-07")


def _execution(duty: Duty) -> Doing | None:
    if duty.thing.state is ConflictState.TO_GM_MEETING:
        return duty.writes(f"办公会决定 {duty.code} {duty.say('由销售部承接')} 依据：总办〔2026〕12号")
    return duty.writes(f"确认 {duty.code}")


# ---------------------------------------------------------------- meetings and records


def _statement_of_progress(duty: Duty) -> Doing | None:
    return duty.writes(
        f"进度报告 {duty.code}\n总体进度与计划对比：{duty.say('总体 55%，与计划持平')}\n难点问题：到货较晚\n"
        f"下一步计划建议：{duty.say('专人跟催')}",
    )


# ---------------------------------------------------------------- acceptance


def _acceptance(duty: Duty) -> Doing | None:
    if duty.thing.state is AcceptanceState.VOTING:
        return duty.writes(f"结束评议 {duty.code}") if duty.scene.happens(0.1) else None
    if duty.thing.state is AcceptanceState.APPLIED:
        item = duty.scene.uow.items.get(duty.thing.item)
        heads = [duty.scene.head(d) for d in (item.coop if item is not None else ())]
        named = " ".join(f"@{duty.scene.name(h)}" for h in heads if h is not None)
        return duty.writes(f"会议 安排 验收会 {duty.code} {duty.scene.soon(1, 14)} {named}")
    return meetings.step(duty.scene, duty.thing.meeting)


def _vote(duty: Duty) -> Doing | None:
    voter = PersonId(duty.one.key.rsplit("/", 1)[-1])
    voter = duty.scene.acting(voter, duty.one.department) or voter
    word = "合格" if duty.scene.happens(0.85) else duty.scene.one(["整改", "不合格"])
    reason = "" if word == "合格" else f" {duty.say('缺少检验记录')}"
    return duty.writes(f"评议 {duty.code} {word}{reason}", by=voter)


def _rectification(duty: Duty) -> Doing | None:
    if duty.one.detail == "proposal":
        return duty.writes(f"处理建议 {duty.code} 返工 {duty.say('重做展架并复检')}")
    return application(duty.scene, duty.thing.item, duty.who)


def application(scene: Scene, item_code: str, who: PersonId) -> Doing | None:
    """`/验收` of an item."""
    item = scene.uow.items.get(item_code)
    if item is None:
        return None
    say = scene.wording.say
    return Doing(
        who,
        f"验收 {item_code}\n完成情况说明：{say('全部按计划完成', item.secrecy)}\n成果清单：成果 | 共享盘 | 按清单\n"
        f"对照验收标准自评：{say('完成率', item.secrecy)} | 达到 | 检查表\n遗留问题：无",
    )


def _archive(duty: Duty) -> Doing | None:
    return duty.writes(f"归档 {duty.one.item} 确认")


def _naming(duty: Duty) -> Doing | None:
    item = duty.scene.uow.items.get(duty.one.item)
    if item is None:
        return None
    if duty.scene.happens(REFUSED):
        head = duty.scene.head(item.lead) or duty.who
        return duty.writes(f"文档 豁免 {duty.code} {duty.say('名称由客户指定不能改')}", by=head)
    name = f"{item.short or item.title}_{duty.scene.full(item.lead)}_{duty.scene.today:%Y%m%d}.docx"
    return duty.writes(f"文档 改名 {duty.code} {name}")


# ---------------------------------------------------------------- people


def _proposal(duty: Duty) -> Doing | None:
    word = {
        "candidate": f"提交候选 {duty.code} 证据已核对"
        if duty.scene.happens(0.7)
        else f"放弃候选 {duty.code} 当时系统停机不计",
        "pending_confirm": f"奖惩 确认 {duty.code} 分值：3 范围：协调小组"
        if duty.scene.happens(0.7)
        else f"驳回 {duty.code} {NO}",
        "confirmed": f"发布通报 {duty.code} 确认",
        "appeal": duty.scene.one([f"维持原决定 {duty.code}", f"撤销处理 {duty.code}"]),
    }.get(duty.one.detail)
    return duty.writes(word) if word is not None else None


def _rating(duty: Duty) -> Doing | None:
    rated = duty.scene.one(duty.scene.departments)
    marks = " ".join(str(duty.scene.chance.randint(2, 5)) for _ in range(5))
    return duty.writes(f"互评 {duty.code} {duty.scene.full(rated)} {marks}")


def _kind(code: str) -> CodeKind | None:
    refs, _ = read_codes(code)
    return refs[0].kind if refs else None


_K = ObligationKind
_STEPS: dict[ObligationKind, _Step] = {
    _K.REVIEW: _decision("同意", "退回"),
    _K.ASSESSMENT: _assessment,
    _K.LEADER: _decision("同意", "退回"),
    _K.PLAN: _plan,
    _K.COUNTERSIGN: _decision("同意", "驳回"),
    _K.TASK: _task,
    _K.WEEKLY_REPORT: _weekly,
    _K.GRADING: _grading,
    _K.ISSUE: _issue,
    _K.MEETING: _hold,
    _K.MEDIATION: _mediation,
    _K.RULING: _ruling,
    _K.MINUTES: records.record,
    _K.RESOLUTION: records.resolution,
    _K.ACCEPTANCE: _acceptance,
    _K.RECTIFICATION: _rectification,
    _K.ARCHIVE: _archive,
    _K.NAMING: _naming,
    _K.PROGRESS_REPORT: _statement_of_progress,
    _K.CONFIRM_LEDGER: _decision("确认", "退回"),
    _K.CONFIRM_RESULT: _decision("确认", "仍未解决"),
    _K.CONFIRM_TASK: _decision("确认", "退回"),
    _K.CLOSE_ISSUE: lambda duty: duty.writes(f"闭环 {duty.code}"),
    _K.ACKNOWLEDGE: _note,
    _K.EXTENSION: _decision("同意", "驳回"),
    _K.ACCEPT_TASK: _accepting,
    _K.CONTACT: lambda duty: duty.writes(f"对接确认 {duty.code}"),
    _K.STATEMENT: _statement,
    _K.OFFER: _decision("同意", "驳回"),
    _K.EXECUTION: _execution,
    _K.VERIFICATION: _verification,
    _K.VOTE: _vote,
    _K.HANDOVER: lambda duty: duty.writes(f"确认 {duty.code}"),
    _K.CONSENT: _decision("同意", "驳回"),
    _K.SYNC: lambda duty: meetings.step(duty.scene, duty.code),
    _K.PROPOSAL: _proposal,
    _K.RATING: _rating,
}
