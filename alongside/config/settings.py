"""One settings file with typed readers. What an office changes is in the rulebook, not here."""

import json
import os
from pathlib import Path

from alongside.config import database, embedded, env

BASE_DIR = Path(__file__).resolve().parents[2]
VAR = env.var_folder()
VAR.mkdir(parents=True, exist_ok=True)

# The one setting that only `make demo` sets: one-click personas, loopback only, demonstration keys.
DEMO = env.flag("ALONGSIDE_DEMO")
PRODUCTION = env.flag("ALONGSIDE_PRODUCTION")
TESTING = env.flag("ALONGSIDE_TESTING")
DEBUG = False
if DEMO and PRODUCTION:
    raise env.SettingMissing("ALONGSIDE_DEMO and ALONGSIDE_PRODUCTION cannot both be set.")

SECRET_KEY = env.text("ALONGSIDE_SECRET_KEY", None if PRODUCTION else "for-demonstration-and-tests-only")
ALLOWED_HOSTS = list(env.words("ALONGSIDE_HOSTS", ("localhost", "127.0.0.1", "[::1]", "testserver")))
OFFICE_NAME = env.text("ALONGSIDE_OFFICE_NAME", "Alongside")
SITE_URL = env.text("ALONGSIDE_URL", "http://127.0.0.1:8000").rstrip("/")  # of links made without a request
HELP_PHONE = env.text("ALONGSIDE_HELP_PHONE", "0808 157 0000" if PRODUCTION else "01632 960 900")

# Database. Who logs in depends on the process: `owner` migrates, `app` serves, `worker` runs jobs.
DATABASE_NAME = env.text("ALONGSIDE_DATABASE", "alongside")
DATABASE_LOGIN = env.text("ALONGSIDE_LOGIN", "app")
DATABASE_URL = os.environ.get("DATABASE_URL")
REALMS_SERVED = env.words("ALONGSIDE_REALMS", ("auth", "public", "referrer", "provider", "hub", "commissioning"))


def _database() -> tuple[dict[str, object], dict[str, str]]:
    if DATABASE_URL:
        variable = "DATABASE_OWNER_URL" if DATABASE_LOGIN == "owner" else "DATABASE_URL"
        return database.from_url(env.text(variable), variable=variable, production=PRODUCTION)
    if PRODUCTION:
        raise env.SettingMissing("DATABASE_URL is not set: the embedded PostgreSQL is for demonstration only.")
    place = embedded.start(VAR)
    embedded.ensure_database(place, DATABASE_NAME)
    user = embedded.OWNER if DATABASE_LOGIN == "owner" else f"{DATABASE_NAME}_app"
    return {"NAME": DATABASE_NAME, "USER": user, "HOST": str(place.socket)}, {}


