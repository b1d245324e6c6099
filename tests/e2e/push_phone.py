"""A phone in Chromium whose push service is ours: what is sent there is handed to it."""

import asyncio
import base64
import json
from dataclasses import dataclass
from typing import Any

from playwright.async_api import BrowserContext, CDPSession, Page, Worker

from tests.e2e.screens import PATIENCE_S
from tests.fakes.push import PushService, Subscription
from tests.programs import eventually

# Chromium's own push service is on the internet. The page's way to it is replaced; what
# arrives goes through the real service worker.
PUSH_MANAGER = """
(() => {
  const KEY = "fake subscription";
  const bytes = (text) => Uint8Array.from(
    atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0)
  ).buffer;
  const made = (address) => ({
    endpoint: address.endpoint,
    options: { applicationServerKey: bytes(address.key) },
    getKey: (name) => bytes(address[name]),
    unsubscribe: async () => { localStorage.removeItem(KEY); return true; },
  });
  PushManager.prototype.getSubscription = async () => {
    const kept = localStorage.getItem(KEY);
    return kept && made(JSON.parse(kept));
  };
  PushManager.prototype.subscribe = async ({ applicationServerKey }) => {
    const address = await window.subscribeThere(applicationServerKey);
    localStorage.setItem(KEY, JSON.stringify(address));
    return made(address);
  };
})();
"""
SHOWN = """async () => (await self.registration.getNotifications())
  .map(({ title, body, tag }) => ({ title, body, tag }))"""
PRESS = """async ([tag, action]) => {
  const [notification] = await self.registration.getNotifications({ tag });
  const event = new NotificationEvent("notificationclick", { notification, action });
  self.dispatchEvent(event);
}"""


@dataclass(slots=True)
class Phone:
    """One browser, its page, its service worker, and its subscription."""

    context: BrowserContext
    page: Page
    service: PushService
    devtools: CDPSession
    registrations: asyncio.Queue[str]

    @property
    def subscription(self) -> Subscription:
        """The newest one that was made."""
        return list(self.service.subscriptions.values())[-1]

    async def opens(self, path: str) -> Worker:
        """Go there; returns the service worker, once it has taken over."""
        await self.page.goto(path)
        await self.page.evaluate(
            "navigator.serviceWorker.ready.then(({ active }) => active.state)"
        )
        await self.page.wait_for_function("navigator.serviceWorker.controller !== null")

        async def heard_of() -> Worker | None:
            return next(iter(self.context.service_workers), None)

        return await eventually(heard_of, PATIENCE_S)

    async def receives(self, payload: dict[str, Any]) -> None:
        """The push service hands a message over."""
        registration = await self.registration()
        await self.devtools.send(
            "ServiceWorker.deliverPushMessage",
            {
                "origin": await self.page.evaluate("location.origin"),
                "registrationId": registration,
                "data": json.dumps(payload),
            },
        )

    async def registration(self) -> str:
        """The id by which DevTools know the service worker."""
        found = await self.registrations.get()
        self.registrations.put_nowait(found)
        return found

    async def shows(self) -> list[dict[str, str]]:
        """The notifications that are on the screen."""
        worker = self.context.service_workers[0]
        shown: list[dict[str, str]] = await worker.evaluate(SHOWN)
        return shown

    async def presses(self, tag: str, action: str) -> None:
        """A button of the notification with this tag."""
        worker = self.context.service_workers[0]
        await worker.evaluate(PRESS, [tag, action])


async def phone_of(context: BrowserContext, page: Page, service: PushService) -> Phone:
    """Make this page the screen of a phone that takes notifications."""

    async def subscribe(key: str) -> dict[str, str]:
        return service.subscribe(key).address

    await context.grant_permissions(["notifications"])
    await context.expose_function("subscribeThere", subscribe)
    await context.add_init_script(PUSH_MANAGER)
    devtools = await context.new_cdp_session(page)
    registrations: asyncio.Queue[str] = asyncio.Queue()

    def hear(event: dict[str, Any]) -> None:
        for each in event["registrations"]:
            if not each["isDeleted"] and registrations.empty():
                registrations.put_nowait(each["registrationId"])

    devtools.on("ServiceWorker.workerRegistrationUpdated", hear)
    await devtools.send("ServiceWorker.enable")
    return Phone(context, page, service, devtools, registrations)


def placeholder_key() -> str:
    """A public key that no installation has: one was in the examples of an old tutorial."""
    point = b"\x04" + bytes(range(64))
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()
