"""Amazon SNS over HTTPS, above all CloudWatch alarms (docs.aws.amazon.com)."""

from pagefree.core.alerts import (
    BODY_LENGTH,
    TITLE_LENGTH,
    Action,
    AlertEvent,
    Severity,
    key_of,
)
from pagefree.core.signatures import AWS_SNS
from pagefree.infra import untrusted_json
from pagefree.integrations.base import (
    Endpoint,
    Ignored,
    Inbound,
    Integration,
    Parsed,
    Unreadable,
    first_text,
    instant_of,
    mapping_of,
    printable,
    text_of,
)
from pagefree.integrations.sns.envelope import (
    NOTIFICATION,
    SUBSCRIPTION,
    UNSUBSCRIPTION,
    is_raw,
)
from pagefree.integrations.sns.settings import Settings
from pagefree.integrations.sns.verify import verify

ALARM, OK, INSUFFICIENT_DATA = "ALARM", "OK", "INSUFFICIENT_DATA"
STATES = {ALARM: Action.TRIGGER, OK: Action.RESOLVE}
NO_TITLE = "(no title)"
LABELS = {
    "AWSAccountId": "account",
    "Region": "region",
    "NewStateValue": "state",
    "AlarmName": "alarm",
}
METRIC = ("Namespace", "MetricName", "Statistic", "Threshold")


def parse(inbound: Inbound) -> Parsed:
    """One event: of the alarm in a message, or of the message itself."""
    settings = (
        inbound.settings if isinstance(inbound.settings, Settings) else Settings()
    )
    if is_raw(inbound.headers):
        text = printable(inbound.body.decode(errors="replace"))
        return _message(text, "", "", settings)
    try:
        tree = mapping_of(untrusted_json.decode(inbound.body))
    except ValueError as e:
        raise Unreadable([f"not JSON: {e}"]) from e
    kind, topic = text_of(tree.get("Type")), text_of(tree.get("TopicArn"))
    if kind in {SUBSCRIPTION, UNSUBSCRIPTION}:
        return Parsed([_subscription(kind, topic)])
    if kind != NOTIFICATION:
        raise Unreadable(["`Type` is none of SNS"])
    subject = text_of(tree.get("Subject"))
    delivery = text_of(tree.get("MessageId"))
    return _message(text_of(tree.get("Message")), subject, delivery, settings)


def _subscription(kind: str, topic: str) -> AlertEvent:
    """That somebody ends the subscription is a gap in monitoring."""
    ended = kind == UNSUBSCRIPTION
    return AlertEvent(
        action=Action.TRIGGER if ended else Action.RESOLVE,
        dedup_key=key_of(f"subscription {topic}"),
        title=f"Nothing arrives any more from {topic}"[:TITLE_LENGTH],
        severity=Severity.ERROR,
        body="Its subscription in SNS was ended. If that is right, resolve this.",
    )


def _message(text: str, subject: str, delivery: str, settings: Settings) -> Parsed:
    try:
        tree = mapping_of(untrusted_json.decode(text.encode()))
    except ValueError:
        tree = {}
    if text_of(tree.get("AlarmName")):
        return Parsed([_alarm(tree, settings)], delivery_id=delivery)
    detail = mapping_of(tree.get("detail"))
    if text_of(detail.get("alarmName")):
        return Parsed([_alarm(_as_alarm(tree, detail), settings)], delivery_id=delivery)
    event = AlertEvent(
        action=Action.TRIGGER,
        dedup_key=key_of(subject),
        title=(subject or _first_line(text))[:TITLE_LENGTH] or NO_TITLE,
        body=text[:BODY_LENGTH],
        labels={name: tree[name] for name in ("source", "detail-type") if name in tree},
    )
    return Parsed([event], delivery_id=delivery, identified=bool(subject))


def _first_line(text: str) -> str:
    return text.strip().split("\n", 1)[0].strip()


def _as_alarm(tree: dict[str, object], detail: dict[str, object]) -> dict[str, object]:
    """EventBridge's "CloudWatch Alarm State Change" in the words of an alarm's own message."""
    state = mapping_of(detail.get("state"))
    resources = tree.get("resources")
    arn = resources[0] if isinstance(resources, list) and resources else ""
    return {
        "AlarmName": detail.get("alarmName"),
        "AlarmArn": arn,
        "AWSAccountId": tree.get("account"),
        "Region": tree.get("region"),
        "NewStateValue": state.get("value"),
        "NewStateReason": state.get("reason"),
        "StateChangeTime": state.get("timestamp"),
    }


def _alarm(tree: dict[str, object], settings: Settings) -> AlertEvent:
    state, name = text_of(tree.get("NewStateValue")), text_of(tree.get("AlarmName"))
    action = STATES.get(state, Action.TRIGGER)  # too loud beats too quiet
    if state == INSUFFICIENT_DATA:
        if settings.insufficient_data == "ignore":
            raise Ignored(f"{name}: {INSUFFICIENT_DATA}")
        action = Action(settings.insufficient_data)
    identity = text_of(tree.get("AlarmArn")) or "/".join(
        text_of(tree.get(part)) for part in ("AWSAccountId", "Region", "AlarmName")
    )
    texts = [text_of(tree.get(n)) for n in ("AlarmDescription", "NewStateReason")]
    return AlertEvent(
        action=action,
        dedup_key=key_of(identity),
        title=name[:TITLE_LENGTH],
        body="\n\n".join(filter(None, texts))[:BODY_LENGTH],
        labels=_labels(tree),
        # of both: SNS does not keep the order
        episode_at=instant_of(tree.get("StateChangeTime")),
    )


def _labels(tree: dict[str, object]) -> dict[str, object]:
    labels: dict[str, object] = {
        label: text_of(tree.get(name)) for name, label in LABELS.items()
    }
    trigger = mapping_of(tree.get("Trigger"))
    for name in METRIC:
        labels[name.lower()] = text_of(trigger.get(name))
    dimensions = trigger.get("Dimensions")
    for item in dimensions if isinstance(dimensions, list) else []:
        pair = mapping_of(item)
        dimension = first_text(pair, ("name", "Name"))
        if dimension:
            labels[dimension] = first_text(pair, ("value", "Value"))
    return {name: value for name, value in labels.items() if value}


INTEGRATION = Integration(
    title="AWS CloudWatch (SNS)",
    endpoints=(Endpoint("/in/sns", parse),),
    category="cloud",
    summary="CloudWatch alarms, and anything else that a topic of Amazon SNS carries.",
    Settings=Settings,
    signature=AWS_SNS,
    verify=verify,
)
