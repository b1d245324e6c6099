"""Everybody needs a second factor: from when on, and who has none."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from pagefree.accounts import events
from pagefree.accounts.credential_queries import Proof
from pagefree.accounts.events import Happening
from pagefree.accounts.factors import everybody_queries, link_queries, queries
from pagefree.accounts.factors.everybody_queries import Without
from pagefree.accounts.factors.link_queries import Rules
from pagefree.core.access import Actor, Can, require
from pagefree.core.errors import Conflict
from pagefree.core.sign_in import SignInWay, must_enrol, owes_factor
from pagefree.core.words.accounts import AccountWords
from pagefree.infra.db import Tx

WEAK = {SignInWay.PASSWORD, SignInWay.MAGIC_LINK}
REMINDED_AGAIN = timedelta(days=1)
FIRST_YOURSELF = (
    "set up a second factor of your own first, under Me, Security: you would be among"
    " those who cannot go on without"
)
LAST_ONE = "everybody here needs a second factor: add another one first"


async def owed_from(tx: Tx, user_id: UUID) -> datetime | None:
    """From when on this person needs a factor that they lack; none: they owe nothing."""
    rules = await link_queries.get_rules(tx)
    if rules.second_factor_from is None:
        return None
    has = await queries.get_has(tx, user_id)
    weak = await everybody_queries.by_password(tx, user_id)
    return owes_factor(rules.second_factor_from, has_one=has.any, by_password=weak)


async def judged(tx: Tx, user_id: UUID, proof: Proof, now: datetime) -> Proof:
    """The proof, and whether it opens nothing but the way to a second factor."""
    if proof.way not in WEAK or proof.second is not None:
        return proof
    return replace(proof, enrolling=must_enrol(await owed_from(tx, user_id), now))


async def enrolled(tx: Tx, user_id: UUID) -> None:
    """They have a factor now: their sessions open everything."""
    await everybody_queries.open_sessions(tx, user_id)


async def require_left(tx: Tx, user_id: UUID, now: datetime) -> None:
    """Raise Conflict if the factor that was just removed was needed."""
    if must_enrol(await owed_from(tx, user_id), now):
        raise Conflict(LAST_ONE)


async def set_rules(tx: Tx, actor: Actor, rules: Rules) -> Rules:
    """Let these rules count. Raises Conflict for who would be held up by them."""
    require(actor, Can.ADMINISTER)
    if rules.second_factor_from is not None:
        has = await queries.get_has(tx, actor.user_id)
        weak = await everybody_queries.by_password(tx, actor.user_id)
        if weak and not has.any:
            raise Conflict(FIRST_YOURSELF)
    await link_queries.save_rules(tx, rules)
    return rules


async def list_without(tx: Tx, actor: Actor) -> list[Without]:
    """The active people who have no second factor, by name."""
    require(actor, Can.ADMINISTER)
    return await everybody_queries.list_without(tx)


async def remind(tx: Tx, actor: Actor, now: datetime) -> int:
    """Ask all of them who were not asked within a day; returns how many."""
    rules = await link_queries.get_rules(tx)
    since = rules.second_factor_from

    def said(words: AccountWords) -> str:
        if since is None:
            return words.factor_wanted
        return words.factor_wanted_from.format(day=f"{since:%Y-%m-%d}")

    asked = 0
    for one in await list_without(tx, actor):
        if one.reminded_at is None or one.reminded_at <= now - REMINDED_AGAIN:
            await everybody_queries.note_reminded(tx, one.id, now)
            await events.tell(tx, one.id, said, now)
            asked += 1
    what = Happening("factors.reminded", None, data={"people": asked})
    await events.note(tx, what, now)
    return asked
