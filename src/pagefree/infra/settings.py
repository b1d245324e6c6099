"""One frozen Settings, read once by app/ and cli/ from the environment and a TOML file."""

import os
import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    FilePath,
    HttpUrl,
    SecretStr,
    ValidationError,
)
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from pagefree.infra import setting_values
from pagefree.infra.client_address import ProxyHeader
from pagefree.infra.door_settings import DoorSettings
from pagefree.infra.setting_values import (
    CHANNEL,
    PREFIX,
    SECRETS,
    DatabaseUrl,
    Networks,
    Rate,
)
from pagefree.infra.watch_settings import WatchSettings

CONFIG_FILE = "PAGEFREE_CONFIG"  # names the TOML file; ./pagefree.toml otherwise
ROUTING_KEY = "PAGEFREE_ROUTING_KEY"  # read by `pagefree send`, as is the next
ADDRESS = "PAGEFREE_URL"
API_KEY = "PAGEFREE_API_KEY"  # read by `pagefree explain`
NO_SETTINGS = frozenset({CONFIG_FILE, ROUTING_KEY, ADDRESS, API_KEY})
DOMAIN = r"^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$"
LOCAL_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})


class WrongSettings(Exception):
    """Settings that PageFree must not start with; one sentence each."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


class Settings(DoorSettings, WatchSettings, BaseSettings):
    """Every setting; the environment variable is PAGEFREE_ and the name in upper case."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    data_dir: Annotated[
        Path,
        Field(
            description="Where the embedded database and generated secrets are kept."
        ),
    ] = Path("pagefree-data")
    database_url: Annotated[
        DatabaseUrl,
        Field(
            description="PostgreSQL 16 or newer; an embedded PostgreSQL 18 if not set."
        ),
    ] = None
    database_direct_url: Annotated[
        DatabaseUrl,
        Field(description="The same without a pooler, for LISTEN and migrations."),
    ] = None
    secret_key: Annotated[
        SecretStr | None,
        AfterValidator(lambda value: setting_values.long(value) if value else value),
        Field(
            description="Seals stored secrets. Made and kept in data_dir if not set.",
        ),
    ] = None
    host: Annotated[str, Field(description="Address to listen on.")] = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535, description="Port to listen on.")] = 8000
    drain_seconds: Annotated[
        float,
        Field(ge=0, le=300, description="How long web says unready before it stops."),
    ] = 2
    public_url: Annotated[
        HttpUrl | None,
        AfterValidator(lambda value: setting_values.bare(value) if value else value),
        Field(
            description="How people and tools reach PageFree; http://host:port if not set."
        ),
    ] = None
    status_export_dir: Annotated[
        Path | None,
        Field(
            description="Where public status pages are also written as plain files, for another host to serve."
        ),
    ] = None
    status_s3_endpoint: Annotated[
        str,
        Field(
            description="Where the bucket is that public status pages are copied to, such as https://s3.eu-central-1.amazonaws.com."
        ),
    ] = ""
    status_s3_bucket: Annotated[
        str, Field(description="The bucket; none: nothing is copied.")
    ] = ""
    status_s3_prefix: Annotated[
        str, Field(description="What the keys of all files begin with.")
    ] = ""
    status_s3_region: Annotated[str, Field(description="The bucket's region.")] = (
        "us-east-1"
    )
    status_s3_key_id: Annotated[
        str, Field(description="Who copies: the id of an access key that may put.")
    ] = ""
    status_s3_secret: Annotated[
        SecretStr | None, Field(description="The secret of that access key.")
    ] = None
    status_messages_per_second: Annotated[
        float,
        Field(
            ge=1,
            le=5000,
            description="How fast those who follow status pages are told; pages to people never wait for it.",
        ),
    ] = 50
    demo: Annotated[
        bool,
        Field(
            description="Keep outgoing messages in the outbox instead of sending them."
        ),
    ] = False
    session_days: Annotated[
        int, Field(ge=1, le=365, description="How long a sign-in lasts.")
    ] = 30
    partner_log_days: Annotated[
        int,
        Field(
            ge=1, le=3650, description="How long the access log of partners is kept."
        ),
    ] = 90
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
    mail_in_port: Annotated[
        int | None,
        Field(ge=1, le=65535, description="Port to take in mail on; off if not set."),
    ] = None
    mail_in_host: Annotated[
        str | None, Field(description="Address to take in mail on; host if not set.")
    ] = None
    mail_in_domain: Annotated[
        str | None,
        Field(
            pattern=DOMAIN,
            description="Domain of the addresses that mail is taken for.",
        ),
    ] = None
    mail_in_certificate: Annotated[
        FilePath | None,
        Field(
            description="PEM file with its certificate and key: offers STARTTLS to mail servers."
        ),
    ] = None
    mail_in_certificate_key: Annotated[
        FilePath | None,
        Field(description="PEM file with the key, if it is not in the certificate's."),
    ] = None
    channel: Annotated[
        dict[str, dict[str, object]],
        BeforeValidator(setting_values.channels),
        Field(
            validate_default=True,
            repr=False,
            description="Credentials of channels; each in PAGEFREE_CHANNEL_<KIND>, as JSON.",
        ),
    ] = {}
    outbound_allow: Annotated[
        Networks,
        Field(
            description="Networks (CIDR, comma-separated) that webhooks may reach although they are private."
        ),
    ] = []
    trusted_proxies: Annotated[
        Networks,
        Field(
            description="Networks (CIDR, comma-separated) of proxies that say where a request comes from."
        ),
    ] = []
    proxy_header: Annotated[
        ProxyHeader, Field(description="The header in which they say it.")
    ] = "x-forwarded-for"
    redis_url: Annotated[
        str | None,
        AfterValidator(
            lambda value: setting_values.redis_url(value) if value else value
        ),
        Field(
            description="Redis or Valkey through which processes share what limits count."
        ),
    ] = None
    limit_ingest_key: Annotated[
        Rate, Field(description="Requests of one integration; more are folded.")
    ] = "1000/minute"
    limit_ingest_address: Annotated[
        Rate, Field(description="Alerts' requests of one address; more are folded.")
    ] = "5000/minute"
    limit_ingest_hard: Annotated[
        int,
        Field(
            ge=2,
            le=1_000_000,
            description="At this many times those rates senders are asked to come again.",
        ),
    ] = 10
    limit_api_user: Annotated[
        Rate, Field(description="Reads by one person, and as many changes.")
    ] = "500/minute"
    limit_public_address: Annotated[
        Rate, Field(description="Requests of one address by nobody who is signed in.")
    ] = "100/minute"
    limit_socket: Annotated[
        Rate, Field(description="Messages of one live connection.")
    ] = "100/minute"
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"],
        Field(description="Least important log line."),
    ] = "info"
    log_format: Annotated[
        Literal["auto", "text", "json"],
        Field(description="Text on a terminal and JSON elsewhere, or always one."),
    ] = "auto"

    @property
    def base_url(self) -> str:
        """The public address without a trailing slash."""
        return str(self.public_url or _listening(self.host, self.port)).rstrip("/")

    @property
    def origins(self) -> tuple[str, ...]:
        """What browsers may name as the origin of PageFree's own pages."""
        parts = urlsplit(self.base_url)
        host = (
            f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
        )
        if host not in LOCAL_NAMES:
            return (self.base_url,)
        port = f":{parts.port}" if parts.port else ""
        return tuple(f"{parts.scheme}://{name}{port}" for name in sorted(LOCAL_NAMES))

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
        file = TomlConfigSettingsSource(settings_cls, config_file())
        return init_settings, env_settings, file


