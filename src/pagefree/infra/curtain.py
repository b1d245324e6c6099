"""Between somebody and the teams that are hidden from them.

What they read comes from views that leave out what those teams have (`seen_views.py`). What
they change may name nothing of it but where it `keeps` what is named there already, and what
they are answered then is read within `drawn`. For who sees everything, nothing is done.
"""

import json
import re
from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Collection,
    Iterator,
    Mapping,
    Sequence,
)
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any, TypeVar
from uuid import UUID

from fastapi import Request
from sqlalchemy import text

from pagefree.core.access import Actor
from pagefree.core.errors import NotFound
from pagefree.infra.db import Tx
from pagefree.infra.seen_views import IDS, SCHEMA

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
# what is asked for with a body, and changes nothing
QUESTIONS = (
    "/explain",
    "/preview",
    "/mapping-preview",
    "/findings",
    "/workflow-trials",
    "/routing-rules/test",
)
UUID_LENGTHS = range(32, 46)  # as UUID() and the shapes read them: urn:uuid:{…}
NUMBER = re.compile(r"#?(\d{1,18})\Z")  # as an incident is named in a path
AT_ONCE = 5000  # as many ids are looked up by one statement
SEE = text(
    "SELECT set_config('pagefree.hidden', :hidden, true),"
    " set_config('pagefree.viewer', :viewer, true)"
)
DRAW = text(
    f"SELECT set_config('search_path', '{SCHEMA},' || current_setting('search_path'),"
    f" true), '{IDS}'::regclass"  # which fails where there are no views: rather nothing
)
NAMED = text(
    f"SELECT 1 FROM {IDS} WHERE id = ANY (:ids) UNION ALL"  # noqa: S608 -- a constant
    " SELECT 1 FROM incidents AS i WHERE i.number = ANY (:numbers)"
    f" AND NOT EXISTS (SELECT 1 FROM {SCHEMA}.incidents AS s WHERE s.id = i.id) LIMIT 1"
)
HIDDEN_OF = text(f"SELECT id FROM {IDS} WHERE id = ANY (:ids)")  # noqa: S608 -- the same
NAMES = ("name", "title")  # in JSON, beside an id
KEPT = "keeps_hidden"  # on a route
Route = TypeVar("Route", bound=Callable[..., Any])
# the texts that may be said again, of what is in the path and in the body
Kept = Callable[[Tx, Mapping[str, str], object], Awaitable[object]]
DRAWN: ContextVar[bool] = ContextVar("drawn", default=False)


async def draw(tx: Tx, request: Request, actor: Actor) -> None:
    """Let the actor see, and name, nothing of the teams hidden from them. Raises NotFound."""
    if not actor.hidden:
        return
    DRAWN.set(True)
    await say(tx, actor)
    if request.method not in SAFE_METHODS:
        await _require_nothing_hidden(tx, request)
    if request.method in SAFE_METHODS or request.url.path.endswith(QUESTIONS):
        await tx.execute(DRAW)


def keeps(kept: Kept) -> Callable[[Route], Route]:
    """Mark a route whose body may name what is hidden, where `kept` names it, too.

    That is how somebody changes what names something that they do not see, and keeps that.
    """

    def marked(route: Route) -> Route:
        setattr(route, KEPT, kept)
        return route

    return marked


def within(field: str) -> Kept:
    """For a question, which changes nothing: whatever stands in `field` of its body."""

    async def kept(_: Tx, __: Mapping[str, str], body: object) -> object:
        return body.get(field) if isinstance(body, dict) else None

    return kept


@asynccontextmanager
async def drawn(tx: Tx, actor: Actor) -> AsyncIterator[None]:
    """The same for what somebody reads after a change, or by another way than the API.

    Nothing that is written within is kept.
    """
    if not actor.hidden:
        yield
        return
    within = await tx.begin_nested()
    before = DRAWN.set(True)
    try:
        await say(tx, actor)
        await tx.execute(DRAW)
        yield
    finally:
        DRAWN.reset(before)
        await within.rollback()  # and with it what was set


async def say(tx: Tx, actor: Actor) -> None:
    """Tell the database what is hidden, and from whom."""
    hidden = ",".join(sorted(map(str, actor.hidden)))
    await tx.execute(SEE, {"hidden": hidden, "viewer": str(actor.user_id)})


def nameless(otherwise: str) -> str:
    """What to call something whose name is not found."""
    return "hidden" if DRAWN.get() else otherwise


async def veiled(tx: Tx, said: object) -> object:
    """Plain JSON of the past, as it may be told now: what has a hidden id loses its name."""
    if not DRAWN.get():
        return said
    there = list(_uuids(_strings(said)))
    hidden = (
        set((await tx.execute(HIDDEN_OF, {"ids": there})).scalars()) if there else ()
    )
    return _without_names(said, hidden) if hidden else said


def _without_names(said: object, hidden: Collection[UUID]) -> object:
    if isinstance(said, list):
        return [_without_names(one, hidden) for one in said]
    if not isinstance(said, dict):
        return said
    found = {key: _without_names(one, hidden) for key, one in said.items()}
    if any(isinstance(one, str) and _uuid(one) in hidden for one in said.values()):
        found |= {key: nameless("") for key in NAMES if key in found}
    return found


def and_others(names: Sequence[str], count: int) -> str:
    """The names of those that are seen, and that there are others if they are not all."""
    return ", ".join(names if len(names) == count else [*names, "what is hidden"])


async def _require_nothing_hidden(tx: Tx, request: Request) -> None:
    body = _parsed(await request.body())
    asked, said = _uuids(_texts(request)), _uuids(_strings(body))
    numbers = [
        int(number[1])
        for one in request.path_params.values()
        if (number := NUMBER.match(str(one)))
    ]
    if not await _named(tx, asked | said, numbers):
        return
    kept: Kept | None = getattr(request.scope.get("endpoint"), KEPT, None)
    if kept is not None:
        said -= _uuids(_strings(await kept(tx, request.path_params, body)))
    if kept is None or await _named(tx, asked | said, numbers):
        raise NotFound("there is no such thing, or it is not for you to see")


async def _named(tx: Tx, ids: Collection[UUID], numbers: Sequence[int]) -> bool:
    """Whether one of these is of something hidden."""
    waiting = list(ids)
    for start in range(0, max(len(waiting), len(numbers)), AT_ONCE):
        some = waiting[start : start + AT_ONCE]
        if await tx.scalar(NAMED, {"ids": some, "numbers": list(numbers)}):
            return True
    return False


def _uuids(texts: Iterator[str]) -> set[UUID]:
    return {found for one in texts if (found := _uuid(one))}


def _texts(request: Request) -> Iterator[str]:
    yield from map(str, request.path_params.values())
    yield from (value for _, value in request.query_params.multi_items())


def _parsed(body: bytes) -> object:
    try:
        return json.loads(body) if body else None
    except ValueError:
        return None


def _strings(value: object) -> Iterator[str]:
    """Every text in it, without recursion: a body may be as deep as it likes."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            waiting += [*one.keys(), *one.values()]
        elif isinstance(one, list | tuple | set):
            waiting += one


def _uuid(value: str) -> UUID | None:
    if len(value) not in UUID_LENGTHS:
        return None
    try:
        return UUID(value)
    except ValueError:
        return None
