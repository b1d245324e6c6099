"""Send a mail."""

from collections.abc import Mapping
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Annotated

from pydantic import EmailStr, Field, TypeAdapter, ValidationError

from pagefree.actions.base import (
    Action,
    ActionError,
    Form,
    Situation,
    Template,
    Transports,
    one_line,
)
from pagefree.channels.smtp import hand_in
from pagefree.core.errors import DeliveryError

ADDRESS: TypeAdapter[str] = TypeAdapter(EmailStr)
MOST_PEOPLE = 20


class Config(Form):
    """The mail."""

    to: list[Annotated[str, Field(max_length=300)]] = Field(
        title="To",
        min_length=1,
        max_length=MOST_PEOPLE,
        json_schema_extra={"template": True},
        examples=[["ops@example.org"]],
    )
    subject: Template = Field(title="Subject", examples=["{{incident.title}}"])
    text: Template = Field("{{incident.url}}", title="Text")


def preview(config: Config, _: Situation) -> Mapping[str, object]:
    """The mail as it would leave."""
    return {
        "to": config.to,
        "subject": one_line(config.subject, 200),
        "text": config.text,
    }


async def send(
    transports: Transports, config: Config, at: Situation
) -> Mapping[str, object]:
    """Hand it to the mail server, once to each address."""
    server = transports.smtp
    if server is None:
        raise ActionError("no mail server is set up", permanent=True)
    recipients = [_checked(one) for one in config.to]
    for recipient in recipients:
        mail = EmailMessage()
        mail["From"], mail["To"] = server.sender, recipient
        mail["Subject"] = one_line(config.subject, 200) or "PageFree"
        domain = parseaddr(server.sender)[1].rpartition("@")[2] or "pagefree"
        mail["Message-ID"] = f"<{at.key}.{recipients.index(recipient)}@{domain}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(config.text or "-")
        try:
            await hand_in(server, mail, parseaddr(server.sender)[1], recipient)
        except DeliveryError as e:
            raise ActionError(str(e), permanent=e.permanent) from e
    return {"to": recipients}


def _checked(address: str) -> str:
    try:
        return ADDRESS.validate_python(address.strip())
    except ValidationError as e:
        reason = f"{one_line(address, 60)!r} is no address"
        raise ActionError(reason, permanent=True) from e


ACTION = Action(
    title="E-mail",
    summary="Sends a mail over your own mail server.",
    group="chat",
    Config=Config,
    send=send,
    preview=preview,
    outputs={"to": "who got it"},
)
