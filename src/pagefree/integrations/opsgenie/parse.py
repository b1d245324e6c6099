"""The Opsgenie Alert API, so that anything that can alert Opsgenie can alert us.

Fields, limits and answers as in Opsgenie's documentation ("Alert API"). Everything is
answered 202 with the id of a request, whose result is asked for later: see opsgenie_api.py
of alerts/.
"""

import base64
import binascii
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from uuid import UUID

from pagefree.core.alerts import (
    BODY_LENGTH,
    TITLE_LENGTH,
    Action,
    AlertEvent,
    key_of,
    severity_of,
)
from pagefree.infra import untrusted_json
from pagefree.integrations.base import (
    Answer,
    Endpoint,
    Ignored,
    Inbound,
    Integration,
    Parsed,
    Unreadable,
    mapping_of,
    printable,
    text_of,
)

RECEIVED = "Request will be processed"
USUAL_PRIORITY = "P3"
ACTIONS = {
    "close": Action.RESOLVE,
    "acknowledge": Action.ACKNOWLEDGE,
}
LABELS = ("entity", "source", "user", "priority")
LISTS = ("tags", "responders", "visibleTo", "teams")
ID = "pf-"  # of the ids that we give to alerts: the dedup key, encoded
# what the app does, as it is no event of an alert
APP_ACTIONS = frozenset(
    {
        *(("POST", "notes"), ("POST", "snooze"), ("POST", "unacknowledge")),
        *(("POST", "assign"), ("POST", "escalate"), ("POST", "responders")),
        ("POST", "teams"),
        *(("POST", "tags"), ("DELETE", "tags")),
        *(("POST", "details"), ("DELETE", "details")),
        *(("PUT", "message"), ("PUT", "description"), ("PUT", "priority")),
    }
)
BY_ALIAS = "alias"


def parse(inbound: Inbound) -> Parsed:
    """The one event of a call that creates, closes, acknowledges or deletes an alert."""
    tree = _object(inbound.body)
    if inbound.rest in {"", "/"}:
        return Parsed([_created(tree)])
    key, verb = _called(inbound)
    if inbound.method == "DELETE" and not verb:
        return Parsed([AlertEvent(Action.RESOLVE, key)])
    action = ACTIONS.get(verb)
    if action is None or inbound.method != "POST":
        raise Ignored(f"{inbound.method} {verb or 'alert'}: noted, without effect")
    return Parsed([AlertEvent(action, key)])


def _object(body: bytes) -> dict[str, object]:
    if not body.strip():  # closing needs none
        return {}
    try:
        tree = untrusted_json.decode(body)
    except ValueError as e:
        raise Unreadable(["the body is not JSON"]) from e
    if not isinstance(tree, dict):
        raise Unreadable(["the body is not a JSON object"])
    return tree


def _created(tree: dict[str, object]) -> AlertEvent:
    message = text_of(tree.get("message"))
    if not message:
        raise Unreadable(["message can not be empty"])
    alias = text_of(tree.get("alias"))
    labels: dict[str, object] = {**mapping_of(tree.get("details"))}
    labels.update({name: tree[name] for name in LABELS if text_of(tree.get(name))})
    labels.update({name: tree[name] for name in LISTS if tree.get(name)})
    texts = [text_of(tree.get(name)) for name in ("description", "note")]
    return AlertEvent(
        action=Action.TRIGGER,
        dedup_key=key_of(alias) if alias else "",
        title=message[:TITLE_LENGTH],
        severity=severity_of(text_of(tree.get("priority")) or USUAL_PRIORITY),
        body="\n\n".join(filter(None, texts))[:BODY_LENGTH],
        labels=labels,
    )


def _called(inbound: Inbound) -> tuple[str, str]:
    """The dedup key of the alert, and the last part of the path; an alias may have slashes."""
    path = inbound.rest.removeprefix("/")
    identifier, slash, verb = path.rpartition("/")
    if inbound.method == "DELETE" or not slash:
        identifier, verb = path, ""
    key = dedup_key(identifier, inbound.query)
    if not key:
        raise Unreadable(["the alert's identifier is missing"])
    return key, verb


def dedup_key(identifier: str, query: Mapping[str, str]) -> str:
    """What an identifier in a path stands for; ids that are not ours are taken for aliases."""
    if query.get("identifierType", "id") != BY_ALIAS and identifier.startswith(ID):
        encoded = identifier[len(ID) :]
        padding = "=" * (-len(encoded) % 4)
        try:
            found = base64.b64decode(encoded + padding, altchars=b"-_", validate=True)
            return key_of(printable(found.decode()))
        except (binascii.Error, ValueError):
            pass
    return key_of(printable(identifier))


LIMITED = (
    ("X-RateLimit-State", "THROTTLED"),
    ("X-RateLimit-Reason", "INTEGRATION"),
    ("X-RateLimit-Period-In-Sec", "60"),
)


def alert_id(key: str) -> str:
    """The id of the alert with this dedup key, as Opsgenie's clients see it."""
    return ID + base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def accepted(_: Parsed, request_id: UUID) -> Answer:
    """Opsgenie's clients ask for the result with the id of the request."""
    name = str(request_id)
    body = {"result": RECEIVED, "took": 0.001, "requestId": name}
    return Answer(202, body, [("X-Request-ID", name), ("X-RateLimit-State", "OK")])


def refused(status: int, errors: Sequence[str]) -> Answer:
    """A body that does not say enough is 422 here."""
    if status == HTTPStatus.BAD_REQUEST:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    if status == HTTPStatus.UNAUTHORIZED:
        message = "Could not authenticate"
    else:
        message = "; ".join(errors)
    headers = LIMITED if status == HTTPStatus.TOO_MANY_REQUESTS else ()
    body = {"message": message, "took": 0.001, "requestId": ""}
    return Answer(status, body, headers)


def left_to_the_app(method: str, rest: str) -> bool:
    """Questions, and what is done to an incident rather than to an alert."""
    return method == "GET" or (method, rest.rpartition("/")[2]) in APP_ACTIONS


INTEGRATION = Integration(
    title="Opsgenie Alert API",
    endpoints=(
        Endpoint(
            "/v2/alerts",
            parse,
            key_in_path=False,
            strict=True,
            accepted=accepted,
            refused=refused,
            limited=HTTPStatus.TOO_MANY_REQUESTS,
            methods=("POST", "PUT", "PATCH", "DELETE"),
            left_to_the_app=left_to_the_app,
        ),
    ),
    category="drop-in",
    summary="Everything that can alert Opsgenie, by changing the host.",
)
