"""The leak matrix: everybody asks for everything, and nobody is told what is not granted.

Every address is enumerated, not thought of: the routes from the app, the files from the
renderings for those who see all. Every name is a word that occurs nowhere else.
"""

import re
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import httpx2
import pytest
import structlog
from fastapi.routing import APIRoute

from pagefree.app.web import ROUTERS
from pagefree.channels.base import Transports
from pagefree.core.access import Role
from pagefree.core.status_views import Audience
from pagefree.infra.db import transaction
from pagefree.infra.http import GuardedClient
from pagefree.infra.queue import Context
from pagefree.partners.windows import window
from pagefree.status_pages import jobs as page_jobs
from pagefree.status_pages.rendering.files import render
from pagefree.status_pages.snapshot_queries import get_content
from pagefree.status_pages.snapshots import unpacked
from tests.api.conftest import BASE_URL, Api
from tests.api.partner_world import MINUTE, Portal, portal_of
from tests.fake_servers import web_server

PRIVATE, OPEN = "Aardvark", "Bandicoot"
COMPONENTS = {PRIVATE: ("Capybara", "Dormouse", "Echidna"), OPEN: ("Flamingo",)}
GROUP = "Gazelle"  # over Dormouse alone
INCIDENTS = {  # what they touch
    "Hedgehog": ("Capybara",),
    "Ibex": ("Dormouse",),
    "Jackal": ("Echidna",),
    "Kangaroo": ("Capybara", "Dormouse"),
}
WORKS = {"Lemur": ("Capybara",), "Marmot": ("Echidna",)}
FOR_PARTNERS = "Narwhal"  # an update of Kangaroo
ABOUT_PAGES = ("/partner", "/s/", "/v1/partner", "/v1/status", "/v1/component")
PUBLIC = {OPEN, *COMPONENTS[OPEN]}
TOLD = {*INCIDENTS, *WORKS}
EVERYTHING = {PRIVATE, OPEN, GROUP, FOR_PARTNERS, *TOLD}.union(*COMPONENTS.values())
GRANTED = {
    "nobody": PUBLIC,
    "deactivated": PUBLIC,
    "expired": PUBLIC,
    "observer": PUBLIC,
    "token holder": EVERYTHING - {FOR_PARTNERS},
    "Anne": PUBLIC | {PRIVATE, "Capybara", "Hedgehog", "Kangaroo", "Lemur"},
    "Bert": PUBLIC
    | {PRIVATE, "Dormouse", GROUP, "Ibex", "Kangaroo", FOR_PARTNERS},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Zoo:
    """The installation, and the browser of each who asks."""

    portal: Portal
    clients: dict[str, httpx2.AsyncClient]
    addresses: tuple[str, ...]


@pytest.fixture
async def zoo(api: Api, tmp_path: Path) -> AsyncIterator[Zoo]:
    async with portal_of(api, tmp_path) as portal:
        await _pages(portal)
        await portal.work(MINUTE)
        clients = await _clients(portal)
        yield Zoo(portal, clients, tuple([a async for a in _addresses(portal)]))


async def _pages(portal: Portal) -> None:
    await portal.page(PRIVATE, visibility="private")
    await portal.page(OPEN)
    path = f"/status-pages/{portal.ids[PRIVATE]}"
    group = await portal.call("POST", f"{path}/groups", {"name": GROUP})
    portal.ids[GROUP] = group["id"]
    for page, names in COMPONENTS.items():
        for name in names:
            of_group = {"group_id": group["id"]} if name == "Dormouse" else {}
            await portal.component(page, name, **of_group)
    for name, touched in INCIDENTS.items():
        body = {
            "name": f"{name} is loose",
            "update": {"status": "investigating", "body": f"We look for the {name}."},
            "components": {portal.ids[one]: "major_outage" for one in touched},
        }
        made = await portal.call("POST", f"{path}/incidents", body)
        portal.ids[name] = made["id"]
    told = {"status": "identified", "body": FOR_PARTNERS, "told_to": "partners"}
    await portal.call(
        "POST", f"/status-incidents/{portal.ids['Kangaroo']}/updates", told
    )
    start = portal.api.clock() + timedelta(days=1)
    for name, touched in WORKS.items():
        body = {
            "name": f"{name} moves house",
            "scheduled_for": start.isoformat(),
            "scheduled_until": (start + timedelta(hours=1)).isoformat(),
            "component_ids": [portal.ids[one] for one in touched],
        }
        made = await portal.call("POST", f"{path}/maintenances", body)
        portal.ids[name] = made["id"]


async def _clients(portal: Portal) -> dict[str, httpx2.AsyncClient]:
    clients = {"nobody": await portal.outside()}
    for name, components in (
        ("Anne", ["Capybara"]),
        ("Bert", ["Dormouse"]),
        ("deactivated", []),
        ("expired", []),
    ):
        await portal.partner(name)
        more: dict[str, object] = {"partner_updates": name == "Bert"}
        if name == "expired":
            more["expires_at"] = (portal.api.clock() + MINUTE).isoformat()
        await portal.grant(name, PRIVATE, *components, **more)
        clients[name] = await portal.signed_in(name)
    gone = portal.ids["deactivated"]
    await portal.call("PUT", f"/partners/{gone}/deactivation")
    portal.api.clock.advance(MINUTE)
    await portal.work()
    token = await portal.call(
        "POST", f"/status-pages/{portal.ids[PRIVATE]}/tokens", {"name": "Agency"}
    )
    await portal.work()
    holder = clients["token holder"] = await portal.outside()
    holder.headers["Authorization"] = f"Bearer {token['secret']}"
    team = await portal.api.team("Keepers")
    observer = await portal.api.user("Olaf", teams={team.id: Role.OBSERVER})
    clients["observer"] = await portal.outside()
    clients["observer"].cookies.set("pagefree", observer.token)
    return clients


async def _addresses(portal: Portal) -> AsyncIterator[str]:
    """Every status and partner route, with everything that could be filled in."""
    paths: dict[str, list[str]] = {}
    async with transaction(portal.api.engine) as tx:
        for page in COMPONENTS:
            content = await get_content(tx, (await _id(portal, page)))
            assert content
            snapshot = unpacked(content)
            everything = window(snapshot.view, Audience(None, partner=True), BASE_URL)
            paths[page] = sorted(render(everything, {}))
    routes = [route for router in ROUTERS for route in router.routes]
    for route in sorted({one.path for one in routes if isinstance(one, APIRoute)}):
        if not route.startswith(ABOUT_PAGES):
            continue
        for page, files in paths.items():
            for path in files if "{path" in route else [""]:
                yield _filled(route, portal.ids[page], page.lower(), path)


async def _id(portal: Portal, page: str) -> UUID:
    return UUID(portal.ids[page])


def _filled(route: str, page_id: str, slug: str, path: str) -> str:
    values = {"page_id": page_id, "slug": slug, "path:path": path}
    return re.sub(
        r"\{([^}]+)\}", lambda found: values.get(found[1], str(uuid4())), route
    )


def _new_in(answer: httpx2.Response, address: str, portal: Portal) -> str:
    """What an answer says that whoever asked did not know: an echo tells them nothing."""
    said = answer.text + str(answer.headers.raw)
    known = [address, *(one for one in portal.ids.values() if one in address)]
    for one in known:
        said = said.replace(one, "")
    return said


def _tells(text: str, portal: Portal, names: Iterable[str]) -> set[str]:
    """Which of these an answer tells of, by their names or their ids."""
    lower = text.lower()
    return {
        name
        for name in names
        if name.lower() in lower or portal.ids.get(name, "no id") in lower
    }


@pytest.mark.parametrize("actor", sorted(GRANTED))
async def test_nobody_is_told_of_what_is_not_granted(zoo: Zoo, actor: str) -> None:
    client, told = zoo.clients[actor], set[str]()
    hidden = EVERYTHING - GRANTED[actor]

    for address in zoo.addresses:
        if actor == "observer" and address.startswith("/v1/"):
            continue  # whoever works here sees how pages are set up
        answer = await client.get(address)
        said = _new_in(answer, address, zoo.portal)
        assert _tells(said, zoo.portal, hidden) == set(), address
        told |= _tells(said, zoo.portal, GRANTED[actor])

    assert told == GRANTED[actor]


async def test_counts_states_and_uptime_are_of_what_is_granted(zoo: Zoo) -> None:
    portal = zoo.portal
    for incident in ("Hedgehog", "Kangaroo"):
        path = f"/status-incidents/{portal.ids[incident]}/updates"
        await portal.call("POST", path, {"status": "resolved", "body": "Found."})
    await portal.work(MINUTE)
    anne, path = zoo.clients["Anne"], f"/partner/pages/{portal.ids[PRIVATE]}"

    summary = (await anne.get(f"{path}/api/v2/summary.json")).json()
    listed = await anne.get("/partner/")

    assert summary["status"]["indicator"] == "none"
    assert [one["name"] for one in summary["components"]] == ["Capybara"]
    assert [one["position"] for one in summary["components"]] == [1]
    assert summary["incidents"] == []
    assert len(summary["scheduled_maintenances"]) == 1
    assert "All systems operational" in listed.text
    assert "1 component<" in listed.text
    holder = zoo.clients["token holder"]
    everybody = await holder.get(f"/s/{PRIVATE.lower()}/api/v2/summary.json")
    assert everybody.json()["status"]["indicator"] == "critical"


async def test_mails_to_partners_tell_of_nothing(zoo: Zoo) -> None:
    client = await zoo.portal.outside()
    await client.post("/partner/sign-in", data={"email": "anne@agency.example"})
    await zoo.portal.work()

    mail = zoo.portal.mails.mails[-1]

    assert _tells(mail.text + mail.subject, zoo.portal, EVERYTHING) == set()


FOLLOWERS = {  # the page, and the one component that they chose
    "all of Aardvark": (PRIVATE, None),
    "Capybara": (PRIVATE, "Capybara"),
    "all of Bandicoot": (OPEN, None),
}
HEARD = {
    "all of Aardvark": EVERYTHING - {FOR_PARTNERS, GROUP, OPEN, *COMPONENTS[OPEN]},
    # an incident says all that it touches to everybody who may see it
    "Capybara": {PRIVATE, "Capybara", "Dormouse", "Hedgehog", "Kangaroo", "Lemur"},
    "all of Bandicoot": set[str](),
}


@pytest.mark.parametrize("follower", sorted(FOLLOWERS))
async def test_followers_are_sent_what_everyone_sees_of_what_they_chose(
    zoo: Zoo, follower: str
) -> None:
    portal, (page, component) = zoo.portal, FOLLOWERS[follower]
    http = GuardedClient(["127.0.0.0/8"])
    server = portal.gateway.transports.smtp
    gateway = replace(portal.gateway, transports=Transports(http, server))
    async with web_server() as hook:
        for way, address in (("email", "eve@x.example"), ("webhook", hook.url)):
            body = {"way": way, "address": address}
            chosen = {"component_ids": [portal.ids[component]]} if component else {}
            path = f"/status-pages/{portal.ids[page]}/subscribers"
            await portal.call("POST", path, body | chosen)
        for name, touched in INCIDENTS.items():
            path = f"/status-incidents/{portal.ids[name]}/updates"
            told = {"status": "identified", "body": f"We found the {name}."}
            await portal.call("POST", path, told)
            states = dict.fromkeys((portal.ids[one] for one in touched), "major_outage")
            hidden = {"body": FOR_PARTNERS, "told_to": "partners"}
            await portal.call("POST", path, told | hidden | {"components": states})
        for name in WORKS:
            path = f"/status-maintenances/{portal.ids[name]}/status"
            await portal.call("PUT", path, {"status": "in_progress"})
        await portal.work(MINUTE)
        ctx = Context(portal.api.engine, portal.api.clock, structlog.get_logger())
        for job in page_jobs.following_jobs(gateway, 1000):
            await job.work(ctx)
        await http.aclose()

    mails = [one.subject + one.text for one in portal.mails.mails]
    posts = [post.body.decode() for post in hook.posts]
    assert len(mails) == len(posts)
    for sent in (mails, posts):
        assert _tells("".join(sent), portal, EVERYTHING) == HEARD[follower]


async def test_every_look_and_every_refusal_is_on_record(zoo: Zoo) -> None:
    portal, anne = zoo.portal, zoo.clients["Anne"]
    page = f"/partner/pages/{portal.ids[PRIVATE]}/"
    before = len(await portal.log(partner_id=portal.ids["Anne"]))

    for path in (page, f"{page}history", f"{page}page.css"):
        assert (await anne.get(path)).status_code == 200
    for path in (f"/partner/pages/{portal.ids[OPEN]}/", f"/partner/pages/{uuid4()}/"):
        assert (await anne.get(path)).status_code == 404
    assert (await zoo.clients["deactivated"].get(page)).status_code == 401

    logged = await portal.log()
    looks = [(one["kind"], one["what"]) for one in logged[: len(logged) - before]]
    assert looks[:5] == [
        ("denied", "the session has ended"),
        ("denied", "something that is not granted"),
        ("denied", "something that is not granted"),
        ("viewed", "history"),
        ("viewed", "the page"),
    ]
    assert logged[0]["email"] == "deactivated@agency.example"
    assert logged[4]["page"] == {"id": portal.ids[PRIVATE], "name": PRIVATE}