_PLACE, _ASKED = _database()
_OPTIONS = {"application_name": f"alongside-{DATABASE_LOGIN}", **_ASKED}
if DATABASE_LOGIN == "worker":
    _OPTIONS["options"] = f"-c role={_PLACE['NAME']}_worker"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        **_PLACE,
        "CONN_MAX_AGE": env.number("ALONGSIDE_CONN_MAX_AGE", 600),
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "OPTIONS": _OPTIONS,
        "TEST": {"NAME": os.environ.get("ALONGSIDE_TEST_DB") or f"test_{DATABASE_NAME}"},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "alongside.config.apps.FlashConfig",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "procrastinate.contrib.django",
    "alongside.core",
    "alongside.foundation.office.accounts",
    "alongside.foundation.office.organisations",
    "alongside.foundation.office.rulebook",
    "alongside.foundation.office.translations",
    "alongside.foundation.local.atlas",
    "alongside.foundation.local.directory",
    "alongside.foundation.local.pathways",
    "alongside.foundation.local.finding",
    "alongside.foundation.local.proposals",
    "alongside.foundation.local.gaps",
    "alongside.foundation.local.exchange",
    "alongside.foundation.local.community",
    "alongside.foundation.office.documents",
    "alongside.foundation.local.lists",
    "alongside.foundation.office.messages",
    "alongside.foundation.local.freshness",
    "alongside.foundation.local.registrations",
    "alongside.support.people.victims",
    "alongside.support.cases.outcomes",
    "alongside.support.people.matching",
    "alongside.support.people.duty",
    "alongside.support.arrivals.guarded",
    "alongside.support.arrivals.referrals",
    "alongside.support.arrivals.routing",
    "alongside.support.arrivals.stalled",
    "alongside.support.arrivals.fairness",
    "alongside.support.desk.assessment",
    "alongside.support.arrivals.threads",
    "alongside.support.arrivals.feeds",
    "alongside.support.arrivals.sources",
    "alongside.support.arrivals.deliveries",
    "alongside.support.arrivals.intake",
    "alongside.support.arrivals.incoming",
    "alongside.support.arrivals.callbacks",
    "alongside.support.arrivals.replies",
    "alongside.support.arrivals.changes",
    "alongside.support.arrivals.mending",
    "alongside.support.arrivals.reconciliation",
    "alongside.support.cases.casework",
    "alongside.support.cases.others",
    "alongside.support.cases.related",
    "alongside.support.cases.papers",
    "alongside.support.cases.appointments",
    "alongside.support.cases.groups",
    "alongside.support.cases.agenda",
    "alongside.support.cases.risk",
    "alongside.support.cases.safety",
    "alongside.support.cases.journey",
    "alongside.support.cases.tools",
    "alongside.support.cases.justice",
    "alongside.support.cases.material",
    "alongside.support.cases.notes",
    "alongside.support.cases.plans",
    "alongside.support.cases.practical",
    "alongside.support.cases.day",
    "alongside.support.cases.tasks",
    "alongside.support.cases.blanks",
    "alongside.support.cases.checks",
    "alongside.support.cases.audits",
    "alongside.support.cases.supervision",
    "alongside.support.cases.waiting",
    "alongside.support.cases.imports",
    "alongside.support.cases.forecasts",
    "alongside.support.cases.lessons",
    "alongside.support.cases.transfers",
    "alongside.support.cases.closing",
    "alongside.support.desk.onthespot",
    "alongside.support.arrivals.clocks",
    "alongside.support.desk.kinds",
    "alongside.support.desk.calls",
    "alongside.support.desk.triage",
    "alongside.support.desk.centres",
    "alongside.support.keeping.restricted",
    "alongside.support.keeping.looks",
    "alongside.support.keeping.retention",
    "alongside.facts.collect",
    "alongside.facts.measures",
    "alongside.commissioning.publications",
    "alongside.commissioning.quarters",
    "alongside.commissioning.templates",
    "alongside.commissioning.returns",
    "alongside.commissioning.oversight",
    "alongside.commissioning.catalogue",
    "alongside.commissioning.exploring",
    "alongside.config.house",
    "alongside.config.home",
    "alongside.config.operations",
    "alongside.config.demo",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "alongside.core.access.headers.Headers",
    "alongside.core.pages.errors.ForSystems",
    "alongside.core.pages.errors.Plain",
    "alongside.core.access.headers.Bounds",
    "alongside.core.access.middleware.Transaction",
    "alongside.core.pages.errors.Worded",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "alongside.core.pages.languages.Languages",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "alongside.foundation.office.accounts.adapter.SayWhyEnded",
    "alongside.foundation.office.accounts.adapter.EmptyOnSignOut",
    "alongside.core.access.middleware.Access",
]

ROOT_URLCONF = "alongside.config.urls"
WSGI_APPLICATION = "alongside.config.wsgi.application"
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]

