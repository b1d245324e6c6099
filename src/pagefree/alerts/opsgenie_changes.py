"""What Opsgenie's clients do to an alert that is no event of it: notes, tags, people, texts.

Whoever has the key of an integration may give its incidents to people and policies of the
team that its service belongs to, and to no others.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import msgspec

from pagefree.accounts import queries as accounts
from pagefree.alerts import opsgenie, rows
from pagefree.alerts import opsgenie_queries as queries
from pagefree.alerts.opsgenie_queries import Alert
from pagefree.alerts.requests import Disposition, Request, Source
from pagefree.core import incidents as core
from pagefree.core.alerts import (
    BODY_LENGTH,
    TITLE_LENGTH,
    Severity,
    louder,
    severity_of,
)
from pagefree.core.errors import Conflict, Invalid, NotFound
from pagefree.core.incidents import Life
from pagefree.escalation import policy_queries
from pagefree.incidents import batch_queries as incidents
from pagefree.incidents import people
from pagefree.incidents import service as incident_service
from pagefree.incidents.batch_queries import Locked
from pagefree.incidents.changes import Change, apply_one
from pagefree.incidents.service import Attachment
from pagefree.infra.db import Tx, driver
from pagefree.integrations.base import instant_of, mapping_of, text_of
from pagefree.timeline import service as timeline
from pagefree.timeline.service import Entry

NOTE_LENGTH = 25_000
MOST_TAGS, TAG_LENGTH = 20, 50
MOST_DETAILS, DETAIL_LENGTH = 100, 8_000
SNOOZE = timedelta(hours=1)  # where no end is given

_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be done to which alert, as the request says it."""

    method: str
    verb: str
    key: str  # of the alert
    told: Mapping[str, object]
    query: Mapping[str, str]


Effect = Callable[[Tx, Source, Asked, datetime], Awaitable[Alert]]


async def change(
    tx: Tx, source: Source, asked: Asked, request: Request, now: datetime
) -> None:
    """Do it, and store the request with what became of it. Raises Invalid."""
    found: Alert | None = None
    try:
        async with tx.begin_nested():
            found = await EFFECTS[asked.method, asked.verb](tx, source, asked, now)
            if asked.verb != "notes":
                await _write(tx, source, found, asked, now)
    except (NotFound, Conflict) as e:
        request = replace(request, outcome=Disposition.IGNORED, error=str(e))
    await queries.insert_request(tx, request, found.id if found else None, now)


async def _note(tx: Tx, source: Source, asked: Asked, now: datetime) -> Alert:
    found = await opsgenie.newest(tx, source, asked.key)
    _incident_of(found)
    await _write(tx, source, found, asked, now)
    return found


async def _write(
    tx: Tx, source: Source, found: Alert, asked: Asked, now: datetime
) -> None:
    """Whatever is done may come with a note."""
    note = text_of(asked.told.get("note"))
    if not note or found.incident_id is None:
        return
    user = text_of(asked.told.get("user"))
    data = {"text": ": ".join(filter(None, (user, note)))[:NOTE_LENGTH]}
    cause, team_id = source.cause, source.team_id
    entry = Entry("incident.note", cause, found.incident_id, team_id, data)
    await timeline.record(tx, [entry], now)


def _incident_of(found: Alert) -> UUID:
    if found.incident_id is None:
        raise NotFound("Nobody is told of this alert.")
    return found.incident_id


async def _locked(tx: Tx, found: Alert) -> Locked:
    (incident,) = await incidents.lock_patiently(tx, [_incident_of(found)])
    return incident


# -- the incident -------------------------------------------------------------------


async def _snooze(tx: Tx, source: Source, asked: Asked, now: datetime) -> Alert:
    until = _end(asked.told.get("endTime"), now)
    decide = partial(core.snooze, user_id=None, until=until, now=now)
    data = {"until": until.isoformat()}
    said = Change("incident.snoozed", decide, source.cause, data)
    return await _apply(tx, source, asked, said, now)


def _end(said: object, now: datetime) -> datetime:
    if said is None:
        return now + SNOOZE
    until = instant_of(said)
    if until is None:
        raise Invalid("endTime is not valid")
    return until


async def _unacknowledge(tx: Tx, source: Source, asked: Asked, now: datetime) -> Alert:
    decide: Callable[[Life], Life] = core.unacknowledge
    said = Change("incident.unacknowledged", decide, source.cause)
    return await _apply(tx, source, asked, said, now)


async def _apply(
    tx: Tx, source: Source, asked: Asked, said: Change, now: datetime
) -> Alert:
    found = await opsgenie.newest(tx, source, asked.key)
    await apply_one(tx, await _locked(tx, found), said, now)
    return found


async def _assign(tx: Tx, source: Source, asked: Asked, now: datetime) -> Alert:
    user_id = await _member(tx, source, mapping_of(asked.told.get("owner")))
    found = await opsgenie.newest(tx, source, asked.key)
    incident = await _locked(tx, found)
    await people.give_to_user(tx, incident, user_id, source.cause, now)
    return found


async def _escalate(tx: Tx, source: Source, asked: Asked, now: datetime) -> Alert:
    wanted = _names(mapping_of(asked.told.get("escalation")), ("id", "name"))
    owned = await policy_queries.list_policies(tx)
    ids = [
        policy.id
        for policy in owned
        if policy.team_id == source.team_id
        and wanted & {str(policy.id), policy.policy.name.lower()}
    ]
    if not ids:
        raise NotFound("The team has no escalation policy of this name.")
    found = await opsgenie.newest(tx, source, asked.key)
    incident = await _locked(tx, found)
    await people.give_to_policy(tx, incident, ids[0], source.cause, now)
    return found


