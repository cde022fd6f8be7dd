"""What each realm may do with the queue: start the jobs of its own events, and put back what is parked.

The queue's functions run as the owner, so the triggers here ask which role called them. They are written anew by
`alongside migrate` from `SUBSCRIPTIONS` and `STARTED_BY`.
"""

from collections.abc import Iterator, Mapping

from django.conf import settings
from django.utils.module_loading import import_string

from alongside.core.rows.realms import Realm, role_name

OPERATORS = (Realm.HUB, Realm.COMMISSIONING)
GUARDS = {"queue_enter": "INSERT", "queue_retry": "UPDATE"}
_SAFE = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp"
_REFUSED = "RAISE EXCEPTION 'this realm may not do that with the queue' USING ERRCODE = '42501'"
_QUEUE = (
    "FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'public' "
    "AND p.proname LIKE 'procrastinate\\_%' AND p.prorettype <> 'trigger'::regtype"
)

# A job is started by an event of this very transaction, as the event's subscription says and not otherwise.
_ENTER = f"""
CREATE OR REPLACE FUNCTION queue_enter() RETURNS trigger {_SAFE} AS $$
BEGIN
  IF EXISTS (
    SELECT FROM core_event happened
      JOIN (VALUES {{started}}) AS may (realm, event, task, queue, lock) ON may.event = happened.name
     WHERE happened.id = (NEW.args ->> 'event')::uuid AND happened.subject = (NEW.args ->> 'subject')::uuid
       AND age(happened.xmin) <= 0 AND may.realm = current_setting('role') AND may.task = NEW.task_name
       AND may.queue = NEW.queue_name AND may.lock IS NOT DISTINCT FROM NEW.lock
  ) AND NEW.args - 'event' - 'subject' = '{{{{}}}}' AND NEW.status = 'todo' AND NEW.priority = 0 AND NEW.attempts = 0
    AND num_nonnulls(NEW.queueing_lock, NEW.scheduled_at, NEW.worker_id) = 0
  THEN RETURN NEW; END IF;
  {_REFUSED};
END $$"""

# What is parked goes back as it was, now; what waits or runs is left alone.
_RETRY = f"""
CREATE OR REPLACE FUNCTION queue_retry() RETURNS trigger {_SAFE} AS $$
BEGIN
  IF OLD.status = 'failed' AND NEW.status = 'todo' AND NEW.scheduled_at < now() + interval '5 minutes'
    AND (NEW.queue_name, NEW.task_name, NEW.priority, NEW.args, NEW.lock, NEW.queueing_lock) IS NOT DISTINCT FROM
        (OLD.queue_name, OLD.task_name, OLD.priority, OLD.args, OLD.lock, OLD.queueing_lock)
  THEN RETURN NEW; END IF;
  {_REFUSED};
END $$"""


def started() -> Iterator[tuple[Realm, str, str, str, str | None]]:
    """Which realm starts which job by which event: realm, event, task, its queue and its lock."""
    jobs: Mapping[str, tuple[str, ...]] = import_string(settings.SUBSCRIPTIONS)
    realms: Mapping[str, tuple[Realm, ...]] = import_string(settings.STARTED_BY)
    for event, paths in jobs.items():
        for task in map(import_string, paths):
            yield from ((realm, event, task.name, task.queue, task.lock) for realm in realms[event])


def _literal(value: str | None) -> str:
    return "NULL" if value is None else f"'{value}'"


def _rows() -> str:
    rows = [(role_name(realm), *words) for realm, *words in started()]
    return ", ".join(f"({', '.join(map(_literal, row))})" for row in rows)


def _trigger(name: str, moment: str) -> str:
    others = f"current_setting('role') NOT IN ('none', '{role_name(Realm.WORKER)}')"
    return (
        f"CREATE OR REPLACE TRIGGER {name} BEFORE {moment} ON procrastinate_jobs "
        f"FOR EACH ROW WHEN ({others}) EXECUTE FUNCTION {name}()"
    )


def _grants(function: str, realms: Iterator[Realm] | tuple[Realm, ...]) -> str:
    """EXECUTE on the queue's functions of a name; a `%` in it stands for anything."""
    roles = ", ".join(dict.fromkeys(role_name(realm) for realm in realms))
    return (
        f"DO $$ DECLARE f record; BEGIN FOR f IN SELECT p.oid::regprocedure AS name {_QUEUE} "
        f"AND p.proname LIKE '{function}' LOOP EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO {roles}', f.name); "
        "END LOOP; END $$"
    )


def queue_sql() -> Iterator[str]:
    """The queue is entered through its own functions alone, which run as the owner."""
    everyone = ", ".join(("PUBLIC", *(role_name(realm) for realm in Realm)))
    yield (
        f"DO $$ DECLARE f record; BEGIN FOR f IN SELECT p.oid::regprocedure AS name {_QUEUE} LOOP "
        "EXECUTE format('ALTER FUNCTION %s SECURITY DEFINER SET search_path = public, pg_temp', f.name); "
        f"EXECUTE format('REVOKE ALL ON FUNCTION %s FROM {everyone}', f.name); END LOOP; END $$"
    )
    yield _grants("procrastinate\\_%", (Realm.WORKER,))
    yield _grants("procrastinate\\_defer\\_jobs\\_%", (realm for realm, *_ in started()))
    yield _grants("procrastinate\\_retry\\_job\\_v2", OPERATORS)
    yield _ENTER.format(started=_rows())
    yield _RETRY
    yield from (_trigger(name, moment) for name, moment in GUARDS.items())
