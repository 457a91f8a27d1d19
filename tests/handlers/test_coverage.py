"""The audit as the secretary reads it: at the next opening, with what to do, and only when something is missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.ids import Code, DepartmentId, PersonId
from bot.domain.obligation import Obligation, ObligationKind
from bot.domain.request import Request, RequestState
from bot.ports import UnitOfWork
from tests.handlers.bench import Bench


@pytest.fixture
def night(bench: Bench) -> Bench:
    """Monday morning; the audit and the other daily duties run."""
    bench.within(bench.wired.arm_recurring)
    bench.forget()
    return bench


def changes_person(bench: Bench, person: str, **changes: object) -> None:
    def work(uow: UnitOfWork) -> None:
        found = uow.people.get(person)
        assert found is not None
        uow.people.put(replace(found, **changes))  # type: ignore[arg-type]
        uow.bump("directory")

    bench.transact(work)


def told(bench: Bench) -> list[str]:
    return [s.words for s in bench.forget() if s.reader == "许安然" and "夜间检查" in s.words]


def test_nothing_is_said_when_nothing_is_missing(night: Bench) -> None:
    night.until("09-15 12:00")
    assert told(night) == []


def test_each_line_says_what_is_missing_and_what_to_do(night: Bench) -> None:
    """EC-52, EC-53, EC-56."""
    changes_person(night, "E009", is_active=False)
    changes_person(night, "E011", accounts={})

    def orphan(uow: UnitOfWork) -> None:
        [one] = uow.obligations.find(code="RW-2026-0031")
        uow.obligations.put(replace(one, holder=PersonId("E009")))

    night.transact(orphan)
    night.until("09-15 08:59")
    assert told(night) == []
    night.until("09-15 09:00")
    [words] = told(night)
    lines = words.split("\n")
    assert lines[0] == "夜间检查：有 3 处会让事情落空，请处理："
    assert "· 销售没有对接人：提问先转给负责人。请该部门指定对接人。" in lines
    assert "· 何沐晴在已启用的平台上没有账号，收不到通知：请在通讯录或公司文件里补上。" in lines
    assert any(line.startswith("· 苏念初已离开，名下还有 ") and "RW-2026-0031" in line for line in lines)


def test_the_daily_check_does_not_repeat_it_to_the_same_person(night: Bench) -> None:
    night.until("09:30")
    changes_person(night, "E009", is_active=False)
    night.until("09-15 12:00")
    seen = [s.words for s in night.forget() if s.reader == "许安然" and "销售" in s.words and "对接人" in s.words]
    assert len([words for words in seen if "夜间检查" in words or "今日待补齐" in words]) == 1


def test_on_a_day_off_nobody_is_woken_and_the_next_night_is_armed(night: Bench) -> None:
    changes_person(night, "E009", is_active=False)
    night.until("09-18 12:00")
    night.forget()
    night.until("09-19 23:00")
    assert told(night) == []
    night.until("09-20 09:00")
    assert len(told(night)) == 1, "the make-up Sunday is a working day"


def test_whoever_would_decide_on_the_own_submission_is_found_by_the_object(night: Bench) -> None:
    """SoD-1."""

    def work(uow: UnitOfWork) -> None:
        request = Request(
            code=Code("XQ-2026-0090"),
            state=RequestState.IN_REVIEW,
            lead=DepartmentId("RD"),
            created_by=PersonId("E013"),
            created_at=night.now,
            submitted_by=PersonId("E012"),
        )
        limit = Obligation(
            key="XQ-2026-0090/审核/RD",
            code=request.code,
            kind=ObligationKind.REVIEW,
            title="",
            due_at=night.now + timedelta(days=2),
            opened_at=night.now,
            holder=PersonId("E012"),
        )
        uow.requests.add(request)
        uow.obligations.add(limit)

    night.transact(work)
    night.until("09-15 09:00")
    [words] = told(night)
    assert "· XQ-2026-0090的审批人就是提交人：请改由代理人或候补审批人处理。" in words


def test_it_reads_in_english(night: Bench) -> None:
    night.says("许安然", "set lang en")
    changes_person(night, "E009", is_active=False)
    night.forget()
    night.until("09-15 09:00")
    night.expects_message(to="许安然", contains=["Nightly check: 2 gaps", "has no liaison", "has left and still holds"])
