"""What people do with the tools that report: connect one, and find out what it says."""

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import AsyncIterator, Mapping
from http import HTTPStatus

import httpx2
import pytest
from playwright.async_api import Locator, Page, ViewportSize, expect

from tests.e2e.company import Company
from tests.e2e.screens import DESKTOP, PATIENCE_S, PHONE, Screens
from tests.programs import eventually

pytestmark = [pytest.mark.xdist_group("whole program"), pytest.mark.browser]

SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
SECRET = "seven wise owls sign this"
ODD = {"what": {"host": "db-7", "problem": "The disk is full"}, "prio": "1"}


@pytest.fixture
async def tool(company: Company) -> AsyncIterator[httpx2.AsyncClient]:
    """A monitoring tool: it knows no more than an address."""
    async with httpx2.AsyncClient(base_url=company.address, timeout=60) as client:
        yield client


async def send(
    tool: httpx2.AsyncClient,
    key: str,
    body: Mapping[str, object],
    signature: str | None = None,
) -> int:
    """Post what the tool has to say; returns how it was answered."""
    raw = json.dumps(body).encode()
    headers = {"Content-Type": "application/json"}
    if signature is not None:
        headers["X-Signature"] = signature
    answer = await tool.post(f"/in/generic/{key}", content=raw, headers=headers)
    return answer.status_code


def signed(body: Mapping[str, object]) -> str:
    raw = json.dumps(body).encode()
    return hmac.new(SECRET.encode(), raw, hashlib.sha256).hexdigest()


async def generic(company: Company, name: str) -> tuple[str, str]:
    """A new integration of the shop; returns its id and its key."""
    made = await company.ana.api.post(
        f"/services/{company.service_id}/integrations", kind="generic", name=name
    )
    return made["id"], made["routing_key"]


async def is_held(tool: httpx2.AsyncClient, key: str, company: Company) -> bool:
    """Let it fire, and be over again unless the rule is known by now."""
    alert = {"title": "Jitter on the line", "dedup_key": "jitter"}
    await send(tool, key, alert)
    if (await company.admin.get("/alerts", suppressed="true"))["items"]:
        return True
    await send(tool, key, {**alert, "action": "resolve"})
    return False


def requests(page: Page) -> Locator:
    return page.get_by_role("list", name="Requests").get_by_role("listitem")


async def shown_key(page: Page) -> str:
    """The routing key, as it stands on the page to be copied."""
    return await page.get_by_text(re.compile(r"^pfi_\w+$")).inner_text()


@SIZES
async def test_a_tool_of_no_known_kind_is_connected_from_the_catalogue(
    company: Company, tool: httpx2.AsyncClient, screens: Screens, size: ViewportSize
) -> None:
    name = f"Probe at {size['width']} px"
    page = await screens.of(company.ana, size)
    await page.goto("/integrations")

    await page.get_by_role("link", name="Connect a tool").click()
    await page.get_by_label("Which tool do you use?").fill("post json")
    await page.get_by_role("button", name="Generic JSON").click()
    await page.get_by_role("combobox", name=re.compile("What does it watch")).fill(
        "Shop"
    )
    await page.get_by_role("option", name="Shop", exact=True).click()
    await page.get_by_label(re.compile("^Name")).fill(name)
    await page.get_by_role("button", name="Make the key and show the set-up").click()
    await expect(page.get_by_text("Waiting for the first event")).to_be_visible()
    key = await shown_key(page)
    assert await send(tool, key, {"title": f"{name} fires"}) == HTTPStatus.ACCEPTED
    await expect(page.get_by_text("Events arrive")).to_be_visible()
    await page.get_by_role("tab", name="Requests").click()

    await expect(requests(page)).to_have_count(1)
    await expect(requests(page)).to_contain_text("Opened an alert")
    await expect(requests(page)).to_contain_text("Unsigned")


async def test_a_field_is_mapped_while_one_looks_and_the_request_replayed(
    company: Company, tool: httpx2.AsyncClient, screens: Screens
) -> None:
    integration_id, key = await generic(company, "Odd probe")
    await send(tool, key, ODD)
    page = await screens.of(company.ana)
    await page.goto(f"/integrations/{integration_id}?tab=settings")
    preview = page.get_by_role("region", name="Preview")
    await expect(preview).to_contain_text("(no title)")

    await page.get_by_label("Title").fill("{{what.problem}} on {{what.host}}")
    await expect(preview).to_contain_text("The disk is full on db-7")
    await page.get_by_role("button", name="Save the settings").click()
    await expect(page.get_by_text("Saved: from now on")).to_be_visible()
    await preview.get_by_role("button", name="What it said").click()
    drawer = page.get_by_role("dialog")
    await drawer.get_by_role("button", name="Replay").click()
    await page.get_by_role("button", name="Replay it").click()

    read = drawer.get_by_role("link", name="The disk is full on db-7")
    await expect(read).to_be_visible()
    assert await company.admin.incident("The disk is full on db-7")