_CONTEXT = [
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
    "alongside.config.context.page",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,
        "OPTIONS": {
            "environment": "alongside.core.pages.environment.environment",
            "context_processors": _CONTEXT,
        },
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": _CONTEXT},
    },
]

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
_STATIC = "django.contrib.staticfiles.storage.StaticFilesStorage"
if not TESTING:
    _STATIC = "whitenoise.storage.CompressedManifestStaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": VAR / "files"}},
    "snapshots": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": env.path("ALONGSIDE_SNAPSHOTS", VAR / "snapshots"),
            "file_permissions_mode": 0o640,
            "directory_permissions_mode": 0o750,
        },
    },
    "staticfiles": {"BACKEND": _STATIC},
}

# Signing in (security.md 3): invitation only, second factor for all staff, sessions in the database.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "alongside.foundation.office.accounts.adapter.InvitationOnly"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
ACCOUNT_SESSION_REMEMBER = False
MFA_ADAPTER = "alongside.foundation.office.accounts.adapter.SealedFactors"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # the invitation fixed the address
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Alongside"
MFA_TOTP_TOLERANCE = 1  # a code typed as its half minute ends is still good (RFC 6238, 5.2)
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO
USERSESSIONS_TRACK_ACTIVITY = False
MATCH_ENGINE = env.text("ALONGSIDE_MATCH_ENGINE", "duckdb")  # where the matching model is trained: duckdb or spark
TRUSTED_PROXY_COUNT = env.number("ALONGSIDE_PROXIES", 0)
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_NAME = "__Host-session" if PRODUCTION else "session"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_AGE = 12 * 60 * 60
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_AGE = None  # gone with the browser: nothing stays on a victim's device
CSRF_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_NAME = "__Host-csrf" if PRODUCTION else "csrf"
VISIT_COOKIE_NAME = "__Host-visit" if PRODUCTION else "visit"  # of somebody without an account, on every public form
CSRF_FAILURE_VIEW = "alongside.core.pages.errors.csrf_failure"

