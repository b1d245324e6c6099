"""Signatures of requests: what senders sign, how, and whether it is right."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scheme:
    """How one kind of sender signs its requests."""

    name: str
