"""Somebody's JSON as events, by the settings of the integration."""

from collections.abc import Iterable
from dataclasses import replace
from hashlib import sha256

from pagefree.core.alerts import (
    BODY_LENGTH,
    TITLE_LENGTH,
    Action,
    AlertEvent,
    Link,
    key_of,
    severity_of,
    web_address,
)
from pagefree.integrations.base import Unreadable, instant_of
from pagefree.integrations.generic.guess import action_of, guessed
from pagefree.integrations.generic.language import compiled, text_at
from pagefree.integrations.generic.settings import LinkSettings, Settings

Member = dict[str, object]


def members_of(settings: Settings, tree: object) -> list[object]:
    """The events in a body. Raises Unreadable if they are not where they should be."""
    found = tree
    if settings.events and isinstance(tree, dict):
        found = compiled(settings.events)(tree, tree)
        if not isinstance(found, list):
            raise Unreadable([f"there is no list at {settings.events}"])
    return found if isinstance(found, list) else [found]


def mapped(settings: Settings, member: Member, tree: object) -> AlertEvent:
    """One event; what no template says is guessed."""

    def said(template: str) -> str:
        return text_at(template, member, tree)

    guess = guessed(member, said(settings.title))
    body, severity = said(settings.body), said(settings.severity)
    address, group = said(settings.source_url), said(settings.group_key)
    return replace(
        guess,
        action=_action(settings, said(settings.status)) or guess.action,
        dedup_key=_key(map(said, settings.dedup)) or guess.dedup_key,
        severity=severity_of(severity) if settings.severity else guess.severity,
        body=body[:BODY_LENGTH] if settings.body else guess.body,
        source_url=web_address(address) if settings.source_url else guess.source_url,
        group_key=(key_of(group) if group else None)
        if settings.group_key
        else guess.group_key,
        episode_at=instant_of(said(settings.episode_at)) or guess.episode_at,
        labels=_labels(settings, member, tree) if settings.labels else guess.labels,
        links=tuple(_links(settings.links, member, tree)) or guess.links,
    )


def _action(settings: Settings, status: str) -> Action | None:
    """What a status asks for: nothing but a word that is listed resolves."""
    if not settings.status:
        return None
    word = status.lower()
    listed = {
        Action.TRIGGER: settings.fires,
        Action.ACKNOWLEDGE: settings.acknowledges,
        Action.RESOLVE: settings.resolves,
    }
    if not any(listed.values()):
        return action_of(word)
    for action, words in listed.items():
        if word in map(str.lower, words):
            return action
    return Action.TRIGGER


def _key(parts: Iterable[str]) -> str:
    """The only part as it is, several hashed; "" if none says anything."""
    told = list(parts)
    if not any(told):
        return ""
    if len(told) == 1:
        return key_of(told[0])
    return "sha256:" + sha256("\n".join(told).encode()).hexdigest()


def _labels(settings: Settings, member: Member, tree: object) -> dict[str, object]:
    found = {
        name: compiled(template)(member, tree)
        for name, template in settings.labels.items()
        if template
    }
    return {name: value for name, value in found.items() if value not in (None, "")}


def _links(links: Iterable[LinkSettings], member: Member, tree: object) -> list[Link]:
    found = []
    for link in links:
        address = web_address(text_at(link.href, member, tree))
        if address:
            text = text_at(link.text, member, tree)
            found.append(Link(address, text[:TITLE_LENGTH]))
    return found
