"""Routes of links to sign in with, and of how this installation signs people in."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from pydantic import AwareDatetime, Field, StringConstraints

from pagefree.accounts import authentication, entering, events, half_way
from pagefree.accounts.authentication import LINK_COOKIE
from pagefree.accounts.credential_queries import Proof
from pagefree.accounts.events import Happening
from pagefree.accounts.factors import everybody, link_queries, links, passkeys
from pagefree.accounts.factors.everybody_queries import Without
from pagefree.accounts.factors.link_queries import Rules
from pagefree.accounts.shapes import EMAIL_LIMIT, Me, SecondStep
from pagefree.accounts.stepping_up import CONFIRMED
from pagefree.accounts.throttle import Throttle
from pagefree.core.access import Can, require
from pagefree.core.errors import NotSignedIn
from pagefree.core.sign_in import LINK_LIFE, SignInWay
from pagefree.infra.crypto import new_token
from pagefree.infra.db import transaction
from pagefree.infra.web import BaseUrl, CurrentActor, Now, RequestTx, Shape

router = APIRouter()
OWN_PAGES = Depends(authentication.require_same_origin)
DEAD = "the link has expired, was used already, or was asked for in another browser"


class AskedLink(Shape):
    """Where a link is to be sent."""

    email: Annotated[
        str, StringConstraints(max_length=EMAIL_LIMIT, strip_whitespace=True)
    ]


class OpenedLink(Shape):
    """What the link holds behind its #."""

    token: Annotated[str, Field(min_length=1, max_length=100)]


class SignInWays(Shape):
    """How one can sign in here beside a password."""

    magic_links: bool
    passkeys: bool
    passkey_host: str | None


class SignInRules(Shape):
    """How one signs in to this installation; what is left out stays."""

    magic_links: bool | None = None
    # from then on everybody needs a second factor; null: nobody does
    second_factor_from: AwareDatetime | None = None


class WithoutFactor(Shape):
    """Somebody who has no second factor."""

    id: UUID
    name: str
    email: str
    platform_admin: bool
    password: bool  # else they come from an identity provider, or not at all yet
    provider: bool  # has come from one
    reminded_at: datetime | None


class Reminded(Shape):
    """How many people were asked to set up a second factor."""

    people: int


def _throttle(request: Request) -> Throttle:
    throttle: Throttle = request.app.state.throttle
    return throttle


@router.get("/session/ways")
async def get_sign_in_ways(tx: RequestTx, base_url: BaseUrl) -> SignInWays:
    """How one can sign in here beside a password; for everybody."""
    rules, site = await link_queries.get_rules(tx), passkeys.site_of(base_url)
    return SignInWays(
        magic_links=rules.magic_links,
        passkeys=site is not None,
        passkey_host=site.id if site else None,
    )


@router.post("/session/links", status_code=204, dependencies=[OWN_PAGES])
async def ask_for_link(
    body: AskedLink, request: Request, response: Response, tx: RequestTx, now: Now
) -> None:
    """Have a link sent, if that serves anybody; says and does the same if not."""
    address, email = entering.browser_of(request).address, body.email.lower()
    _throttle(request).link(address, email, now)
    browser = new_token()
    await links.ask(tx, email, browser, address, now)
    authentication.set_passing_cookie(
        request, response, LINK_COOKIE, browser, 2 * LINK_LIFE
    )


@router.post("/session/link", dependencies=[OWN_PAGES])
async def sign_in_with_link(
    body: OpenedLink, request: Request, response: Response, now: Now
) -> Me | SecondStep:
    """Use a link up in the browser in which it was asked for; 202 as with a password."""
    _throttle(request).passkey(entering.browser_of(request).address, now)
    browser = authentication.passing_cookie(request, LINK_COOKIE)
    async with transaction(request.app.state.engine) as tx:
        holder = await links.holder_of(tx, body.token, browser, now)
        if holder is not None:
            arrival = (holder, Proof(SignInWay.MAGIC_LINK))
            authentication.clear_cookie(request, response, LINK_COOKIE)
            return await half_way.enter_or_ask(tx, request, response, arrival, now)
        data: dict[str, object] = {"at": "link"}
        await events.note(tx, Happening("sign_in.refused", None, data=data), now)
    raise NotSignedIn(DEAD)


@router.get("/sign-in-rules", response_model=SignInRules)
async def get_sign_in_rules(actor: CurrentActor, tx: RequestTx) -> Rules:
    """How one signs in to this installation; for platform admins."""
    require(actor, Can.ADMINISTER)
    return await link_queries.get_rules(tx)


@router.put("/sign-in-rules", response_model=SignInRules, dependencies=[CONFIRMED])
async def put_sign_in_rules(
    body: SignInRules, actor: CurrentActor, tx: RequestTx
) -> Rules:
    """Change how one signs in to this installation; for platform admins."""
    require(actor, Can.ADMINISTER)
    changes = body.model_dump(exclude_unset=True)
    if changes.get("magic_links", False) is None:
        del changes["magic_links"]
    before = await link_queries.get_rules(tx)
    return await everybody.set_rules(tx, actor, replace(before, **changes))


@router.get("/people-without-second-factor", response_model=list[WithoutFactor])
async def list_people_without_second_factor(
    actor: CurrentActor, tx: RequestTx
) -> list[Without]:
    """Who has no second factor; for platform admins."""
    return await everybody.list_without(tx, actor)


@router.post("/people-without-second-factor/reminders")
async def remind_people_without_second_factor(
    actor: CurrentActor, tx: RequestTx, now: Now
) -> Reminded:
    """Ask them to set one up, each at most once a day; for platform admins."""
    return Reminded(people=await everybody.remind(tx, actor, now))
