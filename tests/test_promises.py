"""The tests that the page of promises names are there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs/reference/promises.md"
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def test_every_promise_names_tests_that_exist() -> None:
    promises = re.split(r"^## ", PAGE.read_text(), flags=re.MULTILINE)[1:]
    gone = [
        name
        for promise in promises
        for path, name in NAMED.findall(promise)
        if f"def {name}(" not in (ROOT / path).read_text()
    ]
    assert gone == []
    assert [p.split("\n")[0] for p in promises if not NAMED.search(p)] == []
    assert len(promises) == 8
