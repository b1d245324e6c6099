"""What people can set of a Google Cloud Monitoring integration: who may push, if a token proves it."""

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError


class Settings(BaseModel):
    """Pub/Sub with authentication: Google says which service account pushes."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    service_account: str = Field(
        "",
        title="Service account",
        description="For push subscriptions of Pub/Sub with authentication: the e-mail"
        " address of the account that pushes. Empty: only the key in the address is the"
        " proof.",
        max_length=300,
        examples=["pagefree-push@my-project.iam.gserviceaccount.com"],
    )
    audience: str = Field(
        "",
        title="Audience",
        description="What is entered as audience in the subscription; tokens for any"
        " other are refused.",
        max_length=1000,
        examples=["pagefree"],
        validate_default=True,
    )

    @field_validator("service_account")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        value = value.strip()
        if value and "@" not in value:
            raise PydanticCustomError("address", "this is no e-mail address")
        return value

    @field_validator("audience")
    @classmethod
    def _goes_with_an_account(cls, value: str, info: ValidationInfo) -> str:
        account = info.data.get("service_account", "")
        if account and not value.strip():
            raise PydanticCustomError("incomplete", "say for whom the tokens are made")
        if value.strip() and not account:
            raise PydanticCustomError(
                "incomplete", "say whose tokens: fill in the service account"
            )
        return value.strip()
