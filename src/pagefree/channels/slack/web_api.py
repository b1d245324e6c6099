"""Calls of Slack's Web API: https://docs.slack.dev/apis/web-api/."""

import re
from collections.abc import Mapping

import msgspec
from pydantic import BaseModel, ConfigDict, Field, HttpUrl, SecretStr

from pagefree.channels.base import AddressDead, ChannelBroken, Transports
from pagefree.channels.posting import confirmed, judge, post
from pagefree.core.errors import DeliveryError

# what `error` means; the rest is somebody's mistake that trying again cannot mend
DEAD = frozenset(
    {"channel_not_found", "user_not_found", "users_not_found", "user_disabled"}
    | {"cannot_dm_bot", "is_archived", "not_in_channel"}
)
BROKEN = frozenset(
    {"invalid_auth", "not_authed", "account_inactive", "token_revoked"}
    | {"token_expired", "missing_scope", "no_permission", "ekm_access_denied"}
)
OF_THE_APP = frozenset({"missing_scope", "no_permission", "ekm_access_denied"})
TEMPORARY = frozenset(
    {"ratelimited", "rate_limited", "fatal_error", "internal_error"}
    | {"service_unavailable", "request_timeout", "team_added_to_org"}
)
ZERO_WIDTH = "\u200b"  # behind what Slack reads as a mention or a link


class Config(BaseModel):
    """The Slack app that writes."""

    model_config = ConfigDict(extra="forbid", title="Slack")

    bot_token: SecretStr = Field(title="Bot token", description="Begins with xoxb-.")
    signing_secret: SecretStr = Field(
        title="Signing secret", description="Under Basic information.", min_length=16
    )
    api_url: HttpUrl = Field(
        default=HttpUrl("https://slack.com/api"), title="Address of the Web API"
    )


def escaped(text: str) -> str:
    """Hostile `text` without meaning in Slack's markup: no links, nobody mentioned."""
    plain = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"([@#*_~`])", "\\1" + ZERO_WIDTH, plain)


async def call(
    transports: Transports, config: Config, method: str, body: Mapping[str, object]
) -> dict[str, object]:
    """Slack answers 200 to most failures and says which in `error`. Raises DeliveryError."""
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "PageFree",
        "Authorization": f"Bearer {config.bot_token.get_secret_value()}",
    }
    url = f"{str(config.api_url).rstrip('/')}/{method}"
    reply = await post(transports, url, msgspec.json.encode(body), headers)
    judge(reply, "Slack", broken=frozenset({401, 403}))
    found = confirmed(reply, "Slack")
    if found.get("ok") is not True:
        raise _failure(str(found.get("error", "")))
    return found


async def probe(
    transports: Transports, config: Config, provider: str, reason: str
) -> bool:
    """Whether Slack knows our token. What it may do with it, only a message can tell."""
    del provider  # there is one
    await call(transports, config, "auth.test", {})
    return not any(reason == f"Slack says {word}" for word in OF_THE_APP)


def _failure(error: str) -> DeliveryError:
    word = error if re.fullmatch(r"[a-z_]{1,40}", error) else "something unknown"
    if error in DEAD:
        return AddressDead(f"Slack says {word}")
    if error in BROKEN:
        return ChannelBroken(f"Slack says {word}")
    return DeliveryError(f"Slack says {word}", permanent=error not in TEMPORARY)


def says(error: DeliveryError, *words: str) -> bool:
    """Whether it is one of these that Slack has answered."""
    return any(str(error) == f"Slack says {word}" for word in words)
