"""Failpoints: each has a name of its own, they cost nothing, and a built package has no fuse."""

import os
import re
import subprocess
import sys
import timeit
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

from pagefree.infra import arming, failpoints
from pagefree.infra.failpoints import arm, failpoint
from tests.chaos.failpoint_names import names

ROOT = Path(__file__).resolve().parents[2]
FUSE = "pagefree/infra/arming.py"
NAME = re.compile(r"[a-z]+(\.[a-z_]+)+")
AT_MOST_S = 2e-6  # of a call that does nothing; it takes a thirtieth of this


def test_every_failpoint_has_a_name_of_its_own() -> None:
    found = names()

    assert len(set(found)) == len(found) > 30
    assert [name for name in found if not NAME.fullmatch(name)] == []


def test_a_failpoint_that_is_not_armed_costs_nothing() -> None:
    took = min(timeit.repeat(lambda: failpoint("x"), number=10_000, repeat=5))

    assert took / 10_000 < AT_MOST_S


def test_the_built_package_has_failpoints_and_nothing_to_arm_them_with() -> None:
    builder = WheelBuilder(str(ROOT))

    there = {one.distribution_path for one in builder.recurse_included_files()}

    assert "pagefree/infra/failpoints.py" in there
    assert FUSE not in there
    assert (ROOT / "src" / FUSE).exists()


def test_without_what_arms_it_nothing_is_armed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(failpoints.VARIABLE, "x:exit")
    monkeypatch.setitem(sys.modules, failpoints.ARMING, None)  # as if it were not there

    assert not failpoints.arm_as_told()
    assert failpoints.VARIABLE in os.environ  # which then is a setting nobody knows

    failpoint("x")


def test_one_is_told_to_raise_at_its_second_time() -> None:
    arm(arming.told("here:2:raise,there:raise"))
    try:
        failpoint("here")
        with pytest.raises(arming.Failed, match="here"):
            failpoint("here")
        failpoint("here")
        with pytest.raises(arming.Failed, match="there"):
            failpoint("there")
    finally:
        arm(None)


@pytest.mark.parametrize("text", ["here", "here:melt", "a:1:2:exit", "here:x:exit"])
def test_what_is_no_order_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        arming.told(text)


def test_a_process_is_armed_by_its_environment_and_ends_as_if_killed() -> None:
    code = "from pagefree.infra.failpoints import failpoint; failpoint('here')"
    environment = {**os.environ, failpoints.VARIABLE: "here:exit"}

    done = subprocess.run([sys.executable, "-c", code], env=environment, check=False)

    assert done.returncode == arming.KILLED
