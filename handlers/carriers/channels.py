"""Daily communication (R-38 to R-56)."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.ids import CodeKind as Kind
from bot.domain.obligation import ObligationKind as Owed
from bot.domain.timers import TimerKind as Timer
from handlers.carriers.carrier import LEAVE, SLA, Carrier, Report

CARRIERS: Mapping[int, Carrier] = {
    38: Carrier(
        verbs=("status",),
        timers=(Timer.DIRECTORY_SYNC,),
        besides=("通讯录以外的人一律不受理", "whoever the directory does not know is refused"),
    ),
    39: Carrier(verbs=("leave", "leave_end", "leave_decline"), timers=LEAVE),
    40: Carrier(
        verbs=("ask", "acknowledge", "still_waiting", "why"),
        cards=(Kind.CLOCK,),
        timers=(*SLA, Timer.SLA_CLOSE),
        settings=("sla_reply_minutes",),
        reports=(Report.DIGEST, Report.SCORECARD),
    ),
    41: Carrier(verbs=("group_create", "group_join"), cards=(Kind.ITEM,), timers=(Timer.GROUP_CHECK,)),
    42: Carrier(
        verbs=("group_check",),
        timers=(Timer.GROUP_CHECK,),
        settings=("group_allowed_extra",),
        reports=(Report.DIGEST,),
    ),
    43: Carrier(
        besides=("超过 500 字私下提示", "a private hint above 500 characters"),
        by_people=(
            "怎样算简明由写的人把握；只提示，不拦截",
            "what is short and clear is for the writer to judge; nothing is blocked",
        ),
    ),
    44: Carrier(verbs=("key", "acknowledge"), cards=(Kind.CLOCK,), timers=SLA),
    45: Carrier(besides=("刷屏时私下提示，不公开", "a private hint to whoever floods, never in public")),
    46: Carrier(verbs=("document_register", "document_check"), cards=(Kind.DOCUMENT,), timers=(Timer.DOCUMENTS,)),
    47: Carrier(verbs=("document_register", "document_folder"), cards=(Kind.DOCUMENT,)),
    48: Carrier(verbs=("document_rights",), cards=(Kind.DOCUMENT,), timers=(Timer.DOCUMENTS,)),
    49: Carrier(
        verbs=("document_register", "document_category", "archive"), cards=(Kind.DOCUMENT,), owed=(Owed.ARCHIVE,)
    ),
    50: Carrier(
        verbs=("document_register", "document_rename", "document_check"),
        cards=(Kind.DOCUMENT,),
        owed=(Owed.NAMING,),
        settings=("naming_separator", "naming_fix_wd"),
        reports=(Report.DIGEST, Report.WEEKLY),
    ),
    51: Carrier(
        verbs=("document_update",),
        cards=(Kind.DOCUMENT,),
        timers=(Timer.DOCUMENTS,),
        settings=("docs_stale_days",),
        reports=(Report.WEEKLY,),
    ),
    52: Carrier(verbs=("sync_record", "meeting"), cards=(Kind.MEETING,), timers=(Timer.WEEK_START,)),
    53: Carrier(
        verbs=("meeting", "sync_record"),
        timers=(Timer.WEEK_START, Timer.SYNC_CALL),
        owed=(Owed.SYNC,),
        reports=(Report.WEEKLY,),
    ),
    54: Carrier(
        verbs=("meeting_start", "meeting_end"),
        cards=(Kind.MEETING,),
        timers=(Timer.MEETING_LONG,),
        settings=("weekly_sync_minutes", "meeting_warn_minutes"),
    ),
    55: Carrier(verbs=("sync_record",), owed=(Owed.MINUTES,), settings=("timers_record_wd",)),
    56: Carrier(verbs=("sync_submit",), besides=("提交即转发", "sent on as soon as it is submitted")),
}
