"""Azure Monitor's common alert schema (learn.microsoft.com, alerts-common-schema)."""

from urllib.parse import quote

from pagefree.core.alerts import (
    BODY_LENGTH,
    TITLE_LENGTH,
    Action,
    AlertEvent,
    Link,
    Severity,
    key_of,
    severity_of,
    web_address,
)
from pagefree.core.signatures import ENTRA_ID
from pagefree.infra import untrusted_json
from pagefree.integrations.azure_monitor.settings import Settings
from pagefree.integrations.azure_monitor.verify import issuer, verify
from pagefree.integrations.base import (
    Endpoint,
    Inbound,
    Integration,
    Parsed,
    Unreadable,
    instant_of,
    mapping_of,
    text_of,
)

SCHEMA = "azureMonitorCommonAlertSchema"
PORTAL = "https://portal.azure.com/#@/resource"
SEVERITIES = {
    "sev0": Severity.CRITICAL,
    "sev1": Severity.ERROR,
    "sev2": Severity.WARNING,
    "sev3": Severity.INFO,
    "sev4": Severity.INFO,
}
LABELS = ("alertRule", "severity", "signalType", "monitoringService", "originAlertId")
LISTS = ("alertTargetIDs", "configurationItems")
MOST_ITEMS = 10


def parse(inbound: Inbound) -> Parsed:
    """One event; `alertId` is of one occurrence, the same when it fires and when it ends."""
    try:
        tree = mapping_of(untrusted_json.decode(inbound.body))
    except ValueError as e:
        raise Unreadable([f"not JSON: {e}"]) from e
    data = mapping_of(tree.get("data"))
    essentials = mapping_of(data.get("essentials"))
    if not essentials:
        raise Unreadable([_explanation(text_of(tree.get("schemaId")))])
    rule = text_of(essentials.get("alertRule"))
    title = _title(rule, essentials)
    number = text_of(essentials.get("alertId"))
    origin = text_of(essentials.get("originAlertId"))
    state = text_of(essentials.get("monitorCondition")).lower()
    word = text_of(essentials.get("severity")).lower()
    over = state == "resolved"
    event = AlertEvent(
        action=Action.RESOLVE if over else Action.TRIGGER,
        dedup_key=key_of(number or origin or f"title:{title}"),
        title=title,
        severity=SEVERITIES.get(word, severity_of(word)),
        body=_body(essentials, mapping_of(data.get("alertContext"))),
        source_url=web_address(text_of(essentials.get("investigationLink"))),
        labels=_labels(essentials, mapping_of(data.get("customProperties"))),
        links=_links(essentials),
        group_key=key_of(origin) if origin else None,
        episode_at=instant_of(essentials.get("firedDateTime")),
        ended_at=instant_of(essentials.get("resolvedDateTime")) if over else None,
    )
    return Parsed([event])


def _explanation(schema: str) -> str:
    if schema and schema != SCHEMA:
        return (
            f"the schema is {schema[:80]}: turn on the common alert schema"
            " in the action group's webhook"
        )
    return "there is no `data.essentials`: this is not the common alert schema"


def _title(rule: str, essentials: dict[str, object]) -> str:
    items = _texts(essentials.get("configurationItems"))
    title = rule or "(no name)"
    return (f"{title} on {', '.join(items)}" if items else title)[:TITLE_LENGTH]


def _body(essentials: dict[str, object], context: dict[str, object]) -> str:
    """The rule's description, then what was measured."""
    found = mapping_of(context.get("condition")).get("allOf")
    conditions = found[:MOST_ITEMS] if isinstance(found, list) else []
    lines = [
        text_of(essentials.get("description")),
        *(_measured(mapping_of(condition)) for condition in conditions),
    ]
    return "\n".join(line for line in lines if line)[:BODY_LENGTH]


def _measured(condition: dict[str, object]) -> str:
    names = ("metricName", "operator", "threshold")
    words = [text_of(condition.get(name)) for name in names]
    value = text_of(condition.get("metricValue"))
    said = " ".join(word for word in words if word)
    return f"{said} (measured: {value})" if said and value else said


def _labels(
    essentials: dict[str, object], custom: dict[str, object]
) -> dict[str, object]:
    told = {name: essentials[name] for name in LABELS if essentials.get(name)}
    lists = {name: _texts(essentials.get(name)) for name in LISTS}
    return custom | told | {name: items for name, items in lists.items() if items}


def _links(essentials: dict[str, object]) -> tuple[Link, ...]:
    """The resources, as the portal addresses them."""
    paths = _texts(essentials.get("alertTargetIDs"))
    return tuple(
        Link(PORTAL + quote(path, safe="/"), path.rpartition("/")[2][:TITLE_LENGTH])
        for path in paths
        if path.startswith("/subscriptions/") and web_address(PORTAL + quote(path))
    )


def _texts(items: object) -> list[str]:
    found = items[:MOST_ITEMS] if isinstance(items, list) else []
    return [text for item in found if (text := text_of(item))]


INTEGRATION = Integration(
    title="Azure Monitor",
    endpoints=(Endpoint("/in/azure_monitor", parse),),
    category="cloud",
    summary="Metric, log and service health alerts of Azure, through an action group.",
    Settings=Settings,
    signature=ENTRA_ID,
    verify=verify,
    issuer=issuer,
)
