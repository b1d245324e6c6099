from collections import Counter
from random import Random
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from pagefree.core.sharding import home_of, shard_of

names = st.text("abcdef0123456789", min_size=1, max_size=8)
shards = st.lists(names, min_size=1, max_size=6, unique=True)
Key = tuple[UUID, str]
keys: st.SearchStrategy[Key] = st.tuples(st.uuids(), st.text(max_size=20))
ANY = UUID(int=7)


@given(keys, shards, st.randoms(use_true_random=False))
def test_a_key_has_one_shard_in_whatever_order_they_are_named(
    key: Key, there: list[str], random: Random
) -> None:
    shuffled = list(there)
    random.shuffle(shuffled)
    assert shard_of(*key, there) == shard_of(*key, shuffled)


@given(keys, shards, names)
def test_a_key_moves_only_to_the_shard_that_is_added(
    key: Key, there: list[str], added: str
) -> None:
    before, after = shard_of(*key, there), shard_of(*key, {*there, added})
    assert after in {before, added}


@given(keys, shards)
def test_what_is_open_stays_and_what_is_not_moves(key: Key, there: list[str]) -> None:
    more = [*there, "one more"]
    assert home_of(*key, more, there, lambda _: True) == shard_of(*key, there)
    assert home_of(*key, more, there, lambda _: False) == shard_of(*key, more)
    assert home_of(*key, more, (), lambda _: True) == shard_of(*key, more)


def test_each_shard_has_its_share() -> None:
    counted = Counter(
        shard_of(ANY, f"key {n}", ("a", "b", "c", "d")) for n in range(4_000)
    )
    assert all(850 < count < 1_150 for count in counted.values())


def test_an_added_shard_takes_its_share_from_all() -> None:
    there, more = ("a", "b", "c"), ("a", "b", "c", "d")
    taken = Counter(
        shard_of(ANY, f"key {n}", there)
        for n in range(4_000)
        if shard_of(ANY, f"key {n}", more) == "d"
    )
    assert all(250 < count < 420 for count in taken.values())
    assert len(taken) == 3
