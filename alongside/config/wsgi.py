"""The door for gunicorn. Refuses to serve while a lock is open or the key ring is missing or another's."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.utils.module_loading import import_string

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alongside.config.settings")
application = get_wsgi_application()

# Found by name, because these modules need the applications that the line above sets up.
import_string("alongside.core.privacy.crypt.ring")()
import_string("alongside.core.rows.checks.refuse_if_open")()
import_string("alongside.config.operations.management.commands.serve.refuse_other_ring")()
connection.close()

# What was loaded so far stays as long as the process: the collector need not walk it, and may come less often.
gc.collect()
gc.freeze()
gc.set_threshold(10_000, 20, 50)
