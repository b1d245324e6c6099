"""However requests fall into batches, the same becomes of their events."""

from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.ingest.scene import Scene

NUMBERS = count()

events = st.fixed_dictionaries(
    {
        "action": st.sampled_from(["trigger", "resolve", "acknowledge"]),
        "dedup_key": st.sampled_from(["a", "b", "c"]),
        "severity": st.sampled_from(["critical", "warning"]),
    },
    optional={
        "group_key": st.sampled_from(["g", "h"]),
        "episode_at": st.sampled_from(["2026-03-02T10:00:00Z", "2026-03-02T11:00:00Z"]),
    },
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sent=st.lists(events, min_size=1, max_size=8))
async def test_one_request_of_many_events_does_what_many_requests_do(
    scene: Scene, sent: list[dict[str, str]]
) -> None:
    at_once, one_by_one = f"{next(NUMBERS)}", f"{next(NUMBERS)}"

    def named(run: str) -> list[dict[str, str]]:
        keys = ("dedup_key", "group_key")
        return [{**e, **{k: f"{run} {e[k]}" for k in keys if k in e}} for e in sent]

    async def became(run: str) -> list[tuple[object, ...]]:
        return await scene.rows(
            "SELECT right(dedup_key, 1) AS key, a.status, a.occurrences, i.status,"
            " i.severity FROM alerts AS a JOIN incidents AS i ON i.id = incident_id"
            f" WHERE dedup_key LIKE '{run} %' ORDER BY a.status, key, i.status, occurrences"
        )

    await scene.connection.execute("DELETE FROM inbound_requests")
    answers = [await scene.generic(named(at_once))]
    together = await scene.outcomes()
    await scene.connection.execute("DELETE FROM inbound_requests")
    answers += [await scene.generic(event) for event in named(one_by_one)]

    assert {answer.status_code for answer in answers} == {202}
    assert together == await scene.outcomes()
    alone = [row[:3] for row in await became(one_by_one)]
    assert [row[:3] for row in await became(at_once)] == alone
    wrong = """
        SELECT number FROM incidents AS i WHERE open_alert_count <> (
            SELECT count(*) FROM alerts AS a
            WHERE a.incident_id = i.id AND a.status = 'open'
        ) OR (status = 'resolved') <> (open_alert_count = 0)
    """
    assert await scene.rows(wrong) == []
