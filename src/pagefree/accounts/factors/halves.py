"""Between the first proof and the second: a sign-in that opens nothing yet."""

from datetime import datetime

from pagefree.accounts import credential_queries, events
from pagefree.accounts.credential_queries import PasswordHolder, Proof
from pagefree.accounts.factors import proving, queries
from pagefree.accounts.factors.passkeys import Purpose
from pagefree.accounts.factors.proving import Given, Place
from pagefree.accounts.factors.queries import Half
from pagefree.core.errors import NotSignedIn
from pagefree.core.sign_in import HALF_LIFE, MOST_TRIES, SignInWay
from pagefree.core.words.accounts import AccountWords
from pagefree.infra.crypto import new_token, token_hash
from pagefree.infra.db import Tx

OVER = "begin again: sign in with your password first"


async def begin(tx: Tx, holder: PasswordHolder, way: SignInWay, now: datetime) -> str:
    """The first proof was right; the token of what is half done. Raises NotSignedIn."""
    if not await credential_queries.still_holds(tx, holder):
        raise NotSignedIn("the password has just been changed")
    token = new_token()
    until = now + HALF_LIFE
    await queries.insert_half(tx, holder.user_id, token_hash(token), way, until, now)
    return token


async def find(tx: Tx, token: str | None, now: datetime) -> Half | None:
    """What is half done, as long as it may be finished."""
    half = await queries.get_half(tx, token_hash(token), now) if token else None
    return half if half and half.tries < MOST_TRIES else None


async def finish(
    tx: Tx, half: Half, given: Given, place: Place, now: datetime
) -> tuple[PasswordHolder, Proof] | None:
    """Whose sign-in is whole now; none: what was given is wrong, which counts.

    Nothing is raised, so that what was tried stays counted.
    """
    # first: whoever changes the password or deactivates the person goes in that order
    holder = await credential_queries.get_holder(tx, half.user_id)
    if holder is None or not await queries.count_try(tx, half.id, MOST_TRIES):
        return None
    factor = await proving.accept(tx, half.user_id, given, Purpose.SECOND, place, now)
    if factor is None:
        if half.tries + 1 >= MOST_TRIES:
            await events.tell(tx, half.user_id, _exhausted, now)
        return None
    if not await queries.delete_half(tx, half.id):
        return None
    return holder, Proof(half.way, factor)


def _exhausted(words: AccountWords) -> str:
    return words.half_exhausted.format(tries=MOST_TRIES)
