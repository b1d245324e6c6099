"""A channel in Slack for one incident: made, filled, kept up to date and archived.

https://docs.slack.dev/reference/methods/conversations.create and its neighbours.
"""

import re
from collections.abc import Sequence

from pagefree.channels.base import Chats, Transports
from pagefree.channels.slack.addresses import Address
from pagefree.channels.slack.web_api import Config, call, escaped, says
from pagefree.core.errors import DeliveryError

NAME_LIMIT, TOPIC_LIMIT, TEXT_LIMIT = 75, 250, 3000
MOST_NAMES = 5  # tried where one is taken


async def create(transports: Transports, config: Config, name: str) -> str:
    """Make a public channel; where its name is taken, it is numbered."""
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:NAME_LIMIT]
    for number in range(1, MOST_NAMES + 1):
        tried = plain if number == 1 else f"{plain}-{number}"
        body = {"name": tried, "is_private": False}
        try:
            found = await call(transports, config, "conversations.create", body)
        except DeliveryError as e:
            if not says(e, "name_taken"):
                raise
        else:
            made = found.get("channel")
            return str(made.get("id", "")) if isinstance(made, dict) else ""
    raise DeliveryError("all names for the channel are taken", permanent=True)


async def invite(
    transports: Transports, config: Config, place: str, people: Sequence[Address]
) -> None:
    """Whoever is there already, or cannot be asked in, keeps nobody else out."""
    users = ",".join(dict.fromkeys(one.user_id for one in people))
    body = {"channel": place, "users": users, "force": True}
    try:
        await call(transports, config, "conversations.invite", body)
    except DeliveryError as e:
        if not says(e, "already_in_channel", "cant_invite_self"):
            raise


async def set_topic(
    transports: Transports, config: Config, place: str, topic: str
) -> None:
    """Above the messages."""
    body = {"channel": place, "topic": escaped(topic)[:TOPIC_LIMIT]}
    await call(transports, config, "conversations.setTopic", body)


async def post(transports: Transports, config: Config, place: str, text: str) -> None:
    """One message."""
    body = {
        "channel": place,
        "text": escaped(text)[:TEXT_LIMIT],
        "unfurl_links": False,
        "unfurl_media": False,
    }
    await call(transports, config, "chat.postMessage", body)


async def archive(transports: Transports, config: Config, place: str) -> None:
    """It can still be read."""
    try:
        await call(transports, config, "conversations.archive", {"channel": place})
    except DeliveryError as e:
        if not says(e, "already_archived", "is_archived", "channel_not_found"):
            raise


CHATS = Chats(create, invite, set_topic, post, archive)
