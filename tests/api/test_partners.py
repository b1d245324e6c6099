"""Looking after partners: added, invited, imported, granted, shut out; and what is on record."""

import csv
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import text

from pagefree.core.access import Role
from pagefree.infra.db import transaction
from pagefree.notifications import link_queries
from pagefree.partners import jobs
from pagefree.partners.access_log import KEPT
from pagefree.timeline import listening
from tests.api.conftest import Api
from tests.api.partner_world import LINK, MINUTE, Portal, portal_of

DAY = timedelta(days=1)


@pytest.fixture
async def portal(api: Api, tmp_path: Path) -> AsyncIterator[Portal]:
    async with portal_of(api, tmp_path) as portal:
        await portal.page("Shop")
        for name in ("Checkout", "Search"):
            await portal.component("Shop", name)
        await portal.partner("Dan")
        await portal.work()
        yield portal


async def sees(portal: Portal, client: httpx2.AsyncClient) -> int:
    answer = await client.get(f"/partner/pages/{portal.ids['Shop']}/")
    return answer.status_code


async def test_an_invitation_sets_the_account_up(portal: Portal) -> None:
    invited = {"email": "Eve@Agency.example", "name": "Eve"}
    made = await portal.call("POST", "/partners", invited)
    link = await portal.mailed_link("eve@agency.example")
    client = await portal.outside()

    shown = await client.get(link)
    profile = {"name": "Eve Evans", "organisation": "Agency"}
    await client.post(link, data=profile)

    assert made["standing"] == "invited"
    assert 'name="organisation"' in shown.text
    kept = await portal.call("GET", f"/partners/{made['id']}")
    assert (kept["name"], kept["organisation"]) == ("Eve Evans", "Agency")
    assert kept["standing"] == "active"
    assert "Nothing is shared with you" in (await client.get("/partner/")).text


async def test_the_newest_invitation_alone_counts(portal: Portal) -> None:
    path = f"/partners/{portal.ids['Dan']}/invitation"
    await portal.call("POST", path)
    first = await portal.mailed_link("dan@agency.example")
    await portal.call("POST", path)
    second = await portal.mailed_link("dan@agency.example")
    client = await portal.outside()

    assert (await client.post(first)).status_code == 410
    portal.api.clock.advance(6 * DAY)
    assert (await client.post(second)).status_code == 303


async def test_two_partners_have_two_addresses(portal: Portal) -> None:
    answer = await portal.admin.client.post(
        "/v1/partners", json={"email": "DAN@agency.example"}
    )

    assert answer.status_code == 409


async def test_an_import_says_what_it_passed_over(portal: Portal) -> None:
    lines = (
        "\ufeffemail,name,organisation,expires_on",
        "eve@agency.example,Eve,Agency,2027-01-31",
        "dan@agency.example,Dan,Agency,",
        "no address,,,",
        "fay@agency.example,Fay,Agency,soon",
        "gil@agency.example,Gil,Agency,2020-01-01",
    )

    done = await portal.call(
        "POST", "/partners/import", {"csv": "\n".join(lines), "invite": True}
    )

    assert done["added"] == 1
    assert [one["line"] for one in done["passed_over"]] == [3, 4, 5, 6]
    await portal.work()
    assert [one.recipient for one in portal.mails.mails] == ["eve@agency.example"]
    nonsense = {"csv": "who\nDan"}
    answer = await portal.admin.client.post("/v1/partners/import", json=nonsense)
    assert answer.status_code == 422


async def test_partners_are_found_by_words_and_standing(portal: Portal) -> None:
    await portal.partner("Eve")
    await portal.call("PUT", f"/partners/{portal.ids['Dan']}/deactivation")

    async def names(**query: str) -> list[str]:
        answer = await portal.admin.client.get("/v1/partners", params=query)
        return [one["name"] for one in answer.json()["items"]]

    assert await names() == ["Eve", "Dan"]
    assert await names(query="eVe") == ["Eve"]
    assert await names(standing="deactivated") == ["Dan"]
    assert await names(standing="invited") == ["Eve"]
    assert await names(standing="active") == []


async def test_who_asks_becomes_a_partner_when_an_admin_agrees(portal: Portal) -> None:
    client = await portal.outside()
    said = {"email": "eve@agency.example", "name": "Eve", "organisation": "Agency"}
    await client.post("/partner/request", data={**said, "message": "Checkout, please"})
    (request,) = (await portal.call("GET", "/partner-requests"))["items"]

    path = f"/partner-requests/{request['id']}"
    made = await portal.call("PUT", f"{path}/approval")
    again = await portal.admin.client.put(f"/v1{path}/refusal")

    assert again.status_code == 409
    assert (await portal.call("GET", "/partner-requests"))["items"] == []
    assert (await portal.call("GET", f"/partners/{made['id']}"))["organisation"] == (
        "Agency"
    )
    link = await portal.mailed_link("eve@agency.example")
    assert (await client.post(link)).status_code == 303