def config_file() -> Path:
    """Where the TOML file is, if there is one."""
    return Path(os.environ.get(CONFIG_FILE, "pagefree.toml"))


def _listening(host: str, port: int) -> str:
    """The address of what listens on `host`; everywhere is best reached as localhost."""
    name = "localhost" if host in {"0.0.0.0", "::"} else host  # noqa: S104 -- compared, not bound
    return f"http://{f'[{name}]' if ':' in name else name}:{port}"


def read_settings(arguments: Mapping[str, object] | None = None) -> Settings:
    """The settings; `arguments` of the command line win. Raises WrongSettings."""
    given = dict(arguments or {})
    unknown = _unknown_variables()
    try:
        _in_file()
        settings = Settings.model_validate(given)
    except ValidationError as e:
        raise WrongSettings(
            unknown + [_sentence(error, given) for error in e.errors()]
        ) from e
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as e:
        raise WrongSettings(
            [*unknown, f"{config_file()} is not a TOML file: {e}."]
        ) from e
    except OSError as e:
        raise WrongSettings(
            [*unknown, f"{config_file()} cannot be read: {e.strerror}."]
        ) from e
    wrong = unknown + _disagreements(settings)
    if wrong:
        raise WrongSettings(wrong)
    return settings


def source_of(name: str, arguments: Mapping[str, object] | None = None) -> str:
    """Where the setting `name` comes from, in words."""
    if name in (arguments or {}):
        return "command line"
    if PREFIX + name.upper() in os.environ:
        return "environment"
    if name in _in_file():
        return str(config_file())
    return "default"


