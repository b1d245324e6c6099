"""`pagefree explain` against the real program."""

from collections.abc import Iterator
from dataclasses import dataclass

import httpx2
import pytest

from pagefree.app.demo import PASSWORD
from pagefree.infra.postgres import erase
from tests.app.test_cli import Program, run, start
from tests.programs import ANSWER_S, free_port


@dataclass(frozen=True, slots=True)
class Demo:
    """A running demo, and a key to read it."""

    address: str
    api_key: str
    integration_id: str

    def asked(self, *words: str) -> tuple[str, ...]:
        return ("explain", *words, "--url", self.address, "--api-key", self.api_key)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    program = start(tmp_path_factory.mktemp("explain"), free_port(), "--demo")
    try:
        program.wait_for("Ctrl-C stops it")
        yield signed_in(program)
    finally:
        program.process.kill()
        program.process.wait()
        erase(program.folder / "pagefree-data" / "postgres")


def signed_in(program: Program) -> Demo:
    address = f"http://127.0.0.1:{program.port}"
    with httpx2.Client(
        base_url=address, headers={"Origin": address}, timeout=ANSWER_S
    ) as client:
        client.post(
            "/v1/session", json={"email": "ana@example.org", "password": PASSWORD}
        ).raise_for_status()
        made = client.post("/v1/me/api-keys", json={"name": "x", "scopes": ["read"]})
        made.raise_for_status()
        listed = client.get("/v1/integrations").json()
        items = listed["items"] if isinstance(listed, dict) else listed
        generic = next(one for one in items if one["kind"] == "pagerduty_v2")
    return Demo(address, made.json()["token"], generic["id"])


def test_it_says_who_is_paged_for_a_service(demo: Demo) -> None:
    done = run(*demo.asked("checkout"))

    assert done.code == 0, done.err
    assert "A new incident opens. Checkout: high urgency, P1." in done.out
    assert "step 1" in done.out


def test_it_says_what_becomes_of_an_event_that_cannot_be_read(demo: Demo) -> None:
    done = run(*demo.asked("--integration", demo.integration_id))

    assert done.code == 0, done.err
    assert "It cannot be read" in done.out


def test_it_takes_a_whole_request(demo: Demo) -> None:
    request = ("--header", "X-Sent-By: a script", "--path", "/v2/change/enqueue?x=1")

    done = run(*demo.asked("--integration", demo.integration_id, *request))

    assert done.code == 0, done.err
    assert "It cannot be read" in done.out


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--header", "no colon"), 2, 'written "Name: value"'),
        (("--path", "/in/github/key"), 1, "has no address"),
    ],
    ids=["header", "path"],
)
def test_it_refuses_half_a_request(
    demo: Demo, words: tuple[str, ...], code: int, said: str
) -> None:
    done = run(*demo.asked("--integration", demo.integration_id, *words))

    assert done.code == code
    assert said in done.err


def test_it_ends_with_2_for_a_service_that_does_not_exist(demo: Demo) -> None:
    done = run(*demo.asked("nowhere"))

    assert (done.code, done.err.strip()) == (2, "There is no service named nowhere.")


def test_it_ends_with_1_when_it_is_refused(demo: Demo) -> None:
    done = run("explain", "checkout", "--url", demo.address, "--api-key", "pf_wrong")

    assert done.code == 1
    assert "Refused: HTTP 401" in done.err
