"""The part of the Opsgenie API that is no event: questions, notes, people, who is on call.

Events are taken in by ingest (integrations/opsgenie). Whoever has the key of an Opsgenie
integration may ask; answers and errors are in Opsgenie's words.
"""

from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from pagefree.alerts import opsgenie, opsgenie_changes, opsgenie_log
from pagefree.alerts.ingest import Ingest
from pagefree.alerts.keys import keys_in
from pagefree.alerts.opsgenie_changes import EFFECTS, Asked
from pagefree.alerts.opsgenie_log import MOST_LOGS, Span
from pagefree.alerts.reading import context_of
from pagefree.alerts.requests import Request as Stored
from pagefree.alerts.requests import Source
from pagefree.core.errors import Invalid, NotFound, NotSignedIn, PageFreeError
from pagefree.infra import untrusted_json
from pagefree.infra.ids import new_id
from pagefree.infra.web import Now, RequestTx
from pagefree.integrations.base import MEBIBYTE, Inbound, mapping_of
from pagefree.integrations.opsgenie.parse import RECEIVED, dedup_key

KIND = "opsgenie"
MOST_ALERTS = 100

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class OpsgenieRoute(APIRoute):
    """Tells of errors as Opsgenie does."""

    def get_route_handler(self) -> Handler:
        """The route's handler, with its errors answered."""
        handle = super().get_route_handler()

        async def handle_errors(request: Request) -> Response:
            try:
                return await handle(request)
            except PageFreeError as e:
                return _error(e.status, str(e))
            except HTTPException as e:
                return _error(e.status_code, str(e.detail))
            except RequestValidationError:
                return _error(422, "Request body is not processable.")

        return handle_errors


def _error(status: int, message: str) -> JSONResponse:
    body = {"message": message, "took": 0.001, "requestId": str(new_id())}
    return JSONResponse(body, status)


def _data(data: object) -> dict[str, object]:
    return {"data": data, "took": 0.001, "requestId": str(new_id())}


async def _source(request: Request) -> Source:
    ingest: Ingest = request.app.state.ingest
    for key in keys_in(request.headers, request.query_params):
        source = ingest.snapshot.find(key) or await ingest.snapshot.look_up(key)
        if source is not None and source.kind == KIND:
            return source
    raise NotSignedIn("Could not authenticate")


Asking = Annotated[Source, Depends(_source)]
router = APIRouter(prefix="/v2", route_class=OpsgenieRoute, include_in_schema=False)


@router.get("/alerts/requests/{request_id}")
async def get_result(
    request_id: UUID, source: Asking, tx: RequestTx
) -> dict[str, object]:
    """What became of a request."""
    return _data(await opsgenie.result(tx, source, request_id))


@router.get("/alerts")
async def list_alerts(
    source: Asking, tx: RequestTx, offset: int = 0, limit: int = 20
) -> dict[str, object]:
    """The integration's alerts, newest first."""
    offset, limit = max(offset, 0), min(max(limit, 1), MOST_ALERTS)
    return _data(await opsgenie.alerts(tx, source, offset, limit))


@router.get("/alerts/{identifier:path}/notes")
async def list_notes(
    identifier: str, request: Request, source: Asking, tx: RequestTx
) -> dict[str, object]:
    """The notes that this integration has added to an alert, newest first."""
    key = dedup_key(identifier, request.query_params)
    return _data(await opsgenie.notes(tx, source, key, MOST_ALERTS))


@router.get("/alerts/{identifier:path}/logs")
async def list_logs(
    identifier: str,
    request: Request,
    source: Asking,
    tx: RequestTx,
    span: Annotated[Span, Depends()],
) -> dict[str, object]:
    """What happened to an alert, newest first."""
    key = dedup_key(identifier, request.query_params)
    limit = min(max(span.limit, 1), MOST_LOGS)
    return _data(await opsgenie_log.logs(tx, source, key, replace(span, limit=limit)))


@router.get("/alerts/{identifier:path}/recipients")
async def list_recipients(
    identifier: str, request: Request, source: Asking, tx: RequestTx
) -> dict[str, object]:
    """Who was told of an alert, and what they did."""
    key = dedup_key(identifier, request.query_params)
    return _data(await opsgenie_log.recipients(tx, source, key))


@router.get("/alerts/{identifier:path}")
async def get_alert(
    identifier: str, request: Request, source: Asking, tx: RequestTx
) -> dict[str, object]:
    """One alert, by its id or alias."""
    key = dedup_key(identifier, request.query_params)
    return _data(await opsgenie.alert(tx, source, key))


@router.api_route(
    "/alerts/{rest:path}", methods=["POST", "PUT", "DELETE"], status_code=202
)
async def change_alert(
    rest: str,
    request: Request,
    source: Asking,
    tx: RequestTx,
    now: Now,
) -> dict[str, object]:
    """Do to an alert or its incident what is no event of it; see opsgenie_changes.py."""
    if source.intake.signing is not None:
        raise NotSignedIn("Could not authenticate: only signed events are taken in")
    identifier, _, verb = rest.rpartition("/")
    if (request.method, verb) not in EFFECTS:
        raise NotFound("Resource is not found")
    raw = await request.body()
    query = dict(request.query_params)
    key = dedup_key(identifier, query)
    asked = Asked(request.method, verb, key, _object(raw), query)
    inbound = Inbound(b"", {}, query, f"/{rest}", request.method)
    stored = Stored(
        new_id(),
        source,
        raw,
        request.headers.get("content-type", ""),
        request.headers.get("user-agent", ""),
        (),
        context=context_of(inbound, ""),
    )
    await opsgenie_changes.change(tx, source, asked, stored, now)
    return {"result": RECEIVED, "took": 0.001, "requestId": str(stored.id)}


def _object(raw: bytes) -> dict[str, object]:
    """The body as JSON; there need not be one."""
    if len(raw) > MEBIBYTE:
        raise Invalid("Request body is too large.")
    try:
        return mapping_of(untrusted_json.decode(raw)) if raw.strip() else {}
    except ValueError as e:
        raise Invalid("Request body is not processable.") from e


@router.get("/schedules/{identifier}/on-calls")
async def on_calls(
    identifier: str, source: Asking, tx: RequestTx, now: Now, *, flat: bool = False
) -> dict[str, object]:
    """Who is on call for a schedule, named or by its id."""
    del source
    found = await opsgenie.on_calls(tx, identifier, now)
    found.pop("onCallParticipants" if flat else "onCallRecipients")
    return _data(found)
