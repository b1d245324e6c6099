"""One call to one provider: make the message, hand it over, say what came of it."""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import structlog
from pydantic import BaseModel, ValidationError

from pagefree.accounts import channel_configs, proofs
from pagefree.accounts.contacts import secret_purpose
from pagefree.channels import all_channels
from pagefree.channels.base import (
    AddressDead,
    ChannelBroken,
    Delivery,
    Message,
    Rendered,
    Subject,
    Transports,
    one_line,
)
from pagefree.core.errors import DeliveryError
from pagefree.core.notifications import Kind, Status, retry_at
from pagefree.core.receipts import choose, fails_over, receipt_due_at
from pagefree.infra.clock import Clock
from pagefree.infra.crypto import Unsealable, Vault
from pagefree.infra.failpoints import failpoint
from pagefree.infra.patience import Patience
from pagefree.notifications import mail_replies
from pagefree.notifications.delivery_queries import Claimed, Outcome, Shown

# for one attempt; far below the lease, so that an outcome is always written
TIMEOUT_S = 10
ERROR_LIMIT = 300
# whoever gets it is paged, however many are; and a test is a test, whoever asked for it
AS_SAID = {Kind.MORE: Kind.PAGE, Kind.PROOF: Kind.TEST}

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Gateway:
    """What sending needs besides the database."""

    transports: Transports
    vault: Vault
    base_url: str
    clock: Clock
    demo: bool = False  # keep messages in the outbox instead of sending them
    patience_s: float = TIMEOUT_S  # for one attempt
    reply_domain: str | None = None  # we take in mail for it; none: mails go one way


@dataclass(slots=True)  # not frozen, here and below: storms make many
class Assignment:
    """A leased notification that is still wanted, with the links that go with it."""

    claimed: Claimed
    token: str | None = None
    others: tuple[Claimed, ...] = ()  # that leave in the same message
    token_for_all: str | None = None
    token_to_resolve: str | None = None
    reply_code: str | None = None


@dataclass(slots=True)
class Call:
    """Which provider is called about what, and when that began."""

    claimed: Claimed
    provider: str
    order: tuple[str, ...]  # of all providers that could be
    started_at: datetime


async def attempt(gateway: Gateway, assignment: Assignment) -> list[Outcome]:
    """Hand one message over; whatever happens becomes the outcome of all that is in it."""
    claimed = assignment.claimed
    call = _call(gateway, claimed)
    try:
        first = await _hand_over(gateway, assignment, call)
    except DeliveryError as e:
        error = e
    except TimeoutError:
        error = DeliveryError("no answer in time", permanent=False, unknown=True)
    except ValidationError:
        error = DeliveryError("the address is not valid", permanent=True)
    except Exception:
        # a bug in one channel must neither stop the others nor lose the page
        log.exception("delivery.crashed", channel=claimed.channel, id=str(claimed.id))
        error = DeliveryError("internal error", permanent=False, unknown=True)
    else:
        return [first, *(_as_well(first, other) for other in assignment.others)]
    return [
        _failed(gateway, replace(call, claimed=one), error)
        for one in (claimed, *assignment.others)
    ]


def _as_well(first: Outcome, other: Claimed) -> Outcome:
    """The outcome of another one in the message: it is shown, and paid for, once."""
    return replace(first, claimed=other, shown=None, weight=None)


def _call(gateway: Gateway, claimed: Claimed) -> Call:
    """Choose the provider, where the channel has several."""
    started_at = gateway.clock()
    providers = all_channels()[claimed.channel].providers
    if providers is None or gateway.demo:
        return Call(claimed, "", (), started_at)
    try:
        config = config_of(gateway.vault, claimed)
        order = tuple(providers(config, address_of(claimed)))
    except (DeliveryError, ValidationError):
        return Call(
            claimed, "", (), started_at
        )  # found again, and told, when it is sent
    chosen = choose(order, claimed.tried, set(claimed.resting)) or ""
    return Call(claimed, chosen, order, started_at)


async def _hand_over(gateway: Gateway, assignment: Assignment, call: Call) -> Outcome:
    claimed = assignment.claimed
    channel = all_channels()[claimed.channel]
    message = message_of(gateway, assignment)
    rendered = channel.render(message)
    address = address_of(claimed)
    if gateway.demo or channel.confirms:
        # the outbox shows what would have left; the web app shows its notices itself
        left = not channel.confirms
        shown = _shown(channel.recipient(address), rendered) if left else None
        return _accepted(gateway, call, Status.DELIVERED, shown=shown)
    config = config_of(gateway.vault, claimed)
    delivery = Delivery(
        message,
        rendered,
        address,
        secret_of(gateway.vault, claimed),
        call.started_at,
        config=config,
        attempt=claimed.number,
        provider=call.provider,
        callback_url=f"{gateway.base_url}/v1/channels/{claimed.channel}/callbacks",
    )
    with Patience(gateway.patience_s):
        failpoint("sender.before_provider")
        sent = await channel.send(gateway.transports, delivery)
        failpoint("sender.after_provider")
    outcome = _accepted(gateway, call, Status.ACCEPTED)
    outcome.provider_id = sent or None
    within_s = channel.receipt_within_s(call.provider)
    outcome.receipt_due_at = receipt_due_at(within_s, outcome.finished_at)
    outcome.weight = channel.weigh(config, rendered) if channel.weigh else None
    return outcome


