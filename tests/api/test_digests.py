"""The link that ends weekly digests, and the preference behind it, over HTTP."""

from pagefree.notifications import digests
from tests.api.conftest import Api


async def test_looking_at_the_link_changes_nothing_and_pressing_ends_it(
    api: Api,
) -> None:
    ana = await api.user("Ana")
    address = f"/v1/users/{ana.id}/notification-preferences"
    assert (await ana.client.get(address)).json()["weekly_digest"] is True
    link = f"/act/digest/{digests.token_for(api.app.state.vault, ana.id)}"
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
