"""A workflow tells about an incident on a status page, and tells nothing else of it."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import structlog

from pagefree.channels.base import Transports
from pagefree.incidents import writing
from pagefree.incidents.writing import Declaration
from pagefree.infra.db import transaction
from pagefree.infra.http import GuardedClient
from pagefree.infra.queue import Context
from pagefree.timeline import listening
from pagefree.workflows import run_queries, service
from pagefree.workflows.content import WorkflowContent
from pagefree.workflows.hearing import LISTENER
from pagefree.workflows.lane import Lane
from pagefree.workflows.preparing import Surroundings
from pagefree.workflows.service import Draft
from tests.status_pages.conftest import BASE_URL, VAULT, Scene
from tests.status_pages.conftest import scene as scene  # noqa: PLC0414 - the fixture
from tests.workflows.graphs import Part, action, chain, trigger

SECRET = "db-17 of acme is out of disk"
INTERNAL = (SECRET, "db-17", "internal-Checkout", "Ana", "Tell customers")


@pytest.fixture
async def around() -> AsyncIterator[Surroundings]:
    http = GuardedClient([])
    yield Surroundings(Transports(http, None), VAULT, BASE_URL)
    await http.aclose()


async def make(scene: Scene, **told: object) -> None:
    """A workflow, switched on, that tells what is given, or the usual."""
    step = action("tell", "open_status_incident", page_id=str(scene.page_id))
    step["config"] |= failing(scene) | told
    content = WorkflowContent.model_validate(chain(trigger("begin"), step))
    draft, now = Draft(None, "Tell customers"), scene.now
    await listening.catch_up(scene.engine, LISTENER, now)
    async with transaction(scene.engine) as tx:
        made = await service.create(tx, scene.actor, draft, content, "", now)
        await service.change(tx, scene.actor, made.id, {"enabled": True}, now)


async def declare(scene: Scene, around: Surroundings) -> str:
    """An incident that starts it; all is worked off."""
    declared = Declaration(scene.services["Search"], SECRET, priority="P5")
    async with transaction(scene.engine) as tx:
        incident_id = await writing.declare(tx, declared, scene.actor, scene.now)
    await listening.catch_up(scene.engine, LISTENER, scene.now)
    context = Context(scene.engine, scene.clock, structlog.get_logger())
    await Lane(around).work(context)
    await scene.work(timedelta(seconds=5))
    return str(incident_id)


def failing(scene: Scene) -> Part:
    return {
        "name": "Payments are failing\nfor {{incident.priority}}",
        "body": "Some cards are refused.",
        "components": {str(scene.components["Checkout"]): "partial_outage"},
    }


async def test_the_page_shows_what_the_template_says_and_nothing_else_of_the_incident(
    scene: Scene, around: Surroundings
) -> None:
    await make(scene)

    incident_id = await declare(scene, around)

    told = (await scene.get("api/v2/incidents/unresolved.json")).json()["incidents"]
    assert [one["name"] for one in told] == ["Payments are failing for P5"]
    assert [one["status"] for one in told] == ["investigating"]
    assert (await scene.states())["Checkout"] == "partial_outage"
    html = (await scene.get()).text
    assert "Payments are failing for P5" in html
    assert "Some cards are refused." in html
    for internal in (*INTERNAL, incident_id):
        assert internal not in scene.everything()


async def test_what_a_template_puts_in_is_text_and_no_markup(
    scene: Scene, around: Surroundings
) -> None:
    title = "<script>alert(1)</script>"
    await make(scene, name=title, body=f"{title} so")

    await declare(scene, around)

    html = (await scene.get()).text
    assert title not in html
    assert "&lt;script&gt;" in html


async def test_a_page_that_the_author_may_not_write_on_is_not_written_on(
    scene: Scene, around: Surroundings
) -> None:
    await make(scene)
    async with transaction(scene.engine) as tx:
        await tx.exec_driver_sql("UPDATE users SET platform_admin = false")

    await declare(scene, around)

    assert "Payments" not in scene.everything()
    async with transaction(scene.engine) as tx:
        (run,) = await run_queries.list_runs(tx, {}, None, 10)
    assert run.status == "failed"
