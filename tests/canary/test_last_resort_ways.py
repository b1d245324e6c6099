"""Without a database those who are on call are told by push, webhook and text message, too."""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from pagefree.accounts.contacts import secret_purpose
from pagefree.canary.black_box import BlackBox, Contents
from pagefree.canary.last_resort import CHANNELS, TITLES, LastResort, standing_by
from pagefree.canary.resort_queries import Method
from pagefree.channels.base import Transports
from pagefree.core.last_resort import Limits, Word
from pagefree.infra.clock import system_clock
from pagefree.infra.crypto import Vault
from pagefree.infra.http import GuardedClient
from pagefree.infra.ids import new_id
from tests.fake_servers import Manner
from tests.fakes.ntfy import Ntfy
from tests.fakes.provider import Provider
from tests.fakes.twilio import Twilio
from tests.fakes.webhook import Receiver
from tests.programs import START_S, eventually, free_port

DOWN = TITLES[Word.DOWN]
VAULT = Vault("a key for tests, long enough to be one")
# nobody listens there
NOWHERE = f"postgresql://pagefree@127.0.0.1:{free_port()}/pagefree"


def method(channel: str, provider: Provider) -> Method:
    id_, secret = new_id(), provider.secret
    sealed = secret and VAULT.seal(secret.encode(), secret_purpose(id_))
    return Method(id_, "Ana", channel, provider.address(), sealed or None)


def kept(
    folder: Path, ways: Mapping[str, Provider], account: dict[str, Any]
) -> BlackBox:
    """What was written while there was a database."""
    box = BlackBox(folder, VAULT)
    methods = tuple(method(channel, one) for channel, one in ways.items())
    config = VAULT.seal(msgspec.json.encode(account), "channel sms")
    box.write(Contents(system_clock(), methods, {"sms": config}))
    return box


async def told_by(
    folder: Path,
    ways: Mapping[str, Provider],
    account: dict[str, Any],
    wanted: set[str],
) -> None:
    """Stand by without a database until each that is `wanted` has taken a message."""
    resort = LastResort(
        kept(folder, ways, account),
        Transports(GuardedClient(("127.0.0.0/8",)), None),
        VAULT,
        "https://pager.example.org",
        Limits(timedelta(seconds=0.1), timedelta(hours=1)),
        timedelta(hours=1),
    )

    async def all_have() -> bool:
        return all(ways[channel].accepted for channel in wanted)

    async with standing_by(resort, NOWHERE, system_clock):
        await eventually(all_have, START_S)
    await resort.transports.aclose()


@pytest.mark.parametrize("failing", ["", "ntfy", "webhook", "sms"])
async def test_each_way_brings_it_whatever_becomes_of_the_others(
    tmp_path: Path, failing: str
) -> None:
    ntfy, webhook, twilio = Ntfy(), Receiver(), Twilio()
    ways: dict[str, Provider] = {"ntfy": ntfy, "webhook": webhook, "sms": twilio}
    assert ways.keys() == set(CHANNELS) - {"email"}
    async with AsyncExitStack() as stack:
        for one in ways.values():
            await stack.enter_async_context(one.started())
        if failing:
            ways[failing].manner = Manner.REFUSE
        await told_by(tmp_path, ways, twilio.account, ways.keys() - {failing})

    assert [one.complaints for one in ways.values()] == [[], [], []]
    if failing != "ntfy":
        (push,) = ntfy.accepted
        assert (push["title"], push["priority"]) == (DOWN, 5)
    if failing != "webhook":
        (post,) = webhook.accepted
        assert post["type"] == "pagefree.down"
        assert post["data"]["title"] == DOWN
    if failing != "sms":
        (text,) = twilio.accepted
        assert text["Body"].startswith(DOWN)
