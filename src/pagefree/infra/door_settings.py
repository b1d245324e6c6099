"""The settings of whom the web process listens to, and for how long."""

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_settings import BaseSettings, NoDecode

from pagefree.infra.setting_values import long, separated


def _host(value: str) -> str:
    """A name as in a Host header, without a port."""
    name = value.lower().rstrip(".")
    if not name or any(c in name for c in "/:@ "):
        raise ValueError("expected names such as pager.example.org, without a port")
    return name


class DoorSettings(BaseSettings):
    """Who is listened to, and which keys open what is sealed."""

    trusted_hosts: Annotated[
        list[Annotated[str, AfterValidator(_host)]],
        NoDecode,
        BeforeValidator(separated),
        Field(
            description="Names (comma-separated) that requests may be for besides the public one and those of status pages; any if not set."
        ),
    ] = []
    request_seconds: Annotated[
        float,
        Field(
            gt=0,
            le=600,
            description="How long the head of a request may take, and its body beyond what a slow line needs.",
        ),
    ] = 10
    other_secret_keys: Annotated[
        list[Annotated[SecretStr, AfterValidator(long)]],
        NoDecode,
        BeforeValidator(separated),
        Field(
            description="Keys (comma-separated) that also open what is sealed: while secret_key is changed."
        ),
    ] = []
