"""The five steps of special collaboration (R-71 to R-85)."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.ids import CodeKind as Kind
from bot.domain.obligation import ObligationKind as Owed
from bot.domain.timers import TimerKind as Timer
from handlers.carriers.carrier import Carrier, Report

CARRIERS: Mapping[int, Carrier] = {
    71: Carrier(verbs=("request_new", "raise_level", "lower_level"), cards=(Kind.REQUEST,)),
    72: Carrier(verbs=("request_new", "request"), cards=(Kind.REQUEST,), timers=(Timer.REQUEST_IDLE,)),
    73: Carrier(verbs=("request", "request_submit"), cards=(Kind.REQUEST,)),
    74: Carrier(
        verbs=("approve", "send_back"),
        cards=(Kind.REQUEST,),
        owed=(Owed.REVIEW,),
        settings=("timers_review_wd",),
        reports=(Report.DIGEST,),
    ),
    75: Carrier(
        verbs=("meeting_plan",),
        cards=(Kind.REQUEST, Kind.MEETING),
        owed=(Owed.ASSESSMENT,),
        settings=("timers_assessment_wd",),
    ),
    76: Carrier(verbs=("assess",), cards=(Kind.REQUEST,)),
    77: Carrier(verbs=("assess",), cards=(Kind.REQUEST,), owed=(Owed.MINUTES,)),
    78: Carrier(
        verbs=("approve", "reject", "send_back"),
        cards=(Kind.REQUEST,),
        owed=(Owed.LEADER,),
        settings=("timers_leader_wd",),
        reports=(Report.DIGEST,),
    ),
    79: Carrier(
        verbs=("plan_write", "plan_submit", "countersign"),
        cards=(Kind.PLAN,),
        owed=(Owed.PLAN, Owed.COUNTERSIGN),
        settings=("timers_plan_wd", "timers_countersign_wd"),
    ),
    80: Carrier(verbs=("plan_write", "plan_submit"), cards=(Kind.PLAN,)),
    81: Carrier(
        verbs=("weekly_progress", "report_waive"),
        cards=(Kind.REPORT,),
        owed=(Owed.WEEKLY_REPORT,),
        settings=("weekly_report_at",),
        reports=(Report.DIGEST, Report.WEEKLY),
    ),
    82: Carrier(
        verbs=("confirm", "ledger"),
        cards=(Kind.REPORT,),
        owed=(Owed.CONFIRM_LEDGER,),
        settings=("timers_ledger_wd",),
        reports=(Report.PROGRESS_LEDGER,),
    ),
    83: Carrier(verbs=("acceptance",), cards=(Kind.ACCEPTANCE,)),
    84: Carrier(
        verbs=("meeting_plan", "vote", "conclude", "rectify"),
        cards=(Kind.ACCEPTANCE, Kind.MEETING),
        owed=(Owed.ACCEPTANCE, Owed.VOTE, Owed.RECTIFICATION),
        settings=("timers_acceptance_wd", "timers_rectification_wd"),
    ),
    85: Carrier(
        verbs=("archive",),
        cards=(Kind.ACCEPTANCE,),
        owed=(Owed.ARCHIVE,),
        settings=("timers_archive_wd",),
        reports=(Report.PROGRESS_LEDGER,),
    ),
}
