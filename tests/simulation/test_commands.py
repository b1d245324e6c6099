"""What people ask of PageFree from a chat: who is on call, and to page somebody."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import insert, select

from pagefree.accounts import service as accounts
from pagefree.channels.base import Command
from pagefree.core.policies import Policy
from pagefree.core.rotations import Unit
from pagefree.escalation import service as escalation
from pagefree.escalation.policy_queries import Draft
from pagefree.incidents import answers
from pagefree.infra.ids import new_id
from pagefree.notifications import preference_queries
from pagefree.notifications.preference_queries import Preferences
from pagefree.schedules import editing, plans
from pagefree.tables.accounts import teams
from pagefree.tables.incidents import incidents
from pagefree.tables.services import services
from tests.simulation.world import HOUR, MINUTE, World


@pytest.fixture(autouse=True)
async def linked(world: World) -> None:
    """Ana has linked her Slack; Bo takes part in the team, and has one, too."""
    await world.join("bo")
    await world.method("ana", "slack", team_id="T1", user_id="UANA")
    await world.set_up(slack={"bot_token": "xoxb-1", "signing_secret": "s" * 20})


async def ask(
    world: World, verb: str, text: str, sender: str = "T1/UANA", name: str = ""
) -> str:
    command = Command(sender, "page", text, name or str(new_id()))
    if verb == "on_call":
        command = replace(command, verb="on_call")
    line = await answers.take(world.tx, "slack", command, world.now)
    await world.work()
    return line or ""


async def found(world: World) -> list[tuple[str, UUID]]:
    query = select(incidents.c.title, incidents.c.service_id)
    rows = await world.tx.execute(query.order_by(incidents.c.number))
    return [(row.title, row.service_id) for row in rows]


async def rota(world: World, name: str, *people: str) -> UUID:
    layer = plans.NewLayer(
        name="Primary",
        start_at=datetime(2026, 2, 2, 9, tzinfo=UTC),
        unit=Unit.WEEK,
        user_ids=tuple(world.people[one] for one in people),
    )
    draft = plans.Draft(name, world.team_id, "UTC", (layer,))
    actor = replace(world.actor("bo"), platform_admin=True)
    return await editing.create(world.tx, draft, actor, world.now)


async def test_a_service_is_paged_as_its_policy_says(world: World) -> None:
    await world.set_own_policy(("cy", HOUR))

    line = await ask(world, "page", "Shop the basket is <!channel> empty")

    assert line.endswith("is open, and Shop is paged.")
    assert await found(world) == [("the basket is <!channel> empty", world.service_id)]
    assert await world.paged() == [("cy", 0)]


async def test_what_is_hidden_from_somebody_has_no_name_for_them(world: World) -> None:
    team_id, vault = new_id(), new_id()
    at = {"created_at": world.now}
    await world.tx.execute(
        insert(teams).values(id=team_id, name="Mergers", hidden=True, **at)
    )
    await world.tx.execute(
        insert(services).values(id=vault, team_id=team_id, name="Vault", **at)
    )

    named = await ask(world, "page", "Vault is open")
    board = await ask(world, "on_call", "Mergers")

    assert "Vault is open" in named
    assert "nothing" in board.lower()
    assert await found(world) == []


async def test_names_are_read_whatever_their_case_and_their_blanks(
    world: World,
) -> None:
    gateway = new_id()
    row = {"id": gateway, "team_id": world.team_id, "created_at": world.now}
    await world.tx.execute(insert(services).values(**row, name="Shop card gateway"))

    await ask(world, "page", "  shop   CARD gateway is slow")

    assert await found(world) == [("is slow", gateway)]


async def test_a_person_is_paged_about_the_only_service_of_their_team(
    world: World,
) -> None:
    line = await ask(world, "page", "Bo please look at the queue")
    await world.advance(25 * MINUTE)

    assert line.endswith("is open, and bo is paged.")
    assert [who for who, _ in await world.paged()] == ["bo"] * 3


async def test_a_member_who_is_mentioned_is_paged(world: World) -> None:
    await world.method("bo", "slack", team_id="T1", user_id="UBO")
    wanted = Command("T1/UANA", "page", "the queue is stuck", "1", "T1/UBO")
    stranger = Command("T1/UANA", "page", "the queue is stuck", "2", "T1/UCY")

    line = await answers.take(world.tx, "slack", wanted, world.now)
    await world.work()
    refused = await answers.take(world.tx, "slack", stranger, world.now)

    assert line is not None
    assert line.endswith("is open, and bo is paged.")
    assert refused is not None
    assert "have not linked their account" in refused
    assert await found(world) == [("the queue is stuck", world.service_id)]


async def test_a_name_may_begin_with_the_sign_of_a_mention(world: World) -> None:
    assert (await ask(world, "page", "@bo wake up")).endswith("bo is paged.")


async def test_whoever_is_on_call_is_paged_by_their_schedule(world: World) -> None:
    await rota(world, "Nights", "cy")

    await ask(world, "page", "Nights: everything burns")

    assert await found(world) == [("everything burns", world.service_id)]
    assert await world.paged() == [("cy", 0)]


async def test_where_a_team_has_several_services_one_is_asked_for(
    world: World,
) -> None:
    gateway = new_id()
    row = {"id": gateway, "team_id": world.team_id, "created_at": world.now}
    await world.tx.execute(insert(services).values(**row, name="Gateway"))

    asked = await ask(world, "page", "bo the queue is stuck")
    assert "Which service is it about?" in asked
    assert "Gateway, Shop" in asked
    assert await found(world) == []

    await ask(world, "page", "bo on gateway the queue is stuck")
    assert await found(world) == [("the queue is stuck", gateway)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Write whom to page and why"),
        ("nobody at all", "“nobody at all” names nothing that there is."),
        ("Shop", "Write what is wrong, too."),
        ("Shopping is slow", "names nothing"),
    ],
    ids=["nothing", "unknown", "no reason", "only the beginning of a word"],
)
async def test_what_is_not_understood_pages_nobody(
    world: World, text: str, said: str
) -> None:
    assert said in await ask(world, "page", text)
    assert await found(world) == []


async def test_two_of_one_name_are_not_guessed_between(world: World) -> None:
    row = {"id": new_id(), "team_id": world.team_id, "created_at": world.now}
    await world.tx.execute(insert(services).values(**row, name="Bo"))

    assert "Several are called that" in await ask(world, "page", "bo is it you?")


async def test_a_command_that_comes_twice_counts_once(world: World) -> None:
    await ask(world, "page", "bo wake up", name="trigger-1")
    again = await ask(world, "page", "bo wake up", name="trigger-1")

    assert again == ""
    assert len(await found(world)) == 1


async def test_who_is_on_call_is_told_by_schedule_and_by_team(world: World) -> None:
    await rota(world, "Nights", "cy")
    await rota(world, "Days", "bo")

    assert await ask(world, "on_call", "") == "Days: bo\nNights: cy"
    assert await ask(world, "on_call", "nights") == "Nights: cy"
    assert await ask(world, "on_call", "web") == "Days: bo\nNights: cy"


@pytest.mark.parametrize("verb", ["page", "on_call"])
async def test_who_is_not_linked_is_told_how_to_be(world: World, verb: str) -> None:
    line = await ask(world, verb, "bo wake up", sender="T2/UANA")

    assert line == answers.HOW_TO_LINK
    assert await found(world) == []


async def test_who_was_deactivated_may_ask_for_nothing(world: World) -> None:
    await world.deactivate("ana")

    assert await ask(world, "page", "bo wake up") == answers.HOW_TO_LINK


async def test_an_archived_service_pages_nobody(world: World) -> None:
    actor = replace(world.actor("bo"), platform_admin=True)
    steps = world.policy(("cy", HOUR)).steps
    draft = Draft(world.team_id, Policy(None, "p", steps))
    await escalation.create(world.tx, draft, actor, world.now)
    await accounts.create_team(world.tx, "Other", "", world.now)
    await world.tx.execute(services.update().values(lifecycle="archived"))

    assert "names nothing" in await ask(world, "page", "Shop is down")


async def test_whoever_asks_is_answered_in_their_language(world: World) -> None:
    german = Preferences(language="de")
    await preference_queries.put_preferences(world.tx, world.people["ana"], german)
    await world.set_own_policy(("cy", HOUR))

    assert await ask(world, "on_call", "") == "Es gibt keinen Dienstplan."
    assert "„Nothing like it“ gibt es nicht." in await ask(
        world, "page", "Nothing like it"
    )
    assert (await ask(world, "page", "Shop brennt")).endswith("Shop wird alarmiert.")