def address_of(claimed: Claimed) -> BaseModel:
    """Where it goes, as its channel reads it."""
    return _address(claimed.channel, claimed.address, claimed.to_room)


@lru_cache(maxsize=4096)  # a storm pages the same people again and again
def _address(kind: str, text: str, to_room: bool) -> BaseModel:  # noqa: FBT001 - a key
    return all_channels()[kind].form(room=to_room).model_validate_json(text)


def message_of(gateway: Gateway, assignment: Assignment) -> Message:
    """What channels are handed."""
    claimed, base_url = assignment.claimed, gateway.base_url
    others = (_subject(base_url, other) for other in assignment.others)
    return Message(
        id=claimed.id,
        kind=AS_SAID.get(claimed.kind, claimed.kind).value,
        cause=claimed.cause,
        user_name=claimed.user_name,
        subject=_subject(base_url, claimed),
        base_url=base_url,
        acknowledge_url=_link(base_url, assignment.token),
        others=tuple(other for other in others if other is not None),
        acknowledge_all_url=_link(base_url, assignment.token_for_all),
        resolve_url=_link(base_url, assignment.token_to_resolve),
        reply_code=assignment.reply_code,
        code=(
            proofs.code_of(gateway.vault, claimed.id)
            if claimed.kind is Kind.CODE
            else None
        ),
        language=claimed.language,
        spoken_name=claimed.spoken_name,
        in_room=claimed.to_room,
        reply_to=_reply_to(gateway, claimed),
    )


def _reply_to(gateway: Gateway, claimed: Claimed) -> str | None:
    domain = gateway.reply_domain
    if domain is None or claimed.incident_id is None:
        return None
    if claimed.channel != mail_replies.CHANNEL:
        return None
    return mail_replies.address_for(gateway.vault, claimed.id, domain)


def _link(base_url: str, token: str | None) -> str | None:
    return f"{base_url}/act/{token}" if token else None


def _subject(base_url: str, claimed: Claimed) -> Subject | None:
    facts, life = claimed.incident, claimed.situation.incident
    if claimed.incident_id is None or facts is None:
        return None
    return Subject(
        id=claimed.incident_id,
        number=facts.number,
        title=facts.title,
        service=facts.service,
        severity=facts.severity,
        priority=facts.priority,
        urgency=facts.urgency,
        status=life.status.value if life else "",
        opened_at=facts.opened_at,
        url=f"{base_url}/incidents/{claimed.incident_id}",
    )


def secret_of(vault: Vault, claimed: Claimed) -> str | None:
    """What signs the messages to this address, if anything does. Raises DeliveryError."""
    if claimed.secret is None or claimed.method_id is None:
        return None
    try:
        return _opened(vault, claimed.secret, claimed.method_id)
    except Unsealable as e:
        reason = "its signing secret was sealed with another secret_key"
        raise DeliveryError(reason, permanent=True) from e


@lru_cache(maxsize=1024)  # a storm signs with the same one again and again
def _opened(vault: Vault, sealed: bytes, method_id: UUID) -> str:
    return vault.open(sealed, secret_purpose(method_id)).decode()


def config_of(vault: Vault, claimed: Claimed) -> Any:  # noqa: ANN401 - the channel's Config
    """The credentials of the channel. Raises ChannelBroken."""
    try:
        return channel_configs.unseal(vault, claimed.channel, claimed.config)
    except (Unsealable, ValidationError) as e:
        # sealed with another key, or by another release
        raise ChannelBroken("its credentials have to be typed in again") from e


def _shown(recipient: str, rendered: Rendered) -> Shown:
    payload = json.dumps(rendered.payload) if rendered.payload else None
    return Shown(recipient, rendered.title, rendered.text, rendered.html, payload)


def _accepted(
    gateway: Gateway, call: Call, status: Status, *, shown: Shown | None = None
) -> Outcome:
    return Outcome(
        call.claimed,
        status,
        call.started_at,
        gateway.clock(),
        outcome="accepted",
        provider=call.provider,
        shown=shown,
    )


def _failed(gateway: Gateway, call: Call, error: DeliveryError) -> Outcome:
    now, claimed = gateway.clock(), call.claimed
    dead = isinstance(error, AddressDead)
    again = None
    if not dead and fails_over(call.order, (*claimed.tried, call.provider)):
        again = now
    elif not error.permanent:
        again = retry_at(claimed.number, error.retry_after_s, now)
    doubtful = error.unknown or claimed.possible_duplicate
    status = Status.UNKNOWN if doubtful else Status.FAILED
    return Outcome(
        claimed,
        Status.PLANNED if again else status,
        call.started_at,
        now,
        retry_at=again,
        outcome="unknown" if error.unknown else "failed",
        error=one_line(str(error), ERROR_LIMIT),
        dead=dead,
        provider=call.provider,
        broken=isinstance(error, ChannelBroken),
        doubted=not error.permanent or isinstance(error, ChannelBroken),
    )
