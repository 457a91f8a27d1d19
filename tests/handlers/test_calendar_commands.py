"""`/日历`: what a date is, and what becomes of deadlines when it changes (domain.md 5.3; L-15, P-64; EC-20, EC-21, EC-26 to EC-28)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from bot.company import CompanyFile, read_company, sample_text
from bot.domain.obligation import Obligation, ObligationKind
from bot.domain.reply_clock import ClockState
from bot.domain.timers import TimerKind
from bot.errors import ConfigError
from bot.ports import UnitOfWork
from handlers.company import calendar_changes
from tests.handlers.bench import Bench, sample_company
from tests.handlers.shown import BEIJING

NOTICE_2027 = """date,kind,name
2027-01-01,放假,元旦
2027-02-05,放假,春节
2027-02-06,放假,春节
2027-02-07,放假,春节
2027-02-08,放假,春节
2027-02-09,放假,春节
2027-02-10,放假,春节
2027-02-11,放假,春节
2027-02-12,放假,春节
2027-01-31,上班,春节
2027-02-20,上班,春节
""".encode()


def at(text: str) -> datetime:
    """An instant in Beijing, of 2026 unless it says otherwise."""
    return datetime.fromisoformat(text if text.startswith("20") else f"2026-{text}").replace(tzinfo=BEIJING)


def obligation(bench: Bench, code: str) -> Obligation:
    """The open deadline of that code."""
    return next(o for o in bench.read(lambda uow: uow.obligations.find()) if o.code == code)


def owes(bench: Bench, **changes: object) -> None:
    """One more open deadline."""
    due = Obligation(
        key="WT-2026-0044/ISSUE",
        code="WT-2026-0044",
        kind=ObligationKind.ISSUE,
        title="夹具变形",
        due_at=at("11-26 18:00"),
        opened_at=at("11-25 10:00"),
        counted_from=at("11-25 10:00"),
        workdays=1,
    )
    bench.transact(lambda uow: uow.obligations.add(replace(due, **changes)))  # type: ignore[arg-type]


# ---------------------------------------------------------------- what a date is


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        (
            "日历 10-10",
            ["10月10日（周六）上班（调休上班）", "09:00-12:00、13:30-18:00", "下一个工作日：10月12日（周一）"],
        ),
        ("日历 2026-10-01", ["10月1日（周四）休息（国庆节）", "下一个工作日：10月8日（周四）"]),
        ("日历", ["9月14日（周一）上班", "下一个工作日：9月15日（周二）"]),
        ("工作日 明天", ["9月15日（周二）上班"]),
        ("calendar 9-19", ["9月19日（周六）休息（周末）", "下一个工作日：9月20日（周日）"]),
        ("日历 2027-01-04", ["2027年1月4日（周一）上班", "2027 年放假安排尚未导入"]),
        ("日历 9-15 部门:生产", ["生产：08:00-12:00、13:00-17:00"]),
    ],
)
def test_a_date_is_worked_or_not_with_its_hours_and_the_next_working_day(
    bench: Bench, text: str, answer: list[str]
) -> None:
    bench.says("温晓棠", text)
    bench.expects_message(to="温晓棠", contains=answer)
    bench.expects_nothing_more()


def test_ones_own_departments_hours_are_added_where_they_differ(bench: Bench) -> None:
    bench.says("秦书禾", "日历 9-15")
    bench.expects_message(to="秦书禾", contains=["09:00-12:00", "生产：08:00-12:00、13:00-17:00"])


@pytest.mark.parametrize("text", ["日历 2月30日", "日历 乱写的", "日历 2099-01-01", "日历 9-15 部门:外星"])
def test_what_is_no_date_is_said_with_an_example(bench: Bench, text: str) -> None:
    bench.says("温晓棠", text)
    shown = bench.expects_message(to="温晓棠")
    assert "没看懂" in shown.words or "日历只排到" in shown.words
    bench.expects_nothing_more()


# ---------------------------------------------------------------- changing it


def test_a_closure_is_shown_first_with_everything_that_moves_and_done_when_confirmed(bench: Bench) -> None:
    """EC-20, examples 27 and 44."""
    bench.until("11-25 11:50")
    owes(bench)
    bench.says("方景行", "@袁知行 夹具到了吗？", where="X1")
    assert bench.the_clock().due_at == at("11-25 13:50")
    bench.forget()
    bench.until("11-25 11:55")
    bench.says("许安然", "日历 停工 11-25 13:30-18:00 设备检修")
    preview = bench.expects_message(
        to="许安然",
        contains=["将更新日历：11月25日（周三）停工 13:30-18:00（设备检修）", "HF-2026-0001：13:50 →", "日历 确认"],
    )
    assert "WT-2026-0044" not in preview.words
    assert bench.the_clock().due_at == at("11-25 13:50"), "nothing moves before the confirmation"
    bench.says("许安然", "日历 确认")
    bench.expects_message(to="许安然", contains=["✅ 日历已更新", "1 个期限随之调整", "HF-2026-0001"])
    bench.expects_nothing_more()
    assert bench.the_clock().due_at == at("11-26 09:20")
    bench.until("11-25 16:00")
    bench.expects_nothing_more()


def test_a_whole_day_closure_moves_day_based_limits(bench: Bench) -> None:
    """Example 44."""
    bench.until("11-25 11:00")
    owes(bench)
    bench.says("许安然", "日历 停工 11-26")
    bench.expects_message(to="许安然", contains="WT-2026-0044：11月26日（周四）18:00 → 11月27日（周五）18:00")
    bench.says("许安然", "日历 确认")
    assert obligation(bench, "WT-2026-0044").due_at == at("11-27 18:00")


def test_a_date_that_people_fixed_moves_to_the_next_working_day_when_it_is_closed(bench: Bench) -> None:
    bench.until("09:00")
    bench.says("许安然", "日历 停工 9-18")
    bench.says("许安然", "日历 确认")
    assert obligation(bench, "RW-2026-0032").due_at == at("09-20 18:00")
    assert obligation(bench, "RW-2026-0033").due_at == at("09-21 18:00"), "later ones stay"


def test_the_secretary_gets_the_table_when_an_administrator_changed_the_calendar(bench: Bench) -> None:
    bench.until("09:00")
    bench.says("冯思齐", "日历 停工 9-15 停电")
    bench.says("冯思齐", "日历 确认")
    bench.expects_message(
        to="许安然",
        contains=["冯思齐 更新了日历：9月15日（周二）停工（停电）", "RW-2026-0034：9月15日（周二）18:00 →"],
    )


@pytest.mark.parametrize("who", ["温晓棠", "陆怀谷", "顾明远"])
def test_nobody_else_changes_the_calendar(bench: Bench, who: str) -> None:
    """P-64."""
    for text in ("日历 停工 9-15", "日历 确认"):
        bench.says(who, text)
        bench.expects_message(to=who, contains="您没有执行此操作的权限")
    bench.expects_nothing_more()


def test_the_confirmation_is_worth_five_minutes_and_one_state_of_the_calendar(bench: Bench) -> None:
    bench.until("09:00")
    bench.says("许安然", "日历 停工 9-15")
    bench.advance(minutes=6)
    bench.forget()
    bench.says("许安然", "日历 确认")
    bench.expects_message(to="许安然", contains="没有待确认的日历调整")
    bench.says("许安然", "日历 停工 9-15")
    bench.says("冯思齐", "日历 停工 9-16")
    bench.says("冯思齐", "日历 确认")
    bench.forget()
    bench.says("许安然", "日历 确认")
    bench.expects_message(to="许安然", contains="刚被别人改过")
    bench.says("许安然", "日历 9-15")
    bench.expects_message(to="许安然", contains="上班")


def test_a_proposal_can_be_dropped(bench: Bench) -> None:
    bench.until("09:00")
    bench.says("许安然", "日历 停工 9-15")
    bench.says("许安然", "日历 取消")
    bench.forget()
    bench.says("许安然", "日历 确认")
    bench.expects_message(to="许安然", contains="没有待确认的日历调整")


def test_l_15_extra_working_days_and_single_windows_are_put_in_and_taken_out(bench: Bench) -> None:
    bench.until("09:00")
    bench.says("许安然", "日历 上班 9-19 赶工")
    bench.says("许安然", "日历 确认")
    bench.says("许安然", "日历 时段 9-30 9:00-12:00 节前早退")
    bench.says("许安然", "日历 确认")
    bench.forget()
    bench.says("温晓棠", "日历 9-19")
    bench.expects_message(to="温晓棠", contains=["9月19日（周六）上班（赶工）"])
    bench.says("温晓棠", "日历 9-30")
    bench.expects_message(to="温晓棠", contains=["上班（节前早退）：09:00-12:00"], lacks="13:30")
    bench.says("许安然", "日历 恢复 9-19")
    bench.says("许安然", "日历 确认")
    bench.forget()
    bench.says("温晓棠", "日历 9-19")
    bench.expects_message(to="温晓棠", contains="休息（周末）")


def test_a_department_closes_alone(bench: Bench) -> None:
    bench.until("09:00")
    bench.says("许安然", "日历 停工 9-15 部门:生产 设备大修")
    bench.says("许安然", "日历 确认")
    bench.until("09-14 16:45")
    bench.says("方景行", "@秦书禾 样件好了吗？", where="X1")
    assert bench.the_clock().due_at == at("09-16 08:15")
    assert obligation(bench, "RW-2026-0034").due_at == at("09-15 18:00"), "the company works"


def test_several_days_are_one_decision(bench: Bench) -> None:
    bench.until("09:00")
    bench.says("许安然", "日历 停工 9-16 至 9-18 搬迁")
    bench.expects_message(to="许安然", contains="9月16日（周三）至9月18日（周五）停工（搬迁）")
    bench.says("许安然", "日历 确认")
    for code in ("RW-2026-0031", "RW-2026-0032", "RW-2026-0035"):
        assert obligation(bench, code).due_at == at("09-20 18:00")


def test_a_make_up_day_taken_away_makes_nobody_late(bench: Bench) -> None:
    """EC-21: what moves forward leaves at least the next working day."""
    bench.until("09:00")
    bench.says("许安然", "日历 停工 9-15")
    bench.says("许安然", "日历 确认")
    owes(bench, due_at=at("09-16 18:00"), opened_at=at("09-14 09:00"), counted_from=at("09-14 09:00"))
    bench.until("15:00")
    bench.says("许安然", "日历 恢复 9-15")
    bench.says("许安然", "日历 确认")
    assert obligation(bench, "WT-2026-0044").due_at == at("09-15 18:00")


def test_a_breach_that_would_not_have_been_is_listed_and_stays(bench: Bench) -> None:
    """EC-20: only the secretary may waive it."""
    bench.until("10:00")
    bench.says("方景行", "@袁知行 夹具到了吗？", where="X1")
    bench.until("11:00")
    assert bench.the_clock().state is ClockState.BREACHED
    bench.forget()
    bench.says("许安然", "日历 停工 9-14 停电")
    bench.expects_message(to="许安然", contains=["按新日历本不会超时：HF-2026-0001", "免计"])
    bench.says("许安然", "日历 确认")
    bench.expects_message(to="许安然", contains="按新日历本不会超时：HF-2026-0001")
    assert bench.the_clock().state is ClockState.BREACHED


def test_a_change_is_taken_back_within_two_minutes_unless_somebody_changed_it_again(bench: Bench) -> None:
    bench.until("09:00")
    bench.says("许安然", "日历 停工 9-15")
    bench.says("许安然", "日历 确认")
    assert obligation(bench, "RW-2026-0034").due_at == at("09-16 18:00")
    bench.forget()
    bench.says("许安然", "撤销")
    bench.expects_message(to="许安然", contains="已撤销：日历调整")
    bench.says("温晓棠", "日历 9-15")
    bench.expects_message(to="温晓棠", contains="上班")
    bench.says("许安然", "日历 停工 9-16")
    bench.says("许安然", "日历 确认")
    bench.says("冯思齐", "日历 停工 9-17")
    bench.says("冯思齐", "日历 确认")
    bench.forget()
    bench.says("许安然", "撤销")
    bench.expects_message(to="许安然", contains="已有人处理，或此后又有变动，无法撤销")


@pytest.mark.parametrize(
    "text",
    ["日历 停工", "日历 停工 2月30日", "日历 时段 9-15", "日历 时段 9-15 12:00-12:00", "日历 停工 9-15 至 12-15"],
)
def test_an_incomplete_change_gets_an_example_and_changes_nothing(bench: Bench, text: str) -> None:
    bench.says("许安然", text)
    bench.expects_message(to="许安然", contains=["❌ 没看懂", "日历"])
    bench.says("许安然", "日历 确认")
    bench.expects_message(to="许安然", contains="没有待确认的日历调整")


def test_a_change_that_leaves_a_department_without_any_hours_is_refused(bench: Bench) -> None:
    """EC-26."""
    bench.until("17:20")
    bench.says("方景行", "@秦书禾 样件好了吗？", where="X1")
    bench.says("许安然", "日历 停工 9-15 至 10-15 部门:生产")
    bench.expects_message(to="许安然", contains="未来 30 天没有工作时段，无法计算期限")
    bench.says("许安然", "日历 确认")
    bench.expects_message(to="许安然", contains="没有待确认的日历调整")


def test_what_the_calendar_says_already_needs_no_change(bench: Bench) -> None:
    bench.says("许安然", "日历 停工 9-15")
    bench.says("许安然", "日历 确认")
    bench.forget()
    bench.says("许安然", "日历 停工 9-15")
    bench.expects_message(to="许安然", contains="无需调整")


def test_the_change_is_discussed_in_private_when_it_was_asked_for_in_a_group(bench: Bench) -> None:
    bench.says("许安然", "@回音 日历 停工 9-15", where="ALL")
    bench.expects_message(in_chat="ALL", contains="已私信您", lacks="RW-")
    bench.expects_message(to="许安然", contains=["将更新日历", "RW-2026-0034"])


# ---------------------------------------------------------------- a year's official notice


def test_an_official_year_is_imported_without_a_restart_and_everything_follows(bench: Bench) -> None:
    """5.3 items 1 and 5, example 41."""
    owes(bench, due_at=at("2027-02-10 18:00"), counted_from=at("2027-02-03 10:00"), workdays=3, is_provisional=True)
    preview = bench.read(lambda uow: calendar_changes.preview_import(uow, NOTICE_2027))
    assert (preview.year, preview.makeup_days) == (2027, 2)
    bench.until("09:30")
    _, found = bench.within(lambda context: calendar_changes.import_year(context, NOTICE_2027))
    assert [m.code for m in found.moved] == ["WT-2026-0044"]
    moved = obligation(bench, "WT-2026-0044")
    assert (moved.due_at, moved.is_provisional) == (at("2027-02-16 18:00"), False)
    bench.expects_message(
        to="许安然",
        contains=["2027 年放假安排已导入，1 个期限", "WT-2026-0044：2027年2月10日 18:00 → 2027年2月16日 18:00"],
    )
    bench.says("温晓棠", "日历 2027-01-31")
    bench.expects_message(to="温晓棠", contains="上班（调休上班）", lacks="尚未导入")


def test_a_table_with_mistakes_changes_nothing(bench: Bench) -> None:
    before = bench.read(lambda uow: uow.revision("calendar"))
    with pytest.raises(ConfigError):
        bench.within(lambda context: calendar_changes.import_year(context, "2027-02-30,放假,春节\n".encode()))
    assert bench.read(lambda uow: uow.revision("calendar")) == before


def test_from_15_december_on_the_missing_year_is_asked_for_every_working_day() -> None:
    """5.3 item 4, EC-27."""
    bench = Bench(start=at("12-14 08:00"))
    bench.within(bench.wired.arm_recurring)
    bench.until("12-14 09:30")
    assert not [s for s in bench.forget() if "放假安排尚未导入" in s.words]
    for day in ("12-15", "12-16"):
        bench.until(f"{day} 09:30")
        told = {s.reader for s in bench.forget() if "2027 年放假安排尚未导入" in s.words}
        assert told == {"许安然", "高远航", "冯思齐"}
    bench.within(lambda context: calendar_changes.import_year(context, NOTICE_2027))
    bench.until("12-17 09:30")
    assert not [s for s in bench.forget() if "尚未导入" in s.words]
    bench.close()


# ---------------------------------------------------------------- a changed company file


def changed_file(old: str, new: str) -> CompanyFile:
    """The sample company with some text replaced."""
    assert old in sample_text()
    return read_company(sample_text().replace(old, new, 1))


def test_ec_28_new_hours_in_the_company_file_hold_from_tomorrow_and_open_clocks_follow(bench: Bench) -> None:
    """EC-28."""
    bench.until("17:45")
    bench.says("方景行", "@袁知行 夹具到了吗？", where="X1")
    assert bench.the_clock().due_at == at("09-15 09:15")
    file = changed_file('[["09:00", "12:00"], ["13:30", "18:00"]]', '[["08:30", "12:00"], ["13:30", "17:30"]]')
    bench.does(bench.wired.desk.import_company(bench.store, file, now=bench.clock.now()))
    clock = bench.the_clock()
    assert clock.due_at == at("09-15 08:45")
    bench.advance(seconds=1)
    bench.expects_message(to="许安然", contains=["公司档案更新了日历", "HF-2026-0001"])


def test_a_company_file_that_closes_a_department_for_weeks_is_taken_over_and_told(bench: Bench) -> None:
    """EC-26: the program starts nevertheless."""
    bench.until("17:20")
    bench.says("方景行", "@秦书禾 样件好了吗？", where="X1")
    due = bench.the_clock().due_at
    closed = "".join(
        f'[[calendar.override]]\ndate = 2026-{day:%m-%d}\nkind = "closure"\ndepartment = "PROD"\n\n'
        for day in (date(2026, 9, 15) + timedelta(days=i) for i in range(40))
    )
    file = changed_file("[sla]\n", f"{closed}[sla]\n")
    bench.does(bench.wired.desk.import_company(bench.store, file, now=bench.clock.now()))
    assert bench.the_clock().due_at == due
    bench.advance(seconds=1)
    bench.expects_message(to="许安然", contains="未来 30 天没有工作时段：生产")


def test_overrides_and_years_entered_by_command_survive_the_next_import(bench: Bench) -> None:
    bench.until("09:00")
    bench.says("许安然", "日历 停工 9-15")
    bench.says("许安然", "日历 确认")
    bench.within(lambda context: calendar_changes.import_year(context, NOTICE_2027))
    file = changed_file('short_name = "云杉"', 'short_name = "杉"')
    bench.does(bench.wired.desk.import_company(bench.store, file, now=bench.clock.now()))
    calendars = bench.read(lambda uow: bench.wired.world(uow, bench.clock.now()).calendars)
    assert not calendars.is_workday(date(2026, 9, 15))
    assert not calendars.is_provisional(date(2027, 3, 1))


def test_a_new_hour_of_the_digest_moves_its_timer(bench: Bench) -> None:
    bench.within(bench.wired.arm_recurring)
    file = changed_file('digest_at = "08:45"', 'digest_at = "10:15"')
    bench.does(bench.wired.desk.import_company(bench.store, file, now=bench.clock.now()))
    due = [t.due_at for t in bench.read(lambda uow: uow.timers.of("digest")) if t.kind is TimerKind.DIGEST]
    assert due == [at("09-14 10:15")]


def test_the_same_file_again_changes_nothing(bench: Bench) -> None:
    def revisions(uow: UnitOfWork) -> tuple[int, ...]:
        return tuple(uow.revision(name) for name in ("directory", "calendar", "company"))

    before = bench.read(revisions)
    changes = bench.does(bench.wired.desk.import_company(bench.store, sample_company(), now=bench.clock.now()))
    assert changes == ()
    assert bench.read(revisions) == before


def test_a_question_about_several_days_lists_them(bench: Bench) -> None:
    bench.says("何沐晴", "日历 9-30 10-2")
    said = bench.expects_message(to="何沐晴").words.splitlines()
    assert said == [
        "9月30日（周三）上班：09:00-12:00、13:30-18:00",
        "10月1日（周四）休息（国庆节）",
        "10月2日（周五）休息（国庆节）",
    ]
    bench.says("何沐晴", "日历 9-1 9-30")
    assert bench.expects_message(to="何沐晴").words.splitlines()[-1] == "…只列到9月10日（周四）"


def test_a_window_that_crosses_midnight_says_so(bench: Bench) -> None:
    bench.says("许安然", "日历 时段 2026-12-31 22:00-06:00")
    bench.expects_message(to="许安然", contains="时段 22:00-次日06:00。没有期限会变动。")
    bench.says("许安然", "日历 确认")
    bench.expects_message(to="许安然", contains="时段 22:00-次日06:00。没有期限变动。")