async def test_a_wrong_signature_stands_in_the_log_with_what_is_wrong(
    company: Company, tool: httpx2.AsyncClient, screens: Screens
) -> None:
    integration_id, key = await generic(company, "Signing probe")
    page = await screens.of(company.ana)
    await page.goto(f"/integrations/{integration_id}?tab=keys")

    await page.get_by_role("button", name="It signs in another way").click()
    await page.get_by_label("Header of the signature").fill("X-Signature")
    await page.get_by_role("button", name="Verify like this").click()
    await page.get_by_role("button", name="Set a secret").click()
    await page.get_by_text("The tool made one").click()
    await page.get_by_label("The tool's secret").fill(SECRET)
    await page.get_by_role("button", name="Keep the secret").click()
    await expect(page.get_by_label("Refuse what is not signed")).to_be_checked()
    body = {"title": "Signed and sealed"}
    assert await send(tool, key, body, signed(body)) == HTTPStatus.ACCEPTED
    forged = {"title": "Send all to the other account"}
    assert await send(tool, key, forged, signed(body)) == HTTPStatus.UNAUTHORIZED
    assert await send(tool, key, forged) == HTTPStatus.UNAUTHORIZED
    await page.goto(f"/integrations/{integration_id}?tab=requests")

    missing, wrong, right = (requests(page).nth(place) for place in range(3))
    await expect(missing).to_contain_text("There is no signature")
    await expect(wrong).to_contain_text("The signature does not match the body")
    await expect(right).to_contain_text("Verified")
    await expect(page.get_by_role("main")).not_to_contain_text(SECRET)
    await expect(page.get_by_role("button", name="Rejected 2")).to_be_visible()


async def test_what_cannot_be_read_waits_in_an_inbox(
    company: Company, tool: httpx2.AsyncClient, screens: Screens
) -> None:
    _, key = await generic(company, "Mumbling probe")
    await tool.post(f"/in/generic/{key}", content=b"{mumble")
    page = await screens.of(company.ana, PHONE)
    await page.goto("/integrations?tab=unreadable")

    unread = page.get_by_role("list", name="Unreadable requests")
    one = unread.get_by_role("listitem").filter(has_text="Mumbling probe")
    await one.get_by_role("button", name=re.compile("^Not JSON")).click()

    await expect(page.get_by_role("dialog")).to_contain_text("{mumble")


async def test_what_nothing_routes_is_given_a_home(
    company: Company, tool: httpx2.AsyncClient, screens: Screens
) -> None:
    team = (await company.admin.get("/teams"))[0]["id"]
    attic = await company.admin.post("/services", name="Attic", team_id=team)
    await company.admin.put(f"/services/{attic['id']}/alert-settings", catch_all=True)
    path = f"/services/{attic['id']}/integrations"
    made = await company.admin.post(path, kind="generic", name="Everything")
    labels = {"building": "B"}
    lost = {"title": "The printer is offline", "labels": labels}
    await send(tool, made["routing_key"], lost)
    page = await screens.open()
    client = company.admin.client
    for name, value in client.cookies.items():
        await page.context.add_cookies(
            [{"name": name, "value": value, "url": company.address}]
        )
    await page.goto("/integrations?tab=unrouted")

    row = page.get_by_role("list", name="Unrouted alerts").get_by_role("listitem")
    await row.get_by_role("button", name="Route it").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_label("The label building is B")).to_be_checked()
    await dialog.get_by_role("combobox", name=re.compile("Belong to")).fill("Shop")
    await page.get_by_role("option", name="Shop", exact=True).click()
    await dialog.get_by_role("button", name="Route them").click()
    await expect(page.get_by_text("From now on such alerts are Shop's")).to_be_visible()

    async def reported_again() -> bool:
        title = f"Another printer is offline: {secrets.token_hex(4)}"
        await send(tool, made["routing_key"], {"title": title, "labels": labels})
        incident = await company.admin.incident(title)
        return bool(incident["service"]["name"] == "Shop")

    await eventually(reported_again, PATIENCE_S)


async def test_a_held_alert_says_why_nobody_is_told(
    company: Company, tool: httpx2.AsyncClient, screens: Screens
) -> None:
    _, key = await generic(company, "Nervous probe")
    await company.admin.post(
        "/routing-rules",
        name="Let it calm down",
        condition='title.startsWith("Jitter")',
        actions={"hold_s": 3600},
    )
    await eventually(lambda: is_held(tool, key, company), PATIENCE_S)
    page = await screens.of(company.bo)
    await page.goto("/alerts?which=quiet")

    one = page.get_by_role("list", name="Alerts").get_by_role("listitem")
    await expect(one).to_contain_text("Held")
    await expect(one).to_contain_text("It waits 1 h for it to recover")
    await one.get_by_role("link", name="Jitter on the line").click()

    await expect(page.get_by_text("Nobody is told of it")).to_be_visible()
    await page.get_by_role("link", name="See the routing rule").click()
    await expect(page).to_have_url(re.compile("/routing/"))


async def test_the_tier_and_what_a_service_depends_on_stand_beside_its_incidents(
    company: Company, screens: Screens
) -> None:
    teams = await company.admin.get("/teams")
    made = await company.admin.post(
        "/services", name="Warehouse", team_id=teams[0]["id"]
    )
    page = await screens.of(company.ana)
    await page.goto(f"/services/{company.service_id}")

    dialog = page.get_by_role("dialog")
    await page.get_by_role("button", name="Edit", exact=True).click()
    await dialog.get_by_role("combobox", name="Tier").click()
    await page.get_by_role("option", name="Tier 1: matters most").click()
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog).to_be_hidden()
    dependencies = page.get_by_role("region", name="Dependencies")
    await dependencies.get_by_role("button", name="Change").click()
    await dialog.get_by_role("combobox", name="Depends on").fill("Ware")
    await page.get_by_role("option", name="Warehouse").click()
    await page.keyboard.press("Escape")
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog).to_be_hidden()
    cause = await company.admin.post(
        "/incidents", service_id=made["id"], title="The warehouse burns"
    )
    effect = await company.alert("Nothing can be ordered")
    await page.goto(f"/incidents/{effect['number']}")

    context = page.get_by_role("region", name="What may explain it")
    await expect(context).to_contain_text("Shop is tier 1 of 4: it matters most.")
    upstream = context.get_by_role("region", name="Likely cause")
    await expect(upstream).to_contain_text(f"#{cause['number']} The warehouse burns")
