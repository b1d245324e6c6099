"""One frozen Settings, read once by app/ and cli/ from the environment and a TOML file."""

import os
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, HttpUrl, PostgresDsn, SecretStr
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

CONFIG_FILE = "PAGEFREE_CONFIG"  # names the TOML file; ./pagefree.toml otherwise


class Settings(BaseSettings):
    """Every setting; the environment variable is PAGEFREE_ and the name in upper case."""

    model_config = SettingsConfigDict(
        env_prefix="PAGEFREE_", frozen=True, extra="forbid"
    )

    data_dir: Annotated[
        Path,
        Field(
            description="Where the embedded database and generated secrets are kept."
        ),
    ] = Path("pagefree-data")
    database_url: Annotated[
        PostgresDsn | None,
        Field(
            description="PostgreSQL 16 or newer; an embedded PostgreSQL 18 if not set."
        ),
    ] = None
    secret_key: Annotated[
        SecretStr | None,
        Field(
            min_length=32,
            description="Seals stored secrets. Made and kept in data_dir if not set.",
        ),
    ] = None
    host: Annotated[str, Field(description="Address to listen on.")] = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535, description="Port to listen on.")] = 8000
    public_url: Annotated[
        HttpUrl | None,
        Field(
            description="How people and tools reach PageFree; http://host:port if not set."
        ),
    ] = None
    demo: Annotated[
        bool,
        Field(
            description="Keep outgoing messages in the outbox instead of sending them."
        ),
    ] = False
    session_days: Annotated[
        int, Field(ge=1, le=365, description="How long a sign-in lasts.")
    ] = 30
    smtp_host: Annotated[
        str | None, Field(description="Mail server; e-mail is off if not set.")
    ] = None
    smtp_port: Annotated[int, Field(ge=1, le=65535, description="Its port.")] = 587
    smtp_user: Annotated[
        str | None, Field(description="Sign-in at the mail server.")
    ] = None
    smtp_password: Annotated[SecretStr | None, Field(description="Its password.")] = (
        None
    )
    smtp_tls: Annotated[
        Literal["starttls", "tls", "none"],
        Field(description="How the connection to the mail server is protected."),
    ] = "starttls"
    mail_from: Annotated[str, Field(description="Sender of e-mails.")] = (
        "PageFree <pagefree@localhost>"
    )
    outbound_allow: Annotated[
        list[str],
        Field(
            description="Networks (CIDR) that webhooks may reach although they are private."
        ),
    ] = []
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"],
        Field(description="Least important log line."),
    ] = "info"
    log_format: Annotated[
        Literal["text", "json"],
        Field(description="Text for people, JSON for machines."),
    ] = "text"

    @property
    def base_url(self) -> str:
        """The public address without a trailing slash."""
        address = self.public_url or f"http://{self.host}:{self.port}"
        return str(address).rstrip("/")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments win over the environment, which wins over the file."""
        del dotenv_settings, file_secret_settings
        file = Path(os.environ.get(CONFIG_FILE, "pagefree.toml"))
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, file)
