"""What SNS wraps around a message (docs.aws.amazon.com, "HTTP/HTTPS notification JSON format")."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

NOTIFICATION = "Notification"
SUBSCRIPTION = "SubscriptionConfirmation"
UNSUBSCRIPTION = "UnsubscribeConfirmation"
CONFIRMATION = ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token")
# what is signed, in this order; a subject only where there is one
SIGNED = {
    NOTIFICATION: ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    SUBSCRIPTION: (*CONFIRMATION, "TopicArn", "Type"),
    UNSUBSCRIPTION: (*CONFIRMATION, "TopicArn", "Type"),
}
OPTIONAL = "Subject"
TOPIC = re.compile(
    r"arn:aws[a-z-]*:sns:([a-z0-9-]{1,40}):[0-9]{1,20}:[\w.-]{1,256}\Z", re.ASCII
)
RAW_DELIVERY = "x-amz-sns-rawdelivery"


@dataclass(frozen=True, slots=True)
class Envelope:
    """A message as SNS sent it; every value is exactly what was signed."""

    kind: str
    topic_arn: str
    region: str
    told: Mapping[str, str]

    @property
    def signed(self) -> bytes:
        """The bytes that the signature is over."""
        lines = [
            f"{name}\n{self.told[name]}\n"
            for name in SIGNED[self.kind]
            if name in self.told
        ]
        return "".join(lines).encode("utf-8", "surrogatepass")


def is_raw(headers: Mapping[str, str]) -> bool:
    """Whether SNS says that the body is the bare message."""
    return headers.get(RAW_DELIVERY, "").lower() == "true"


def opened(body: bytes) -> Envelope | None:
    """The envelope in a body; none if there is none, or not a whole one."""
    try:
        tree = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(tree, dict):
        return None
    told = {name: value for name, value in tree.items() if isinstance(value, str)}
    kind, topic = told.get("Type", ""), TOPIC.match(told.get("TopicArn", ""))
    if kind not in SIGNED or topic is None:
        return None
    if any(name not in told for name in SIGNED[kind] if name != OPTIONAL):
        return None
    return Envelope(kind, told["TopicArn"], topic[1], told)
