"""What the database does about the audit by itself: functions and triggers, kept as said here.

Their text stands here alone. They are no part of one migration, because later ones add tables
and columns: after each migration `keep` puts in place what is missing or different.
"""

from sqlalchemy import Connection, LargeBinary, Table, text

from pagefree.core import canary
from pagefree.tables import metadata
from pagefree.tables.audited import AUDITED, MOVES, Audited

# Arguments of the trigger: kind; ways to the team and to the name, a column and a question each;
# ignored and masked columns; columns of the key. Whatever is no column of the row is NULL.
NOTE_CHANGE = """
CREATE OR REPLACE FUNCTION pagefree_audit() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE
  said jsonb := nullif(current_setting('pagefree.actor', true), '')::jsonb;
  ours boolean := current_setting('application_name') = 'pagefree';
  old_row jsonb; new_row jsonb; any_row jsonb;
  team text; called text; hidden text;
BEGIN
  IF TG_OP <> 'INSERT' THEN old_row := to_jsonb(OLD); END IF;
  IF TG_OP <> 'DELETE' THEN new_row := to_jsonb(NEW); END IF;
  any_row := coalesce(new_row, old_row);
  IF any_row ->> 'id' LIKE 'CANARY%' THEN RETURN NULL; END IF;  -- what nobody decides about
  old_row := old_row - TG_ARGV[5]::text[];
  new_row := new_row - TG_ARGV[5]::text[];
  IF TG_OP = 'UPDATE' THEN
    SELECT jsonb_object_agg(o.key, o.value), jsonb_object_agg(o.key, new_row -> o.key)
      INTO old_row, new_row
      FROM jsonb_each(old_row) o WHERE new_row -> o.key IS DISTINCT FROM o.value;
    IF old_row IS NULL THEN RETURN NULL; END IF;
  END IF;
  FOREACH hidden IN ARRAY TG_ARGV[6]::text[] LOOP
    IF old_row ->> hidden IS NOT NULL THEN
      old_row := old_row || jsonb_build_object(hidden, '•••');
    END IF;
    IF new_row ->> hidden IS NOT NULL THEN
      new_row := new_row || jsonb_build_object(hidden, '•••');
    END IF;
  END LOOP;
  team := any_row ->> TG_ARGV[1];
  IF TG_ARGV[2] <> '' THEN EXECUTE TG_ARGV[2] INTO team USING team::uuid; END IF;
  called := any_row ->> TG_ARGV[3];
  IF TG_ARGV[4] <> '' THEN EXECUTE TG_ARGV[4] INTO called USING called::uuid; END IF;
  INSERT INTO audit_entries (at, kind, object_kind, object_id, object_name, team_id,
    actor_kind, actor_id, actor_name, credential_kind, credential_id,
    address, request_id, route, before, after)
  VALUES (
    coalesce((said ->> 'at')::timestamptz, clock_timestamp()),
    TG_ARGV[0] || CASE TG_OP WHEN 'INSERT' THEN '.created' WHEN 'UPDATE' THEN '.updated'
      ELSE '.deleted' END,
    TG_ARGV[0],
    coalesce(any_row ->> 'id', (SELECT string_agg(any_row ->> c, ' ' ORDER BY n)
      FROM unnest(TG_ARGV[7]::text[]) WITH ORDINALITY k(c, n))),
    left(coalesce(called, ''), 200), team::uuid,
    coalesce(said ->> 'actor_kind', CASE WHEN ours THEN 'system' ELSE 'database' END),
    (said ->> 'actor_id')::uuid,
    coalesce(said ->> 'actor_name', CASE WHEN ours THEN 'PageFree' ELSE session_user END),
    said ->> 'credential_kind', (said ->> 'credential_id')::uuid,
    coalesce(said ->> 'address', ''), coalesce(said ->> 'request_id', ''),
    coalesce(said ->> 'route', ''), old_row, new_row);
  RETURN NULL;
END $body$
""".replace("CANARY", canary.ID_PREFIX)
# An entry may be sealed once. It may go when the anchor of the chain stands behind it.
KEEP_ENTRIES = """
CREATE OR REPLACE FUNCTION pagefree_audit_kept() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.seq IS NULL THEN RETURN NEW; END IF;
  IF TG_OP = 'UPDATE' AND OLD.seq IS NULL AND NEW.seq IS NOT NULL
    AND to_jsonb(NEW) - '{seq,hash}'::text[] = to_jsonb(OLD) - '{seq,hash}'::text[] THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' AND OLD.seq <= (SELECT anchor_seq FROM audit_chain) THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'entries of the audit are not changed' USING ERRCODE = 'restrict_violation';
END $body$
"""
FUNCTIONS = {"pagefree_audit": NOTE_CHANGE, "pagefree_audit_kept": KEEP_ENTRIES}
ROWS_KEPT, ALL_KEPT = "pagefree_audit_kept", "pagefree_audit_kept_all"
OF_ENTRIES = {
    ROWS_KEPT: "BEFORE INSERT OR DELETE OR UPDATE ON audit_entries FOR EACH ROW",
    ALL_KEPT: "BEFORE TRUNCATE ON audit_entries FOR EACH STATEMENT",
}
TRIGGER = "pagefree_audit"
INSTALLED = text(
    "SELECT tgrelid::regclass::text, tgname, obj_description(oid, 'pg_trigger')"
    " FROM pg_trigger WHERE tgname LIKE 'pagefree_audit%'"
)
COLUMNS = text(
    "SELECT table_name, column_name FROM information_schema.columns"
    " WHERE table_schema = current_schema()"
)
SOURCES = text(
    "SELECT proname, prosrc FROM pg_proc WHERE proname LIKE 'pagefree_audit%'"
)


