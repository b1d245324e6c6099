"""Explain one service: five steps, forty people with rules of their own, a schedule."""

import time
from collections import Counter
from collections.abc import Mapping, Sequence

import httpx2
import msgspec

from bench.percentiles import percentile
from bench.rig import Rig
from bench.scenario import Budget, Scenario, check

TIMES = 300
PEOPLE_OF_A_STEP = 10
STEPS = 4  # of people; the last step pages a schedule
TIMEOUT_MINUTES = 10
DELAYS_MINUTES = (0, 2, 5)  # of everybody's rules


class Thing(msgspec.Struct):
    """Anything with an id."""

    id: str


class Method(Thing):
    """A contact method."""

    channel: str


class Person(msgspec.Struct):
    """Somebody, as others mention them."""

    id: str


class Message(msgspec.Struct):
    """One message in a minute."""

    user: Person


class Minute(msgspec.Struct):
    """A minute in which somebody is paged."""

    minute: int
    pages: list[Message]


class Story(msgspec.Struct):
    """What becomes of an incident of the service."""

    minutes: list[Minute]


class Answer(msgspec.Struct):
    """The part of the answer that is looked at."""

    stories: list[Story]


async def run(rig: Rig) -> dict[str, float]:
    """Ask again and again; each answer must name every message and no other."""
    headers = {"Authorization": f"Bearer {rig.world.api_key}"}
    async with (
        rig.web() as web,
        httpx2.AsyncClient(
            base_url=f"http://127.0.0.1:{web.port}/v1", headers=headers, timeout=30
        ) as client,
    ):
        people = [
            [await _person(client, f"{step}.{n}") for n in range(PEOPLE_OF_A_STEP)]
            for step in range(STEPS)
        ]
        service_id = await _service(client, rig, people)
        taken = []
        for _ in range(rig.size(TIMES)):
            began = time.perf_counter()
            answer = await client.post("/explain", json={"service_id": service_id})
            taken.append(time.perf_counter() - began)
            answer.raise_for_status()
            _check(msgspec.json.decode(answer.content, type=Answer), people)
    return {
        "explain p50": percentile(taken, 50),
        "explain p99": percentile(taken, 99),
    }


def _check(answer: Answer, people: Sequence[Sequence[str]]) -> None:
    (story,) = answer.stories
    told = Counter(
        (minute.minute, page.user.id)
        for minute in story.minutes
        for page in minute.pages
    )
    expected = {
        (step * TIMEOUT_MINUTES + delay, user_id)
        for step, paged in enumerate(people)
        for user_id in paged
        for delay in DELAYS_MINUTES
    }
    check(set(told) >= expected, f"{len(expected - set(told))} messages are missing")
    check(all(told[one] == 1 for one in expected), "a message is told of twice")
    others = {minute for minute, user_id in set(told) - expected}
    # whoever has the schedule, and in the end the platform admin
    last = {STEPS * TIMEOUT_MINUTES, (STEPS + 1) * TIMEOUT_MINUTES}
    check(others == last, f"others are paged in {others}")


async def _person(client: httpx2.AsyncClient, name: str) -> str:
    """Somebody with a rule for each delay."""
    user_id = await _made(
        client, "/users", {"email": f"p{name}@example.org", "name": name}
    )
    listed = await client.get(f"/users/{user_id}/contact-methods")
    methods = msgspec.json.decode(listed.content, type=list[Method])
    mail = next(method.id for method in methods if method.channel == "email")
    rules = [
        {"urgency": "high", "delay_s": 60 * delay, "contact_method_id": mail}
        for delay in DELAYS_MINUTES
    ]
    put = await client.put(f"/users/{user_id}/notification-rules", json=rules)
    put.raise_for_status()
    return user_id


async def _service(
    client: httpx2.AsyncClient, rig: Rig, people: Sequence[Sequence[str]]
) -> str:
    listed = await client.get("/schedules")
    schedule = msgspec.json.decode(listed.content, type=list[Thing])[0]
    targets = [[{"kind": "user", "id": one} for one in paged] for paged in people]
    targets.append([{"kind": "schedule", "id": schedule.id}])
    team_id = str(rig.world.team_id)
    steps = [{"timeout_s": 60 * TIMEOUT_MINUTES, "targets": t} for t in targets]
    policy = {"name": "Explained", "team_id": team_id, "steps": steps}
    policy_id = await _made(client, "/escalation-policies", policy)
    service = {
        "name": "Explained",
        "team_id": team_id,
        "escalation_policy_id": policy_id,
    }
    return await _made(client, "/services", service)


async def _made(
    client: httpx2.AsyncClient, path: str, body: Mapping[str, object]
) -> str:
    answer = await client.post(path, json=body)
    answer.raise_for_status()
    return msgspec.json.decode(answer.content, type=Thing).id


SCENARIO = Scenario(
    "explain",
    "who is paged for one service, minute by minute",
    (
        Budget("explain p50", "ms"),
        Budget("explain p99", "ms", 50, at_least=False),
    ),
    run,
)
