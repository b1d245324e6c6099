"""A page as channels are handed it."""

from datetime import UTC, datetime
from uuid import UUID

from pagefree.channels import all_channels
from pagefree.channels.base import Delivery, Message, Subject
from tests.fakes.every import channel_of
from tests.fakes.provider import Provider

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
ID = UUID("019525d5-0000-7000-8000-000000000001")
SITE = "https://pagefree.example.org"
LINK = f"{SITE}/act/secret"


def page(title: str = "Disk full", urgency: str = "high") -> Message:
    """Ana is paged; every text that an alert may bring is `title`."""
    subject = Subject(
        id=ID,
        number=12,
        title=title,
        service="Checkout",
        severity="critical",
        priority="P1",
        urgency=urgency,
        status="triggered",
        opened_at=NOW,
        url=f"{SITE}/incidents/12",
    )
    return Message(
        id=ID,
        kind="page",
        cause="step 1",
        user_name="Ana",
        subject=subject,
        base_url=SITE,
        acknowledge_url=LINK,
    )


def delivery_to(
    kind: str, fake: Provider, message: Message | None = None, **address: object
) -> Delivery:
    """The page, or that message, on its way to somebody whom the provider knows."""
    channel, made = all_channels()[channel_of(kind)], message or page()
    return Delivery(
        made,
        channel.render(made),
        channel.Address.model_validate({**fake.address(), **address}),
        fake.secret,
        NOW,
        channel.Config.model_validate(fake.account) if channel.Config else None,
        callback_url=f"{SITE}/v1/channels/{channel_of(kind)}/callbacks",
    )
