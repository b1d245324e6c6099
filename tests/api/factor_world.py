"""People with second factors, made through the API as they would make them."""

from datetime import timedelta
from typing import Any

import httpx2
import pyotp

from tests.api.conftest import PASSWORD, Api, Person
from tests.fakes.authenticator import Authenticator

STEP = timedelta(seconds=30)
CONFIRM = "/v1/session/confirm"
SECOND = "/v1/session/second-factor"
Json = dict[str, Any]


def code_of(secret: str, api: Api, steps: int = 0) -> str:
    """What an authenticator app shows, so many steps of 30 seconds from now."""
    return pyotp.TOTP(secret).at(api.clock() + steps * STEP)


def authenticator() -> Authenticator:
    """A phone on which the installation is open under the name of this machine."""
    return Authenticator("http://localhost:8000", "localhost")


async def confirm(person: Person) -> None:
    """Give the password once more."""
    answer = await person.client.post(CONFIRM, json={"password": PASSWORD})
    assert answer.status_code == 200, answer.text


async def add_app(api: Api, person: Person) -> tuple[str, list[str]]:
    """The secret of a new authenticator app, and the recovery codes that came with it.

    The code of the step before is used up for that, so that the one of now still counts.
    """
    await confirm(person)
    begun = await person.client.post("/v1/me/totp")
    assert begun.status_code == 200, begun.text
    secret: str = begun.json()["secret"]
    done = await person.client.put(
        "/v1/me/totp/confirmation", json={"code": code_of(secret, api, -1)}
    )
    assert done.status_code == 200, done.text
    return secret, done.json()["recovery_codes"]


async def add_passkey(
    person: Person, phone: Authenticator, name: str = "Phone"
) -> Json:
    """The passkey as the API shows it, and recovery codes."""
    await confirm(person)
    asked = (await person.client.post("/v1/me/passkeys/challenge")).json()
    body = {
        "challenge_id": asked["challenge_id"],
        "name": name,
        "credential": phone.make(asked["options"]),
    }
    made = await person.client.post("/v1/me/passkeys", json=body)
    assert made.status_code == 201, made.text
    answer: Json = made.json()
    return answer


async def first_half(client: httpx2.AsyncClient, email: str) -> Json:
    """Give the right password; what else is asked for."""
    answer = await client.post(
        "/v1/session", json={"email": email, "password": PASSWORD}
    )
    assert answer.status_code == 202, answer.text
    step: Json = answer.json()
    return step


async def signed(client: httpx2.AsyncClient, phone: Authenticator, path: str) -> Json:
    """What the phone makes of a challenge that is asked for at `path`."""
    asked = await client.post(path)
    assert asked.status_code == 200, asked.text
    challenge = asked.json()
    return {
        "challenge_id": challenge["challenge_id"],
        "credential": phone.sign(challenge["options"]),
    }
