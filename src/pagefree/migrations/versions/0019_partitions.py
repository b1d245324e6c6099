"""Raw requests in partitions of a day.

What there is becomes one partition, up to the day after tomorrow. Nobody waits for more than a
moment: that its rows belong there is checked beside the running work, before it is attached.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from alembic import op

from pagefree.infra.clock import system_clock
from pagefree.infra.ids import first_id_of

revision: str = "0019"
down_revision: str | Sequence[str] | None = "0018"
branch_labels = None
depends_on = None

DAYS = 7
DAY = timedelta(days=1)
# Whoever waits for this lock holds up all who come after, so it never waits for long.
PATIENTLY = """
DO $patiently$
BEGIN
  FOR attempt IN 1 .. 120 LOOP
    BEGIN
      PERFORM set_config('lock_timeout', '300ms', true);
      {statements}
      RETURN;
    EXCEPTION WHEN lock_not_available THEN
      PERFORM pg_sleep(0.5);
    END;
  END LOOP;
  RAISE EXCEPTION 'inbound_requests was in use for a minute; {advice}';
END $patiently$
"""
BELONGS = "ck_inbound_requests_before"
UNCHECK = f"ALTER TABLE inbound_requests DROP CONSTRAINT IF EXISTS {BELONGS}"
AGAIN = "try again"
# it is a promise that time breaks: from its border on, nothing could be stored
LEFT = (
    f"so its constraint {BELONGS} is left:"
    " migrate again before {border:%Y-%m-%d}, or no event is taken in from then on"
)
# the default partition first: it is empty, so nothing is looked through
BUILD = """
CREATE TABLE inbound_requests_new (
    LIKE inbound_requests INCLUDING DEFAULTS,
    CONSTRAINT pk_all_inbound_requests PRIMARY KEY (id)
) PARTITION BY RANGE (id);
CREATE TABLE inbound_requests_default (
    LIKE inbound_requests INCLUDING DEFAULTS,
    CONSTRAINT pk_inbound_requests_default PRIMARY KEY (id)
);
ALTER TABLE inbound_requests_new ATTACH PARTITION inbound_requests_default DEFAULT
"""
A_DAY = """
CREATE TABLE inbound_requests_{day:%Y%m%d} (
    LIKE inbound_requests INCLUDING DEFAULTS,
    CONSTRAINT pk_inbound_requests_{day:%Y%m%d} PRIMARY KEY (id)
);
ALTER TABLE inbound_requests_new ATTACH PARTITION inbound_requests_{day:%Y%m%d}
    FOR VALUES FROM ('{first}') TO ('{last}')
"""
SWAP = """
LOCK TABLE inbound_requests IN ACCESS EXCLUSIVE MODE;
ALTER TABLE inbound_requests RENAME TO inbound_requests_before;
ALTER INDEX ix_inbound_requests_integration_id_id
    RENAME TO ix_inbound_requests_before_integration_id_id;
ALTER INDEX ix_inbound_requests_quarantined RENAME TO ix_inbound_requests_before_quarantined;
CREATE INDEX ix_inbound_requests_integration_id_id
    ON inbound_requests_new (integration_id, id DESC);
CREATE INDEX ix_inbound_requests_quarantined
    ON inbound_requests_new (id DESC) WHERE outcome = 'quarantined';
ALTER TABLE inbound_requests_new RENAME TO inbound_requests;
ALTER TABLE inbound_requests ATTACH PARTITION inbound_requests_before
    FOR VALUES FROM (MINVALUE) TO ('{border}');
ALTER TABLE inbound_requests_before DROP CONSTRAINT IF EXISTS {belongs};
"""


def upgrade() -> None:
    """Expand: the previous release must keep running on the new schema."""
    border = _border(system_clock())
    try:
        if op.get_bind().scalar(
            sa.text("SELECT EXISTS (SELECT FROM inbound_requests)")
        ):
            with op.get_context().autocommit_block():
                _check(first_id_of(border))
        _divide(border)
    except Exception:
        with op.get_context().autocommit_block():
            _uncheck(border)
        raise


def _divide(border: datetime) -> None:
    op.create_table(
        "retention_settings",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("raw_request_days", sa.Integer(), server_default="30", nullable=True),
        sa.Column("notification_days", sa.Integer(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_retention_settings_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_settings")),
    )
    op.execute("SET LOCAL statement_timeout = '90s'")  # most of it is waiting
    _execute(BUILD)
    for day in (border + n * DAY for n in range(DAYS - 1)):
        _execute(
            A_DAY.format(day=day, first=first_id_of(day), last=first_id_of(day + DAY))
        )
    swap = SWAP.format(border=first_id_of(border), belongs=BELONGS)
    _execute(PATIENTLY.format(statements=swap, advice=AGAIN))


def _border(now: datetime) -> datetime:
    """The first midnight a day from now that no id is behind, whatever clock made it."""
    newest: UUID | None = op.get_bind().scalar(
        sa.text("SELECT id FROM inbound_requests ORDER BY id DESC LIMIT 1")
    )
    last = now + DAY
    if newest is not None:
        last = max(last, datetime.fromtimestamp((newest.int >> 80) / 1000, UTC))
    return last.replace(hour=0, minute=0, second=0, microsecond=0) + DAY


def _check(border: UUID) -> None:
    """Have the table promise what the partition will; beside whoever reads and writes."""
    add = f"""
    {UNCHECK};
    ALTER TABLE inbound_requests
        ADD CONSTRAINT {BELONGS} CHECK (id < '{border}') NOT VALID;
    """
    _execute("SET statement_timeout = 0")
    _execute(PATIENTLY.format(statements=add, advice=AGAIN))
    _execute(f"ALTER TABLE inbound_requests VALIDATE CONSTRAINT {BELONGS}")
    _execute("SET statement_timeout = '5s'")


def _uncheck(border: datetime) -> None:
    """Take the promise back, for it is kept by no partition."""
    _execute("SET statement_timeout = '90s'")  # most of it is waiting
    advice = LEFT.format(border=border)
    _execute(PATIENTLY.format(statements=f"{UNCHECK};", advice=advice))
    _execute("SET statement_timeout = '5s'")


def _execute(statements: str) -> None:
    """As they are, without parameters; a block of PL/pgSQL is one of them."""
    parts = [statements] if "$patiently$" in statements else statements.split(";")
    for statement in parts:
        op.get_bind().exec_driver_sql(statement)
