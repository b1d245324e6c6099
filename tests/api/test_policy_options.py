"""What a policy may say of its steps, and what is found to be wrong with it, over HTTP."""

from dataclasses import dataclass

import pytest

from pagefree.accounts.queries import Team
from pagefree.core.access import Role
from tests.api.conftest import Api, Person

POLICIES = "/v1/escalation-policies"
JSON = dict[str, object]
WINDOW: JSON = {"weekdays": [0, 4], "start": "22:00", "end": "06:30"}


@dataclass(frozen=True, slots=True)
class Own:
    """A team, its admin and somebody else in it."""

    team: Team
    ana: Person
    bo: Person

    def policy(self, *steps: JSON, **changes: object) -> JSON:
        return {
            "name": "Nights",
            "team_id": str(self.team.id),
            "steps": steps,
            **changes,
        }


def step(*people: Person, **options: object) -> JSON:
    targets = [{"kind": "user", "id": str(person.id)} for person in people]
    return {"timeout_s": 300, "targets": targets, **options}


@pytest.fixture
async def own(api: Api) -> Own:
    team = await api.team("Web")
    ana = await api.user("Ana", teams={team.id: Role.TEAM_ADMIN})
    return Own(team, ana, await api.user("Bo", teams={team.id: Role.RESPONDER}))


async def test_findings_of_a_policy_and_of_a_draft_are_the_same(own: Own) -> None:
    rules = [
        {
            "urgency": "high",
            "delay_s": 600,
            "contact_method_id": await _method(own.ana),
        }
    ]
    path = f"/v1/users/{own.ana.id}/notification-rules"
    assert (await own.ana.client.put(path, json=rules)).status_code == 200
    draft = own.policy(step(own.ana), step(own.bo))
    made = await own.ana.client.post(POLICIES, json=draft)

    saved = await own.bo.client.get(f"{POLICIES}/{made.json()['id']}/findings")
    drafted = await own.bo.client.post(f"{POLICIES}/findings", json=draft)

    assert saved.status_code == drafted.status_code == 200, drafted.text
    assert saved.json() == drafted.json()
    (late,) = saved.json()
    assert (late["kind"], late["weight"], late["step"]) == ("late_rule", "warning", 0)
    assert late["detail"] == (
        "Step 1 waits 5 min, but Ana is told by email only after 10 min."
    )


async def _method(person: Person) -> str:
    found = await person.client.get(f"/v1/users/{person.id}/contact-methods")
    return str(next(m["id"] for m in found.json() if m["channel"] == "email"))


async def test_a_policy_keeps_everything_that_it_was_given(own: Own) -> None:
    hours = {
        "time_zone": "Europe/Berlin",
        "windows": [WINDOW],
    }
    full = step(
        own.ana,
        round_robin=True,
        only_urgency="high",
        only_hours={**hours, "inside": False},
        wait_for=hours,
        acknowledgements=3,
    )
    policy = own.policy(full, ack_timeout_s=1800, low_urgency_hours=hours)

    made = await own.ana.client.post(POLICIES, json=policy)

    assert made.status_code == 201, made.text
    kept = (await own.bo.client.get(f"{POLICIES}/{made.json()['id']}")).json()
    assert kept == made.json()
    ana = {"kind": "user", "id": str(own.ana.id), "which": "current"}
    target = {**ana, "name": "Ana", "hidden": False}
    assert kept["steps"] == [{**full, "targets": [target]}]
    assert (kept["ack_timeout_s"], kept["low_urgency_hours"]) == (1800, hours)


@pytest.mark.parametrize(
    "option",
    [
        {"wait_for": {"time_zone": "Mars/Olympus", "windows": [WINDOW]}},
        {"wait_for": {"time_zone": "UTC", "windows": [{**WINDOW, "start": "9:00Z"}]}},
        {"wait_for": {"time_zone": "UTC", "windows": []}},
        {"acknowledgements": 0},
        {"only_urgency": "medium"},
    ],
    ids=["zone", "clock", "no window", "acknowledgements", "urgency"],
)
async def test_options_that_make_no_sense_are_refused(
    own: Own, option: dict[str, object]
) -> None:
    policy = own.policy(step(own.ana, **option))

    answer = await own.ana.client.post(POLICIES, json=policy)

    assert answer.status_code == 422
