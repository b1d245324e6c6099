"""Outbound ways to reach people, a folder each."""

from functools import cache
from importlib import import_module

from pagefree.channels.base import Channel
from pagefree.infra import folders


@cache
def all_channels() -> dict[str, Channel]:
    """Every folder here, by its name; the name is public and never changes.

    A folder that breaks the contract is left out: it must not keep the others from paging.
    """
    return _found()[0]


def needs_config(kind: str) -> bool:
    """Whether nothing can be sent there before an admin has given credentials."""
    channel = all_channels().get(kind)
    return channel is not None and channel.Config is not None


def can_wake(kind: str) -> bool:
    """Whether somebody who is not looking may react to it."""
    channel = all_channels().get(kind)
    return channel is not None and channel.wakes


@cache
def updatable() -> list[str]:
    """The channels whose messages can be changed once they were sent."""
    return [kind for kind, one in all_channels().items() if one.withdraw is not None]


@cache
def readme(kind: str) -> str:
    """How to set it up, in Markdown."""
    return folders.readme(__path__, kind)


def needs_proof(kind: str) -> bool:
    """Whether an address has yet to be proven to be its owner's."""
    channel = all_channels().get(kind)
    return channel is not None and channel.verify is not None


def broken_folders() -> dict[str, str]:
    """The folders that were left out, and why."""
    return _found()[1]


@cache
def _found() -> tuple[dict[str, Channel], dict[str, str]]:
    return folders.loaded(__path__, "channel", _load)


def _load(kind: str) -> Channel:
    channel = import_module(f"{__name__}.{kind}.channel").CHANNEL
    if not isinstance(channel, Channel):
        raise TypeError("CHANNEL is not a Channel")
    for wrong in _wrongs(kind, channel):
        raise ValueError(wrong)
    return channel


def _wrongs(kind: str, channel: Channel) -> list[str]:
    """What the contract asks of a folder beyond types."""
    wrong = folders.wrongs(__path__, kind)
    if not channel.summary:
        wrong.append("the summary is missing")
    forms = ("Address", channel.Address), ("Config", channel.Config)
    for name, form in (*forms, ("Room", channel.Room)):
        wrong += folders.untitled(name, form) if form is not None else []
    if channel.Room is not None and not channel.team_target:
        wrong.append("rooms need `team_target`")
    if channel.replies and (channel.identity is None or channel.receive is None):
        wrong.append("replies need `receive` and `identity`")
    if channel.receipt_s is not None and channel.receive is None:
        wrong.append("receipts need `receive`")
    return wrong
