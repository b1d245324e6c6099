"""What is noted of a change of a policy, so that it can be undone."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from pagefree.audit.service import Note, note
from pagefree.core.errors import Conflict
from pagefree.core.policies import Policy
from pagefree.escalation.policy_queries import Draft, OwnedPolicy
from pagefree.escalation.queries import decode, encode
from pagefree.infra.db import Tx

REPLACED = "escalation_policy.replaced"


async def keep(tx: Tx, before: OwnedPolicy, after: Draft, now: datetime) -> None:
    """Note the whole of a policy before and after a change; nothing where it is the same."""
    was, is_now = _plain(before.policy), _plain(after.policy)
    if was == is_now:
        return
    data = {"before": was, "after": is_now}
    name = after.policy.name
    what = Note(REPLACED, "escalation_policy", before.id, name, after.team_id, data)
    await note(tx, what, now)


def former(owned: OwnedPolicy, said: Mapping[str, object]) -> Draft:
    """What the policy was before a change. Raises Conflict if it has been changed since."""
    if _plain(owned.policy) != said.get("after"):
        raise Conflict("the policy has been changed again since: change it by hand")
    return Draft(owned.team_id, decode(json.dumps(said["before"])))


def _plain(policy: Policy) -> object:
    """As JSON; its id is said elsewhere."""
    return json.loads(encode(replace(policy, id=None)))
