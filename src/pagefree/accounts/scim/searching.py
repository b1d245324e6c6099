"""Finding: filters, order, pages (RFC 7644 section 3.4.2)."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any
from uuid import UUID

from scim2_models import ListResponse, Resource, SearchRequest
from scim2_models.path import CompareOperator, Comparison

from pagefree.accounts.scim import groups, users
from pagefree.accounts.scim.models import MOST_RESULTS, Group, User
from pagefree.accounts.scim.queries import EVERYBODY, Narrowing
from pagefree.accounts.scim.users import Desk

Find = Callable[[Desk, Narrowing], Awaitable[list[Any]]]
FIND: Mapping[type[Resource[Any]], Find] = {User: users.find, Group: groups.find}


async def search(
    desk: Desk, model: type[Resource[Any]], asked: SearchRequest[Any]
) -> "ListResponse[Any]":
    """A page of those that match."""
    found = await FIND[model](desk, _narrowing(asked))
    return _page(ListResponse[model], _matching(found, asked), asked)  # type: ignore[valid-type]


async def search_all(desk: Desk, asked: SearchRequest[Any]) -> "ListResponse[Any]":
    """The same among users and groups."""
    found = [*await users.find(desk), *await groups.find(desk)]
    return _page(ListResponse[User | Group], _matching(found, asked), asked)


def _matching(found: list[Any], asked: SearchRequest[Any]) -> list[Any]:
    if asked.filter is not None:
        found = [one for one in found if asked.filter.match(one)]
    return asked.sort(found)


def _page(
    response: "type[ListResponse[Any]]", found: list[Any], asked: SearchRequest[Any]
) -> "ListResponse[Any]":
    start = asked.start_index or 1
    most = MOST_RESULTS if asked.count is None else min(asked.count, MOST_RESULTS)
    page = found[start - 1 : start - 1 + most]
    return response(
        total_results=len(found),
        start_index=start,
        items_per_page=len(page),
        resources=page,
    )


def _narrowing(asked: SearchRequest[Any]) -> Narrowing:
    """What a plain `attribute eq "value"` says already to the database.

    It may leave too many, never too few: the filter decides in the end.
    """
    node = asked.filter.ast if asked.filter is not None else None
    if not isinstance(node, Comparison) or node.op is not CompareOperator.eq:
        return EVERYBODY
    if node.attr_path.sub_attr is not None or not isinstance(node.value, str):
        return EVERYBODY
    return _by(node.attr_path.attr.lower(), node.value)


def _by(attribute: str, value: str) -> Narrowing:
    match attribute:
        case "username":
            return Narrowing(user_name=value)
        case "externalid":
            return Narrowing(external_id=value)
        case "displayname":
            return Narrowing(display_name=value)
        case "id":
            with suppress(ValueError):
                return Narrowing(id=UUID(value))
    return EVERYBODY
