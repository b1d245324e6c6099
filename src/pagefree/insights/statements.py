"""What each report reads: one statement each, over the same facts."""

# ruff: noqa: S608 - statements are put together from this file alone; values are parameters

from pagefree.core import canary
from pagefree.core.insights import (
    LAST_WORKDAY,
    SLEEP_BEGINS,
    SLEEP_ENDS,
    WORK_BEGINS,
    WORK_ENDS,
)

# Every statement takes the same eleven values, used or not.
ASKED = """
WITH asked AS (
    SELECT $1::timestamptz AS start, $2::timestamptz AS upto, $3::uuid AS team,
        $4::uuid AS service, $5::text AS urgency, $6::text AS zone,
        $7::float8 AS within_s, $8::text AS bucket, $9::timestamptz AS now,
        $10::uuid AS first_id, $11::uuid AS last_id  -- ids are made in order of time
), """
CHOSEN = """
    AND ($3::uuid IS NULL OR {row}.team_id = $3)
    AND ($4::uuid IS NULL OR {row}.service_id = $4)
    AND ($5::text IS NULL OR {row}.urgency = $5)
"""
IN_WINDOW = "{row}.opened_at >= $1 AND {row}.opened_at < $2" + CHOSEN
# `date_part` counts in float8, `extract` in numeric, which takes four times as long.
# Incidents that are over as they were counted, those that are not as they are now. One
# that was opened again is open, whatever was counted. Both halves have the same types to
# the letter: else each row is taken apart and put together once more.
INCIDENTS = (
    ASKED
    + f"""
opened AS (
    SELECT i.id, i.service_id, i.team_id, i.urgency, i.opened_at, i.acknowledged_at,
        NULL::timestamptz AS resolved_at,
        coalesce(e.paged_step + 1, 0)::smallint AS steps,
        coalesce(e.state = 'exhausted', false) AS gave_up, 0::smallint AS reopened
    FROM incidents AS i LEFT JOIN escalations AS e ON e.incident_id = i.id
    WHERE i.status <> 'resolved' AND i.merged_into_id IS NULL
        AND i.team_id <> '{canary.TEAM_ID}'
        AND {IN_WINDOW.format(row="i")}
), told AS (
    SELECT f.incident_id AS id, f.service_id, f.team_id, f.urgency, f.opened_at,
        f.acknowledged_at, f.resolved_at, f.steps, f.gave_up, f.reopened
    FROM incident_facts AS f
    WHERE NOT f.merged AND {IN_WINDOW.format(row="f")}
        AND NOT EXISTS (SELECT FROM opened WHERE opened.id = f.incident_id)
    UNION ALL SELECT * FROM opened
), timed AS (
    SELECT *, date_part('epoch', acknowledged_at - opened_at) AS ack_s,
        date_part('epoch', resolved_at - opened_at) AS fix_s
    FROM told
    OFFSET 0  -- else each is computed again for every figure that is made of it
)
"""
)
# Each step of an incident at which something was sent to the person, and when the first was.
CALLED = (
    ASKED
    + f"""
called AS NOT MATERIALIZED (
    SELECT c.incident_id, c.user_id, c.at
    FROM interruptions AS c
    WHERE c.at >= $1 AND c.at < $2 {CHOSEN.format(row="c")}
    UNION ALL
    SELECT i.id, n.user_id, min(n.send_at)
    FROM incidents AS i
    JOIN notifications AS n ON n.incident_id = i.id
    WHERE i.status <> 'resolved' AND n.attempt_count > 0 AND n.channel <> 'in_app'
        AND n.status IN ('accepted', 'delivered', 'failed', 'unknown')
        AND n.send_at >= $1 AND n.send_at < $2 {CHOSEN.format(row="i")}
        AND NOT EXISTS (  -- counted before it was opened again
            SELECT FROM interruptions AS c
            WHERE c.incident_id = i.id AND c.user_id = n.user_id AND c.cause = n.cause
        )
    GROUP BY i.id, n.user_id, n.cause
)
"""
)
TIMES = """
    avg(ack_s) AS ack_mean_s,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY ack_s) AS ack_median_s,
    avg(fix_s) AS fix_mean_s,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY fix_s) AS fix_median_s
"""
SUMMARY = f"""{INCIDENTS}
SELECT count(*) AS incidents,
    count(*) FILTER (WHERE urgency = 'high') AS high_urgency,
    count(ack_s) AS acknowledged, count(fix_s) AS resolved,
    {TIMES},
    percentile_cont(0.95) WITHIN GROUP (ORDER BY ack_s) AS ack_p95_s,
    percentile_cont(0.95) WITHIN GROUP (ORDER BY fix_s) AS fix_p95_s,
    count(*) FILTER (WHERE steps > 1) / nullif(count(*), 0)::float8 AS escalated,
    count(*) FILTER (WHERE gave_up) AS unanswered,
    count(*) FILTER (WHERE reopened > 0) AS reopened
FROM timed
"""
TREND = f"""{INCIDENTS}
SELECT date_trunc($8, opened_at AT TIME ZONE $6)::date AS day,
    count(*) AS incidents, {TIMES}
FROM timed GROUP BY 1 ORDER BY 1
"""
# counted first and named after: what is sorted are a few columns
SERVICES = f"""{INCIDENTS}, counted AS (
    SELECT service_id, team_id, count(*) AS incidents,
        count(*) FILTER (WHERE urgency = 'high') AS high_urgency, {TIMES},
        count(*) FILTER (WHERE steps > 1) / count(*)::float8 AS escalated
    FROM timed GROUP BY service_id, team_id
)
SELECT s.name AS service, t.name AS team, counted.*
FROM counted JOIN services AS s ON s.id = counted.service_id
JOIN teams AS t ON t.id = counted.team_id
ORDER BY incidents DESC, s.name LIMIT 500
"""
TEAMS = f"""{INCIDENTS}, counted AS (
    SELECT team_id, count(*) AS incidents,
        count(*) FILTER (WHERE urgency = 'high') AS high_urgency, {TIMES},
        count(*) FILTER (WHERE steps > 1) / count(*)::float8 AS escalated
    FROM timed GROUP BY team_id
)
SELECT t.name AS team, counted.*
FROM counted JOIN teams AS t ON t.id = counted.team_id
ORDER BY incidents DESC, t.name LIMIT 500
"""
HOURS = f"""{INCIDENTS}
SELECT date_part('isodow', local)::int AS weekday, date_part('hour', local)::int AS hour,
    count(*) AS incidents
FROM (SELECT opened_at AT TIME ZONE $6 AS local FROM timed OFFSET 0) AS timed
GROUP BY 1, 2 ORDER BY 1, 2
"""
ESCALATIONS = f"""{INCIDENTS}
SELECT steps AS step, count(*) AS incidents,
    (count(*) / sum(count(*)) OVER ())::float8 AS share,
    count(*) FILTER (WHERE gave_up) AS unanswered
FROM timed GROUP BY steps ORDER BY steps
"""
# In time: acknowledged, or over, within so many seconds. Those that still may be are left out.
IN_TIME = f"""{INCIDENTS}, counted AS (
    SELECT team_id, urgency, count(*) AS incidents,
        count(*) FILTER (WHERE answered_s <= $7) AS in_time,
        count(*) FILTER (WHERE answered_s <= $7) / count(*)::float8 AS share
    FROM (
        SELECT team_id, urgency, opened_at, least(ack_s, fix_s) AS answered_s
        FROM timed OFFSET 0
    ) AS timed
    WHERE answered_s IS NOT NULL OR date_part('epoch', $9 - opened_at) > $7
    GROUP BY team_id, urgency
)
SELECT t.name AS team, counted.*
FROM counted JOIN teams AS t ON t.id = counted.team_id
ORDER BY share, t.name, urgency LIMIT 1000
"""
# Counted first and named after: a year may have a million rows. Each has the title that
# the condition had last.
NOISE = f"""{ASKED}
noisy AS (
    SELECT f.service_id, f.dedup_key, max(f.opened_at) AS last_at,
        sum(f.events)::bigint AS events, sum(f.alerts)::bigint AS alerts,
        count(*) AS incidents, count(*) FILTER (WHERE NOT f.answered) AS ignored
    FROM alert_facts AS f WHERE {IN_WINDOW.format(row="f")}
    GROUP BY f.service_id, f.dedup_key
    ORDER BY events DESC, incidents DESC, f.dedup_key LIMIT 100
)
SELECT last.title, noisy.*, s.name AS service, ignored / incidents::float8 AS unanswered
FROM noisy JOIN services AS s ON s.id = noisy.service_id
CROSS JOIN LATERAL (
    SELECT f.title FROM alert_facts AS f
    WHERE f.opened_at = noisy.last_at AND f.dedup_key = noisy.dedup_key
        AND f.service_id = noisy.service_id {CHOSEN.format(row="f")}
    ORDER BY f.incident_id DESC LIMIT 1
) AS last
ORDER BY events DESC, incidents DESC, dedup_key
"""
FOLDING = f"""{ASKED}
folded AS (
    SELECT f.service_id, sum(f.events) AS events, sum(f.alerts) AS alerts,
        count(*) AS incidents
    FROM incident_facts AS f
    WHERE NOT f.merged AND f.events > 0 AND {IN_WINDOW.format(row="f")}
    GROUP BY f.service_id
)
SELECT s.name AS service, s.id AS service_id, events::bigint, alerts::bigint, incidents,
    1 - incidents / events::float8 AS folded
FROM folded JOIN services AS s ON s.id = folded.service_id
ORDER BY events DESC, s.name LIMIT 500
"""
# The hours are those of core/insights.py, here from Monday at midnight on a person's own
# clock; 1970 began on a Thursday. Looked at twice, as sorting is dear: by hash for the hours,
# and a few columns in order, which is what DISTINCT ON does, for the incidents.
PEOPLE = f"""{CALLED}, hours AS (
    SELECT c.user_id, (
            floor(date_part('epoch', c.at AT TIME ZONE u.time_zone) / 3600)::bigint + 72
        ) % 168 AS of_week
    FROM called AS c JOIN users AS u ON u.id = c.user_id
    OFFSET 0
), parts AS (
    SELECT user_id, count(*) AS interruptions,
        count(*) FILTER (
            WHERE of_week < {24 * LAST_WORKDAY}
                AND of_week % 24 >= {WORK_BEGINS} AND of_week % 24 < {WORK_ENDS}
        ) AS working,
        count(*) FILTER (
            WHERE of_week % 24 >= {SLEEP_BEGINS} OR of_week % 24 < {SLEEP_ENDS}
        ) AS sleep
    FROM hours GROUP BY user_id
), met AS (
    SELECT user_id, count(*) AS incidents
    FROM (SELECT DISTINCT ON (incident_id, user_id) user_id FROM called) AS once
    GROUP BY user_id
)
SELECT u.name AS person, u.id AS person_id, interruptions, working,
    interruptions - working - sleep AS off, sleep, incidents
FROM parts JOIN met USING (user_id) JOIN users AS u ON u.id = user_id
ORDER BY sleep DESC, interruptions DESC, u.name LIMIT 1000
"""
CHANNELS = f"""{ASKED}
sent AS (
    SELECT n.channel, n.status, n.receipt_missed_at,
        extract(epoch FROM n.finished_at - n.send_at)::float8 AS took_s
    FROM notifications AS n
    LEFT JOIN incidents AS i ON i.id = n.incident_id
    WHERE n.id >= $10 AND n.id < $11 AND n.attempt_count > 0 AND n.channel <> 'in_app'
        AND n.send_at >= $1 AND n.send_at < $2
        AND ($3::uuid IS NULL OR i.team_id = $3)
        AND ($4::uuid IS NULL OR i.service_id = $4)
        AND ($5::text IS NULL OR i.urgency = $5)
)
SELECT channel, count(*) AS messages,
    count(*) FILTER (WHERE status IN ('accepted', 'delivered')) AS accepted,
    count(*) FILTER (WHERE status = 'delivered') AS delivered,
    count(*) FILTER (WHERE status = 'failed') AS failed,
    count(*) FILTER (WHERE status = 'unknown') AS unknown,
    count(receipt_missed_at) AS unconfirmed,
    avg((status IN ('accepted', 'delivered'))::int)::float8 AS share,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY took_s) AS took_median_s,
    percentile_cont(0.95) WITHIN GROUP (ORDER BY took_s) AS took_p95_s
FROM sent GROUP BY channel ORDER BY messages DESC, channel
"""
