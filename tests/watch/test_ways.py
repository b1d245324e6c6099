"""Every way out of `pagefree watch`, through the real program to servers as vendors have them."""

import asyncio
import tomllib
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from pagefree.infra.clock import system_clock
from pagefree.watch.config import read
from pagefree.watch.telling import Page, Teller
from tests.e2e.mailbox import mailbox
from tests.fake_servers import Manner
from tests.fakes.ntfy import Ntfy
from tests.fakes.provider import Provider
from tests.fakes.twilio import SENDER, SID, TOKEN, Twilio
from tests.programs import BIN, START_S, Program, eventually, free_port

NUMBERS = ["+491511000001", "+491511000002"]
TOPIC, NTFY_TOKEN = "a-long-topic", "tk_of_tests"
MAIL_TO = "ana@example.org"


def written(folder: Path, port: int, ntfy: str, twilio: str, mail_port: int) -> Path:
    """The file of a watch that nothing pings."""
    file = folder / "watch.toml"
    file.write_text(f"""
port = {port}
period_s = 0.2
grace_s = 0.3
repeat_s = 3600

[[expect]]
name = "Pager"
secret = "a-secret-of-tests-0123456789"

[[mail]]
host = "127.0.0.1"
port = {mail_port}
tls = "none"
to = ["{MAIL_TO}"]

[[ntfy]]
server = "{ntfy}"
topic = "{TOPIC}"
token = "{NTFY_TOKEN}"

[[twilio]]
address = "{twilio}"
account_sid = "{SID}"
auth_token = "{TOKEN}"
sender = "{SENDER}"
to = {NUMBERS}
""")
    assert tomllib.loads(file.read_text())
    return file


def watch(folder: Path, *arguments: str) -> Program:
    options = ("watch", "--config", "watch.toml", *arguments)
    return Program((BIN / "pagefree", *options), folder, "watch")


async def ended(program: Program) -> int:
    assert program.process is not None
    return await asyncio.to_thread(program.process.wait, START_S)


async def taken(provider: Provider, count: int) -> None:
    """Wait until the provider has taken so many."""

    async def enough() -> bool:
        return len(provider.accepted) >= count

    await eventually(enough, START_S)


async def test_silence_is_told_by_mail_ntfy_and_twilio_at_once(tmp_path: Path) -> None:
    ntfy, twilio = Ntfy(), Twilio()
    program = watch(tmp_path)
    async with AsyncExitStack() as stack:
        mails = await stack.enter_async_context(mailbox())
        await stack.enter_async_context(ntfy.started())
        await stack.enter_async_context(twilio.started())
        written(tmp_path, free_port(), ntfy.base, twilio.base, mails.port)
        program.start()
        stack.callback(program.kill)

        await mails.wait_for("Pager is silent", MAIL_TO, START_S)
        await taken(ntfy, 1)
        await taken(twilio, len(NUMBERS))

        (push,) = ntfy.accepted
        assert (push["topic"], push["title"]) == (TOPIC, "Pager is silent")
        assert push["priority"] == 5
        assert "was heard last at" in push["message"]
        assert ntfy.posts[0].headers["authorization"] == f"Bearer {NTFY_TOKEN}"
        texts = twilio.accepted
        assert {text["To"] for text in texts} == set(NUMBERS)
        assert {(text["From"], text["Body"]) for text in texts} == {
            (SENDER, "Pager is silent")
        }
        assert ntfy.complaints == twilio.complaints == []


@pytest.mark.parametrize("manner", [Manner.REFUSE, Manner.RESET, Manner.NOISE])
async def test_a_way_that_fails_keeps_none_of_the_others(
    tmp_path: Path, manner: Manner
) -> None:
    ntfy, twilio = Ntfy(manner=manner), Twilio()
    async with mailbox() as mails, ntfy.started(), twilio.started():
        file = written(tmp_path, 1, ntfy.base, twilio.base, mails.port)
        teller = Teller(read(file), system_clock)
        outcomes = await teller.tell(Page("Pager is silent", "Look."))

    failed = [one for one in outcomes if one.error]
    assert [one.way.partition(" ")[0] for one in failed] == ["ntfy"]
    # whoever knows it can read what is sent there
    assert not any(TOPIC in f"{one.way} {one.error}" for one in outcomes)
    assert len(twilio.accepted) == len(NUMBERS)
    assert [mail.subject for mail in mails.mails] == ["Pager is silent"]


async def test_a_wrong_password_of_twilio_is_found_by_a_check(tmp_path: Path) -> None:
    ntfy, twilio = Ntfy(), Twilio()
    program = watch(tmp_path, "--check")
    async with AsyncExitStack() as stack:
        mails = await stack.enter_async_context(mailbox())
        await stack.enter_async_context(ntfy.started())
        await stack.enter_async_context(twilio.started())
        file = written(tmp_path, free_port(), ntfy.base, twilio.base, mails.port)
        file.write_text(file.read_text().replace(TOKEN, "x" * len(TOKEN)))
        program.start()
        stack.callback(program.kill)
        status = await ended(program)

    assert status == 1
    assert program.printed.count("HTTP 401") == len(NUMBERS)
    assert len(ntfy.accepted) == 1
