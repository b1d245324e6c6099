"""How much a phone fetches that has never been here: there is a budget, and it is kept."""

import pytest

from scripts.web_build import BUILT
from scripts.web_size import MOST_KIB, first_screen


def test_the_first_screen_fits_into_its_budget() -> None:
    if not (BUILT / "index.html").exists():
        pytest.fail(
            "the web app is not built: run `make test`, or scripts.bootstrap web"
        )

    size = first_screen()

    assert any(name.startswith("IncidentsPage-") for name in size.files)
    assert size.kib <= MOST_KIB, (
        "run `python -m scripts.web_size`: it says what is large"
    )
