"""Every route times everybody who may ask: one line a route, and no route without one.

Who asks: nobody, a read-only key of a platform admin, the admin of another team, people
of the team that owns what is asked about, and a platform admin. An answer counts as
allowed unless it is 401 or 403, and must never be 5xx. A new route needs a line in
`ROUTES` of routes.py: who may, and a body that would otherwise be accepted.
"""

import json
import re
from dataclasses import dataclass, replace
from string import Template
from uuid import UUID, uuid4

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.core.access import Role, Scope
from pagefree.infra.db import Tx, driver, transaction
from pagefree.tables import metadata
from tests.api.audit_routes import UNAUDITED, own_entry
from tests.api.conftest import PASSWORD, Api, opened
from tests.api.factor_routes import ENTERING, FACTORLESS, GRAVE
from tests.api.hidden_routes import ITS_NAMES, NOUGHTS, TEAMS_OWN, UNTEAMED
from tests.api.neighbours import SECRET, own_neighbours
from tests.api.owned import own_things
from tests.api.postmortem_routes import UPLOADS
from tests.api.routes import (
    ACTORS,
    INGESTING,
    OWN_PASSWORD,
    READS,
    RESPOND,
    ROUTES,
    SEE,
    Line,
)
from tests.api.runbook_routes import CONFIRM, TESTED, own_connection

OUTSIDER = "admin of another team"
MOST_OF = 0.5


def named_in(route: str, line: Line) -> set[str]:
    """The ids that a good request for the route holds."""
    return set(re.findall(r"[{$](\w+)", route + json.dumps([line.body, line.query])))


REFUSED = {OWN_PASSWORD, CONFIRM, *TESTED, *UPLOADS, *FACTORLESS}


@dataclass(frozen=True, slots=True)
class World:
    """Who asks, and the ids of what a team owns."""

    clients: dict[str, httpx2.AsyncClient]
    ids: dict[str, str]
    engine: AsyncEngine
    last_entry: int  # of the audit, before anybody asked

    async def audited(self, route: str) -> bool:
        """Whether somebody who asked for `route` has left an entry in the audit."""
        query = text("SELECT 1 FROM audit_entries WHERE route = :route AND id > :last")
        asked = query.bindparams(route=route, last=self.last_entry)
        async with transaction(self.engine) as tx:
            return await tx.scalar(asked) is not None

    async def ask(self, actor: str, route: str) -> httpx2.Response:
        """The answer to a good request for `route`."""
        method, path = route.split(" ")
        line = ROUTES[route]
        body = Template(json.dumps(line.body)).substitute(self.ids)
        return await self.clients[actor].request(
            method,
            path.format_map(self.ids),
            params=line.query,
            json=None if line.body is None else json.loads(body),
        )


@dataclass(frozen=True, slots=True)
class Stage:
    """A world that is set up once, to be put back before each test."""

    tokens: dict[str, str]  # by actor: of a session, or the API key
    ids: dict[str, str]
    rows: str  # the statements that put it back


@pytest.fixture(scope="module")
async def stage(shared_app: FastAPI, api_engine: AsyncEngine) -> Stage:
    async with opened(shared_app, api_engine) as api:
        web, ops = await api.team("Web"), await api.team("Ops")
        admin = await api.user("Pia", platform_admin=True)
        bo = await api.user("Bo", teams={web.id: Role.RESPONDER}, password=PASSWORD)
        people = {
            "admin of another team": (ops.id, Role.TEAM_ADMIN),
            "observer": (web.id, Role.OBSERVER),
            "responder": (web.id, Role.RESPONDER),
            "team admin": (web.id, Role.TEAM_ADMIN),
        }
        tokens = {
            name: (await api.user(name, teams={team_id: role})).token
            for name, (team_id, role) in people.items()
        }
        tokens["platform admin"] = admin.token
        tokens["read key"] = await api.key_token(admin, Scope.READ)
        unknown = (
            "session",
            "passkey",
            "alert",
            "view",
            "swap",
            "cover_request",
            "calendar",
            "step",
        )
        ids = {f"{thing}_id": str(uuid4()) for thing in unknown}
        ids |= {"team_id": str(web.id), "user_id": str(bo.id), "channel": "telegram"}
        vault = api.app.state.vault
        await own_connection(api_engine, vault, ids, admin.id)
        await own_things(admin.client, ids, api_engine)
        await own_entry(admin.client, ids)
        async with transaction(api_engine) as tx:
            ids["request_id"] = await _request(tx, ids["integration_id"])
            ids["insight"] = "summary"
            return Stage(tokens, ids, await _rows(tx))