async def test_admins_are_told_that_somebody_asks_but_not_flooded(
    portal: Portal,
) -> None:
    async def ask(name: str) -> list[str]:
        client = await portal.outside()
        form = {
            "email": f"{name}@x.example",
            "name": "Call +1 900 now",
            "message": "Me!",
        }
        assert (await client.post("/partner/request", data=form)).status_code == 200
        portal.api.clock.advance(MINUTE)
        async with transaction(portal.api.engine) as tx:
            await listening.read_on(tx, jobs.LISTENER, portal.api.clock())
            told = await tx.execute(text("SELECT text FROM shift_notices ORDER BY id"))
            return list(told.scalars())

    async with transaction(portal.api.engine) as tx:
        await listening.read_on(tx, jobs.LISTENER, portal.api.clock())
    first = await ask("fay")
    again = await ask("fay")
    others = [await ask(f"bot{number}") for number in range(3)]
    portal.api.clock.advance(DAY)
    next_day = await ask("gil")

    said = "{}@x.example asks for access as a partner. Approve or refuse it under Partners."
    assert first == again == [said.format("fay")]
    assert others == [first] * 3
    assert next_day == [*first, said.format("gil")]


async def test_in_a_demo_links_are_in_the_outbox(portal: Portal) -> None:
    portal.gateway = replace(portal.gateway, demo=True)
    await portal.call("POST", f"/partners/{portal.ids['Dan']}/invitation")
    await portal.work()

    async with transaction(portal.api.engine) as tx:
        (shown,) = await link_queries.list_outbox(tx, None, 10)
    link = LINK.search(shown.text)
    assert portal.mails.mails == []
    assert (shown.channel, shown.recipient) == ("email", "dan@agency.example")
    assert link
    assert link[0] in (shown.html or "")
    client = await portal.outside()
    assert (await client.post(link[0])).status_code == 303


async def test_a_refused_request_tells_nobody(portal: Portal) -> None:
    client = await portal.outside()
    said = {"email": "eve@agency.example", "name": "Eve", "organisation": "Agency"}
    await client.post("/partner/request", data=said)
    (request,) = (await portal.call("GET", "/partner-requests"))["items"]

    await portal.call("PUT", f"/partner-requests/{request['id']}/refusal")
    await portal.work()

    assert portal.mails.mails == []
    decided = await portal.admin.client.get("/v1/partner-requests?decided=true")
    assert decided.json()["items"][0]["decision"] == "refused"


async def test_what_is_revoked_is_gone_from_an_open_page(portal: Portal) -> None:
    await portal.grant("Dan", "Shop", "Checkout")
    client = await portal.signed_in("Dan")
    assert await sees(portal, client) == 200

    path = f"/partners/{portal.ids['Dan']}/grants/{portal.ids['Shop']}"
    await portal.call("DELETE", path)

    assert await sees(portal, client) == 401  # nothing is left: signed out, too
    assert await portal.call("GET", "/partner-sessions") == []


@pytest.mark.parametrize("how", ["deactivated", "removed", "expired", "signed out"])
async def test_who_is_shut_out_is_out_at_once(portal: Portal, how: str) -> None:
    await portal.grant("Dan", "Shop")
    client = await portal.signed_in("Dan")
    waiting = await portal.link("Dan")
    partner = f"/partners/{portal.ids['Dan']}"

    if how == "deactivated":
        await portal.call("PUT", f"{partner}/deactivation")
    elif how == "removed":
        await portal.call("DELETE", partner)
    elif how == "expired":
        until = (portal.api.clock() + MINUTE).isoformat()
        await portal.call("PATCH", partner, {"expires_at": until})
        portal.api.clock.advance(MINUTE)
    else:
        await portal.call("DELETE", f"{partner}/sessions")

    assert await sees(portal, client) == 401
    assert (await client.post(waiting)).status_code == 410


async def test_one_session_is_ended_and_the_other_stays(portal: Portal) -> None:
    await portal.grant("Dan", "Shop")
    first, second = await portal.signed_in("Dan"), await portal.signed_in("Dan")
    newest, _ = await portal.call("GET", "/partner-sessions")

    await portal.call("DELETE", f"/partner-sessions/{newest['id']}")

    assert await sees(portal, second) == 401
    assert await sees(portal, first) == 200


async def test_a_grant_ends_by_itself(portal: Portal) -> None:
    soon = (portal.api.clock() + MINUTE).isoformat()
    await portal.grant("Dan", "Shop", "Checkout", expires_at=soon)
    client = await portal.signed_in("Dan")
    assert await sees(portal, client) == 200

    portal.api.clock.advance(MINUTE)

    assert await sees(portal, client) == 404
    kept = await portal.call("GET", f"/partners/{portal.ids['Dan']}")
    assert [one["counts"] for one in kept["grants"]] == [False]


