"""What is served: quickly, safely, also without the database, and to nobody it is not for."""

import asyncio
import re
from datetime import timedelta
from pathlib import Path

import httpx2
from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.core.status_pages import Impact, Stage
from pagefree.infra.db import Channel, transaction
from pagefree.infra.listen import Listener
from pagefree.status_pages import access, notices, service, telling
from pagefree.status_pages.access import AskedToken
from pagefree.status_pages.front import COOKIE, Ticket, sealed
from pagefree.status_pages.memory import Export, Memory
from pagefree.status_pages.notices import Notice
from pagefree.status_pages.telling import NewIncident, NewUpdate
from tests.status_pages.conftest import NOBODY, VAULT, Scene

HOUR = timedelta(hours=1)
HOSTILE = '<script>alert(1)</script> ]]> \x00-free & "quoted" javascript:alert(2)'


async def changed(scene: Scene, **values: object) -> None:
    async with transaction(scene.engine) as tx:
        await service.change_page(tx, scene.page_id, values, scene.actor, scene.now)
    await scene.work()


async def test_a_page_is_small_strict_and_needs_no_script(scene: Scene) -> None:
    page = await scene.get()

    assert page.status_code == 200
    assert len(page.content) < 60_000
    assert "<script" not in page.text
    assert " style=" not in page.text
    policy = page.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert page.headers["cache-control"] == "public, max-age=30"
    assert "set-cookie" not in page.headers


async def test_what_has_not_changed_is_not_sent_again(scene: Scene) -> None:
    page = await scene.get()

    again = await scene.get(**{"If-None-Match": page.headers["etag"]})

    assert again.status_code == 304
    assert again.content == b""
    assert (await scene.get(**{"Accept-Encoding": "gzip"})).text == page.text
    assert (await scene.get(**{"Accept-Encoding": "identity"})).text == page.text


async def test_json_may_be_read_from_everywhere(scene: Scene) -> None:
    summary = await scene.get("api/v2/summary.json")

    assert summary.headers["access-control-allow-origin"] == "*"
    assert summary.headers["content-type"].startswith("application/json")
    assert "access-control-allow-origin" not in (await scene.get()).headers


async def test_hostile_text_stays_text(scene: Scene) -> None:
    text = HOSTILE.replace("\x00", "")
    new = NewIncident(text, NewUpdate("investigating", text))
    async with transaction(scene.engine) as tx:
        await telling.open_incident(tx, scene.page_id, new, scene.actor, scene.now)
    await scene.work()

    pages = scene.memory.by_slug["shop"].answers
    for path, answer in pages.items():
        body = answer.body.decode("utf-8", "replace")
        if not path.startswith(("api/", "history.json", "maintenance.ics")):
            assert "<script>" not in body, path
            assert 'href="javascript' not in body, path


def links(answer: httpx2.Response) -> set[str]:
    """The paths on this host that a page leads to."""
    found = re.findall(r'(?:href|src)="([^"#:]+)"', answer.text)
    return {answer.url.join(link).raw_path.decode() for link in found}


async def test_links_lead_to_what_is_there(scene: Scene) -> None:
    await changed(scene, languages=["en", "de"])
    new = NewIncident("Slow", NewUpdate("investigating", "We look."))
    async with transaction(scene.engine) as tx:
        await telling.open_incident(tx, scene.page_id, new, scene.actor, scene.now)
    await scene.work()
    seen, todo = {"/s/shop/"}, ["/s/shop/"]
    async with scene.client() as client:
        while todo:
            answer = await client.get(todo.pop())
            assert answer.status_code == 200, answer.url
            if "text/html" in answer.headers["content-type"]:
                found = links(answer) - seen
                seen |= found
                todo += found
    assert {"/s/shop/de/", "/s/shop/history", "/s/shop/de/history"} <= seen


async def test_pages_outlive_the_database_and_a_restart(
    scene: Scene, no_database: AsyncEngine
) -> None:
    before = await scene.get()
    restarted = Memory(no_database, scene.folder, scene.clock)

    async with restarted.running(Listener(NOBODY, [Channel.STATUS])):
        for _ in range(3):
            async with scene.client(restarted) as client:
                page = await client.get("/s/shop/")
                json = await client.get("/s/shop/api/v2/summary.json")
            assert page.status_code == json.status_code == 200
            assert page.content == before.content
            await asyncio.sleep(0.05)


