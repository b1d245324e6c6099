"""When a rule is proposed for what people call noise."""

import pytest

from pagefree.core.noise import Remedy, remedy


@pytest.mark.parametrize(
    ("incidents", "proposed"),
    [
        (0, None),
        (2, None),
        (3, Remedy.LOW_URGENCY),
        (5, Remedy.LOW_URGENCY),
        (6, Remedy.SUPPRESS),
    ],
)
def test_the_more_often_it_was_noise_the_quieter_the_rule(
    incidents: int, proposed: Remedy | None
) -> None:
    assert remedy(incidents) is proposed
