"""What comes of a meeting is written up by those whose business it is: minutes, sync records, opinions, resolutions."""

from __future__ import annotations

from bench.office.doing import Doing
from bench.office.duty import Duty
from bot.domain.ids import CodeKind
from bot.domain.meeting import Meeting, MeetingKind
from bot.domain.request import Request, RequestState
from bot.domain.resolution import Resolution, ResolutionState
from handlers import matter_cards


def record(duty: Duty) -> Doing | None:
    """Minutes, a sync record, the opinion of an assessment: written, then published."""
    if isinstance(duty.thing, Meeting):
        return _result(duty, duty.thing)
    if matter_cards.kind_of(duty.code) is CodeKind.SYNC_RECORD:
        return _sync_record(duty)
    return _minutes(duty)


def _sync_record(duty: Duty) -> Doing:
    if duty.thing.content.get("progress") and duty.scene.happens(0.8):
        return duty.writes(f"沟通纪要 提交 {duty.code}")
    return duty.writes(
        f"沟通纪要 {duty.code}\n方式：线上\n进度跟进：{duty.say('各事项')} | 按计划进行\n"
        f"需求对接：销售部 | {duty.say('下周样机 2 台')} | 生产部 | 可以安排\n问题：无\n待办：无"
    )


def _minutes(duty: Duty) -> Doing:
    scene = duty.scene
    if duty.thing.content.get("agenda") and (duty.thing.content.get("actions") or scene.happens(0.5)):
        return duty.writes(f"纪要 发布 {duty.code}")
    department = scene.one(scene.departments)
    by_whom = (
        f"{scene.full(department)} | {scene.name(scene.member(department))} | {scene.day(scene.chance.randint(2, 6))}"
    )
    return duty.writes(
        f"纪要 {duty.code}\n地点：一号会议室\n方式：线下\n会议议程：各部门汇报；问题协调\n"
        f"问题及解决方案：{duty.say('进度不明')} | {duty.say('对账后处理')} | {by_whom}\n"
        f"待办事项：{duty.say('落实会议要求')} | {by_whom}"
    )


def _result(duty: Duty, meeting: Meeting) -> Doing | None:
    """The opinion of an assessment stands in its request; the vote of an acceptance is not the secretary's."""
    request = duty.scene.uow.requests.get(meeting.subject) if meeting.kind is MeetingKind.ASSESSMENT else None
    is_awaited = request is not None and request.state is RequestState.ASSESSING
    return opinion(duty, request) if request is not None and is_awaited else None


def opinion(duty: Duty, request: Request) -> Doing:
    """Form F5 of a request whose meeting was held."""
    verdict = "建议补充" if duty.scene.happens(0.15) else "建议批准"
    note = duty.say("条件具备")
    departments = "；".join(f"{duty.scene.full(d)} | 同意" for d in request.involved)
    return duty.writes(
        f"评估 {request.code}\n可行性评估：可行 | {note}\n资源需求评估：满足 | {note}\n"
        f"潜在风险：到货延迟 | 中 | 高 | 备选供应商 | {duty.scene.full(request.lead)}\n各部门意见：{departments}\n"
        f"评估结论：{verdict}\n补充要求：{note}请补充人力安排"
    )


def resolution(duty: Duty) -> Doing:
    """Drafted and submitted by the lead, signed by the leader."""
    scene, thing = duty.scene, duty.thing
    if isinstance(thing, Resolution):
        if thing.state is ResolutionState.PENDING_SIGNATURE:
            is_refused = scene.happens(0.15)
            return duty.writes(
                f"退回 {duty.code} {duty.say('请补充验证安排后再报')}" if is_refused else f"签字 {duty.code}"
            )
        if thing.content.get("resolved") and scene.happens(0.8):
            return duty.writes(f"决议 提交 {duty.code}")
    meeting = thing.code if isinstance(thing, Meeting) else thing.meeting
    lead = duty.one.lead or scene.departments[0]
    owner, day = scene.name(scene.member(lead)), scene.day(4)
    return duty.writes(
        f"决议 {meeting}\n难点问题：{duty.say('到货较晚')}\n解决方案：{duty.say('专人跟催')} | {owner} | {day}\n"
        f"下一步工作计划：{duty.say('验证报告')} | {scene.full(lead)} | {owner} | {day}\n"
        f"决议事项：{duty.say('按计划进入下一阶段')}\n方案是否调整：否"
    )