async def test_a_notice_by_hand_needs_neither_api_nor_database(
    scene: Scene, no_database: AsyncEngine
) -> None:
    notice = Notice(
        "All is dark", "Look at the sky.", Stage.IDENTIFIED, Impact.CRITICAL,
        scene.now, scene.now, scene.now + HOUR,
    )  # fmt: skip
    notices.write(scene.folder, "shop", notice)
    cut_off = Memory(no_database, scene.folder, scene.clock)

    async with (
        cut_off.running(Listener(NOBODY, [Channel.STATUS])),
        scene.client(cut_off) as client,
    ):
        page = await client.get("/s/shop/")
        status = (await client.get("/s/shop/api/v2/status.json")).json()

    assert "All is dark" in page.text
    assert status["status"]["indicator"] == "critical"
    assert notices.read(scene.folder, "shop", scene.now + HOUR) is None


async def test_a_page_that_is_removed_is_gone_from_disk_too(scene: Scene) -> None:
    async with transaction(scene.engine) as tx:
        await service.delete_page(tx, scene.page_id, scene.actor, scene.now)
    await scene.work()

    assert (await scene.get()).status_code == 418  # left to what stands behind
    assert list(Path(scene.folder).glob("*.snapshot")) == []


async def test_plain_files_are_written_for_another_host(
    scene: Scene, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    memory = Memory(scene.engine, scene.folder, scene.clock, outside)

    await memory.look()

    page = (outside / "shop" / "index.html").read_text()
    assert page == (await scene.get()).text
    assert (outside / "shop" / "api" / "v2" / "summary.json").exists()
    assert (outside / "shop" / "history.html").exists()


async def test_a_folder_that_takes_nothing_holds_up_no_page_and_is_told_of(
    scene: Scene, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.write_text("a file where the folder should be")
    memory = Memory(scene.engine, scene.folder, scene.clock, outside)

    await memory.look()
    broken = memory.exports[scene.page_id]
    outside.unlink()
    scene.now += HOUR
    await changed(scene, name="Shop")
    await memory.look()

    assert "shop" in memory.by_slug
    assert broken == Export(None, "Not a directory")
    assert memory.exports[scene.page_id] == Export(scene.now, None)


# -- whose page it is -------------------------------------------------------------------


async def test_a_page_has_its_own_host(scene: Scene) -> None:
    await changed(scene, domain="status.example.org")

    async with scene.client(Host="Status.Example.org") as client:
        page = await client.get("/")
        summary = (await client.get("/api/v2/summary.json")).json()
        console = await client.get("/v1/incidents")

    assert "Shop status" in page.text
    assert summary["page"]["url"] == "http://status.example.org"
    assert console.status_code == 404  # the rest of PageFree is not on this host


async def test_a_private_page_opens_for_a_token_until_it_is_revoked(
    scene: Scene,
) -> None:
    async with transaction(scene.engine) as tx:
        asked = AskedToken("Agency", None)
        token, secret = await access.create_token(
            tx, scene.page_id, asked, scene.actor, scene.now
        )
    await changed(scene, visibility="private")
    proof = f"token:{token.token_hash.hex()}"
    ticket = Ticket(str(scene.page_id), proof, scene.now + HOUR)
    cookie = f"{COOKIE}={sealed(VAULT, ticket)}"
    holds: list[dict[str, str]] = [
        {"Authorization": f"Bearer {secret}"},
        {"X-Status-Token": secret},
        {"Cookie": cookie},
    ]

    for headers in holds:
        answer = await scene.get("api/v2/summary.json", **headers)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "private, no-cache"
    for path in ("", "history", "api/v2/summary.json", "badge.svg", "page.css"):
        assert (await scene.get(path)).content == b"behind"
    wrong = {"Authorization": f"Bearer {secret}x", "Cookie": cookie[:-2] + "00"}
    assert (await scene.get(**wrong)).content == b"behind"

    async with transaction(scene.engine) as tx:
        await access.delete_token(tx, scene.page_id, token.id, scene.actor, scene.now)
    await scene.work()
    for headers in holds:
        assert (await scene.get(**headers)).content == b"behind"


async def test_a_cookie_of_one_page_opens_no_other(scene: Scene) -> None:
    async with transaction(scene.engine) as tx:
        asked = AskedToken("Agency", None)
        token, _ = await access.create_token(
            tx, scene.page_id, asked, scene.actor, scene.now
        )
    await changed(scene, visibility="private")
    proof = f"token:{token.token_hash.hex()}"
    other = Ticket("another page", proof, scene.now + HOUR)
    over = Ticket(str(scene.page_id), proof, scene.now)

    for ticket in (other, over):
        cookie = f"{COOKIE}={sealed(VAULT, ticket)}"
        assert (await scene.get(Cookie=cookie)).content == b"behind"
