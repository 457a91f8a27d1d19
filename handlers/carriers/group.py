"""The coordination group (R-11 to R-27)."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.ids import CodeKind as Kind
from bot.domain.obligation import ObligationKind as Owed
from bot.domain.timers import TimerKind as Timer
from handlers.carriers.carrier import LEAVE, SLA, Carrier, Report

CARRIERS: Mapping[int, Carrier] = {
    11: Carrier(
        verbs=("organisation",),
        reports=(Report.COVERAGE,),
        besides=("没有组长或执行秘书不启动", "without leader or secretary the program does not start"),
    ),
    12: Carrier(verbs=("organisation", "leave"), timers=LEAVE, reports=(Report.COVERAGE,)),
    13: Carrier(
        verbs=("approve", "reject", "send_back"),
        cards=(Kind.REQUEST, Kind.PLAN),
        owed=(Owed.LEADER,),
        settings=("timers_leader_wd",),
        reports=(Report.DIGEST,),
    ),
    14: Carrier(
        verbs=("rule_conflict", "take_note"),
        cards=(Kind.CONFLICT, Kind.ISSUE),
        timers=(Timer.MAJOR_ACK,),
        owed=(Owed.RULING, Owed.ACKNOWLEDGE),
        reports=(Report.DIGEST,),
    ),
    15: Carrier(
        verbs=("digest", "weekly_report", "score", "confirm_proposal"),
        cards=(Kind.PROPOSAL,),
        timers=(Timer.DIGEST, Timer.MONTHLY),
        owed=(Owed.PROPOSAL,),
        reports=(Report.DIGEST, Report.WEEKLY, Report.SCORECARD),
    ),
    16: Carrier(verbs=("organisation",), timers=(Timer.COVERAGE,), reports=(Report.COVERAGE,)),
    17: Carrier(
        verbs=("team_todo", "tasks"), cards=(Kind.TASK,), owed=(Owed.TASK,), reports=(Report.DIGEST, Report.SCORECARD)
    ),
    18: Carrier(verbs=("meeting_join", "meeting_delegate", "minutes"), cards=(Kind.MEETING,), reports=(Report.WEEKLY,)),
    19: Carrier(
        verbs=("countersign", "extend"),
        cards=(Kind.PLAN, Kind.TASK),
        owed=(Owed.COUNTERSIGN, Owed.EXTENSION),
        reports=(Report.SCORECARD,),
    ),
    20: Carrier(
        verbs=("organisation",), besides=("在其他部门时启动即提示", "pointed out at the start where it is otherwise")
    ),
    21: Carrier(
        verbs=("meeting_plan", "minutes", "minutes_publish"),
        cards=(Kind.MEETING,),
        timers=(Timer.WEEK_START,),
        owed=(Owed.MINUTES,),
    ),
    22: Carrier(verbs=("ledger", "annotate", "export"), owed=(Owed.CONFIRM_LEDGER,), reports=(Report.PROGRESS_LEDGER,)),
    23: Carrier(
        verbs=("feedback_ask", "feedback", "digest", "digest_note", "weekly_report", "ask"),
        timers=(Timer.DIGEST,),
        reports=(Report.DIGEST, Report.WEEKLY),
    ),
    24: Carrier(
        verbs=("organisation", "liaison_change"), timers=(Timer.COVERAGE,), reports=(Report.COVERAGE, Report.DIGEST)
    ),
    25: Carrier(verbs=("ask", "acknowledge"), cards=(Kind.CLOCK,), timers=SLA),
    26: Carrier(verbs=("progress", "issue_file", "tasks"), cards=(Kind.TASK,), owed=(Owed.TASK,)),
    27: Carrier(verbs=("document_register", "liaison_changes"), cards=(Kind.LIAISON_CHANGE,), owed=(Owed.HANDOVER,)),
}
