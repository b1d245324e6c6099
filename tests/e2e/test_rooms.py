"""Rooms in the browser: a team adds one and proves it, a step posts there, and it is told."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from playwright.async_api import Page, expect

from tests.e2e.company import Company
from tests.e2e.screens import PATIENCE_S, Screens
from tests.fake_servers import serving
from tests.fakes.mattermost import Mattermost
from tests.programs import eventually

pytestmark = [pytest.mark.xdist_group("whole program"), pytest.mark.browser]

ROOM = "Web's town square"


@pytest.fixture
async def chat() -> AsyncIterator[Mattermost]:
    """Where the room is."""
    async with serving(Mattermost()) as fake:
        yield fake
    assert fake.complaints == []


async def title_with(chat: Mattermost, words: str) -> str:
    """The title of the first message about this."""

    async def look() -> str | None:
        bodies = (json.loads(post.body) for post in chat.posts)
        titles = (str(body["attachments"][0]["fallback"]) for body in bodies)
        return next((title for title in titles if words in title), None)

    return await eventually(look, PATIENCE_S)


async def add_room(page: Page, team_id: str, chat: Mattermost) -> None:
    await page.goto(f"/team/teams/{team_id}")
    await page.get_by_role("button", name="Add a room").click()
    await page.get_by_role("combobox", name="Chat").click()
    await page.get_by_role("option", name="Mattermost").click()
    await page.get_by_role("textbox", name="Name").fill(ROOM)
    await page.get_by_label("Webhook address").fill(str(chat.address()["url"]))
    await page.get_by_role("button", name="Add it and post a code").click()
    code = (await title_with(chat, "is your code")).split()[0]
    await page.get_by_label("Code", exact=True).fill(code)
    await page.get_by_role("button", name="Check the code").click()
    await expect(page.get_by_text(f"Proven: steps can post in {ROOM}")).to_be_visible()


async def post_there_first(page: Page, policy_id: str) -> None:
    """The room becomes a target of the first step."""
    await page.goto(f"/policies/{policy_id}?edit=1")
    step = page.get_by_role("listitem", name="Step 1", exact=True)
    await step.get_by_role("combobox", name="Page in step 1").fill("town")
    await page.get_by_role("option", name=ROOM).click()
    await expect(step.get_by_role("group", name=ROOM)).to_be_visible()
    await page.get_by_role("button", name="Save the policy").click()
    await expect(page.get_by_role("button", name="Save the policy")).to_have_count(0)


async def test_a_team_adds_a_room_and_a_step_posts_there(
    company: Company, screens: Screens, chat: Mattermost
) -> None:
    policy = await company.admin.post(
        "/escalation-policies",
        name="The room, and Bo",
        team_id=company.team_id,
        repeats=0,
        steps=[
            {"timeout_s": 300, "targets": [{"kind": "user", "id": company.bo.id}]},
        ],
    )
    page = await screens.of(company.ana)
    await add_room(page, company.team_id, chat)
    await post_there_first(page, policy["id"])

    theirs = replace(company, policy_id=policy["id"])
    shop = await theirs.with_service("Shop with a room")
    incident = await shop.alert("The basket is empty")

    assert f"#{incident['number']}" in await title_with(chat, "The basket is empty")
    boss = await screens.of(replace(company.ana, api=company.admin))
    await boss.goto("/channels?tab=log&channel=mattermost")
    messages = boss.get_by_role("list", name="Messages")
    told = messages.get_by_role("listitem").filter(has_text="The basket is empty")
    await expect(told).to_contain_text(ROOM)
    await company.ana.api.put(f"/incidents/{incident['id']}/resolution")
