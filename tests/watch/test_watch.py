"""`pagefree watch` as a real program: who falls silent is told of by real mail."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from tests.e2e.mailbox import Mailbox, mailbox
from tests.programs import ANSWER_S, BIN, Program, eventually, free_port

ANA = "ana@example.org"
SECRET = "a-secret-of-tests-0123456789"
PERIOD_S, GRACE_S = 0.3, 1.7
START_S = 180  # on a machine that does much else
MOST_MEMORY_KIB = 50 * 1024


@pytest.fixture
async def mails() -> AsyncIterator[Mailbox]:
    async with mailbox() as box:
        yield box


def config(folder: Path, mails: Mailbox, port: int, watched: str) -> Program:
    (folder / f"{port}.toml").write_text(
        f"""
name = "Watch at {port}"
port = {port}
period_s = {PERIOD_S}
grace_s = {GRACE_S}
repeat_s = 3600
state = "{port}.json"

{watched}

[[mail]]
host = "127.0.0.1"
port = {mails.port}
tls = "none"
to = ["{ANA}"]
"""
    )
    command = (BIN / "pagefree", "watch", "--config", f"{port}.toml")
    return Program(command, folder, str(port))


def poll(name: str, port: int) -> str:
    return f'[[poll]]\nname = "{name}"\nurl = "http://127.0.0.1:{port}/healthz"'


EXPECT = f'[[expect]]\nname = "Pager"\nsecret = "{SECRET}"'


def subjects(mails: Mailbox) -> list[str]:
    return [mail.subject for mail in mails.mails]


@pytest.mark.fault("T-50", "one dies, and whoever watches it tells")
async def test_two_that_watch_each_other_tell_who_died_and_that_it_is_back(
    tmp_path: Path, mails: Mailbox
) -> None:
    a, b = free_port(), free_port()
    first = config(tmp_path, mails, a, poll("B", b))
    second = config(tmp_path, mails, b, poll("A", a))
    try:
        first.start()
        second.start()
        for one in (first, second):
            await one.wait_for("Watching")
        await mails_settle(mails)

        first.kill()
        await mails.wait_for("A is silent", ANA, PERIOD_S + GRACE_S + START_S)
        await eventually(lambda: has_told(tmp_path, b, "A"), START_S)
        told = subjects(mails).count("A is silent")
        second.kill()  # it remembers whom it has told
        second.start()
        await asyncio.sleep(2 * (PERIOD_S + GRACE_S))
        assert subjects(mails).count("A is silent") == told

        first.start()
        await mails.wait_for("A is back", ANA, START_S)
        assert memory_kib(second) < MOST_MEMORY_KIB
        assert first.stop() == 0
    finally:
        for one in (first, second):
            one.kill()


async def has_told(folder: Path, port: int, of: str) -> bool:
    """Whether it is written down that somebody was told."""
    kept = json.loads((folder / f"{port}.json").read_text())
    return kept[of]["paged_at"] is not None


async def mails_settle(mails: Mailbox) -> None:
    """Whichever started first may have missed the other for a moment."""
    quiet = PERIOD_S + GRACE_S
    before = -1
    while before != len(mails.mails) or sum("silent" in s for s in subjects(mails)) > (
        sum("back" in s for s in subjects(mails))
    ):
        before = len(mails.mails)
        await asyncio.sleep(quiet)
    mails.mails.clear()


def memory_kib(program: Program) -> int:
    assert program.process is not None
    status = Path(f"/proc/{program.process.pid}/status").read_text()
    (line,) = [line for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1])


async def test_pings_are_taken_as_healthchecks_takes_them(
    tmp_path: Path, mails: Mailbox
) -> None:
    port = free_port()
    program = config(tmp_path, mails, port, EXPECT)
    program.start()
    try:
        await program.wait_for("Watching")
        base = f"http://127.0.0.1:{port}"
        ping = f"{base}/ping/{SECRET}"
        async with httpx2.AsyncClient(timeout=ANSWER_S) as http:
            assert (await http.get(f"{base}/healthz")).text == "OK"
            for method, url, status in [
                ("GET", ping, 200),
                ("HEAD", ping, 200),
                ("POST", f"{ping}/start", 200),
                ("POST", f"{ping}/0", 200),
                ("POST", f"{ping}/256", 400),
                ("PUT", ping, 405),
                ("GET", f"{base}/ping/guess", 404),
                ("GET", f"{base}/ping/", 404),
            ]:
                assert (await http.request(method, url)).status_code == status, url
            failed = await http.post(f"{ping}/fail", content=b"the loop took 40 s")
            assert failed.is_success
            found = await mails.wait_for("Pager fails", ANA, START_S)
            assert "the loop took 40 s" in found.text
            assert (await http.get(ping)).is_success
            await mails.wait_for("Pager is back", ANA, START_S)
        await mails.wait_for("Pager is silent", ANA, START_S)
        await eventually(lambda: has_told(tmp_path, port, "Pager"), START_S)
    finally:
        program.kill()


async def test_a_check_sends_a_test_in_every_way(
    tmp_path: Path, mails: Mailbox
) -> None:
    program = config(tmp_path, mails, free_port(), EXPECT)
    program.command = (*program.command, "--check")
    program.start()

    await mails.wait_for("Test of Watch", ANA, START_S)
    process = program.process
    assert process is not None
    assert await asyncio.to_thread(process.wait, START_S) == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "it watches nothing"),
        ("prot = 3", "unknown field"),
        (EXPECT, "could tell nobody"),
        ('[[expect]]\nname = "A"\nsecret = "short"', "fewer than 16"),
        ("[", "Invalid"),
    ],
    ids=["nothing", "typo", "nobody", "short", "no-toml"],
)
async def test_a_file_that_cannot_work_is_refused_in_words(
    tmp_path: Path, text: str, said: str
) -> None:
    (tmp_path / "watch.toml").write_text(text)
    command = (BIN / "python", "-m", "pagefree.watch")
    program = Program(command, tmp_path, "watch")
    program.start()
    assert program.process is not None
    assert await asyncio.to_thread(program.process.wait, START_S) == 2
    assert said in program.printed
