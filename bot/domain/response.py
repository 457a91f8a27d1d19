"""Response timeliness for reports (domain.md 6.1 section 五, K1): which verdicts fall into a window, and how quick answers were."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from statistics import median

from bot.domain.reply_clock import ClockState, ReplyClock


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseFigures:
    """Counts of verdicts in `(start, end]`; `rate` in percent and `median_minutes` with one decimal, None without sample."""

    on_time: int = 0
    late: int = 0
    cancelled: int = 0
    median_minutes: Decimal | None = None
    #: verdicts that changed after they were reported, once each (L-32)
    corrected: tuple[str, ...] = ()

    @property
    def counted(self) -> int:
        """Verdicts that count: on time and late."""
        return self.on_time + self.late

    @property
    def rate(self) -> Decimal | None:
        """Percent on time, one decimal, half up."""
        if not self.counted:
            return None
        return one_decimal(Decimal(100) * self.on_time / self.counted)


def one_decimal(value: Decimal) -> Decimal:
    """Half up, one decimal (6.1)."""
    return value.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


def response_figures(
    clocks: Sequence[ReplyClock], *, start: datetime, end: datetime, reported_at: datetime | None = None
) -> ResponseFigures:
    """Figures over the clocks whose verdict falls into `(start, end]`.

    `reported_at` is when the figures up to `start` were reported: what was reached before `start` but learned only after
    that report is counted now, so that nothing falls between two reports. A late clock's verdict is the breach, whenever
    the answer comes; the median is over the clocks answered in the window.
    """
    within = [c for c in clocks if _counts_in(c, start, end) or _missed(c, start, reported_at)]
    late = [c for c in within if c.state in {ClockState.BREACHED, ClockState.ANSWERED_LATE}]
    answered = [
        c.elapsed_seconds
        for c in clocks
        if c.answered_at is not None and c.elapsed_seconds is not None and start < c.answered_at <= end
    ]
    return ResponseFigures(
        on_time=sum(c.state is ClockState.ANSWERED_IN_TIME for c in within),
        late=len(late),
        cancelled=sum(c.state is ClockState.CANCELLED for c in within),
        median_minutes=one_decimal(Decimal(str(median(answered))) / 60) if answered else None,
        corrected=tuple(sorted(c.code for c in clocks if _corrected_in(c, start, end))),
    )


def _counts_in(clock: ReplyClock, start: datetime, end: datetime) -> bool:
    return clock.verdict_at is not None and start < clock.verdict_at <= end


def _missed(clock: ReplyClock, start: datetime, reported_at: datetime | None) -> bool:
    """Reached in an earlier window, but not known when that window was reported."""
    if reported_at is None or clock.verdict_at is None or clock.learned_at is None:
        return False
    return clock.verdict_at <= start and clock.learned_at > reported_at


def _corrected_in(clock: ReplyClock, start: datetime, end: datetime) -> bool:
    """A verdict of an earlier window that was changed by something learned in this one."""
    return (
        clock.corrected_at is not None
        and start < clock.corrected_at <= end
        and clock.reported_verdict_at is not None
        and clock.reported_verdict_at <= start
    )
