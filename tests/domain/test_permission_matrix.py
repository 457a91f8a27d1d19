"""The permission matrix 2.2 cell by cell: every row, every column, in every way an object can stand to the person who asks.

The table here was written from the document in its own form and knows nothing of the program's.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.action import Action
from bot.domain.directory import Role
from bot.domain.ids import DepartmentId, PersonId
from bot.domain.permissions import MATRIX, Column, Grant, Limit, Reason, Refusal, may
from bot.domain.relation import Relation
from bot.domain.roles import Actor, Holding, Seats

HOME, OTHER, THIRD = DepartmentId("HOME"), DepartmentId("OTHER"), DepartmentId("THIRD")
ME, SOMEBODY = PersonId("me"), PersonId("somebody")

#: how one object stands to the person who asks; everything not named belongs to others
SITUATIONS: dict[str, Relation] = {
    "stranger": Relation(department=OTHER, lead=OTHER, coop=frozenset({THIRD}), owners=frozenset({SOMEBODY})),
    "own": Relation(department=HOME, lead=OTHER, coop=frozenset({THIRD})),
    "award": Relation(department=HOME, is_award=True),
    "leads": Relation(department=OTHER, lead=HOME, coop=frozenset({THIRD}), workdays=4),
    "leads_3wd": Relation(department=OTHER, lead=HOME, coop=frozenset({THIRD}), workdays=3),
    "cooperates": Relation(department=OTHER, lead=OTHER, coop=frozenset({HOME, THIRD})),
    "mine": Relation(department=OTHER, owners=frozenset({ME})),
    "assigned": Relation(department=OTHER, assigned=frozenset({ME})),
    "hosts": Relation(department=OTHER, host_department=HOME),
    "hosts_myself": Relation(department=OTHER, host=ME),
    "party": Relation(department=OTHER, parties=frozenset({HOME, OTHER})),
    "listed": Relation(department=OTHER, secrecy=2, access=frozenset({ME})),
    "scorecard": Relation(department=OTHER, is_scorecard=True),
    "took_part": Relation(department=OTHER, participants=frozenset({ME})),
}
EVERYWHERE = frozenset(SITUATIONS)
LEADS = frozenset({"leads", "leads_3wd"})
INVOLVED = LEADS | {"cooperates"}
OWN = frozenset({"own", "award"})

FULL, EDIT, BOTH, SUMMARY, RANKING, READ, TECH = (
    Limit.NONE,
    Limit.EDIT_ONLY,
    Limit.BOTH_HEADS,
    Limit.SUMMARY,
    Limit.RANKING,
    Limit.READ_ONLY,
    Limit.TECHNICAL,
)

#: what a word of the table allows: the situations, and how far the right goes there
WORDS: dict[str, dict[str, Limit]] = {
    ".": {},
    "Y": dict.fromkeys(EVERYWHERE, FULL),
    "own": dict.fromkeys(OWN, FULL),
    "inv": dict.fromkeys(INVOLVED, FULL),
    "lead": dict.fromkeys(LEADS, FULL),
    "coop": {"cooperates": FULL},
    "self": {"mine": FULL},
    "asg": {"assigned": FULL},
    "host": {"hosts": FULL, "hosts_myself": FULL},
    "party": {"party": FULL},
    "award": {"award": FULL},
    "edit": dict.fromkeys(LEADS, EDIT),
    "3wd": {"leads_3wd": FULL},
    "both": dict.fromkeys(INVOLVED, BOTH),
    "inv/sum": dict.fromkeys(INVOLVED, SUMMARY),
    "sum+inv": dict.fromkeys(EVERYWHERE, SUMMARY) | dict.fromkeys(INVOLVED, FULL),
    "inv+own": dict.fromkeys(INVOLVED | OWN, FULL),
    "self+own/sum": dict.fromkeys(OWN, SUMMARY) | {"mine": FULL},
    "own+rank": dict.fromkeys(EVERYWHERE, RANKING) | dict.fromkeys(OWN, FULL),
    "score": {"scorecard": FULL},
    "read": dict.fromkeys(EVERYWHERE, READ),
    "tech": dict.fromkeys(EVERYWHERE, TECH),
    "listed": {"listed": FULL},
    "part": {"took_part": FULL},
    "self+inv": dict.fromkeys(INVOLVED, FULL) | {"mine": FULL},
    # by a delegate of the head, or as head of the department that keeps the plan: not by the post alone
    "delegate": {},
    "keeper": {},
}

#: leader, head, secretary, liaisons, team member, employee, performance officer, administrator
TABLE = """
P-01  Y    own      own   own     own  own          .     .
P-02  Y    own      .     own     .    .            .     .
P-03  self own      .     self    .    .            .     .
P-04  .    own      .     .       .    .            .     .
P-05  Y    .        Y     .       .    .            .     .
P-06  Y    .        .     .       .    .            .     .
P-07  .    .        Y     .       .    .            .     .
P-08  Y    .        .     .       .    .            .     .
P-09  .    lead     .     lead    edit .            .     .
P-10  .    inv      .     .       .    .            .     .
P-11  Y    .        .     .       .    .            .     .
P-12  .    lead     .     lead    .    .            .     .
P-13  .    own      .     own     asg  asg          .     .
P-14  .    lead     .     lead    .    .            .     .
P-15  .    own      .     own     asg  asg          .     .
P-16  .    lead     .     3wd     .    .            .     .
P-17  .    lead     .     lead    .    .            .     .
P-18  .    .        Y     .       .    .            .     .
P-19  Y    lead     Y     .       .    .            .     .
P-20  Y    .        .     .       .    .            .     .
P-21  Y    both     .     .       .    .            .     .
P-22  .    lead     .     lead    .    .            .     .
P-23  .    .        Y     .       .    .            .     .
P-24  Y    coop     .     delegate .   .            .     .
P-25  .    lead     Y     lead    .    .            .     .
P-26  Y    Y        Y     Y       Y    Y            .     Y
P-27  .    .        Y     .       .    .            .     .
P-28  .    inv      .     inv     .    .            .     .
P-29  .    .        Y     .       .    .            .     .
P-30  Y    .        .     .       .    .            .     .
P-31  self self     self  self    self self         .     .
P-32  .    .        Y     .       .    .            .     .
P-33  Y    .        .     .       .    .            .     .
P-34  .    own      Y     own     .    .            .     .
P-35  .    .        Y     .       .    .            .     .
P-36  .    party    .     .       .    .            .     .
P-37  Y    .        .     .       .    .            .     .
P-38  Y    .        Y     .       .    .            .     .
P-39  .    lead     .     lead    .    .            .     .
P-40  .    host     Y     host    .    .            .     .
P-41  .    .        Y     .       .    .            .     .
P-42  .    .        Y     Y       .    .            .     .
P-43  .    lead     .     lead    .    .            .     .
P-44  Y    .        .     .       .    .            .     .
P-45  .    lead     Y     lead    lead .            .     .
P-46  .    lead     Y     .       .    .            .     .
P-47  .    lead     Y     lead    .    .            .     .
P-48  Y    Y        Y     Y       Y    self         .     .
P-49  .    .        Y     .       .    .            .     .
P-50  .    own      .     .       .    .            .     .
P-51  self self     self  self    self self         .     .
P-52  .    own      Y     .       .    .            .     .
P-53  Y    sum+inv  Y     inv     inv  inv/sum      .     .
P-54  Y    inv+own  Y     inv+own inv  self+own/sum .     .
P-55  Y    .        Y     .       .    .            .     .
P-56  Y    Y        Y     Y       .    .            .     .
P-57  Y    own+rank Y     own     .    .            Y     .
P-58  Y    own      .     self    self self         Y     .
P-59  Y    award    Y     .       .    .            .     .
P-60  .    own      .     self    self self         .     .
P-61  Y    .        .     .       .    .            .     .
P-62  .    .        Y     .       .    .            .     .
P-63  Y    inv      Y     inv     .    .            score .
P-64  .    .        Y     .       .    .            .     Y
P-65  .    keeper   Y     .       .    .            .     .
P-66  .    .        .     .       .    .            .     Y
P-67  Y    .        read  .       .    .            .     tech
P-68  Y    listed   listed listed listed listed     .     .
L-23/kudos           .  .    .  .    .   Y        . .
L-23/peer_rating     .  inv  .  inv  .   .        . .
L-23/feedback        .  .    Y  .    .   .        . .
L-23/refer_conflict  .  .    Y  .    .   .        . .
L-23/objection       .  .    .  .    .   part     . .
L-23/appeal          .  own  .  .    .   self     . .
L-23/call_off        .  .    .  .    .   self     . .
L-23/still_waiting   .  .    .  .    .   self     . .
L-23/explain         Y  inv  Y  inv  inv self+inv . .
"""
COLUMNS = tuple(Column)
HOLDERS: dict[Column, tuple[Role, ...]] = {
    Column.LDR: (Role.LEADER,),
    Column.DEP: (Role.HEAD,),
    Column.SEC: (Role.SECRETARY,),
    Column.LIA: (Role.LIAISON, Role.BACKUP_LIAISON),
    Column.MEM: (Role.EMPLOYEE,),
    Column.EMP: (Role.EMPLOYEE,),
    Column.HRP: (Role.PERFORMANCE,),
    Column.ADM: (Role.ADMINISTRATOR,),
}
#: where the matrix says yes and separation of duties says no
BARRED = {
    ("P-24", Column.LDR, "leads"): "SoD-3",
    ("P-24", Column.LDR, "leads_3wd"): "SoD-3",
    ("P-27", Column.SEC, "mine"): "SoD-4",
}


def rows() -> dict[str, dict[Column, str]]:
    lines = [line.split() for line in TABLE.split("\n") if line.strip()]
    return {name: dict(zip(COLUMNS, words, strict=True)) for name, *words in lines}


ROWS = rows()
CELLS = [(action, column) for action in ROWS for column in COLUMNS]


def holder(role: Role) -> Actor:
    """Somebody with this one role and nothing else."""
    return Actor(person=ME, department=HOME, holdings=(Holding(role=role, department=HOME),), seats=Seats())


def related(situation: str, column: Column) -> Relation:
    relation = SITUATIONS[situation]
    if column is not Column.MEM:
        return relation
    return replace(relation, members=frozenset({ME}))


def expected(action: str, column: Column, situation: str) -> Limit | None:
    """A member of the team is an employee as well; `inv` holds for members whatever their department (R-65)."""
    own = WORDS[ROWS[action][column]]
    if column is not Column.MEM:
        return own.get(situation)
    if ROWS[action][column] in {"inv", "inv+own"}:
        return FULL
    return own.get(situation, WORDS[ROWS[action][Column.EMP]].get(situation))


def test_the_table_names_every_action_and_the_program_has_one_row_for_each() -> None:
    assert list(ROWS) == [action.value for action in Action]
    assert [row.action for row in MATRIX] == list(Action)


@pytest.mark.parametrize(("action", "column"), CELLS, ids=[f"{a}-{c.name}" for a, c in CELLS])
def test_a_cell_of_the_matrix(action: str, column: Column) -> None:
    """P-01 to P-68, and the further rights of L-23."""
    for role in HOLDERS[column]:
        for situation in SITUATIONS:
            answer = may(Action(action), holder(role), related(situation, column))
            wanted = expected(action, column, situation)
            where = f"{action} {role} {situation}"
            duty = BARRED.get((action, column, situation))
            if duty is not None:
                assert isinstance(answer, Refusal), where
                assert (answer.reason, answer.duty) == (Reason.SEPARATION, duty), where
            elif wanted is None:
                assert isinstance(answer, Refusal), where
                assert answer.reason is Reason.NO_RIGHT, where
            else:
                assert isinstance(answer, Grant), where
                assert answer.limit is wanted, where


@pytest.mark.parametrize("action", sorted(Action))
def test_what_is_confidential_does_not_exist_for_whoever_is_not_on_the_list(action: Action) -> None:
    secret = Relation(department=HOME, lead=HOME, owners=frozenset({ME}), secrecy=2, access=frozenset({SOMEBODY}))
    for role in sorted(Role):
        if role is Role.LEADER:
            continue
        answer = may(action, holder(role), secret)
        assert isinstance(answer, Refusal)
        assert answer.reason is (Reason.NO_RIGHT if action is Action.READ_CONFIDENTIAL else Reason.HIDDEN)


@pytest.mark.parametrize("role", [Role.HEAD, Role.SECRETARY])
def test_r_117_parameters_are_changed_by_the_secretary_and_the_head_of_the_department_that_keeps_the_plan(
    role: Role,
) -> None:
    keeper = Actor(
        person=ME,
        department=HOME,
        holdings=(Holding(role=role, department=HOME),),
        seats=Seats(admin_department=HOME),
    )
    assert isinstance(may(Action.EDIT_PARAMETERS, keeper, Relation()), Grant)


@pytest.mark.parametrize("action", sorted(Action))
def test_whoever_holds_nothing_may_do_nothing(action: Action) -> None:
    nobody = Actor(person=ME, department=HOME, holdings=())
    assert all(isinstance(may(action, nobody, relation), Refusal) for relation in SITUATIONS.values())
