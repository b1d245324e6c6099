"""The routes below /scim/v2: one door, because everything there answers in SCIM's own way."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Protocol
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import ValidationError
from scim2_models import (
    Context,
    Error,
    InvalidSyntaxException,
    ListResponse,
    NotFoundException,
    PreconditionFailedException,
    Resource,
    ResourceType,
    ResponseParameters,
    Schema,
    SCIMException,
    SearchRequest,
    UnauthorizedException,
)

from pagefree.accounts.oidc import queries as providers
from pagefree.accounts.scim import groups, searching, tokens, users
from pagefree.accounts.scim.models import CONFIG, RESOURCE_TYPES, SCHEMAS, Group, User
from pagefree.accounts.scim.queries import lock
from pagefree.accounts.scim.resources import stamp
from pagefree.accounts.scim.users import Desk
from pagefree.infra.acting import say_who
from pagefree.infra.db import Tx, transaction

MEDIA_TYPE = "application/scim+json"
PATH = "/scim/v2"
BEARER = "bearer "
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
SEARCH = ".search"

router = APIRouter()


class Kind(Protocol):
    """What can be done to users, and to groups."""

    async def get(self, desk: Desk, one: UUID, /) -> User | Group:
        """One."""

    async def create(self, desk: Desk, body: object, /) -> User | Group:
        """A new one."""

    async def replace(self, desk: Desk, one: UUID, body: object, /) -> User | Group:
        """All of it anew."""

    async def patch(self, desk: Desk, one: UUID, body: object, /) -> User | Group:
        """Some of it."""

    async def delete(self, desk: Desk, one: UUID, /) -> None:
        """No more of it."""


KINDS: Mapping[str, tuple[Kind, type[Resource[Any]]]] = {
    "Users": (users, User),
    "Groups": (groups, Group),
}


SEARCHES: Mapping[type[Resource[Any]], type[SearchRequest[Any]]] = {
    User: SearchRequest[User],
    Group: SearchRequest[Group],
}
ASKED: Mapping[type[Resource[Any]], type[ResponseParameters[Any]]] = {
    User: ResponseParameters[User],
    Group: ResponseParameters[Group],
}


class NotAllowed(SCIMException):
    """The method is none of this address."""

    status = 405
    _default_detail = "this cannot be done here"


@router.api_route(PATH, methods=METHODS, include_in_schema=False)
@router.api_route(PATH + "/{path:path}", methods=METHODS, include_in_schema=False)
async def scim(request: Request, path: str = "") -> Response:
    """Whatever an identity provider asks."""
    try:
        return await _answer(request, tuple(path.strip("/").split("/")))
    except SCIMException as e:
        return _refusal(e.to_error())
    except ValidationError as e:
        return _refusal(Error.from_validation_errors(e)[0])


async def _answer(request: Request, path: tuple[str, ...]) -> Response:
    body = await request.body()
    async with transaction(request.app.state.engine) as tx:
        desk = await _desk(request, tx)
        match path:
            case ("ServiceProviderConfig",):
                _require_get(request)
                return _json(
                    CONFIG.model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE)
                )
            case ("ResourceTypes" | "Schemas", *rest):
                _require_get(request)
                return _described(path[0], rest)
            case ("" | ".search",):
                asked = _asked(request, path, body, SearchRequest[User | Group])
                return _listed(await searching.search_all(desk, asked), asked)
            case ("Users" | "Groups", *rest):
                return await _resource(request, desk, path[0], rest, body)
    raise NotFoundException(detail="there is nothing at this address")


async def _desk(request: Request, tx: Tx) -> Desk:
    """Who asks. Raises UnauthorizedException."""
    state = request.app.state
    now = state.clock()
    header = request.headers.get("authorization", "")
    if header[: len(BEARER)].lower() != BEARER:
        raise UnauthorizedException(detail="send the token as a bearer token")
    token = await tokens.holder(tx, header[len(BEARER) :].strip(), now)
    provider = await providers.get_provider(tx, token.provider_id) if token else None
    if token is None or provider is None:
        raise UnauthorizedException(detail="the token is unknown or has been revoked")
    actor = tokens.actor_of(token)
    await say_who(tx, actor, now)
    if request.method != "GET":
        await lock(tx, provider.id)
    return Desk(tx, actor, provider, f"{state.base_url}{PATH}", now)


async def _resource(
    request: Request, desk: Desk, name: str, rest: list[str], body: bytes
) -> Response:
    kind, model = KINDS[name]
    reads = request.method == "GET"
    if (not rest and reads) or rest == [SEARCH]:
        asked = _asked(request, tuple(rest), body, SEARCHES[model])
        return _listed(await searching.search(desk, model, asked), asked)
    if not rest:
        _require(request, "POST")
        made = await kind.create(desk, _object(body))
        return _one(request, made, HTTPStatus.CREATED)
    one = _id(rest)
    if reads:
        return _one(request, await kind.get(desk, one))
    _require(request, "PUT", "PATCH", "DELETE")
    _require_version(request, await kind.get(desk, one))
    if request.method == "DELETE":
        await kind.delete(desk, one)
        return Response(status_code=int(HTTPStatus.NO_CONTENT))
    change = kind.replace if request.method == "PUT" else kind.patch
    return _one(request, await change(desk, one, _object(body)))


def _described(name: str, rest: list[str]) -> Response:
    found: list[Any] = RESOURCE_TYPES if name == "ResourceTypes" else SCHEMAS
    model: Any = ResourceType if name == "ResourceTypes" else Schema
    if not rest:
        listed = ListResponse[model](
            total_results=len(found),
            start_index=1,
            items_per_page=len(found),
            resources=found,
        )
        return _json(listed.model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE))
    for one in found:
        if str(one.id) == "/".join(rest):
            return _json(one.model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE))
    raise NotFoundException(detail="there is nothing at this address")


def _asked(
    request: Request,
    path: tuple[str, ...],
    body: bytes,
    searched: type[SearchRequest[Any]],
) -> SearchRequest[Any]:
    """The search, from the address or, at .search, from the body."""
    if path[-1:] == (SEARCH,):
        _require(request, "POST")
        return searched.model_validate(_object(body), scim_ctx=Context.SEARCH_REQUEST)
    _require_get(request)
    return searched.model_validate(dict(request.query_params))


def _listed(found: "ListResponse[Any]", asked: SearchRequest[Any]) -> Response:
    return _json(
        found.model_dump(
            scim_ctx=Context.RESOURCE_QUERY_RESPONSE, response_parameters=asked
        )
    )


def _one(
    request: Request, resource: User | Group, status: HTTPStatus = HTTPStatus.OK
) -> Response:
    asked = ASKED[type(resource)].model_validate(
        {
            "attributes": request.query_params.get("attributes"),
            "excluded_attributes": request.query_params.get("excludedAttributes"),
        }
    )
    version, location = stamp(resource)
    headers = {"ETag": version, "Location": location}
    if request.headers.get("if-none-match") == version:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    said = resource.model_dump(
        scim_ctx=Context.RESOURCE_QUERY_RESPONSE, response_parameters=asked
    )
    return _json(said, status, headers)


def _require_version(request: Request, resource: User | Group) -> None:
    """Raise PreconditionFailedException if it has changed since it was read."""
    wanted = request.headers.get("if-match")
    if wanted not in (None, "*", stamp(resource)[0]):
        raise PreconditionFailedException(detail="it has changed meanwhile")


def _id(rest: list[str]) -> UUID:
    try:
        (text,) = rest
        return UUID(text)
    except ValueError as e:
        raise NotFoundException(detail="there is nothing at this address") from e


def _object(body: bytes) -> object:
    try:
        tree: object = json.loads(body)
    except (ValueError, RecursionError) as e:
        raise InvalidSyntaxException(detail="the body is not JSON") from e
    return tree


def _require(request: Request, *methods: str) -> None:
    if request.method not in methods:
        raise NotAllowed


def _require_get(request: Request) -> None:
    _require(request, "GET")


def _refusal(error: Error) -> Response:
    status = error.status or HTTPStatus.BAD_REQUEST
    answer = _json(error.model_dump(), status)
    if status == HTTPStatus.UNAUTHORIZED:
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _json(
    said: Mapping[str, object],
    status: int = HTTPStatus.OK,
    headers: Mapping[str, str] | None = None,
) -> Response:
    return Response(json.dumps(said), int(status), headers, MEDIA_TYPE)
