"""The sealed file: who is on call, and how they are reached, for when nothing can be asked."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

from pagefree.canary.resort_queries import Method
from pagefree.core.last_resort import Told
from pagefree.infra.crypto import Unsealable, Vault

SEALED_FOR = "last resort"
FILE, TOLD, LOCK = "on-call.sealed", "last-resort.json", "last-resort.lock"


@dataclass(frozen=True, slots=True)
class Contents:
    """What is in it; secrets and credentials are sealed once more, each for its own use."""

    written_at: datetime
    methods: tuple[Method, ...]
    configs: dict[str, bytes]  # of channels


class BlackBox:
    """The files of all processes of this machine, in the data directory."""

    def __init__(self, folder: Path, vault: Vault) -> None:
        self._folder, self._vault = folder, vault

    def read(self) -> Contents | None:
        """What was kept last; none: nothing that can be read."""
        try:
            sealed = (self._folder / FILE).read_bytes()
            plain = self._vault.open(sealed, SEALED_FOR)
            return msgspec.json.decode(plain, type=Contents)
        except (OSError, Unsealable, msgspec.MsgspecError):
            return None

    def write(self, contents: Contents) -> None:
        """Keep it. Raises OSError."""
        plain = msgspec.json.encode(contents)
        self._replace(FILE, self._vault.seal(plain, SEALED_FOR))

    @contextmanager
    def turn(self) -> Iterator[bool]:
        """Whether no other process of this machine is telling people right now."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / LOCK).open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            yield True  # closing the file gives it back, as does the end of the process

    def told(self) -> Told:
        """What people have been told."""
        try:
            return msgspec.json.decode((self._folder / TOLD).read_bytes(), type=Told)
        except (OSError, msgspec.MsgspecError):
            return Told()

    def keep_told(self, told: Told) -> None:
        """Remember it. Raises OSError."""
        self._replace(TOLD, msgspec.json.encode(told))

    def _replace(self, name: str, content: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        new = self._folder / f"{name}.{os.getpid()}"
        with open(
            new, "wb", opener=lambda path, flags: os.open(path, flags, mode=0o600)
        ) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._folder / name)
