"""What is exported can be opened."""

import pytest

from pagefree.infra.spreadsheets import as_csv


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@sum", "\t=1", "\r=1", "\uff1d1", "\uff0b1"]
)
def test_no_spreadsheet_takes_a_text_for_a_formula(text: str) -> None:
    _, line, *_ = as_csv(["name"], [[text]]).splitlines()

    assert line.lstrip('"').startswith("'")


def test_numbers_stay_numbers_and_nothing_stays_nothing() -> None:
    assert as_csv(["a", "b", "c"], [[-1, 0.5, None]]) == "a,b,c\r\n-1,0.5,\r\n"
