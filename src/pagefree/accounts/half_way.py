"""After the first proof: in at once, or first the second factor."""

from datetime import datetime

from fastapi import Request, Response

from pagefree.accounts import authentication, entering
from pagefree.accounts.credential_queries import PasswordHolder, Proof
from pagefree.accounts.factors import halves, passkeys, queries
from pagefree.accounts.factors.queries import Has
from pagefree.accounts.shapes import Me, SecondStep
from pagefree.core.sign_in import HALF_LIFE, Factor
from pagefree.infra.db import Tx

ACCEPTED = 202


async def enter_or_ask(
    tx: Tx,
    request: Request,
    response: Response,
    arrival: tuple[PasswordHolder, Proof],
    now: datetime,
) -> Me | SecondStep:
    """Sign the browser in, or say what else is to be given. Raises NotSignedIn."""
    holder, proof = arrival
    has = await queries.get_has(tx, holder.user_id)
    if not has.any:
        return await entering.enter(tx, request, response, arrival, now)
    token = await halves.begin(tx, holder, proof.way, now)
    name = authentication.HALF_COOKIE
    authentication.set_passing_cookie(request, response, name, token, HALF_LIFE)
    response.status_code = ACCEPTED
    return step_of(request, has, now + HALF_LIFE)


def step_of(request: Request, has: Has, expires_at: datetime) -> SecondStep:
    """What may be given."""
    there = {
        Factor.PASSKEY: has.passkeys > 0
        and passkeys.site_of(request.app.state.base_url) is not None,
        Factor.TOTP: has.totp,
        Factor.RECOVERY_CODE: has.recovery_codes > 0,
    }
    factors = [factor for factor, is_there in there.items() if is_there]
    return SecondStep(second_factor_needed=True, factors=factors, expires_at=expires_at)
