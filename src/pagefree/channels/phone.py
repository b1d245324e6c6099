"""What channels that reach a telephone share."""

from xml.sax.saxutils import escape

from pydantic import BaseModel, Field

from pagefree.channels.twilio import E164


class PhoneAddress(BaseModel):
    """A telephone."""

    number: str = Field(
        title="Number",
        description="With the country's code: +49 …, without spaces.",
        examples=["+4915112345678"],
        pattern=E164,
        json_schema_extra={"format": "tel"},
    )


def number(address: PhoneAddress) -> str:
    """The number, as providers write it."""
    return address.number


def escape_xml(text: str) -> str:
    """Hostile `text` in XML, without what XML 1.0 cannot hold."""
    kept = "".join(c for c in text if c.isprintable() or c in "\n\t")
    return escape(kept, {'"': "&quot;", "'": "&apos;"})
