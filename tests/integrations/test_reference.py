"""The reference lists every kind of integration, and every address that senders use."""

import re
from pathlib import Path

import pytest

from pagefree.integrations import all_kinds
from pagefree.integrations.base import Kind

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "ingest.md"
ROW = re.compile(
    r"^\| (?P<title>[^|]+) \| `(?P<kind>\w+)` \| (?P<rest>.+) \|$", re.MULTILINE
)
KINDS = all_kinds()


def rows() -> dict[str, re.Match[str]]:
    return {found["kind"]: found for found in ROW.finditer(PAGE.read_text())}


def test_the_table_has_exactly_the_kinds_there_are() -> None:
    assert rows().keys() == KINDS.keys()


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_kind_stands_with_its_title_its_addresses_and_whether_it_signs(
    kind: Kind,
) -> None:
    row = rows()[kind.name]
    addresses, signature = row["rest"].split(" | ")

    assert row["title"] == kind.integration.title
    for endpoint in kind.integration.endpoints:
        assert f"`{endpoint.path}" in addresses
    assert bool(signature.strip()) == (kind.integration.signature is not None)
