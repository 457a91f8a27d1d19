"""The permission matrix of domain.md 2.2 as one table, and the one question asked of it: `may`.

Cells read as in the document (`Cell.text`). A cell is a list of alternatives, tried in order: what must be true between the
actor's department or person and the object, and what the grant is limited to then. SED and ALT have no column: they hold
SEC's and LDR's cells through `roles` (L-20); a delegate has the cells of the person represented, within the scope of the
delegation. Separation of duties (2.4) and secrecy (2.5) come on top.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, StrEnum

from bot.domain import confidentiality, separation
from bot.domain.action import Action
from bot.domain.delegation import Scope
from bot.domain.directory import Role
from bot.domain.ids import DepartmentId, PersonId
from bot.domain.relation import Relation
from bot.domain.roles import Actor, Basis, Holding, Seat
from bot.domain.separation import Duty

#: days up to which a liaison may grant an extension (P-16)
LIAISON_EXTENSION_DAYS = 3


class Column(StrEnum):
    """Columns of the matrix. Backup liaisons share the liaisons' one."""

    LDR = "LDR"
    DEP = "DEP"
    SEC = "SEC"
    LIA = "LIA/LIB"
    MEM = "MEM"
    EMP = "EMP"
    HRP = "HRP"
    ADM = "ADM"


class Tie(StrEnum):
    """What must be true between the holder and the object."""

    ANY = "any"
    OWN = "own"
    SELF = "self"
    INVOLVED = "involved"
    LEAD = "lead"
    COOP = "coop"
    ASSIGNED = "assigned"
    HOST = "host"
    PARTY = "party"
    #: an award for the own department (P-59)
    OWN_AWARD = "own_award"
    #: an extension that a liaison may grant (P-16)
    LEAD_SHORT = "lead_short"
    #: cooperating, and standing in for the head who has the vote (P-24)
    COOP_FOR_HEAD = "coop_for_head"
    ADMIN_HEAD = "admin_head"
    LISTED = "listed"
    SCORECARD = "scorecard"
    PARTICIPANT = "participant"


class Limit(StrEnum):
    """How far a grant goes."""

    NONE = ""
    EDIT_ONLY = "edit_only"
    BOTH_HEADS = "both_heads"
    SUMMARY = "summary"
    #: a ranking of departments without names of persons
    RANKING = "ranking"
    READ_ONLY = "read_only"
    #: the technical part, no business text
    TECHNICAL = "technical"


