"""Taking over a company file, and what follows from it (domain.md EC-09, EC-49, EC-50, EC-53; L-22; design.md 3)."""

from __future__ import annotations

import pytest

from bot.company import Change, CompanyFile, read_company, sample_text
from bot.domain.group import GroupState
from bot.domain.ids import CodeKind
from bot.domain.reply_clock import ClockState
from bot.errors import ConfigError
from tests.handlers.bench import Bench, sample_company


def imports(bench: Bench, *changes: tuple[str, str]) -> tuple[Change, ...]:
    """The company file with some text replaced is taken over."""
    text = sample_text()
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return takes_over(bench, read_company(text))


def takes_over(bench: Bench, file: CompanyFile) -> tuple[Change, ...]:
    """The file is taken over by the running program."""
    return bench.does(bench.wired.desk.import_company(bench.store, file, now=bench.clock.now()))


def section(code: str) -> str:
    """The `[[person]]` table of a person in the sample file."""
    text = sample_text()
    start = text.rindex("[[person]]", 0, text.index(f'id = "{code}"'))
    end = text.find("[[", start + 2)
    return text[start:end]


#: 贺云深 is liaison of the quality department now, 袁知行 is not any more
SWAPPED = (
    (section("E029"), section("E029").replace('"LIA", ', "")),
    (section("E030"), section("E030").replace('"LIB"', '"LIA"')),
)
#: 柳青原 is gone, and so is the only mention of him
GONE = ((section("E006"), ""), ('owner = "E006"', 'owner = "E004"'))


def test_a_new_store_gets_people_items_deadlines_and_numbers(bench: Bench) -> None:
    file = sample_company()
    assert len(bench.read(lambda uow: uow.people.find())) == len(file.people)
    codes = {o.code: o for o in bench.read(lambda uow: uow.obligations.find())}
    assert set(codes) == {*(t.code for t in file.tasks), "WT-2026-0011", "JY-2026-0027"}
    assert (codes["JY-2026-0027"].workdays, codes["WT-2026-0011"].workdays) == (1, 1)
    assert codes["RW-2026-0032"].workdays == 0, "people fixed that date"
    assert bench.transact(lambda uow: uow.sequences.next(CodeKind.ISSUE, 2026)) == 12


def test_running_clocks_go_to_a_new_liaison_with_their_old_due_time(bench: Bench) -> None:
    """3.12: the deadline stays, the responsibility moves."""
    bench.until("09:00")
    bench.says("方景行", "@袁知行 夹具到了吗？", where="X1")
    due = bench.the_clock().due_at
    changes = imports(bench, *SWAPPED)
    assert {c.key for c in changes} == {"E029", "E030"}
    clock = bench.the_clock()
    assert (clock.acting, clock.due_at, clock.state) == ("E030", due, ClockState.RUNNING)


def test_groups_are_looked_at_again_and_a_former_liaison_may_stay_for_five_working_days(bench: Bench) -> None:
    bench.within(bench.wired.arm_recurring)
    imports(bench, *SWAPPED)
    bench.advance(seconds=10)
    group = bench.read(lambda uow: uow.groups.get("G-X1"))
    assert group is not None
    assert (group.state, group.outsiders) == (GroupState.COMPLIANT, ())
    bench.until("09-20 09:10")
    group = bench.read(lambda uow: uow.groups.get("G-X1"))
    assert group is not None
    assert group.state is GroupState.COMPLIANT, "Friday was the fourth, the make-up Sunday is the fifth working day"
    bench.forget()
    bench.until("09-21 09:10")
    bench.expects_message(to="温晓棠", contains="非本事项成员：袁知行（质量）")


def test_ec_53_somebody_who_is_in_the_file_no_more_leaves_and_is_told_to_whoever_takes_over(bench: Bench) -> None:
    bench.until("09:00")
    changes = imports(bench, *GONE)
    assert any(c.field == "holds" and "RW-2026-0031" in c.before for c in changes)
    task = bench.read(lambda uow: uow.obligations.find(code="RW-2026-0031"))[0]
    assert task.holder == "E004"
    bench.advance(seconds=1)
    bench.expects_message(to="秦书禾", contains=["柳青原 已离职", "RW-2026-0031"])
    bench.expects_message(to="许安然", contains="柳青原 已离职")


def test_seed_objects_come_once_whatever_became_of_them(bench: Bench) -> None:
    bench.transact(lambda uow: uow.obligations.remove("RW-2026-0031/任务"))
    imports(bench, ('short_name = "云杉"', 'short_name = "杉"'))
    assert bench.read(lambda uow: uow.obligations.find(code="RW-2026-0031")) == []


def test_accounts_that_only_the_address_book_knows_survive(bench: Bench) -> None:
    text = section("E011")
    line = next(part for part in text.splitlines() if part.startswith("accounts"))
    imports(bench, (text, text.replace(line + "\n", "")))
    assert bench.person("何沐晴").accounts["feishu"]


def test_a_group_follows_the_file_and_keeps_what_is_known_of_it(bench: Bench) -> None:
    bench.until("09:00")
    bench.says("温晓棠", "查群 SX-7")
    imports(bench, ('name = "X1试产协作专项群"', 'name = "X1攻坚群"'))
    group = bench.read(lambda uow: uow.groups.get("G-X1"))
    assert group is not None
    assert (group.name, group.state) == ("X1攻坚群", GroupState.COMPLIANT)


def test_a_preview_says_what_would_change_and_changes_nothing(bench: Bench) -> None:
    file = read_company(sample_text().replace(*GONE[0]).replace(*GONE[1]))
    changes = bench.does(bench.wired.desk.preview_company(bench.store, file))
    assert [str(c)[0] for c in changes] == ["-", "!"]
    assert bench.person("柳青原").is_active


def test_ec_48_a_merged_departments_open_matters_move_and_its_name_stays_in_history(bench: Bench) -> None:
    """EC-48: the people of quality belong to production now."""
    bench.until("09:00")
    bench.says("方景行", "@袁知行 夹具到了吗？", where="X1")
    due = bench.the_clock().due_at
    people = [(section(code), section(code).replace('dept = "QA"', 'dept = "PROD"')) for code in ("E029", "E030")]
    head = section("E028")
    department = 'id = "QA"\nname = "质量部"\nshort = "质量"\nhead = "E028"\n'
    imports(
        bench,
        *people,
        (head, head.replace('dept = "QA"', 'dept = "PROD"').replace('"DEP", ', "")),
        (department, department.replace('head = "E028"', 'merged_into = "PROD"')),
    )
    clock = bench.the_clock()
    assert (clock.department, clock.due_at) == ("PROD", due)
    assert clock.acting is not None
    item = bench.read(lambda uow: uow.items.get("SX-2026-0007"))
    assert item is not None
    assert item.coop == ("PROD", "SALES")
    assert bench.read(lambda uow: uow.obligations.find(code="RW-2026-0032"))[0].department == "PROD"
    old = bench.read(lambda uow: uow.departments.get("QA"))
    assert old is not None
    assert (old.is_active, old.name) == (False, "质量部")
    bench.forget()
    bench.says("柳青原", "组织")
    bench.expects_message(to="柳青原", contains="生产：", lacks="质量：")


@pytest.mark.parametrize(("target", "problem"), [("PROD", "person[E028].dept"), ("NOWHERE", "merged_into")])
def test_a_merger_needs_a_living_target_and_nobody_left_behind(target: str, problem: str) -> None:
    text = sample_text().replace('head = "E028"', f'merged_into = "{target}"', 1)
    with pytest.raises(ConfigError) as refused:
        read_company(text)
    assert any(problem in p.key for p in refused.value.problems)
