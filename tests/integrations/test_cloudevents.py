"""What the samples of CloudEvents cannot show: the answer to a handshake."""

import pytest

from pagefree.integrations.base import Ignored, Inbound
from pagefree.integrations.cloudevents.parse import parse


def granted(**headers: str) -> dict[str, str]:
    """The headers of the answer to an OPTIONS request."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    with pytest.raises(Ignored) as ignored:
        parse(Inbound(b"", headers=sent, method="OPTIONS"))
    answer = ignored.value.answer
    assert answer is not None
    assert (answer.status, answer.body) == (200, None)
    return dict(answer.headers)


def test_a_handshake_is_granted_to_whoever_has_the_key() -> None:
    assert granted(
        webhook_request_origin="eventgrid.azure.example", webhook_request_rate="120"
    ) == {
        "allow": "POST",
        "webhook-allowed-origin": "eventgrid.azure.example",
        "webhook-allowed-rate": "120",
    }


@pytest.mark.parametrize("rate", ["", "fast", "-1", "\xb2", "1" * 5000])
def test_a_strange_rate_is_no_reason_to_refuse(rate: str) -> None:
    answered = granted(webhook_request_rate=rate)["webhook-allowed-rate"]

    assert answered == "*" or set(answered) == {"1"}