class Cell(Enum):
    """Every kind of cell: the document's wording, then (tie, limit) alternatives."""

    NO = ("-",)
    YES = ("Y", (Tie.ANY, Limit.NONE))
    ALL = ("all", (Tie.ANY, Limit.NONE))
    OWN = ("own", (Tie.OWN, Limit.NONE))
    OWN_DEPARTMENT = ("own department", (Tie.OWN, Limit.NONE))
    SELF = ("self", (Tie.SELF, Limit.NONE))
    INV = ("inv", (Tie.INVOLVED, Limit.NONE))
    LEAD = ("lead", (Tie.LEAD, Limit.NONE))
    COOP = ("coop", (Tie.COOP, Limit.NONE))
    ASG = ("asg", (Tie.ASSIGNED, Limit.NONE))
    HOST = ("host", (Tie.HOST, Limit.NONE))
    LEAD_EDIT = ("lead (edit only)", (Tie.LEAD, Limit.EDIT_ONLY))
    LEAD_SHORT = ("lead (up to 3 wd)", (Tie.LEAD_SHORT, Limit.NONE))
    LEAD_AND_COOP = ("lead + coop", (Tie.LEAD, Limit.BOTH_HEADS), (Tie.COOP, Limit.BOTH_HEADS))
    COOP_FOR_HEAD = ("coop (as delegate)", (Tie.COOP_FOR_HEAD, Limit.NONE))
    OWN_PARTY = ("own (party)", (Tie.PARTY, Limit.NONE))
    OWN_AWARD = ("own (award only)", (Tie.OWN_AWARD, Limit.NONE))
    ADMIN_HEAD = ("admin head", (Tie.ADMIN_HEAD, Limit.NONE))
    SUMMARY_DETAIL_INV = ("all summary columns; detail inv", (Tie.INVOLVED, Limit.NONE), (Tie.ANY, Limit.SUMMARY))
    INV_SUMMARY = ("inv (summary)", (Tie.INVOLVED, Limit.SUMMARY))
    INV_OWN = ("inv + own", (Tie.INVOLVED, Limit.NONE), (Tie.OWN, Limit.NONE))
    SELF_OWN_SUMMARY = ("self + own summary", (Tie.SELF, Limit.NONE), (Tie.OWN, Limit.SUMMARY))
    OWN_RANKING = ("own + ranking without names of persons", (Tie.OWN, Limit.NONE), (Tie.ANY, Limit.RANKING))
    SCORECARD = ("scorecard only", (Tie.SCORECARD, Limit.NONE))
    READ_ONLY = ("Y (read only)", (Tie.ANY, Limit.READ_ONLY))
    TECHNICAL = ("Y (technical part, no business text)", (Tie.ANY, Limit.TECHNICAL))
    LISTED_OR_LDR = ("if on the access list or LDR", (Tie.ANY, Limit.NONE))
    LISTED = ("if on the list", (Tie.LISTED, Limit.NONE))
    PARTICIPANT = ("participant", (Tie.PARTICIPANT, Limit.NONE))
    SELF_INV = ("self + inv", (Tie.SELF, Limit.NONE), (Tie.INVOLVED, Limit.NONE))

    def __init__(self, text: str, *alternatives: tuple[Tie, Limit]) -> None:
        self.text = text
        self.alternatives = alternatives


