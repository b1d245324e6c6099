"""What people can set of an Azure Monitor integration: who may send, if a token proves it."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

GUID = r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"
# the enterprise application "AzNS AAD Webhook", of action groups
ACTION_GROUPS = "461e8683-5575-4561-ac7f-899cc907d62a"


class Settings(BaseModel):
    """Secure webhooks: Entra ID says who sends."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    directory_id: str = Field(
        "",
        title="Directory ID",
        description="For secure webhooks: the directory of Microsoft Entra ID whose tokens"
        " are believed. Empty: only the key in the address is the proof.",
        pattern=rf"^(?:{GUID})?$",
        examples=["72f988bf-86f1-41af-91ab-2d7cd011db47"],
    )
    audience: str = Field(
        "",
        title="Application",
        description="The registration that stands for PageFree there: its application"
        " (client) ID, or its application ID URI. Tokens for any other are refused.",
        max_length=300,
        examples=["api://pagefree"],
        validate_default=True,
    )
    caller: str = Field(
        ACTION_GROUPS,
        title="Caller",
        description="The application that may send. As it is: Azure's action groups.",
        pattern=rf"^{GUID}$",
    )
    role: str = Field(
        "",
        title="Role",
        description="The application role that the caller must have, such as"
        " ActionGroupsSecureWebhook. Empty: none.",
        max_length=120,
    )
    cloud: Literal["Azure", "Azure Government", "Azure China"] = Field(
        "Azure", title="Cloud", description="Where the directory is."
    )

    @field_validator("audience")
    @classmethod
    def _goes_with_a_tenant(cls, value: str, info: ValidationInfo) -> str:
        directory = info.data.get("directory_id", "")
        if directory and not value.strip():
            raise PydanticCustomError("incomplete", "say for whom the tokens are made")
        if value.strip() and not directory:
            raise PydanticCustomError(
                "incomplete", "say whose tokens: fill in the directory"
            )
        return value.strip()
