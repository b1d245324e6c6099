"""What becomes of what monitoring tools send."""

from sqlalchemy import text

from pagefree.infra.clock import system_clock as scene_now
from pagefree.infra.db import transaction
from pagefree.services import service as services
from tests.ingest.scene import ADMIN, BEHIND, Scene

FIRING = {
    "status": "firing",
    "labels": {"alertname": "Lag", "severity": "critical"},
    "annotations": {"summary": "lag 95 s"},
    "startsAt": "2026-03-02T10:00:00Z",
    "endsAt": "0001-01-01T00:00:00Z",
    "fingerprint": "f1",
}
RESOLVED = {**FIRING, "status": "resolved", "endsAt": "2026-03-02T11:00:00Z"}
TRIGGER = {
    "event_action": "trigger",
    "dedup_key": "disk",
    "payload": {"summary": "Disk full", "source": "db-1", "severity": "critical"},
}


async def test_a_request_answered_202_is_on_disk_with_all_that_follows(
    scene: Scene,
) -> None:
    answer = await scene.generic({"title": "Disk full", "dedup_key": "disk"})

    assert answer.status_code == 202
    assert await scene.outcomes() == ["opened"]
    assert await scene.rows(
        "SELECT title, status, severity, priority, urgency, alert_count FROM incidents"
    ) == [("Disk full", "triggered", "critical", "P1", "high", 1)]
    assert await scene.value("SELECT state FROM escalations") == "running"
    assert await scene.rows(
        "SELECT kind, seq, actor_kind FROM events WHERE incident_id IS NOT NULL"
    ) == [("incident.triggered", 1, "integration")]


async def test_duplicates_count_and_page_nobody_again(scene: Scene) -> None:
    for _ in range(5):
        await scene.generic({"title": "Disk full", "dedup_key": "disk"})

    assert await scene.outcomes() == ["opened", *["duplicate"] * 4]
    assert await scene.value("SELECT occurrences FROM alerts") == 5
    assert await scene.value("SELECT count(*) FROM incidents") == 1
    in_timeline = "SELECT count(*) FROM events WHERE incident_id IS NOT NULL"
    assert await scene.value(in_timeline) == 1


async def test_a_duplicate_that_is_worse_makes_the_incident_worse(scene: Scene) -> None:
    await scene.generic({"title": "Disk", "dedup_key": "disk", "severity": "warning"})
    await scene.generic({"title": "Disk", "dedup_key": "disk", "severity": "critical"})
    await scene.generic({"title": "Disk", "dedup_key": "disk", "severity": "info"})

    assert await scene.value("SELECT severity FROM alerts") == "info"
    assert await scene.value("SELECT severity FROM incidents") == "critical"


async def test_resolving_the_last_alert_resolves_the_incident(scene: Scene) -> None:
    await scene.generic({"title": "Disk full", "dedup_key": "disk"})
    await scene.generic({"action": "resolve", "dedup_key": "disk"})

    assert await scene.outcomes() == ["opened", "resolved"]
    assert await scene.value("SELECT status FROM alerts") == "resolved"
    assert await scene.rows("SELECT status, open_alert_count FROM incidents") == [
        ("resolved", 0)
    ]
    assert await scene.value("SELECT due_at FROM escalations") is None


async def test_firing_after_a_resolve_opens_a_new_incident(scene: Scene) -> None:
    for action in ("trigger", "resolve", "trigger"):
        await scene.generic(
            {"title": "Disk full", "dedup_key": "disk", "action": action}
        )

    assert await scene.outcomes() == ["opened", "resolved", "opened"]
    assert await scene.value("SELECT count(*) FROM incidents") == 2


async def test_what_opens_and_ends_in_one_request_is_an_incident_that_is_over(
    scene: Scene,
) -> None:
    await scene.generic(
        [
            {"title": "Disk full", "dedup_key": "disk"},
            {"action": "resolve", "dedup_key": "disk"},
        ]
    )

    assert await scene.outcomes() == ["opened", "resolved"]
    assert await scene.value("SELECT status FROM incidents") == "resolved"


async def test_what_ends_and_fires_again_in_one_request_is_a_new_incident(
    scene: Scene,
) -> None:
    disk = {"title": "Disk full", "dedup_key": "disk"}
    await scene.generic(disk)
    answer = await scene.generic([{**disk, "action": "resolve"}, disk, disk])

    assert answer.status_code == 202
    assert await scene.outcomes() == ["opened", "resolved", "opened", "duplicate"]
    assert await scene.rows("SELECT status FROM incidents ORDER BY id") == [
        ("resolved",),
        ("triggered",),
    ]


