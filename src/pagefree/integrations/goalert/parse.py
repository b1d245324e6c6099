"""GoAlert's generic API (goalert.me, "Generic API"): form, query or JSON."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from urllib.parse import parse_qs
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
    Inbound,
    Integration,
    Parsed,
    Unreadable,
    first_text,
    mapping_of,
    printable,
    text_of,
)

CLOSE = "close"
MOST_FIELDS = 200
META = "meta"  # name=value, any number of times


def parse(inbound: Inbound) -> Parsed:
    """One event. What is in the query counts where the body says nothing."""
    query = {name: printable(value) for name, value in inbound.query.items()}
    told = {**query, **_body(inbound.body)}
    title, details = text_of(told.get("summary")), text_of(told.get("details"))
    dedup = text_of(told.get("dedup"))
    closes = text_of(told.get("action")).lower() == CLOSE
    if not title and not (closes and dedup):
        raise Unreadable(["invalid summary: must not be empty"])
    meta = mapping_of(told.get(META))
    event = AlertEvent(
        action=Action.RESOLVE if closes else Action.TRIGGER,
        dedup_key=key_of(dedup) if dedup else _key(title, details),
        title=title.splitlines()[0][:TITLE_LENGTH] if title else "",
        severity=severity_of(first_text(meta, ("severity", "priority"))),
        body=details[:BODY_LENGTH],
        labels=meta,
    )
    return Parsed([event], identified=bool(dedup))


def _body(body: bytes) -> Mapping[str, object]:
    if not body.strip():
        return {}
    try:
        tree = untrusted_json.decode(body)
    except ValueError:
        return _form(body)
    if not isinstance(tree, dict):
        raise Unreadable(["expected a JSON object or a form"])
    return tree


def _form(body: bytes) -> Mapping[str, object]:
    try:
        fields = parse_qs(body.decode("latin-1"), max_num_fields=MOST_FIELDS)
    except ValueError as e:
        raise Unreadable([f"neither JSON nor a form: {e}"]) from e
    told: dict[str, object] = {n: printable(v[0]) for n, v in fields.items()}
    pairs = [printable(value).partition("=") for value in fields.get(META, [])]
    return {**told, META: {name: value for name, _, value in pairs}}


def _key(title: str, details: str) -> str:
    return "sha256:" + sha256(f"{title}\n{details}".encode()).hexdigest()


def accepted(_: Parsed, __: UUID) -> Answer:
    """What GoAlert answers."""
    return Answer(204, None)


def refused(status: int, errors: Sequence[str]) -> Answer:
    """Words, as GoAlert answers."""
    return Answer(status, "; ".join(errors))


INTEGRATION = Integration(
    title="GoAlert",
    endpoints=(
        Endpoint(
            "/api/v2/generic/incoming",
            parse,
            key_in_path=False,
            accepted=accepted,
            refused=refused,
        ),
    ),
    category="drop-in",
    summary="Whatever calls GoAlert's generic API, by changing the host.",
)