def shown(name: str, value: object) -> str:
    """A setting's value for people: secrets are masked."""
    if isinstance(value, SecretStr) or name in SECRETS:
        return "(set)" if value else "(not set)"
    if value is None:
        return "(not set)"
    if name in {"database_url", "database_direct_url", "redis_url"}:
        parts = urlsplit(str(value))
        return (
            str(value).replace(f":{parts.password}@", ":…@")
            if parts.password
            else str(value)
        )
    return str(value)


def _unknown_variables() -> list[str]:
    known = {PREFIX + name.upper() for name in Settings.model_fields} | NO_SETTINGS
    wrong = []
    for name in sorted(os.environ):
        if not name.startswith(PREFIX) or name.startswith(CHANNEL):
            continue
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f": did you mean {near[0]}?" if near else "."
            wrong.append(f"{name} is not a setting{hint}")
    return wrong


def _sentence(error: ErrorDetails, given: Mapping[str, object]) -> str:
    name = str(error["loc"][0]) if error["loc"] else "settings"
    field = Settings.model_fields.get(name)
    if field is None:
        return f"{config_file()}: `{name}` is not a setting."
    message = error["msg"].removeprefix("Value error, ")
    source = source_of(name, given)
    value = shown(name, error["input"])
    return (
        f"{PREFIX}{name.upper()} is {value} ({source}): {message[:1].lower()}{message[1:]}."
        f" What it is for: {field.description}"
    )


def _disagreements(settings: Settings) -> list[str]:
    """What is wrong between settings that are each fine."""
    wrong = []
    if settings.smtp_user and not settings.smtp_password:
        wrong.append(
            "PAGEFREE_SMTP_USER is set but PAGEFREE_SMTP_PASSWORD is not: set both or neither."
        )
    if settings.smtp_password and settings.smtp_user and settings.smtp_tls == "none":
        wrong.append(
            "PAGEFREE_SMTP_TLS is none although a password would be sent:"
            " expected starttls or tls."
        )
    if settings.mail_in_port and not settings.mail_in_domain:
        wrong.append(
            "PAGEFREE_MAIL_IN_PORT is set but PAGEFREE_MAIL_IN_DOMAIN is not:"
            " say which domain mail is taken for."
        )
    return wrong


def _in_file() -> Mapping[str, object]:
    file = config_file()
    return tomllib.loads(file.read_text()) if file.exists() else {}