async def _respond(tx: Tx, source: Source, asked: Asked, now: datetime) -> Alert:
    responder = mapping_of(asked.told.get("responder"))
    if text_of(responder.get("type")).lower() not in {"", "user"}:
        raise Conflict("Only people can be added: policies decide about the others.")
    user_id = await _member(tx, source, responder)
    found = await opsgenie.newest(tx, source, asked.key)
    incident = await _locked(tx, found)
    await people.call_in(tx, incident, user_id, source.cause, now)
    return found


async def _add_team(tx: Tx, source: Source, asked: Asked, _: datetime) -> Alert:
    """Nothing is left to do for the team of the service."""
    wanted = _names(mapping_of(asked.told.get("team")), ("id", "name"))
    team = await accounts.get_team(tx, source.team_id)
    found = await opsgenie.newest(tx, source, asked.key)
    if team is None or not wanted & {str(team.id), team.name.lower()}:
        raise Conflict("Only the team of the service is told of its alerts.")
    return found


async def _member(tx: Tx, source: Source, named: Mapping[str, object]) -> UUID:
    """Whom of the team a request names, by id or by mail address."""
    wanted = _names(named, ("id", "username"))
    for member in await accounts.list_members(tx, source.team_id):
        if wanted & {str(member.user.id), member.email.lower()}:
            return member.user.id
    raise NotFound("Nobody of the team has this name.")


def _names(named: Mapping[str, object], fields: Sequence[str]) -> set[str]:
    return {text_of(named.get(field)).lower() for field in fields} - {""}


# -- what the alert says ------------------------------------------------------------


async def _add_tags(tx: Tx, source: Source, asked: Asked, _: datetime) -> Alert:
    more = asked.told.get("tags")
    added = (
        [text_of(tag)[:TAG_LENGTH] for tag in more] if isinstance(more, list) else []
    )
    found = await _held(tx, source, asked)
    tags = dict.fromkeys(filter(None, [*_tags(found), *added]))
    labels = {**found.labels, "tags": list(tags)[:MOST_TAGS]}
    return await _store(tx, found, labels=labels)


async def _remove_tags(tx: Tx, source: Source, asked: Asked, _: datetime) -> Alert:
    gone = _listed(asked.query.get("tags", ""))
    found = await _held(tx, source, asked)
    left = [tag for tag in _tags(found) if tag not in gone]
    return await _store(tx, found, labels={**found.labels, "tags": left})


def _tags(found: Alert) -> list[str]:
    tags = found.labels.get("tags")
    return [text_of(tag) for tag in tags] if isinstance(tags, list) else []


def _listed(said: str) -> set[str]:
    return {part.strip() for part in said.split(",")}


async def _add_details(tx: Tx, source: Source, asked: Asked, _: datetime) -> Alert:
    details = list(mapping_of(asked.told.get("details")).items())[:MOST_DETAILS]
    added = {name: text_of(value)[:DETAIL_LENGTH] for name, value in details}
    found = await _held(tx, source, asked)
    labels = {**found.labels, **added}
    if len(_encode(labels)) > rows.MOST_LABELS_BYTES:
        raise Conflict("The details are too long.")
    return await _store(tx, found, labels=labels)


async def _remove_details(tx: Tx, source: Source, asked: Asked, _: datetime) -> Alert:
    gone = _listed(asked.query.get("keys", ""))
    found = await _held(tx, source, asked)
    left = {name: said for name, said in found.labels.items() if name not in gone}
    return await _store(tx, found, labels=left)


async def _say(tx: Tx, source: Source, asked: Asked, _: datetime) -> Alert:
    text = text_of(asked.told.get(asked.verb))
    found = await _held(tx, source, asked)
    if asked.verb == "description":
        return await _store(tx, found, body=text[:BODY_LENGTH])
    if not text:
        raise Invalid("message can not be empty")
    return await _store(tx, found, title=text[:TITLE_LENGTH])


async def _prioritise(tx: Tx, source: Source, asked: Asked, now: datetime) -> Alert:
    """A worse one makes its incident louder, as when the alert had come like that."""
    severity = severity_of(text_of(asked.told.get("priority")))
    found = await _held(tx, source, asked)
    before = Severity(found.severity)
    await _store(tx, found, severity=severity.value)
    worse = severity is not before and louder(severity, before) is severity
    if worse and found.status == "open" and found.incident_id is not None:
        louder_now = Attachment(found.incident_id, 0, 0, severity, (), source.cause)
        await incident_service.attach_many(await driver(tx), [louder_now], now)
    return found


async def _held(tx: Tx, source: Source, asked: Asked) -> Alert:
    """The alert, locked: before its incident, as everybody locks them."""
    found = await opsgenie.newest(tx, source, asked.key)
    await queries.lock_alert(tx, found.id)
    return await opsgenie.newest(tx, source, asked.key)


async def _store(tx: Tx, found: Alert, **values: object) -> Alert:
    await queries.update_alert(tx, found.id, values)
    return found


EFFECTS: Mapping[tuple[str, str], Effect] = {
    ("POST", "notes"): _note,
    ("POST", "snooze"): _snooze,
    ("POST", "unacknowledge"): _unacknowledge,
    ("POST", "assign"): _assign,
    ("POST", "escalate"): _escalate,
    ("POST", "responders"): _respond,
    ("POST", "teams"): _add_team,
    ("POST", "tags"): _add_tags,
    ("DELETE", "tags"): _remove_tags,
    ("POST", "details"): _add_details,
    ("DELETE", "details"): _remove_details,
    ("PUT", "message"): _say,
    ("PUT", "description"): _say,
    ("PUT", "priority"): _prioritise,
}
