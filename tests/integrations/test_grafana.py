"""Grafana signs the body, or the time with it where a header for the time is set."""

from datetime import UTC, datetime, timedelta

import pytest

from pagefree.core.signatures import Signed
from pagefree.core.verification import Check, verify
from pagefree.integrations.grafana.parse import INTEGRATION

SECRET = b"test-secret"
BODY = '{"status":"firing","note":"café"}'.encode()
SIGNED_AT = datetime.fromtimestamp(1760000000, UTC)
HEADER, TIME = "x-grafana-alerting-signature", "x-grafana-alerting-timestamp"
PLAIN = "6e0829c6d124d1ff9d865e60e95d0a66d35eac5b2a20314d84ace193a18eb527"
TIMED = "e22bb09b322f33e48a701fc326c68d45d1af4c42dfedea388ffdd0d1bdfb11ee"
STAMP = "1760000000"


@pytest.mark.parametrize(
    ("headers", "after_s", "expected"),
    [
        ({HEADER: PLAIN}, 0, Check.VERIFIED),
        ({HEADER: PLAIN.upper()}, 0, Check.VERIFIED),
        ({HEADER: TIMED, TIME: STAMP}, 299, Check.VERIFIED),
        ({HEADER: TIMED, TIME: STAMP}, 301, Check.REJECTED),
        ({HEADER: TIMED, TIME: "1760000001"}, 0, Check.REJECTED),
        ({HEADER: TIMED}, 0, Check.REJECTED),
        ({HEADER: "é" * 64}, 0, Check.REJECTED),
        ({HEADER: ""}, 0, Check.REJECTED),
        ({}, 0, Check.REJECTED),
    ],
)
def test_either_way_of_signing_is_verified(
    headers: dict[str, str], after_s: int, expected: Check
) -> None:
    scheme = INTEGRATION.signature
    assert scheme is not None
    now = SIGNED_AT + timedelta(seconds=after_s)

    verdict = verify(scheme, Signed(BODY, headers), [SECRET], True, now)

    assert verdict.check is expected
