import httpx2
import pytest

from pagefree.app.web import Deps, create_app
from pagefree.infra.crypto import Vault
from pagefree.infra.db import create_engine
from tests.app.conftest import BASE_URL, SECRET_KEY, Clock


@pytest.mark.parametrize("demo", [True, False])
async def test_only_a_demo_says_who_can_sign_in(*, demo: bool) -> None:
    engine = create_engine("postgresql://nobody@127.0.0.1:1/nothing")
    vault = Vault(SECRET_KEY)
    app = create_app(Deps(engine, Clock(), vault, BASE_URL, demo=demo))
    transport = httpx2.ASGITransport(app)
    async with httpx2.AsyncClient(transport=transport, base_url=BASE_URL) as client:
        answer = await client.get("/api/demo-people")
    await engine.dispose()

    people = [(one["email"], one["password"]) for one in answer.json()]
    assert (("ana@example.org", "pagefree") in people) is demo
    assert bool(people) is demo
