"""All fake providers, by name: every channel has at least one."""

from collections.abc import Callable, Mapping

from tests.fakes.discord import Discord
from tests.fakes.mattermost import Mattermost
from tests.fakes.ntfy import Ntfy
from tests.fakes.provider import Provider
from tests.fakes.push import PushService
from tests.fakes.pushover import Pushover
from tests.fakes.slack import Slack
from tests.fakes.smtp import MailServer
from tests.fakes.sns import SnsServer
from tests.fakes.teams import Teams
from tests.fakes.telegram import Telegram
from tests.fakes.twilio import Twilio
from tests.fakes.webhook import Receiver

EVERY: Mapping[str, Callable[[], Provider]] = {
    "discord": Discord,
    "email": MailServer,
    "mattermost": Mattermost,
    "ntfy": Ntfy,
    "pushover": Pushover,
    "slack": Slack,
    "sms": Twilio,
    "sms/sns": SnsServer,
    "teams": Teams,
    "telegram": Telegram,
    "voice": Twilio,
    "web_push": PushService,
    "webhook": Receiver,
}


def channel_of(name: str) -> str:
    """The folder of the channel that talks to this provider."""
    return name.partition("/")[0]
