"""Cover, purpose, scope and principles (R-01 to R-10)."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.ids import CodeKind as Kind
from bot.domain.obligation import ObligationKind as Owed
from bot.domain.timers import TimerKind as Timer
from handlers.carriers.carrier import Carrier, Report

CARRIERS: Mapping[int, Carrier] = {
    1: Carrier(verbs=("plan",), besides=("记录注明所依据的方案版本", "records say under which version they were made")),
    2: Carrier(
        verbs=("weekly_report",),
        reports=(Report.WEEKLY,),
        by_people=(
            "目的达到没有由人判断；周报开头给每个目的一项指标",
            "whether an aim is reached is for people to say; the weekly report opens with a figure for each",
        ),
    ),
    3: Carrier(verbs=("request_new", "item"), cards=(Kind.REQUEST,), reports=(Report.PROGRESS_LEDGER,)),
    4: Carrier(verbs=("organisation",), besides=("部门以公司文件为准", "departments are those of the company file")),
    5: Carrier(verbs=("request_new", "issue_file"), cards=(Kind.REQUEST, Kind.ISSUE)),
    6: Carrier(
        verbs=("request_new", "rule_conflict"),
        cards=(Kind.REQUEST, Kind.CONFLICT),
        by_people=(
            "是不是本位主义由人判断；需求单写明公司目标，裁定时目标在前",
            "whether a department thinks of itself first is for people to say; forms ask for the company's goal",
        ),
    ),
    7: Carrier(verbs=("item", "plan_write", "tasks"), cards=(Kind.PLAN, Kind.TASK), reports=(Report.PROGRESS_LEDGER,)),
    8: Carrier(verbs=("ask", "request_submit", "issue_file"), cards=(Kind.CLOCK, Kind.REQUEST, Kind.ISSUE)),
    9: Carrier(
        verbs=("kudos", "peer_rating", "propose_award"),
        owed=(Owed.RATING,),
        reports=(Report.SCORECARD,),
        by_people=(
            "主动不主动由同事评价；表扬、互评和优秀奖只是提供场合",
            "initiative is judged by colleagues; kudos, ratings and the award only give the occasion",
        ),
    ),
    10: Carrier(
        verbs=("issue_file", "conflict_file"),
        cards=(Kind.ISSUE, Kind.CONFLICT),
        timers=(Timer.DEADLINE, Timer.MAJOR_ACK),
        reports=(Report.DIGEST, Report.ISSUE_LEDGER),
    ),
}
