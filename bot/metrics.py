"""What the program counts about itself, in the text format of Prometheus.

Every instance has a registry of its own, so that several programs in one process (tests, the playground) do not add up.
Labels are words of the program (platforms, kinds, results), never anything that a person or a platform wrote.
"""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

CONTENT_TYPE = CONTENT_TYPE_LATEST

#: seconds until a callback is answered; promised are 0.3 at the 99th percentile and never more than 2.5 (P7)
ACKNOWLEDGEMENT_BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.3, 0.5, 1.0, 2.5, 5.0)
#: seconds after its due time at which a timer fires; promised are 5 normally, 30 after an outage (P4)
LATENESS_BUCKETS = (0.1, 0.5, 1.0, 2.0, 5.0, 30.0, 300.0, 3600.0)


class Metrics:
    """Counters and gauges of one running program."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self._accepted = Counter(
            "huiyin_updates_accepted",
            "Updates from a platform, stored before they were acknowledged",
            ["platform", "is_new"],
            registry=registry,
        )
        self._handled = Counter("huiyin_updates_handled", "Updates handled", ["kind", "result"], registry=registry)
        self._happened = Counter("huiyin_events", "What handlers counted", ["name"], registry=registry)
        self._timers = Histogram(
            "huiyin_timer_late_seconds",
            "Seconds between due and fired",
            ["kind"],
            buckets=LATENESS_BUCKETS,
            registry=registry,
        )
        self._sent = Counter(
            "huiyin_calls", "Calls to a platform", ["platform", "operation", "result"], registry=registry
        )
        self._rejected = Counter(
            "huiyin_callbacks_rejected",
            "Callbacks that were not believed or not taken",
            ["platform"],
            registry=registry,
        )
        self._acknowledged = Histogram(
            "huiyin_acknowledgement_seconds",
            "Seconds from the last byte of a callback to its answer",
            ["platform"],
            buckets=ACKNOWLEDGEMENT_BUCKETS,
            registry=registry,
        )
        self._waiting = Gauge("huiyin_queue_waiting", "Rows that wait", ["queue"], registry=registry)
        self._oldest = Gauge("huiyin_queue_oldest_seconds", "Age of the oldest row", ["queue"], registry=registry)
        self._dead = Gauge("huiyin_dead_letters", "Updates that could not be handled", registry=registry)
        self._unknown = Gauge("huiyin_unknown_outcomes", "Calls of which nobody knows the outcome", registry=registry)
        self._next_timer = Gauge(
            "huiyin_next_timer_seconds", "Seconds until the next timer is due; negative when overdue", registry=registry
        )
        self._connected = Gauge("huiyin_connected", "1 while events can come in", ["platform"], registry=registry)
        self._reconnects = Gauge("huiyin_reconnects", "Connections made anew", ["platform"], registry=registry)
        self._ready = Gauge("huiyin_ready", "1 while /readyz says yes", registry=registry)

    # ------------------------------------------------------------ what the pumps count

    def accepted(self, platform: str, *, is_new: bool) -> None:
        """An update was stored, or was known already."""
        self._accepted.labels(platform, _flag(is_new)).inc()

    def handled(self, kind: str, *, ok: bool) -> None:
        """An update was handled, or its handler failed."""
        self._handled.labels(kind, "ok" if ok else "failed").inc()

    def happened(self, name: str, times: int = 1) -> None:
        """Something a handler counts; `name` is a word of the program."""
        self._happened.labels(name).inc(times)

    def timer_fired(self, kind: str, *, late_seconds: float) -> None:
        """A timer fired so many seconds after it was due."""
        self._timers.labels(kind).observe(max(0.0, late_seconds))

    def sent(self, platform: str, operation: str, result: str) -> None:
        """A call to a platform ended with `sent` or the kind of its failure."""
        self._sent.labels(platform, operation, result).inc()

    def rejected(self, platform: str) -> None:
        """A callback was refused."""
        self._rejected.labels(platform).inc()

    def acknowledged(self, platform: str, seconds: float) -> None:
        """A callback was answered after so many seconds."""
        self._acknowledged.labels(platform).observe(seconds)

    # ------------------------------------------------------------ what is looked at when somebody asks

    def queue(self, name: str, *, waiting: int, oldest_seconds: float) -> None:
        """State of a queue; 0 seconds when it is empty."""
        self._waiting.labels(name).set(waiting)
        self._oldest.labels(name).set(max(0.0, oldest_seconds))

    def left_over(self, *, dead_letters: int, unknown_outcomes: int) -> None:
        """What waits for a person."""
        self._dead.set(dead_letters)
        self._unknown.set(unknown_outcomes)

    def next_timer(self, seconds: float | None) -> None:
        """Seconds until the next timer; not a number while none is armed."""
        self._next_timer.set(float("nan") if seconds is None else seconds)

    def connection(self, platform: str, *, is_connected: bool, reconnects: int) -> None:
        """The inbound side of a platform."""
        self._connected.labels(platform).set(is_connected)
        self._reconnects.labels(platform).set(reconnects)

    def ready(self, is_ready: bool) -> None:
        """What `/readyz` says."""
        self._ready.set(is_ready)

    def value(self, name: str, **labels: str) -> float:
        """One figure, 0 when nothing was counted under these labels."""
        return self._registry.get_sample_value(name, labels) or 0.0

    def render(self) -> bytes:
        """Everything, as `/metrics` answers it."""
        return generate_latest(self._registry)


def _flag(value: bool) -> str:
    return "true" if value else "false"
