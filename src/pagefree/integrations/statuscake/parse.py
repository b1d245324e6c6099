"""StatusCake's uptime webhook (statuscake.com): a form of a few fields."""

from hashlib import sha256
from urllib.parse import parse_qsl

from pagefree.core.alerts import (
    BODY_LENGTH,
    TITLE_LENGTH,
    Action,
    AlertEvent,
    Severity,
    key_of,
    web_address,
)
from pagefree.core.signatures import STATUSCAKE
from pagefree.infra.untrusted_json import clean_text
from pagefree.integrations.base import (
    Endpoint,
    Inbound,
    Integration,
    Parsed,
    Unreadable,
)

UP = "up"
TIMED_OUT = "0"  # StatusCode
MOST_FIELDS = 100
LABELS = (
    *("TestID", "Name", "URL", "IP", "Method", "StatusCode", "Tags"),
    *("CheckRate", "Checkrate"),
)


def parse(inbound: Inbound) -> Parsed:
    """One event: a test went down or up. `Token` is a secret and kept nowhere."""
    told = _form(inbound.body)
    name, address = told.get("Name", ""), told.get("URL", "")
    test = told.get("TestID") or _digest(name, address)
    if not (name or address or "TestID" in told):
        raise Unreadable(["there is neither `TestID` nor `Name` nor `URL`"])
    is_up = told.get("Status", "").lower() == UP
    event = AlertEvent(
        action=Action.RESOLVE if is_up else Action.TRIGGER,
        dedup_key=key_of(test),
        title=f"{name or address or test} is {'up' if is_up else 'down'}"[
            :TITLE_LENGTH
        ],
        severity=Severity.CRITICAL,
        body=_answered(told.get("StatusCode", ""))[:BODY_LENGTH],
        source_url=web_address(address),
        labels={label: told[label] for label in LABELS if label in told},
    )
    return Parsed([event])


def _form(body: bytes) -> dict[str, str]:
    text = body.decode("utf-8", "replace")
    try:
        pairs = parse_qsl(text, max_num_fields=MOST_FIELDS)
    except ValueError as e:
        raise Unreadable([f"not a form: {e}"]) from e
    return {name: clean_text(value.strip()) for name, value in pairs if value.strip()}


def _digest(name: str, address: str) -> str:
    return "sha256:" + sha256(f"{name}\n{address}".encode()).hexdigest()


def _answered(code: str) -> str:
    if code == TIMED_OUT:
        return "There was no answer in time."
    return f"The answer was HTTP {code}." if code else ""


INTEGRATION = Integration(
    title="StatusCake",
    endpoints=(Endpoint("/in/statuscake", parse),),
    category="uptime",
    summary="Uptime tests.",
    signature=STATUSCAKE,
)
