"""A notice inside the web app: always there, wakes nobody."""

from pydantic import BaseModel, ConfigDict

from pagefree.channels.base import (
    Channel,
    Delivery,
    Message,
    Rendered,
    Transports,
)
from pagefree.channels.wording import headline, plain_text


class Address(BaseModel):
    """Nothing to fill in: whoever is signed in sees it."""

    model_config = ConfigDict(extra="forbid", title="In the web app")


def recipient(_address: Address) -> str:
    """The place, as there is no address."""
    return "web app"


def render(message: Message) -> Rendered:
    """Title and plain text."""
    return Rendered(headline(message), plain_text(message))


async def send(_transports: Transports, delivery: Delivery) -> str:
    """Nothing to send: the notification itself is what the web app shows."""
    return str(delivery.message.id)


CHANNEL = Channel(
    title="In the web app",
    Address=Address,
    recipient=recipient,
    render=render,
    send=send,
    summary="A notice in the web app, for whoever is looking.",
    at_once=500,
    user_addable=False,  # everybody has it from the start
    wakes=False,
    confirms=True,
)
