"""The link that ends weekly digests, and the preference behind it, over HTTP."""

from datetime import timedelta

from pagefree.channels.base import Transports
from pagefree.core.access import Role
from pagefree.infra.http import GuardedClient
from pagefree.notifications import digests
from pagefree.notifications.handing_over import Gateway
from tests.api.conftest import Api

WEEK = timedelta(days=7)


async def test_looking_at_the_link_changes_nothing_and_pressing_ends_it(
    api: Api,
) -> None:
    ana = await api.user("Ana")
    address = f"/v1/users/{ana.id}/notification-preferences"
    assert (await ana.client.get(address)).json()["weekly_digest"] is True
    link = f"/act/digest/{digests.ENDS.token(api.app.state.vault, ana.id)}"
    stranger = await api.browser(headers={})

    looked = await stranger.get(link)
    assert looked.status_code == 200
    assert "<form" in looked.text
    assert (await ana.client.get(address)).json()["weekly_digest"] is True

    form = {"List-Unsubscribe": "One-Click"}
    pressed = await stranger.post(link, data=form)
    assert pressed.status_code == 200
    assert (await ana.client.get(address)).json()["weekly_digest"] is False


async def test_a_link_that_nobody_was_sent_does_nothing(api: Api) -> None:
    stranger = await api.browser(headers={})

    for method in ("GET", "POST"):
        answer = await stranger.request(method, "/act/digest/made-up")
        assert answer.status_code == 404
        assert answer.headers["referrer-policy"] == "no-referrer"


async def test_the_job_sends_it_once_and_the_outbox_shows_it(api: Api) -> None:
    team = await api.team("Web")
    ana = await api.user("Ana", teams={team.id: Role.RESPONDER})
    admin = await api.user("Pia", platform_admin=True)
    ways = Transports(GuardedClient(), None)
    gateway = Gateway(ways, api.app.state.vault, "https://x.example", api.clock, True)

    await digests.send_due(gateway, api.engine)
    api.clock.advance(WEEK)
    await digests.send_due(gateway, api.engine)
    await digests.send_due(gateway, api.engine)

    api.app.state.demo = True
    shown = (await admin.client.get("/v1/outbox")).json()["items"]
    mails = [one for one in shown if one["title"].startswith("Your week on call")]
    assert sorted(one["recipient"] for one in mails) == sorted([ana.email, admin.email])
    assert "nothing is known to have arrived there" in mails[0]["text"]
