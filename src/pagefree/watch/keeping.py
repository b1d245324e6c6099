"""What is known of all that is watched, kept in one small file that a crash cannot spoil."""

import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import msgspec

from pagefree.core.watching import Seen


def load(path: Path) -> dict[str, Seen]:
    """What was kept; nothing of what cannot be read: a watch that does not start is worse."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, Seen])
    except (OSError, msgspec.MsgspecError):
        return {}


def save(path: Path, seen: Mapping[str, Seen]) -> None:
    """Replace the file, whole or not at all. Raises OSError."""
    new = path.with_name(f"{path.name}.new")
    with open(
        new, "wb", opener=lambda name, flags: os.open(name, flags, mode=0o600)
    ) as file:
        file.write(msgspec.json.encode(seen))
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def begun(
    kept: Mapping[str, Seen], names: list[str], resumed_at: datetime
) -> dict[str, Seen]:
    """What is known of these; of a new one, that we have begun to listen."""
    return {name: kept.get(name, Seen(resumed_at)) for name in names}
