"""Changing the key that stored secrets are sealed with."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import LargeBinary, insert, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.accounts import service as accounts
from pagefree.accounts.contacts import secret_purpose
from pagefree.accounts.queries import NewUser
from pagefree.app.sealed import SEALED, Count, seal_all_anew, sign_audit_anew
from pagefree.audit import sealing
from pagefree.infra.clock import system_clock
from pagefree.infra.crypto import Unsealable, Vault
from pagefree.infra.db import create_engine, transaction
from pagefree.infra.ids import new_id
from pagefree.notifications import mail_replies
from pagefree.tables import metadata
from pagefree.tables.accounts import contact_methods
from tests.app.test_cli import run

OLD, NEW, OTHER = (
    f"{name} key that is long enough to be one for tests" for name in "abc"
)
# bytes that are no secrets, and why
OPEN = {
    "hash": "of entries of the audit, which anybody may compute",
    "mac": "signed anew beside",
    "anchor_hash": "as hash",
    "anchor_mac": "as mac",
    "fingerprint": "a hash of a request",
    "body": "what tools sent, kept as it came",
    "content": "images and published pages",
    "logo": "shown to everybody",
    "favicon": "shown to everybody",
    "challenge": "random bytes, shown to the browser",
    "credential_id": "public",
    "public_key": "public",
}


@pytest.fixture
async def engine(fresh_database: str) -> AsyncIterator[AsyncEngine]:
    engine = create_engine(fresh_database)
    yield engine
    await engine.dispose()


async def contacts(engine: AsyncEngine, vault: Vault, count: int) -> list[UUID]:
    """So many webhooks, each with a secret."""
    now = system_clock()
    ids = [new_id() for _ in range(count)]
    async with transaction(engine) as tx:
        user = await accounts.create_user(tx, NewUser("ana@x.org", "Ana", None), now)
        method = (await tx.execute(select(contact_methods))).mappings().first()
        assert method is not None
        rows = [
            {
                **method,
                "id": one,
                "user_id": user.id,
                "channel": "webhook",
                "label": str(one),
                "address": {"url": f"https://example.org/{one}"},
                "secret": vault.seal(f"secret of {one}".encode(), secret_purpose(one)),
            }
            for one in ids
        ]
        await tx.execute(insert(contact_methods), rows)
    return ids


async def opened(engine: AsyncEngine, vault: Vault) -> dict[UUID, str]:
    async with transaction(engine) as tx:
        c = contact_methods.c
        rows = await tx.execute(select(c.id, c.secret).where(c.secret.is_not(None)))
        return {
            row.id: vault.open(row.secret, secret_purpose(row.id)).decode()
            for row in rows
        }


def test_every_column_of_bytes_is_sealed_anew_or_known_to_be_no_secret() -> None:
    sealed = {(one.table, one.column) for one in SEALED}
    columns = {
        (table.name, column.name)
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }

    forgotten = {
        (table, name)
        for table, name in columns - sealed
        if name not in OPEN and not name.endswith("_hash")
    }
    assert forgotten == set()
    assert sealed <= columns


def test_the_first_key_seals_and_all_keys_open() -> None:
    before, during, after = Vault(OLD), Vault(NEW, OLD), Vault(NEW)
    sealed = before.seal(b"x", "row 1")
    anew = during.sealed_anew(sealed, "row 1")

    assert anew is not None
    assert during.open(sealed, "row 1") == after.open(anew, "row 1") == b"x"
    assert during.sealed_anew(anew, "row 1") is None
    # during the first of two restarts others still have the old key in front
    assert Vault(OLD, NEW).open(anew, "row 1") == b"x"
    for vault, box, purpose in (
        (after, sealed, "row 1"),
        (before, anew, "row 1"),
        (during, sealed, "row 2"),
        (during, b"short", "row 1"),
    ):
        with pytest.raises(Unsealable):
            vault.open(box, purpose)


def test_a_key_of_several_lines_is_one_key() -> None:
    # a file of Kubernetes ends with a line break; `openssl rand -base64 64` makes two lines
    sealed = Vault(f"{OLD}\n{NEW}\n").seal(b"x", "row 1")

    assert Vault(f"{OLD}\n{NEW}\n").open(sealed, "row 1") == b"x"
    for others in ((OLD,), (NEW,), (OLD, NEW)):
        with pytest.raises(Unsealable):
            Vault(*others).open(sealed, "row 1")


def test_what_was_signed_with_the_old_key_is_believed_until_it_is_retired() -> None:
    one = new_id()
    address = mail_replies.address_for(Vault(OLD), one, "x.org")
    tag = address.partition("+")[2].partition("@")[0]

    assert mail_replies.TAGS.read_one(Vault(NEW, OLD), tag) == one
    assert mail_replies.TAGS.read_one(Vault(NEW), tag) is None
    assert Vault(NEW, OLD).made_digits("x", Vault(OLD).digits("x", 6))
    assert not Vault(NEW).made_digits("x", Vault(OLD).digits("x", 6))


@pytest.mark.fault("T-42", "the secret key is changed")
async def test_all_secrets_move_to_the_new_key_once(engine: AsyncEngine) -> None:
    ids = await contacts(engine, Vault(OLD), 450)
    both = Vault(NEW, OLD)

    first = await seal_all_anew(engine, both)
    again = await seal_all_anew(engine, both)

    assert first["contact_methods.secret"] == Count(450, 450, 0)
    assert again["contact_methods.secret"] == Count(450, 0, 0)
    expected = {one: f"secret of {one}" for one in ids}
    assert await opened(engine, Vault(NEW)) == expected


async def test_what_another_process_seals_meanwhile_is_kept(
    engine: AsyncEngine,
) -> None:
    one, two = await contacts(engine, Vault(OLD), 2)
    await seal_all_anew(engine, Vault(NEW, OLD))
    late = Vault(OLD).seal(b"newer", secret_purpose(one))  # it has not been restarted
    async with transaction(engine) as tx:
        query = update(contact_methods).where(contact_methods.c.id == one)
        await tx.execute(query.values(secret=late))

    counts = await seal_all_anew(engine, Vault(NEW, OLD))

    assert counts["contact_methods.secret"].changed == 1
    assert await opened(engine, Vault(NEW)) == {one: "newer", two: f"secret of {two}"}


async def test_a_missing_key_is_said_and_nothing_is_lost(
    engine: AsyncEngine, fresh_database: str
) -> None:
    (one,) = await contacts(engine, Vault(OTHER), 1)

    ended = await asyncio.to_thread(
        run,
        "secrets",
        "rotate",
        PAGEFREE_DATABASE_URL=fresh_database,
        PAGEFREE_SECRET_KEY=NEW,
        PAGEFREE_OTHER_SECRET_KEYS=OLD,
    )

    assert ended.code == 2
    assert "1 secrets (contact_methods.secret)" in ended.err
    assert await opened(engine, Vault(OTHER)) == {one: f"secret of {one}"}


async def test_the_audit_stays_ours(engine: AsyncEngine) -> None:
    now = system_clock()
    async with transaction(engine) as tx:
        await accounts.create_user(tx, NewUser("bo@x.org", "Bo", None), now)
    for _ in range(2):
        async with transaction(engine) as tx:
            await sealing.seal_waiting(tx, Vault(OLD), now)

    signed = await sign_audit_anew(engine, Vault(NEW, OLD))

    assert signed
    assert (await sealing.verify(engine, Vault(NEW))).findings == ()
    assert (await sealing.verify(engine, Vault(OLD))).findings != ()
    assert not await sign_audit_anew(engine, Vault(OTHER))


def test_the_key_of_the_data_directory_is_changed_by_command(
    tmp_path: Path, fresh_database: str
) -> None:
    given = {
        "PAGEFREE_DATABASE_URL": fresh_database,
        "PAGEFREE_DATA_DIR": str(tmp_path),
    }
    key = tmp_path / "secret.key"
    key.write_text(OLD + "\n")

    codes = [run("secrets", "new-key", **given).code]
    new, old = key.read_text().split()[0], key.read_text().splitlines()[1]
    codes += [run("secrets", verb, **given).code for verb in ("rotate", "retire")]

    assert codes == [0, 0, 0]
    assert (old, key.read_text()) == (OLD, f"{new}\n")
    assert key.stat().st_mode & 0o777 == 0o600
    assert run("secrets", "retire", **given).code == 2


async def test_an_old_key_that_is_still_needed_is_not_retired(
    engine: AsyncEngine, tmp_path: Path, fresh_database: str
) -> None:
    await contacts(engine, Vault(OLD), 1)
    (tmp_path / "secret.key").write_text(f"{NEW}\n{OLD}\n")

    ended = await asyncio.to_thread(
        run,
        "secrets",
        "retire",
        PAGEFREE_DATABASE_URL=fresh_database,
        PAGEFREE_DATA_DIR=str(tmp_path),
    )

    assert ended.code == 2
    assert "run `pagefree secrets rotate` first" in ended.err
    assert OLD in (tmp_path / "secret.key").read_text()
