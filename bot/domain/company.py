"""The company's own facts and parameters: the plan, the limits of domain.md 5.9 and the reports' hours.

A limit that the plan states (marked S) may be made stricter, never looser; `check_parameters` names the rule.
`_wd` are working days, `_hours` working hours, `_minutes` working minutes, `_days` calendar days.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from enum import StrEnum
from math import inf

from bot.domain.ids import DepartmentId
from bot.domain.sla import ReactionAck, SlaPolicy


class Extra(StrEnum):
    """Who may be in a dedicated group without having to (A-11)."""

    BACKUP = "backup"
    DELEGATE = "delegate"
    SECRETARY = "secretary"
    DEPUTY_SECRETARY = "deputy_secretary"
    MEMBER = "member"
    FORMER_LIAISON = "former_liaison"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The coordination plan: a versioned document of the company (R-01)."""

    title: str = "跨部门沟通协调方案"
    version: str = "V1.0"
    issuing_unit: str = ""
    effective_date: date | None = None
    scope: str = ""
    review_months: int = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """What a parameter may be, and which rule says so. `stated` marks limits of the plan itself."""

    low: float
    high: float
    rule: str
    stated: bool = False

    @property
    def text(self) -> str:
        """The allowed values with the rule: `1..30 (R-40)`, `>= 7 (R-109)`."""
        span = f">= {self.low:g}" if self.high == inf else f"{self.low:g}..{self.high:g}"
        return f"{span} ({self.rule})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """Business parameters by their keys of domain.md 5.9 (`sla.reply_minutes` is `sla_reply_minutes`)."""

    sla_reply_minutes: int = 30
    sla_nudge_minutes: int = 20
    sla_escalate_minutes: int = 60
    sla_reaction_ack: str = "normal_only"
    sla_reaction_allow: tuple[str, ...] = ("👍", "OK", "收到", "DONE")
    timers_review_wd: int = 1
    timers_assessment_wd: int = 3
    timers_leader_wd: int = 2
    timers_plan_wd: int = 5
    timers_plan_again_wd: int = 2
    timers_countersign_wd: int = 2
    timers_ledger_wd: int = 1
    timers_acceptance_wd: int = 3
    timers_rectification_wd: int = 5
    timers_archive_wd: int = 3
    timers_minutes_wd: int = 1
    timers_record_wd: int = 1
    timers_resolution_wd: int = 1
    timers_signature_wd: int = 2
    timers_confirm_task_wd: int = 1
    issue_grade_hours: int = 4
    issue_general_wd: int = 1
    issue_important_wd: int = 3
    issue_confirm_wd: int = 2
    issue_coord_wd: int = 1
    issue_major_ack_minutes: int = 30
    issue_special_wd: int = 1
    issue_report_gap_warn_wd: int = 1
    issue_clock_start: str = "graded"
    issue_important_done_at: str = "executing"
    conflict_mediation_wd: int = 3
    conflict_ruling_wd: int = 2
    meeting_report_wd: int = 1
    #: warnings before the end of a weekly meeting and of a liaison sync, in minutes after the start (T-18a)
    meeting_warn_minutes: tuple[int, ...] = (80, 50)
    liaison_notice_days: int = 7
    #: how long a former liaison may stay in groups (L-22)
    liaison_former_stays_wd: int = 5
    naming_separator: str = "_"
    naming_fix_wd: int = 1
    plan_review_months: int = 6
    training_months: int = 6
    docs_stale_days: int = 7
    score_performance_weight: float = 0.20
    weekly_meeting_weekday: int = 5
    weekly_meeting_at: str = "14:30"
    weekly_meeting_minutes: int = 90
    weekly_report_at: str = "12:00"
    weekly_pack_minutes_before: int = 60
    weekly_sync_weekday: int = 3
    weekly_sync_at: str = "10:00"
    weekly_sync_minutes: int = 60
    reports_digest_cutoff: str = "08:30"
    reports_digest_at: str = "08:45"
    #: merged reminders that one person gets on one day at most; the rest stands in the next day's first (2.3)
    reports_reminders_per_day: int = 8
    group_check_at: str = "09:00"
    group_name: str = "{short}协作专项群"
    group_allowed_extra: tuple[str, ...] = tuple(e.value for e in Extra)
    #: A-01, and the thresholds of A-02; a budget of 0 means that no sum is set
    request_review_mode: str = "all_involved"
    request_special_coop: int = 3
    request_special_days: int = 30
    request_special_budget: int = 0
    #: who stands in for the secretary (A-20), and the department that keeps the plan (R-117); ids, empty for none
    roles_secretary_deputy: str = ""
    roles_admin_department: str = ""
    awards_hearing_wd: int = 2
    awards_confirm_wd: int = 3
    awards_appeal_wd: int = 3
    deadline_mode: str = "end_of_day"
    milestones_enforce: str = "warn"
    privacy_excerpt_chars: int = 200
    privacy_excerpt_days: int = 180
    privacy_ledger_years: int = 3

    @property
    def sla(self) -> SlaPolicy:
        """The limits a clock is started under."""
        return SlaPolicy(
            reply_minutes=self.sla_reply_minutes,
            nudge_minutes=self.sla_nudge_minutes,
            escalate_minutes=self.sla_escalate_minutes,
            reaction_ack=ReactionAck(self.sla_reaction_ack),
            reaction_allow=self.sla_reaction_allow,
        )


#: domain.md 5.9, in its order, then what other sections bound; `inf` where the register sets no upper bound
BOUNDS: Mapping[str, Bound] = {
    "sla_reply_minutes": Bound(low=1, high=30, rule="R-40", stated=True),
    "sla_nudge_minutes": Bound(low=0, high=29, rule="T-01a"),
    "sla_escalate_minutes": Bound(low=2, high=inf, rule="T-01b"),
    "timers_review_wd": Bound(low=1, high=5, rule="T-02"),
    "timers_assessment_wd": Bound(low=1, high=10, rule="T-03"),
    "timers_leader_wd": Bound(low=1, high=5, rule="T-04"),
    "timers_plan_wd": Bound(low=1, high=15, rule="T-05"),
    "timers_plan_again_wd": Bound(low=1, high=15, rule="T-05b"),
    "timers_countersign_wd": Bound(low=1, high=5, rule="T-06"),
    "timers_ledger_wd": Bound(low=1, high=3, rule="T-08"),
    "timers_acceptance_wd": Bound(low=1, high=15, rule="T-09"),
    "timers_rectification_wd": Bound(low=1, high=15, rule="T-09b"),
    "timers_archive_wd": Bound(low=1, high=15, rule="T-10"),
    "issue_grade_hours": Bound(low=1, high=8, rule="T-11"),
    "issue_general_wd": Bound(low=1, high=1, rule="R-95", stated=True),
    "issue_confirm_wd": Bound(low=1, high=5, rule="T-12c"),
    "issue_important_wd": Bound(low=1, high=3, rule="R-96", stated=True),
    "issue_coord_wd": Bound(low=1, high=3, rule="T-13b"),
    "issue_major_ack_minutes": Bound(low=1, high=inf, rule="T-14"),
    "issue_special_wd": Bound(low=1, high=3, rule="T-14b"),
    "conflict_mediation_wd": Bound(low=1, high=inf, rule="T-15"),
    "conflict_ruling_wd": Bound(low=1, high=inf, rule="T-15b"),
    "timers_minutes_wd": Bound(low=1, high=1, rule="R-62", stated=True),
    "timers_record_wd": Bound(low=1, high=3, rule="T-17"),
    "weekly_meeting_minutes": Bound(low=1, high=90, rule="R-59", stated=True),
    "weekly_sync_minutes": Bound(low=1, high=60, rule="R-54", stated=True),
    "meeting_report_wd": Bound(low=0, high=inf, rule="R-67", stated=True),
    "timers_resolution_wd": Bound(low=1, high=inf, rule="T-20a"),
    "timers_signature_wd": Bound(low=1, high=inf, rule="T-20b"),
    "liaison_notice_days": Bound(low=7, high=inf, rule="R-109", stated=True),
    "timers_confirm_task_wd": Bound(low=1, high=inf, rule="T-22"),
    "naming_fix_wd": Bound(low=1, high=inf, rule="T-23"),
    "plan_review_months": Bound(low=1, high=12, rule="R-106", stated=True),
    "training_months": Bound(low=1, high=12, rule="R-110", stated=True),
    "docs_stale_days": Bound(low=1, high=inf, rule="R-51", stated=True),
    "awards_hearing_wd": Bound(low=1, high=inf, rule="T-27"),
    "awards_confirm_wd": Bound(low=1, high=inf, rule="T-27"),
    "awards_appeal_wd": Bound(low=1, high=inf, rule="T-27"),
    "score_performance_weight": Bound(low=0.20, high=1.0, rule="R-103", stated=True),
    "weekly_meeting_weekday": Bound(low=1, high=7, rule="R-57"),
    "weekly_sync_weekday": Bound(low=1, high=7, rule="R-53"),
    "weekly_pack_minutes_before": Bound(low=0, high=1440, rule="R-61"),
    "reports_reminders_per_day": Bound(low=1, high=inf, rule="2.3"),
    "issue_report_gap_warn_wd": Bound(low=1, high=inf, rule="A-14"),
    "liaison_former_stays_wd": Bound(low=0, high=inf, rule="L-22"),
    "request_special_coop": Bound(low=1, high=inf, rule="A-02"),
    "request_special_days": Bound(low=1, high=inf, rule="A-02"),
    "request_special_budget": Bound(low=0, high=inf, rule="A-02"),
    "privacy_excerpt_chars": Bound(low=0, high=200, rule="R-113", stated=True),
    "privacy_excerpt_days": Bound(low=1, high=180, rule="R-113", stated=True),
    "privacy_ledger_years": Bound(low=3, high=inf, rule="R-113", stated=True),
}

#: values of parameters that are words
WORDS: Mapping[str, tuple[str, ...]] = {
    "sla_reaction_ack": tuple(r.value for r in ReactionAck),
    "issue_clock_start": ("graded", "filed"),
    "issue_important_done_at": ("executing", "resolved"),
    "request_review_mode": ("all_involved", "lead_only"),
    "deadline_mode": ("end_of_day", "same_time"),
    "milestones_enforce": ("warn", "block"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OutOfBounds:
    """A parameter that may not have its value, and the rule that says so."""

    key: str
    value: float
    bound: Bound


def check_parameters(parameters: Parameters) -> tuple[OutOfBounds, ...]:
    """Every parameter outside its bounds (EC-95, EC-96); the order of nudge, reply and escalation included."""
    found = [
        OutOfBounds(key=key, value=getattr(parameters, key), bound=bound)
        for key, bound in BOUNDS.items()
        if not bound.low <= getattr(parameters, key) <= bound.high
    ]
    reply = parameters.sla_reply_minutes
    known = {wrong.key for wrong in found}
    if parameters.sla_nudge_minutes >= reply and not known & {"sla_nudge_minutes", "sla_reply_minutes"}:
        limit = Bound(low=0, high=reply - 1, rule="T-01a")
        found.append(OutOfBounds(key="sla_nudge_minutes", value=parameters.sla_nudge_minutes, bound=limit))
    if parameters.sla_escalate_minutes <= reply and not known & {"sla_escalate_minutes", "sla_reply_minutes"}:
        limit = Bound(low=reply + 1, high=inf, rule="T-01b")
        found.append(OutOfBounds(key="sla_escalate_minutes", value=parameters.sla_escalate_minutes, bound=limit))
    lengths = (parameters.weekly_meeting_minutes, parameters.weekly_sync_minutes)
    for warning, length in zip(parameters.meeting_warn_minutes, lengths, strict=False):
        if not 0 < warning < length:
            limit = Bound(low=1, high=length - 1, rule="T-18a")
            found.append(OutOfBounds(key="meeting_warn_minutes", value=warning, bound=limit))
    return tuple(found)


def dotted(key: str) -> str:
    """The key as people write it: `sla_reply_minutes` is `sla.reply_minutes`."""
    return key.replace("_", ".", 1)


PARAMETER_KEYS = frozenset(f.name for f in fields(Parameters))


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """The company at one state of its file."""

    id: str = ""
    name: str = ""
    short_name: str = ""
    name_en: str = ""
    timezone: str = "Asia/Shanghai"
    plan: Plan = Plan()
    parameters: Parameters = Parameters()
    #: name of a key project -> codes of its items
    key_projects: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    primary_platform: str = ""
    platforms: tuple[str, ...] = ()
    #: the department that keeps the plan (R-117); its head stands behind the secretary (A-20)
    keeper: DepartmentId | None = None

    def is_key_item(self, code: str) -> bool:
        """Does the item serve a key project (R-88)?"""
        return any(code in items for items in self.key_projects.values())