async def test_an_old_firing_after_the_resolve_of_its_episode_is_ignored(
    scene: Scene,
) -> None:
    for alert in (FIRING, RESOLVED, FIRING):
        await scene.alertmanager(alert)
    again = {**FIRING, "startsAt": "2026-03-02T12:00:00Z"}
    await scene.alertmanager(again)

    assert await scene.outcomes() == ["opened", "resolved", "stale", "opened"]
    assert await scene.value("SELECT count(*) FROM incidents") == 2


async def test_a_group_of_alertmanager_is_one_incident_until_all_of_it_is_resolved(
    scene: Scene,
) -> None:
    other = {**FIRING, "fingerprint": "f2"}
    await scene.alertmanager(FIRING, other)
    await scene.alertmanager(RESOLVED, other, {**FIRING, "fingerprint": "f3"})
    counts = "SELECT status, alert_count, open_alert_count FROM incidents"
    assert await scene.rows(counts) == [("triggered", 3, 2)]

    over = [{**RESOLVED, "fingerprint": f} for f in ("f1", "f2", "f3")]
    await scene.alertmanager(*over)

    assert await scene.rows(counts) == [("resolved", 3, 0)]


async def test_another_group_is_another_incident(scene: Scene) -> None:
    await scene.alertmanager(FIRING, group="a")
    await scene.alertmanager({**FIRING, "fingerprint": "f2"}, group="b")

    assert await scene.value("SELECT count(*) FROM incidents") == 2


async def test_a_source_can_acknowledge(scene: Scene) -> None:
    await scene.pagerduty(TRIGGER)
    answer = await scene.pagerduty({"event_action": "acknowledge", "dedup_key": "disk"})

    assert answer.status_code == 202
    assert await scene.outcomes() == ["opened", "acknowledged"]
    assert await scene.rows("SELECT status, acknowledged_by_id FROM incidents") == [
        ("acknowledged", None)
    ]


async def test_pagerduty_clients_get_the_answers_they_check_for(scene: Scene) -> None:
    opened = await scene.pagerduty(TRIGGER)
    assert (opened.status_code, opened.json()) == (
        202,
        {"status": "success", "message": "Event processed", "dedup_key": "disk"},
    )

    without_key = {k: v for k, v in TRIGGER.items() if k != "dedup_key"}
    made = (await scene.pagerduty(without_key)).json()["dedup_key"]
    assert made
    assert await scene.value("SELECT count(*) FROM alerts") == 2

    for action in ("acknowledge", "resolve"):
        nothing = await scene.pagerduty({"event_action": action, "dedup_key": "x"})
        assert nothing.status_code == 202

    wrong = await scene.pagerduty({"event_action": "trigger", "payload": {}})
    assert (wrong.status_code, wrong.json()) == (
        400,
        {
            "status": "invalid event",
            "message": "Event object is invalid",
            "errors": [
                "'payload.summary' is missing or blank",
                "'payload.source' is missing or blank",
                "'payload.severity' is missing or blank",
            ],
        },
    )
    kept = "SELECT outcome FROM inbound_requests ORDER BY id DESC LIMIT 1"
    assert await scene.value(kept) == "quarantined"
    assert await scene.value("SELECT count(*) FROM incidents") == 2


async def test_a_routing_key_in_the_header_is_as_good(scene: Scene) -> None:
    headers = {"X-Routing-Key": scene.sources["pagerduty_v2"].key}

    answer = await scene.client.post("/v2/enqueue", json=TRIGGER, headers=headers)

    assert answer.status_code == 202


async def test_a_change_is_recorded_and_pages_nobody(scene: Scene) -> None:
    answer = await scene.client.post(
        "/v2/change/enqueue",
        json={
            "routing_key": scene.sources["pagerduty_v2"].key,
            "payload": {"summary": "Deploy 42", "source": "ci"},
        },
    )

    assert answer.json() == {
        "status": "success",
        "message": "Change event processed",
    }
    assert await scene.outcomes() == ["change"]
    assert await scene.rows("SELECT summary, source FROM changes") == [
        ("Deploy 42", "ci")
    ]
    assert await scene.value("SELECT count(*) FROM incidents") == 0


async def test_what_cannot_be_read_is_kept_and_somebody_is_told_once(
    scene: Scene,
) -> None:
    for body in (b"disk is full", b"\xff\xfe{", b'"just text"'):
        answer = await scene.post("generic", body)
        assert answer.status_code == 202
        assert answer.json()["status"] == "quarantined"

    stored = "SELECT outcome, body FROM inbound_requests ORDER BY id"
    assert await scene.rows(stored) == [
        ("quarantined", b"disk is full"),
        ("quarantined", b"\xff\xfe{"),
        ("quarantined", b'"just text"'),
    ]
    assert await scene.rows("SELECT title, urgency FROM incidents") == [
        ("generic sends something that PageFree cannot read", "high")
    ]


