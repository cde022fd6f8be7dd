"""The same settings for tests: the database's owner logs in and takes each realm's role as a request does."""

import os

os.environ["ALONGSIDE_LOGIN"] = "owner"
os.environ["ALONGSIDE_TESTING"] = "1"
os.environ.setdefault("ALONGSIDE_LOG_LEVEL", "ERROR")

from alongside.config.settings import *  # noqa: F403

PROCRASTINATE_PERIODIC_DEFAULTS = {"max_delay": 600}  # what a night missed is not run in the midst of a test
