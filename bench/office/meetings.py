"""Meetings are begun, ended and written up by those whose business it is."""

from __future__ import annotations

from bench.office.doing import Doing
from bench.office.scene import Scene
from bot.domain.meeting import Meeting, MeetingKind, MeetingState


def is_ahead(meeting: Meeting) -> bool:
    """Does it still have to be held?"""
    return meeting.state in {MeetingState.SCHEDULED, MeetingState.IN_SESSION, MeetingState.MISSED}


def step(scene: Scene, code: str | None) -> Doing | None:
    """What its host does now; None before its time and after its end."""
    meeting = scene.uow.meetings.get(code) if code is not None else None
    if meeting is None:
        return None
    host = scene.acting(meeting.host, meeting.host_department)
    if host in (None, scene.world.posts.leader()) or meeting.kind is MeetingKind.WEEKLY:
        host = scene.world.posts.secretary()
    if host is None:
        return None
    match meeting.state:
        case MeetingState.SCHEDULED if meeting.start_at <= scene.now:
            return Doing(host, f"会议 开始 {code}")
        case MeetingState.IN_SESSION:
            return Doing(host, f"会议 结束 {code}")
        case MeetingState.MISSED:
            return Doing(host, f"会议 改期 {code} {scene.soon(1, 16)}")
        case _:
            return None


def due(scene: Scene) -> Doing | None:
    """Some meeting whose time has come is begun or ended."""
    states = (MeetingState.SCHEDULED.value, MeetingState.IN_SESSION.value, MeetingState.MISSED.value)
    found = [m for m in scene.uow.meetings.find(state=states) if m.start_at <= scene.now]
    meeting = scene.pick(found)
    return step(scene, meeting.code) if meeting is not None else None


def answer(scene: Scene) -> Doing | None:
    """Somebody says whether he or she will come, or who comes instead."""
    meeting = scene.pick(scene.uow.meetings.find(state=MeetingState.SCHEDULED.value))
    person = scene.pick(meeting.participants) if meeting is not None else None
    if meeting is None or person is None:
        return None
    other = scene.pick(scene.people)
    return Doing(
        person,
        scene.one(
            [
                f"参加 {meeting.code}",
                f"参加 {meeting.code}",
                f"不参加 {meeting.code} {scene.wording.say('当天出差', meeting.secrecy)}",
                f"待定 {meeting.code}",
                f"会议 委托 {meeting.code} @{scene.name(other.id if other is not None else None)}",
            ]
        ),
    )
