"""Statements that find past incidents like one: by its words and labels, all indexed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pagefree.core import canary
from pagefree.infra.db import Connection, Tx, driver

LOOKED_AT = 2000  # of a service's past, and of what shares all words elsewhere
MOST = 10
LIKE_ENOUGH = 0.5  # of the weight of its own words
# {D, C, B, A}: a label counts a fifth of a word of the title
WEIGHTS = "ARRAY[0.2, 0.2, 0.2, 1]::float4[]"
# hosts and shards are numbered: "web-12 is down" is like "web-13 is down"
TITLE = "regexp_replace({title}, '[0-9]+', ' ', 'g')"
LABELS = """
SELECT array_agg(DISTINCT left(lower(label.key || '=' || label.value), 200))
FROM (SELECT labels FROM alerts WHERE incident_id = {id} ORDER BY id LIMIT 5) AS alert
CROSS JOIN LATERAL jsonb_each_text(alert.labels) AS label
WHERE label.value IS NOT NULL
"""
WORDS = (
    "setweight(to_tsvector('simple', " + TITLE + "), 'A')"
    " || array_to_tsvector(coalesce((" + LABELS + "), '{{}}'))"
)

# A minute back: whoever resolved at an earlier instant may have committed later.
REMEMBERING = f"""
INSERT INTO incident_words (incident_id, service_id, words, resolved_at)
SELECT i.id, i.service_id, {{words}}, i.resolved_at
FROM (
    SELECT id, service_id, title, resolved_at FROM incidents
    WHERE service_id <> '{canary.SERVICE_ID}'
    AND resolved_at IS NOT NULL AND resolved_at >= coalesce(
        (SELECT max(resolved_at) - interval '1 minute' FROM incident_words), '-infinity'
    ) AND NOT EXISTS (SELECT FROM incident_words AS w WHERE w.incident_id = incidents.id)
    ORDER BY resolved_at LIMIT $1
) AS i
ON CONFLICT (incident_id) DO NOTHING
RETURNING incident_id
"""  # noqa: S608 - nothing of it comes from outside
REMEMBER = REMEMBERING.format(words=WORDS.format(title="i.title", id="i.id"))
LIKE_IT = """
WITH mine AS MATERIALIZED (
    SELECT {words} AS words,
        plainto_tsquery('simple', {title}) AS title
), asked AS MATERIALIZED (
    SELECT string_agg(
        '''' || replace(replace(word, '\\', '\\\\'), '''', '''''') || '''', ' | '
    )::tsquery AS words
    FROM mine, unnest(tsvector_to_array(mine.words)) AS word
), candidates AS (
    (
        SELECT incident_id, words FROM incident_words
        WHERE service_id = $2 ORDER BY incident_id DESC LIMIT $4
    )
    UNION ALL
    (
        SELECT w.incident_id, w.words FROM mine JOIN incident_words AS w
            ON w.words @@ mine.title AND w.service_id <> $2
        LIMIT $4
    )
), alike AS (
    SELECT c.incident_id AS id, false AS condition,
        ts_rank({weights}, c.words, asked.words)
            / nullif(ts_rank({weights}, mine.words, asked.words), 0) AS likeness
    FROM candidates AS c, mine, asked
    WHERE c.words @@ asked.words
), same_condition AS (
    SELECT DISTINCT old.incident_id AS id, true AS condition, 1.0 AS likeness
    FROM (
        SELECT incident_id, integration_id, dedup_key FROM alerts
        WHERE service_id = $2 ORDER BY id DESC LIMIT $4
    ) AS old
    JOIN (
        SELECT DISTINCT integration_id, dedup_key FROM alerts WHERE incident_id = $1
    ) AS own ON own.integration_id = old.integration_id AND own.dedup_key = old.dedup_key
    WHERE old.incident_id IS NOT NULL
), best AS (
    SELECT id, bool_or(condition) AS condition, max(likeness) AS likeness
    FROM (
        SELECT * FROM same_condition
        UNION ALL SELECT * FROM alike WHERE likeness >= $5
    ) AS found
    WHERE id < $1 GROUP BY id
    ORDER BY bool_or(condition) DESC, max(likeness) DESC, id DESC LIMIT $6 + 5
)
SELECT i.id, i.number, i.title, i.status, i.opened_at, i.resolved_at, best.condition,
    least(best.likeness, 1)::float8 AS likeness, i.service_id, s.name AS service,
    resolver.name AS resolved_by, (
        SELECT e.data ->> 'note' FROM events AS e
        WHERE e.incident_id = i.id AND e.kind = 'incident.resolved'
        ORDER BY e.seq DESC LIMIT 1
    ) AS note
FROM best JOIN incidents AS i ON i.id = best.id
JOIN services AS s ON s.id = i.service_id
LEFT JOIN users AS resolver ON resolver.id = i.resolved_by_id
WHERE i.merged_into_id IS NULL
ORDER BY best.condition DESC, best.likeness DESC, i.id DESC
LIMIT $6
"""
SIMILAR = LIKE_IT.format(
    words=WORDS.format(title="$3", id="$1"),
    title=TITLE.format(title="$3"),
    weights=WEIGHTS,
)


@dataclass(frozen=True, slots=True)
class Similar:
    """An earlier incident like this one, and how it ended."""

    id: UUID
    number: int
    title: str
    status: str
    opened_at: datetime
    resolved_at: datetime | None
    same_condition: bool  # one of its alerts had the dedup key of one of this one's
    likeness: float  # up to 1: all its words and labels
    service_id: UUID
    service: str
    resolved_by: str | None  # none: the tool, or PageFree
    note: str | None  # of whoever resolved it


async def remember(connection: Connection, limit: int) -> int:
    """Keep the words of up to `limit` incidents that were resolved lately; returns how many."""
    return len(await connection.fetch(REMEMBER, limit))


async def list_similar(
    tx: Tx, incident_id: UUID, service_id: UUID, title: str
) -> list[Similar]:
    """Earlier incidents: of the same condition first, then those with the most words in common.

    Of its own service the latest are looked through; elsewhere all words of the title
    must be there. Both are bounded, so that it stays quick however much has happened.
    """
    connection = await driver(tx)
    asked = incident_id, service_id, title, LOOKED_AT, LIKE_ENOUGH, MOST
    return [Similar(*row) for row in await connection.fetch(SIMILAR, *asked)]
