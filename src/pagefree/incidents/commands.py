"""What people ask of us from a chat, in words: page somebody, and who is on call."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pagefree.accounts import proofs
from pagefree.accounts import service as accounts
from pagefree.channels.base import Command, one_line
from pagefree.core.access import Actor, Can, require
from pagefree.core.alerts import Severity
from pagefree.core.errors import Invalid
from pagefree.core.policies import Policy, Step, Target, TargetKind
from pagefree.core.routing import Urgency
from pagefree.core.words.tables import AnswerWords
from pagefree.incidents import command_queries as queries
from pagefree.incidents import reading, writing
from pagefree.incidents.command_queries import Named
from pagefree.incidents.people import ASSIGNED_REPEATS, ASSIGNED_TIMEOUT
from pagefree.incidents.writing import Declaration
from pagefree.infra import curtain
from pagefree.infra.db import Tx, driver
from pagefree.schedules import service as schedules
from pagefree.schedules.service import Held

PAGED = ("service", "user", "schedule")
TITLE_LIMIT = 200
MOST_LINES = 20
ON = "on "


@dataclass(frozen=True, slots=True)
class Asked:
    """A command, and the language in which it is answered."""

    channel: str
    command: Command
    words: AnswerWords


@dataclass(frozen=True, slots=True)
class Done:
    """What came of it, in one line, and the incident if there is one."""

    line: str
    incident_id: UUID | None = None


async def obey(tx: Tx, asked: Asked, actor: Actor, now: datetime) -> Done:
    """Do what the actor asks for. Raises Forbidden, Invalid and Conflict."""
    command, words = asked.command, asked.words
    text = " ".join(command.text.split())
    if command.verb == "page" and command.whom:
        whom = await _mentioned(tx, asked)
        return await _page(tx, whom, text, words, actor, now)
    if command.verb == "page":
        async with curtain.drawn(tx, actor):
            whom, rest = await _named(tx, text.removeprefix("@"), PAGED, words)
        return await _page(tx, whom, rest, words, actor, now)
    require(actor, Can.SEE)
    async with curtain.drawn(tx, actor):
        return Done(await _on_call(tx, text, words, now))


async def _page(
    tx: Tx, whom: Named, rest: str, words: AnswerWords, actor: Actor, now: datetime
) -> Done:
    service_id, policy = whom.id, None
    if whom.kind != "service":
        async with curtain.drawn(tx, actor):
            service_id, rest = await _service(tx, whom, rest, words)
        kind = TargetKind.USER if whom.kind == "user" else TargetKind.SCHEDULE
        step = Step(ASSIGNED_TIMEOUT, (Target(kind, whom.id),))
        policy = Policy(None, f"paged {whom.name}", (step,), ASSIGNED_REPEATS)
    if not rest:
        raise Invalid(f"{words.say_what} {words.how_to_page}")
    declared = Declaration(
        service_id,
        one_line(rest, TITLE_LIMIT),
        severity=Severity.CRITICAL,
        urgency=Urgency.HIGH,
        policy=policy,
    )
    incident_id = await writing.declare(tx, declared, actor, now)
    number = (await reading.get(tx, incident_id)).number
    return Done(words.paged.format(number=number, name=whom.name), incident_id)


async def _mentioned(tx: Tx, asked: Asked) -> Named:
    """Whose account in the chat this is."""
    owner = await proofs.owner(tx, asked.channel, asked.command.whom)
    found = await queries.get_user(await driver(tx), owner) if owner else None
    if found is None:
        raise Invalid(asked.words.unknown)
    return found


async def _named(
    tx: Tx, text: str, kinds: Sequence[str], words: AnswerWords
) -> tuple[Named, str]:
    """What the text begins with, and the rest of it."""
    found = await queries.list_named(await driver(tx), text, kinds)
    if not found:
        nothing = words.names_nothing.format(text=one_line(text, 40))
        raise Invalid(f"{nothing} {words.how_to_page}" if text else words.how_to_page)
    if len(found) > 1:
        names = ", ".join(f"{one.name} ({_kind(one, words)})" for one in found)
        raise Invalid(words.several.format(names=names))
    return found[0], text[len(found[0].said) :].lstrip(": ")


def _kind(named: Named, words: AnswerWords) -> str:
    return {
        "service": words.service,
        "user": words.user,
        "schedule": words.schedule,
        "team": words.team,
    }.get(named.kind, named.kind)


async def _service(
    tx: Tx, whom: Named, rest: str, words: AnswerWords
) -> tuple[UUID, str]:
    """The service that the incident belongs to: the one named, or the team's only one."""
    if rest.lower().startswith(ON):
        service, rest = await _named(tx, rest[len(ON) :], ("service",), words)
        return service.id, rest
    services = await queries.list_services(await driver(tx), whom.team_ids)
    if len(services) == 1:
        return services[0][0], rest
    names = ", ".join(name for _, name in services)
    which = words.which_service.format(name=whom.name)
    raise Invalid(f"{which} {words.of_team.format(names=names)}" if names else which)


async def _on_call(tx: Tx, text: str, words: AnswerWords, now: datetime) -> str:
    """A line a schedule: of all, of a team, or one."""
    board = await schedules.board(tx, now)
    if text:
        named, _ = await _named(tx, text, ("schedule", "team"), words)
        of_team = [held for held in board if held.schedule.team_id == named.id]
        board = of_team or [held for held in board if held.schedule.id == named.id]
    people = {user for held in board for user in held.standing.people}
    refs = await accounts.user_refs(tx, people)
    names = {user_id: ref.name for user_id, ref in refs.items()}
    lines = [_line(held, names, words) for held in board[:MOST_LINES]]
    return "\n".join(lines) or words.no_schedule


def _line(held: Held, names: dict[UUID, str], words: AnswerWords) -> str:
    people = [names.get(user, words.somebody) for user in held.standing.people]
    return f"{held.schedule.name}: {', '.join(people) or words.nobody}"
