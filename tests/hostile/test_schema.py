"""Requests made up from the OpenAPI document: the real server answers each as documented.

A platform admin and a responder send the same requests, half of them about what is really
there. Every route gets one of each, or in `make chaos` as many as SCHEMA_EXAMPLES says.
"""

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, suppress
from itertools import count
from typing import Any

import asyncpg
import httpx2
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import one_of
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.infra.clock import system_clock
from pagefree.infra.db import driver, transaction
from tests.api.test_access_matrix import Stage
from tests.conftest import EMPTY_ALL
from tests.hostile.conftest import Server

QUICK, LONG = 1, int(os.environ.get("SCHEMA_EXAMPLES", "10"))  # for each route
ACTORS = ("responder", "platform admin")
load_all_checks()
TIMEOUT_S = 20
TRIES = 5
BAD_REQUEST = 400
CHECKED = CHECKS.get_by_names(
    [
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_schema_conformance",
    ]
)
HARMLESS = ("get",)
PROOFS = ("cookie", "authorization")
SIGNED_IN = """
UPDATE sessions SET expires_at = $1::timestamptz + interval '1 day',
    seen_at = $1, confirmed_at = $1
"""


@pytest.fixture
def clients(server: Server) -> Iterator[dict[str, httpx2.Client]]:
    with ExitStack() as opened:
        yield {
            actor: opened.enter_context(
                httpx2.Client(
                    base_url=server.address,
                    headers={"Origin": server.address},
                    timeout=TIMEOUT_S,
                )
            )
            for actor in ACTORS
        }


async def _set_again(
    engine: AsyncEngine, stage: Stage, clients: Mapping[str, httpx2.Client]
) -> None:
    """Put everything back as it was, with everybody signed in."""
    for _ in range(TRIES):
        # the server does things of its own meanwhile
        with suppress(DBAPIError, asyncpg.DeadlockDetectedError):
            async with transaction(engine) as tx:
                raw = await driver(tx)
                await raw.execute(EMPTY_ALL)
                await raw.execute(stage.rows)
                await raw.execute(SIGNED_IN, system_clock())
            break
    for actor, client in clients.items():
        client.cookies = httpx2.Cookies({"pagefree": stage.tokens[actor]})


async def test_no_request_of_the_document_makes_the_server_fail(
    api_engine: AsyncEngine,
    clients: dict[str, httpx2.Client],
    stage: Stage,
    server: Server,
) -> None:
    await _check(api_engine, clients, stage, server, QUICK)


@pytest.mark.long
@pytest.mark.fault("6.4", "requests made up from the API document")
async def test_no_request_does_so_in_the_long_run(
    api_engine: AsyncEngine,
    clients: dict[str, httpx2.Client],
    stage: Stage,
    server: Server,
) -> None:
    await _check(api_engine, clients, stage, server, LONG)


async def _check(
    engine: AsyncEngine,
    clients: dict[str, httpx2.Client],
    stage: Stage,
    server: Server,
    examples: int,
) -> None:
    document = clients["responder"].get("/api/openapi.json").json()
    schema = schemathesis.openapi.from_dict(document)
    operations = sorted(
        (found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)),
        key=_order,
    )
    wrong: list[str] = []
    codes: Counter[int] = Counter()
    spoilt = True
    for operation in operations:
        if spoilt:
            await _set_again(engine, stage, clients)
        found: Counter[int] = Counter()
        wrong += _fuzzed(operation, clients, stage.ids, found, examples)
        codes += found
        done = operation.method not in HARMLESS and min(found) < BAD_REQUEST
        spoilt = done or found[401] > 0

    assert not wrong, "\n\n".join(wrong) + server.program.printed[-20_000:]
    # requests that nobody is let in with would prove nothing
    assert codes[401] < sum(codes.values()) / 10, codes
    assert sum(codes[code] for code in (200, 201, 202, 204)) > len(operations) / 2, (
        codes
    )


def _order(operation: Any) -> tuple[bool, str]:
    return operation.method not in HARMLESS, operation.label


def _fuzzed(
    operation: Any,
    clients: Mapping[str, httpx2.Client],
    ids: Mapping[str, str],
    codes: Counter[int],
    examples: int,
) -> list[str]:
    """What was wrong with the answers to requests for one route."""
    wrong: list[str] = []
    numbers = count()
    modes = [operation.as_strategy(generation_mode=mode) for mode in GenerationMode]

    @settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=one_of(modes))
    def ask(case: Any) -> None:
        if next(numbers) % 2 == 0:
            case.path_parameters = _real(case.path_parameters, ids)
            case.body = _real(case.body, ids)
        for actor, client in clients.items():
            answer = _asked(case, client)
            codes[answer.status_code] += 1
            wrong.extend(f"{actor}: {found}" for found in _found_in(answer, case))

    ask()
    return wrong


def _real(made_up: Any, ids: Mapping[str, str]) -> Any:
    """The same, about things that are there."""
    if isinstance(made_up, dict):
        return {
            name: ids[name] if name in ids and value is not None else _real(value, ids)
            for name, value in made_up.items()
        }
    if isinstance(made_up, list):
        return [_real(value, ids) for value in made_up]
    return made_up


def _asked(case: Any, client: httpx2.Client) -> httpx2.Response:
    given = case.as_transport_kwargs(base_url=str(client.base_url))
    given.pop("cookies", None)
    if isinstance(given.get("data"), bytes | str):
        given["content"] = given.pop("data")
    # what is made up of a proof of who asks would only hide theirs
    headers = given.pop("headers", None) or {}
    given["headers"] = {n: v for n, v in headers.items() if n.lower() not in PROOFS}
    return client.request(**given)


def _found_in(answer: httpx2.Response, case: Any) -> list[str]:
    """What is not as documented."""
    try:
        case.validate_response(answer, checks=CHECKED)
    except FailureGroup as e:
        asked = f"{answer.request.method} {answer.request.url}\n{case.body!r}"
        return [f"{case.operation.label}\n{error}\n{asked}" for error in e.exceptions]
    return []
