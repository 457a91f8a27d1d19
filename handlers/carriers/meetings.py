"""Meetings (R-57 to R-70)."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.ids import CodeKind as Kind
from bot.domain.obligation import ObligationKind as Owed
from bot.domain.timers import TimerKind as Timer
from handlers.carriers.carrier import Carrier, Report

CARRIERS: Mapping[int, Carrier] = {
    57: Carrier(
        verbs=("meeting_plan", "meeting_move", "meeting_cancel"),
        cards=(Kind.MEETING,),
        timers=(Timer.WEEK_START, Timer.MEETING_NEAR, Timer.MEETING_UNHELD),
        settings=("weekly_meeting_weekday", "weekly_meeting_at"),
        reports=(Report.DIGEST,),
    ),
    58: Carrier(verbs=("meeting_join", "meeting_delegate", "meeting_mark"), cards=(Kind.MEETING,)),
    59: Carrier(
        verbs=("meeting_start", "meeting_end"),
        cards=(Kind.MEETING,),
        timers=(Timer.MEETING_LONG, Timer.MEETING_OPEN_END),
        settings=("weekly_meeting_minutes", "meeting_warn_minutes"),
        reports=(Report.WEEKLY,),
    ),
    60: Carrier(verbs=("meeting_start", "meeting_mark"), cards=(Kind.MEETING,)),
    61: Carrier(
        verbs=("weekly_progress", "minutes"),
        cards=(Kind.REPORT,),
        timers=(Timer.WEEKLY_PACK,),
        owed=(Owed.WEEKLY_REPORT,),
        reports=(Report.WEEKLY,),
    ),
    62: Carrier(
        verbs=("minutes", "minutes_publish"),
        owed=(Owed.MINUTES,),
        settings=("timers_minutes_wd",),
        reports=(Report.DIGEST, Report.WEEKLY),
    ),
    63: Carrier(verbs=("minutes", "minutes_publish"), besides=("缺项不能发布", "not published while one is missing")),
    64: Carrier(verbs=("meeting_plan",), cards=(Kind.MEETING,), timers=(Timer.WEEK_START,)),
    65: Carrier(verbs=("meeting_plan", "meeting_join"), cards=(Kind.MEETING,)),
    66: Carrier(verbs=("meeting_plan", "meeting_start"), cards=(Kind.MEETING,)),
    67: Carrier(
        verbs=("progress_statement",),
        cards=(Kind.MEETING,),
        owed=(Owed.PROGRESS_REPORT,),
        settings=("meeting_report_wd",),
        reports=(Report.DIGEST,),
    ),
    68: Carrier(verbs=("progress_statement", "resolution")),
    69: Carrier(
        verbs=("resolution", "resolution_submit"),
        cards=(Kind.RESOLUTION,),
        owed=(Owed.RESOLUTION,),
        settings=("timers_resolution_wd",),
    ),
    70: Carrier(
        verbs=("sign", "send_back", "resolution_amend"),
        cards=(Kind.RESOLUTION,),
        owed=(Owed.RESOLUTION,),
        settings=("timers_signature_wd",),
        reports=(Report.DIGEST,),
    ),
}
