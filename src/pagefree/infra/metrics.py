"""Figures for Prometheus; one registry a process."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

CONTENT_TYPE = CONTENT_TYPE_LATEST
REGISTRY = CollectorRegistry()

REQUEST_SECONDS = Histogram(
    "pagefree_http_request_seconds",
    "How long answers of the API took.",
    ("method", "route", "status"),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
    registry=REGISTRY,
)
SOCKETS = Gauge(
    "pagefree_sockets", "Signed-in live connections of this process.", registry=REGISTRY
)
OVERDUE_SECONDS = Gauge(
    "pagefree_overdue_seconds",
    "How late the most overdue escalation or notification is.",
    ("what",),
    registry=REGISTRY,
)
BEAT_AGE_SECONDS = Gauge(
    "pagefree_beat_age_seconds",
    "Since when the youngest process of a kind has been silent.",
    ("kind",),
    registry=REGISTRY,
)
JOB_FAILURES = Counter(
    "pagefree_job_failures", "Runs of a job that raised.", ("job",), registry=REGISTRY
)
LIMITED = Counter(
    "pagefree_limited",
    "Requests and messages above a limit: folded or refused.",
    ("limit",),
    registry=REGISTRY,
)
LIMITS_SHARED = Gauge(
    "pagefree_limits_shared",
    "1 while this process shares its counts of requests through Redis, 0 while it cannot.",
    registry=REGISTRY,
)


def exposition() -> bytes:
    """All figures in Prometheus' text format."""
    return generate_latest(REGISTRY)
