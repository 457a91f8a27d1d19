"""Conflicts and issues (R-86 to R-101)."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.ids import CodeKind as Kind
from bot.domain.obligation import ObligationKind as Owed
from bot.domain.timers import TimerKind as Timer
from handlers.carriers.carrier import Carrier, Report

CARRIERS: Mapping[int, Carrier] = {
    86: Carrier(
        verbs=("conflict_file", "mediate"),
        cards=(Kind.CONFLICT,),
        owed=(Owed.MEDIATION, Owed.OFFER),
        settings=("conflict_mediation_wd",),
    ),
    87: Carrier(
        verbs=("rule_conflict",),
        cards=(Kind.CONFLICT,),
        owed=(Owed.RULING,),
        settings=("conflict_ruling_wd",),
        reports=(Report.DIGEST,),
    ),
    88: Carrier(verbs=("conflict_file", "mediate"), cards=(Kind.CONFLICT,), owed=(Owed.MEDIATION,)),
    89: Carrier(verbs=("mediate",), cards=(Kind.CONFLICT,), owed=(Owed.EXECUTION,)),
    90: Carrier(verbs=("verify", "mediate"), cards=(Kind.CONFLICT,), owed=(Owed.VERIFICATION,)),
    91: Carrier(
        verbs=("verify",),
        cards=(Kind.CONFLICT,),
        owed=(Owed.VERIFICATION,),
        besides=("更正通知发到群或双方", "a correction goes to the group, or to both sides"),
    ),
    92: Carrier(verbs=("issue_file", "issue"), cards=(Kind.ISSUE,), reports=(Report.ISSUE_LEDGER,)),
    93: Carrier(verbs=("grade",), cards=(Kind.ISSUE,), owed=(Owed.GRADING,), settings=("issue_grade_hours",)),
    94: Carrier(verbs=("grade", "raise_level"), cards=(Kind.ISSUE,)),
    95: Carrier(
        verbs=("result",),
        cards=(Kind.ISSUE,),
        owed=(Owed.ISSUE,),
        settings=("issue_general_wd",),
        reports=(Report.DIGEST, Report.ISSUE_LEDGER),
    ),
    96: Carrier(
        verbs=("meeting_plan", "solution"),
        cards=(Kind.ISSUE, Kind.MEETING),
        owed=(Owed.ISSUE, Owed.MEETING),
        settings=("issue_important_wd", "issue_coord_wd"),
        reports=(Report.DIGEST,),
    ),
    97: Carrier(
        verbs=("grade", "take_note"),
        cards=(Kind.ISSUE,),
        timers=(Timer.MAJOR_ACK,),
        owed=(Owed.ACKNOWLEDGE,),
        settings=("issue_major_ack_minutes",),
        reports=(Report.DIGEST,),
    ),
    98: Carrier(
        verbs=("take_note", "meeting_plan", "solution"),
        cards=(Kind.ISSUE, Kind.MEETING),
        owed=(Owed.MEETING,),
        settings=("issue_special_wd",),
    ),
    99: Carrier(verbs=("solution", "plan_revise"), cards=(Kind.ISSUE, Kind.PLAN)),
    100: Carrier(verbs=("ledger", "export", "merge", "not_accept"), reports=(Report.ISSUE_LEDGER,)),
    101: Carrier(
        verbs=("confirm", "not_solved", "close", "reopen"),
        cards=(Kind.ISSUE,),
        owed=(Owed.CONFIRM_RESULT, Owed.CLOSE_ISSUE),
        settings=("issue_confirm_wd",),
        reports=(Report.ISSUE_LEDGER,),
    ),
}
