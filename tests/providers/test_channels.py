"""Every channel that is found: its folder, its form, what it renders."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pagefree.channels
from pagefree.channels import all_channels, broken_folders
from pagefree.channels.base import (
    LINE_LIMIT,
    Channel,
    Message,
    one_line,
)
from tests.providers.pages import page

NASTY = "a\r\nBcc: x@example.org\x00\u2028\u202e<img src=x onerror=alert(1)>{{7*7}}"
LONGEST_BODY = 20 * 1024

CHANNELS = all_channels()
each = pytest.mark.parametrize("channel", CHANNELS.values(), ids=CHANNELS)


def hostile(text: str) -> Message:
    """A page whose every text that strangers write is `text`."""
    made = page(text)
    assert made.subject is not None
    subject = replace(made.subject, service=text)
    return replace(made, cause=text, user_name=text, subject=subject)


def a_test() -> Message:
    return replace(page(), kind="test", subject=None, acknowledge_url=None)


@pytest.mark.parametrize("kind", CHANNELS)
def test_a_channel_is_a_folder_with_a_readme(kind: str) -> None:
    folder = Path(pagefree.channels.__path__[0]) / kind

    assert (folder / "README.md").read_text().startswith("# ")
    assert (folder / "channel.py").exists()


@each
def test_the_form_of_an_address_has_titles(channel: Channel) -> None:
    form = channel.Address.model_json_schema()

    assert form["type"] == "object"
    assert form["additionalProperties"] is False
    assert all(field.get("title") for field in form.get("properties", {}).values())


@each
def test_a_message_says_what_broke_where_and_since_when(channel: Channel) -> None:
    rendered = channel.render(page())

    assert "#12" in rendered.title
    assert "Disk full" in rendered.title
    assert "Disk full" in rendered.text
    if channel.links:
        assert "https://pagefree.example.org/act/secret" in rendered.text


@each
def test_a_test_message_says_that_it_is_one(channel: Channel) -> None:
    assert "Test" in channel.render(a_test()).title


@each
def test_a_code_is_in_the_message_that_brings_it(channel: Channel) -> None:
    if channel.verify == "code":
        rendered = channel.render(replace(a_test(), kind="code", code="482913"))

        assert "482913" in rendered.title + rendered.text
        assert "482913" in (rendered.html or "482913")


def test_no_folder_breaks_the_contract() -> None:
    assert broken_folders() == {}


@each
def test_a_channel_says_in_one_line_what_it_is(channel: Channel) -> None:
    assert channel.summary == one_line(channel.summary)
    assert channel.summary.endswith(".")


@each
def test_credentials_never_leave_through_the_form(channel: Channel) -> None:
    form = channel.Config.model_json_schema() if channel.Config else {}

    secrets = [
        field
        for name, field in form.get("properties", {}).items()
        if re.search(r"token|secret|password|key$", name)
        and field.get("type") == "string"
    ]
    assert all(field.get("writeOnly") for field in secrets)


@each
def test_hostile_text_stays_on_its_line_and_is_never_markup(channel: Channel) -> None:
    rendered = channel.render(hostile(NASTY))

    assert "\n" not in rendered.title
    assert "\r" not in rendered.text
    assert "\u202e" not in rendered.title + rendered.text
    assert "<img" not in (rendered.html or "")
    assert "{{7*7}}" in rendered.title


@each
@given(st.text(max_size=2000))
def test_any_text_can_be_rendered_and_stays_short(channel: Channel, text: str) -> None:
    rendered = channel.render(hostile(text))

    assert len(rendered.title) <= LINE_LIMIT
    assert len(json.dumps(rendered.payload or {})) < LONGEST_BODY
    rendered.text.encode()
    (rendered.html or "").encode()


@given(st.text(max_size=500))
def test_one_line_is_one_line(text: str) -> None:
    line = one_line(text)

    assert len(line.splitlines()) <= 1
    assert one_line(line) == line