class Cover(Enum):
    """Which delegations carry a right over to the delegate; 全部 carries all but the personal ones."""

    #: bound to the person, never delegated
    PERSONAL = None
    WHOLE = frozenset({Scope.ALL})
    APPROVALS = frozenset({Scope.ALL, Scope.APPROVALS})
    LIAISON = frozenset({Scope.ALL, Scope.LIAISON})
    TASKS = frozenset({Scope.ALL, Scope.TASKS})
    EVERY = frozenset(Scope)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the matrix."""

    action: Action
    cover: Cover
    ldr: Cell
    dep: Cell
    sec: Cell
    lia: Cell
    mem: Cell
    emp: Cell
    hrp: Cell
    adm: Cell

    def cell(self, column: Column) -> Cell:
        """The cell under a column."""
        cells = (self.ldr, self.dep, self.sec, self.lia, self.mem, self.emp, self.hrp, self.adm)
        return cells[tuple(Column).index(column)]


def _matrix() -> tuple[Row, ...]:
    a, c, cover = Action, Cell, Cover
    no, yes, own, self_, inv, lead = c.NO, c.YES, c.OWN, c.SELF, c.INV, c.LEAD
    judge, talk, work = cover.APPROVALS, cover.LIAISON, cover.TASKS
    # fmt: off
    return (
        #   action                    delegated       LDR    DEP    SEC    LIA    MEM    EMP    HRP    ADM
        Row(a.CREATE_REQUEST,         talk,           yes,   own,   own,   own,   own,   own,   no,    no),
        Row(a.SUBMIT_REQUEST,         talk,           yes,   own,   no,    own,   no,    no,    no,    no),
        Row(a.WITHDRAW_REQUEST,       talk,           self_, own,   no,    self_, no,    no,    no,    no),
        Row(a.REVIEW_REQUEST,         judge,          no,    own,   no,    no,    no,    no,    no,    no),
        Row(a.RAISE_LEVEL,            judge,          yes,   no,    yes,   no,    no,    no,    no,    no),
        Row(a.LOWER_LEVEL,            judge,          yes,   no,    no,    no,    no,    no,    no,    no),
        Row(a.ASSESS_REQUEST,         judge,          no,    no,    yes,   no,    no,    no,    no,    no),
        Row(a.DECIDE_REQUEST,         judge,          yes,   no,    no,    no,    no,    no,    no,    no),
        Row(a.WRITE_PLAN,             talk,           no,    lead,  no,    lead,  c.LEAD_EDIT, no, no, no),
        Row(a.COUNTERSIGN_PLAN,       judge,          no,    inv,   no,    no,    no,    no,    no,    no),
        Row(a.APPROVE_PLAN_CHANGE,    judge,          yes,   no,    no,    no,    no,    no,    no,    no),
        Row(a.CREATE_TASK,            talk,           no,    lead,  no,    lead,  no,    no,    no,    no),
        Row(a.REPORT_TASK,            work,           no,    own,   no,    own,   c.ASG, c.ASG, no,    no),
        Row(a.CONFIRM_TASK,           judge,          no,    lead,  no,    lead,  no,    no,    no,    no),
        Row(a.ASK_EXTENSION,          work,           no,    own,   no,    own,   c.ASG, c.ASG, no,    no),
        Row(a.GRANT_EXTENSION,        judge,          no,    lead,  no,    c.LEAD_SHORT, no, no, no,   no),
        Row(a.SUBMIT_REPORT,          talk,           no,    lead,  no,    lead,  no,    no,    no,    no),
        Row(a.ANNOTATE_LEDGER,        cover.WHOLE,    no,    no,    yes,   no,    no,    no,    no,    no),
        Row(a.SUSPEND_ITEM,           judge,          yes,   lead,  yes,   no,    no,    no,    no,    no),
        Row(a.TERMINATE_SPECIAL,      judge,          yes,   no,    no,    no,    no,    no,    no,    no),
        Row(a.TERMINATE_ROUTINE,      judge,          yes,   c.LEAD_AND_COOP, no, no, no, no,   no,    no),
        Row(a.APPLY_ACCEPTANCE,       talk,           no,    lead,  no,    lead,  no,    no,    no,    no),
        Row(a.ORGANISE_ACCEPTANCE,    judge,          no,    no,    yes,   no,    no,    no,    no,    no),
        Row(a.VOTE_ACCEPTANCE,        judge,          yes,   c.COOP, no,   c.COOP_FOR_HEAD, no, no, no, no),
        Row(a.CONFIRM_ARCHIVE,        judge,          no,    lead,  yes,   lead,  no,    no,    no,    no),
        Row(a.FILE_ISSUE,             talk,           yes,   yes,   yes,   yes,   yes,   yes,   no,    yes),
        Row(a.GRADE_ISSUE,            judge,          no,    no,    yes,   no,    no,    no,    no,    no),
        Row(a.GIVE_RESULT,            talk,           no,    inv,   no,    inv,   no,    no,    no,    no),
        Row(a.RECORD_SOLUTION,        judge,          no,    no,    yes,   no,    no,    no,    no,    no),
        Row(a.ACKNOWLEDGE_MAJOR,      judge,          yes,   no,    no,    no,    no,    no,    no,    no),
        Row(a.CONFIRM_RESULT,         talk,           self_, self_, self_, self_, self_, self_, no,    no),
        Row(a.CLOSE_ISSUE,            judge,          no,    no,    yes,   no,    no,    no,    no,    no),
        Row(a.CLOSE_MAJOR,            judge,          yes,   no,    no,    no,    no,    no,    no,    no),
        Row(a.FILE_CONFLICT,          talk,           no,    own,   yes,   own,   no,    no,    no,    no),
        Row(a.RECORD_MEDIATION,       judge,          no,    no,    yes,   no,    no,    no,    no,    no),
        Row(a.ACCEPT_MEDIATION,       judge,          no,    c.OWN_PARTY, no, no, no,    no,    no,    no),
        Row(a.RULE_CONFLICT,          judge,          yes,   no,    no,    no,    no,    no,    no,    no),
        Row(a.SCHEDULE_WEEKLY,        judge,          yes,   no,    yes,   no,    no,    no,    no,    no),
        Row(a.SCHEDULE_MILESTONE,     talk,           no,    lead,  no,    lead,  no,    no,    no,    no),
        Row(a.RUN_MEETING,            talk,           no,    c.HOST, yes,  c.HOST, no,   no,    no,    no),
        Row(a.PUBLISH_MINUTES,        judge,          no,    no,    yes,   no,    no,    no,    no,    no),
        Row(a.SUBMIT_SYNC_RECORD,     talk,           no,    no,    yes,   yes,   no,    no,    no,    no),
        Row(a.DRAFT_RESOLUTION,       talk,           no,    lead,  no,    lead,  no,    no,    no,    no),
        Row(a.SIGN_RESOLUTION,        judge,          yes,   no,    no,    no,    no,    no,    no,    no),
        Row(a.REGISTER_DOCUMENT,      talk,           no,    lead,  yes,   lead,  lead,  no,    no,    no),
        Row(a.WAIVE_NAMING,           judge,          no,    lead,  yes,   no,    no,    no,    no,    no),
        Row(a.MAKE_GROUP,             talk,           no,    lead,  yes,   lead,  no,    no,    no,    no),
        Row(a.TAG_KEY,                talk,           yes,   yes,   yes,   yes,   yes,   self_, no,    no),
        Row(a.CORRECT_VERDICT,        judge,          no,    no,    yes,   no,    no,    no,    no,    no),
        Row(a.CHANGE_LIAISON,         cover.WHOLE,    no,    own,   no,    no,    no,    no,    no,    no),
        Row(a.REGISTER_OWN_LEAVE,     cover.PERSONAL, self_, self_, self_, self_, self_, self_, no,    no),
        Row(a.REGISTER_LEAVE,         cover.WHOLE,    no,    own,   yes,   no,    no,    no,    no,    no),
        Row(a.SEE_PROGRESS_LEDGER,    cover.EVERY,    c.ALL, c.SUMMARY_DETAIL_INV, c.ALL, inv, inv, c.INV_SUMMARY, no, no),
        Row(a.SEE_ISSUE_LEDGER,       cover.EVERY,    c.ALL, c.INV_OWN, c.ALL, c.INV_OWN, inv, c.SELF_OWN_SUMMARY, no, no),
        Row(a.SEE_DIGEST,             judge,          yes,   no,    yes,   no,    no,    no,    no,    no),
        Row(a.SEE_WEEKLY_REPORT,      cover.EVERY,    yes,   yes,   yes,   yes,   no,    no,    no,    no),
        Row(a.SEE_DEPARTMENT_SCORE,   cover.WHOLE,    c.ALL, c.OWN_RANKING, c.ALL, own, no, no, c.ALL, no),
        Row(a.SEE_PERSONAL_SCORE,     cover.PERSONAL, c.ALL, c.OWN_DEPARTMENT, no, self_, self_, self_, c.ALL, no),
        Row(a.DRAFT_PROPOSAL,         cover.WHOLE,    yes,   c.OWN_AWARD, yes, no, no,   no,    no,    no),
        Row(a.STATE_CASE,             cover.PERSONAL, no,    own,   no,    self_, self_, self_, no,    no),
        Row(a.CONFIRM_PROPOSAL,       judge,          yes,   no,    no,    no,    no,    no,    no,    no),
        Row(a.PUBLISH_NOTICE,         judge,          no,    no,    yes,   no,    no,    no,    no,    no),
        Row(a.EXPORT_LEDGER,          cover.WHOLE,    c.ALL, inv,   c.ALL, inv,   no,    no,    c.SCORECARD, no),
        Row(a.EDIT_CALENDAR,          cover.WHOLE,    no,    no,    yes,   no,    no,    no,    no,    yes),
        Row(a.EDIT_PARAMETERS,        cover.WHOLE,    no,    c.ADMIN_HEAD, yes, no, no,  no,    no,    no),
        Row(a.EDIT_DIRECTORY,         cover.WHOLE,    no,    no,    no,    no,    no,    no,    no,    yes),
        Row(a.READ_AUDIT,             cover.WHOLE,    yes,   no,    c.READ_ONLY, no, no, no,    no,    c.TECHNICAL),
        Row(a.READ_CONFIDENTIAL,      cover.EVERY,    c.LISTED_OR_LDR, c.LISTED, c.LISTED, c.LISTED, c.LISTED, c.LISTED, no, no),
        # further rights (L-23)
        Row(a.GIVE_KUDOS,             cover.PERSONAL, no,    no,    no,    no,    no,    yes,   no,    no),
        Row(a.RATE_PEERS,             talk,           no,    inv,   no,    inv,   no,    no,    no,    no),
        Row(a.COLLECT_FEEDBACK,       cover.WHOLE,    no,    no,    yes,   no,    no,    no,    no,    no),
        Row(a.REFER_CONFLICT,         judge,          no,    no,    yes,   no,    no,    no,    no,    no),
        Row(a.OBJECT_TO_MINUTES,      talk,           no,    no,    no,    no,    no,    c.PARTICIPANT, no, no),
        Row(a.APPEAL,                 cover.PERSONAL, no,    own,   no,    no,    no,    self_, no,    no),
        Row(a.CALL_OFF_WAIT,          talk,           no,    no,    no,    no,    no,    self_, no,    no),
        Row(a.KEEP_WAITING,           talk,           no,    no,    no,    no,    no,    self_, no,    no),
        Row(a.EXPLAIN,                cover.EVERY,    yes,   inv,   yes,   inv,   inv,   c.SELF_INV, no, no),
    )
    # fmt: on


MATRIX: tuple[Row, ...] = _matrix()
_ROWS = {row.action: row for row in MATRIX}

_COLUMNS = {
    Role.LEADER: Column.LDR,
    Role.HEAD: Column.DEP,
    Role.SECRETARY: Column.SEC,
    Role.LIAISON: Column.LIA,
    Role.BACKUP_LIAISON: Column.LIA,
    Role.EMPLOYEE: Column.EMP,
    Role.PERFORMANCE: Column.HRP,
    Role.ADMINISTRATOR: Column.ADM,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A yes: which column gave it, on which ground, for whom, and how far it goes. Goes into the audit record."""

    action: Action
    column: Column
    department: DepartmentId
    basis: Basis
    #: the person whose post it is, for “B 代 A”; None when the actor used a post of his or her own
    behalf: PersonId | None = None
    limit: Limit = Limit.NONE


