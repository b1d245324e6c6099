"""What messages in a chat have in common: the facts in order, and whom the links are for."""

from typing import ClassVar

from pydantic import BaseModel, ConfigDict, Field, HttpUrl

from pagefree.channels.base import (
    Message,
)
from pagefree.channels.wording import facts, listed, why
from pagefree.core.words import words_in

COLOURS = {  # by severity, as 0xRRGGBB
    "critical": 0xC92A2A,
    "error": 0xE8590C,
    "warning": 0xF08C00,
    "info": 0x1971C2,
}
GREY = 0x868E96


class WebhookAddress(BaseModel):
    """A chat that takes messages at an address of its own."""

    model_config = ConfigDict(extra="forbid")

    url: HttpUrl = Field(
        title="Webhook address", description="Whoever knows it can write there."
    )
    mine: bool = Field(
        default=False,
        title="Only I read this chat",
        description="Messages then carry links that acknowledge as you.",
    )


class WebhookRoom(BaseModel):
    """A room of a team that takes messages at an address of its own."""

    model_config = ConfigDict(extra="forbid")

    mine: ClassVar[bool] = False

    url: HttpUrl = Field(
        title="Webhook address", description="Whoever knows it can write there."
    )


def host(address: WebhookAddress | WebhookRoom) -> str:
    """Where it is: the path is a secret."""
    return str(address.url.host)


def colour(message: Message) -> int:
    """Of the bar beside a message, 0xRRGGBB."""
    subject = message.subject
    return COLOURS.get(subject.severity, GREY) if subject else GREY


def rows(message: Message) -> list[tuple[str, str]]:
    """What to know, as name and value, one line each, still hostile to markup."""
    if message.subject is None:
        return []
    language = message.language
    name = words_in(language).others
    more = [(name, line) for line in listed(message.others, language)]
    return [*facts(message.subject, language), why(message), *more]


def links(message: Message, *, mine: bool) -> list[tuple[str, str]]:
    """Words and addresses. What acknowledges as one person is not for others to press."""
    opens = message.subject.url if message.subject else message.base_url
    words = words_in(message.language)
    personal = [
        (words.acknowledge, message.acknowledge_url),
        (words.resolve, message.resolve_url),
        (words.acknowledge_all, message.acknowledge_all_url),
    ]
    return [
        *((word, url) for word, url in personal if url and mine),
        (words.open, opens),
    ]
