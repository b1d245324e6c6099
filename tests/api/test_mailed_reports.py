"""Figures by mail: who may set them up, and that each reader gets each of them once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, update

from pagefree.channels.base import SmtpServer, Transports
from pagefree.core.access import Role
from pagefree.infra.db import transaction
from pagefree.infra.http import GuardedClient
from pagefree.infra.ids import new_id
from pagefree.insights import mailing
from pagefree.notifications.handing_over import Gateway
from pagefree.tables.accounts import teams
from pagefree.tables.insights import incident_facts
from tests.api.conftest import BASE_URL, Api, Person
from tests.fakes.smtp import MailServer, mail_server

WEEK, DAY = timedelta(days=7), timedelta(days=1)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
LONDON = ZoneInfo("Europe/London")


@dataclass(slots=True)
class Office:
    """A team whose admin has a report sent, and the mail server that it leaves by."""

    api: Api
    mails: MailServer
    gateway: Gateway
    team_id: UUID
    lead: Person

    async def report(self, *readers: Person, by: Person | None = None) -> str:
        """Every Monday at nine, in London."""
        answer = await (by or self.lead).client.post(
            "/v1/mailed-reports", json=self.body(*readers)
        )
        assert answer.status_code == 201, answer.text
        made: dict[str, str] = answer.json()
        return made["id"]

    def body(self, *readers: Person, **other: object) -> dict[str, object]:
        return {
            "name": "Web, weekly",
            "team_id": str(self.team_id),
            "rhythm": "weekly",
            "day": 1,
            "hour": 9,
            "time_zone": "Europe/London",
            "reader_ids": [str(one.id) for one in readers],
            **other,
        }

    async def look(self) -> None:
        """What a worker does every few seconds."""
        await mailing.send_due(self.gateway, self.api.engine)

    async def ended(self, weeks_ago: int, took: timedelta) -> None:
        """An incident of the team that somebody had at once."""
        at = self.api.clock() - weeks_ago * WEEK - timedelta(days=3)
        async with transaction(self.api.engine) as tx:
            await tx.execute(
                insert(incident_facts).values(
                    incident_id=new_id(),
                    service_id=new_id(),
                    team_id=self.team_id,
                    urgency="high",
                    opened_at=at,
                    acknowledged_at=at + took,
                    resolved_at=at + 2 * took,
                    reopened=0,
                    steps=1,
                    gave_up=False,
                    merged=False,
                    alerts=1,
                    events=1,
                )
            )


@asynccontextmanager
async def _office(api: Api) -> AsyncIterator[Office]:
    team = await api.team("Web")
    lead = await api.user("Lea", teams={team.id: Role.TEAM_ADMIN})
    async with mail_server() as mails:
        server = SmtpServer("127.0.0.1", mails.port, "none", None, None, "p@x.example")
        ways = Transports(GuardedClient(), server)
        gateway = Gateway(ways, api.app.state.vault, BASE_URL, api.clock)
        yield Office(api, mails, gateway, team.id, lead)


@pytest.fixture
async def office(api: Api) -> AsyncIterator[Office]:
    async with _office(api) as office:
        yield office


async def test_each_reader_gets_each_report_once_however_many_workers_look(
    office: Office,
) -> None:
    bo = await office.api.user("Bo")
    await office.report(office.lead, bo)

    await office.look()
    assert office.mails.mails == []
    office.api.clock.advance(WEEK)
    await asyncio.gather(*(office.look() for _ in range(3)))
    await office.look()

    assert sorted(mail["To"] for mail in office.mails.mails) == [
        bo.email,
        "lea@example.org",
    ]
    office.api.clock.advance(WEEK)
    await office.look()
    assert len(office.mails.mails) == 4


async def test_a_worker_that_dies_while_sending_loses_no_report(office: Office) -> None:
    await office.report(office.lead)
    office.api.clock.advance(WEEK)
    async with transaction(office.api.engine) as tx:
        await mailing.plan(tx, office.api.clock())
        (taken,) = await mailing.take(tx, office.gateway, office.api.clock())

    await office.look()
    assert office.mails.mails == []  # it may still be on its way
    office.api.clock.advance(31 * MINUTE)
    await office.look()

    (mail,) = office.mails.mails
    assert str(taken.due.id) in mail["Message-ID"]  # the same as of the first try


async def test_a_mail_server_that_is_down_gets_it_later(office: Office) -> None:
    await office.report(office.lead)
    office.api.clock.advance(WEEK)
    office.mails.rcpt = "451 try again"

    await office.look()
    office.mails.rcpt = "250 OK"
    await office.look()
    assert office.mails.mails == []
    office.api.clock.advance(21 * MINUTE)
    await office.look()

    assert len(office.mails.mails) == 1


async def test_a_report_says_what_has_changed_in_the_readers_language(
    office: Office,
) -> None:
    path = f"/v1/users/{office.lead.id}/notification-preferences"
    wishes = (await office.lead.client.get(path)).json()
    await office.lead.client.put(path, json={**wishes, "language": "de"})
    await office.ended(1, 4 * MINUTE)
    await office.ended(0, 2 * MINUTE)
    await office.ended(0, 2 * MINUTE)
    report_id = await office.report(office.lead)

    await office.lead.client.post(f"/v1/mailed-reports/{report_id}/copy")
    await office.look()

    (mail,) = office.mails.mails
    part = mail.get_body(("plain",))
    assert part is not None
    text = part.get_content()
    html = mail.get_body(("html",))
    assert html is not None
    assert "Vorfälle: 2 +100 % (vorher: 1)" in text
    assert (
        "Mittlere Zeit bis zur Bestätigung: 2 min 0 s -50 % (vorher: 4 min 0 s)" in text
    )
    assert f"/insights?from=2026-02-23&to=2026-03-01&team={office.team_id}" in text
    assert "Mittlere Zeit bis zur Bestätigung" in html.get_content()
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


async def test_nobody_is_sent_figures_of_a_team_that_is_hidden_from_them(
    office: Office,
) -> None:
    bo = await office.api.user("Bo")
    await office.report(office.lead, bo)
    async with transaction(office.api.engine) as tx:
        await tx.execute(update(teams).values(hidden=True))

    office.api.clock.advance(WEEK)
    await office.look()

    assert [mail["To"] for mail in office.mails.mails] == [office.lead.email]
    assert (await bo.client.get("/v1/mailed-reports")).json() == []


async def test_a_quiet_week_says_that_it_was_quiet(office: Office) -> None:
    report_id = await office.report(office.lead)

    for _ in range(2):
        await office.lead.client.post(f"/v1/mailed-reports/{report_id}/copy")
    await office.look()

    (mail,) = office.mails.mails
    part = mail.get_body(("plain",))
    assert part is not None
    assert "There was no incident in this period." in part.get_content()


async def test_whoever_presses_the_link_of_a_mail_reads_that_report_no_more(
    office: Office,
) -> None:
    report_id = await office.report(office.lead)
    other_id = await office.report(office.lead)
    token = mailing.ENDS.token(
        office.api.app.state.vault, UUID(report_id), office.lead.id
    )
    stranger = await office.api.browser(headers={})

    looked = await stranger.get(f"/act/report/{token}")
    held = (await office.lead.client.get("/v1/mailed-reports")).json()
    assert looked.status_code == 200
    assert all(one["readers"] for one in held)
    pressed = await stranger.post(
        f"/act/report/{token}", data={"List-Unsubscribe": "One-Click"}
    )
    made_up = await stranger.post("/act/report/made-up")

    left = (await office.lead.client.get("/v1/mailed-reports")).json()
    assert (pressed.status_code, made_up.status_code) == (200, 404)
    assert {one["id"]: len(one["readers"]) for one in left} == {
        report_id: 0,
        other_id: 1,
    }


async def test_of_a_team_its_admins_decide_and_of_everything_those_of_the_installation(
    office: Office,
) -> None:
    bo = await office.api.user("Bo", teams={office.team_id: Role.RESPONDER})
    pia = await office.api.user("Pia", platform_admin=True)
    everything = office.body(bo, team_id=None)

    async def made(by: Person, body: dict[str, object]) -> int:
        return (await by.client.post("/v1/mailed-reports", json=body)).status_code

    assert await made(bo, office.body(bo)) == 403
    assert await made(office.lead, everything) == 403
    assert await made(pia, everything) == 201
    assert await made(office.lead, office.body(bo, day=9)) == 422
    assert await made(office.lead, office.body(bo, reader_ids=[str(new_id())])) == 422


async def test_a_report_that_has_left_does_not_leave_again_as_its_hour_changes(
    office: Office,
) -> None:
    report_id = await office.report(office.lead)
    path = f"/v1/mailed-reports/{report_id}"
    await at_next_hour(office, 9)
    await office.look()

    later = office.body(office.lead, hour=10)
    changed = (await office.lead.client.put(path, json=later)).json()
    office.api.clock.advance(2 * HOUR)
    await office.look()

    assert len(office.mails.mails) == 1
    assert datetime.fromisoformat(changed["due_at"]) > office.api.clock() + 6 * DAY
    office.api.clock.advance(WEEK)
    await office.look()
    assert len(office.mails.mails) == 2


@pytest.mark.parametrize("change", [{"name": "Ours"}, {"hour": 8}])
async def test_a_report_that_is_due_leaves_though_it_is_changed(
    office: Office, change: dict[str, object]
) -> None:
    report_id = await office.report(office.lead)
    await at_next_hour(office, 9)

    body = office.body(office.lead, **change)
    await office.lead.client.put(f"/v1/mailed-reports/{report_id}", json=body)
    await office.look()

    assert len(office.mails.mails) == 1


async def at_next_hour(office: Office, hour: int) -> None:
    """A minute after this hour of the next Monday in London."""
    now = office.api.clock().astimezone(LONDON)
    monday = now.date() + timedelta(days=7 - now.weekday())
    at = datetime.combine(monday, time(hour, 1), LONDON)
    office.api.clock.advance(at - now)


async def test_a_changed_report_is_due_by_its_new_plan(office: Office) -> None:
    bo = await office.api.user("Bo")
    report_id = await office.report(office.lead)
    path = f"/v1/mailed-reports/{report_id}"
    body = office.body(bo, rhythm="monthly", day=1, hour=7, name="Web, monthly")

    changed = (await office.lead.client.put(path, json=body)).json()
    gone = await office.lead.client.delete(path)

    assert (changed["rhythm"], changed["hour"]) == ("monthly", 7)
    assert [one["name"] for one in changed["readers"]] == ["Bo"]
    assert changed["due_at"].endswith("01T07:00:00Z") or "01T06:00" in changed["due_at"]
    assert gone.status_code == 204
    assert (await office.lead.client.get("/v1/mailed-reports")).json() == []
