"""The PagerDuty Events API v2, so that anything that can page PagerDuty can page us.

Fields and answers as in PagerDuty's developer documentation ("Send an Alert Event",
"Send a Change Event"). Clients compare the status with exactly 202 and the body's
`status` with "success", and join `errors`.
"""

from collections.abc import Sequence
from http import HTTPStatus
from uuid import UUID

from pagefree.core.alerts import (
    MOST_LINKS,
    TITLE_LENGTH,
    Action,
    AlertEvent,
    ChangeEvent,
    Link,
    key_of,
    severity_of,
    web_address,
)
from pagefree.infra import untrusted_json
from pagefree.integrations.base import (
    Answer,
    Endpoint,
    Inbound,
    Integration,
    KeyShape,
    Parsed,
    Unreadable,
    links_of,
    mapping_of,
    text_of,
)

BODY_LIMIT = 512 * 1024
ACTIONS = {action.value: action for action in Action}
DESCRIBED = ("source", "component", "group", "class")


def parse_alert(inbound: Inbound) -> Parsed:
    """The one event in a body for /v2/enqueue."""
    tree = _object(inbound.body)
    payload = mapping_of(tree.get("payload"))
    action = ACTIONS.get(text_of(tree.get("event_action")))
    key = text_of(tree.get("dedup_key"))
    errors = []
    if action is None:
        errors.append("'event_action' is missing or invalid")
    elif action is Action.TRIGGER:
        errors += _missing(payload, ("summary", "source", "severity"))
    elif not key:
        errors.append("'dedup_key' is missing or blank")
    if action is None or errors:
        raise Unreadable(errors, _routing_key(tree))
    return Parsed([_alert(action, key_of(key), tree, payload)], _routing_key(tree))


def _alert(
    action: Action, key: str, tree: dict[str, object], payload: dict[str, object]
) -> AlertEvent:
    details = payload.get("custom_details")
    labels = dict(details) if isinstance(details, dict) else {}
    if not isinstance(details, dict) and details is not None:
        labels["custom_details"] = details
    for name in DESCRIBED:
        if name in payload:
            labels[name] = payload[name]
    links = links_of(tree.get("links")) + links_of(tree.get("images"), text="alt")
    address = web_address(text_of(tree.get("client_url")))
    return AlertEvent(
        action=action,
        dedup_key=key,
        title=text_of(payload.get("summary"))[:TITLE_LENGTH],
        severity=severity_of(text_of(payload.get("severity"))),
        source_url=address,
        labels=labels,
        links=tuple(links[:MOST_LINKS]),
    )


def parse_change(inbound: Inbound) -> Parsed:
    """The one event in a body for /v2/change/enqueue."""
    tree = _object(inbound.body)
    payload = mapping_of(tree.get("payload"))
    errors = _missing(payload, ("summary",))
    if errors:
        raise Unreadable(errors, _routing_key(tree))
    links: list[Link] = links_of(tree.get("links"))
    change = ChangeEvent(
        summary=text_of(payload.get("summary"))[:TITLE_LENGTH],
        source=text_of(payload.get("source"))[:TITLE_LENGTH],
        details=mapping_of(payload.get("custom_details")),
        links=tuple(links),
    )
    return Parsed([change], _routing_key(tree))


def _object(body: bytes) -> dict[str, object]:
    try:
        tree = untrusted_json.decode(body)
    except ValueError as e:
        raise Unreadable(["the body is not JSON"]) from e
    if not isinstance(tree, dict):
        raise Unreadable(["the body is not a JSON object"])
    return tree


def _routing_key(tree: dict[str, object]) -> str | None:
    key = tree.get("routing_key")
    return key if isinstance(key, str) else None


def _missing(payload: dict[str, object], names: Sequence[str]) -> list[str]:
    return [
        f"'payload.{name}' is missing or blank"
        for name in names
        if not text_of(payload.get(name))
    ]


def accepted_alert(parsed: Parsed, _: UUID) -> Answer:
    """What PagerDuty's clients expect, with the key to resolve the alert by."""
    event = parsed.events[0]
    key = event.dedup_key if isinstance(event, AlertEvent) else ""
    message = "Event processed"
    return Answer(202, {"status": "success", "message": message, "dedup_key": key})


def accepted_change(_: Parsed, __: UUID) -> Answer:
    """What PagerDuty's clients expect."""
    return Answer(202, {"status": "success", "message": "Change event processed"})


def refused(status: int, errors: Sequence[str]) -> Answer:
    """An unknown key is 400 here, too; a body is always there and always has `errors`."""
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        said, message = "error", "Try again later"
    elif status == HTTPStatus.TOO_MANY_REQUESTS:
        said, message = "throttle exceeded", "Try again later"
    else:
        said, message = "invalid event", "Event object is invalid"
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND}:
        status = HTTPStatus.BAD_REQUEST
    body = {"status": said, "message": message, "errors": list(errors)}
    return Answer(status, body)


INTEGRATION = Integration(
    title="PagerDuty Events API v2",
    endpoints=(
        Endpoint(
            "/v2/enqueue",
            parse_alert,
            body_limit=BODY_LIMIT,
            key_in_body=True,
            strict=True,
            accepted=accepted_alert,
            refused=refused,
            limited=HTTPStatus.TOO_MANY_REQUESTS,
        ),
        Endpoint(
            "/v2/change/enqueue",
            parse_change,
            body_limit=BODY_LIMIT,
            key_in_body=True,
            strict=True,
            accepted=accepted_change,
            refused=refused,
            limited=HTTPStatus.TOO_MANY_REQUESTS,
        ),
    ),
    key_shape=KeyShape.THIRTY_TWO,
    category="drop-in",
    summary="Everything that can page PagerDuty, by changing the host.",
)
