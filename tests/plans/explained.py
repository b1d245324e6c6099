"""The plans of statements as they are really run: PostgreSQL tells them by auto_explain."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from asyncpg import PostgresLogMessage

from pagefree.infra.db import Connection

SETTINGS = (
    "LOAD 'auto_explain'",
    "SET auto_explain.log_min_duration = 0",
    "SET auto_explain.log_format = json",
    "SET auto_explain.log_level = notice",
    "SET auto_explain.log_analyze = on",
    "SET auto_explain.log_timing = off",
)
FEW = (
    2_000  # rows: a small table is best read whole, and who counts to 1,001 stops there
)
Node = dict[str, Any]


@dataclass(slots=True)
class Plans:
    """What was run on one connection, in order."""

    trees: list[Node] = field(default_factory=list)

    async def hear(self, connection: Connection) -> None:
        """Listen to all that is run on `connection` from now on."""
        for setting in SETTINGS:
            await connection.execute(setting)
        connection.add_log_listener(self._take)

    def _take(self, _: object, message: PostgresLogMessage) -> None:
        text = message.message
        if "plan:" in text:
            tree = json.loads(text.partition("plan:")[2])["Plan"]
            if not any(_table(node).startswith("pg_") for node in _nodes(tree)):
                self.trees.append(tree)  # else the driver asks what a type is

    def nodes(self) -> Iterator[Node]:
        """Every node of every plan."""
        for tree in self.trees:
            yield from _nodes(tree)

    def scanned_whole(self, big: frozenset[str]) -> list[str]:
        """The big tables of which every row was looked at."""
        return sorted(
            _table(node)
            for node in self.nodes()
            if node["Node Type"] == "Seq Scan"
            and _table(node) in big
            and _looked_at(node) > FEW
        )

    def most_rows(self) -> int:
        """The most rows that any step took in hand, those that it threw away too."""
        return max(map(_looked_at, self.nodes()), default=0)

    def partitions(self) -> set[str]:
        """The partitions of raw requests that were really looked into."""
        return {
            _table(node)
            for node in self.nodes()
            if _table(node).startswith("inbound_requests")
            and node.get("Actual Loops", 0) > 0
        }


def _table(node: Node) -> str:
    return str(node.get("Relation Name", ""))


def _looked_at(node: Node) -> int:
    rows = node.get("Actual Rows", 0) + node.get("Rows Removed by Filter", 0)
    return int(rows * node.get("Actual Loops", 1))


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    for below in node.get("Plans", ()):
        yield from _nodes(below)
