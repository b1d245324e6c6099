"""Every target that is found: its folder, its forms, what it refuses to be told."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from pydantic import BaseModel, SecretStr, ValidationError

import pagefree.targets
from pagefree.core.runbook_runs import Fate
from pagefree.infra.http import GuardedClient
from pagefree.targets import all_targets, readme
from pagefree.targets.base import LaunchError, Order, Target, Way
from tests.api.automation import CONTENTS, SECRETS

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
TARGETS = all_targets()
each = pytest.mark.parametrize("kind", TARGETS)


def connection(kind: str, **values: object) -> BaseModel:
    given = {"api_url": "https://example.org", **SECRETS[kind], **values}
    return TARGETS[kind].Connection.model_validate(given)


def order(kind: str) -> Order:
    content = TARGETS[kind].Content.model_validate(CONTENTS[kind])
    facts: dict[str, Any] = {}
    url, token = "https://pagefree.example.org", "rb_secret"
    run_id = UUID(int=7)
    return Order(run_id, "0" * 64, content, {}, facts, url, token, NOW)


def test_all_folders_are_found() -> None:
    folders = {
        path.name
        for path in Path(pagefree.targets.__path__[0]).iterdir()
        if (path / "target.py").exists()
    }

    assert set(TARGETS) == folders
    assert len(folders) >= 6


@each
def test_a_target_says_what_it_is_and_how_it_is_set_up(kind: str) -> None:
    target: Target = TARGETS[kind]

    assert target.title
    assert target.summary.endswith(".")
    assert readme(kind).startswith("# ")


@each
def test_its_secrets_are_write_only(kind: str) -> None:
    form = connection(kind)

    secrets = [v for v in dict(form).values() if isinstance(v, SecretStr)]
    assert secrets
    shown = f"{form!r} {json.dumps(form.model_dump(mode='json'))}"
    assert all(one.get_secret_value() not in shown for one in secrets)


@each
@pytest.mark.parametrize(
    "address",
    ["ftp://x.org", "https://x.org/../y", "https://u:p@x.org", "https://x.org?a=b", ""],
)
def test_an_address_is_an_address(kind: str, address: str) -> None:
    with pytest.raises(ValidationError):
        connection(kind, api_url=address)


@each
def test_contents_take_nothing_unknown_and_no_strange_text(kind: str) -> None:
    form = TARGETS[kind].Content
    form.model_validate(CONTENTS[kind])

    with pytest.raises(ValidationError):
        form.model_validate({**CONTENTS[kind], "command": "rm -rf /"})


@each
@pytest.mark.parametrize("strange", ["a b", "a;b", "../x\n", "", "{{x}}"])
def test_the_texts_of_a_content_are_words(kind: str, strange: str) -> None:
    texts = [name for name, value in CONTENTS[kind].items() if isinstance(value, str)]
    for name in texts:
        with pytest.raises(ValidationError):
            TARGETS[kind].Content.model_validate({**CONTENTS[kind], name: strange})


@each
async def test_what_cannot_be_reached_has_not_begun(kind: str) -> None:
    http = GuardedClient()  # may not reach what is on this machine
    address = "https://127.0.0.1:8443"
    way = Way(http, connection(kind, api_url=address), NOW)

    with pytest.raises(LaunchError) as refused:
        await TARGETS[kind].launch(way, order(kind))

    assert refused.value.fate is Fate.REFUSED
    assert "127.0.0.1" not in str(refused.value)
