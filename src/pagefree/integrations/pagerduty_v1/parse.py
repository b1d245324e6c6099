"""The PagerDuty Events API v1, which older agents and scripts still speak.

Fields and answers as in PagerDuty's developer documentation ("Events API v1"). Clients
expect exactly 200, and read a 403 as "too many".
"""

from collections.abc import Sequence
from http import HTTPStatus
from uuid import UUID

from pagefree.core.alerts import (
    MOST_LINKS,
    TITLE_LENGTH,
    Action,
    AlertEvent,
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
    first_text,
    mapping_of,
    text_of,
)

BODY_LIMIT = 512 * 1024
ACTIONS = {action.value: action for action in Action}
PROCESSED = "Event processed"


def parse(inbound: Inbound) -> Parsed:
    """The one event in a body for create_event.json."""
    try:
        tree = untrusted_json.decode(inbound.body)
    except ValueError as e:
        raise Unreadable(["the body is not JSON"]) from e
    if not isinstance(tree, dict):
        raise Unreadable(["the body is not a JSON object"])
    service_key = tree.get("service_key")
    routing_key = service_key if isinstance(service_key, str) else None
    action = ACTIONS.get(text_of(tree.get("event_type")))
    key = text_of(tree.get("incident_key"))
    if action is None:
        raise Unreadable(["Event type is invalid"], routing_key)
    if action is Action.TRIGGER and not text_of(tree.get("description")):
        raise Unreadable(["Description is missing or blank"], routing_key)
    if action is not Action.TRIGGER and not key:
        raise Unreadable(["Incident key is missing or blank"], routing_key)
    return Parsed([_event(action, key_of(key), tree)], routing_key)


def _event(action: Action, key: str, tree: dict[str, object]) -> AlertEvent:
    details = tree.get("details")
    labels = dict(details) if isinstance(details, dict) else {}
    if not isinstance(details, dict) and details is not None:
        labels["details"] = details
    if text_of(tree.get("client")):
        labels["client"] = text_of(tree.get("client"))
    return AlertEvent(
        action=action,
        dedup_key=key,
        title=text_of(tree.get("description"))[:TITLE_LENGTH],
        # the format has no severity; many tools put theirs into the details
        severity=severity_of(first_text(labels, ("severity", "priority"))),
        source_url=web_address(text_of(tree.get("client_url"))),
        labels=labels,
        links=tuple(_links(tree.get("contexts"))),
    )


def _links(contexts: object) -> list[Link]:
    found = []
    for item in contexts[:MOST_LINKS] if isinstance(contexts, list) else []:
        context = mapping_of(item)
        address = web_address(first_text(context, ("href", "src")))
        if address:
            text = first_text(context, ("text", "alt"))
            found.append(Link(address, text[:TITLE_LENGTH]))
    return found


def accepted(parsed: Parsed, _: UUID) -> Answer:
    """What PagerDuty's clients expect, with the key to resolve the alert by."""
    keys = [e.dedup_key for e in parsed.events if isinstance(e, AlertEvent)]
    body = {"status": "success", "message": PROCESSED, "incident_key": "".join(keys)}
    return Answer(200, body)


LIMITED = (("Retry-After", "30"),)


def refused(status: int, errors: Sequence[str]) -> Answer:
    """An unknown key is 400 here, too; 403 would be read as "too many"."""
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        said, message = "error", "Try again later"
    elif status == HTTPStatus.FORBIDDEN:
        said, message = "throttle exceeded", "Try again later"
    else:
        said, message = "invalid event", "Event object is invalid"
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND}:
        status = HTTPStatus.BAD_REQUEST
    body = {"status": said, "message": message, "errors": list(errors)}
    headers = LIMITED if status == HTTPStatus.FORBIDDEN else ()
    return Answer(status, body, headers)


INTEGRATION = Integration(
    title="PagerDuty Events API v1",
    endpoints=(
        Endpoint(
            "/generic/2010-04-15/create_event.json",
            parse,
            body_limit=BODY_LIMIT,
            key_in_body=True,
            strict=True,
            accepted=accepted,
            refused=refused,
            limited=HTTPStatus.FORBIDDEN,
        ),
    ),
    key_shape=KeyShape.THIRTY_TWO,
    category="drop-in",
    summary="Older agents and scripts that page PagerDuty, by changing the host.",
)