async def test_a_grant_opens_a_private_page_for_partners(portal: Portal) -> None:
    await portal.page("Secret", visibility="private")
    await portal.work(MINUTE)
    await portal.grant("Dan", "Secret")
    client = await portal.signed_in("Dan")
    path = f"/status-pages/{portal.ids['Secret']}"

    assert (await portal.call("GET", path))["partners"]
    assert "Secret" in (await client.get("/partner/")).text
    await portal.call("PATCH", path, {"partners": False})
    assert "Secret" not in (await client.get("/partner/")).text


async def test_partners_cannot_subscribe(portal: Portal) -> None:
    await portal.grant("Dan", "Shop")
    client = await portal.signed_in("Dan")
    page = f"/partner/pages/{portal.ids['Shop']}/"

    assert "ubscribe" not in (await client.get(page)).text
    for method in ("GET", "POST"):
        answer = await client.request(method, f"{page}subscribe")
        assert answer.status_code in {404, 405}


async def test_a_grant_names_what_is_on_the_page(portal: Portal) -> None:
    await portal.page("Other")
    path = f"/v1/partners/{portal.ids['Dan']}/grants/{portal.ids['Other']}"
    wrong: tuple[dict[str, object], ...] = (
        {"components": []},
        {"components": [{"component_id": portal.ids["Checkout"]}]},
        {"expires_at": portal.api.clock().isoformat()},
    )
    for body in wrong:
        answer = await portal.admin.client.put(path, json=body)
        assert answer.status_code == 422


async def test_team_admins_grant_pages_of_their_team_alone(portal: Portal) -> None:
    team = await portal.api.team("Web")
    boss = await portal.api.user("Tia", teams={team.id: Role.TEAM_ADMIN})
    await portal.page("Ours", team_id=str(team.id))
    await portal.component("Ours", "Blog")
    partner = f"/v1/partners/{portal.ids['Dan']}"
    blog = {"components": [{"component_id": portal.ids["Blog"]}]}

    own = await boss.client.put(f"{partner}/grants/{portal.ids['Ours']}", json=blog)
    other = await boss.client.put(f"{partner}/grants/{portal.ids['Shop']}", json={})
    matrix = await boss.client.get(f"/v1/status-pages/{portal.ids['Ours']}/partners")

    assert own.status_code == 200
    assert other.status_code == 403
    (dan,) = matrix.json()
    assert [one["name"] for one in dan["grant"]["components"]] == ["Blog"]
    assert (await boss.client.get(partner)).status_code == 403


async def test_the_log_is_exported_as_text_that_is_no_formula(portal: Portal) -> None:
    client = await portal.outside()
    client.headers["User-Agent"] = '=HYPERLINK("http://evil.example","Click")'
    for email in ("=cmd@agency.example", "+1@agency.example", "@x@agency.example"):
        await client.post("/partner/sign-in", data={"email": email})
    await portal.work()

    answer = await portal.admin.client.get("/v1/partner-accesses/export")

    rows = list(csv.DictReader(StringIO(answer.text)))
    assert answer.headers["content-type"].startswith("text/csv")
    assert "attachment" in answer.headers["content-disposition"]
    assert {row["email"] for row in rows} == {
        "'=cmd@agency.example",
        "'+1@agency.example",
    }
    assert all(row["user_agent"].startswith("'=HYPER") for row in rows)


async def test_the_log_is_filtered(portal: Portal) -> None:
    await portal.grant("Dan", "Shop")
    client = await portal.signed_in("Dan")
    await sees(portal, client)
    portal.api.clock.advance(DAY - MINUTE)
    await client.get("/partner/pages/nothing/")
    day_later = portal.api.clock().isoformat()

    async def kinds(**query: str) -> list[str]:
        return [one["kind"] for one in await portal.log(**query)]

    assert await kinds() == ["denied", "viewed", "signed_in"]
    assert await kinds(page_id=portal.ids["Shop"]) == ["viewed"]
    assert await kinds(partner_id=portal.ids["Dan"], kind="denied") == ["denied"]
    assert await kinds(since=day_later) == ["denied"]
    assert await kinds(until=day_later) == ["viewed", "signed_in"]
    assert await kinds(query="nobody") == []


async def test_every_look_and_refusal_is_in_the_audit_too(portal: Portal) -> None:
    await portal.grant("Dan", "Shop")
    client = await portal.signed_in("Dan")
    await sees(portal, client)
    await client.get("/partner/pages/nothing/")

    query = {"object_kind": "partner", "object_id": portal.ids["Dan"], "limit": "100"}
    answer = await portal.admin.client.get("/v1/audit", params=query)

    found = {
        one["kind"]: one
        for one in answer.json()["items"]
        if one["kind"].startswith("partner.")
    }
    assert {"partner.signed_in", "partner.viewed", "partner.denied"} <= found.keys()
    assert found["partner.viewed"]["data"]["page"] == "Shop"


async def test_what_was_looked_at_is_forgotten_after_ninety_days(
    portal: Portal,
) -> None:
    await portal.grant("Dan", "Shop")
    await portal.signed_in("Dan")

    await portal.work(KEPT)
    kept = await portal.count("partner_accesses")
    await portal.work(MINUTE)

    assert kept == 1
    assert await portal.count("partner_accesses") == 0
