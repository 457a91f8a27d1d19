"""Safeguards, supplementary clauses and attachments (R-102 to R-121)."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.ids import CodeKind as Kind
from bot.domain.obligation import ObligationKind as Owed
from bot.domain.timers import TimerKind as Timer
from handlers.carriers.carrier import Carrier, Report

CARRIERS: Mapping[int, Carrier] = {
    102: Carrier(verbs=("score", "own_score", "score_detail"), timers=(Timer.MONTHLY,), reports=(Report.SCORECARD,)),
    103: Carrier(
        verbs=("score",),
        settings=("score_performance_weight",),
        reports=(Report.SCORECARD,),
        besides=("低于 20% 不启动", "below 20 % the program does not start"),
    ),
    104: Carrier(
        verbs=("propose_award", "put_forward", "confirm_proposal", "publish_notice"),
        cards=(Kind.PROPOSAL,),
        timers=(Timer.MONTHLY,),
        owed=(Owed.PROPOSAL,),
        reports=(Report.DIGEST,),
    ),
    105: Carrier(
        verbs=("propose_criticism", "state_case", "confirm_proposal", "appeal"),
        cards=(Kind.PROPOSAL,),
        timers=(Timer.MONTHLY,),
        owed=(Owed.STATEMENT, Owed.PROPOSAL),
        reports=(Report.DIGEST,),
    ),
    106: Carrier(verbs=("plan",), timers=(Timer.MONTHLY,), settings=("plan_review_months",)),
    107: Carrier(
        verbs=("liaison_change", "organisation"),
        cards=(Kind.LIAISON_CHANGE,),
        timers=(Timer.COVERAGE,),
        reports=(Report.COVERAGE, Report.DIGEST),
    ),
    108: Carrier(
        verbs=("liaison_change",),
        cards=(Kind.LIAISON_CHANGE,),
        by_people=(
            "是否合适由负责人判断；任命时逐项确认三点",
            "who is fit is for the head to judge, who confirms three points on the card",
        ),
    ),
    109: Carrier(
        verbs=("liaison_change", "liaison_move", "liaison_urgent"),
        cards=(Kind.LIAISON_CHANGE,),
        timers=(Timer.LIAISON_EFFECTIVE,),
        owed=(Owed.CONSENT, Owed.HANDOVER),
        settings=("liaison_notice_days",),
        reports=(Report.WEEKLY,),
    ),
    110: Carrier(
        verbs=("training_plan", "training_record", "trainings"),
        timers=(Timer.MONTHLY,),
        settings=("training_months",),
    ),
    111: Carrier(
        verbs=("status", "doctor"),
        by_people=(
            "工具由公司提供；状态和体检说明运行得怎样",
            "the company provides the tools; status and doctor say how they run",
        ),
    ),
    112: Carrier(verbs=("doctor", "status", "release", "revive"), timers=(Timer.DIRECTORY_SYNC,)),
    113: Carrier(
        verbs=("confidential", "secrecy", "access"), timers=(Timer.RETENTION,), reports=(Report.DIGEST, Report.WEEKLY)
    ),
    114: Carrier(
        verbs=("secrecy", "access"),
        besides=("每次输出都检查权限，操作留痕", "rights are looked at at every output, and every act is on record"),
    ),
    115: Carrier(verbs=("conflict_file", "mediate"), cards=(Kind.CONFLICT,), owed=(Owed.MEDIATION,)),
    116: Carrier(verbs=("refer", "office_decision"), cards=(Kind.CONFLICT,)),
    117: Carrier(
        verbs=("plan", "rule"),
        timers=(Timer.MONTHLY,),
        besides=("参数只由其负责人和执行秘书修改", "parameters are changed by its head and the secretary only"),
    ),
    118: Carrier(verbs=("plan",), besides=("生效之前不计时", "nothing is timed before that day")),
    119: Carrier(verbs=("plan",)),
    120: Carrier(
        verbs=("request", "issue", "ledger", "minutes", "export"),
        reports=(Report.PAPERS, Report.PROGRESS_LEDGER, Report.ISSUE_LEDGER),
    ),
    121: Carrier(verbs=("request_new", "request"), cards=(Kind.REQUEST,), reports=(Report.PAPERS,)),
}
