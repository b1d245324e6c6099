"""Routes of channels: what there is, what is set up, and the credentials of each."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, status

from pagefree.accounts import channel_configs
from pagefree.accounts.channel_queries import Source, StoredConfig
from pagefree.channels import all_channels, readme
from pagefree.channels.base import Channel, Transports
from pagefree.core.access import Actor, Can, allowed, require
from pagefree.infra.crypto import Vault
from pagefree.infra.db import Tx
from pagefree.infra.web import (
    CurrentActor,
    DemoMode,
    Now,
    RequestTx,
    SecretVault,
    Shape,
)
from pagefree.notifications import providers, service

router = APIRouter(prefix="/v1/channels", tags=["notifications"])


class ChannelSetup(Shape):
    """The credentials of a channel, for admins; secrets are only ever written."""

    config_schema: dict[str, Any]  # JSON Schema of the form
    values: dict[str, Any]  # what was typed in, without secrets
    source: Source | None  # operator: only the settings of PageFree can change it
    updated_at: datetime | None


class ChannelKind(Shape):
    """A way to reach people, with the form for an address."""

    kind: str
    title: str
    summary: str
    set_up: bool  # else nothing can be sent there
    address_schema: dict[str, Any]  # JSON Schema
    user_addable: bool
    verify: str | None  # code | handshake: how an address is proven
    link_line: str | None  # of a handshake: what to send from the chat, with {code}
    how_to: str  # Markdown
    team_target: bool  # teams may have rooms there
    room_schema: dict[str, Any] | None  # JSON Schema of the address of a room
    wakes: bool
    setup: (
        ChannelSetup | None
    )  # for platform admins, where there is something to set up


class ChannelConfigIn(Shape):
    """Credentials as the form asks for them; secrets left out stay as they are."""

    values: dict[str, Any]


class ChannelTestSent(Shape):
    """A test is on its way to the address of whoever asked."""

    notification_id: UUID


def _transports(request: Request) -> Transports:
    found: Transports = request.app.state.transports
    return found


Ways = Annotated[Transports, Depends(_transports)]


@router.get("")
async def list_channels(
    actor: CurrentActor, tx: RequestTx, vault: SecretVault, ways: Ways, demo: DemoMode
) -> list[ChannelKind]:
    """Every way to reach people that is installed, and whether it is set up."""
    require(actor, Can.SEE)
    return await _kinds(tx, actor, vault, smtp=demo or ways.smtp is not None)


@router.put("/{channel}/config", status_code=status.HTTP_204_NO_CONTENT)
async def put_channel_config(
    channel: str,
    body: ChannelConfigIn,
    actor: CurrentActor,
    tx: RequestTx,
    vault: SecretVault,
    now: Now,
) -> None:
    """Set a channel up, or change its credentials."""
    await channel_configs.put(tx, actor, channel, body.values, vault, now)
    await providers.set_up_anew(tx, channel, now)


@router.delete("/{channel}/config", status_code=status.HTTP_204_NO_CONTENT)
async def delete_channel_config(
    channel: str, actor: CurrentActor, tx: RequestTx, now: Now
) -> None:
    """Forget the credentials: nothing is sent there any more."""
    await channel_configs.remove(tx, actor, channel)
    await providers.set_up_anew(tx, channel, now)


@router.post("/{channel}/test", status_code=status.HTTP_202_ACCEPTED)
async def test_channel(
    channel: str, actor: CurrentActor, tx: RequestTx, now: Now
) -> ChannelTestSent:
    """Send a test to the address that the asking admin has on this channel."""
    require(actor, Can.ADMINISTER)
    made = await service.test_channel(tx, actor, channel, now)
    return ChannelTestSent(notification_id=made)


async def _kinds(
    tx: Tx, actor: Actor, vault: Vault, *, smtp: bool
) -> list[ChannelKind]:
    channels, stored = all_channels(), await channel_configs.standing(tx)
    ready = channel_configs.set_up(channels, stored, smtp=smtp)
    admin = allowed(actor, Can.ADMINISTER)
    return [
        ChannelKind(
            kind=kind,
            title=channel.title,
            summary=channel.summary,
            set_up=kind in ready,
            address_schema=channel.Address.model_json_schema(),
            user_addable=channel.user_addable,
            verify=channel.verify,
            link_line=channel.link_line if channel.verify == "handshake" else None,
            how_to=readme(kind),
            team_target=channel.team_target,
            room_schema=_room_schema(channel),
            wakes=channel.wakes,
            setup=_setup(vault, kind, stored.get(kind)) if admin else None,
        )
        for kind, channel in sorted(channels.items())
    ]


def _room_schema(channel: Channel) -> dict[str, Any] | None:
    form = channel.form(room=True)
    return form.model_json_schema() if channel.team_target else None


def _setup(vault: Vault, kind: str, stored: StoredConfig | None) -> ChannelSetup | None:
    form = all_channels()[kind].Config
    if form is None:
        return None
    return ChannelSetup(
        config_schema=form.model_json_schema(),
        values=channel_configs.public_values(vault, kind, stored),
        source=stored.source if stored else None,
        updated_at=stored.updated_at if stored else None,
    )
