"""What people need not react to looks the same in every channel: it says what it is."""

import pytest

from pagefree.channels import all_channels
from pagefree.channels.base import Message
from pagefree.infra.ids import new_id

TEXT = "Bo offers you Web rota, Wed 04 Mar 08:00 to Thu 05 Mar 08:00 (UTC)"


@pytest.mark.parametrize("kind", sorted(all_channels()))
def test_a_notice_is_neither_a_page_nor_a_test(kind: str) -> None:
    message = Message(new_id(), "notice", TEXT, "Cy", None, "https://pf.example.org")

    rendered = all_channels()[kind].render(message)

    shown = f"{rendered.title} {rendered.text} {rendered.html or ''}"
    assert TEXT in shown
    assert "Test from PageFree" not in f"{shown} {rendered.payload}"
    assert "can reach you here" not in shown
    assert "Notifications arrive" not in f"{shown} {rendered.payload}"


def test_a_push_shows_the_rest_of_a_long_notice_and_says_its_language() -> None:
    long = f"{TEXT} " * 3
    told = Message(
        new_id(), "notice", long, "Cy", None, "https://pf.example.org", language="de"
    )

    payload = all_channels()["web_push"].render(told).payload or {}

    assert payload["body"] == long.strip()
    assert payload["language"] == "de"