async def _request(tx: Tx, integration_id: str) -> str:
    """Something that the integration sent."""
    request_id = str(uuid4())
    query = text(
        "INSERT INTO inbound_requests (id, integration_id, received_at, content_type,"
        " user_agent, body, outcome, event_outcomes, alert_ids)"
        " VALUES (:id, :integration, '2026-03-01T00:00Z', '', '', '{}', 'processed', '{}', '{}')"
    )
    await tx.execute(query, {"id": request_id, "integration": integration_id})
    return request_id


async def _rows(tx: Tx) -> str:
    """The statements that insert all that the database holds now."""
    # the entries of the audit are among them: no trigger makes them once more
    statements = ["SET LOCAL session_replication_role = replica"]
    for table in metadata.sorted_tables:
        query = text(f"SELECT json_agg(one)::text FROM {table.name} AS one")
        if rows := await tx.scalar(query):
            names = ", ".join(c.name for c in table.columns if c.computed is None)
            statements.append(
                f"INSERT INTO {table.name} ({names}) OVERRIDING SYSTEM VALUE SELECT {names}"
                f" FROM json_populate_recordset(NULL::{table.name}, $rows${rows}$rows$)"
            )
            # where others have been meanwhile, numbers may have begun anew
            statements += [
                f"SELECT setval(pg_get_serial_sequence('{table.name}', '{c.name}'),"
                f" max({c.name})) FROM {table.name}"
                for c in table.columns
                if c.identity
            ]
    return ";".join(statements)


@pytest.fixture
async def world(api: Api, stage: Stage) -> World:
    async with transaction(api.engine) as tx:
        await (await driver(tx)).execute(stage.rows)
    clients = {
        actor: await api.browser(token)
        for actor, token in stage.tokens.items()
        if actor != "read key"
    }
    clients["read key"] = await api.program(stage.tokens["read key"])
    clients["nobody"] = await api.browser()
    async with transaction(api.engine) as tx:
        last = await tx.scalar(text("SELECT max(id) FROM audit_entries"))
    return World(clients, stage.ids, api.engine, last or 0)


def test_every_route_has_a_line(api: Api) -> None:
    documented = {
        f"{method.upper()} {path}"
        for path, methods in api.app.openapi()["paths"].items()
        for method in methods
        if path.startswith("/v1/")
    }

    assert documented - set(ROUTES) == set()
    assert set(ROUTES) - documented == set()


async def test_only_who_may_reads(world: World) -> None:
    for route in READS:  # nothing changes, so one world will do for all of them
        await check(world, route)


@pytest.mark.parametrize("route", sorted(set(ROUTES) - READS - INGESTING))
async def test_only_who_may_changes_anything(
    api: Api, world: World, route: str
) -> None:
    if route in GRAVE:  # what comes before that is tested elsewhere
        async with transaction(api.engine) as tx:
            await tx.execute(text("UPDATE sessions SET confirmed_at = created_at"))
    codes = await check(world, route)
    if codes["platform admin"] < 300:
        assert await world.audited(route) or route in UNAUDITED, route


@pytest.mark.usefixtures("ingest")
@pytest.mark.parametrize("route", sorted(INGESTING))
async def test_only_who_may_sends_alerts(world: World, route: str) -> None:
    await check(world, route)


async def check(world: World, route: str, but: str = "") -> dict[str, int]:
    actors = [actor for actor in ACTORS if actor != but]
    codes = {actor: (await world.ask(actor, route)).status_code for actor in actors}

    allowed = {actor for actor in actors if codes[actor] not in {401, 403}}
    assert allowed == ROUTES[route].may - {but}, (route, codes)
    unknown = {actor for actor in actors if codes[actor] == 401}
    assert unknown <= {"nobody"} or route in ENTERING
    assert max(codes.values()) < 500, (route, codes)
    # a body that is refused would prove nothing
    assert 422 not in codes.values() or route in REFUSED, (route, codes)
    return codes