class Reason(StrEnum):
    """Why not."""

    NO_RIGHT = "no_right"
    #: the object may not even be known to the actor; to be answered like something that does not exist
    HIDDEN = "hidden"
    SEPARATION = "separation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A no. `duty` is the rule of 2.4 where that was all that stood in the way."""

    action: Action
    reason: Reason
    duty: Duty | None = None


def row_of(action: Action) -> Row:
    """The line of an action."""
    return _ROWS[action]


def may(action: Action, actor: Actor, relation: Relation) -> Grant | Refusal:
    """May the actor do this to that object now? Own posts are tried before those of others."""
    row = _ROWS[action]
    if action is not Action.READ_CONFIDENTIAL and not confidentiality.may_know(actor, relation):
        return Refusal(action=action, reason=Reason.HIDDEN)
    duty: Duty | None = None
    for column, holding in _hats(actor, relation):
        limit = _fits(row, column, actor, holding, relation)
        if limit is None:
            continue
        bar = separation.barred(action, actor, holding, relation)
        if bar is None and _is_turn(action, actor, holding, relation):
            return Grant(
                action=action,
                column=column,
                department=holding.department,
                basis=holding.basis,
                behalf=holding.behalf,
                limit=limit,
            )
        duty = duty or bar
    if duty is not None:
        return Refusal(action=action, reason=Reason.SEPARATION, duty=duty)
    return Refusal(action=action, reason=Reason.NO_RIGHT)


