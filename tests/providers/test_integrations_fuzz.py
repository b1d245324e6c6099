"""Every integration's own samples, damaged: whatever comes out is stored, or said why not."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random
from uuid import UUID

import msgspec
import pytest
from hypothesis import example, given, note, settings
from hypothesis import strategies as st

from pagefree import integrations
from pagefree.core.alerts import (
    KEY_BYTES,
    TITLE_LENGTH,
    AlertEvent,
    ChangeEvent,
    web_address,
)
from pagefree.infra import untrusted_json
from pagefree.integrations.base import Endpoint, Ignored, Inbound, Parsed, Unreadable

BODIES = 5 * settings().max_examples  # of each kind: 500, or 10,000 in the long profile
AT_ONCE = 10  # for one example of Hypothesis, which costs more than ten bodies
FOLDER = Path(integrations.__file__).parent
KINDS = integrations.all_kinds()
MOST_CHANGES = 4
TEXTS = (
    *("", " ", "\0", "\ud800", "null", "NaN", "1e999", "-1", "0", "9" * 30, "²", "٣"),
    *("0001-01-01T00:00:00Z", "9999-12-31T23:59:59-12:00", "2026-13-45", "true"),
    *("javascript:alert(1)", "https://[", "http://" + "x" * 3000, "//evil.example"),
    *("<script>alert(1)</script>", "{{7*7}}", "${x}", "%s%n", "'; DROP TABLE x; --"),
    *("resolved", "OK", "fire", "x" * 2000, "é" * 300, "\u202e\U0001f600", "\r\nX: y"),
    *("=?utf-8?q?x?=", "a@b@c", "../../etc/passwd", "[[", "{}", "*UNKNOWN*"),
)
VALUES: tuple[object, ...] = (
    *(None, True, False, 0, -1, 1.5, 2**63, -(2**70), 1e308, [], {}, [None], [[]]),
    *({"": ""}, {"a": [{"b": None}]}, ["x"] * 50, {"__x__": 1}, [{"href": 5}]),
    *TEXTS,
)
PIECES = (b"", b'"', b"\\", b"\0", b"\xff\xfe", b"{", b"]", b"&", b"=", b"\r\n", b"%00")


@cache
def deliveries(name: str) -> list[tuple[Endpoint, Inbound]]:
    """Every sample of a kind, with the endpoint that it is for."""
    folder, integration = FOLDER / name, KINDS[name].integration
    found = []
    for path in integrations.samples(folder):
        request = integrations.sample_request(folder, path)
        endpoint = next(
            endpoint
            for endpoint in integration.endpoints
            if request.path in {"", endpoint.path}
        )
        inbound = integrations.inbound(integration, path.read_bytes(), request)
        found.append((endpoint, inbound))
    return found


@pytest.mark.parametrize("name", KINDS)
@settings(max_examples=BODIES // AT_ONCE)
@given(seed=st.integers(0, 2**64 - 1))
@example(seed=8_589_934_592)  # a NUL in the name of an attachment to a mail
def test_a_damaged_request_is_read_or_refused_and_never_does_harm(
    name: str, seed: int
) -> None:
    random = Random(seed)
    for _ in range(AT_ONCE):
        endpoint, intact = random.choice(deliveries(name))
        inbound = damaged(random, intact)
        note(f"{endpoint.path}: {inbound!r}")
        with suppress(Ignored, Unreadable):
            parsed = endpoint.parse(inbound)
            check(parsed)
            assert 200 <= endpoint.accepted(parsed, UUID(int=0)).status < 300


def check(parsed: Parsed) -> None:
    """It fits into the database, and leads nobody astray."""
    encoded = msgspec.json.encode(msgspec.to_builtins(list(parsed.events)))
    # a backslash that somebody has written is none of ours
    assert b"\\u0000" not in encoded.replace(b"\\\\", b"")
    for event in parsed.events:
        assert all(web_address(link.href) for link in event.links)
        if isinstance(event, ChangeEvent):
            assert len(event.summary) <= TITLE_LENGTH
        else:
            check_alert(event)


def check_alert(event: AlertEvent) -> None:
    """Its keys and title are not too long, its instant is one that PostgreSQL knows."""
    assert len(event.dedup_key.encode()) <= KEY_BYTES
    assert len((event.group_key or "").encode()) <= KEY_BYTES
    assert len(event.title) <= TITLE_LENGTH
    assert event.source_url is None or web_address(event.source_url)
    if event.episode_at is not None:
        assert event.episode_at.utcoffset() is not None
        assert 1969 <= event.episode_at.year <= 9000


# -- how requests get damaged -------------------------------------------------------


def damaged(random: Random, intact: Inbound) -> Inbound:
    """Broken as a careless template, a bad line or an attacker would break it."""
    body = intact.body
    for _ in range(random.randint(1, MOST_CHANGES)):
        change = random.choice((changed_json, changed_json, changed_bytes))
        body = change(random, body)
    return replace(
        intact,
        body=body,
        headers=changed_texts(random, intact.headers),
        query=changed_texts(random, intact.query),
        rest=random.choice(TEXTS) if random.random() < 0.1 else intact.rest,
    )


def changed_texts(random: Random, texts: Mapping[str, str]) -> dict[str, str]:
    """Some left out, some hostile, in latin-1 as headers are."""
    kept = {name: text for name, text in texts.items() if random.random() > 0.1}
    for name in kept:
        if random.random() < 0.2:
            hostile = random.choice(TEXTS).encode("utf-8", "replace")
            kept[name] = hostile.decode("latin-1")
    return kept


def changed_bytes(random: Random, body: bytes) -> bytes:
    """A few bytes missing, replaced or repeated."""
    at = random.randrange(len(body) + 1)
    after = body[at + random.randrange(20) :]
    piece = random.choice(PIECES)
    return random.choice((body[:at], body[:at] + piece + after, body + piece + body))


def changed_json(random: Random, body: bytes) -> bytes:
    """One place in its tree changed; other formats as bytes."""
    try:
        tree = untrusted_json.decode(body)
    except ValueError:
        return changed_bytes(random, body)
    return json.dumps(changed(random, tree)).encode("ascii")


def changed(random: Random, value: object) -> object:
    """`value` with one place in it changed, usually deep inside."""
    if isinstance(value, dict) and value and random.random() < 0.9:
        name = random.choice(list(value))
        others = {key: item for key, item in value.items() if key != name}
        chance = random.random()
        if chance < 0.1:
            return others
        if chance < 0.15:
            return others | {random.choice(TEXTS): value[name]}
        return value | {name: changed(random, value[name])}
    if isinstance(value, list) and value and random.random() < 0.9:
        at = random.randrange(len(value))
        return [*value[:at], changed(random, value[at]), *value[at + 1 :]]
    hostile = random.choice(VALUES)
    return random.choice(
        (hostile, hostile, [value], {"": value}, [value] * 3, str(value))
    )
