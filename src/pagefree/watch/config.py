"""What `watch.toml` says."""

import tomllib
from pathlib import Path
from typing import Literal

import msgspec

SHORTEST_SECRET = 16


class WrongConfig(Exception):
    """The file cannot be used; says what to put right."""


class Struct(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table of the file; what it does not know is a mistake in writing."""


class Expect(Struct, frozen=True):
    """Something that pings us."""

    name: str
    secret: str  # the end of its address, /ping/<secret>


class Poll(Struct, frozen=True):
    """Something that we ask; any 2xx is a sign of life."""

    name: str
    url: str


class Mail(Struct, frozen=True):
    """A mail server, and who gets a mail."""

    host: str
    to: list[str]
    sender: str = "PageFree watch <pagefree-watch@localhost>"
    port: int = 587
    user: str = ""
    password: str = ""
    tls: Literal["starttls", "tls", "none"] = "starttls"


class Ntfy(Struct, frozen=True):
    """A topic of ntfy."""

    topic: str
    server: str = "https://ntfy.sh"
    token: str = ""


class Twilio(Struct, frozen=True):
    """An account with Twilio, and whom it writes to."""

    account_sid: str
    auth_token: str
    sender: str
    to: list[str]
    address: str = "https://api.twilio.com"


class Config(Struct, frozen=True):
    """All of it."""

    name: str = "PageFree watch"
    host: str = "127.0.0.1"
    port: int = 8090
    period_s: float = 60
    grace_s: float = 180
    repeat_s: float = 900
    state: str = "watch-state.json"
    expect: list[Expect] = []
    poll: list[Poll] = []
    mail: list[Mail] = []
    ntfy: list[Ntfy] = []
    twilio: list[Twilio] = []

    @property
    def names(self) -> list[str]:
        """Of all that is watched."""
        return [one.name for one in self.expect] + [one.name for one in self.poll]

    def wrong(self) -> str | None:
        """What makes no sense although it can be read."""
        names = self.names
        if not names:
            return "it watches nothing: add [[expect]] or [[poll]]"
        if len(set(names)) < len(names):
            return "two that are watched have the same name"
        if any(len(one.secret) < SHORTEST_SECRET for one in self.expect):
            return f"a secret has fewer than {SHORTEST_SECRET} characters"
        if any("/" in one.secret for one in self.expect):
            return "a secret holds a slash"
        if not (self.mail or self.ntfy or self.twilio):
            return "it could tell nobody: add [[mail]], [[ntfy]] or [[twilio]]"
        return None


def read(path: Path) -> Config:
    """The file. Raises WrongConfig."""
    try:
        config = msgspec.convert(tomllib.loads(path.read_text()), Config)
    except OSError as e:
        raise WrongConfig(f"{path} cannot be read: {e.strerror}") from e
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as e:
        raise WrongConfig(f"{path}: {e}") from e
    wrong = config.wrong()
    if wrong:
        raise WrongConfig(f"{path}: {wrong}")
    return config
