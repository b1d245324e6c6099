"""Rows arrive as they were sent, however little of them was."""

import pytest

from pagefree.infra.arrays import arrays, new_rows
from pagefree.infra.db import Tx, driver

Row = tuple[int, str | None, bool]

ROWS: dict[str, list[Row]] = {
    "one": [(1, "a", True)],
    "one with a null": [(1, None, False)],
    "all the same": [(1, "a", True), (2, "a", True), (3, "a", True)],
    "all null": [(1, None, True), (2, None, False)],
    "null at both ends": [(1, None, True), (2, "a", False), (3, None, True)],
    "null in between": [(1, "a", True), (2, None, True), (3, "a", True)],
    "different": [(1, "a", True), (2, "b", False)],
}


@pytest.mark.parametrize("name", ROWS)
async def test_rows_come_out_as_they_went_in(tx: Tx, name: str) -> None:
    rows = ROWS[name]
    source = new_rows(1, id="int", word="text", flag="bool")
    query = f"SELECT id, word, flag FROM {source} ORDER BY id"
    found = await (await driver(tx)).fetch(query, *arrays(rows))
    assert [tuple(row) for row in found] == rows


def test_what_is_the_same_everywhere_is_sent_once() -> None:
    assert arrays([(1, "a", None), (2, "a", None)]) == [(1, 2), ("a",), ()]
