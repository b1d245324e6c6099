"""Addresses at which followers of pages are told: what each way takes."""

import re
from urllib.parse import urlsplit

from pydantic import TypeAdapter, ValidationError
from pydantic.networks import HttpUrl

from pagefree.channels.twilio import E164
from pagefree.core.errors import Invalid
from pagefree.core.subscriptions import Way

LONGEST = 500
LONGEST_EMAIL = 254  # RFC 5321 section 4.5.3.1.3
# what mail servers take, without the quoted forms that nobody has
EMAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@"
    r"([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)
NUMBER = re.compile(E164)
NOT_DIALLED = re.compile(r"[\s()./-]")
SLACK_HOSTS = ("hooks.slack.com", "hooks.slack-gov.com")
URL = TypeAdapter(HttpUrl)


def checked(way: Way, text: str) -> str:
    """The address as it is kept, the same for all spellings. Raises Invalid."""
    text = text.strip()
    if way is Way.EMAIL:
        if len(text) > LONGEST_EMAIL or not EMAIL.fullmatch(text) or ".." in text:
            raise Invalid("this is not an e-mail address")
        return text.lower()
    if way is Way.SMS:
        number = NOT_DIALLED.sub("", text)
        if not NUMBER.fullmatch(number):
            raise Invalid("a number begins with the country's code: +49 …")
        return number
    return _url(way, text)


def shown(way: Way, address: str) -> str:
    """The address for people who need not know it: of a chat, the path is a secret."""
    if way in {Way.SLACK, Way.TEAMS, Way.WEBHOOK}:
        return urlsplit(address).hostname or ""
    return address


def _url(way: Way, text: str) -> str:
    try:
        url = URL.validate_python(text)
    except ValidationError:
        raise Invalid("this is not an address of a webhook: https://…") from None
    if url.username or url.password or len(text) > LONGEST:
        raise Invalid("this is not an address of a webhook: https://…")
    if way is Way.SLACK and url.host not in SLACK_HOSTS:
        raise Invalid("a webhook of Slack begins with https://hooks.slack.com/")
    return str(url)
