"""What the service worker leaves to the server is what the server answers itself."""

import re
from pathlib import Path

import pytest

from pagefree.app.api_docs import router as api_docs
from pagefree.app.health import router as health
from pagefree.app.web import ROUTERS
from pagefree.app.web_files import NOT_PAGES

ADDRESSES = (
    Path(__file__).parents[2] / "web" / "src" / "pwa" / "worker" / "addresses.ts"
)
LISTED = re.compile(r"^  /(\^.*)/,$", re.MULTILINE)
PATHS = sorted(
    {
        getattr(route, "path", "")
        for router in (health, api_docs, *ROUTERS)
        for route in router.routes
    }
    - {""}
)


def is_left_to_the_server(path: str) -> bool:
    patterns = LISTED.findall(ADDRESSES.read_text().split("READABLE_OFFLINE")[0])
    assert patterns
    return any(re.search(p.replace(r"\/", "/"), path) for p in patterns)


@pytest.mark.parametrize("start", NOT_PAGES)
def test_what_is_never_a_page_of_the_app_is_left_to_the_server(start: str) -> None:
    assert is_left_to_the_server(f"{start}x")


@pytest.mark.parametrize("path", PATHS)
def test_a_route_of_the_server_is_left_to_it(path: str) -> None:
    assert is_left_to_the_server(re.sub(r"\{[^}]*\}", "x", path))


@pytest.mark.parametrize("path", ["/", "/incidents", "/me", "/invoices", "/v10"])
def test_every_other_address_opens_without_a_network(path: str) -> None:
    assert not is_left_to_the_server(path)
