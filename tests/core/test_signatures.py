"""Signatures: what is known to be right is verified, and everything near it is refused."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagefree.core import signatures
from pagefree.core.signatures import AnyOf, Scheme, Signed, Token
from pagefree.core.verification import Check, verify

SECRET = b"test-secret"
BODY = '{"status":"firing","note":"café"}'.encode()
AT = 1_760_000_000
NOW = datetime.fromtimestamp(AT, UTC)
WEBHOOK_SECRET = b"whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
HEX = "6e0829c6d124d1ff9d865e60e95d0a66d35eac5b2a20314d84ace193a18eb527"
BASE64 = "bggpxtEk0f+dhl5g6V0KZtNerFsqIDFNhKzhk6GOtSc="
# Grafana with a header for the time, as a user would describe it
TIMED = replace(
    signatures.GRAFANA,
    message=(signatures.TIMESTAMP, ":", signatures.BODY),
    timestamp_header="x-grafana-alerting-time",
)


@dataclass(frozen=True, slots=True)
class Case:
    """A request that is signed right."""

    scheme: Scheme
    headers: Mapping[str, str]
    secret: bytes = SECRET
    body: bytes = BODY


def check(
    case: Case,
    *,
    secrets: Sequence[bytes] | None = None,
    required: bool = True,
    now: datetime = NOW,
) -> Check:
    """What the request of `case` is worth."""
    signed = Signed(case.body, case.headers)
    active = [case.secret] if secrets is None else secrets
    return verify(case.scheme, signed, active, required, now).check


def mailgun(token: str = "t0ken") -> bytes:
    """What Mailgun posts."""
    signature = hmac.digest(SECRET, f"{AT}{token}".encode(), "sha256").hex()
    fields = {"timestamp": str(AT), "token": token, "signature": signature}
    return json.dumps({"signature": fields, "event-data": {}}).encode()


STATUSCAKE = hashlib.md5(b"ana" + SECRET, usedforsecurity=False).hexdigest()
CASES = {
    "github": Case(signatures.GITHUB, {"x-hub-signature-256": f"sha256={HEX}"}),
    "grafana": Case(signatures.GRAFANA, {"x-grafana-alerting-signature": HEX}),
    "grafana timed": Case(
        TIMED,
        {
            "x-grafana-alerting-time": str(AT),
            "x-grafana-alerting-signature": (
                "e22bb09b322f33e48a701fc326c68d45d1af4c42dfedea388ffdd0d1bdfb11ee"
            ),
        },
    ),
    "sentry": Case(signatures.SENTRY, {"sentry-hook-signature": HEX}),
    "sentry app": Case(signatures.SENTRY, {"sentry-app-signature": HEX}),
    "sentry, empty body": Case(
        signatures.SENTRY,
        {
            "sentry-app-signature": (
                "a41bc6d81d6413576ae0994995e0ad89a416ec97389515c3604f47722122eeeb"
            )
        },
        body=b"",
    ),
    "checkly": Case(signatures.CHECKLY, {"x-checkly-signature": HEX}),
    "splunk": Case(signatures.SPLUNK_OBSERVABILITY, {"x-sfx-signature": BASE64}),
    "pagerduty v3": Case(
        signatures.PAGERDUTY_V3,
        {"x-pagerduty-signature": f"v1={'0' * 64}, v1={HEX}"},
    ),
    "slack": Case(
        signatures.SLACK,
        {
            "x-slack-request-timestamp": str(AT),
            "x-slack-signature": (
                "v0=d9dbab748f47d64d65981b45905970c1dd25553dce4af6ba5318f9b3fd52f02d"
            ),
        },
    ),
    "standard webhooks": Case(
        signatures.STANDARD_WEBHOOKS,
        {
            "webhook-id": "msg_1",
            "webhook-timestamp": str(AT),
            "webhook-signature": (
                "v1a,notours v1,5nPHZFZS4rb6aNjZZ3nojQNU6yUXxshE1I+p1s6qb/o="
            ),
        },
        WEBHOOK_SECRET,
    ),
    "gitlab token": Case(signatures.GITLAB, {"x-gitlab-token": SECRET.decode()}),
    "gitlab signature": Case(
        signatures.GITLAB,
        {
            "webhook-id": "msg_1",
            "webhook-timestamp": str(AT),
            "webhook-signature": "v1,5nPHZFZS4rb6aNjZZ3nojQNU6yUXxshE1I+p1s6qb/o=",
        },
        WEBHOOK_SECRET,
    ),
    "honeycomb": Case(
        signatures.HONEYCOMB, {"x-honeycomb-webhook-token": SECRET.decode()}
    ),
    "statuscake": Case(
        signatures.STATUSCAKE,
        {},
        b"ana" + SECRET,
        urlencode({"Token": STATUSCAKE, "Status": "Down"}).encode(),
    ),
    "mailgun": Case(signatures.MAILGUN, {}, body=mailgun()),
    "mailgun form": Case(
        signatures.MAILGUN,
        {},
        body=urlencode(json.loads(mailgun())["signature"]).encode(),
    ),
}
TIMED_CASES = {
    name: case
    for name, case in CASES.items()
    if name in {"grafana timed", "slack", "standard webhooks", "mailgun"}
}
OVER_THE_BODY = {
    name: case
    for name, case in CASES.items()
    if not isinstance(case.scheme, Token)
    and "mailgun" not in name
    and "token" not in name
}
IN_HEADERS = {name: case for name, case in CASES.items() if case.headers}
each = pytest.mark.parametrize("case", CASES.values(), ids=CASES)
each_timed = pytest.mark.parametrize("case", TIMED_CASES.values(), ids=TIMED_CASES)
each_over_body = pytest.mark.parametrize(
    "case", OVER_THE_BODY.values(), ids=OVER_THE_BODY
)
each_in_headers = pytest.mark.parametrize("case", IN_HEADERS.values(), ids=IN_HEADERS)


@each
def test_what_is_signed_right_is_verified(case: Case) -> None:
    assert check(case) is Check.VERIFIED
    assert check(case, required=False) is Check.VERIFIED


@each
def test_any_of_the_active_secrets_will_do_and_no_other(case: Case) -> None:
    assert check(case, secrets=[b"another-secret", case.secret]) is Check.VERIFIED
    assert check(case, secrets=[case.secret, b"another-secret"]) is Check.VERIFIED
    assert check(case, secrets=[b"another-secret"]) is Check.REJECTED
    assert check(case, secrets=[b"another"], required=False) is Check.REJECTED
    assert check(case, secrets=[case.secret[:-1]]) is Check.REJECTED


@each
@pytest.mark.parametrize("secrets", [[], [b""]], ids=["none", "empty"])
def test_without_a_secret_nothing_is_verified(
    case: Case, secrets: Sequence[bytes]
) -> None:
    assert check(case, secrets=secrets) is Check.REJECTED
    assert check(case, secrets=secrets, required=False) is Check.UNSIGNED


def test_a_signature_made_with_an_empty_key_is_refused() -> None:
    case = CASES["standard webhooks"]
    message = f"msg_1.{AT}.".encode() + BODY
    forged = base64.b64encode(hmac.digest(b"", message, "sha256")).decode()
    headers = {**case.headers, "webhook-signature": f"v1,{forged}"}

    for secret in (b"whsec_", b""):
        forgery = replace(case, headers=headers, secret=secret)
        assert check(forgery) is Check.REJECTED


@each
def test_no_signature_is_refused_where_one_is_required(case: Case) -> None:
    bare = replace(case, headers={}, body=b"{}")

    assert check(bare) is Check.REJECTED
    assert check(bare, required=False) is Check.UNSIGNED


@each_over_body
@pytest.mark.parametrize(
    "change",
    [
        lambda body: body + b" ",
        lambda body: body[:-1] + b"x",
        lambda body: b"{}" if not body else json.dumps(json.loads(body)).encode(),
        lambda body: body.replace(b"firing", b"resolved") or b"x",
        lambda body: body + b"\xff\xfe",
    ],
    ids=["longer", "other", "re-serialised", "resolved", "not utf-8"],
)
def test_another_body_is_refused(case: Case, change: Callable[[bytes], bytes]) -> None:
    assert check(replace(case, body=change(case.body))) is Check.REJECTED


def broken(value: str) -> dict[str, str]:
    """A signature with something wrong about how it is written."""
    tail = value[-8:]
    return {
        "empty": "",
        "truncated": value[:-1],
        "half": value[: len(value) // 2],
        "longer": value + "00",
        "tab": value + "\t00",
        "newline": value + "\n",
        "no prefix": value[1:],
        "prefix twice": "sha256=" + value,
        "not hex": value[:-8] + "zzzzzzzz",
        "non-ascii": value[:-8] + "é" + tail[1:],
        "beyond latin-1": value[:-8] + "\u20ac" + tail[1:],
        "other encoding": base64.b64encode(value.encode()).decode(),
        "url-safe": value.replace("+", "-").replace("/", "_") + "_",
        "zeros": "0" * 64,
        "nul": value[:-1] + "\0",
    }


@each_in_headers
@pytest.mark.parametrize("flaw", broken("x" * 20))
def test_a_signature_that_is_not_written_right_is_refused(
    case: Case, flaw: str
) -> None:
    name = next(
        name for name in case.headers if "signature" in name or name.endswith("token")
    )
    # the last of several is the right one
    *others, right = case.headers[name].split(" ")
    wrong = broken(right)[flaw]
    headers = {**case.headers, name: " ".join([*others, wrong])}

    assert check(replace(case, headers=headers)) is Check.REJECTED
    assert check(replace(case, headers=headers), required=False) is Check.REJECTED


def test_hex_may_be_in_capitals() -> None:
    case = CASES["github"]
    headers = {"x-hub-signature-256": f"sha256={HEX.upper()}"}

    assert check(replace(case, headers=headers)) is Check.VERIFIED


@each_timed
@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (-301, Check.REJECTED),
        (-299, Check.VERIFIED),
        (299, Check.VERIFIED),
        (301, Check.REJECTED),
        (86_400, Check.REJECTED),
    ],
)
def test_a_signature_is_good_for_five_minutes(
    case: Case, seconds: int, expected: Check
) -> None:
    assert check(case, now=NOW + timedelta(seconds=seconds)) is expected


@each_timed
@pytest.mark.parametrize(
    "stamp", ["", "x", "-1", "1e9", "1760000000.0", "٣", "9" * 5000, str(AT - 1)]
)
def test_another_time_is_refused(case: Case, stamp: str) -> None:
    headers = {
        name: stamp if "time" in name else value for name, value in case.headers.items()
    }
    body = case.body if case.headers else case.body.replace(b"1760000000", b"1")

    assert check(replace(case, headers=headers, body=body)) is Check.REJECTED


@pytest.mark.parametrize("name", ["", "msg_2"])
def test_another_id_is_refused(name: str) -> None:
    case = CASES["standard webhooks"]
    headers = {**case.headers, "webhook-id": name}

    assert check(replace(case, headers=headers)) is Check.REJECTED


def ways(scheme: Scheme) -> tuple[Scheme, ...]:
    """What a scheme consists of."""
    return scheme.ways if isinstance(scheme, AnyOf) else (scheme,)


def test_a_signature_of_another_scheme_is_refused() -> None:
    for one in CASES.values():
        for other in CASES.values():
            if not set(ways(one.scheme)) & set(ways(other.scheme)):
                headers = {
                    name: value
                    for name, value in other.headers.items()
                    if name not in one.headers
                }
                mixed = replace(one, headers=headers, body=b"{}")
                assert check(mixed) is Check.REJECTED


def test_reasons_tell_no_secret() -> None:
    for case in CASES.values():
        for secrets in ([b"another-secret"], [], [b""]):
            signed = Signed(case.body, case.headers)
            reason = verify(case.scheme, signed, secrets, True, NOW).reason
            assert reason
            assert "secret-" not in reason
            assert "test" not in reason


headers = st.dictionaries(
    st.sampled_from(
        [
            *("x-hub-signature-256", "webhook-id", "webhook-timestamp"),
            *("webhook-signature", "x-slack-signature", "x-gitlab-token"),
            *("x-slack-request-timestamp", "x-pagerduty-signature"),
        ]
    ),
    st.text(max_size=80),
)


@each
@given(body=st.binary(max_size=80), headers=headers)
def test_no_bytes_make_it_fail_or_verify(
    case: Case, body: bytes, headers: Mapping[str, str]
) -> None:
    assert check(Case(case.scheme, headers, b"k" * 32, body)) is Check.REJECTED


def test_a_form_of_too_many_fields_has_none() -> None:
    body = b"&".join([b"a=1"] * (signatures.MOST_FIELDS + 1))

    assert signatures.in_form(Signed(body, {})) == {}
