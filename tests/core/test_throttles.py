"""How many messages one phone gets before another way is used."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from pagefree.core.throttles import Wanted, beyond

PHONE, OTHER = UUID(int=1), UUID(int=2)


def wanted(*numbers: int, address: UUID = PHONE, priority: int = 0) -> list[Wanted]:
    """These messages, of which an address gets at most three."""
    return [Wanted(UUID(int=100 + n), address, 3, priority) for n in numbers]


def test_what_is_within_the_limit_leaves() -> None:
    assert beyond(wanted(1, 2, 3), {}) == set()


def test_what_left_lately_counts() -> None:
    assert beyond(wanted(1, 2), {PHONE: 2}) == {UUID(int=102)}


def test_addresses_count_apart() -> None:
    both = [*wanted(1), *wanted(2, address=OTHER)]
    assert beyond(both, {PHONE: 9}) == {UUID(int=101)}


def test_the_least_important_goes_another_way() -> None:
    both = [*wanted(1, priority=2), *wanted(2)]
    assert beyond(both, {PHONE: 2}) == {UUID(int=101)}


@given(st.integers(0, 9), st.integers(0, 9))
def test_never_more_than_the_limit_and_never_fewer_than_there_is_room(
    count: int, lately: int
) -> None:
    over = beyond(wanted(*range(count)), {PHONE: lately})
    assert count - len(over) == min(count, max(0, 3 - lately))
