"""The metrics of docs/monitoring.md, as Prometheus reads them. No label names a tenant, a person or a case."""

import asyncio
import platform
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Info,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector

from app.requests import PLACES, REASONS, refused
from app.seeing import Span
from rules.lifecycle import OVER, Status
from store.depths import Depth
from store.noted import Noted
from store.store import Store, Unavailable
from store.work import Work

disable_created_metrics()  # type: ignore[no-untyped-call] # they would double what is told
FRESH = 5.0  # seconds for which the database is not asked again, however often somebody looks
PATIENCE = 2.0  # seconds
STALE = {"CaseMoved", "AlreadyTaken", "QuestionClosed"}
"""Refusals of who came second, or looked at an old picture."""
ACKS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10)
UNITS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
LAGS = (1, 2, 5, 15, 60, 300, 900, 3600)
PAUSES = (1, 5, 15, 30, 60, 300, 900, 3600)
LOOP = (0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 5)
RESULTS = ("sent", "refused", "later", "throttled", "unclear")


class Metrics:
    """Counts what it is shown, and looks at the database when it is read."""

    def __init__(self, channels: Iterable[str], database: str, store: Store) -> None:
        self.registry = of = CollectorRegistry(auto_describe=False)
        self._store, self._depths = store, _Depths(of)
        about = "Acts of people and programs that got past the edge"
        self.received = _counter(of, "events_received", about, "platform")
        about = "Acts that were delivered again and changed nothing"
        self.duplicate = _counter(of, "events_duplicate", about, "platform")
        about = "Requests that were not answered as they asked, by why"
        self.rejected = _counter(of, "events_rejected", about, "platform", "reason")
        about = "Seconds until whoever brought an act had its answer"
        self.ack = Histogram("supporthub_ack_seconds", about, ["platform"], buckets=ACKS, registry=of)
        about = "Verbs on cases: done, refused, or stale where somebody else came first"
        self.transitions = _counter(of, "transitions", about, "verb", "result")
        self.sends = _counter(of, "sends", "Attempts to send a message, by how they ended", "platform", "result")
        about = "Messages looked up because an earlier attempt may have arrived"
        self.ambiguous = _counter(of, "ambiguous_sends", about, "platform")
        self.dead = _counter(of, "dead_letters", "Messages that were given up", "platform")
        about = "Seconds for which a channel asked to be left alone"
        self.pauses = Histogram("supporthub_retry_after_seconds", about, ["platform"], buckets=PAUSES, registry=of)
        self.fired = _counter(of, "escalations_fired", "Warnings of the ladder, by its step", "level")
        about = "Seconds between the moment for which a warning was set and the round that gave it"
        self.lag = Histogram("supporthub_escalation_lag_seconds", about, buckets=LAGS, registry=of)
        about = "Cases whose next warning is late, or whose last ones reached nobody, by the latest audit"
        self.violations = Gauge("supporthub_escalation_audit_violations", about, registry=of)
        about = "When that audit ended, in seconds since 1970; 0: not yet"
        self.audited = Gauge("supporthub_escalation_audit_timestamp_seconds", about, registry=of)
        about = "Seconds that a unit of work took, waiting for its turn included"
        self.units = Histogram("supporthub_db_seconds", about, ["unit"], buckets=UNITS, registry=of)
        self.busy = _counter(of, "db_busy", "Units of work that the database did not do", "unit")
        about = "Seconds by which the event loop came late to a look at the clock"
        self.loop = Histogram("supporthub_loop_lag_seconds", about, buckets=LOOP, registry=of)
        build = {"version": version("supporthub"), "python": platform.python_version(), "database": database}
        Info("supporthub_build", "What runs here", registry=of).info(build)
        ProcessCollector(registry=of)
        self._prepare(list(channels))

    def watch_disk(self, of: str, folder: Path) -> None:
        self._depths.disk.labels(of).set_function(lambda: _free(folder))

    def watch_keys(self, *refreshes: Mapping[str, int]) -> None:
        """``refreshes``: how often a vendor's signing keys were asked for, by how that ended."""
        self.registry.register(_Keys(refreshes))

    def begun(self, span: Span) -> None:
        pass

    def ended(self, span: Span) -> None:
        match span.what:
            case "act":
                self._acted(span)
            case "unit":
                self.units.labels(span.which).observe(span.seconds)
                if span.result == "busy":
                    self.busy.labels(span.which).inc()
                for each in span.noted:
                    self._happened(each)
            case "send":
                self._sent(span)

    def requested(self, whose: str, method: str, status: int, seconds: float) -> None:
        """An HTTP request; of those that only look nobody waits for an acknowledgement."""
        if why := refused(status):
            self.rejected.labels(whose, why).inc()
        if method == "POST":
            self.ack.labels(whose).observe(seconds)

    async def exposition(self, now: datetime) -> bytes:
        await self._depths.look(self._store, now)
        return generate_latest(self.registry)

    def _acted(self, span: Span) -> None:
        self.received.labels(span.which).inc()
        if not span.requested:
            self.ack.labels(span.which).observe(span.seconds)
        for each in span.noted:
            if each.what == "again":
                self.duplicate.labels(span.which).inc()
            elif each.what == "refused" and span.verb:
                self.transitions.labels(span.verb, "stale" if each.which in STALE else "refused").inc()

    def _happened(self, noted: Noted) -> None:
        match noted.what:
            case "moved":
                self.transitions.labels(noted.which, "done").inc()
            case "dead":
                self.dead.labels(noted.which).inc()
            case "warned":
                self.fired.labels(noted.which).inc()
                self.lag.observe(noted.late)

    def _sent(self, span: Span) -> None:
        if span.looked:
            self.ambiguous.labels(span.which).inc()
            return
        self.sends.labels(span.which, span.result).inc()
        if span.after is not None:
            self.pauses.labels(span.which).observe(span.after.total_seconds())

    def _prepare(self, channels: Sequence[str]) -> None:
        """What has not happened yet is 0, not absent: only so does Prometheus see the first time."""
        for name in channels:
            for metric in (self.received, self.duplicate, self.ambiguous, self.dead, self.ack, self.pauses):
                metric.labels(name)
            for result in RESULTS:
                self.sends.labels(name, result)
        for name in set(PLACES.values()):
            for why in {*REASONS.values(), "other"}:
                self.rejected.labels(name, why)
        for unit in ("read", "write"):
            self.units.labels(unit)
            self.busy.labels(unit)


