"""Which days and hours are worked: precedence, overrides, other zones and countries, versions, provisional years."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest

from bot.calendars import build_calendars, calendar_data_from_company
from bot.domain.calendar import CalendarData, Calendars, HoursVersion, Override, OverrideKind
from bot.domain.calendar_change import changed_days, succeeding, with_overrides, with_year, without_override
from bot.domain.ids import DepartmentId, PersonId
from bot.errors import RuleViolation
from tests.domain.calendar_cases import (
    PRODUCTION,
    SALES,
    at,
    day,
    department,
    official_2026,
    person,
    provisional_2027,
    shown,
)

PLAIN = provisional_2027()
AFTERNOON = (("13:30", "18:00"),)


def changed(*overrides: Override) -> Calendars:
    return Calendars(with_overrides(PLAIN.data, overrides))


def override(
    date: str, kind: str, *windows: tuple[str, str], name: str = "", only: DepartmentId | None = None
) -> Override:
    return Override(date=day(date), kind=OverrideKind(kind), windows=windows, name=name, department=only)


@pytest.mark.parametrize(
    ("date", "is_workday", "name"),
    [
        ("2026-11-23", True, ""),
        ("2026-11-28", False, "周末"),
        ("2026-10-01", False, "国庆节"),
        ("2026-10-03", False, "国庆节"),
        ("2026-10-10", True, "调休上班"),
        ("2026-02-16", False, "春节"),
        ("2027-02-05", False, "春节"),
        ("2027-02-09", True, ""),
        ("2027-05-03", True, ""),
        ("2027-10-03", False, "国庆节"),
    ],
)
def test_a_date_is_what_the_notice_says_then_what_its_weekday_says(date: str, is_workday: bool, name: str) -> None:
    assert (PLAIN.is_workday(day(date)), PLAIN.day_name(day(date))) == (is_workday, name)


def test_l_15_a_company_override_beats_the_notice_in_both_directions() -> None:
    calendars = changed(
        override("2026-10-10", "closure", name="设备检修"), override("2026-10-05", "workday", name="赶工")
    )
    assert (calendars.is_workday(day("2026-10-10")), calendars.day_name(day("2026-10-10"))) == (False, "设备检修")
    assert calendars.windows_on(day("2026-10-05")) == (("09:00", "12:00"), ("13:30", "18:00"))
    assert calendars.windows_on(day("2026-10-05"), PRODUCTION) == (("08:00", "12:00"), ("13:00", "17:00"))
    assert shown(calendars.company.add(at("2026-09-30 17:50"), 30)) == "2026-10-05 09:20"
    assert shown(calendars.company.add(at("2026-10-09 17:50"), 30)) == "2026-10-12 09:20"


def test_l_12_l_15_a_half_day_closure_closes_those_hours_and_an_early_close_ends_the_day_early() -> None:
    calendars = changed(
        override("2026-11-25", "closure", *AFTERNOON, name="停电"),
        override("2026-09-30", "windows", ("09:00", "12:00"), ("13:30", "15:30"), name="节前"),
    )
    assert calendars.windows_on(day("2026-11-25")) == (("09:00", "12:00"),)
    assert calendars.windows_on(day("2026-11-25"), PRODUCTION) == (("08:00", "12:00"), ("13:00", "13:30"))
    assert calendars.is_workday(day("2026-11-25"))
    assert shown(calendars.end_of_day(day("2026-09-30"))) == "2026-09-30 15:30"
    assert shown(calendars.add_workdays(at("2026-09-29 10:00"), 1)) == "2026-09-30 15:30"


def test_closed_hours_that_cover_all_hours_make_a_day_off_and_on_a_day_off_change_nothing() -> None:
    calendars = changed(
        override("2026-11-25", "closure", ("08:00", "18:00")), override("2026-11-28", "closure", *AFTERNOON)
    )
    assert (calendars.is_workday(day("2026-11-25")), calendars.day_name(day("2026-11-25"))) == (False, "停工")
    assert not calendars.is_workday(day("2026-11-28"))


def test_l_15_an_override_of_one_department_leaves_the_others_alone_and_beats_the_company_override() -> None:
    calendars = changed(
        override("2026-11-26", "closure", name="盘点", only=PRODUCTION),
        override("2026-11-27", "closure", name="全厂停工"),
        override("2026-11-27", "workday", only=PRODUCTION),
    )
    start = at("2026-11-25 17:50")
    assert shown(calendars.of_department(PRODUCTION).add(start, 30)) == "2026-11-27 08:30"
    assert shown(calendars.of_department(SALES).add(start, 30)) == "2026-11-26 09:20"
    assert calendars.is_workday(day("2026-11-26"))
    assert not calendars.is_workday(day("2026-11-27"))
    assert calendars.windows_on(day("2026-11-27"), PRODUCTION)


def test_a_18_hours_that_nobody_stated_are_nine_to_twelve_and_half_past_one_to_six_in_beijing() -> None:
    silent = Calendars(CalendarData())
    assert silent.data.timezone == "Asia/Shanghai"
    assert silent.windows_on(day("2026-11-23")) == (("09:00", "12:00"), ("13:30", "18:00"))
    assert [silent.is_workday(day(f"2026-11-{n}")) for n in range(23, 30)] == [True] * 5 + [False] * 2
    assert silent.windows_on(day("2026-11-28")) == ()


def test_departments_that_work_the_same_hours_share_them() -> None:
    departments = (department("A"), department("B"), department("C", windows=(("08:00", "16:00"),)))
    calendars = build_calendars(official_2026(*departments))
    hours = [calendars.of_department(d.id) for d in departments]
    assert hours[0] is hours[1] is calendars.company
    assert hours[2] is not hours[0]


def test_a_persons_own_windows_beat_those_of_the_department() -> None:
    early = person("E1", PRODUCTION, ("06:00", "10:00"))
    assert shown(PLAIN.of_person(early).next_notice_time(at("2026-11-23 10:30"))) == "2026-11-24 06:00"
    assert PLAIN.of_person(person("E2", PRODUCTION)) is PLAIN.of_department(PRODUCTION)
    stored = Calendars(replace(PLAIN.data, people={"E3": (("10:00", "11:00"),)}))
    assert not stored.of_person(person("E3", SALES)).is_working(at("2026-11-23 09:30"))


def test_l_13_a_window_over_midnight_belongs_to_the_date_on_which_it_begins() -> None:
    night = department("NIGHT", windows=(("22:00", "06:00"),))
    hours = build_calendars(official_2026(night)).of_department(night.id)
    assert shown(hours.add(at("2026-11-23 23:50"), 30)) == "2026-11-24 00:20"
    assert hours.is_working(at("2026-11-28 05:59"))
    assert not hours.is_working(at("2026-11-30 05:00"))
    assert shown(hours.add(at("2026-11-28 05:50"), 30)) == "2026-11-30 22:20"


def test_l_13_an_end_at_twenty_four_is_the_end_of_the_day() -> None:
    late = department("LATE", windows=(("16:00", "24:00"),))
    hours = build_calendars(official_2026(late)).of_department(late.id)
    assert shown(hours.add(at("2026-11-23 23:50"), 30)) == "2026-11-24 16:20"


def test_l_14_a_department_abroad_counts_in_its_zone_with_its_countrys_days_while_days_stay_the_companys() -> None:
    branch = department("NY", timezone="America/New_York", calendar="US")
    calendars = build_calendars(official_2026(branch))
    zone, hours = ZoneInfo("America/New_York"), calendars.of_department(branch.id)
    assert shown(hours.add(at("2026-11-25 17:50", zone), 30), zone) == "2026-11-27 09:20"  # Thanksgiving between
    assert calendars.plan(day("2026-11-26"), branch.id).name == "Thanksgiving Day"
    assert hours.is_working(at("2026-10-02 10:00", zone))  # not a holiday there
    assert calendars.zone_of(branch.id) == zone
    assert shown(calendars.add_workdays(at("2026-11-25 10:00"), 1)) == "2026-11-26 18:00"
    changed_over = hours.add(at("2026-10-30 17:50", zone), 30)
    assert shown(changed_over, zone) == "2026-11-02 09:20"


def test_a_country_has_its_own_weekend_and_its_own_make_up_days() -> None:
    riyadh, budapest = department("SA", calendar="SA"), department("HU", calendar="HU")
    calendars = build_calendars(official_2026(riyadh, budapest))
    friday, sunday = day("2026-11-27"), day("2026-11-29")
    assert [calendars.plan(d, riyadh.id).is_workday for d in (friday, sunday)] == [False, True]
    assert [calendars.plan(day(d), budapest.id).is_workday for d in ("2026-08-08", "2026-08-15")] == [True, False]


def test_ec_29_a_liaison_elsewhere_follows_the_companys_time_unless_the_department_has_a_zone() -> None:
    assert PLAIN.zone_of(SALES) == PLAIN.zone == PLAIN.of_department(SALES).zone


def test_new_hours_hold_from_their_date_and_older_dates_keep_theirs() -> None:
    data = official_2026(hours=[{"from": day("2026-12-01"), "windows": [["08:30", "12:00"], ["13:00", "17:30"]]}])
    calendars = build_calendars(data)
    assert calendars.windows_on(day("2026-11-30"))[0] == ("09:00", "12:00")
    assert calendars.windows_on(day("2026-12-01"))[0] == ("08:30", "12:00")
    assert shown(calendars.company.add(at("2026-11-30 17:50"), 30)) == "2026-12-01 08:50"
    assert shown(calendars.end_of_day(day("2026-12-01"))) == "2026-12-01 17:30"


def test_a_company_that_works_on_saturdays_says_so_from_a_date_on() -> None:
    calendars = build_calendars(official_2026(hours=[{"from": day("2026-11-02"), "workdays": [1, 2, 3, 4, 5, 6]}]))
    assert [calendars.is_workday(day(d)) for d in ("2026-10-31", "2026-11-07", "2026-11-08")] == [False, True, False]


def test_ec_28_hours_changed_at_midday_hold_from_the_next_day() -> None:
    before = official_2026()
    new = official_2026(department("PROD", windows=(("07:00", "15:00"),)), windows=[["08:00", "16:00"]])
    after = build_calendars(succeeding(before, new, today=day("2026-11-25")))
    assert [after.windows_on(day(d))[0][0] for d in ("2026-11-25", "2026-11-26")] == ["09:00", "08:00"]
    assert [after.windows_on(day(d), PRODUCTION)[0][0] for d in ("2026-11-25", "2026-11-26")] == ["08:00", "07:00"]
    assert shown(after.company.add(at("2026-11-25 17:50"), 30)) == "2026-11-26 08:20"


def test_the_same_company_file_again_changes_nothing() -> None:
    before = official_2026()
    assert succeeding(before, official_2026(), today=day("2026-11-25")) == before
    once = succeeding(before, official_2026(windows=[["08:00", "16:00"]]), today=day("2026-11-25"))
    again = succeeding(once, official_2026(windows=[["08:00", "16:00"]]), today=day("2026-11-26"))
    assert again == once
    back = build_calendars(succeeding(once, official_2026(), today=day("2026-12-01")))
    assert [back.windows_on(day(d))[0][0] for d in ("2026-11-25", "2026-12-01", "2026-12-02")] == [
        "09:00",
        "08:00",
        "09:00",
    ]


def test_a_department_that_gives_up_its_own_hours_follows_the_company_from_the_next_day() -> None:
    after = build_calendars(succeeding(official_2026(), official_2026(SALES_ONLY), today=day("2026-11-25")))
    assert [after.windows_on(day(d), PRODUCTION)[0][0] for d in ("2026-11-25", "2026-11-26")] == ["08:00", "09:00"]


SALES_ONLY = department("SALES")


def test_a_new_company_file_keeps_years_and_closures_entered_by_command() -> None:
    entered = with_overrides(with_year(official_2026(), 2027, ()), [override("2026-12-24", "closure")])
    after = succeeding(entered, official_2026(), today=day("2026-11-25"))
    assert after.imported_years == (2026, 2027)
    assert [o.date for o in after.overrides] == [day("2026-12-24")]


def test_an_override_can_be_taken_back() -> None:
    data = with_overrides(official_2026(), [override("2026-11-26", "closure")])
    assert without_override(data, day("2026-11-26")) == official_2026()


def test_a_later_override_of_the_same_date_replaces_the_earlier_one() -> None:
    data = with_overrides(official_2026(), [override("2026-11-26", "closure"), override("2026-11-26", "workday")])
    assert [o.kind for o in data.overrides] == [OverrideKind.WORKDAY]


def test_changed_days_are_listed_with_what_was_and_what_will_be() -> None:
    after = changed(override("2026-11-26", "closure", name="停电"), override("2026-11-28", "workday"))
    changes = changed_days(PLAIN, after, first=day("2026-11-01"), last=day("2026-11-30"))
    assert [(str(c.day), bool(c.before.hours), bool(c.after.hours)) for c in changes] == [
        ("2026-11-26", True, False),
        ("2026-11-28", False, True),
    ]


def test_a_deadline_in_a_year_without_notice_is_provisional_in_january_as_in_december() -> None:
    assert not PLAIN.is_provisional(at("2026-12-31 23:59:59"))
    assert PLAIN.is_provisional(at("2027-01-01 00:00"))
    assert PLAIN.is_provisional(day("2027-12-31"))
    assert not Calendars(with_year(PLAIN.data, 2027, ())).is_provisional(day("2027-06-01"))


@pytest.mark.parametrize(
    ("date", "missing"),
    [("2026-12-14", None), ("2026-12-15", 2027), ("2026-12-31", 2027), ("2027-01-04", 2027), ("2026-06-01", None)],
)
def test_a_missing_year_is_asked_for_from_the_middle_of_december_on(date: str, missing: int | None) -> None:
    assert PLAIN.missing_year(day(date)) == missing


def test_the_version_names_the_state_of_the_calendar_and_differs_when_it_differs() -> None:
    versions = {
        PLAIN.version,
        changed(override("2026-11-26", "closure")).version,
        changed(override("2026-11-27", "closure")).version,
        Calendars(replace(PLAIN.data, hours=(HoursVersion(windows=(("08:00", "16:00"),)),))).version,
        Calendars(with_year(PLAIN.data, 2027, ())).version,
    }
    assert len(versions) == 5
    assert PLAIN.version.startswith("2026+0/")
    assert PLAIN.company.version == PLAIN.version


def test_working_days_are_stepped_over_holidays_in_both_directions() -> None:
    assert PLAIN.next_workday(day("2026-09-30")) == day("2026-10-08")
    assert PLAIN.previous_workday(day("2026-10-08")) == day("2026-09-30")
    assert PLAIN.sub_workdays(day("2026-10-09"), 2) == day("2026-09-30")
    assert PLAIN.workdays_between(day("2026-09-30"), day("2026-10-10")) == 3
    assert PLAIN.workdays_between(day("2026-10-10"), day("2026-09-30")) == 0
    assert PLAIN.first_workday_of_month(2026, 10) == day("2026-10-08")
    assert PLAIN.first_workday_of_month(2026, 11) == day("2026-11-02")
    assert PLAIN.last_workday_of_week(2026, 40) == day("2026-09-30")
    assert Calendars(with_year(PLAIN.data, 2026, ())).last_workday_of_week(2026, 40) == day("2026-10-02")


def test_same_time_mode_keeps_the_clock_time_and_moves_into_the_next_window() -> None:
    assert shown(PLAIN.add_workdays_same_time(at("2026-11-24 10:15"), 1)) == "2026-11-25 10:15"
    assert shown(PLAIN.add_workdays_same_time(at("2026-11-24 12:15"), 1)) == "2026-11-25 13:30"
    assert shown(PLAIN.add_workdays_same_time(at("2026-11-27 20:00"), 1)) == "2026-12-01 09:00"


def test_the_end_of_a_day_off_is_where_its_usual_windows_would_end() -> None:
    assert shown(PLAIN.end_of_day(day("2026-10-01"))) == "2026-10-01 18:00"
    assert shown(PLAIN.start_of_day(day("2026-10-08"))) == "2026-10-08 09:00"


def test_a_company_without_any_working_day_in_a_year_is_told_so() -> None:
    closures = [Override(date=day("2026-11-24") + timedelta(days=n), kind=OverrideKind.CLOSURE) for n in range(400)]
    with pytest.raises(RuleViolation):
        changed(*closures).next_workday(day("2026-11-24"))


def test_a_calendar_survives_being_stored_as_json() -> None:
    data = with_overrides(
        official_2026(department("NY", timezone="America/New_York", calendar="US"), *[department("PROD")]),
        [override("2026-11-25", "closure", *AFTERNOON, name="停电", only=PRODUCTION)],
    )
    data = replace(data, people={"E1": (("22:00", "06:00"),)})
    assert msgspec.json.decode(msgspec.json.encode(data), type=CalendarData) == data


def test_the_layout_follows_the_present_year_and_brings_its_statutory_days() -> None:
    later = build_calendars(official_2026(department("NY", calendar="US")), year=2031)
    assert (later.data.first_year, later.data.last_year) == (2030, 2035)
    assert later.plan(day("2033-10-01")).name == "国庆节"
    assert later.plan(day("2033-07-04"), DepartmentId("NY")).name == "Independence Day"
    assert shown(later.company.add(at("2035-01-04 10:00"), 30)) == "2035-01-04 10:30"


def test_the_sample_hours_of_the_plan_stand_where_nothing_is_said() -> None:
    assert Calendars(calendar_data_from_company({}, (), ())).windows_on(day("2026-11-24")) == (
        ("09:00", "12:00"),
        ("13:30", "18:00"),
    )


def test_the_version_of_a_calendar_differs_when_working_time_does_and_not_for_who_entered_it() -> None:
    data = official_2026(department("US", calendar="US"))
    abroad = replace(data.countries["US"], off={day("2026-11-26"): "Thanksgiving"})
    versions = {
        data.version,
        replace(data, countries={**data.countries, "US": abroad}).version,
        replace(data, statutory={day("2028-01-01"): "元旦"}).version,
        with_overrides(data, [override("2026-11-25", "closure")]).version,
        replace(data, timezone="Asia/Tokyo").version,
    }
    assert len(versions) == 5
    closed, by_somebody = (replace(override("2026-11-25", "closure"), by=by) for by in (None, PersonId("secretary")))
    assert with_overrides(data, [closed]).version == with_overrides(data, [by_somebody]).version
