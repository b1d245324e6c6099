"""What conditions and templates see: the incident, the event, earlier steps, the run."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pagefree.core.workflows import MOST_TURNS
from pagefree.infra.cel import Vocabulary

MOST_LIST = 200  # entries of a list that templates may go through
MOST_BYTES = 64 * 1024  # of an output
MOST_TEXT = 16 * 1024
DEEPEST = 20

CONDITIONS = Vocabulary(
    texts=frozenset(
        {
            "title",
            "status",
            "severity",
            "priority",
            "urgency",
            "service",
            "team",
            "kind",
            "actor",
        }
    ),
    maps=frozenset({"labels", "incident", "event", "steps", "request", "item"}),
)
# What templates may name; an empty map: anything below it.
VARIABLES: Mapping[str, Mapping[str, Any] | str] = {
    "incident": {
        "id": "its id",
        "number": "12",
        "title": "what broke",
        "status": "triggered, acknowledged or resolved",
        "severity": "critical, error, warning or info",
        "priority": "P1 to P5, or nothing",
        "urgency": "high or low",
        "opened_at": "when it opened",
        "url": "its page",
        "alert_count": "how many alerts it holds",
        "acknowledged_by": "who has it",
        "resolved_by": "who ended it",
        "service": {"id": "its id", "name": "its name"},
        "team": {"id": "its id", "name": "its name"},
        "labels": {},
    },
    "event": {
        "kind": "incident.resolved …",
        "at": "when it happened",
        "actor": "who did it",
        "text": "the note that was written",
        "data": {},
    },
    "workflow": {"id": "its id", "name": "its name", "version": "its number"},
    "run": {
        "id": "its id",
        "url": "its page",
        "callback_url": "where a waiting step is answered",
    },
    "request": {"body": {}},
    "item": {},
    "index": "0, 1, 2 … in a loop",
    "steps": {},
    "secrets": {},
}


def facts_of_condition(facts: Mapping[str, Any]) -> dict[str, object]:
    """The same facts as conditions name them."""
    incident, event = facts.get("incident", {}), facts.get("event", {})
    item = facts.get("item")
    return {
        **{
            name: str(incident.get(name) or "")
            for name in ("title", "status", "severity", "priority", "urgency")
        },
        "service": str(incident.get("service", {}).get("name", "")),
        "team": str(incident.get("team", {}).get("name", "")),
        "kind": str(event.get("kind", "")),
        "actor": str(event.get("actor", "")),
        "labels": incident.get("labels", {}),
        "incident": incident,
        "event": event,
        "steps": facts.get("steps", {}),
        "request": facts.get("request", {}),
        "item": {} if item is None else item,
    }


def found_at(facts: Mapping[str, Any], path: str) -> object:
    """What stands at a dotted path; none where nothing does."""
    here: Any = facts
    for name in path.split("."):
        if isinstance(here, Mapping):
            here = here.get(name)
        elif isinstance(here, Sequence) and not isinstance(here, str):
            here = here[int(name)] if name.isdigit() and int(name) < len(here) else None
        else:
            return None
    return here


def is_known(path: str, steps: Mapping[str, Mapping[str, str] | None]) -> bool:
    """Whether templates may name `path`; `steps`: earlier ones with their outputs.

    Outputs of none: anything may be below.
    """
    root, _, rest = path.partition(".")
    if root == "steps":
        step, _, output = rest.partition(".")
        if not rest:
            return True
        outputs = steps.get(step, {})
        return step in steps and (
            outputs is None or not output or output.partition(".")[0] in (outputs or {})
        )
    here: Mapping[str, Any] | str = VARIABLES
    for name in path.split("."):
        if here == {}:
            return True
        if isinstance(here, str) or name not in here:
            return False
        here = here[name]
    return True


def trimmed(value: Any, depth: int = 0) -> Any:  # noqa: ANN401 - JSON
    """`value` cut down to what may be kept and gone through."""
    if isinstance(value, str):
        return _storable(value)[:MOST_TEXT]
    if depth >= DEEPEST:
        return None
    if isinstance(value, Mapping):
        kept = list(value.items())[:MOST_LIST]
        return {_storable(str(key))[:200]: trimmed(one, depth + 1) for key, one in kept}
    if isinstance(value, list | tuple):
        most = max(MOST_LIST, MOST_TURNS)
        return [trimmed(one, depth + 1) for one in value[:most]]
    return value


def _storable(text: str) -> str:
    """Without what PostgreSQL refuses: NUL, and halves of characters."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def kept(output: Mapping[str, object]) -> dict[str, object]:
    """An output as it is stored: of one that is too large only what is small."""
    cut: dict[str, object] = trimmed(output)
    size = len(json.dumps(cut))
    if size <= MOST_BYTES:
        return cut
    small = {k: v for k, v in cut.items() if len(json.dumps(v)) <= MOST_TEXT}
    return {**small, "too_large": size}
