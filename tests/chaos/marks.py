"""Tells the report of a run which faults a test is about: loaded by `scripts.chaos`."""

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The marks of each test, as its properties; several may be on one."""
    for item in items:
        for mark in item.iter_markers("fault"):
            fault, what = mark.args
            item.user_properties.append(("fault", f"{fault} {what}"))
