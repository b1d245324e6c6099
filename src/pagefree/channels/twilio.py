"""What messages and calls through Twilio share: account, requests, errors, signatures.

https://www.twilio.com/docs/usage/security and https://www.twilio.com/docs/api/errors
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from pydantic import BaseModel, Field, HttpUrl, SecretStr

from pagefree.channels.base import (
    AddressDead,
    Callback,
    CallbackRefused,
    ChannelBroken,
    Transports,
)
from pagefree.channels.posting import answered, confirmed, judge, post
from pagefree.core.errors import DeliveryError
from pagefree.infra.http import Unreachable

MOST_FIELDS = 100
E164 = r"^\+[1-9][0-9]{6,14}$"
DEFAULT_PORTS = {"https": 443, "http": 80}
BAD_REQUEST = 400

# https://www.twilio.com/docs/api/errors/<code>
DEAD = {
    21211: "is not a number",
    21214: "is not a number that can be called",
    21217: "is not a number",
    21610: "has been asked not to be written to (STOP)",
    21614: "is not a mobile",
    30005: "does not exist",
    30006: "is a landline, or cannot be reached",
}
BROKEN = {
    20003: "the credentials are wrong",
    20005: "the account is suspended",
    21215: "the account may not call that country",
    21408: "the account may not write to that country",
    21606: "the sender is not a number of this account",
    21212: "the sender is not a number",
    30034: "the sender is not registered",
}
OF_THE_ACCOUNT = {20003, 20005}  # of those: can be seen without a message
TEMPORARY = {14107, 20429, 30001, 30022}


class TwilioAccount(BaseModel):
    """An account with Twilio; what is empty is not set up."""

    account_sid: str = Field(default="", title="Twilio: account SID")
    auth_token: SecretStr = Field(
        default=SecretStr(""),
        title="Twilio: auth token",
        description="The primary one: Twilio signs its callbacks with it.",
    )
    old_auth_token: SecretStr = Field(
        default=SecretStr(""),
        title="Twilio: the auth token before it",
        description="Callbacks signed with it are accepted while you change tokens.",
    )
    sender: str = Field(
        default="",
        title="Twilio: sender",
        description="A number such as +15005550006, or a messaging service (MG…).",
    )
    twilio_url: HttpUrl = Field(
        default=HttpUrl("https://api.twilio.com"), title="Twilio: address of the API"
    )


async def create(
    transports: Transports,
    account: TwilioAccount,
    resource: str,
    form: Mapping[str, str],
) -> str:
    """Make a message or a call; returns its SID. Raises DeliveryError."""
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        **_authorization(account),
    }
    base = str(account.twilio_url).rstrip("/")
    url = f"{base}/2010-04-01/Accounts/{account.account_sid}/{resource}.json"
    reply = await post(transports, url, urlencode(form).encode(), headers)
    code = answered(reply).get("code")
    if reply.status >= BAD_REQUEST and isinstance(code, int):
        raise_for(code)
    judge(reply, "Twilio", broken=frozenset({401, 403}))
    return str(confirmed(reply, "Twilio", "sid").get("sid", ""))


def _authorization(account: TwilioAccount) -> dict[str, str]:
    credentials = f"{account.account_sid}:{account.auth_token.get_secret_value()}"
    encoded = base64.b64encode(credentials.encode()).decode()
    return {"User-Agent": "PageFree", "Authorization": f"Basic {encoded}"}


async def works(transports: Transports, account: TwilioAccount, reason: str) -> bool:
    """Whether the account is active again; `reason`: what was wrong. Raises DeliveryError.

    What only a message meets, such as a sender that is not registered, cannot be told.
    """
    if any(f"({code})" in reason for code in BROKEN.keys() - OF_THE_ACCOUNT):
        return False
    base = str(account.twilio_url).rstrip("/")
    url = f"{base}/2010-04-01/Accounts/{account.account_sid}.json"
    try:
        reply = await transports.http.get(url, _authorization(account))
    except Unreachable as e:
        raise DeliveryError(str(e), permanent=False) from e
    judge(reply, "Twilio", broken=frozenset({401, 403}))
    return answered(reply).get("status") == "active"


def raise_for(code: int) -> None:
    """Raise what one of Twilio's error codes means, where we know it."""
    if code in DEAD:
        raise AddressDead(f"Twilio says that the number {DEAD[code]} ({code})")
    if code in BROKEN:
        raise ChannelBroken(f"Twilio says that {BROKEN[code]} ({code})")
    if code in TEMPORARY:
        raise DeliveryError(f"Twilio is busy ({code})", permanent=False)


def verified_form(account: TwilioAccount, callback: Callback) -> dict[str, str]:
    """The fields of a callback that Twilio has signed. Raises CallbackRefused."""
    try:
        text = callback.body.decode()
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise CallbackRefused("the form cannot be read") from None
    given = callback.headers.get("x-twilio-signature", "").encode()
    tokens = [account.auth_token, account.old_auth_token]
    rights = [
        signature(token.get_secret_value(), url, pairs)
        for token in tokens
        if token.get_secret_value()
        for url in with_and_without_port(callback.public_url)
    ]
    if not any(hmac.compare_digest(given, right.encode()) for right in rights):
        raise CallbackRefused("the signature is missing or wrong")
    return dict(pairs)


def signature(token: str, url: str, pairs: list[tuple[str, str]]) -> str:
    """Of a form that is posted to `url`: its fields by name, each value of a name once."""
    signed = url + "".join(name + value for name, value in sorted(set(pairs)))
    mac = hmac.digest(token.encode(), signed.encode(), hashlib.sha1)
    return base64.b64encode(mac).decode()


def with_and_without_port(url: str) -> tuple[str, str]:
    """Twilio signs either, whatever it was told."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    bare = host.rpartition(":")[0] if parts.port and not host.endswith("]") else host
    port = parts.port or DEFAULT_PORTS.get(parts.scheme, 443)
    user = parts.netloc[: len(parts.netloc) - len(host)]
    named = urlunsplit(parts._replace(netloc=f"{user}{bare}:{port}"))
    return urlunsplit(parts._replace(netloc=user + bare)), named
