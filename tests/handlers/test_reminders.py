"""Reminders as people get them (domain.md 2.3, 2.6, 2.8; L-09, L-10, L-20; EC-19, EC-51, EC-52, EC-56, EC-71, EC-74; week.md 18, 21, 53, 84)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from bot.domain.directory import Person
from bot.domain.ids import DepartmentId, PersonId
from bot.domain.obligation import Obligation, ObligationKind
from bot.domain.timers import TimerKind
from bot.ports import UnitOfWork
from bot.routing import Context
from handlers.deadlines import deadlines
from tests.handlers.bench import Bench
from tests.handlers.shown import BEIJING, Shown

K = ObligationKind


def at(text: str) -> datetime:
    """An instant of 2026 in Beijing."""
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=BEIJING)


@pytest.fixture
def office(bench: Bench) -> Bench:
    """The sample company; reminders are looked at."""
    bench.hears_reminders = True
    bench.advance()
    return bench


@pytest.fixture
def empty(office: Bench) -> Bench:
    """The sample company without anything open."""
    for code in {one.code for one in office.read(lambda uow: uow.obligations.find())}:
        settles(office, code)
    office.forget()
    return office


def owed(code: str, kind: K, due: str, **changes: object) -> Obligation:
    """An open deadline; in the quality department and held by its liaison unless said otherwise."""
    given: dict[str, object] = {
        "title": f"事项{code[-2:]}",
        "holder": PersonId("E029"),
        "department": DepartmentId("QA"),
        "lead": DepartmentId("RD"),
        "opened_at": at("09-11 10:00"),
    }
    return Obligation(key=Obligation.key_for(code, kind), code=code, kind=kind, due_at=at(due), **(given | changes))  # type: ignore[arg-type]


def settles(bench: Bench, code: str, *wanted: Obligation) -> None:
    """The object has exactly these open deadlines now."""
    bench.within(lambda context: deadlines.settle(context, code, wanted))


def reminders(bench: Bench) -> list[Shown]:
    """Reminders that were not looked at yet; what families tell of their own is not among them."""
    return [s for s in bench.forget() if s.sent.key.startswith("reminders:")]


def readers(shown: list[Shown]) -> list[str]:
    return sorted(s.reader for s in shown)


def away(bench: Bench, person: str, *, delegate: str | None = None) -> None:
    """On leave for the whole week from now on."""
    said = f"请假 今天 09-19 18:00{f' 代理 @{delegate}' if delegate else ''}"
    bench.says(person, said)
    bench.forget()


def changes_person(bench: Bench, person: str, **changes: object) -> None:
    """Something about a person is different."""

    def work(uow: UnitOfWork) -> None:
        found: Person | None = uow.people.get(person)
        assert found is not None
        uow.people.put(replace(found, **changes))  # type: ignore[arg-type]
        uow.bump("directory")

    bench.transact(work)


# ---------------------------------------------------------------- the acceptance week


def test_step_18_one_working_hour_before_a_general_issue_both_liaisons_are_told(office: Bench) -> None:
    office.until("16:59")
    office.forget()
    office.until("17:00")
    for name in ("苏念初", "卢雨桐"):
        shown = office.expects_message(
            to=name, contains=["【临期】WT-2026-0011《展架尺寸与展位图不一致》将于 18:00 到期。"]
        )
        assert shown.sent.at == at("09-14 17:00")
    office.expects_nothing_more()


def test_step_21_an_overdue_general_issue_goes_to_the_heads_and_the_secretary(office: Bench) -> None:
    """R-95, L-09: 18:00 is the end of the window and still inside."""
    office.until("17:59")
    office.forget()
    office.until("18:00")
    said = "【超期】WT-2026-0011《展架尺寸与展位图不一致》应于 18:00 完成，刚刚到期。"
    heads = [
        ("方景行", "您是牵头部门负责人"),
        ("叶青禾", "您是配合部门负责人"),
    ]
    for name, why in heads:
        shown = office.expects_message(to=name, contains=[why, "问题处理由苏念初办理", "请督促尽快完成"])
        assert shown.sent.at == at("09-14 18:00")
        assert said in shown.words
    office.expects_message(to="许安然", contains="【纪要超期】JY-2026-0027 周例会", lacks="WT-2026-0011")
    office.expects_card(to="许安然", contains=["【超期】WT-2026-0011", "应于 18:00 完成"], buttons=["升级"])
    assert not [s for s in reminders(office) if "WT-2026-0011" in s.words]


def test_step_53_an_overdue_task_goes_to_assignee_liaison_head_and_the_lead_liaisons_delegate(office: Bench) -> None:
    office.until("09-16 11:30")
    office.says("温晓棠", "请假 2026-09-16 13:30 至 2026-09-17 18:00 代理 @白司南")
    office.until("09-16 16:59")
    office.forget()
    office.until("09-16 17:00")
    found = {s.reader: s.words for s in office.forget()}
    assert sorted(found) == sorted(["柳青原", "秦书禾", "罗启安", "白司南"])
    line = "【超期】RW-2026-0031《首件试制》应于 17:00 完成"
    assert all(line in words for words in found.values())
    assert "由您办理" in found["柳青原"]
    assert "您是责任部门对接人" in found["秦书禾"]
    assert "您是责任部门负责人" in found["罗启安"]
    assert "您正代理温晓棠" in found["白司南"]
    office.until("09-17 08:00")
    assert "柳青原" in readers(office.forget()), "L-10: daily at the first opening, 08:00 in production"


def test_step_84_of_a_confidential_issue_only_the_access_list_is_told(empty: Bench) -> None:
    """EC-71, EC-74: number only, in a message of its own, nothing in any group."""
    listed = tuple(map(PersonId, ("E022", "E012", "E021", "E013", "E018", "E002")))
    secret = owed(
        "WT-2026-0013", K.ISSUE, "09-18 18:00", title="X1成本核算差异", department=DepartmentId("RD"),
        coop=(DepartmentId("FIN"), DepartmentId("QA")), holder=PersonId("E013"), detail="一般问题", secrecy=2,
        access=listed,
    )  # fmt: skip
    settles(empty, "WT-2026-0013", secret)
    settles(empty, "RW-2026-0050", owed("RW-2026-0050", K.REVIEW, "09-18 18:00", holder=PersonId("E012")))
    empty.until("09-18 17:59")
    empty.forget()
    empty.until("09-18 18:00")
    shown = empty.forget()
    about = [s for s in shown if "WT-2026-0013" in s.words]
    assert readers(about) == ["宋清和", "许安然", "陆怀谷"], "the head of quality is on no list"
    assert all(s.words.startswith("WT-2026-0013 【超期】应于 18:00 完成") for s in about)
    assert len([s for s in shown if s.reader == "陆怀谷"]) == 2, "confidential matters stand alone"
    assert not any("RW-2026-0050" in s.words for s in about)
    assert all(s.reader for s in shown), "nothing in any group"


def test_a_missing_weekly_report_is_told_to_liaison_head_and_secretary(empty: Bench) -> None:
    """Week.md 78."""
    report = owed(
        "JB-2026-W38-SX-2026-0009", K.WEEKLY_REPORT, "09-18 12:00", title="校招宣讲物料",
        department=DepartmentId("HR"), lead=DepartmentId("HR"), holder=PersonId("E025"),
    )  # fmt: skip
    settles(empty, report.code, report)
    empty.until("09-18 10:00")
    empty.expects_message(to="钟晚晴", contains="【临期】JB-2026-W38-SX-2026-0009《校招宣讲物料》将于 12:00 到期。")
    empty.until("09-18 12:00")
    found = empty.forget()
    assert readers(found) == ["潘望舒", "许安然", "钟晚晴"]
    assert {s.sent.at for s in found} == {at("09-18 12:00")}


# ---------------------------------------------------------------- merging


def test_everything_due_at_once_is_one_message_the_oldest_first(empty: Bench) -> None:
    for number, due in enumerate(("09-15 18:00", "09-14 18:00", "09-15 18:00"), start=51):
        settles(empty, f"RW-2026-00{number}", owed(f"RW-2026-00{number}", K.REVIEW, due))
    empty.until("09-15 14:00")
    shown = [s for s in empty.forget() if s.reader == "袁知行"][-1]
    lines = shown.words.split("\n")
    assert lines[0] == "有 2 件事请您留意："
    assert lines[1] == "1. 【临期】RW-2026-0051《事项51》将于 18:00 到期。"
    assert lines[2] == "　由您办理，请审核：通过，或写明原因退回。可发：同意 RW-2026-0051"
    assert lines[3].startswith("2. 【临期】RW-2026-0053")


def test_l_10_at_most_one_message_in_a_quarter_of_an_hour(empty: Bench) -> None:
    """L-10: the first goes at its instant, what follows is collected."""
    for number, due in enumerate(("14:30", "14:35", "14:38", "15:00"), start=51):
        settles(empty, f"WD-2026-00{number}", owed(f"WD-2026-00{number}", K.STATEMENT, f"09-14 {due}"))
    empty.until("15:30")
    found = [s for s in empty.forget() if s.reader == "袁知行"]
    assert [f"{s.sent.at.astimezone(BEIJING):%H:%M}" for s in found] == ["13:30", "13:45", "14:00"]
    assert "有 2 件事" in found[1].words


def test_what_may_not_be_sent_tonight_comes_in_the_morning(empty: Bench) -> None:
    """L-09: production has closed at 17:00."""
    settles(empty, "RW-2026-0051", owed("RW-2026-0051", K.REVIEW, "09-14 18:00", holder=PersonId("E003")))
    empty.until("17:30")
    empty.forget()
    empty.until("09-15 07:59")
    assert readers(empty.forget()) == ["许安然"], "the secretary is still at work at 18:00"
    empty.until("09-15 08:00")
    shown = empty.expects_message(to="罗启安", contains="【超期】RW-2026-0051《事项51》应于 9月14日（周一）18:00 完成")
    assert "补发" not in shown.words


def test_what_was_done_meanwhile_is_not_told(empty: Bench) -> None:
    settles(empty, "RW-2026-0051", owed("RW-2026-0051", K.REVIEW, "09-14 18:00", holder=PersonId("E003")))
    empty.until("18:30")
    settles(empty, "RW-2026-0051")
    empty.forget()
    empty.until("09-15 18:00")
    empty.expects_nothing_more()


def test_a_message_that_waits_for_the_platform_is_dropped_when_nothing_of_it_is_owed(empty: Bench) -> None:
    one = owed("RW-2026-0051", K.REVIEW, "09-14 18:00")
    settles(empty, "RW-2026-0051", one)

    def asked(context: Context) -> list[bool]:
        found = [empty.router._rechecks["reminder"](context, ref) for ref in ("RW-2026-0051", "reminders:E029")]
        deadlines.settle(context, "RW-2026-0051", [])
        return [
            *found,
            *(empty.router._rechecks["reminder"](context, ref) for ref in ("RW-2026-0051", "reminders:E029")),
        ]

    empty.until("14:00")
    assert empty.within(asked) == [True, True, False, False]


def test_a_day_has_a_budget_and_what_exceeds_it_stands_in_the_next_mornings_first_message(empty: Bench) -> None:
    """2.3: nothing is lost."""
    for number in range(1, 13):
        hour, minute = divmod(9 * 60 + 20 * number, 60)
        if hour >= 12:
            hour, minute = divmod(hour * 60 + minute + 90, 60)
        due = f"09-14 {hour:02}:{minute:02}"
        settles(empty, f"RW-2026-01{number:02}", owed(f"RW-2026-01{number:02}", K.CLOSE_ISSUE, due))
    empty.until("23:00")
    today = [s for s in empty.forget() if s.reader == "袁知行"]
    assert len(today) == 8
    empty.until("09-15 09:00")
    first = empty.expects_message(to="袁知行", contains=["有 12 件事请您留意"])
    assert all(f"RW-2026-01{number:02}" in first.words for number in range(1, 13))


def test_who_only_watches_may_mute_it_and_who_owes_it_may_not(empty: Bench) -> None:
    """A4 44."""
    for name in ("袁知行", "许安然"):
        empty.says(name, "静音 10小时")
    empty.forget()
    settles(empty, "RW-2026-0051", owed("RW-2026-0051", K.REVIEW, "09-14 14:00"))
    empty.until("14:00")
    assert readers(empty.forget())[-1:] == ["袁知行"]
    empty.until("17:59")
    empty.expects_nothing_more()
    empty.until("09-15 09:00")
    assert "许安然" in readers(empty.forget())


def test_a_major_issue_is_told_at_night_and_takes_nothing_else_along(empty: Bench) -> None:
    """2.3: at any hour."""
    quiet = owed("RW-2026-0051", K.LEADER, "09-14 20:00", holder=PersonId("E002"), department=DepartmentId("GMO"))
    settles(empty, "RW-2026-0051", quiet)
    settles(empty, "WT-2026-0014", owed("WT-2026-0014", K.ISSUE, "09-14 21:00", detail="重大问题", title="批次不合格"))
    empty.until("20:59")
    empty.forget()
    empty.until("21:00")
    found = empty.forget()
    assert readers(found) == ["沈若川", "顾明远"]
    assert not any("RW-2026-0051" in s.words for s in found)
    empty.until("09-15 09:00")
    assert any("RW-2026-0051" in s.words for s in empty.forget() if s.reader == "顾明远")


# ---------------------------------------------------------------- downtime and the moment of sending


def test_ec_19_after_downtime_one_merged_reminder_is_marked_and_the_limit_keeps_its_true_time(empty: Bench) -> None:
    for number in (51, 52, 53):
        settles(empty, f"RW-2026-00{number}", owed(f"RW-2026-00{number}", K.REVIEW, "09-14 17:00"))
    empty.jumps(hours=27)
    found = [s for s in empty.forget() if s.reader == "袁知行"]
    assert len(found) == 1
    assert found[0].words.startswith("（补发）有 3 件事请您留意：\n1. 【超期】RW-2026-0051")
    [one] = empty.read(lambda uow: uow.obligations.find(code="RW-2026-0051"))
    assert one.passed_at == at("09-14 17:00")


def test_whoever_goes_on_leave_before_the_message_is_replaced_in_it(empty: Bench) -> None:
    """2.6: who is told is decided when it is sent."""
    settles(empty, "RW-2026-0051", owed("RW-2026-0051", K.TASK, "09-14 20:00", holder=PersonId("E013"), lead=None,
                                        department=DepartmentId("RD")))  # fmt: skip
    empty.until("21:00")
    empty.forget()
    away(empty, "温晓棠", delegate="白司南")
    empty.until("09-15 09:00")
    found = {s.reader: s.words for s in empty.forget()}
    assert "温晓棠" not in found
    assert "您正代理温晓棠" in found["白司南"]


def test_ec_51_when_all_liaisons_are_away_the_head_is_told(empty: Bench) -> None:
    for name in ("袁知行", "贺云深"):
        away(empty, name)
    settles(empty, "WT-2026-0050", owed("WT-2026-0050", K.ISSUE, "09-14 18:00", detail="一般问题",
                                        lead=DepartmentId("QA")))  # fmt: skip
    empty.until("17:00")
    assert readers([s for s in reminders(empty) if "WT-2026-0050" in s.words]) == ["尹若谷"]


def test_ec_52_a_department_without_head_and_liaison_is_the_secretarys_with_a_word_on_it(empty: Bench) -> None:
    for person in ("E028", "E029", "E030"):
        changes_person(empty, person, is_active=False)
    settles(empty, "XQ-2026-0050", owed("XQ-2026-0050", K.REVIEW, "09-14 18:00", holder=None))
    empty.until("14:00")
    shown = empty.expects_message(to="许安然", contains=["【临期】XQ-2026-0050", "该办理人空缺或无人代理，转由您指派"])
    assert shown.reader == "许安然"
    [one] = empty.read(lambda uow: uow.obligations.find(code="XQ-2026-0050"))
    assert one.due_at == at("09-14 18:00"), "nothing is decided by itself"


def test_ec_56_without_a_secretary_the_deputy_is_told_then_the_head_of_the_department(empty: Bench) -> None:
    changes_person(empty, "E018", is_active=False)
    settles(empty, "RW-2026-0051", owed("RW-2026-0051", K.REVIEW, "09-14 14:00"))
    empty.until("14:00")
    assert "魏子墨" in readers(empty.forget())
    changes_person(empty, "E020", is_active=False)
    empty.until("09-15 09:00")
    assert "叶青禾" in readers(empty.forget())


def test_ec_74_of_a_sensitive_matter_the_number_comes_first_and_the_title_only_for_who_may_read_it(
    empty: Bench,
) -> None:
    hidden = owed("RW-2026-0051", K.MEETING, "09-14 14:00", title="样机拆解", secrecy=1, holder=PersonId("E018"))
    settles(empty, "RW-2026-0051", hidden)
    empty.until("14:00")
    found = {s.reader: s.words for s in empty.forget()}
    assert found["许安然"].split("\n")[:2] == [
        "RW-2026-0051 【超期】应于 14:00 完成，刚刚到期。",
        "《样机拆解》",
    ]
    assert "样机拆解" not in found["叶青禾"], "the admin department is not involved"
    assert found["叶青禾"].startswith("RW-2026-0051 ")


def test_ec_82_a_person_with_two_accounts_gets_one_reminder(empty: Bench) -> None:
    changes_person(empty, "E029", accounts={"feishu": "ou_sample_e029", "wecom": "ys-e029"}, prefer="wecom")
    settles(empty, "RW-2026-0051", owed("RW-2026-0051", K.REVIEW, "09-14 18:00"))
    empty.until("14:00")
    assert readers(empty.forget()) == ["袁知行"]


def test_a_reader_of_english_is_told_in_english(empty: Bench) -> None:
    empty.says("袁知行", "set lang en")
    empty.forget()
    settles(empty, "RW-2026-0051", owed("RW-2026-0051", K.REVIEW, "09-14 18:00"))
    empty.until("14:00")
    empty.expects_message(
        to="袁知行",
        contains=["[Due soon] RW-2026-0051 “事项51” is due 18:00.", "It is yours; please review: pass it"],
    )


def test_every_kind_reads_well_in_both_stages_and_languages(empty: Bench) -> None:
    """Each message says what, why its reader gets it and what is expected by when."""
    empty.says("顾明远", "设置 语言 en")
    for number, kind in enumerate(K, start=1):
        code = f"XQ-2026-1{number:03}"
        held = [
            replace(owed(code, kind, "09-15 11:00", holder=PersonId(holder)), key=f"{code}/{kind}/{holder}")
            for holder in ("E029", "E002")
        ]
        settles(empty, code, *held)
    empty.until("09-20 12:00")
    said = "\n".join(s.words for s in empty.forget())
    assert not [part for part in ("{", "；。", "，。", "，，") if part in said]


def test_the_timer_of_a_person_is_one(empty: Bench) -> None:
    for number in (51, 52):
        settles(
            empty, f"RW-2026-00{number}", owed(f"RW-2026-00{number}", K.REVIEW, "09-14 20:00", holder=PersonId("E003"))
        )
    empty.until("21:00")
    timers = empty.read(lambda uow: [t for t in uow.timers.upcoming(limit=100) if t.kind is TimerKind.REMINDERS])
    assert sorted(t.ref for t in timers) == ["E003", "E018"]
