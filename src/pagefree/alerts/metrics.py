"""Figures of ingest, counted in memory: once a batch, not once a request."""

from prometheus_client import Counter, Gauge, Histogram

from pagefree.infra.metrics import REGISTRY

EVENTS = Counter(
    "pagefree_ingest_events",
    "Events on disk, by what became of them.",
    ("outcome",),
    registry=REGISTRY,
)
QUARANTINED = Counter(
    "pagefree_ingest_quarantined",
    "Requests on disk that could not be understood.",
    registry=REGISTRY,
)
REFUSED = Counter(
    "pagefree_ingest_refused", "Requests refused.", ("reason",), registry=REGISTRY
)
REJECTED = Counter(
    "pagefree_ingest_rejected",
    "Requests with the key of an integration and without its signature.",
    ("integration", "name"),
    registry=REGISTRY,
)
WAITING = Gauge(
    "pagefree_ingest_waiting", "Requests that wait to be stored.", registry=REGISTRY
)
BATCH_SIZE = Histogram(
    "pagefree_ingest_batch_requests",
    "Requests stored in one transaction.",
    buckets=(1, 2, 5, 10, 20, 50, 100, 200, 500),
    registry=REGISTRY,
)
COMMIT_SECONDS = Histogram(
    "pagefree_ingest_commit_seconds",
    "How long a transaction took, from its first statement to the end of its commit.",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5),
    registry=REGISTRY,
)
