"""Outbound ways to reach people, a folder each."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from pagefree.channels.base import Channel


@cache
def all_channels() -> dict[str, Channel]:
    """Every folder here, by its name; the name is public and never changes."""
    return {
        found.name: import_module(f"{__name__}.{found.name}.channel").CHANNEL
        for found in iter_modules(__path__)
        if found.ispkg
    }
