"""SMS through AWS SNS: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html .

Signed as https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
says; the SDK would bring its own way out of the installation, past the guarded client.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode, urlsplit

from pagefree.channels.base import AddressDead, ChannelBroken, Transports
from pagefree.channels.posting import judge, not_from, post
from pagefree.core.errors import DeliveryError
from pagefree.infra.http_connection import Reply

MESSAGE_ID = re.compile(rb"<MessageId>([A-Za-z0-9-]{1,64})</MessageId>")
CODE = re.compile(rb"<Code>([A-Za-z]{1,64})</Code>")
FORM_TYPE = "application/x-www-form-urlencoded; charset=utf-8"
BROKEN = {"AuthorizationError", "InvalidClientTokenId", "SignatureDoesNotMatch"}
BROKEN |= {"AccessDenied", "OptInRequired", "UnrecognizedClientException"}
DEAD = {"InvalidParameter", "InvalidParameterValue", "OptedOut"}
TEMPORARY = {"Throttling", "ThrottlingException", "Throttled", "InternalError"}


@dataclass(frozen=True, slots=True)
class Sns:
    """An account with AWS that may publish."""

    region: str
    key_id: str
    secret: str
    url: str
    sender_id: str = ""


async def publish(
    transports: Transports, account: Sns, number: str, text: str, now: datetime
) -> str:
    """Send `text` to `number`; returns the id of the message. Raises DeliveryError."""
    form = {
        "Action": "Publish",
        "Version": "2010-03-31",
        "PhoneNumber": number,
        "Message": text,
        **_attribute(1, "AWS.SNS.SMS.SMSType", "Transactional"),
    }
    if account.sender_id:
        form |= _attribute(2, "AWS.SNS.SMS.SenderID", account.sender_id)
    body = urlencode(form).encode()
    reply = await post(transports, account.url, body, headers(account, body, now))
    _judge(reply)
    found = MESSAGE_ID.search(reply.body)
    if found is None:
        raise not_from(reply, "AWS SNS")
    return found[1].decode()


def _attribute(number: int, name: str, value: str) -> dict[str, str]:
    entry = f"MessageAttributes.entry.{number}"
    return {
        f"{entry}.Name": name,
        f"{entry}.Value.DataType": "String",
        f"{entry}.Value.StringValue": value,
    }


def headers(account: Sns, body: bytes, now: datetime) -> Mapping[str, str]:
    """Those of a signed POST (Signature Version 4)."""
    parts = urlsplit(account.url)
    stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    scope = f"{stamp[:8]}/{account.region}/sns/aws4_request"
    signed = {"content-type": FORM_TYPE, "host": parts.netloc, "x-amz-date": stamp}
    names = ";".join(signed)
    canonical = "\n".join(
        ["POST", parts.path or "/", ""]
        + [f"{name}:{value}" for name, value in signed.items()]
        + ["", names, hashlib.sha256(body).hexdigest()]
    )
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    key = f"AWS4{account.secret}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), hashlib.sha256)
    to_sign = f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{digest}"
    mac = hmac.digest(key, to_sign.encode(), hashlib.sha256).hex()
    credential = f"Credential={account.key_id}/{scope}"
    return {
        "Content-Type": FORM_TYPE,
        "X-Amz-Date": stamp,
        "User-Agent": "PageFree",
        "Authorization": f"AWS4-HMAC-SHA256 {credential}, SignedHeaders={names},"
        f" Signature={mac}",
    }


def _judge(reply: Reply) -> None:
    found = CODE.search(reply.body)
    code = found[1].decode() if found else ""
    if code in BROKEN:
        raise ChannelBroken(f"AWS SNS says {code}")
    if code in DEAD:
        raise AddressDead(f"AWS SNS does not take this number ({code})")
    if code in TEMPORARY:
        raise DeliveryError(f"AWS SNS says {code}", permanent=False)
    judge(reply, "AWS SNS", broken=frozenset({401, 403}))
