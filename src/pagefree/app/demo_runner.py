"""The runner of the demo: it changes nothing, and tells of it as a real one would."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter, BackgroundTasks, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.core.errors import NotFound
from pagefree.core.runbook_runs import RunState
from pagefree.infra.clock import Clock
from pagefree.infra.db import transaction
from pagefree.infra.web import DemoMode
from pagefree.runbooks import callbacks
from pagefree.runbooks.callbacks import Callback, Verdict

router = APIRouter()
PATH = "/api/demo-runner"
PAUSE_S = 1.5
LONGEST_SHOWN = 60
STEPS = (
    "asking {host} to take no new requests",
    "waiting for 12 requests to end",
    "all requests have ended",
    "starting the worker anew",
    "the worker answers its health check",
)


class _Reply(BaseModel):
    token: str = Field(max_length=200)


class _Data(BaseModel):
    run_id: UUID
    parameters: dict[str, object] = Field(default_factory=dict, max_length=40)
    callback: _Reply


class _Order(BaseModel):
    """The part of a signed request that the demo's runner reads."""

    type: str
    data: _Data | None = None


@dataclass(frozen=True, slots=True)
class _Home:
    engine: AsyncEngine
    clock: Clock


@router.post(PATH + "/{path:path}", include_in_schema=False, status_code=202)
@router.post(PATH, include_in_schema=False, status_code=202)
async def run_in_demo(
    order: _Order, request: Request, later: BackgroundTasks, demo_mode: DemoMode
) -> Response:
    """Take an order and pretend; whoever has no token of a run achieves nothing."""
    if not demo_mode:
        raise NotFound("only the demo has this runner")
    if order.type != "runbook.run" or order.data is None:
        return Response(status_code=204)
    state = request.app.state
    later.add_task(_tell, _Home(state.engine, state.clock), order.data)
    return Response(status_code=202, background=later)


async def _tell(home: _Home, data: _Data) -> None:
    """Call back line by line; not by HTTP: an address in an order is not believed here."""
    host = _plain(data.parameters)
    for step in STEPS:
        heard = await _call_back(home, data, lines=[step.format(host=host)])
        if heard is not Verdict.APPLIED:
            return  # cancelled, or nobody who knows the token
        await asyncio.sleep(PAUSE_S)
    await _call_back(
        home, data, state=RunState.SUCCEEDED, outcome="Done: nothing was changed."
    )


async def _call_back(
    home: _Home,
    data: _Data,
    *,
    lines: list[str] | None = None,
    state: RunState | None = None,
    outcome: str = "",
) -> Verdict:
    said = Callback(
        token=data.callback.token,
        event_id=None,
        state=state,
        outcome=outcome,
        lines=lines or [],
        result={"demo": True} if state else {},
        body="",
    )
    async with transaction(home.engine) as tx:
        return await callbacks.receive(tx, data.run_id, said, home.clock())


def _plain(parameters: Mapping[str, object]) -> str:
    return str(parameters.get("host", "the worker"))[:LONGEST_SHOWN]
