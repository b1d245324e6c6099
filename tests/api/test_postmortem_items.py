"""Action items, their reminders, and images of postmortems, over HTTP."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from pagefree.infra.db import transaction
from pagefree.postmortems import items
from pagefree.tables.handovers import shift_notices
from tests.api.conftest import Api, Person
from tests.api.incident_world import Json, World, make_world, ref

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 32
WEBP = b"RIFF\x24\0\0\0WEBPVP8 " + b"\0" * 16
MEBIBYTE = 1024 * 1024


@pytest.fixture
async def world(api: Api) -> World:
    return await make_world(api)


@pytest.fixture
async def path(world: World) -> str:
    """Of a draft about one incident."""
    incident_id = await world.burn_one()
    body = {"incident_ids": [incident_id]}
    answer = await world.ana.client.post("/v1/postmortems", json=body)
    assert answer.status_code == 201, answer.text
    return f"/v1/postmortems/{answer.json()['id']}"


async def add(world: World, path: str, **more: object) -> Json:
    body = {"text": "Alarm on the disk", **more}
    answer = await world.ana.client.post(f"{path}/action-items", json=body)
    assert answer.status_code == 201, answer.text
    made: Json = answer.json()
    return made


async def change(
    person: Person, path: str, item: Json, code: int = 200, **changes: object
) -> Json:
    address = f"{path}/action-items/{item['id']}"
    answer = await person.client.patch(address, json=changes)
    assert answer.status_code == code, answer.text
    found: Json = answer.json()
    return found


async def told(world: World, person: Person) -> list[str]:
    """What waits to be told to somebody."""
    query = select(shift_notices.c.text).where(shift_notices.c.user_id == person.id)
    async with transaction(world.api.engine) as tx:
        return list(await tx.scalars(query.order_by(shift_notices.c.id)))


async def remind(world: World, at: datetime) -> int:
    world.api.clock.now = at
    async with transaction(world.api.engine) as tx:
        return await items.remind_due(tx, at)


# -- action items -----------------------------------------------------------------------


async def test_what_is_to_be_done_has_an_owner_and_a_day(
    world: World, path: str
) -> None:
    made = await add(world, path, owner_id=str(world.bo.id), due_on="2026-03-20")

    mine = await world.bo.client.get("/v1/action-items?mine=true&status=open")

    assert (made["owner"], made["due_on"]) == (ref(world.bo), "2026-03-20")
    assert [one["id"] for one in mine.json()["items"]] == [made["id"]]
    assert (await told(world, world.bo))[0].startswith("Ana gave you “Alarm on the")
    assert (await world.ana.client.get(path)).json()["open_item_count"] == 1


async def test_it_is_done_dropped_and_opened_again(world: World, path: str) -> None:
    made = await add(world, path, owner_id=str(world.bo.id), due_on="2026-03-20")

    done = await change(world.ana, path, made, status="done")
    again = await change(world.ana, path, made, status="open")

    assert (done["remind_at"], done["closed_at"]) == (None, "2026-03-02T09:00:00Z")
    assert (again["remind_at"], again["closed_at"]) == (made["remind_at"], None)
    listed = await world.ana.client.get(f"{path}/action-items")
    assert [one["status"] for one in listed.json()] == ["open"]


async def test_its_owner_says_what_became_of_it_whatever_their_team(
    world: World, path: str
) -> None:
    made = await add(world, path, owner_id=str(world.eve.id))

    done = await change(world.eve, path, made, status="done")
    await change(world.eve, path, made, 403, text="Something easier")
    await change(world.ana, path, made, owner_id=None)
    await change(world.eve, path, made, 403, status="dropped")

    assert done["status"] == "done"


async def test_a_ticket_is_linked_by_its_address(world: World, path: str) -> None:
    made = await add(world, path)
    url = "https://example.atlassian.net/browse/OPS-12"

    linked = await change(world.ana, path, made, ticket_url=url)
    await change(world.ana, path, made, 422, ticket_url="javascript:alert(1)")
    cut = await change(world.ana, path, made, ticket_url=None)

    assert (linked["ticket_url"], cut["ticket_url"]) == (url, None)


async def test_nobody_who_left_is_given_anything(world: World, path: str) -> None:
    admin = await world.api.user("Pia", platform_admin=True)
    await admin.client.delete(f"/v1/users/{world.bo.id}")
    answer = await world.ana.client.post(
        f"{path}/action-items", json={"text": "x", "owner_id": str(admin.id)}
    )
    unknown = await world.ana.client.post(
        f"{path}/action-items",
        json={"text": "x", "owner_id": path.rsplit("/", 1)[1]},
    )

    assert (answer.status_code, unknown.status_code) == (201, 422)


async def test_what_was_written_by_mistake_is_deleted(world: World, path: str) -> None:
    made = await add(world, path)
    address = f"{path}/action-items/{made['id']}"

    assert (await world.eve.client.delete(address)).status_code == 403
    assert (await world.ana.client.delete(address)).status_code == 204
    assert (await world.ana.client.delete(address)).status_code == 404


# -- reminders --------------------------------------------------------------------------


async def test_the_owner_is_reminded_before_and_after_it_is_due(
    world: World, path: str
) -> None:
    await add(world, path, owner_id=str(world.bo.id), due_on="2026-03-20")
    day = datetime(2026, 3, 17, 9, tzinfo=UTC)

    early = await remind(world, day - timedelta(seconds=1))
    found = [await remind(world, day + timedelta(days=d)) for d in (0, 3, 10, 10)]

    assert (early, found) == (0, [1, 1, 1, 0])
    _, *reminders = await told(world, world.bo)
    words = [text.split("” ")[1].split(" (")[0] for text in reminders]
    assert words == ["is due in 3 days", "is due today", "was due 7 days ago"]


async def test_a_worker_that_slept_reminds_once(world: World, path: str) -> None:
    await add(world, path, owner_id=str(world.bo.id), due_on="2026-03-20")
    late = datetime(2026, 3, 29, 12, tzinfo=UTC)

    assert [await remind(world, late), await remind(world, late)] == [1, 0]
    assert len(await told(world, world.bo)) == 2


async def test_what_is_done_or_removed_reminds_nobody(world: World, path: str) -> None:
    admin = await world.api.user("Pia", platform_admin=True)
    due = date(2026, 3, 20).isoformat()
    one = await add(world, path, owner_id=str(world.bo.id), due_on=due)
    await add(world, path, owner_id=str(world.bo.id), due_on=due)
    await change(world.ana, path, one, status="dropped")

    await admin.client.delete(path)

    assert await remind(world, datetime(2026, 3, 20, 12, tzinfo=UTC)) == 0


# -- images -----------------------------------------------------------------------------


async def upload(person: Person, path: str, content: bytes) -> tuple[int, Json]:
    answer = await person.client.post(
        f"{path}/images?name=graph.png",
        content=content,
        headers={"Content-Type": "application/octet-stream"},
    )
    found: Json = answer.json()
    return answer.status_code, found


@pytest.mark.parametrize(
    ("content", "kind"),
    [(PNG, "png"), (b"\xff\xd8\xff\xe0" + b"\0" * 9, "jpeg"), (WEBP, "webp")],
    ids=["png", "jpeg", "webp"],
)
async def test_an_image_is_shown_to_who_may_see_and_does_nothing_else(
    world: World, path: str, content: bytes, kind: str
) -> None:
    status, made = await upload(world.ana, path, content)

    shown = await world.eve.client.get(made["url"])
    stranger = await (await world.api.browser()).get(made["url"])

    assert status == 201
    assert shown.content == content
    assert shown.headers["content-type"] == f"image/{kind}"
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert shown.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert shown.headers["content-disposition"].startswith("inline; filename=")
    assert stranger.status_code == 401


@pytest.mark.parametrize(
    "content",
    [b"", b"<svg onload=alert(1)>", b"<html><script>", b"GIF89a", b"RIFF\0\0\0\0WAVE"],
    ids=["empty", "svg", "html", "gif", "wave"],
)
async def test_anything_else_is_refused_whatever_it_is_called(
    world: World, path: str, content: bytes
) -> None:
    status, problem = await upload(world.ana, path, content)

    assert (status, problem["code"]) == (422, "invalid")


async def test_an_image_may_have_five_megabytes(world: World, path: str) -> None:
    most = PNG + b"\0" * (5 * MEBIBYTE - len(PNG))

    assert (await upload(world.ana, path, most))[0] == 201
    assert (await upload(world.ana, path, most + b"\0"))[0] == 422
    assert (await upload(world.ana, path, most + b"\0" * 2048))[0] == 413


async def test_images_are_added_and_deleted_by_writers_only(
    world: World, path: str
) -> None:
    assert (await upload(world.eve, path, PNG))[0] == 403
    _, made = await upload(world.ana, path, PNG)

    assert (await world.eve.client.delete(made["url"])).status_code == 403
    assert len((await world.ana.client.get(f"{path}/images")).json()) == 1
    assert (await world.ana.client.delete(made["url"])).status_code == 204
    assert (await world.ana.client.get(made["url"])).status_code == 404


async def test_an_image_is_found_under_its_own_postmortem_only(
    world: World, path: str
) -> None:
    _, made = await upload(world.ana, path, PNG)
    body = {"incident_ids": [await world.burn_one("Other")]}
    other = (await world.ana.client.post("/v1/postmortems", json=body)).json()

    address = f"/v1/postmortems/{other['id']}/images/{made['id']}"

    assert (await world.ana.client.get(address)).status_code == 404
