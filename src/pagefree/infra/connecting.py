"""Connecting to PostgreSQL: the one host of several that may be written to."""

from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import asyncpg

LEAST_S = 1.5  # for each of several hosts
TARGET = "target_session_attrs"
WRITABLE = "read-write"

REFUSALS: tuple[type[Exception], ...] = (
    asyncpg.CannotConnectNowError,  # it starts, or stops
    asyncpg.TargetServerAttributeNotMatched,  # it only reads
    asyncpg.TooManyConnectionsError,
    asyncpg.ConnectionDoesNotExistError,  # it went away meanwhile
)
NOT_THIS_ONE: tuple[type[Exception], ...] = (OSError, TimeoutError, *REFUSALS)

# What is answered as stored has to be on disk by then, whatever somebody gives the server or
# the role for the sake of speed, now or later. That replicas have to have applied it, too, or
# that none has to have it, is for them to say.
DURABLE = """
SELECT set_config('synchronous_commit', 'on', false)
WHERE current_setting('synchronous_commit') IN ('off', 'on')
"""

_good: dict[str, str] = {}  # which host answered last, of each address with several


async def connect(
    database_url: str,
    server_settings: Mapping[str, str] | None = None,
    *,
    timeout_s: float,
) -> asyncpg.Connection:
    """A connection to the first host that answers in time and fits; the last good one first.

    The driver would give one time-out to all hosts together, so that the first one, if
    its machine is gone, leaves none for the next; and it would stop at one that starts.
    """
    urls = hosts(database_url)
    each_s = timeout_s if len(urls) == 1 else max(LEAST_S, timeout_s / len(urls))
    failed: Exception | None = None
    good = _good.get(database_url)
    for url in sorted(urls, key=lambda url: url != good):
        try:
            connection = await _durable(url, server_settings or {}, each_s)
        except NOT_THIS_ONE as e:
            failed = e
            continue
        if len(urls) > 1:
            _good[database_url] = url
        return connection
    raise failed or ConnectionError("no host is named")


async def _durable(
    url: str, server_settings: Mapping[str, str], timeout_s: float
) -> asyncpg.Connection:
    connection = await asyncpg.connect(
        url, server_settings=dict(server_settings), timeout=timeout_s
    )
    try:
        await connection.execute(DURABLE, timeout=timeout_s)
    except BaseException:
        connection.terminate()
        raise
    return connection


@lru_cache
def hosts(database_url: str) -> tuple[str, ...]:
    """`database_url` once for each host that it names, in its order."""
    parts = urlsplit(database_url)
    query = dict(parse_qsl(parts.query))
    auth, at, named = parts.netloc.rpartition("@")
    if "," in named:
        netlocs = [f"{auth}{at}{host}" for host in named.split(",")]
        return tuple(urlunsplit(parts._replace(netloc=netloc)) for netloc in netlocs)
    if "," in query.get("host", ""):
        ports = query.pop("port", "").split(",")
        names = query.pop("host").split(",")
        return tuple(
            urlunsplit(
                parts._replace(query=_query(name, ports[place % len(ports)], query))
            )
            for place, name in enumerate(names)
        )
    return (database_url,)


def _query(host: str, port: str, rest: Mapping[str, str]) -> str:
    return urlencode({"host": host, **({"port": port} if port else {}), **rest})


def writable(database_url: str) -> str:
    """The address, asking of several hosts for the one that may be written to."""
    parts = urlsplit(database_url)
    if len(hosts(database_url)) == 1 or TARGET in dict(parse_qsl(parts.query)):
        return database_url
    query = "&".join(filter(None, (parts.query, f"{TARGET}={WRITABLE}")))
    return urlunsplit(parts._replace(query=query))
