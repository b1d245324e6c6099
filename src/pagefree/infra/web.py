"""What every route shares: the transaction, the time, the actor, pages, error answers."""

import base64
import binascii
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import datetime
from typing import Annotated, Generic, TypeVar
from uuid import UUID

import asyncpg
import structlog
from fastapi import Depends, FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.exceptions import HTTPException

from pagefree.core.access import Actor
from pagefree.core.errors import (
    Forbidden,
    Invalid,
    PageFreeError,
    TooManyRequests,
    Unavailable,
)
from pagefree.infra import acting, curtain
from pagefree.infra.crypto import Vault
from pagefree.infra.db import UNREACHABLE, is_down, sql_state, transaction
from pagefree.infra.failpoints import failpoint

log = structlog.get_logger()

T = TypeVar("T")
Authenticate = Callable[[AsyncConnection, Request, datetime], Awaitable[Actor]]


class Shape(BaseModel):
    """Base of request and response bodies: reads frozen dataclasses, refuses unknown fields."""

    model_config = ConfigDict(from_attributes=True, extra="forbid")


class Page(Shape, Generic[T]):
    """One page of a list; `next_cursor` is null on the last one."""

    items: list[T]
    next_cursor: str | None


class FieldError(Shape):
    """One field that was not as expected."""

    pointer: str  # JSON pointer into the request
    detail: str


class Problem(Shape):
    """An RFC 9457 problem; `code` is stable, `detail` is for people."""

    type: str = "about:blank"
    title: str
    status: int
    code: str
    detail: str
    errors: list[FieldError] = []


BeforeCommit = Callable[[AsyncConnection], Awaitable[None]]
BEFORE_COMMIT = "pagefree.before_commit"  # in the ASGI scope: runs in the transaction


async def _begin(request: Request) -> AsyncIterator[AsyncConnection]:
    async with transaction(request.app.state.engine) as tx:
        yield tx
        before_commit: BeforeCommit | None = request.scope.get(BEFORE_COMMIT)
        if before_commit:
            await before_commit(tx)
        if request.method != "GET":
            failpoint("api.before_commit")
    if request.method != "GET":
        failpoint("api.after_commit")


# scope="function": commit before the response leaves. FastAPI's default commits after
# it, so a failed commit would have been answered with 200.
RequestTx = Annotated[AsyncConnection, Depends(_begin, scope="function")]


def _now(request: Request) -> datetime:
    now: datetime = request.app.state.clock()
    return now


Now = Annotated[datetime, Depends(_now)]


async def _actor(request: Request, tx: RequestTx, now: Now) -> Actor:
    authenticate: Authenticate = request.app.state.authenticate
    actor = await authenticate(tx, request, now)
    await acting.say_who(tx, actor, now)
    await curtain.draw(tx, request, actor)
    return actor


# Raises NotSignedIn (401). What the actor may do is decided by core/access.py.
CurrentActor = Annotated[Actor, Depends(_actor, scope="function")]


def _vault(request: Request) -> Vault:
    vault: Vault = request.app.state.vault
    return vault


SecretVault = Annotated[Vault, Depends(_vault)]


def _base_url(request: Request) -> str:
    return str(request.app.state.base_url)


BaseUrl = Annotated[str, Depends(_base_url)]


def _demo(request: Request) -> bool:
    return bool(request.app.state.demo)


DemoMode = Annotated[bool, Depends(_demo)]

Cursor = Annotated[str | None, Query(description="`next_cursor` of the page before")]
Limit = Annotated[int, Query(ge=1, le=100)]


def encode_cursor(last_id: UUID | int) -> str:
    """An opaque cursor that continues after the row with this id."""
    return base64.urlsafe_b64encode(str(last_id).encode()).decode().rstrip("=")


def decode_cursor(cursor: str | None) -> UUID | None:
    """The id that a cursor of UUID rows continues after. Raises Invalid."""
    if cursor is None:
        return None
    try:
        return UUID(
            base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        )
    except (binascii.Error, ValueError) as e:
        raise Invalid("the cursor is not one that a page returned") from e


def next_cursor(
    rows: Sequence[T], limit: int, id_of: Callable[[T], UUID]
) -> str | None:
    """The cursor after `rows`, if there may be more: ask queries for `limit` rows."""
    return encode_cursor(id_of(rows[-1])) if len(rows) == limit else None


def problem(
    status: int, code: str, detail: str, errors: list[FieldError] | None = None
) -> JSONResponse:
    """The answer for an error."""
    body = Problem(
        title=code.replace("_", " ").capitalize(),
        status=status,
        code=code,
        detail=detail,
        errors=errors or [],
    )
    return JSONResponse(
        body.model_dump(), status, media_type="application/problem+json"
    )


RETRY_AFTER_S = 5  # long enough for a database to restart
NAMES = {401: "not_signed_in", 403: "forbidden", 404: "not_found", 409: "conflict"}


def unavailable() -> JSONResponse:
    """The answer while the database cannot be reached."""
    answer = problem(
        503, "unavailable", "the database does not answer; try again in a moment"
    )
    answer.headers["Retry-After"] = str(RETRY_AFTER_S)
    return answer


async def _expected(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, PageFreeError):
        raise error
    if isinstance(error, Forbidden):
        method, path = request.method, request.url.path
        log.info("access.refused", method=method, path=path, why=str(error))
    answer = problem(error.status, error.code, str(error))
    if isinstance(error, TooManyRequests):
        answer.headers["Retry-After"] = str(error.retry_after_s)
    elif isinstance(error, Unavailable):
        answer.headers["Retry-After"] = str(RETRY_AFTER_S)
    return answer


async def _malformed(_: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, RequestValidationError):
        raise error
    errors = [
        FieldError(pointer="/" + "/".join(map(str, e["loc"])), detail=e["msg"])
        for e in error.errors()
    ]
    return problem(422, "malformed", "the request is not as documented", errors)


async def _refused(_: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HTTPException):
        raise error
    code = NAMES.get(error.status_code, f"http_{error.status_code}")
    answer = problem(error.status_code, code, str(error.detail))
    answer.headers.update(error.headers or {})
    return answer


# SQLSTATE classes: what was sent cannot be stored, e.g. NUL in a text; another transaction
# took the name, or removed what is pointed at, between our look and our change
UNSTORABLE, OVERTAKEN = "22", "23"


async def _database_error(request: Request, error: Exception) -> JSONResponse:
    path, state = request.url.path, sql_state(error)
    if is_down(error):
        log.warning("database.down", path=path, error=repr(error))
        return unavailable()
    if state.startswith(UNSTORABLE):
        log.info("database.unstorable", path=path, state=state)
        return problem(422, "malformed", "a text or a number in it cannot be stored")
    if state.startswith(OVERTAKEN):
        log.warning("database.overtaken", path=path, state=state)
        detail = "somebody has just changed the same thing: look again, then try again"
        return problem(409, "conflict", detail)
    raise error


def install_error_answers(app: FastAPI) -> None:
    """Turn errors and malformed requests into RFC 9457 problems."""
    app.add_exception_handler(PageFreeError, _expected)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _refused)
    for kind in (*UNREACHABLE, DBAPIError, asyncpg.PostgresError):
        app.add_exception_handler(kind, _database_error)
