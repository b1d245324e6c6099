"""Which changes of configuration may be undone, and whether nothing has changed since."""

from collections.abc import Mapping
from uuid import UUID

from pagefree.audit import queries
from pagefree.audit.queries import Entry
from pagefree.core.errors import Conflict
from pagefree.infra.db import Tx

# by kind of object: what may be set again by the same rules as by hand
UNDOABLE: Mapping[str, frozenset[str]] = {
    "integration": frozenset({"name"}),
    "partner": frozenset({"name", "organisation", "notes"}),
    "schedule": frozenset({"name", "description"}),
    "service": frozenset(
        {
            *("name", "description", "escalation_policy_id", "lifecycle", "tier"),
            *("tags", "runbook_url"),
        }
    ),
    "status_page": frozenset(
        {"name", "description", "footer", "support_url", "colour", "theme"}
    ),
    "team": frozenset({"name", "description"}),
    "user": frozenset({"name", "time_zone"}),
    "workflow": frozenset({"name", "description"}),
}
# noted whole, where a change touches many rows
REPLACED = frozenset({"escalation_policy.replaced", "schedule.replaced"})
IDS = {"escalation_policy_id"}


def can_be_undone(entry: Entry) -> bool:
    """Whether it is a change of only such columns, or of something that is noted whole."""
    if entry.kind in REPLACED:
        return True
    columns = UNDOABLE.get(entry.object_kind)
    if columns is None or entry.kind != f"{entry.object_kind}.updated":
        return False
    return bool(entry.before) and columns.issuperset(entry.before or ())


async def what_was_before(tx: Tx, entry: Entry) -> Mapping[str, object]:
    """The values to set again, by column; the row is locked. Raises Conflict.

    Conflict: the change cannot be undone, the object is gone, or what was changed has been
    changed again.
    """
    if not can_be_undone(entry) or entry.kind in REPLACED:
        raise Conflict("this cannot be undone: change it by hand")
    now = await queries.lock_object(tx, entry.object_kind, entry.object_id)
    if now is None:
        raise Conflict("what was changed is no longer there")
    after = entry.after or {}
    if any(now.get(name) != value for name, value in after.items()):
        raise Conflict("it has been changed again since: change it by hand")
    return {name: _value(name, v) for name, v in (entry.before or {}).items()}


def _value(name: str, value: object) -> object:
    return UUID(str(value)) if name in IDS and value is not None else value
