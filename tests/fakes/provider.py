"""What all fake providers have in common: where they are, what they take, what they say."""

import json
from collections.abc import Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from pagefree.infra.clock import Clock, system_clock
from tests.fake_servers import Answer, Post, WebServer, as_json, serving

T = TypeVar("T")
Fields = dict[str, Any]


class Wrong(Exception):
    """A request that is not of the shape that the provider has published."""


def need(holds: object, what: str) -> None:
    """Raise Wrong unless it `holds`."""
    if not holds:
        raise Wrong(what)


class Reports(StrEnum):
    """In which order a provider tells what became of a message."""

    IN_ORDER = "in order"
    LATE = "late"  # whoever plays it back lets time pass before
    TWICE = "twice"
    BACKWARDS = "backwards"

    def arranged(self, reports: Iterable[T]) -> list[T]:
        """The same reports as they are told."""
        told = list(reports)
        if self is Reports.TWICE:
            return [report for report in told for _ in range(2)]
        return told[::-1] if self is Reports.BACKWARDS else told


@dataclass(frozen=True, slots=True)
class Report:
    """A request of the provider to us."""

    url: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(slots=True)
class Provider(WebServer):
    """Takes what the real one would take, and complains of the rest as it does."""

    accepted: list[Fields] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    clock: Clock = system_clock

    @property
    def account(self) -> dict[str, object]:
        """The credentials by which the channel reaches it; empty where it needs none."""
        return {}

    @property
    def secret(self) -> str | None:
        """What signs what is sent, where the channel does."""
        return None

    @property
    def words_matter(self) -> bool:
        """Whether a success says something that is needed, so that garbage is none."""
        return True

    def address(self, number: int = 0) -> dict[str, Any]:
        """Of one of its users."""
        raise NotImplementedError

    def read(self, post: Post) -> Fields:
        """What it is asked to show. Raises Wrong."""
        raise NotImplementedError

    def success(self, fields: Fields) -> Answer:
        """What it answers to that."""
        del fields
        return Answer(200)

    def malformed(self, reason: str) -> Answer:
        """What it answers to anything else."""
        return as_json(400, {"error": reason})

    def take(self, post: Post) -> Answer:
        try:
            fields = self.read(post)
        except Wrong as e:
            self.complaints.append(str(e))
            return self.malformed(str(e))
        self.accepted.append(fields)
        return self.success(fields)

    def reports(self, fields: Fields) -> list[Report]:
        """What it tells, in order, of a message that arrives; nothing where it never does."""
        del fields
        return []

    def started(self, port: int = 0) -> AbstractAsyncContextManager["Provider"]:
        """Let it serve on a free port, or on that one."""
        return serving(self, port)


def json_of(post: Post) -> Fields:
    """Raises Wrong."""
    kind = post.headers.get("content-type", "").partition(";")[0]
    need(kind == "application/json", f"a body of type {kind!r}")
    try:
        body = json.loads(post.body)
    except ValueError:
        raise Wrong("the body is no JSON") from None
    need(isinstance(body, dict), "the body is no object")
    fields: Fields = body
    return fields


def form_of(post: Post) -> dict[str, str]:
    """Raises Wrong."""
    kind = post.headers.get("content-type", "").partition(";")[0]
    need(kind == "application/x-www-form-urlencoded", f"a body of type {kind!r}")
    try:
        pairs = parse_qsl(
            post.body.decode(), keep_blank_values=True, strict_parsing=True
        )
    except ValueError:
        raise Wrong("the body is no form") from None
    need(len(dict(pairs)) == len(pairs), "a field comes twice")
    return dict(pairs)


def need_known(fields: Mapping[str, object], known: Iterable[str], where: str) -> None:
    """Many APIs ignore a misspelt field; here nobody may send one."""
    unknown = fields.keys() - set(known)
    need(not unknown, f"{where} has no {', '.join(sorted(unknown))}")


def need_text(value: object, most: int, what: str, least: int = 1) -> None:
    """A text of so many characters."""
    good = isinstance(value, str) and least <= len(value) <= most
    need(good, f"{what} is no text of {least} to {most} characters")


def need_url(value: object, what: str, most: int = 2048) -> None:
    """An address that people can open."""
    need_text(value, most, what)
    need(str(value).startswith(("https://", "http://")), f"{what} is no address")
