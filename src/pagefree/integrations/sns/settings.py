"""What people can set of an SNS integration."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Settings(BaseModel):
    """How messages of Amazon SNS are taken in."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    topic_arn: str = Field(
        "",
        title="Topic",
        description="The only topic that is listened to. Empty: the first one that"
        " subscribes this address.",
        max_length=512,
    )
    signature_version: Literal["any", "2"] = Field(
        "any",
        title="Signature version",
        description="Version 2 signs with SHA-256; set it on the topic before asking for it.",
    )
    raw_delivery: bool = Field(
        default=False,
        title="Accept raw message delivery",
        description="Raw messages are not signed: only the key in the address protects them.",
    )
    insufficient_data: Literal["ignore", "trigger", "resolve"] = Field(
        "ignore",
        title="INSUFFICIENT_DATA",
        description="What it does to an alert that an alarm has without enough data.",
    )
