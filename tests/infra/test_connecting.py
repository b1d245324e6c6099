"""Several hosts in one address, and which of them is taken."""

import socket

import asyncpg
import pytest

from pagefree.infra.connecting import connect, hosts, writable

NOBODY = "postgresql://ana:x@127.0.0.1:1"


@pytest.mark.parametrize(
    ("url", "each"),
    [
        ("postgresql://a:b@h1:5432/db", ("postgresql://a:b@h1:5432/db",)),
        (
            "postgresql://a:b@h1:5432,h2,[::1]:7/db?sslmode=require",
            (
                "postgresql://a:b@h1:5432/db?sslmode=require",
                "postgresql://a:b@h2/db?sslmode=require",
                "postgresql://a:b@[::1]:7/db?sslmode=require",
            ),
        ),
        (
            "postgresql://a@/db?host=/run/a,/run/b&port=1,2",
            (
                "postgresql://a@/db?host=%2Frun%2Fa&port=1",
                "postgresql://a@/db?host=%2Frun%2Fb&port=2",
            ),
        ),
    ],
)
def test_an_address_of_several_hosts_is_one_of_each(
    url: str, each: tuple[str, ...]
) -> None:
    assert hosts(url) == each


def test_of_several_hosts_the_one_that_takes_writes_is_meant_unless_said_otherwise() -> (
    None
):
    several = "postgresql://a@h1,h2/db"

    assert writable(several) == f"{several}?target_session_attrs=read-write"
    assert writable(f"{several}?target_session_attrs=any").endswith("attrs=any")
    assert writable("postgresql://a@h1/db") == "postgresql://a@h1/db"


async def test_a_host_that_never_answers_leaves_time_for_the_next(
    own_database: str,
) -> None:
    folder = own_database.split("host=")[1]
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        name = own_database.split("/")[3].split("?", maxsplit=1)[0]
        url = f"postgresql://postgres@/{name}?host=127.0.0.1,{folder}&port={port},5432"

        first = await connect(writable(url), timeout_s=3)
        silent.setblocking(False)
        silent.accept()[0].close()
        second = await connect(writable(url), timeout_s=3)
        with pytest.raises(BlockingIOError):
            silent.accept()  # it is not asked again

    for connection in (first, second):
        await connection.close()


async def test_the_last_refusal_is_told_when_no_host_is_left() -> None:
    with pytest.raises(OSError, match="1"):
        await connect(f"{NOBODY},127.0.0.1:1/db", timeout_s=3)


async def test_a_wrong_password_is_told_at_once(own_database: str) -> None:
    with pytest.raises(asyncpg.PostgresError):
        await connect(own_database.replace("postgres@", "nobody@"), timeout_s=3)
