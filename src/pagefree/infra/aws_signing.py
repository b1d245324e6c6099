"""AWS Signature Version 4.

As https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
says; the SDK would bring its own way out of the installation, past the guarded client.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Account:
    """Who signs, for which region."""

    region: str
    key_id: str
    secret: str
    service: str  # "ssm", "s3"


def signed(
    account: Account,
    url: str,
    headers: Mapping[str, str],
    body: bytes,
    now: datetime,
    *,
    method: str = "POST",
) -> dict[str, str]:
    """`headers` and those that prove who asks; the path of `url` is quoted already."""
    stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    scope = f"{stamp[:8]}/{account.region}/{account.service}/aws4_request"
    parts = urlsplit(url)
    all_ = {name.lower(): value for name, value in headers.items()}
    all_ |= {"host": parts.netloc, "x-amz-date": stamp}
    names = ";".join(sorted(all_))
    canonical = "\n".join(
        [method, parts.path or "/", ""]
        + [f"{name}:{all_[name]}" for name in sorted(all_)]
        + ["", names, hashlib.sha256(body).hexdigest()]
    )
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    key = f"AWS4{account.secret}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), hashlib.sha256)
    to_sign = f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{digest}"
    mac = hmac.digest(key, to_sign.encode(), hashlib.sha256).hex()
    return {
        **headers,
        "X-Amz-Date": stamp,
        "Authorization": f"AWS4-HMAC-SHA256 Credential={account.key_id}/{scope},"
        f" SignedHeaders={names}, Signature={mac}",
    }
