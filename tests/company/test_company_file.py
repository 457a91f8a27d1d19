"""Reading a company file: the sample as it is, and every single thing that can be wrong with it (2.1, 5.9; R-11, EC-54, EC-56)."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import pytest

from bot.company import read_company, read_company_file, sample_text, skeleton_text
from bot.domain.directory import DepartmentKind, Role
from bot.domain.group import GroupPurpose, GroupState
from bot.domain.ids import CodeKind, DepartmentId, PersonId
from bot.errors import ConfigError
from tests.company.company_text import (
    SAMPLE,
    SMALL,
    WEEK,
    Path_,
    at_path,
    changed,
    kinds,
    problems,
    read,
    tables,
    text_of,
)

# ---------------------------------------------------------------- what is right


def test_the_sample_is_a_company_of_thirty_people_in_nine_departments() -> None:
    file = read_company(sample_text())
    assert (len(file.people), len(file.departments), len(file.groups), len(file.items)) == (30, 9, 2, 2)
    assert file.warnings == ()
    assert file.directory.shared_accounts() == ()
    leader = file.directory.holders(Role.LEADER)
    assert [p.name for p in leader] == ["顾明远"]
    assert file.company.keeper == "ADMIN"
    assert file.company.is_key_item("SX-2026-0007")
    assert file.sequences[CodeKind("XQ")] == 15
    executive = file.directory.department(DepartmentId("GMO"))
    assert executive is not None
    assert executive.kind is DepartmentKind.EXECUTIVE


def test_the_week_of_the_fixtures_is_read_as_it_is() -> None:
    """The fixture is the acceptance week; a change of the reader must not need a change of it."""
    text = WEEK.read_text(encoding="utf-8")
    file = read_company_file(WEEK)
    assert file.digest == hashlib.sha256(text.encode()).hexdigest()
    assert [(t.code, t.owner, t.progress) for t in file.tasks][:2] == [
        ("RW-2026-0031", "E006", 40),
        ("RW-2026-0032", "E029", 50),
    ]
    assert [i.code for i in file.issues] == ["WT-2026-0011"]
    assert [m.minutes for m in file.meetings] == ["JY-2026-0027"]
    assert file.company.primary_platform == "wecom"
    assert file.groups[0].state is GroupState.CHECKING
    assert [g.purpose for g in file.groups] == [GroupPurpose.DEDICATED] * 2 + [GroupPurpose.CROSS_DEPARTMENT]


def test_sample_and_week_differ_in_accounts_platforms_and_groups_only() -> None:
    sample, week = read_company(sample_text()), read_company_file(WEEK)
    assert [(p.id, p.name, p.roles, p.department) for p in sample.people] == [
        (p.id, p.name, p.roles, p.department) for p in week.people
    ]
    assert (sample.departments, sample.items, sample.tasks, sample.company.parameters) == (
        week.departments,
        week.items,
        week.tasks,
        week.company.parameters,
    )


def test_the_skeleton_is_a_company_that_can_start() -> None:
    file = read_company(skeleton_text())
    assert [p.accounts for p in file.people] == [{}, {}, {}]
    assert file.company.keeper == "ADMIN"
    assert file.warnings == ()


def test_the_smallest_file_takes_every_default() -> None:
    file = read(SMALL)
    assert file.company.timezone == "Asia/Shanghai"
    assert file.company.parameters.sla_reply_minutes == 30
    assert file.company.short_name == "示例"


def test_a_file_written_by_notepad_with_a_mark_at_its_beginning_is_read(tmp_path: Path) -> None:
    path = tmp_path / "company.toml"
    path.write_text(skeleton_text(), encoding="utf-8-sig")
    assert len(read_company_file(path).people) == 3


@pytest.mark.parametrize(
    ("content", "key"), [(b"\xff\xfe\x00", "company.toml"), (None, "company.toml"), (b"schema = ", "company.toml")]
)
def test_a_file_that_cannot_be_read_at_all_is_named(tmp_path: Path, content: bytes | None, key: str) -> None:
    path = tmp_path / "company.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigError) as refused:
        read_company_file(path)
    (problem,) = refused.value.problems
    assert key in problem.key
    assert problem.fix


# ---------------------------------------------------------------- every key

KINDS = kinds()


def of_another_kind(value: object) -> object:
    """A value that this key cannot have."""
    return 7.5 if isinstance(value, str | list) else "seven"


@pytest.mark.parametrize("name", sorted(KINDS))
def test_a_wrong_value_of_any_key_is_named_with_what_was_expected_and_how_to_mend_it(name: str) -> None:
    path = KINDS[name]
    wrong = of_another_kind(at_path(SAMPLE, path))
    found = problems(changed(SAMPLE, path, wrong))
    # what platforms are called is the file's own matter: a wrong account is told by its table
    key = "accounts" if "accounts" in path else str(path[-1])
    mine = [p for p in found if key in p.key]
    assert mine, [p.key for p in found]
    assert all(p.expected and p.fix for p in found)
    assert any(str(wrong) in p.value for p in mine)


TABLES = tables()


@pytest.mark.parametrize("name", sorted({*TABLES, ""} - {"person.accounts"}))
def test_an_unknown_key_of_any_table_is_named(name: str) -> None:
    path: Path_ = (*TABLES.get(name, ()), "frobnicate")
    found = problems(changed(SAMPLE, path, 1))
    assert [p.key for p in found if "frobnicate" in p.key], [p.key for p in found]


def test_a_misspelt_key_gets_the_nearest_known_one() -> None:
    (problem,) = problems(changed(SMALL, ("sla", "reply_minuts"), 20))
    assert problem.key == "sla.reply_minuts"
    assert "reply_minutes" in problem.fix


# ---------------------------------------------------------------- names that must exist

WRONG: dict[str, tuple[Path_, object, str]] = {
    "schema": (("schema",), 2, "schema"),
    "no company name": (("company", "name"), " ", "company.name"),
    "zone": (("company", "timezone"), "Asia/Shangri-La", "company.timezone"),
    "zone of a department": (("department", 1, "timezone"), "Mars", "department[PROD].timezone"),
    "department of a person": (("person", 0, "dept"), "GM0", "person[E001].dept"),
    "role": (("person", 0, "roles"), ["BOSS"], "person[E001].roles"),
    "platform of an account": (("person", 0, "accounts"), {"fieshu": "ou"}, "person[E001].accounts"),
    "preferred platform": (("person", 0, "prefer"), "fieshu", "person[E001].accounts"),
    "unknown head": (("department", 1, "head"), "E099", "department[PROD].head"),
    "head of another department": (("department", 1, "head"), "E008", "department[PROD].head"),
    "two heads": (("person", 3, "roles"), ["DEP"], "department[PROD].head"),
    "unknown acting head": (("department", 1, "acting_head"), "E099", "department[PROD].acting_head"),
    "kind": (("department", 0, "kind"), "office", "department[GMO].kind"),
    "windows": (("department", 1, "windows"), [["8", "12"]], "department[PROD].windows"),
    "no leader": (("person", 1, "roles"), ["EMP"], "roles LDR"),
    "two leaders": (("person", 0, "roles"), ["LDR"], "roles LDR"),
    "two secretaries": (("person", 18, "roles"), ["SEC"], "roles SEC"),
    "two deputies": (("person", 18, "roles"), ["SED"], "roles SED"),
    "two alternates": (("person", 2, "roles"), ["ALT", "DEP"], "roles ALT"),
    "EC-54 one account of two people": (("person", 1, "accounts"), {"wecom": "ys-e001"}, "accounts"),
    "one id twice": (("person", 1, "id"), "E001", "person"),
    "one department twice": (("department", 2, "id"), "PROD", "department"),
    "one department name twice": (("department", 2, "name"), "生产部", "department name"),
    "platform": (("platforms", "enabled"), ["slack"], "platforms.enabled"),
    "platform of a group": (("group", 0, "platform"), "slack", "group[G-X1].platform"),
    "member of a group": (("group", 0, "members"), ["E099"], "group[G-X1].members"),
    "item of a group": (("group", 0, "item"), "SX-2026-0099", "group[G-X1].item"),
    "group twice": (("group", 1, "id"), "G-X1", "group"),
    "a group for a confidential item": (("seed", "item", 0, "secrecy"), 2, "group[G-X1].item"),
    "level of secrecy": (("seed", "item", 0, "secrecy"), 3, "seed.item[SX-2026-0007].secrecy"),
    "lead that cooperates": (("seed", "item", 0, "coop"), ["RD"], "seed.item[SX-2026-0007].coop"),
    "owner of a task": (("seed", "task", 0, "owner"), "E099", "seed.task[RW-2026-0031].owner"),
    "item of a task": (("seed", "task", 0, "item"), "SX-2026-0099", "seed.task[RW-2026-0031].item"),
    "progress": (("seed", "task", 0, "progress"), 101, "seed.task[RW-2026-0031].progress"),
    "an instant without offset": (("seed", "task", 0, "due"), date(2026, 9, 16), "seed.task[RW-2026-0031].due"),
    "one code twice": (("seed", "task", 1, "id"), "RW-2026-0031", "seed"),
    "keeper": (("roles", "admin_department"), "OFFICE", "roles.admin_department"),
    "deputy": (("roles", "secretary_deputy"), "E099", "roles.secretary_deputy"),
    "sequence of 0": (("sequence", "XQ"), 0, "sequence.XQ"),
    "review months": (("plan", "review_months"), 13, "plan.review_months"),
    "weekday": (("calendar", "workdays"), [8], "calendar.workdays"),
}


@pytest.mark.parametrize("name", sorted(WRONG))
def test_a_name_or_number_that_cannot_be_is_refused(name: str) -> None:
    path, value, key = WRONG[name]
    found = problems(changed(SAMPLE, path, value))
    assert key in [p.key for p in found], [(p.key, p.value) for p in found]
    assert all(p.expected and p.fix for p in found)


def test_every_problem_is_reported_at_once() -> None:
    tree = SAMPLE
    names = ["schema", "zone", "role", "unknown head", "member of a group", "owner of a task", "review months"]
    for name in names:
        path, value, _ = WRONG[name]
        tree = changed(tree, path, value)
    found = {p.key for p in problems(changed(tree, ("sla", "reply_minutes"), 45))}
    assert {*(WRONG[name][2] for name in names), "sla.reply_minutes"} <= found


def test_the_nearest_known_name_is_suggested() -> None:
    (problem,) = problems(changed(SAMPLE, ("person", 4, "dept"), "PRD"))
    assert "PROD" in problem.fix


# ---------------------------------------------------------------- posts that may be empty


def test_ec_56_without_a_secretary_somebody_else_must_stand_in_and_it_is_said() -> None:
    vacant = changed(SAMPLE, ("person", 17, "roles"), ["EMP"])
    assert [w.key for w in read(vacant).warnings] == ["roles SEC"]
    without_deputy = changed(vacant, ("person", 19, "roles"), ["EMP"])
    assert [w.key for w in read(without_deputy).warnings] == ["roles SEC"]
    nobody = changed(without_deputy, ("plan", "issuing_unit"), "")
    assert [p.key for p in problems(nobody)] == ["roles SEC"]


def test_r_20_a_secretary_of_another_department_is_pointed_out() -> None:
    elsewhere = changed(changed(SAMPLE, ("person", 17, "roles"), ["EMP"]), ("person", 5, "roles"), ["SEC"])
    assert [w.key for w in read(elsewhere).warnings] == ["person[E006].dept"]


def test_a_20_the_parameter_makes_a_deputy() -> None:
    tree = changed(changed(SAMPLE, ("person", 19, "roles"), ["EMP"]), ("roles", "secretary_deputy"), "E019")
    assert [p.id for p in read(tree).directory.holders(Role.DEPUTY_SECRETARY)] == ["E019"]


def test_an_acting_head_may_come_from_another_department() -> None:
    tree = changed(changed(SAMPLE, ("department", 1, "head"), None), ("department", 1, "acting_head"), "E008")
    tree = changed(tree, ("person", 2, "roles"), ["EMP"])
    found = read(tree).directory.department(DepartmentId("PROD"))
    assert found is not None
    assert (found.head, found.acting_head) == (None, PersonId("E008"))


def test_reading_twice_gives_the_same_and_another_text_another_digest() -> None:
    assert read(SAMPLE) == read(SAMPLE)
    assert read(SAMPLE).digest != read_company(text_of(SAMPLE) + "\n").digest
