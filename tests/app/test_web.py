from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import pytest

from pagefree.app.middleware import BODY_LIMIT
from pagefree.app.web import Deps, create_app
from pagefree.infra.crypto import Vault
from pagefree.infra.db import create_engine
from tests.app.conftest import SECRET_KEY, Api, Clock

NOWHERE = "postgresql://nobody@127.0.0.1:1/nothing"


@asynccontextmanager
async def browser(
    folder: Path, base_url: str = "http://127.0.0.1:8000", database_url: str = NOWHERE
) -> AsyncIterator[httpx2.AsyncClient]:
    engine = create_engine(database_url)
    deps = Deps(
        engine=engine,
        clock=Clock(),
        vault=Vault(SECRET_KEY),
        base_url=base_url,
        web_files=folder,
    )
    transport = httpx2.ASGITransport(create_app(deps), raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url=base_url) as client:
        yield client
    await engine.dispose()


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """A web app as its build leaves it."""
    (tmp_path / "index.html").write_text("<!doctype html><title>PageFree</title>")
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "app-1a2b.js").write_text("console.log(1)" * 100)
    (tmp_path / ".done").write_text("a stamp of the build")
    return tmp_path


@pytest.mark.parametrize(
    "path", ["/", "/incidents", "/incidents/7?tab=alerts", "/%00", "/" + "x" * 5000]
)
async def test_pages_are_the_web_app_and_always_fresh(built: Path, path: str) -> None:
    async with browser(built) as client:
        answer = await client.get(path)

    assert answer.status_code == 200
    assert "<title>PageFree</title>" in answer.text
    assert answer.headers["cache-control"] == "no-cache"


async def test_hashed_files_are_kept_for_ever_and_travel_compressed(
    built: Path,
) -> None:
    async with browser(built) as client:
        answer = await client.get("/assets/app-1a2b.js")

    assert answer.text == "console.log(1)" * 100
    assert answer.headers["content-encoding"] == "gzip"
    assert "immutable" in answer.headers["cache-control"]


async def test_browsers_get_the_smallest_copy_that_they_can_read(built: Path) -> None:
    (built / "assets/app-1a2b.js.br").write_bytes(b"packed by the build")
    path = "/assets/app-1a2b.js"
    async with browser(built) as client:
        both = client.build_request(
            "GET", path, headers={"Accept-Encoding": "gzip, br"}
        )
        best = await client.send(both, stream=True)
        raw = b"".join([part async for part in best.aiter_raw()])
        none = await client.get(path, headers={"Accept-Encoding": "identity"})
        itself = await client.get(f"{path}.br")

    assert (best.headers["content-encoding"], raw) == ("br", b"packed by the build")
    assert "content-encoding" not in none.headers
    assert itself.status_code == 404


async def test_a_file_that_has_not_changed_is_not_sent_again(built: Path) -> None:
    async with browser(built) as client:
        first = await client.get("/")
        again = await client.get("/", headers={"If-None-Match": first.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "path", ["/assets/app-old.js", "/v1/nothing", "/api/nothing", "/v2/nothing"]
)
async def test_what_is_not_there_is_a_problem_and_not_the_web_app(
    built: Path, path: str
) -> None:
    async with browser(built) as client:
        answer = await client.get(path)

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "not_found"


@pytest.mark.parametrize("path", ["/.done", "/%2e%2e/conftest.py", "/assets/../.done"])
async def test_nothing_else_of_the_disk_is_served(built: Path, path: str) -> None:
    async with browser(built) as client:
        answer = await client.get(path)

    assert "stamp" not in answer.text
    assert "pytest" not in answer.text


async def test_without_a_built_web_app_a_page_says_what_to_do(tmp_path: Path) -> None:
    async with browser(tmp_path) as client:
        answer = await client.get("/")

    assert answer.status_code == 503
    assert "make run" in answer.text


async def test_every_answer_protects_the_person_in_front_of_the_browser(
    built: Path,
) -> None:
    async with browser(built) as client:
        answers = [await client.get(path) for path in ("/", "/v1/me", "/api/docs")]

    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "script-src" not in policy  # so it falls back to 'self': nothing inline
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "strict-transport-security" not in answer.headers


async def test_over_https_browsers_are_told_to_stay_there(built: Path) -> None:
    async with browser(built, "https://pager.example") as client:
        answer = await client.get("/")

    assert answer.headers["strict-transport-security"].startswith("max-age=31536000")


@pytest.mark.parametrize(
    ("sent", "kept"), [("abc-123", True), ("a" * 65, False), ("<script>", False)]
)
async def test_a_harmless_request_id_comes_back(
    built: Path, sent: str, *, kept: bool
) -> None:
    async with browser(built) as client:
        answer = await client.get("/healthz", headers={"X-Request-Id": sent})

    assert (answer.headers["x-request-id"] == sent) is kept


async def test_a_body_that_is_too_large_is_refused(api: Api) -> None:
    client = await api.admin()

    answer = await client.post("/v1/teams", content=b" " * (BODY_LIMIT + 1))

    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "once"}])
async def test_an_endless_body_is_refused_when_it_passes_the_limit(
    api: Api, headers: dict[str, str]
) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b" " * 65_536

    client = await api.admin()

    answer = await client.post("/v1/teams", content=endless(), headers=headers)

    assert answer.status_code == 413


async def test_the_process_is_alive_and_not_ready_without_a_database(
    built: Path,
) -> None:
    async with browser(built) as client:
        alive, ready = await client.get("/healthz"), await client.get("/readyz")

    assert (alive.status_code, ready.status_code) == (200, 503)


async def test_with_a_migrated_database_it_is_ready(api: Api) -> None:
    client = await api.client()

    assert (await client.get("/readyz")).json() == {"status": "ok"}


async def test_an_empty_database_is_not_ready(postgres: str, built: Path) -> None:
    async with browser(built, database_url=postgres) as client:
        answer = await client.get("/readyz")

    assert answer.json() == {"status": "unready", "why": "not migrated"}


async def test_while_the_database_is_away_the_api_asks_to_come_again(
    built: Path,
) -> None:
    async with browser(built) as client:
        answer = await client.get("/v1/me", headers={"Cookie": "pagefree=x"})

    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert answer.headers["retry-after"] == "5"


async def test_the_figures_name_routes_and_no_paths(api: Api) -> None:
    client = await api.admin()
    await client.get("/v1/teams/00000000-0000-0000-0000-000000000000")

    figures = (await client.get("/metrics")).text

    assert 'route="/v1/teams/{team_id}"' in figures
    assert "00000000" not in figures


async def test_the_documentation_of_the_api_needs_no_script(api: Api) -> None:
    client = await api.client()

    page = (await client.get("/api/docs")).text

    assert "<script" not in page
    assert "/v1/incidents/{incident_id}/acknowledgement" in page


async def test_the_api_document_is_openapi_31_with_names_for_clients(api: Api) -> None:
    document = api.app.openapi()

    assert document["openapi"].startswith("3.1")
    names = [
        operation["operationId"]
        for item in document["paths"].values()
        for operation in item.values()
    ]
    assert "putAcknowledgement" in names
    assert len(names) == len(set(names))


async def test_a_failure_of_ours_is_a_problem_that_tells_nothing(api: Api) -> None:
    @api.app.get("/v1/broken")
    async def broken() -> None:
        raise RuntimeError("the password is hunter2")

    client = await api.client()

    answer = await client.get("/v1/broken")

    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert "hunter2" not in answer.text
    assert "content-security-policy" in answer.headers
    assert "x-request-id" in answer.headers