def _hats(actor: Actor, relation: Relation) -> Iterator[tuple[Column, Holding]]:
    """The actor's holdings with their columns; membership of the item's team is one more (MEM)."""
    for holding in actor.holdings:
        column = _COLUMNS.get(holding.role)
        if column is None:
            continue
        if holding.role is Role.EMPLOYEE and _identity(actor, holding) in relation.members:
            yield Column.MEM, holding
        yield column, holding


def _identity(actor: Actor, holding: Holding) -> PersonId:
    """Whose records and tasks `self` and `asg` mean: one's own, or the absent person's."""
    is_other = holding.basis is Basis.DELEGATE and holding.behalf is not None
    return holding.behalf if is_other and holding.behalf is not None else actor.person


def _fits(row: Row, column: Column, actor: Actor, holding: Holding, relation: Relation) -> Limit | None:
    """The limit under which the cell allows it; None when it does not."""
    if holding.basis is Basis.DELEGATE and (row.cover.value is None or holding.scope not in row.cover.value):
        return None
    cell = row.cell(column)
    if row.action is Action.GRADE_ISSUE and column is Column.LDR:
        # the matrix gives grading to the secretary alone; the leader grades when every one of them is barred (SoD-4, L-20)
        cell = Cell.YES if _secretaries_barred(actor, relation) else Cell.NO
    for tie, limit in cell.alternatives:
        if _holds(tie, column, actor, holding, relation):
            return limit
    return None


