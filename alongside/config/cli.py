"""The `alongside` command. Each verb is a management command of its domain; this chooses who logs in."""

import errno
import os
import sys

from django.core.management import execute_from_command_line
from django.db import OperationalError

from alongside.config import env, running

# Which database login a verb needs. Everything else logs in as the application.
OWNER = {
    "migrate",
    "docs",
    "demo",
    "makemigrations",
    "backup",
    "restore",
    "check",
    "keys",
    "sqlmigrate",
    "dbshell",
}
WORKER = {"worker", "feed", "folders", "snapshot", "directory", "erase", "match"}
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}
VERBS = """\
Usage: alongside VERB [words]

  serve       serve the pages (gunicorn)
  worker      run the jobs
  demo        make the demonstration, then serve it on this machine alone
  migrate     bring the database and its locks up to date
  feed        load a police feed file
  folders     look into the sources' folders, or open a sealed copy
  directory   import services, load postcodes
  match       train the matching model, link records, weigh two
  snapshot    write a snapshot
  measures    list measures, or show one
  people      invite a person; show who may sign in
  keys        make or rotate the key ring
  backup      write a backup
  erase       erase what is past its time, or count it with --dry-run
  restore     restore a backup, or drill a restore and prove the copy
  check       say whether every lock holds
  docs        write docs/generated, or check it with --check
  stop        stop the embedded database

`alongside VERB --help` says more.
"""


def main() -> None:
    """Entry point."""
    verb = sys.argv[1] if len(sys.argv) > 1 else ""
    if verb in {"", "-h", "--help", "help"}:
        print(VERBS)
        return
    if verb == "stop":
        print("\n".join(running.stop(env.var_folder())))
        return
    login = "owner" if verb in OWNER else "worker" if verb in WORKER else "app"
    os.environ.setdefault("ALONGSIDE_LOGIN", login)
    if verb == "demo":
        os.environ["ALONGSIDE_DEMO"] = "1"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alongside.config.settings")
    try:
        execute_from_command_line(["alongside", *sys.argv[1:]])
    except OperationalError as error:
        raise SystemExit(f"The database does not answer or refuses us:\n{error}") from error
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        raise SystemExit(
            f"{error.strerror} where files are kept. Make room and do it again: nothing is half done."
        ) from error


if __name__ == "__main__":
    main()
