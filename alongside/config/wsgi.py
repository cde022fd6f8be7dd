"""The door for gunicorn. Refuses to serve when a lock is open (`core.rows.checks`)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alongside.config.settings")
application = get_wsgi_application()