NAMING = sorted(
    route
    for route, line in ROUTES.items()
    if route not in READS | INGESTING | UNTEAMED
    and TEAMS_OWN.intersection(named_in(route, line))
)


@pytest.fixture
async def hidden(world: World) -> World:
    """The same world, in which the team that owns everything is hidden."""
    async with transaction(world.engine) as tx:
        await tx.execute(
            text("UPDATE teams SET hidden = true WHERE id = CAST(:id AS uuid)"),
            {"id": world.ids["team_id"]},
        )
    return world


async def test_nobody_else_reads_anything_of_a_hidden_team(hidden: World) -> None:
    for route in sorted(READS):
        answer = await hidden.ask(OUTSIDER, route)

        assert answer.status_code < 500, (route, answer.text)
        said = answer.text if answer.is_success else ""  # a refusal repeats ids
        told = [name for name in TEAMS_OWN if hidden.ids[name] in said]
        assert told == [], (route, answer.text)
        assert not any(name in answer.text for name in ITS_NAMES), (route, answer.text)
        if (
            TEAMS_OWN.intersection(named_in(route, ROUTES[route]))
            and route not in NOUGHTS
        ):
            assert answer.status_code in {403, 404, 422} or not _said(answer), route


def _said(answer: httpx2.Response) -> bool:
    """Whether there is anything in it, as there is in lists that are not empty."""
    if "json" not in answer.headers["content-type"]:
        return answer.text.count("\n") > 1
    body = answer.json()
    items = body.get("items", body) if isinstance(body, dict) else body
    return bool(items)


async def test_its_own_people_and_platform_admins_read_on(hidden: World) -> None:
    for route in sorted(READS):
        await check(hidden, route, but=OUTSIDER)


async def test_nobody_else_changes_or_names_anything_of_a_hidden_team(
    api: Api, hidden: World
) -> None:
    async with transaction(api.engine) as tx:  # nor is it told by asking who it is
        await tx.execute(text("UPDATE sessions SET confirmed_at = created_at"))
    for route in NAMING:
        answer = await hidden.ask(OUTSIDER, route)

        assert answer.status_code in {403, 404}, (route, answer.text)


@pytest.fixture
async def beside(api: Api, world: World) -> World:
    """The same world, where what the team has hangs together with another, hidden team."""
    ids = dict(world.ids)
    await own_neighbours(api, world.clients["platform admin"], ids)
    async with transaction(api.engine) as tx:
        await tx.execute(text("UPDATE sessions SET confirmed_at = created_at"))
    return replace(world, ids=ids)


async def test_no_answer_names_what_is_hidden_from_who_changes_its_neighbours(
    api: Api, beside: World
) -> None:
    me = (await beside.ask("team admin", "GET /v1/me")).json()
    changes = set(ROUTES) - READS - INGESTING - ENTERING
    # what deletes comes last
    routes = sorted(changes, key=lambda route: (route.startswith("DELETE"), route))
    taken = set()
    for route in [*sorted(READS), *routes]:
        answer = await beside.ask("team admin", route)

        assert SECRET not in answer.text, (route, answer.text)
        assert answer.status_code < 500, (route, answer.text)
        if answer.status_code == 401:  # some routes sign whoever asks out
            token = await api.session(UUID(me["id"]))
            beside.clients["team admin"] = await api.browser(token)
        if answer.is_success:
            taken.add(route)
    whole = await beside.ask("platform admin", "GET /v1/escalation-policies")
    assert SECRET in whole.text
    assert len(taken - READS) > MOST_OF * len(changes), sorted(changes - taken)


@pytest.mark.parametrize("verb", ["acknowledgement", "resolution"])
async def test_bulk_verbs_refuse_one_by_one(world: World, verb: str) -> None:
    route = f"POST /v1/incidents/bulk/{verb}"

    answers = {
        actor: (await world.ask(actor, route)).json()
        for actor in ACTORS
        if actor != "nobody"
    }

    refused = {actor for actor, answer in answers.items() if answer["refused"]}
    assert refused == SEE - RESPOND
    assert answers["responder"]["changed"] == 1
