"""The page that defines the numbers knows all of them."""

from pathlib import Path

import pytest

from pagefree.insights.reports import REPORTS

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "insights.md"


@pytest.mark.parametrize("key", REPORTS)
def test_the_page_names_a_report_and_its_columns(key: str) -> None:
    told = PAGE.read_text()

    missing = [c.key for c in REPORTS[key].columns if f"`{c.key}`" not in told]
    assert f"**`{key}`**" in told
    assert missing == []
