"""What people say of themselves, and calls say of them."""

from dataclasses import replace

from pagefree.channels.voice.channel import said
from tests.api.conftest import Api
from tests.providers.pages import page


async def test_people_say_how_their_name_is_said(api: Api) -> None:
    ana = await api.user("Ana Souza")
    assert (await ana.client.get("/v1/me")).json()["pronounced"] is None

    changed = await ana.client.patch("/v1/me", json={"pronounced": " Ah-na Sow-za "})
    assert changed.json()["pronounced"] == "Ah-na Sow-za"
    assert changed.json()["name"] == "Ana Souza"

    none = await ana.client.patch("/v1/me", json={"pronounced": ""})
    assert none.json()["pronounced"] is None


def test_a_call_says_the_name_of_whoever_wants_it_said() -> None:
    message = page("Disk full")

    assert said(replace(message, spoken_name="Ah-na <Sow-za>")).startswith(
        "PageFree. Ah-na Sow-za. "
    )
    assert "Ah-na" not in said(message)
