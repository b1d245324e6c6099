"""Shapes of the audit's routes."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field, JsonValue

from pagefree.infra.web import Shape


class AuditEntry(Shape):
    """Who did what to what, from where and with what in hand."""

    id: int
    at: datetime
    kind: str
    object_kind: str
    object_id: str
    object_name: str
    team_id: UUID | None
    actor_kind: str
    actor_id: UUID | None
    actor_name: str
    credential_kind: str | None
    credential_id: UUID | None
    address: str
    request_id: str
    route: str
    before: dict[str, JsonValue] | None
    after: dict[str, JsonValue] | None
    data: dict[str, JsonValue] | None
    seq: int | None
    can_undo: bool


class AuditStream(Shape):
    """Where entries are streamed to, and how far that is."""

    kind: Literal["webhook", "syslog"]
    host: str
    seq: int
    error: str | None
    sent_at: datetime | None


class AuditState(Shape):
    """The chain and the settings of the audit."""

    sealed_to: int
    sealed_at: datetime | None
    waiting: int
    kept_from: int
    retention_days: int | None
    stream: AuditStream | None


class AuditVerdict(Shape):
    """What a walk along the whole chain has found; no findings: nothing was touched."""

    count: int
    sealed_to: int
    waiting: int
    findings: list[str]


class AuditRetention(Shape):
    """For how many days entries are kept; null for ever."""

    days: int | None = Field(ge=30, le=3660)


class AuditStreamIn(Shape):
    """Where to stream entries to: a webhook's URL, or tls://, tcp:// or udp://host:port."""

    kind: Literal["webhook", "syslog"]
    address: str = Field(min_length=1, max_length=2000)
    from_now: bool = True


class AuditStreamSecret(Shape):
    """The secret that signs what a webhook is sent, shown only now."""

    secret: str | None
