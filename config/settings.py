"""Every setting of the archive, in one file.

Values that differ from one installation to the next come from the environment through
`config.environment`; the table stands in the README. Every limit says why it is what it is.
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config import environment

BASE_DIR = Path(__file__).resolve().parent.parent
environment.refuse_misspelt()

# --- where things lie -------------------------------------------------------------------------
DATA_DIR = environment.folder("DATA_DIR", BASE_DIR / "var")
ARCHIVE_NAME = environment.text("ARCHIVE_NAME", "Testimonio")
DEBUG = environment.flag("DEBUG")
SITE_URL = environment.text("SITE_URL", "http://127.0.0.1:8000").rstrip("/")
SITE_HOST = environment.service("SITE_URL", SITE_URL, frozenset({"http", "https"})).host
if not SITE_HOST:
    raise environment.refuse("SITE_URL", SITE_URL, "it names no host")
HTTPS = SITE_URL.startswith("https://")
LOOPBACK = ["127.0.0.1", "localhost", "[::1]"]
ALLOWED_HOSTS = environment.hosts("ALLOWED_HOSTS") or LOOPBACK
# Addresses of proxies whose X-Forwarded-For and -Proto we believe; nobody is believed by default.
TRUSTED_PROXIES = environment.networks("TRUSTED_PROXIES")


def _kept_secret(file_name: str) -> str:
    """A secret made once and kept in the data folder, readable by its owner alone."""
    path = DATA_DIR / file_name
    try:
        return environment.secret(str(path), path.read_text().strip())
    except FileNotFoundError:
        pass  # the first start
    except OSError as problem:
        raise ImproperlyConfigured(f"{path} cannot be read ({problem.strerror}).") from problem
    made = DATA_DIR / f".{file_name}.{os.getpid()}"
    with open(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as handle:
        handle.write(secrets.token_urlsafe(48))
    with suppress(FileExistsError):  # another process was first: then its secret is ours
        os.link(made, path)
    made.unlink()
    return path.read_text().strip()


SECRET_KEY = environment.text("SECRET_KEY")
SECRET_KEY_IS_GIVEN = bool(SECRET_KEY)  # `serve` asks for it before it leaves the loopback
if SECRET_KEY:
    environment.secret("SECRET_KEY", SECRET_KEY)
else:
    if not DEBUG and any(host not in LOOPBACK for host in ALLOWED_HOSTS):
        raise ImproperlyConfigured(
            "SECRET_KEY must be set when the archive is served beyond this machine: "
            "ALLOWED_HOSTS names other hosts. Make one with "
            "`python -c 'import secrets; print(secrets.token_urlsafe(48))'`."
        )
    SECRET_KEY = _kept_secret("secret.key")

# Keys for contact details, newest first, kept apart from the database and from SECRET_KEY, so that
# neither a stolen database nor a rotated session key opens or closes them.
CONTACT_KEYS = [
    environment.secret("CONTACT_KEYS", key) for key in environment.words("CONTACT_KEYS")
] or [_kept_secret("contact.key")]

# --- the parts --------------------------------------------------------------------------------
INSTALLED_APPS = [
    "archive",
    "search",
    "media",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]
MIDDLEWARE = [
    "archive.web.middleware.SecurityHeaders",
    "archive.web.pages.KeptPages",  # before all that a page which is kept has no need of
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "archive.web.context.site",
            ],
        },
    }
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- database ---------------------------------------------------------------------------------
_database = environment.service(
    "DATABASE_URL",
    f"sqlite:///{DATA_DIR}/archive.sqlite3",
    frozenset({"sqlite", "postgres", "postgresql"}),
)
DATABASES: dict[str, dict[str, Any]]
if _database.scheme == "sqlite":
    _sqlite_file = (
        _database.path.removeprefix("/") if _database.path[1:2] == "/" else _database.path
    )
    if not Path(_sqlite_file).name or not Path(_sqlite_file).parent.is_dir():
        raise environment.refuse(
            "DATABASE_URL",
            environment.text("DATABASE_URL"),
            "it names no file in a folder that exists",
        )
    DATABASES = {
        "default": {
            "ENGINE": "config.sqlite",
            "NAME": _sqlite_file,
            # Opened anew for each request, the file costs more than a page that is kept, and the
            # last one to close it writes back the whole log.
            "CONN_MAX_AGE": 60,
            "OPTIONS": {
                # Measured (safety.md E2): Django's defaults failed 79 % of competing writes; a
                # transaction that takes the write lock at its start and waits 20 s failed none.
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": (
                    "PRAGMA journal_mode=WAL;"
                    "PRAGMA synchronous=FULL;"  # a receipt is a promise that outlives a power cut
                    "PRAGMA foreign_keys=ON;"
                    "PRAGMA secure_delete=ON;"  # what is erased is overwritten, not just unlinked
                    "PRAGMA trusted_schema=OFF;"
                    "PRAGMA journal_size_limit=67108864;"
                ),
            },
        }
    }
else:
    if not _database.path.strip("/"):
        raise ImproperlyConfigured("DATABASE_URL names no database: postgres://host/name has one.")
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": _database.path.removeprefix("/"),
            "USER": _database.user,
            "PASSWORD": _database.password,
            "HOST": _database.host,
            "PORT": _database.port or "",
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
            # Seen in its log: where the planner has no figures yet it expects millions of rows, and
            # takes seconds to compile the query that joins a piece to its parts, which then finds
            # one row in less than a millisecond. No query of ours is long enough to gain by it.
            "OPTIONS": {"options": "-c jit=off"},
        }
    }

# --- search, photographs, cache, mail -----------------------------------------------------------
# The search app checks the scheme and reads the rest; see `search.index`.
SEARCH_URL = environment.text("SEARCH_URL", f"tantivy://{DATA_DIR}/index")
environment.service(
    "SEARCH_URL", SEARCH_URL, frozenset({"tantivy", "whoosh"})
)  # opensearch:// comes later

_storage = environment.service("STORAGE_URL", f"file://{DATA_DIR}", frozenset({"file"}))
VAULT_DIR = Path(_storage.path) / "vault"  # never has an address
GALLERY_DIR = Path(_storage.path) / "gallery"  # only what is published, only while it is
GALLERY_URL = "/gallery/"

_cache = environment.service("CACHE_URL", "memory://", frozenset({"memory", "redis"}))
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "default"}
    if _cache.scheme == "memory"
    else {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": environment.text("CACHE_URL"),
    },
    # Whole public pages; its own space, so that a crawl cannot push out what limits sign-ins.
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        # About 400 pages of 40 kB: 16 MB at the most, on a machine that may have 1 GB.
        "OPTIONS": {"MAX_ENTRIES": 400},
    },
}

_email = environment.service(
    "EMAIL_URL", f"file://{DATA_DIR}/mail", frozenset({"file", "smtp", "smtp+tls", "smtp+ssl"})
)
if _email.scheme == "file":
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = _email.path
else:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = _email.host
    EMAIL_PORT = _email.port or 25
    EMAIL_HOST_USER = _email.user
    EMAIL_HOST_PASSWORD = _email.password
    EMAIL_USE_TLS = _email.scheme == "smtp+tls"
    EMAIL_USE_SSL = _email.scheme == "smtp+ssl"
EMAIL_TIMEOUT = 20  # seconds; mail is sent by the worker, nobody waits for it
DEFAULT_FROM_EMAIL = environment.text("EMAIL_FROM", f"{ARCHIVE_NAME} <archive@localhost>")

# --- limits -------------------------------------------------------------------------------------
# A long testimony is 5,000 words; 200,000 characters is forty times the usual and still cheap.
STORY_MAX_CHARACTERS = 200_000
TITLE_MAX_CHARACTERS = 200
# Query text is cut before it is parsed: Whoosh's tagger is quadratic in long runs of letters.
QUERY_MAX_CHARACTERS = 200
QUERY_MAX_WORDS = 12  # words looked up in one search (safety.md C6); `the` and `de` are not counted
QUERY_MAX_DEPTH = 6  # brackets within brackets; nobody writes more by hand
SEARCH_MAX_OFFSET = 10_000  # whoever reads on beyond finds counts and no hits
# Four busy writers at 50 ms each wait far less; a rebuild is told apart and refuses at once.
SEARCH_LOCK_SECONDS = 10.0
# For all threads of a rebuild. Peak of the process at 100,000 stories: 477 MB (C10 allows 512).
SEARCH_BUILD_BYTES = 100_000_000
# Characters that may wait for these threads, for words are made quicker than they are indexed.
SEARCH_WAITING_CHARACTERS = 150_000_000
RESULTS_PER_PAGE = 20
# Searches that found nothing are kept for the editors: a season long, and not shown while so rare
# that the words could be somebody's name. A day's list ends where nobody would read on.
MISSES_KEPT_DAYS = 90
MISSES_SHOWN_FROM = 3
MISSES_A_DAY = 2_000
RESULTS_MAX_PAGE = 50  # deeper paging is a crawl, not a reading
# A form is text; photographs go through their own handler with their own limit.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_000
# Above PHOTOS_PER_SUBMISSION, so that whoever chooses a few too many reads a sentence of ours, and
# loses neither the first sixty nor a word; Django's own answer is a bare page.
DATA_UPLOAD_MAX_NUMBER_FILES = 200
PHOTO_MAX_BYTES = 25_000_000  # a 48 megapixel phone JPEG is 12 to 20 MB
PHOTO_MAX_PIXELS = 64_000_000  # 48 megapixel phones, with room for panoramas
PHOTO_MAX_SIDE = 16_000  # pixels; longer strips are never photographs
PHOTO_MAX_FRAMES = 200  # only the first frame is kept; more than this is an attack on the decoder
PHOTO_SECONDS = 30  # processor and wall time for one photograph in the sandbox
PHOTO_MEMORY = 1_200_000_000  # bytes of address space for the sandboxed decoder
PHOTO_AT_ONCE = 2  # sandboxes on this machine, of up to 400 MB each; the next photo waits its turn
PHOTO_MAX_REGIONS = 100  # covered parts of one photo; a class photo has 40 faces
PHOTO_WIDTHS = (320, 640, 1280, 2048)  # pixels; a phone, a large phone, a page, a fine screen
PHOTO_THUMBNAIL_BYTES = 25_000  # lists of openings must load on a metered phone (safety.md M5)
PHOTOS_PER_SUBMISSION = 60  # the largest photo project we know has 34 pictures
# A job's lease is renewed every quarter of this: a worker that died is replaced after a minute at
# most, and three heartbeats may be missed while somebody else holds SQLite's write lock (20 s).
JOB_LEASE_SECONDS = 60
JOB_ATTEMPTS = 16  # with the back-off about seven hours: a mail server may be down for a night
JOB_POLL_SECONDS = 0.25  # a published photograph is developed within the second
CLAIM_MINUTES = 60  # a piece taken at the desk comes back by itself after an hour
# Pieces changed together at the desk: each is asked for by itself, within one transaction, and with
# this many the page still answers within some seconds.
MANY_AT_ONCE = 200
# Views of one's own above the queue: what one glance takes in, and a name that fits a phone's line.
SAVED_VIEWS_MAX, SAVED_VIEW_NAME_CHARACTERS = 12, 40
THEMES_PER_STORY = 12  # more than a reader would look under; a slip of "choose all" is refused
WITHDRAWN_KEPT_DAYS = 30  # how long "hide" can be undone (safety.md, withdrawal flow)
# Days a moderator has at the most, as promised on the share page (safety.md, review promises).
PROMISED_DAYS = 7
# Stories that programs send: from one neighbourhood of addresses within the hour. More than a
# clinic's tablets send in a day; each costs a slow hash and an fsync.
API_SENDS_PER_HOUR = 60
# Of an Idempotency-Key: whoever could guess a short one could ask for somebody's receipt, and a
# UUID has 36; a long one is no key. It is answered with the receipt on the day and the next, which
# is longer than any retry lasts; later it is only refused, for the piece may be public by then.
API_KEY_MIN_CHARACTERS, API_KEY_MAX_CHARACTERS = 16, 200
API_KEY_DAYS = 1
# scrypt's cost for receipts: 16 MB and about 40 ms a guess, bearable on one small machine.
RECEIPT_SCRYPT_COST = 2**14
# Wrong codes an hour: for one code (a person who misreads gets there in two), and in all.
RECEIPT_GUESSES_PER_CODE = 20
RECEIPT_GUESSES_IN_ALL = 1_000
# How long a page of the journey opens its draft without the code: a day of writing, with a night.
DRAFT_KEY_SECONDS = 24 * 3600
# How long an opened receipt stays open without a click; it can take a story down.
OPENED_KEY_SECONDS = 30 * 60
DRAFT_KEPT_DAYS = 365  # letters to and from a prison are slow; then an untouched draft is erased
ERASE_AFTER_DAYS = 3  # time to undo what somebody with a stolen code did (safety.md G8)
# What was taken away, remembered beside the database and never in a backup: a restored archive is
# told before it opens (safety.md D5).
TOMBSTONES = DATA_DIR / "tombstones"
# A backup goes on the thirtieth day after the day it was made, so that by a daily run what was
# erased is in no backup after thirty days (safety.md D7), as contributors are told.
BACKUP_KEPT_DAYS = 30
# The public key that backups are sealed to, "" for plain ones (safety.md D4); and, only while somebody
# restores, the file with the private one, which is kept on no machine that makes backups.
BACKUP_RECIPIENT = environment.text("BACKUP_RECIPIENT")
BACKUP_IDENTITY = environment.text("BACKUP_IDENTITY")
# How far the morning page looks ahead, at embargoes and consents that end.
MORNING_AHEAD_DAYS = 30
# The morning page speaks up: a daily backup that failed twice, a restore that nobody has tried for
# a month and some days (safety.md D2).
BACKUP_OLD_AFTER_DAYS = 2
PROOF_OLD_AFTER_DAYS = 35
# Below this much free disk nothing is promised any more: a receipt must outlive a full disk (A6).
REFUSE_BELOW_FREE_BYTES = 50_000_000
# Sends an hour from one neighbourhood of addresses that raise no eyebrow: a shelter, a library, a
# prison tablet (safety.md K3); beyond the second number a person looks first.
CROWD_PER_HOUR, CROWD_HELD_PER_HOUR = 60, 100
NEWSLETTER_CONFIRM_DAYS = 7  # an address that nobody confirmed is forgotten after a week
NEWSLETTER_AGAIN_MINUTES = 60  # one letter an hour to an address, however often it is typed in
NEWSLETTER_LETTERS_PER_HOUR = 200  # a march signs up in an afternoon; a machine would not stop
CONCERN_MAX_CHARACTERS = 4_000  # two pages: enough to say what is wrong
CONCERNS_PER_HOUR = 60  # the desk can read no more; a machine would not stop
CONCERN_KEPT_DAYS = 180  # what readers told us is forgotten half a year after it was settled
REPORT_MAX_BYTES = 20_000_000  # a report of 80 pages with photographs has 5 to 15 MB
# Uploads in flight lie in a private folder of ours, swept by `archive.incoming`: Django leaves them
# there after a kill.
FILE_UPLOAD_TEMP_DIR = str(DATA_DIR / "incoming")
Path(FILE_UPLOAD_TEMP_DIR).mkdir(mode=0o700, exist_ok=True)

# --- people, sign-in ------------------------------------------------------------------------------
AUTH_USER_MODEL = "archive.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "archive.web.accounts.StaffOnly"  # nobody signs up: people are invited
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_ADAPTER = "archive.web.second_factor.SecondFactors"
MFA_FORMS = {
    f"{deed}_webauthn": f"archive.web.second_factor.{form}"
    for deed, form in {
        "add": "AddForm", "edit": "NameForm", "authenticate": "SecondForm", "login": "AloneForm",
        "reauthenticate": "AgainForm",
    }.items()
}  # fmt: skip
# Every passkey asks for a finger, a face or a PIN each time: what one has and who one is, two factors
# in one, so it may open the desk alone. With "preferred" a key that somebody found would be enough
# beside a password, and whether it is enough alone would hang on which page made the challenge.
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_PASSKEY_LOGIN_ENABLED = True
# A passkey belongs to a name for ever, and a number is no name to a browser: on this machine it is
# http://localhost:8000, beside https:// the only origin where browsers allow passkeys.
PASSKEY_HOST = "localhost" if SITE_HOST in {"127.0.0.1", "localhost", "::1"} else SITE_HOST
PASSKEYS_MAX = 10  # a phone, a laptop, two keys in a drawer; all are looked through at each sign-in
PASSKEY_NAME_CHARACTERS = 60  # "the blue key on my key ring"
# Everybody at the desk has a second factor. Where the archive is the invented sample, its accounts
# must open in ten minutes and there is nobody to protect: `sample` leaves this file behind.
DESK_REQUIRE_TOTP = not (DATA_DIR / "sample-accounts.txt").exists()
DESK_DAY_SECONDS = 12 * 60 * 60  # a session ends after a long day, however busy (safety.md figures)
INVITATION_DAYS = 7  # a link in a letter box is a key; a week is enough to find it
SESSION_COOKIE_AGE = 30 * 60  # thirty idle minutes end a session at the desk (safety.md J5)
SESSION_SAVE_EVERY_REQUEST = False
SESSION_COOKIE_NAME = "desk"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_AGE = None  # gone with the browser: a cookie that stays would tell of the visit
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [SITE_URL]
CSRF_FAILURE_VIEW = "archive.web.share.expired"  # gives back what was typed

# --- language and time ----------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
LOCALE_PATHS = [BASE_DIR / "archive" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "America/New_York"

# --- static files ---------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.InMemoryStorage"
    },  # nobody uses it: media.storage
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "config.staticfiles.Storage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_KEEP_ONLY_HASHED_FILES = False
WHITENOISE_ALLOW_ALL_ORIGINS = False  # our style sheets are for our pages

# --- security headers; the names are those of Django 6, which we shall use when we get there ------
SECURE_CSP = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:"],  # data: for the blurred placeholders inside the page
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
}
SECURE_REFERRER_POLICY = "same-origin"  # "no-referrer" breaks the CSRF check over HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
# No SECURE_PROXY_SSL_HEADER: Django would believe that header from anybody. The web server believes
# it from TRUSTED_PROXIES alone and tells Django the scheme (archive/webserver.py).
X_FRAME_OPTIONS = "DENY"

# --- API ------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "archive.api.views.explain",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": f"{ARCHIVE_NAME} API",
    "DESCRIPTION": "Published stories, as their tellers allow, and the way in for new ones. "
    "Nothing here needs a key.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    # Several questions have these two answers; drf-spectacular asks for their common name.
    "ENUM_NAME_OVERRIDES": {"YesOrNo": ["yes", "no"]},
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    # On a public name Swagger would ask a validator on another host about us.
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "validatorUrl": None},
}

# --- what is written down: no address, no query, no word of a story -------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "archive.discretion.Formatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "archive": {"level": "INFO"},
        "media": {"level": "INFO"},
        "search": {"level": "INFO"},
        # What went wrong inside is written, by class and place; what visitors got wrong is not.
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "CRITICAL"},
    },
}
