"""Amazon SNS as it really speaks: signed with a certificate that is fetched, for one topic."""

import base64
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.x509.oid import NameOID

from pagefree.alerts.ingest import Ingest
from pagefree.infra.clock import system_clock
from pagefree.infra.db import Channel
from pagefree.infra.http import Unreachable
from pagefree.infra.http_connection import Reply
from pagefree.infra.listen import Listener
from pagefree.integrations import all_kinds
from pagefree.integrations.sns.envelope import SIGNED
from tests.ingest.scene import Scene, behind

HOST = "https://sns.eu-west-1.amazonaws.com"
TOPIC = "arn:aws:sns:eu-west-1:111122223333:alarms"
CERTIFICATE = f"{HOST}/SimpleNotificationService-1.pem"
CONFIRM = f"{HOST}/?Action=ConfirmSubscription&TopicArn={TOPIC}&Token=t1"
Message = dict[str, str]


def certificate(key: rsa.RSAPrivateKey, starts: datetime, days: int = 30) -> bytes:
    """A certificate as PEM, valid for some days."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(starts)
        .not_valid_after(starts + timedelta(days=days))
        .sign(key, SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM)


@dataclass(slots=True)
class Amazon:
    """SNS: what it signs, and what is found at its addresses."""

    key: rsa.RSAPrivateKey
    pages: dict[str, bytes]
    asked: list[str] = field(default_factory=list)

    async def get(self, url: str, headers: Mapping[str, str]) -> Reply:
        """What is at `url`."""
        del headers
        self.asked.append(url)
        if url not in self.pages:
            raise Unreachable
        return Reply(200, {}, self.pages[url])

    def signed(self, message: Message, version: str = "2") -> Message:
        """`message` with its signature."""
        message = {
            "MessageId": "m1",
            "TopicArn": TOPIC,
            "Timestamp": "2026-03-02T10:00:00.000Z",
            "SignatureVersion": version,
            "SigningCertURL": CERTIFICATE,
            **message,
        }
        names = [name for name in SIGNED[message["Type"]] if name in message]
        text = "".join(f"{name}\n{message[name]}\n" for name in sorted(names))
        algorithm = SHA1() if version == "1" else SHA256()
        signature = self.key.sign(text.encode(), PKCS1v15(), algorithm)
        return {**message, "Signature": base64.b64encode(signature).decode()}

    def subscription(self, version: str = "2", **more: str) -> Message:
        """What SNS asks when somebody subscribes our address."""
        message = {
            "Type": "SubscriptionConfirmation",
            "Message": "You have chosen to subscribe\nto the topic.",
            "Token": "t1",
            "SubscribeURL": CONFIRM,
            **more,
        }
        return self.signed(message, version)

    def alarm(self, version: str = "2", **more: str) -> Message:
        """What an alarm sends."""
        sample = json.loads(all_kinds()["sns"].sample)
        message = {
            "Type": "Notification",
            "Subject": "ALARM: disk",
            "Message": sample["Message"],
            **more,
        }
        return self.signed(message, version)


@dataclass(slots=True)
class Stage:
    """An SNS integration, and Amazon."""

    scene: Scene
    amazon: Amazon
    client: httpx2.AsyncClient

    async def send(self, message: object, **headers: str) -> int:
        """Post a message as SNS does."""
        key = self.scene.sources["sns"].key
        answer = await self.client.post(
            f"/in/sns/{key}",
            content=json.dumps(message),
            headers={"Content-Type": "text/plain; charset=UTF-8", **headers},
        )
        return answer.status_code

    async def reasons(self) -> list[object]:
        """Why requests were rejected."""
        query = (
            "SELECT error FROM inbound_requests WHERE outcome = 'rejected' ORDER BY id"
        )
        return [reason for (reason,) in await self.scene.rows(query)]


@asynccontextmanager
async def with_amazon(scene: Scene, amazon: Amazon) -> AsyncIterator[Stage]:
    """Ingest that reaches `amazon`."""
    listener = Listener(scene.url, [Channel.CONFIG])
    ingest = Ingest(scene.url, system_clock, http=amazon)
    transport = httpx2.ASGITransport(ingest.in_front_of(behind))
    client = httpx2.AsyncClient(transport=transport, base_url="http://pf.test")
    async with listener.running(), ingest.running(listener), client:
        yield Stage(scene, amazon, client)


@pytest.fixture
async def stage(scene: Scene) -> AsyncIterator[Stage]:
    """An SNS integration, and Amazon."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = certificate(key, system_clock() - timedelta(days=1))
    confirmed = b"<SubscriptionArn>arn:1</SubscriptionArn>"
    amazon = Amazon(key, {CERTIFICATE: pem, CONFIRM: confirmed})
    async with with_amazon(scene, amazon) as stage:
        yield stage


@pytest.mark.parametrize("version", ["1", "2"])
async def test_a_topic_subscribes_and_its_alarms_page(
    stage: Stage, version: str
) -> None:
    amazon = stage.amazon

    assert await stage.send(amazon.alarm(version)) == 401  # nobody has subscribed
    assert await stage.send(amazon.subscription(version)) == 202
    assert amazon.asked.count(CONFIRM) == 1
    assert await stage.send(amazon.alarm(version)) == 202
    assert await stage.send(amazon.alarm(version)) == 202  # SNS tries again
    assert await stage.send(amazon.alarm(version, MessageId="m2")) == 202

    assert amazon.asked.count(CERTIFICATE) == 1
    assert await stage.reasons() == ["no subscription has been confirmed yet"]
    outcomes = (
        "SELECT outcome FROM inbound_requests WHERE signature = 'verified' ORDER BY id"
    )
    assert await stage.scene.rows(outcomes) == [
        ("processed",),
        ("processed",),
        ("repeated",),
        ("processed",),
    ]
    assert await stage.scene.value("SELECT occurrences FROM alerts") == 2


