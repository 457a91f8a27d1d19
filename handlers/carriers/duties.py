"""Duties of departments (R-28 to R-37)."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.ids import CodeKind as Kind
from bot.domain.obligation import ObligationKind as Owed
from bot.domain.timers import TimerKind as Timer
from handlers.carriers.carrier import Carrier, Report

CARRIERS: Mapping[int, Carrier] = {
    28: Carrier(verbs=("request_new", "request_submit"), cards=(Kind.REQUEST,), timers=(Timer.REQUEST_IDLE,)),
    29: Carrier(
        verbs=("plan_write", "plan_submit"), cards=(Kind.PLAN,), owed=(Owed.PLAN,), settings=("timers_plan_wd",)
    ),
    30: Carrier(verbs=("item", "acceptance"), cards=(Kind.ITEM, Kind.ACCEPTANCE), reports=(Report.PROGRESS_LEDGER,)),
    31: Carrier(verbs=("contact",), cards=(Kind.ITEM,), owed=(Owed.CONTACT,)),
    32: Carrier(verbs=("request_new", "plan_write"), cards=(Kind.REQUEST, Kind.PLAN)),
    33: Carrier(
        verbs=("progress", "task_done", "extend"),
        cards=(Kind.TASK,),
        owed=(Owed.TASK, Owed.CONFIRM_TASK),
        settings=("timers_confirm_task_wd",),
        reports=(Report.DIGEST, Report.SCORECARD),
    ),
    34: Carrier(verbs=("progress", "block"), cards=(Kind.TASK,), timers=(Timer.WEEK_START,)),
    35: Carrier(
        verbs=("peer_rating",),
        owed=(Owed.RATING,),
        reports=(Report.SCORECARD,),
        by_people=(
            "有没有全局意识由合作部门评价；互评计入评分",
            "whether the whole was kept in view is for the other departments to say, in their rating",
        ),
    ),
    36: Carrier(
        verbs=("rule_conflict", "propose_criticism"),
        cards=(Kind.CONFLICT, Kind.PROPOSAL),
        by_people=(
            "推诿只由人认定：裁定或经确认的建议；系统从不推断",
            "only people declare it, in a ruling or a confirmed proposal; it is never inferred",
        ),
    ),
    37: Carrier(
        verbs=("issue_file",),
        cards=(Kind.ISSUE,),
        settings=("issue_report_gap_warn_wd",),
        reports=(Report.ISSUE_LEDGER,),
    ),
}
