"""A limit on how long something may take, and what else may end it."""

import asyncio

import pytest

from pagefree.infra.patience import Patience


async def test_what_takes_too_long_is_cancelled_and_told_as_late() -> None:
    with pytest.raises(TimeoutError), Patience(0.0):
        await asyncio.Event().wait()

    task = asyncio.current_task()
    assert task is not None
    assert not task.cancelling()


async def test_what_ends_in_time_is_left_alone() -> None:
    with Patience(60):
        await asyncio.sleep(0)


async def test_what_goes_wrong_in_time_is_told_as_it_is() -> None:
    with pytest.raises(ValueError, match="wrong"), Patience(60):
        raise ValueError("wrong")


async def test_the_inner_of_two_limits_leaves_the_outer_one_alone() -> None:
    with Patience(60):
        with pytest.raises(TimeoutError), Patience(0.0):
            await asyncio.Event().wait()
        await asyncio.sleep(0)


async def test_whoever_is_cancelled_by_somebody_else_is_not_late() -> None:
    begun = asyncio.Event()

    async def wait() -> None:
        with Patience(60):
            begun.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(wait())
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_whoever_is_cancelled_while_late_stays_cancelled() -> None:
    begun = asyncio.Event()

    async def wait() -> None:
        with Patience(0.0):
            begun.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(wait())
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
