"""Looking at alerts and at the requests they came in."""

from uuid import UUID

from pagefree.alerts import queries
from pagefree.alerts.queries import Alert, Filter, Inbound
from pagefree.alerts.requests import Stored
from pagefree.core.errors import NotFound
from pagefree.infra.db import Tx


async def list_alerts(
    tx: Tx, wanted: Filter, before: UUID | None, limit: int
) -> list[Alert]:
    """Newest first."""
    return await queries.list_alerts(tx, wanted, before, limit)


async def get_alert(tx: Tx, alert_id: UUID) -> Alert:
    """One alert, with the last request that concerned it. Raises NotFound."""
    alert = await queries.get_alert(tx, alert_id)
    if alert is None:
        raise NotFound(f"no alert {alert_id}")
    return alert


async def list_requests(
    tx: Tx, integration_id: UUID, outcome: str | None, before: UUID | None, limit: int
) -> list[Inbound]:
    """Newest first."""
    return await queries.list_requests(tx, integration_id, outcome, before, limit)


async def get_request(tx: Tx, request_id: UUID) -> Inbound:
    """One request with what it said. Raises NotFound."""
    request = await queries.get_request(tx, request_id)
    if request is None:
        raise NotFound(f"no request {request_id}, or it is no longer kept")
    return request


async def get_stored(tx: Tx, request_id: UUID) -> tuple[UUID, Stored]:
    """The integration and the whole of one request. Raises NotFound."""
    found = await queries.get_stored(tx, request_id)
    if found is None:
        raise NotFound(f"no request {request_id}, or it is no longer kept")
    return found