async def test_the_first_topic_is_the_only_one(stage: Stage) -> None:
    amazon, other = stage.amazon, TOPIC.replace("111122223333", "999922223333")
    await stage.send(amazon.subscription())

    theirs = {"TopicArn": other, "SubscribeURL": CONFIRM.replace(TOPIC, other)}
    assert await stage.send(amazon.subscription(**theirs)) == 401
    assert await stage.send(amazon.alarm(TopicArn=other)) == 401

    assert await stage.reasons() == ["it is of another topic"] * 2
    assert amazon.asked.count(CONFIRM) == 1


@pytest.mark.parametrize(
    "address",
    [
        "http://sns.eu-west-1.amazonaws.com/x.pem",
        "https://sns.us-east-1.amazonaws.com/x.pem",
        "https://sns.eu-west-1.amazonaws.com.evil.example/x.pem",
        "https://evil.example/sns.eu-west-1.amazonaws.com/x.pem",
        "https://sns.eu-west-1.amazonaws.com@evil.example/x.pem",
        "https://user@sns.eu-west-1.amazonaws.com/x.pem",
        "https://sns.eu-west-1.amazonaws.com:8443/x.pem",
        "https://sns.eu-west-1.amazonaws.com\n/x.pem",
        "https://sns.eu-west-1.amazonaws.com/x.txt",
        "https://s3.eu-west-1.amazonaws.com/x.pem",
        "https://[::1]/x.pem",
        "https://sns.eu-west-1.amazonaws.com:x/x.pem",
        "",
    ],
)
async def test_a_certificate_is_only_fetched_from_amazon(
    stage: Stage, address: str
) -> None:
    message = stage.amazon.subscription()

    assert await stage.send({**message, "SigningCertURL": address}) == 401

    assert stage.amazon.asked == []


@pytest.mark.parametrize(
    "address",
    [
        CONFIRM.replace("https", "http"),
        CONFIRM.replace("eu-west-1", "us-east-1", 1),
        CONFIRM.replace("amazonaws.com", "amazonaws.com.evil.example"),
        CONFIRM.replace("ConfirmSubscription", "Unsubscribe"),
        CONFIRM.replace(TOPIC, TOPIC + "2"),
        "http://169.254.169.254/latest/meta-data",
        f"{HOST}/",
    ],
)
async def test_a_subscription_is_only_confirmed_at_amazon(
    stage: Stage, address: str
) -> None:
    assert await stage.send(stage.amazon.subscription(SubscribeURL=address)) == 401

    assert stage.amazon.asked == [CERTIFICATE]


async def test_what_is_forged_is_refused(stage: Stage) -> None:
    amazon = stage.amazon
    await stage.send(amazon.subscription())
    good = amazon.alarm()
    forged = [
        {**good, "Message": good["Message"].replace("ALARM", "OK")},
        {**good, "Subject": "another"},
        {k: v for k, v in good.items() if k != "Subject"},
        {**good, "MessageId": "m9"},
        {**good, "Type": "UnsubscribeConfirmation", "Token": "t", "SubscribeURL": "u"},
        {**good, "Type": "SubscriptionConfirmation"},
        {**good, "SignatureVersion": "1"},
        {**good, "SignatureVersion": "3"},
        {**good, "Signature": ""},
        {**good, "Signature": good["Signature"][:-4]},
        {**good, "Signature": "é"},
        {**good, "Signature": base64.b64encode(b"x" * 256).decode()},
        {k: v for k, v in good.items() if k != "Signature"},
        {**good, "TopicArn": ["x"]},
        {**good, "Message": None},
        {},
        [],
        "x",
        None,
    ]

    for message in forged:
        assert await stage.send(message) == 401, message
    raw = {"x-amz-sns-rawdelivery": "true"}
    assert await stage.send(good["Message"], **raw) == 401

    assert await stage.scene.value("SELECT count(*) FROM alerts") == 0
    assert await stage.send(good) == 202


async def test_a_certificate_that_is_out_of_date_or_none_verifies_nothing(
    scene: Scene,
) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    long_ago = certificate(key, system_clock() - timedelta(days=40))
    for pem in (long_ago, b"no certificate", b"x" * 100_000):
        amazon = Amazon(key, {CERTIFICATE: pem, CONFIRM: b"SubscriptionArn"})
        async with with_amazon(scene, amazon) as stage:
            assert await stage.send(amazon.subscription()) == 401
            assert amazon.asked == [CERTIFICATE]


async def test_sns_is_asked_to_come_again_while_amazon_cannot_be_reached(
    stage: Stage,
) -> None:
    pem = stage.amazon.pages.pop(CERTIFICATE)

    assert await stage.send(stage.amazon.subscription()) == 503
    stage.amazon.pages[CERTIFICATE] = pem
    confirmed = stage.amazon.pages.pop(CONFIRM)
    assert await stage.send(stage.amazon.subscription()) == 503
    stage.amazon.pages[CONFIRM] = confirmed
    assert await stage.send(stage.amazon.subscription()) == 202


async def test_that_a_subscription_ends_is_an_alert(stage: Stage) -> None:
    amazon = stage.amazon
    await stage.send(amazon.subscription())
    await stage.send(amazon.subscription(Type="UnsubscribeConfirmation"))
    assert await stage.scene.value("SELECT status FROM incidents") == "triggered"

    await stage.send(amazon.subscription(MessageId="m3"))

    assert await stage.scene.value("SELECT status FROM incidents") == "resolved"