def _free(folder: Path) -> float:
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return float("nan")  # it is not there: all else is told


def _counter(of: CollectorRegistry, name: str, about: str, *labels: str) -> Counter:
    return Counter(f"supporthub_{name}", about, labels, registry=of)


@dataclass
class _Depths:
    """What only the database knows, from one short read; not a number where it does not say."""

    of: CollectorRegistry
    _until: float = float("-inf")
    _one: asyncio.Lock = field(default_factory=asyncio.Lock)

    def __post_init__(self) -> None:
        about = "Cases that are not over, by their state"
        self.cases = Gauge("supporthub_cases_open", about, ["state"], registry=self.of)
        about = "Messages and live cards that have not left"
        self.waiting = Gauge("supporthub_outbox_depth", about, registry=self.of)
        about = "Seconds since the oldest of those that are due was owed; 0: none is"
        self.oldest = Gauge("supporthub_outbox_oldest_seconds", about, registry=self.of)
        about = "Letters that were given up and that nobody has sent again"
        self.given_up = Gauge("supporthub_dead_letters_kept", about, registry=self.of)
        about = "Octets that are free where the database, or the kept files, are"
        self.disk = Gauge("supporthub_disk_free_bytes", about, ["of"], registry=self.of)

    async def look(self, store: Store, now: datetime) -> None:
        async with self._one:
            loop = asyncio.get_running_loop()
            if loop.time() < self._until:
                return
            try:
                self._show(*await store.read(_look, now, patience=PATIENCE), now)
            except Unavailable:
                self._show(None, float("nan"), now)
            self._until = loop.time() + FRESH

    def _show(self, depth: Depth | None, dead: float, now: datetime) -> None:
        unknown = float("nan")
        for state in (each for each in Status if each not in OVER):
            self.cases.labels(state).set(depth.cases.get(state, 0) if depth else unknown)
        self.waiting.set(depth.waiting if depth else unknown)
        since = depth.since if depth else None
        self.oldest.set((now - since).total_seconds() if since else 0 if depth else unknown)
        self.given_up.set(dead)


def _look(work: Work, now: datetime) -> tuple[Depth, float]:
    return work.depth(now), float(work.count_dead())


@dataclass(frozen=True, eq=False)
class _Keys(Collector):
    refreshes: Sequence[Mapping[str, int]]

    def collect(self) -> Iterable[Metric]:
        about = "Attempts to fetch the keys with which Microsoft signs, by how they ended"
        told = CounterMetricFamily("supporthub_jwks_refresh", about, labels=["result"])
        for result in ("ok", "failed"):
            told.add_metric([result], sum(each.get(result, 0) for each in self.refreshes))
        yield told
