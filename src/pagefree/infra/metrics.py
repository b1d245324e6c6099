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
LEASES_LOST = Counter(
    "pagefree_leases_lost",
    "Work that another process had taken over before this one was done with it.",
    ("lane",),
    registry=REGISTRY,
)
# told by each process with its beat, and so known to all: workers need no port for it
PROCESS_JOB_FAILURES = Gauge(
    "pagefree_process_job_failures",
    "Runs of a job that raised since this process began.",
    ("node", "job"),
    registry=REGISTRY,
)
PROCESS_LEASES_LOST = Gauge(
    "pagefree_process_leases_lost",
    "Work that was taken over from this process since it began.",
    ("node", "lane"),
    registry=REGISTRY,
)
CERTIFICATE_ENDS = Gauge(
    "pagefree_certificate_ends_seconds",
    "When the certificate ends that this host showed last, in seconds since 1970.",
    ("host",),
    registry=REGISTRY,
)
CERTIFICATE_LIFETIME = Gauge(
    "pagefree_certificate_lifetime_seconds",
    "For how long that certificate is valid in all.",
    ("host",),
    registry=REGISTRY,
)
SILENCE_SECONDS = Gauge(
    "pagefree_integration_silence_seconds",
    "How long an integration that used to send has sent nothing.",
    ("integration", "name"),
    registry=REGISTRY,
)
USUAL_SILENCE_SECONDS = Gauge(
    "pagefree_integration_usual_silence_seconds",
    "The longest that it was silent in the two weeks before.",
    ("integration", "name"),
    registry=REGISTRY,
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
DATABASE_UP = Gauge(
    "pagefree_database_up",
    "1 when the database answered the last time figures were measured.",
    registry=REGISTRY,
)
LISTENER_LAG_SECONDS = Gauge(
    "pagefree_listener_lag_seconds",
    "How old the oldest event is that a reader of the timeline has not read.",
    ("listener",),
    registry=REGISTRY,
)
UNCONFIRMED_SECONDS = Gauge(
    "pagefree_unconfirmed_seconds",
    "How old the oldest message is that a provider has accepted and not delivered.",
    registry=REGISTRY,
)
ATTEMPTS = Gauge(
    "pagefree_attempts_5m",
    "Calls to providers in the last five minutes, by how they ended.",
    ("channel", "provider", "outcome"),
    registry=REGISTRY,
)
POSSIBLE_DUPLICATES = Gauge(
    "pagefree_possible_duplicates_5m",
    "Messages of the last five minutes that another process may have sent before.",
    registry=REGISTRY,
)
CANARY_OK = Gauge(
    "pagefree_canary_ok",
    "1 when the canary came back the last time.",
    registry=REGISTRY,
)
CANARY_SECONDS = Gauge(
    "pagefree_canary_seconds",
    "How long the canary's last flight took.",
    registry=REGISTRY,
)
CANARY_AGE_SECONDS = Gauge(
    "pagefree_canary_age_seconds",
    "How long ago the canary's last flight ended.",
    registry=REGISTRY,
)
CLOCK_OFFSET_SECONDS = Gauge(
    "pagefree_clock_offset_seconds",
    "How far the clock of this process is ahead of the database's.",
    registry=REGISTRY,
)
TRANSACTION_AGE = Gauge(
    "pagefree_database_transaction_age",
    "Transactions since the oldest that is not frozen; PostgreSQL stops at two billion.",
    registry=REGISTRY,
)
REPLICATION_LAG_SECONDS = Gauge(
    "pagefree_replication_lag_seconds",
    "How far the slowest replica is behind; 0 without any.",
    registry=REGISTRY,
)
DISK_FREE_RATIO = Gauge(
    "pagefree_disk_free_ratio",
    "How much of the disk with the data directory is free, 0 to 1.",
    registry=REGISTRY,
)


def exposition() -> bytes:
    """All figures in Prometheus' text format."""
    return generate_latest(REGISTRY)
