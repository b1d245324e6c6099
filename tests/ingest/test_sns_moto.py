"""Amazon SNS as moto plays it: messages that it posts and signs, certificates that it serves."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import botocore.session
import httpx2
import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.server import ThreadedMotoServer
from moto.sns.models import Subscription, sns_backends

from pagefree.alerts.ingest import Ingest
from pagefree.infra.clock import system_clock
from pagefree.infra.db import Channel
from pagefree.infra.http import GuardedClient, Unreachable
from pagefree.infra.http_connection import Reply
from pagefree.infra.listen import Listener
from pagefree.integrations import all_kinds
from pagefree.integrations.sns.envelope import SIGNED
from tests.api.desk import serving
from tests.ingest.scene import Scene, behind

REGION = "eu-west-1"
AMAZON = f"sns.{REGION}.amazonaws.com"
# moto tells services apart by what requests are signed for
FOR_SNS = f"AWS4-HMAC-SHA256 Credential=x/20260302/{REGION}/sns/aws4_request, x"


@dataclass(slots=True)
class Redirected:
    """The guarded client, with moto where Amazon is."""

    moto: str
    guarded: GuardedClient
    asked: list[str] = field(default_factory=list)

    async def get(self, url: str, headers: Mapping[str, str]) -> Reply:
        """What moto has at an address of Amazon's."""
        parts = urlsplit(url)
        if parts.netloc != AMAZON:
            raise Unreachable
        self.asked.append(parts.path)
        here = f"{self.moto}{parts.path}?{parts.query}"
        return await self.guarded.get(here, {**headers, "Authorization": FOR_SNS})


@dataclass(slots=True)
class Cloud:
    """A topic of moto's, and PageFree at an address that moto can post to."""

    scene: Scene
    amazon: Redirected
    topic: str
    address: str
    client: httpx2.AsyncClient

    async def call(self, action: str, **arguments: str) -> dict[str, object]:
        """What the SDK of AWS is answered; it waits until moto has posted."""
        return await asyncio.to_thread(self._call, action, arguments)

    def _call(self, action: str, arguments: Mapping[str, str]) -> dict[str, object]:
        client = botocore.session.get_session().create_client(
            "sns",
            region_name=REGION,
            endpoint_url=self.amazon.moto,
            aws_access_key_id="AKIDEXAMPLE",
            aws_secret_access_key="wJalrXUtnFEMI",
        )
        try:
            return dict(getattr(client, action)(**arguments))
        finally:
            client.close()

    async def alarm(self, state: str) -> None:
        """CloudWatch tells the topic that an alarm has changed its state."""
        sample = json.loads(all_kinds()["sns"].sample)
        told = {**json.loads(sample["Message"]), "NewStateValue": state}
        # the hour in which it changed, as a resolve must not be older than its alarm
        told["StateChangeTime"] = system_clock().isoformat()
        await self.call("publish", TopicArn=self.topic, Message=json.dumps(told))

    async def post(self, message: Mapping[str, str]) -> int:
        """How a message is answered."""
        answer = await self.client.post(self.address, content=json.dumps(message))
        return answer.status_code

    async def requests(self) -> list[tuple[object, ...]]:
        """What became of every request."""
        query = "SELECT signature, outcome, error FROM inbound_requests ORDER BY id"
        return await self.scene.rows(query)


@pytest.fixture(scope="module")
def moto() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
async def cloud(scene: Scene, moto: str) -> AsyncIterator[Cloud]:
    """A topic that posts to our address."""
    guarded = GuardedClient(["127.0.0.1/32"])
    amazon = Redirected(moto, guarded)
    ingest = Ingest(scene.url, system_clock, http=amazon)
    listener = Listener(scene.url, [Channel.CONFIG])
    async with (
        listener.running(),
        ingest.running(listener),
        serving(ingest.in_front_of(behind)) as url,
        httpx2.AsyncClient() as client,
    ):
        address = f"{url}/in/sns/{scene.sources['sns'].key}"
        cloud = Cloud(scene, amazon, "", address, client)
        made = await cloud.call("create_topic", Name="alarms")
        cloud.topic = str(made["TopicArn"])
        wanted = {"Protocol": "http", "Endpoint": address}
        await cloud.call("subscribe", TopicArn=cloud.topic, **wanted)
        yield cloud
    await guarded.aclose()


def subscription(cloud: Cloud) -> Subscription:
    """What moto knows of our subscription."""
    known = sns_backends[DEFAULT_ACCOUNT_ID][REGION].subscriptions.values()
    return next(one for one in known if one.endpoint == cloud.address)


def asks_to_confirm(cloud: Cloud) -> dict[str, str]:
    """The one message that moto never posts, signed with the key that it signs others with."""
    ours = subscription(cloud)
    served = ours.get_post_data("", "m1", None)  # for its certificate
    query = f"Action=ConfirmSubscription&TopicArn={cloud.topic}&Token=t1"
    message = {
        "Type": "SubscriptionConfirmation",
        "MessageId": "m1",
        "Message": "You have chosen to subscribe to the topic.",
        "Timestamp": served["Timestamp"],
        "Token": "t1",
        "TopicArn": cloud.topic,
        "SubscribeURL": f"https://{AMAZON}/?{query}",
    }
    names = SIGNED["SubscriptionConfirmation"]
    signed = "".join(f"{name}\n{message[name]}\n" for name in names).encode()
    signature = ours.private_key().sign(signed, PKCS1v15(), SHA256())
    return {
        **message,
        "SignatureVersion": "2",
        "Signature": base64.b64encode(signature).decode(),
        "SigningCertURL": served["SigningCertURL"],
    }


async def test_a_topic_subscribes_and_its_alarm_opens_and_resolves(
    cloud: Cloud,
) -> None:
    await cloud.alarm("ALARM")  # nobody has confirmed the subscription
    assert await cloud.post(asks_to_confirm(cloud)) == 202
    await cloud.alarm("ALARM")
    status = "SELECT status FROM alerts"
    assert await cloud.scene.rows(status) == [("open",)]
    await cloud.alarm("OK")

    assert await cloud.scene.rows(status) == [("resolved",)]
    verified = ("verified", "processed", None)
    early = ("rejected", "rejected", "no subscription has been confirmed yet")
    assert await cloud.requests() == [early, verified, verified, verified]
    assert cloud.amazon.asked.count("/") == 1  # the confirmation
    assert sum(path.endswith(".pem") for path in cloud.amazon.asked) == 3


async def test_what_moto_has_not_signed_like_this_is_refused(cloud: Cloud) -> None:
    assert await cloud.post(asks_to_confirm(cloud)) == 202
    good: dict[str, str] = subscription(cloud).get_post_data("disk full", "m2", None)
    other = subscription(cloud).get_post_data("other", "m3", None)
    forged = [
        {**good, "Message": "disk empty"},
        {**good, "Timestamp": other["Timestamp"] + "0"},
        {**good, "Signature": other["Signature"]},
        {**good, "SigningCertURL": f"https://{AMAZON}/SimpleNotificationService-x.pem"},
    ]

    assert [await cloud.post(message) for message in forged[:3]] == [401] * 3
    assert await cloud.post(forged[3]) == 503  # moto has no such certificate
    assert await cloud.post(good) == 202
