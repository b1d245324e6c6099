"""Signatures of requests: what senders sign, how, and where they put it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, TypeAlias
from urllib.parse import parse_qsl

BODY, TIMESTAMP, ID = "{body}", "{timestamp}", "{id}"  # in what is signed
MOST_FIELDS = 200


class Encoding(StrEnum):
    """How the bytes of a signature are written."""

    HEX = "hex"
    BASE64 = "base64"


@dataclass(frozen=True, slots=True)
class Signed:
    """What may be signed: the body as it came, and headers by their lower-case names."""

    body: bytes
    headers: Mapping[str, str]


Fields: TypeAlias = Callable[[Signed], Mapping[str, str]]


def in_headers(signed: Signed) -> Mapping[str, str]:
    """Where most senders put their signature."""
    return signed.headers


def in_form(signed: Signed) -> Mapping[str, str]:
    """The fields of a form."""
    try:
        text = signed.body.decode("latin-1")
        return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except ValueError:
        return {}


def in_form_or_json(signed: Signed) -> Mapping[str, str]:
    """The fields of a form, or of the object `signature` in JSON, as Mailgun sends them."""
    try:
        tree = json.loads(signed.body)
    except (ValueError, RecursionError):
        return in_form(signed)
    found = tree.get("signature") if isinstance(tree, dict) else None
    if not isinstance(found, dict):
        return {}
    return {name: value for name, value in found.items() if isinstance(value, str)}


@dataclass(frozen=True, slots=True)
class Hmac:
    """A keyed hash of the body and of what else the sender signs with it.

    `message` is what is signed, in order: BODY, TIMESTAMP, ID, or words as they are.
    """

    name: str
    header: str  # in lower case
    message: tuple[str, ...] = (BODY,)
    prefix: str = ""
    encoding: Encoding = Encoding.HEX
    algorithm: str = "sha256"
    separator: str = ""  # between several signatures in one header
    timestamp_header: str = ""
    id_header: str = ""
    instead: tuple[str, ...] = ()  # headers that may carry it, too
    base64_secret: bool = False  # the key is base64 after "whsec_"
    fields: Fields = in_headers


@dataclass(frozen=True, slots=True)
class Token:
    """A shared secret that is sent along as it is, or as its hash."""

    name: str
    header: str
    hashed: str = ""  # an algorithm of hashlib
    fields: Fields = in_headers


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Several ways of which the sender uses one."""

    name: str
    ways: tuple[Hmac | Token, ...]


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A scheme that needs more than a secret; the kind of integration checks it itself."""

    name: str
    proof: Literal["certificate", "token"]


Scheme: TypeAlias = Hmac | Token | AnyOf | Elsewhere


# -- what senders use ---------------------------------------------------------------
# As their documentation says; wherever two secrets may be active, both are tried.

STANDARD_WEBHOOKS = Hmac(
    "Standard Webhooks",
    "webhook-signature",
    (ID, ".", TIMESTAMP, ".", BODY),
    prefix="v1,",
    encoding=Encoding.BASE64,
    separator=" ",
    timestamp_header="webhook-timestamp",
    id_header="webhook-id",
    base64_secret=True,
)
GITHUB = Hmac("GitHub", "x-hub-signature-256", prefix="sha256=")
# Grafana signs the time, too, where a header for it is set: then describe the scheme
GRAFANA = Hmac("Grafana", "x-grafana-alerting-signature")
SENTRY = Hmac("Sentry", "sentry-hook-signature", instead=("sentry-app-signature",))
CHECKLY = Hmac("Checkly", "x-checkly-signature")
SPLUNK_OBSERVABILITY = Hmac(
    "Splunk Observability", "x-sfx-signature", encoding=Encoding.BASE64
)
PAGERDUTY_V3 = Hmac(
    "PagerDuty webhooks v3", "x-pagerduty-signature", prefix="v1=", separator=","
)
SLACK = Hmac(
    "Slack",
    "x-slack-signature",
    ("v0:", TIMESTAMP, ":", BODY),
    prefix="v0=",
    timestamp_header="x-slack-request-timestamp",
)
# Mailgun signs no body: whoever has its one-time token may have changed everything else
MAILGUN = Hmac(
    "Mailgun",
    "signature",
    (TIMESTAMP, ID),
    timestamp_header="timestamp",
    id_header="token",
    fields=in_form_or_json,
)
GITLAB = AnyOf("GitLab", (Token("GitLab token", "x-gitlab-token"), STANDARD_WEBHOOKS))
HONEYCOMB = Token("Honeycomb token", "x-honeycomb-webhook-token")
# The secret is the user name in lower case with the API key right after it.
STATUSCAKE = Token("StatusCake token", "Token", hashed="md5", fields=in_form)
AWS_SNS = Elsewhere("Amazon SNS", "certificate")
ENTRA_ID = Elsewhere("Microsoft Entra ID", "token")
GOOGLE_IDENTITY = Elsewhere("Google", "token")


class Sender(StrEnum):
    """Whose way of signing an integration of any kind can be told to verify."""

    CHECKLY = "checkly"
    GITHUB = "github"
    GITLAB = "gitlab"
    GRAFANA = "grafana"
    HONEYCOMB = "honeycomb"
    MAILGUN = "mailgun"
    PAGERDUTY = "pagerduty"
    SENTRY = "sentry"
    SLACK = "slack"
    SPLUNK_OBSERVABILITY = "splunk_observability"
    STANDARD_WEBHOOKS = "standard_webhooks"
    STATUSCAKE = "statuscake"


SIGNED_AS: Mapping[Sender, Hmac | Token | AnyOf] = {
    Sender.CHECKLY: CHECKLY,
    Sender.GITHUB: GITHUB,
    Sender.GITLAB: GITLAB,
    Sender.GRAFANA: GRAFANA,
    Sender.HONEYCOMB: HONEYCOMB,
    Sender.MAILGUN: MAILGUN,
    Sender.PAGERDUTY: PAGERDUTY_V3,
    Sender.SENTRY: SENTRY,
    Sender.SLACK: SLACK,
    Sender.SPLUNK_OBSERVABILITY: SPLUNK_OBSERVABILITY,
    Sender.STANDARD_WEBHOOKS: STANDARD_WEBHOOKS,
    Sender.STATUSCAKE: STATUSCAKE,
}
