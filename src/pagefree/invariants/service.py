"""Checking that nothing was lost, stuck or told wrong; run after every fault, and by hand."""

from collections.abc import Mapping
from datetime import datetime

from pagefree.infra.db import Tx
from pagefree.invariants import queries
from pagefree.invariants.queries import Violation

# In the words of somebody who has to decide whether to trust this installation.
PROMISES: Mapping[str, str] = {
    "I-1": "every request that was accepted is accounted for, and every alert has an incident or a named reason for none",
    "I-2": "nothing comes of a request that was refused or put aside",
    "I-3": "a condition is open at most once",
    "I-4": "no incident stops escalating while nobody has it",
    "I-5": "nothing that is due waits for more than 30 seconds",
    "I-6": "every notification was attempted, or says why not",
    "I-7": "what may have reached somebody twice says so",
    "I-8": "nobody is paged more than ten seconds after an incident was acknowledged or resolved",
    "I-9": "an acknowledgement is never lost",
    "I-11": "no step of a policy is paged before the one ahead of it has had its time",
    "I-12": "incidents only change as they may, and their timelines are complete",
    "I-15": "only runbooks that others had approved have run, each as it was approved",
    "I-16": "machines are told of every event they asked for, in its order, or somebody is told why not",
    "I-17": "nobody follows a status page who has not confirmed, or wants no more",
    "I-18": "every event that came in is counted where it belongs",
    "I-19": "no heartbeat is down before everything that was sent had been heard",
    "I-20": "nothing is cleaned away from under an incident that is not over",
}


async def list_violations(tx: Tx, now: datetime, limit: int = 20) -> list[Violation]:
    """What breaks a promise, at most `limit` of each; nothing in a healthy installation.

    Looks at every row, so it takes seconds where there are millions.
    """
    await queries.allow_long_statements(tx)
    found: list[Violation] = []
    for name in PROMISES:
        found += await queries.list_violations(tx, name, limit, now)
    return found
