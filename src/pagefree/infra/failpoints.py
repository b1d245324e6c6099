"""Boundaries at which a test may end, stop or break a process, to see what that loses.

One stands between each effect outside and the write that says so, and between transactions
of which one needs the other. Nothing happens there unless somebody armed this process;
what arms it is not part of the built package.
"""

import os
from collections.abc import Callable
from importlib import import_module

VARIABLE = "PAGEFREE_FAIL"
ARMING = "pagefree.infra.arming"

Reached = Callable[[str], None]
_reached: Reached | None = None


def failpoint(name: str) -> None:
    """Go on, unless this process was armed for this boundary."""
    if _reached is not None:
        _reached(name)


def arm(reached: Reached | None) -> None:
    """Have every boundary told to `reached` from now on; none: nothing more."""
    global _reached  # noqa: PLW0603 - a parameter would have to go through everything
    _reached = reached


def arm_as_told() -> bool:
    """Arm this process as the environment says; False: nothing was asked, or it cannot be."""
    if VARIABLE not in os.environ:
        return False
    try:
        arming = import_module(ARMING)
    except ModuleNotFoundError:  # a built package
        return False
    # taken away: where it stays, it is refused as a setting that nobody knows
    arm(arming.told(os.environ.pop(VARIABLE)))
    return True


arm_as_told()
