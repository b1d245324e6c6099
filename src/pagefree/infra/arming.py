"""What a test can have happen at a failpoint; the built package comes without this file.

PAGEFREE_FAIL is `name[:n]:exit|raise|sleep`: at the n-th time, counted from 1, that `name`
is reached. Several are separated by commas.
"""

import os
import time
from collections import Counter
from collections.abc import Callable, Mapping

KILLED = 137  # as if by SIGKILL: nothing is tidied up
SLEEP_S = 20.0  # the whole process, its event loop and all


class Failed(Exception):
    """A failpoint was told to raise."""


def told(text: str) -> Callable[[str], None]:
    """What to do at each failpoint. Raises ValueError."""
    orders = dict(_order(part) for part in text.split(","))
    reached = Counter[str]()

    def at(name: str) -> None:
        reached[name] += 1
        deed = orders.get((name, reached[name]))
        if deed is not None:
            DEEDS[deed](name)

    return at


def _order(text: str) -> tuple[tuple[str, int], str]:
    name, *times, deed = text.split(":")
    if deed not in DEEDS or len(times) > 1:
        raise ValueError(f"{text!r} is not name[:n]:{'|'.join(DEEDS)}")
    return (name, int(times[0]) if times else 1), deed


def _exit(_: str) -> None:
    os._exit(KILLED)


def _raise(name: str) -> None:
    raise Failed(name)


def _sleep(_: str) -> None:
    time.sleep(SLEEP_S)


DEEDS: Mapping[str, Callable[[str], None]] = {
    "exit": _exit,
    "raise": _raise,
    "sleep": _sleep,
}