CACHES = {
    "default": {
        "BACKEND": "alongside.core.cache.JsonCache",
        "LOCATION": "core_cache",
        # Past this the oldest are forgotten, counters of failed sign-ins among them: nobody should get there by asking.
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

SECURE_CONTENT_TYPE_NOSNIFF = True
# Nothing to other sites. Not "no-referrer": browsers then send forms with `Origin: null`, which Django refuses.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_HSTS_SECONDS = 63_072_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXY_COUNT else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FEED_MAX_BYTES = env.number("ALONGSIDE_FEED_MAX_BYTES", 100 * 1024 * 1024)
SPOOL = env.path("ALONGSIDE_SPOOL", VAR / "spool")  # uploaded feeds on their way to the worker, which must share it
SPOOL.mkdir(mode=0o700, parents=True, exist_ok=True)
FILE_UPLOAD_TEMP_DIR = SPOOL  # what a broken upload leaves lies where only this user reads, and is cleared with it
BODY_MAX_BYTES = 3 * 1024 * 1024  # of any request but those below, which take a file
FOLDERS = env.path("ALONGSIDE_FOLDERS", VAR / "folders")  # one folder a source, into which its SFTP account writes
LIST_HOSTS = env.words("ALONGSIDE_LIST_HOSTS")  # from which lists of services may be read; nothing else is asked
FOLDER_STEADY = 30  # seconds for which a file must lie unchanged before it is taken
FOLDER_KEEP_DAYS = env.number("ALONGSIDE_FOLDER_KEEP_DAYS", 7)  # of a sealed copy of what was taken; 0 keeps none
SAMPLE_MAX_BYTES = 5 * 1024 * 1024  # of the sample with which a source is set up
IMPORT_MAX_BYTES = 20 * 1024 * 1024  # of a caseload that is brought along; the rulebook allows less
LIST_MAX_BYTES = 50 * 1024 * 1024  # of an uploaded list of another directory
API_ROOT = "/api/"
PLAIN_ROOT = "/page/"  # of pages that may be opened by force: no error of theirs says what they are about
API_MAX_BYTES = 1024 * 1024  # of a batch of referrals sent by API
BODIES_WITH_FILES = {
    "/feeds/load/": FEED_MAX_BYTES + 1024 * 1024,
    "/feeds/sources/set-up/": SAMPLE_MAX_BYTES + 1024 * 1024,
    "/casework/imports/upload/": IMPORT_MAX_BYTES + 1024 * 1024,
    "/services/lists/upload/": LIST_MAX_BYTES + 1024 * 1024,
    "/api/v1/referrals": API_MAX_BYTES,
    "/api/v1/token": 16 * 1024,
}

# Encryption (security.md 2.4): a file of named master keys, or the same text in the environment.
KEY_RING_FILE = env.path("ALONGSIDE_KEY_RING_FILE", VAR / "keys.json")
KEY_RING = os.environ.get("ALONGSIDE_KEY_RING")

# Messages: an outbox on disk unless GOV.UK Notify is configured.
OUTBOX = VAR / "outbox"
NOTIFY_API_KEY = os.environ.get("NOTIFY_API_KEY")
NOTIFY_URL = env.text("NOTIFY_URL", "https://api.notifications.service.gov.uk")
# Mail to staff alone (invitations, forgotten passwords): a file unless a mail server is named.
EMAIL_HOST = os.environ.get("ALONGSIDE_MAIL_HOST", "")
EMAIL_PORT, EMAIL_USE_TLS, EMAIL_TIMEOUT = env.number("ALONGSIDE_MAIL_PORT", 587), True, 10
EMAIL_HOST_USER = os.environ.get("ALONGSIDE_MAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("ALONGSIDE_MAIL_PASSWORD", "")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'filebased'}.EmailBackend"
EMAIL_FILE_PATH = VAR / "outbox" / "staff"
DEFAULT_FROM_EMAIL = env.text("ALONGSIDE_FROM_EMAIL", "no-reply@alongside.example")

# What `alongside migrate` does after the tables and locks, in this order; each is safe to do again.
AFTER_MIGRATE = (
    "alongside.foundation.office.organisations.actions.load_areas",
    "alongside.foundation.office.rulebook.jobs.load",
)
SUBSCRIPTIONS = "alongside.config.subscriptions.SUBSCRIPTIONS"
STARTED_BY = "alongside.config.subscriptions.STARTED_BY"
OPEN_WORK = "alongside.config.subscriptions.OPEN_WORK"
BESIDE = "alongside.config.beside.BESIDE"
PROCRASTINATE_IMPORT_PATHS: list[str] = []
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
# A worker that starts runs, once, what the clock asked for while none ran; longer than a week, for what is weekly.
MISSED_FOR = 8 * 24 * 3600  # seconds
PROCRASTINATE_PERIODIC_DEFAULTS = {"max_delay": MISSED_FOR}

LOGGING_CONFIG = "alongside.core.logs.configure"
LOGGING = {"level": env.text("ALONGSIDE_LOG_LEVEL", "INFO")}
SILENCED_SYSTEM_CHECKS = ["auth.W004", "security.W004", "security.W008", "security.W012", "security.W016"]
ACTOR_LOADER = "alongside.foundation.office.organisations.queries.actor_for"
CALLER_LOADER = "alongside.support.arrivals.deliveries.queries.caller_of"
SESSION_RULE = "alongside.foundation.office.accounts.queries.still_in"
PAGE_LANGUAGE = "alongside.foundation.office.translations.queries.language"
PAGE_LANGUAGES = "alongside.foundation.office.translations.queries.offered"
SESSION_LIMITS = "alongside.foundation.office.rulebook.queries.session_limits"
FOREIGN_ACCESS = "alongside.config.access.FOREIGN_ACCESS"
FOREIGN_TABLES = "alongside.config.access.FOREIGN_TABLES"
LENT_FUNCTIONS = "alongside.config.access.LENT_FUNCTIONS"
# JSON of template code and channel to Notify's template id: {"call_us_phone": "…"}
NOTIFY_TEMPLATES: dict[str, str] = json.loads(os.environ.get("NOTIFY_TEMPLATES", "{}"))
