"""Background work of runbooks, in a lane of its own."""

from pagefree.infra.db import Channel
from pagefree.infra.queue import Context, Job
from pagefree.runbooks.lane import Lane
from pagefree.runbooks.preparing import Means

LOOK_S = 1


def jobs(means: Means) -> tuple[Job, ...]:
    """The lane of runs."""
    lane = Lane(means)

    async def look(_: Context) -> float | None:
        return await lane.look()

    return (Job("runbooks.runs", every_s=LOOK_S, work=look, wake=Channel.RUNS),)