def keep(connection: Connection) -> None:
    """Create what is missing, replace what is different; costs three look-ups if nothing is."""
    columns: dict[str, set[str]] = {}
    for table, column in connection.execute(COLUMNS):
        columns.setdefault(table, set()).add(column)
    if "audit_entries" not in columns:
        return
    sources = {row[0]: row[1] for row in connection.execute(SOURCES)}
    for name, function in FUNCTIONS.items():
        if sources.get(name, "") not in function or name not in sources:
            connection.exec_driver_sql(function)
    there = {(row[0], row[1]): row[2] for row in connection.execute(INSTALLED)}
    for (table, name), statement in triggers(columns).items():
        if there.get((table, name)) != statement:
            if (table, name) in there:
                connection.exec_driver_sql(f"DROP TRIGGER {name} ON {table}")
            connection.exec_driver_sql(statement)
            said = statement.replace("'", "''")
            comment = f"COMMENT ON TRIGGER {name} ON {table} IS '{said}'"
            connection.exec_driver_sql(comment)


def triggers(columns: dict[str, set[str]]) -> dict[tuple[str, str], str]:
    """The statement of each trigger, by table and name, where the table is there."""
    made = {
        (name, TRIGGER): trigger(metadata.tables[name], audited, columns[name])
        for name, audited in AUDITED.items()
        if name in columns and name in metadata.tables
    }
    for name, when in OF_ENTRIES.items():
        made["audit_entries", name] = (
            f"CREATE TRIGGER {name} {when} EXECUTE FUNCTION pagefree_audit_kept()"
        )
    return made


def trigger(table: Table, audited: Audited, there: set[str]) -> str:
    """The trigger of one table; one that only moves by itself does not even wake it."""
    ignored = {*MOVES, *audited.ignored} & {c.name for c in table.columns}
    masked = {c.name for c in table.columns if isinstance(c.type, LargeBinary)}
    masked |= set(audited.masked)
    seen = sorted(there - ignored)
    updates = f"UPDATE OF {', '.join(map(_quoted, seen))}" if ignored else "UPDATE"
    arguments = (
        audited.kind,
        *audited.team,
        *audited.name,
        _array(sorted(ignored)),
        _array(sorted(masked - ignored)),
        _array([c.name for c in table.primary_key.columns]),
    )
    said = ", ".join(f"'{one}'" for one in arguments)
    return (
        f"CREATE TRIGGER {TRIGGER} AFTER INSERT OR DELETE OR {updates} ON {table.name}"
        f" FOR EACH ROW EXECUTE FUNCTION pagefree_audit({said})"
    )


def _quoted(column: str) -> str:
    return f'"{column}"'


def _array(names: list[str]) -> str:
    return "{" + ",".join(names) + "}"