def _holds(tie: Tie, column: Column, actor: Actor, holding: Holding, relation: Relation) -> bool:
    department = holding.department
    identity = _identity(actor, holding)
    match tie:
        case Tie.ANY:
            return True
        case Tie.OWN:
            return relation.department == department
        case Tie.SELF:
            return identity in relation.owners
        case Tie.INVOLVED:
            # a member of the item's team is involved whatever the department
            return department in relation.involved or column is Column.MEM
        case Tie.LEAD:
            return relation.lead == department
        case Tie.COOP:
            return department in relation.coop
        case Tie.ASSIGNED:
            return identity in relation.assigned
        case Tie.HOST:
            return relation.host_department == department or relation.host == identity
        case Tie.PARTY:
            return department in relation.parties
        case Tie.OWN_AWARD:
            return relation.is_award and relation.department == department
        case Tie.LEAD_SHORT:
            return relation.lead == department and relation.workdays <= LIAISON_EXTENSION_DAYS
        case Tie.COOP_FOR_HEAD:
            return department in relation.coop and actor.represents(department, Role.HEAD)
        case Tie.ADMIN_HEAD:
            return department == actor.seats.admin_department
        case Tie.LISTED:
            return actor.person in relation.access
        case Tie.SCORECARD:
            return relation.is_scorecard
        case Tie.PARTICIPANT:
            return identity in relation.participants


def _is_turn(action: Action, actor: Actor, holding: Holding, relation: Relation) -> bool:
    """A standby acts only where the present holder is barred (L-20)."""
    if holding.basis is not Basis.STANDBY:
        return True
    seat = actor.seats.leader if holding.role is Role.LEADER else actor.seats.secretary
    return seat is not None and separation.seat_barred(action, seat, holding.role, relation) is not None


def _secretaries_barred(actor: Actor, relation: Relation) -> bool:
    """Is there nobody left who might grade in the secretary's place: barred, or not on a confidential issue's list (L-21)?"""
    main = actor.seats.secretary
    own: list[tuple[Seat, bool]] = [(main, False)] if main is not None else []
    seats = [*own, *((seat, True) for seat in actor.seats.deputies)]
    is_confidential = confidentiality.level(relation.secrecy) is confidentiality.Secrecy.CONFIDENTIAL
    return bool(seats) and all(
        (is_confidential and seat.person not in relation.access)
        or separation.seat_barred(Action.GRADE_ISSUE, seat, Role.SECRETARY, relation, is_deputy=is_deputy) is not None
        for seat, is_deputy in seats
    )
