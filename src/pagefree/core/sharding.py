"""Which of several databases an event belongs to, where one is no longer enough.

Rendezvous hashing (Thaler and Ravishankar, 1998): each shard draws a number for each key, the
highest has it. Whoever knows the names of the shards comes to the same answer; a shard that is
added takes its share from all others, and no key moves between those that were there.
"""

from collections.abc import Callable, Collection
from hashlib import blake2b
from uuid import UUID


def shard_of(integration_id: UUID, dedup_key: str, shards: Collection[str]) -> str:
    """The one of `shards` that has this key, in whatever order they come. At least one."""
    key = integration_id.bytes + dedup_key.encode(errors="surrogatepass")
    return max(shards, key=lambda shard: (_draw(shard, key), shard))


def home_of(
    integration_id: UUID,
    dedup_key: str,
    shards: Collection[str],
    former: Collection[str],
    is_open_on: Callable[[str], bool],
) -> str:
    """Where an event goes while shards are added to `former`, or taken away.

    A key whose alert is open stays where it is until that is over: so it never has two open
    alerts, and nobody is paged twice. One that is taken away must have no open alerts first.
    """
    new = shard_of(integration_id, dedup_key, shards)
    if not former:
        return new
    old = shard_of(integration_id, dedup_key, former)
    return old if old != new and is_open_on(old) else new


def _draw(shard: str, key: bytes) -> bytes:
    return blake2b(key, digest_size=16, key=shard.encode()[:64]).digest()
