"""Every integration that is found: its folder, its set-up text, its samples, and junk."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagefree import integrations
from pagefree.core.alerts import (
    KEY_BYTES,
    TITLE_LENGTH,
    Action,
    AlertEvent,
    ChangeEvent,
    web_address,
)
from pagefree.infra import untrusted_json
from pagefree.integrations.base import (
    Answer,
    Endpoint,
    Ignored,
    Inbound,
    Kind,
    Parsed,
    Unreadable,
)

FOLDER = Path(integrations.__file__).parent
KINDS = integrations.all_kinds()
each = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
EXPECTED = integrations.EXPECTED
STAGES = {"fire", "repeat", "resolve", "out-of-order", "hostile"}


def samples() -> Iterator[object]:
    """Every sample of every kind."""
    for name, kind in KINDS.items():
        for path in integrations.samples(FOLDER / name):
            yield pytest.param(kind, path, id=f"{name}-{path.name}")


def read(kind: Kind, path: Path) -> object:
    """What is expected to be found beside a sample."""
    request = integrations.sample_request(FOLDER / kind.name, path)
    endpoint = next(
        endpoint
        for endpoint in kind.integration.endpoints
        if request.path in {"", endpoint.path}
    )
    sample = integrations.inbound(kind.integration, path.read_bytes(), request)
    try:
        parsed = endpoint.parse(sample)
    except Unreadable as e:
        return {"errors": list(e.errors)}
    except Ignored as e:
        return {"ignored": e.reason}
    said: dict[str, object] = {"events": [_said(event) for event in parsed.events]}
    if parsed.delivery_id:
        said["delivery_id"] = parsed.delivery_id
    return msgspec.json.decode(msgspec.json.encode(said))


def _said(event: AlertEvent | ChangeEvent) -> dict[str, object]:
    """The fields that say something."""
    fields: dict[str, object] = msgspec.to_builtins(event)
    return {name: value for name, value in fields.items() if value}


@each
def test_a_folder_is_complete(kind: Kind) -> None:
    assert kind.integration.title
    assert all(e.path.startswith("/") for e in kind.integration.endpoints)
    assert "{{url}}" in kind.readme
    assert "{{key}}" in kind.readme
    assert kind.integration.summary.endswith(".")
    named = {s.name.partition(".")[0] for s in integrations.samples(FOLDER / kind.name)}
    assert named >= STAGES


@each
def test_the_sample_opens_an_alert(kind: Kind) -> None:
    events = kind.integration.endpoints[0].parse(kind.test).events

    assert events
    for event in events:
        assert isinstance(event, AlertEvent)
        assert event.action is Action.TRIGGER


@each
def test_settings_that_nobody_has_changed_are_complete(kind: Kind) -> None:
    model = kind.integration.Settings

    assert isinstance(kind.settings({}), model or type(None))


@pytest.mark.parametrize(("kind", "path"), list(samples()))
def test_a_sample_reads_as_expected(kind: Kind, path: Path) -> None:
    expected = msgspec.json.decode(path.with_suffix(EXPECTED).read_bytes())

    assert read(kind, path) == expected


json_trees = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=9)
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                ["title", "alerts", "labels", "payload", "event_action", "links", "x"]
            )
            | st.text(max_size=5),
            inner,
            max_size=5,
        ),
    ),
    max_leaves=12,
)
junk = st.one_of(
    st.binary(max_size=60),
    st.text(st.characters(codec=None), max_size=60).map(
        lambda text: text.encode(errors="surrogatepass")
    ),
    json_trees.map(msgspec.json.encode),
)


@each
@given(body=junk)
def test_junk_is_read_or_refused_and_never_does_harm(kind: Kind, body: bytes) -> None:
    inbound = Inbound(body, settings=kind.settings({}))
    for endpoint in kind.integration.endpoints:
        _check_endpoint(endpoint, inbound)


def _check_endpoint(endpoint: Endpoint, inbound: Inbound) -> None:
    refused: Answer | None = None
    try:
        parsed = endpoint.parse(inbound)
    except Ignored:
        return
    except Unreadable as e:
        refused = endpoint.refused(400, e.errors or ["?"])
    else:
        _check_harmless(parsed)
        assert endpoint.accepted(parsed, UUID(int=0)).status in {200, 201, 202, 204}

    assert refused is None or refused.status in {400, 422}


def _check_harmless(parsed: Parsed) -> None:
    """It can be stored as text and jsonb, is not too long, and links only to the web."""
    encoded = msgspec.json.encode(msgspec.to_builtins(list(parsed.events)))
    assert b"\\u0000" not in encoded.replace(b"\\\\", b"")
    for event in parsed.events:
        assert all(web_address(link.href) for link in event.links)
        if isinstance(event, AlertEvent):
            assert len(event.dedup_key.encode()) <= KEY_BYTES
            assert len(event.title) <= TITLE_LENGTH
            assert event.source_url is None or web_address(event.source_url)
            assert event.episode_at is None or isinstance(event.episode_at, datetime)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'{"a":1.5,"b":[true,null,"x"]}', {"a": 1.5, "b": [True, None, "x"]}),
        (b'{"a":1,"a":2}', {"a": 2}),
        (b"\xef\xbb\xbf[]", []),
        (b"NaN", "NaN"),
        (b"[-Infinity, Infinity]", ["-Infinity", "Infinity"]),
        (b"9223372036854775807", 2**63 - 1),
        (b"9223372036854775808", "9223372036854775808"),
        (b"-9223372036854775809", "-9223372036854775809"),
        (b"[1e308, 1e309]", [1e308, "1e309"]),
        (b'"\\u0000a"', "\ufffda"),
        (b'"\\ud800"', "\ufffd"),
        (b'"\\ud83d\\ude00"', "\U0001f600"),
        (b'"\xff"', "\ufffd"),
        (b'{"\\u0000":1}', {"\ufffd": 1}),
    ],
)
def test_untrusted_json_comes_out_harmless(body: bytes, expected: object) -> None:
    assert untrusted_json.decode(body) == expected


def test_untrusted_json_is_cut_off_where_it_is_too_much() -> None:
    deep = untrusted_json.decode(b"[" * 200 + b"]" * 200)
    for _ in range(untrusted_json.MOST_DEPTH):
        assert isinstance(deep, list)
        (deep,) = deep
    assert deep == untrusted_json.TOO_DEEP

    many = b",".join(b'"k%d":1' % n for n in range(12_000))
    wide = untrusted_json.decode(b"{" + many + b"}")
    assert isinstance(wide, dict)
    assert len(wide) == untrusted_json.MOST_KEYS

    long = untrusted_json.decode(b'"' + b"x" * 300_000 + b'"')
    assert isinstance(long, str)
    assert len(long) == untrusted_json.MOST_TEXT

    digits = untrusted_json.decode(b"1" * 5000)
    assert digits == "1" * 5000


@pytest.mark.parametrize("body", [b"", b"{", b"x", b"[" * 100_000, b"{}{}"])
def test_what_is_not_json_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError):
        untrusted_json.decode(body)
