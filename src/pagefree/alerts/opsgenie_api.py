"""The part of the Opsgenie API that is no event: questions, notes, snoozing, who is on call.

Events are taken in by ingest (integrations/opsgenie). Whoever has the key of an Opsgenie
integration may ask; answers and errors are in Opsgenie's words.
"""

from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body, Depends, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from pagefree.alerts import opsgenie
from pagefree.alerts.ingest import Ingest
from pagefree.alerts.keys import keys_in
from pagefree.alerts.requests import Source
from pagefree.core.errors import Invalid, NotSignedIn, PageFreeError
from pagefree.infra.ids import new_id
from pagefree.infra.web import Now, RequestTx
from pagefree.integrations.base import instant_of, text_of
from pagefree.integrations.opsgenie.parse import RECEIVED, dedup_key

KIND = "opsgenie"
MOST_ALERTS = 100
SNOOZE = timedelta(hours=1)  # where no end is given

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
JsonBody = Annotated[dict[str, Any] | None, Body()]


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


def _accepted() -> dict[str, object]:
    return {"result": RECEIVED, "took": 0.001, "requestId": str(new_id())}


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


@router.get("/alerts/{identifier:path}")
async def get_alert(
    identifier: str, request: Request, source: Asking, tx: RequestTx
) -> dict[str, object]:
    """One alert, by its id or alias."""
    key = dedup_key(identifier, request.query_params)
    return _data(await opsgenie.alert(tx, source, key))


@router.post("/alerts/{identifier:path}/notes", status_code=202)
async def add_note(
    identifier: str,
    request: Request,
    source: Asking,
    tx: RequestTx,
    now: Now,
    body: JsonBody = None,
) -> dict[str, object]:
    """Write into the timeline of the alert's incident."""
    told = body or {}
    lines = [text_of(told.get(name)) for name in ("user", "note")]
    key = dedup_key(identifier, request.query_params)
    await opsgenie.note(tx, source, key, ": ".join(filter(None, lines)), now)
    return _accepted()


@router.post("/alerts/{identifier:path}/snooze", status_code=202)
async def snooze(
    identifier: str,
    request: Request,
    source: Asking,
    tx: RequestTx,
    now: Now,
    body: JsonBody = None,
) -> dict[str, object]:
    """Page nobody for the alert's incident until `endTime`."""
    until = _end((body or {}).get("endTime"), now)
    key = dedup_key(identifier, request.query_params)
    await opsgenie.snooze(tx, source, key, until, now)
    return _accepted()


def _end(said: object, now: datetime) -> datetime:
    if said is None:
        return now + SNOOZE
    until = instant_of(said)
    if until is None:
        raise Invalid("endTime is not valid")
    return until


@router.post("/alerts/{identifier:path}/unacknowledge", status_code=202)
async def unacknowledge(
    identifier: str, request: Request, source: Asking, tx: RequestTx, now: Now
) -> dict[str, object]:
    """Nobody has the alert's incident any more."""
    key = dedup_key(identifier, request.query_params)
    await opsgenie.unacknowledge(tx, source, key, now)
    return _accepted()


@router.get("/schedules/{identifier}/on-calls")
async def on_calls(
    identifier: str, source: Asking, tx: RequestTx, now: Now, *, flat: bool = False
) -> dict[str, object]:
    """Who is on call for a schedule, named or by its id."""
    del source
    found = await opsgenie.on_calls(tx, identifier, now)
    found.pop("onCallParticipants" if flat else "onCallRecipients")
    return _data(found)
