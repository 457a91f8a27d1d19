"""Importing a company file again: every change is shown, nothing is lost (EC-48, EC-49, EC-50, EC-53)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.company import Change, CompanyFile, difference
from bot.company_change import is_kept, merged_department, merged_person
from bot.domain.directory import Person, Role
from bot.domain.ids import DepartmentId, PersonId
from tests.company.company_text import SAMPLE, SMALL, Path_, Tree, changed, read

FILE = read(SAMPLE)


def shown(tree: Tree, known: CompanyFile = FILE, **more: object) -> list[str]:
    return [str(c) for c in difference(known.people, known.departments, read(tree), **more)]  # type: ignore[arg-type]


def test_the_same_file_again_changes_nothing() -> None:
    assert difference(FILE.people, FILE.departments, FILE, company=FILE.company) == ()


def test_the_first_import_adds_everybody() -> None:
    changes = difference((), (), FILE)
    assert len(changes) == 39
    assert str(changes[0]) == "+ department GMO 总经理办公室"
    assert all(c.field == "" and c.before == "" for c in changes)


@pytest.mark.parametrize(
    ("path", "value", "line"),
    [
        (("person", 0, "name"), "沈川", "~ person E001 name: 沈若川 → 沈川"),
        (("person", 5, "title"), "", "~ person E006 title: 试制班长 → ∅"),
        (("person", 5, "roles"), ["LIB"], "~ person E006 roles: EMP → EMP,LIB"),
        (("person", 5, "dept"), "SALES", "~ person E006 department: PROD → SALES"),
        (("person", 0, "phone"), "8009", "~ person E001 phone: 8001 → 8009"),
        (("department", 1, "short"), "产", "~ department PROD short: 生产 → 产"),
        (("department", 1, "windows"), None, "~ department PROD windows: 08:00,12:00,13:00,17:00 → ∅"),
    ],
)
def test_a_changed_fact_is_shown_with_before_and_after(path: Path_, value: object, line: str) -> None:
    assert shown(changed(SAMPLE, path, value)) == [line]


def without_person(number: str) -> Tree:
    people = SAMPLE["person"]
    assert isinstance(people, list)
    tree = changed(SAMPLE, ("person",), [p for p in people if p["id"] != number])
    groups = tree["group"]
    assert isinstance(groups, list)
    for group in groups:
        group["members"] = [m for m in group["members"] if m != number]
    return tree


def test_ec_53_who_is_no_longer_in_the_file_is_shown_as_gone_with_what_he_holds() -> None:
    held = {PersonId("E007"): ("RW-2026-0040", "WT-2026-0012")}
    assert shown(without_person("E007"), holdings=held) == [
        "- person E007 孟知夏",
        "! person E007 离开但仍有 leaves and still holds: RW-2026-0040, WT-2026-0012",
    ]


def test_who_left_before_is_not_shown_again() -> None:
    people = tuple(replace(p, is_active=p.id != "E007") for p in FILE.people)
    assert difference(people, FILE.departments, read(without_person("E007"))) == ()


def test_somebody_set_inactive_is_shown_with_what_he_holds() -> None:
    lines = shown(changed(SAMPLE, ("person", 6, "is_active"), False), holdings={PersonId("E007"): ("RW-2026-0040",)})
    assert lines == [
        "~ person E007 is_active: True → False",
        "! person E007 离开但仍有 leaves and still holds: RW-2026-0040",
    ]


def test_people_of_the_address_book_stay_although_the_file_does_not_name_them() -> None:
    found = Person(id=PersonId("S1"), name="周蕾", department=DepartmentId("PROD"), origin="feishu")
    assert is_kept(found)
    assert difference((*FILE.people, found), FILE.departments, FILE) == ()


def test_accounts_and_numbers_that_only_the_address_book_knew_are_kept() -> None:
    known = replace(FILE.people[0], accounts={"feishu": "ou_old", "dingtalk": "dt-1"}, employee_no="77", version=4)
    merged = merged_person(known, replace(FILE.people[0], accounts={"feishu": "ou_new"}))
    assert merged.accounts == {"feishu": "ou_new", "dingtalk": "dt-1"}
    assert (merged.employee_no, merged.version) == ("77", 4)
    assert merged_person(None, FILE.people[0]) is FILE.people[0]


def test_ec_48_ec_49_a_renamed_department_keeps_its_names_and_its_merger() -> None:
    known = replace(FILE.departments[1], former_names=("制造部",), merged_into=DepartmentId("QA"), version=2)
    merged = merged_department(known, replace(known, name="智能制造部", former_names=(), merged_into=None, version=0))
    assert merged.former_names == ("制造部", "生产部")
    assert (merged.merged_into, merged.version) == ("QA", 2)
    back = merged_department(merged, replace(known, name="生产部", former_names=()))
    assert back.former_names == ("制造部", "智能制造部")


def test_parameters_and_facts_of_the_plan_are_shown_by_their_keys() -> None:
    tree = changed(changed(SAMPLE, ("sla", "reply_minutes"), 25), ("plan", "version"), "V1.1")
    tree = changed(tree, ("plan", "review_months"), 3)
    assert shown(tree, company=FILE.company) == [
        "~ company plan.version value: V1.0 → V1.1",
        "~ company plan.review_months value: 6 → 3",
        "~ company sla.reply_minutes value: 30 → 25",
    ]


def test_taking_over_a_file_of_another_company_loses_nobody() -> None:
    changes = difference(FILE.people, FILE.departments, read(SMALL))
    gone = {c.key for c in changes if str(c).startswith("- person")}
    assert gone == {p.id for p in FILE.people}
    assert all(isinstance(c, Change) for c in changes)


def test_roles_of_the_file_win() -> None:
    known = replace(FILE.people[5], roles=frozenset({Role.LIAISON}))
    assert merged_person(known, FILE.people[5]).roles == FILE.people[5].roles
