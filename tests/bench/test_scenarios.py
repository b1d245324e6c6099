"""Every scenario of `make bench` once at a hundredth of its size: correct, however fast."""

import shutil
from collections.abc import AsyncIterator

import pytest

from bench.rig import Template, rig, template
from bench.scenario import Scenario
from bench.scenarios import all_scenarios

SCALE = 0.01


@pytest.fixture(scope="module")
async def installation() -> AsyncIterator[Template]:
    """What the scenarios of this module copy."""
    if shutil.which("wrk") is None:
        pytest.fail("no wrk: run `make test`, or `sudo apt-get install wrk`")
    async with template() as made:
        yield made


@pytest.mark.parametrize(
    "scenario",
    [
        # those that are measured once a run start and end whole installations
        pytest.param(
            one,
            id=one.name,
            marks=[pytest.mark.long, pytest.mark.fault(one.name, one.title)]
            if one.once
            else [],
        )
        for one in all_scenarios()
    ],
)
async def test_nothing_is_lost_doubled_or_refused(
    scenario: Scenario, installation: Template
) -> None:
    async with rig(installation, SCALE) as running:
        figures = await scenario.run(running)  # raises Incorrect

    assert figures.keys() == {budget.name for budget in scenario.budgets}
