"""The one door: whatever somebody has proven themselves with, they come in here."""

from datetime import datetime, timedelta
from hashlib import sha256

from fastapi import Request, Response

from pagefree.accounts import authentication, credentials, events, service
from pagefree.accounts.credential_queries import PasswordHolder, Proof
from pagefree.accounts.credentials import Browser
from pagefree.accounts.events import Happening
from pagefree.accounts.factors import everybody
from pagefree.accounts.factors import queries as factors
from pagefree.accounts.queries import User
from pagefree.accounts.shapes import Me, MembershipOut
from pagefree.core.browsers import recognised
from pagefree.infra.db import Tx


async def enter(
    tx: Tx,
    request: Request,
    response: Response,
    arrival: tuple[PasswordHolder, Proof],
    now: datetime,
) -> Me:
    """A new session for this browser instead of the one that it had. Raises NotSignedIn."""
    user, _ = await begin_session(tx, request, response, arrival, now)
    return await me_of(tx, user, request)


async def begin_session(
    tx: Tx,
    request: Request,
    response: Response,
    arrival: tuple[PasswordHolder, Proof],
    now: datetime,
) -> tuple[User, str]:
    """The same, answering who it is and the token of the session."""
    holder, proof = arrival
    proof = await everybody.judged(tx, holder.user_id, proof, now)
    request.state.enrolling = proof.enrolling
    browser = browser_of(request)
    lasts = timedelta(days=request.app.state.session_days)
    token = await credentials.start_session(
        tx, holder, browser, lasts, now, proof=proof
    )
    # after the person was locked: whoever deactivates them goes in that order, too
    if before := authentication.token_of(request):
        await credentials.end_session_of_token(tx, before)
    user = await service.require_user(tx, holder.user_id)
    device = authentication.device_of(request)
    await _note(tx, user, device.id, browser, proof, now)
    authentication.set_session(request, response, token)
    authentication.set_device(request, response, device.joined_by(user.email))
    return user, token


def browser_of(request: Request) -> Browser:
    """Where somebody signs in from."""
    host = request.client.host if request.client else ""
    return Browser(request.headers.get("user-agent", ""), host)


async def me_of(tx: Tx, user: User, request: Request) -> Me:
    """What the API says of who is signed in."""
    owed_from = await everybody.owed_from(tx, user.id)
    return Me(
        id=user.id,
        name=user.name,
        email=user.email,
        platform_admin=user.platform_admin,
        time_zone=user.time_zone,
        pronounced=user.pronounced,
        memberships=[MembershipOut.model_validate(one) for one in user.teams],
        demo=request.app.state.demo,
        second_factor_from=owed_from,
        away_from=user.away_from,
        away_until=user.away_until,
        enrolling=getattr(request.state, "enrolling", False),
    )


async def _note(
    tx: Tx, user: User, device_id: bytes, browser: Browser, proof: Proof, now: datetime
) -> None:
    data: dict[str, object] = {"way": proof.way, "second_factor": proof.second}
    happening = Happening("sign_in.succeeded", user.id, user.name, data, by_owner=True)
    await events.note(tx, happening, now)
    digest = sha256(device_id).digest()
    known, others = await factors.note_device(tx, user.id, digest, now)
    if known or not others:  # the very first one is no news
        return
    known_as = recognised(browser.user_agent)
    await events.tell(
        tx,
        user.id,
        lambda words: words.new_browser.format(
            address=browser.address or words.unknown_address,
            browser=words.called(known_as),
        ),
        now,
    )
