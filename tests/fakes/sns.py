"""AWS SNS: moto answers, behind a door that behaves as told.

https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
"""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any

from moto.server import ThreadedMotoServer

from tests.fake_servers import Answer, Post, serving
from tests.fakes.provider import Fields, Provider, form_of, need, need_text

REGION = "eu-west-1"
LONGEST = 1600
ERROR = "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code></Error></ErrorResponse>"


@dataclass(slots=True)
class SnsServer(Provider):
    """Text messages of one account with AWS."""

    moto: tuple[str, int] = ("", 0)

    @property
    def account(self) -> dict[str, object]:
        return {
            "sns_region": REGION,
            "sns_key_id": "AKIDEXAMPLE",
            "sns_secret": "wJalrXUtnFEMI",
            "sns_url": f"{self.base}/",
        }

    def address(self, number: int = 0) -> dict[str, Any]:
        return {"number": f"+4917{number:08d}"}

    def read(self, post: Post) -> Fields:
        form = form_of(post)
        need(form.get("Action") == "Publish", "the action is unknown")
        need(form.get("Version") == "2010-03-31", "the version is unknown")
        need_text(form.get("Message"), LONGEST, "Message")
        scope = f"/{REGION}/sns/aws4_request, SignedHeaders="
        given = post.headers.get("authorization", "")
        need(given.startswith("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/"), "who?")
        need(scope in given, "signed for something else")
        return {**form, "post": post}

    def success(self, fields: Fields) -> Answer:
        post: Post = fields.pop("post")
        connection = HTTPConnection(*self.moto)
        connection.request("POST", "/", post.body, post.headers)
        reply = connection.getresponse()
        answer = Answer(reply.status, reply.read())
        connection.close()
        return answer

    def malformed(self, reason: str) -> Answer:
        del reason
        return Answer(400, ERROR.format(code="ValidationError").encode())

    def refusal(self) -> Answer:
        return Answer(400, ERROR.format(code="OptedOut").encode())

    def started(self, port: int = 0) -> AbstractAsyncContextManager[Provider]:
        return _with_moto(self, port)


@asynccontextmanager
async def _with_moto(fake: SnsServer, port: int) -> AsyncIterator[Provider]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        fake.moto = server.get_host_and_port()
        async with serving(fake, port):
            yield fake
    finally:
        server.stop()