async def test_an_unknown_key_is_refused_before_anything_is_stored(
    scene: Scene,
) -> None:
    in_path = await scene.client.post("/in/generic/pfi_nobody", json={})
    bearer = {"Authorization": "Bearer pfi_nobody"}
    in_header = await scene.client.post("/in/generic", json={}, headers=bearer)
    nowhere = await scene.client.post("/in/generic", json={})
    other_kind = scene.sources["alertmanager"].key
    wrong_kind = await scene.client.post(f"/in/generic/{other_kind}", json={})
    in_body = await scene.client.post(
        "/v2/enqueue", json={**TRIGGER, "routing_key": "x" * 32}
    )

    assert in_path.status_code == 404
    assert in_header.status_code == 401
    assert nowhere.status_code == 401
    assert wrong_kind.status_code == 404
    assert (in_body.status_code, in_body.json()["errors"]) == (
        400,
        ["'routing_key' is missing or invalid"],
    )
    assert await scene.value("SELECT count(*) FROM inbound_requests") == 0


async def test_a_key_made_just_now_works_at_once(scene: Scene) -> None:
    async with transaction(scene.engine) as tx:
        _, key = await services.add_key(
            tx, scene.sources["generic"].id, ADMIN, scene_now()
        )

    answer = await scene.client.post(
        f"/in/generic/{key.routing_key}", json={"title": "x"}
    )

    assert answer.status_code == 202


async def test_an_ended_key_is_refused(scene: Scene) -> None:
    source = scene.sources["generic"]
    async with transaction(scene.engine) as tx:
        integration = await services.get_integration(tx, source.id, scene_now())
        await services.end_key(
            tx, source.id, integration.keys[0].id, ADMIN, scene_now()
        )
    await scene.ingest.snapshot.load()

    assert (await scene.generic({"title": "x"})).status_code == 404


async def test_a_disabled_integration_is_refused(scene: Scene) -> None:
    source = scene.sources["generic"]
    async with transaction(scene.engine) as tx:
        changes = {"disabled_at": scene_now()}
        await services.change_integration(tx, source.id, changes, ADMIN, scene_now())
    await scene.ingest.snapshot.load()

    assert (await scene.generic({"title": "x"})).status_code == 404


async def test_events_of_an_archived_service_are_only_recorded(scene: Scene) -> None:
    async with transaction(scene.engine) as tx:
        await tx.execute(text("UPDATE services SET lifecycle = 'archived'"))
    await scene.ingest.snapshot.load()

    assert (await scene.generic({"title": "x"})).status_code == 202
    assert await scene.outcomes() == ["suppressed"]
    assert await scene.value("SELECT count(*) FROM alerts") == 0


async def test_the_sample_of_an_integration_pages_like_a_real_alert(
    scene: Scene,
) -> None:
    for kind, source in scene.sources.items():
        taken = await scene.ingest.send_sample(source.id)
        assert taken.outcomes == ("opened",), kind

    assert await scene.value("SELECT count(*) FROM incidents") == len(scene.sources)


async def test_labels_too_many_to_show_are_cut_but_the_request_is_whole(
    scene: Scene,
) -> None:
    labels = {f"label {n}": "x" * 1000 for n in range(500)}

    answer = await scene.generic({"title": "x", "labels": labels})

    assert answer.status_code == 202
    assert await scene.value("SELECT length(labels::text) < 65536 FROM alerts")
    assert await scene.value("SELECT length(body) > 500000 FROM inbound_requests")


async def test_a_thousand_alerts_in_one_group_are_one_incident(scene: Scene) -> None:
    firing = [{**FIRING, "fingerprint": f"f{n}"} for n in range(1000)]
    await scene.alertmanager(*firing)
    counts = "SELECT status, alert_count, open_alert_count FROM incidents"
    assert await scene.rows(counts) == [("triggered", 1000, 1000)]

    await scene.alertmanager(*[{**alert, "status": "resolved"} for alert in firing])

    assert await scene.rows(counts) == [("resolved", 1000, 0)]


async def test_everything_else_goes_to_the_app_behind(scene: Scene) -> None:
    for path in ("/", "/in", "/in/", "/in/nothing", "/v2", "/v2/enqueue/x", "/inn/x"):
        answer = await scene.client.post(path, json={})
        assert answer.text == BEHIND, path

    assert (await scene.client.get("/v2/enqueue")).status_code == 405
