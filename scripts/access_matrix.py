"""Write docs/reference/access.md anew from core/access.py; `--check` only compares."""

import sys
from collections.abc import Iterable
from itertools import chain

from pagefree.core.access import ALLOWED, NEEDS_SCOPE, Can, Relation, Role, Scope, Self
from scripts.steps import ROOT

DOCUMENT = ROOT / "docs" / "reference" / "access.md"
TITLES: dict[Relation, str] = {
    Role.TEAM_ADMIN: "team admin",
    Role.RESPONDER: "responder",
    Role.OBSERVER: "observer",
    Self.SELF: "oneself",
    None: "anybody signed in",
}
HEAD = """\
# Access

Who may do what. This page is made from `src/pagefree/core/access.py`, the only place that decides,
by `python -m scripts.access_matrix`; `make check` fails if it is stale.

Everybody belongs to teams with one role in each. A role counts for what is that team's. *Oneself*:
whose account it is about. Platform admins may do everything below. Runbooks and postmortems ask
more than this table, e.g. that an approver is not the author.

"""
SCOPES = """
## Hidden teams

Of a team that is hidden nobody sees anything but its own people and platform admins: to all others
what it has is not there, whatever the table says. Who is called for one of its incidents sees that
incident. Hiding is up to who may change what belongs to the team.

| asks for | of one's own team | of another team | of a hidden team |
| --- | --- | --- | --- |
| anything that is read | as the table says | as the table says | not found, or left out |
| an incident that one is called for | as the table says | as a responder | as a responder |
| anything that is changed or named | as the table says | as the table says | not found |

Every route is asked so in `tests/api/test_access_matrix.py`.

## API keys

A key may do what its holder may, and only what its scopes cover: the last column is the least
scope. `write` includes `read`; `admin` includes both. A session has all. A key may expire, and may
count only from an address list (CIDR): from elsewhere it is as good as unknown. A key with an
address list makes no other key.

## Service accounts

A program that acts in its own name: of a team, with a role there, or of the installation, where it
may only see unless it is a platform admin. Nobody signs in as it, nobody pages it, and it is not
among people. Its keys are made by whoever keeps it: admins of all the teams that it is in, or
platform admins. It makes no keys itself.
"""


def main() -> None:
    """Write or compare, as asked."""
    if "--check" not in sys.argv[1:]:
        DOCUMENT.write_text(document())
    elif not DOCUMENT.exists() or DOCUMENT.read_text() != document():
        sys.exit(
            "docs/reference/access.md is stale: run `python -m scripts.access_matrix`."
        )


def document() -> str:
    """The page."""
    titles = ("may", *TITLES.values(), "platform admin", "scope of keys")
    lines = [_row(titles), _row(["---"] * len(titles)), *map(_line, Can)]
    return HEAD + "\n".join(lines) + "\n" + SCOPES


def _line(can: Can) -> str:
    marks = ["yes" if one in ALLOWED[can] else "" for one in TITLES]
    scope: Scope = NEEDS_SCOPE[can]
    return _row(chain([can.value], marks, ["yes", scope.value]))


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    main()
