"""What people answer from their phones, and who is listened to."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from pagefree.accounts import proofs
from pagefree.channels.base import Linked, OptOut, Reply
from pagefree.core.access import Actor
from pagefree.core.errors import Conflict
from pagefree.core.routing import Urgency
from pagefree.core.words import words_in
from pagefree.incidents import answers, reading
from pagefree.notifications import preference_queries
from pagefree.notifications import service as notifications
from pagefree.notifications.preference_queries import Preferences
from pagefree.tables.channels import replies
from pagefree.tables.notifications import outbox_messages
from tests.simulation.test_reaching import NUMBER
from tests.simulation.world import HOUR, MINUTE, World

TELEGRAM: dict[str, object] = {"bot_token": "123:abc", "webhook_secret": "x" * 20}
URGENT, NOW = Urgency.HIGH, timedelta(0)
WORDS = words_in("en").answers
SMS: dict[str, object] = {
    "account_sid": "AC1",
    "auth_token": "secret",
    "sender": "+15005550006",
}


@pytest.fixture
async def phones(world: World) -> World:
    """Ana and Bo are texted; in demo mode, so nothing leaves."""
    await world.set_up(sms=SMS, telegram=TELEGRAM)
    await world.method("ana", "sms", number=NUMBER)
    await world.method("bo", "sms", number="+4915100000000")
    for name in ("ana", "bo"):
        text = await world.methods_of(name, "sms")
        await world.rules(name, (URGENT, NOW, text))
    return world


async def say(world: World, verb: str, code: str | None = None, **more: str) -> str:
    sender = more.pop("sender", NUMBER)
    reply = Reply(sender, verb, code, text=verb, **more)  # type: ignore[arg-type]
    return await answers.take(world.tx, "sms", reply, world.now) or ""


async def status(world: World, incident: UUID) -> str:
    return (await reading.get(world.tx, incident)).status


async def outcomes(world: World) -> list[str]:
    rows = await world.tx.execute(select(replies.c.outcome).order_by(replies.c.id))
    return list(rows.scalars())


async def test_messages_carry_a_short_code_that_stays_with_the_incident(
    phones: World,
) -> None:
    await phones.trigger(phones.policy(("ana", HOUR)))
    await phones.trigger(phones.policy(("ana", 2 * MINUTE), repeats=1))
    await phones.advance(3 * MINUTE)

    texts = await phones.tx.execute(
        select(outbox_messages.c.text).order_by(outbox_messages.c.id)
    )
    codes = [text.split("Reply ack ")[1].split(",")[0] for text in texts.scalars()]
    assert codes == ["1", "2", "2"]


async def test_an_answer_means_the_newest_incident_or_the_one_of_its_code(
    phones: World,
) -> None:
    first = await phones.trigger(phones.policy(("ana", HOUR)))
    await phones.advance(MINUTE)
    second = await phones.trigger(phones.policy(("ana", HOUR)))

    line = await say(phones, "acknowledge")
    assert line.endswith("acknowledged")
    assert (await status(phones, first), await status(phones, second)) == (
        "triggered",
        "acknowledged",
    )

    await say(phones, "resolve", "1")
    assert await status(phones, first) == "resolved"


async def test_all_means_everything_that_is_open(phones: World) -> None:
    incidents = [await phones.trigger(phones.policy(("ana", HOUR))) for _ in range(3)]

    await say(phones, "acknowledge", "all")

    assert [await status(phones, one) for one in incidents] == ["acknowledged"] * 3


async def test_passing_on_pages_the_next_step_now(phones: World) -> None:
    incident = await phones.trigger(phones.policy(("ana", HOUR), ("bo", HOUR)))

    assert (await say(phones, "escalate")).endswith("passed on")
    await phones.work()

    assert [name for name, _ in await phones.paged()] == ["ana", "bo"]
    assert "escalation.hastened" in await phones.timeline(incident)


async def test_strangers_are_told_nothing_and_change_nothing(phones: World) -> None:
    incident = await phones.trigger(phones.policy(("ana", HOUR)))

    assert await say(phones, "resolve", sender="+15550001111") == ""

    assert await status(phones, incident) == "triggered"
    assert await outcomes(phones) == ["ignored: nobody's address"]


async def test_a_number_that_two_people_claim_is_nobodys(phones: World) -> None:
    incident = await phones.trigger(phones.policy(("ana", HOUR)))
    await phones.method("cy", "sms", number=NUMBER)

    assert await say(phones, "resolve") == ""
    assert await status(phones, incident) == "triggered"


async def test_an_unproven_number_is_nobodys(phones: World) -> None:
    incident = await phones.trigger(phones.policy(("ana", HOUR)))
    text = await phones.methods_of("ana", "sms")
    await phones.set_method(text, unverified_since=phones.now)

    assert await say(phones, "resolve") == ""
    assert await status(phones, incident) == "triggered"


async def test_nobody_answers_for_incidents_they_were_not_told_of(
    phones: World,
) -> None:
    incident = await phones.trigger(phones.policy(("ana", HOUR)))
    number = str((await reading.get(phones.tx, incident)).number)
    bo = "+4915100000000"

    assert await say(phones, "resolve", number, sender=bo) == WORDS.nothing
    reply = Reply(bo, "resolve", incident_id=incident)
    assert await answers.take(phones.tx, "sms", reply, phones.now) == WORDS.nothing
    assert await status(phones, incident) == "triggered"


async def test_an_answer_that_comes_twice_counts_once(phones: World) -> None:
    await phones.trigger(phones.policy(("ana", HOUR), ("bo", HOUR), ("cy", HOUR)))

    first = await say(phones, "escalate", id="SM7")
    await phones.work()
    again = await say(phones, "escalate", id="SM7")
    await phones.work()

    assert first != ""
    assert again == ""
    assert [name for name, _ in await phones.paged()] == ["ana", "bo"]


async def test_what_is_not_understood_is_answered_with_help(phones: World) -> None:
    incident = await phones.trigger(phones.policy(("ana", HOUR)))

    assert await say(phones, "none") == WORDS.help
    assert await status(phones, incident) == "triggered"


async def test_what_is_over_already_is_said_so(phones: World) -> None:
    await phones.trigger(phones.policy(("ana", HOUR)))
    await say(phones, "resolve")

    assert await say(phones, "acknowledge", "1") == WORDS.nothing


async def test_stop_switches_a_number_off_and_start_on_again(phones: World) -> None:
    text = await phones.methods_of("ana", "sms")

    await answers.take(phones.tx, "sms", OptOut(NUMBER, stopped=True), phones.now)
    assert await phones.disabled_reason(text) == proofs.OPTED_OUT
    await answers.take(phones.tx, "sms", OptOut(NUMBER, stopped=False), phones.now)
    assert await phones.disabled_reason(text) is None


async def test_start_does_not_switch_on_what_something_else_has_switched_off(
    phones: World,
) -> None:
    text = await phones.methods_of("ana", "sms")
    await phones.set_method(
        text, disabled_at=phones.now, disabled_reason="switched off"
    )

    await answers.take(phones.tx, "sms", OptOut(NUMBER, stopped=False), phones.now)

    assert await phones.disabled_reason(text) == "switched off"


def me(world: World) -> Actor:
    return Actor(world.people["ana"], "ana")


async def test_a_chat_is_linked_by_the_code_that_is_sent_from_it(
    phones: World,
) -> None:
    ana = phones.people["ana"]
    made = await proofs.ask_link(phones.tx, me(phones), ana, "telegram", phones.now)
    event = Linked(made.code, {"chat_id": 42}, "Ana's phone")

    first = await answers.take(phones.tx, "telegram", event, phones.now)
    again = await answers.take(phones.tx, "telegram", event, phones.now)

    assert first == "PageFree can reach you here now."
    assert again == answers.CODE_IS_OVER
    assert await proofs.owner(phones.tx, "telegram", "42") == ana


async def test_a_code_to_link_lives_ten_minutes(phones: World) -> None:
    ana = phones.people["ana"]
    made = await proofs.ask_link(phones.tx, me(phones), ana, "telegram", phones.now)
    await phones.advance(10 * MINUTE)

    event = Linked(made.code, {"chat_id": 42})

    assert await answers.take(phones.tx, "telegram", event, phones.now) == (
        answers.CODE_IS_OVER
    )


async def new_number(world: World) -> UUID:
    text = await world.methods_of("ana", "sms")
    await world.set_method(text, unverified_since=world.now)
    return text


async def code_of(world: World) -> str:
    newest = select(outbox_messages.c.text).order_by(outbox_messages.c.id.desc())
    text: str = (await world.tx.execute(newest.limit(1))).scalar_one()
    return text.split(maxsplit=1)[0]


async def test_a_code_that_arrives_proves_the_address(phones: World) -> None:
    ana, text = phones.people["ana"], await new_number(phones)
    where = ana, text
    await notifications.send_code(phones.tx, me(phones), ana, text, phones.now)
    await phones.work()
    code = await code_of(phones)
    wrong = "000000" if code != "000000" else "111111"

    async def given(code: str) -> bool:
        return await proofs.confirm(
            phones.tx, me(phones), where, code, phones.vault, phones.now
        )

    assert len(code) == 6
    assert not await given(wrong)
    assert await given(code)
    assert await proofs.owner(phones.tx, "sms", NUMBER) == ana
    with pytest.raises(Conflict):  # used
        await given(code)


async def test_a_code_is_over_after_five_wrong_tries_or_ten_minutes(
    phones: World,
) -> None:
    ana, text = phones.people["ana"], await new_number(phones)
    for wait, tries in ((timedelta(0), 5), (10 * MINUTE, 0)):
        await notifications.send_code(phones.tx, me(phones), ana, text, phones.now)
        await phones.work()
        code = await code_of(phones)
        for _ in range(tries):
            await proofs.confirm(
                phones.tx,
                me(phones),
                (ana, text),
                "wrong",
                phones.vault,
                phones.now,
            )
        await phones.advance(wait)

        with pytest.raises(Conflict):
            await proofs.confirm(
                phones.tx,
                me(phones),
                (ana, text),
                code,
                phones.vault,
                phones.now,
            )


async def test_whoever_answers_is_answered_in_their_language(phones: World) -> None:
    german = Preferences(language="de-AT")
    await preference_queries.put_preferences(phones.tx, phones.people["ana"], german)
    await phones.trigger(phones.policy(("ana", HOUR)))
    await phones.advance(MINUTE)

    assert await say(phones, "none") == words_in("de").answers.help
    assert (await say(phones, "acknowledge", "1")).endswith("bestätigt")
    assert (await say(phones, "resolve", "1")).endswith("gelöst")
    assert await say(phones, "resolve", "2") == words_in("de").answers.nothing
