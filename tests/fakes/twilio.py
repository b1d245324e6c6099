"""Twilio: takes messages and calls, and calls back signed with its own library.

https://www.twilio.com/docs/messaging/api/message-resource and
https://www.twilio.com/docs/voice/api/call-resource
"""

import base64
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

from twilio.request_validator import RequestValidator

from tests.fake_servers import Answer, Post, as_json
from tests.fakes.provider import Fields, Provider, Report, form_of, need, need_known

SID = "AC" + "0" * 32
TOKEN = "12345678901234567890123456789012"
SENDER = "+15005550006"
E164 = re.compile(r"\+[1-9]\d{6,14}")
LONGEST_BODY, LONGEST_TWIML = 1600, 4000
SHARED = {"To", "From", "StatusCallback"}
OF_A_MESSAGE = SHARED | {"MessagingServiceSid", "Body", "ValidityPeriod"}
OF_A_CALL = SHARED | {
    "Twiml",
    "Url",
    "Timeout",
    "MachineDetection",
    "AsyncAmd",
    "AsyncAmdStatusCallback",
}
VERBS = {"Response", "Gather", "Say", "Pause", "Redirect", "Hangup"}
MESSAGE_STATES = ("queued", "sent", "delivered")
CALL_STATES = ("initiated", "ringing", "in-progress", "completed")


@dataclass(slots=True)
class Twilio(Provider):
    """One account; a number that ends in n belongs to user n."""

    @property
    def account(self) -> dict[str, object]:
        return {
            "account_sid": SID,
            "auth_token": TOKEN,
            "sender": SENDER,
            "twilio_url": self.base,
        }

    def address(self, number: int = 0) -> dict[str, Any]:
        return {"number": f"+491511{number:07d}"}

    def read(self, post: Post) -> Fields:
        given = post.headers.get("authorization", "")
        right = base64.b64encode(f"{SID}:{TOKEN}".encode()).decode()
        need(given == f"Basic {right}", "Authentication Error")
        form = form_of(post)
        need(E164.fullmatch(form.get("To", "")), "Invalid 'To' Phone Number")
        base = f"/2010-04-01/Accounts/{SID}"
        if post.path == f"{base}/Messages.json":
            return self._message(form)
        need(post.path == f"{base}/Calls.json", f"{post.path} was not found")
        return self._call(form)

    def _message(self, form: dict[str, str]) -> Fields:
        need_known(form, OF_A_MESSAGE, "a message")
        need(1 <= len(form.get("Body", "")) <= LONGEST_BODY, "the body is too long")
        senders = form.keys() & {"From", "MessagingServiceSid"}
        need(len(senders) == 1, "a message has one sender")
        need(1 <= int(form.get("ValidityPeriod", 36000)) <= 36000, "ValidityPeriod")
        return {**form, "MessageSid": f"SM{len(self.posts):032x}"}

    def _call(self, form: dict[str, str]) -> Fields:
        need_known(form, OF_A_CALL, "a call")
        need(E164.fullmatch(form.get("From", "")), "Invalid 'From' Phone Number")
        need(len(form.keys() & {"Url", "Twiml"}) == 1, "a call says one thing")
        need(len(form.get("Twiml", "")) <= LONGEST_TWIML, "the TwiML is too long")
        verbs = {
            verb.tag for verb in ET.fromstring(form.get("Twiml", "<Response/>")).iter()
        }
        need(verbs <= VERBS, f"TwiML knows no {verbs - VERBS}")
        need(5 <= int(form.get("Timeout", 60)) <= 600, "Timeout")
        detection = form.get("MachineDetection", "Enable")
        need(detection in {"Enable", "DetectMessageEnd"}, "MachineDetection")
        return {**form, "CallSid": f"CA{len(self.posts):032x}"}

    def success(self, fields: Fields) -> Answer:
        sid = fields.get("MessageSid") or fields.get("CallSid")
        return as_json(201, {"sid": sid, "status": "queued"})

    def malformed(self, reason: str) -> Answer:
        if reason == "Authentication Error":
            return as_json(401, {"code": 20003, "message": reason, "status": 401})
        return as_json(400, {"code": 20001, "message": reason, "status": 400})

    def refusal(self) -> Answer:
        words = "Attempt to send to unsubscribed recipient"
        return as_json(400, {"code": 21610, "message": words, "status": 400})

    def reports(self, fields: Fields) -> list[Report]:
        url = fields.get("StatusCallback", "")
        states = MESSAGE_STATES if "MessageSid" in fields else CALL_STATES
        return [report(url, status_of(fields, state)) for state in states if url]


def status_of(fields: Fields, state: str, **more: str) -> dict[str, str]:
    """The form that tells how a message or call fares."""
    shared = {"AccountSid": SID, "To": fields["To"], "From": fields.get("From", "")}
    if sid := fields.get("MessageSid"):
        return {**shared, "MessageSid": sid, "MessageStatus": state, **more}
    return {**shared, "CallSid": fields["CallSid"], "CallStatus": state, **more}


def report(url: str, form: dict[str, str], *, token: str = TOKEN) -> Report:
    """A request as Twilio signs it."""
    signature = RequestValidator(token).compute_signature(url, form)
    headers = {
        "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
        "X-Twilio-Signature": signature,
        "User-Agent": "TwilioProxy/1.1",
    }
    return Report(url, headers, urlencode(form).encode())
